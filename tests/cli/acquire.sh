#!/bin/bash
# acquire.sh -- a long imaging is watched, asked, stopped and gone on with, as
# a person does it: Ctrl-C, SIGUSR1, --resume; and as a program, by --json.
set -euo pipefail

tmp=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-acq.XXXXXX")
chmod 711 "$tmp"
export PATH=$EXHIBIT_BUILD/bin:$PATH
export EXHIBIT_DATA=$tmp/house EXHIBIT_PIN=right LC_ALL=C.UTF-8
unset EXHIBIT_AS

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

make_house() {
	local person id org role
	exhibit init
	exhibit org add PD --kind police_unit --name-en "Sample Police"
	for person in officer:PD:investigator custodian:LAB:evidence_custodian \
	    examiner:LAB:examiner; do
		IFS=: read -r id org role <<<"$person"
		exhibit person add "$id" --org "$org" --role "$role" \
		    --name-en "Sample $id"
		exhibit key new "$id" --person "$id"
	done
	exhibit case open C-1 --as examiner --title Sample \
	    --authority warrant:W-1
	exhibit case grant C-1 --to PD --as examiner
	exhibit item announce C-1 EXH-1 --as officer --kind physical_medium \
	    --description disk --seizure-record R-1 --seal S-1
	exhibit custody receive EXH-1 --as custodian --with officer \
	    --seal S-1 --seal-state intact --condition good
	exhibit custody check-out EXH-1 --as custodian --with examiner \
	    --purpose imaging
	exhibit custody seal-break EXH-1 --as examiner --seal S-1 \
	    --seal-state intact --reason imaging
}

# Begin to image in the background; the process is $pid.
begin() {
	exhibit --json acquire EXH-1 "$@" --as examiner \
	    >"$tmp/out" 2>"$tmp/err" &
	pid=$!
}

# Wait until it has told that reading goes on.
until_it_reads() {
	local _
	for _ in {1..600}; do
		if jq -es 'any(.[]; .phase == "acquire" and .bytes > 0)' \
		    "$tmp/out" >"$tmp/any" 2>&1; then
			return 0
		fi
		kill -0 "$pid" 2>/dev/null || return 0
		sleep 0.05
	done
	wrong "it never told how far it is"
}

# Whatever is stated of the last status lines and the summary must hold.
holds() {
	jq -es "$1" "$tmp/out" >/dev/null || {
		wrong "$2"
		tail -n 3 "$tmp/out"
	}
}

exit_status() {
	local got=0
	wait "$pid" || got=$?
	[ "$got" = "$1" ] || wrong "exit status $got, not $1: $(cat "$tmp/err")"
}

# Percent never falls and is never 100; bytes of a phase never fall.
check_progress() {
	holds '[.[] | select(.percent != null) | .percent] as $p |
	    ($p | length) > 0 and $p == ($p | sort) and ($p | max) < 100' \
	    "percent"
	holds '[.[] | select(.type == "status" and .phase != null)] |
	    group_by(.phase) |
	    all([.[].bytes] as $b | $b == ($b | sort))' "bytes of a phase"
	holds '.[-1].type == "summary"' "the summary is not last"
}

make_house >"$tmp/made" 2>&1 || { cat "$tmp/made"; exit 1; }
# More chunks than one list of an E01 holds, which libewf miscounts when it
# goes on with a segment.
truncate -s 2500M "$tmp/disk"
printf 'not quite empty' |
    dd of="$tmp/disk" bs=1 seek=2000000000 conv=notrunc status=none

begin "$tmp/disk"
until_it_reads
kill -s USR1 "$pid"
sleep 0.2
kill -s INT "$pid"
exit_status 2
check_progress
holds '.[-1].result == "paused"' "it is not paused"
holds '.[-1].resume_with == "exhibit acquire EXH-1 --resume"' "how to resume"
grep -qE '^acquire: [0-9]+ of 2500 MiB, [0-9]+ %' "$tmp/err" ||
    wrong "SIGUSR1 printed no line: $(cat "$tmp/err")"
[ "$(exhibit --json item show EXH-1 --as examiner | tail -n 1 |
    jq -r .state)" = OPENED ] || wrong "the item is not OPENED"

begin --resume --to "$tmp"
exit_status 64
begin --resume
exit_status 0
check_progress
holds '.[-1].result == "complete" and .[-1].head_read_again > 0' "not resumed"
holds '[.[] | select(.phase == "verify")] | length > 0' "it was not read back"
want=$(openssl dgst -sha256 -r "$tmp/disk")
holds ".[-1].digests.sha256 == \"${want%% *}\"" "another digest"
command -v ewfverify >/dev/null &&
    { ewfverify -q "$EXHIBIT_DATA"/vault/images/EXH-1-I1/EXH-1-I1.E01 |
	grep -q SUCCESS || wrong "ewfverify"; }

[ "$failures" = 0 ] || exit 1
echo "ok"
