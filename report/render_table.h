/*
 * render_table.h -- tables, charts, codes and photographs on sheets of paper
 * (internal to the renderer).
 */
#ifndef REPORT_RENDER_TABLE_H
#define REPORT_RENDER_TABLE_H

#include "report/document.h"
#include "report/paper.h"

/*
 * Columns share the width by what their cells need; a row is never torn
 * unless it is longer than a sheet, and the head stands on every sheet.
 */
void ex_render_table(struct ex_paper *p, const struct ex_block *b);

/* A chart, strip by strip. */
void ex_render_chart(struct ex_paper *p, const struct ex_block *b);

/* A code or a photograph, with its text beside it. */
void ex_render_qr(struct ex_paper *p, const struct ex_block *b);
void ex_render_picture(struct ex_paper *p, const struct ex_block *b);

#endif
