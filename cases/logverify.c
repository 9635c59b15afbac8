/*
 * logverify.c -- a database's rows, fed to the log's check.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cases/house.h"
#include "cases/logcheck.h"
#include "db/anchor.h"
#include "db/store.h"
#include "db/tables.h"

struct feeding {
	struct ex_logcheck c;
	struct ex_conn *conn;
	uint64_t nodes;
	uint64_t newest; /* size of the newest checkpoint */
	struct ex_buf note;
};

static void
tell(const struct feeding *f, const char *phase, uint64_t done, uint64_t total)
{
	const struct ex_log_verify *v = f->c.v;

	if (v->progress != NULL)
		v->progress(v->progress_arg, phase, done, total);
}

static int
feed_entry(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	struct feeding *f = arg;
	struct ex_logcheck_row r = { row->index, row->stream, row->seq,
		row->leaf, row->entry.p, row->entry.n, row->openings.p,
		row->openings.n, row->case_number, row->body_sha256 };

	tell(f, "entries", row->index + 1, f->newest);
	return ex_logcheck_entry(&f->c, &r, err);
}

static int
feed_node(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[EX_HASH], struct ex_err *err)
{
	struct feeding *f = arg;

	f->nodes++;
	return ex_logcheck_node(&f->c, level, index, hash, err);
}

static int
feed_fact(void *arg, const char *kind, const char *id, const char *case_number,
    struct ex_span value, struct ex_err *err)
{
	struct feeding *f = arg;

	return ex_logcheck_fact(
	    &f->c, kind, id, case_number, value.p, value.n, err);
}

static int
feed_loose(void *arg, const struct ex_loose_row *row, struct ex_err *err)
{
	struct feeding *f = arg;
	struct ex_logcheck_loose l = { row->stream, row->seq, row->entry.p,
		row->entry.n, row->rejected, row->queued, row->reason };

	return ex_logcheck_loose(&f->c, &l, err);
}

static int
feed_wrong(void *arg, int64_t index, const char *stream, const char *what,
    struct ex_err *err)
{
	struct feeding *f = arg;

	return ex_logcheck_row_wrong(&f->c, index, stream, what, err);
}

static int
feed_note(void *arg, uint64_t size, struct ex_span note, struct ex_err *err)
{
	struct feeding *f = arg;
	char name[32];

	(void)snprintf(name, sizeof(name), "size %" PRIu64, size);
	return ex_logcheck_note(
	    &f->c, EX_FROM_TABLE, name, note.p, note.n, err);
}

/* With what witnesses said of it, unless that makes it no note any more. */
static int
add_lines(struct feeding *f, struct ex_err *err)
{
	struct ex_note note;
	size_t before = f->note.len;

	if (ex_anchor_add_lines(&f->note, f->conn, f->newest, err) == -1)
		return -1;
	if (ex_note_parse(&note, f->note.data, f->note.len, NULL) == -1)
		ex_buf_cut(&f->note, before);
	return 0;
}

/* The newest note comes first: progress needs the size. */
static int
read_newest(struct feeding *f, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_note note;
	struct ex_checkpoint p;

	if (ex_store_checkpoint(f->conn, &f->note, NULL, &why) == -1)
		return why.code == EX_ABSENT
			   ? 0
			   : ex_fail(err, why.code, "%s", why.text);
	if (ex_note_parse(&note, f->note.data, f->note.len, NULL) == -1 ||
	    ex_checkpoint_read(&p, note.text, NULL) == -1)
		return 0;
	f->newest = p.size;
	return add_lines(f, err);
}

static int
feed_row(void *arg, int64_t id, const uint8_t leaf[EX_HASH], struct ex_err *err)
{
	(void)id;
	return ex_logcheck_table_row(arg, leaf, err);
}

static int
count_row(
    void *arg, int64_t id, const uint8_t leaf[EX_HASH], struct ex_err *err)
{
	uint64_t *n = arg;

	(void)id;
	(void)leaf;
	(void)err;
	++*n;
	return 0;
}

