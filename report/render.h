/*
 * render.h -- a document as a file.
 *
 * Everything that is not the renderer's own is escaped; control and bidi
 * characters are shown, never obeyed.
 */
#ifndef REPORT_RENDER_H
#define REPORT_RENDER_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "report/document.h"

/*
 * One self-contained HTML file: no script, no image, no address of another
 * file; headings, scopes and language for readers by ear; a style for print.
 */
int ex_render_html(
    struct ex_buf *out, const struct ex_document *doc, struct ex_err *err);

/* Plain UTF-8 text of at most 78 columns where words allow it. */
int ex_render_text(
    struct ex_buf *out, const struct ex_document *doc, struct ex_err *err);

/*
 * A4 sheets as a PDF; made_at (microseconds UTC) is the file's date.  The
 * same document gives the same bytes with the same fonts.  EX_FORMAT: a text
 * has a character for which this machine has no glyph; text and character are
 * named.
 */
int ex_render_pdf(struct ex_buf *out, const struct ex_document *doc,
    int64_t made_at, struct ex_err *err);

#endif
