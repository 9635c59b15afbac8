/*
 * der.c -- DER written by template and read without tolerance.
 */
#include <string.h>

#include "signing/der.h"

void
ex_der_start(struct ex_der_writer *w, struct ex_buf *out, struct ex_err *err)
{
	memset(w, 0, sizeof(*w));
	w->out = out;
	w->err = err;
}

/* Tag and minimal length into head; returns the bytes used, at most 10. */
static size_t
header(uint8_t head[10], uint8_t tag, size_t n)
{
	size_t bytes = 0, used = 2;

	head[0] = tag;
	if (n < 0x80) {
		head[1] = (uint8_t)n;
		return used;
	}
	for (size_t rest = n; rest > 0; rest >>= 8)
		bytes++;
	head[1] = (uint8_t)(0x80 | bytes);
	for (size_t i = bytes; i-- > 0;)
		head[used++] = (uint8_t)(n >> (8 * i));
	return used;
}

void
ex_der_open(struct ex_der_writer *w, uint8_t tag)
{
	if (w->failed)
		return;
	if (w->depth == EX_DER_DEPTH) {
		w->failed = ex_fail(w->err, EX_LIMIT, "DER nested too deep");
		return;
	}
	/* The tag waits in front of the contents for its length. */
	if (ex_buf_add_byte(w->out, tag, w->err) == -1)
		w->failed = -1;
	else
		w->open[w->depth++] = w->out->len;
}

void
ex_der_close(struct ex_der_writer *w)
{
	uint8_t head[10];
	size_t start, n, used;

	if (w->failed)
		return;
	if (w->depth == 0) {
		w->failed = ex_fail(w->err, EX_USAGE, "DER: nothing is open");
		return;
	}
	start = w->open[--w->depth];
	n = w->out->len - start;
	used = header(head, 0, n) - 1;
	/* Grow by the length's bytes, then move the contents behind them. */
	if (ex_buf_add(w->out, head, used, w->err) == -1) {
		w->failed = -1;
		return;
	}
	memmove(&w->out->data[start + used], &w->out->data[start], n);
	memcpy(&w->out->data[start], &head[1], used);
}

void
ex_der_add(struct ex_der_writer *w, uint8_t tag, const void *p, size_t n)
{
	uint8_t head[10];

	ex_der_raw(w, head, header(head, tag, n));
	ex_der_raw(w, p, n);
}

void
ex_der_raw(struct ex_der_writer *w, const void *p, size_t n)
{
	if (!w->failed && ex_buf_add(w->out, p, n, w->err) == -1)
		w->failed = -1;
}

void
ex_der_unsigned(struct ex_der_writer *w, const uint8_t *p, size_t n)
{
	size_t skip = 0;

	while (skip + 1 < n && p[skip] == 0)
		skip++;
	ex_der_open(w, EX_DER_INTEGER);
	if ((p[skip] & 0x80) != 0)
		ex_der_raw(w, "", 1);
	ex_der_raw(w, &p[skip], n - skip);
	ex_der_close(w);
}

int
ex_der_finish(struct ex_der_writer *w)
{
	if (!w->failed && w->depth != 0)
		w->failed = ex_fail(w->err, EX_USAGE, "DER: a level is open");
	return w->failed ? -1 : 0;
}

/* The length that follows a tag, in its only form (X.690 10.1). */
static int
read_length(
    struct ex_reader *r, size_t *out, const char *what, struct ex_err *err)
{
	uint8_t first, byte;
	size_t n = 0;

	if (ex_read_u8(r, &first, err) == -1)
		return ex_while(err, what);
	if (first < 0x80) {
		*out = first;
		return 0;
	}
	if (first == 0x80)
		return ex_fail(
		    err, EX_FORMAT, "%s: indefinite length is not DER", what);
	if (first > 0x84)
		return ex_fail(
		    err, EX_FORMAT, "%s: length of too many bytes", what);
	for (unsigned i = 0; i < (first & 0x7fu); i++) {
		if (ex_read_u8(r, &byte, err) == -1)
			return ex_while(err, what);
		if (i == 0 && byte == 0)
			return ex_fail(
			    err, EX_FORMAT, "%s: length is not minimal", what);
		n = n << 8 | byte;
	}
	if (n < 0x80)
		return ex_fail(
		    err, EX_FORMAT, "%s: length is not minimal", what);
	*out = n;
	return 0;
}

int
ex_der_next(struct ex_reader *r, struct ex_der *out, const char *what,
    struct ex_err *err)
{
	struct ex_reader start = *r;
	size_t n;

	if (ex_read_u8(r, &out->tag, err) == -1)
		return ex_while(err, what);
	if ((out->tag & 0x1f) == 0x1f)
		return ex_fail(
		    err, EX_FORMAT, "%s: tag of more than one byte", what);
	if (read_length(r, &n, what, err) == -1)
		return -1;
	if (ex_read_span(r, n, &out->body, err) == -1)
		return ex_while(err, what);
	/* Cannot fail: these bytes were just read. */
	return ex_read_span(&start, start.left - r->left, &out->whole, err);
}

int
ex_der_take(struct ex_reader *r, uint8_t tag, struct ex_der *out,
    const char *what, struct ex_err *err)
{
	if (ex_der_peek(r) == -1)
		return ex_fail(err, EX_FORMAT, "%s is missing", what);
	if (ex_der_peek(r) != tag)
		return ex_fail(err, EX_FORMAT,
		    "%s: tag is 0x%02x instead of 0x%02x", what,
		    (unsigned)ex_der_peek(r), tag);
	return ex_der_next(r, out, what, err);
}

