/*
 * batch.c -- the leaf of an entry, and the root that the members of a batch
 * share.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "custody/event.h"

void
ex_entry_leaf(uint8_t out[EX_HASH], const void *entry, size_t n)
{
	ex_tree_leaf(out, entry, n);
}

/* Ascending by the stream's text, bytewise, then by seq. */
static int
compare(const void *left, const void *right)
{
	const struct ex_batch_member *a = left, *b = right;
	char text[2][EX_STREAM_TEXT];
	int order;

	ex_stream_text(text[0], &a->stream);
	ex_stream_text(text[1], &b->stream);
	if ((order = strcmp(text[0], text[1])) != 0)
		return order;
	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return 0;
}

static int
member_leaf(
    uint8_t out[EX_HASH], const struct ex_batch_member *m, struct ex_err *err)
{
	struct ex_buf b = EX_BUF_INIT;
	char stream[EX_STREAM_TEXT];
	char prev[2 * EX_HASH + 1];
	int rc = -1;

	ex_stream_text(stream, &m->stream);
	ex_hex(prev, m->prev, EX_HASH);
	if (ex_buf_addf(&b, err, "custody-batch/v1\n%s\n%" PRIu64 "\n%s\n%s\n",
		stream, m->seq, prev, ex_act(m->act)->name) == -1)
		goto out;
	ex_tree_leaf(out, b.data, b.len);
	rc = 0;
out:
	ex_buf_free(&b);
	return rc;
}

int
ex_batch_root(uint8_t out[EX_HASH], struct ex_batch_member *member, size_t n,
    struct ex_err *err)
{
	uint8_t(*leaf)[EX_HASH] = NULL;
	int rc = -1;

	if (n == 0 || n > EX_BATCH_MAX)
		return ex_fail(err, EX_LIMIT,
		    "a batch has 1 to %d members, not %zu", EX_BATCH_MAX, n);
	if ((leaf = calloc(n, sizeof(*leaf))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	qsort(member, n, sizeof(*member), compare);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && compare(&member[i - 1], &member[i]) == 0) {
			(void)ex_fail(err, EX_USAGE,
			    "twice in one batch: %s, seq %" PRIu64,
			    member[i].stream.id, member[i].seq);
			goto out;
		}
		if (member_leaf(leaf[i], &member[i], err) == -1)
			goto out;
	}
	ex_tree_root(out, (const uint8_t(*)[EX_HASH])leaf, n);
	rc = 0;
out:
	free(leaf);
	return rc;
}
