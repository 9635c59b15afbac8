/*
 * cli.h -- one run of `exhibit`: what was asked, and what is answered.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stddef.h>

#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/command.h"

/* Exit statuses, as in exhibit(1). */
enum {
	CLI_OK = 0,
	CLI_FOUND = 1,	    /* evidence or log differs, a finding */
	CLI_FAILED = 2,	    /* could not do it */
	CLI_UNANCHORED = 3, /* consistent, compared with nothing outside */
	CLI_USAGE = 64	    /* the request makes no sense */
};

struct cli_value {
	const char *name;
	const char *value; /* NULL for a flag */
};

struct cli {
	const struct cli_command *command;
	const char **arg; /* what is no option; borrowed from argv */
	size_t nargs;
	struct cli_value *value; /* options as given, in order */
	size_t nvalues;

	char dir[EX_PATH]; /* data directory */
	int json;
	int quiet;
	int zh; /* 1: Traditional Chinese, 0: English */
	int help;

	struct ex_json *summary; /* object: the answer, for --json */
	int printed;		 /* the command wrote its own text */
};

/*
 * Take argv apart by the table.  EX_USAGE names what is wrong.  *cli starts
 * zeroed and is released with cli_free() whether it worked or not.
 */
int cli_parse(struct cli *cli, int argc, char **argv, struct ex_err *err);
void cli_free(struct cli *cli);

/* The last value of an option, or NULL. */
const char *cli_option(const struct cli *cli, const char *name);

/* The i-th value of a repeatable option, or NULL. */
const char *cli_option_at(const struct cli *cli, const char *name, size_t i);

/* Was the flag given?  1 or 0. */
int cli_flag(const struct cli *cli, const char *name);

/* The text in the language of this run. */
const char *cli_say(const struct cli *cli, const char *en, const char *zh);

/* Exit status for an error. */
int cli_exit_of(const struct ex_err *err);

#endif
