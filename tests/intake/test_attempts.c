/*
 * test_attempts.c -- a failing medium, imaged in several attempts over days:
 * what was read once is not asked of it again, what was not is, and which
 * attempt every sector is from is known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "made.h"

#include "folder.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	SECTORS = 20 * 2048 + 300, /* twenty MiB and not a whole block */
	STOP = 12 * 2048,	   /* a sector where an attempt is stopped */
	MARK = 1 << 20
};

/* On the first day; on the second, with one that had been read. */
static const struct fault first_day[] = { { 5000, 3, 0 }, { 9999, 1, 0 },
	{ 20480, 40, 0 } };
static const struct fault second_day[] = { { 100, 1, 0 }, { 5001, 1, 0 },
	{ 30000, 2, 0 } };
static const struct fault third_day[] = { { 100, 5000, 0 }, { 30000, 1, 0 } };

static struct drive
drive_of(const struct fault *fault, size_t n)
{
	return (struct drive){ .sectors = SECTORS,
		.sector_size = 512,
		.fault = fault,
		.nfaults = n };
}

struct kind {
	enum ex_container container;
	uint64_t segment_size;
	size_t ndir;
};

/* A first segment of an E01 that libewf cannot go on with is among them. */
static const struct kind kinds[] = { { EX_CONTAINER_E01, 0, 1 },
	{ EX_CONTAINER_E01, 3 << 20, 2 }, { EX_CONTAINER_E01, 1400 << 20, 1 },
	{ EX_CONTAINER_RAW, 0, 2 }, { EX_CONTAINER_RAW, 5 << 20, 1 } };

static struct ex_imaging
job_of(const struct kind *k, const char *const *dirs, unsigned attempt)
{
	return (struct ex_imaging){ .name = "DISK-I1",
		.dir = dirs,
		.ndir = k->ndir,
		.container = k->container,
		.segment_size = k->segment_size,
		.compression = EX_COMPRESSION_FAST,
		.keep = 1,
		.reader = reader_program(),
		.attempt = attempt,
		.resume = attempt > 1,
		.mark_bytes = MARK };
}

static void
stop_at(void *arg, uint64_t done, uint64_t total)
{
	volatile sig_atomic_t *stop = arg;

	(void)total;
	if (done >= (uint64_t)STOP * 512)
		*stop = 1;
}

static void
run(struct ex_imaging_outcome *out, struct ex_imaging *job, struct drive *d)
{
	struct ex_err err = EX_ERR_INIT;

	job->source = drive_open(d);
	if (ex_imaging_run(out, job, &err) == -1)
		fail_msg("%s", err.text);
	ex_source_close(job->source);
	print_message(
	    "    %s %s\n", ex_imaging_result_text(out->result), out->why.text);
}

/* An attempt that is stopped. */
static void
stopped(struct ex_imaging *job, struct drive *d)
{
	volatile sig_atomic_t stop = 0;
	struct ex_imaging_outcome out;

	job->progress = stop_at;
	job->progress_arg = (void *)(uintptr_t)&stop;
	job->stop = &stop;
	run(&out, job, d);
	assert_int_equal(out.result, EX_IMAGING_PAUSED);
	assert_true(out.bytes >= (uint64_t)STOP * 512);
	job->progress = NULL;
	job->stop = NULL;
	ex_imaging_outcome_free(&out);
}

static int
in(const struct fault *f, size_t n, uint64_t lba)
{
	for (size_t i = 0; i < n; i++)
		if (lba >= f[i].lba && lba - f[i].lba < f[i].count)
			return 1;
	return 0;
}

/* SHA-256 of the medium with zeroes where lost() says so, up to a sector. */
static void
digest_with(
    uint8_t sha256[EX_SHA256_LEN], int (*lost)(uint64_t lba), uint64_t end)
{
	struct drive d = drive_of(NULL, 0);
	struct ex_digest_value v[EX_ALGS];
	struct ex_digest *digest = NULL;
	uint8_t sector[512];
	size_t n;

	assert_int_equal(
	    ex_digest_new(&digest, EX_ALG_BIT(EX_SHA256), NULL), 0);
	for (uint64_t lba = 0; lba < end; lba++) {
		drive_sector(&d, sector, lba);
		if (lost(lba))
			memset(sector, 0, sizeof(sector));
		assert_int_equal(
		    ex_digest_add(digest, sector, sizeof(sector), NULL), 0);
	}
	assert_int_equal(ex_digest_end(digest, v, &n, NULL, NULL), 0);
	ex_digest_free(digest);
	memcpy(sha256, v[0].value, EX_SHA256_LEN);
}

