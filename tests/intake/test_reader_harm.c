/*
 * test_reader_harm.c -- a good set, harmed: noticed, and named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "made.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* How to harm a set, and what the verdict must say of it. */
struct harm {
	const char *name;
	void (*harm)(struct made *m);
	enum ex_reading_result want;
	const char *text; /* is in the verdict's */
};

static void
write_at(const char *path, uint64_t off, const void *p, size_t n)
{
	int fd;

	assert_int_equal(chmod(path, 0600), 0);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, p, n, (off_t)off), n);
	assert_int_equal(close(fd), 0);
}

/* Turn one bit of a byte at some distance behind a text in a file. */
static void
flip_behind(const char *path, const char *text, size_t n, size_t behind)
{
	struct ex_buf b = EX_BUF_INIT;
	size_t i = 0;

	read_whole(&b, path);
	while (i + n < b.len && memcmp(&b.data[i], text, n) != 0)
		i++;
	assert_true(i + n < b.len);
	b.data[i + behind] ^= 4;
	write_at(path, i + behind, &b.data[i + behind], 1);
	ex_buf_free(&b);
}

#define SECTION(name) name, sizeof(name)

static void
harm_nothing(struct made *m)
{
	(void)m;
}

static void
harm_data(struct made *m)
{
	flip_behind(m->path[1], SECTION("sectors"), 76 + 50000);
}

static void
harm_header(struct made *m)
{
	flip_behind(m->path[0], SECTION("header2"), 76 + 20);
}

static void
harm_volume(struct made *m)
{
	flip_behind(m->path[0], SECTION("volume"), 76 + 16);
}

static void
harm_hash(struct made *m)
{
	flip_behind(m->path[m->n - 1], SECTION("hash"), 76 + 3);
}

static void
harm_table(struct made *m)
{
	flip_behind(m->path[1], SECTION("table"), 76 + 24 + 9);
}

static void
harm_table2(struct made *m)
{
	flip_behind(m->path[1], SECTION("table2"), 76 + 24 + 9);
}

static void
harm_descriptor(struct made *m)
{
	flip_behind(m->path[1], SECTION("table"), 17);
}

static void
harm_magic(struct made *m)
{
	write_at(m->path[1], 0, "X", 1);
}

static void
harm_zero_data(struct made *m)
{
	uint8_t zero[40000] = { 0 };

	write_at(m->path[1], 100000, zero, sizeof(zero));
}

static void
harm_delete_middle(struct made *m)
{
	assert_int_equal(unlink(m->path[1]), 0);
}

static void
harm_delete_last(struct made *m)
{
	assert_int_equal(unlink(m->path[m->n - 1]), 0);
}

static void
harm_delete_first(struct made *m)
{
	assert_int_equal(unlink(m->path[0]), 0);
}

static void
harm_forget_last(struct made *m)
{
	m->n--;
}

static void
harm_swap(struct made *m)
{
	const char *p = m->path[1];

	m->path[1] = m->path[2];
	m->path[2] = p;
}

static void
harm_twice(struct made *m)
{
	m->path[2] = m->path[1];
}

static void
harm_cut(struct made *m)
{
	assert_int_equal(chmod(m->path[1], 0600), 0);
	assert_int_equal(truncate(m->path[1], 300000), 0);
}

static void
harm_cut_end(struct made *m)
{
	struct stat st;

	assert_int_equal(stat(m->path[m->n - 1], &st), 0);
	assert_int_equal(chmod(m->path[m->n - 1], 0600), 0);
	assert_int_equal(truncate(m->path[m->n - 1], st.st_size - 76), 0);
}

static void
harm_header_only(struct made *m)
{
	assert_int_equal(chmod(m->path[0], 0600), 0);
	assert_int_equal(truncate(m->path[0], 13), 0);
	m->n = 1;
}

static void
harm_empty(struct made *m)
{
	assert_int_equal(chmod(m->path[0], 0600), 0);
	assert_int_equal(truncate(m->path[0], 0), 0);
	m->n = 1;
}

static void
harm_other_file(struct made *m)
{
	assert_int_equal(ex_file_write(in_folder("other"), "no image at all",
			     15, 0600, NULL),
	    0);
	m->path[0] = in_folder("other");
	m->n = 1;
}

static void
harm_delete_all(struct made *m)
{
	for (size_t i = 0; i < m->n; i++)
		assert_int_equal(unlink(m->path[i]), 0);
}

