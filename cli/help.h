/*
 * help.h -- help texts and the manual, written from the table of commands.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/buf.h"
#include "base/err.h"
#include "cli/command.h"

/* All commands, one line each. */
int cli_help_all(struct ex_buf *out, int zh, struct ex_err *err);

/* One command with its options; acts too with their fields. */
int cli_help_command(struct ex_buf *out, const struct cli_command *c, int zh,
    struct ex_err *err);

/* The commands that begin with a word: "case", "item".  EX_USAGE: none. */
int cli_help_topic(
    struct ex_buf *out, const char *word, int zh, struct ex_err *err);

/* An act of custody by its verb: what it asks for.  EX_USAGE: none such. */
int
cli_help_act(struct ex_buf *out, const char *verb, int zh, struct ex_err *err);

/* exhibit(1) as mdoc. */
int cli_manual(struct ex_buf *out, struct ex_err *err);

#endif
