/*
 * logcheck_batches.c -- an act over many items is whole: all members are in
 * the log, and they are those that were signed for.
 *
 * Members come together; what is kept is the batches that are not whole yet.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cases/logcheck_tree.h"

struct ex_logcheck_batch {
	char id[40];
	uint64_t count, index; /* index of the first member */
	char stream[EX_STREAM_TEXT];
	uint64_t seq;
	uint8_t root[EX_HASH];
	struct ex_batch_member *member;
	size_t n, cap;
	int told; /* its members disagree: that was said */
};

static struct ex_logcheck_batch *
find(struct ex_logcheck *c, const char *id)
{
	for (size_t i = c->nbatches; i-- > 0;)
		if (strcmp(c->batch[i].id, id) == 0)
			return &c->batch[i];
	return NULL;
}

static struct ex_logcheck_batch *
begin(struct ex_logcheck *c, const struct ex_event *e,
    const struct ex_logcheck_at *at, struct ex_err *err)
{
	size_t want = (c->nbatches + 1) * sizeof(*c->batch);
	struct ex_logcheck_batch *b = realloc(c->batch, want);

	if (b == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		return NULL;
	}
	c->batch = b;
	b = &c->batch[c->nbatches];
	memset(b, 0, sizeof(*b));
	memcpy(b->id, e->batch_id, sizeof(b->id));
	memcpy(b->root, e->batch_root, EX_HASH);
	b->count = e->batch_count;
	b->index = (uint64_t)at->index;
	ex_stream_text(b->stream, &e->stream);
	b->seq = e->seq;
	c->nbatches++;
	return b;
}

static int
add_member(
    struct ex_logcheck_batch *b, const struct ex_event *e, struct ex_err *err)
{
	size_t cap = b->cap == 0 ? 8 : 2 * b->cap;
	struct ex_batch_member *m = b->member;

	if (b->n == b->cap) {
		if ((m = realloc(m, cap * sizeof(*m))) == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		b->member = m;
		b->cap = cap;
	}
	m = &b->member[b->n++];
	m->stream = e->stream;
	m->seq = e->seq;
	memcpy(m->prev, e->prev, EX_HASH);
	m->act = e->act;
	return 0;
}

static void
drop(struct ex_logcheck *c, struct ex_logcheck_batch *b)
{
	free(b->member);
	*b = c->batch[--c->nbatches];
}

/* All are there: are they those of the root? */
static int
settle(struct ex_logcheck *c, struct ex_logcheck_batch *b,
    const struct ex_logcheck_at *at, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	uint8_t root[EX_HASH];
	int rc = 0;

	if (ex_batch_root(root, b->member, b->n, &why) == -1)
		rc = ex_logcheck_fault(c, err, &why, "batch", at);
	else if (!b->told && memcmp(root, b->root, EX_HASH) != 0)
		rc = ex_logcheck_say(c, err, EX_FAULT, "batch", at,
		    "the %zu members of the batch that ends here are not "
		    "those that were signed for",
		    b->n);
	drop(c, b);
	return rc;
}

int
ex_logcheck_batches_add(struct ex_logcheck *c, const struct ex_event *e,
    const struct ex_logcheck_at *at, struct ex_err *err)
{
	struct ex_logcheck_batch *b;

	if (e->batch_count == 0)
		return 0;
	if ((b = find(c, e->batch_id)) == NULL &&
	    (b = begin(c, e, at, err)) == NULL)
		return -1;
	if (add_member(b, e, err) == -1)
		return -1;
	if (!b->told && (b->count != e->batch_count ||
			    memcmp(b->root, e->batch_root, EX_HASH) != 0)) {
		b->told = 1;
		if (ex_logcheck_say(c, err, EX_FAULT, "batch", at,
			"says something else of its batch than entry %" PRIu64,
			b->index) == -1)
			return -1;
	}
	if (b->n == b->count || b->n == EX_BATCH_MAX)
		return settle(c, b, at, err);
	return 0;
}

int
ex_logcheck_batches_end(struct ex_logcheck *c, struct ex_err *err)
{
	for (size_t i = 0; i < c->nbatches; i++) {
		const struct ex_logcheck_batch *b = &c->batch[i];
		struct ex_logcheck_at at = { (int64_t)b->index, b->stream,
			b->seq };

		if (ex_logcheck_say(c, err, EX_FINDING, "batch-short", &at,
			"the act that begins here covers %" PRIu64
			" entries; %zu of them are in the log",
			b->count, b->n) == -1)
			return -1;
	}
	return 0;
}

void
ex_logcheck_batches_free(struct ex_logcheck *c)
{
	for (size_t i = 0; i < c->nbatches; i++)
		free(c->batch[i].member);
	free(c->batch);
}
