/*
 * test_acquire_broken.c -- media with bad sectors, media that go away, media
 * that change: what is signed, what is printed, what verify says later.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/cases/bench.h"
#include "tests/intake/drive.h"

#include "cases/history.h"
#include "cases/record.h"
#include "cases/verify.h"

enum {
	SECTORS = 8192
};

static struct drive *drive;

int __real_ex_source_open(
    struct ex_source **out, const char *path, struct ex_err *err);
int __wrap_ex_source_open(
    struct ex_source **out, const char *path, struct ex_err *err);

int
__wrap_ex_source_open(
    struct ex_source **out, const char *path, struct ex_err *err)
{
	(void)err;
	*out = drive_open(drive);
	/* The guard looks at what stands under this path. */
	(*out)->info.kind = EX_SOURCE_FILE;
	(void)snprintf((*out)->info.path, EX_PATH, "%s", path);
	/* As on the label of the bench's disks. */
	(void)snprintf((*out)->info.serial, EX_SOURCE_TEXT, "SN-1");
	return 0;
}

static int
open_bench(void **state)
{
	(void)bench_setup(state);
	bench_disk(&bench, "B-1");
	return 0;
}

/* Image d; the summary, which is the caller's. */
static struct ex_json *
acquire(struct drive *d, struct ex_acquire *a, int want)
{
	struct ex_json *told;

	d->sectors = SECTORS;
	d->sector_size = 512;
	drive = d;
	told = bench_acquire(&bench, a, want);
	drive_end(d);
	assert_string_equal(bench_state(&bench, "B-1"), "OPENED");
	return told;
}

/* The fields of the newest acquire_end; the caller frees r. */
static const struct ex_json *
signed_end(struct ex_record *r)
{
	const struct ex_json *found = NULL;

	MUST(ex_record_open(r, bench.desk.house, "item:B-1", err));
	for (size_t i = 0; i < r->nentries; i++)
		if (r->entry[i]->admission.event.act == EX_ACT_ACQUIRE_END)
			found = r->entry[i]->admission.event.fields;
	assert_non_null(found);
	return found;
}

/* What verify says of an image that must be well; the caller frees it. */
static struct ex_json *
verified(const char *image)
{
	struct ex_verify v = { .name = image };
	struct ex_json *told = NULL, *one;
	int status = -1;

	MUST(ex_verify_run(&told, &status, bench.desk.house, &v, err));
	assert_int_equal(status, 0);
	one = ex_json_ref(ex_json_at(ex_json_get(told, "images"), 0));
	ex_json_free(told);
	assert_string_equal(ex_json_get_text(one, "verdict"), "ok");
	assert_int_equal(ex_json_count(ex_json_get(one, "bad_ranges")), 0);
	return one;
}

/* Sectors of a status in a list. */
static int64_t
count(const struct ex_json *list, const char *status)
{
	int64_t n = 0;

	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *r = ex_json_at(list, i);

		if (strcmp(ex_json_get_text(r, "status"), status) == 0)
			n += ex_json_get_int(r, "count", 0);
	}
	return n;
}

/* One fault list, and the same everywhere it is told. */
static void
what_was_not_read_is_the_same_wherever_it_is_told(void **state)
{
	static const struct fault fault[] = { { 0, 1, 0 }, { 100, 3, 0 },
		{ 2000, 1, 3 }, { 4000, 3000, 0 }, { 8191, 1, 0 } };
	struct drive d = { .fault = fault, .nfaults = 5 };
	struct ex_acquire a = bench_request(&bench, "B-1");
	struct ex_json *told, *found;
	const struct ex_json *end, *list, *set;
	struct ex_record r;
	int64_t bad, skipped;

	(void)state;
	a.has_retries = 1;
	a.retries = 4;
	a.bad_limit = 20;
	a.fill = 0x5a;
	told = acquire(&d, &a, 1);
	list = ex_json_get(told, "bad_ranges");
	bad = count(list, "bad");
	skipped = count(list, "skipped");
	assert_int_equal(bad + skipped, 3005);
	assert_true(skipped > 2900);
	assert_int_equal(count(list, "recovered"), 1);
	end = signed_end(&r);
	assert_true(ex_json_equal(ex_json_get(end, "bad_ranges"), list));
	assert_int_equal(ex_json_get_int(end, "bad_sectors", -1), 3005);
	assert_int_equal(
	    ex_json_get_int(end, "bytes_read", -1), (SECTORS - 3005) * 512);
	set = ex_json_get(end, "settings");
	assert_string_equal(ex_json_get_text(set, "fill"), "0x5a");
	assert_int_equal(ex_json_get_int(set, "bad_limit", -1), 20);
	assert_true(ex_json_get_int(set, "failed_reads", -1) > 10);
	found = verified(ex_json_get_text(told, "image"));
	list = ex_json_get(found, "unread_ranges");
	assert_int_equal(count(list, "bad"), bad);
	assert_int_equal(count(list, "skipped"), skipped);
	assert_int_equal(count(list, "recovered"), 0);
	assert_non_null(strstr(ex_json_get_text(found, "text"),
	    "3005 sectors of the source could not be read"));
	ex_json_free(found);
	ex_json_free(told);
	ex_record_free(&r);
}

