#!/bin/bash
# bench-search.sh [short|long] -- the case database, searched: a throw-away
# house with the product's own schema, 200,000 made-up cases (long: a million)
# and ten indicators a case.  EXHIBIT_CASES is another number.
#
# The processor's time is that of the one server process that answers, read
# from /proc; parallel workers are off, so that nothing is done elsewhere.
set -euo pipefail

source=$(cd "$(dirname "$0")/.." && pwd)
export EXHIBIT_BUILD=${EXHIBIT_BUILD:-$source/build}
export PATH=$EXHIBIT_BUILD/bin:$PATH LC_ALL=C.UTF-8
case ${1:-short} in
short) cases=${EXHIBIT_CASES:-200000} ;;
long) cases=${EXHIBIT_CASES:-1000000} ;;
*)
	echo "bench: short or long, not $1" >&2
	exit 64
	;;
esac
work=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-bench.XXXXXX")
chmod 711 "$work"
export EXHIBIT_DATA=$work/house
unset EXHIBIT_AS EXHIBIT_PIN

finish() {
	exhibit --quiet down >/dev/null 2>&1 || true
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

echo "load $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"
exhibit --quiet init >"$work/said" 2>&1 || {
	cat "$work/said" >&2
	exit 2
}
exhibit --quiet up >/dev/null

# The server is reached as its own user.
as=()
[ "$(id -u)" != 0 ] || as=(runuser -u "$(stat -c %U "$EXHIBIT_DATA/pg")" --)
socket=$EXHIBIT_DATA/run
[ ! -e "$EXHIBIT_DATA/pg.socket" ] || socket=$(cat "$EXHIBIT_DATA/pg.socket")
bin=$(find /usr/lib/postgresql -name psql | sort | tail -n 1)
client=("${as[@]}" "$bin" -X -q -A -t -v ON_ERROR_STOP=1 -h "$socket" -U exhibit_root -d exhibit)
cd /

echo "$cases cases, made and loaded:"
"${client[@]}" <<-'SQL'
	CREATE ROLE "person_S-G1" LOGIN IN ROLE exhibit_people;
SQL
time "$source/scripts/generate-cases" --cases "$cases" |
	"${client[@]}" >/dev/null

"$source/scripts/bench-search.py" "$cases" "${client[@]}"
echo "load $(cut -d' ' -f1-3 /proc/loadavg)"
