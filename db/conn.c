/*
 * conn.c -- the one file that speaks libpq.
 */
#include "db/conn.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PREPARED_MAX = 128, /* statements that one connection keeps */
	PARAMS_MAX = 16
};

struct ex_conn {
	PGconn *pg;
	const struct ex_sql *prepared[PREPARED_MAX];
	size_t nprepared;
	char user[128];
};

struct ex_rows {
	PGresult *pg;
};

/* What a SQLSTATE means for a caller. */
static const struct {
	const char *state; /* or the beginning of one */
	enum ex_code code;
} meaning[] = {
	{ "40001", EX_CONFLICT },
	{ "40P01", EX_CONFLICT },
	{ "42501", EX_DENIED },
	{ "28", EX_DENIED },
	{ "EX001", EX_STATE },
	{ "EX002", EX_USAGE },
	{ "57014", EX_LIMIT },
	{ "23505", EX_EXISTS },
	{ "08", EX_UNREACHABLE },
	{ "57P", EX_UNREACHABLE },
	{ "53", EX_UNREACHABLE },
	{ "3D000", EX_ABSENT },
};

static enum ex_code
code_of(const char *state)
{
	for (size_t i = 0; i < sizeof(meaning) / sizeof(meaning[0]); i++)
		if (strncmp(
			state, meaning[i].state, strlen(meaning[i].state)) == 0)
			return meaning[i].code;
	return EX_SYSTEM;
}

/* libpq's message up to its first newline. */
static int
fail_message(struct ex_err *err, enum ex_code code, const char *what,
    const char *message)
{
	return ex_fail(
	    err, code, "%s: %.*s", what, (int)strcspn(message, "\n"), message);
}

static int
fail_connect(PGconn *pg, struct ex_err *err)
{
	const char *text = PQerrorMessage(pg);
	enum ex_code code = EX_UNREACHABLE;

	if (strstr(text, "authentication failed") != NULL ||
	    strstr(text, "does not exist") != NULL ||
	    strstr(text, "not permitted") != NULL)
		code = EX_DENIED;
	return fail_message(err, code, "the database does not answer", text);
}

/* Notices are for people at psql. */
static void
drop_notice(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

int
ex_conn_open(struct ex_conn **out, const char *conninfo, struct ex_err *err)
{
	struct ex_conn *conn = calloc(1, sizeof(*conn));

	*out = NULL;
	if (conn == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	conn->pg = PQconnectdb(conninfo);
	if (PQstatus(conn->pg) != CONNECTION_OK) {
		(void)fail_connect(conn->pg, err);
		ex_conn_close(conn);
		return -1;
	}
	(void)snprintf(conn->user, sizeof(conn->user), "%s", PQuser(conn->pg));
	(void)PQsetNoticeProcessor(conn->pg, drop_notice, NULL);
	*out = conn;
	return 0;
}

void
ex_conn_close(struct ex_conn *conn)
{
	if (conn == NULL)
		return;
	PQfinish(conn->pg);
	free(conn);
}

const char *
ex_conn_user(const struct ex_conn *conn)
{
	return conn->user;
}

struct ex_param
ex_param_text(const char *text)
{
	struct ex_param p = { .kind =
				  text == NULL ? EX_PARAM_NULL : EX_PARAM_TEXT,
		.text = text };

	return p;
}

struct ex_param
ex_param_bytes(const void *bytes, size_t n)
{
	struct ex_param p = { .kind = EX_PARAM_BYTES, .bytes = bytes, .n = n };

	return p;
}

struct ex_param
ex_param_int(int64_t number)
{
	struct ex_param p = { .kind = EX_PARAM_INT, .number = number };

	return p;
}

struct ex_param
ex_param_array(const struct ex_array *list)
{
	struct ex_param p = { .kind = EX_PARAM_ARRAY,
		.bytes = list->data.data,
		.n = list->data.len };

	return p;
}

/* What the server says; of data that it could not read it says the data. */
static const char *
words_of(const PGresult *r, const char *state)
{
	const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);

	return text == NULL || strncmp(state, "22", 2) == 0 ? "refused" : text;
}

/* Turn a bad result into an error; frees it. */
static int
fail_result(
    struct ex_conn *conn, PGresult *r, const char *name, struct ex_err *err)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);

	if (state == NULL)
		state = "-----";
	if (PQstatus(conn->pg) != CONNECTION_OK)
		(void)ex_fail(
		    err, EX_UNREACHABLE, "the database went away (%s)", name);
	else
		(void)ex_fail(err, code_of(state), "database: %s: %s (%s)",
		    name, words_of(r, state), state);
	PQclear(r);
	return -1;
}

