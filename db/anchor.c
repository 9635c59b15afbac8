/*
 * anchor.c -- rows of cosignatures and time-stamps.
 */
#include "db/anchor.h"

#include "db/sql_queries.h"

int
ex_anchor_put_cosignature(struct ex_conn *conn, uint64_t size,
    const char *witness, struct ex_span line, uint64_t time, struct ex_err *err)
{
	struct ex_param p[4] = { ex_param_int((int64_t)size),
		ex_param_text(witness), ex_param_bytes(line.p, line.n),
		ex_param_int((int64_t)time) };

	return ex_conn_run(
	    conn, &ex_query_put_cosignature, p, 4, EX_NO_ROWS, NULL, err);
}

int
ex_anchor_cosigned(struct ex_conn *conn, const char *witness, uint64_t *size,
    struct ex_err *err)
{
	struct ex_param p = ex_param_text(witness);
	struct ex_rows *rows;

	if (ex_conn_run(
		conn, &ex_query_cosigned, &p, 1, EX_ONE_ROW, &rows, err) == -1)
		return -1;
	*size = (uint64_t)ex_rows_int(rows, 0, 0);
	ex_rows_free(rows);
	return 0;
}

int
ex_anchor_add_lines(struct ex_buf *note, struct ex_conn *conn, uint64_t size,
    struct ex_err *err)
{
	struct ex_param p = ex_param_int((int64_t)size);
	struct ex_rows *rows;
	int rc = 0;

	if (ex_conn_run(conn, &ex_query_cosignatures, &p, 1, EX_MANY_ROWS,
		&rows, err) == -1)
		return -1;
	for (size_t i = 0; rc == 0 && i < ex_rows_count(rows); i++) {
		struct ex_span line = ex_rows_bytes(rows, i, 1);

		rc = ex_buf_add(note, line.p, line.n, err);
	}
	ex_rows_free(rows);
	return rc;
}

int
ex_anchor_put_stamp(struct ex_conn *conn, uint64_t size, const char *authority,
    struct ex_span tsr, int64_t time, struct ex_err *err)
{
	struct ex_param p[4] = { ex_param_int((int64_t)size),
		ex_param_text(authority), ex_param_bytes(tsr.p, tsr.n),
		ex_param_int(time) };

	return ex_conn_run(
	    conn, &ex_query_put_stamp, p, 4, EX_NO_ROWS, NULL, err);
}

int
ex_anchor_stamped(struct ex_conn *conn, const char *authority, uint64_t *size,
    int64_t *time, struct ex_err *err)
{
	struct ex_param p = ex_param_text(authority);
	struct ex_rows *rows;

	if (ex_conn_run(
		conn, &ex_query_stamped, &p, 1, EX_ONE_ROW, &rows, err) == -1)
		return -1;
	*size = (uint64_t)ex_rows_int(rows, 0, 0);
	*time = ex_rows_int(rows, 0, 1);
	ex_rows_free(rows);
	return 0;
}

int
ex_anchor_stamps(struct ex_conn *conn,
    int (*each)(void *arg, const struct ex_anchor_stamp *s, struct ex_err *err),
    void *arg, struct ex_err *err)
{
	struct ex_rows *rows;
	int rc = 0;

	if (ex_conn_run(conn, &ex_query_stamps, NULL, 0, EX_MANY_ROWS, &rows,
		err) == -1)
		return -1;
	for (size_t i = 0; rc == 0 && i < ex_rows_count(rows); i++) {
		struct ex_anchor_stamp s = {
			.size = (uint64_t)ex_rows_int(rows, i, 0),
			.authority = ex_rows_text(rows, i, 1),
			.tsr = ex_rows_bytes(rows, i, 2),
			.time = ex_rows_int(rows, i, 3),
			.note = ex_rows_bytes(rows, i, 4),
		};

		rc = each(arg, &s, err);
	}
	ex_rows_free(rows);
	return rc;
}
