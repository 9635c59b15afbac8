/*
 * list.h -- lists of items from outside: a CSV file, a scanner.
 *
 * CSV is that of RFC 4180 and stricter: UTF-8 (a byte order mark is skipped),
 * lines end with LF or CRLF, every line has as many cells as the first, and
 * no cell holds what may not be signed, line breaks among it.  The first line
 * names the columns: "item" and fields of the act, with "-" or "_".
 */
#ifndef CASES_LIST_H
#define CASES_LIST_H

#include <stddef.h>

#include "base/err.h"
#include "base/limits.h"

struct ex_list_row {
	size_t line; /* in the file, from 1 */
	char *item;
	char **cell; /* one a column; NULL: empty */
};

struct ex_list {
	char *column[EX_LIST_COLUMNS]; /* "seal_state"; without the item's */
	size_t ncolumns;
	struct ex_list_row *row; /* at least one */
	size_t nrows, caprows;
};

/*
 * Read a CSV list.  EX_FORMAT names the line, EX_LIMIT what is too large.
 * *out is released with ex_list_free() whether it worked or not.
 */
int ex_list_read(
    struct ex_list *out, const void *text, size_t n, struct ex_err *err);

/*
 * Read what a scanner typed: an item's number, then its seal's, in a line
 * together or each in its own; an empty line in place of the seal: there is
 * none.  One column, "seal".  As ex_list_read() in everything else.
 */
int ex_list_scan(
    struct ex_list *out, const void *text, size_t n, struct ex_err *err);

void ex_list_free(struct ex_list *list);

#endif
