#!/bin/bash
# urgent.sh -- the CASE ontology's "Urgent Evidence" narrative, thirteen
# actions on one afternoon, through the program's own commands: without a gap
# and with no event that the narrative does not have.
#
# Names are made up; the times and the order are the narrative's.  That it
# happened in 2019 is a claim: keys are judged at their place in the log.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

exhibit=EXH-20190101-7 dvd=EXH-20190101-7-DVD
people
# The officer in charge is of the same force as the laboratory.
person oic LAB investigator
needs exhibit case open UE-1 --as oic --title "Urgent evidence" \
    --authority warrant:UE-W-1
printf 'a picture' >"$dir/photo"
printf 'transfer document' >"$dir/transfer"
printf 'statement' >"$dir/statement"
before=$(size)

# on HH:MM COMMAND...: it happened then.
on() { ok "${@:2}" --occurred "2019-01-01T$1:00Z"; }

on 14:00 exhibit item announce UE-1 $exhibit --kind device \
    --description "A telephone" --seizure-record SR-7 --seal P-100 --as oic
on 14:05 custody receive keeper $exhibit --with oic --seal P-100 \
    --seal-state intact --condition "as described"
on 14:10 custody check-out keeper $exhibit --with examiner \
    --purpose "assigned for examination" --location BENCH
on 14:15 custody photograph examiner $exhibit --photo "$dir/photo" \
    --note "sealed"
on 14:20 custody seal-break examiner $exhibit --seal P-100 \
    --seal-state intact --reason "examination"
on 14:22 custody photograph examiner $exhibit --photo "$dir/photo" \
    --note "unsealed"
on 14:25 custody connect examiner $exhibit --workstation WS-1 \
    --note "connected until 14:55"
on 14:56 custody seal-apply examiner $exhibit --seal L-200
on 15:00 custody view examiner $exhibit --purpose "pictures selected"
on 15:05 exhibit item derive $exhibit $dvd --relation extracted_from \
    --kind physical_medium --description "A report on DVD" --as examiner
on 15:08 custody seal-apply examiner $dvd --seal L-201
on 15:15 custody note examiner $exhibit --note "witness statement" \
    --attach "$dir/statement"
on 15:20 custody hand-over examiner $exhibit $dvd --with oic \
    --attach "$dir/transfer"

# Thirteen actions; the last one is over two exhibits.
[ $(($(size) - before)) = 14 ] || fault "$(($(size) - before)) entries, not 14"
ok exhibit --json item history $exhibit
is '[.entries[].action] | join(" ")' "announce receive check_out photograph seal_break photograph connect seal_apply view note hand_over"
is '.entries[0].occurred_at' 2019-01-01T14:00:00.000000Z
is '.entries[-1].occurred_at' 2019-01-01T15:20:00.000000Z
is '[.entries[-1].parties[] | .role + "=" + .person] | join(" ")' \
    "releaser=examiner receiver=oic"
is '[.entries[].fields.seal // empty] | unique | join(" ")' "L-200 P-100"
ok exhibit --json item history $dvd
is '[.entries[].action] | join(" ")' "create seal_apply hand_over"
for item in $exhibit $dvd; do
	ok exhibit --json item continuity "$item"
	is '.findings | length' 0
	ok exhibit --json item show "$item"
	is .custodian oic
done
ok exhibit report UE-1 --to "$dir/report.txt" --as examiner
grep -q "P-100" "$dir/report.txt" || fault "the report lacks the seal"
grep -q "L-200" "$dir/report.txt" || fault "the report lacks the new seal"
done_testing
