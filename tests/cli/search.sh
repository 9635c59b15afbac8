#!/bin/bash
# search.sh -- the case database from the front door: words of one character
# and more, indicators in whatever writing, links, watches; and nothing, by
# whatever door, tells of a sealed case.
set -euo pipefail

tmp=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-search.XXXXXX")
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

# ends STATUS TEXT ARGUMENT...: exhibit ends so and says TEXT.
ends() {
	local status=$1 text=$2 got=0
	shift 2
	exhibit "$@" >"$tmp/out" 2>"$tmp/err" || got=$?
	[ "$got" = "$status" ] && cat "$tmp/out" "$tmp/err" | grep -qE -- "$text" && return
	head -c 2000 "$tmp/out" "$tmp/err"
	wrong "exhibit ${*:1:4} -> $got; wanted $status and \"$text\""
}

# is JQ ARGUMENT...: exhibit's summary is so.
is() {
	local filter=$1
	shift
	exhibit --json "$@" >"$tmp/out" 2>&1 || true
	tail -n 1 "$tmp/out" | jq -e "$filter" >/dev/null ||
		wrong "$*: not $filter: $(tail -n 1 "$tmp/out" | head -c 1000)"
}

# found "NUMBER ..." ARGUMENT...: the search finds these cases, in any order.
found() {
	local want=$1 got
	shift
	got=$(exhibit --json --as ann search "$@" | tail -n 1 |
		jq -r '[.cases[].number] | sort | join(" ")')
	[ "$got" = "$want" ] || wrong "search $*: \"$got\", wanted \"$want\""
}

exhibit --quiet init
q() { exhibit --quiet "$@" >/dev/null; }
q org add UNIT2 --kind police_unit --name-en 'Fictitious Unit Two'
q person add ANN --org LAB --name-en 'Ann Example' --role investigator
q person add BEN --org UNIT2 --name-en 'Ben Example' --role investigator
q person add COO --org LAB --name-en 'Coo Example' --role courier
for p in ANN BEN COO; do q key new "${p,,}" --person "$p"; done

printf '被害人遭假投資詐騙，款項圈存。LINE 群組與比特幣錢包。嫌犯陳堃𠮷。' >"$tmp/one"
printf 'Ransomware ＬｏｃｋＢｉｔ encrypted a hospital; ransom in bitcoin. Москва.' >"$tmp/two"
printf '秘密：內線交易詐騙，機密代號朱雀。' >"$tmp/three"
printf '假檢警詐騙，人頭帳戶。ransom 無關。100%% 保證獲利 a_b' >"$tmp/four"
q --as ann case open C-1 --title 假投資案 --summary-file "$tmp/one" --level B --sector finance
q --as ann case open C-2 --title 'Hospital ransomware' --summary-file "$tmp/two" --level A
q --as ben case open C-3 --title 朱雀案 --summary-file "$tmp/three"
q --as ben case seal C-3
q --as ann case open C-4 --title 假檢警案 --summary-file "$tmp/four"

# Words of one, two, four characters, of both languages, mixed, folded.
found 'C-1 C-4' 騙
found 'C-1' 圈存
found 'C-1' 投資詐騙
found 'C-1' 堃𠮷
found 'C-1' '詐騙 LINE'
found 'C-2' lockbit
found 'C-2' LOCKBIT
found 'C-2' 'москва'
found 'C-2 C-4' ransom
found 'C-2' 'ransom*' hospital
found 'C-2 C-4' 'ransom*'
found 'C-2' '"ransom in bitcoin"'
found 'C-4' 'ransom -bitcoin'
found 'C-1 C-2' '圈存 OR lockbit'
found 'C-4' 100%
found 'C-4' a_b
found '' hospit
found '' 騙詐
found 'C-1' 詐騙 --sector finance
found 'C-1' 詐騙 --level B
found '' 詐騙 --until 2006-01-01
found 'C-1 C-4' 詐騙 --from 2006-01-01
is '.total == 2 and .total_capped == false and (.cases[0].snippet | contains("詐騙"))' \
    --as ann search 詐騙
is '[.facets[] | select(.facet == "level" and .value == "B")][0].n == 1' \
    --as ann search 詐騙 --facets

# What makes no sense is told, and nothing is slow or broken by it.
ends 64 'nothing to look for' --as ann search '!!!'
ends 64 'nothing to look for' --as ann search -- -bitcoin
ends 64 'nothing to look for' --as ann search ''
found 'C-1' '"圈存'
found '' "'; DROP TABLE exhibit.casebook; --"
found '' 'zz & b | !c <-> d:*'
ends 2 'more than 4096 bytes' --as ann search "$(head -c 100000 /dev/zero | tr '\0' a)"
ends 64 'not UTF-8' --as ann search $'\xff\xfe'
ends 2 'more than 64 words' --as ann search "$(seq -s ' ' 1 70)"
ends 64 'YYYY-MM-DD' --as ann search 詐騙 --from yesterday
ends 64 'YYYY-MM-DD' --as ann search 詐騙 --until 2026-02-30
ends 2 'for investigators' --as coo search 詐騙
ends 2 'who acts' search 詐騙
ends 2 'who acts' links C-1
ends 2 'who acts' indicator find 192.0.2.7

# Indicators in whatever writing are one.
is '.value == "pay.example.test" and .added == 1' \
    --as ann indicator add C-1 domain 'Pay[.]Example.TEST' --role infrastructure
