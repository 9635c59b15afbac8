/*
 * run_case.c -- cases: opened, authorised, granted, closed, looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "cases/case.h"
#include "cases/house.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/given.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "cli/value.h"

static int
check_has_authority(size_t n, const char *option, struct ex_err *err)
{
	if (n > 0)
		return 0;
	return ex_fail(
	    err, EX_USAGE, "--%s stands behind its --authority", option);
}

/* Authorities in the order they are typed, each with the times behind it. */
struct typed {
	struct ex_authority *authority;
	char (*time)[2][EX_TIME_TEXT];
	size_t n;
};

/* A time of the authority typed last. */
static int
take_time(struct cli *cli, struct typed *t, const struct cli_value *v,
    int until, struct ex_err *err)
{
	struct ex_authority *a;
	const char **at;
	char *text;

	if (check_has_authority(t->n, v->name, err) == -1)
		return -1;
	a = &t->authority[t->n - 1];
	at = until ? &a->until : &a->from;
	text = t->time[t->n - 1][until];
	if (*at != NULL)
		return ex_fail(err, EX_USAGE, "--%s is given twice", v->name);
	if (cli_time_text(cli, text, v->value, err) == -1)
		return ex_while(err, v->name);
	*at = text;
	return 0;
}

static int
take_authorities(struct cli *cli, struct typed *t, struct ex_err *err)
{
	t->authority = calloc(cli->nvalues + 1, sizeof(*t->authority));
	t->time = calloc(cli->nvalues + 1, sizeof(*t->time));
	if (t->authority == NULL || t->time == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < cli->nvalues; i++) {
		const struct cli_value *v = &cli->value[i];

		if (strcmp(v->name, "authority") == 0)
			t->authority[t->n++].name = v->value;
		else if (strcmp(v->name, "authority-from") == 0 &&
			 take_time(cli, t, v, 0, err) == -1)
			return -1;
		else if (strcmp(v->name, "authority-until") == 0 &&
			 take_time(cli, t, v, 1, err) == -1)
			return -1;
	}
	return 0;
}

/* Each line of a text file is a paragraph; empty ones are left out. */
static int
take_summary(struct cli_given *g, const char *path, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char *line, *end;
	int rc;

	if (path == NULL)
		return 0;
	if ((rc = ex_file_read(&text, path, EX_TEXT_FILE_MAX, err)) == 0 &&
	    memchr(text.data == NULL ? (const void *)"" : text.data, '\0',
		text.len) != NULL)
		rc = ex_fail(err, EX_FORMAT, "%s: no text", path);
	line = rc == 0 ? ex_buf_take_text(&text) : NULL;
	for (char *next = line; rc == 0 && next != NULL && *next != '\0';) {
		end = strchr(next, '\n');
		if (end != NULL)
			*end = '\0';
		next[strcspn(next, "\r")] = '\0';
		if (*next != '\0')
			rc = cli_given_add(g, "summary", next, err);
		next = end == NULL ? NULL : end + 1;
	}
	free(line);
	ex_buf_free(&text);
	return rc;
}

static int
take_open(struct cli_given *g, struct cli *cli, struct ex_err *err)
{
	static const char *const option[][2] = {
		{ "title", "title" },
		{ "form", "form" },
		{ "level", "level" },
		{ "tlp", "tlp" },
		{ "sector", "sector" },
		{ "offence", "offences" },
		{ "prosecutor", "prosecutor" },
		{ "other-number", "other_number" },
	};

	for (size_t i = 0; i < sizeof(option) / sizeof(option[0]); i++)
		if (cli_given_option(g, cli, option[i][0], option[i][1], err) ==
		    -1)
			return -1;
	return take_summary(g, cli_option(cli, "summary-file"), err);
}

static int
open_case(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct typed t = { NULL, NULL, 0 };
	struct cli_given g = { 0 };
	int status = 0, rc = -1;

	if (take_authorities(cli, &t, err) == 0 && take_open(&g, cli, err) == 0)
		rc = ex_case_open(cli->summary, &status, h, cli->arg[0],
		    g.given, g.n, t.authority, t.n, err);
	free(t.authority);
	free(t.time);
	cli_given_free(&g);
	return cli_ended(cli, rc, status);
}

int
cli_run_case_open(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, open_case, err);
}

static int
authorize(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_authority a = { cli->arg[1], NULL, NULL };
	struct cli_given g = { 0 }, times = { 0 };
	int status = 0, rc = -1;

	if (cli_given_time(&times, cli, "from", "from", err) == 0 &&
	    cli_given_time(&times, cli, "until", "until", err) == 0 &&
	    cli_given_option(&g, cli, "scope", "scope", err) == 0 &&
	    cli_given_option(&g, cli, "issuer", "issuer", err) == 0) {
		a.from = ex_given_get(times.given, times.n, "from");
		a.until = ex_given_get(times.given, times.n, "until");
		rc = ex_case_authorize(cli->summary, &status, h, cli->arg[0],
		    &a, g.given, g.n, cli_option(cli, "document"), err);
	}
	cli_given_free(&g);
	cli_given_free(&times);
	return cli_ended(cli, rc, status);
}

int
cli_run_case_authorize(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, authorize, err);
}

/* An act of a case with what is given for it. */
static int
enter(struct cli *cli, struct ex_house *h, enum ex_act act,
    const struct cli_given *g, struct ex_err *err)
{
	int status = 0, rc;

	rc = ex_case_do(
	    cli->summary, &status, h, act, cli->arg[0], g->given, g->n, err);
	return cli_ended(cli, rc, status);
}

