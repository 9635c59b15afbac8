#!/bin/bash
# samples.sh -- the sample media come out as their READMEs and digests say,
# whoever makes them and whenever.
# shellcheck source=SCRIPTDIR/../../samples/media.sh
. "$EXHIBIT_SOURCE/samples/media.sh"

samples=$EXHIBIT_SOURCE/samples
made=$(mktemp -d "${TMPDIR:-/tmp}/exhibit-samples.XXXXXX")
trap 'rm -rf "$made"' EXIT
disk=$made/one/seized-disk/disk.img
stick=$made/one/small-stick/stick.img
ext=$made/ext.img

die() { echo "samples: $*" >&2; exit 1; }

# says TEXT COMMAND...: the command's output holds the text.
says() {
	local text=$1
	shift
	"$@" 2>&1 | grep -aF -- "$text" >/dev/null ||
	    die "\"$*\" does not say: $text"
}

# Twice, in another time zone, with other habits, two seconds apart (the
# grain of FAT's clock).
make_twice() {
	"$samples/make.sh" "$made/one" >/dev/null
	sleep 2
	(
		umask 077
		cd /
		env -i PATH=/usr/bin:/bin TZ=America/Lima \
		    "$samples/make.sh" "$made/two" >/dev/null
	)
	diff -r "$made/one" "$made/two" || die "two runs differ"
}

# The digests are those of one set of tools.  With others the media may
# differ in a byte, and only what is on them is looked at.
compare_digests() {
	local sums sample
	for sums in "$samples"/*/SHA256SUMS; do
		sample=$(basename "$(dirname "$sums")")
		if (cd "$made/one/$sample" && sha256sum --quiet -c "$sums")
		then
			continue
		fi
		if [ "$(grep '^#' "$sums")" = "$(tools)" ]; then
			die "$sample is not what SHA256SUMS says"
		fi
		echo "$sample differs, and so do the tools:"
		diff <(grep '^#' "$sums") <(tools) || true
	done
}

on_fat() {
	local fat=$disk@@1M
	[ "$(stat -c %s "$disk")" = 67108864 ] || die "size of the disk"
	says "start=        2048, size=       73728, type=c" \
	    sfdisk -q -d "$disk"
	says "水質日報 2026-03.csv.locked" mdir -b -/ -i "$fat" ::
	says "IMG_0001.JPG" mdir -b -/ -i "$fat" ::
	! mdir -b -/ -i "$fat" :: | grep -F 繳費通知 || die "not deleted"
	says "Sample Optics" mtype -i "$fat" ::/照片/IMG_0001.JPG
	mtype -i "$fat" ::/照片/IMG_0001.JPG >"$made/photo.jpg"
	sed 's/#.*//' "$samples/seized-disk/photo.hex" | xxd -r -p |
	    cmp - "$made/photo.jpg" || die "the photo"
	# The deleted script's bytes are still there.
	says "stands for the file that was opened" cat "$disk"
}

on_ext() {
	dd if="$disk" of="$ext" bs=512 skip=75776 status=none
	e2fsck -fn "$ext" >/dev/null 2>&1 || die "e2fsck finds faults"
	says "2 deleted inodes found" debugfs -R lsdel "$ext"
	says "203.0.113.77" debugfs -R "cat /var/log/auth.log" "$ext"
	says "範例人員甲" debugfs -R "cat /home/operator/文件/值班表.csv" "$ext"
	says "/tmp/collect: File not found" \
	    debugfs -R "stat /tmp/collect" "$ext"
	# A deleted file comes back whole.
	local inode
	inode=$(debugfs -R lsdel "$ext" 2>/dev/null |
	    awk '$4 == 400000 { print $1 }')
	debugfs -R "dump <$inode> $made/collect" "$ext" 2>/dev/null
	noise 5 400000 | cmp - "$made/collect" || die "the deleted file"
}

on_stick() {
	[ "$(stat -c %s "$stick")" = 4194816 ] || die "size of the stick"
	says FAT16 head -c 512 "$stick"
	says "會議紀錄（範例）" mtype -i "$stick" ::/會議/會議紀錄.txt
	! mdir -b -/ -i "$stick" :: | grep -F 草稿 || die "not deleted"
	says "草稿（範例）" cat "$stick"
}

make_twice
compare_digests
on_fat
on_ext
on_stick
echo "the samples are what they should be"