is '.added == 0' --as ann indicator add C-1 domain pay.example.test --role infrastructure
is '.added == 1' --as ann indicator add C-2 domain pay.example.test --role infrastructure
is '.added == 1' --as ann indicator add C-2 phone 0912-345-678 --role suspect
is '.added == 1' --as ben indicator add C-3 phone '+886 912 345 678' --role suspect
is '.added == 1' --as ben indicator add C-3 domain login.pay.example.test
ends 2 'check digit' --as ann indicator add C-1 imei 490154203237517
ends 64 'is no kind' --as ann indicator add C-1 ip 192.0.2.1
cat >"$tmp/list.csv" <<'END'
kind,value,role,source
ipv4,192[.]0[.]2[.]7,infrastructure,mail header
bank_account,822-123456789012,mule,statement
bank_account,700-0001234-0567890,victim,statement
imei,490154203237517,suspect,
url,hxxps://pay.example.test/login,infrastructure,
END
exhibit --as ann indicator import C-4 "$tmp/list.csv" >"$tmp/out" 2>"$tmp/err" && wrong 'a bad line ends with 0'
grep -q 'line 5: .*check digit' "$tmp/err" || wrong "import says: $(cat "$tmp/err")"
grep -q '^4 ' "$tmp/out" || wrong "import says: $(cat "$tmp/out")"
finds() { # JQ VALUE
	is ".sightings | $1" --as ann indicator find "$2"
}
finds 'map(.number) == ["C-4"]' 192.0.2.7
finds 'map(.number) == ["C-4"]' 192.0.2.0/28
finds 'length == 0' 192.0.3.0/24
finds '(map(.number) | unique) == ["C-1", "C-2", "C-4"]' '*.example.test'
finds 'map(.value) | unique == ["+886912345678"]' '+88691234*'
finds 'map(.number) | sort == ["C-1", "C-2"]' 'PAY.example.test'
q --as ann transfer add C-4 822123456789012 7000001234-0567890 --amount 300000 \
    --currency TWD --at 2026-01-02T03:04:05Z
is '.transfers[0].payer == "822-0000123456789012" and .transfers[0].amount == "300000"' \
    --as ann transfer list C-4
ends 64 'amount' --as ann transfer add C-4 822123456789012 7000001234-0567890 \
    --amount 1e9 --currency TWD --at 2026-01-02T03:04:05Z

# Cases that share an indicator, and why.
is '.cases | length == 1 and .[0].number == "C-2" and .[0].via[0].value == "pay.example.test"' \
    --as ann links C-1

# Watches are run against each new case and each changed one.
q --as ann watch add lure 釣魚
q --as ann watch add graded 釣魚 --level C
q --as ann watch add bird 朱雀
is '.watches | map(select(.number != "")) | length == 0' --as ann watch list
printf '網路釣魚簡訊' >"$tmp/five"
q --as ann case open C-5 --title 簡訊案 --summary-file "$tmp/five"
is '.watches | map(select(.watch == "graded" and .number != "")) == []' --as ann watch list
q --as ann case change C-5 --level C
is '.watches | map(select(.watch == "graded" and .number == "C-5")) | length == 1' --as ann watch list
is '.watches | map(select(.watch == "lure" and .number == "C-5" and .new == 0)) | length == 1' --as ann watch list
q --as ann watch end graded
ends 2 'no watch of this name' --as ann watch end graded
q --as ann case note C-5 '補充：嫌犯使用 Telegram。'
found 'C-5' telegram
is '.notes[0].who == "ANN"' --as ann case notes C-5

# A sealed case: nothing in any answer differs from there being none.
found '' 朱雀
is '.total == 0' --as ann search 朱雀
is '.facets == []' --as ann search 朱雀 --facets
finds 'map(.number) == ["C-2"]' 0912345678
finds 'length == 0' 'login.pay.example.test*'
is '.sightings == []' --as ann indicator find login.pay.example.test
is '.cases | map(.number) == ["C-1"]' --as ann links C-2 --hops 2
is '.watches | map(select(.watch == "bird" and .number != "")) == []' --as ann watch list
for words in 'links' 'indicator lookups' 'case notes' 'transfer list'; do
	# shellcheck disable=SC2086
	exhibit --as ann $words C-3 >"$tmp/sealed" 2>&1 && wrong "$words C-3 ends with 0"
	# shellcheck disable=SC2086
	exhibit --as ann $words C-9 >"$tmp/absent" 2>&1 && wrong "$words C-9 ends with 0"
	sed 's/C-9/C-3/' "$tmp/absent" | cmp -s - "$tmp/sealed" ||
		wrong "$words tells a sealed case from none: $(cat "$tmp/sealed" "$tmp/absent")"
done
ends 2 'there is none, or it may not be seen' --as ann indicator add C-3 ipv4 192.0.2.1
is '.cases | map(.number) == ["C-3"]' --as ben search 朱雀
# Who keeps it learns which unit looked; who looked learns nothing.
is '.lookups | map(.org) | unique == ["LAB"]' --as ben indicator lookups C-3
is '.lookups | map(.value) | unique == ["+886912345678", "login.pay.example.test"]' \
    --as ben indicator lookups C-3
# Granted, she sees it, and her watch of long ago tells her.
q --as ben case grant C-3 --to ANN
found 'C-3' 朱雀
is '.watches | map(select(.watch == "bird" and .number == "C-3")) | length == 1' --as ann watch list

# Each look is in the access log, refused ones too, and the log is whole.
exhibit --json log verify >"$tmp/out" || [ $? = 3 ] || wrong "log verify: $(tail -n 1 "$tmp/out")"

[ $failures = 0 ] || { echo "$failures failed"; exit 1; }
