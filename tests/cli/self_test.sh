#!/bin/bash
# self_test.sh -- the checklist runs here as a whole, and what it found is
# signed with the digest of its report.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/custody/house.sh"

needs exhibit init
ends 0 exhibit --json --as admin self-test
is .counts.fail 0
[ "$(value .counts.pass)" -ge 30 ] || fault "few lines pass here"
is '[.lines[] | select(.line == "H-01")][0].result' not_validated_on_hardware
is '[.lines[] | select(.line == "B-22")][0].result' pass
for line in A-03 B-23 X-12 X-13 X-15; do
	is "[.lines[] | select(.line == \"$line\")][0].result" pass
done
report=$(value .report)
event=$(value .event)
kept=$EXHIBIT_DATA/vault/attachments/$report
[ "$(sha256sum <"$kept" | cut -d' ' -f1)" = "$report" ] ||
	fault "the vault has no report of that digest"
jq -e '.lines | length > 30' "$kept" >"$dir/out" || fault "it has no lines"
ok exhibit --json tool show EXHIBIT
value .validated_until | grep -q "^20" || fault "it is not valid"
ok exhibit --json log show
says "$event"
ends 3 exhibit log verify

# One line alone, and words that make no sense.
ok exhibit self-test --line A-10
says "A-10"
says_no 64 "no line Z-1" exhibit self-test --line Z-1
says_no 64 "the whole checklist" exhibit self-test --line A-10 --as admin

exit $((faults > 0))
