/*
 * paper_pango.h -- a paper as pango and cairo hold it (internal to
 * report/paper*_pango.c).
 */
#ifndef REPORT_PAPER_PANGO_H
#define REPORT_PAPER_PANGO_H

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "report/paper.h"

enum {
	EX_PAPER_LEVELS = 4 /* of bookmarks */
};

/* One text, laid out. */
struct ex_paper_slot {
	PangoLayout *layout;
	enum ex_paper_style style;
	double width;
	char *text; /* laid out at present, as it was given */
	double height;
};

struct ex_paper {
	struct ex_paper_about about;
	cairo_surface_t *surface;
	cairo_t *cr;
	struct ex_paper_slot slot[EX_PAPER_SLOTS];
	PangoFontDescription *font[EX_STYLES];
	struct ex_buf out;
	double y;
	size_t page; /* of the cursor, from 1 */
	int outline[EX_PAPER_LEVELS];
	struct ex_err err;
};

/* Is this the pass that only counts? */
int ex_paper_dry(const struct ex_paper *p);

void ex_paper_grey(struct ex_paper *p, double grey);

#endif
