/*
 * casebook.c -- the case database's doors.
 */
#include "db/casebook.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "db/sql_queries.h"

/* A column of an answer: its member, and whether it is a number. */
struct column {
	const char *name;
	int number;
};

int
ex_casebook_may(struct ex_conn *conn, struct ex_err *err)
{
	struct ex_rows *rows;
	int64_t may;

	if (ex_conn_run(conn, &ex_query_may_search, NULL, 0, EX_ONE_ROW, &rows,
		err) == -1)
		return -1;
	may = ex_rows_int(rows, 0, 0);
	ex_rows_free(rows);
	return may ? 0
		   : ex_fail(err, EX_DENIED,
			 "the case database is for investigators, prosecutors "
			 "and examiners");
}

static int
put_row(struct ex_json *out, const struct ex_rows *rows, size_t i,
    const struct column *c, struct ex_err *err)
{
	struct ex_json *row = ex_json_object();
	int rc = row == NULL ? ex_fail(err, EX_SYSTEM, "out of memory") : 0;

	for (unsigned k = 0; rc == 0 && c[k].name != NULL; k++)
		rc = c[k].number ? ex_json_set_int(row, c[k].name,
				       ex_rows_int(rows, i, k), err)
				 : ex_json_set_text(row, c[k].name,
				       ex_rows_text(rows, i, k), err);
	if (rc == -1) {
		ex_json_free(row);
		return -1;
	}
	return ex_json_add(out, row, err);
}

/* As a caller may know it: too slow is the question's fault. */
static int
fail_run(const struct ex_err *why, struct ex_err *err)
{
	if (why->code == EX_LIMIT)
		return ex_fail(err, EX_LIMIT,
		    "it takes longer than %d s: give more words, or filters",
		    EX_SEARCH_SECONDS);
	if (why->code == EX_USAGE)
		return ex_fail(err, EX_USAGE,
		    "nothing to look for: give a word that must be there");
	return ex_fail(err, why->code, "%s", why->text);
}

/* Run a door in a transaction of its own: its note in the log is committed. */
static int
run(struct ex_rows **rows, struct ex_conn *conn, const struct ex_sql *q,
    const struct ex_param *p, size_t n, enum ex_expect expect,
    struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_param timeout;
	char ms[16];

	(void)snprintf(ms, sizeof(ms), "%d", EX_SEARCH_SECONDS * 1000);
	timeout = ex_param_text(ms);
	if (ex_conn_begin(conn, err) == -1)
		return -1;
	if (ex_conn_run(conn, &ex_query_search_timeout, &timeout, 1, EX_ONE_ROW,
		NULL, &why) == -1 ||
	    ex_conn_run(conn, q, p, n, expect, rows, &why) == -1) {
		ex_conn_rollback(conn);
		return fail_run(&why, err);
	}
	if (ex_conn_commit(conn, err) == -1) {
		ex_rows_free(*rows);
		return -1;
	}
	return 0;
}

/* An answer of many rows; none at all may be a refusal. */
static int
ask(struct ex_json **out, struct ex_conn *conn, const struct ex_sql *q,
    const struct ex_param *p, size_t n, const struct column *c,
    struct ex_err *err)
{
	struct ex_json *list;
	struct ex_rows *rows;
	int rc = 0;

	*out = NULL;
	if (run(&rows, conn, q, p, n, EX_MANY_ROWS, err) == -1)
		return -1;
	if (ex_rows_count(rows) == 0 && ex_casebook_may(conn, err) == -1) {
		ex_rows_free(rows);
		return -1;
	}
	list = ex_json_array();
	if (list == NULL)
		rc = ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; rc == 0 && i < ex_rows_count(rows); i++)
		rc = put_row(list, rows, i, c, err);
	ex_rows_free(rows);
	if (rc == -1)
		ex_json_free(list);
	else
		*out = list;
	return rc;
}

