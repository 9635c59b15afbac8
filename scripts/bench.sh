#!/bin/bash
# bench.sh [ROUNDS] -- our imaging and verifying beside ewfacquire and
# ewfverify, on one medium, in turns.
#
# The medium is 512 MiB, always the same: a quarter zeroes, a sixth noise, the
# rest lines of a log.  What is printed is a ratio for each round and the
# spread over the rounds: a machine's speed changes while one looks, that of
# two neighbours in time less so.  Ratios over 1 say that ours was faster.
set -euo pipefail

source=$(cd "$(dirname "$0")/.." && pwd)
build=${EXHIBIT_BUILD:-$source/build}
rounds=${1:-5}
. "$source/samples/media.sh"
export PATH=$build/bin:$PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-bench.XXXXXX")
# The database may run as another user and must reach its folder.
chmod 711 "$work"
medium=$work/medium.img
export EXHIBIT_DATA=$work/house EXHIBIT_PIN=bench-only
unset EXHIBIT_AS
finish() {
	exhibit --quiet down >/dev/null 2>&1 || true
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
die() { echo "bench: $*" >&2; exit 2; }

# Repeats lie 16 MiB apart, far outside deflate's window of 32 KiB.
make_medium() {
	head -c $((4 << 20)) /dev/zero >"$work/part"
	noise 1 $((3 << 20)) >>"$work/part"
	rows 2 300000 '2026-03-02 row %d: flow %d l/s, level %d cm, %d rpm' |
	    head -c $((9 << 20)) >>"$work/part" || true
	[ "$(stat -c %s "$work/part")" = $((16 << 20)) ] || die "the medium"
	local i
	for ((i = 0; i < 32; i++)); do
		cat "$work/part"
	done >"$medium"
}

quietly() {
	"$@" >"$work/said" 2>&1 || {
		cat "$work/said" >&2
		die "$* ended with $?"
	}
}

# A house with one disk on the bench, its seal broken.
make_house() {
	local person
	quietly exhibit init
	quietly exhibit location add BENCH-1 --kind workbench
	for person in custodian:evidence_custodian examiner:examiner; do
		quietly exhibit person add "${person%:*}" --org LAB \
		    --role "${person#*:}" --name-en "Sample ${person%:*}"
		quietly exhibit key new "${person%:*}" --person "${person%:*}"
	done
	quietly exhibit case open BENCH --as examiner --title Bench \
	    --authority warrant:BENCH-1
	quietly exhibit item announce BENCH DISK --as examiner \
	    --kind physical_medium --description "the medium" \
	    --seizure-record BENCH-1 --seal B-1
	quietly exhibit custody receive DISK --as custodian --with examiner \
	    --seal B-1 --seal-state intact --condition good
	quietly exhibit custody check-out DISK --as custodian \
	    --with examiner --purpose imaging
	quietly exhibit custody seal-break DISK --as examiner --seal B-1 \
	    --seal-state intact --reason imaging
}

# seconds COMMAND...: wall-clock time of a command that must succeed.
seconds() {
	local start=$EPOCHREALTIME
	quietly "$@"
	awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'
}

theirs_acquire() {
	seconds ewfacquire -u -q -c fast -d sha1,sha256 -f encase6 \
	    -S 1.9GiB -m fixed -M physical -C BENCH -D medium -E DISK \
	    -e bench -N none -t "$work/theirs" "$medium"
}

# The same work, without our second reading; and the whole command.
ours_acquire() {
	local start=$EPOCHREALTIME summary
	summary=$(exhibit --json acquire DISK "$medium" --as examiner |
	    tail -n 1)
	jq -r --argjson a "$start" --argjson b "$EPOCHREALTIME" \
	    '"\(.image) \(.acquire_seconds) \($b - $a)"' <<<"$summary"
}

# spread NAME RATIO...: the median, and between what the rest lies.
spread() {
	local name=$1
	shift
	printf '%s\n' "$@" | sort -n | awk -v name="$name" '
	{ r[NR] = $1 }
	END {
		printf "%-36s %5.2f  (%.2f to %.2f, %d rounds)\n", name,
		    NR % 2 ? r[(NR + 1) / 2] : (r[NR / 2] + r[NR / 2 + 1]) / 2,
		    r[1], r[NR], NR
	}'
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f\n", a / b }'; }

one_round() {
	local image acquire all theirs theirs_verify ours_verify
	rm -f "$work"/theirs.*
	theirs=$(theirs_acquire)
	read -r image acquire all < <(ours_acquire)
	theirs_verify=$(seconds ewfverify -q -d sha1,sha256 "$work/theirs.E01")
	ours_verify=$(seconds exhibit verify "$image")
	imaging+=("$(ratio "$theirs" "$acquire")")
	verifying+=("$(ratio "$theirs_verify" "$ours_verify")")
	job+=("$(ratio "$(awk -v a="$theirs" -v b="$theirs_verify" \
	    'BEGIN { print a + b }')" "$all")")
	printf 'round %d: imaging %.2f s (ewfacquire %.2f s), ' \
	    "$1" "$acquire" "$theirs"
	printf 'verifying %.2f s (ewfverify %.2f s)\n' \
	    "$ours_verify" "$theirs_verify"
}

case $rounds in
"" | *[!0-9]* | 0) die "a number of rounds, not \"$rounds\"" ;;
esac
make_medium
make_house
imaging=() verifying=() job=()
for ((round = 1; round <= rounds; round++)); do
	one_round "$round"
done
echo
spread "imaging, ewfacquire -c fast / ours" "${imaging[@]}"
spread "verifying, ewfverify / ours" "${verifying[@]}"
spread "both in one command, theirs / ours" "${job[@]}"
