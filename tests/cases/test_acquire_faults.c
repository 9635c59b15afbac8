/*
 * test_acquire_faults.c -- media that fail and copies that fail: told exactly,
 * and signed as they are.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/cases/bench.h"
#include "tests/intake/drive.h"

#include "base/file.h"
#include "cases/act.h"
#include "cases/history.h"
#include "cases/record.h"
#include "intake/reader.h"

static struct drive *drive; /* instead of the next source; NULL: the real */
static const char *harmed;  /* copies below this folder are harmed */
static int unbegun;	    /* the next run cannot begin */

int __real_ex_source_open(
    struct ex_source **out, const char *path, struct ex_err *err);
int __wrap_ex_source_open(
    struct ex_source **out, const char *path, struct ex_err *err);

int
__wrap_ex_source_open(
    struct ex_source **out, const char *path, struct ex_err *err)
{
	if (drive == NULL)
		return __real_ex_source_open(out, path, err);
	*out = drive_open(drive);
	/* The guard looks at what stands under this path. */
	(*out)->info.kind = EX_SOURCE_FILE;
	(void)snprintf((*out)->info.path, EX_PATH, "%s", path);
	return 0;
}

int __real_ex_reading_verify(
    struct ex_verdict *out, const struct ex_reading *r, struct ex_err *err);
int __wrap_ex_reading_verify(
    struct ex_verdict *out, const struct ex_reading *r, struct ex_err *err);

/* A disk that gives back something else than was written to it. */
int
__wrap_ex_reading_verify(
    struct ex_verdict *out, const struct ex_reading *r, struct ex_err *err)
{
	if (harmed != NULL && strncmp(r->path[0], harmed, strlen(harmed)) == 0)
		bench_flip(r->path[0], 20000);
	return __real_ex_reading_verify(out, r, err);
}

int __real_ex_imaging_run(struct ex_imaging_outcome *out,
    const struct ex_imaging *job, struct ex_err *err);
int __wrap_ex_imaging_run(struct ex_imaging_outcome *out,
    const struct ex_imaging *job, struct ex_err *err);

int
__wrap_ex_imaging_run(struct ex_imaging_outcome *out,
    const struct ex_imaging *job, struct ex_err *err)
{
	if (!unbegun)
		return __real_ex_imaging_run(out, job, err);
	unbegun = 0;
	return ex_fail(err, EX_SYSTEM, "out of memory");
}

static int
open_bench(void **state)
{
	(void)bench_setup(state);
	bench_disk(&bench, "F-1");
	return 0;
}

/* A test that failed leaves the next one its own faults. */
static int
reset(void **state)
{
	(void)state;
	drive = NULL;
	harmed = NULL;
	unbegun = 0;
	return 0;
}

#define CASE(f) cmocka_unit_test_setup(f, reset)

static struct ex_json *
acquire(struct ex_acquire *a, int want)
{
	struct ex_json *told = bench_acquire(&bench, a, want);

	assert_string_equal(bench_state(&bench, "F-1"), "OPENED");
	assert_int_equal(bench_files(bench_house(&bench, "pending")), 0);
	return told;
}

/* A whole number of the newest acquire_end of F-1. */
static int64_t
ended_with(const char *name)
{
	int64_t value = -1;
	struct ex_record r;

	MUST(ex_record_open(&r, bench.desk.house, "item:F-1", err));
	for (size_t i = 0; i < r.nentries; i++)
		if (r.entry[i]->admission.event.act == EX_ACT_ACQUIRE_END)
			value = ex_json_get_int(
			    r.entry[i]->admission.event.fields, name, -1);
	ex_record_free(&r);
	return value;
}

static void
bad_sectors_are_told_exactly(void **state)
{
	static const struct fault fault[] = { { 0, 1, 0 }, { 100, 3, 0 },
		{ 4095, 1, 0 }, { 2000, 2, 1 } };
	struct drive d = { .sectors = 4096,
		.sector_size = 512,
		.fault = fault,
		.nfaults = 4 };
	static const int64_t want[][2] = { { 0, 1 }, { 100, 3 }, { 4095, 1 } };
	struct ex_acquire a = bench_request(&bench, "F-1");
	const struct ex_json *list;
	struct ex_json *told;
	size_t n = 0;

	(void)state;
	drive = &d;
	told = acquire(&a, 1);
	drive = NULL;
	assert_string_equal(
	    ex_json_get_text(told, "result"), "complete_with_errors");
	assert_int_equal(ex_json_get_int(told, "bytes", 0), 4096 * 512);
	list = ex_json_get(told, "bad_ranges");
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *r = ex_json_at(list, i);

		if (strcmp(ex_json_get_text(r, "status"), "bad") != 0)
			continue;
		assert_true(n < 3);
		assert_int_equal(ex_json_get_int(r, "lba", -1), want[n][0]);
		assert_int_equal(ex_json_get_int(r, "count", -1), want[n][1]);
		n++;
	}
	assert_int_equal(n, 3);
	assert_int_equal(ended_with("bad_sectors"), 5);
	assert_int_equal(ended_with("bytes_read"), (4096 - 5) * 512);
	bench_verified(&bench, ex_json_get_text(told, "image"));
	ex_json_free(told);
}

static void
a_medium_that_ends_early_is_truncated(void **state)
{
	struct drive d = {
		.sectors = 4096, .sector_size = 512, .ends_at = 3000 * 512
	};
	struct ex_acquire a = bench_request(&bench, "F-1");
	struct ex_json *told;

	(void)state;
	drive = &d;
	told = acquire(&a, 1);
	drive = NULL;
	assert_string_equal(ex_json_get_text(told, "result"), "truncated");
	assert_int_equal(ex_json_get_int(told, "bytes", 0), 3000 * 512);
	assert_int_equal(ended_with("bytes_expected"), 4096 * 512);
	assert_int_equal(ended_with("bytes_read"), 3000 * 512);
	assert_int_equal(ended_with("bad_sectors"), 0);
	bench_verified(&bench, ex_json_get_text(told, "image"));
	ex_json_free(told);
}