/* An answer of one number; NULL: EX_DENIED, or EX_ABSENT with what. */
static int
ask_number(int64_t *out, struct ex_conn *conn, const struct ex_sql *q,
    const struct ex_param *p, size_t n, const char *what, struct ex_err *err)
{
	struct ex_rows *rows;
	int null;

	if (run(&rows, conn, q, p, n, EX_ONE_ROW, err) == -1)
		return -1;
	null = ex_rows_null(rows, 0, 0);
	*out = null ? 0 : ex_rows_int(rows, 0, 0);
	ex_rows_free(rows);
	if (!null)
		return 0;
	if (ex_casebook_may(conn, err) == -1)
		return -1;
	return ex_fail(
	    err, EX_ABSENT, "%s: there is none, or it may not be seen", what);
}

int
ex_casebook_search(struct ex_json **out, struct ex_conn *conn,
    const char *query, int64_t limit, struct ex_err *err)
{
	static const struct column c[] = { { "number", 0 }, { "title", 0 },
		{ "body", 0 }, { "level", 0 }, { "sector", 0 }, { "status", 0 },
		{ "opened", 0 }, { NULL, 0 } };
	struct ex_param p[2] = { ex_param_text(query), ex_param_int(limit) };

	return ask(out, conn, &ex_query_search_cases, p, 2, c, err);
}

int
ex_casebook_count(
    int64_t *out, struct ex_conn *conn, const char *query, struct ex_err *err)
{
	struct ex_param p = ex_param_text(query);

	return ask_number(
	    out, conn, &ex_query_count_cases, &p, 1, "search", err);
}

int
ex_casebook_facets(struct ex_json **out, struct ex_conn *conn,
    const char *query, struct ex_err *err)
{
	static const struct column c[] = { { "facet", 0 }, { "value", 0 },
		{ "n", 1 }, { NULL, 0 } };
	struct ex_param p = ex_param_text(query);

	return ask(out, conn, &ex_query_facet_cases, &p, 1, c, err);
}

int
ex_casebook_import(int64_t *added, struct ex_conn *conn,
    const char *case_number, const char *rows, struct ex_err *err)
{
	struct ex_param p[2] = { ex_param_text(case_number),
		ex_param_text(rows) };

	return ask_number(
	    added, conn, &ex_query_indicator_import, p, 2, case_number, err);
}

int
ex_casebook_find(struct ex_json **out, struct ex_conn *conn, const char *how,
    const char *what, const char *subject, int64_t limit, struct ex_err *err)
{
	static const struct column c[] = { { "kind", 0 }, { "value", 0 },
		{ "number", 0 }, { "title", 0 }, { "role", 0 }, { "source", 0 },
		{ "reliability", 0 }, { "from", 0 }, { "until", 0 },
		{ NULL, 0 } };
	struct ex_param p[4] = { ex_param_text(how), ex_param_text(what),
		ex_param_text(subject), ex_param_int(limit) };

	return ask(out, conn, &ex_query_indicator_find, p, 4, c, err);
}

/* EX_ABSENT unless the case may be seen. */
static int
need_case(struct ex_conn *conn, const char *number, struct ex_err *err)
{
	struct ex_param p = ex_param_text(number);
	struct ex_rows *rows;
	int64_t seen;

	if (ex_conn_run(
		conn, &ex_query_sees_case, &p, 1, EX_ONE_ROW, &rows, err) == -1)
		return -1;
	seen = ex_rows_int(rows, 0, 0);
	ex_rows_free(rows);
	return seen ? 0
		    : ex_fail(err, EX_ABSENT,
			  "%s: no such case, or it may not be seen", number);
}

/* About a case: it must be there before an empty answer means "none". */
static int
ask_case(struct ex_json **out, struct ex_conn *conn, const struct ex_sql *q,
    const struct ex_param *p, size_t n, const struct column *c,
    struct ex_err *err)
{
	if (ask(out, conn, q, p, n, c, err) == -1)
		return -1;
	if (ex_json_count(*out) > 0 || need_case(conn, p[0].text, err) == 0)
		return 0;
	ex_json_free(*out);
	*out = NULL;
	return -1;
}

