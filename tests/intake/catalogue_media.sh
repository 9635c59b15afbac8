#!/bin/bash
# catalogue_media.sh -- images that others made, good, damaged and hostile:
# each is catalogued to the counts that fls gives, or ends with a finding.
#
# They are not part of the project: EXHIBIT_MEDIA is the folder they lie in.
# Without it this test says that it was left out.
set -euo pipefail

media=${EXHIBIT_MEDIA:-$EXHIBIT_SOURCE/../shared/media}
if ! [ -d "$media/hostile" ] || ! [ -d "$media/good-and-damaged" ]; then
	echo "LEFT OUT: no media of others in $media (EXHIBIT_MEDIA)"
	exit 77
fi
export PATH=$EXHIBIT_BUILD/tests:$PATH CATALOGUER_QUIET=1
work=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-catalogue.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0
patience=2

# unpack FOLDER: its files, in order, into $work/set.
unpack() {
	rm -rf "$work/set"
	mkdir "$work/set"
	local file
	for file in "$media/good-and-damaged/$1"/*; do
		case $file in
		*.gz) gzip -dc "$file" >"$work/set/$(basename "$file" .gz)" ;;
		*) cp "$file" "$work/set" ;;
		esac
	done
}

# expect NAME STATUS SYSTEMS FINDINGS FILE...: exit status, "system a/d" of
# each file system, the codes of the findings, both joined with commas; "/"
# between findings of which either may be.
expect() {
	local name=$1 want=$2 systems=$3 findings=$4 format=raw got=0 said
	local has_systems has_findings
	shift 4
	case $1 in *.[Ee]01) format=e01 ;; esac
	said=$(timeout 120 cataloguer "$format" "$patience" "$@" 2>&1) ||
		got=$?
	has_systems=$(sed -n 's/^volume .* system=\([^ ]\{1,\} [0-9/]*\).*/\1/p' \
		<<<"$said" | paste -sd,)
	has_findings=$(sed -n 's/^finding \([^ ]*\).*/\1/p' <<<"$said" |
		sort -u | paste -sd,)
	echo "$name: $got [$has_systems] [$has_findings]"
	if [ "$got" != "$want" ] || [ "$has_systems" != "$systems" ] ||
		[[ "/$findings/" != *"/$has_findings/"* ]]; then
		echo "  expected $want [$systems] [$findings]" >&2
		echo "$said" >&2
		failures=$((failures + 1))
	fi
}

# The manifest's counts; docs/catalogue.md explains what differs.
while IFS='|' read -r folder want systems findings; do
	unpack "$folder"
	expect "$folder" "$want" "$systems" "$findings" "$work"/set/*
done <<'SETS'
fat12-rustfatfs|0|fat12 9/0|
fat16-rustfatfs|0|fat16 9/0|
fat32-keramics|0|fat32 6/0|
exfat-goexfat|0|exfat 13/3|
ntfs-ads-goewf|0|ntfs 43/0|
ntfs-rrg|0|ntfs 38/10|
ext2-pytsk|0|ext2 5/4|
ext3-blkid|0|ext3 1/0|
ext4-h32|0|ext4 16/0|
hfsplus-dfvfs|0|hfs+ 17/0|
apfs-dfvfs|0|apfs 10/0|
iso-joliet-rr|0|iso9660 3/0|
iso-multiextent|0|iso9660 3/0|
ufs2-le|1|ufs2 15/0|hung
mbr-dfvfs|0|ext2 6/0,ext4 6/0|
gpt-quyzi|1||no_file_system
gpt-512-gptman|1||no_file_system
bsd-freebsd|1||no_file_system,unsupported
vs-pytsk|1|ext2 1/0|no_file_system
e01-2seg-e01rs|1||unsupported
e01-2seg-plaso|1|ext2 1/0|no_file_system
e01-deleted-plaso|0|ext2 5/4|
e01-good-e01rs|1||unsupported
e01-badchunk-e01rs|1||container_damaged,unreadable
e01-truncated|1||container_damaged,unreadable
e01-noseg2|1||container_damaged,unsupported
e01-wronghash|0|ext2 5/4|
splitraw-derived|1|ext2 1/0|no_file_system
vmdk-plaso|0|ext2 6/2|
vhd-plaso|0|ext2 5/4|
noise-dfvfs|1||no_file_system
tiny-pytsk|1||unsupported
empty-zero|1||no_file_system
SETS

# None may hang, crash the parent or pass for what it is not.  Without a limit
# of memory, which sanitizers do not bear, libewf opens the huge one.
while IFS='|' read -r file want systems findings; do
	expect "$file" "$want" "$systems" "$findings" "$media/hostile/$file"
done <<'FILES'
apfs_pstat_segv.raw|1|apfs 0/0|unreadable
e01_2GiB_chunk.E01|0|ext2 5/4|
e01_header_only.E01|1||container_damaged
e01_huge_media.E01|1||unreadable/nonsense
e01_huge_table.E01|1||container_damaged
e01_no_done.E01|1|ext2 5/4|container_damaged
e01_section_loop.E01|1||container_damaged,unreadable
e01_zero_length.E01|1||unreadable
exfat_deletedlabel.dd|0|exfat 12/3|
ext2_dir_hang.dd|1|ext2 5/3|hung,orphans_not_searched
ext2_in_vhd_hang.vhd|1|ext2 4/0|hung,orphans_not_searched
iso_open_hang.iso|1||hung
iso_rockridge_zf_overflow.iso|1|iso9660 0/0|hung,orphans_not_searched
iso_zisofs_overflow.iso|1|iso9660 0/0|hung,orphans_not_searched
isoj_open_hang.iso|1||hung
FILES

# What libmagic says of a content is what file(1) says.
[ "$failures" = 0 ]
