/*
 * chart.c -- where the bars of a chart are.
 */
#include <stdio.h>
#include <string.h>

#include "report/chart.h"

#define LANE	25.0 /* height of a lane */
#define TICKS	24.0 /* height of the steps' numbers and times */
#define NAMES	62.0 /* width of the lanes' names */
#define INSET	2.0
#define TO_DAY	5 /* "2026-" before "05-04" */
#define TO_TIME 11

enum {
	STEPS = 15, /* of one strip */
	FEWEST = 6, /* a short chart is not drawn wider than these */
	OWN = 2	    /* columns that say when */
};

static size_t
steps_of(const struct ex_block *b)
{
	return b->ncells / b->columns - 1; /* the head is a row */
}

static const char *
value(const struct ex_block *b, size_t step, size_t column)
{
	return b->cell[(step + 1) * b->columns + column];
}

size_t
ex_chart_strips(const struct ex_block *b)
{
	return (steps_of(b) + STEPS - 1) / STEPS;
}

double
ex_chart_height(const struct ex_block *b)
{
	return (double)(b->columns - OWN) * LANE + TICKS;
}

/* One strip being drawn. */
struct strip {
	const struct ex_block *b;
	const struct ex_canvas *c;
	size_t first, end; /* steps */
	double x, y, step; /* of the first step's column */
};

/* A value that begins with "!" must not be overlooked. */
static void
put_bar(
    const struct strip *s, size_t from, size_t to, double y, const char *text)
{
	double x = s->x + (double)(from - s->first) * s->step;
	double width = (double)(to - from) * s->step;
	int strong = text[0] == '!';

	s->c->bar(s->c->arg, x, y + INSET, width, LANE - 2 * INSET, strong);
	s->c->text(s->c->arg, x + INSET, y + INSET, width - 2 * INSET,
	    LANE - 2 * INSET, text + strong);
}

static void
put_lane(const struct strip *s, size_t column)
{
	double y = s->y + (double)(column - OWN) * LANE;
	size_t from, to;

	s->c->text(s->c->arg, s->x - NAMES, y + INSET, NAMES - INSET,
	    LANE - 2 * INSET, s->b->cell[column]);
	for (from = s->first; from < s->end; from = to) {
		const char *text = value(s->b, from, column);

		for (to = from + 1;
		     to < s->end && strcmp(text, value(s->b, to, column)) == 0;
		     to++)
			;
		if (text[0] != '\0')
			put_bar(s, from, to, y, text);
	}
}

/* "7", "05-04", "09:12" below the step. */
static void
put_tick(const struct strip *s, size_t step)
{
	double x = s->x + (double)(step - s->first) * s->step;
	double y = s->y + (double)(s->b->columns - OWN) * LANE;
	const char *at = value(s->b, step, 1);
	char text[64];

	s->c->line(s->c->arg, x, s->y, x, y + INSET);
	if (strlen(at) > TO_TIME)
		(void)snprintf(text, sizeof(text), "%.8s  %.5s %.5s",
		    value(s->b, step, 0), at + TO_DAY, at + TO_TIME);
	else
		(void)snprintf(
		    text, sizeof(text), "%.8s", value(s->b, step, 0));
	s->c->text(
	    s->c->arg, x + 1, y + INSET, s->step - 1, TICKS - INSET, text);
}

void
ex_chart_strip(const struct ex_block *b, size_t strip, double x, double y,
    double width, const struct ex_canvas *c)
{
	size_t all = steps_of(b), wide = all < STEPS ? all : STEPS;
	struct strip s = { .b = b, .c = c, .first = strip * STEPS };

	if (wide < FEWEST)
		wide = FEWEST;
	s.end = s.first + STEPS < all ? s.first + STEPS : all;
	s.x = x + NAMES;
	s.y = y;
	s.step = (width - NAMES) / (double)wide;
	for (size_t i = s.first; i < s.end; i++)
		put_tick(&s, i);
	for (size_t i = OWN; i < b->columns; i++)
		put_lane(&s, i);
}
