/*
 * sequence.c -- the sequencer's rows.
 */
#include "db/sequence.h"

#include <string.h>

#include "db/sql_queries.h"

int
ex_sequence_lock(struct ex_conn *conn, struct ex_err *err)
{
	struct ex_rows *rows;
	int got;

	if (ex_conn_run(conn, &ex_query_sequence_lock, NULL, 0, EX_ONE_ROW,
		&rows, err) == -1)
		return -1;
	got = ex_rows_int(rows, 0, 0) == 1;
	ex_rows_free(rows);
	if (!got)
		return ex_fail(err, EX_CONFLICT,
		    "another sequencer works on this database");
	return 0;
}

int
ex_sequence_listen(struct ex_conn *conn, struct ex_err *err)
{
	return ex_conn_script(conn, &ex_query_sequence_listen, err);
}

int
ex_sequence_awake(struct ex_conn *conn, int64_t us, struct ex_err *err)
{
	struct ex_param p = ex_param_int(us);

	return ex_conn_run(conn, &ex_query_awake, &p, 1, EX_NO_ROWS, NULL, err);
}

/* A row by hand may hold fewer bytes; no entry has a digest of zeros. */
static const uint8_t *
digest(const struct ex_rows *rows, size_t row, unsigned column)
{
	static const uint8_t none[EX_HASH];
	struct ex_span s = ex_rows_bytes(rows, row, column);

	return s.n == EX_HASH ? s.p : none;
}

int
ex_sequence_queue(struct ex_conn *conn, size_t max,
    int (*each)(void *arg, const struct ex_queued *q, struct ex_err *err),
    void *arg, size_t *n, struct ex_err *err)
{
	struct ex_param p = ex_param_int((int64_t)max);
	struct ex_rows *rows;
	int rc = 0;

	*n = 0;
	if (ex_conn_run(
		conn, &ex_query_queue, &p, 1, EX_MANY_ROWS, &rows, err) == -1)
		return -1;
	*n = ex_rows_count(rows);
	for (size_t i = 0; rc == 0 && i < *n; i++) {
		struct ex_queued q;

		q.id = ex_rows_int(rows, i, 0);
		q.stream = ex_rows_text(rows, i, 1);
		q.seq = (uint64_t)ex_rows_int(rows, i, 2);
		q.prev = digest(rows, i, 3);
		q.leaf = digest(rows, i, 4);
		q.body_sha256 = digest(rows, i, 5);
		q.entry = ex_rows_bytes(rows, i, 6);
		q.case_number = ex_rows_text(rows, i, 7);
		rc = each(arg, &q, err);
	}
	ex_rows_free(rows);
	return rc;
}

/*
 * In two statements: the second sees what was appended while the first waited
 * for the row.
 */
static int
head_back(struct ex_conn *conn, const char *stream, struct ex_err *err)
{
	struct ex_param p = ex_param_text(stream);

	if (ex_conn_run(conn, &ex_query_head, &p, 1, EX_MAYBE_ROW, NULL, err) ==
	    -1)
		return -1;
	return ex_conn_run(
	    conn, &ex_query_head_back, &p, 1, EX_NO_ROWS, NULL, err);
}

int
ex_sequence_reject(struct ex_conn *conn, const struct ex_queued *q,
    const char *code, const char *reason, struct ex_err *err)
{
	struct ex_param p[3] = { ex_param_int(q->id), ex_param_text(code),
		ex_param_text(reason) };
	struct ex_array one = { 0 };
	int rc = ex_array_int(&one, q->id, err);

	if (rc == 0)
		rc = ex_sequence_unqueue(conn, &one, err);
	if (rc == 0)
		rc = ex_conn_run(
		    conn, &ex_query_reject, p, 3, EX_NO_ROWS, NULL, err);
	ex_array_free(&one);
	return rc == 0 ? head_back(conn, q->stream, err) : -1;
}

int
ex_sequence_mend(struct ex_conn *conn, size_t *n, struct ex_err *err)
{
	struct ex_rows *rows;
	int rc = 0;

	*n = 0;
	if (ex_conn_run(conn, &ex_query_heads_lock, NULL, 0, EX_ONE_ROW, NULL,
		err) == -1 ||
	    ex_conn_run(conn, &ex_query_heads_wrong, NULL, 0, EX_MANY_ROWS,
		&rows, err) == -1)
		return -1;
	*n = ex_rows_count(rows);
	for (size_t i = 0; rc == 0 && i < *n; i++)
		rc = head_back(conn, ex_rows_text(rows, i, 0), err);
	ex_rows_free(rows);
	return rc;
}

