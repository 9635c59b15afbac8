#!/bin/bash
# tiles.sh -- the log as files (C2SP tlog-tiles), checked by our verifier, by
# Go's x/mod and by shell tools; and its entries, watched by a monitor.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

vouch() { "$EXHIBIT_SOURCE/scripts/vouchers.sh" "$dir/vouch" "$@"; }
cease() {
	vouch stop || true
	finish
}
trap cease EXIT

GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$dir/go CGO_ENABLED=0 \
    go build -o "$dir/xmod" "$EXHIBIT_SOURCE/tests/xmod/main.go"

people
open_case C-1
trust=$EXHIBIT_DATA/trust
log=$(sed -n 's/^log //p' "$trust/policy")
tiles=$dir/tiles

# Entries go to nobody as long as the policy names no monitor.
refused 2 "names none" exhibit log export "$dir/no" --entries
[ ! -e "$dir/no" ] || fault "it left a folder"
exhibit-witness "$dir/mon" make monitor.example/m1 >"$dir/mon.vkey"
exhibit-witness "$dir/mon" follow "$log"
vouch make "$log"
vouch start
vouch policy | jq --arg vkey "$(cat "$dir/mon.vkey")" 'del(.authorities) |
    .witnesses += [{monitor: 1, name: "m1", org: "EXAMPLE-WATCH",
        url: "http://127.0.0.1:1", vkey: $vkey}]' >"$dir/policy.json"
needs exhibit policy set "$dir/policy.json" --as head

# More than a tile of them, and what was there before.
ok exhibit log export "$tiles"
cp "$tiles/checkpoint" "$dir/old"
{
	echo item,seal
	for n in $(seq 260); do echo "T-$n,S-$n"; done
} >"$dir/list.csv"
needs exhibit item announce C-1 --list "$dir/list.csv" --as officer \
    --kind physical_medium --description "A disk" --seizure-record R-1
needs exhibit log cosign

