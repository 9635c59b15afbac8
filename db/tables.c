/*
 * tables.c -- rows that are closed by the log.
 */
#include "db/tables.h"

#include <string.h>

#include "custody/tables.h"
#include "db/sql_queries.h"

enum {
	AT_ONCE = 4096, /* rows of one answer */
	COLUMNS = 16
};

/* Columns are the row's number, then texts. */
static const struct table {
	const char *name;
	const struct ex_sql *newest, *settled, *rows;
	unsigned columns;
} tables[] = {
	{ "access_log", &ex_query_access_newest, &ex_query_access_settled,
	    &ex_query_access_rows, 9 },
};

const char *
ex_table_name(size_t i)
{
	return i < sizeof(tables) / sizeof(tables[0]) ? tables[i].name : NULL;
}

static const struct table *
find(const char *name, struct ex_err *err)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (strcmp(tables[i].name, name) == 0)
			return &tables[i];
	}
	(void)ex_fail(err, EX_ABSENT, "no table \"%s\" is anchored", name);
	return NULL;
}

int
ex_table_note_access(struct ex_conn *conn, const char *what,
    const char *subject, const char *purpose, int allowed, struct ex_err *err)
{
	struct ex_param p[4] = { ex_param_text(what), ex_param_text(subject),
		ex_param_text(purpose), ex_param_int(allowed) };

	return ex_conn_run(
	    conn, &ex_query_note_access, p, 4, EX_ONE_ROW, NULL, err);
}

static int
number(struct ex_conn *conn, const struct ex_sql *q, int64_t *id,
    struct ex_err *err)
{
	struct ex_rows *rows;

	if (ex_conn_run(conn, q, NULL, 0, EX_ONE_ROW, &rows, err) == -1)
		return -1;
	*id = ex_rows_int(rows, 0, 0);
	ex_rows_free(rows);
	return 0;
}

int
ex_table_newest(
    struct ex_conn *conn, const char *table, int64_t *id, struct ex_err *err)
{
	const struct table *t = find(table, err);

	return t == NULL ? -1 : number(conn, t->newest, id, err);
}

int
ex_table_settled(
    struct ex_conn *conn, const char *table, int64_t *id, struct ex_err *err)
{
	const struct table *t = find(table, err);

	return t == NULL ? -1 : number(conn, t->settled, id, err);
}

static int
leaf_of(uint8_t leaf[EX_HASH], const struct table *t,
    const struct ex_rows *rows, size_t i, struct ex_err *err)
{
	struct ex_span column[COLUMNS];

	for (unsigned k = 0; k < t->columns; k++) {
		const char *text = ex_rows_text(rows, i, k + 1);

		column[k].p = (const uint8_t *)text;
		column[k].n = strlen(text);
	}
	return ex_table_leaf(leaf, t->name, column, t->columns, err);
}

int
ex_table_rows(struct ex_conn *conn, const char *table, int64_t from, int64_t to,
    ex_table_each *each, void *arg, struct ex_err *err)
{
	const struct table *t = find(table, err);
	size_t n = AT_ONCE;
	int rc = t == NULL ? -1 : 0;

	while (rc == 0 && n == AT_ONCE && from <= to) {
		struct ex_param p[3] = { ex_param_int(from), ex_param_int(to),
			ex_param_int(AT_ONCE) };
		uint8_t leaf[EX_HASH];
		struct ex_rows *rows;

		if (ex_conn_run(
			conn, t->rows, p, 3, EX_MANY_ROWS, &rows, err) == -1)
			return -1;
		n = ex_rows_count(rows);
		for (size_t i = 0; rc == 0 && i < n; i++) {
			from = ex_rows_int(rows, i, 0);
			rc = leaf_of(leaf, t, rows, i, err);
			if (rc == 0)
				rc = each(arg, from, leaf, err);
		}
		from++;
		ex_rows_free(rows);
	}
	return rc;
}
