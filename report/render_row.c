/*
 * render_row.c -- one row: laid out, turned over where it must be, drawn.
 */
#include <string.h>

#include "report/render_row.h"

/* Less room than this is not worth a piece of a torn row. */
#define PIECE 60.0

struct state {
	struct ex_paper *p;
	const struct ex_row *row;
	double height[EX_DOC_COLUMNS]; /* of each text */
	double done[EX_DOC_COLUMNS];   /* drawn so far */
	double most;
};

static void
lay(struct state *s)
{
	s->most = 0;
	for (size_t i = 0; i < s->row->n; i++) {
		const struct ex_row_cell *c = &s->row->cell[i];

		s->height[i] = ex_paper_lay(s->p, i, c->style, c->text,
		    c->width - 2 * s->row->pad, c->where);
		if (s->height[i] > s->most)
			s->most = s->height[i];
	}
}

static void
turn(struct state *s)
{
	if (s->row->turn != NULL) {
		s->row->turn(s->p, s->row->arg);
		/* What it repeats may have used the slots. */
		lay(s);
	} else {
		ex_paper_sheet(s->p);
	}
}

/* Ground and frames of one piece. */
static void
furnish(const struct state *s, double height)
{
	double x = ex_paper_left(s->p) + s->row->indent;
	double y = ex_paper_y(s->p);

	for (size_t i = 0; i < s->row->n; i++) {
		const struct ex_row_cell *c = &s->row->cell[i];

		if (c->grey < 1)
			ex_paper_box(s->p, x, y, c->width, height, c->grey);
		if (s->row->frame)
			ex_paper_frame(s->p, x, y, c->width, height, 0.5, 0.55);
		x += c->width;
	}
}

/* The next lines of every cell, as many as go into room. */
static void
put_piece(struct state *s, double room)
{
	double x = ex_paper_left(s->p) + s->row->indent, most = 0;
	double part[EX_DOC_COLUMNS], y = ex_paper_y(s->p) + s->row->pad;

	for (size_t i = 0; i < s->row->n; i++) {
		part[i] = ex_paper_lines(s->p, i, s->done[i], room);
		most = part[i] > most ? part[i] : most;
	}
	furnish(s, most + 2 * s->row->pad);
	if (s->row->tag != NULL)
		ex_paper_begin(s->p, s->row->tag);
	for (size_t i = 0; i < s->row->n; i++) {
		const struct ex_row_cell *c = &s->row->cell[i];

		ex_paper_begin(s->p, c->tag);
		ex_paper_put_lines(
		    s->p, i, x + s->row->pad, y, s->done[i], part[i]);
		ex_paper_end(s->p, c->tag);
		s->done[i] += part[i];
		x += c->width;
	}
	if (s->row->tag != NULL)
		ex_paper_end(s->p, s->row->tag);
	ex_paper_skip(s->p, most + 2 * s->row->pad);
}

static int
unfinished(const struct state *s)
{
	for (size_t i = 0; i < s->row->n; i++)
		if (s->done[i] + 0.5 < s->height[i])
			return 1;
	return 0;
}

/* Longer than any sheet. */
static void
tear(struct state *s)
{
	double pad = 2 * s->row->pad;

	while (unfinished(s) && !ex_paper_failed(s->p)) {
		if (ex_paper_full(s->p, PIECE))
			turn(s);
		put_piece(s, ex_paper_left_over(s->p) - pad);
		if (unfinished(s))
			turn(s);
	}
}

void
ex_render_row(struct ex_paper *p, const struct ex_row *row)
{
	struct state s = { .p = p, .row = row };
	double pad = 2 * row->pad;

	lay(&s);
	if (s.most + pad > ex_paper_room(p) - PIECE) {
		tear(&s);
		return;
	}
	if (ex_paper_full(p, s.most + pad))
		turn(&s);
	put_piece(&s, s.most);
}
