#!/bin/bash
# field.sh -- a field kit: acts and an imaging where there is no database;
# what comes home as it was signed, what comes late, what is kept; and a
# database that dies while a disk is read.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

people
open_case C-1
open_case C-2
announce C-1 EXH-1 EXH-2 EXH-3 EXH-4 EXH-5
announce C-2 OTHER-1
to OPENED EXH-1
to OPENED EXH-2
to IN_STORE EXH-3

# kit COMMAND...: in the kit, where nothing else is; $kit names it.
kit() { EXHIBIT_PGBIN=/nonexistent exhibit -C "$kit" "$@"; }
acts() { find "$kit/pending" -name '*.act' | wc -l; }

kit=$dir/kit
needs exhibit field pack --to "$kit" C-1 --as examiner --key examiner \
	--key officer --key keeper --key examiner2
needs exhibit field pack --to "$dir/item" item:EXH-3 --as examiner
grep -q '"EXH-3"' "$dir/item/field.facts" || fault "its item is not there"
! grep -q '"id":"EXH-1"' "$dir/item/field.facts" || fault "another's is"
! grep -q OTHER-1 "$kit/field.facts" || fault "another case's item"
[ ! -e "$dir/item/keys/examiner.key" ] || fault "a key that nobody named"
says_no 2 "is there" exhibit field pack --to "$kit" C-1 --as examiner
says_no 64 "who acts" exhibit field pack --to "$dir/x" C-1
needs exhibit down

# At the scene: the rules are those of the house.
needs kit --json status
is .database "none: a field kit"
says_no 2 "EXH-9" kit custody photograph EXH-9 --as officer \
	--photo "$dir/list.csv"
says_no 2 "OPENED" kit custody store EXH-1 --as keeper --location VAULT
says_no 2 "field kit, without a database" kit log verify
says_no 2 "field kit, without a database" kit up
says_no 2 "field kit" kit location add NEW --kind vault --as keeper
echo "a photograph" >"$dir/photo"
photo=$(sha256sum <"$dir/photo" | cut -d' ' -f1)
needs kit --json custody seize NEW-1 --as officer --case C-1 \
	--kind physical_medium --description "a disk, found later" \
	--seizure-record R-9 --authority W-C-1 --place "a room" \
	--photo "$dir/photo"
is .included false
is .state SEIZED
needs kit custody seal-apply NEW-1 --as officer --seal S-NEW
needs kit custody note EXH-1 --as examiner --note "the lid was off"
needs kit custody hand-over EXH-2 --as examiner --with examiner2
needs kit custody photograph EXH-2 --as examiner2 --photo "$dir/photo"
needs kit --json item show NEW-1
is .seal S-NEW

head -c 3000000 /dev/urandom >"$dir/medium"
mkdir "$dir/copies"
says_no 64 "--to" kit acquire EXH-1 "$dir/medium" --as examiner
needs kit --json acquire EXH-1 "$dir/medium" --as examiner \
	--to "$dir/copies" --compression none
is .result complete
image=$(value .image)
[ "$(acts)" = 7 ] || fault "$(acts) acts, not 7"
needs kit --json pending

# Meanwhile EXH-2 moved on at home.
needs exhibit up
needs custody note examiner EXH-2 --note "something else"

# Home: what follows is entered, what cannot is late, and said.
found exhibit --json --as keeper field sync "$kit"
is .entered 5
is .late 2
is .kept 0
in_state NEW-1 SEIZED
in_state EXH-1 OPENED
needs exhibit --json item show "$image"
is .state CREATED
needs exhibit --json --as examiner verify "$image" --at "$dir/copies"
is '.images[0].verdict' ok
[ -e "$EXHIBIT_DATA/vault/attachments/$photo" ] || fault "no photograph"
needs exhibit --json item history NEW-1
is '.entries[0].action' seize
try exhibit --json item continuity EXH-2
is '[.findings[] | select(.code == "field-conflict")] | length' 2

