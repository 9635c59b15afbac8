/*
 * test_segments.c -- the segments of an E01: their names from E01 to ZZZ, and
 * that none is larger than asked, of a real set beyond E99; and one that was
 * left half written, put in order by the lengths of its chunks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "folder.h"
#include "intake/ewf_sections.h"
#include "made.h"

static const struct {
	unsigned n;
	const char *name;
} names[] = { { 1, "E01" }, { 9, "E09" }, { 10, "E10" }, { 99, "E99" },
	{ 100, "EAA" }, { 101, "EAB" }, { 125, "EAZ" }, { 126, "EBA" },
	{ 775, "EZZ" }, { 776, "FAA" }, { 1451, "FZZ" }, { 1452, "GAA" },
	{ EX_SEGMENTS_MAX, "ZZZ" } };

static void
names_go_far_beyond_e99(void **state)
{
	char before[EX_EWF_EXTENSION] = "", is[EX_EWF_EXTENSION];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(ex_ewf_extension(is, names[i].n, NULL), 0);
		assert_string_equal(is, names[i].name);
	}
	/* They sort as the segments follow, each another one. */
	for (unsigned n = 1; n <= EX_SEGMENTS_MAX; n++) {
		assert_int_equal(ex_ewf_extension(is, n, NULL), 0);
		assert_true(strcmp(before, is) < 0);
		memcpy(before, is, sizeof(is));
	}
	assert_int_equal(ex_ewf_extension(is, 0, NULL), -1);
	assert_int_equal(ex_ewf_extension(is, EX_SEGMENTS_MAX + 1, NULL), -1);
}

static void
a_set_beyond_e99_has_them(void **state)
{
	struct drive d = {
		.sectors = 104 * 2048, .sector_size = 512, .noise = 1
	};
	struct ex_imaging job = { .segment_size = 1 << 20, .name = "DISK-I1" };
	struct ex_imaging_outcome out;
	struct ex_err err = EX_ERR_INIT;
	const char *dir = fresh("many");

	(void)state;
	job.source = drive_open(&d);
	job.dir = &dir;
	job.ndir = 1;
	if (ex_imaging_run(&out, &job, &err) == -1)
		fail_msg("%s", err.text);
	ex_source_close(job.source);
	assert_int_equal(out.result, EX_IMAGING_COMPLETE);
	assert_true(out.copy[0].nsegments > 102);
	for (unsigned i = 0; i < out.copy[0].nsegments; i++) {
		const struct ex_segment *s = &out.copy[0].segment[i];
		char want[EX_EWF_EXTENSION];

		assert_true(s->size <= job.segment_size);
		assert_int_equal(ex_ewf_extension(want, i + 1, NULL), 0);
		assert_string_equal(&s->path[strlen(s->path) - 3], want);
	}
	ex_imaging_outcome_free(&out);
}

/* What cannot be put in order is said, not guessed. */
static void
what_does_not_fit_is_refused(void **state)
{
	struct drive d = { .sectors = 4096, .sector_size = 512 };
	struct ex_imaging job = { .container = EX_CONTAINER_E01 };
	static const uint32_t wrong[] = { 77, 78 };
	struct ex_mark mark = { .segment = 1, .chunk = wrong, .nchunks = 2 };
	struct ex_err err = EX_ERR_INIT;
	struct made m;
	char path[EX_PATH];
	struct ex_buf whole = EX_BUF_INIT;
	size_t closed;

	(void)state;
	make_image(&m, &job, &d, fresh("made"));
	read_whole(&whole, m.path[0]);
	(void)snprintf(path, sizeof(path), "%s", in_folder("half.E01"));
	/* Cut in the middle of its chunks: the journal knows other ones. */
	assert_int_equal(ex_file_write(path, whole.data, 20000, 0600, NULL), 0);
	mark.size = 20000;
	assert_int_equal(ex_ewf_reopen(path, &mark, &closed, &err), -1);
	print_message("    %s\n", err.text);
	assert_int_equal(err.code, EX_DAMAGED);
	/* Shorter than the mark says. */
	ex_err_clear(&err);
	mark.size = 30000;
	assert_int_equal(ex_ewf_reopen(path, &mark, &closed, &err), -1);
	assert_int_equal(err.code, EX_DAMAGED);
	/* No segment at all. */
	ex_err_clear(&err);
	assert_int_equal(ex_file_write(path, "EVF", 3, 0600, NULL), 0);
	mark.size = 3;
	assert_int_equal(ex_ewf_reopen(path, &mark, &closed, &err), -1);
	assert_int_equal(err.code, EX_DAMAGED);
	assert_int_equal(
	    ex_ewf_set_length(path, 32768, 512, 1 << 20, NULL), -1);
	ex_buf_free(&whole);
	ex_imaging_outcome_free(&m.out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_go_far_beyond_e99),
		cmocka_unit_test(a_set_beyond_e99_has_them),
		cmocka_unit_test(what_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
