/*
 * escape.h -- text of others inside our own files.
 */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Append text so that it is only text: control characters, bidi controls
 * and bytes that are no UTF-8 are shown, as ex_text_show() does.
 */
int ex_escape_plain(struct ex_buf *out, const char *text, struct ex_err *err);

/* The same for HTML, in an element or in a quoted attribute. */
int ex_escape_html(struct ex_buf *out, const char *text, struct ex_err *err);

#endif
