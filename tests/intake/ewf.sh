#!/bin/bash
# ewf.sh -- our images by other people's programs: ewfverify calls them whole,
# ewfexport gives the source's bytes back, ewfinfo shows what was put in; and
# theirs by our reader.
set -euo pipefail

export PATH=$EXHIBIT_BUILD/tests:$PATH LC_ALL=C.UTF-8
work=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-ewf.XXXXXX")
trap 'rm -rf "$work"' EXIT
die() { echo "FAILED: $*" >&2; exit 1; }
for program in ewfverify ewfexport ewfinfo ewfacquire; do
	command -v "$program" >/dev/null || die "$program: package ewf-tools"
done

# Lines, noise and zeroes, cut to a length.
medium() {
	{
		seq 1 40000
		head -c 700000 /dev/zero
		head -c 900000 /dev/zero | openssl enc -aes-128-ctr -nosalt \
		    -K "$(printf '%032x' 7)" -iv "$(printf '%032x' 0)"
		seq 7 190000
	} | head -c "$1" >"$work/medium" || true
	[ "$(stat -c %s "$work/medium")" = "$1" ] || die "a medium of $1"
}

# one NAME LENGTH FORMAT COMPRESSION SEGMENT-SIZE
one() {
	echo "$1: $2 bytes, $3, $4, segments of $5"
	medium "$2"
	rm -rf "$work/a" "$work/b" "$work/out"*
	mkdir "$work/a" "$work/b"
	imager make "$work/medium" "$3" "$4" "$5" "$work/a" "$work/b" \
	    >"$work/said"
	grep -qx complete "$work/said" || die "$1: $(cat "$work/said")"
	grep -qx "sha256 $(sha256sum <"$work/medium" | cut -d' ' -f1)" \
	    "$work/said" || die "$1: the digest"
	diff -r <(cd "$work/a" && ls) <(cd "$work/b" && ls) ||
	    die "$1: two destinations, two sets of names"
	if [ "$3" = raw ]; then
		cat "$work"/a/* | cmp - "$work/medium" || die "$1: bytes"
		cat "$work"/b/* | cmp - "$work/medium" || die "$1: bytes"
		return
	fi
	local side
	for side in a b; do
		ewfverify -q -d sha1 "$work/$side/DISK-I1.E01" \
		    >"$work/said" 2>&1 || die "$1: $(cat "$work/said")"
		grep -q 'ewfverify: SUCCESS' "$work/said" ||
		    die "$1: $(cat "$work/said")"
		# Both digests were there and were compared.
		[ "$(grep -c 'stored in file:[[:space:]]*[0-9a-f]\{32\}' \
		    "$work/said")" = 2 ] || die "$1: $(cat "$work/said")"
		ewfexport -q -u -f raw -t "$work/out-$side" \
		    "$work/$side/DISK-I1.E01" >/dev/null 2>&1 ||
		    die "$1: ewfexport"
		cmp "$work/out-$side.raw" "$work/medium" || die "$1: bytes"
	done
}

one "one sector" 512 e01 fast 0
one "a byte" 1 e01 fast 0
one "an odd length" 1000001 e01 fast 0
one "an even length" 1000004 e01 fast 0
one "one chunk" 32768 e01 fast 0
one "no multiple of a chunk" $((32768 * 3 + 512)) e01 fast 0
one "several segments" $((2 * 1024 * 1024)) e01 none 1048576
one "several odd segments" 2900001 e01 fast 1048577
one "best" $((3000 * 512)) e01 best 0
one "none" $((3000 * 512)) e01 none 0
one "raw" 1000001 raw none 0
one "raw in pieces" 2900001 raw none 1048577

# What was put into the header, in Chinese; a tab would break its lines.
medium 51200
rm -rf "$work/a"
mkdir "$work/a"
imager make "$work/medium" e01 fast 0 "$work/a" >/dev/null
ewfinfo "$work/a/DISK-I1.E01" >"$work/said" 2>&1
while IFS='|' read -r field value; do
	grep -q "$field:[[:space:]]*$value\$" "$work/said" ||
	    die "ewfinfo: no \"$field: $value\" in: $(cat "$work/said")"
done <<'VALUES'
Case number|113年度偵字第42號
Evidence number|扣押物-001
Description|水廠控制主機硬碟 with a tab
Examiner name|鑑識員甲
Notes|備註：測試
Serial number|SN-1
Model|型號A
File format|EnCase 6
Sectors per chunk|64
Bytes per sector|512
Number of sectors|100
VALUES
echo "ewfinfo shows the header"

# Theirs: whole, and with a byte turned.
ewfacquire -u -q -c fast -d sha1 -f encase6 -S 1MiB -m fixed -M physical \
    -C c -D d -E e -e x -N n -t "$work/theirs" "$work/medium" >/dev/null 2>&1 ||
    die "ewfacquire"
imager read e01 "$work"/theirs.E* >"$work/said" || die "$(cat "$work/said")"
grep -q "sha256 $(sha256sum <"$work/medium" | cut -d' ' -f1)" "$work/said" ||
    die "theirs: the digest"
printf 'X' | dd of="$work/theirs.E01" bs=1 seek=5000 conv=notrunc status=none
if imager read e01 "$work"/theirs.E* >"$work/said"; then
	die "theirs, harmed: $(cat "$work/said")"
fi
grep -q '^damaged' "$work/said" || die "$(cat "$work/said")"
echo "theirs are read too"
