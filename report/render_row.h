/*
 * render_row.h -- texts beside each other on paper: a row of a table, a fact,
 * a point of a list, a paragraph (internal to the PDF renderer).
 */
#ifndef REPORT_RENDER_ROW_H
#define REPORT_RENDER_ROW_H

#include "report/document.h"
#include "report/paper.h"

struct ex_row_cell {
	enum ex_paper_style style;
	const char *text;
	const char *where; /* for a refusal: what the text is */
	double width;	   /* with its padding */
	const char *tag;   /* "TD", "P", ... */
	double grey;	   /* of the ground; 1: none */
};

struct ex_row {
	const struct ex_row_cell *cell;
	size_t n;
	double indent; /* from the left edge */
	double pad;
	int frame;	 /* a line around each cell */
	const char *tag; /* around all of them, or NULL */
	/* Turn over to a new sheet, with what is repeated there; NULL: a sheet
	 * alone. */
	void (*turn)(struct ex_paper *p, void *arg);
	void *arg;
};

/*
 * Draw it at the cursor and go below it.  A row that does not fit goes over
 * to the next sheet; only one that fits on none is torn, between lines.
 */
void ex_render_row(struct ex_paper *p, const struct ex_row *row);

#endif
