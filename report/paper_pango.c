/*
 * paper_pango.c -- sheets of paper by pango and cairo, and nothing else here
 * knows either.
 *
 * cairo writes the file in a stream; nothing is on disk before the whole is
 * there.  The fonts are the system's: fontconfig chooses one that has the
 * characters, and a text for which there is none is refused, because a box
 * in place of a name is no name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "report/escape.h"
#include "report/paper_pango.h"

/* A4, and its margins: wide enough for holes at the left. */
#define SHEET_WIDTH  595.276
#define SHEET_HEIGHT 841.89
#define LEFT	     54.0
#define RIGHT	     42.0
#define TOP	     56.0
#define BOTTOM	     52.0

static const struct {
	double size;
	int bold, mono;
} look[EX_STYLES] = {
	[EX_STYLE_TITLE] = { 22, 1, 0 },
	[EX_STYLE_SUBTITLE] = { 10.5, 0, 0 },
	[EX_STYLE_SECTION] = { 14, 1, 0 },
	[EX_STYLE_HEADING] = { 11, 1, 0 },
	[EX_STYLE_BODY] = { 9.5, 0, 0 },
	[EX_STYLE_BOLD] = { 9.5, 1, 0 },
	[EX_STYLE_FACT] = { 8.8, 0, 0 },
	[EX_STYLE_CODE] = { 8.5, 0, 1 },
	[EX_STYLE_CELL] = { 7.8, 0, 0 },
	[EX_STYLE_CELL_HEAD] = { 7.8, 1, 0 },
	[EX_STYLE_SMALL] = { 7, 0, 0 },
};

int
ex_paper_failed(const struct ex_paper *p)
{
	return p->err.code != EX_OK;
}

void
ex_paper_fail(struct ex_paper *p, const struct ex_err *err)
{
	(void)ex_fail(&p->err, err->code, "%s", err->text);
}

int
ex_paper_dry(const struct ex_paper *p)
{
	return p->about.pages == 0;
}

static cairo_status_t
take_bytes(void *arg, const unsigned char *data, unsigned int len)
{
	struct ex_paper *p = arg;

	return ex_buf_add(&p->out, data, len, &p->err) == -1
		   ? CAIRO_STATUS_WRITE_ERROR
		   : CAIRO_STATUS_SUCCESS;
}

