#!/bin/bash
# outside.sh -- a log that others vouch for: 3 without them, 0 with them, and
# what is not theirs counts for nothing.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

vouch() { "$EXHIBIT_SOURCE/scripts/vouchers.sh" "$dir/vouch" "$@"; }
cease() {
	vouch stop || true
	finish
}
trap cease EXIT

people
open_case C-1
needs custody seize officer W-1 --case C-1 --seizure-record R-1 \
    --authority W-C-1 --place "a desk" --kind physical_medium \
    --description "A disk"
trust=$EXHIBIT_DATA/trust

# Nobody vouches for it yet.
refused 2 "names no witness" exhibit log cosign
refused 2 "names no time-stamp authority" exhibit log stamp
needs exhibit bundle C-1 --to "$dir/before" --as examiner
ends 3 exhibit-verify "$dir/before" --policy "$trust/policy" \
    --roots "$trust/roots.pem"

# A quorum of nobody is refused; then two organisations are named.
vouch make "$(sed -n 's/^log //p' "$trust/policy")"
vouch start
vouch policy >"$dir/policy.json"
jq 'del(.witnesses)' "$dir/policy.json" >"$dir/nobody.json"
refused 2 "no witnesses" exhibit policy set "$dir/nobody.json" --as head
cp "$dir/vouch/tsa/root.pem" "$trust/tsa.pem"
needs exhibit policy set "$dir/policy.json" --as head
ok exhibit --json status
is .witnesses 1
is .anchor running
ok exhibit --json log cosign
is '.asked[0].result' cosigned
ok exhibit --json log stamp
is '.asked[0].result' stamped

needs exhibit bundle C-1 --to "$dir/after" --as examiner
cat "$trust/roots.pem" "$dir/vouch/tsa/root.pem" >"$dir/roots.pem"
ok exhibit-verify "$dir/after" --policy "$trust/policy" --roots "$dir/roots.pem"
says "cosigned by w1 (EXAMPLE-MINISTRY)"
says "stamped by  EXAMPLE-TIME Clock"
ok exhibit-verify --json "$dir/after" --policy "$trust/policy" \
    --roots "$dir/roots.pem"
is '.cosigners | length' 1
[ "$(value '[.intervals[] | select(.not_after != null)] | length')" -gt 3 ] ||
    fault "no entry has an interval"
# What was done since is cosigned a moment later, or when it is asked for.
ok exhibit log cosign
ok exhibit log verify --policy "$trust/policy" --roots "$dir/roots.pem"
ok sh "$dir/after/verify.sh" "$trust/roots.pem" "$trust/log.pem"
openssl ts -verify -in "$(ls "$dir"/after/timestamps/*.tsr | tail -n 1)" \
    -data "$(ls "$dir"/after/timestamps/*.txt | tail -n 1)" \
    -CAfile "$dir/vouch/tsa/root.pem" 2>/dev/null | grep -q OK ||
    fault "openssl takes another view of the time-stamp"

# A report is stamped too: a token over the value of its signature.
ok exhibit --json report C-1 --to "$dir/report.pdf" --as examiner
is .stamped true
LC_ALL=C grep -aoP '/Contents <\K[0-9a-f]*(?=>)' "$dir/report.pdf" |
    xxd -r -p >"$dir/sig.der"
python3 - "$dir/sig.der" "$dir/value" "$dir/token" <<-'END'
	import sys
	def tlv(b, i):
	    n, j = b[i + 1], i + 2
	    if n & 0x80:
	        j += n & 0x7f
	        n = int.from_bytes(b[i + 2:j], 'big')
	    return b[i], j, j + n
	def inside(b, i):
	    _, j, end = tlv(b, i)
	    while j < end:
	        yield j
	        j = tlv(b, j)[2]
	b = open(sys.argv[1], 'rb').read()
	signed = next(inside(b, list(inside(b, 0))[1]))
	info = list(inside(b, next(inside(b, list(inside(b, signed))[-1]))))
	sig, attr = info[5], next(inside(b, info[6]))
	token = next(inside(b, list(inside(b, attr))[1]))
	open(sys.argv[2], 'wb').write(b[tlv(b, sig)[1]:tlv(b, sig)[2]])
	open(sys.argv[3], 'wb').write(b[token:tlv(b, token)[2]])
END
openssl ts -verify -token_in -in "$dir/token" -data "$dir/value" \
    -CAfile "$dir/vouch/tsa/root.pem" 2>/dev/null | grep -q OK ||
    fault "openssl does not take the token of the report"
pdfsig -nocert "$dir/report.pdf" 2>&1 | grep -q 'Signature is Valid' ||
    fault "pdfsig does not take the stamped report"

# Without policy and roots nobody's word counts; nor the operator's own.
ends 3 exhibit-verify "$dir/after"
sed 's/organisation w1 .*/organisation w1 LAB/; s/clock EXAMPLE-TIME/clock LAB/' \
    "$trust/policy" >"$dir/own"
ends 3 exhibit-verify "$dir/after" --policy "$dir/own" --roots "$dir/roots.pem"
# The operator's own witness and somebody else's clock do.
sed 's/organisation w1 .*/organisation w1 LAB/' "$trust/policy" >"$dir/clock"
ok exhibit-verify "$dir/after" --policy "$dir/clock" --roots "$dir/roots.pem"
# A witness that the verifier does not know is nobody.
exhibit-witness "$dir/other" make witness.example/w1 >"$dir/other.vkey"
sed "s|^witness w1 [^ ]*|witness w1 $(cat "$dir/other.vkey")|" \
    "$trust/policy" >"$dir/invented"
ends 3 exhibit-verify "$dir/after" --policy "$dir/invented" \
    --roots "$dir/roots.pem"

# Its line with one bit changed is a fault, not a missing line.
cp -r "$dir/after" "$dir/harmed"
note=$dir/harmed/checkpoints/checkpoint.txt
python3 - "$note" <<'END'
import base64, sys
text = open(sys.argv[1], encoding="utf-8").read().rstrip("\n").split("\n")
head, sig = text[-1].rsplit(" ", 1)
raw = bytearray(base64.b64decode(sig))
raw[-1] ^= 1
text[-1] = head + " " + base64.b64encode(raw).decode()
open(sys.argv[1], "w", encoding="utf-8").write("\n".join(text) + "\n")
END
ends 1 exhibit-verify "$dir/harmed" --policy "$trust/policy" \
    --roots "$dir/roots.pem"

# After a start the log waits for the witness; entries queue.
ok exhibit down
vouch stop witness
ok exhibit up
ok exhibit --json status
is .waits_for_witness true
vouch start
for _ in $(seq 300); do
	exhibit --json status | jq -e '.waits_for_witness == false' \
	    >/dev/null && break
	sleep 0.1
done
ok custody note officer W-1 --note "it goes on"

exit $((faults > 0))
