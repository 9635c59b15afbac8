/*
 * test_selftest.c -- the self-test passes what is right, and each line that
 * is led astray fails and says why.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/selftest_parts.h"

/* How what is below the lines lies. */
enum lie {
	HONEST,
	FORGETS_A_SECTOR,
	CALLS_IT_COMPLETE,
	WRONG_DIGEST,
	ALL_IS_WHOLE,
	NO_HEADER,
	ALWAYS_STABLE,
	TAKES_ANYTHING,
	TWICE_AS_LONG,
	FORGETS_THE_HEAD,
};

static enum lie lie;

int __real_ex_imaging_run(struct ex_imaging_outcome *out,
    const struct ex_imaging *job, struct ex_err *err);
int __wrap_ex_imaging_run(struct ex_imaging_outcome *out,
    const struct ex_imaging *job, struct ex_err *err);
int __real_ex_reading_verify(
    struct ex_verdict *out, const struct ex_reading *r, struct ex_err *err);
int __wrap_ex_reading_verify(
    struct ex_verdict *out, const struct ex_reading *r, struct ex_err *err);
int __real_ex_imaging_again(struct ex_imaging_second *out,
    const struct ex_imaging *job, const struct ex_imaging_outcome *first,
    struct ex_err *err);
int __wrap_ex_imaging_again(struct ex_imaging_second *out,
    const struct ex_imaging *job, const struct ex_imaging_outcome *first,
    struct ex_err *err);
int __wrap_ex_source_guard(const struct ex_source *s,
    const struct ex_source_avoid *avoid, struct ex_err *err);
int __real_ex_source_guard(const struct ex_source *s,
    const struct ex_source_avoid *avoid, struct ex_err *err);

int
__wrap_ex_imaging_run(struct ex_imaging_outcome *out,
    const struct ex_imaging *job, struct ex_err *err)
{
	int rc = __real_ex_imaging_run(out, job, err);

	if (rc == -1)
		return -1;
	if (lie == FORGETS_A_SECTOR && out->bad.n > 0 &&
	    out->bad.at[0].count > 1)
		out->bad.at[0].count--;
	if (lie == CALLS_IT_COMPLETE)
		out->result = EX_IMAGING_COMPLETE;
	if (lie == WRONG_DIGEST && out->ndigests > 0)
		out->digest[0].value[0] ^= 1;
	if (lie == FORGETS_THE_HEAD)
		out->read_again = 0;
	if (lie == TWICE_AS_LONG)
		out->bytes *= 2;
	return 0;
}

int
__wrap_ex_reading_verify(
    struct ex_verdict *out, const struct ex_reading *r, struct ex_err *err)
{
	int rc = __real_ex_reading_verify(out, r, err);

	if (rc == 0 && lie == ALL_IS_WHOLE)
		out->result = EX_READING_WHOLE;
	if (rc == 0 && lie == NO_HEADER)
		out->nheader = 0;
	return rc;
}

int
__wrap_ex_imaging_again(struct ex_imaging_second *out,
    const struct ex_imaging *job, const struct ex_imaging_outcome *first,
    struct ex_err *err)
{
	int rc = __real_ex_imaging_again(out, job, first, err);

	if (rc == 0 && lie == ALWAYS_STABLE)
		out->result = EX_SECOND_SAME;
	return rc;
}

int
__wrap_ex_source_guard(const struct ex_source *s,
    const struct ex_source_avoid *avoid, struct ex_err *err)
{
	return lie == TAKES_ANYTHING ? 0
				     : __real_ex_source_guard(s, avoid, err);
}

/* The result of one line. */
static void
result_of(char result[64], const char *line, int *status)
{
	const struct ex_self_test s = { .only = line, .no_trial = 1 };
	struct ex_err err = EX_ERR_INIT;
	struct ex_json *out = NULL;
	const struct ex_json *one;

	if (ex_self_test_run(&out, status, &s, &err) == -1)
		fail_msg("%s: %s", line, err.text);
	one = ex_json_at(ex_json_get(out, "lines"), 0);
	(void)snprintf(result, 64, "%.60s", ex_json_get_text(one, "result"));
	print_message(
	    "%s: %s: %s\n", line, result, ex_json_get_text(one, "text"));
	ex_json_free(out);
}

static void
a_line_that_is_led_astray_fails(void **state)
{
	static const struct {
		const char *line;
		enum lie lie;
	} cases[] = {
		{ "A-02", WRONG_DIGEST },
		{ "A-02", TWICE_AS_LONG },
		{ "A-09", FORGETS_A_SECTOR },
		{ "A-09", CALLS_IT_COMPLETE },
		{ "B-07", ALL_IS_WHOLE },
		{ "B-09", WRONG_DIGEST },
		{ "B-16", WRONG_DIGEST },
		{ "X-01", WRONG_DIGEST },
		{ "X-02", FORGETS_THE_HEAD },
		{ "X-07", NO_HEADER },
		{ "X-08", ALWAYS_STABLE },
		{ "X-09", CALLS_IT_COMPLETE },
		{ "X-10", TAKES_ANYTHING },
		{ "X-11", CALLS_IT_COMPLETE },
		{ "X-16", ALL_IS_WHOLE },
	};
	char result[64];
	int status;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (i == 0 || strcmp(cases[i].line, cases[i - 1].line) != 0) {
			lie = HONEST;
			result_of(result, cases[i].line, &status);
			assert_string_equal(result, "pass");
			assert_int_equal(status, 0);
		}
		lie = cases[i].lie;
		result_of(result, cases[i].line, &status);
		assert_string_equal(result, "fail");
		assert_int_equal(status, 1);
	}
	lie = HONEST;
}

static void
lines_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < ex_selftest_n; i++) {
		const struct ex_selftest_check *c = &ex_selftest_table[i];

		assert_int_equal(strlen(c->line), 4);
		assert_non_null(c->run);
		assert_true(strlen(c->en) > 8 && strlen(c->zh) > 8);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(
			    c->line, ex_selftest_table[k].line);
	}
}

static void
what_is_not_shown_is_not_passed(void **state)
{
	static const char *const lines[] = { "A-03", "B-23", "X-12", "X-13",
		"X-15" };
	char result[64];
	int status;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		result_of(result, lines[i], &status);
		assert_string_equal(result, "not_applicable_here");
		assert_int_equal(status, 0);
	}
	result_of(result, "H-01", &status);
	assert_string_equal(result, "not_validated_on_hardware");
}

static void
an_unknown_line_is_refused(void **state)
{
	const struct ex_self_test s = { .only = "Z-99", .no_trial = 1 };
	struct ex_err err = EX_ERR_INIT;
	struct ex_json *out = NULL;
	int status;

	(void)state;
	assert_int_equal(ex_self_test_run(&out, &status, &s, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	assert_null(out);
}

/* The programs that were built. */
static int
name_programs(void **state)
{
	const char *build = getenv("EXHIBIT_BUILD");
	char path[EX_PATH];

	(void)state;
	assert_non_null(build);
	(void)snprintf(path, sizeof(path), "%.4000s/bin", build);
	return setenv("EXHIBIT_BIN", path, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_told_apart),
		cmocka_unit_test(a_line_that_is_led_astray_fails),
		cmocka_unit_test(what_is_not_shown_is_not_passed),
		cmocka_unit_test(an_unknown_line_is_refused),
	};

	return cmocka_run_group_tests(tests, name_programs, NULL);
}
