#!/bin/sh
# verify.sh -- check this bundle with openssl, sha256sum, xxd, base64 and date.
#
#   sh verify.sh [ROOTS.pem [LOG.pem]]
#
# ROOTS.pem: certificates of the CAs you trust; LOG.pem: the log's public key.
# Get both from somewhere else than this bundle.  Without them the hints in
# trust/ are used: then the bundle is compared with itself only.
#
# Exit: 0 everything holds, 1 something does not, 2 a tool is missing.
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")" || exit 2

roots=${1:-trust/roots.pem}
log=${2:-trust/log.pem}
bad=0
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT

for tool in openssl sha256sum xxd base64 date sed grep awk; do
	command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }
done

wrong() {
	echo "WRONG: $*"
	bad=1
}

# leaf FILE: SHA-256(0x00 || file)
leaf() {
	(printf '\0'; cat "$1") | sha256sum | cut -c1-64
}

# node LEFT RIGHT: SHA-256(0x01 || left || right), in hexadecimal
node() {
	(printf '\1'; printf '%s%s' "$1" "$2" | xxd -r -p) | sha256sum |
	    cut -c1-64
}

# number TEXT: is it a decimal number, and nothing that a shell would run?
number() {
	case $1 in
	'' | *[!0-9]* | ????????????????*) return 1 ;;
	esac
}

# certs FILE: SHA-256 of each certificate in a PEM file, sorted
certs() {
	rm -f "$tmp"/cert.*
	awk -v p="$tmp/cert." '/^-----BEGIN/ { n++ } n { print >(p n) }' "$1"
	for c in "$tmp"/cert.*; do
		[ ! -f "$c" ] || openssl x509 -in "$c" -outform DER |
		    sha256sum | cut -c1-64
	done | sort
}

echo "== files against manifest.json"
# Nothing else is read: a link leads elsewhere, a pipe never ends.
if find . ! -type f ! -type d | grep .; then
	echo "WRONG: links, pipes or devices among the files"
	exit 1
fi
grep -o '{"path":"[^"]*","sha256":"[0-9a-f]*","size":[0-9]*}' manifest.json |
    sed 's/{"path":"\([^"]*\)","sha256":"\([0-9a-f]*\)".*/\2  \1/' >"$tmp/sums"
# Only files of this folder are read.
if cut -c67- "$tmp/sums" | grep -v \
    '^[A-Za-z0-9][A-Za-z0-9._-]*\(/[A-Za-z0-9][A-Za-z0-9._-]*\)*$'; then
	echo "WRONG: a path that leads out of this folder"
	exit 1
fi
sha256sum --check --strict --quiet "$tmp/sums" || wrong "a file's digest"
find . -type f ! -path ./manifest.json | sed 's,^\./,,' | sort >"$tmp/have"
cut -c67- "$tmp/sums" | sort >"$tmp/listed"
cmp -s "$tmp/have" "$tmp/listed" || {
	diff "$tmp/have" "$tmp/listed"
	wrong "files that the manifest does not list, or the reverse"
}

echo "== checkpoint"
note=checkpoints/checkpoint.txt
origin=$(sed -n 1p "$note")
size=$(sed -n 2p "$note")
root=$(sed -n 3p "$note" | base64 -d | xxd -p -c 64)
sed -n 1,3p "$note" >"$tmp/text"
number "$size" || { echo "WRONG: no checkpoint"; exit 1; }
echo "$origin, $size entries, root $root"
held=0
grep "^— $origin " "$note" | sed 's/.* //' >"$tmp/lines"
while read -r line; do
	echo "$line" | base64 -d | tail -c +5 >"$tmp/sig"
	openssl pkeyutl -verify -rawin -pubin -inkey "$log" \
	    -sigfile "$tmp/sig" -in "$tmp/text" >/dev/null 2>&1 && held=1
done <"$tmp/lines"
[ $held = 1 ] || wrong "no line of $note verifies with $log"

# inclusion LEAF INDEX SIZE, hashes in hexadecimal on stdin: the root they
# lead to (RFC 9162, 2.1.3.2)
inclusion() {
	r=$1 fn=$2 sn=$(($3 - 1))
	while read -r p; do
		[ $sn = 0 ] && return
		if [ $((fn & 1)) = 1 ] || [ "$fn" = "$sn" ]; then
			r=$(node "$p" "$r")
			while [ $((fn & 1)) = 0 ] && [ "$fn" != 0 ]; do
				fn=$((fn >> 1)) sn=$((sn >> 1))
			done
		else
			r=$(node "$r" "$p")
		fi
		fn=$((fn >> 1)) sn=$((sn >> 1))
	done
	[ $sn = 0 ] && echo "$r"
}

