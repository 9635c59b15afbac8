/*
 * render_svg.h -- a chart as SVG (internal to the HTML renderer).
 */
#ifndef REPORT_RENDER_SVG_H
#define REPORT_RENDER_SVG_H

#include "base/buf.h"
#include "base/err.h"
#include "report/document.h"

/* Append a figure with its caption; every text of others is escaped. */
int
ex_render_svg(struct ex_buf *out, const struct ex_block *b, struct ex_err *err);

#endif