int
ex_casebook_looked_for(struct ex_json **out, struct ex_conn *conn,
    const char *case_number, struct ex_err *err)
{
	static const struct column c[] = { { "kind", 0 }, { "value", 0 },
		{ "org", 0 }, { "at", 0 }, { NULL, 0 } };
	struct ex_param p = ex_param_text(case_number);

	return ask_case(out, conn, &ex_query_looked_for, &p, 1, c, err);
}

int
ex_casebook_links(struct ex_json **out, struct ex_conn *conn,
    const char *case_number, int64_t hops, struct ex_err *err)
{
	static const struct column c[] = { { "number", 0 }, { "title", 0 },
		{ "hops", 1 }, { "score", 0 }, { "kind", 0 }, { "value", 0 },
		{ "by", 0 }, { NULL, 0 } };
	struct ex_param p[2] = { ex_param_text(case_number),
		ex_param_int(hops) };

	return ask_case(out, conn, &ex_query_link_cases, p, 2, c, err);
}

int
ex_casebook_transfer(int64_t *id, struct ex_conn *conn, const char *case_number,
    const struct ex_transfer *t, struct ex_err *err)
{
	struct ex_param p[7] = { ex_param_text(case_number),
		ex_param_text(t->payer), ex_param_text(t->payee),
		ex_param_text(t->amount), ex_param_text(t->currency),
		ex_param_text(t->moved), ex_param_text(t->source) };

	return ask_number(
	    id, conn, &ex_query_transfer_add, p, 7, case_number, err);
}

int
ex_casebook_transfers(struct ex_json **out, struct ex_conn *conn,
    const char *case_number, struct ex_err *err)
{
	static const struct column c[] = { { "payer", 0 }, { "payee", 0 },
		{ "amount", 0 }, { "currency", 0 }, { "moved", 0 },
		{ "source", 0 }, { NULL, 0 } };
	struct ex_param p = ex_param_text(case_number);

	return ask_case(out, conn, &ex_query_case_transfers, &p, 1, c, err);
}

int
ex_casebook_note(int64_t *id, struct ex_conn *conn, const char *case_number,
    const char *text, int64_t corrects, struct ex_err *err)
{
	struct ex_param p[3] = { ex_param_text(case_number),
		ex_param_text(text),
		corrects == 0 ? ex_param_text(NULL) : ex_param_int(corrects) };

	return ask_number(
	    id, conn, &ex_query_note_case, p, 3, case_number, err);
}

int
ex_casebook_notes(struct ex_json **out, struct ex_conn *conn,
    const char *case_number, struct ex_err *err)
{
	static const struct column c[] = { { "note", 1 }, { "corrects", 1 },
		{ "text", 0 }, { "who", 0 }, { "at", 0 }, { NULL, 0 } };
	struct ex_param p = ex_param_text(case_number);

	return ask_case(out, conn, &ex_query_case_notes, &p, 1, c, err);
}

int
ex_casebook_watch(struct ex_conn *conn, const char *name, const char *query,
    struct ex_err *err)
{
	struct ex_param p[2] = { ex_param_text(name), ex_param_text(query) };
	int64_t id;

	return ask_number(&id, conn, &ex_query_watch_add, p, 2, name, err);
}

int
ex_casebook_watch_end(
    struct ex_conn *conn, const char *name, struct ex_err *err)
{
	struct ex_param p = ex_param_text(name);
	int64_t there;

	if (ask_number(&there, conn, &ex_query_watch_end, &p, 1, name, err) ==
	    -1)
		return -1;
	if (there)
		return 0;
	if (ex_casebook_may(conn, err) == -1)
		return -1;
	return ex_fail(err, EX_ABSENT, "%s: no watch of this name", name);
}

int
ex_casebook_watches(
    struct ex_json **out, struct ex_conn *conn, struct ex_err *err)
{
	static const struct column c[] = { { "watch", 0 }, { "query", 0 },
		{ "number", 0 }, { "title", 0 }, { "at", 0 }, { "new", 1 },
		{ NULL, 0 } };

	return ask(out, conn, &ex_query_watch_list, NULL, 0, c, err);
}
