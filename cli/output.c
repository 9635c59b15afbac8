/*
 * output.c -- lines for people, JSON for programs.
 */
#include "cli/output.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

enum {
	SHOWN = 4096, /* bytes of one shown value */
	NAME_WIDTH = 16
};

static int
silent(const struct cli *cli)
{
	return cli->json || cli->quiet;
}

void
cli_line(struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	cli->printed = 1;
	if (silent(cli))
		return;
	va_start(ap, fmt);
	(void)vprintf(fmt, ap);
	va_end(ap);
	(void)putchar('\n');
}

void
cli_text(struct cli *cli, const char *text)
{
	cli->printed = 1;
	if (!silent(cli) && text != NULL)
		(void)fputs(text, stdout);
}

int
cli_answer(struct cli *cli, struct ex_json *v, struct ex_err *err)
{
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	ex_json_free(cli->summary);
	cli->summary = v;
	return 0;
}

/* Write text and then spaces up to width columns. */
static void
put_padded(const char *text, size_t width)
{
	size_t w = ex_text_width(text);

	(void)fputs(text, stdout);
	for (; w < width; w++)
		(void)putchar(' ');
}

void
cli_fact(struct cli *cli, const char *name, const char *value)
{
	char shown[SHOWN];

	cli->printed = 1;
	if (silent(cli))
		return;
	if (value == NULL || value[0] == '\0')
		value = "-";
	put_padded(name, NAME_WIDTH);
	(void)printf("  %s\n", ex_text_shown(shown, sizeof(shown), value));
}

/* A value on one line: texts as they are, anything else as JSON. */
static const char *
one_line(struct ex_buf *scratch, const struct ex_json *v)
{
	ex_buf_cut(scratch, 0);
	if (v == NULL)
		return "-";
	if (ex_json_is_string(v))
		return ex_json_text(v);
	if (ex_json_print(scratch, v, NULL) == -1)
		return "?";
	return ex_buf_text(scratch);
}

void
cli_show(struct cli *cli, const char *name, const struct ex_json *v)
{
	struct ex_buf scratch = EX_BUF_INIT;

	cli_fact(cli, name, one_line(&scratch, v));
	ex_buf_free(&scratch);
}

static int
put_member(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	struct ex_buf scratch = EX_BUF_INIT;
	struct cli *cli = arg;

	(void)err;
	if (ex_json_is_array(v) && ex_json_count(v) > 0 &&
	    !ex_json_is_integer(ex_json_at(v, 0))) {
		for (size_t i = 0; i < ex_json_count(v); i++)
			cli_fact(cli, i == 0 ? key : "",
			    one_line(&scratch, ex_json_at(v, i)));
	} else {
		cli_fact(cli, key, one_line(&scratch, v));
	}
	ex_buf_free(&scratch);
	return 0;
}

void
cli_facts(struct cli *cli, const struct ex_json *object)
{
	(void)ex_json_each(object, put_member, cli, NULL);
}

/* Width of the widest cell of a column, its heading included. */
static size_t
column_width(const struct ex_json *rows, const char *column)
{
	struct ex_buf scratch = EX_BUF_INIT;
	size_t widest = ex_text_width(column);

	for (size_t i = 0; i < ex_json_count(rows); i++) {
		char shown[SHOWN];
		size_t w;

		(void)ex_text_shown(shown, sizeof(shown),
		    one_line(
			&scratch, ex_json_get(ex_json_at(rows, i), column)));
		w = ex_text_width(shown);
		if (w > widest)
			widest = w;
	}
	ex_buf_free(&scratch);
	return widest;
}

static void
put_row(
    const struct ex_json *row, const char *const *column, const size_t *width)
{
	struct ex_buf scratch = EX_BUF_INIT;

	for (size_t c = 0; column[c] != NULL; c++) {
		char shown[SHOWN];
		const char *text = column[c];

		if (row != NULL)
			text = ex_text_shown(shown, sizeof(shown),
			    one_line(&scratch, ex_json_get(row, column[c])));
		if (column[c + 1] == NULL)
			(void)fputs(text, stdout);
		else
			put_padded(text, width[c] + 2);
	}
	(void)putchar('\n');
	ex_buf_free(&scratch);
}

void
cli_table(
    struct cli *cli, const struct ex_json *rows, const char *const *column)
{
	size_t width[16] = { 0 };

