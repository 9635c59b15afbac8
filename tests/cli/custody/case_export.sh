#!/bin/bash
# case_export.sh -- `exhibit case export`: CASE/UCO whose links all lead somewhere,
# a table that a spreadsheet does not calculate, and a signed entry for both.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

# graph FILTER: of the exported graph.
graph() { jq -r "$1" "$dir/case.jsonld"; }

# equals WHAT HAVE WANT
equals() { [ "$2" = "$3" ] || fault "$1 is \"$2\", not \"$3\""; }

people
open_case C-1
ok exhibit item announce C-1 G-1 --kind physical_medium \
    --description '=HYPERLINK("x")' --maker Sample --serial '+SN-1' \
    --seizure-record R-1 --seal S-1 --as officer
found custody receive keeper G-1 --with officer --seal S-1 \
    --seal-state damaged --condition "torn" --serial '+SN-1'
ok custody store keeper G-1 --location VAULT
ok custody note keeper G-1 --note "the bag is torn" --purpose '=1+1, "quoted"'

ok exhibit --json case export C-1 --format case --to "$dir/case.jsonld" \
    --recipient prosecutor --as examiner
is .format case
is .sha256 "$(sha256sum <"$dir/case.jsonld" | cut -c 1-64)"

# One node of a name; every link leads to a node; every action is in order.
equals "names used twice" "$(graph '[.. | objects | select(has("@type") and
    has("@id")) | .["@id"]] | length - (unique | length)')" 0
equals "links that lead nowhere" "$(graph '[.. | objects |
    select(has("@id"))] as $all |
    ([$all[] | select(has("@type")) | .["@id"]] | unique) as $nodes |
    [$all[] | select(has("@type") | not) | .["@id"]] - $nodes | length')" 0
graph '.["@graph"][] | .["@type"]' | sort -u >"$dir/types"
for type in case-investigation:Investigation case-investigation:Authorization \
    case-investigation:InvestigativeAction uco-observable:Device \
    case-investigation:ProvenanceRecord uco-identity:Person; do
	grep -qxF "$type" "$dir/types" || fault "no node is a $type"
done
equals exhibit "$(graph '.["@graph"][] |
    select(.["@type"] == "case-investigation:ProvenanceRecord") |
    .["case-investigation:exhibitNumber"]')" G-1
equals acts "$(graph '[.["@graph"][] | select(has("exhibit:act"))] |
    sort_by(.["exhibit:sequence"]["@value"] | tonumber) |
    map(.["exhibit:act"]) | join(" ")')" "announce receive store note"
equals "the seal found" "$(graph '.["@graph"][] |
    select(.["exhibit:act"] == "receive") | .["exhibit:sealState"]')" damaged
equals parties "$(graph '[.["@graph"][] |
    select(.["exhibit:act"] == "receive") | .["exhibit:party"][] |
    .["exhibit:role"]] | sort | join(" ")')" "custodian submitter"
equals "chain of actions" "$(graph '[.["@graph"][] |
    select(.["case-investigation:wasInformedBy"])] | length')" 3
# Every prefix that is used is explained.
equals "prefixes without a name" "$(graph '(.["@context"] | keys) as $known |
    [.["@graph"] | .. | objects | keys[] | select(startswith("@") | not) |
    split(":")[0]] - $known | length')" 0

# The same case gives the same names of things.
graph '.["@graph"][] | .["@id"]' >"$dir/first"
rm "$dir/case.jsonld"
ok exhibit case export G-1 --format case --to "$dir/case.jsonld" --as examiner
graph '.["@graph"][] | .["@id"]' | sort >"$dir/second"
sort "$dir/first" | comm -12 - "$dir/second" >"$dir/both"
equals "the item's nodes" "$(wc -l <"$dir/both")" "$(wc -l <"$dir/second")"

# The table: as many lines as entries, nothing that is calculated.
ok exhibit case export C-1 --format csv --to "$dir/case.csv" --as prosecutor
python3 - "$dir/case.csv" <<'PY' || fault "the table"
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding='utf-8-sig', newline='')))
assert [r['act'] for r in rows][:4] == ['announce', 'receive', 'store', 'note'], rows
assert rows[3]['purpose'] == '\'=1+1, "quoted"', rows[3]
assert rows[1]['seal_state'] == 'damaged' and rows[1]['custodian'] == 'keeper'
assert not [c for r in rows for c in r.values() if c[:1] in '=+-@' and c]
PY

# It is an act, it replaces nothing, and it is refused to others.
ok exhibit case show C-1 --as examiner
equals exports "$(exhibit --json log show | tail -n 1 |
    jq '[.entries[] | select(.action == "export")] | length')" 3
refused 2 "there already" exhibit case export C-1 --format csv \
    --to "$dir/case.csv" --as examiner
refused 64 "case" exhibit case export C-1 --format xml --to "$dir/x" \
    --as examiner
refused 2 "role" exhibit case export C-1 --format csv --to "$dir/x" \
    --as keeper
[ ! -e "$dir/x" ] || fault "a file of a refused export"
done_testing
