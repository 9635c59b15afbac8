/*
 * paper_shape_pango.c -- lines, boxes, codes and photographs of a paper.
 */
#include <string.h>

#include "report/paper_pango.h"

#define SMALL 64.0 /* sides of the surface that stands for a JPEG */

void
ex_paper_line(struct ex_paper *p, double x0, double y0, double x1, double y1,
    double thick, double grey)
{
	if (ex_paper_failed(p) || ex_paper_dry(p))
		return;
	ex_paper_grey(p, grey);
	cairo_set_line_width(p->cr, thick);
	cairo_move_to(p->cr, x0, y0);
	cairo_line_to(p->cr, x1, y1);
	cairo_stroke(p->cr);
}

void
ex_paper_box(struct ex_paper *p, double x, double y, double width,
    double height, double grey)
{
	if (ex_paper_failed(p) || ex_paper_dry(p))
		return;
	ex_paper_grey(p, grey);
	cairo_rectangle(p->cr, x, y, width, height);
	cairo_fill(p->cr);
}

void
ex_paper_frame(struct ex_paper *p, double x, double y, double width,
    double height, double thick, double grey)
{
	if (ex_paper_failed(p) || ex_paper_dry(p))
		return;
	ex_paper_grey(p, grey);
	cairo_set_line_width(p->cr, thick);
	cairo_rectangle(p->cr, x, y, width, height);
	cairo_stroke(p->cr);
}

void
ex_paper_modules(struct ex_paper *p, const uint8_t *dark, size_t side, double x,
    double y, double width)
{
	double each = width / (double)side;

	if (ex_paper_failed(p) || ex_paper_dry(p))
		return;
	ex_paper_grey(p, 0);
	for (size_t row = 0; row < side; row++)
		for (size_t i = 0, n; i < side; i += n) {
			const uint8_t *run = &dark[row * side];

			for (n = 1; i + n < side && run[i + n] == run[i]; n++)
				;
			if (run[i])
				cairo_rectangle(p->cr, x + each * (double)i,
				    y + each * (double)row, each * (double)n,
				    each);
		}
	cairo_fill(p->cr);
}

/*
 * cairo copies the file of a JPEG into the PDF and takes nothing else from
 * the surface but its size, so that a small one does.
 */
static cairo_surface_t *
jpeg_surface(const struct ex_picture *q)
{
	double big = q->width > q->height ? q->width : q->height;
	int w = (int)(SMALL * q->width / big + 1);
	int h = (int)(SMALL * q->height / big + 1);
	cairo_surface_t *s =
	    cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);

	(void)cairo_surface_set_mime_data(s, CAIRO_MIME_TYPE_JPEG, q->data.data,
	    (unsigned long)q->data.len, NULL, NULL);
	return s;
}

static cairo_surface_t *
pixel_surface(const struct ex_picture *q)
{
	cairo_surface_t *s = cairo_image_surface_create(
	    CAIRO_FORMAT_RGB24, (int)q->width, (int)q->height);
	unsigned char *to = cairo_image_surface_get_data(s);
	size_t stride = (size_t)cairo_image_surface_get_stride(s);

	for (size_t y = 0; to != NULL && y < q->height; y++)
		for (size_t x = 0; x < q->width; x++) {
			const uint8_t *c =
			    &q->data.data[3 * (y * q->width + x)];
			uint32_t rgb =
			    (uint32_t)c[0] << 16 | (uint32_t)c[1] << 8 | c[2];

			memcpy(&to[y * stride + 4 * x], &rgb, sizeof(rgb));
		}
	cairo_surface_mark_dirty(s);
	return s;
}

void
ex_paper_picture(struct ex_paper *p, const struct ex_picture *q, double x,
    double y, double width, double height)
{
	cairo_surface_t *s;

	if (ex_paper_failed(p) || ex_paper_dry(p))
		return;
	s = q->kind == EX_PICTURE_JPEG ? jpeg_surface(q) : pixel_surface(q);
	cairo_save(p->cr);
	cairo_translate(p->cr, x, y);
	cairo_scale(p->cr, width / cairo_image_surface_get_width(s),
	    height / cairo_image_surface_get_height(s));
	cairo_set_source_surface(p->cr, s, 0, 0);
	/* Not cairo_paint(): cairo 1.16 takes it for an end of the page and
	 * then finds the tags around it badly nested. */
	cairo_rectangle(p->cr, 0, 0, cairo_image_surface_get_width(s),
	    cairo_image_surface_get_height(s));
	cairo_fill(p->cr);
	cairo_restore(p->cr);
	if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS)
		(void)ex_fail(&p->err, EX_SYSTEM, "photograph: %s",
		    cairo_status_to_string(cairo_surface_status(s)));
	cairo_surface_destroy(s);
}
