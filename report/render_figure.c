/*
 * render_figure.c -- codes and photographs on paper, with text beside them.
 */
#include "report/qr.h"
#include "report/render_table.h"

#define GAP	 10.0
#define CODE	 92.0  /* of a QR code, with its quiet zone */
#define WIDE	 230.0 /* of a photograph, at most */
#define HIGH	 180.0
#define HEADROOM 4.0

/* Text to the right of a figure of this size; the cursor goes below both. */
static void
put_beside(struct ex_paper *p, enum ex_paper_style style, const char *text,
    double width, double height)
{
	double x = ex_paper_left(p) + width + GAP;
	double most = ex_paper_lay(
	    p, 0, style, text, ex_paper_width(p) - width - GAP, "caption");

	ex_paper_begin(p, "Caption");
	ex_paper_put_lines(
	    p, 0, x, ex_paper_y(p), 0, ex_paper_lines(p, 0, 0, height));
	ex_paper_end(p, "Caption");
	ex_paper_skip(p, (most < height ? height : most) + GAP);
}

/* Room for a figure and what is said beside it, on one sheet. */
static void
make_room(struct ex_paper *p, double height)
{
	if (ex_paper_full(p, height + HEADROOM))
		ex_paper_sheet(p);
	ex_paper_skip(p, HEADROOM);
}

void
ex_render_qr(struct ex_paper *p, const struct ex_block *b)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_qr qr;
	double quiet;

	if (ex_qr_make(&qr, b->text, &err) == -1) {
		ex_paper_fail(p, &err);
		return;
	}
	make_room(p, CODE);
	quiet = CODE * EX_QR_QUIET / ((double)qr.side + 2 * EX_QR_QUIET);
	ex_paper_begin(p, "Figure");
	ex_paper_modules(p, qr.dark, qr.side, ex_paper_left(p) + quiet,
	    ex_paper_y(p) + quiet, CODE - 2 * quiet);
	ex_paper_end(p, "Figure");
	put_beside(p, EX_STYLE_FACT, b->name, CODE, CODE);
}

void
ex_render_picture(struct ex_paper *p, const struct ex_block *b)
{
	const struct ex_picture *q = &b->picture;
	double by_width = WIDE / q->width, by_height = HIGH / q->height;
	double scale = by_width < by_height ? by_width : by_height;
	double width = q->width * scale, height = q->height * scale;

	make_room(p, height);
	ex_paper_begin(p, "Figure");
	ex_paper_picture(p, q, ex_paper_left(p), ex_paper_y(p), width, height);
	ex_paper_frame(
	    p, ex_paper_left(p), ex_paper_y(p), width, height, 0.5, 0.55);
	ex_paper_end(p, "Figure");
	put_beside(p, EX_STYLE_FACT, b->text, width, height);
}