/* Each copy is whole, and holds these bytes. */
static void
check_copies(const struct ex_imaging *job, const struct ex_imaging_outcome *out,
    int (*lost)(uint64_t lba), uint64_t end)
{
	uint8_t want[EX_SHA256_LEN];

	digest_with(want, lost, end);
	assert_int_equal(out->bytes, end * 512);
	for (size_t c = 0; c < out->ncopies; c++) {
		const struct ex_image_copy *copy = &out->copy[c];
		struct made m = { .n = copy->nsegments };
		struct ex_verdict v;

		assert_true(copy->good);
		for (size_t i = 0; i < m.n; i++)
			m.path[i] = copy->segment[i].path;
		verify_image(&v, &m, job->container);
		if (v.result != EX_READING_WHOLE)
			fail_msg("read back: %s", v.text);
		assert_int_equal(v.ndigests, out->ndigests);
		assert_int_equal(v.digest[2].alg, EX_SHA256);
		assert_memory_equal(v.digest[2].value, want, EX_SHA256_LEN);
		for (size_t i = 0; i < v.ndigests; i++)
			assert_memory_equal(v.digest[i].value,
			    out->digest[i].value, v.digest[i].len);
		ex_verdict_free(&v);
		assert_int_equal(
		    ex_imaging_settled(copy->dir, job->name, NULL), 0);
		assert_int_equal(count_names(copy->dir), copy->nsegments);
	}
}

static const struct ex_range *
range_at(const struct ex_ranges *map, uint64_t lba)
{
	for (size_t i = 0; i < map->n; i++)
		if (lba >= map->at[i].lba &&
		    lba - map->at[i].lba < map->at[i].count)
			return &map->at[i];
	fail_msg("sector %" PRIu64 " is not in the map", lba);
	return NULL;
}

struct origin {
	uint64_t lba;
	enum ex_range_status status;
	unsigned attempt, failed_in;
};

static void
check_map(const struct ex_ranges *map, const struct origin *want, size_t n)
{
	uint64_t at = 0;

	for (size_t i = 0; i < map->n; i++) {
		assert_int_equal(map->at[i].lba, at);
		at += map->at[i].count;
	}
	for (size_t i = 0; i < n; i++) {
		const struct ex_range *r = range_at(map, want[i].lba);

		if (r->status != want[i].status ||
		    r->attempt != want[i].attempt ||
		    r->failed_in != want[i].failed_in)
			fail_msg("sector %" PRIu64 ": %s, attempt %u, failed "
				 "in %u",
			    want[i].lba, ex_range_status_text(r->status),
			    r->attempt, r->failed_in);
	}
}

static int
lost_in_both(uint64_t lba)
{
	return lba == 5001 || lba == 30000 || lba == 30001;
}

static const struct origin after_two[] = { { 0, EX_RANGE_READ, 1, 0 },
	{ 100, EX_RANGE_READ, 1, 0 }, { 4999, EX_RANGE_READ, 1, 0 },
	{ 5000, EX_RANGE_RECOVERED, 2, 1 }, { 5001, EX_RANGE_BAD, 2, 1 },
	{ 5002, EX_RANGE_RECOVERED, 2, 1 }, { 5003, EX_RANGE_READ, 1, 0 },
	{ 9999, EX_RANGE_RECOVERED, 2, 1 }, { 10000, EX_RANGE_READ, 1, 0 },
	{ 20480, EX_RANGE_RECOVERED, 2, 1 },
	{ 20519, EX_RANGE_RECOVERED, 2, 1 }, { 20520, EX_RANGE_READ, 1, 0 },
	{ SECTORS - 1, EX_RANGE_READ, 2, 0 }, { 30000, EX_RANGE_BAD, 2, 0 },
	{ 30001, EX_RANGE_BAD, 2, 0 }, { 30002, EX_RANGE_READ, 2, 0 } };

/* What was read on the first day is not asked of the drive on the second. */
static void
what_was_lost_is_tried_again_and_nothing_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		const char *dirs[] = { fresh("one"), fresh("two") };
		struct drive a = drive_of(first_day, COUNT(first_day));
		struct drive b = drive_of(second_day, COUNT(second_day));
		struct ex_imaging job = job_of(&kinds[i], dirs, 1);
		struct ex_imaging_outcome out;

		stopped(&job, &a);
		job = job_of(&kinds[i], dirs, 2);
		job.retry_bad = 1;
		run(&out, &job, &b);
		assert_int_equal(out.result, EX_IMAGING_WITH_ERRORS);
		/* Sector 100 is one of the first block, and fails now. */
		assert_int_equal(b.tries[0], 0);
		assert_true(out.read_from_copy >= (uint64_t)STOP * 512);
		assert_int_equal(out.read_again, 0);
		check_map(&out.map, after_two, COUNT(after_two));
		check_copies(&job, &out, lost_in_both, SECTORS);
		ex_imaging_outcome_free(&out);
	}
}

