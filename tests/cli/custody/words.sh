#!/bin/bash
# words.sh -- every word of `exhibit custody` does what it says: three items
# and what is made from them, from their seizure to their end.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

people
open_case C-1
printf 'a photograph' >"$dir/photo"
printf 'a form' >"$dir/form"

# One is seized, packaged, sealed, refused once, received and stored.
ok custody seize officer W-1 --case C-1 --seizure-record R-1 --authority W-C-1 \
    --place "a desk" --kind physical_medium --description "A disk" \
    --serial SN-1 --photo "$dir/photo"
in_state W-1 SEIZED
ok custody package officer W-1 --case C-1 --kind physical_medium \
    --description "A disk in a bag"
ok custody seal-apply officer W-1 --seal S-1
ok custody seal-check officer W-1 --seal S-1 --seal-state intact
ok exhibit item announce C-1 W-2 --kind device --description "A telephone" \
    --seizure-record R-2 --seal S-2 --imei 1 --imei 2 --as officer
ok custody refuse-receipt keeper W-2 --reason "no form"
in_state W-2 ANNOUNCED
ok custody receive keeper W-1 --with officer --seal S-1 --seal-state intact \
    --condition clean --serial SN-1
in_state W-1 RECEIVED
ok custody receive keeper W-2 --with officer --seal S-2 --seal-state intact \
    --condition clean --location BENCH
found exhibit custody receive W-4 --as keeper --with officer --case C-1 \
    --kind device --description "On no list" --seizure-record R-3 \
    --seal S-4 --seal-state intact --condition clean
in_state W-4 RECEIVED
refused 2 "no such item" custody receive keeper W-5 --with officer \
    --seal none --seal-state none --condition clean
ok custody store keeper W-1 W-2 --location VAULT
[ "$(wc -l <"$dir/out")" = 2 ] || fault "not a line an item"
ok custody move keeper W-1 --location SHELF
ok exhibit --json item show W-1
is .location SHELF
is .seal S-1
is .custodian keeper
ok custody inventory keeper W-1 --location SHELF --seal S-1

# Opened, looked at, its parts taken out and put back.
ok custody check-out keeper W-1 --with examiner --purpose imaging
ok custody hand-over examiner W-1 --with examiner2
ok custody take-over examiner W-1 --with head --seal S-1 --seal-state intact \
    --condition clean --reason "examiner2 is ill"
ok custody seal-break examiner W-1 --seal S-1 --seal-state intact \
    --reason imaging
ok custody photograph examiner W-1 --photo "$dir/photo"
ok custody inspect examiner W-1 --note "a label"
ok custody examine-start examiner W-1
ok custody connect examiner W-1 --workstation WS-1
ok custody examine-end examiner W-1
ok custody note examiner W-1 --note "a note"
ok custody deviation examiner W-1 --what "the clock was set" \
    --reason "it had none" --decided-by head --effect none
ok custody copy examiner W-1 --purpose "a working copy"
ok custody view examiner W-1 --purpose "to read it"
ok custody component-out examiner W-1 --children W-1-A --kind device \
    --description "A card"
in_state W-1-A OPENED
ok custody component-in examiner W-1-A
in_state W-1-A IN_PARENT
ok custody split examiner W-1 --children W-1-B,W-1-C --kind device \
    --description "A part"
in_state W-1-C OPENED
ok exhibit item derive W-1 W-1-D --relation extracted_from \
    --kind derived_output --description "A list" --as examiner
in_state W-1-D CREATED
ok exhibit item derive W-1 W-1-E --relation copy_of --kind physical_medium \
    --description "A disc" --as examiner
in_state W-1-E OPENED
ok exhibit --json item show W-1-B
is .parent W-1
is .location SHELF
is .custodian examiner
ok custody external-seal examiner W-1 --seal E-1 --by "the court"

# Its image goes through the life of a digital item.
head -c 1048576 /dev/zero >"$dir/disk"
ok exhibit acquire W-1 "$dir/disk" --as examiner
ok exhibit verify W-1-I1 --as examiner
in_state W-1-I1 VERIFIED
ok custody vault-in examiner W-1-I1
in_state W-1-I1 STORED
ok custody replicate examiner W-1-I1 --location SHELF
ok custody archive examiner W-1-I1
in_state W-1-I1 ARCHIVED
ok custody purge keeper W-1-I1 --with head --witness examiner --order O-0 \
    --reason "another case"
in_state W-1-I1 PURGED

# Sealed again, back, away and back.
ok custody seal-apply examiner W-1 --seal S-1-2
ok custody check-in examiner W-1 --with keeper --seal S-1-2 \
    --seal-state intact --location VAULT
in_state W-1 IN_STORE
ok custody transfer-offer keeper W-1 --to prosecutor --method in_person
ok custody transfer-cancel keeper W-1
in_state W-1 IN_STORE
ok custody transfer-offer keeper W-1 --to prosecutor --method courier
ok custody transfer-refuse prosecutor W-1 --reason "not ours"
in_state W-1 IN_TRANSIT
ok custody transfer-accept keeper W-1 --seal S-1-2 --seal-state intact \
    --condition clean --location VAULT
