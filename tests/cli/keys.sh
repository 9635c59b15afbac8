#!/bin/bash
# keys.sh -- keys from the front door: on a card (SoftHSM2 plays it), in PEM
# files, of another body's CA; who may enrol them, and what a stranger's
# openssl says of what they signed.
set -euo pipefail

tmp=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-keys.XXXXXX")
chmod 711 "$tmp"
export PATH=$EXHIBIT_BUILD/bin:$PATH LC_ALL=C.UTF-8 EXHIBIT_DATA=$tmp/house
unset EXHIBIT_AS EXHIBIT_PIN

finish() {
	exhibit --quiet down >/dev/null 2>&1 || true
	rm -rf "$tmp"
}
trap finish EXIT

failures=0
wrong() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# ends STATUS TEXT ARGUMENT...: exhibit ends so, and says TEXT in one line
# where it is an error.
ends() {
	local status=$1 text=$2 got=0
	shift 2
	exhibit "$@" >"$tmp/out" 2>"$tmp/err" || got=$?
	echo "exhibit $* -> $got"
	if [ "$got" = 2 ] && [ "$(wc -l <"$tmp/err")" != 1 ]; then
		wrong "not one line: $(cat "$tmp/err")"
	fi
	[ "$got" = "$status" ] && cat "$tmp/out" "$tmp/err" | grep -qE -- "$text" && return
	cat "$tmp/out" "$tmp/err"
	wrong "wanted exit status $status and \"$text\""
}

# is JQ ARGUMENT...: exhibit's summary is so.
is() {
	local filter=$1
	shift
	exhibit --json "$@" >"$tmp/out" 2>&1 || true
	tail -n 1 "$tmp/out" | jq -e "$filter" >/dev/null ||
		wrong "$*: not $filter: $(tail -n 1 "$tmp/out")"
}

digest() { openssl x509 -in "$1" -outform DER | sha256sum | cut -c1-64; }

card=$tmp/card
"$EXHIBIT_SOURCE/tests/signing/token.sh" "$card"
export SOFTHSM2_CONF=$card/softhsm.conf
printf '654321\n' >"$tmp/pin2"
uri="pkcs11:token=card-1;object=sign?module-path=$(cat "$card/module")"

exhibit --quiet init
exhibit policy show --json | tail -n 1 |
	jq -c --arg a "$(digest "$card/issuing.pem")" \
	    --arg b "$(digest "$card/root.pem")" \
	    '.policy + {roots: [$a, $b]}' >"$tmp/policy"
for who in eva:examiner,evidence_custodian rita:investigator otto:examiner \
    rolf:registrar; do
	exhibit --quiet person add "${who%%:*}" --org LAB --role "${who#*:}" \
	    --name-en Sample
done

# Another body's CA is one that the policy names.
export EXHIBIT_PIN_EVA=123456 EXHIBIT_PIN_RITA=123456
ends 2 'CA that issued .* is not known' key enrol eva --person eva \
    --cert "$card/p256.pem" --pkcs11 "$uri"
ends 2 'policy does not name the CA' key enrol eva --person eva \
    --cert "$card/p256.pem" --pkcs11 "$uri" --ca "$card/ca.pem"
jq -c '.roots = ["x"]' "$tmp/policy" >"$tmp/nonsense"
ends 2 'roots: the SHA-256' policy set "$tmp/nonsense"
exhibit --quiet policy set "$tmp/policy"

# A card's P-256 and RSA key; a PIN at each act, from where PINs come from.
is '.storage == "card" and .locked and
    .assurance == "own card, other body'\''s CA"' \
    key enrol eva --person eva --cert "$card/p256.pem" --pkcs11 "$uri" \
    --ca "$card/ca.pem"
openssl x509 -in "$card/rsa.pem" -outform DER -out "$tmp/rsa.cer"
ends 0 'other body' key enrol rita --person rita --cert "$tmp/rsa.cer" \
    --pkcs11 "$uri"
ends 2 'enrolled' key enrol eva --person eva --cert "$card/p256.pem" \
    --pkcs11 "$uri"
exhibit --quiet --as rita case open C-1 --title Sample
exhibit --quiet --as rita item announce C-1 X-1 --kind device \
    --description sample --seizure-record R --seal none
exhibit --quiet --as eva --with rita custody receive X-1 --seal none \
    --seal-state none --condition ok
[ ! -e "$EXHIBIT_DATA/keys/eva.key" ] || wrong "a card's key has a file"