/* Rows that no entry can close, and those that none has closed yet. */
static int
feed_loose_rows(struct feeding *f, const char *table, struct ex_err *err)
{
	uint64_t below = 0, open = 0;
	int64_t to = 0;

	for (size_t i = 0; i < f->c.nanchors; i++) {
		if (strcmp(f->c.anchor[i].table, table) == 0)
			to = f->c.anchor[i].to;
	}
	if (ex_table_rows(
		f->conn, table, INT64_MIN, 0, count_row, &below, err) == -1 ||
	    ex_table_rows(f->conn, table, to + 1, INT64_MAX - 1, count_row,
		&open, err) == -1)
		return -1;
	return ex_logcheck_table_loose(&f->c, table, below, open, err);
}

/* Rows that entries have closed, and the others. */
static int
feed_tables(struct feeding *f, struct ex_err *err)
{
	const char *table;

	for (size_t i = 0; i < f->c.nanchors; i++) {
		struct ex_logcheck_anchor *a = &f->c.anchor[i];
		struct ex_err why = EX_ERR_INIT;

		if (ex_table_rows(f->conn, a->table, a->from, a->to, feed_row,
			a, &why) == -1 &&
		    why.code != EX_ABSENT)
			return ex_fail(err, why.code, "%s", why.text);
		if (ex_logcheck_table(&f->c, a, err) == -1)
			return -1;
	}
	for (size_t i = 0; (table = ex_table_name(i)) != NULL; i++) {
		if (feed_loose_rows(f, table, err) == -1)
			return -1;
	}
	return 0;
}

static int
feed(struct feeding *f, struct ex_err *err)
{
	struct ex_logcheck *c = &f->c;

	if (read_newest(f, err) == -1 ||
	    ex_store_entries(f->conn, 0, feed_entry, f, err) == -1)
		return -1;
	if (f->note.len > 0 && ex_logcheck_note(c, EX_FROM_NEWEST, "newest",
				   f->note.data, f->note.len, err) == -1)
		return -1;
	if (ex_store_checkpoints(f->conn, feed_note, f, err) == -1 ||
	    ex_store_nodes(f->conn, feed_node, f, err) == -1 ||
	    ex_logcheck_nodes(c, f->nodes, err) == -1 ||
	    ex_store_facts(f->conn, NULL, feed_fact, f, err) == -1 ||
	    ex_logcheck_facts(c, err) == -1 ||
	    ex_store_loose(f->conn, feed_loose, f, err) == -1 ||
	    ex_store_rows_wrong(f->conn, feed_wrong, f, err) == -1 ||
	    feed_tables(f, err) == -1)
		return -1;
	return ex_logcheck_outside(c, err);
}

int
ex_log_verify(struct ex_log_report *out, struct ex_conn *conn,
    const struct ex_log_verify *v, struct ex_err *err)
{
	struct feeding f = { .conn = conn };
	int rc = -1;

	memset(out, 0, sizeof(*out));
	out->verdict = EX_FAULTY;
	if (ex_logcheck_start(&f.c, out, v, err) == -1)
		goto out;
	if (ex_logcheck_before(&f.c, err) == -1 ||
	    ex_conn_begin_snapshot(conn, err) == -1)
		goto out;
	rc = feed(&f, err);
	ex_conn_rollback(conn);
	if (rc == 0)
		rc = ex_logcheck_finish(&f.c, err);
out:
	ex_buf_free(&f.note);
	ex_logcheck_end(&f.c);
	return rc;
}

static int
add_remark(
    struct ex_json *list, const struct ex_log_remark *m, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(v, "code", m->code, err) == -1 ||
	    ex_json_set_text(v, "text", m->text, err) == -1 ||
	    (m->has_index &&
		ex_json_set_int(v, "index", (int64_t)m->index, err) == -1) ||
	    (m->stream[0] != '\0' &&
		ex_json_set_text(v, "stream", m->stream, err) == -1) ||
	    (m->seq != 0 &&
		ex_json_set_int(v, "seq", (int64_t)m->seq, err) == -1)) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(list, v, err);
}

