/*
 * catalogue_parts.c -- frames of a catalogue, field by field.
 */
#include "intake/catalogue_parts.h"

#include <string.h>

void
ex_putter_begin(struct ex_putter *w, struct ex_buf *out,
    enum ex_catalogue_kind kind, struct ex_err *err)
{
	w->out = out;
	w->err = err;
	w->kind = kind;
	w->start = out->len;
	w->failed = ex_buf_add_u32(out, kind, err) == -1 ||
		    ex_buf_add_u32(out, 0, err) == -1;
}

void
ex_put8(struct ex_putter *w, uint8_t v)
{
	if (!w->failed)
		w->failed = ex_buf_add_byte(w->out, v, w->err) == -1;
}

void
ex_put16(struct ex_putter *w, uint16_t v)
{
	if (!w->failed)
		w->failed = ex_buf_add_u16(w->out, v, w->err) == -1;
}

void
ex_put32(struct ex_putter *w, uint32_t v)
{
	if (!w->failed)
		w->failed = ex_buf_add_u32(w->out, v, w->err) == -1;
}

void
ex_put64(struct ex_putter *w, uint64_t v)
{
	if (!w->failed)
		w->failed = ex_buf_add_u64(w->out, v, w->err) == -1;
}

void
ex_put_bytes(struct ex_putter *w, const void *p, size_t n)
{
	if (!w->failed)
		w->failed = ex_buf_add(w->out, p, n, w->err) == -1;
}

void
ex_put_text(struct ex_putter *w, const void *p, size_t n)
{
	if (n > UINT16_MAX)
		n = UINT16_MAX;
	ex_put16(w, (uint16_t)n);
	ex_put_bytes(w, p, n);
}

void
ex_put_place(struct ex_putter *w, const struct ex_catalogue_place *p)
{
	ex_put8(w, (uint8_t)p->step);
	ex_put32(w, p->volume);
	ex_put32(w, p->folder);
	ex_put32(w, p->entry);
}

int
ex_putter_end(struct ex_putter *w)
{
	size_t n;

	if (w->failed)
		return -1;
	n = w->out->len - w->start - EX_READER_HEAD;
	if (n > ex_cat_largest(w->kind))
		return ex_fail(w->err, EX_LIMIT, "frame too long");
	for (size_t i = 0; i < 4; i++)
		w->out->data[w->start + 4 + i] = (uint8_t)(n >> (24 - 8 * i));
	return 0;
}

void
ex_getter_begin(
    struct ex_getter *g, const uint8_t *p, size_t n, struct ex_err *err)
{
	ex_reader_init(&g->r, p, n);
	g->err = err;
	g->failed = 0;
}

uint8_t
ex_get8(struct ex_getter *g)
{
	uint8_t v = 0;

	if (!g->failed)
		g->failed = ex_read_u8(&g->r, &v, g->err) == -1;
	return v;
}

uint16_t
ex_get16(struct ex_getter *g)
{
	uint16_t v = 0;

	if (!g->failed)
		g->failed = ex_read_u16(&g->r, &v, g->err) == -1;
	return v;
}

uint32_t
ex_get32(struct ex_getter *g)
{
	uint32_t v = 0;

	if (!g->failed)
		g->failed = ex_read_u32(&g->r, &v, g->err) == -1;
	return v;
}

uint64_t
ex_get64(struct ex_getter *g)
{
	uint64_t v = 0;

	if (!g->failed)
		g->failed = ex_read_u64(&g->r, &v, g->err) == -1;
	return v;
}

void
ex_get_bytes(struct ex_getter *g, void *out, size_t n)
{
	if (!g->failed)
		g->failed = ex_read_bytes(&g->r, out, n, g->err) == -1;
}

void
ex_get_refuse(struct ex_getter *g, const char *why)
{
	if (!g->failed)
		(void)ex_fail(g->err, EX_FORMAT, "%s", why);
	g->failed = 1;
}

uint32_t
ex_get_below(struct ex_getter *g, uint32_t v, uint32_t end, const char *what)
{
	if (v >= end) {
		ex_get_refuse(g, what);
		return 0;
	}
	return v;
}

struct ex_span
ex_get_span(struct ex_getter *g, size_t max)
{
	struct ex_span s = { NULL, 0 };
	size_t n = ex_get16(g);

	if (n > max)
		ex_get_refuse(g, "text too long");
	if (!g->failed)
		g->failed = ex_read_span(&g->r, n, &s, g->err) == -1;
	/* A NUL would end what is handed to others. */
	if (!g->failed && s.n > 0 && memchr(s.p, '\0', s.n) != NULL)
		ex_get_refuse(g, "a NUL in a text");
	return s;
}

void
ex_get_shown(struct ex_getter *g, char *out, size_t size)
{
	struct ex_span s = ex_get_span(g, size - 1);

	out[0] = '\0';
	if (!g->failed)
		(void)ex_text_show(out, size, (const char *)s.p, s.n);
}

void
ex_get_place(struct ex_getter *g, struct ex_catalogue_place *p)
{
	p->step = (enum ex_catalogue_step)ex_get_below(
	    g, ex_get8(g), EX_STEPS, "no step");
	p->volume = ex_get_below(
	    g, ex_get32(g), EX_CATALOGUE_VOLUMES, "too many volumes");
	p->folder = ex_get32(g);
	p->entry = ex_get32(g);
}

int
ex_getter_end(struct ex_getter *g)
{
	if (!g->failed && g->r.left != 0)
		ex_get_refuse(g, "trailing bytes");
	return g->failed ? -1 : 0;
}
