/*
 * test_broken.c -- media with bad sectors: exactly those are lost that no
 * read gives, and everything that is said about them is so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "checked.h"
#include "drive.h"
#include "folder.h"
#include "intake/imaging.h"

#define COUNT(list)  (sizeof(list) / sizeof((list)[0]))
#define FAULTS(list) list, COUNT(list)

enum {
	MIB = 2048 /* sectors of 512 bytes */
};

static const struct fault begins[] = { { 0, 9 * MIB, 0 } };
static const struct fault ends[] = { { 3 * MIB + 5, 9 * MIB - 5, 0 } };
static const struct fault inside[] = { { 3 * MIB + 77, 7 * MIB + 1, 0 } };
static const struct fault islands[] = { { 1000, 5000, 0 }, { 6001, 3000, 0 },
	{ 9002, 1, 0 }, { 9004, 1, 0 }, { 12000, 8000, 0 } };
/* A window is 4 MiB and begins with the block that failed. */
static const struct fault borders[] = { { MIB - 1, 1, 0 }, { MIB, 1, 0 },
	{ 5 * MIB - 1, 2, 0 }, { 9 * MIB - 3, 3, 0 } };
static const struct fault but_one[] = { { 0, 6 * MIB, 0 },
	{ 6 * MIB + 1, 6 * MIB - 1, 0 } };

static const struct {
	const char *name;
	const struct fault *fault;
	size_t n;
} regions[] = {
	{ "it begins badly", FAULTS(begins) },
	{ "it ends badly", FAULTS(ends) },
	{ "a region over several windows", FAULTS(inside) },
	{ "islands in bad regions", FAULTS(islands) },
	{ "at the borders of blocks and windows", FAULTS(borders) },
	{ "all but one sector", FAULTS(but_one) },
};

static void
no_sector_of_a_bad_region_is_lost_that_can_be_read(void **state)
{
	static const uint32_t sector_size[] = { 512, 4096 };

	(void)state;
	for (size_t i = 0; i < COUNT(regions) * 2; i++) {
		struct drive d = { .sectors = 12 * MIB,
			.sector_size = sector_size[i % 2],
			.fault = regions[i / 2].fault,
			.nfaults = regions[i / 2].n };
		struct ex_imaging job = { .container = EX_CONTAINER_RAW };
		struct ex_imaging_outcome out;

		print_message("  %s, %u\n", regions[i / 2].name, d.sector_size);
		image_to(&out, &job, &d, fresh("a"));
		assert_int_equal(out.result, EX_IMAGING_WITH_ERRORS);
		check_list(&d, &out.bad);
		check_sectors(&d, out.copy[0].segment[0].path, d.sectors);
		assert_int_equal(d.misaligned, 0);
		ex_imaging_outcome_free(&out);
		drive_end(&d);
	}
}

/* Bad sectors wherever chance has them; the same ones in every run. */
static size_t
scatter(struct fault *fault, size_t max, uint64_t sectors, uint64_t *x)
{
	size_t n = 0;
	uint64_t at = 0;

	while (n < max) {
		*x ^= *x << 13;
		*x ^= *x >> 7;
		*x ^= *x << 17;
		at += 1 + (*x >> 8) % (*x % 5 == 0 ? 2500 : 3);
		if (at >= sectors)
			break;
		fault[n].lba = at;
		fault[n].count = 1 + (*x >> 32) % (*x % 7 == 0 ? 600 : 2);
		if (fault[n].lba + fault[n].count > sectors)
			fault[n].count = sectors - fault[n].lba;
		/* Some are only slow to come. */
		fault[n].times = *x % 4 == 1 ? 2 : 0;
		at += fault[n++].count;
	}
	return n;
}

