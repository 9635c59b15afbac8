#!/bin/bash
# catalogue.sh -- an image with two file systems becomes lines in the
# database: what stock tools list, what they digest, live and deleted; the
# run is an examination that is signed, and the list can be had again.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/custody/house.sh"

from=$dir/from
mkdir "$from"
export PATH=$PATH:/usr/sbin:/sbin

# A GPT with an ext4 and a FAT16, and free sectors behind.
mkdir "$from/tree" "$from/tree/sub"
printf 'hello\n' >"$from/tree/hello.txt"
ln "$from/tree/hello.txt" "$from/tree/sub/again.txt"
ln -s ../hello.txt "$from/tree/sub/link"
printf '\x89PNG\r\n\x1a\n\0\0\0\rIHDR' >"$from/tree/picture.jpg"
# Noise, the same each time: one in hundreds looks like some file to libmagic.
head -c 300000 /dev/zero | openssl enc -aes-128-ctr -nosalt \
    -K 00000000000000000000000000001eef -iv 00000000000000000000000000000000 \
    >"$from/tree/sub/random, with \"comma\""
truncate -s 3M "$from/tree/holes"
printf x >>"$from/tree/holes"
: >"$from/tree/sub/empty"
truncate -s 16M "$from/ext"
mkfs.ext4 -q -F -d "$from/tree" "$from/ext"
truncate -s 8M "$from/fat"
mkfs.vfat -F 16 -s 1 "$from/fat" >"$dir/out"
printf 'gone' >"$from/gone.txt"
printf 'kept' >"$from/kept.txt"
mcopy -i "$from/fat" "$from/gone.txt" "$from/kept.txt" ::
mdel -i "$from/fat" ::gone.txt
truncate -s 30M "$from/disk"
sfdisk -q --wipe never "$from/disk" <<'T'
label: gpt
start=2048, size=32768, name="one"
start=36864, size=16384, name="two"
T
dd if="$from/ext" of="$from/disk" bs=512 seek=2048 conv=notrunc status=none
dd if="$from/fat" of="$from/disk" bs=512 seek=36864 conv=notrunc status=none

needs exhibit init
needs exhibit person add ex --org LAB --role examiner,investigator \
	--name-en "Sample Examiner"
needs exhibit key new ex --person ex
needs exhibit person add other --org LAB --role investigator \
	--name-en "Another"
needs exhibit key new other --person other
needs exhibit case open C-1 --as ex --title Sample
needs exhibit item announce C-1 EXH-1 --as ex --kind physical_medium \
	--description disk --seizure-record R-1
needs exhibit --as ex import EXH-1 "$from/disk"

says_no 64 "who acts" exhibit catalogue EXH-1
says_no 2 "has no catalogue" exhibit --as ex files EXH-1-I1
try exhibit --json --as ex catalogue EXH-1
[ "$got" = 0 ] || fault "exit $got of a good image"
is '.volumes | map(select(.kind == "partition")) | length' 2
is '.volumes | map(select(.kind == "unallocated")) | length > 0' true
is '.volumes | map(.system // empty) | join(" ")' "ext4 fat16"
is '.volumes[0].table' gpt
is '.findings | length' 0
is '.jail' landlock-seccomp
sha256=$(value .sha256)
event=$(value .event)

