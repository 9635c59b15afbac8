#!/bin/bash
# inspect.sh -- media inspect: each value with who told it, and "unknown"
# where nobody did; no house is needed, and nothing is written.
set -euo pipefail
exhibit=${EXHIBIT_BUILD:?}/bin/exhibit
dir=$(mktemp -d /tmp/exinspect.XXXXXX)
trap 'rm -rf "$dir"' EXIT
faults=0
fault() { printf 'FAULT: %s\n' "$*"; faults=$((faults + 1)); }

value() { jq -r "$1" <"$dir/out"; }
is() {
	local got
	got=$(value "$1")
	[ "$got" = "$2" ] || fault "$1 is \"$got\", not \"$2\""
}

# A disk: a partition table of one entry.
truncate -s 1M "$dir/disk.img"
printf '\x80\0\0\0\x83\0\0\0\x08\0\0\0\x10\0\0\0' |
	dd of="$dir/disk.img" bs=1 seek=446 conv=notrunc status=none
printf '\x55\xaa' | dd of="$dir/disk.img" bs=1 seek=510 conv=notrunc status=none
before=$(sha256sum <"$dir/disk.img")

env -u EXHIBIT_DATA HOME="$dir" \
    "$exhibit" --json media inspect "$dir/disk.img" >"$dir/out" ||
	fault "it does not end with 0"
is .kind file
is .size 1048576
is .learned.size file
is .method physical
is .learned.method partition_table
for name in serial model hpa dco security smart kernel_read_only; do
	is ".$name" unknown
	is ".learned.$name" null
done
[ "$(sha256sum <"$dir/disk.img")" = "$before" ] || fault "it was changed"
[ "$(find "$dir" -mindepth 1 | wc -l)" = 2 ] || fault "something was written"

"$exhibit" --lang en media inspect "$dir/disk.img" >"$dir/out"
grep -q 'whole device  (partition table in the file)' "$dir/out" ||
	fault "it does not say how the method is known"
grep -q 'HPA).*unknown' "$dir/out" || fault "it does not say unknown"
"$exhibit" --lang zh-TW media inspect "$dir/disk.img" >"$dir/out"
grep -q '檔案內有分割表' "$dir/out" || fault "not in Chinese"

rc=0
"$exhibit" media inspect "$dir/none" >"$dir/out" 2>&1 || rc=$?
[ "$rc" = 2 ] || fault "a source that is not there ends with $rc"
[ "$(wc -l <"$dir/out")" = 1 ] || fault "that is not one line"

exit $((faults > 0))
