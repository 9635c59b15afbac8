/*
 * test_acquire_attempts.c -- a failing disk, imaged on several days and by two
 * people, and at last dead: what is signed of each attempt.
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

#include "base/codec.h"
#include "cases/history.h"
#include "cases/image.h"
#include "cases/record.h"
#include "cases/verify.h"

enum {
	SECTORS = 8192,
	HALF = 4096 /* a whole block ends there */
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct drive *drive;
static volatile sig_atomic_t stop;

int __real_ex_source_open(
    struct ex_source **out, const char *path, struct ex_err *err);
int __wrap_ex_source_open(
    struct ex_source **out, const char *path, struct ex_err *err);

int
__wrap_ex_source_open(
    struct ex_source **out, const char *path, struct ex_err *err)
{
	if (drive == NULL)
		return ex_fail(err, EX_ABSENT, "there is no such source");
	*out = drive_open(drive);
	(*out)->info.kind = EX_SOURCE_FILE;
	(void)snprintf((*out)->info.path, EX_PATH, "%s", path);
	(void)snprintf((*out)->info.serial, EX_SOURCE_TEXT, "%s",
	    drive->back_as == NULL ? "SN-1" : drive->back_as);
	return 0;
}

static struct drive
drive_of(const struct fault *fault, size_t n)
{
	return (struct drive){ .sectors = SECTORS,
		.sector_size = 512,
		.fault = fault,
		.nfaults = n };
}

static void
stop_halfway(void *arg, const char *phase, uint64_t done, uint64_t total)
{
	(void)arg;
	(void)total;
	if (strcmp(phase, "acquire") == 0 && done >= HALF * 512)
		stop = 1;
}

static struct ex_acquire
usual(const char *item)
{
	struct ex_acquire a = bench_request(&bench, item);

	stop = 0;
	a.stop = &stop;
	a.mark_bytes = 1 << 20;
	return a;
}

static void
first_half(const char *item, struct drive *d)
{
	struct ex_acquire a = usual(item);
	struct ex_json *told;

	drive = d;
	a.progress = stop_halfway;
	told = bench_acquire(&bench, &a, 2);
	assert_string_equal(ex_json_get_text(told, "result"), "paused");
	ex_json_free(told);
}

/* The newest entry of an act, in a record that the caller frees. */
static const struct ex_event *
entry_of(struct ex_record *r, const char *item, enum ex_act act)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "item:%s", item);
	MUST(ex_record_open(r, bench.desk.house, name, err));
	for (size_t i = r->nentries; i-- > 0;)
		if (ex_record_of_item(r->entry[i], item) &&
		    r->entry[i]->admission.event.act == act)
			return &r->entry[i]->admission.event;
	fail_msg("%s has no such entry", item);
	return NULL;
}

/* Which attempt a list of origins has a sector from. */
static int64_t
origin(const struct ex_json *list, int64_t lba)
{
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *r = ex_json_at(list, i);
		int64_t from = ex_json_get_int(r, "lba", -1);

		if (lba >= from && lba < from + ex_json_get_int(r, "count", 0))
			return ex_json_get_int(r, "attempt", 0);
	}
	return 0;
}

struct trouble {
	int64_t lba;
	const char *status;
	int64_t attempt, failed_in;
};

static void
check_troubles(const struct ex_json *list, const struct trouble *want, size_t n)
{
	assert_int_equal(ex_json_count(list), n);
	for (size_t i = 0; i < n; i++) {
		const struct ex_json *r = ex_json_at(list, i);

		assert_int_equal(ex_json_get_int(r, "lba", -1), want[i].lba);
		assert_string_equal(
		    ex_json_get_text(r, "status"), want[i].status);
		assert_int_equal(
		    ex_json_get_int(r, "attempt", 1), want[i].attempt);
		assert_int_equal(
		    ex_json_get_int(r, "failed_in", 0), want[i].failed_in);
	}
}

static const struct fault monday[] = { { 100, 1, 0 }, { 3000, 2, 0 } };
static const struct fault tuesday[] = { { 1000, 1, 0 }, { 3001, 1, 0 },
	{ 6000, 1, 0 } };

