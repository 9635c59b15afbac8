#!/bin/bash
# demo.sh -- the demo comes to its end, what it claims is true, and it leaves
# nothing running.  Run by root, it is played a second time by an ordinary
# user.
set -euo pipefail

tmp=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-demo.XXXXXX")
chmod 711 "$tmp"
trap 'rm -rf "$tmp"' EXIT

fail() { echo "FAIL: $*" >&2; exit 1; }

# holds FILE TEXT: the text stands in the file.
holds() { grep -qF -- "$2" "$1" || fail "$(basename "$1") lacks: $2"; }

# play FOLDER [PREFIX ...]: the demo, its output in FOLDER.txt.
play() {
	local folder=$1
	shift
	EXHIBIT_DEMO=$folder "$@" "$EXHIBIT_SOURCE/scripts/demo.sh" \
	    >"$folder.txt" 2>&1 </dev/null || {
		tail -n 30 "$folder.txt"
		fail "the demo ended with $?"
	}
	! pgrep -f -- "$folder/(house|ministry)" >/dev/null ||
	    fail "left running: $(pgrep -af -- "$folder/(house|ministry)")"
}

# What it said, and what it left behind.
check() {
	local demo=$1 out=$1.txt house=$1/house raw
	holds "$out" "EXH-1-I1"
	holds "$out" "SUCCESS"
	holds "$out" "(exit status 3)"
	holds "$out" "consistent: "
	holds "$out" "cosigned by w1 (EXAMPLE-MINISTRY)"
	holds "$out" "anchored: "
	[ "$(grep -c '(exit status 1)' "$out")" = 2 ] ||
	    fail "not two findings of changed copies"
	grep -qE 'EXH-1-I1 .*(digest_differs|container_damaged)' "$out" ||
	    fail "the changed image is not named"
	grep -qE '^ *fault .*item:EXH-1 2$' "$out" ||
	    fail "the changed row is not named"

	raw=$(cut -d' ' -f1 "$EXHIBIT_SOURCE/samples/seized-disk/SHA256SUMS" |
	    grep -E '^[0-9a-f]{64}$' | head -n 1)
	echo "$raw  $demo/export/disk.raw" | sha256sum --check --quiet ||
	    fail "ewfexport gives other bytes than the sample's"
	for report in report.html report.txt; do
		for text in DEMO-2026-001 EXH-1 S-1001 S-1002 "$raw"; do
			holds "$demo/$report" "$text"
		done
	done
	holds "$demo/report-zh.html" 證物監管報告
	pdftotext "$demo/report-zh.pdf" "$tmp/zh.txt"
	for text in 證物監管報告 EXH-1 S-1002 完整; do
		holds "$tmp/zh.txt" "$text"
	done
	[ -s "$demo/report-zh-pages/page-1.png" ] ||
	    [ -s "$demo/report-zh-pages/page-01.png" ] ||
	    fail "no picture of the first page"
	sh "$demo/bundle/verify.sh" "$house/trust/roots.pem" \
	    "$house/trust/log.pem" >/dev/null ||
	    fail "verify.sh of the bundle"
}

# The changes were made to copies: the originals are whole.
originals() {
	local status=0
	export EXHIBIT_DATA=$1/house EXHIBIT_PIN=demonstration-only
	export PATH=$EXHIBIT_BUILD/bin:$PATH
	exhibit verify EXH-1-I1 >/dev/null || status=$?
	[ $status = 0 ] || fail "the image itself: exit status $status"
	exhibit log verify >/dev/null || status=$?
	[ $status = 3 ] || fail "the log itself: exit status $status"
	exhibit log show | sed -n 's/^log  *//p' >"$1.origin"
	exhibit down
}

play "$tmp/demo"
check "$tmp/demo"
originals "$tmp/demo"

if [ "$(id -u)" = 0 ]; then
	mkdir "$tmp/user"
	chown nobody "$tmp/user"
	: >"$tmp/user.txt"
	play "$tmp/user/demo" setpriv --reuid=nobody --regid=nogroup \
	    --clear-groups env -u HOME TMPDIR="$tmp/user"
	check "$tmp/user/demo"
else
	# Once finished, it begins anew.
	mv "$tmp/demo.origin" "$tmp/first"
	play "$tmp/demo"
	originals "$tmp/demo"
	! cmp -s "$tmp/first" "$tmp/demo.origin" || fail "it did not begin anew"
fi
