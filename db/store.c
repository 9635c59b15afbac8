/*
 * store.c -- appending, and the state of things.
 */
#include "db/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "db/sql_queries.h"
#include "signing/cms.h"

enum {
	PAGE = 256 /* rows fetched at once */
};

int
ex_store_append(
    struct ex_conn *conn, const struct ex_append *a, struct ex_err *err)
{
	char stream[EX_STREAM_TEXT];
	struct ex_rows *rows;
	struct ex_param p[8];

	ex_stream_text(stream, a->stream);
	p[0] = ex_param_text(stream);
	p[1] = ex_param_int((int64_t)a->seq);
	p[2] = ex_param_bytes(a->prev, EX_HASH);
	p[3] = ex_param_bytes(a->leaf, EX_HASH);
	p[4] = ex_param_bytes(a->body_sha256, EX_SHA256_LEN);
	p[5] = ex_param_bytes(a->entry, a->nentry);
	p[6] = ex_param_bytes(a->openings, a->nopenings);
	p[7] = ex_param_text(a->case_number == NULL ? "" : a->case_number);
	if (ex_conn_run(conn, &ex_query_append, p, 8, EX_ONE_ROW, &rows, err) ==
	    -1)
		return -1;
	ex_rows_free(rows);
	return 0;
}

static enum ex_entry_state
state_of(const char *word)
{
	if (strcmp(word, "included") == 0)
		return EX_ENTRY_INCLUDED;
	if (strcmp(word, "rejected") == 0)
		return EX_ENTRY_REJECTED;
	return EX_ENTRY_WAITING;
}

int
ex_store_status(struct ex_conn *conn, const uint8_t body_sha256[EX_SHA256_LEN],
    struct ex_entry_status *out, struct ex_err *err)
{
	struct ex_param p = ex_param_bytes(body_sha256, EX_SHA256_LEN);
	struct ex_rows *rows;

	memset(out, 0, sizeof(*out));
	if (ex_conn_run(
		conn, &ex_query_status, &p, 1, EX_MAYBE_ROW, &rows, err) == -1)
		return -1;
	if (ex_rows_count(rows) == 1) {
		out->state = state_of(ex_rows_text(rows, 0, 0));
		out->index = (uint64_t)ex_rows_int(rows, 0, 1);
		(void)snprintf(out->code, sizeof(out->code), "%s",
		    ex_rows_text(rows, 0, 2));
		(void)snprintf(out->reason, sizeof(out->reason), "%s",
		    ex_rows_text(rows, 0, 3));
	}
	ex_rows_free(rows);
	return 0;
}

int
ex_store_fact(struct ex_conn *conn, const char *kind, const char *id,
    struct ex_json **out, struct ex_err *err)
{
	struct ex_param p[2] = { ex_param_text(kind), ex_param_text(id) };
	struct ex_rows *rows;
	struct ex_span text;
	int rc = 0;

	*out = NULL;
	if (ex_conn_run(conn, &ex_query_fact, p, 2, EX_MAYBE_ROW, &rows, err) ==
	    -1)
		return -1;
	if (ex_rows_count(rows) == 1) {
		text = ex_rows_bytes(rows, 0, 0);
		rc = ex_json_read(out, text.p, text.n, err);
	}
	ex_rows_free(rows);
	return rc == -1 ? ex_while(err, "a fact in the database") : 0;
}

/* One page of facts after (kind, id); *more 0 at the end. */
static int
facts_page(struct ex_conn *conn, const char *kind, struct ex_buf last[2],
    ex_fact_each *each, void *arg, int *more, struct ex_err *err)
{
	struct ex_param p[4] = { ex_param_text(kind),
		ex_param_text(ex_buf_text(&last[0])),
		ex_param_text(ex_buf_text(&last[1])), ex_param_int(PAGE) };
	struct ex_rows *rows;
	size_t n;
	int rc = 0;

	if (ex_conn_run(
		conn, &ex_query_facts, p, 4, EX_MANY_ROWS, &rows, err) == -1)
		return -1;
	n = ex_rows_count(rows);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = each(arg, ex_rows_text(rows, i, 0),
		    ex_rows_text(rows, i, 1), ex_rows_text(rows, i, 2),
		    ex_rows_bytes(rows, i, 3), err);
	*more = n == PAGE;
	for (int k = 0; rc == 0 && n > 0 && k < 2; k++) {
		ex_buf_cut(&last[k], 0);
		rc = ex_buf_add_text(
		    &last[k], ex_rows_text(rows, n - 1, (unsigned)k), err);
	}
	ex_rows_free(rows);
	return rc;
}

