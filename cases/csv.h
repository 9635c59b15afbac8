/*
 * csv.h -- lines of a CSV file and their cells (RFC 4180), one line a record:
 * a cell holds no line break.
 */
#ifndef CASES_CSV_H
#define CASES_CSV_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

enum {
	EX_CSV_CELLS = EX_LIST_COLUMNS + 1
};

/* The line that was read last, taken apart; a cell's text is unquoted. */
struct ex_csv {
	struct ex_reader in;
	size_t line; /* its number, from 1 */
	struct ex_buf cell[EX_CSV_CELLS];
	size_t n; /* cells */
};

/* text is borrowed; Excel's byte order mark is passed over. */
void ex_csv_init(struct ex_csv *csv, const void *text, size_t n);
void ex_csv_free(struct ex_csv *csv);

/*
 * The next line: 1, 0 at the end, -1 with EX_FORMAT and the line's number when
 * it is empty, cannot be signed or is no CSV.
 */
int ex_csv_next(struct ex_csv *csv, struct ex_err *err);

/* EX_FORMAT "line N: what". */
int ex_csv_bad(const struct ex_csv *csv, const char *what, struct ex_err *err);

#endif
