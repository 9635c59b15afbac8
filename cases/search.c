/*
 * search.c -- a search of the case database.
 */
#include "cases/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "db/casebook.h"

enum {
	CAPPED = 10001 /* the database counts no further */
};

struct scored {
	const struct ex_json *row;
	int64_t score;
	size_t place; /* as it came: newest first */
};

static int
by_score(const void *a, const void *b)
{
	const struct scored *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static int
put_hit(struct ex_json *list, const struct ex_json *query,
    const struct ex_json *row, struct ex_err *err)
{
	static const char *const same[] = { "number", "title", "opened",
		"level", "status" };
	struct ex_json *v = ex_json_object();
	char *snippet = ex_search_snippet(query, ex_json_get_text(row, "body"));
	int rc = v == NULL || snippet == NULL
		     ? ex_fail(err, EX_SYSTEM, "out of memory")
		     : 0;

	for (size_t i = 0; rc == 0 && i < sizeof(same) / sizeof(same[0]); i++)
		rc = ex_json_set_text(
		    v, same[i], ex_json_get_text(row, same[i]), err);
	if (rc == 0)
		rc = ex_json_set_text(v, "snippet", snippet, err);
	free(snippet);
	if (rc == -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(list, v, err);
}

/* The best of rows, at most limit of them, as what is shown. */
static int
rank(struct ex_json *list, const struct ex_json *query,
    const struct ex_json *rows, size_t limit, struct ex_err *err)
{
	size_t n = ex_json_count(rows);
	struct scored *s = calloc(n == 0 ? 1 : n, sizeof(*s));
	int rc = 0;

	if (s == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++) {
		const struct ex_json *row = ex_json_at(rows, i);

		s[i].row = row;
		s[i].place = i;
		s[i].score =
		    ex_search_score(query, ex_json_get_text(row, "title"),
			ex_json_get_text(row, "body"),
			ex_json_get_text(row, "level"), i);
	}
	qsort(s, n, sizeof(*s), by_score);
	for (size_t i = 0; rc == 0 && i < n && i < limit; i++)
		rc = put_hit(list, query, s[i].row, err);
	free(s);
	return rc;
}

static int
put_total(struct ex_json *v, struct ex_conn *conn, const char *query,
    struct ex_err *err)
{
	int64_t n;

	if (ex_casebook_count(&n, conn, query, err) == -1)
		return -1;
	if (ex_json_set_int(v, "total", n < CAPPED ? n : CAPPED - 1, err) == -1)
		return -1;
	return ex_json_set(v, "total_capped", ex_json_bool(n >= CAPPED), err);
}

static int
put_facets(struct ex_json *v, struct ex_conn *conn, const char *query,
    struct ex_err *err)
{
	struct ex_json *facets;

	if (ex_casebook_facets(&facets, conn, query, err) == -1)
		return -1;
	return ex_json_set(v, "facets", facets, err);
}

/* Run the query and put what it finds into v. */
static int
answer(struct ex_json *v, struct ex_conn *conn, const struct ex_search *s,
    const struct ex_json *query, struct ex_err *err)
{
	struct ex_json *rows = NULL, *list = ex_json_array();
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	if (list == NULL || ex_json_set(v, "cases", list, err) == -1)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	list = ex_json_get_mutable(v, "cases");
	if (ex_json_write(&text, query, err) == 0 &&
	    ex_casebook_search(
		&rows, conn, ex_buf_text(&text), EX_SEARCH_MAX, err) == 0 &&
	    rank(list, query, rows, s->limit, err) == 0 &&
	    put_total(v, conn, ex_buf_text(&text), err) == 0 &&
	    (!s->facets || put_facets(v, conn, ex_buf_text(&text), err) == 0))
		rc = 0;
	ex_json_free(rows);
	ex_buf_free(&text);
	return rc;
}

int
ex_search_run(struct ex_json **out, struct ex_house *house,
    const struct ex_search *s, struct ex_err *err)
{
	struct ex_json *query = NULL, *v = NULL;
	struct ex_conn *conn;
	int rc = -1;

	*out = NULL;
	if (ex_search_query(&query, s, err) == -1 ||
	    ex_house_conn(house, &conn, err) == -1)
		goto out;
	v = ex_json_object();
	if (v == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (answer(v, conn, s, query, err) == -1)
		goto out;
	*out = v;
	v = NULL;
	rc = 0;
out:
	ex_json_free(v);
	ex_json_free(query);
	return rc;
}
