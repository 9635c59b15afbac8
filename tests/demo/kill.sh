#!/bin/bash
# kill.sh -- whatever is killed while the demo runs, nothing that was
# acknowledged is lost.
#
# The demo runs again and again; a process of it (client, sequencer, database
# or all of them) is killed at a random moment.  In the end it is let through.
# Every entry that any run had acknowledged is in the log then, and the log
# has no fault.  EXHIBIT_SEED repeats a run.
set -euo pipefail

kills=${EXHIBIT_KILLS:-8}
seed=${EXHIBIT_SEED:-$RANDOM}
RANDOM=$seed
echo "EXHIBIT_SEED=$seed"

tmp=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-kill.XXXXXX")
chmod 711 "$tmp"
export PATH=$EXHIBIT_BUILD/bin:$PATH
export EXHIBIT_DEMO=$tmp/demo EXHIBIT_DATA=$tmp/demo/house
export EXHIBIT_PIN=demonstration-only
out=$tmp/out.txt
group=

finish() {
	[ -z "$group" ] || kill -s KILL -- "-$group" 2>/dev/null || true
	exhibit --quiet down >/dev/null 2>&1 || true
	rm -rf "$tmp"
}
trap finish EXIT
fail() {
	tail -n 40 "$out"
	echo "FAIL (EXHIBIT_SEED=$seed): $*" >&2
	exit 1
}

# The processes of one kind, by their numbers.
client() { pgrep -g "$group" -x exhibit || true; }
sequencer() { pgrep -f -- "exhibit-sequencer .*$EXHIBIT_DATA" || true; }
# After a kill the file names a number that somebody else may have by now.
database() {
	local pid
	pid=$(head -n 1 "$EXHIBIT_DATA/pg/postmaster.pid" 2>/dev/null) || return 0
	if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null |
	    grep -qF "$EXHIBIT_DATA/pg"; then
		echo "$pid"
	fi
}
everything() {
	client
	sequencer
	database
	echo "-$group"
}

start() {
	set -m
	"$EXHIBIT_SOURCE/scripts/demo.sh" >>"$out" 2>&1 </dev/null &
	group=$!
	set +m
}

# Kill something of it; 1 when there was nothing to kill.
disturb() {
	local kinds=(client client sequencer database everything) kind pids
	kind=${kinds[RANDOM % 5]}
	mapfile -t pids < <($kind)
	[ ${#pids[@]} -gt 0 ] || return 1
	echo "== killing $kind: ${pids[*]}" | tee -a "$out"
	kill -s KILL -- "${pids[@]}" 2>/dev/null || true
}

ended() { ! kill -s 0 "$group" 2>/dev/null; }

# It may go on after a kill, or end with an error; both are right.
: >"$out"
start
for ((killed = 0; killed < kills; )); do
	sleep "$((RANDOM % 3)).$((RANDOM % 10))"
	[ ! -e "$EXHIBIT_DEMO/finished" ] || break
	if ended; then
		start
	elif disturb; then
		killed=$((killed + 1))
	fi
done
echo "$killed kills"
wait "$group" || true

for ((i = 0; i < 3; i++)); do
	[ ! -e "$EXHIBIT_DEMO/finished" ] || break
	start
	wait "$group" || true
done
group=
[ -e "$EXHIBIT_DEMO/finished" ] || fail "the demo does not come to its end"

# What was acknowledged: the beginning of the leaf that each act had printed.
sed -n -e 's/^ *event  *\([0-9a-f]\{16\}\).*/\1/p' \
    -e 's/.*in the log as \([0-9a-f]\{16\}\).*/\1/p' "$out" |
    sort -u >"$tmp/said"
exhibit --json log show | tail -n 1 | jq -r '.entries[].leaf[:16]' |
    sort -u >"$tmp/logged"
echo "$(wc -l <"$tmp/said") acknowledged, $(wc -l <"$tmp/logged") in the log"
[ "$(wc -l <"$tmp/said")" -ge 10 ] || fail "hardly anything was acknowledged"
lost=$(comm -23 "$tmp/said" "$tmp/logged")
[ -z "$lost" ] || fail "acknowledged and not in the log: $lost"
status=0
exhibit log verify --receipts "$EXHIBIT_DATA/receipts" >"$tmp/verify" ||
    status=$?
[ $status = 3 ] || { cat "$tmp/verify"; fail "log verify: $status"; }
