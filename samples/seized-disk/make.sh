#!/bin/bash
# make.sh DIR -- DIR/disk.img: the disk of a workstation, 64 MiB.
#
# README.md says what is on it.  Made twice, it is the same to the byte.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=SCRIPTDIR/../media.sh
. "$here/../media.sh"
begin "$@"

# In sectors of 512 bytes: FAT32 wants more than 65524 clusters, here of one.
fat_at=2048 fat_size=73728
ext_at=75776 ext_size=55296
disk_size=131072

fat=$work/fat.img
ext=$work/ext.img
script=$work/debugfs

make_fat() {
	truncate -s $((fat_size * 512)) "$fat"
	mkfs.vfat --invariant -F 32 -s 1 -h $fat_at -i 2026A302 \
	    -n WORKSTATION "$fat" >/dev/null

	local day=2026-01-05T08:30:00
	fat_mkdir "$fat" $day /水質日報
	fat_mkdir "$fat" $day /巡檢紀錄
	fat_mkdir "$fat" $day /照片
	fat_mkdir "$fat" $day /備份
	fat_mkdir "$fat" $day /下載
	fat_put "$fat" $day /說明.txt <"$here/files/about.txt"
	fat_put "$fat" $day /控制台設定.ini <"$here/files/console.ini"

	rows 11 31000 '2026-01,%d,%d,%d,%d' |
	    fat_put "$fat" 2026-01-31T23:59:58 "/水質日報/水質日報 2026-01.csv"
	rows 12 28000 '2026-02,%d,%d,%d,%d' |
	    fat_put "$fat" 2026-02-28T23:59:58 "/水質日報/水質日報 2026-02.csv"
	rows 13 900 '%d,加藥機,餘氯 0.%03d,濁度 0.%03d,壓力 %d' |
	    fat_put "$fat" 2026-02-27T16:10:00 "/巡檢紀錄/加藥機巡檢.csv"
	noise 1 3000000 |
	    fat_put "$fat" 2026-02-28T18:00:00 /備份/hmi-2026-02-28.bak
	sed 's/#.*//' "$here/photo.hex" | xxd -r -p |
	    fat_put "$fat" 2026-03-02T09:41:08 /照片/IMG_0001.JPG

	# The day of the incident.
	fat_put "$fat" 2026-03-02T10:15:20 "/下載/繳費通知 0302.js" \
	    <"$here/files/notice.js"
	noise 2 1500000 |
	    fat_put "$fat" 2026-03-02T10:17:00 /備份/hmi-2026-03-01.bak
	noise 3 2000000 |
	    fat_put "$fat" 2026-03-02T10:20:44 \
	    "/水質日報/水質日報 2026-03.csv.locked"
	fat_put "$fat" 2026-03-02T10:21:02 "/檔案復原說明.txt" \
	    <"$here/files/demand.txt"
	fat_delete "$fat" 2026-03-02T10:21:30 "/下載/繳費通知 0302.js"
	fat_delete "$fat" 2026-03-02T10:21:32 /備份/hmi-2026-03-01.bak
}

# ext_mkdir WHEN PATH; ext_put WHEN PATH: into the script for debugfs.
ext_mkdir() {
	printf 'cd "%s"\nmkdir "%s"\ncd /\n' \
	    "$(dirname "$2")" "$(basename "$2")" >>"$script"
	ext_stamp "$1" "$2" 040755
}

ext_put() {
	local n
	n=$(find "$work" -name 'in.*' | wc -l)
	cat >"$work/in.$n"
	printf 'cd "%s"\nwrite "%s" "%s"\ncd /\n' "$(dirname "$2")" \
	    "$work/in.$n" "$(basename "$2")" >>"$script"
	ext_stamp "$1" "$2" 0100644
}

ext_stamp() {
	local epoch field
	epoch=$(date -d "$1" +%s)
	for field in "mode $3" "uid 1000" "gid 1000" "atime @$epoch" \
	    "ctime @$epoch" "mtime @$epoch" "crtime @$epoch"; do
		printf 'set_inode_field "%s" %s\n' "$2" "$field"
	done >>"$script"
}

ext_delete() { printf 'rm "%s"\n' "$1" >>"$script"; }

fill_ext() {
	local day=2026-01-05T08:40:00
	ext_mkdir $day /home
	ext_mkdir $day /home/operator
	ext_mkdir $day /home/operator/文件
	ext_mkdir $day /var
	ext_mkdir $day /var/log
	ext_mkdir $day /srv
	ext_mkdir $day /tmp
	ext_put $day /home/operator/文件/值班表.csv <"$here/files/roster.csv"
	ext_put 2026-03-02T10:25:10 /home/operator/.bash_history \
	    <"$here/files/history"
	ext_put 2026-03-02T10:25:00 /var/log/auth.log <"$here/files/auth.log"
	rows 21 90000 'point %d: flow %d l/s, level %d cm, pump %d rpm' |
	    ext_put 2026-03-02T10:19:00 /var/log/historian.log
	noise 4 4000000 | ext_put 2026-03-01T02:00:00 /srv/video.h264
	head -c 3000000 /dev/zero | ext_put 2026-02-01T00:00:00 /srv/reserve
	ext_put 2026-03-02T10:18:30 /tmp/名單.csv <"$here/files/list.csv"
	noise 5 400000 | ext_put 2026-03-02T10:18:00 /tmp/collect
}

make_ext() {
	truncate -s $((ext_size * 512)) "$ext"
	# The machine's own defaults do not count; these and the options do.
	cat >"$work/mke2fs.conf" <<-END
	[fs_types]
	ext4 = {
	blocksize = 1024
	}
	small = {
	inode_size = 256
	}
	END
	: >"$script"
	export MKE2FS_CONFIG=$work/mke2fs.conf
	local features=has_journal,ext_attr,resize_inode,dir_index,filetype
	features+=,extent,64bit,flex_bg,sparse_super,large_file,huge_file
	features+=,dir_nlink,extra_isize,metadata_csum
	local extended=hash_seed=20260302-0000-4000-8000-000000000002
	extended+=,lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0
	at 2026-01-05T08:35:00 mke2fs -q -F -t ext4 -b 1024 -I 256 -N 2048 \
	    -m 1 -J size=1 -L gateway -O "none,$features" -E "$extended" \
	    -U 20260302-0000-4000-8000-000000000001 "$ext"
	fill_ext
	at 2026-03-02T10:26:00 debugfs -w -f "$script" "$ext" \
	    >"$work/said" 2>&1

	: >"$script"
	ext_delete /tmp/名單.csv
	ext_delete /tmp/collect
	at 2026-03-02T10:27:00 debugfs -w -f "$script" "$ext" \
	    >>"$work/said" 2>&1
	# debugfs goes on after a fault; e2fsck says whether all is well.
	e2fsck -fn "$ext" >>"$work/said" 2>&1 || {
		cat "$work/said" >&2
		exit 2
	}
}

join() {
	local disk=$work/disk.img
	truncate -s $((disk_size * 512)) "$disk"
	sfdisk -q --no-reread --no-tell-kernel "$disk" <<-END
	label: dos
	label-id: 0x20260302
	unit: sectors
	start=$fat_at, size=$fat_size, type=c
	start=$ext_at, size=$ext_size, type=83
	END
	dd if="$fat" of="$disk" bs=512 seek=$fat_at conv=notrunc,sparse \
	    status=none
	dd if="$ext" of="$disk" bs=512 seek=$ext_at conv=notrunc,sparse \
	    status=none
	mv "$disk" "$out/disk.img"
}

make_fat
make_ext
join
echo "$out/disk.img"