/* Prepared once on each connection. */
static int
prepare(struct ex_conn *conn, const struct ex_sql *q, struct ex_err *err)
{
	PGresult *r;

	for (size_t i = 0; i < conn->nprepared; i++)
		if (conn->prepared[i] == q)
			return 0;
	r = PQprepare(conn->pg, q->name, q->text, 0, NULL);
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		return fail_result(conn, r, q->name, err);
	PQclear(r);
	if (conn->nprepared < PREPARED_MAX)
		conn->prepared[conn->nprepared++] = q;
	return 0;
}

/* libpq's arrays out of ours; numbers are written into text. */
struct bound {
	const char *value[PARAMS_MAX];
	int length[PARAMS_MAX];
	int format[PARAMS_MAX];
	char number[PARAMS_MAX][24];
};

static int
bind_one(
    struct bound *b, size_t i, const struct ex_param *p, struct ex_err *err)
{
	b->value[i] = NULL;
	b->length[i] = 0;
	b->format[i] = 0;
	switch (p->kind) {
	case EX_PARAM_TEXT:
		b->value[i] = p->text;
		break;
	case EX_PARAM_INT:
		(void)snprintf(b->number[i], sizeof(b->number[i]), "%lld",
		    (long long)p->number);
		b->value[i] = b->number[i];
		break;
	case EX_PARAM_BYTES:
	case EX_PARAM_ARRAY:
		if (p->n > INT32_MAX)
			return ex_fail(err, EX_LIMIT, "too many bytes");
		b->value[i] = p->bytes == NULL ? "" : p->bytes;
		b->length[i] = (int)p->n;
		b->format[i] = 1;
		break;
	case EX_PARAM_NULL:
	default:
		break;
	}
	return 0;
}

static int
check_shape(const struct ex_sql *q, PGresult *r, enum ex_expect expect,
    struct ex_err *err)
{
	int n = PQntuples(r);

	if ((expect == EX_ONE_ROW && n != 1) ||
	    (expect == EX_MAYBE_ROW && n > 1) ||
	    (expect == EX_NO_ROWS && n > 0))
		return ex_fail(err, EX_DAMAGED,
		    "database: %s: %d rows where another number was expected",
		    q->name, n);
	return 0;
}

int
ex_conn_run(struct ex_conn *conn, const struct ex_sql *q,
    const struct ex_param *param, size_t nparam, enum ex_expect expect,
    struct ex_rows **out, struct ex_err *err)
{
	struct bound b;
	PGresult *r;

	if (out != NULL)
		*out = NULL;
	if (nparam > PARAMS_MAX)
		return ex_fail(err, EX_LIMIT, "too many parameters");
	for (size_t i = 0; i < nparam; i++)
		if (bind_one(&b, i, &param[i], err) == -1)
			return -1;
	if (prepare(conn, q, err) == -1)
		return -1;
	r = PQexecPrepared(
	    conn->pg, q->name, (int)nparam, b.value, b.length, b.format, 1);
	if (PQresultStatus(r) != PGRES_TUPLES_OK &&
	    PQresultStatus(r) != PGRES_COMMAND_OK)
		return fail_result(conn, r, q->name, err);
	if (check_shape(q, r, expect, err) == -1) {
		PQclear(r);
		return -1;
	}
	if (out == NULL) {
		PQclear(r);
		return 0;
	}
	if ((*out = calloc(1, sizeof(**out))) == NULL) {
		PQclear(r);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	(*out)->pg = r;
	return 0;
}

/* A fixed text of ours, not prepared. */
static int
run_text(struct ex_conn *conn, const char *name, const char *text,
    struct ex_err *err)
{
	PGresult *r = PQexec(conn->pg, text);
	ExecStatusType s = PQresultStatus(r);

	if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK)
		return fail_result(conn, r, name, err);
	PQclear(r);
	return 0;
}

int
ex_conn_script(struct ex_conn *conn, const struct ex_sql *q, struct ex_err *err)
{
	return run_text(conn, q->name, q->text, err);
}

int
ex_conn_copy_begin(
    struct ex_conn *conn, const struct ex_sql *q, struct ex_err *err)
{
	PGresult *r = PQexec(conn->pg, q->text);