static void
a_medium_that_gives_nothing_leaves_no_image(void **state)
{
	static const struct fault all = { 0, 4096, 0 };
	struct drive d = {
		.sectors = 4096, .sector_size = 512, .fault = &all, .nfaults = 1
	};
	struct ex_acquire a = bench_request(&bench, "F-1");
	int images = bench_files(bench_house(&bench, "vault/images"));
	struct ex_json *told;

	(void)state;
	drive = &d;
	told = acquire(&a, 2);
	drive = NULL;
	assert_string_equal(ex_json_get_text(told, "result"), "failed");
	assert_null(ex_json_get(told, "image"));
	assert_int_equal(
	    bench_files(bench_house(&bench, "vault/images")), images);
	ex_json_free(told);
}

/* Its start was signed: it has an end, and says why. */
static void
what_could_not_begin_has_an_end(void **state)
{
	struct ex_acquire a = bench_request(&bench, "F-1");
	struct ex_json *told;

	(void)state;
	unbegun = 1;
	told = acquire(&a, 2);
	assert_string_equal(ex_json_get_text(told, "result"), "failed");
	assert_non_null(strstr(ex_json_get_text(told, "why"), "memory"));
	assert_int_equal(ended_with("bytes_expected"), BENCH_BYTES);
	assert_int_equal(ended_with("bytes_read"), 0);
	ex_json_free(told);
}

/*
 * The second of two disks gives back other bytes.  The first is the image; it
 * is found where it is, also when the failing folder comes first.
 */
static void
one_bad_copy_of_two_is_told_and_not_used(void **state)
{
	struct ex_acquire a = bench_request(&bench, "F-1");

	(void)state;
	for (int which = 0; which < 2; which++) {
		const char *to[] = { bench_dir(&bench, which ? "b1" : "a1"),
			bench_dir(&bench, which ? "b2" : "a2") };
		const struct ex_json *list;
		struct ex_json *told;

		a.to = to;
		a.nto = 2;
		harmed = to[which];
		told = acquire(&a, 1);
		harmed = NULL;
		assert_string_equal(
		    ex_json_get_text(told, "result"), "complete");
		list = ex_json_get(told, "destinations");
		for (int i = 0; i < 2; i++)
			assert_string_equal(
			    ex_json_get_text(
				ex_json_at(list, (size_t)i), "result"),
			    i == which ? "failed" : "complete");
		assert_non_null(strstr(
		    ex_json_get_text(
			ex_json_at(ex_json_get(told, "segments"), 0), "path"),
		    to[!which]));
		bench_verified(&bench, ex_json_get_text(told, "image"));
		ex_json_free(told);
	}
}

static void
with_no_good_copy_there_is_no_image(void **state)
{
	struct ex_acquire a = bench_request(&bench, "F-1");
	struct ex_json *told;

	(void)state;
	harmed = bench.desk.dir;
	told = acquire(&a, 2);
	harmed = NULL;
	assert_string_equal(ex_json_get_text(told, "result"), "failed");
	assert_null(ex_json_get(told, "image"));
	assert_non_null(ex_json_get_text(told, "why"));
	ex_json_free(told);
}

/* In hour nineteen the database dies; what was read does not. */
static void
kill_database(void *arg, const char *phase, uint64_t done, uint64_t total)
{
	struct ex_buf text = EX_BUF_INIT;
	long pid;

	if (strcmp(phase, "acquire") != 0 || done <= total / 2 || *(int *)arg)
		return;
	*(int *)arg = 1;
	MUST(ex_file_read(
	    &text, bench_house(&bench, "pg/postmaster.pid"), 4096, err));
	pid = strtol(ex_buf_text(&text), NULL, 10);
	assert_true(pid > 1);
	assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
	ex_buf_free(&text);
}

static void
a_database_that_dies_costs_nothing(void **state)
{
	struct ex_acquire a;
	struct ex_json *told = NULL;
	struct ex_err why = EX_ERR_INIT;
	int status = -1, killed = 0;
	size_t n = 0;

	(void)state;
	bench_disk(&bench, "Y-1");
	a = bench_request(&bench, "Y-1");
	a.progress = kill_database;
	a.progress_arg = &killed;
	if (ex_acquire_run(&told, &status, bench.desk.house, &a, &why) == 0) {
		print_message("    the house was started again\n");
		ex_json_free(told);
	} else {
		print_message("    %s\n", why.text);
		assert_non_null(strstr(why.text, "exhibit pending"));
	}
	assert_true(killed);
	desk_again(&bench.desk);
	MUST(ex_pending_finish(&told, &status, bench.desk.house, err));
	ex_json_free(told);
	MUST(ex_acquire_finish(&n, bench.desk.house, NULL, err));
	assert_string_equal(bench_state(&bench, "Y-1"), "OPENED");
	bench_verified(&bench, "Y-1-I1");
	assert_int_equal(bench_count(&bench, "Y-1", "acquire_end"), 1);
	assert_int_equal(bench_files(bench_house(&bench, "pending")), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(bad_sectors_are_told_exactly),
		CASE(a_medium_that_ends_early_is_truncated),
		CASE(a_medium_that_gives_nothing_leaves_no_image),
		CASE(what_could_not_begin_has_an_end),
		CASE(one_bad_copy_of_two_is_told_and_not_used),
		CASE(with_no_good_copy_there_is_no_image),
		CASE(a_database_that_dies_costs_nothing),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, open_bench, bench_teardown);
}
