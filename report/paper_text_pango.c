/*
 * paper_text_pango.c -- texts of a paper: laid out in slots, drawn whole or
 * by lines, refused when a character has no glyph.
 */
#include <stdlib.h>
#include <string.h>

#include "report/escape.h"
#include "report/paper_pango.h"

#define NEAR 0.01 /* the same height */

/* The first character of a laid out text that no font has. */
static void
refuse_glyph(struct ex_paper *p, PangoLayout *l, const char *where)
{
	const char *c = pango_layout_get_text(l);
	PangoLayout *one = pango_layout_copy(l);

	/* Not g_utf8_next_char(): clang sees it drop the const. */
	for (int bytes; *c != '\0'; c = &c[bytes]) {
		bytes = g_utf8_skip[(guchar)*c];

		pango_layout_set_text(one, c, bytes);
		if (pango_layout_get_unknown_glyphs_count(one) == 0)
			continue;
		(void)ex_fail(&p->err, EX_FORMAT,
		    "%.80s: no font of this machine has the character %.*s "
		    "(U+%04X); install one, e.g. fonts-noto-cjk or "
		    "fonts-cns11643-sung",
		    where, bytes, c, g_utf8_get_char(c));
		break;
	}
	g_object_unref(one);
	(void)ex_fail(&p->err, EX_FORMAT,
	    "%.80s: it has a character that no font of this machine has",
	    where);
}

/* Does the slot hold just this already?  Columns often repeat a word. */
static int
holds(const struct ex_paper_slot *s, enum ex_paper_style style,
    const char *text, double width)
{
	return s->text != NULL && s->style == style && !(s->width < width) &&
	       !(s->width > width) && strcmp(s->text, text) == 0;
}

static int
set_text(struct ex_paper *p, struct ex_paper_slot *s, const char *text)
{
	struct ex_buf shown = EX_BUF_INIT;
	int rc = ex_escape_plain(&shown, text, &p->err);

	if (rc == 0)
		pango_layout_set_text(s->layout,
		    shown.data == NULL ? "" : (const char *)shown.data,
		    (int)shown.len);
	ex_buf_free(&shown);
	return rc;
}

static double
height_of(PangoLayout *l)
{
	int width, height;

	pango_layout_get_size(l, &width, &height);
	return (double)height / PANGO_SCALE;
}

double
ex_paper_lay(struct ex_paper *p, size_t slot, enum ex_paper_style style,
    const char *text, double width, const char *where)
{
	struct ex_paper_slot *s = &p->slot[slot];

	if (ex_paper_failed(p))
		return 0;
	if (holds(s, style, text, width))
		return s->height;
	free(s->text);
	s->text = strdup(text);
	s->style = style;
	s->width = width;
	pango_layout_set_font_description(s->layout, p->font[style]);
	pango_layout_set_width(s->layout, (int)(width * PANGO_SCALE));
	if (set_text(p, s, text) == -1)
		return 0;
	s->height = height_of(s->layout);
	if (pango_layout_get_unknown_glyphs_count(s->layout) > 0)
		refuse_glyph(p, s->layout, where);
	return s->height;
}

void
ex_paper_put(struct ex_paper *p, size_t slot, double x, double y)
{
	if (ex_paper_failed(p) || ex_paper_dry(p))
		return;
	ex_paper_grey(p, 0);
	cairo_move_to(p->cr, x, y);
	pango_cairo_show_layout(p->cr, p->slot[slot].layout);
}

/* Where a line of the layout begins and ends. */
static void
line_extent(PangoLayoutIter *at, double *top, double *bottom)
{
	int y0, y1;

	pango_layout_iter_get_line_yrange(at, &y0, &y1);
	*top = (double)y0 / PANGO_SCALE;
	*bottom = (double)y1 / PANGO_SCALE;
}

double
ex_paper_lines(const struct ex_paper *p, size_t slot, double from, double room)
{
	const struct ex_paper_slot *s = &p->slot[slot];
	PangoLayoutIter *at;
	double end = from, top, bottom;

	if (ex_paper_failed(p) || from >= s->height)
		return 0;
	if (from + room >= s->height)
		return s->height - from;
	at = pango_layout_get_iter(s->layout);
	do {
		line_extent(at, &top, &bottom);
		if (top + NEAR < from)
			continue;
		if (bottom > from + room && end > from)
			break;
		end = bottom;
	} while (pango_layout_iter_next_line(at));
	pango_layout_iter_free(at);
	return end - from;
}

void
ex_paper_put_lines(struct ex_paper *p, size_t slot, double x, double y,
    double from, double height)
{
	const struct ex_paper_slot *s = &p->slot[slot];
	PangoLayoutIter *at;
	double top, bottom;

	if (ex_paper_failed(p) || ex_paper_dry(p) || height <= 0)
		return;
	if (from <= 0 && height >= s->height) {
		ex_paper_put(p, slot, x, y);
		return;
	}
	ex_paper_grey(p, 0);
	at = pango_layout_get_iter(s->layout);
	do {
		int base = pango_layout_iter_get_baseline(at);

		line_extent(at, &top, &bottom);
		if (top + NEAR < from || bottom > from + height + NEAR)
			continue;
		cairo_move_to(p->cr, x, y - from + (double)base / PANGO_SCALE);
		pango_cairo_show_layout_line(
		    p->cr, pango_layout_iter_get_line_readonly(at));
	} while (pango_layout_iter_next_line(at));
	pango_layout_iter_free(at);
}

double
ex_paper_line_width(
    struct ex_paper *p, enum ex_paper_style style, const char *text)
{
	struct ex_paper_slot *s = &p->slot[EX_PAPER_SLOTS - 1];
	int width = 0, height;

	if (ex_paper_failed(p))
		return 0;
	free(s->text);
	s->text = NULL;
	pango_layout_set_font_description(s->layout, p->font[style]);
	pango_layout_set_width(s->layout, -1);
	if (set_text(p, s, text) == 0)
		pango_layout_get_size(s->layout, &width, &height);
	return (double)width / PANGO_SCALE;
}