# What cannot sign: one line, exit 2, nothing in the log.
entries() {
	{ exhibit --json key list; exhibit --json item history X-1; } |
		jq -s '[.[] | (.keys, .entries) | arrays | length] | add'
}
before=$(entries)
unset EXHIBIT_PIN_EVA
printf '000000\n' >"$tmp/bad"
ends 2 'PIN of the card .* is needed' --json --as eva custody note X-1 --note x
ends 2 'wrong PIN for the card "card-1" of key "eva": the card counts' \
    --as eva --pin-file "eva=$tmp/bad" custody note X-1 --note x
mv "$card/tokens" "$card/away"
mkdir "$card/tokens"
ends 2 'not in a reader' --as eva custody note X-1 --note x
rmdir "$card/tokens"
mv "$card/away" "$card/tokens"
export EXHIBIT_PIN_OTTO=123456
ends 2 'no PKCS#11 URI' key enrol otto --person otto \
    --cert "$card/always.pem" --pkcs11 "card-1"
ends 2 'does not belong to the key' key enrol otto --person otto \
    --cert "$card/other.pem" --pkcs11 "$uri"
ends 2 'unsuitable certificate purpose' key enrol otto --person otto \
    --cert "$card/server.pem" --pkcs11 "$uri"
ends 2 'not in a reader' key enrol otto --person otto \
    --cert "$card/always.pem" --pkcs11 "${uri/card-1/card-9}"
ends 2 'nothing was signed' --pin-file "otto=$tmp/bad" key enrol otto \
    --person otto --cert "$card/always.pem" --pkcs11 "$uri"
ends 64 'goes with --pkcs11' key enrol otto --person otto --hsm \
    --cert "$card/always.pem"
[ "$before" = "$(entries)" ] ||
	wrong "something refused came into the log"
for file in "$EXHIBIT_DATA"/keys/otto*; do
	[ ! -e "$file" ] || wrong "a refused key was kept: $file"
done

# One that wants its PIN at each use; it says "hsm" when told so.
is '.storage == "hsm"' key enrol otto --person otto --hsm \
    --cert "$card/always.pem" --pkcs11 "$uri"
export EXHIBIT_PIN_EVA=123456
ends 0 'in the log' --as otto custody note X-1 --note "by the HSM"

# A PEM file beside its certificate, encrypted by the stock tool; or in clear.
lab() { # lab NAME: key and certificate of the laboratory's own CA
	openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
	    -out "$tmp/$1.plain"
	openssl req -new -key "$tmp/$1.plain" -subj "/CN=x" -outform DER \
	    -out "$tmp/$1.csr"
	exhibit-ca "$EXHIBIT_DATA/ca" person rolf LAB <"$tmp/$1.csr" >"$tmp/$1.cer"
}
lab rolf
openssl pkcs8 -topk8 -scrypt -in "$tmp/rolf.plain" -out "$tmp/rolf.key" \
    -passout pass:geheim
export EXHIBIT_PIN_ROLF=falsch
ends 2 'wrong PIN' key enrol rolf --person rolf --cert "$tmp/rolf.cer"
unset EXHIBIT_PIN_ROLF
ends 2 'PIN of the key "rolf" is needed' --json key enrol rolf --person rolf \
    --cert "$tmp/rolf.cer"
export EXHIBIT_PIN_ROLF=geheim
ends 2 'is that of rolf of LAB, not of otto' --pin-file "otto2=$tmp/pin" key \
    enrol otto2 --person otto --cert "$tmp/rolf.cer" --key "$tmp/rolf.plain"
is '.storage == "file" and .locked and
    .assurance == "software key, laboratory CA"' \
    key enrol rolf --person rolf --cert "$tmp/rolf.cer"
[ "$(stat -c %a "$EXHIBIT_DATA/keys/rolf.key")" = 600 ] || wrong "not 0600"
grep -q ENCRYPTED "$EXHIBIT_DATA/keys/rolf.key" || wrong "the key is in clear"
ends 2 'no such file; the key of' key enrol r2 --person rolf --cert "$tmp/rsa.cer"
lab second
ends 0 'has no PIN' --as rolf key enrol second --person rolf \
    --cert "$tmp/second.cer" --key "$tmp/second.plain"
is '.successor == .successor and (.successor | length) == 64' key show rolf

# From now on two registrars see a new person.
jq -c '.registrars = 2' "$tmp/policy" >"$tmp/policy2"
exhibit --quiet policy set "$tmp/policy2"
exhibit --quiet person add nora --org LAB --role examiner --name-en Sample
ends 2 'takes 2 registrars, 1 signed' key new nora --person nora
ends 0 'has no PIN' --with rolf key new nora --person nora
is '.registrars == 2 and .since > 0 and (.until | not)' key show nora

# The strangers' openssl, with the roots that the house publishes.
exhibit --json item history X-1 | tail -n 1 | jq -e '[.entries[].parties[] |
    .assurance] | length == 4 and
    all(. == "own card, other body'\''s CA")' >/dev/null ||
	wrong "the history's assurance"
