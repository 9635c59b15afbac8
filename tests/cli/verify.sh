#!/bin/bash
# verify.sh -- the front door of exhibit-verify: what it answers about real
# bundles, and its exit status, for each way to ask.
set -euo pipefail

tmp=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-verify.XXXXXX")
chmod 711 "$tmp"
export PATH=$EXHIBIT_BUILD/bin:$PATH LC_ALL=C.UTF-8
export EXHIBIT_PIN=right
unset EXHIBIT_AS

finish() {
	exhibit -C "$tmp/a" --quiet down >/dev/null 2>&1 || true
	exhibit -C "$tmp/b" --quiet down >/dev/null 2>&1 || true
	rm -rf "$tmp"
}
trap finish EXIT

failures=0
wrong() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# ends STATUS TEXT ARGUMENT...: it ends so, and somewhere says TEXT.
ends() {
	local status=$1 text=$2 got=0
	shift 2
	exhibit-verify "$@" >"$tmp/out" 2>&1 || got=$?
	echo "exhibit-verify $* -> $got"
	[ "$got" = "$status" ] && grep -qE -- "$text" "$tmp/out" && return
	cat "$tmp/out"
	wrong "wanted exit status $status and \"$text\""
}

# house NAME: one with a case and an item.
house() {
	exhibit -C "$tmp/$1" init
	exhibit -C "$tmp/$1" person add ex --org LAB --role examiner \
	    --name-en "Sample Examiner"
	exhibit -C "$tmp/$1" key new ex --person ex
	exhibit -C "$tmp/$1" case open C-1 --as ex --title Sample
	exhibit -C "$tmp/$1" item announce C-1 EXH-1 --as ex \
	    --kind physical_medium --description disk --seizure-record R-1
}

# bundle HOUSE NAME
bundle() { exhibit -C "$tmp/$1" bundle C-1 --to "$tmp/$2" --as ex; }

{
	house a
	bundle a first
	cp "$tmp/first/checkpoints/checkpoint.txt" "$tmp/note"
	bundle a second
	house b
	bundle b other
} >"$tmp/made" 2>&1 || { cat "$tmp/made"; exit 1; }
a=$tmp/a/trust b=$tmp/b/trust

# One bundle: with a verifier's own trust, without, with somebody else's.
ends 3 '^consistent: ' "$tmp/first" --policy "$a/policy" --roots "$a/roots.pem"
ends 3 'compare them with fingerprints' "$tmp/first"
ends 3 '"verdict":"consistent"' --json "$tmp/first" --policy="$a/policy"
ends 3 '結論' "$tmp/first" --lang zh-TW
ends 1 '^fault +policy' "$tmp/first" --policy "$b/policy"
ends 1 '^fault +certificate' "$tmp/first" --roots "$b/roots.pem"

# The fingerprints are those that init prints to be published, and that
# openssl gives of the published files.
exhibit -C "$tmp/a" --json init | tail -n 1 >"$tmp/printed"
exhibit-verify --json "$tmp/first" --roots "$a/roots.pem" >"$tmp/out" || true
key=$(openssl pkey -pubin -in "$a/log.pem" -outform DER | sha256sum)
ca=$(openssl x509 -in "$a/roots.pem" -outform DER | sha256sum)
jq -e --arg key "${key%% *}" --arg ca "${ca%% *}" '.type == "summary" and
    .exit == 3 and .log_key_sha256 == $key and .roots == [$ca] and
    .faults == []' "$tmp/out" >/dev/null ||
    wrong "the summary: $(cat "$tmp/out")"
jq -e --arg key "${key%% *}" --arg ca "${ca%% *}" \
    '.fingerprints.log == $key and .fingerprints.ca == $ca' \
    "$tmp/printed" >/dev/null || wrong "init prints $(cat "$tmp/printed")"

# Two: one history, one log; an older checkpoint; another laboratory's.
ends 3 '^consistent: ' "$tmp/first" "$tmp/second"
ends 3 '^consistent: ' "$tmp/second" "$tmp/first"
ends 3 '^consistent: ' "$tmp/second" "$tmp/note"
ends 2 'two logs' "$tmp/first" "$tmp/other"
sed '2s/.*/1/' "$tmp/note" >"$tmp/forged"
ends 1 '^fault ' "$tmp/first" "$tmp/forged"

# Every fault is told, not the first only.
cp -r "$tmp/first" "$tmp/harmed"
chmod -R u+w "$tmp/harmed"
printf x >>"$tmp/harmed/report.txt"
printf x >>"$tmp/harmed/entries/e0002.p7m"
opening=$(cd "$tmp/harmed" && echo openings/* | cut -d' ' -f1)
rm "$tmp/harmed/$opening"
ends 1 '^faulty: ' "$tmp/harmed"
for file in report.txt entries/e0002.p7m "$opening"; do
	grep -q "$file" "$tmp/out" || wrong "$file is not named"
done

# What cannot be checked, and what makes no sense.
ends 2 'no such folder' "$tmp/nothing"
ends 2 'not a folder' "$tmp/note"
ends 2 'no such file' "$tmp/first" --policy "$tmp/nothing"
ends 2 'no such file' "$tmp/first" --roots "$tmp/nothing"
ends 2 'policy' "$tmp/first" --policy "$tmp/note"
ends 2 'certificate|PEM' "$tmp/first" --roots "$tmp/note"
ends 2 '"code":"absent"' --json "$tmp/nothing"
ends 64 'which bundle' --policy "$a/policy"
ends 64 'third path' "$tmp/first" "$tmp/second" "$tmp/other"
ends 64 'needs a value' "$tmp/first" --policy
ends 64 'unknown option' "$tmp/first" --fly
ends 64 'zh-TW or en' "$tmp/first" --lang fr
ends 0 'usage' --help

[ "$failures" = 0 ] || { echo "$failures failures"; exit 1; }
