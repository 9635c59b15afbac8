/*
 * list_csv.c -- a list of items out of a CSV file.
 */
#include <stdlib.h>
#include <string.h>

#include "cases/csv.h"
#include "cases/list.h"
#include "cases/list_parts.h"

enum {
	NAME_MAX_BYTES = 40 /* a column's name */
};

/* Where the reading of a file stands. */
struct reading {
	struct ex_list *list;
	struct ex_csv *record;
	size_t item; /* column that names the item */
};

/* "seal-state" and "seal_state" are one name: lower case, "_". */
static char *
column_name(struct ex_csv *r, const struct ex_buf *cell, struct ex_err *err)
{
	struct ex_span s = { cell->data, cell->len };
	char *name;

	if (s.n == 0 || s.n > NAME_MAX_BYTES) {
		(void)ex_csv_bad(
		    r, "a column without a name, or one too long", err);
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
	struct ex_csv *r = g->record;

	g->item = EX_CSV_CELLS;
	for (size_t i = 0; i < r->n; i++) {
		char *name = column_name(r, &r->cell[i], err);

		if (name == NULL)
			return -1;
		if (strcmp(name, "item") == 0 && g->item == EX_CSV_CELLS) {
			g->item = i;
			free(name);
			continue;
		}
		if (strcmp(name, "item") == 0 ||
		    add_column(g, name, err) == -1) {
			free(name);
			return ex_csv_bad(r, "two columns \"item\"", err);
		}
	}
	if (g->item == EX_CSV_CELLS)
		return ex_csv_bad(r, "no column \"item\"", err);
	return 0;
}

static int
read_row(struct reading *g, struct ex_err *err)
{
	struct ex_csv *r = g->record;
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
read_all(struct reading *g, struct ex_err *err)
{
	int rc;

	while ((rc = ex_csv_next(g->record, err)) == 1)
		if ((g->record->line == 1 ? read_head(g, err)
					  : read_row(g, err)) == -1)
			return -1;
	if (rc == -1)
		return -1;
	if (g->list->nrows == 0)
		return ex_fail(err, EX_FORMAT,
		    "the list names no item: its first line names the "
		    "columns, each further one is an item");
	return 0;
}

int
ex_list_read(
    struct ex_list *out, const void *text, size_t n, struct ex_err *err)
{
	struct reading g = { out, NULL, 0 };
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (n > EX_LIST_FILE_MAX)
		return ex_fail(err, EX_LIMIT, "a list of more than %d bytes",
		    EX_LIST_FILE_MAX);
	if ((g.record = malloc(sizeof(*g.record))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	ex_csv_init(g.record, text, n);
	rc = read_all(&g, err);
	ex_csv_free(g.record);
	free(g.record);
	return rc;
}
