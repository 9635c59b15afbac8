/*
 * buf.c -- growing buffers, and reading bytes without overrunning them.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
ex_buf_free(struct ex_buf *b)
{
	if (b == NULL)
		return;
	free(b->data);
	b->data = NULL;
	b->len = 0;
	b->cap = 0;
}

void
ex_buf_wipe(struct ex_buf *b)
{
	volatile uint8_t *p;

	if (b == NULL)
		return;
	/* Through volatile, so that it is not optimised away. */
	p = b->data;
	for (size_t i = 0; i < b->cap; i++)
		p[i] = 0;
	ex_buf_free(b);
}

int
ex_buf_reserve(struct ex_buf *b, size_t n, struct ex_err *err)
{
	size_t want, cap;
	uint8_t *more;

	if (n > SIZE_MAX / 2 - b->len - 1)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	want = b->len + n + 1;
	if (want <= b->cap)
		return 0;
	cap = b->cap < 64 ? 64 : b->cap * 2;
	if (cap < want)
		cap = want;
	if ((more = realloc(b->data, cap)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	more[b->len] = 0;
	b->data = more;
	b->cap = cap;
	return 0;
}

int
ex_buf_add(struct ex_buf *b, const void *data, size_t n, struct ex_err *err)
{
	if (ex_buf_reserve(b, n, err) == -1)
		return -1;
	if (n > 0)
		memcpy(b->data + b->len, data, n);
	b->len += n;
	b->data[b->len] = 0;
	return 0;
}

int
ex_buf_add_byte(struct ex_buf *b, uint8_t byte, struct ex_err *err)
{
	return ex_buf_add(b, &byte, 1, err);
}

int
ex_buf_add_text(struct ex_buf *b, const char *text, struct ex_err *err)
{
	return ex_buf_add(b, text, strlen(text), err);
}

int
ex_buf_addf(struct ex_buf *b, struct ex_err *err, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return ex_fail(err, EX_SYSTEM, "cannot format text");
	if (ex_buf_reserve(b, (size_t)n, err) == -1)
		return -1;
	va_start(ap, fmt);
	(void)vsnprintf((char *)b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return 0;
}

/* Append the lowest n bytes of v, big-endian. */
static int
add_number(struct ex_buf *b, uint64_t v, unsigned n, struct ex_err *err)
{
	uint8_t bytes[8];

	for (unsigned i = 0; i < n; i++)
		bytes[i] = (uint8_t)(v >> (8 * (n - 1 - i)));
	return ex_buf_add(b, bytes, n, err);
}

int
ex_buf_add_u16(struct ex_buf *b, uint16_t v, struct ex_err *err)
{
	return add_number(b, v, 2, err);
}

int
ex_buf_add_u32(struct ex_buf *b, uint32_t v, struct ex_err *err)
{
	return add_number(b, v, 4, err);
}

int
ex_buf_add_u64(struct ex_buf *b, uint64_t v, struct ex_err *err)
{
	return add_number(b, v, 8, err);
}

void
ex_buf_cut(struct ex_buf *b, size_t n)
{
	if (n > b->len)
		return;
	b->len = n;
	if (b->data != NULL)
		b->data[n] = 0;
}

const char *
ex_buf_text(const struct ex_buf *b)
{
	return b->data == NULL ? "" : (const char *)b->data;
}

char *
ex_buf_take_text(struct ex_buf *b)
{
	char *text;

	if (b->data == NULL && ex_buf_reserve(b, 0, NULL) == -1)
		return NULL;
	text = (char *)b->data;
	b->data = NULL;
	ex_buf_free(b);
	return text;
}

void
ex_reader_init(struct ex_reader *r, const void *p, size_t n)
{
	r->p = p;
	r->left = n;
}

int
ex_read_span(
    struct ex_reader *r, size_t n, struct ex_span *out, struct ex_err *err)
{
	if (n > r->left)
		return ex_fail(err, EX_FORMAT,
		    "truncated: %zu bytes wanted, %zu left", n, r->left);
	out->p = r->p;
	out->n = n;
	r->p += n;
	r->left -= n;
	return 0;
}

int
ex_read_bytes(struct ex_reader *r, void *out, size_t n, struct ex_err *err)
{
	struct ex_span s = { NULL, 0 };

	if (ex_read_span(r, n, &s, err) == -1)
		return -1;
	if (n > 0)
		memcpy(out, s.p, n);
	return 0;
}

static int
read_number(struct ex_reader *r, unsigned n, uint64_t *out, struct ex_err *err)
{
	struct ex_span s = { NULL, 0 };
	uint64_t v = 0;

	if (ex_read_span(r, n, &s, err) == -1)
		return -1;
	for (unsigned i = 0; i < n; i++)
		v = v << 8 | s.p[i];
	*out = v;
	return 0;
}

int
ex_read_u8(struct ex_reader *r, uint8_t *out, struct ex_err *err)
{
	uint64_t v;

	if (read_number(r, 1, &v, err) == -1)
		return -1;
	*out = (uint8_t)v;
	return 0;
}

int
ex_read_u16(struct ex_reader *r, uint16_t *out, struct ex_err *err)
{
	uint64_t v;

	if (read_number(r, 2, &v, err) == -1)
		return -1;
	*out = (uint16_t)v;
	return 0;
}

int
ex_read_u32(struct ex_reader *r, uint32_t *out, struct ex_err *err)
{
	uint64_t v;

	if (read_number(r, 4, &v, err) == -1)
		return -1;
	*out = (uint32_t)v;
	return 0;
}

int
ex_read_u64(struct ex_reader *r, uint64_t *out, struct ex_err *err)
{
	return read_number(r, 8, out, err);
}

int
ex_read_line(struct ex_reader *r, struct ex_span *out, struct ex_err *err)
{
	const uint8_t *end = NULL;
	struct ex_span newline;

	if (r->left > 0)
		end = memchr(r->p, '\n', r->left);
	if (end == NULL)
		return ex_fail(
		    err, EX_FORMAT, "truncated: a line without its newline");
	if (ex_read_span(r, (size_t)(end - r->p), out, err) == -1)
		return -1;
	return ex_read_span(r, 1, &newline, err);
}

int
ex_span_equal(struct ex_span s, const void *p, size_t n)
{
	return s.n == n && (n == 0 || memcmp(s.p, p, n) == 0);
}

int
ex_span_is(struct ex_span s, const char *text)
{
	return ex_span_equal(s, text, strlen(text));
}
