/*
 * dertree.c -- DER and BER as a tree that tests change at will.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/signing/dertree.h"

struct node *
node_new(uint8_t tag)
{
	struct node *node = calloc(1, sizeof(*node));

	assert_non_null(node);
	node->tag = tag;
	node->constructed = (tag & 0x20) != 0;
	return node;
}

struct node *
node_bytes(uint8_t tag, const void *p, size_t n)
{
	struct node *node = node_new(tag);

	node->constructed = 0;
	node->bytes = malloc(n + 1);
	assert_non_null(node->bytes);
	if (n > 0)
		memcpy(node->bytes, p, n);
	node->nbytes = n;
	return node;
}

void
node_free(struct node *node)
{
	if (node == NULL)
		return;
	for (size_t i = 0; i < node->nkids; i++)
		node_free(node->kid[i]);
	free(node->kid);
	free(node->bytes);
	free(node);
}

/* Length of the header of the element at p, and of its contents. */
static size_t
header(const uint8_t *p, size_t n, size_t *len)
{
	size_t used = 2;

	assert_true(n >= 2);
	*len = p[1];
	if (p[1] < 0x80)
		return used;
	*len = 0;
	for (size_t i = 0; i < (p[1] & 0x7fu); i++)
		*len = *len << 8 | p[used++];
	return used;
}

struct node *
node_read(const uint8_t *p, size_t n)
{
	size_t len, head = header(p, n, &len), at = head;
	struct node *node;

	assert_int_equal(head + len, n);
	if ((p[0] & 0x20) == 0)
		return node_bytes(p[0], &p[head], len);
	node = node_new(p[0]);
	while (at < n) {
		size_t inner, h = header(&p[at], n - at, &inner);

		node_insert(node, node->nkids, node_read(&p[at], h + inner));
		at += h + inner;
	}
	return node;
}

/* The contents alone. */
static void
write_contents(struct ex_buf *out, const struct node *node)
{
	if (node->constructed)
		for (size_t i = 0; i < node->nkids; i++)
			node_write(out, node->kid[i]);
	else
		(void)ex_buf_add(out, node->bytes, node->nbytes, NULL);
}

void
node_write(struct ex_buf *out, const struct node *node)
{
	struct ex_buf body = EX_BUF_INIT;
	size_t bytes = 0;

	write_contents(&body, node);
	(void)ex_buf_add_byte(out, node->tag, NULL);
	if (node->indefinite) {
		(void)ex_buf_add_byte(out, 0x80, NULL);
		(void)ex_buf_add(out, body.data, body.len, NULL);
		(void)ex_buf_add(out, "\0", 2, NULL);
		ex_buf_free(&body);
		return;
	}
	for (size_t rest = body.len; rest > 0; rest >>= 8)
		bytes++;
	bytes = bytes == 0 ? 1 : bytes;
	if (body.len >= 0x80 || node->long_by > 0) {
		bytes += node->long_by - (body.len < 0x80 ? 1 : 0);
		(void)ex_buf_add_byte(out, (uint8_t)(0x80 | bytes), NULL);
	}
	for (size_t i = bytes; i-- > 0;) {
		size_t byte = i < sizeof(size_t) ? body.len >> (8 * i) : 0;

		(void)ex_buf_add_byte(out, (uint8_t)(byte & 0xff), NULL);
	}
	(void)ex_buf_add(out, body.data, body.len, NULL);
	ex_buf_free(&body);
}

struct node *
node_copy(const struct node *node)
{
	struct ex_buf b = EX_BUF_INIT;
	struct node *copy;

	node_write(&b, node);
	copy = node_read(b.data, b.len);
	ex_buf_free(&b);
	return copy;
}

void
node_insert(struct node *node, size_t at, struct node *kid)
{
	struct node **kids =
	    realloc(node->kid, (node->nkids + 1) * sizeof(kids[0]));

	assert_non_null(kids);
	assert_true(at <= node->nkids);
	node->kid = kids;
	memmove(&kids[at + 1], &kids[at], (node->nkids - at) * sizeof(kids[0]));
	kids[at] = kid;
	node->nkids++;
}

struct node *
node_take(struct node *node, size_t at)
{
	struct node *kid = node->kid[at];

	assert_true(at < node->nkids);
	node->nkids--;
	memmove(&node->kid[at], &node->kid[at + 1],
	    (node->nkids - at) * sizeof(node->kid[0]));
	return kid;
}

void
node_drop(struct node *node, size_t at)
{
	node_free(node_take(node, at));
}

void
node_replace(struct node *node, size_t at, struct node *kid)
{
	node_drop(node, at);
	node_insert(node, at, kid);
}

void
node_swap(struct node *node, size_t a, size_t b)
{
	struct node *kid = node->kid[a];

	node->kid[a] = node->kid[b];
	node->kid[b] = kid;
}

struct node *
node_at(struct node *node, ...)
{
	va_list ap;
	int at;

	va_start(ap, node);
	while ((at = va_arg(ap, int)) != -1) {
		assert_true((size_t)at < node->nkids);
		node = node->kid[at];
	}
	va_end(ap);
	return node;
}