static const struct harm harms[] = {
	{ "nothing", harm_nothing, EX_READING_WHOLE, "" },
	{ "a bit of the data", harm_data, EX_READING_DAMAGED,
	    "64 sectors in 1 places" },
	{ "zeroes over data", harm_zero_data, EX_READING_DAMAGED,
	    "sectors in" },
	{ "a bit of the header", harm_header, EX_READING_DAMAGED,
	    "section \"header2\"" },
	{ "a bit of the volume", harm_volume, EX_READING_DAMAGED,
	    "section \"volume\"" },
	{ "a bit of the hash section", harm_hash, EX_READING_DAMAGED,
	    "section \"hash\"" },
	{ "a bit of a table", harm_table, EX_READING_DAMAGED,
	    "segment 2: section \"table\"" },
	{ "a bit of a second table", harm_table2, EX_READING_DAMAGED,
	    "segment 2: section \"table2\"" },
	{ "a bit of a section's beginning", harm_descriptor, EX_READING_DAMAGED,
	    "segment 2: the section at" },
	{ "a segment's first byte", harm_magic, EX_READING_DAMAGED,
	    "file 2 is not a segment" },
	{ "a segment deleted", harm_delete_middle, EX_READING_DAMAGED,
	    "file 2 is segment 3" },
	{ "the last segment deleted", harm_delete_last, EX_READING_DAMAGED,
	    "is missing" },
	{ "the first segment deleted", harm_delete_first, EX_READING_DAMAGED,
	    "file 1 is segment 2" },
	{ "the last segment not told", harm_forget_last, EX_READING_DAMAGED,
	    "is missing" },
	{ "two segments swapped", harm_swap, EX_READING_DAMAGED,
	    "file 2 is segment 3" },
	{ "one segment twice", harm_twice, EX_READING_DAMAGED,
	    "file 3 is segment 2" },
	{ "a segment cut short", harm_cut, EX_READING_DAMAGED, "segment 2" },
	{ "the end cut off", harm_cut_end, EX_READING_DAMAGED,
	    "where a section should begin" },
	{ "thirteen bytes left", harm_header_only, EX_READING_DAMAGED,
	    "segment 1 ends at byte 13" },
	{ "no byte left", harm_empty, EX_READING_UNREADABLE, "not an E01" },
	{ "another file", harm_other_file, EX_READING_UNREADABLE,
	    "not an E01" },
	{ "all deleted", harm_delete_all, EX_READING_UNREADABLE,
	    "is not there" },
};

static void
every_harm_is_noticed_and_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(harms); i++) {
		/* Half noise, so that raw and packed chunks are harmed. */
		struct drive d = {
			.sectors = 8000, .sector_size = 512, .noise = 1
		};
		struct ex_imaging job = { .container = EX_CONTAINER_E01,
			.segment_size = 1 << 20 };
		struct ex_verdict v;
		struct made m;

		print_message("  %s\n", harms[i].name);
		make_image(&m, &job, &d, fresh("a"));
		assert_true(m.n >= 4);
		harms[i].harm(&m);
		verify_image(&v, &m, EX_CONTAINER_E01);
		if (v.result != harms[i].want ||
		    strstr(v.text, harms[i].text) == NULL)
			fail_msg("%d: %s", (int)v.result, v.text);
		if (v.result == EX_READING_UNREADABLE)
			assert_int_equal(v.ndigests, 0);
		ex_verdict_free(&v);
		ex_imaging_outcome_free(&m.out);
	}
}

/* Deflate leaves up to seven bits of a stream's last byte unused. */
static void
no_byte_of_an_image_can_be_changed_unnoticed(void **state)
{
	struct drive d = { .sectors = 3, .sector_size = 512, .noise = 1 };
	struct ex_imaging job = { .container = EX_CONTAINER_E01,
		.compression = EX_COMPRESSION_NONE };
	struct ex_buf b = EX_BUF_INIT;
	size_t unnoticed = 0;
	struct made m;

	(void)state;
	make_image(&m, &job, &d, fresh("a"));
	read_whole(&b, m.path[0]);
	for (size_t i = 0; i < b.len; i += 17) {
		uint8_t byte = b.data[i] ^ 0x40;
		struct ex_verdict v;

		write_at(m.path[0], i, &byte, 1);
		verify_image(&v, &m, EX_CONTAINER_E01);
		unnoticed += v.result == EX_READING_WHOLE;
		ex_verdict_free(&v);
		write_at(m.path[0], i, &b.data[i], 1);
	}
	/* One such byte in each of three headers at most. */
	assert_true(unnoticed <= 3);
	ex_buf_free(&b);
	ex_imaging_outcome_free(&m.out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_harm_is_noticed_and_named),
		cmocka_unit_test(no_byte_of_an_image_can_be_changed_unnoticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
