/*
 * conn.h -- a connection to PostgreSQL, and statements run by name.
 *
 * There is no general query function: a statement is one of the files under
 * db/sql/, and its caller says how many rows it expects.  Messages name the
 * statement and the SQLSTATE, never a parameter.
 */
#ifndef DB_CONN_H
#define DB_CONN_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* A statement or a migration, embedded at build time. */
struct ex_sql {
	const char *name; /* its file, without ".sql" */
	const char *text;
	size_t len;
	const char *sha256; /* of the file, hexadecimal */
};

struct ex_conn;

/*
 * Connect.  conninfo is libpq's.  EX_UNREACHABLE when nothing answers,
 * EX_DENIED when this user may not.
 */
int
ex_conn_open(struct ex_conn **out, const char *conninfo, struct ex_err *err);
void ex_conn_close(struct ex_conn *conn);

/* Who the server says we are.  Borrowed. */
const char *ex_conn_user(const struct ex_conn *conn);

enum ex_param_kind {
	EX_PARAM_NULL,
	EX_PARAM_TEXT,
	EX_PARAM_BYTES,
	EX_PARAM_INT,
	EX_PARAM_ARRAY
};

/* Values of one kind for a parameter that is an array; starts zeroed. */
struct ex_array {
	struct ex_buf data; /* as PostgreSQL sends and receives arrays */
	uint32_t n;
};

struct ex_param {
	enum ex_param_kind kind;
	const char *text;
	const void *bytes;
	size_t n;
	int64_t number;
};

struct ex_param ex_param_text(const char *text); /* NULL: SQL NULL */
struct ex_param ex_param_bytes(const void *bytes, size_t n);
struct ex_param ex_param_int(int64_t number);
struct ex_param ex_param_array(const struct ex_array *list); /* borrowed */

/* One more: bigint, bytea, text.  A list is of one kind. */
int ex_array_int(struct ex_array *list, int64_t number, struct ex_err *err);
int ex_array_bytes(
    struct ex_array *list, const void *bytes, size_t n, struct ex_err *err);
int ex_array_text(
    struct ex_array *list, const char *text, size_t n, struct ex_err *err);

/* Nothing is in it any more; its memory is kept. */
void ex_array_clear(struct ex_array *list);
void ex_array_free(struct ex_array *list);

enum ex_expect {
	EX_NO_ROWS,
	EX_ONE_ROW,
	EX_MAYBE_ROW,
	EX_MANY_ROWS
};

struct ex_rows;

/*
 * Run a statement.  The wrong number of rows is EX_DAMAGED.  out may be NULL,
 * when only their number counts; else *out is released with ex_rows_free().  Codes:
 * EX_CONFLICT for 40001, EX_DENIED for 42501 and ours, EX_EXISTS for 23505,
 * EX_UNREACHABLE when the connection is gone, EX_SYSTEM otherwise.
 */
int ex_conn_run(struct ex_conn *conn, const struct ex_sql *q,
    const struct ex_param *param, size_t nparam, enum ex_expect expect,
    struct ex_rows **out, struct ex_err *err);

/* A migration: several statements, in a transaction of the caller's. */
int ex_conn_script(
    struct ex_conn *conn, const struct ex_sql *q, struct ex_err *err);

/*
 * COPY ... FROM STDIN: begin, any number of pieces, end; nothing else is run
 * on the connection in between.  The caller's transaction is of no use after
 * a failure.  Codes as of ex_conn_run().
 */
int ex_conn_copy_begin(
    struct ex_conn *conn, const struct ex_sql *q, struct ex_err *err);
int ex_conn_copy(
    struct ex_conn *conn, const void *data, size_t n, struct ex_err *err);
int ex_conn_copy_end(
    struct ex_conn *conn, const struct ex_sql *q, struct ex_err *err);

size_t ex_rows_count(const struct ex_rows *rows);
int ex_rows_null(const struct ex_rows *rows, size_t row, unsigned column);
/* Text of a value, never NULL.  Borrowed until ex_rows_free(). */
const char *
ex_rows_text(const struct ex_rows *rows, size_t row, unsigned column);
int64_t ex_rows_int(const struct ex_rows *rows, size_t row, unsigned column);
struct ex_span
ex_rows_bytes(const struct ex_rows *rows, size_t row, unsigned column);
void ex_rows_free(struct ex_rows *rows);

int ex_conn_begin(struct ex_conn *conn, struct ex_err *err);
/* A read-only transaction that sees one moment. */
int ex_conn_begin_snapshot(struct ex_conn *conn, struct ex_err *err);
int ex_conn_commit(struct ex_conn *conn, struct ex_err *err);
/* Also after an error; never fails. */
void ex_conn_rollback(struct ex_conn *conn);

/*
 * Wait at most us microseconds for a notification; LISTEN is the caller's
 * statement.  1: there was one, 0: none, -1.
 */
int ex_conn_wait(struct ex_conn *conn, int64_t us, struct ex_err *err);

#endif