echo "== entries: signatures, chain of each stream, inclusion"
: >"$tmp/heads"
: >"$tmp/enrolled"
n=0
while [ -f "$(printf 'entries/e%04d.p7m' $((n + 1)))" ]; do
	n=$((n + 1))
	name=$(printf 'e%04d' $n)
	e=entries/$name.p7m
	body=$tmp/body
	# The time that the signers state, only to look up the certificates'
	# validity; what is signed is judged by its place in the log.
	openssl cms -cmsout -inform DER -noout -print -in "$e" >"$tmp/print" 2>&1
	at=$(grep -A4 'object: signingTime' "$tmp/print" |
	    sed -n 's/.*\(UTCTIME\|GENERALIZEDTIME\):\(.*\)/\2/p' | head -n 1)
	at=$(date -u -d "$at" +%s 2>/dev/null) || at=0
	: >"$tmp/certs.pem"
	: >"$body"
	openssl cms -verify -binary -cades -inform DER -no-CApath -no-CAstore \
	    -CAfile "$roots" -purpose smimesign -attime "$at" \
	    -in "$e" -out "$body" -certsout "$tmp/certs.pem" >/dev/null \
	    2>"$tmp/why" || wrong "$name: $(head -n 1 "$tmp/why")"
	# -cades says nothing where there are no signed attributes at all.
	signers=$(grep -c 'd.sid:\|d.issuerAndSerialNumber:' "$tmp/print")
	for attribute in contentType signingTime messageDigest \
	    signingCertificateV2; do
		[ "$(grep -c "object: .*$attribute" "$tmp/print")" = "$signers" ] ||
		    wrong "$name: not one $attribute for each signer"
	done
	# Who signed are the parties that the body names, by certificate.
	certs "$tmp/certs.pem" >"$tmp/signed"
	sed -n 's/.*,"parties":\(\[.*\]\),"pii":{.*/\1/p' "$body" |
	    grep -o '"cert_sha256":"[0-9a-f]*"' | cut -c16-79 |
	    sort >"$tmp/parties"
	if [ "$(grep -c . "$tmp/signed")" != "$signers" ] ||
	    ! cmp -s "$tmp/signed" "$tmp/parties"; then
		wrong "$name: signed by others than the parties"
	fi
	# Their keys came in with this entry or one before, and have not ended.
	fields=$(sed -n 's/.*,"fields":\({.*}\),"log":".*/\1/p' "$body")
	action=$(sed -n '1s/^{"action":"\([a-z_]*\)".*/\1/p' "$body")
	case $action in
	genesis | key_enrol | rotate)
		printf '%s\n' "$fields" | grep -o '"cert_sha256":"[0-9a-f]*"' |
		    cut -c16-79 >>"$tmp/enrolled"
		;;
	esac
	while read -r cert; do
		grep -q "$cert" "$tmp/enrolled" ||
		    wrong "$name: a key that is not enrolled"
	done <"$tmp/signed"
	case $action in
	key_revoke) ended=cert_sha256 ;;
	rotate) ended=old_cert ;;
	*) ended=none ;;
	esac
	cert=$(printf '%s\n' "$fields" |
	    sed -n 's/.*"'$ended'":"\([0-9a-f]*\)".*/\1/p')
	if [ -n "$cert" ]; then
		grep -v "$cert" "$tmp/enrolled" >"$tmp/left"
		mv "$tmp/left" "$tmp/enrolled"
	fi

	stream=$(sed -n 's/.*,"stream":\({[^}]*}\),"time_claimed":.*/\1/p' \
	    "$body")
	prev=$(sed -n 's/.*,"prev":"\([0-9a-f]*\)","schema":"custody.*/\1/p' \
	    "$body")
	want=$(awk -F '\t' -v s="$stream" '$1 == s { leaf = $2 }
	    END { print leaf }' "$tmp/heads")
	[ -n "$want" ] || want=$(printf '%064d' 0)
	[ "$prev" = "$want" ] || wrong "$name: does not follow its stream's head"
	hash=$(leaf "$e")
	printf '%s\t%s\n' "$stream" "$hash" >>"$tmp/heads"

	proof=proofs/$name.tlog-proof
	index=$(sed -n '2s/^index //p' "$proof")
	sed -n '3,/^$/p' "$proof" | grep . | while read -r line; do
		echo "$line" | base64 -d | xxd -p -c 64
	done >"$tmp/hashes"
	sed '1,/^$/d' "$proof" | cmp -s - "$note" ||
	    wrong "$name: proof to another checkpoint"
	if ! number "$index" || [ "$index" -ge "$size" ] ||
	    [ "$(inclusion "$hash" "$index" "$size" <"$tmp/hashes")" != \
		"$root" ]; then
		wrong "$name: its proof does not lead to the checkpoint's root"
	fi
done
echo "$n entries"
[ $n -gt 0 ] || wrong "no entries"

if [ $bad = 0 ]; then
	echo "Everything holds."
	[ $# -ge 2 ] || echo "Keys came from this bundle: nothing outside it" \
	    "was compared.  Give ROOTS.pem and LOG.pem."
else
	echo "SOMETHING DOES NOT HOLD: see the lines above."
fi
exit $bad
