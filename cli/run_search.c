/*
 * run_search.c -- the case database: searches, links, watches, notes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "cases/case.h"
#include "cases/house.h"
#include "cases/search.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "cli/value.h"
#include "db/casebook.h"

/* YYYY-MM-DD, a day that there is: as it goes into a query. */
static int
check_day(const struct cli *cli, const char *option, struct ex_err *err)
{
	const char *day = cli_option(cli, option);
	int had_offset;
	int64_t us;

	if (day == NULL || (strlen(day) == 10 &&
			       ex_time_parse(&us, &had_offset, day, NULL) == 0))
		return 0;
	return ex_fail(
	    err, EX_USAGE, "--%s %.20s: a day is YYYY-MM-DD", option, day);
}

static int
take_search(
    struct cli *cli, struct ex_search *s, size_t from, struct ex_err *err)
{
	uint64_t limit = 20;

	memset(s, 0, sizeof(*s));
	if (check_day(cli, "from", err) == -1 ||
	    check_day(cli, "until", err) == -1 ||
	    cli_number(cli, &limit, "limit", EX_SEARCH_MAX, err) == -1)
		return -1;
	s->text = cli->arg + from;
	s->ntext = cli->nargs - from;
	s->level = cli_option(cli, "level");
	s->sector = cli_option(cli, "sector");
	s->offence = cli_option(cli, "offence");
	s->from = cli_option(cli, "from");
	s->until = cli_option(cli, "until");
	s->limit = (size_t)limit;
	s->facets = cli_flag(cli, "facets");
	return 0;
}

static void
show_hit(struct cli *cli, const struct ex_json *v)
{
	char title[512], text[512];

	cli_line(cli, "%s  %s  %s", ex_json_get_text(v, "number"),
	    ex_json_get_text(v, "opened"),
	    ex_text_shown(title, sizeof(title), ex_json_get_text(v, "title")));
	cli_line(cli, "    %s",
	    ex_text_shown(text, sizeof(text), ex_json_get_text(v, "snippet")));
}

static int
search(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const facet[] = { "facet", "value", "n", NULL };
	const struct ex_json *cases;
	struct ex_json *v = NULL;
	struct ex_search s;

	if (take_search(cli, &s, 0, err) == -1 ||
	    ex_search_run(&v, h, &s, err) == -1 ||
	    cli_answer(cli, v, err) == -1)
		return -1;
	cases = ex_json_get(v, "cases");
	for (size_t i = 0; i < ex_json_count(cases); i++)
		show_hit(cli, ex_json_at(cases, i));
	if (s.facets)
		cli_table(cli, ex_json_get(v, "facets"), facet);
	cli_line(cli, "%lld%s %s", (long long)ex_json_get_int(v, "total", 0),
	    ex_json_is_true(ex_json_get(v, "total_capped")) ? "+" : "",
	    cli_say(cli, "cases", "件"));
	return CLI_OK;
}

int
cli_run_search(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, search, err);
}

/* {"kind","value","by"} of a row, added to the case's "via". */
static int
add_via(struct ex_json *hit, const struct ex_json *row, struct ex_err *err)
{
	static const char *const same[] = { "kind", "value", "by" };
	struct ex_json *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (ex_json_set_text(v, same[i], ex_json_get_text(row, same[i]),
			err) == -1) {
			ex_json_free(v);
			return -1;
		}
	return ex_json_add(ex_json_get_mutable(hit, "via"), v, err);
}

/* Begin a case of the answer; borrowed from list. */
static struct ex_json *
begin_hit(struct ex_json *list, const struct ex_json *row, struct ex_err *err)
{
	struct ex_json *hit = ex_json_object();

	if (hit == NULL)
		return NULL;
	if (ex_json_set_text(
		hit, "number", ex_json_get_text(row, "number"), err) == -1 ||
	    ex_json_set_text(
		hit, "title", ex_json_get_text(row, "title"), err) == -1 ||
	    ex_json_set_text(
		hit, "score", ex_json_get_text(row, "score"), err) == -1 ||
	    ex_json_set_int(
		hit, "hops", ex_json_get_int(row, "hops", 1), err) == -1 ||
	    ex_json_set(hit, "via", ex_json_array(), err) == -1 ||
	    ex_json_add(list, ex_json_ref(hit), err) == -1) {
		ex_json_free(hit);
		return NULL;
	}
	ex_json_free(hit); /* list keeps it */
	return hit;
}

/* Rows come sorted by case; one object a case, with every value. */
static int
gather(struct ex_json *list, const struct ex_json *rows, struct ex_err *err)
{
	struct ex_json *hit = NULL;

	for (size_t i = 0; i < ex_json_count(rows); i++) {
		const struct ex_json *row = ex_json_at(rows, i);

		if (hit == NULL || strcmp(ex_json_get_text(hit, "number"),
				       ex_json_get_text(row, "number")) != 0)
			hit = begin_hit(list, row, err);
		if (hit == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		if (add_via(hit, row, err) == -1)
			return -1;
	}
	return 0;
}

static void
show_links(struct cli *cli, const struct ex_json *list)
{
	char text[512];

	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *hit = ex_json_at(list, i),
				     *via = ex_json_get(hit, "via");

		cli_line(cli, "%s  %s  %s", ex_json_get_text(hit, "number"),
		    ex_json_get_text(hit, "score"),
		    ex_text_shown(
			text, sizeof(text), ex_json_get_text(hit, "title")));
		for (size_t k = 0; k < ex_json_count(via); k++) {
			const struct ex_json *v = ex_json_at(via, k);

			cli_line(cli, "    %s %s  (%s)",
			    ex_json_get_text(v, "kind"),
			    ex_text_shown(text, sizeof(text),
				ex_json_get_text(v, "value")),
			    ex_json_get_text(v, "by"));
		}
	}
}

