/*
 * given.h -- options as what is given for the fields of an act.
 */
#ifndef CLI_GIVEN_H
#define CLI_GIVEN_H

#include <stddef.h>

#include "base/err.h"
#include "cases/given.h"
#include "cases/item.h"
#include "cases/list.h"
#include "cli/cli.h"

/* Starts zeroed; owns its texts; released with cli_given_free(). */
struct cli_given {
	struct ex_given *given;
	char **own; /* what each of them points to */
	size_t n, cap;
};

/* Add a copy of a name, "-" in it as "_", and a value. */
int cli_given_add(struct cli_given *g, const char *name, const char *value,
    struct ex_err *err);

/* Every value of an option under a field's name; times in canonical form. */
int cli_given_option(struct cli_given *g, struct cli *cli, const char *option,
    const char *field, struct ex_err *err);
int cli_given_time(struct cli_given *g, struct cli *cli, const char *option,
    const char *field, struct ex_err *err);

void cli_given_free(struct cli_given *g);

/*
 * The items that a command names: arguments, --list FILE, --scan.  Starts
 * zeroed; released with cli_lines_free().
 */
struct cli_lines {
	struct ex_list list;
	struct cli_given *own; /* one a line, of a list */
	struct ex_line *line;
	size_t n;
};

/*
 * Take the items from argument first on, or from the one of --list and --scan
 * that is given.  A list's times are put in canonical form where the act has
 * a time of that name.
 */
int cli_lines_take(struct cli_lines *out, struct cli *cli, size_t first,
    const struct ex_act_def *def, struct ex_err *err);
void cli_lines_free(struct cli_lines *l);

/* --occurred, or 0: now. */
int cli_occurred(struct cli *cli, int64_t *out, struct ex_err *err);

/*
 * How an act ended: what was entered, for people, a line an entry with its
 * findings below.  Returns status, or -1 and says nothing when rc is -1.
 */
int cli_ended(struct cli *cli, int rc, int status);

#endif
