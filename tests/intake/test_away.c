/*
 * test_away.c -- media that go away in the middle: waited for, known again,
 * read on from the very byte; or not known, and nothing of them is taken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "checked.h"
#include "drive.h"
#include "folder.h"
#include "intake/imaging.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

enum {
	SECTORS = 20000
};

static const struct fault scattered[] = { { 100, 3, 0 }, { 4100, 1, 0 },
	{ 12000, 300, 0 } };

struct told {
	unsigned lines;
	char last[512];
	volatile sig_atomic_t *stop; /* set at the first line */
};

static void
tell(void *arg, const char *line)
{
	struct told *t = arg;

	t->lines++;
	(void)snprintf(t->last, sizeof(t->last), "%s", line);
	if (t->stop != NULL)
		*t->stop = 1;
}

/* Each comes back as it was, and the image has every sector. */
static const struct {
	const char *name;
	struct drive drive;
	unsigned returns; /* at least */
	int is_clean;	  /* no sector is bad */
} back[] = {
	{ "over a block", { .vanishes_at = 9000 * 512, .back_after = 1 }, 1,
	    1 },
	{ "it takes a while", { .vanishes_at = 9000 * 512, .back_after = 4 }, 1,
	    1 },
	{ "at the first sector", { .vanishes_at = 1, .back_after = 2 }, 1, 1 },
	{ "at the last sector",
	    { .vanishes_at = SECTORS * 512 - 1, .back_after = 1 }, 1, 1 },
	{ "again and again at one place",
	    { .vanishes_at = 9000 * 512, .back_after = 1, .times = 5 }, 6, 1 },
	{ "beside bad sectors",
	    { .vanishes_at = 12100 * 512,
		.back_after = 2,
		.fault = scattered,
		.nfaults = COUNT(scattered) },
	    1, 0 },
	{ "dead to every read, until it was plugged in again",
	    { .dies_at = 9000 * 512, .back_after = 1 }, 1, 1 },
	{ "dead among bad sectors",
	    { .dies_at = 12010 * 512,
		.back_after = 1,
		.fault = scattered,
		.nfaults = COUNT(scattered) },
	    1, 0 },
};

static void
a_medium_that_comes_back_is_read_on_from_the_very_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(back) * 2; i++) {
		struct drive d = back[i / 2].drive;
		struct told told = { 0, "", NULL };
		struct ex_imaging job = { .container = i % 2 ? EX_CONTAINER_E01
							     : EX_CONTAINER_RAW,
			.wait = 20,
			.retries = 1,
			.notice = tell,
			.notice_arg = &told };
		struct ex_imaging_outcome out;

		print_message("  %s\n", back[i / 2].name);
		d.sectors = SECTORS;
		d.sector_size = 512;
		image_to(&out, &job, &d, fresh("a"));
		assert_int_equal(out.result, back[i / 2].is_clean
						 ? EX_IMAGING_COMPLETE
						 : EX_IMAGING_WITH_ERRORS);
		assert_true(out.returns >= back[i / 2].returns);
		assert_int_equal(told.lines, 2 * out.returns);
		assert_non_null(strstr(told.last, "is back"));
		assert_int_equal(out.bytes, SECTORS * 512);
		check_list(&d, &out.bad);
		if (i % 2 == 0)
			check_sectors(&d, out.copy[0].segment[0].path, SECTORS);
		ex_imaging_outcome_free(&out);
	}
}

/* What is there is not what was there: not a byte of it is taken. */
static const struct {
	const char *name;
	struct drive drive;
	unsigned wait;
	const char *why;
} lost[] = {
	{ "never back", { .vanishes_at = 9000 * 512 }, 1,
	    "was not back within 1 seconds" },
	{ "nobody waits", { .vanishes_at = 9000 * 512, .back_after = 1 }, 0,
	    "went away" },
	{ "another serial number",
	    { .vanishes_at = 9000 * 512, .back_after = 1, .back_as = "FAKE-2" },
	    20, "its serial number is \"FAKE-2\", not \"FAKE-1\"" },
	{ "no serial number",
	    { .vanishes_at = 9000 * 512,
		.back_after = 1,
		.back_as = "unknown" },
	    20, "says no serial number" },
	{ "another size",
	    { .vanishes_at = 9000 * 512,
		.back_after = 1,
		.back_sectors = SECTORS + 1 },
	    20, "bytes in sectors of" },
	{ "the same serial number, other contents",
	    { .vanishes_at = 9000 * 512, .back_after = 1, .back_changed = 1 },
	    20, "other bytes than before" },
	{ "dead to every read", { .dies_at = 9000 * 512 }, 1,
	    "was not back within" },
	{ "dead, and nobody waits", { .dies_at = 9000 * 512 }, 0, "went away" },
};

static void
what_does_not_come_back_the_same_ends_the_image(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lost); i++) {
		struct drive d = lost[i].drive;
		struct ex_imaging job = { .container = EX_CONTAINER_RAW,
			.wait = lost[i].wait };
		struct ex_imaging_outcome out;
		const struct ex_range *gap;
		uint64_t had;

		print_message("  %s\n", lost[i].name);
		d.sectors = SECTORS;
		d.sector_size = 512;
		image_to(&out, &job, &d, fresh("a"));
		assert_int_equal(out.result, EX_IMAGING_TRUNCATED);
		if (strstr(out.why.text, lost[i].why) == NULL)
			fail_msg("it says: %s", out.why.text);
		had = out.bytes / 512;
		assert_true(had >= 8192 && had <= 9000);
		assert_int_equal(out.bad.n, 1);
		gap = &out.bad.at[0];
		assert_int_equal(gap->status, EX_RANGE_MISSING);
		assert_int_equal(gap->lba, had);
		assert_int_equal(gap->lba + gap->count, SECTORS);
		d.generation = 0;
		check_sectors(&d, out.copy[0].segment[0].path, had);
		ex_imaging_outcome_free(&out);
	}
}

