/*
 * The command line is taken apart by the table, and what is wrong is named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/cli.h"

enum {
	WORDS = 24
};

/* A line of words as a writable argv. */
struct line {
	char text[512];
	char *argv[WORDS];
	int argc;
};

static void
split(struct line *l, const char *text)
{
	char *save = NULL;

	(void)snprintf(l->text, sizeof(l->text), "%s", text);
	l->argc = 0;
	for (char *w = strtok_r(l->text, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save)) {
		assert_in_range(l->argc, 0, WORDS - 2);
		l->argv[l->argc++] = w;
	}
	l->argv[l->argc] = NULL;
}

static const struct {
	const char *line;
	const char *text; /* in the message */
} refused[] = {
	{ "exhibit", "no command" },
	{ "exhibit fly", "no command \"fly\"" },
	{ "exhibit case", "no command \"case\"" },
	{ "exhibit case fly", "no command \"case fly\"" },
	{ "exhibit -x status", "unknown option -x" },
	{ "exhibit --fly status", "unknown option --fly" },
	{ "exhibit status --fly", "unknown option --fly" },
	{ "exhibit status -C", "-C needs a value" },
	{ "exhibit status --as", "--as needs a value" },
	{ "exhibit status --json=1", "--json takes no value" },
	{ "exhibit status EXH-1", "too many arguments" },
	{ "exhibit item show", "too few arguments" },
	{ "exhibit case open N", "--title TEXT is missing" },
	{ "exhibit status --as a --as b", "--as is given twice" },
	{ "exhibit --lang fr status", "--lang is zh-TW or en" },
	{ "exhibit custody store EXH-1 --fly 1", "unknown option --fly" },
	{ "exhibit custody fly EXH-1 --tracking 1",
	    "unknown option --tracking" },
	{ "exhibit --title t case open N", "unknown option --title" },
};

static void
what_is_wrong_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct cli cli = { 0 };
		struct line l;

		print_message("  %s\n", refused[i].line);
		split(&l, refused[i].line);
		assert_int_equal(cli_parse(&cli, l.argc, l.argv, &err), -1);
		assert_int_equal(err.code, EX_USAGE);
		assert_int_equal(cli_exit_of(&err), CLI_USAGE);
		assert_non_null(strstr(err.text, refused[i].text));
		cli_free(&cli);
	}
}

static void
options_stand_on_either_side(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct cli cli = { 0 };
	struct line l;

	(void)state;
	split(&l, "exhibit -C /a --json custody receive EXH-1 --seal=S-1 EXH-2 "
		  "--as k --with=m --lang zh-TW -- --odd");
	assert_int_equal(cli_parse(&cli, l.argc, l.argv, &err), 0);
	assert_string_equal(cli.command->name, "custody");
	assert_string_equal(cli.dir, "/a");
	assert_int_equal(cli.json, 1);
	assert_int_equal(cli.zh, 1);
	assert_int_equal(cli.nargs, 4);
	assert_string_equal(cli.arg[0], "receive");
	assert_string_equal(cli.arg[2], "EXH-2");
	assert_string_equal(cli.arg[3], "--odd");
	assert_string_equal(cli_option(&cli, "seal"), "S-1");
	assert_string_equal(cli_option(&cli, "as"), "k");
	assert_string_equal(cli_option_at(&cli, "with", 0), "m");
	assert_null(cli_option_at(&cli, "with", 1));
	assert_null(cli_option(&cli, "party"));
	cli_free(&cli);
}

static void
repeatable_options_keep_their_order(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct cli cli = { 0 };
	struct line l;

	(void)state;
	split(&l, "exhibit case open N --title t --offence A --offence B "
		  "-C /a");
	assert_int_equal(cli_parse(&cli, l.argc, l.argv, &err), 0);
	assert_string_equal(cli_option_at(&cli, "offence", 0), "A");
	assert_string_equal(cli_option_at(&cli, "offence", 1), "B");
	assert_null(cli_option_at(&cli, "offence", 2));
	cli_free(&cli);
}

static void
the_directory_has_an_order_of_sources(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct cli cli = { 0 };
	struct line l;

	(void)state;
	assert_int_equal(setenv("HOME", "/home/somebody", 1), 0);
	assert_int_equal(unsetenv("EXHIBIT_DATA"), 0);
	split(&l, "exhibit status");
	assert_int_equal(cli_parse(&cli, l.argc, l.argv, &err), 0);
	assert_string_equal(cli.dir, "/home/somebody/.local/share/exhibit");
	cli_free(&cli);
	assert_int_equal(setenv("EXHIBIT_DATA", "/b", 1), 0);
	split(&l, "exhibit status");
	assert_int_equal(cli_parse(&cli, l.argc, l.argv, &err), 0);
	assert_string_equal(cli.dir, "/b");
	cli_free(&cli);
	split(&l, "exhibit status -C /c");
	assert_int_equal(cli_parse(&cli, l.argc, l.argv, &err), 0);
	assert_string_equal(cli.dir, "/c");
	cli_free(&cli);
	assert_int_equal(chdir("/tmp"), 0);
	split(&l, "exhibit status -C d");
	assert_int_equal(cli_parse(&cli, l.argc, l.argv, &err), 0);
	assert_string_equal(cli.dir, "/tmp/d");
	cli_free(&cli);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(options_stand_on_either_side),
		cmocka_unit_test(repeatable_options_keep_their_order),
		cmocka_unit_test(the_directory_has_an_order_of_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