# As many names as fls lists, live and deleted, without what it makes up.
count() {
	fls -o "$2" -r -p "$from/disk" | grep -v '^V/V\|\$OrphanFiles\|^v/v' |
		grep -c "$1" || true
}
ok exhibit --json --as ex files EXH-1-I1 --limit 100000
lines=$(value '.files | map(select(.flags | contains("virtual") | not))
	| length')
expect=$(($(count . 2048) + $(count . 36864)))
[ "$lines" = "$expect" ] || fault "$lines lines, fls has $expect"
is '.files | map(select(.flags | contains("deleted")) | .path) | join(" ")' \
	_one.txt

# Digests are those of the files that were put there.
digest_of() {
	ok exhibit --json --as ex files EXH-1-I1 --name "$1"
	is '.files[0].sha256' "$(sha256sum <"$2" | cut -d' ' -f1)"
	is '.files[0].md5' "$(md5sum <"$2" | cut -d' ' -f1)"
}
digest_of hello.txt "$from/tree/hello.txt"
is '.files[0].flags' linked
is '.files[0].mime' text/plain
digest_of 'sub/again.txt' "$from/tree/hello.txt"
digest_of 'random*' "$from/tree/sub/random, with \"comma\""
digest_of holes "$from/tree/holes"
is '.files[0].flags' sparse
digest_of kept.txt "$from/kept.txt"
digest_of picture.jpg "$from/tree/picture.jpg"
is '.files[0].flags' mismatch
ok exhibit --json --as ex files EXH-1-I1 --deleted
is '.files | length' 1
is '.files[0].sha256' "$(sha256sum <"$from/gone.txt" | cut -d' ' -f1)"
ok exhibit --json --as ex files EXH-1-I1 --name 'sub/link'
is '.files[0].link' ../hello.txt
ok exhibit --json --as ex files EXH-1-I1 --type 'text/*' --limit 1
is '.files | length' 1
is .more 1

# The list is the one that was signed, and stock tools read the others.
ok exhibit --as ex image export EXH-1-I1 --format csv --to "$dir/list.csv"
[ "$(sha256sum <"$dir/list.csv" | cut -d' ' -f1)" = "$sha256" ] ||
	fault "the list is not the signed one"
ok exhibit --json --as ex item history EXH-1-I1
is '.entries[-1].leaf' "$event"
is '.entries[-1].action' examine_end
is '.entries[-2].action' examine_start
is '.entries[-1].fields.catalogue' "$sha256"
is '.entries[-1].fields.finding_count' 0
is '.entries[-1].fields.tools | map(select(startswith("libtsk/"))) | length' 1
ok exhibit --as ex image export EXH-1-I1 --format dfxml --to "$dir/list.xml"
python3 - "$dir/list.csv" "$dir/list.xml" <<'P' || fault "lists do not agree"
import csv, sys
import xml.etree.ElementTree as tree
rows = list(csv.DictReader(open(sys.argv[1], newline='')))
space = {'d': tree.parse(sys.argv[2]).getroot().tag[1:].split('}')[0]}
files = tree.parse(sys.argv[2]).getroot().findall('d:fileobject', space)
assert len(rows) == len(files) > 0
for row, file in zip(rows, files):
    assert file.find('d:filename', space).text.startswith(row['path'])
    assert file.find('d:filesize', space).text == row['size']
P
ok exhibit --as ex image export EXH-1-I1 --format bodyfile --to "$dir/body"
mactime -b "$dir/body" -d 2>"$dir/err" | grep -q hello.txt ||
	fault "mactime does not read the body file"
says_no 2 "there already" exhibit --as ex image export EXH-1-I1 \
	--format csv --to "$dir/list.csv"

# A person who may not see the case sees none of it.
needs exhibit case seal C-1 --as ex
says_no 2 "" exhibit --as other files EXH-1-I1

# What no file system is known for is named and is a finding.
head -c 200000 "$from/tree/sub/random, with \"comma\"" >"$from/noise"
needs exhibit --as ex import EXH-1 "$from/noise" --image NOISE-1 --format raw
try exhibit --json --as ex catalogue NOISE-1
[ "$got" = 1 ] || fault "exit $got of noise"
is '.findings[0].code' no_file_system
is .files.allocated 0

# A container whose own digest speaks against it, and a missing segment.
ewfacquirestream -q -t "$from/set" -S 1MiB -c none <"$from/ext" \
	>"$dir/out" 2>&1
rm "$from/set.E03"
try exhibit --json --as ex import EXH-1 "$from/set.E01" --image SET-1
try exhibit --json --as ex catalogue SET-1
[ "$got" = 1 ] || fault "exit $got of a set with a hole"
is '[.findings[].code] | contains(["container_damaged"])' true

exit $((faults > 0))
