#!/bin/bash
# persons.sh -- who may do what with whom; what was seen is recorded, not
# refused; what was wrong is put right without hiding it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

people
open_case C-1
announce C-1 P-1 P-2 P-3 P-4 P-5 P-6
printf 'a form' >"$dir/form"
seen='--seal S-P-1 --seal-state intact --condition clean'

# Two parties are two persons, each in its own role.
# shellcheck disable=SC2086
{
	refused 64 "receive needs a submitter" custody receive keeper P-1 $seen
	refused 64 'key "keeper" is named twice' custody receive keeper P-1 \
	    --with keeper $seen
	refused 2 "may not act as custodian here" custody receive examiner \
	    P-1 --with officer $seen
	refused 2 "P-1 is with officer, not with examiner" custody receive \
	    keeper P-1 --with examiner $seen
	refused 64 "who acts?" exhibit custody receive P-1 --with officer $seen
	refused 2 'no key "nobody"' custody receive nobody P-1 --with officer \
	    $seen
}
ok exhibit key new keeper-b --person keeper
# shellcheck disable=SC2086
refused 2 "keeper cannot be custodian and submitter at once" custody receive \
    keeper P-1 --with keeper-b $seen
# shellcheck disable=SC2086
refused 2 "it takes the scanned form or a witness" custody receive keeper P-1 \
    --party officer:submitter:paper $seen
# shellcheck disable=SC2086
ok custody receive keeper P-1 --party "officer:submitter:paper:$dir/form" $seen
refused 64 "there is no part for key" custody store keeper P-1 \
    --with keeper2 --location VAULT
refused 2 "P-1 is with keeper, not with keeper2" custody store keeper2 P-1 \
    --location VAULT
ok custody store keeper P-1 --location VAULT
refused 2 "keeper cannot offer it to themselves" custody transfer-offer \
    keeper P-1 --to keeper --method internal
refused 2 'the log knows no person "nobody"' custody transfer-offer keeper \
    P-1 --to nobody --method internal
ok custody transfer-offer keeper P-1 --to prosecutor --method in_person
# shellcheck disable=SC2086
refused 2 "the transfer names prosecutor, not expert" custody transfer-accept \
    expert P-1 $seen --location COUNTER
ok custody transfer-cancel keeper P-1
refused 2 "examiner may not act as approver here" custody dispose-approve \
    examiner P-1
ok custody dispose-approve head P-1
refused 2 "may not act as executor here" custody dispose-done \
    examiner P-1 --with examiner2
refused 64 "dispose-done needs a witness" custody dispose-done keeper P-1
refused 2 "head approved the disposal" custody dispose-done keeper P-1 \
    --witness head

# What is typed wrongly is said before anybody signs.
refused 64 'there is no act "steal"' custody steal keeper P-1
refused 64 'there is no act "report"' custody report keeper P-1
refused 64 "which item?" custody move keeper --location SHELF
refused 64 '"p-1" is no item' custody move keeper p-1 --location SHELF
refused 64 "move needs --location" custody move keeper P-1
refused 64 "unknown option --colour" custody move keeper P-1 --colour red
refused 64 "move has no --seal" custody move keeper P-1 --location SHELF \
    --seal S-1
refused 64 "P-1 is named twice" custody move keeper P-1 P-1 --location SHELF
refused 64 "--location is given twice" custody move keeper P-1 \
    --location SHELF --location VAULT
refused 64 "--seal-state is one of intact, damaged, missing" custody \
    seal-check keeper P-1 --seal S-P-1 --seal-state fine
refused 64 "--occurred: " custody move keeper P-1 --location SHELF \
    --occurred yesterday
refused 2 'the log knows no location "ATTIC"' custody move keeper P-1 \
    --location ATTIC
refused 2 "no-such-file" custody move keeper P-1 --location SHELF \
    --photo "$dir/no-such-file"
refused 64 "--photos is a SHA-256" custody move keeper P-1 --location SHELF \
    --photos "$dir/form"
