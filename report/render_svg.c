/*
 * render_svg.c -- charts inside an HTML file: SVG without script, link or
 * style sheet; texts are clipped by the box they stand in.
 */
#include "report/chart.h"
#include "report/escape.h"
#include "report/render_svg.h"

#define WIDTH 920.0
#define SCALE 1.6 /* of the chart's own unit */
#define BIG   10.0

struct svg {
	struct ex_buf *out;
	struct ex_err *err;
	int failed;
};

static void
bar(void *arg, double x, double y, double width, double height, int strong)
{
	struct svg *s = arg;

	s->failed |=
	    ex_buf_addf(s->out, s->err,
		"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
		"fill=\"%s\" stroke=\"#333\" stroke-width=\"%s\"></rect>\n",
		x * SCALE, y * SCALE, width * SCALE, height * SCALE,
		strong ? "#fff" : "#e6e6e6", strong ? "2.5" : "0.7") == -1;
}

static void
text(void *arg, double x, double y, double width, double height,
    const char *word)
{
	struct svg *s = arg;

	s->failed |=
	    ex_buf_addf(s->out, s->err,
		"<svg x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
		"<text x=\"1\" y=\"%.1f\" font-size=\"%.1f\">",
		x * SCALE, y * SCALE, width * SCALE, height * SCALE, BIG + 2,
		BIG) == -1 ||
	    ex_escape_html(s->out, word, s->err) == -1 ||
	    ex_buf_addf(s->out, s->err, "</text></svg>\n") == -1;
}

static void
line(void *arg, double x0, double y0, double x1, double y1)
{
	struct svg *s = arg;

	s->failed |=
	    ex_buf_addf(s->out, s->err,
		"<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
		"stroke=\"#999\" stroke-width=\"0.5\"></line>\n",
		x0 * SCALE, y0 * SCALE, x1 * SCALE, y1 * SCALE) == -1;
}

static int
put_strip(struct svg *s, const struct ex_block *b, size_t strip)
{
	const struct ex_canvas canvas = { s, bar, text, line };

	if (ex_buf_addf(s->out, s->err,
		"<svg role=\"img\" width=\"100%%\" viewBox=\"0 0 %.0f %.0f\" "
		"font-family=\"sans-serif\">\n<title>",
		WIDTH, ex_chart_height(b) * SCALE) == -1 ||
	    ex_escape_html(s->out, b->name, s->err) == -1 ||
	    ex_buf_addf(s->out, s->err, "</title>\n") == -1)
		return -1;
	ex_chart_strip(b, strip, 0, 0, WIDTH / SCALE, &canvas);
	if (s->failed)
		return -1;
	return ex_buf_addf(s->out, s->err, "</svg>\n");
}

int
ex_render_svg(struct ex_buf *out, const struct ex_block *b, struct ex_err *err)
{
	struct svg s = { out, err, 0 };
	size_t strips = ex_chart_strips(b);

	if (ex_buf_addf(out, err, "<figure>\n<figcaption>") == -1 ||
	    ex_escape_html(out, b->name, err) == -1 ||
	    ex_buf_addf(out, err, "</figcaption>\n") == -1)
		return -1;
	for (size_t i = 0; i < strips; i++)
		if (put_strip(&s, b, i) == -1)
			return -1;
	return ex_buf_addf(out, err, "</figure>\n");
}