# The folder is continued: no tile is written twice, none that is there fits.
before=$(stat -c %Y.%i "$tiles"/tile/0/000.p/*)
ok exhibit log export "$tiles"
[ "$(stat -c %Y.%i "$tiles"/tile/0/000.p/*)" = "$before" ] ||
    fault "a tile was written again"
size=$(sed -n 2p "$tiles/checkpoint")
[ "$(stat -c %s "$tiles/tile/0/000")" = 8192 ] || fault "no full tile"
[ "$(stat -c %s "$tiles/tile/0/001.p/$((size - 256))")" = \
    $((32 * (size - 256))) ] || fault "no part of a tile"
[ "$(stat -c %s "$tiles/tile/1/000.p/1")" = 32 ] || fault "no upper tile"
[ ! -e "$tiles/tile/entries" ] || fault "entries were not asked for"
cp -r "$tiles" "$dir/alien"
chmod u+w "$dir/alien/tile/0/000"
printf x | dd of="$dir/alien/tile/0/000" conv=notrunc status=none
sed -i 's/^[1-9][0-9]*$/7/' "$dir/alien/checkpoint"
refused 2 "not" exhibit log export "$dir/alien"

# Anybody's web server hands it out, anybody's client may check it.
ok exhibit-verify "$tiles" --policy "$trust/policy"
says "cosigned by w1 (EXAMPLE-MINISTRY)"
says "hashes alone"
ends 3 exhibit-verify "$tiles"
ends 3 exhibit-verify "$tiles" "$dir/old" --policy "$trust/policy"
ok "$dir/xmod" "$tiles" "$log" -old "$dir/old"
stems=$(find "$EXHIBIT_DATA/receipts" -name '*.p7m' | sort |
    sed -n '1,40s/[.]p7m$//p')
# shellcheck disable=SC2086 # one argument a receipt
ok "$dir/xmod" "$tiles" "$log" $stems
says "tree $size, 40 receipts"

# flip FILE OFFSET: change one bit of one byte.
flip() {
	local byte
	chmod u+w "$1"
	byte=$(xxd -p -s "$2" -l 1 "$1")
	printf '%02x' $((0x$byte ^ 1)) | xxd -r -p |
	    dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# harmed FILE OFFSET WORD: what both must notice in a copy.
harmed() {
	rm -rf "$dir/harmed"
	cp -r "$tiles" "$dir/harmed"
	if [ "$2" = gone ]; then
		rm "$dir/harmed/$1"
	else
		flip "$dir/harmed/$1" "$2"
	fi
	found exhibit-verify "$dir/harmed" --policy "$trust/policy"
	says "$3"
	# shellcheck disable=SC2086
	try "$dir/xmod" "$dir/harmed" "$log" $stems
	[ "$got" = 1 ] || fault "x/mod takes it: $1"
}
harmed tile/0/000 40 "root-differs"
harmed "tile/0/001.p/$((size - 256))" 3 "root-differs"
harmed tile/1/000.p/1 3 "tile-differs  tile/1/000.p/1"
harmed tile/0/000 gone "tile-missing  tile/0/000"
harmed checkpoint $(($(head -n 2 "$tiles/checkpoint" | wc -c) + 3)) fault

# With what every system has: the log's line, the witness's, the root.
note_line() { sed -n "s|^— $1 ||p" "$tiles/checkpoint" | base64 -d; }
pem() { # of a verifier key
	{
		printf 302a300506032b6570032100
		echo "${1#*+*+}" | base64 -d | tail -c 32 | xxd -p -c 64
	} | xxd -r -p | base64 | {
		echo "-----BEGIN PUBLIC KEY-----"
		cat
		echo "-----END PUBLIC KEY-----"
	}
}
sed '/^$/,$d' "$tiles/checkpoint" >"$dir/text"
pem "$log" >"$dir/log.pem"
note_line "$(head -n 1 "$dir/text")" | tail -c 64 >"$dir/sig"
ok openssl pkeyutl -verify -rawin -pubin -inkey "$dir/log.pem" \
    -sigfile "$dir/sig" -in "$dir/text"
pem "$(cat "$dir/vouch/vkey")" >"$dir/witness.pem"
note_line witness.example/w1 >"$dir/line"
tail -c 64 "$dir/line" >"$dir/sig"
{
	printf 'cosignature/v1\ntime %d\n' \
	    $((16#$(head -c 12 "$dir/line" | tail -c 8 | xxd -p)))
	cat "$dir/text"
} >"$dir/cosigned"
ok openssl pkeyutl -verify -rawin -pubin -inkey "$dir/witness.pem" \
    -sigfile "$dir/sig" -in "$dir/cosigned"
# RFC 6962, section 2.1: the largest power of two is on the left.
root() { # FIRST COUNT, in lines of $dir/hashes
	local half=1 left right
	if [ "$2" = 1 ]; then
		sed -n "$(($1 + 1))p" "$dir/hashes"
		return
	fi
	while [ $((half * 2)) -lt "$2" ]; do half=$((half * 2)); done
	left=$(root "$1" $half)
	right=$(root $(($1 + half)) $(($2 - half)))
	printf '01%s%s' "$left" "$right" | xxd -r -p | sha256sum | cut -c 1-64
}
cat "$tiles/tile/0/000" "$tiles/tile/0/001.p/$((size - 256))" |
    xxd -p -c 32 >"$dir/hashes"
[ "$(root 0 "$size")" = \
    "$(sed -n 3p "$dir/text" | base64 -d | xxd -p -c 64)" ] ||
    fault "the shell finds another root"

# A monitor gets the entries, and each is what the tiles have.
ok exhibit log export "$dir/mon/tiles" --entries
ok exhibit-witness --monitor "$dir/mon" check
says monitor.example/m1
ok exhibit-verify "$dir/mon/tiles" --policy "$trust/policy" \
    --roots "$trust/roots.pem"
says "entries     $(sed -n 2p "$dir/mon/tiles/checkpoint"),"
ends 3 exhibit-verify "$dir/mon/tiles"

# What the monitor tells a person: a key that was minted in her name, too.
needs exhibit key new minted --person expert
ok exhibit log export "$dir/mon/tiles" --entries
ok exhibit-witness --monitor "$dir/mon" check
ok exhibit-witness --monitor "$dir/mon" statement --month 2026-10
statement=$dir/mon/statements/2026-10/expert.txt
minted=$(openssl x509 -in "$EXHIBIT_DATA/keys/minted.pem" -outform DER |
    sha256sum | cut -d' ' -f1)
grep -q "key_enrol .* $minted\$" "$statement" ||
    fault "the minted key is not in it: $(cat "$statement")"
grep -q "以您名義" "$statement" || fault "not in both languages"
grep -q "item:T-1 1  announce" "$dir/mon/statements/2026-10/officer.txt" ||
    fault "an entry is not in it"
# checked FILE: by openssl, with the monitor's key.
checked() {
	sed -n '/^— /q;p' "$1" | sed '$d' >"$dir/text"
	sed -n 's/^— [^ ]* //p' "$1" | base64 -d | tail -c 64 >"$dir/sig"
	openssl pkeyutl -verify -rawin -pubin \
	    -inkey "$dir/mon/statements/monitor.pem" -sigfile "$dir/sig" \
	    -in "$dir/text" >"$dir/out" 2>&1
}
checked "$statement" || fault "openssl refuses the statement"
sed 's/minted/harmed/; s/key_enrol/role_end/' "$statement" >"$dir/false"
! checked "$dir/false" || fault "openssl takes a changed statement"
# The next month goes on where this one ended; nothing new, nothing listed.
ok exhibit-witness --monitor "$dir/mon" statement --month 2026-11 \
    --person expert
! grep -q key_enrol "$dir/mon/statements/2026-11/expert.txt" ||
    fault "it is told twice"
says_no 2 "knows no person" exhibit-witness --monitor "$dir/mon" statement \
    --month 2026-11 --person nobody
says_no 64 "YYYY-MM" exhibit-witness --monitor "$dir/mon" statement \
    --month 2026-13

skip=0
for n in 1 2 3; do
	len=$((16#$(xxd -p -s $skip -l 2 "$dir/mon/tiles/tile/entries/000")))
	have=$({
		printf '\0'
		head -c $((skip + 2 + len)) \
		    "$dir/mon/tiles/tile/entries/000" | tail -c $len
	} | sha256sum | cut -c 1-64)
	[ "$have" = "$(sed -n ${n}p "$dir/hashes")" ] || fault "leaf $n"
	skip=$((skip + 2 + len))
done

# The witness replaces its key: both lines for a while, then the new one.
cp -r "$dir/vouch/w" "$dir/stolen"
says_no 2 "another process" exhibit-witness "$dir/vouch/w" rotate
vouch stop witness
new=$(exhibit-witness "$dir/vouch/w" rotate)
says_no 2 "still cosigns" exhibit-witness "$dir/vouch/w" rotate
vouch start
jq --arg vkey "$new" '.witnesses += [(.witnesses[0] | .name = "w2" |
    .vkey = $vkey)]' "$dir/policy.json" >"$dir/policy2.json"
needs exhibit policy set "$dir/policy2.json" --as head
ok exhibit --json log cosign
is '[.asked[] | select(.result == "cosigned") | .name] | join(" ")' "w1 w2"
ok exhibit log export "$dir/both"
rotated=$(sed -n 2p "$dir/both/checkpoint")
[ "$(grep -c '^— witness.example/w1 ' "$dir/both/checkpoint")" = 2 ] ||
    fault "not both lines: $(cat "$dir/both/checkpoint")"
old=$(cat "$dir/vouch/vkey")
# trusts VKEY...: a verifier's policy that asks for one of these.
trusts() {
	local n=0 names='' vkey
	printf 'log %s\n' "$log"
	for vkey; do
		n=$((n + 1)) names+=" k$n"
		echo "witness k$n $vkey"
	done
	echo "group g 1$names"
	echo "quorum g"
}
trusts "$old" >"$dir/trust-old"
trusts "$new" >"$dir/trust-new"
ok exhibit-verify "$dir/both" --policy "$dir/trust-old"
ok exhibit-verify "$dir/both" --policy "$dir/trust-new"
vouch stop witness
ok exhibit-witness "$dir/vouch/w" retire
vouch start
ok custody note officer T-1 --note "after the rotation"
try exhibit log cosign
ok exhibit log export "$dir/later"
ends 3 exhibit-verify "$dir/later" --policy "$dir/trust-old"
ok exhibit-verify "$dir/later" --policy "$dir/trust-new"
# Whoever stole the old key can use it; it counts for nothing that came later.
sed '/^— witness/d' "$dir/later/checkpoint" >"$dir/forged"
ok exhibit log export "$dir/stolen/tiles" --entries
sed '/^— witness/d' -i "$dir/stolen/tiles/checkpoint"
exhibit-witness --monitor "$dir/stolen" check >>"$dir/forged" 2>"$dir/err" ||
    fault "the thief cannot sign"
cp "$dir/forged" "$dir/later/checkpoint"
ok exhibit-verify "$dir/later" --policy "$dir/trust-old"
ends 3 exhibit-verify "$dir/later" --policy "$dir/trust-new"
trusts "$old" "$new" >"$dir/trust-both"
echo "#exhibit: until k1 $rotated" >>"$dir/trust-both"
ends 3 exhibit-verify "$dir/later" --policy "$dir/trust-both"
ok exhibit-verify "$dir/both" --policy "$dir/trust-both"

flip "$dir/mon/tiles/tile/entries/000" 3000
found exhibit-verify "$dir/mon/tiles"
says "entry-refused"
try exhibit-witness --monitor "$dir/mon" check
[ "$got" = 1 ] || fault "the monitor takes it: $got"

done_testing
