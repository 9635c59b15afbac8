/*
 * heads.c -- which stream ended where when a heads entry was made.
 */
#include "report/heads.h"

#include <stdlib.h>
#include <string.h>

#include "db/store.h"

/* The head of one stream, and whose case it is. */
struct one {
	struct ex_head head;
	char text[EX_STREAM_TEXT];
	char case_number[EX_CASE_MAX + 1];
};

struct gathering {
	struct one *one;
	size_t n, cap;
	struct ex_json *place; /* object: stream -> place in one */
	uint64_t size;
};

static int
grow(struct gathering *g, struct ex_err *err)
{
	size_t want = g->cap == 0 ? 64 : 2 * g->cap;
	struct one *p;

	if (g->n < g->cap)
		return 0;
	if (want > SIZE_MAX / sizeof(*p) ||
	    (p = realloc(g->one, want * sizeof(*p))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	g->one = p;
	g->cap = want;
	return 0;
}

/* The stream's place, new if need be; NULL with err. */
static struct one *
place_of(
    struct gathering *g, const struct ex_entry_row *row, struct ex_err *err)
{
	int64_t at = ex_json_get_int(g->place, row->stream, -1);
	struct one *o;

	if (at >= 0)
		return &g->one[at];
	if (grow(g, err) == -1)
		return NULL;
	o = &g->one[g->n];
	memset(o, 0, sizeof(*o));
	if (ex_stream_read(&o->head.stream, row->stream, err) == -1)
		return NULL;
	ex_stream_text(o->text, &o->head.stream);
	if (strlen(row->case_number) > EX_CASE_MAX) {
		ex_fail(err, EX_DAMAGED, "a case number is too long");
		return NULL;
	}
	memcpy(o->case_number, row->case_number, strlen(row->case_number) + 1);
	if (ex_json_set_int(g->place, o->text, (int64_t)g->n, err) == -1)
		return NULL;
	g->n++;
	return o;
}

static int
gather(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	struct gathering *g = arg;
	struct one *o;

	if (row->index >= g->size)
		return 0;
	if ((o = place_of(g, row, err)) == NULL)
		return -1;
	o->head.seq = row->seq;
	memcpy(o->head.leaf, row->leaf, EX_HASH);
	return 0;
}

static int
by_stream(const void *a, const void *b)
{
	return strcmp(
	    ((const struct one *)a)->text, ((const struct one *)b)->text);
}

/* The case's items: streams that belong to it, ascending already. */
static int
set_items(struct gathering *g, struct one *of, struct ex_err *err)
{
	const char **ids = calloc(g->n + 1, sizeof(*ids));
	size_t n = 0;
	int rc;

	if (ids == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < g->n; i++) {
		const struct one *o = &g->one[i];

		if (o->head.stream.kind == EX_STREAM_ITEM &&
		    strcmp(o->case_number, of->head.stream.id) == 0)
			ids[n++] = o->head.stream.id;
	}
	of->head.has_items = 1;
	rc = ex_head_items(of->head.items, ids, n, err);
	free(ids);
	return rc;
}

/* The newest heads entry of the record: its root, size and count. */
static const struct ex_record_entry *
newest(const struct ex_record *r)
{
	for (size_t i = r->nentries; i-- > 0;) {
		if (r->entry[i]->admission.event.act == EX_ACT_HEADS)
			return r->entry[i];
	}
	return NULL;
}

/* Does the record hold entries of this stream? */
static int
holds(const struct ex_record *r, const struct ex_stream *s)
{
	return ex_record_by_seq(r, s, 1) != NULL;
}

/* Leaves of all heads, for proofs that are built from perfect subtrees. */
struct nodes {
	uint8_t (*leaf)[EX_HASH];
	size_t n;
};

static int
fetch(void *arg, unsigned level, uint64_t index, uint8_t hash[EX_HASH],
    struct ex_err *err)
{
	const struct nodes *nodes = arg;
	uint64_t from, n;

	if (level >= EX_TREE_LEVELS - 1 ||
	    index > (UINT64_MAX >> 1 >> level) - 1)
		return ex_fail(err, EX_USAGE, "no such node");
	n = UINT64_C(1) << level;
	from = index << level;
	if (from + n > nodes->n)
		return ex_fail(err, EX_USAGE, "no such node");
	ex_tree_root(
	    hash, (const uint8_t(*)[EX_HASH])(nodes->leaf + from), (size_t)n);
	return 0;
}

static int
prove(struct ex_heads_list *out, const struct gathering *g,
    const struct ex_record *r, struct ex_err *err)
{
	struct nodes nodes = { calloc(g->n + 1, EX_HASH), g->n };
	int rc = -1;

	out->head = calloc(g->n + 1, sizeof(*out->head));
	if (nodes.leaf == NULL || out->head == NULL) {
		ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	for (size_t i = 0; i < g->n; i++)
		ex_head_leaf(nodes.leaf[i], &g->one[i].head);
	for (size_t i = 0; i < g->n; i++) {
		struct ex_bundle_head *h = &out->head[out->n];

		if (!holds(r, &g->one[i].head.stream))
			continue;
		h->head = g->one[i].head;
		h->index = i;
		if (ex_tree_prove_inclusion(
			&h->proof, i, g->n, fetch, &nodes, err) == -1)
			goto out;
		out->n++;
	}
	out->count = g->n;
	rc = 0;
out:
	free(nodes.leaf);
	return rc;
}

/* Are these rows the ones that were signed for? */
static int
check_root(
    const struct gathering *g, const struct ex_event *e, struct ex_err *err)
{
	struct ex_head *heads = calloc(g->n + 1, sizeof(*heads));
	uint8_t root[EX_HASH], want[EX_HASH];
	int rc = -1;

	if (heads == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < g->n; i++)
		heads[i] = g->one[i].head;
	if (ex_heads_root(root, heads, g->n, err) == -1 ||
	    ex_json_need_hex(want, sizeof(want), e->fields, "root", err) == -1)
		goto out;
	if (memcmp(root, want, EX_HASH) != 0)
		ex_fail(err, EX_DAMAGED,
		    "the streams do not end where the newest heads entry says: "
		    "see exhibit log verify");
	else
		rc = 0;
out:
	free(heads);
	return rc;
}

static int
list(struct ex_heads_list *out, struct gathering *g, struct ex_conn *conn,
    const struct ex_record *r, const struct ex_record_entry *e,
    struct ex_err *err)
{
	if (ex_store_entries(conn, 0, gather, g, err) == -1)
		return -1;
	if (g->n > 0)
		qsort(g->one, g->n, sizeof(*g->one), by_stream);
	for (size_t i = 0; i < g->n; i++) {
		if (g->one[i].head.stream.kind == EX_STREAM_CASE &&
		    set_items(g, &g->one[i], err) == -1)
			return -1;
	}
	if (check_root(g, &e->admission.event, err) == -1)
		return -1;
	memcpy(out->entry, e->admission.leaf, EX_HASH);
	out->size = g->size;
	return prove(out, g, r, err);
}

int
ex_heads_list(struct ex_heads_list *out, struct ex_conn *conn,
    const struct ex_record *r, struct ex_err *err)
{
	const struct ex_record_entry *e = newest(r);
	struct gathering g = { 0 };
	int64_t size;
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (e == NULL)
		return 0;
	if (ex_json_need_int(&size, e->admission.event.fields, "size", err) ==
	    -1)
		return -1;
	g.size = (uint64_t)size;
	if ((g.place = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	rc = list(out, &g, conn, r, e, err);
	ex_json_free(g.place);
	free(g.one);
	return rc;
}

void
ex_heads_list_free(struct ex_heads_list *l)
{
	if (l == NULL)
		return;
	free(l->head);
	memset(l, 0, sizeof(*l));
}