int
ex_store_facts(struct ex_conn *conn, const char *kind, ex_fact_each *each,
    void *arg, struct ex_err *err)
{
	struct ex_buf last[2] = { EX_BUF_INIT, EX_BUF_INIT };
	int more = 1, rc = 0;

	while (rc == 0 && more)
		rc = facts_page(conn, kind, last, each, arg, &more, err);
	ex_buf_free(&last[0]);
	ex_buf_free(&last[1]);
	return rc;
}

static int
view_get(void *arg, const char *kind, const char *id, struct ex_json **out,
    struct ex_err *err)
{
	return ex_store_fact(arg, kind, id, out, err);
}

/* Which act an entry is, and whose, by its body. */
static int
read_act(struct ex_entry_ref *out, struct ex_span entry, struct ex_err *err)
{
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	struct ex_event e = { 0 };
	int rc = -1;

	if (cms == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_cms_parse(cms, entry.p, entry.n, err) == 0 &&
	    ex_event_parse(&e, cms->body.p, cms->body.n, err) == 0) {
		out->act = e.act;
		out->actor = ex_actor_tag(ex_event_actor(&e)->person);
		rc = 0;
	}
	ex_event_free(&e);
	free(cms);
	return rc;
}

static int
view_entry(void *arg, const uint8_t leaf[EX_HASH], struct ex_entry_ref *out,
    struct ex_err *err)
{
	struct ex_param p = ex_param_bytes(leaf, EX_HASH);
	struct ex_rows *rows;
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (ex_conn_run(arg, &ex_query_leaf_exact, &p, 1, EX_MAYBE_ROW, &rows,
		err) == -1)
		return -1;
	if (ex_rows_count(rows) == 0) {
		(void)ex_fail(err, EX_ABSENT, "the log has no such entry");
	} else {
		out->index = (uint64_t)ex_rows_int(rows, 0, 0);
		out->seq = (uint64_t)ex_rows_int(rows, 0, 2);
		if (ex_stream_read(
			&out->stream, ex_rows_text(rows, 0, 1), err) == 0)
			rc = read_act(out, ex_rows_bytes(rows, 0, 3), err);
	}
	ex_rows_free(rows);
	return rc;
}

void
ex_store_view(struct ex_view *out, struct ex_conn *conn)
{
	memset(out, 0, sizeof(*out));
	out->arg = conn;
	out->get = view_get;
	out->entry = view_entry;
}

int
ex_store_node(void *conn, unsigned level, uint64_t index, uint8_t hash[EX_HASH],
    struct ex_err *err)
{
	struct ex_param p[2] = { ex_param_int(level),
		ex_param_int((int64_t)index) };
	struct ex_rows *rows;
	struct ex_span s;
	int rc = -1;

	if (ex_conn_run(conn, &ex_query_node, p, 2, EX_MAYBE_ROW, &rows, err) ==
	    -1)
		return -1;
	if (ex_rows_count(rows) == 0) {
		(void)ex_fail(err, EX_DAMAGED, "the tree lacks node %u/%llu",
		    level, (unsigned long long)index);
	} else if ((s = ex_rows_bytes(rows, 0, 0)).n != EX_HASH) {
		(void)ex_fail(err, EX_DAMAGED, "a node of another size");
	} else {
		memcpy(hash, s.p, EX_HASH);
		rc = 0;
	}
	ex_rows_free(rows);
	return rc;
}

