/*
 * list_csv.c -- a list of items out of a CSV file.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cases/list.h"
#include "cases/list_parts.h"

enum {
	NAME_MAX_BYTES = 40, /* a column's name */
	CELLS = EX_LIST_COLUMNS + 1
};

/* One line of the file, taken apart; a cell's text is unquoted. */
struct record {
	size_t line;
	struct ex_buf cell[CELLS];
	size_t n;
};

/* Where the reading of a file stands. */
struct reading {
	struct ex_list *list;
	struct record *record;
	size_t item; /* column that names the item */
};

static int
bad(const struct record *r, const char *what, struct ex_err *err)
{
	return ex_fail(err, EX_FORMAT, "line %zu: %s", r->line, what);
}

/* A cell in quotation marks from s.p[*i] on, the opening one included. */
static int
read_quoted(struct record *r, struct ex_buf *cell, struct ex_span s, size_t *i,
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
	return bad(r, "a quotation mark is not closed", err);
}

static int
read_plain(struct record *r, struct ex_buf *cell, struct ex_span s, size_t *i,
    struct ex_err *err)
{
	for (; *i < s.n && s.p[*i] != ','; (*i)++) {
		if (s.p[*i] == '"')
			return bad(r,
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
read_record(struct record *r, struct ex_span s, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	size_t i = 0;
	int rc;

	r->n = 0;
	if (s.n == 0)
		return bad(r, "it is empty", err);
	if (ex_text_canonical((const char *)s.p, s.n, &why) == -1)
		return bad(r, why.text, err);
	for (;;) {
		struct ex_buf *cell;

		if (r->n == CELLS)
			return bad(r, "too many cells", err);
		cell = &r->cell[r->n++];
		ex_buf_cut(cell, 0);
		rc = i < s.n && s.p[i] == '"' ? read_quoted(r, cell, s, &i, err)
					      : read_plain(r, cell, s, &i, err);
		if (rc == -1)
			return -1;
		if (cell->len > EX_PII_VALUE_MAX)
			return bad(r, "a cell is too long", err);
		if (i == s.n)
			return 0;
		if (s.p[i++] != ',')
			return bad(r,
			    "something follows a closing quotation mark", err);
	}
}

/* "seal-state" and "seal_state" are one name: lower case, "_". */
static char *
column_name(struct record *r, const struct ex_buf *cell, struct ex_err *err)
{
	struct ex_span s = { cell->data, cell->len };
	char *name;

	if (s.n == 0 || s.n > NAME_MAX_BYTES) {
		(void)bad(r, "a column without a name, or one too long", err);
		return NULL;
	}
	if ((name = ex_list_copy(s, err)) == NULL)
		return NULL;
	for (size_t i = 0; i < s.n; i++) {
		if (name[i] == '-')
			name[i] = '_';
		if ((name[i] >= 'a' && name[i] <= 'z') || name[i] == '_')
			continue;
		(void)ex_fail(err, EX_FORMAT,
		    "line %zu: \"%s\" is no column's name: \"item\" and names "
		    "of fields stand in the first line",
		    r->line, ex_buf_text(cell));
		free(name);
		return NULL;
	}
	return name;
}

static int
add_column(struct reading *g, char *name, struct ex_err *err)
{
	struct ex_list *list = g->list;

	for (size_t i = 0; i < list->ncolumns; i++)
		if (strcmp(list->column[i], name) == 0)
			return ex_fail(err, EX_FORMAT,
			    "line %zu: two columns \"%s\"", g->record->line,
			    name);
	if (list->ncolumns == EX_LIST_COLUMNS)
		return ex_fail(
		    err, EX_LIMIT, "more than %d columns", EX_LIST_COLUMNS);
	list->column[list->ncolumns++] = name;
	return 0;
}

/* The first line: what stands in which column. */
static int
read_head(struct reading *g, struct ex_err *err)
{
	struct record *r = g->record;

	g->item = CELLS;
	for (size_t i = 0; i < r->n; i++) {
		char *name = column_name(r, &r->cell[i], err);

		if (name == NULL)
			return -1;
		if (strcmp(name, "item") == 0 && g->item == CELLS) {
			g->item = i;
			free(name);
			continue;
		}
		if (strcmp(name, "item") == 0 ||
		    add_column(g, name, err) == -1) {
			free(name);
			return bad(r, "two columns \"item\"", err);
		}
	}
	if (g->item == CELLS)
		return bad(r, "no column \"item\"", err);
	return 0;
}

static int
read_row(struct reading *g, struct ex_err *err)
{
	struct record *r = g->record;
	struct ex_list_row *row;
	struct ex_span item;
	size_t column = 0;

	if (r->n != g->list->ncolumns + 1)
		return ex_fail(err, EX_FORMAT,
		    "line %zu: %zu cells, but the first line has %zu", r->line,
		    r->n, g->list->ncolumns + 1);
	item.p = r->cell[g->item].data;
	item.n = r->cell[g->item].len;
	if (ex_list_add(g->list, r->line, item, &row, err) == -1)
		return -1;
	for (size_t i = 0; i < r->n; i++) {
		struct ex_span s = { r->cell[i].data, r->cell[i].len };

		if (i == g->item)
			continue;
		if (s.n > 0 &&
		    (row->cell[column] = ex_list_copy(s, err)) == NULL)
			return -1;
		column++;
	}
	return 0;
}

static int
read_all(struct reading *g, struct ex_reader *in, struct ex_err *err)
{
	struct ex_span s;

	while (in->left > 0) {
		if (ex_list_line(in, &s, err) == -1)
			return -1;
		g->record->line++;
		if (read_record(g->record, s, err) == -1)
			return -1;
		if ((g->record->line == 1 ? read_head(g, err)
					  : read_row(g, err)) == -1)
			return -1;
	}
	if (g->list->nrows == 0)
		return ex_fail(err, EX_FORMAT,
		    "the list names no item: its first line names the "
		    "columns, each further one is an item");
	return 0;
}

/* Excel begins a UTF-8 file with it. */
static void
skip_mark(struct ex_reader *in)
{
	struct ex_span s;

	if (in->left >= 3 && memcmp(in->p, "\xef\xbb\xbf", 3) == 0)
		(void)ex_read_span(in, 3, &s, NULL);
}

int
ex_list_read(
    struct ex_list *out, const void *text, size_t n, struct ex_err *err)
{
	struct reading g = { out, NULL, 0 };
	struct ex_reader in;
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (n > EX_LIST_FILE_MAX)
		return ex_fail(err, EX_LIMIT, "a list of more than %d bytes",
		    EX_LIST_FILE_MAX);
	if ((g.record = calloc(1, sizeof(*g.record))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	ex_reader_init(&in, text, n);
	skip_mark(&in);
	rc = read_all(&g, &in, err);
	for (size_t i = 0; i < CELLS; i++)
		ex_buf_free(&g.record->cell[i]);
	free(g.record);
	return rc;
}