exhibit --quiet log export "$tmp/log"
roots=$EXHIBIT_DATA/trust/roots.pem
n=0
for entry in "$EXHIBIT_DATA"/receipts/*.p7m; do
	openssl cms -verify -binary -cades -inform DER -no-CApath -no-CAstore \
	    -CAfile "$roots" -purpose smimesign -in "$entry" -out /dev/null \
	    2>"$tmp/err" || wrong "openssl: $entry: $(cat "$tmp/err")"
	n=$((n + 1))
done
[ "$n" -gt 10 ] || wrong "only $n receipts"
ends 3 'consistent' log verify --roots "$roots"
exhibit --quiet --as eva bundle X-1 --to "$tmp/bundle"
rc=0
exhibit-verify "$tmp/bundle" --roots "$roots" >"$tmp/out" 2>&1 || rc=$?
[ "$rc" = 3 ] || { cat "$tmp/out"; wrong "exhibit-verify: $rc"; }
rc=0
exhibit-verify "$tmp/bundle" >"$tmp/out" 2>&1 || rc=$?
[ "$rc" = 3 ] || { cat "$tmp/out"; wrong "exhibit-verify without roots: $rc"; }
exhibit --quiet --as eva report X-1 --to "$tmp/report.txt"
grep -q "own card, other body's CA" "$tmp/report.txt" ||
	wrong "the report does not say whose CA"

# A stolen card: what it signed from then on is disputed, wherever one looks,
# until its owner answers with another key.
since=$(date -u +%FT%TZ)
is '.seq > 0' --as rita custody note X-1 --note "whose word?"
leaf=$(tail -n 1 "$tmp/out" | jq -r .leaf)
ends 0 'event' key revoke rita --reason "stolen" --suspect-since "$since"
ends 2 'a key that was revoked' --as rita custody note X-1 --note x
is '.until > .since and .compromised_since' key show rita
is '[.entries[] | select(.dispute.state == "disputed")] | length == 1' \
    item history X-1
is '[.findings[].code] | index("disputed")' item continuity X-1
ends 1 'neither confirmed nor disowned' log verify
exhibit --quiet --as eva bundle X-1 --to "$tmp/disputed"
rc=0
exhibit-verify "$tmp/disputed" --roots "$roots" >"$tmp/out" 2>&1 || rc=$?
if [ "$rc" != 1 ] || ! grep -q 'neither confirmed nor disowned' "$tmp/out"; then
	cat "$tmp/out"
	wrong "exhibit-verify of disputed entries: $rc"
fi
exhibit --quiet --with rolf key new rita2 --person rita
ends 0 'in the log' --as eva custody confirm X-1 --entry "$leaf"
ends 1 'neither confirmed nor disowned' log verify
ends 0 'in the log' --as rita2 custody confirm X-1 --entry "$leaf"
is '[.entries[] | select(.dispute.state == "confirmed")] | length == 1' \
    item history X-1
ends 3 'consistent' log verify --roots "$roots"

# A key is replaced by its owner: under its name lies the new one, and the old
# one ends where the log has the rotation.
old=$(digest "$EXHIBIT_DATA/keys/rolf.pem")
ends 0 'in the log|event' --as rolf key rotate rolf
[ "$(digest "$EXHIBIT_DATA/keys/rolf.pem")" != "$old" ] || wrong "the old key"
is ".until > 0 and (.successor | length) == 64" key show "$old"
is '.seq > 0' --as rolf custody note X-1 --note "with the new key"
ends 0 'card' --as eva key rotate eva --cert "$card/other.pem" \
    --pkcs11 "${uri/card-1/card-2}" --pin-file "eva.next=$tmp/pin2"
ends 0 'event' key rotate station
ends 0 'event' key rotate service
ends 64 'comes with its --cert' key rotate station --hsm
ends 2 'no key "nobody"' key rotate nobody
ends 3 'consistent' log verify --roots "$roots"

# A run that was killed while it renamed is finished by the next one.
cd "$EXHIBIT_DATA/keys"
mv rolf.pem rolf.next.pem
mv rolf.key rolf.next.key
cp rolf.was-*.pem rolf.pem
new=$(digest rolf.next.pem)
ends 0 'key +rolf' --as rolf key rotate rolf
if [ "$(digest rolf.pem)" != "$new" ] || [ ! -e rolf.key ] ||
    [ -e rolf.next.key ]; then
	wrong "the renaming was not finished: $(echo rolf.*)"
fi
cd "$tmp"

[ "$failures" = 0 ] || { echo "$failures failed"; exit 1; }
echo "keys: all as it should be"