/*
 * Gone for longer than anybody waits, with a journal beside the image: another
 * run goes on, with bad sectors before and behind, and a limit that must not
 * touch what the image has already.
 */
static void
what_is_kept_goes_on_when_it_is_back_another_day(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct drive d = { .sectors = SECTORS,
			.sector_size = 512,
			.fault = scattered,
			.nfaults = COUNT(scattered),
			.vanishes_at = i < 2 ? 15000 * 512 : 0,
			.dies_at = i < 2 ? 0 : 15000 * 512,
			.back_as = i == 1 ? "FAKE-2" : NULL,
			.back_after = i == 1 ? 1 : 0 };
		struct ex_imaging job = { .container = i % 2 == 0
							   ? EX_CONTAINER_RAW
							   : EX_CONTAINER_E01,
			.wait = 1,
			.keep = 1,
			.mark_bytes = 1 << 20 };
		struct ex_imaging_outcome half, whole, want;
		const char *dir = fresh("a");

		image_to(&half, &job, &d, dir);
		assert_int_equal(half.result, EX_IMAGING_PAUSED);
		assert_non_null(strstr(half.why.text, "went away"));
		assert_true(half.copy[0].kept);
		d.vanishes_at = d.dies_at = 0;
		d.is_away = d.is_dead = 0;
		job.resume = 1;
		job.bad_limit = 1000;
		image_to(&whole, &job, &d, dir);
		assert_int_equal(whole.result, EX_IMAGING_WITH_ERRORS);
		assert_true(whole.read_again >= 5 << 20);
		check_list(&d, &whole.bad);
		/* And an unbroken run gives the same bytes. */
		job.keep = job.resume = 0;
		job.ndir = 0;
		image_to(&want, &job, &d, fresh("b"));
		assert_memory_equal(
		    whole.digest[2].value, want.digest[2].value, EX_SHA256_LEN);
		ex_imaging_outcome_free(&half);
		ex_imaging_outcome_free(&whole);
		ex_imaging_outcome_free(&want);
	}
}

/* Some media go away over one sector, whenever it is read. */
static void
a_sector_that_makes_it_go_away_is_given_up(void **state)
{
	static const struct fault it[] = { { 9001, 1, 0 } };
	struct drive d = { .sectors = SECTORS,
		.sector_size = 512,
		.kills = 9001 + 1,
		.back_after = 1 };
	struct ex_imaging job = {
		.container = EX_CONTAINER_RAW, .wait = 20, .retries = 3
	};
	struct ex_imaging_outcome out;

	(void)state;
	image_to(&out, &job, &d, fresh("a"));
	assert_int_equal(out.result, EX_IMAGING_WITH_ERRORS);
	/* As for a drive on which it is simply bad. */
	d.fault = it;
	d.nfaults = 1;
	check_list(&d, &out.bad);
	check_sectors(&d, out.copy[0].segment[0].path, SECTORS);
	ex_imaging_outcome_free(&out);
}

static void
who_stops_while_it_waits_leaves_nothing(void **state)
{
	(void)state;
	for (int dead = 0; dead < 2; dead++) {
		volatile sig_atomic_t stop = 0;
		struct told told = { 0, "", &stop };
		struct drive d = { .sectors = SECTORS,
			.sector_size = 512,
			.vanishes_at = dead ? 0 : 9000 * 512,
			.dies_at = dead ? 9000 * 512 : 0 };
		struct ex_imaging job = { .container = EX_CONTAINER_E01,
			.wait = 600,
			.stop = &stop,
			.notice = tell,
			.notice_arg = &told };
		struct ex_imaging_outcome out;
		const char *dir = fresh("a");

		image_to(&out, &job, &d, dir);
		assert_int_equal(out.result, EX_IMAGING_ABORTED);
		assert_int_equal(told.lines, 1);
		assert_int_equal(count_names(dir), 0);
		ex_imaging_outcome_free(&out);
	}
}

static void
a_medium_that_grew_or_shrank_says_so(void **state)
{
	struct drive d = {
		.sectors = 4096, .sector_size = 512, .size_after = 4097 * 512
	};
	struct ex_imaging job = { .container = EX_CONTAINER_RAW };
	struct ex_imaging_outcome out;

	(void)state;
	image_to(&out, &job, &d, fresh("a"));
	assert_int_equal(out.bytes, 4096 * 512);
	assert_int_equal(out.size_after, 4097 * 512);
	ex_imaging_outcome_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_medium_that_comes_back_is_read_on_from_the_very_byte),
		cmocka_unit_test(
		    what_does_not_come_back_the_same_ends_the_image),
		cmocka_unit_test(
		    what_is_kept_goes_on_when_it_is_back_another_day),
		cmocka_unit_test(a_sector_that_makes_it_go_away_is_given_up),
		cmocka_unit_test(who_stops_while_it_waits_leaves_nothing),
		cmocka_unit_test(a_medium_that_grew_or_shrank_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