	if (PQresultStatus(r) != PGRES_COPY_IN)
		return fail_result(conn, r, q->name, err);
	PQclear(r);
	return 0;
}

int
ex_conn_copy(
    struct ex_conn *conn, const void *data, size_t n, struct ex_err *err)
{
	if (n > INT32_MAX)
		return ex_fail(err, EX_LIMIT, "too many bytes");
	if (PQputCopyData(conn->pg, data, (int)n) != 1)
		return ex_fail(err, EX_UNREACHABLE, "the database went away");
	return 0;
}

int
ex_conn_copy_end(
    struct ex_conn *conn, const struct ex_sql *q, struct ex_err *err)
{
	PGresult *r, *more;
	int rc = 0;

	if (PQputCopyEnd(conn->pg, NULL) != 1)
		return ex_fail(err, EX_UNREACHABLE, "the database went away");
	r = PQgetResult(conn->pg);
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		rc = fail_result(conn, r, q->name, err);
	else
		PQclear(r);
	while ((more = PQgetResult(conn->pg)) != NULL)
		PQclear(more);
	return rc;
}

size_t
ex_rows_count(const struct ex_rows *rows)
{
	return rows == NULL ? 0 : (size_t)PQntuples(rows->pg);
}

int
ex_rows_null(const struct ex_rows *rows, size_t row, unsigned column)
{
	return PQgetisnull(rows->pg, (int)row, (int)column);
}

const char *
ex_rows_text(const struct ex_rows *rows, size_t row, unsigned column)
{
	return PQgetvalue(rows->pg, (int)row, (int)column);
}

/* Integers come in network order, of two, four or eight bytes. */
int64_t
ex_rows_int(const struct ex_rows *rows, size_t row, unsigned column)
{
	struct ex_span s = ex_rows_bytes(rows, row, column);
	uint64_t v = 0;

	for (size_t i = 0; i < s.n; i++)
		v = v << 8 | s.p[i];
	if (s.n == 2)
		return (int16_t)v;
	if (s.n == 4)
		return (int32_t)v;
	return (int64_t)v;
}

struct ex_span
ex_rows_bytes(const struct ex_rows *rows, size_t row, unsigned column)
{
	struct ex_span s;

	s.p = (const uint8_t *)PQgetvalue(rows->pg, (int)row, (int)column);
	s.n = (size_t)PQgetlength(rows->pg, (int)row, (int)column);
	return s;
}

void
ex_rows_free(struct ex_rows *rows)
{
	if (rows == NULL)
		return;
	PQclear(rows->pg);
	free(rows);
}

int
ex_conn_begin(struct ex_conn *conn, struct ex_err *err)
{
	return run_text(conn, "begin", "BEGIN", err);
}

int
ex_conn_begin_snapshot(struct ex_conn *conn, struct ex_err *err)
{
	return run_text(conn, "begin",
	    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", err);
}

int
ex_conn_commit(struct ex_conn *conn, struct ex_err *err)
{
	PGresult *r = PQexec(conn->pg, "COMMIT");

	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		return fail_result(conn, r, "commit", err);
	/* COMMIT of a failed transaction answers ROLLBACK. */
	if (strcmp(PQcmdStatus(r), "COMMIT") != 0) {
		PQclear(r);
		return ex_fail(err, EX_SYSTEM,
		    "database: the transaction was rolled back");
	}
	PQclear(r);
	return 0;
}

void
ex_conn_rollback(struct ex_conn *conn)
{
	if (PQtransactionStatus(conn->pg) != PQTRANS_IDLE)
		(void)run_text(conn, "rollback", "ROLLBACK", NULL);
}

/* Take what was notified; 1 when there was anything. */
static int
take_notifications(struct ex_conn *conn)
{
	PGnotify *n;
	int any = 0;

	while ((n = PQnotifies(conn->pg)) != NULL) {
		any = 1;
		PQfreemem(n);
	}
	return any;
}

int
ex_conn_wait(struct ex_conn *conn, int64_t us, struct ex_err *err)
{
	struct pollfd p = { PQsocket(conn->pg), POLLIN, 0 };

	if (take_notifications(conn))
		return 1;
	if (PQstatus(conn->pg) != CONNECTION_OK)
		return ex_fail(err, EX_UNREACHABLE, "the database went away");
	if (poll(&p, 1, (int)(us / 1000)) <= 0)
		return 0;
	if (!PQconsumeInput(conn->pg))
		return ex_fail(err, EX_UNREACHABLE, "the database went away");
	return take_notifications(conn);
}
