#!/bin/bash
# export.sh -- images on their way out: the same bytes and digests in either
# form, nothing written over, nothing left of what failed, each in the log.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/custody/house.sh"

out=$dir/taken
mkdir "$out"
head -c 3000001 /dev/urandom >"$dir/medium.raw"
sha256=$(sha256sum <"$dir/medium.raw" | cut -d' ' -f1)

needs exhibit init
needs exhibit person add ex --org LAB --role examiner,investigator \
	--name-en "Sample Examiner"
needs exhibit key new ex --person ex
needs exhibit case open C-1 --as ex --title Sample --authority warrant:W-1
needs exhibit import DISK-1 "$dir/medium.raw" --case C-1 --as ex

export_to() { try exhibit --json --as ex image export "$@"; }
good() {
	[ "$got" = 0 ] || fault "$got, not 0"
	is .verdict ok
	is .sha256 "$sha256"
	[[ $(value .event) =~ ^[0-9a-f]{64}$ ]] || fault "no entry"
}

# It was never verified: that is done first, and entered.
export_to DISK-1 --to "$out/a.raw" --recipient "Dr. 王" --authority W-1
good
cmp "$dir/medium.raw" "$out/a.raw" || fault "other bytes"
in_state DISK-1 VERIFIED
ok exhibit --as ex --json item history DISK-1
is '[.entries[].action] | join(" ")' "import verify export"
is '.entries[2].fields.sha256' "$sha256"
is '.entries[2].fields.format' raw
is '.entries[2].fields.authority' W-1
says "Dr. 王"

# As an E01 of several segments; others read the same out of it, and so do we.
export_to DISK-1 --format e01 --to "$out/set.E01" --segment-size 1MiB \
	--compression none
good
is '.segments | length' 3
for n in 1 2 3; do [ -s "$out/set.E0$n" ] || fault "no segment $n"; done
ok ewfverify -q "$out/set.E01"
try ewfexport -q -u -f raw -t "$out/back" "$out/set.E01"
cmp "$dir/medium.raw" "$out/back.raw" || fault "ewfexport: other bytes"
try exhibit --json --as ex import DISK-1 "$out/set.E01"
is .verdict ok
is .digests.sha256 "$sha256"
export_to DISK-1-I1 --to "$out/again"
good
cmp "$dir/medium.raw" "$out/again" || fault "there and back: other bytes"
export_to DISK-1 --format e01 --to "$out"
good
[ -s "$out/DISK-1.E01" ] || fault "in a folder it is called otherwise"
kept=$(ls -A "$out")

# Nothing is written over: not a file, not a later segment.
says_no 2 "nothing is written over" exhibit --as ex image export DISK-1 \
	--to "$out/a.raw"
says_no 2 "nothing is written over" exhibit --as ex image export DISK-1 \
	--format e01 --to "$out/set"
touch "$out/later.E02"
says_no 2 "nothing is written over" exhibit --as ex image export DISK-1 \
	--format e01 --to "$out/later.E01" --segment-size 1MiB
rm "$out/later.E02"
says_no 2 "no such folder" exhibit --as ex image export DISK-1 \
	--to "$out/none/a"
says_no 64 "e01" exhibit --as ex image export DISK-1 --format vhd \
	--to "$out/b"

# A disk that takes no more: an error, and nothing of it stays.
for format in raw e01; do
	got=0
	(
		ulimit -f 1000
		exec exhibit --as ex image export DISK-1 --format $format \
			--compression none --to "$out/full"
	) >"$dir/out" 2>"$dir/err" || got=$?
	[ "$got" = 2 ] || fault "$got, not 2, on a full disk as $format"
	[ "$kept" = "$(ls -A "$out")" ] || fault "something is left of $format"
done

# An image that is not what was signed does not leave.
chmod u+w "$EXHIBIT_DATA/vault/images/DISK-1/DISK-1.raw"
printf X | dd of="$EXHIBIT_DATA/vault/images/DISK-1/DISK-1.raw" bs=1 \
	seek=77 conv=notrunc status=none
for format in raw e01; do
	export_to DISK-1 --format $format --to "$out/bad"
	[ "$got" = 1 ] || fault "$got, not 1, for a changed image as $format"
	is .verdict digest_differs
	is .event null
	[ "$kept" = "$(ls -A "$out")" ] || fault "a changed image is written out"
done

# The report tells who got what; without a person nothing is entered.
ok exhibit --as ex report C-1 --to "$dir/report.txt"
grep -q "Dr. 王" "$dir/report.txt" || fault "the report has no recipient"
before=$(size)
ok exhibit image export DISK-1-I1 --to "$out/unsigned"
[ "$(size)" = "$before" ] || fault "nobody acts, and something is entered"

exit $((faults > 0))
