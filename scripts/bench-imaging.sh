#!/bin/bash
# bench-imaging.sh [ROUNDS | sparse] -- the imaging engine beside the field's
# tools, on the same media, in turns, from memory to memory.
#
# sparse: nothing but the peak of memory, over an empty medium of 256 GiB on
# the disk of TMPDIR; it takes some minutes.
#
# Media: 2 GiB ext4 of real files of this machine, 512 MiB noise, 512 MiB
# zeroes.  Printed are seconds of processor and of wall clock, and the spread
# over the rounds of the ratio to the field's tool.  On a machine that others
# use, only the processor's seconds mean something; its load is printed.
# Guymager is not driven: neither its arguments nor its configuration begin an
# imaging, and where it has a display it waits for somebody's hands.
set -euo pipefail

source=$(cd "$(dirname "$0")/.." && pwd)
export EXHIBIT_BUILD=${EXHIBIT_BUILD:-$source/build}
export IMAGER_DIGEST_LATER=1
rounds=${1:-3}
work=$(mktemp -d /dev/shm/exhibit-bench.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
imager=$EXHIBIT_BUILD/tests/imager
die() { echo "bench: $*" >&2; exit 2; }

# The same choice of files at each run on a machine.
make_real() {
	local tree=$work/tree
	mkdir "$tree"
	find /usr/bin /usr/lib /usr/share /usr/include -xdev -type f \
	    -size -64M -printf '%s %P\t%p\n' | awk -F'\t' '
	BEGIN { srand(1) } { print rand() "\t" $1 "\t" $2 }' |
	    LC_ALL=C sort -n | awk -F'\t' '
	{ split($2, a, " "); t += a[1]; if (t <= 1450 * 1048576) print $3 }
	' >"$work/list"
	tar -C / -cf - -T <(sed 's|^/||' "$work/list") | tar -C "$tree" -xf -
	truncate -s 2G "$work/real"
	mke2fs -q -F -t ext4 -d "$tree" "$work/real"
	rm -rf "$tree"
	# Holes of the file are read like the rest.
	cp --sparse=never "$work/real" "$work/whole"
	mv "$work/whole" "$work/real"
}

# timed NAME COMMAND...: "NAME cpu wall MiB", the last the peak of memory.
timed() {
	local name=$1
	shift
	/usr/bin/time -o "$work/time" -f '%U %S %e %M' "$@" \
	    >"$work/said" 2>&1 || {
		cat "$work/said" >&2
		die "$* failed"
	}
	awk -v name="$name" '{ printf "%s %.2f %.2f %d\n", name, $1 + $2, $3,
	    $4 / 1024 }' "$work/time"
}

ours() { # MEDIUM
	rm -rf "$work/out"
	mkdir "$work/out"
	timed "$1/ours" "$imager" make "$work/$1" e01 fast 0 "$work/out"
}

ewfacquire_one() { # MEDIUM
	rm -f "$work"/theirs.*
	timed "$1/ewfacquire" ewfacquire -u -q -c fast -d sha1,sha256 \
	    -f encase6 -S 1.9GiB -m fixed -M physical -C BENCH -D medium \
	    -E DISK -e bench -N none -t "$work/theirs" "$work/$1"
}

one_round() {
	local m
	for m in real noise zero; do
		ewfacquire_one "$m"
		ours "$m"
		[ "$m" != real ] || reading
	done
	timed real/dc3dd dc3dd if="$work/real" hash=md5 hash=sha1 \
	    hash=sha256 hof="$work/dd"
	rm -f "$work/dd"
	timed real/hashdeep hashdeep -c md5,sha1,sha256 "$work/real"
	timed real/hash "$EXHIBIT_BUILD/bin/exhibit" hash \
	    -a md5,sha1,sha256 "$work/real"
}

# The two images of the real files, read back.
reading() {
	timed real/ewfverify ewfverify -q -d sha1,sha256 "$work/theirs.E01"
	timed real/verify "$imager" read e01 "$work"/out/*.E*
	timed real/confirm "$imager" confirm e01 "$work"/out/*.E*
	printf 'size %s %s\n' "$(stat -c %s "$work/theirs.E01")" \
	    "$(stat -c %s "$work"/out/*.E01)"
}

# One row for each tool: medians, and the ratio to THEIRS with its spread.
table() {
	awk '
	function med(list, n,   a, i, k, t) {
		n = split(list, a, " ")
		for (i = 2; i <= n; i++)
			for (k = i; k > 1 && a[k] + 0 < a[k-1] + 0; k--) {
				t = a[k]; a[k] = a[k-1]; a[k-1] = t
			}
		low = a[1]; high = a[n]
		return a[int((n + 1) / 2)]
	}
	$1 == "size" { size = $3 / $2; next }
	{ cpu[$1] = cpu[$1] " " $2; wall[$1] = wall[$1] " " $3
	  mem[$1] = mem[$1] " " $4; if (!($1 in seen)) order[++rows] = $1
	  seen[$1]++; now[$1] = $2; w[$1] = $3
	  theirs = ""
	  split($1, p, "/")
	  if (p[2] == "ours") theirs = p[1] "/ewfacquire"
	  if (p[2] == "verify" || p[2] == "confirm") theirs = "real/ewfverify"
	  if (p[2] == "hash") theirs = "real/hashdeep"
	  if (theirs != "") {
		rc[$1] = rc[$1] " " now[theirs] / $2
		rw[$1] = rw[$1] " " w[theirs] / $3
	  } }
	END {
		print "| medium/tool | CPU s | wall s | peak MiB | theirs/ours, CPU | theirs/ours, wall |"
		print "|---|---|---|---|---|---|"
		for (i = 1; i <= rows; i++) {
			k = order[i]
			printf "| %s | %.2f | %.2f | %d |", k, med(cpu[k]),
			    med(wall[k]), med(mem[k])
			if (k in rc) {
				m = med(rc[k])
				printf " %.2f (%.2f–%.2f) |", m, low, high
				m = med(rw[k])
				printf " %.2f (%.2f–%.2f) |\n", m, low, high
			} else
				print " | |"
		}
		printf "\nsize of our image / ewfacquire: %.4f\n", size
	}' "$1"
}

# The peak of memory, and what it may be: 64 MiB and 8 bytes a chunk.
sparse() {
	local chunk=$((128 * 1024)) size=$((256 << 30))
	rm -rf "$work"
	work=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-bench.XXXXXX")
	truncate -s "$size" "$work/sparse"
	ours sparse
	echo "may be $((64 + 8 * size / chunk / 1048576)) MiB"
}

if [ "$rounds" = sparse ]; then
	echo "tool CPU-s wall-s peak-MiB"
	sparse
	exit
fi
case $rounds in
"" | *[!0-9]* | 0) die "a number of rounds, not \"$rounds\"" ;;
esac
make_real
head -c 512M /dev/urandom >"$work/noise"
head -c 512M /dev/zero >"$work/zero"
load=$(cut -d' ' -f1-3 /proc/loadavg)
for ((round = 1; round <= rounds; round++)); do
	one_round
done >"$work/rounds"
table "$work/rounds"
echo "load before $load, after $(cut -d' ' -f1-3 /proc/loadavg);" \
    "$(nproc) processors, $rounds rounds"
echo "Guymager: not driven; nothing but its window begins an imaging"
echo "parts alone, ns a byte; bound: of two processors with this ring:"
"$EXHIBIT_BUILD/tests/bench_parts" "$work/real" | paste -sd' '
