#!/bin/bash
# import.sh -- what others made comes in as it is: sets made with
# ewfacquirestream, good and harmed, raw pieces, files and folders with hostile
# names; the verdict is recorded, never a refusal, and stock tools agree.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/custody/house.sh"

from=$dir/from
mkdir "$from"

# made NAME: a set of three segments of 2.5 MiB of random bytes, in $from.
made() {
	ewfacquirestream -q -t "$from/$1" -S 1MiB -c none -d sha1 \
		-C "案-1" -E "E 7" -e "王小明" -D "sample" -N "a note" \
		<"$dir/medium" >/dev/null 2>&1
}

# verdict WORD: of the last import, and its exit status.
verdict() {
	local want=1
	case $1 in ok | nothing_stored) want=0 ;; esac
	is .verdict "$1"
	[ "$got" = "$want" ] || fault "$got, not $want, for $1"
}

take() { try exhibit --json --as ex import "$@"; }

# flip FILE BYTE: another byte there.
flip() {
	local was
	was=$(xxd -s "$2" -l 1 -p "$1")
	chmod u+w "$1"
	printf '%02x' $((0x$was ^ 1)) | xxd -r -p |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

needs exhibit init
needs exhibit person add ex --org LAB --role examiner,investigator \
	--name-en "Sample Examiner"
needs exhibit key new ex --person ex
needs exhibit tool add OTHER --kind software --name-en "another imager"
needs exhibit case open C-1 --as ex --title Sample
needs exhibit item announce C-1 EXH-1 --as ex --kind physical_medium \
	--description disk --seizure-record R-1

head -c 2621440 /dev/urandom >"$dir/medium"
sha256=$(sha256sum <"$dir/medium" | cut -d' ' -f1)
made good
before=$(sha256sum "$from"/*)

# The first segment brings the others; what was in the header stays.
take EXH-1 "$from/good.E01" --method physical --tool OTHER \
	--tool-report "$dir/medium" --changes "none known"
verdict ok
is .image EXH-1-I1
is .digests.sha256 "$sha256"
is '.segments | length' 3
is .header.examiner_name 王小明
is .header.case_number 案-1
is .header.notes "a note"
is .stored.md5_is same
is .state CREATED
event=$(value .event)
ewfverify -q "$EXHIBIT_DATA/vault/images/EXH-1-I1/EXH-1-I1.E01" \
	>"$dir/out" 2>&1 || fault "ewfverify refuses what was kept"
[ "$before" = "$(sha256sum "$from"/*)" ] || fault "the set was written to"
ok exhibit --as ex verify EXH-1
says EXH-1-I1
ok exhibit --as ex --json item show EXH-1-I1
is .verdict ok
is .state VERIFIED
is .parent EXH-1
is '.header | map(select(. == "examiner_name: 王小明")) | length' 1
ok exhibit --as ex --json item history EXH-1-I1
is '.entries[0].leaf' "$event"
is '.entries[0].action' import

# Each harm is the recorded verdict; the bytes come in as they are.
n=1
harmed() {
	local word=$1
	n=$((n + 1))
	take EXH-1 "$from/bad.E01"
	verdict "$word"
	is .image "EXH-1-I$n"
	rm -f "$from"/bad.*
}
again() { for e in "$from"/good.E*; do cp "$e" "$from/bad.${e##*.}"; done; }
again; flip "$from/bad.E02" 5000; harmed container_damaged
is '.bad_ranges | length' 1
again; rm "$from/bad.E02"; harmed container_damaged
is '.segments | length' 2
again; rm "$from/bad.E03"; harmed container_damaged
again; mv "$from/bad.E02" "$from/t"; mv "$from/bad.E03" "$from/bad.E02"
mv "$from/t" "$from/bad.E03"; harmed container_damaged
again; truncate -s 500000 "$from/bad.E02"; harmed container_damaged
again; : >"$from/bad.E01"; harmed container_damaged
: >"$from/bad.E01"; harmed unreadable
is '.digests | length' 0
ok exhibit --as ex item show EXH-1-I2
says "damaged or missing"

# What the set says of itself, with its checksum made right again.
again
python3 - "$from/bad.E03" <<'P'
import sys, zlib
p = sys.argv[1]
b = bytearray(open(p, 'rb').read())
at = b.index(b'hash\0\0\0\0') + 76
b[at] ^= 1
b[at + 32:at + 36] = zlib.adler32(bytes(b[at:at + 32])).to_bytes(4, 'little')
at = b.index(b'digest\0\0') + 76
b[at] ^= 1
b[at + 76:at + 80] = zlib.adler32(bytes(b[at:at + 76])).to_bytes(4, 'little')
open(p, 'wb').write(b)
P
harmed digest_differs
is .stored.md5_is differs
is .digests.sha256 "$sha256"
ok exhibit --as ex --json item show "EXH-1-I$n"
is '.flags[0]' fixity

# Raw, in pieces of odd sizes; a digest told on delivery is compared.
split -b 1000001 -d -a 3 --numeric-suffixes=1 "$dir/medium" "$from/raw."
take EXH-1 "$from/raw.001" --expect "sha256:$sha256" --image RAW-1
verdict ok
is .format raw
is .digests.sha256 "$sha256"
is '.segments | length' 3
take EXH-1 "$from"/raw.* --image RAW-2
verdict nothing_stored
take EXH-1 "$from"/raw.* --expect "md5:$(printf '0%.0s' {1..32})"
verdict digest_differs

# Its map of blocks is signed: a byte that changes later is located, and the
# entry of that reading says where.  The second piece begins at 1000001.
ok exhibit --as ex --json item history RAW-2
is '.entries[0].fields.block_map.blocks' 3
flip "$EXHIBIT_DATA/vault/images/RAW-2/RAW-2.002" 100000
found exhibit --as ex --json verify RAW-2
is '.images[0].verdict' digest_differs
is '.images[0].block_map' ok
is '.images[0].changed_ranges[0].from' 1048576
is '.images[0].changed_ranges | length' 1
ok exhibit --as ex --json item history RAW-2
is '.entries[-1].fields.changed_ranges[0].to' 2097152

# A file with nothing in it, and a folder with names that are not nice.
: >"$from/empty"
take EXH-1 "$from/empty" --image EMPTY-1
verdict nothing_stored
ok exhibit --as ex verify EMPTY-1
mkdir -p "$from/tree/sub"
cp "$dir/medium" "$from/tree/sub/$(printf 'long%.0s' {1..50})"
printf a >"$from/tree/"$'new\nline'
printf b >"$from/tree/"$'bytes\xff\x1b[2J'
ln -s /etc/passwd "$from/tree/link"
touch -d 2001-02-03 "$from/tree/sub"
take EXH-1 "$from/tree" --image TREE-1
verdict nothing_stored
is .files 3
mkdir "$dir/untarred"
tar -C "$dir/untarred" -xf "$EXHIBIT_DATA/vault/images/TREE-1/TREE-1.tar"
diff -r --no-dereference "$from/tree" "$dir/untarred" >"$dir/out" ||
	fault "tar unpacks something else"
ok exhibit --as ex --json item history TREE-1
list=$EXHIBIT_DATA/vault/attachments/$(value '.entries[0].fields.file_list')
(cd "$dir/untarred" && sha256sum --quiet --strict -c "$list") \
	>"$dir/out" 2>&1 || fault "sha256sum does not agree"
take EXH-1 "$from/tree" --image TREE-2
cmp "$EXHIBIT_DATA"/vault/images/TREE-{1,2}/*.tar >"$dir/out" 2>&1 || true
cmp -s "$EXHIBIT_DATA/vault/images/TREE-1/TREE-1.tar" \
	"$EXHIBIT_DATA/vault/images/TREE-2/TREE-2.tar" ||
	fault "the same folder gives another tar"
mkfifo "$from/tree/pipe"
take EXH-1 "$from/tree" --image TREE-3
verdict incomplete
is .files_left_out 1

# Nothing is kept of what is refused.
kept=$(ls "$EXHIBIT_DATA/vault/images")
says_no 2 "no such item" exhibit --as ex import NEW-1 "$from/empty"
says_no 2 "there is an item RAW-1" exhibit --as ex import EXH-1 \
	"$from/empty" --image RAW-1
says_no 2 "the log knows no tool" exhibit --as ex import EXH-1 \
	"$from/empty" --tool NONE
says_no 2 "No such file" exhibit --as ex import EXH-1 "$from/none"
says_no 64 "who acts" exhibit import EXH-1 "$from/empty"
[ "$kept" = "$(ls "$EXHIBIT_DATA/vault/images")" ] || fault "something stays"
take NEW-1 "$from/empty" --case C-1
verdict nothing_stored
is .image NEW-1

# A run that is killed leaves nothing that the next one does not remove.
truncate -s 400M "$from/large.raw"
exhibit --as ex import EXH-1 "$from/large.raw" --image LARGE-1 \
	>"$dir/out" 2>&1 &
pid=$!
work=$EXHIBIT_DATA/vault/images/.LARGE-1.importing
while [ ! -s "$work/LARGE-1.raw" ] && kill -0 "$pid" 2>/dev/null; do
	sleep 0.02
done
kill -9 "$pid" 2>/dev/null || fault "it ended before it was killed"
wait "$pid" 2>/dev/null || true
[ -e "$work" ] || fault "nothing was under way"
take EXH-1 "$from/empty" --image LARGE-1
# Its remains keep the name until they are gone, then it is free.
verdict nothing_stored
[ ! -e "$work" ] || fault "its remains are there"
[ -z "$(ls -A "$EXHIBIT_DATA/pending")" ] || fault "DIR/pending is not empty"

# The report tells where each came from and what was found.
ok exhibit --as ex report C-1 --to "$dir/report.txt"
for words in "imported as it was found" "examiner_name: 王小明" "none known" \
	"NOT that of its data" "damaged or incomplete"; do
	grep -qF "$words" "$dir/report.txt" || fault "no \"$words\" in the report"
done
ends 3 exhibit log verify

exit $((faults > 0))
