/*
 * paper.h -- sheets of A4 as a tagged PDF: a cursor, text, lines, boxes.
 *
 * Knows typography and nothing of custody.  Lengths are points (1/72 inch);
 * x and y grow to the right and down from the sheet's upper left corner.
 * A builder that keeps its first failure, as report/document.h: calls after
 * it do nothing, ex_paper_close() tells.
 *
 * A paper is made twice: first to count the sheets (dry), then for good, so
 * that each one says "page x of y".
 */
#ifndef REPORT_PAPER_H
#define REPORT_PAPER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "report/picture.h"

struct ex_paper;

enum ex_paper_style {
	EX_STYLE_TITLE,
	EX_STYLE_SUBTITLE,
	EX_STYLE_SECTION,
	EX_STYLE_HEADING,
	EX_STYLE_BODY,
	EX_STYLE_BOLD,
	EX_STYLE_FACT,
	EX_STYLE_CODE,
	EX_STYLE_CELL,
	EX_STYLE_CELL_HEAD,
	EX_STYLE_SMALL,
	EX_STYLES
};

/* What the whole of it says about itself. */
struct ex_paper_about {
	int zh; /* language: Traditional Chinese, else English */
	const char *title;
	const char *subtitle; /* runs at the head of later sheets */
	int64_t made_at;      /* microseconds UTC, the file's date */
	size_t pages;	      /* 0: dry, only counted */
};

enum {
	EX_PAPER_SLOTS = 16, /* texts laid out at one time */
	EX_PAPER_PAGES_MAX = 100000
};

/* *out is released with ex_paper_close().  EX_SYSTEM: no font is there. */
int ex_paper_open(struct ex_paper **out, const struct ex_paper_about *about,
    struct ex_err *err);

/*
 * Finish: append the file to *pdf (not when dry), tell how many sheets there
 * are.  *p becomes NULL whatever happens.  EX_FORMAT: a text has a character
 * for which this machine has no glyph; it is named.
 */
int ex_paper_close(
    struct ex_paper **p, struct ex_buf *pdf, size_t *pages, struct ex_err *err);

/* Has something failed?  Keep a failure that the caller found. */
int ex_paper_failed(const struct ex_paper *p);
void ex_paper_fail(struct ex_paper *p, const struct ex_err *err);

/* The column of text: its left edge and its width. */
double ex_paper_left(const struct ex_paper *p);
double ex_paper_width(const struct ex_paper *p);

/* The cursor, and a step down. */
double ex_paper_y(const struct ex_paper *p);
void ex_paper_skip(struct ex_paper *p, double height);

/* A new sheet, unless the cursor is at the top of one already. */
void ex_paper_sheet(struct ex_paper *p);

/* Is there less than height left on this sheet? */
int ex_paper_full(const struct ex_paper *p, double height);

/* What is left on this sheet. */
double ex_paper_left_over(const struct ex_paper *p);

/* The most that a sheet holds. */
double ex_paper_room(const struct ex_paper *p);

/*
 * Lay text out in a slot, in lines of at most width; returns its height.
 * Everything that is not text is shown as text first (report/escape.h).
 * where names the field for a refusal.
 */
double ex_paper_lay(struct ex_paper *p, size_t slot, enum ex_paper_style style,
    const char *text, double width, const char *where);

/* Draw what a slot holds with its upper left corner at x, y. */
void ex_paper_put(struct ex_paper *p, size_t slot, double x, double y);

/*
 * The height of the whole lines of a slot that begin at from and go into
 * room: one line at least while there is one.
 */
double
ex_paper_lines(const struct ex_paper *p, size_t slot, double from, double room);

/* Draw those lines, the first of them at x, y. */
void ex_paper_put_lines(struct ex_paper *p, size_t slot, double x, double y,
    double from, double height);

/* Width of a text in one line. */
double ex_paper_line_width(
    struct ex_paper *p, enum ex_paper_style style, const char *text);

/* Shapes; grey 0 is black, 1 white. */
void ex_paper_line(struct ex_paper *p, double x0, double y0, double x1,
    double y1, double thick, double grey);
void ex_paper_box(struct ex_paper *p, double x, double y, double width,
    double height, double grey);
void ex_paper_frame(struct ex_paper *p, double x, double y, double width,
    double height, double thick, double grey);

/* A square code of side * side modules, dark ones 1, rows from the top. */
void ex_paper_modules(struct ex_paper *p, const uint8_t *dark, size_t side,
    double x, double y, double width);

/*
 * A photograph in a box of this size; a JPEG goes into the file byte for
 * byte.  picture must outlive the paper.
 */
void ex_paper_picture(struct ex_paper *p, const struct ex_picture *picture,
    double x, double y, double width, double height);

/*
 * Structure for readers by ear: "Document", "H1", "P", "Table", "TR", "TD"…
 * (ISO 32000-1, 14.8.4).  Begun and ended in nested pairs on one sheet.
 */
void ex_paper_begin(struct ex_paper *p, const char *tag);
void ex_paper_end(struct ex_paper *p, const char *tag);

/* An entry in the file's list of contents that leads here. */
void ex_paper_bookmark(struct ex_paper *p, const char *text, int level);

#endif