refused 2 "it says that it happened after it was signed" custody move keeper \
    P-1 --location SHELF --occurred 2100-01-01T00:00:00Z
ok custody move keeper item:P-1 --location SHELF

# A seal found otherwise: recorded, a finding, quarantine; never refused.
n=1
for seal in "S-P-$((n + 1)) damaged seal-damaged" "none missing seal-missing" \
    "S-X differs seal-differs" "S-X intact seal-differs"; do
	n=$((n + 1))
	# shellcheck disable=SC2086
	set -- $seal
	found exhibit --json custody receive "P-$n" --as keeper --with officer \
	    --seal "$1" --seal-state "$2" --condition clean
	is .state RECEIVED
	is '.findings[0].code' "$3"
	is .exit 1
	ok exhibit --json item show "P-$n"
	is '.flags | join(",")' quarantine
	refused 2 "P-$n is under quarantine" custody check-out keeper "P-$n" \
	    --with examiner --purpose p
done
refused 2 "examiner may not act as lab_head here" custody quarantine-off \
    examiner P-2 --with keeper --reason r
refused 64 "quarantine-off needs a custodian" custody quarantine-off head P-2 \
    --reason r
ok custody quarantine-off head P-2 --with keeper --reason "looked into"
refused 2 "P-2: that was not set" custody quarantine-off head P-2 \
    --with keeper --reason r

# The case's one authority is used; of several, one is named.
ok exhibit --json custody store P-2 --location VAULT --as keeper
ok custody check-out keeper P-2 --with examiner --purpose imaging
ok exhibit --json item history P-2
is '.entries[-1].fields.authority' W-C-1
ok custody hand-over examiner P-2 --with examiner2
refused 2 "P-2 is with examiner2, not with examiner" custody seal-break \
    examiner P-2 --seal S-P-2 --seal-state damaged --reason r
refused 2 "is of PO: what leaves the house is offered as a transfer" \
    custody hand-over examiner2 P-2 --with prosecutor
ok exhibit case authorize C-1 consent:K-1 --as officer
ok custody quarantine-off head P-3 --with keeper --reason "looked into"
refused 64 "several authorities in force" custody check-out keeper P-3 \
    --with examiner --purpose p
refused 2 "authority W-9 is not in the log of the case" custody check-out \
    keeper P-3 --with examiner --purpose p --authority W-9
ok custody check-out keeper P-3 --with examiner --purpose p --authority K-1
for number in W-C-1 K-1; do
	ok exhibit case authorize-end C-1 "$number" --as officer
done
ok custody quarantine-off head P-4 --with keeper --reason "looked into"
found exhibit --json custody check-out P-4 --as keeper --with examiner \
    --purpose p
is '.findings[0].code' no-authority

# In an emergency the duty officer stands in, and it is confirmed later.
announce C-1 P-7 P-8
refused 64 "an emergency needs its --reason" custody receive keeper P-7 \
    --with head --seal S-P-7 --seal-state intact --condition c --emergency
refused 64 "receive needs a submitter" custody receive keeper P-7 \
    --seal S-P-7 --seal-state intact --condition c --emergency --reason r
ok custody receive keeper P-7 --with head --seal S-P-7 --seal-state intact \
    --condition clean --emergency --reason "the officer was called away"
try exhibit --json item continuity P-7
is '[.findings[].code] | index("emergency-open") != null' true
# Nobody countersigns what is their own act.
ok custody confirm keeper P-7 --entry "$(leaf P-7 receive)"
try exhibit --json item continuity P-7
is '[.findings[].code] | index("emergency-open") != null' true
ok custody confirm head P-7 --entry "$(leaf P-7 receive)"
try exhibit --json item continuity P-7
is '[.findings[].code] | index("emergency-open")' null
# What is missing stays unconfirmed until an auditor says so.
ok custody missing keeper P-7 --reason "not on its shelf"
ok custody confirm head P-7 --entry "$(leaf P-7 missing)"
try exhibit --json item continuity P-7
is '[.findings[].code] | index("missing-unconfirmed") != null' true
ok exhibit person role head --add auditor
ok custody confirm head P-7 --entry "$(leaf P-7 missing)"
try exhibit --json item continuity P-7
is '[.findings[].code] | index("missing-unconfirmed")' null
is '[.findings[].code] | index("missing") != null' true

