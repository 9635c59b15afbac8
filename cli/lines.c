/*
 * lines.c -- the items that a command names.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/given.h"
#include "cli/output.h"
#include "cli/value.h"

/* The whole of a list's file, "-" for standard input. */
static int
read_input(struct ex_buf *out, const char *path, struct ex_err *err)
{
	if (strcmp(path, "-") == 0)
		return ex_fd_read_all(out, STDIN_FILENO, EX_LIST_FILE_MAX, err);
	return ex_file_read(out, path, EX_LIST_FILE_MAX, err);
}

static int
read_list(struct cli_lines *l, const char *path, int scan, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc;

	if ((rc = read_input(&text, path, err)) == 0)
		rc = scan ? ex_list_scan(&l->list, text.data, text.len, err)
			  : ex_list_read(&l->list, text.data, text.len, err);
	ex_buf_free(&text);
	if (rc == -1)
		return ex_while(err, scan		      ? "--scan"
				     : strcmp(path, "-") == 0 ? "--list -"
							      : path);
	return 0;
}

/* One cell, in the form that its field takes. */
static int
take_cell(struct cli_given *own, struct cli *cli, const struct ex_act_def *def,
    const char *column, const char *cell, struct ex_err *err)
{
	const struct ex_field *f = ex_act_field(def, column);
	char text[EX_TIME_TEXT];

	if (f != NULL && f->type == EX_FIELD_TIME) {
		if (cli_time_text(cli, text, cell, err) == -1)
			return -1;
		cell = text;
	}
	return cli_given_add(own, column, cell, err);
}

static int
take_row(struct cli_lines *l, struct cli *cli, const struct ex_act_def *def,
    size_t i, struct ex_err *err)
{
	const struct ex_list_row *row = &l->list.row[i];

	for (size_t c = 0; c < l->list.ncolumns; c++)
		if (row->cell[c] != NULL &&
		    take_cell(&l->own[i], cli, def, l->list.column[c],
			row->cell[c], err) == -1)
			return ex_while(err, row->item);
	l->line[i].item = row->item;
	l->line[i].given = l->own[i].given;
	l->line[i].n = l->own[i].n;
	return 0;
}

static int
take_list(struct cli_lines *l, struct cli *cli, const struct ex_act_def *def,
    struct ex_err *err)
{
	int scan = cli_flag(cli, "scan");

	if (scan && isatty(STDIN_FILENO) && !cli->json)
		cli_line(cli, "%s",
		    cli_say(cli,
			"Scan item and seal, one after the other; Ctrl-D "
			"ends it.",
			"依序掃描證物與封緘；以 Ctrl-D 結束。"));
	if (read_list(l, scan ? "-" : cli_option(cli, "list"), scan, err) == -1)
		return -1;
	l->n = l->list.nrows;
	l->own = calloc(l->n, sizeof(*l->own));
	l->line = calloc(l->n, sizeof(*l->line));
	if (l->own == NULL || l->line == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < l->n; i++)
		if (take_row(l, cli, def, i, err) == -1)
			return -1;
	return 0;
}

int
cli_lines_take(struct cli_lines *out, struct cli *cli, size_t first,
    const struct ex_act_def *def, struct ex_err *err)
{
	size_t named = cli->nargs > first ? cli->nargs - first : 0;
	int ways = (named > 0) + (cli_option(cli, "list") != NULL) +
		   cli_flag(cli, "scan");

	if (ways != 1)
		return ex_fail(err, EX_USAGE, "%s",
		    ways == 0 ? "which item?  Name it, or give --list FILE "
				"or --scan"
			      : "items come from one place: named, from "
				"--list, or from --scan");
	if (named == 0)
		return take_list(out, cli, def, err);
	out->line = calloc(named, sizeof(*out->line));
	if (out->line == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	out->n = named;
	for (size_t i = 0; i < named; i++)
		out->line[i].item = cli->arg[first + i];
	return 0;
}

void
cli_lines_free(struct cli_lines *l)
{
	if (l->own != NULL)
		for (size_t i = 0; i < l->n; i++)
			cli_given_free(&l->own[i]);
	free(l->own);
	free(l->line);
	ex_list_free(&l->list);
	memset(l, 0, sizeof(*l));
}