/* More holes than an entry has room for. */
static void
a_long_list_lies_in_the_vault_and_is_found_there(void **state)
{
	static struct fault fault[600];
	struct drive d = { .fault = fault, .nfaults = 600 };
	struct ex_acquire a = bench_request(&bench, "B-1");
	struct ex_json *told, *found;
	const struct ex_json *end;
	struct ex_record r;

	(void)state;
	for (size_t i = 0; i < 600; i++)
		fault[i] = (struct fault){ 7 + 3 * i, 1, 0 };
	a.has_retries = 1;
	told = acquire(&d, &a, 1);
	end = signed_end(&r);
	assert_null(ex_json_get(end, "bad_ranges"));
	assert_non_null(ex_json_get_text(end, "range_list"));
	assert_int_equal(ex_json_get_int(end, "bad_sectors", -1), 600);
	found = verified(ex_json_get_text(told, "image"));
	assert_int_equal(
	    count(ex_json_get(found, "unread_ranges"), "bad"), 600);
	ex_json_free(found);
	ex_json_free(told);
	ex_record_free(&r);
}

static const struct {
	const char *name;
	struct drive drive;
	int reread, status;
	const char *result, *second, *why;
} cases[] = {
	{ "nobody asked", { .unstable_from = 3000, .unstable_count = 1 }, 0, 0,
	    "complete", NULL, NULL },
	{ "the same", { .noise = 1 }, 1, 0, "complete", "same", NULL },
	{ "one sector changes", { .unstable_from = 3000, .unstable_count = 1 },
	    1, 1, "complete", "differs", "the source is not stable" },
	{ "gone for a moment", { .vanishes_at = 5000 * 512, .back_after = 2 },
	    1, 0, "complete", "same", NULL },
	{ "another device in its place",
	    { .vanishes_at = 5000 * 512, .back_after = 1, .back_as = "X-2" }, 0,
	    1, "truncated", NULL, "its serial number is \"X-2\"" },
	{ "gone for good, and wanted again", { .vanishes_at = 5000 * 512 }, 1,
	    1, "truncated", "unreadable", "was not back within 1 seconds" },
	{ "it grew", { .size_after = (SECTORS + 8) * 512 }, 0, 1, "complete",
	    NULL, NULL },
};

static void
sources_that_go_or_change_are_told_and_signed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct drive d = cases[i].drive;
		struct ex_acquire a = bench_request(&bench, "B-1");
		struct ex_json *told;
		const struct ex_json *end, *second;
		struct ex_record r;

		print_message("  %s\n", cases[i].name);
		a.reread = cases[i].reread;
		a.has_wait = 1;
		a.wait = 1;
		a.truncate = 1;
		told = acquire(&d, &a, cases[i].status);
		assert_string_equal(
		    ex_json_get_text(told, "result"), cases[i].result);
		end = signed_end(&r);
		second = ex_json_get(end, "verify_source");
		assert_true((second != NULL) == (cases[i].second != NULL));
		if (second != NULL) {
			assert_string_equal(ex_json_get_text(second, "result"),
			    cases[i].second);
			assert_true(ex_json_equal(
			    second, ex_json_get(told, "verify_source")));
		}
		if (cases[i].why != NULL)
			assert_non_null(strstr(
			    ex_json_get_text(told, "why"), cases[i].why));
		assert_int_equal(ex_json_get_int(end, "size_after", 0),
		    cases[i].drive.size_after);
		ex_json_free(verified(ex_json_get_text(told, "image")));
		ex_json_free(told);
		ex_record_free(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_was_not_read_is_the_same_wherever_it_is_told),
		cmocka_unit_test(
		    a_long_list_lies_in_the_vault_and_is_found_there),
		cmocka_unit_test(sources_that_go_or_change_are_told_and_signed),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, open_bench, bench_teardown);
}