static void
bad_sectors_anywhere_are_listed_exactly(void **state)
{
	uint64_t x = UINT64_C(88172645463325252);

	(void)state;
	for (int round = 0; round < 40; round++) {
		struct fault fault[60];
		struct drive d = { .sectors = 6001 + (uint64_t)round * 97,
			.sector_size = 512,
			.fault = fault };
		struct ex_imaging job = { .container = EX_CONTAINER_RAW,
			.retries = (unsigned)round % 3 };
		struct ex_imaging_outcome out;
		uint64_t lost = 0;

		d.nfaults = scatter(fault, COUNT(fault), d.sectors, &x);
		image_to(&out, &job, &d, fresh("a"));
		for (size_t i = 0; i < d.nfaults; i++)
			lost += fault[i].times == 0 ? fault[i].count : 0;
		/* Those that come late may count as failed, not the others. */
		for (size_t i = 0; i < d.nfaults; i++)
			if (fault[i].times != 0 && job.retries < 2)
				fault[i].times = 0;
		if (job.retries == 2) {
			check_list(&d, &out.bad);
			check_sectors(
			    &d, out.copy[0].segment[0].path, d.sectors);
			assert_int_equal(ex_ranges_filled(&out.bad), lost);
		}
		assert_true(ex_ranges_filled(&out.bad) >= lost);
		assert_int_equal(out.bytes, d.sectors * 512);
		ex_imaging_outcome_free(&out);
	}
}

/* How far a range is one of these, or NULL. */
static const struct ex_range *
range_at(const struct ex_imaging_outcome *out, uint64_t lba)
{
	for (size_t i = 0; i < out->bad.n; i++)
		if (lba >= out->bad.at[i].lba &&
		    lba - out->bad.at[i].lba < out->bad.at[i].count)
			return &out->bad.at[i];
	return NULL;
}

static void
what_came_late_says_after_how_many_tries(void **state)
{
	/* The block, a piece and so many reads of it alone fail. */
	static const struct fault late[] = { { 10, 1, 3 }, { 3000, 2, 5 },
		{ 5000, 1, 1 } };
	struct drive d = { .sectors = 6000,
		.sector_size = 512,
		.fault = late,
		.nfaults = COUNT(late) };
	struct ex_imaging job = { .container = EX_CONTAINER_RAW, .retries = 5 };
	struct ex_imaging_outcome out;

	(void)state;
	image_to(&out, &job, &d, fresh("a"));
	assert_int_equal(out.result, EX_IMAGING_COMPLETE);
	check_sectors(&d, out.copy[0].segment[0].path, d.sectors);
	assert_non_null(range_at(&out, 10));
	assert_int_equal(range_at(&out, 10)->status, EX_RANGE_RECOVERED);
	assert_int_equal(range_at(&out, 10)->count, 1);
	assert_int_equal(range_at(&out, 10)->tries, 1);
	assert_non_null(range_at(&out, 3000));
	assert_int_equal(range_at(&out, 3000)->status, EX_RANGE_RECOVERED);
	assert_int_equal(ex_ranges_filled(&out.bad), 0);
	/* A read that failed once, and no part of it did again. */
	assert_non_null(range_at(&out, 5000));
	assert_int_equal(range_at(&out, 5000)->status, EX_RANGE_RECOVERED);
	assert_int_equal(range_at(&out, 5000)->tries, 1);
	assert_true(out.failed_reads >= 9);
	ex_imaging_outcome_free(&out);
}

/* From both ends to the first that fails; the inside is skipped, and said. */
static void
a_limit_skips_the_inside_of_bad_regions_and_says_so(void **state)
{
	static const struct fault two[] = { { 500, 100, 0 },
		{ 8 * MIB + 100, 3 * MIB, 0 } };
	struct drive d = { .sectors = 12 * MIB,
		.sector_size = 512,
		.fault = two,
		.nfaults = 2 };
	struct ex_imaging job = {
		.container = EX_CONTAINER_RAW, .bad_limit = 40, .fill = 0x5a
	};
	struct ex_imaging_outcome out;
	struct ex_buf image = EX_BUF_INIT;
	uint8_t want[512];

	(void)state;
	image_to(&out, &job, &d, fresh("a"));
	assert_int_equal(out.result, EX_IMAGING_WITH_ERRORS);
	/* Every sector that is missing lies in a bad region; none is doubled. */
	read_whole(&image, out.copy[0].segment[0].path);
	assert_int_equal(image.len, d.sectors * 512);
	for (uint64_t lba = 0; lba < d.sectors; lba++) {
		const struct ex_range *r = range_at(&out, lba);

		drive_sector(&d, want, lba);
		if (drive_is_bad(&d, lba))
			assert_non_null(r);
		if (r != NULL && r->status != EX_RANGE_RECOVERED) {
			assert_true(drive_is_bad(&d, lba));
			memset(want, 0x5a, sizeof(want));
		}
		assert_memory_equal(want, &image.data[lba * 512], 512);
	}
	assert_int_equal(range_at(&out, 500)->status, EX_RANGE_BAD);
	assert_int_equal(range_at(&out, 599)->status, EX_RANGE_BAD);
	assert_int_equal(range_at(&out, 590)->status, EX_RANGE_SKIPPED);
	assert_int_equal(range_at(&out, 10 * MIB)->status, EX_RANGE_SKIPPED);
	assert_int_equal(range_at(&out, 11 * MIB + 99)->status, EX_RANGE_BAD);
	assert_int_equal(ex_ranges_filled(&out.bad), 100 + 3 * MIB);
	/* Some hundred reads for what would have been thousands. */
	assert_true(out.failed_reads < 120);
	ex_buf_free(&image);
	ex_imaging_outcome_free(&out);
}