/* SHA-256 of the whole medium, as text. */
static void
digest_all(char hex[65])
{
	struct drive d = drive_of(NULL, 0);
	struct ex_digest_value v[EX_ALGS];
	struct ex_digest *digest = NULL;
	uint8_t sector[512];
	size_t n;

	MUST(ex_digest_new(&digest, EX_ALG_BIT(EX_SHA256), err));
	for (uint64_t lba = 0; lba < SECTORS; lba++) {
		drive_sector(&d, sector, lba);
		MUST(ex_digest_add(digest, sector, sizeof(sector), err));
	}
	MUST(ex_digest_end(digest, v, &n, NULL, err));
	ex_digest_free(digest);
	ex_hex(hex, v[0].value, EX_SHA256_LEN);
}

/* An image of what the first one has and the disk gives now. */
static void
a_new_image_of_both(struct drive *c, const struct trouble *all, size_t nall)
{
	struct ex_acquire q = usual("D-1");
	const struct ex_event *e;
	struct ex_json *told;
	struct ex_record r;
	char hex[65];

	drive = c;
	q.retry_bad = 1;
	told = bench_acquire(&bench, &q, 0);
	assert_string_equal(ex_json_get_text(told, "image"), "D-1-I2");
	assert_string_equal(ex_json_get_text(told, "result"), "complete");
	digest_all(hex);
	assert_string_equal(
	    ex_json_get_text(ex_json_get(told, "digests"), "sha256"), hex);
	ex_json_free(told);
	assert_int_equal(c->tries[0], 0);
	e = entry_of(&r, "D-1", EX_ACT_ACQUIRE_END);
	check_troubles(ex_json_get(e->fields, "bad_ranges"), all, nall);
	assert_string_equal(ex_event_text(e, "base"), "D-1-I1");
	assert_int_equal(ex_json_count(ex_json_get(e->fields, "attempts")), 3);
	ex_record_free(&r);
}

/*
 * Monday the first half, with holes; Tuesday somebody else, what is missing
 * and the holes; Wednesday a new image of that one and the disk.
 */
static void
each_sector_is_signed_with_its_attempt(void **state)
{
	static const struct trouble half[] = { { 100, "bad", 1, 0 },
		{ 3000, "bad", 1, 0 }, { HALF, "skipped", 1, 0 } };
	static const struct trouble both[] = { { 100, "recovered", 2, 1 },
		{ 3000, "recovered", 2, 1 }, { 3001, "bad", 2, 1 },
		{ 6000, "bad", 2, 0 } };
	static const struct trouble all[] = { { 100, "recovered", 2, 1 },
		{ 3000, "recovered", 2, 1 }, { 3001, "recovered", 3, 1 },
		{ 6000, "recovered", 3, 2 } };
	struct drive a = drive_of(monday, COUNT(monday));
	struct drive b = drive_of(tuesday, COUNT(tuesday));
	struct drive c = drive_of(tuesday, 1);
	const struct ex_event *e;
	struct ex_acquire q;
	struct ex_json *told;
	struct ex_record r;

	(void)state;
	bench_disk(&bench, "D-1");
	first_half("D-1", &a);
	e = entry_of(&r, "D-1", EX_ACT_ACQUIRE_PAUSE);
	check_troubles(ex_json_get(e->fields, "bad_ranges"), half, COUNT(half));
	assert_null(ex_json_get(e->fields, "attempts"));
	ex_record_free(&r);

	desk_person(&bench.desk, "second", "examiner");
	bench_custody(&bench, "hand-over", "D-1", "examiner", "second", NULL);
	desk_seat(&bench.desk, "second", NULL);
	drive = &b;
	q = usual("D-1");
	q.source = NULL;
	q.resume = q.retry_bad = 1;
	told = bench_acquire(&bench, &q, 1);
	assert_string_equal(
	    ex_json_get_text(told, "result"), "complete_with_errors");
	ex_json_free(told);
	/* Sector 1000 was read on Monday: nobody asked for it. */
	assert_int_equal(b.tries[0], 0);
	e = entry_of(&r, "D-1", EX_ACT_ACQUIRE_END);
	check_troubles(ex_json_get(e->fields, "bad_ranges"), both, COUNT(both));
	assert_int_equal(ex_json_get_int(e->fields, "bad_sectors", 0), 2);
	assert_int_equal(ex_json_count(ex_json_get(e->fields, "attempts")), 2);
	assert_int_equal(origin(ex_json_get(e->fields, "origins"), 1000), 1);
	assert_int_equal(origin(ex_json_get(e->fields, "origins"), 3000), 2);
	assert_int_equal(
	    origin(ex_json_get(e->fields, "origins"), SECTORS - 1), 2);
	assert_string_equal(
	    ex_json_get_text(ex_json_get(e->fields, "settings"), "head"),
	    "read_from_copy");
	ex_record_free(&r);
	bench_verified(&bench, "D-1-I1");

	a_new_image_of_both(&c, all, COUNT(all));
	bench_verified(&bench, "D-1-I2");
	assert_int_equal(bench_files(bench_house(&bench, "pending")), 0);
	desk_seat(&bench.desk, "examiner", NULL);
}