# Once more, from a copy on a medium that cannot be written: nothing.
cp -r "$kit" "$dir/copy"
chmod -R a-w "$dir/copy"
before=$(size)
found exhibit --json --as keeper field sync "$dir/copy"
is .entered 0
is .there 5
is .late 2
[ "$(size)" = "$before" ] || fault "a second sync left entries"
chmod -R u+w "$dir/copy"

# A second journal over the same heads, of a key that is revoked meanwhile,
# with a damaged act, a link and a foreign log's: each one line.
kit=$dir/second
needs exhibit field pack --to "$kit" C-1 --as examiner2 --key examiner2 \
	--key officer
kit3=$dir/third
cp -r "$kit" "$kit3"
needs kit custody note EXH-3 --as examiner2 --note "first of two"
needs kit custody note EXH-4 --as officer --note "untouched"
needs kit custody note EXH-5 --as officer --note "to be damaged"
damaged=$(find "$kit/pending" -name '*.act' | sort | tail -n 1)
printf X | dd of="$damaged" bs=1 seek=100 conv=notrunc status=none
ln -s /etc/passwd "$kit/pending/link.act"
EXHIBIT_DATA=$kit3 needs exhibit custody note EXH-4 --as officer \
	--note "the other journal"
needs exhibit key revoke examiner2 --reason lost
found exhibit --json --as keeper field sync "$kit"
is .entered 1
is .late 1
is .kept 2
found exhibit --json --as keeper field sync "$kit3"
is .entered 0
is .late 1
found exhibit --json --as keeper field sync "$kit"
is .there 1
is .late 1
is .kept 2
[ "$(find "$EXHIBIT_DATA/pending" -name '*.lost' | wc -l)" -ge 1 ] ||
	fault "what was kept is not there"
says_no 2 "no field kit" exhibit --as keeper field sync "$dir/copies"
rm -f "$EXHIBIT_DATA"/pending/*.lost

# In hour nineteen the database dies and does not come back; what was read is
# kept, and signed when it does.
to OPENED EXH-4
head -c 100000000 /dev/urandom >"$dir/medium"
mkfifo "$dir/lines"
exhibit --json --as examiner acquire EXH-4 "$dir/medium" --image NIGHT \
	>"$dir/lines" 2>"$dir/err" &
imaging=$!
exec 3<"$dir/lines"
while read -r line <&3; do
	case $line in *'"phase":"acquire"'*) break ;; esac
done
kill -STOP "$imaging"
kill -KILL "$(head -n 1 "$EXHIBIT_DATA/pg/postmaster.pid")"
mv "$EXHIBIT_DATA/pg" "$dir/pg"
kill -CONT "$imaging"
tail -n 1 <&3 >"$dir/out"
exec 3<&-
got=0
wait "$imaging" || got=$?
[ "$got" = 2 ] || fault "$got, not 2, without a database"
grep -qF "exhibit pending" "$dir/err" || fault "it does not say what to do"
[ -e "$EXHIBIT_DATA/pending/NIGHT.acquired" ] || fault "nothing is kept"
says_no 2 "" exhibit --as examiner pending
mv "$dir/pg" "$EXHIBIT_DATA/pg"
needs exhibit --json --as examiner pending
is .acquisitions 1
[ "$(find "$EXHIBIT_DATA/pending" -type f | wc -l)" = 0 ] ||
	fault "something is left in pending"
needs exhibit --json --as examiner verify NIGHT
is '.images[0].verdict' ok
is '.images[0].digests.sha256 // empty' "$(sha256sum <"$dir/medium" | cut -d' ' -f1)"

# What came home, late or in time, goes out in a bundle that holds.
needs exhibit --json --as examiner bundle C-1 --to "$dir/bundle"
try exhibit-verify --json "$dir/bundle"
[ "$got" = 3 ] || fault "exhibit-verify: $got"
try exhibit --json log verify
[ "$got" = 3 ] || fault "log verify: $got"
done_testing