int
ex_der_enter(struct ex_reader *r, uint8_t tag, struct ex_reader *inside,
    const char *what, struct ex_err *err)
{
	struct ex_der e;

	if (ex_der_take(r, tag, &e, what, err) == -1)
		return -1;
	ex_reader_init(inside, e.body.p, e.body.n);
	return 0;
}

int
ex_der_peek(const struct ex_reader *r)
{
	return r->left == 0 ? -1 : r->p[0];
}

int
ex_der_done(const struct ex_reader *r, const char *what, struct ex_err *err)
{
	if (r->left != 0)
		return ex_fail(err, EX_FORMAT, "%zu bytes too many after %s",
		    r->left, what);
	return 0;
}

/* X.690 8.3.2: not empty, the first nine bits neither all 0 nor all 1. */
static int
integer_ok(struct ex_span body)
{
	if (body.n == 0)
		return 0;
	if (body.n == 1)
		return 1;
	return !(body.p[0] == 0x00 && (body.p[1] & 0x80) == 0) &&
	       !(body.p[0] == 0xff && (body.p[1] & 0x80) != 0);
}

int
ex_der_read_unsigned(uint8_t *out, size_t n, struct ex_span body,
    const char *what, struct ex_err *err)
{
	struct ex_reader r;

	if (!integer_ok(body))
		return ex_fail(
		    err, EX_FORMAT, "%s: integer is not minimal", what);
	if ((body.p[0] & 0x80) != 0)
		return ex_fail(err, EX_FORMAT, "%s is negative", what);
	ex_reader_init(&r, body.p, body.n);
	if (body.n > 1 && body.p[0] == 0)
		(void)ex_read_span(&r, 1, &body, NULL);
	if (r.left > n)
		return ex_fail(err, EX_FORMAT, "%s is too large", what);
	memset(out, 0, n);
	return ex_read_bytes(&r, &out[n - r.left], r.left, err);
}

/* What a primitive element may hold, as far as DER restricts it. */
static int
primitive_ok(const struct ex_der *e)
{
	switch (e->tag) {
	case EX_DER_BOOLEAN: /* X.690 11.1 */
		return e->body.n == 1 &&
		       (e->body.p[0] == 0x00 || e->body.p[0] == 0xff);
	case EX_DER_INTEGER:
		return integer_ok(e->body);
	case EX_DER_BITS: /* X.690 8.6.2, 11.2.1: unused bits are zero */
		return e->body.n > 0 && e->body.p[0] < 8 &&
		       (e->body.n > 1 || e->body.p[0] == 0) &&
		       (e->body.p[e->body.n - 1] &
			   ((1u << e->body.p[0]) - 1)) == 0;
	case EX_DER_SEQUENCE & ~0x20:
	case EX_DER_SET & ~0x20:
		return 0;
	default:
		return 1;
	}
}

/* One open level of ex_der_check(). */
struct level {
	struct ex_reader r;
	struct ex_span last; /* the element before, in a SET */
	int is_set;
};

/* Look at the next element of a level. */
static int
check_element(
    struct level *level, struct ex_der *e, const char *what, struct ex_err *err)
{
	if (ex_der_next(&level->r, e, what, err) == -1)
		return -1;
	if (level->is_set && level->last.p != NULL &&
	    ex_der_compare(level->last, e->whole) >= 0)
		return ex_fail(
		    err, EX_FORMAT, "%s: a SET is out of order", what);
	level->last = e->whole;
	/* Of the universal types only these two are built of others. */
	if ((e->tag & 0xe0) == 0x20 && e->tag != EX_DER_SEQUENCE &&
	    e->tag != EX_DER_SET)
		return ex_fail(
		    err, EX_FORMAT, "%s: a string in parts is not DER", what);
	if ((e->tag & 0x20) == 0 && !primitive_ok(e))
		return ex_fail(err, EX_FORMAT,
		    "%s: value of tag 0x%02x is not DER", what, e->tag);
	return 0;
}

int
ex_der_check(const uint8_t *p, size_t n, const char *what, struct ex_err *err)
{
	struct level level[EX_DER_DEPTH] = { 0 };
	struct ex_der e;
	size_t depth = 1;

	ex_reader_init(&level[0].r, p, n);
	if (ex_der_next(&level[0].r, &e, what, err) == -1 ||
	    ex_der_done(&level[0].r, what, err) == -1)
		return -1;
	ex_reader_init(&level[0].r, p, n);
	while (depth > 0) {
		if (level[depth - 1].r.left == 0) {
			depth--;
			continue;
		}
		if (check_element(&level[depth - 1], &e, what, err) == -1)
			return -1;
		if ((e.tag & 0x20) == 0)
			continue;
		if (depth == EX_DER_DEPTH)
			return ex_fail(
			    err, EX_LIMIT, "%s: nested too deep", what);
		memset(&level[depth], 0, sizeof(level[depth]));
		ex_reader_init(&level[depth].r, e.body.p, e.body.n);
		level[depth].is_set = e.tag == EX_DER_SET;
		depth++;
	}
	return 0;
}

int
ex_der_compare(struct ex_span a, struct ex_span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (d != 0)
		return d;
	return a.n < b.n ? -1 : a.n > b.n;
}
