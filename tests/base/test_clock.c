/*
 * test_clock.c -- times written in one form and read strictly.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define LAST	 INT64_C(253402300799999999)

/* Seconds as date(1) prints them with +%s. */
static const struct {
	const char *text;
	int64_t us;
} canonical[] = {
	{ "1970-01-01T00:00:00.000000Z", 0 },
	{ "1970-01-01T00:00:00.000001Z", 1 },
	{ "1972-02-29T12:00:00.000000Z", 68212800 * EX_SECOND },
	{ "1999-12-31T23:59:59.999999Z", 946684799 * EX_SECOND + 999999 },
	{ "2000-02-29T00:00:00.000000Z", 951782400 * EX_SECOND },
	{ "2016-12-31T23:59:59.000000Z", 1483228799 * EX_SECOND },
	{ "2038-01-19T03:14:08.500000Z",
	    INT64_C(2147483648) * EX_SECOND + 500000 },
	{ "2100-03-01T00:00:00.000000Z", INT64_C(4107542400) * EX_SECOND },
	{ "9999-12-31T23:59:59.999999Z", LAST },
};

static void
the_canonical_form_goes_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(canonical); i++) {
		struct ex_err err = EX_ERR_INIT;
		char text[EX_TIME_TEXT];
		int64_t us;

		ex_time_text(text, canonical[i].us);
		assert_string_equal(text, canonical[i].text);
		assert_int_equal(ex_time_read(&us, text, &err), 0);
		assert_true(us == canonical[i].us);
	}
}

/* Outside of its years the text is the nearest there is, never a lie of
 * another length. */
static void
times_out_of_range_are_the_nearest(void **state)
{
	char text[EX_TIME_TEXT];

	(void)state;
	ex_time_text(text, -1);
	assert_string_equal(text, "1970-01-01T00:00:00.000000Z");
	ex_time_text(text, LAST + 1);
	assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
	ex_time_text(text, INT64_MAX);
	assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
}

static void
other_forms_are_not_canonical(void **state)
{
	static const char *const bad[] = { "", "2026-01-31T09:30:00Z",
		"2026-01-31T09:30:00.00000Z", "2026-01-31T09:30:00.0000000Z",
		"2026-01-31t09:30:00.000000Z", "2026-01-31T09:30:00.000000z",
		"2026-01-31 09:30:00.000000Z", "2026-01-31T09:30:00,000000Z",
		"2026-02-29T09:30:00.000000Z", "2100-02-29T09:30:00.000000Z",
		"2026-00-31T09:30:00.000000Z", "2026-13-01T09:30:00.000000Z",
		"2026-01-32T09:30:00.000000Z", "2026-01-00T09:30:00.000000Z",
		"2026-04-31T09:30:00.000000Z", "2026-01-31T24:00:00.000000Z",
		"2026-01-31T09:60:00.000000Z", "2016-12-31T23:59:60.000000Z",
		"1969-12-31T23:59:59.999999Z", "+026-01-31T09:30:00.000000Z",
		"2026-01-31T09:30:00.00000 Z", "2026-01-31T09:30:00.000000Zx",
		" 2026-01-31T09:30:00.000000Z", "2026-1-031T09:30:00.000000Z" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct ex_err err = EX_ERR_INIT;
		int64_t us = 42;

		print_message("  %s\n", bad[i]);
		assert_int_equal(ex_time_read(&us, bad[i], &err), -1);
		assert_int_equal(err.code, EX_FORMAT);
		assert_true(us == 42);
	}
}

/* TZ is Asia/Taipei here: eight hours, no summer time since 1979. */
static const struct {
	const char *text, *utc;
	int offset;
} typed[] = {
	{ "2026-01-31T09:30:00Z", "2026-01-31T09:30:00.000000Z", 1 },
	{ "2026-01-31t09:30:00z", "2026-01-31T09:30:00.000000Z", 1 },
	{ "2026-01-31 09:30:00+08:00", "2026-01-31T01:30:00.000000Z", 1 },
	{ "2026-01-01T00:30:00+08:00", "2025-12-31T16:30:00.000000Z", 1 },
	{ "2026-01-31T09:30:00-03:30", "2026-01-31T13:00:00.000000Z", 1 },
	{ "2026-01-31T09:30:00.5-00:00", "2026-01-31T09:30:00.500000Z", 1 },
	{ "2026-01-31T09:30:00.123456789Z", "2026-01-31T09:30:00.123456Z", 1 },
	{ "2026-01-31T09:30:00", "2026-01-31T01:30:00.000000Z", 0 },
	{ "2026-01-31T09:30:00.25", "2026-01-31T01:30:00.250000Z", 0 },
	{ "2026-01-31", "2026-01-30T16:00:00.000000Z", 0 },
	{ "2024-02-29", "2024-02-28T16:00:00.000000Z", 0 },
	{ "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z", 1 },
};