int
ex_sequence_head(struct ex_conn *conn, const char *stream, uint64_t *seq,
    uint8_t leaf[EX_HASH], struct ex_err *err)
{
	struct ex_param p = ex_param_text(stream);
	struct ex_rows *rows;
	struct ex_span s;

	*seq = 0;
	memset(leaf, 0, EX_HASH);
	if (ex_conn_run(
		conn, &ex_query_head, &p, 1, EX_MAYBE_ROW, &rows, err) == -1)
		return -1;
	if (ex_rows_count(rows) == 1) {
		*seq = (uint64_t)ex_rows_int(rows, 0, 0);
		s = ex_rows_bytes(rows, 0, 1);
		if (s.n == EX_HASH)
			memcpy(leaf, s.p, EX_HASH);
	}
	ex_rows_free(rows);
	return 0;
}

int
ex_sequence_openings(struct ex_conn *conn, uint64_t index, const void *openings,
    size_t n, struct ex_err *err)
{
	struct ex_param p[2] = { ex_param_int((int64_t)index),
		ex_param_bytes(openings, n) };

	return ex_conn_run(conn,
	    n == 0 ? &ex_query_drop_openings : &ex_query_put_openings, p,
	    n == 0 ? 1 : 2, EX_NO_ROWS, NULL, err);
}

int
ex_sequence_checkpoint(struct ex_conn *conn, uint64_t size,
    const uint8_t root[EX_HASH], struct ex_err *err)
{
	struct ex_param p[2] = { ex_param_int((int64_t)size),
		ex_param_bytes(root, EX_HASH) };

	return ex_conn_run(
	    conn, &ex_query_put_checkpoint, p, 2, EX_NO_ROWS, NULL, err);
}

int
ex_sequence_note(struct ex_conn *conn, uint64_t size, const void *note,
    size_t n, struct ex_err *err)
{
	struct ex_param p[2] = { ex_param_int((int64_t)size),
		ex_param_bytes(note, n) };

	return ex_conn_run(
	    conn, &ex_query_put_note, p, 2, EX_ONE_ROW, NULL, err);
}

int
ex_sequence_newest(struct ex_conn *conn, uint64_t *size, uint8_t root[EX_HASH],
    int *is_signed, struct ex_err *err)
{
	struct ex_rows *rows;
	struct ex_span s;
	int rc = -1;

	if (ex_conn_run(conn, &ex_query_newest, NULL, 0, EX_MAYBE_ROW, &rows,
		err) == -1)
		return -1;
	if (ex_rows_count(rows) == 0) {
		(void)ex_fail(err, EX_ABSENT, "no checkpoint yet");
	} else if ((s = ex_rows_bytes(rows, 0, 1)).n != EX_HASH) {
		(void)ex_fail(err, EX_DAMAGED, "a root of another size");
	} else {
		*size = (uint64_t)ex_rows_int(rows, 0, 0);
		memcpy(root, s.p, EX_HASH);
		*is_signed = ex_rows_int(rows, 0, 2) != 0;
		rc = 0;
	}
	ex_rows_free(rows);
	return rc;
}

int
ex_sequence_wishes(struct ex_conn *conn, size_t *n, struct ex_err *err)
{
	struct ex_rows *rows;

	if (ex_conn_run(
		conn, &ex_query_wishes, NULL, 0, EX_ONE_ROW, &rows, err) == -1)
		return -1;
	*n = (size_t)ex_rows_int(rows, 0, 0);
	ex_rows_free(rows);
	return 0;
}

int
ex_sequence_asked(struct ex_conn *conn, size_t *n, struct ex_err *err)
{
	struct ex_rows *rows;

	if (ex_conn_run(
		conn, &ex_query_asked, NULL, 0, EX_ONE_ROW, &rows, err) == -1)
		return -1;
	*n = (size_t)ex_rows_int(rows, 0, 0);
	ex_rows_free(rows);
	return 0;
}
