#!/bin/bash
# people.sh -- the laboratory's people, places, tools and policy, and cases:
# what is entered, what is refused, what a second run does.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

needs exhibit init --name-en Laboratory --name-zh 實驗室

# Organisations, places, tools.
ok exhibit --json org add PD --kind police_unit --name-en Police \
    --name-zh 警察局
is .id PD
is .included true
is '.events | length' 1
refused 2 'org "PD" is there already' exhibit org add PD \
    --kind police_unit --name-en Police
refused 64 "--kind is one of police_lab, " exhibit org add PE --kind police \
    --name-en Police
refused 64 "--id: " exhibit org add "P E" --kind court --name-en Court
refused 64 "--name-en TEXT is missing" exhibit org add PE --kind court
ok exhibit --lang zh-TW org show PD
says 警察局
ok exhibit --json org list
is '.orgs | map(.org) | join(",")' LAB,PD
refused 2 'the log knows no organisation "NO"' exhibit org show NO
ok exhibit location add VAULT --kind vault --name-en Vault
ok exhibit location add SHELF --kind vault --in VAULT
refused 2 'the log knows no location "NO"' exhibit location add BOX \
    --kind vault --in NO
ok exhibit --json location show SHELF
is .in VAULT
ok exhibit tool add WB-1 --kind write_blocker --version 1.2 --serial X-1
printf 'it works' >"$dir/report"
ok exhibit tool validated WB-1 --report "$dir/report" --until 2030-01-01
ok exhibit --json tool show WB-1
is '.validated_until[0:4]' "$(TZ=UTC date -d '2030-01-01 00:00' +%Y)"
is .serial X-1
[ -e "$EXHIBIT_DATA/vault/attachments/$(
	sha256sum <"$dir/report" | cut -c 1-64)" ] ||
    fault "the report is not in the vault"
refused 2 "no-such-file" exhibit tool validated WB-1 --until 2030-01-01 \
    --report "$dir/no-such-file"
printf 'of another tool' >"$dir/report2"
refused 2 'the log knows no tool "WB-2"' exhibit tool validated WB-2 \
    --report "$dir/report2" --until 2030-01-01
[ ! -e "$EXHIBIT_DATA/vault/attachments/$(
	sha256sum <"$dir/report2" | cut -c 1-64)" ] ||
    fault "a refused act left its file in the vault"

# Persons, their roles and competence.
person officer PD investigator
person keeper LAB evidence_custodian
person examiner LAB examiner
refused 2 'person "keeper" is there already' exhibit person add keeper \
    --org LAB --role evidence_custodian --name-en K
refused 2 '"wizard" is no role' exhibit person add merlin --org LAB \
    --role wizard --name-en Merlin
refused 2 'the log knows no org "NO"' exhibit person add merlin --org NO \
    --role examiner --name-en Merlin
refused 2 "keeper may not act as administrator here" exhibit person add \
    merlin --org LAB --role examiner --name-en Merlin --as keeper
ok exhibit person role keeper --add courier --until 2030-01-01T00:00:00Z
ok exhibit --json person show keeper
is '.roles | map(.role) | join(",")' evidence_custodian,courier
ok exhibit person role keeper --end courier
refused 2 "keeper does not have the role courier" exhibit person role keeper \
    --end courier
refused 64 "give one of --add and --end" exhibit person role keeper courier
ok exhibit person competence examiner --method imaging \
    --until 2030-01-01T00:00:00Z
ok exhibit --json person show examiner
is '.competence[0].method' imaging
refused 64 "needs its offset" exhibit --json person competence examiner \
    --method imaging --until 2030-01-01T00:00:00
ok exhibit delegate --to station --as examiner
ok exhibit --json delegate list
is '.delegates[] | select(.delegate == "station/examiner") | .delegate' \
    station/examiner
ok exhibit delegate show station/examiner
refused 2 "no delegate" exhibit delegate show station/officer
refused 2 "" exhibit delegate --to station --as officer

# Killed between its entry and its login, it is finished by the next run.
ok exhibit person add late --org LAB --role examiner --name-en Late
sql 'DROP ROLE person_late'
before=$(size)
ok exhibit --json person add late --org LAB --role examiner --name-en Late
is .person late
is '.leaf // "none"' none
[ "$(size)" = "$before" ] || fault "the person was entered again"
ok exhibit key new late --person late
ok exhibit delegate --to station --as late
refused 2 'person "late" is there already' exhibit person add late --org LAB \
    --role examiner --name-en Late

# Keys.
ok exhibit --json key list
is '[.keys[].name] | contains(["admin","officer","keeper","examiner"])' true
refused 2 'there is a key "keeper"' exhibit key new keeper --person keeper
refused 2 'the log knows no person "nobody"' exhibit key new x \
    --person nobody
ok exhibit key new spare --person examiner
ok exhibit key revoke spare --reason "lost" \
    --suspect-since 2026-01-01T00:00:00Z
refused 2 revoked exhibit delegate --to station --as spare

# Policy: what is shown can be put in force again, changed.
ok exhibit --json policy show
is .version 1
tail -n 1 "$dir/out" | jq -c '.policy | .witness_seal_break = 1' \
    >"$dir/policy"
