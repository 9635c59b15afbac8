/*
 * command.h -- the commands of `exhibit` as data.
 *
 * One table (cli/table.c, from cli/table_*.c) says which commands there are, which arguments and
 * options each takes and what runs it.  Parsing, help, man pages and the
 * tests that compare them read this table and nothing else.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stddef.h>

#include "base/err.h"

struct cli;

/* What a person reads, in both languages. */
struct cli_text {
	const char *en;
	const char *zh;
};

struct cli_option {
	const char *name;     /* "title", without dashes */
	const char *arg;      /* "TEXT"; NULL for a flag */
	const char *fallback; /* printed as the default, or NULL */
	int required;
	int repeat; /* may be given several times */
	struct cli_text help;
};

struct cli_command {
	const char *name; /* "case open": one or two words */
	const char *args; /* "NUMBER", as in the synopsis; "" for none */
	size_t min_args;
	size_t max_args; /* CLI_MANY: no limit */
	const struct cli_option *option;
	size_t noptions;
	int acts; /* takes the fields of an act (custody/act.h) as options */
	/*
	 * Returns an exit status, or -1 with err.  Writes to stdout only
	 * through cli/output.h.
	 */
	int (*run)(struct cli *cli, struct ex_err *err);
	struct cli_text help;
};

#define CLI_MANY ((size_t)-1)

/* Commands that a chapter of the manual shows together. */
struct cli_group {
	struct cli_text title;
	const struct cli_command *command;
	size_t n;
};

/* The whole table: cli_groups() puts the files' tables in one order. */
const struct cli_group *cli_groups(size_t *n);
extern const struct cli_group cli_group_house;
extern const struct cli_group cli_group_people;
extern const struct cli_group cli_group_cases;
extern const struct cli_group cli_group_search;
extern const struct cli_group cli_group_media;
extern const struct cli_group cli_group_log;
extern const struct cli_group cli_group_out;

/* Options that every command takes. */
const struct cli_option *cli_globals(size_t *n);

/*
 * The command that the words name; *used is how many of them.  NULL: none.
 */
const struct cli_command *
cli_command_find(const char *const *word, size_t n, size_t *used);

/* Are there commands of two words that begin with this one?  1 or 0. */
int cli_topic(const char *word);

#endif
