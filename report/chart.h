/*
 * chart.h -- a table as a picture: one step a row, one lane a column, a bar
 * for as long as a lane's value stays the same.
 *
 * The first two columns are the step's number and its time ("2026-05-04
 * 09:12:33 UTC").  Steps are equally wide: custody has years of rest between
 * minutes of haste, and to scale nothing could be read.  Long charts are
 * folded into strips.  Geometry is here, ink is the renderer's.
 */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "report/document.h"

/* Where a renderer draws; lengths in its own unit. */
struct ex_canvas {
	void *arg;
	/* strong: must not be overlooked */
	void (*bar)(void *arg, double x, double y, double width, double height,
	    int strong);
	/* Text in a box, what does not fit is left out: the table has it. */
	void (*text)(void *arg, double x, double y, double width, double height,
	    const char *text);
	void (*line)(void *arg, double x0, double y0, double x1, double y1);
};

/* How many strips the chart has, and how high each is. */
size_t ex_chart_strips(const struct ex_block *b);
double ex_chart_height(const struct ex_block *b);

/* Draw one strip with its upper left corner at x, y. */
void ex_chart_strip(const struct ex_block *b, size_t strip, double x, double y,
    double width, const struct ex_canvas *c);

#endif
