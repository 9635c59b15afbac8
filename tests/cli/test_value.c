/*
 * Times, numbers and sizes as people type them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "cli/value.h"

/* A run with one option. */
static struct cli_value only;

static struct cli
run_with(const char *option, const char *value)
{
	struct cli cli = { 0 };

	only.name = option;
	only.value = value;
	cli.value = &only;
	cli.nvalues = 1;
	cli.quiet = 1;
	return cli;
}

static const struct {
	const char *text;
	uint64_t want;
	int ok;
} sizes[] = {
	{ "0", 0, 1 },
	{ "512", 512, 1 },
	{ "1KiB", 1024, 1 },
	{ "1500MiB", UINT64_C(1572864000), 1 },
	{ "2GiB", UINT64_C(2147483648), 1 },
	{ "1TiB", UINT64_C(1099511627776), 1 },
	{ "9223372036854775807", INT64_MAX, 1 },
	{ "9223372036854775808", 0, 0 },
	{ "8388608TiB", 0, 0 },
	{ "", 0, 0 },
	{ "MiB", 0, 0 },
	{ "-1", 0, 0 },
	{ "+1", 0, 0 },
	{ " 1", 0, 0 },
	{ "1 MiB", 0, 0 },
	{ "1MB", 0, 0 },
	{ "1M", 0, 0 },
	{ "0x10", 0, 0 },
	{ "1.5GiB", 0, 0 },
	{ "99999999999999999999999999", 0, 0 },
};

static void
sizes_are_read_or_refused_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct cli cli = run_with("segment-size", sizes[i].text);
		struct ex_err err = EX_ERR_INIT;
		uint64_t n = 77;

		print_message("  \"%s\"\n", sizes[i].text);
		assert_int_equal(cli_size(&cli, &n, "segment-size", &err),
		    sizes[i].ok ? 0 : -1);
		if (sizes[i].ok) {
			assert_true(n == sizes[i].want);
			continue;
		}
		assert_true(n == 77);
		assert_int_equal(err.code, EX_USAGE);
		assert_non_null(strstr(err.text, "--segment-size"));
	}
}

static const struct {
	const char *text;
	uint64_t max;
	int ok;
} numbers[] = {
	{ "0", 10, 1 },
	{ "10", 10, 1 },
	{ "11", 10, 0 },
	{ "1KiB", 4096, 0 },
	{ "ten", 10, 0 },
	{ "", 10, 0 },
};

static void
numbers_have_a_limit_and_no_unit(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct cli cli = run_with("retries", numbers[i].text);
		struct ex_err err = EX_ERR_INIT;
		uint64_t n = 0;

		print_message("  \"%s\"\n", numbers[i].text);
		assert_int_equal(
		    cli_number(&cli, &n, "retries", numbers[i].max, &err),
		    numbers[i].ok ? 0 : -1);
		if (!numbers[i].ok) {
			assert_int_equal(err.code, EX_USAGE);
			assert_non_null(strstr(err.text, "--retries"));
		}
	}
}

static void
what_is_not_given_stays(void **state)
{
	struct cli cli = run_with("retries", "3");
	struct ex_err err = EX_ERR_INIT;
	uint64_t n = 77;

	(void)state;
	assert_int_equal(cli_size(&cli, &n, "offset", &err), 0);
	assert_int_equal(cli_number(&cli, &n, "threads", 9, &err), 0);
	assert_true(n == 77);
}

static const struct {
	const char *text;
	const char *want; /* NULL: refused */
	int json;
} times[] = {
	{ "2026-03-01T14:00:00+08:00", "2026-03-01T06:00:00.000000Z", 0 },
	{ "2026-03-01T14:00:00+08:00", "2026-03-01T06:00:00.000000Z", 1 },
	{ "2026-03-01T06:00:00Z", "2026-03-01T06:00:00.000000Z", 1 },
	{ "2026-03-01T14:00:00", "2026-03-01T06:00:00.000000Z", 0 },
	{ "2026-03-01T14:00:00", NULL, 1 },
	{ "2026-03-01", "2026-02-28T16:00:00.000000Z", 0 },
	{ "2026-03-01", NULL, 1 },
	{ "yesterday", NULL, 0 },
	{ "2026-02-30T00:00:00Z", NULL, 0 },
};

static void
times_without_offset_are_local_and_none_in_json(void **state)
{
	(void)state;
	assert_int_equal(setenv("TZ", "Asia/Taipei", 1), 0);
	tzset();
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct cli cli = run_with("occurred", times[i].text);
		struct ex_err err = EX_ERR_INIT;
		char utc[EX_TIME_TEXT];

		print_message(
		    "  %s%s\n", times[i].text, times[i].json ? " --json" : "");
		cli.json = times[i].json;
		if (times[i].want == NULL) {
			assert_int_equal(
			    cli_time_text(&cli, utc, times[i].text, &err), -1);
			assert_int_equal(err.code, EX_USAGE);
			continue;
		}
		assert_int_equal(
		    cli_time_text(&cli, utc, times[i].text, &err), 0);
		assert_string_equal(utc, times[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_read_or_refused_by_name),
		cmocka_unit_test(numbers_have_a_limit_and_no_unit),
		cmocka_unit_test(what_is_not_given_stays),
		cmocka_unit_test(
		    times_without_offset_are_local_and_none_in_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