	cli->printed = 1;
	if (silent(cli))
		return;
	for (size_t c = 0; c < 16 && column[c] != NULL; c++)
		width[c] = column_width(rows, column[c]);
	put_row(NULL, column, width);
	for (size_t i = 0; i < ex_json_count(rows); i++)
		put_row(ex_json_at(rows, i), column, width);
}

/* One object as a line of JSON on standard output. */
static int
put_json(const struct ex_json *v)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	if (ex_json_print(&text, v, NULL) == 0 &&
	    puts(ex_buf_text(&text)) != EOF && fflush(stdout) == 0)
		rc = 0;
	ex_buf_free(&text);
	return rc;
}

static void
put_status(const char *phase, uint64_t done, uint64_t total)
{
	struct ex_json *v = ex_json_object();

	if (v != NULL && ex_json_set_text(v, "type", "status", NULL) == 0 &&
	    ex_json_set_text(v, "phase", phase, NULL) == 0 &&
	    ex_json_set_int(v, "bytes", (int64_t)done, NULL) == 0 &&
	    ex_json_set_int(v, "total", (int64_t)total, NULL) == 0)
		(void)put_json(v);
	ex_json_free(v);
}

void
cli_progress(struct cli *cli, const char *phase, uint64_t done, uint64_t total)
{
	static int64_t last;
	static char last_phase[32];
	int64_t now = ex_ticks();
	int ended = total != 0 && done >= total;

	/* Twice a second, the beginning of a phase and its end. */
	if (!ended && now - last < EX_SECOND / 2 &&
	    strcmp(last_phase, phase) == 0)
		return;
	last = now;
	(void)snprintf(last_phase, sizeof(last_phase), "%s", phase);
	if (cli->json) {
		put_status(phase, done, total);
		return;
	}
	if (cli->quiet || !isatty(STDERR_FILENO))
		return;
	(void)fprintf(stderr,
	    "\r%s  %" PRIu64 " of %" PRIu64 " MiB  %" PRIu64 " %%   %s", phase,
	    done >> 20, total >> 20,
	    total == 0 ? 0 : (done >> 10) * 100 / ((total >> 10) + 1),
	    ended ? "\n" : "");
}

void
cli_notice(struct cli *cli, const char *line)
{
	struct ex_json *v;

	if (!cli->json) {
		(void)fprintf(stderr, "%sexhibit: %s\n",
		    isatty(STDERR_FILENO) ? "\n" : "", line);
		return;
	}
	v = ex_json_object();
	if (v != NULL && ex_json_set_text(v, "type", "status", NULL) == 0 &&
	    ex_json_set_text(v, "notice", line, NULL) == 0)
		(void)put_json(v);
	ex_json_free(v);
}

/* The summary's own members, without what only programs read. */
static void
put_summary_text(struct cli *cli)
{
	if (!cli->printed && ex_json_count(cli->summary) > 0)
		cli_facts(cli, cli->summary);
}

static int
put_summary_json(struct cli *cli, int status, const struct ex_err *err)
{
	struct ex_json *s = cli->summary;
	const char *name = cli->command == NULL ? "" : cli->command->name;

	if (s == NULL || ex_json_set_text(s, "type", "summary", NULL) == -1 ||
	    ex_json_set_text(s, "command", name, NULL) == -1 ||
	    ex_json_set_int(s, "exit", status, NULL) == -1)
		return -1;
	if (err->code != EX_OK) {
		struct ex_json *e = ex_json_object();

		if (ex_json_set_text(
			e, "code", ex_code_text(err->code), NULL) == -1 ||
		    ex_json_set_text(e, "message", err->text, NULL) == -1) {
			ex_json_free(e);
			return -1;
		}
		if (ex_json_set(s, "error", e, NULL) == -1)
			return -1;
	}
	return put_json(s);
}

void
cli_complain(const struct cli *cli, const struct ex_err *err)
{
	(void)fprintf(stderr, "exhibit%s%s: %s\n",
	    cli->command == NULL ? "" : " ",
	    cli->command == NULL ? "" : cli->command->name, err->text);
}

int
cli_finish(struct cli *cli, int status, const struct ex_err *err)
{
	int rc = 0;

	if (err->code != EX_OK)
		cli_complain(cli, err);
	if (cli->json)
		rc = put_summary_json(cli, status, err);
	else if (err->code == EX_OK)
		put_summary_text(cli);
	if (fflush(stdout) != 0 || ferror(stdout))
		rc = -1;
	if (rc == -1 && status == CLI_OK)
		return CLI_FAILED;
	return status;
}
