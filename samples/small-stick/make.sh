#!/bin/bash
# make.sh DIR -- DIR/stick.img: a small FAT16 stick, 4 MiB and one sector.
#
# README.md says what is on it.  Made twice, it is the same to the byte.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=SCRIPTDIR/../media.sh
. "$here/../media.sh"
begin "$@"

stick=$work/stick.img
truncate -s $((4 * 1024 * 1024 + 512)) "$stick"
mkfs.vfat --invariant -F 16 -s 1 -i 2026A303 -n STICK "$stick" >/dev/null

fat_mkdir "$stick" 2026-02-10T12:00:00 /會議
rows 31 20000 '%d;%d;%d;%d' | fat_put "$stick" 2026-02-10T12:01:00 /DATA.CSV
echo "會議紀錄（範例）" |
    fat_put "$stick" 2026-02-10T12:02:00 /會議/會議紀錄.txt
noise 6 700000 | fat_put "$stick" 2026-02-10T12:03:00 /會議/錄音.m4a
echo "草稿（範例）" | fat_put "$stick" 2026-02-10T12:04:00 /會議/草稿.txt
fat_delete "$stick" 2026-02-10T12:05:00 /會議/草稿.txt
# The sector after the file system holds something, too.
noise 7 512 | dd of="$stick" bs=512 seek=8192 conv=notrunc status=none

mv "$stick" "$out/stick.img"
echo "$out/stick.img"