static int
lost_on_the_first(uint64_t lba)
{
	return in(first_day, COUNT(first_day), lba) || lba == 30000 ||
	       lba == 30001;
}

/* The head out of the copy, and what was filled stays filled. */
static void
a_head_is_had_from_the_copy(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		const char *dirs[] = { fresh("one"), fresh("two") };
		struct drive a = drive_of(first_day, COUNT(first_day));
		struct drive b = drive_of(second_day, COUNT(second_day));
		struct ex_imaging job = job_of(&kinds[i], dirs, 1);
		struct ex_imaging_outcome out;

		stopped(&job, &a);
		job = job_of(&kinds[i], dirs, 2);
		job.head_from_copy = 1;
		run(&out, &job, &b);
		assert_int_equal(out.result, EX_IMAGING_WITH_ERRORS);
		assert_int_equal(b.tries[0] + b.tries[1], 0);
		assert_int_equal(
		    range_at(&out.map, 5000)->status, EX_RANGE_BAD);
		assert_int_equal(range_at(&out.map, 5000)->attempt, 1);
		check_copies(&job, &out, lost_on_the_first, SECTORS);
		ex_imaging_outcome_free(&out);
	}
}

static int
lost_in_three(uint64_t lba)
{
	return lba == 5001 || lba == 30000 || (lba >= 20480 && lba < 20520);
}

/*
 * The second attempt dies while it writes anew what the first one left, and
 * the third has the first's bytes and the second's.
 */
static void
writing_anew_can_be_gone_on_with_too(void **state)
{
	static const struct origin want[] = { { 0, EX_RANGE_READ, 1, 0 },
		{ 5000, EX_RANGE_RECOVERED, 2, 1 },
		{ 5001, EX_RANGE_BAD, 2, 1 },
		{ 9999, EX_RANGE_RECOVERED, 2, 1 },
		{ 20480, EX_RANGE_BAD, 1, 0 }, { 24000, EX_RANGE_READ, 1, 0 },
		{ SECTORS - 1, EX_RANGE_READ, 3, 0 },
		{ 30000, EX_RANGE_BAD, 3, 0 } };

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		const char *dirs[] = { fresh("one"), fresh("two") };
		struct drive a = drive_of(first_day, COUNT(first_day));
		struct drive b = drive_of(second_day, COUNT(second_day));
		struct drive c = drive_of(third_day, COUNT(third_day));
		struct ex_imaging job = job_of(&kinds[i], dirs, 1);
		struct ex_imaging_outcome out;

		stopped(&job, &a);
		job = job_of(&kinds[i], dirs, 2);
		job.retry_bad = 1;
		/* When it comes to the last of them. */
		b.errs_at = 20480 * 512;
		run(&out, &job, &b);
		assert_int_equal(out.result, EX_IMAGING_PAUSED);
		/* All is kept, wherever it is. */
		assert_true(out.kept >= (uint64_t)STOP * 512);
		check_map(&out.map, want, COUNT(want) - 2);
		ex_imaging_outcome_free(&out);

		job = job_of(&kinds[i], dirs, 3);
		run(&out, &job, &c);
		assert_int_equal(out.result, EX_IMAGING_WITH_ERRORS);
		assert_int_equal(c.tries[0], 0);
		check_map(&out.map, want, COUNT(want));
		assert_int_equal(ex_ranges_filled(&out.bad), 1 + 40 + 1);
		for (size_t k = 0; k < out.ncopies; k++)
			assert_true(out.copy[k].good);
		check_copies(&job, &out, lost_in_three, SECTORS);
		ex_imaging_outcome_free(&out);
	}
}

static int
lost_in_first_and_third(uint64_t lba)
{
	return lba >= 5000 && lba < 5003;
}

