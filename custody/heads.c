/*
 * heads.c -- the newest entry of every stream, as a heads entry commits to
 * them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "custody/log.h"

enum {
	/* the prefix, a stream's name, a number, two digests, newlines */
	HEAD_TEXT = EX_STREAM_TEXT + 256
};

void
ex_head_leaf(uint8_t out[EX_HASH], const struct ex_head *h)
{
	char text[HEAD_TEXT], stream[EX_STREAM_TEXT];
	char leaf[2 * EX_HASH + 1], items[EX_SHA256_HEX] = "";
	int n;

	ex_stream_text(stream, &h->stream);
	ex_hex(leaf, h->leaf, EX_HASH);
	if (h->has_items)
		ex_hex(items, h->items, sizeof(h->items));
	n = snprintf(text, sizeof(text),
	    "custody-head/v1\n%s\n%" PRIu64 "\n%s\n%s%s", stream, h->seq, leaf,
	    items, h->has_items ? "\n" : "");
	ex_tree_leaf(out, text, (size_t)n);
}

static int
compare(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

/* The digest over ids that are in order. */
static int
digest_ids(uint8_t out[EX_SHA256_LEN], const char *const *ids, size_t n,
    struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && strcmp(ids[i - 1], ids[i]) == 0) {
			(void)ex_fail(
			    err, EX_USAGE, "item %s is listed twice", ids[i]);
			goto out;
		}
		if (ex_buf_addf(&text, err, "%s\n", ids[i]) == -1)
			goto out;
	}
	ex_sha256(out, text.data, text.len);
	rc = 0;
out:
	ex_buf_free(&text);
	return rc;
}

int
ex_head_items(uint8_t out[EX_SHA256_LEN], const char *const *ids, size_t n,
    struct ex_err *err)
{
	const char **sorted;
	int rc;

	/* One more, so that a case without items is no case of its own. */
	if ((sorted = calloc(n + 1, sizeof(*sorted))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		sorted[i] = ids[i];
	qsort(sorted, n, sizeof(*sorted), compare);
	rc = digest_ids(out, sorted, n, err);
	free(sorted);
	return rc;
}

/* Is each head's stream after the one before it? */
static int
check_order(const struct ex_head *heads, size_t n, struct ex_err *err)
{
	char text[2][EX_STREAM_TEXT];

	for (size_t i = 0; i < n; i++) {
		ex_stream_text(text[i % 2], &heads[i].stream);
		if (i > 0 && strcmp(text[(i - 1) % 2], text[i % 2]) >= 0)
			return ex_fail(err, EX_FORMAT,
			    "heads: %s is not after %s", text[i % 2],
			    text[(i - 1) % 2]);
	}
	return 0;
}

int
ex_heads_root(uint8_t out[EX_HASH], const struct ex_head *heads, size_t n,
    struct ex_err *err)
{
	uint8_t(*leaf)[EX_HASH];

	if (check_order(heads, n, err) == -1)
		return -1;
	if ((leaf = calloc(n + 1, sizeof(*leaf))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		ex_head_leaf(leaf[i], &heads[i]);
	ex_tree_root(out, (const uint8_t(*)[EX_HASH])leaf, n);
	free(leaf);
	return 0;
}
