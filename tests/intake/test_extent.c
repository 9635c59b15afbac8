/*
 * test_extent.c -- how much of a medium a file holds, by its marks; and the
 * table of what no hardware here can prove.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "drive_line.h"
#include "folder.h"
#include "intake/extent.h"
#include "intake/hardware.h"
#include "intake/source.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static uint8_t head[EX_EXTENT_HEAD];

static void
put(size_t at, const char *bytes, size_t n)
{
	memcpy(&head[at], bytes, n);
}

/* A partition entry: status, type, first sector, sectors. */
static void
put_entry(size_t i, uint8_t status, uint8_t type, uint32_t first, uint32_t n)
{
	uint8_t *p = &head[446 + 16 * i];

	p[0] = status;
	p[4] = type;
	put_le(&p[8], 4, first);
	put_le(&p[12], 4, n);
	put(510, "\x55\xaa", 2);
}

static void
mbr(void)
{
	put_entry(0, 0x80, 0x07, 2048, 1000);
	put_entry(1, 0, 0x83, 4096, 1000);
}

static void
protective(void)
{
	put_entry(0, 0, 0xee, 1, 0xffffffff);
	put(512, "EFI PART", 8);
}

static void
gpt_of_4096(void)
{
	put(4096, "EFI PART", 8);
}

static void
ntfs(void)
{
	put(3, "NTFS    ", 8);
	put(510, "\x55\xaa", 2);
}

static void
fat(void)
{
	put(54, "FAT16   ", 8);
	/* Code that reads like a used entry. */
	put_entry(0, 0, 0x41, 20, 30);
}

static void
ext4(void)
{
	put(1080, "\x53\xef", 2);
}

static void
ext4_behind_a_table(void)
{
	ext4();
	mbr();
}

static void
btrfs(void)
{
	put(65600, "_BHRfS_M", 8);
}

static void
luks(void)
{
	put(0, "LUKS\xba\xbe", 6);
}

static void
nothing(void)
{
}

static void
signature_alone(void)
{
	put(510, "\x55\xaa", 2);
}

static void
impossible_status(void)
{
	mbr();
	head[446 + 48] = 0x13;
}

static void
beyond_the_end(void)
{
	put_entry(0, 0x80, 0x07, 3000000, 1000);
}

static void
noise(void)
{
	for (size_t i = 0; i < sizeof(head); i++)
		head[i] = (uint8_t)(i * 37 + i / 251 + 1);
	put(510, "\x55\xaa", 2);
}

static const struct {
	const char *name;
	void (*make)(void);
	enum ex_extent is;
} cases[] = {
	{ "MBR", mbr, EX_EXTENT_DISK },
	{ "GPT", protective, EX_EXTENT_DISK },
	{ "GPT of 4096-byte sectors", gpt_of_4096, EX_EXTENT_DISK },
	{ "a table before a file system's mark", ext4_behind_a_table,
	    EX_EXTENT_DISK },
	{ "NTFS", ntfs, EX_EXTENT_VOLUME },
	{ "FAT, whose code looks like a table", fat, EX_EXTENT_VOLUME },
	{ "ext4", ext4, EX_EXTENT_VOLUME },
	{ "Btrfs", btrfs, EX_EXTENT_VOLUME },
	{ "LUKS", luks, EX_EXTENT_VOLUME },
	{ "zeroes", nothing, EX_EXTENT_UNKNOWN },
	{ "a signature and no table", signature_alone, EX_EXTENT_UNKNOWN },
	{ "a table with an impossible status", impossible_status,
	    EX_EXTENT_UNKNOWN },
	{ "a partition beyond the end", beyond_the_end, EX_EXTENT_UNKNOWN },
	{ "noise with a signature", noise, EX_EXTENT_UNKNOWN },
};

static void
marks_tell_how_much_it_is(void **state)
{
	struct ex_span span = { head, sizeof(head) };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].name);
		memset(head, 0, sizeof(head));
		cases[i].make();
		assert_int_equal(
		    ex_extent_of(span, UINT64_C(512) * 2000000), cases[i].is);
	}
}

/* Any shorter beginning is read to its end and not beyond. */
static void
a_short_file_has_the_marks_it_has(void **state)
{
	struct ex_span span = { head, 0 };

	(void)state;
	memset(head, 0, sizeof(head));
	ext4();
	for (size_t n = 0; n < 1100; n++) {
		span.n = n;
		assert_int_equal(ex_extent_of(span, n),
		    n >= 1082 ? EX_EXTENT_VOLUME : EX_EXTENT_UNKNOWN);
	}
}

static void
a_file_is_looked_at_whatever_its_length(void **state)
{
	static const size_t length[] = { 1, 511, 513, 5000, EX_EXTENT_HEAD,
		EX_EXTENT_HEAD + 1 };

	(void)state;
	memset(head, 0, sizeof(head));
	gpt_of_4096();
	for (size_t i = 0; i < COUNT(length); i++) {
		static uint8_t bytes[EX_EXTENT_HEAD + 1];
		struct ex_err err = EX_ERR_INIT;
		struct ex_source *s;

		memcpy(bytes, head, sizeof(head));
		assert_int_equal(ex_file_write(in_folder("medium.img"), bytes,
				     length[i], 0644, NULL),
		    0);
		if (ex_source_open(&s, in_folder("medium.img"), &err) == -1)
			fail_msg("%s", err.text);
		assert_int_equal(ex_extent_read(s),
		    length[i] >= 5000 ? EX_EXTENT_DISK : EX_EXTENT_UNKNOWN);
		ex_source_close(s);
	}
}

static void
what_no_hardware_proves_is_marked(void **state)
{
	static const char *const must[] = { "hpa", "dco", "smart",
		"nvme_identity", "ata_identity", "bridge" };
	size_t n = 0;
	const struct ex_hardware_mark *m = ex_hardware_marks(&n);

	(void)state;
	assert_true(n >= COUNT(must));
	for (size_t i = 0; i < n; i++) {
		for (const char *p = m[i].id; *p != '\0'; p++)
			assert_true(islower((unsigned char)*p) || *p == '_');
		assert_non_null(strchr(m[i].check, '-'));
		assert_true(m[i].en[0] != '\0' && m[i].zh[0] != '\0');
		assert_ptr_equal(ex_hardware_mark(m[i].id), &m[i]);
	}
	for (size_t i = 0; i < COUNT(must); i++)
		assert_non_null(ex_hardware_mark(must[i]));
	assert_null(ex_hardware_mark("raw_image"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_tell_how_much_it_is),
		cmocka_unit_test(a_short_file_has_the_marks_it_has),
		cmocka_unit_test(a_file_is_looked_at_whatever_its_length),
		cmocka_unit_test(what_no_hardware_proves_is_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