static int
close_case(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct cli_given none = { 0 };

	return enter(cli, h, EX_ACT_CASE_CLOSE, &none, err);
}

int
cli_run_case_close(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, close_case, err);
}

static int
seal_case(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct cli_given none = { 0 };

	return enter(cli, h, EX_ACT_CASE_SEAL, &none, err);
}

int
cli_run_case_seal(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, seal_case, err);
}

static int
authorize_end(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	const char *number = cli->arg[1], *colon = strchr(number, ':');
	struct cli_given g = { 0 };
	int status = -1;

	/* As it was entered, or its number alone. */
	if (colon != NULL && (strncmp(number, "warrant:", 8) == 0 ||
				 strncmp(number, "consent:", 8) == 0 ||
				 strncmp(number, "order:", 6) == 0))
		number = colon + 1;
	if (cli_given_add(&g, "number", number, err) == 0)
		status = enter(cli, h, EX_ACT_AUTHORIZE_END, &g, err);
	cli_given_free(&g);
	return status;
}

int
cli_run_case_authorize_end(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, authorize_end, err);
}

static int
change(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct cli_given g = { 0 };
	int status = -1;

	if (take_open(&g, cli, err) == -1)
		goto out;
	if (g.n == 0)
		(void)ex_fail(err, EX_USAGE,
		    "what is to change?  Try \"exhibit help case change\"");
	else
		status = enter(cli, h, EX_ACT_CASE_CHANGE, &g, err);
out:
	cli_given_free(&g);
	return status;
}

int
cli_run_case_change(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, change, err);
}

static int
link_case(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct cli_given g = { 0 };
	struct ex_json *other = NULL;
	const char *number;
	int status = -1;

	/* The one that it names is one that this person may see. */
	if (ex_case_number(&number, cli->arg[1], err) == 0 &&
	    ex_case_show(&other, h, number, err) == 0 &&
	    cli_given_add(&g, "other", number, err) == 0)
		status = enter(cli, h, EX_ACT_LINK_CASE, &g, err);
	ex_json_free(other);
	cli_given_free(&g);
	return status;
}

int
cli_run_case_link(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, link_case, err);
}

static int
assign(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct cli_given g = { 0 };
	int status = -1;

	if (cli_given_add(&g, "examiner", cli->arg[1], err) == 0 &&
	    cli_given_option(&g, cli, "item", "items", err) == 0)
		status = enter(cli, h, EX_ACT_ASSIGN, &g, err);
	cli_given_free(&g);
	return status;
}

int
cli_run_case_assign(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, assign, err);
}

static int
grant(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	int end = cli_flag(cli, "end");
	struct cli_given g = { 0 };
	int status = -1;

	if (end && cli_option(cli, "until") != NULL)
		return ex_fail(
		    err, EX_USAGE, "--until goes with a grant, not its --end");
	if (cli_given_option(&g, cli, "to", "to", err) == 0 &&
	    cli_given_time(&g, cli, "until", "until", err) == 0)
		status = enter(cli, h,
		    end ? EX_ACT_ACCESS_END : EX_ACT_ACCESS_GRANT, &g, err);
	cli_given_free(&g);
	return status;
}

int
cli_run_case_grant(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, grant, err);
}

static const struct {
	const char *member, *en, *zh;
} shown[] = {
	{ "case", "case", "案號" },
	{ "title", "title", "案由" },
	{ "status", "status", "狀態" },
	{ "sealed", "sealed", "限閱" },
	{ "form", "form", "類別" },
	{ "level", "level", "等級" },
	{ "tlp", "TLP", "TLP" },
	{ "sector", "sector", "領域" },
	{ "offences", "offences", "罪名" },
	{ "opened", "opened", "立案時間" },
	{ "org", "organisation", "機關" },
	{ "opener", "opened by", "立案人" },
	{ "prosecutor", "prosecutor", "檢察官" },
	{ "other_number", "other numbers", "他機關案號" },
	{ "summary", "summary", "摘要" },
};

static int
show(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const authority[] = { "number", "kind", "from",
		"until", "valid", NULL };
	static const char *const granted[] = { "to", "until", NULL };
	static const char *const item[] = { "item", "state", NULL };
	struct ex_json *v = NULL;

	if (ex_case_show(&v, h, cli->arg[0], err) == -1 ||
	    cli_answer(cli, v, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (ex_json_get(v, shown[i].member) != NULL)
			cli_show(cli, cli_say(cli, shown[i].en, shown[i].zh),
			    ex_json_get(v, shown[i].member));
	cli_line(cli, "\n%s", cli_say(cli, "Authorities", "處分依據"));
	cli_table(cli, ex_json_get(v, "authorities"), authority);
	cli_line(cli, "\n%s", cli_say(cli, "Granted", "授予閱覽"));
	cli_table(cli, ex_json_get(v, "grants"), granted);
	cli_line(cli, "\n%s", cli_say(cli, "Items", "證物"));
	cli_table(cli, ex_json_get(v, "items"), item);
	return CLI_OK;
}

int
cli_run_case_show(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, show, err);
}

static int
list(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const column[] = { "case", "status", "org", "opener",
		"items", "title", NULL };
	struct ex_json *out = NULL;

	if (ex_case_list(&out, h, err) == -1 ||
	    ex_json_set(cli->summary, "cases", out, err) == -1)
		return -1;
	cli_table(cli, out, column);
	return CLI_OK;
}

int
cli_run_case_list(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, list, err);
}