/* Remarks of one severity under a name. */
static int
set_remarks(struct ex_json *v, const char *name, enum ex_severity severity,
    const struct ex_log_report *r, struct ex_err *err)
{
	struct ex_json *list = ex_json_array();

	if (ex_json_set(v, name, list, err) == -1)
		return -1;
	for (size_t i = 0; i < r->nremarks; i++) {
		if (r->remark[i].severity == severity &&
		    add_remark(list, &r->remark[i], err) == -1)
			return -1;
	}
	return 0;
}

static int
set_report(struct ex_json *v, const struct ex_log_report *r, struct ex_err *err)
{
	const struct ex_checkpoint *p = &r->checkpoint;

	if (ex_json_set_text(v, "verdict", ex_verdict_name(r->verdict), err) ==
		-1 ||
	    ex_json_set_text(v, "text", ex_verdict_text(r->verdict), err) ==
		-1 ||
	    ex_json_set_int(v, "entries", (int64_t)r->entries, err) == -1 ||
	    ex_json_set_int(v, "facts", (int64_t)r->facts, err) == -1 ||
	    ex_json_set_int(v, "openings", (int64_t)r->openings, err) == -1 ||
	    ex_json_set_int(v, "heads", (int64_t)r->heads, err) == -1 ||
	    ex_json_set_int(v, "rejected", (int64_t)r->rejected, err) == -1 ||
	    ex_json_set_int(v, "queued", (int64_t)r->queued, err) == -1)
		return -1;
	if (r->has_checkpoint &&
	    (ex_json_set_text(v, "origin", p->origin, err) == -1 ||
		ex_json_set_int(v, "size", (int64_t)p->size, err) == -1 ||
		ex_json_set_hex(v, "root", p->root, EX_HASH, err) == -1))
		return -1;
	if (set_remarks(v, "faults", EX_FAULT, r, err) == -1 ||
	    set_remarks(v, "findings", EX_FINDING, r, err) == -1)
		return -1;
	return set_remarks(v, "notes", EX_NOTED, r, err);
}

/* What v leaves open comes from the house; a copy has no store of its own. */
static int
check(struct ex_log_report *r, struct ex_house *house, const char *conninfo,
    const struct ex_log_verify *v, struct ex_err *err)
{
	struct ex_log_verify full = *v;
	char seen[EX_PATH], outside[EX_PATH];
	struct ex_conn *conn = NULL;
	int rc = -1;

	if (full.log == NULL && full.policy == NULL)
		full.log = ex_house_log_key(house);
	if (ex_house_path(seen, house, "seen", err) == -1 ||
	    ex_house_path(outside, house, "log/outside", err) == -1)
		return -1;
	if (full.seen == NULL)
		full.seen = seen;
	if (full.outside == NULL)
		full.outside = outside;
	if (conninfo == NULL)
		return ex_house_service(house, &conn, err) == -1
			   ? -1
			   : ex_log_verify(r, conn, &full, err);
	if (ex_conn_open(&conn, conninfo, err) == 0)
		rc = ex_log_verify(r, conn, &full, err);
	ex_conn_close(conn);
	return rc;
}

int
ex_log_verify_run(struct ex_json **out, int *status, struct ex_house *house,
    const char *conninfo, const struct ex_log_verify *v, struct ex_err *err)
{
	struct ex_log_report r = { 0 };
	struct ex_json *summary = ex_json_object();
	int rc = -1;

	*out = NULL;
	*status = 2;
	if (summary == NULL) {
		ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (check(&r, house, conninfo, v, err) == -1 ||
	    set_report(summary, &r, err) == -1)
		goto out;
	*out = ex_json_ref(summary);
	*status = ex_verdict_exit(r.verdict);
	rc = 0;
out:
	ex_json_free(summary);
	ex_log_report_free(&r);
	return rc;
}
