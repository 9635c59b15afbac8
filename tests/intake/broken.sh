#!/bin/bash
# broken.sh -- real block devices with bad sectors: a loop device over a file
# of a file system that refuses to read them.  Only those are lost; ddrescue,
# ewfexport and ewfinfo find the same.  And a file whose file system dies and
# comes back.
set -euo pipefail

left_out() { echo "LEFT OUT: $*"; exit 77; }
[ "$(id -u)" = 0 ] || left_out "only root makes loop devices"
[ -c /dev/fuse ] || left_out "no /dev/fuse here"
[ -c /dev/loop-control ] || left_out "no loop devices here"
for program in ddrescue ewfexport ewfinfo losetup fusermount3; do
	command -v "$program" >/dev/null || { echo "$program?" >&2; exit 1; }
done
# Mounts go with this process, however it ends.
if [ -z "${EXHIBIT_UNSHARED:-}" ]; then
	unshare -m true 2>/dev/null || left_out "no mount namespaces here"
	EXHIBIT_UNSHARED=1 exec unshare -m --propagation private "$0"
fi

export PATH=$EXHIBIT_BUILD/tests:$PATH LC_ALL=C.UTF-8
work=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-broken.XXXXXX")
loop=
server=
unplug() {
	[ -z "$loop" ] || losetup -d "$loop" || true
	loop=
	umount -l "$work/mnt" 2>/dev/null || true
	[ -z "$server" ] || wait "$server" || true
	server=
}
trap 'unplug; rm -rf "$work"' EXIT
die() { echo "FAILED: $*" >&2; exit 1; }
mkdir "$work/mnt"

# A medium in which no two sectors are alike.
sectors=16008
head -c $((sectors * 512)) /dev/zero | openssl enc -aes-128-ctr -nosalt \
    -K "$(printf '%032x' 9)" -iv "$(printf '%032x' 0)" >"$work/medium"

# serve DIE-AT LBA:COUNT...
serve() {
	broken_disk "$work/mnt" "$work/medium" "$@" &
	server=$!
	for _ in $(seq 100); do
		[ ! -e "$work/mnt/disk" ] || return 0
		kill -0 "$server" 2>/dev/null || break
		sleep 0.05
	done
	left_out "nothing can be mounted here"
}

# Of lines "range LBA COUNT STATUS": the lost ones as "LBA COUNT".
lost() { sed -n 's/^range \([0-9]* [0-9]*\) \(bad\|skipped\)$/\1/p' "$1"; }

# one NAME SECTOR-SIZE RANGE...: ranges are in sectors of 512.
one() {
	local name=$1 size=$2 range container
	shift 2
	echo "$name, sectors of $size"
	serve 0 "$@"
	loop=$(losetup --read-only --find --show --sector-size "$size" \
	    "$work/mnt/disk") || left_out "no loop device"
	cp "$work/medium" "$work/want"
	: >"$work/ranges"
	for range in "$@"; do
		# All that shares a sector with a bad one is lost with it.
		local from=$((${range%:*} * 512 / size))
		local end=$((((${range%:*} + ${range#*:}) * 512 + size - 1) / size))
		echo "$from $((end - from))" >>"$work/ranges"
		dd if=/dev/zero of="$work/want" bs="$size" seek="$from" \
		    count=$((end - from)) conv=notrunc status=none
	done
	for container in raw e01; do
		rm -rf "$work/out"
		mkdir "$work/out"
		imager make "$loop" "$container" fast 0 "$work/out" \
		    >"$work/said-$container"
		grep -qx complete_with_errors "$work/said-$container" ||
		    die "$name: $(cat "$work/said-$container")"
		lost "$work/said-$container" | diff "$work/ranges" - ||
		    die "$name: other ranges"
		[ "$container" = e01 ] ||
		    cmp "$work/out/DISK-I1.raw" "$work/want" || die "$name"
	done
	# The container: other people's readers, and its error2 section.
	ewfexport -q -u -f raw -t "$work/export" "$work/out/DISK-I1.E01" \
	    >/dev/null 2>&1 || die "$name: ewfexport"
	cmp "$work/export.raw" "$work/want" || die "$name: ewfexport's bytes"
	ewfinfo "$work/out/DISK-I1.E01" 2>/dev/null | sed -n \
	    's/^\tat sector(s): \([0-9]*\) - [0-9]* number: \([0-9]*\).*/\1 \2/p' |
	    diff "$work/ranges" - || die "$name: the container's list"
	# And what the program does that is known for it.
	ddrescue -q -d -b "$size" "$loop" "$work/dd" "$work/map" || true
	cmp "$work/dd" "$work/want" 2>/dev/null ||
	    cmp <(cat "$work/dd" /dev/zero | head -c "$(stat -c %s \
		"$work/want")") "$work/want" || die "$name: not ddrescue's"
	rm -f "$work/dd" "$work/map" "$work/export.raw"
	unplug
}

for size in 512 4096; do
	one "ten in three places" $size 17:4 2048:3 15000:3
	one "the first and the last" $size 0:1 16007:1
	one "over borders of blocks and windows" $size 2047:2 8190:5 10239:3
	one "a long region" $size 5000:1300
done
one "alternating" 512 100:1 102:1 104:1 106:1 108:1

# A device that ends within a sector: only what is there of that may be lost.
echo "a device that ends within a sector"
truncate -s $((16001 * 512)) "$work/medium"
serve 0
loop=$(losetup --read-only --find --show --sector-size 4096 "$work/mnt/disk")
rm -rf "$work/out"
mkdir "$work/out"
imager make "$loop" raw none 0 "$work/out" >"$work/said"
grep -q '^complete' "$work/said" || die "$(cat "$work/said")"
if lost "$work/said" | grep -vqx '2000 1'; then
	die "$(cat "$work/said")"
fi
cmp -n $((16000 * 512)) "$work/out/DISK-I1.raw" "$work/medium" ||
    die "its bytes"
unplug

# The file system of a file dies under it, and is there again.
echo "a file whose file system dies"
serve 7000000 300:2
rm -rf "$work/out"
mkdir "$work/out"
IMAGER_WAIT=20 imager make "$work/mnt/disk" raw none 0 "$work/out" \
    >"$work/said" 2>&1 &
imager=$!
wait "$server" || true
server=
umount -l "$work/mnt"
sleep 0.3
serve 0 300:2
wait "$imager" || die "$(cat "$work/said")"
grep -qx complete_with_errors "$work/said" || die "$(cat "$work/said")"
grep -qx "returned 1" "$work/said" || die "$(cat "$work/said")"
cp "$work/medium" "$work/want"
dd if=/dev/zero of="$work/want" bs=512 seek=300 count=2 conv=notrunc status=none
cmp "$work/out/DISK-I1.raw" "$work/want" || die "its bytes"

# Another one comes back in its place: nothing of it is taken.
echo "another file in its place"
unplug
serve 7000000
rm -rf "$work/out"
mkdir "$work/out"
IMAGER_WAIT=20 imager make "$work/mnt/disk" raw none 0 "$work/out" \
    >"$work/said" 2>&1 &
imager=$!
wait "$server" || true
server=
umount -l "$work/mnt"
touch "$work/medium"
serve 0
wait "$imager" || die "$(cat "$work/said")"
grep -qx truncated "$work/said" || die "$(cat "$work/said")"
grep -q "another file" "$work/said" || die "$(cat "$work/said")"
cmp -n "$(stat -c %s "$work/out/DISK-I1.raw")" "$work/out/DISK-I1.raw" \
    "$work/medium" || die "its bytes"
echo "all of it"
