#!/bin/bash
# refusals.sh -- every act in every state that does not permit it: one line
# that names the item and its state, and no entry.
#
# Which states permit an act is read from docs/formats.md, which
# tests/custody compares with the program's table.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

formats=${EXHIBIT_SOURCE:?}/docs/formats.md
seen='--seal S-1 --seal-state intact'

# What each act takes so that its state alone is wrong: word, who, the rest.
acts="
seize officer --case C-1 --seizure-record R-1 --description d --place p --kind device --authority W-C-1
package officer --case C-1 --description d --kind device
receive keeper --with officer $seen --condition c
refuse-receipt keeper --reason r
store keeper --location VAULT
move keeper --location SHELF
check-out keeper --with examiner --purpose p
check-in examiner --with keeper $seen --location VAULT
hand-over examiner --with examiner2
take-over examiner2 --with head $seen --condition c --reason r
seal-apply examiner --seal NEW-1
seal-check keeper $seen
seal-break examiner $seen --reason r
external-seal keeper --seal E-1
split examiner --children PART-1 --kind device --description d
component-out examiner --children PART-1 --kind device --description d
component-in examiner --parent A-OPENED
photograph keeper
inspect keeper
connect examiner
examine-start examiner
examine-end examiner
deviation examiner --what w --reason r
copy examiner --purpose p
view keeper --purpose p
inventory keeper --location NOWHERE
transfer-offer keeper --to prosecutor --method in_person
transfer-accept prosecutor $seen --condition c --location COUNTER
transfer-refuse prosecutor --reason r
transfer-cancel keeper
pick-up keeper --with courier
court-return prosecutor --with keeper
entrust keeper --with expert --order O-1
recall keeper --with expert --order O-1
return keeper --with officer
dispose-approve head
dispose-done keeper --with examiner
disposed-elsewhere keeper --outcome DISPOSED --document $formats
missing keeper --reason r
found keeper $seen --condition c --location VAULT
quarantine-on keeper --reason r
quarantine-off head --with keeper --reason r
hold-on keeper --reason r
hold-off keeper --reason r
scope-stop examiner --reason r
scope-extend examiner --with head --reason r
privilege-hold examiner --reason r
"

# The name in the table for a word of the command line.
name_of() {
	case $1 in
	transfer-*) echo "${1#transfer-}_transfer" ;;
	return) echo return_accept ;;
	*) echo "${1//-/_}" ;;
	esac
}

# The states that permit an act, by its name.
permitted() {
	sed -n "/^## States/,\$ s/^| $1 | \\([^|]*\\) |.*/\\1/p" "$formats" |
	    tr -d ',' | head -n 1
}

states='ANNOUNCED RECEIVED IN_STORE CHECKED_OUT OPENED IN_TRANSIT AT_COURT
TRANSFERRED_OUT AT_EXTERNAL HELD_BY_OTHER MISSING RETURNED DISPOSED'

people
needs exhibit location add NOWHERE --kind vault
open_case C-1
# shellcheck disable=SC2086
set -- $states
# shellcheck disable=SC2046
announce C-1 $(printf 'A-%s\n' "$@" PARENT | tr _ -)
for state in "$@"; do
	to "$state" "A-${state//_/-}"
done

# The states that are reached another way.
needs custody seize officer A-SEIZED --case C-1 --seizure-record R-2 \
    --description d --place p --kind device --authority W-C-1
to OPENED A-PARENT
needs exhibit item derive A-PARENT A-IN-PARENT --relation component \
    --kind device --description "A card" --as examiner
needs custody component-in examiner A-IN-PARENT
needs exhibit item derive A-PARENT A-CREATED --relation extracted_from \
    --kind derived_output --description "A list" --as examiner
# One whose imaging was killed, and an image that was made and read back.
announce C-1 A-ACQUIRING A-DISK
to OPENED A-ACQUIRING
to OPENED A-DISK
truncate -s 8G "$dir/large"
exhibit acquire A-ACQUIRING "$dir/large" --as examiner --to "$dir" \
    >/dev/null 2>&1 &
imaging=$!
for _ in $(seq 300); do
	[ "$(state A-ACQUIRING)" != ACQUIRING ] || break
	sleep 0.1
done
kill -9 "$imaging"
wait "$imaging" 2>/dev/null || true
in_state A-ACQUIRING ACQUIRING
# shellcheck disable=SC2034
waiting=$(pending)
head -c 100000 /dev/zero >"$dir/small"
needs exhibit acquire A-DISK "$dir/small" --image A-VERIFIED --as examiner
needs exhibit verify A-VERIFIED --as examiner
in_state A-VERIFIED VERIFIED
states="$states SEIZED IN_PARENT CREATED ACQUIRING VERIFIED"

n=0
before=$(size)
while read -r word who rest; do
	[ -n "$word" ] || continue
	from=" $(permitted "$(name_of "$word")") "
	[ "$from" != "  " ] || fault "the table has no $word"
	# Only these two make an item.
	# shellcheck disable=SC2086
	[ "$word" = seize ] || [ "$word" = package ] ||
	    says_no 2 "A-NONE: no such item" custody "$word" "$who" A-NONE $rest
	for state in $states; do
		[ "${from/ $state /}" = "$from" ] || continue
		item=A-${state//_/-}
		# shellcheck disable=SC2086
		says_no 2 "possible while it is $state" custody "$word" "$who" $item $rest
		n=$((n + 1))
	done
	nothing_new "$before" "$word"
done <<<"$acts"
echo "$n refusals"
[ "$n" -ge 300 ] || fault "only $n pairs of act and state were tried"
done_testing