# The serial number beside the one announced.
ok exhibit item announce C-1 P-9 --kind device --description d \
    --seizure-record R --serial SN-9 --as officer
refused 2 "a serial number was announced" custody receive keeper P-9 \
    --with officer --seal none --seal-state none --condition c
found exhibit --json custody receive P-9 --as keeper --with officer \
    --seal none --seal-state none --condition clean --serial SN-8
is '.findings[0].code' serial-differs
refused 2 "P-9 is not sealed" custody store keeper P-9 --location VAULT
ok custody seal-apply keeper P-9 --seal S-9
refused 2 "P-9 is under seal S-9" custody seal-apply keeper P-9 --seal S-9-2
refused 2 "seal number S-9 was used before" custody seal-apply \
    examiner P-3 --seal S-9

# Put right: corrected, annulled, entered late; the originals stay.
refused 64 "correct needs --entry" custody correct keeper P-1 --field marks \
    --old a --new b
refused 64 "--field is one of description, marks, serial" custody correct \
    keeper P-1 --entry "$(leaf P-1 receive)" --field seal --old a --new b
refused 2 "store has no serial" custody correct keeper P-1 \
    --entry "$(leaf P-1 store)" --field serial --old a --new b
refused 2 "that entry is about something else" custody correct keeper P-1 \
    --entry "$(leaf P-7 receive)" --field condition --old a --new b
refused 2 "no such event in the log" custody confirm keeper P-1 \
    --entry 0123456789
refused 64 "names no event" custody confirm keeper P-1 --entry 012
refused 2 "later entries rest on it" custody annul keeper P-1 --with head \
    --entry "$(leaf P-1 store)" --reason r
refused 64 "annul needs a lab_head" custody annul keeper P-1 \
    --entry "$(leaf P-1 move)" --reason r
refused 2 "examiner may not act as lab_head here" custody annul keeper P-1 \
    --with examiner --entry "$(leaf P-1 move)" --reason r
before=$(size)
ok custody annul keeper P-1 --with head --entry "$(leaf P-1 move)" \
    --reason "it stayed"
ok exhibit --json item show P-1
is .location VAULT
ok exhibit --json item history P-1
is '[.entries[] | select(.action == "move")] | length' 1
[ "$(size)" = $((before + 1)) ] || fault "an annulment is one entry"
refused 2 "enter it late (--late)" custody photograph keeper P-1 \
    --occurred 2026-01-01T00:00:00Z
refused 64 "needs --occurred TIME" custody photograph keeper P-1 --late \
    --source memory
refused 64 "late_entry needs --source" custody photograph keeper P-1 --late \
    --occurred 2026-01-01T00:00:00Z
refused 64 "unknown option --method" custody late keeper P-1 \
    --act transfer-offer --occurred 2026-01-01T00:00:00Z --source paper \
    --method courier
refused 64 '--act "steal"' custody late keeper P-1 --act steal \
    --occurred 2026-01-01T00:00:00Z --source paper
before=$(state P-1)
found exhibit --json custody move P-1 --as keeper --late --location SHELF \
    --source paper --occurred 2026-01-01T00:00:00Z --attach "$dir/form"
is '.findings[0].code' late-entry
is .state "$before"
ok exhibit --json item show P-1
is .location VAULT

# In Chinese, too.
ok exhibit --lang zh-TW custody move P-1 --location SHELF --as keeper
says "保管中"
says "第"
found exhibit --lang zh-TW custody seal-check P-1 --seal S-X \
    --seal-state differs --as keeper
says "發現：封緘號碼不符"
ok exhibit --lang zh-TW item show P-1
says "隔離"
says "封緘號碼不符"
done_testing
