/*
 * test_pipeline.c -- a drive read once: every sector in its place, and only
 * what cannot be read is lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/codec.h"
#include "checked.h"
#include "drive.h"
#include "folder.h"
#include "intake/imaging.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

#define FAULTS(list) list, COUNT(list)

static const struct fault first[] = { { 0, 1, 0 } };
static const struct fault middle[] = { { 3000, 1, 0 } };
static const struct fault last[] = { { 5000, 1, 0 } };
static const struct fault run[] = { { 100, 700, 0 } };
static const struct fault over_blocks[] = { { 2040, 20, 0 } };
static const struct fault ten[] = { { 17, 4, 0 }, { 2047, 3, 0 },
	{ 4998, 3, 0 } };
static const struct fault alternating[] = { { 64, 1, 0 }, { 66, 1, 0 },
	{ 68, 1, 0 }, { 70, 1, 0 }, { 72, 1, 0 }, { 74, 1, 0 } };
static const struct fault ends[] = { { 0, 3, 0 }, { 4999, 2, 0 } };

static const struct {
	const char *name;
	const struct fault *fault;
	size_t n;
	uint64_t lost;
} faults[] = {
	{ "none", NULL, 0, 0 },
	{ "the first sector", FAULTS(first), 1 },
	{ "one in the middle", FAULTS(middle), 1 },
	{ "the last sector", FAULTS(last), 1 },
	{ "a long run", FAULTS(run), 700 },
	{ "a run over the border of two blocks", FAULTS(over_blocks), 20 },
	{ "ten in three places", FAULTS(ten), 10 },
	{ "alternating", FAULTS(alternating), 6 },
	{ "both ends", FAULTS(ends), 5 },
};

static void
only_what_cannot_be_read_is_lost(void **state)
{
	static const uint32_t sector_size[] = { 512, 4096 };

	(void)state;
	for (size_t i = 0; i < COUNT(faults) * 2; i++) {
		size_t f = i / 2;
		struct drive d = { .sectors = 5001,
			.sector_size = sector_size[i % 2],
			.fault = faults[f].fault,
			.nfaults = faults[f].n };
		struct ex_imaging job = { .container = EX_CONTAINER_RAW,
			.retries = 1 };
		struct ex_imaging_outcome out;

		print_message("  %s, %u\n", faults[f].name, d.sector_size);
		image_to(&out, &job, &d, fresh("a"));
		assert_int_equal(out.result, faults[f].lost == 0
						 ? EX_IMAGING_COMPLETE
						 : EX_IMAGING_WITH_ERRORS);
		assert_int_equal(ex_ranges_sectors(&out.bad), faults[f].lost);
		check_list(&d, &out.bad);
		check_sectors(&d, out.copy[0].segment[0].path, d.sectors);
		assert_int_equal(out.bytes, d.sectors * d.sector_size);
		assert_int_equal(d.misaligned, 0);
		ex_imaging_outcome_free(&out);
	}
}

static void
a_sector_is_tried_again_as_often_as_asked(void **state)
{
	static const struct fault shy[] = { { 10, 1, 4 } };
	static const struct {
		unsigned retries;
		enum ex_range_status status;
		enum ex_imaging_result result;
	} cases[] = {
		/* A block and a piece have failed before the sector. */
		{ 1, EX_RANGE_BAD, EX_IMAGING_WITH_ERRORS },
		{ 2, EX_RANGE_RECOVERED, EX_IMAGING_COMPLETE },
		{ 9, EX_RANGE_RECOVERED, EX_IMAGING_COMPLETE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct drive d = { .sectors = 100,
			.sector_size = 512,
			.fault = shy,
			.nfaults = 1 };
		struct ex_imaging job = { .container = EX_CONTAINER_RAW,
			.retries = cases[i].retries };
		struct ex_imaging_outcome out;

		image_to(&out, &job, &d, fresh("a"));
		assert_int_equal(out.result, cases[i].result);
		assert_int_equal(out.bad.n, 1);
		assert_int_equal(out.bad.at[0].status, cases[i].status);
		assert_int_equal(out.bad.at[0].lba, 10);
		assert_int_equal(out.bad.at[0].count, 1);
		ex_imaging_outcome_free(&out);
	}
}

