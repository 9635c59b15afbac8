#!/bin/bash
# redact.sh -- a redacted bundle leaves out what its profile says, in every
# file of it, says what and why, and verifies by every means.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/custody/house.sh"

source=$(cd "$(dirname "$0")/../.." && pwd)

needs exhibit init --name-en Laboratory --name-zh 實驗室
needs exhibit person add ex --org LAB --role examiner,investigator \
	--name-en "Quillfeather" --name-zh "範例鑑識人"
needs exhibit key new ex --person ex
printf 'Assumedsummary of a plot\n' >"$dir/summary"
needs exhibit case open C-1 --as ex --title "Guardedtitle" \
	--summary-file "$dir/summary" --authority warrant:W-1 \
	--other-number "PD:Foreignnumber"
head -c 300000 /dev/urandom >"$dir/medium.raw"
needs exhibit import DISK-1 "$dir/medium.raw" --case C-1 --as ex
needs exhibit custody note DISK-1 --as ex --note "Confidentialnote 機密附記"

# All that anybody can read in a bundle, packed or not.
bytes_of() {
	find "$1" -type f -exec cat {} + >"$dir/bytes"
	pdftotext "$1/report.pdf" - >>"$dir/bytes"
	# What is attached to it.
	mkdir -p "$dir/attached"
	pdfdetach -saveall -o "$dir/attached" "$1/report.pdf" >/dev/null
	find "$dir/attached" -type f -exec cat {} + >>"$dir/bytes"
	rm -r "$dir/attached"
}
leaks() { grep -aqF -- "$1" "$dir/bytes"; }

house=$EXHIBIT_DATA
verifies() {
	try exhibit-verify "$1" --policy "$house/trust/policy" \
	    --roots "$house/trust/roots.pem"
	[ "$got" = 3 ] || fault "exhibit-verify: $got"
	ok sh "$1/verify.sh" "$house/trust/roots.pem" "$house/trust/log.pem"
	printf 'choose\t%s\n' "$1" >>"$dir/album"
}

texts=(Assumedsummary Foreignnumber Quillfeather 範例鑑識人 Guardedtitle
	Confidentialnote 機密附記)
# PROFILE and how many of the texts, in this order, it withholds.
redacts() {
	local to=$dir/$1 i=0 text profile=()
	[ "$1" = whole ] || profile=(--redact "$1")
	needs exhibit --json bundle C-1 --to "$to" --as ex "${profile[@]}"
	bytes_of "$to"
	for text in "${texts[@]}"; do
		if [ $i -lt "$2" ]; then
			! leaks "$text" || fault "$1 leaks $text"
		else
			leaks "$text" || fault "$1 lacks $text"
		fi
		i=$((i + 1))
	done
	verifies "$to"
}

redacts whole 0
[ ! -e "$dir/whole/withheld.json" ] || fault "something was withheld"
for file in case.jsonld custody.csv report.pdf verify.html; do
	[ -s "$dir/whole/$file" ] || fault "no $file"
done
redacts court 2
redacts defence 4
redacts owner 7

# What was withheld and why; it is what the signed manifest lists.
for profile in court defence owner; do
	jq -e --arg p "$profile" '.schema == "custody-redaction/v1" and
	    .profile == $p and all(.rules[]; .why_en != "" and .why_zh != "")' \
	    "$dir/$profile/withheld.json" >/dev/null || fault "$profile: no why"
	listed=$(jq '[.withheld[][]] | length' "$dir/$profile/manifest.json")
	[ "$listed" -gt 0 ] || fault "$profile: nothing is listed"
	counted=$(jq '[.rules[].count] | add' "$dir/$profile/withheld.json")
	[ "$listed" = "$counted" ] || fault "$profile: $listed, not $counted"
done
# The entry of a bundle names its profile; the next bundle has that entry.
grep -aqF '"redaction":"defence"' "$dir"/owner/entries/*.p7m ||
	fault "no entry says so"

# A text put back is not what was said to be withheld, nor listed.
cp -r "$dir/owner" "$dir/more"
first=$(jq -r '[.withheld | keys[]] | first' "$dir/owner/manifest.json")
cp "$dir/whole/openings/$first.json" "$dir/more/openings/$first.json"
try exhibit-verify "$dir/more"
[ "$got" = 1 ] || fault "changed: $got"
printf 'choose\t%s\n' "$dir/more" >>"$dir/album"

# A browser says the same.
python3 "$source/tests/custody/verify_html.py" "$dir/whole/verify.html" \
    "$house/trust/policy" "$house/trust/roots.pem" <"$dir/album" >"$dir/out"
[ "$(jq -r .verdict "$dir/out" | tr '\n' ' ')" = \
    "consistent consistent consistent consistent faulty " ] ||
	fault "verify.html"

# Five years later nothing has changed: keys are judged when they signed.
try faketime -f +5y exhibit-verify "$dir/owner" \
    --policy "$house/trust/policy" --roots "$house/trust/roots.pem"
[ "$got" = 3 ] || fault "later: $got"
ok faketime -f +5y sh "$dir/owner/verify.sh" "$house/trust/roots.pem" \
    "$house/trust/log.pem"

says_no 64 "court, defence and owner" \
    exhibit bundle C-1 --to "$dir/none" --as ex --redact everybody
[ ! -e "$dir/none" ] || fault "it left a bundle"
done_testing
