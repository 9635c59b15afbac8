/*
 * test_err.c -- how failures are told: first one wins, one shown line.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/err.h"

static void
the_first_failure_wins(void **state)
{
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_int_equal(ex_fail(&err, EX_STATE, "item %d", 7), -1);
	assert_int_equal(ex_fail(&err, EX_DENIED, "later"), -1);
	errno = ENOENT;
	assert_int_equal(ex_fail_errno(&err, "later still"), -1);
	assert_int_equal(err.code, EX_STATE);
	assert_string_equal(err.text, "item 7");

	ex_err_clear(&err);
	assert_int_equal(err.code, EX_OK);
	assert_string_equal(err.text, "");
	assert_int_equal(ex_fail(&err, EX_DENIED, "now"), -1);
	assert_int_equal(err.code, EX_DENIED);
}

static void
errno_is_told_in_words(void **state)
{
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	errno = ENOSPC;
	assert_int_equal(ex_fail_errno(&err, "%s", "/disk"), -1);
	assert_int_equal(err.code, EX_SYSTEM);
	assert_string_equal(err.text, "/disk: No space left on device");
}

static void
the_way_up_is_told_in_front(void **state)
{
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	(void)ex_fail(&err, EX_ABSENT, "no such thing");
	assert_int_equal(ex_while(&err, "inner"), -1);
	assert_int_equal(ex_while(&err, "out\ner"), -1);
	assert_string_equal(err.text, "out\\x0aer: inner: no such thing");
	assert_int_equal(err.code, EX_ABSENT);
}

/* Whoever names a file can put an escape sequence into its name. */
static void
hostile_text_stays_one_line(void **state)
{
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	(void)ex_fail(&err, EX_FORMAT, "%s", "a\nb\033[2J\xff\xe2\x80\xae");
	assert_string_equal(err.text, "a\\x0ab\\x1b[2J\\xff\\u{202e}");
}

static void
long_text_is_cut_and_ended(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	char big[4 * EX_ERR_TEXT];

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	(void)ex_fail(&err, EX_FORMAT, "%s", big);
	assert_true(strlen(err.text) < EX_ERR_TEXT);
	for (int i = 0; i < 10; i++)
		(void)ex_while(&err, big);
	assert_true(strlen(err.text) < EX_ERR_TEXT);
	errno = EIO;
	ex_err_clear(&err);
	(void)ex_fail_errno(&err, "%s", big);
	assert_true(strlen(err.text) < EX_ERR_TEXT);
}

static void
no_record_is_accepted(void **state)
{
	(void)state;
	assert_int_equal(ex_fail(NULL, EX_STATE, "x"), -1);
	assert_int_equal(ex_fail_errno(NULL, "x"), -1);
	assert_int_equal(ex_while(NULL, "x"), -1);
	ex_err_clear(NULL);
}

static void
every_code_has_a_word_of_its_own(void **state)
{
	(void)state;
	for (unsigned a = 0; a < EX_CODES; a++)
		for (unsigned b = 0; b < a; b++)
			assert_string_not_equal(ex_code_text((enum ex_code)a),
			    ex_code_text((enum ex_code)b));
	assert_string_equal(ex_code_text(EX_PIN), "pin");
	assert_string_equal(ex_code_text(EX_CODES), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_failure_wins),
		cmocka_unit_test(errno_is_told_in_words),
		cmocka_unit_test(the_way_up_is_told_in_front),
		cmocka_unit_test(hostile_text_stays_one_line),
		cmocka_unit_test(long_text_is_cut_and_ended),
		cmocka_unit_test(no_record_is_accepted),
		cmocka_unit_test(every_code_has_a_word_of_its_own),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
