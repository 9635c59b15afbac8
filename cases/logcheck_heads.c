/*
 * logcheck_heads.c -- where each stream ended when a heads entry was made,
 * out of the entries themselves.
 *
 * A heads entry speaks for the tree of a size before its own index.  Every
 * entry's stream is kept, 16 bytes each, so that the list can be made as of
 * any size; leaves of heads are computed again only where a stream moved.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cases/logcheck_tree.h"

/* One stream, as far as the list is made. */
struct stream {
	struct ex_head head;
	size_t owner; /* of an item: place of its case + 1, 0: none */
	size_t next;  /* of an item: the case's next, place + 1 */
	size_t first; /* of a case: its newest item, place + 1 */
	size_t items; /* of a case: how many */
	int began;    /* 1 when an entry of it is below the size */
	int stale;    /* its leaf must be computed again */
	uint8_t leaf[EX_HASH];
};

/* Where one entry stands. */
struct place {
	size_t stream;
	uint64_t seq;
};

/* A stream's place in the order of texts. */
struct rank {
	const struct ex_stream *name;
	size_t place;
};

struct ex_logcheck_heads {
	struct stream *stream;
	size_t n, cap;
	struct rank *order;
	size_t nordered;     /* streams that there were when it was made */
	struct ex_json *at;  /* object: text -> place in stream[] */
	struct place *entry; /* by index */
	size_t nentries, capentries;
	uint64_t size; /* the list is as of this size */
};

