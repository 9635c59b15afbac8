/*
 * list.c -- a list of items, row by row, whatever it was read from.
 */
#include "cases/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cases/list_parts.h"

char *
ex_list_copy(struct ex_span s, struct ex_err *err)
{
	char *text = malloc(s.n + 1);

	if (text == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		return NULL;
	}
	if (s.n > 0)
		memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return text;
}

int
ex_list_line(struct ex_reader *r, struct ex_span *out, struct ex_err *err)
{
	if (ex_read_line(r, out, NULL) == -1 &&
	    ex_read_span(r, r->left, out, err) == -1)
		return -1;
	if (out->n > 0 && out->p[out->n - 1] == '\r')
		out->n--;
	return 0;
}

static int
room(struct ex_list *list, struct ex_err *err)
{
	size_t cap = list->caprows == 0 ? 64 : list->caprows * 2;
	struct ex_list_row *more;

	if (list->nrows == EX_BATCH_MAX)
		return ex_fail(err, EX_LIMIT,
		    "a list of more than %d items: make it several",
		    EX_BATCH_MAX);
	if (list->nrows < list->caprows)
		return 0;
	more = realloc(list->row, cap * sizeof(*more));
	if (more == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	list->row = more;
	list->caprows = cap;
	return 0;
}

/* An item's number that no row before has. */
static int
check_item(const struct ex_list *list, size_t line, const char *item,
    struct ex_err *err)
{
	char shown[128];

	if (!ex_text_item_ok(item))
		return ex_fail(err, EX_FORMAT,
		    "line %zu: \"%s\" is not an item number", line,
		    ex_text_shown(shown, sizeof(shown), item));
	for (size_t i = 0; i < list->nrows; i++)
		if (strcmp(list->row[i].item, item) == 0)
			return ex_fail(err, EX_FORMAT,
			    "line %zu: %s is in line %zu already", line, item,
			    list->row[i].line);
	return 0;
}

int
ex_list_add(struct ex_list *list, size_t line, struct ex_span item,
    struct ex_list_row **out, struct ex_err *err)
{
	struct ex_list_row *row;

	if (room(list, err) == -1)
		return -1;
	row = &list->row[list->nrows];
	memset(row, 0, sizeof(*row));
	row->line = line;
	row->item = ex_list_copy(item, err);
	row->cell = calloc(list->ncolumns + 1, sizeof(*row->cell));
	if (row->item == NULL || row->cell == NULL ||
	    check_item(list, line, row->item, err) == -1) {
		free(row->item);
		free(row->cell);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	list->nrows++;
	*out = row;
	return 0;
}

void
ex_list_free(struct ex_list *list)
{
	for (size_t i = 0; i < list->nrows; i++) {
		for (size_t c = 0; c < list->ncolumns; c++)
			free(list->row[i].cell[c]);
		free(list->row[i].cell);
		free(list->row[i].item);
	}
	for (size_t c = 0; c < list->ncolumns; c++)
		free(list->column[c]);
	free(list->row);
	memset(list, 0, sizeof(*list));
}