static void
typed_times_are_read_with_or_without_offset(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(typed); i++) {
		struct ex_err err = EX_ERR_INIT;
		char text[EX_TIME_TEXT];
		int64_t us;
		int offset = -1;

		print_message("  %s\n", typed[i].text);
		assert_int_equal(
		    ex_time_parse(&us, &offset, typed[i].text, &err), 0);
		ex_time_text(text, us);
		assert_string_equal(text, typed[i].utc);
		assert_int_equal(offset, typed[i].offset);
		assert_int_equal(
		    ex_time_parse(&us, NULL, typed[i].text, &err), 0);
	}
}

/* In Berlin the same words of January and July are two offsets. */
static void
local_time_follows_the_season(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	char text[EX_TIME_TEXT];
	int64_t us;

	(void)state;
	assert_int_equal(setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1), 0);
	tzset();
	assert_int_equal(
	    ex_time_parse(&us, NULL, "2026-01-15T12:00:00", &err), 0);
	ex_time_text(text, us);
	assert_string_equal(text, "2026-01-15T11:00:00.000000Z");
	assert_int_equal(
	    ex_time_parse(&us, NULL, "2026-07-15T12:00:00", &err), 0);
	ex_time_text(text, us);
	assert_string_equal(text, "2026-07-15T10:00:00.000000Z");
}

static void
what_is_no_time_is_refused_and_named(void **state)
{
	static const char *const bad[] = { "", "yesterday", "2026-1-31",
		"2026-01", "20260131", "2026-02-29", "2026-01-31T",
		"2026-01-31T09:30", "2026-01-31T09:30:60Z",
		"2026-01-31T09:30:00.", "2026-01-31T09:30:00.1234567890Z",
		"2026-01-31T09:30:00+0800", "2026-01-31T09:30:00+08",
		"2026-01-31T09:30:00+24:00", "2026-01-31T09:30:00+08:60",
		"2026-01-31T09:30:00Zz", "2026-01-31T09:30:00 Z", "2026-01-31Z",
		"1969-07-20", "1970-01-01T00:00:00+01:00",
		"9999-12-31T23:59:59-00:01", "2026-01-31T-9:30:00Z" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct ex_err err = EX_ERR_INIT;
		int64_t us = 42;

		print_message("  %s\n", bad[i]);
		assert_int_equal(ex_time_parse(&us, NULL, bad[i], &err), -1);
		assert_int_equal(err.code, EX_FORMAT);
		assert_non_null(strstr(err.text, bad[i]));
		assert_true(us == 42);
	}
}

static void
the_clocks_run(void **state)
{
	int64_t ticks = ex_ticks(), now = ex_now();

	(void)state;
	ex_sleep(-1);
	ex_sleep(0);
	ex_sleep(20000);
	assert_true(ex_ticks() - ticks >= 20000);
	assert_true(now > 1700000000 * EX_SECOND);
}

static int
taipei(void **state)
{
	(void)state;
	if (setenv("TZ", "CST-8", 1) != 0)
		return -1;
	tzset();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_canonical_form_goes_both_ways),
		cmocka_unit_test(times_out_of_range_are_the_nearest),
		cmocka_unit_test(other_forms_are_not_canonical),
		cmocka_unit_test_setup(
		    typed_times_are_read_with_or_without_offset, taipei),
		cmocka_unit_test(local_time_follows_the_season),
		cmocka_unit_test_setup(
		    what_is_no_time_is_refused_and_named, taipei),
		cmocka_unit_test(the_clocks_run),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
