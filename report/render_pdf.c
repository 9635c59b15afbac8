/*
 * render_pdf.c -- a document on paper: A4, tagged, bookmarked, with the heads
 * of tables on every sheet and "page x of y" below.
 */
#include <stdio.h>
#include <string.h>

#include "report/paper.h"
#include "report/render.h"
#include "report/render_row.h"
#include "report/render_table.h"

/* Space around things, points. */
#define GAP	   6.0
#define LABEL	   150.0 /* of a fact */
#define ROW_PAD	   2.5
#define HEAD_LINES 60.0 /* a heading is not left alone below this */

/* One text over the whole width. */
static void
put_line(struct ex_paper *p, enum ex_paper_style style, const char *tag,
    const char *text, const char *where)
{
	const struct ex_row_cell cell = { style, text, where, ex_paper_width(p),
		tag, 1 };

	ex_render_row(p, &(struct ex_row){ .cell = &cell, .n = 1 });
}

/* A heading goes over to the next sheet with what it heads. */
static void
put_heading(struct ex_paper *p, const char *text)
{
	if (ex_paper_full(p, HEAD_LINES))
		ex_paper_sheet(p);
	ex_paper_skip(p, GAP);
	put_line(p, EX_STYLE_HEADING, "H2", text, "heading");
	ex_paper_skip(p, GAP / 2);
}

static void
put_text(struct ex_paper *p, const char *text)
{
	put_line(p, EX_STYLE_BODY, "P", text, "text");
	ex_paper_skip(p, GAP);
}

/* In a frame, or on a ground of grey. */
static void
put_framed(struct ex_paper *p, enum ex_paper_style style, const char *text,
    int frame, double grey)
{
	const struct ex_row_cell cell = { style, text, "text",
		ex_paper_width(p), "P", grey };

	ex_paper_skip(p, GAP / 2);
	ex_render_row(
	    p, &(struct ex_row){
		   .cell = &cell, .n = 1, .pad = GAP, .frame = frame });
	ex_paper_skip(p, GAP);
}

static void
put_point(struct ex_paper *p, const char *text)
{
	const struct ex_row_cell cell[] = {
		{ EX_STYLE_BODY, "•", "point", 2 * GAP, "Lbl", 1 },
		{ EX_STYLE_BODY, text, "point", ex_paper_width(p) - 2 * GAP,
		    "LBody", 1 },
	};

	ex_render_row(p, &(struct ex_row){ .cell = cell, .n = 2, .tag = "LI" });
	ex_paper_skip(p, GAP / 3);
}

/* Name and value. */
static void
put_fact(struct ex_paper *p, const struct ex_block *b)
{
	const struct ex_row_cell cell[] = {
		{ EX_STYLE_FACT, b->name, b->name, LABEL, "TH", 0.95 },
		{ EX_STYLE_FACT, b->text, b->name, ex_paper_width(p) - LABEL,
		    "TD", 1 },
	};

	ex_render_row(p, &(struct ex_row){ .cell = cell,
			     .n = 2,
			     .pad = ROW_PAD,
			     .frame = 1,
			     .tag = "TR" });
}

static void
put_block(struct ex_paper *p, const struct ex_block *b)
{
	switch (b->kind) {
	case EX_BLOCK_HEADING:
		put_heading(p, b->text);
		break;
	case EX_BLOCK_TEXT:
		put_text(p, b->text);
		break;
	case EX_BLOCK_WARN:
		put_framed(p, EX_STYLE_BOLD, b->text, 1, 1);
		break;
	case EX_BLOCK_POINT:
		put_point(p, b->text);
		break;
	case EX_BLOCK_CODE:
		put_framed(p, EX_STYLE_CODE, b->text, 0, 0.93);
		break;
	case EX_BLOCK_FACT:
		put_fact(p, b);
		break;
	case EX_BLOCK_TABLE:
		ex_render_table(p, b);
		break;
	case EX_BLOCK_CHART:
		ex_render_chart(p, b);
		break;
	case EX_BLOCK_QR:
		ex_render_qr(p, b);
		break;
	case EX_BLOCK_PICTURE:
		ex_render_picture(p, b);
		break;
	}
}

static void
put_section(struct ex_paper *p, const struct ex_section *s)
{
	if (s->page || ex_paper_full(p, 2 * HEAD_LINES))
		ex_paper_sheet(p);
	ex_paper_skip(p, GAP);
	ex_paper_bookmark(p, s->title, 0);
	put_line(p, EX_STYLE_SECTION, "H1", s->title, "section");
	ex_paper_line(p, ex_paper_left(p), ex_paper_y(p) + 2,
	    ex_paper_left(p) + ex_paper_width(p), ex_paper_y(p) + 2, 1, 0.2);
	ex_paper_skip(p, 2 * GAP);
	for (size_t i = 0; i < s->nblocks; i++) {
		if (s->block[i].kind == EX_BLOCK_HEADING)
			ex_paper_bookmark(p, s->block[i].text, 1);
		put_block(p, &s->block[i]);
		/* What stands in one list or table is set off as a whole. */
		if (i + 1 < s->nblocks &&
		    s->block[i].kind != s->block[i + 1].kind &&
		    (s->block[i].kind == EX_BLOCK_FACT ||
			s->block[i].kind == EX_BLOCK_POINT))
			ex_paper_skip(p, GAP);
	}
	ex_paper_skip(p, GAP);
}

static void
put_document(struct ex_paper *p, const struct ex_document *doc)
{
	put_line(p, EX_STYLE_TITLE, "H1", doc->title, "title");
	put_line(p, EX_STYLE_SUBTITLE, "P", doc->subtitle, "subtitle");
	ex_paper_skip(p, 2 * GAP);
	for (size_t i = 0; i < doc->nsections && !ex_paper_failed(p); i++)
		put_section(p, &doc->section[i]);
}

/* Once for good, or once to count. */
static int
pass(struct ex_buf *out, const struct ex_document *doc, int64_t made_at,
    size_t *pages, struct ex_err *err)
{
	const struct ex_paper_about about = { doc->zh, doc->title,
		doc->subtitle, made_at, *pages };
	struct ex_paper *p;

	if (ex_paper_open(&p, &about, err) == -1)
		return -1;
	put_document(p, doc);
	return ex_paper_close(&p, out, pages, err);
}

int
ex_render_pdf(struct ex_buf *out, const struct ex_document *doc,
    int64_t made_at, struct ex_err *err)
{
	size_t pages = 0, again;

	if (ex_doc_end(doc, err) == -1 ||
	    pass(out, doc, made_at, &pages, err) == -1)
		return -1;
	again = pages;
	if (pass(out, doc, made_at, &again, err) == -1)
		return -1;
	if (again != pages)
		return ex_fail(err, EX_SYSTEM,
		    "%zu pages were counted and %zu written", pages, again);
	return 0;
}