ok exhibit policy set "$dir/policy"
ok exhibit --json policy show
is .version 2
is .policy.witness_seal_break 1
echo '{"no":' >"$dir/bad"
refused 2 "$dir/bad" exhibit policy set "$dir/bad"
echo '{"no":1}' >"$dir/bad"
refused 2 "$dir/bad" exhibit policy set "$dir/bad"
refused 2 "no-such-file" exhibit policy set "$dir/no-such-file"

# Cases are a person's business.
refused 2 "who acts?" exhibit case open C-1 --title T
refused 2 "who acts?" exhibit case list
refused 2 "may not act as officer here" exhibit case open C-1 --title T \
    --as keeper
printf 'First paragraph.\r\n\r\nSecond paragraph.\n' >"$dir/summary"
ok exhibit --json case open C-1 --title "A title" --level B --tlp amber \
    --sector energy --offence X-1 --offence X-2 --form incident \
    --summary-file "$dir/summary" --other-number "PO:7" --other-number PD:8 \
    --authority warrant:W-1 --authority-from 2026-01-01T00:00:00Z \
    --authority-until 2030-01-01T00:00:00Z --authority consent:K-1 \
    --as officer
is .case C-1
is '.events | length' 1
ok exhibit --json case show C-1 --as officer
is .title "A title"
is .level B
is .tlp amber
is '.offences | join(",")' X-1,X-2
is '.summary | join("|")' "First paragraph.|Second paragraph."
is '.other_number | join("|")' "PO:7|PD:8"
is '.authorities | length' 2
is '.authorities[] | select(.number == "W-1") | .until' \
    2030-01-01T00:00:00.000000Z
refused 2 "there is a case C-1 already" exhibit case open C-1 --title T \
    --as officer
refused 64 '"W-1" is no authority' exhibit case open C-2 --title T \
    --authority W-1 --as officer
refused 64 "--kind is one of warrant, consent, order" exhibit case open C-2 \
    --title T --authority wish:W-1 --as officer
refused 64 "authority W-1 is given twice" exhibit case open C-2 --title T \
    --authority warrant:W-1 --authority order:W-1 --as officer
refused 64 "it ends before it begins" exhibit case open C-2 --title T \
    --authority warrant:W-1 --authority-from 2026-02-01T00:00:00Z \
    --authority-until 2026-01-01T00:00:00Z --as officer
refused 64 "stands behind its --authority" exhibit case open C-2 --title T \
    --authority-from 2026-02-01T00:00:00Z --as officer
refused 64 "--level is one of A, B, C, D" exhibit case open C-2 --title T \
    --level E --as officer
refused 64 "more than 64 characters" exhibit case open \
    "$(printf '%065d' 0)" --title T --as officer
ok exhibit case open "案 $(printf '%062d' 0)" --title T --as officer
refused 64 "" exhibit case open "$(printf 'a\033b')" --title T --as officer

# Who sees it: the opener's organisation, who was granted, not when sealed.
refused 2 "C-1: no such case, or it may not be seen" exhibit case show C-1 \
    --as keeper
ok exhibit case grant C-1 --to LAB --as officer
ok exhibit case show C-1 --as keeper
ok exhibit case grant C-1 --to LAB --end --as officer
refused 2 "C-1: no such case" exhibit case show C-1 --as keeper
refused 2 "LAB was not granted access" exhibit case grant C-1 --to LAB --end \
    --as officer
refused 2 'no person or organisation "NO"' exhibit case grant C-1 --to NO \
    --as officer
person officer2 PD investigator
ok exhibit case show C-1 --as officer2
ok exhibit case seal C-1 --as officer
refused 2 "C-1: no such case" exhibit case show C-1 --as officer2
ok exhibit --json case list --as officer2
is '.cases | map(.case) | contains(["C-1"])' false
ok exhibit case grant C-1 --to officer2 --as officer
ok exhibit case show C-1 --as officer2

# What a case says changes; cases belong together; somebody works on it.
ok exhibit case change C-1 --title "Another title" --level A --as officer
ok exhibit --json case show C-1 --as officer
is .title "Another title"
is .level A
is .tlp amber
is '.summary | join("|")' "First paragraph.|Second paragraph."
refused 64 "what is to change?" exhibit case change C-1 --as officer
ok exhibit case open C-3 --title T --as officer
ok exhibit case link C-1 C-3 --as officer
refused 2 "C-9: no such case" exhibit case link C-1 C-9 --as officer
ok exhibit case assign C-1 examiner --as officer
refused 2 'the log knows no person "nobody"' exhibit case assign C-1 nobody \
    --as officer

# Authorities come and go; a closed case takes no item.
ok exhibit case authorize C-1 order:O-1 --until 2030-01-01T00:00:00Z \
    --document "$dir/report2" --scope "one disk" --as officer
refused 2 "the case has an authority O-1 already" exhibit case authorize C-1 \
    order:O-1 --as officer
ok exhibit case authorize-end C-1 order:O-1 --as officer
ok exhibit --json case show C-1 --as officer
is '.authorities[] | select(.number == "O-1") | .valid' 0
refused 2 "the case has no authority O-9" exhibit case authorize-end C-1 O-9 \
    --as officer
ok exhibit case close C-1 --as officer
refused 2 "case C-1 is closed" exhibit case change C-1 --level B --as officer
refused 2 "case C-1 is closed" exhibit case close C-1 --as officer
refused 2 "case C-1 is closed" exhibit item announce C-1 A-1 --kind device \
    --description d --seizure-record R --as officer
refused 2 "there is no case C-9" exhibit case close C-9 --as officer
done_testing