static void
a_coarse_granularity_gives_up_whole_groups(void **state)
{
	struct drive d = { .sectors = 4096,
		.sector_size = 512,
		.fault = middle,
		.nfaults = 1 };
	struct ex_imaging job = { .container = EX_CONTAINER_RAW,
		.granularity = 64 };
	struct ex_imaging_outcome out;

	(void)state;
	image_to(&out, &job, &d, fresh("a"));
	assert_int_equal(out.bad.n, 1);
	assert_int_equal(out.bad.at[0].count, 64);
	assert_int_equal(out.bad.at[0].lba, 3000 / 64 * 64);
	ex_imaging_outcome_free(&out);
}

static void
a_part_keeps_the_sectors_numbers(void **state)
{
	struct drive d = { .sectors = 4096,
		.sector_size = 512,
		.fault = middle,
		.nfaults = 1 };
	struct ex_imaging job = { .container = EX_CONTAINER_RAW,
		.offset = 2990 * 512,
		.length = 20 * 512 };
	struct ex_imaging_outcome out;
	struct ex_buf image = EX_BUF_INIT;
	uint8_t want[512];

	(void)state;
	image_to(&out, &job, &d, fresh("a"));
	assert_int_equal(out.bad.at[0].lba, 3000);
	assert_int_equal(out.bytes, 20 * 512);
	read_whole(&image, out.copy[0].segment[0].path);
	assert_int_equal(image.len, 20 * 512);
	drive_sector(&d, want, 2990);
	assert_memory_equal(image.data, want, 512);
	drive_sector(&d, want, 3009);
	assert_memory_equal(&image.data[19 * 512], want, 512);
	ex_buf_free(&image);
	ex_imaging_outcome_free(&out);
}

static void
a_source_that_ends_early_is_truncated(void **state)
{
	static const struct {
		const char *name;
		uint64_t ends_at, vanishes_at;
		uint64_t least; /* sectors that must be there */
	} cases[] = {
		{ "ends in the middle of a block", 3333 * 512, 0, 3333 },
		{ "ends between two blocks", 2048 * 512, 0, 2048 },
		{ "ends inside a sector", 3333 * 512 + 100, 0, 3333 },
		{ "goes away", 0, 4000 * 512, 2048 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases) * 2; i++) {
		size_t c = i / 2;
		struct drive d = { .sectors = 10000,
			.sector_size = 512,
			.ends_at = cases[c].ends_at,
			.vanishes_at = cases[c].vanishes_at };
		struct ex_imaging job = {
			.container = i % 2 ? EX_CONTAINER_RAW : EX_CONTAINER_E01
		};
		struct ex_imaging_outcome out;
		const struct ex_range *gap;

		print_message("  %s\n", cases[c].name);
		image_to(&out, &job, &d, fresh("a"));
		assert_int_equal(out.result, EX_IMAGING_TRUNCATED);
		assert_string_not_equal(out.why.text, "");
		assert_int_equal(out.bytes, cases[c].least * 512);
		assert_int_equal(out.bytes_expected, 10000 * 512);
		gap = &out.bad.at[out.bad.n - 1];
		assert_int_equal(gap->status, EX_RANGE_MISSING);
		assert_int_equal(gap->lba, cases[c].least);
		assert_int_equal(gap->lba + gap->count, 10000);
		assert_true(out.copy[0].good);
		if (job.container == EX_CONTAINER_RAW)
			check_sectors(
			    &d, out.copy[0].segment[0].path, cases[c].least);
		ex_imaging_outcome_free(&out);
	}
}

