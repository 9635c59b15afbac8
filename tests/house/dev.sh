#!/bin/bash
# dev.sh -- ./dev stops what it started, however it is stopped itself.
#
# In a tree of its own with a demo that leaves its process group, as a
# database server does, and one that stays.
set -euo pipefail

work=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-dev-test.XXXXXX")
strays() { cat "$work"/pid.* 2>/dev/null || true; }
cleanup() {
	local pid
	for pid in $(strays); do kill -9 "$pid" 2>/dev/null || true; done
	rm -rf "$work"
}
trap cleanup EXIT
die() { echo "dev: $*" >&2; exit 1; }

tree=$work/tree
mkdir -p "$tree/scripts" "$tree/tests"
cp "$EXHIBIT_SOURCE/dev" "$tree/"
printf 'cmake_minimum_required(VERSION 3.25)\nproject(x NONE)\n' \
    >"$tree/CMakeLists.txt"
cat >"$tree/scripts/demo.sh" <<'END'
#!/bin/bash
# Services: one leaves for a session of its own, one stays in the group.
setsid bash -c 'echo $$ >"$1"; exec sleep 600' x "$MARKS/pid.away" &
bash -c 'trap "" HUP; echo $$ >"$1"; exec sleep 600' x "$MARKS/pid.near" &
trap ': >"$MARKS/closed"; exit 143' TERM
until [ -s "$MARKS/pid.away" ] && [ -s "$MARKS/pid.near" ]; do
	sleep 0.1
done
: >"$MARKS/ready"
[ "${1:-}" != ends ] || exit 3
wait
END
chmod +x "$tree/scripts/demo.sh"

# Is this process there still, and not a zombie?
lives() { grep -q '^State:[[:space:]]*[^ZX]' "/proc/$1/status" 2>/dev/null; }

# A killed process is seen for a moment after its memory is gone.
gone() {
	local _
	for _ in {1..100}; do
		lives "$1" || return 0
		sleep 0.1
	done
	return 1
}

none_left() {
	local pid
	[ "$(strays | wc -l)" = 2 ] || die "$1: the demo did not run"
	for pid in $(strays); do
		gone "$pid" || die "$1: process $pid is left"
	done
	rm -f "$work"/pid.* "$work/ready" "$work/closed"
}

# start ARG...: ./dev demo in the background, with signals as in a terminal.
start() {
	MARKS=$work EXHIBIT_DEMO=$work/demo env --default-signal=INT,HUP,TERM \
	    "$tree/dev" demo "$@" >"$work/said" 2>&1 &
	dev=$!
}

# The wait has no limit of its own: ctest has one.
stopped_by() {
	local signal=$1 want=$2 rc=0
	start
	until [ -e "$work/ready" ]; do
		lives "$dev" || { cat "$work/said"; die "ended at once"; }
		sleep 0.1
	done
	kill -s "$signal" "$dev"
	wait "$dev" || rc=$?
	[ "$rc" = "$want" ] || die "$signal: exit status $rc, not $want"
	[ -e "$work/closed" ] || die "$signal: the demo could not close"
	none_left "$signal"
}

stopped_by INT 130
stopped_by TERM 143
stopped_by HUP 129

# Nothing is left of a demo that ends by itself, and its status is kept.
rc=0
start ends
wait "$dev" || rc=$?
[ "$rc" = 3 ] || die "exit status $rc, not 3"
none_left "end"

# Usage.
rc=0
"$tree/dev" no-such-verb 2>"$work/said" || rc=$?
[ "$rc" = 64 ] || die "exit status $rc for an unknown verb"
for verb in deps build test demo bench fuzz soak fmt shell clean; do
	"$tree/dev" help | grep -q "^  \(./dev \)\?$verb " ||
	    die "help does not name $verb"
done
echo "dev stops what it starts"
