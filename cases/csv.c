/*
 * csv.c -- lines of a CSV file and their cells (RFC 4180).
 */
#include "cases/csv.h"

#include <string.h>

#include "base/text.h"
#include "cases/list_parts.h"

int
ex_csv_bad(const struct ex_csv *r, const char *what, struct ex_err *err)
{
	return ex_fail(err, EX_FORMAT, "line %zu: %s", r->line, what);
}

/* A cell in quotation marks from s.p[*i] on, the opening one included. */
static int
read_quoted(struct ex_csv *r, struct ex_buf *cell, struct ex_span s, size_t *i,
    struct ex_err *err)
{
	for ((*i)++; *i < s.n; (*i)++) {
		if (s.p[*i] == '"') {
			(*i)++;
			if (*i == s.n || s.p[*i] != '"')
				return 0;
		}
		if (ex_buf_add_byte(cell, s.p[*i], err) == -1)
			return -1;
	}
	return ex_csv_bad(r, "a quotation mark is not closed", err);
}

static int
read_plain(struct ex_csv *r, struct ex_buf *cell, struct ex_span s, size_t *i,
    struct ex_err *err)
{
	for (; *i < s.n && s.p[*i] != ','; (*i)++) {
		if (s.p[*i] == '"')
			return ex_csv_bad(r,
			    "a quotation mark inside a cell: put the cell "
			    "into quotation marks and write it twice",
			    err);
		if (ex_buf_add_byte(cell, s.p[*i], err) == -1)
			return -1;
	}
	return 0;
}

/* The cells of one line. */
static int
read_record(struct ex_csv *r, struct ex_span s, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	size_t i = 0;
	int rc;

	r->n = 0;
	if (s.n == 0)
		return ex_csv_bad(r, "it is empty", err);
	if (ex_text_canonical((const char *)s.p, s.n, &why) == -1)
		return ex_csv_bad(r, why.text, err);
	for (;;) {
		struct ex_buf *cell;

		if (r->n == EX_CSV_CELLS)
			return ex_csv_bad(r, "too many cells", err);
		cell = &r->cell[r->n++];
		ex_buf_cut(cell, 0);
		rc = i < s.n && s.p[i] == '"' ? read_quoted(r, cell, s, &i, err)
					      : read_plain(r, cell, s, &i, err);
		if (rc == -1)
			return -1;
		if (cell->len > EX_PII_VALUE_MAX)
			return ex_csv_bad(r, "a cell is too long", err);
		if (i == s.n)
			return 0;
		if (s.p[i++] != ',')
			return ex_csv_bad(r,
			    "something follows a closing quotation mark", err);
	}
}

/* Excel begins a UTF-8 file with it. */
static void
skip_mark(struct ex_reader *in)
{
	struct ex_span s;

	if (in->left >= 3 && memcmp(in->p, "\xef\xbb\xbf", 3) == 0)
		(void)ex_read_span(in, 3, &s, NULL);
}

void
ex_csv_init(struct ex_csv *csv, const void *text, size_t n)
{
	memset(csv, 0, sizeof(*csv));
	ex_reader_init(&csv->in, text, n);
	skip_mark(&csv->in);
}

void
ex_csv_free(struct ex_csv *csv)
{
	for (size_t i = 0; i < EX_CSV_CELLS; i++)
		ex_buf_free(&csv->cell[i]);
}

int
ex_csv_next(struct ex_csv *csv, struct ex_err *err)
{
	struct ex_span s;

	if (csv->in.left == 0)
		return 0;
	if (ex_list_line(&csv->in, &s, err) == -1)
		return -1;
	csv->line++;
	return read_record(csv, s, err) == -1 ? -1 : 1;
}
