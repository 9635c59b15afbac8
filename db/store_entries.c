/*
 * store_entries.c -- entries out of the database, a page at a time.
 */
#include <string.h>

#include "db/store.h"
#include "db/sql_queries.h"

enum {
	PAGE = 128 /* entries fetched at once: at most 8 MiB of them */
};

/* Give row i of a page away; entries and tree_leaf say the same columns. */
static int
give(const struct ex_rows *rows, size_t i, ex_entry_each *each, void *arg,
    struct ex_err *err)
{
	struct ex_span leaf = ex_rows_bytes(rows, i, 3);
	struct ex_span body = ex_rows_bytes(rows, i, 8);
	struct ex_entry_row row;

	if (leaf.n != EX_HASH || body.n != EX_SHA256_LEN)
		return ex_fail(err, EX_DAMAGED, "a leaf of another size");
	row.index = (uint64_t)ex_rows_int(rows, i, 0);
	row.stream = ex_rows_text(rows, i, 1);
	row.seq = (uint64_t)ex_rows_int(rows, i, 2);
	row.leaf = leaf.p;
	row.entry = ex_rows_bytes(rows, i, 4);
	row.openings = ex_rows_bytes(rows, i, 5);
	row.case_number = ex_rows_text(rows, i, 6);
	row.recorded_at = ex_rows_int(rows, i, 7);
	row.body_sha256 = body.p;
	return each(arg, &row, err);
}

int
ex_store_entries(struct ex_conn *conn, uint64_t from, ex_entry_each *each,
    void *arg, struct ex_err *err)
{
	size_t n = PAGE;
	int rc = 0;

	while (rc == 0 && n == PAGE) {
		struct ex_param p[2] = { ex_param_int((int64_t)from),
			ex_param_int(PAGE) };
		struct ex_rows *rows;

		if (ex_conn_run(conn, &ex_query_entries_from, p, 2,
			EX_MANY_ROWS, &rows, err) == -1)
			return -1;
		n = ex_rows_count(rows);
		for (size_t i = 0; rc == 0 && i < n; i++)
			rc = give(rows, i, each, arg, err);
		if (n > 0)
			from = (uint64_t)ex_rows_int(rows, n - 1, 0) + 1;
		ex_rows_free(rows);
	}
	return rc;
}

int
ex_store_stream(struct ex_conn *conn, const struct ex_stream *stream,
    ex_entry_each *each, void *arg, struct ex_err *err)
{
	char text[EX_STREAM_TEXT];
	size_t n = PAGE;
	int64_t from = 1;
	int rc = 0;

	ex_stream_text(text, stream);
	while (rc == 0 && n == PAGE) {
		struct ex_param p[3] = { ex_param_text(text),
			ex_param_int(from), ex_param_int(PAGE) };
		struct ex_rows *rows;

		if (ex_conn_run(conn, &ex_query_entries_stream, p, 3,
			EX_MANY_ROWS, &rows, err) == -1)
			return -1;
		n = ex_rows_count(rows);
		for (size_t i = 0; rc == 0 && i < n; i++)
			rc = give(rows, i, each, arg, err);
		if (n > 0)
			from = ex_rows_int(rows, n - 1, 2) + 1;
		ex_rows_free(rows);
	}
	return rc;
}

int
ex_store_entry(struct ex_conn *conn, uint64_t index, ex_entry_each *each,
    void *arg, struct ex_err *err)
{
	struct ex_param p[2] = { ex_param_int((int64_t)index),
		ex_param_int(1) };
	struct ex_rows *rows;
	int rc;

	if (ex_conn_run(conn, &ex_query_entries_from, p, 2, EX_MANY_ROWS, &rows,
		err) == -1)
		return -1;
	if (ex_rows_count(rows) == 0 ||
	    ex_rows_int(rows, 0, 0) != (int64_t)index)
		rc = ex_fail(err, EX_ABSENT, "the log has no entry %llu",
		    (unsigned long long)index);
	else
		rc = give(rows, 0, each, arg, err);
	ex_rows_free(rows);
	return rc;
}

int
ex_store_leaves(struct ex_conn *conn, const char *prefix,
    uint8_t (*leaf)[EX_HASH], uint64_t *index, size_t max, size_t *n,
    struct ex_err *err)
{
	struct ex_param p[2] = { ex_param_text(prefix),
		ex_param_int((int64_t)max) };
	struct ex_rows *rows;
	int rc = 0;

	*n = 0;
	if (ex_conn_run(
		conn, &ex_query_leaves, p, 2, EX_MANY_ROWS, &rows, err) == -1)
		return -1;
	for (size_t i = 0; rc == 0 && i < ex_rows_count(rows); i++) {
		struct ex_span s = ex_rows_bytes(rows, i, 0);

		if (s.n != EX_HASH) {
			rc = ex_fail(err, EX_DAMAGED, "a leaf of another size");
			break;
		}
		memcpy(leaf[i], s.p, EX_HASH);
		index[i] = (uint64_t)ex_rows_int(rows, i, 1);
		(*n)++;
	}
	ex_rows_free(rows);
	return rc;
}

int
ex_store_loose(struct ex_conn *conn,
    int (*each)(void *arg, const struct ex_loose_row *row, struct ex_err *err),
    void *arg, struct ex_err *err)
{
	int64_t after = 0;
	size_t n = PAGE;
	int rc = 0;

	while (rc == 0 && n == PAGE) {
		struct ex_param p[2] = { ex_param_int(after),
			ex_param_int(PAGE) };
		struct ex_rows *rows;

		if (ex_conn_run(conn, &ex_query_loose, p, 2, EX_MANY_ROWS,
			&rows, err) == -1)
			return -1;
		n = ex_rows_count(rows);
		for (size_t i = 0; rc == 0 && i < n; i++) {
			struct ex_loose_row row;

			after = ex_rows_int(rows, i, 0);
			row.stream = ex_rows_text(rows, i, 1);
			row.seq = (uint64_t)ex_rows_int(rows, i, 2);
			row.entry = ex_rows_bytes(rows, i, 3);
			row.queued = ex_rows_int(rows, i, 4) != 0;
			row.rejected = ex_rows_int(rows, i, 5) != 0;
			row.code = ex_rows_text(rows, i, 6);
			row.reason = ex_rows_text(rows, i, 7);
			rc = each(arg, &row, err);
		}
		ex_rows_free(rows);
	}
	return rc;
}

int
ex_store_rows_wrong(struct ex_conn *conn,
    int (*each)(void *arg, int64_t index, const char *stream, const char *what,
	struct ex_err *err),
    void *arg, struct ex_err *err)
{
	struct ex_rows *rows;
	int rc = 0;

	if (ex_conn_run(conn, &ex_query_rows_wrong, NULL, 0, EX_MANY_ROWS,
		&rows, err) == -1)
		return -1;
	for (size_t i = 0; rc == 0 && i < ex_rows_count(rows); i++)
		rc = each(arg, ex_rows_int(rows, i, 0),
		    ex_rows_text(rows, i, 1), ex_rows_text(rows, i, 2), err);
	ex_rows_free(rows);
	return rc;
}
