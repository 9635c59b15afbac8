#!/bin/bash
# crash.sh -- PostgreSQL, sequencer, anchor, witness and clients are killed at
# random moments while three people write: no act that was acknowledged is
# missing, none is there twice, no index or number is left out, and nobody
# saw two histories.
#
# EXHIBIT_ROUNDS kills (10); EXHIBIT_SEED repeats the dice.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/house.sh"

rounds=${EXHIBIT_ROUNDS:-10}
seed=${EXHIBIT_SEED:-$RANDOM}
RANDOM=$seed
echo "EXHIBIT_SEED=$seed"

vouch() { "$EXHIBIT_SOURCE/scripts/vouchers.sh" "$dir/vouch" "$@"; }
cease() {
	touch "$dir/enough"
	wait || true
	vouch stop || true
	finish
}
trap cease EXIT

people
open_case C-1
announce C-1 A-1 A-2 A-3
vouch make "$(sed -n 's/^log //p' "$EXHIBIT_DATA/trust/policy")" alone
vouch start
vouch policy >"$dir/policy.json"
needs exhibit policy set "$dir/policy.json" --as head
needs exhibit log cosign

# writer NUMBER: notes on an item until it is enough, each text once; those
# that were acknowledged are kept.
writer() {
	exec 2>>"$dir/shell" # which says who was killed
	local n=0
	until [ -e "$dir/enough" ]; do
		n=$((n + 1))
		exhibit --json custody note "A-$1" --as officer \
		    --note "writer $1 note $n" >"$dir/w$1.out" 2>&1 || continue
		tail -n 1 "$dir/w$1.out" | jq -r .leaf >>"$dir/said"
	done
}
: >"$dir/said"
for k in 1 2 3; do writer $k & done

# running PROGRAM: those of this test, by number.
running() {
	local pid
	for pid in $(pgrep -x "$1" || true); do
		! grep -qsF -- "$dir" "/proc/$pid/environ" || echo "$pid"
	done
}
# pgrep knows fifteen letters of a name.
pids() {
	case $1 in
	client) running exhibit ;;
	database) head -n 1 "$EXHIBIT_DATA/pg/postmaster.pid" 2>/dev/null || true ;;
	sequencer) running exhibit-sequenc ;;
	anchor) running exhibit-anchor ;;
	witness) running exhibit-witness ;;
	esac
}

kinds=(database sequencer anchor witness client)
declare -A hit
for ((i = 0, tries = 0; i < rounds && tries < 20 * rounds; tries++)); do
	sleep "0.$((RANDOM % 10))$((RANDOM % 10))"
	kind=${kinds[RANDOM % 5]}
	pid=$(pids "$kind" | head -n 1) || true
	if [ -n "$pid" ] && kill -s KILL "$pid" 2>/dev/null; then
		i=$((i + 1))
		hit[$kind]=$((${hit[$kind]:-0} + 1))
	fi
	# Whoever runs the witness starts it again; the house does the rest.
	[ -n "$(pids witness)" ] || vouch start
done
for kind in "${!hit[@]}"; do echo "killed $kind: ${hit[$kind]}"; done
[ "$i" = "$rounds" ] || fault "$i kills, not $rounds"
touch "$dir/enough"
wait
[ -n "$(pids witness)" ] || vouch start

# What was cut off is finished, and the log is asked.
exhibit --quiet down >"$dir/out" 2>"$dir/err" || true
needs exhibit up
for _ in 1 2 3; do
	try exhibit --json pending
	[ "$(pending)" != 0 ] || break
	sleep 1
done
try exhibit log cosign
exhibit --json log show | tail -n 1 | jq -r '.entries[].leaf' |
    sort >"$dir/logged"
sort "$dir/said" >"$dir/sorted"
echo "$(wc -l <"$dir/sorted") acknowledged, $(wc -l <"$dir/logged") in the log"
[ "$(wc -l <"$dir/sorted")" -gt 2 ] || fault "hardly anything was acknowledged"
[ -z "$(comm -23 "$dir/sorted" "$dir/logged")" ] ||
    fault "acknowledged, and not in the log"

# none SQL WHAT: it finds nothing.
none() { [ "$(sql "SELECT count(*) FROM ($1) x")" = 0 ] || fault "$2"; }
none "SELECT FROM exhibit.tree_leaf HAVING max(index) + 1 <> count(*)" \
    "an index is missing"
none "SELECT FROM exhibit.tree_leaf GROUP BY stream
    HAVING max(seq) <> count(*) OR min(seq) <> 1" "a number is missing"
none "SELECT FROM exhibit.tree_leaf l JOIN exhibit.opening o USING (entry_id)
    WHERE l.stream LIKE 'item:%' GROUP BY substring(
        convert_from(openings, 'UTF8') FROM 'writer [0-9]+ note [0-9]+')
    HAVING count(*) > 1 AND max(substring(convert_from(openings, 'UTF8')
        FROM 'writer [0-9]+ note [0-9]+')) IS NOT NULL" "an act is there twice"
none "SELECT FROM exhibit.queue" "something still waits"

# The witness followed the whole way and refused nothing that was signed.
[ -z "$(find "$dir/vouch/w" -path '*/refused/*' -type f)" ] ||
    fault "the witness has refused a checkpoint"
try exhibit --json log verify --policy "$EXHIBIT_DATA/trust/policy" \
    --receipts "$EXHIBIT_DATA/receipts"
[ "$got" = 0 ] || fault "log verify: $got"
is '.faults | length' 0
done_testing
