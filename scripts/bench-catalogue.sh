#!/bin/bash
# bench-catalogue.sh [ROUNDS] -- the catalogue of a raw image beside what the
# field does by hand: fls -r with icat | sha256sum of each file, and
# tsk_loaddb -h; many small files, then a few large ones.
#
# Ours makes MD5, SHA-1, SHA-256, types and entropy and writes no database
# here; the two others make one digest, tsk_loaddb MD5 and an SQLite file.
# Processor seconds are of all processes together.
set -euo pipefail

source=$(cd "$(dirname "$0")/.." && pwd)
build=${EXHIBIT_BUILD:-$source/build}
rounds=${1:-3}
small=${BENCH_SMALL:-20000}   # files of some 2 KiB
large=${BENCH_LARGE:-1024}    # MiB in four files
export PATH=$build/tests:$PATH:/usr/sbin:/sbin EXHIBIT_BUILD=$build
export CATALOGUER_QUIET=1
work=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
die() { echo "bench: $*" >&2; exit 2; }
for tool in fls icat tsk_loaddb mkfs.ext4; do
	command -v "$tool" >/dev/null || die "no $tool"
done

# Half text, half noise, in folders of two hundred.
make_small() {
	python3 - "$work/tree" "$small" <<'P'
import os, random, sys
root, n = sys.argv[1], int(sys.argv[2])
random.seed(1)
for i in range(n):
    d = f'{root}/d{i // 200}'
    os.makedirs(d, exist_ok=True)
    with open(f'{d}/f{i}', 'wb') as f:
        size = random.randrange(100, 4000)
        f.write(random.randbytes(size) if i % 2 else
                (b'a line of text, number %d\n' % i) * (size // 25))
P
	truncate -s $((small * 8 + 65536))K "$work/small"
	mkfs.ext4 -q -F -N $((small + small / 50 + 1000)) -d "$work/tree" \
		"$work/small"
	rm -rf "$work/tree"
}

make_large() {
	mkdir "$work/tree"
	for i in 1 2 3 4; do
		head -c $((large / 4))M /dev/urandom >"$work/tree/$i"
	done
	truncate -s $((large + 128))M "$work/large"
	mkfs.ext4 -q -F -d "$work/tree" "$work/large"
	rm -rf "$work/tree"
}

by_hand() {
	fls -r -p -F "$1" | sed -n 's/^r\/r \([0-9]*\):.*/\1/p' |
		while read -r inode; do
			icat "$1" "$inode" | sha256sum
		done
}

loaddb() {
	rm -f "$work/db"
	tsk_loaddb -h -d "$work/db" "$1"
}

ours() { cataloguer raw 60 "$1"; }
names() { CATALOGUER_NO_DIGESTS=1 cataloguer raw 60 "$1"; }

# measure NAME IMAGE UNITS UNIT COMMAND: units a second, by the clock and by
# the processor.
measure() {
	local name=$1 image=$2 units=$3 unit=$4 command=$5
	local TIMEFORMAT='%R %U %S' times
	times=$({ time "$command" "$image" >/dev/null 2>&1; } 2>&1)
	awk -v name="$name" -v units="$units" -v unit="$unit" '{
		cpu = $2 + $3
		printf "%-28s %10.2f s %10.2f cpu-s %10.0f %s/s %10.0f a cpu-s\n",
			name, $1, cpu, units / $1, unit, units / cpu
	}' <<<"$times"
}

make_small
make_large
for ((round = 1; round <= rounds; round++)); do
	echo "round $round: $small small files"
	measure "exhibit" "$work/small" "$small" files ours
	measure "exhibit, names alone" "$work/small" "$small" files names
	measure "tsk_loaddb -h" "$work/small" "$small" files loaddb
	[ "$round" -gt 1 ] ||
		measure "fls -r, icat | sha256sum" "$work/small" "$small" \
			files by_hand
	echo "round $round: $large MiB in four files"
	measure "exhibit" "$work/large" "$large" MiB ours
	measure "tsk_loaddb -h" "$work/large" "$large" MiB loaddb
	measure "fls -r, icat | sha256sum" "$work/large" "$large" MiB by_hand
done