/* Nothing of the run is left in the folder. */
static void
check_gone(const struct ex_imaging_outcome *out, const char *dir)
{
	assert_int_equal(count_names(dir), 0);
	assert_int_equal(out->ndigests, 0);
	assert_false(out->copy[0].good);
	assert_int_equal(out->copy[0].nsegments, 0);
	assert_string_not_equal(out->why.text, "");
}

static void
what_fails_or_is_stopped_leaves_nothing(void **state)
{
	static const struct fault all[] = { { 0, 3000, 0 } };
	static const struct {
		const char *name;
		struct drive drive;
		enum ex_imaging_result result;
	} cases[] = {
		{ "stopped at once", { .stops_at = 1 }, EX_IMAGING_ABORTED },
		{ "stopped later", { .stops_at = 2500 * 512 },
		    EX_IMAGING_ABORTED },
		{ "not one sector", { .fault = all, .nfaults = 1 },
		    EX_IMAGING_FAILED },
		{ "gone at once", { .vanishes_at = 1 }, EX_IMAGING_FAILED },
		{ "another error", { .errs_at = 2500 * 512 },
		    EX_IMAGING_FAILED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases) * 2; i++) {
		size_t c = i / 2;
		volatile sig_atomic_t stop = 0;
		struct drive d = cases[c].drive;
		struct ex_imaging job = { .container = i % 2 ? EX_CONTAINER_RAW
							     : EX_CONTAINER_E01,
			.stop = &stop };
		struct ex_imaging_outcome out;
		const char *dir = fresh("a");

		print_message("  %s\n", cases[c].name);
		d.sectors = 3000;
		d.sector_size = 512;
		d.stop = &stop;
		image_to(&out, &job, &d, dir);
		assert_int_equal(out.result, cases[c].result);
		check_gone(&out, dir);
		ex_imaging_outcome_free(&out);
	}
}

struct seen {
	uint64_t last, total;
	int back;
};

static void
see(void *arg, uint64_t done, uint64_t total)
{
	struct seen *s = arg;

	if (done < s->last || done > total)
		s->back = 1;
	s->last = done;
	s->total = total;
}

static void
progress_never_goes_back(void **state)
{
	struct drive d = { .sectors = 5001,
		.sector_size = 512,
		.fault = ten,
		.nfaults = COUNT(ten) };
	struct seen seen = { 0, 0, 0 };
	struct ex_imaging job = { .container = EX_CONTAINER_E01,
		.progress = see,
		.progress_arg = &seen };
	struct ex_imaging_outcome out;

	(void)state;
	image_to(&out, &job, &d, fresh("a"));
	assert_false(seen.back);
	assert_int_equal(seen.last, 5001 * 512);
	assert_int_equal(seen.total, 5001 * 512);
	ex_imaging_outcome_free(&out);
}

