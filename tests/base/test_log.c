/*
 * test_log.c -- the operator's log: one shown line an event, by level.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static int saved = -1;
static FILE *caught;

static void
catch_stderr(void)
{
	caught = tmpfile();
	assert_non_null(caught);
	(void)fflush(stderr);
	saved = dup(STDERR_FILENO);
	assert_true(saved >= 0);
	assert_true(dup2(fileno(caught), STDERR_FILENO) >= 0);
}

/* Put standard error back; what was written there. */
static void
release_stderr(char *out, size_t size)
{
	ssize_t n;

	(void)fflush(stderr);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	(void)close(saved);
	n = pread(fileno(caught), out, size - 1, 0);
	assert_true(n >= 0);
	out[n] = '\0';
	assert_int_equal(fclose(caught), 0);
}

static void
lines_below_the_level_are_dropped(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	char out[1024];

	(void)state;
	(void)ex_fail(&err, EX_STATE, "it went wrong");
	catch_stderr();
	ex_log(EX_INFO, "base", "unseen");
	ex_log(EX_WARN, "base", "seen %d", 1);
	ex_log_level(EX_DEBUG);
	ex_log(EX_DEBUG, "base", "seen too");
	ex_log_level(EX_ERROR);
	ex_log(EX_WARN, "base", "unseen");
	ex_log_err("db", &err);
	ex_log_level(EX_WARN);
	release_stderr(out, sizeof(out));
	assert_string_equal(out, "warn  base  seen 1\ndebug  base  seen too\n"
				 "error  db  it went wrong\n");
}

static void
an_event_is_one_line_of_harmless_text(void **state)
{
	char out[4096], big[3000];

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	catch_stderr();
	ex_log(EX_ERROR, "base", "%s", "a\nerror  base  forged\033[2J");
	ex_log(EX_ERROR, "base", "%s", big);
	release_stderr(out, sizeof(out));
	assert_ptr_equal(
	    strstr(out, "error  base  a\\x0aerror  base  forged\\x1b[2J\n"),
	    out);
	assert_ptr_equal(
	    strchr(strchr(out, '\n') + 1, '\n'), &out[strlen(out) - 1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_below_the_level_are_dropped),
		cmocka_unit_test(an_event_is_one_line_of_harmless_text),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