/* Another disk beside the image, or an image that was changed. */
static void
nothing_is_joined_that_does_not_belong_together(void **state)
{
	struct drive a = drive_of(monday, COUNT(monday));
	struct drive other = drive_of(NULL, 0);
	struct ex_acquire q;
	struct ex_json *told = NULL;
	struct ex_err why = EX_ERR_INIT;
	int status = -1;

	(void)state;
	bench_disk(&bench, "O-1");
	drive = &a;
	q = usual("O-1");
	q.retry_bad = 1;
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &q, &why), -1);
	print_message("    %s\n", why.text);
	assert_int_equal(why.code, EX_STATE);
	q.retry_bad = 0;
	told = bench_acquire(&bench, &q, 1);
	ex_json_free(told);
	other.back_as = "SN-2";
	drive = &other;
	q.retry_bad = 1;
	ex_err_clear(&why);
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &q, &why), -1);
	print_message("    %s\n", why.text);
	assert_int_equal(why.code, EX_STATE);
	assert_non_null(strstr(why.text, "SN-2"));
	drive = &a;
	bench_flip(
	    bench_house(&bench, "vault/images/O-1-I1/O-1-I1.E01"), 20000);
	ex_err_clear(&why);
	assert_int_equal(
	    ex_acquire_run(&told, &status, bench.desk.house, &q, &why), -1);
	print_message("    %s\n", why.text);
	assert_int_equal(why.code, EX_DAMAGED);
	assert_int_equal(bench_count(&bench, "O-1", "acquire_start"), 1);
	assert_string_equal(bench_state(&bench, "O-1"), "OPENED");
}

/* It never came back: what was read is an image, and no byte more. */
static void
a_dead_disk_is_ended_with_what_was_read(void **state)
{
	static const struct trouble want[] = { { 100, "bad", 1, 0 },
		{ 3000, "bad", 1, 0 }, { HALF, "missing", 1, 0 } };
	struct drive a = drive_of(monday, COUNT(monday));
	const struct ex_event *e;
	struct ex_acquire q;
	struct ex_json *told;
	struct ex_record r;

	(void)state;
	bench_disk(&bench, "T-1");
	first_half("T-1", &a);
	drive = NULL;
	q = usual("T-1");
	q.source = NULL;
	q.resume = q.truncate = q.end_here = 1;
	told = bench_acquire(&bench, &q, 1);
	assert_string_equal(ex_json_get_text(told, "result"), "truncated");
	assert_int_equal(ex_json_get_int(told, "bytes", 0), HALF * 512);
	ex_json_free(told);
	e = entry_of(&r, "T-1", EX_ACT_ACQUIRE_END);
	check_troubles(ex_json_get(e->fields, "bad_ranges"), want, COUNT(want));
	assert_int_equal(
	    ex_json_get_int(e->fields, "bytes_read", 0), (HALF - 3) * 512);
	assert_int_equal(
	    origin(ex_json_get(e->fields, "origins"), HALF - 1), 1);
	assert_string_equal(
	    ex_json_get_text(ex_json_get(e->fields, "settings"), "head"),
	    "read_from_copy");
	ex_record_free(&r);
	bench_verified(&bench, "T-1-I1");
	assert_int_equal(bench_files(bench_house(&bench, "pending")), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sector_is_signed_with_its_attempt),
		cmocka_unit_test(
		    nothing_is_joined_that_does_not_belong_together),
		cmocka_unit_test(a_dead_disk_is_ended_with_what_was_read),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, bench_setup, bench_teardown);
}
