#!/bin/bash
# lists.sh -- acts over many items: from files and scanners, in one batch that
# stands or falls together; and what lies on a shelf.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

people
open_case C-1
list=$dir/a-list.csv
printf 'a photograph' >"$dir/photo"

# Forty on a Monday, each with what is its own.
{
	echo item,seal,serial,description
	for i in $(seq 40); do
		printf 'L-%s,S-L-%s,SN-%s,"Disk ""%s"", 2,5 in"\r\n' \
		    "$i" "$i" "$i" "$i"
	done
} >"$list"
ok exhibit --json item announce C-1 --list "$list" --as officer \
    --kind physical_medium --seizure-record R-1
is '.events | length' 40
is '[.events[].included] | all' true
is '.batch | length' 36
ok exhibit --json item show L-7
is .description 'Disk "7", 2,5 in'
is .serial SN-7

# Received: one differs, and is named; the others stand.
{
	echo item,seal,serial,condition,photo
	for i in $(seq 38); do echo "L-$i,S-L-$i,SN-$i,,"; done
	echo "L-39,S-L-39,SN-39,dented,$dir/photo"
} >"$list"
found exhibit --json custody receive --list - --as keeper --with officer \
    --seal-state intact --condition clean <<<"$(sed 's/,SN-5,/,SN-50,/' "$list")"
is '.events | length' 39
is '[.events[] | select(.findings | length > 0).item] | join(",")' L-5
ok exhibit --json item history L-39
is '.entries[-1].texts.condition' dented
is '[.entries[-1].texts | keys[] | select(startswith("photos"))] | length' 1
is '.entries[-1].batch | length' 36

# One that may not: none of them is stored.
in_state L-40 ANNOUNCED
refused 2 "L-40 (ANNOUNCED)" custody store keeper $(seq -f L-%g 1 40) \
    --location VAULT
refused 2 "L-99: no such item" custody store keeper L-1 L-99 --location VAULT
in_state L-1 RECEIVED
ok exhibit --json custody store $(seq -f L-%g 1 39) --as keeper \
    --location VAULT
is '[.events[].state] | unique | join(",")' IN_STORE

# What is wrong with a list is said with its line, and nothing is entered.
bad() {
	printf %b "$2" >"$list"
	refused 2 "$1" custody move keeper --list "$list" --location SHELF
}
bad "$list: line 3: \"l-2\"" 'item\nL-1\nl-2\n'
bad "line 3: L-1 is in line 2 already" 'item\nL-1\nL-1\n'
bad "line 1: no column \"item\"" 'number\nL-1\n'
bad "line 2: 1 cells, but the first line has 2" 'item,note\nL-1\n'
bad "line 2: U+001B" 'item,note\nL-1,\0033[31m\n'
bad "line 2: not UTF-8" 'item,note\nL-1,\0377\n'
bad "line 2: a quotation mark is not closed" 'item,note\nL-1,"a\n'
bad "names no item" 'item,note\n'
head -c 5000000 /dev/zero | tr '\0' 'x' >"$list"
refused 2 "$list" custody move keeper --list "$list" --location SHELF
refused 2 "no-such-file" custody move keeper --list "$dir/no-such-file" \
    --location SHELF
printf 'item,colour\nL-1,red\n' >"$list"
refused 64 "move has no --colour" custody move keeper --list "$list" \
    --location SHELF
printf 'item,seal-state\nL-1,fine\n' >"$list"
refused 64 "--seal-state is one of" custody seal-check keeper --list "$list" \
    --seal S-L-1
printf 'item\nL-1\n' >"$list"
refused 64 "items come from one place" custody move keeper L-1 \
    --list "$list" --location SHELF
printf 'item,location\nL-1,SHELF\nL-2,\n' >"$list"
refused 64 "L-2: move needs --location" custody move keeper --list "$list"
ok custody move keeper --list "$list" --location BENCH
ok exhibit --json item list --case C-1
is '.items[] | select(.item == "L-1") | .location' SHELF
is '.items[] | select(.item == "L-2") | .location' BENCH

# A scanner reads item, seal, item, seal.
printf 'L-3\nS-L-3\nL-4\tS-L-4\n' >"$dir/scans"
ok custody seal-check keeper --scan --seal-state intact <"$dir/scans"
printf 'L-3\nS-L-4\n' >"$dir/scans"
found exhibit --json custody seal-check --scan --seal-state intact \
    --as keeper <"$dir/scans"
is .item L-3
is '.findings[0].code' seal-differs
printf 'L-3 S-L-3 x\n' >"$dir/scans"
refused 2 "--scan: line 1: more than" custody seal-check keeper --scan \
    --seal-state intact <"$dir/scans"
refused 2 "no item was scanned" custody seal-check keeper --scan \
    --seal-state intact </dev/null

# On the shelf lie L-1 and, not entered there, L-5; one is in no log; and
# L-6 should be there and is not.
ok custody move keeper L-6 --location SHELF
printf 'L-1 S-L-1\nL-5 S-L-5\nX-1 S-X\n' >"$dir/scans"
found exhibit --json custody inventory --scan --location SHELF --as keeper \
    --witness head <"$dir/scans"
is '.events | length' 3
is '[.events[] | select(.findings[].code == "inventory").item] | sort | unique
    | join(",")' L-1,L-5,L-6
for pair in "L-1 ok,unexpected" "L-5 misplaced" "L-6 not_found"; do
	# shellcheck disable=SC2086
	set -- $pair
	ok exhibit --json item history "$1"
	is '[.entries[-1].fields.scans[].result] | join(",")' "$2"
	is .entries[-1].fields.expected 2
	is .entries[-1].fields.scanned 3
done
try exhibit --json item continuity L-6
is '[.findings[].code] | index("inventory") != null' true
refused 64 "inventory needs --location" custody inventory keeper L-1
refused 2 "X-1: no such item" custody inventory keeper X-1 --location COUNTER
done_testing