in_state W-1 IN_STORE
ok custody transfer-offer keeper W-1 --to prosecutor --method courier
ok custody pick-up keeper W-1 --with courier --tracking T-1
ok custody transfer-accept prosecutor W-1 --seal S-1-2 --seal-state intact \
    --condition clean --location COUNTER
in_state W-1 AT_COURT
ok custody court-return prosecutor W-1 --with keeper
ok custody transfer-accept keeper W-1 --seal S-1-2 --seal-state intact \
    --condition clean --location VAULT
ok custody entrust keeper W-1 --with expert --order O-1
in_state W-1 HELD_BY_OTHER
ok custody recall keeper W-1 --with expert --order O-2
ok custody transfer-accept keeper W-1 --seal S-1-2 --seal-state intact \
    --condition clean --location VAULT

# Flags, and remarks about entries.
ok custody hold-on keeper W-1 --reason "an appeal" --order O-3
refused 2 "W-1 is under a legal hold" custody return keeper W-1 --with officer
ok custody hold-off keeper W-1 --reason "it is over" --order O-4
ok custody quarantine-on keeper W-1 --reason "to be looked into"
refused 2 "W-1 is under quarantine" custody check-out keeper W-1 \
    --with examiner --purpose p
ok custody quarantine-off head W-1 --with keeper --reason "looked into"
ok custody scope-stop examiner W-1 --reason "beyond the warrant"
ok custody scope-extend examiner W-1 --with head --reason "a new warrant"
ok custody privilege-hold examiner W-1 --reason "letters of counsel"
ok exhibit --json item show W-1
is '.flags | join(",")' privilege
stored=$(leaf W-1 store)
ok custody finding-explain keeper W-1 --entry "$stored" --note "as usual"
ok custody confirm keeper W-1 --entry "${stored:0:8}"
ok custody disown keeper W-1 --entry "$stored" --reason "not I"
ok custody correct officer W-1 --entry "$(leaf W-1 package)" \
    --field description --old "A disk in a bag" --new "A disk in a box" \
    --reason "a slip"
ok exhibit --json item show W-1
is .description "A disk in a box"
# What is erased is gone, here and in the receipts, and nothing complains.
noted=$(leaf W-1 note)
kept=$(find "$EXHIBIT_DATA/receipts" -name "*-${noted:0:16}.openings.json")
grep -q "a note" "$kept" || fault "no receipt has the note"
refused 64 'commits to no "purpose"' custody erase keeper W-1 --with head \
    --entry "$noted" --paths purpose --reason "an order"
ok custody erase keeper W-1 --with head --entry "$noted" --paths note \
    --reason "an order" --order O-5
! grep -q "a note" "$kept" || fault "a receipt has what was erased"
[ "$(sql "SELECT count(*) FROM exhibit.opening
    WHERE position('a note'::bytea IN openings) > 0")" = 0 ] ||
    fault "the database has what was erased"
ok exhibit --json item history W-1
is "[.entries[] | select(.leaf == \"$noted\").erased_texts.note |
    startswith(\"erased by entry \")] | join(\",\")" true
ok exhibit report W-1 --to "$dir/erased.txt" --as examiner
grep -q "erased by entry" "$dir/erased.txt" || fault "the report hides it"
try exhibit --json log verify
is '.faults | length' 0
is '[.notes[].code] | index("erased") != null' true
found custody late keeper W-1 --act photograph --source camera \
    --occurred 2026-01-01T08:00:00+08:00 --photo "$dir/photo"
ok custody move keeper W-1 --location SHELF
ok custody annul keeper W-1 --with head --entry "$(leaf W-1 move)" \
    --reason "it did not move"
ok exhibit --json item show W-1
is .location VAULT
ok custody share keeper W-1 --to prosecutor
ok custody share-receipt prosecutor W-1 --to prosecutor

# Three ends.
ok custody missing keeper W-2 --reason "not on its shelf"
ok custody found keeper W-2 --seal S-2 --seal-state intact --condition clean \
    --location VAULT
ok exhibit --json item show W-2
is '.flags | join(",")' quarantine
ok custody quarantine-off head W-2 --with keeper --reason "it is the same"
ok custody store keeper W-2 --location VAULT
ok custody return keeper W-2 --party "owner@PD:owner:paper:$dir/form"
in_state W-2 RETURNED
ok custody dispose-approve head W-1 --order O-6
ok custody dispose-done keeper W-1 --witness examiner
in_state W-1 DISPOSED
announce C-1 W-3
to TRANSFERRED_OUT W-3
ok custody disposed-elsewhere keeper W-3 --outcome DISPOSED \
    --document "$dir/form"
in_state W-3 DISPOSED

# What was photographed and attached is in the vault.
for file in "$dir/photo" "$dir/form"; do
	kept=$EXHIBIT_DATA/vault/attachments/$(sha256sum <"$file" | cut -c 1-64)
	cmp -s "$file" "$kept" || fault "$file is not in the vault"
done

# No word was left out.
exhibit help custody | sed -n '/^Acts$/,/^$/s/^  \([a-z-]*\) .*/\1/p' |
    sort >"$dir/all"
sort -u "$dir/words" | comm -23 "$dir/all" - >"$dir/left"
[ "$(wc -l <"$dir/all")" -ge 50 ] || fault "help does not list the acts"
[ ! -s "$dir/left" ] || fault "never said: $(tr '\n' ' ' <"$dir/left")"
done_testing
