/*
 * record_read.c -- which streams make a record, and their rows.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/nodes.h"
#include "cases/record_parts.h"
#include "db/store.h"

/* A row, copied out of the database's answer. */
struct kept {
	uint64_t index;
	int64_t recorded_at;
	struct ex_buf entry, openings;
};

struct reading {
	struct ex_record *r;
	struct ex_conn *conn;
	struct kept **row;
	size_t nrows, caprows;
	struct ex_nodes *nodes;
};

static void
free_kept(struct kept *k)
{
	if (k == NULL)
		return;
	ex_buf_free(&k->entry);
	ex_buf_free(&k->openings);
	free(k);
}

static int
keep(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	struct reading *g = arg;
	size_t want = g->caprows == 0 ? 64 : 2 * g->caprows;
	struct kept *k, **p;

	/* What came after the checkpoint is not proven yet. */
	if (row->index >= g->r->checkpoint.size)
		return 0;
	if (g->nrows == g->caprows) {
		if (want > SIZE_MAX / sizeof(*p) ||
		    (p = realloc(g->row, want * sizeof(*p))) == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		g->row = p;
		g->caprows = want;
	}
	if ((k = calloc(1, sizeof(*k))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	k->index = row->index;
	k->recorded_at = row->recorded_at;
	if (ex_buf_add(&k->entry, row->entry.p, row->entry.n, err) == -1 ||
	    ex_buf_add(&k->openings, row->openings.p, row->openings.n, err) ==
		-1) {
		free_kept(k);
		return -1;
	}
	g->row[g->nrows++] = k;
	return 0;
}

static int
by_index(const void *a, const void *b)
{
	const struct kept *const *x = a, *const *y = b;

	return (*x)->index < (*y)->index ? -1 : (*x)->index > (*y)->index;
}

static int
add_rows(struct reading *g, struct ex_err *err)
{
	struct ex_tree_proof proof;

	if (g->nrows > 0)
		qsort(g->row, g->nrows, sizeof(*g->row), by_index);
	for (size_t i = 0; i < g->nrows; i++) {
		const struct kept *k = g->row[i];
		struct ex_record_source s = { k->entry.data, k->entry.len,
			k->openings.data, k->openings.len, k->index,
			k->recorded_at, &proof };

		if (ex_tree_prove_inclusion(&proof, k->index,
			g->r->checkpoint.size, ex_nodes_fetch, g->nodes,
			err) == -1 ||
		    ex_record_add(g->r, &s, err) == -1)
			return -1;
	}
	return 0;
}

static int
read_stream(struct reading *g, enum ex_stream_kind kind, const char *id,
    struct ex_err *err)
{
	struct ex_stream s;

	if (ex_stream_set(&s, kind, id, err) == -1)
		return -1;
	return ex_store_stream(g->conn, &s, keep, g, err);
}

static int
note_lab(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	struct ex_stream *lab = arg;

	return ex_stream_read(lab, row->stream, err);
}

/* The stream of the laboratory is that of the log's first entry. */
static int
read_lab(struct reading *g, struct ex_err *err)
{
	struct ex_stream lab = { EX_STREAM_LAB, "" };

	if (ex_store_entry(g->conn, 0, note_lab, &lab, err) == -1)
		return -1;
	return ex_store_stream(g->conn, &lab, keep, g, err);
}

static int
add_item(struct ex_record *r, const char *item, struct ex_err *err)
{
	char **p;

	for (size_t i = 0; i < r->nitems; i++) {
		if (strcmp(r->item[i], item) == 0)
			return 0;
	}
	if ((p = realloc(r->item, (r->nitems + 1) * sizeof(*p))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	r->item = p;
	if ((r->item[r->nitems] = strdup(item)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	r->nitems++;
	return 0;
}

static int
add_items(struct ex_record *r, const struct ex_json *list, struct ex_err *err)
{
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const char *item = ex_json_text(ex_json_at(list, i));

		if (item != NULL && add_item(r, item, err) == -1)
			return -1;
	}
	return 0;
}

static int
set_case(struct ex_record *r, const char *number, struct ex_err *err)
{
	if (number == NULL || strlen(number) > EX_CASE_MAX)
		return ex_fail(err, EX_DAMAGED, "a row names no case");
	memcpy(r->case_number, number, strlen(number) + 1);
	return 0;
}

/* An item, its images, and what it was made from. */
static int
choose_item(struct reading *g, const struct ex_json *fact, struct ex_err *err)
{
	const char *parent = ex_json_get_text(fact, "parent");

	if (set_case(g->r, ex_json_get_text(fact, "case"), err) == -1 ||
	    add_item(g->r, g->r->subject.id, err) == -1 ||
	    add_items(g->r, ex_json_get(fact, "images"), err) == -1)
		return -1;
	return parent == NULL ? 0 : add_item(g->r, parent, err);
}

/* Rows say which streams to read; what they say is compared afterwards. */
static int
choose(struct reading *g, struct ex_err *err)
{
	int is_case = g->r->subject.kind == EX_STREAM_CASE;
	struct ex_json *fact = NULL;
	int rc = -1;

	if (ex_store_fact(g->conn, is_case ? "case" : "item", g->r->subject.id,
		&fact, err) == -1)
		goto out;
	if (fact == NULL)
		ex_fail(err, EX_ABSENT,
		    "%s %s is not known here, or may not be seen",
		    is_case ? "case" : "item", g->r->subject.id);
	else if (is_case)
		rc = set_case(g->r, g->r->subject.id, err) == -1
			 ? -1
			 : add_items(g->r, ex_json_get(fact, "items"), err);
	else
		rc = choose_item(g, fact, err);
out:
	ex_json_free(fact);
	return rc;
}

/* Does the record hold the stream of this item? */
static int
holds(const struct ex_record *r, const char *item)
{
	for (size_t i = 0; i < r->nentries; i++) {
		if (ex_record_of_item(r->entry[i], item))
			return 1;
	}
	return 0;
}

/* What the entries themselves say belongs here must be here. */
static int
check_complete(const struct ex_record *r, struct ex_err *err)
{
	int is_case = r->subject.kind == EX_STREAM_CASE;
	struct ex_json *fact = NULL;
	const struct ex_json *list;
	int rc = -1;

	if (ex_record_fact(
		&fact, r, is_case ? "case" : "item", r->subject.id, err) == -1)
		goto out;
	if (fact == NULL) {
		ex_fail(err, EX_DAMAGED,
		    "no entry that proves itself tells of %s", r->subject.id);
		goto out;
	}
	list = ex_json_get(fact, is_case ? "items" : "images");
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const char *item = ex_json_text(ex_json_at(list, i));

		if (item != NULL && !holds(r, item)) {
			ex_fail(err, EX_DAMAGED,
			    "the entries of %s name %s, whose own are not "
			    "there",
			    r->subject.id, item);
			goto out;
		}
	}
	rc = 0;
out:
	ex_json_free(fact);
	return rc;
}

static int
read_all(struct reading *g, struct ex_err *err)
{
	struct ex_record *r = g->r;

	if (ex_store_checkpoint(g->conn, &r->note, NULL, err) == -1 ||
	    ex_record_checkpoint(r, err) == -1 || choose(g, err) == -1 ||
	    read_lab(g, err) == -1 ||
	    read_stream(g, EX_STREAM_CASE, r->case_number, err) == -1)
		return -1;
	for (size_t i = 0; i < r->nitems; i++) {
		if (read_stream(g, EX_STREAM_ITEM, r->item[i], err) == -1)
			return -1;
	}
	if (add_rows(g, err) == -1)
		return -1;
	return check_complete(r, err);
}

int
ex_record_read(struct ex_record *out, struct ex_conn *conn,
    const struct ex_vkey *log, const struct ex_stream *subject,
    struct ex_err *err)
{
	struct reading g = { .r = out, .conn = conn };
	int rc = -1;

	if (ex_record_start(out, log, subject, err) == -1)
		return -1;
	if (subject->kind != EX_STREAM_ITEM && subject->kind != EX_STREAM_CASE)
		return ex_fail(
		    err, EX_USAGE, "%s: neither item nor case", subject->id);
	if (ex_nodes_new(&g.nodes, conn, err) == -1)
		return -1;
	if (ex_conn_begin_snapshot(conn, err) == 0) {
		rc = read_all(&g, err);
		ex_conn_rollback(conn);
	}
	for (size_t i = 0; i < g.nrows; i++)
		free_kept(g.row[i]);
	free(g.row);
	ex_nodes_free(g.nodes);
	return rc;
}
