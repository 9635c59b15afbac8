/*
 * extent.c -- marks of partition tables and file systems.
 */
#include "intake/extent.h"

#include <stdlib.h>
#include <string.h>

#include "intake/answer.h"
#include "intake/source.h"

enum {
	TABLE = 446, /* first of four entries of sixteen bytes */
	ENTRY = 16,
	SIGNATURE = 510
};

static const struct {
	size_t at;
	const char *mark;
	size_t n;
} volume[] = {
	{ 3, "NTFS    ", 8 }, { 3, "EXFAT   ", 8 },
	{ 3, "-FVE-FS-", 8 }, /* BitLocker */
	{ 54, "FAT12   ", 8 }, { 54, "FAT16   ", 8 }, { 82, "FAT32   ", 8 },
	{ 0, "XFSB", 4 }, { 0, "LUKS\xba\xbe", 6 },
	{ 32, "NXSB", 4 },		 /* APFS */
	{ 1024, "H+", 2 },		 /* HFS+ */
	{ 1080, "\x53\xef", 2 },	 /* ext2, ext3, ext4 */
	{ 1024, "\x10\x20\xf5\xf2", 4 }, /* F2FS */
	{ 32769, "CD001", 5 },		 /* ISO 9660 */
	{ 65600, "_BHRfS_M", 8 },	 /* Btrfs */
};

static int
is_at(struct ex_span head, size_t at, const char *mark, size_t n)
{
	return at < head.n && n <= head.n - at &&
	       memcmp(&head.p[at], mark, n) == 0;
}

/*
 * An MBR: its signature, four entries of which none is impossible and one at
 * least begins inside.  A boot sector of FAT or NTFS has the signature too
 * and is told by its mark before.
 */
static int
is_mbr(struct ex_span head, uint64_t size)
{
	int used = 0;

	if (!is_at(head, SIGNATURE, "\x55\xaa", 2))
		return 0;
	for (size_t i = 0; i < 4; i++) {
		size_t at = TABLE + i * ENTRY;
		uint64_t status = ex_answer_le(head, at, 1);
		uint64_t first = ex_answer_le(head, at + 8, 4);

		if (status != 0 && status != 0x80)
			return 0;
		if (ex_answer_le(head, at + 4, 1) != 0 && first != 0 &&
		    ex_answer_le(head, at + 12, 4) != 0 &&
		    first < size / EX_SECTOR)
			used++;
	}
	return used > 0;
}

enum ex_extent
ex_extent_of(struct ex_span head, uint64_t size)
{
	/* GPT's header is in the second sector, of 512 or 4096 bytes. */
	if (is_at(head, 512, "EFI PART", 8) || is_at(head, 4096, "EFI PART", 8))
		return EX_EXTENT_DISK;
	for (size_t i = 0; i < sizeof(volume) / sizeof(volume[0]); i++)
		if (is_at(head, volume[i].at, volume[i].mark, volume[i].n)) {
			/* Made to be both: the table counts. */
			if (volume[i].at >= EX_SECTOR && is_mbr(head, size))
				return EX_EXTENT_DISK;
			return EX_EXTENT_VOLUME;
		}
	return is_mbr(head, size) ? EX_EXTENT_DISK : EX_EXTENT_UNKNOWN;
}

enum ex_extent
ex_extent_read(struct ex_source *s)
{
	struct ex_span head = { NULL, EX_EXTENT_HEAD };
	enum ex_extent extent = EX_EXTENT_UNKNOWN;
	void *buf;

	if (s->info.size < head.n)
		head.n = (size_t)s->info.size;
	if ((buf = aligned_alloc(EX_SOURCE_ALIGN, EX_EXTENT_HEAD)) == NULL)
		return EX_EXTENT_UNKNOWN;
	head.p = buf;
	if (ex_source_read(s, buf, head.n, 0, NULL) == EX_GOT_ALL)
		extent = ex_extent_of(head, s->info.size);
	free(buf);
	return extent;
}