int
ex_logcheck_heads_new(struct ex_logcheck_heads **out, struct ex_err *err)
{
	struct ex_logcheck_heads *h = calloc(1, sizeof(*h));

	*out = h;
	if (h == NULL || (h->at = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	return 0;
}

void
ex_logcheck_heads_free(struct ex_logcheck_heads *h)
{
	if (h == NULL)
		return;
	free(h->stream);
	free(h->order);
	free(h->entry);
	ex_json_free(h->at);
	free(h);
}

/* Room for one more of either list, in step. */
static int
grow(void **p, size_t *cap, size_t n, size_t each, struct ex_err *err)
{
	size_t want = *cap == 0 ? 256 : 2 * *cap;
	void *more;

	if (n < *cap)
		return 0;
	if (want > SIZE_MAX / each || (more = realloc(*p, want * each)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	*p = more;
	*cap = want;
	return 0;
}

/* "kind:id" as text: no kind's name is the beginning of another's. */
static int
compare(const void *left, const void *right)
{
	const struct rank *a = left, *b = right;
	int order = strcmp(ex_stream_kind_name(a->name->kind),
	    ex_stream_kind_name(b->name->kind));

	return order != 0 ? order : strcmp(a->name->id, b->name->id);
}

/* Streams that came since the order was made: it is made again. */
static int
put_in_order(struct ex_logcheck_heads *h, struct ex_err *err)
{
	struct rank *order;

	if (h->nordered == h->n)
		return 0;
	if ((order = realloc(h->order, h->n * sizeof(*order))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < h->n; i++)
		order[i] = (struct rank){ &h->stream[i].head.stream, i };
	qsort(order, h->n, sizeof(*order), compare);
	h->order = order;
	h->nordered = h->n;
	return 0;
}

static int
add_stream(struct ex_logcheck_heads *h, const struct ex_stream *stream,
    const char *text, size_t *out, struct ex_err *err)
{
	void *streams = h->stream;
	struct stream *s;

	if (grow(&streams, &h->cap, h->n, sizeof(*s), err) == -1)
		return -1;
	h->stream = streams;
	s = &h->stream[h->n];
	memset(s, 0, sizeof(*s));
	s->head.stream = *stream;
	s->head.has_items = stream->kind == EX_STREAM_CASE;
	*out = h->n++;
	return ex_json_set_int(h->at, text, (int64_t)*out, err);
}

/* The place of a stream, which is made when it is new. */
static int
find(struct ex_logcheck_heads *h, const struct ex_stream *stream, size_t *out,
    struct ex_err *err)
{
	char text[EX_STREAM_TEXT];
	int64_t at;

	ex_stream_text(text, stream);
	if ((at = ex_json_get_int(h->at, text, -1)) == -1)
		return add_stream(h, stream, text, out, err);
	*out = (size_t)at;
	return 0;
}

int
ex_logcheck_heads_add(struct ex_logcheck_heads *h,
    const struct ex_stream *stream, uint64_t seq, const char *case_number,
    struct ex_err *err)
{
	void *entries = h->entry;
	struct ex_stream of;
	size_t at, owner;

	if (grow(&entries, &h->capentries, h->nentries, sizeof(*h->entry),
		err) == -1)
		return -1;
	h->entry = entries;
	if (find(h, stream, &at, err) == -1)
		return -1;
	if (stream->kind == EX_STREAM_ITEM && h->stream[at].owner == 0 &&
	    ex_stream_set(&of, EX_STREAM_CASE, case_number, NULL) == 0) {
		if (find(h, &of, &owner, err) == -1)
			return -1;
		h->stream[at].owner = owner + 1;
		h->stream[at].next = h->stream[owner].first;
		h->stream[owner].first = at + 1;
		h->stream[owner].items++;
	}
	h->entry[h->nentries++] = (struct place){ at, seq };
	return 0;
}

/* Back to nothing: a heads entry spoke for less than the one before. */
static void
rewind_list(struct ex_logcheck_heads *h)
{
	for (size_t i = 0; i < h->n; i++)
		h->stream[i].began = 0;
	h->size = 0;
}

static void
advance(struct ex_logcheck_heads *h, const struct ex_logcheck *c, uint64_t size)
{
	if (size < h->size)
		rewind_list(h);
	for (; h->size < size; h->size++) {
		const struct place *p = &h->entry[h->size];
		struct stream *s = &h->stream[p->stream];

		if (!s->began && s->owner != 0)
			h->stream[s->owner - 1].stale = 1;
		s->began = 1;
		s->stale = 1;
		s->head.seq = p->seq;
		memcpy(s->head.leaf, ex_logcheck_leaf(c, h->size), EX_HASH);
	}
}

/* The items that the case has at this size. */
static int
set_items(struct ex_logcheck_heads *h, size_t of, struct ex_err *err)
{
	const char **ids = calloc(h->stream[of].items + 1, sizeof(*ids));
	size_t n = 0;
	int rc;

	if (ids == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = h->stream[of].first; i != 0; i = h->stream[i - 1].next)
		if (h->stream[i - 1].began)
			ids[n++] = h->stream[i - 1].head.stream.id;
	rc = ex_head_items(h->stream[of].head.items, ids, n, err);
	free(ids);
	return rc;
}

/* The root over all heads as the list is now, and how many there are. */
static int
root_of(struct ex_logcheck_heads *h, uint8_t out[EX_HASH], size_t *n,
    struct ex_err *err)
{
	uint8_t(*leaf)[EX_HASH];
	int rc = 0;

	*n = 0;
	if (put_in_order(h, err) == -1)
		return -1;
	if ((leaf = calloc(h->n + 1, EX_HASH)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; rc == 0 && i < h->n; i++) {
		struct stream *s = &h->stream[h->order[i].place];

		if (!s->began)
			continue;
		if (s->stale && s->head.has_items)
			rc = set_items(h, h->order[i].place, err);
		if (s->stale)
			ex_head_leaf(s->leaf, &s->head);
		s->stale = 0;
		memcpy(leaf[(*n)++], s->leaf, EX_HASH);
	}
	ex_tree_root(out, (const uint8_t(*)[EX_HASH])leaf, *n);
	free(leaf);
	return rc;
}

int
ex_logcheck_heads_check(struct ex_logcheck *c, const struct ex_event *e,
    const struct ex_logcheck_at *at, struct ex_err *err)
{
	uint64_t size = (uint64_t)ex_json_get_int(e->fields, "size", -1);
	uint64_t count = (uint64_t)ex_json_get_int(e->fields, "count", -1);
	struct ex_logcheck_heads *h = c->heads;
	uint8_t root[EX_HASH], want[EX_HASH];
	size_t n;

	if (size > h->nentries || size > c->edge.size)
		return ex_logcheck_say(c, err, EX_FAULT, "heads-future", at,
		    "speaks for %" PRIu64 " entries, and %zu come before it",
		    size, h->nentries);
	if (ex_json_need_hex(want, EX_HASH, e->fields, "root", err) == -1)
		return -1;
	advance(h, c, size);
	if (root_of(h, root, &n, err) == -1)
		return -1;
	c->r->heads++;
	if (n == count && memcmp(root, want, EX_HASH) == 0)
		return 0;
	return ex_logcheck_say(c, err, EX_FAULT, "heads-differ", at,
	    "says that %" PRIu64 " streams ended so at %" PRIu64
	    " entries; the entries have %zu streams%s: a stream was forked, "
	    "hidden or cut, or the list was made up",
	    count, size, n, n == count ? " that end elsewhere" : "");
}