/* Not a read more than needed: a sector costs its own, its piece's. */
static void
one_bad_sector_costs_few_failing_reads(void **state)
{
	static const struct fault one[] = { { 3000, 1, 0 } };
	struct drive d = { .sectors = 12 * MIB,
		.sector_size = 512,
		.fault = one,
		.nfaults = 1 };
	struct ex_imaging job = { .container = EX_CONTAINER_RAW, .retries = 2 };
	struct ex_imaging_outcome out;

	(void)state;
	image_to(&out, &job, &d, fresh("a"));
	/* Block, piece, from the front, two retries. */
	assert_int_equal(out.failed_reads, 5);
	assert_int_equal(ex_ranges_filled(&out.bad), 1);
	ex_imaging_outcome_free(&out);
}

static void
a_slow_medium_is_read_to_its_end_and_timed(void **state)
{
	struct drive d = { .sectors = 4096, .sector_size = 512, .slow = 30000 };
	struct ex_imaging job = { .container = EX_CONTAINER_RAW };
	struct ex_imaging_outcome out;

	(void)state;
	image_to(&out, &job, &d, fresh("a"));
	assert_int_equal(out.result, EX_IMAGING_COMPLETE);
	assert_true(out.slowest_read >= 30000);
	assert_int_equal(out.failed_reads, 0);
	ex_imaging_outcome_free(&out);
}

/* Bad sectors beside an end that comes too soon: both are told. */
static void
a_bad_medium_that_ends_early_is_truncated_behind_its_last_sector(void **state)
{
	static const struct fault near[] = { { 5990, 3, 0 }, { 5999, 1, 0 } };
	static const uint64_t end[] = { 6000, 6001, 5995, 4096 };

	(void)state;
	for (size_t i = 0; i < COUNT(end); i++) {
		struct drive d = { .sectors = 9000,
			.sector_size = 512,
			.ends_at = end[i] * 512,
			.fault = near,
			.nfaults = 2 };
		struct ex_imaging job = { .container = EX_CONTAINER_RAW };
		struct ex_imaging_outcome out;
		const struct ex_range *last;

		image_to(&out, &job, &d, fresh("a"));
		assert_int_equal(out.result, EX_IMAGING_TRUNCATED);
		assert_int_equal(out.bytes, end[i] * 512);
		check_sectors(&d, out.copy[0].segment[0].path, end[i]);
		last = &out.bad.at[out.bad.n - 1];
		assert_int_equal(last->status, EX_RANGE_MISSING);
		assert_int_equal(last->lba, end[i]);
		assert_int_equal(last->count, 9000 - end[i]);
		ex_imaging_outcome_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    no_sector_of_a_bad_region_is_lost_that_can_be_read),
		cmocka_unit_test(bad_sectors_anywhere_are_listed_exactly),
		cmocka_unit_test(what_came_late_says_after_how_many_tries),
		cmocka_unit_test(
		    a_limit_skips_the_inside_of_bad_regions_and_says_so),
		cmocka_unit_test(one_bad_sector_costs_few_failing_reads),
		cmocka_unit_test(a_slow_medium_is_read_to_its_end_and_timed),
		cmocka_unit_test(
		    a_bad_medium_that_ends_early_is_truncated_behind_its_last_sector),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
