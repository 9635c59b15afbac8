#!/bin/bash
# bench-ledger.sh [short|long] [ROUNDS] -- the custody ledger beside pgbench's
# plain one-row insert, on one cluster, fsync on, in turns.
#
# short: 5,000 entries are sequenced and verified in each round; long: a log of
# a million is made and verified in the last one.  Half of the entries have one
# party, half two.  EXHIBIT_ENTRIES is another number than a million.  Ratios
# are of neighbours in time, with their spread over the rounds; on a machine
# that others use only ratios and the processor's time mean something.
set -euo pipefail

source=$(cd "$(dirname "$0")/.." && pwd)
export EXHIBIT_BUILD=${EXHIBIT_BUILD:-$source/build}
kind=${1:-short}
rounds=${2:-3}
case $kind in
short) last=5000 ;;
long) last=${EXHIBIT_ENTRIES:-1000000} ;;
*)
	echo "bench: short or long, not $kind" >&2
	exit 64
	;;
esac
work=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

echo "load $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) processors"
for ((i = 1; i <= rounds; i++)); do
	n=500
	[ "$i" -lt "$rounds" ] || n=$((last / 10))
	"$EXHIBIT_BUILD/tests/bench_ledger" "$n" 5 >>"$work/said" \
	    2>>"$work/errors" || {
		tail -n 20 "$work/said" "$work/errors" >&2
		exit 2
	}
	echo "round $i of $rounds"
done

# NAME UNIT: medians over the rounds, and the least and greatest.
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
function row(what, list, form,   m) {
	if (list == "")
		return
	m = med(list)
	printf "| %s | " form " (" form "-" form ") |\n", what, m, low, high
}
$1 == "pgbench" { plain[$2] = plain[$2] " " $3; now[$2] = $3
	pflush[$2] = pflush[$2] " " $7 }
$1 == "append" { ours[$2] = ours[$2] " " $3; ratio[$2] = ratio[$2] " " $3 / now[$2]
	settled[$2] = settled[$2] " " $5 / now[$2]
	client[$2] = client[$2] " " $7; server[$2] = server[$2] " " $9
	seq[$2] = seq[$2] " " $11; flush[$2] = flush[$2] " " $13 }
$1 == "sign" { sign = sign " " $4 }
$1 == "act" { act = act " " $3 }
$1 == "sequence" { sequence = sequence " " $3; seqcpu = seqcpu " " $5
	seqserver = seqserver " " $7 }
$1 == "verify" { verify = verify " " $3; vcpu = vcpu " " $5
	mem = $7; entries = $2 }
END {
	print "| what | median (least-greatest) |"
	print "|---|---|"
	for (i = 1; i <= 48; i++) {
		w = i " writers: "
		row(w "pgbench, one-row inserts/s", plain[i], "%.0f")
		row(w "append, ready-signed entries/s", ours[i], "%.0f")
		row(w "append / pgbench", ratio[i], "%.2f")
		row(w "appended and under a signed checkpoint / pgbench", settled[i], "%.2f")
		row(w "append, CPU us an entry: client", client[i], "%.0f")
		row(w "append, CPU us an entry: server", server[i], "%.0f")
		row(w "append, CPU us an entry: sequencer", seq[i], "%.0f")
		row(w "entries a WAL flush", flush[i], "%.1f")
		row(w "pgbench inserts a WAL flush", pflush[i], "%.1f")
	}
	row("whole signed act, client, CPU us", act, "%.0f")
	row("writing and signing an entry, CPU us", sign, "%.0f")
	row("sequencing with admission, entries/s", sequence, "%.0f")
	row("sequencing, CPU us an entry: sequencer", seqcpu, "%.0f")
	row("sequencing, CPU us an entry: server", seqserver, "%.0f")
	row("log verify, entries/s", verify, "%.0f")
	row("log verify, CPU us an entry", vcpu, "%.0f")
	printf "| log verify, peak MiB, %d entries | %.0f |\n", entries, mem
}' "$work/said"
echo "load $(cut -d' ' -f1-3 /proc/loadavg)"
