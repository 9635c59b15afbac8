#!/bin/bash
# rotate.sh -- the log's key and the laboratory's CA are replaced: one
# checkpoint carries both lines, and what was signed before stays good.
set -euo pipefail

tmp=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-rotate.XXXXXX")
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

# ends STATUS TEXT PROGRAM ARGUMENT...
ends() {
	local status=$1 text=$2 got=0
	shift 2
	"$@" >"$tmp/out" 2>&1 || got=$?
	echo "$* -> $got"
	[ "$got" = "$status" ] && grep -qE -- "$text" "$tmp/out" && return
	cat "$tmp/out"
	wrong "wanted exit status $status and \"$text\""
}

lines() { grep -c '^— ' "$1"; }
trust=$EXHIBIT_DATA/trust

exhibit --quiet init
exhibit --quiet person add eva --org LAB --role examiner,investigator --name-en Sample
exhibit --quiet key new eva --person eva
exhibit --quiet --as eva case open C-1 --title Sample
exhibit --quiet --as eva item announce C-1 X-1 --kind device \
    --description sample --seizure-record R --seal none
exhibit --quiet --as eva bundle X-1 --to "$tmp/before"
exhibit log checkpoint >"$tmp/note"
cp "$trust/policy" "$tmp/policy"
cp -r "$EXHIBIT_DATA/receipts" "$tmp/receipts"
old=$(sed -n 's/^log //p' "$tmp/policy")

# Only an administrator; nothing is left behind.
ends 2 'takes the role administrator' exhibit --as eva key rotate-log
[ ! -e "$EXHIBIT_DATA/log/log.next.key" ] || wrong "a refused key was left"
ends 0 'event' exhibit key rotate-log
new=$(sed -n 's/^log //p' "$trust/policy")
case $new in "$old" | "") wrong "the policy: $new" ;; esac
grep -q "$new" "$EXHIBIT_DATA/exhibit.conf" || wrong "exhibit.conf"
for file in "$EXHIBIT_DATA"/log/log.next*; do
	[ ! -e "$file" ] || wrong "left: $file"
done

# The receipt of the rotation bridges the two keys; after it only the new one.
bridge=$(for proof in "$EXHIBIT_DATA"/receipts/lab-*.tlog-proof; do
	if [ "$(lines "$proof")" = 2 ]; then echo "$proof"; fi
done)
[ "$(echo "$bridge" | wc -w)" -ge 1 ] || wrong "no checkpoint with both lines"
exhibit --quiet --as eva custody note X-1 --note "after the rotation"
exhibit log checkpoint >"$tmp/after"
[ "$(lines "$tmp/after")" = 1 ] || wrong "$(cat "$tmp/after")"
openssl pkey -pubin -in "$trust/log.pem" -noout || wrong "trust/log.pem"

# What was kept of before is compared, and is of the same tree.
ends 3 'consistent' exhibit log verify
ends 3 'consistent' exhibit log verify --receipts "$tmp/receipts" \
    --against "$tmp/note"
exhibit --quiet --as eva bundle X-1 --to "$tmp/both"
ends 3 '^consistent' exhibit-verify "$tmp/both" --policy "$trust/policy"
ends 1 '^fault +policy' exhibit-verify "$tmp/both" --policy "$tmp/policy"
ends 3 '^consistent' exhibit-verify "$tmp/before" --policy "$tmp/policy"
printf 'log %s\nlog %s\nquorum none\n' "$new" "$old" >"$tmp/two"
ends 3 '^consistent' exhibit-verify "$tmp/before" --policy "$tmp/two"
ends 3 '^consistent' exhibit-verify "$tmp/both" --policy "$tmp/two"

# Killed when only the public half had still to be renamed.
cp "$EXHIBIT_DATA/log/log.vkey" "$EXHIBIT_DATA/log/log.next.vkey"
chown --reference="$EXHIBIT_DATA/log/log.vkey" "$EXHIBIT_DATA/log/log.next.vkey"
ends 0 '.' exhibit key rotate-log
[ ! -e "$EXHIBIT_DATA/log/log.next.vkey" ] || wrong "the rename was not finished"
ends 3 'consistent' exhibit log verify

# A new CA: old certificates stay good, new ones are its own.
ends 2 'takes the role administrator' exhibit --as eva key rotate-ca
ends 0 'old_ca' exhibit key rotate-ca
[ "$(grep -c BEGIN "$trust/roots.pem")" = 2 ] || wrong "roots.pem has not both"
[ -e "$EXHIBIT_DATA/ca/ca.key" ] || wrong "the new CA has no key"
for file in "$EXHIBIT_DATA"/ca.was-*/ca.key "$EXHIBIT_DATA"/ca.next; do
	[ ! -e "$file" ] || wrong "left: $file"
done
exhibit --quiet key new otto --person eva
openssl verify -CAfile "$EXHIBIT_DATA/ca/ca.pem" -purpose any \
    "$EXHIBIT_DATA/keys/otto.pem" >"$tmp/out" 2>&1 ||
	wrong "otto's certificate: $(cat "$tmp/out")"
exhibit --quiet --as otto custody note X-1 --note "with the new CA"
exhibit --quiet --as eva bundle X-1 --to "$tmp/ca"
ends 3 'consistent' exhibit log verify --roots "$trust/roots.pem"
ends 3 '^consistent' exhibit-verify "$tmp/ca" --roots "$trust/roots.pem"
ends 3 '^consistent' exhibit-verify "$tmp/ca"
ends 1 '^fault +certificate' exhibit-verify "$tmp/ca" \
    --roots "$EXHIBIT_DATA/ca/ca.pem"

[ "$failures" = 0 ] || { echo "$failures failed"; exit 1; }
echo "rotate: all as it should be"
