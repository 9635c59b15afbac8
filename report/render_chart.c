/*
 * render_chart.c -- charts on paper.
 */
#include "report/chart.h"
#include "report/render_table.h"

#define STRIP_GAP 6.0
#define CAPTION	  16.0

static void
bar(void *arg, double x, double y, double width, double height, int strong)
{
	struct ex_paper *p = arg;

	ex_paper_box(p, x, y, width, height, strong ? 1 : 0.9);
	ex_paper_frame(
	    p, x, y, width, height, strong ? 1.6 : 0.5, strong ? 0 : 0.45);
}

static void
text(void *arg, double x, double y, double width, double height,
    const char *word)
{
	struct ex_paper *p = arg;
	double part;

	(void)ex_paper_lay(p, 0, EX_STYLE_SMALL, word, width, "chart");
	part = ex_paper_lines(p, 0, 0, height);
	ex_paper_put_lines(p, 0, x, y, 0, part);
}

static void
line(void *arg, double x0, double y0, double x1, double y1)
{
	ex_paper_line(arg, x0, y0, x1, y1, 0.3, 0.6);
}

void
ex_render_chart(struct ex_paper *p, const struct ex_block *b)
{
	const struct ex_canvas canvas = { p, bar, text, line };
	double height = ex_chart_height(b);
	size_t strips = ex_chart_strips(b);

	if (ex_paper_full(p, CAPTION + height))
		ex_paper_sheet(p);
	(void)ex_paper_lay(
	    p, 0, EX_STYLE_BOLD, b->name, ex_paper_width(p), "chart");
	ex_paper_begin(p, "Caption");
	ex_paper_put(p, 0, ex_paper_left(p), ex_paper_y(p));
	ex_paper_end(p, "Caption");
	ex_paper_skip(p, CAPTION);
	for (size_t i = 0; i < strips && !ex_paper_failed(p); i++) {
		if (ex_paper_full(p, height))
			ex_paper_sheet(p);
		ex_paper_begin(p, "Figure");
		ex_chart_strip(b, i, ex_paper_left(p), ex_paper_y(p),
		    ex_paper_width(p), &canvas);
		ex_paper_end(p, "Figure");
		ex_paper_skip(p, height + STRIP_GAP);
	}
}