static void
segments_are_read_only_and_told_truly(void **state)
{
	static const struct {
		enum ex_container container;
		uint64_t segment_size;
		size_t nsegments;
		const char *first, *last;
	} cases[] = {
		{ EX_CONTAINER_RAW, 0, 1, "DISK-I1.raw", "DISK-I1.raw" },
		{ EX_CONTAINER_RAW, 1 << 20, 5, "DISK-I1.001", "DISK-I1.005" },
		{ EX_CONTAINER_E01, 0, 1, "DISK-I1.E01", "DISK-I1.E01" },
		{ EX_CONTAINER_E01, 1 << 20, 6, "DISK-I1.E01", "DISK-I1.E06" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct drive d = {
			.sectors = 10000, .sector_size = 512, .noise = 1
		};
		struct ex_imaging job = { .container = cases[i].container,
			.segment_size = cases[i].segment_size };
		const char *dir = fresh("a");
		struct ex_imaging_outcome out;
		const struct ex_image_copy *c = &out.copy[0];

		image_to(&out, &job, &d, dir);
		assert_int_equal(c->nsegments, cases[i].nsegments);
		assert_int_equal(count_names(dir), cases[i].nsegments);
		assert_string_equal(
		    ex_path_base(c->segment[0].path), cases[i].first);
		assert_string_equal(
		    ex_path_base(c->segment[c->nsegments - 1].path),
		    cases[i].last);
		for (size_t k = 0; k < c->nsegments; k++) {
			uint8_t sha256[EX_SHA256_LEN];
			uint64_t size;
			struct stat st;

			assert_int_equal(ex_sha256_file(sha256, &size,
					     c->segment[k].path, NULL),
			    0);
			assert_memory_equal(
			    sha256, c->segment[k].sha256, EX_SHA256_LEN);
			assert_int_equal(size, c->segment[k].size);
			if (cases[i].segment_size != 0)
				assert_true(size <= cases[i].segment_size);
			assert_int_equal(stat(c->segment[k].path, &st), 0);
			assert_int_equal(st.st_mode & 07777, 0444);
		}
		ex_imaging_outcome_free(&out);
	}
}

static void
digests_are_those_of_the_bytes(void **state)
{
	struct drive d = { .sectors = 5001,
		.sector_size = 512,
		.fault = ten,
		.nfaults = COUNT(ten) };
	struct ex_imaging job = { .container = EX_CONTAINER_RAW,
		.algs = EX_ALG_BIT(EX_SHA512) | EX_ALG_BIT(EX_BLAKE2B) |
			EX_ALG_BIT(EX_SHA3_256) };
	struct ex_digest_value want[EX_ALGS];
	struct ex_imaging_outcome out;
	struct ex_buf image = EX_BUF_INIT;
	struct ex_digest *digest;
	size_t n;

	(void)state;
	image_to(&out, &job, &d, fresh("a"));
	read_whole(&image, out.copy[0].segment[0].path);
	assert_int_equal(
	    ex_digest_new(&digest, EX_ALG_BIT(EX_ALGS) - 1, NULL), 0);
	assert_int_equal(ex_digest_add(digest, image.data, image.len, NULL), 0);
	assert_int_equal(ex_digest_end(digest, want, &n, NULL, NULL), 0);
	assert_int_equal(n, out.ndigests);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(want[i].alg, out.digest[i].alg);
		assert_memory_equal(
		    want[i].value, out.digest[i].value, want[i].len);
	}
	ex_digest_free(digest);
	ex_buf_free(&image);
	ex_imaging_outcome_free(&out);
}

static void
what_a_dead_run_left_is_cleared_away(void **state)
{
	struct drive d = { .sectors = 100, .sector_size = 512 };
	struct ex_imaging job = { .container = EX_CONTAINER_E01 };
	struct ex_imaging_outcome out;
	const char *dir = fresh("a");

	(void)state;
	assert_int_equal(
	    ex_dir_make(in_folder("a/.DISK-I1.partial"), 0700, NULL), 0);
	assert_int_equal(
	    ex_file_write(in_folder("a/.DISK-I1.partial/DISK-I1.E01"), "half",
		4, 0600, NULL),
	    0);
	image_to(&out, &job, &d, dir);
	assert_int_equal(out.result, EX_IMAGING_COMPLETE);
	assert_int_equal(count_names(dir), 1);
	ex_imaging_outcome_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_cannot_be_read_is_lost),
		cmocka_unit_test(a_sector_is_tried_again_as_often_as_asked),
		cmocka_unit_test(a_coarse_granularity_gives_up_whole_groups),
		cmocka_unit_test(a_part_keeps_the_sectors_numbers),
		cmocka_unit_test(a_source_that_ends_early_is_truncated),
		cmocka_unit_test(what_fails_or_is_stopped_leaves_nothing),
		cmocka_unit_test(progress_never_goes_back),
		cmocka_unit_test(segments_are_read_only_and_told_truly),
		cmocka_unit_test(digests_are_those_of_the_bytes),
		cmocka_unit_test(what_a_dead_run_left_is_cleared_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
