/*
 * output.h -- what a run writes: lines for people, or JSON for programs.
 *
 * With --json standard output holds one JSON object a line: status lines
 * while it runs, and the summary as the last.  Without, texts; what comes
 * from outside is shown escaped.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "cli/cli.h"

/* A line of text for people; nothing with --json or --quiet. */
void cli_line(struct cli *cli, const char *fmt, ...)
    __attribute__((__format__(__printf__, 2, 3)));

/* A text of several lines as it is: help, a note, a proof. */
void cli_text(struct cli *cli, const char *text);

/*
 * What a run found, as its summary; v is taken over, also on failure.  NULL
 * is a failure that err tells already.
 */
int cli_answer(struct cli *cli, struct ex_json *v, struct ex_err *err);

/* "name  value": one fact, the value shown escaped; NULL or "" as "-". */
void cli_fact(struct cli *cli, const char *name, const char *value);

/* The same of a value: texts as they are, anything else as JSON. */
void cli_show(struct cli *cli, const char *name, const struct ex_json *v);

/* Every member of an object as such lines, nested ones indented. */
void cli_facts(struct cli *cli, const struct ex_json *object);

/* An array of objects as a table of these members; NULL ends the list. */
void cli_table(
    struct cli *cli, const struct ex_json *rows, const char *const *column);

/*
 * How far it has come: done of total bytes (total 0: not known) in a phase
 * ("acquire").  A status line with --json; on a terminal a line that is
 * written over.
 */
void
cli_progress(struct cli *cli, const char *phase, uint64_t done, uint64_t total);

/* One line on standard error, or a status line of --json, while it goes on. */
void cli_notice(struct cli *cli, const char *line);

/* An error that does not end the run: one line on standard error. */
void cli_complain(const struct cli *cli, const struct ex_err *err);

/*
 * The end of a run: the summary with command and exit, or the members of the
 * summary as text when the command printed nothing itself; an error as one
 * line on standard error.  Returns the exit status for main(): CLI_FAILED
 * when what was to be written could not be.
 */
int cli_finish(struct cli *cli, int status, const struct ex_err *err);

#endif
