/*
 * given.c -- options as fields of an act, and what came of it.
 */
#include "cli/given.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cases/continuity.h"
#include "cli/output.h"
#include "cli/value.h"
#include "custody/state.h"

static int
room(struct cli_given *g, struct ex_err *err)
{
	size_t cap = g->cap == 0 ? 16 : g->cap * 2;
	struct ex_given *more;
	char **own;

	if (g->n < g->cap)
		return 0;
	if ((more = realloc(g->given, cap * sizeof(*more))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	g->given = more;
	if ((own = realloc(g->own, cap * sizeof(*own))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	g->own = own;
	g->cap = cap;
	return 0;
}

/* Name and value in one allocation, at the name. */
int
cli_given_add(struct cli_given *g, const char *name, const char *value,
    struct ex_err *err)
{
	size_t n = strlen(name) + 1, nvalue = strlen(value) + 1;
	char *both;

	if (room(g, err) == -1)
		return -1;
	if ((both = malloc(n + nvalue)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	memcpy(both, name, n);
	memcpy(&both[n], value, nvalue);
	for (size_t i = 0; i < n; i++)
		if (both[i] == '-')
			both[i] = '_';
	g->own[g->n] = both;
	g->given[g->n].name = both;
	g->given[g->n].value = &both[n];
	g->n++;
	return 0;
}

void
cli_given_free(struct cli_given *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->own[i]);
	free(g->own);
	free(g->given);
	memset(g, 0, sizeof(*g));
}

int
cli_given_option(struct cli_given *g, struct cli *cli, const char *option,
    const char *field, struct ex_err *err)
{
	const char *value;

	for (size_t i = 0; (value = cli_option_at(cli, option, i)) != NULL; i++)
		if (cli_given_add(g, field, value, err) == -1)
			return -1;
	return 0;
}

int
cli_given_time(struct cli_given *g, struct cli *cli, const char *option,
    const char *field, struct ex_err *err)
{
	const char *value = cli_option(cli, option);
	char text[EX_TIME_TEXT];

	if (value == NULL)
		return 0;
	if (cli_time_text(cli, text, value, err) == -1)
		return ex_while(err, option);
	return cli_given_add(g, field, text, err);
}

int
cli_occurred(struct cli *cli, int64_t *out, struct ex_err *err)
{
	const char *value = cli_option(cli, "occurred");

	*out = 0;
	if (value == NULL)
		return 0;
	return cli_time(cli, out, value, err) == -1
		   ? ex_while(err, "--occurred")
		   : 0;
}

static void
show_findings(struct cli *cli, const struct ex_json *list)
{
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *f = ex_json_at(list, i);
		const char *code = ex_json_get_text(f, "code");
		const char *text = ex_json_get_text(f, "text");

		if (cli->zh && code != NULL)
			cli_line(cli, "    發現：%s（%s）",
			    ex_finding_title(code, 1),
			    text == NULL ? "" : text);
		else
			cli_line(
			    cli, "    finding: %s", text == NULL ? "" : text);
	}
}

static void
show_event(struct cli *cli, const struct ex_json *e)
{
	const char *what = ex_json_get_text(e, "item");
	const char *leaf = ex_json_get_text(e, "leaf");
	const char *name = ex_json_get_text(e, "state");
	enum ex_state state;

	if (what == NULL)
		what = ex_json_get_text(e, "stream");
	if (name == NULL || ex_state_parse(&state, name, NULL) == -1)
		name = NULL;
	else
		name = ex_state_title(state, cli->zh);
	cli_line(cli,
	    cli->zh ? "%s 第 %" PRId64 " 筆，已入日誌：%.16s%s%s"
		    : "%s entry %" PRId64 ", in the log as %.16s%s%s",
	    what == NULL ? "-" : what, ex_json_get_int(e, "seq", 0),
	    leaf == NULL ? "-" : leaf,
	    name == NULL ? ""
	    : cli->zh	 ? "；現況："
			 : "; now: ",
	    name == NULL ? "" : name);
	show_findings(cli, ex_json_get(e, "findings"));
}

int
cli_ended(struct cli *cli, int rc, int status)
{
	const struct ex_json *events = ex_json_get(cli->summary, "events");

	if (rc == -1)
		return -1;
	for (size_t i = 0; i < ex_json_count(events); i++)
		show_event(cli, ex_json_at(events, i));
	if (ex_json_count(events) == 0)
		cli_facts(cli, cli->summary);
	return status;
}