static int
links(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_json *rows = NULL, *list = ex_json_array();
	struct ex_conn *conn;
	const char *number;
	uint64_t hops = 1;
	int rc = -1;

	if (list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (cli_number(cli, &hops, "hops", 2, err) == 0 &&
	    ex_case_number(&number, cli->arg[0], err) == 0 &&
	    ex_house_conn(h, &conn, err) == 0 &&
	    ex_casebook_links(&rows, conn, number, (int64_t)hops, err) == 0 &&
	    gather(list, rows, err) == 0 &&
	    ex_json_set(cli->summary, "cases", ex_json_ref(list), err) == 0) {
		show_links(cli, list);
		if (ex_json_count(list) == 0)
			cli_line(cli, "%s",
			    cli_say(cli, "no case shares an indicator with it",
				"無案件與其共用指標"));
		rc = CLI_OK;
	}
	ex_json_free(rows);
	ex_json_free(list);
	return rc;
}

int
cli_run_links(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, links, err);
}

static int
watch_add(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_json *query = NULL;
	struct ex_conn *conn;
	struct ex_search s;
	int rc = -1;

	if (take_search(cli, &s, 1, err) == -1 ||
	    ex_search_query(&query, &s, err) == -1)
		return -1;
	if (ex_json_write(&text, query, err) == 0 &&
	    ex_house_conn(h, &conn, err) == 0 &&
	    ex_casebook_watch(conn, cli->arg[0], ex_buf_text(&text), err) ==
		0 &&
	    ex_json_set_text(cli->summary, "watch", cli->arg[0], err) == 0)
		rc = CLI_OK;
	ex_buf_free(&text);
	ex_json_free(query);
	return rc;
}

int
cli_run_watch_add(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, watch_add, err);
}

static int
watch_end(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	struct ex_conn *conn;

	if (ex_house_conn(h, &conn, err) == -1 ||
	    ex_casebook_watch_end(conn, cli->arg[0], err) == -1 ||
	    ex_json_set_text(cli->summary, "watch", cli->arg[0], err) == -1)
		return -1;
	return CLI_OK;
}

int
cli_run_watch_end(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, watch_end, err);
}

static int
watch_list(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const column[] = { "watch", "new", "at", "number",
		"title", NULL };
	struct ex_json *rows;
	struct ex_conn *conn;

	if (ex_house_conn(h, &conn, err) == -1 ||
	    ex_casebook_watches(&rows, conn, err) == -1 ||
	    ex_json_set(cli->summary, "watches", rows, err) == -1)
		return -1;
	cli_table(cli, rows, column);
	return CLI_OK;
}

int
cli_run_watch_list(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, watch_list, err);
}

static int
note(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	size_t n = strlen(cli->arg[1]);
	const char *number;
	struct ex_conn *conn;
	uint64_t corrects = 0;
	int64_t id;

	if (n == 0 || n > EX_PII_VALUE_MAX)
		return ex_fail(err, EX_USAGE, "a note has 1 to %d bytes",
		    EX_PII_VALUE_MAX);
	if (ex_text_canonical(cli->arg[1], n, err) == -1 ||
	    cli_number(cli, &corrects, "corrects", INT64_MAX, err) == -1 ||
	    ex_case_number(&number, cli->arg[0], err) == -1 ||
	    ex_house_conn(h, &conn, err) == -1 ||
	    ex_casebook_note(
		&id, conn, number, cli->arg[1], (int64_t)corrects, err) == -1 ||
	    ex_json_set_text(cli->summary, "case", number, err) == -1 ||
	    ex_json_set_int(cli->summary, "note", id, err) == -1)
		return -1;
	return CLI_OK;
}

int
cli_run_case_note(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, note, err);
}

static int
notes(struct cli *cli, struct ex_house *h, struct ex_err *err)
{
	static const char *const column[] = { "note", "corrects", "at", "who",
		"text", NULL };
	const char *number;
	struct ex_json *rows;
	struct ex_conn *conn;

	if (ex_case_number(&number, cli->arg[0], err) == -1 ||
	    ex_house_conn(h, &conn, err) == -1 ||
	    ex_casebook_notes(&rows, conn, number, err) == -1 ||
	    ex_json_set(cli->summary, "notes", rows, err) == -1)
		return -1;
	cli_table(cli, rows, column);
	return CLI_OK;
}

int
cli_run_case_notes(struct cli *cli, struct ex_err *err)
{
	return cli_at_own_desk(cli, notes, err);
}