int
ex_store_nodes(struct ex_conn *conn,
    int (*each)(void *arg, unsigned level, uint64_t index,
	const uint8_t hash[EX_HASH], struct ex_err *err),
    void *arg, struct ex_err *err)
{
	int64_t level = -1, index = -1;
	size_t n = PAGE;
	int rc = 0;

	while (rc == 0 && n == PAGE) {
		struct ex_param p[3] = { ex_param_int(level),
			ex_param_int(index), ex_param_int(PAGE) };
		struct ex_rows *rows;

		if (ex_conn_run(conn, &ex_query_nodes, p, 3, EX_MANY_ROWS,
			&rows, err) == -1)
			return -1;
		n = ex_rows_count(rows);
		for (size_t i = 0; rc == 0 && i < n; i++) {
			struct ex_span s = ex_rows_bytes(rows, i, 2);

			level = ex_rows_int(rows, i, 0);
			index = ex_rows_int(rows, i, 1);
			rc = s.n == EX_HASH ? each(arg, (unsigned)level,
						  (uint64_t)index, s.p, err)
					    : ex_fail(err, EX_DAMAGED,
						  "a node of another size");
		}
		ex_rows_free(rows);
	}
	return rc;
}

int
ex_store_checkpoint(struct ex_conn *conn, struct ex_buf *out, int64_t *made_at,
    struct ex_err *err)
{
	struct ex_rows *rows;
	struct ex_span s;
	int rc;

	if (ex_conn_run(conn, &ex_query_checkpoint, NULL, 0, EX_MAYBE_ROW,
		&rows, err) == -1)
		return -1;
	if (ex_rows_count(rows) == 0) {
		rc = ex_fail(err, EX_ABSENT, "the log has no checkpoint yet");
	} else {
		s = ex_rows_bytes(rows, 0, 0);
		rc = ex_buf_add(out, s.p, s.n, err);
		if (made_at != NULL)
			*made_at = ex_rows_int(rows, 0, 1);
	}
	ex_rows_free(rows);
	return rc;
}

int
ex_store_published_after(
    struct ex_conn *conn, uint64_t size, int64_t *at, struct ex_err *err)
{
	struct ex_param p = ex_param_int((int64_t)size);
	struct ex_rows *rows;

	*at = 0;
	if (ex_conn_run(conn, &ex_query_checkpoint_after, &p, 1, EX_MAYBE_ROW,
		&rows, err) == -1)
		return -1;
	if (ex_rows_count(rows) == 1)
		*at = ex_rows_int(rows, 0, 0);
	ex_rows_free(rows);
	return 0;
}

int
ex_store_checkpoints(struct ex_conn *conn,
    int (*each)(
	void *arg, uint64_t size, struct ex_span note, struct ex_err *err),
    void *arg, struct ex_err *err)
{
	int64_t size = 0;
	size_t n = PAGE;
	int rc = 0;

	while (rc == 0 && n == PAGE) {
		struct ex_param p[2] = { ex_param_int(size),
			ex_param_int(PAGE) };
		struct ex_rows *rows;

		if (ex_conn_run(conn, &ex_query_checkpoints, p, 2, EX_MANY_ROWS,
			&rows, err) == -1)
			return -1;
		n = ex_rows_count(rows);
		for (size_t i = 0; rc == 0 && i < n; i++) {
			size = ex_rows_int(rows, i, 0);
			rc = each(arg, (uint64_t)size,
			    ex_rows_bytes(rows, i, 1), err);
		}
		ex_rows_free(rows);
	}
	return rc;
}

int
ex_store_ask_heads(struct ex_conn *conn, struct ex_err *err)
{
	return ex_conn_run(
	    conn, &ex_query_ask_heads, NULL, 0, EX_ONE_ROW, NULL, err);
}

int
ex_store_counts(struct ex_conn *conn, uint64_t *queued, uint64_t *rejected,
    struct ex_err *err)
{
	struct ex_rows *rows;

	if (ex_conn_run(
		conn, &ex_query_counts, NULL, 0, EX_ONE_ROW, &rows, err) == -1)
		return -1;
	*queued = (uint64_t)ex_rows_int(rows, 0, 0);
	*rejected = (uint64_t)ex_rows_int(rows, 0, 1);
	ex_rows_free(rows);
	return 0;
}
