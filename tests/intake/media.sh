#!/bin/bash
# media.sh -- images that others made, good, damaged and hostile.
#
# They are not part of the project: EXHIBIT_MEDIA is the folder they lie in.
# Without it this test says that it was left out.
set -euo pipefail

media=${EXHIBIT_MEDIA:-$EXHIBIT_SOURCE/../shared/media}
if ! [ -d "$media/hostile" ] || ! [ -d "$media/good-and-damaged" ]; then
	echo "LEFT OUT: no media of others in $media (EXHIBIT_MEDIA)"
	exit 77
fi
export PATH=$EXHIBIT_BUILD/tests:$PATH
work=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-media.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0

# unpack FOLDER: its segments, in order, into $work/set.
unpack() {
	rm -rf "$work/set"
	mkdir "$work/set"
	local file
	for file in "$media/$1"/*; do
		case $file in
		*.[Ee][0-9][0-9]) cp "$file" "$work/set" ;;
		*.[Ee][0-9][0-9].gz)
			gzip -dc "$file" >"$work/set/$(basename "$file" .gz)"
			;;
		esac
	done
}

# expect VERDICT WORDS FILE...: the verdict, and words in its text.
expect() {
	local want=$1 words=$2 said
	shift 2
	said=$(timeout 60 imager read e01 "$@" 2>&1 || true)
	echo "$(basename "$1"): ${said%%$'\n'*}"
	case $said in
	"$want"$'\t'*"$words"*) ;;
	*)
		echo "  expected $want ($words)" >&2
		failures=$((failures + 1))
		;;
	esac
}

while read -r folder want words; do
	unpack "good-and-damaged/$folder"
	expect "$want" "$words" "$work"/set/*
done <<'SETS'
e01-good-e01rs whole
e01-2seg-e01rs whole
e01-2seg-plaso whole
e01-deleted-plaso whole
e01-badchunk-e01rs damaged 64 sectors in 1 places
e01-noseg2 damaged is missing
e01-truncated damaged segment 1
e01-wronghash damaged digest stored in the container
SETS

# None may hang, crash the parent or be called whole for what it is not.
while read -r file want words; do
	expect "$want" "$words" "$media/hostile/$file"
done <<'FILES'
e01_2GiB_chunk.E01 whole
e01_header_only.E01 damaged segment 1 ends
e01_huge_media.E01 unreadable
e01_huge_table.E01 damaged section "table"
e01_no_done.E01 damaged should begin
e01_section_loop.E01 damaged no possible size
e01_zero_length.E01 unreadable not an E01
apfs_pstat_segv.raw unreadable not an E01
FILES
[ "$failures" = 0 ]