/* An image that was ended, and the disk once more: a new one of both. */
static void
a_new_image_is_made_of_an_old_one_and_the_disk(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		const char *dirs[] = { fresh("one"), fresh("two") };
		const char *again[] = { fresh("three"), fresh("four") };
		struct drive a = drive_of(first_day, COUNT(first_day));
		struct drive b = drive_of(third_day, COUNT(third_day));
		struct ex_imaging job = job_of(&kinds[i], dirs, 1);
		struct ex_imaging_outcome old, out;
		const char *path[SEGMENTS];
		struct ex_imaging_base base = { .name = "DISK-I1",
			.container = job.container,
			.path = path };

		run(&old, &job, &a);
		assert_int_equal(old.result, EX_IMAGING_WITH_ERRORS);
		base.npaths = old.copy[0].nsegments;
		for (size_t k = 0; k < base.npaths; k++)
			path[k] = old.copy[0].segment[k].path;
		base.bytes = old.bytes;
		base.map = old.map;
		job = job_of(&kinds[i], again, 2);
		job.resume = 0;
		job.name = "DISK-I2";
		job.base = &base;
		job.retry_bad = 1;
		run(&out, &job, &b);
		assert_int_equal(out.result, EX_IMAGING_WITH_ERRORS);
		assert_int_equal(range_at(&out.map, 5000)->attempt, 2);
		assert_int_equal(
		    range_at(&out.map, 9999)->status, EX_RANGE_RECOVERED);
		assert_int_equal(range_at(&out.map, SECTORS - 1)->attempt, 1);
		assert_int_equal(ex_ranges_filled(&out.bad), 3);
		check_copies(&job, &out, lost_in_first_and_third, SECTORS);
		ex_imaging_outcome_free(&out);
		ex_imaging_outcome_free(&old);
	}
}

/* The disk is dead: what was read of it is the image. */
static void
of_a_dead_disk_what_was_read_remains(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		const char *dirs[] = { fresh("one"), fresh("two") };
		struct drive a = drive_of(first_day, COUNT(first_day));
		struct drive dead = drive_of(NULL, 0);
		struct ex_imaging job = job_of(&kinds[i], dirs, 1);
		struct ex_imaging_outcome out;
		uint64_t end;

		stopped(&job, &a);
		job = job_of(&kinds[i], dirs, 2);
		job.head_from_copy = 1;
		job.truncate = 1;
		dead.is_away = 1;
		run(&out, &job, &dead);
		assert_int_equal(out.result, EX_IMAGING_TRUNCATED);
		end = out.bytes / 512;
		assert_true(end >= STOP && end < SECTORS);
		assert_int_equal(out.bad.at[out.bad.n - 1].lba, end);
		assert_int_equal(
		    out.bad.at[out.bad.n - 1].status, EX_RANGE_MISSING);
		assert_int_equal(
		    out.bad.at[out.bad.n - 1].count, SECTORS - end);
		check_copies(&job, &out, lost_on_the_first, end);
		ex_imaging_outcome_free(&out);
	}
}

/* One bit of a half copy: its bytes are not believed, nothing is lost. */
static void
a_damaged_half_is_not_believed(void **state)
{
	const char *dirs[] = { fresh("one") };
	const struct kind kind = { EX_CONTAINER_E01, 0, 1 };
	struct drive a = drive_of(first_day, COUNT(first_day));
	struct drive b = drive_of(NULL, 0);
	struct ex_imaging job = job_of(&kind, dirs, 1);
	struct ex_imaging_outcome out;
	struct ex_err err = EX_ERR_INIT;
	char path[EX_PATH];
	uint8_t byte;
	int fd;

	(void)state;
	stopped(&job, &a);
	(void)snprintf(path, sizeof(path),
	    "%.4000s/.DISK-I1.partial/"
	    "DISK-I1.E01",
	    dirs[0]);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, 200000), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, 200000), 1);
	(void)close(fd);
	job = job_of(&kind, dirs, 2);
	job.head_from_copy = 1;
	job.source = drive_open(&b);
	assert_int_equal(ex_imaging_run(&out, &job, &err), -1);
	print_message("    %s\n", err.text);
	assert_int_equal(err.code, EX_DAMAGED);
	ex_source_close(job.source);
	/* It is found by reading the source, too. */
	assert_true(ex_file_exists(path));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_lost_is_tried_again_and_nothing_else),
		cmocka_unit_test(a_head_is_had_from_the_copy),
		cmocka_unit_test(writing_anew_can_be_gone_on_with_too),
		cmocka_unit_test(
		    a_new_image_is_made_of_an_old_one_and_the_disk),
		cmocka_unit_test(of_a_dead_disk_what_was_read_remains),
		cmocka_unit_test(a_damaged_half_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
