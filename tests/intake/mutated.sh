#!/bin/bash
# mutated.sh [COUNT [SEED]] -- COUNT images (500) a few bytes away from good
# ones are catalogued; each ends with an answer, and the parent lives.
#
# Of EXHIBIT_MEDIA, where it is there, the small images are seeds too.
set -euo pipefail
export PATH=$EXHIBIT_BUILD/tests:$PATH:/usr/sbin:/sbin
count=${1:-500}
seed=${2:-1}
work=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-mutated.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

mkdir tree tree/sub
printf 'hello\n' >tree/hello.txt
ln tree/hello.txt tree/sub/again.txt
ln -s ../hello.txt tree/sub/link
truncate -s 50000 tree/sub/holes
printf x >>tree/sub/holes
truncate -s 256K ext2
mkfs.ext2 -q -F -N 32 -d tree ext2
truncate -s 1M ext4
mkfs.ext4 -q -F -N 32 -O ^has_journal -d tree ext4
truncate -s 200K fat
mkfs.vfat -F 12 fat >/dev/null
mcopy -i fat tree/hello.txt ::GONE.TXT
mcopy -i fat tree/hello.txt "::a long name, kept.txt"
mmd -i fat ::SUB
mdel -i fat ::GONE.TXT
truncate -s 1M disk
printf 'label: dos\nstart=64,size=512\nstart=600,size=400\n' |
	sfdisk -q disk
dd if=ext2 of=disk bs=512 seek=64 conv=notrunc status=none
dd if=fat of=disk bs=512 seek=600 conv=notrunc status=none
ewfacquirestream -q -t set -c fast <ext2 >/dev/null 2>&1

raw=(ext2 ext4 fat disk)
# The short form is the same everywhere; the long one takes what there is.
media=${EXHIBIT_MEDIA:-$EXHIBIT_SOURCE/../shared/media}
if [ "$count" -gt 500 ] && [ -d "$media/good-and-damaged" ]; then
	while read -r file; do
		name=seed-$(basename "$(dirname "$file")")
		case $file in
		*.gz) gzip -dc "$file" >"$name" ;;
		*) cp "$file" "$name" ;;
		esac
		raw+=("$name")
	done < <(find "$media/good-and-damaged" -size -2048k \
		! -path '*/magic/*' ! -path '*/hashset/*' \
		! -name '*.E0*' ! -name '*.tsv' ! -name SHA256SUMS -type f | sort)
	# More than eight megabytes unpacked is too large a seed.
	for name in seed-*; do
		[ "$(stat -c %s "$name")" -le 8388608 ] || rm "$name"
	done
	raw=(ext2 ext4 fat disk seed-*)
fi
mutated "$seed" $((count * 4 / 5)) raw "${raw[@]}"
mutated "$seed" $((count - count * 4 / 5)) e01 set.E01
