/*
 * blockmap.c -- a map of blocks: written, read, compared.
 */
#include "intake/blockmap.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "hashing/tree.h"

#define MAGIC "exhibit-block-map/v1"

enum {
	NUMBER = 24 /* characters of a number, with its NUL */
};

/* How many blocks of that size hold the bytes. */
static uint64_t
blocks_of(uint64_t bytes, uint64_t block)
{
	return bytes / block + (bytes % block != 0);
}

int
ex_blockmap_write(
    struct ex_buf *out, const struct ex_blockmap *m, struct ex_err *err)
{
	if (m->block == 0 || m->n != blocks_of(m->bytes, m->block))
		return ex_fail(err, EX_USAGE, "no such map of blocks");
	if (ex_buf_addf(out, err,
		MAGIC "\nblock %" PRIu64 "\nbytes %" PRIu64 "\n", m->block,
		m->bytes) == -1)
		return -1;
	return ex_buf_add(out, m->digest, m->n * EX_SHA256_LEN, err);
}

/* "WORD N" as one line; at least 1. */
static int
read_number(
    struct ex_reader *r, const char *word, uint64_t *out, struct ex_err *err)
{
	unsigned long long value;
	size_t n = strlen(word);
	char text[NUMBER];
	struct ex_span s;

	if (ex_read_line(r, &s, err) == -1)
		return -1;
	if (s.n <= n + 1 || s.n - n - 1 >= sizeof(text) ||
	    memcmp(s.p, word, n) != 0 || s.p[n] != ' ')
		return ex_fail(err, EX_FORMAT, "no line \"%s N\"", word);
	memcpy(text, &s.p[n + 1], s.n - n - 1);
	text[s.n - n - 1] = '\0';
	if (ex_text_number(&value, text, INT64_MAX, err) == -1)
		return -1;
	if (value == 0)
		return ex_fail(err, EX_FORMAT, "%s is 0", word);
	*out = value;
	return 0;
}

int
ex_blockmap_read(
    struct ex_blockmap *m, const void *p, size_t n, struct ex_err *err)
{
	struct ex_reader r;
	struct ex_span s;

	memset(m, 0, sizeof(*m));
	ex_reader_init(&r, p, n);
	if (ex_read_line(&r, &s, err) == -1)
		return -1;
	if (!ex_span_is(s, MAGIC))
		return ex_fail(err, EX_FORMAT, "not a map of blocks");
	if (read_number(&r, "block", &m->block, err) == -1 ||
	    read_number(&r, "bytes", &m->bytes, err) == -1)
		return -1;
	if (r.left % EX_SHA256_LEN != 0 ||
	    r.left / EX_SHA256_LEN != blocks_of(m->bytes, m->block))
		return ex_fail(err, EX_FORMAT,
		    "%zu bytes of digests for %" PRIu64 " blocks", r.left,
		    blocks_of(m->bytes, m->block));
	m->n = r.left / EX_SHA256_LEN;
	if (ex_read_span(&r, r.left, &s, err) == -1)
		return -1;
	m->digest = s.p;
	return 0;
}

int
ex_blockmap_root(
    uint8_t out[EX_SHA256_LEN], const struct ex_blockmap *m, struct ex_err *err)
{
	struct ex_tree_edge edge;
	uint8_t leaf[EX_HASH];

	memset(&edge, 0, sizeof(edge));
	for (size_t i = 0; i < m->n; i++) {
		ex_tree_leaf(
		    leaf, &m->digest[i * EX_SHA256_LEN], EX_SHA256_LEN);
		if (ex_tree_append(&edge, leaf, NULL, NULL, err) == -1)
			return -1;
	}
	ex_tree_edge_root(out, &edge);
	return 0;
}

static int
same(const struct ex_blockmap *a, const struct ex_blockmap *b, size_t i)
{
	return memcmp(&a->digest[i * EX_SHA256_LEN],
		   &b->digest[i * EX_SHA256_LEN], EX_SHA256_LEN) == 0;
}

int
ex_blockmap_differs(const struct ex_blockmap *a, const struct ex_blockmap *b,
    size_t *at, uint64_t *from, uint64_t *to)
{
	size_t i = *at;

	while (i < a->n && i < b->n && same(a, b, i))
		i++;
	if (i >= a->n || i >= b->n) {
		*at = i;
		return 0;
	}
	*from = i * a->block;
	while (i < a->n && i < b->n && !same(a, b, i))
		i++;
	*to = i == a->n ? a->bytes : i * a->block;
	*at = i;
	return 1;
}