/* Title, language and date as the file tells them. */
static void
say_about(struct ex_paper *p)
{
	char at[EX_TIME_TEXT];

	ex_time_text(at, p->about.made_at);
	(void)snprintf(at + 19, sizeof(at) - 19, "Z");
	cairo_pdf_surface_set_metadata(
	    p->surface, CAIRO_PDF_METADATA_TITLE, p->about.title);
	cairo_pdf_surface_set_metadata(
	    p->surface, CAIRO_PDF_METADATA_SUBJECT, p->about.subtitle);
	cairo_pdf_surface_set_metadata(
	    p->surface, CAIRO_PDF_METADATA_CREATOR, "exhibit " EX_VERSION);
	cairo_pdf_surface_set_metadata(
	    p->surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
	cairo_pdf_surface_set_metadata(
	    p->surface, CAIRO_PDF_METADATA_MOD_DATE, at);
}

static int
make_fonts(struct ex_paper *p)
{
	for (size_t i = 0; i < EX_STYLES; i++) {
		PangoFontDescription *f = pango_font_description_new();

		if ((p->font[i] = f) == NULL)
			return ex_fail(&p->err, EX_SYSTEM, "out of memory");
		pango_font_description_set_family(
		    f, look[i].mono ? "Noto Sans Mono CJK TC,DejaVu Sans Mono,"
				      "monospace"
				    : "Noto Sans CJK TC,Noto Sans,sans-serif");
		pango_font_description_set_weight(
		    f, look[i].bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
		pango_font_description_set_absolute_size(
		    f, look[i].size * PANGO_SCALE);
	}
	return 0;
}

/* A digest or a name that goes on in the next line gets no hyphen. */
static void
set_attributes(PangoLayout *l)
{
	PangoAttrList *list = pango_attr_list_new();

	pango_attr_list_insert(list, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(l, list);
	pango_attr_list_unref(list);
}

static int
make_slots(struct ex_paper *p)
{
	for (size_t i = 0; i < EX_PAPER_SLOTS; i++) {
		PangoLayout *l = pango_cairo_create_layout(p->cr);

		if ((p->slot[i].layout = l) == NULL)
			return ex_fail(&p->err, EX_SYSTEM, "out of memory");
		pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
		set_attributes(l);
		pango_context_set_language(pango_layout_get_context(l),
		    pango_language_from_string(p->about.zh ? "zh-tw" : "en"));
	}
	return 0;
}

static int
check_cairo(struct ex_paper *p)
{
	cairo_status_t status = cairo_status(p->cr);

	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(p->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		return 0;
	return ex_fail(
	    &p->err, EX_SYSTEM, "PDF: %s", cairo_status_to_string(status));
}

static void
release(struct ex_paper *p)
{
	for (size_t i = 0; i < EX_PAPER_SLOTS; i++) {
		if (p->slot[i].layout != NULL)
			g_object_unref(p->slot[i].layout);
		free(p->slot[i].text);
	}
	for (size_t i = 0; i < EX_STYLES; i++)
		pango_font_description_free(p->font[i]);
	cairo_destroy(p->cr);
	cairo_surface_destroy(p->surface);
	ex_buf_free(&p->out);
	free(p);
}

int
ex_paper_open(struct ex_paper **out, const struct ex_paper_about *about,
    struct ex_err *err)
{
	struct ex_paper *p = calloc(1, sizeof(*p));

	*out = NULL;
	if (p == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	p->about = *about;
	p->surface = cairo_pdf_surface_create_for_stream(
	    ex_paper_dry(p) ? NULL : take_bytes, p, SHEET_WIDTH, SHEET_HEIGHT);
	p->cr = cairo_create(p->surface);
	p->y = TOP;
	p->page = 1;
	if (check_cairo(p) == -1 || make_fonts(p) == -1 ||
	    make_slots(p) == -1) {
		(void)ex_fail(err, p->err.code, "%s", p->err.text);
		release(p);
		return -1;
	}
	if (!ex_paper_dry(p))
		say_about(p);
	ex_paper_begin(p, "Document");
	*out = p;
	return 0;
}

double
ex_paper_left(const struct ex_paper *p)
{
	(void)p;
	return LEFT;
}

double
ex_paper_width(const struct ex_paper *p)
{
	(void)p;
	return SHEET_WIDTH - LEFT - RIGHT;
}

double
ex_paper_y(const struct ex_paper *p)
{
	return p->y;
}

void
ex_paper_skip(struct ex_paper *p, double height)
{
	p->y += height;
}

double
ex_paper_room(const struct ex_paper *p)
{
	(void)p;
	return SHEET_HEIGHT - TOP - BOTTOM;
}

int
ex_paper_full(const struct ex_paper *p, double height)
{
	return p->y + height > SHEET_HEIGHT - BOTTOM;
}

double
ex_paper_left_over(const struct ex_paper *p)
{
	return SHEET_HEIGHT - BOTTOM - p->y;
}

void
ex_paper_grey(struct ex_paper *p, double grey)
{
	cairo_set_source_rgb(p->cr, grey, grey, grey);
}

/* Which sheet of how many, and what the paper is about. */
static void
furnish(struct ex_paper *p)
{
	char text[64];
	double y = SHEET_HEIGHT - BOTTOM + 18, width;

	ex_paper_line(p, LEFT, y - 6, SHEET_WIDTH - RIGHT, y - 6, 0.5, 0.4);
	(void)snprintf(text, sizeof(text),
	    p->about.zh ? "第 %zu 頁，共 %zu 頁" : "page %zu of %zu", p->page,
	    ex_paper_dry(p) ? p->page : p->about.pages);
	width = ex_paper_line_width(p, EX_STYLE_SMALL, text);
	(void)ex_paper_lay(
	    p, EX_PAPER_SLOTS - 1, EX_STYLE_SMALL, text, 200, "page");
	ex_paper_put(p, EX_PAPER_SLOTS - 1, SHEET_WIDTH - RIGHT - width, y);
	(void)ex_paper_lay(p, EX_PAPER_SLOTS - 1, EX_STYLE_SMALL,
	    p->about.subtitle, ex_paper_width(p) - 90, "subtitle");
	ex_paper_put(p, EX_PAPER_SLOTS - 1, LEFT, y);
}

static void
finish_sheet(struct ex_paper *p)
{
	furnish(p);
	if (!ex_paper_dry(p))
		cairo_show_page(p->cr);
	(void)check_cairo(p);
}

void
ex_paper_sheet(struct ex_paper *p)
{
	if (ex_paper_failed(p) || p->y <= TOP)
		return;
	if (p->page == EX_PAPER_PAGES_MAX) {
		(void)ex_fail(&p->err, EX_LIMIT, "more than %d pages",
		    EX_PAPER_PAGES_MAX);
		return;
	}
	finish_sheet(p);
	p->page++;
	p->y = TOP;
}

/* The file; its bytes are not copied where nothing stands before them. */
static int
give(struct ex_paper *p, struct ex_buf *pdf, struct ex_err *err)
{
	if (ex_paper_dry(p))
		return 0;
	if (pdf->len > 0)
		return ex_buf_add(pdf, p->out.data, p->out.len, err);
	ex_buf_free(pdf);
	*pdf = p->out;
	memset(&p->out, 0, sizeof(p->out));
	return 0;
}

int
ex_paper_close(
    struct ex_paper **pp, struct ex_buf *pdf, size_t *pages, struct ex_err *err)
{
	struct ex_paper *p = *pp;
	int rc = -1;

	*pp = NULL;
	if (!ex_paper_failed(p)) {
		ex_paper_end(p, "Document");
		finish_sheet(p);
		cairo_surface_finish(p->surface);
		(void)check_cairo(p);
	}
	*pages = p->page;
	if (ex_paper_failed(p))
		(void)ex_fail(err, p->err.code, "%s", p->err.text);
	else
		rc = give(p, pdf, err);
	release(p);
	return rc;
}

void
ex_paper_begin(struct ex_paper *p, const char *tag)
{
	if (!ex_paper_failed(p) && !ex_paper_dry(p))
		cairo_tag_begin(p->cr, tag, NULL);
}

void
ex_paper_end(struct ex_paper *p, const char *tag)
{
	if (!ex_paper_failed(p) && !ex_paper_dry(p))
		cairo_tag_end(p->cr, tag);
}

void
ex_paper_bookmark(struct ex_paper *p, const char *text, int level)
{
	struct ex_buf shown = EX_BUF_INIT;
	char place[64];
	int parent;

	if (ex_paper_failed(p) || ex_paper_dry(p) || level < 0 ||
	    level >= EX_PAPER_LEVELS)
		return;
	parent = level == 0 ? CAIRO_PDF_OUTLINE_ROOT : p->outline[level - 1];
	(void)snprintf(place, sizeof(place), "page=%zu pos=[%d %d]", p->page,
	    (int)LEFT, (int)p->y);
	if (ex_escape_plain(&shown, text, &p->err) == 0)
		p->outline[level] = cairo_pdf_surface_add_outline(p->surface,
		    parent, ex_buf_text(&shown), place,
		    level == 0 ? CAIRO_PDF_OUTLINE_FLAG_OPEN : 0);
	ex_buf_free(&shown);
}
