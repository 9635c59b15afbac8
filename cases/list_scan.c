/*
 * list_scan.c -- a list of items out of what a scanner typed.
 */
#include <string.h>

#include "base/text.h"
#include "cases/list.h"
#include "cases/list_parts.h"

enum {
	WORDS = 2 /* an item and its seal */
};

/* The words of one line; spaces and tabs are between them. */
struct words {
	size_t line;
	struct ex_span word[WORDS];
	size_t n;
};

static int
is_space(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static int
add_word(struct words *w, struct ex_span word, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	if (w->n == WORDS)
		return ex_fail(err, EX_FORMAT,
		    "line %zu: more than an item and its seal", w->line);
	if (ex_text_canonical((const char *)word.p, word.n, &why) == -1)
		return ex_fail(
		    err, EX_FORMAT, "line %zu: %s", w->line, why.text);
	w->word[w->n++] = word;
	return 0;
}

static int
split(struct words *w, struct ex_span s, struct ex_err *err)
{
	size_t i = 0;

	w->n = 0;
	while (i < s.n) {
		size_t start = i;

		while (i < s.n && !is_space(s.p[i]))
			i++;
		if (i > start) {
			struct ex_span word = { &s.p[start], i - start };

			if (add_word(w, word, err) == -1)
				return -1;
		}
		while (i < s.n && is_space(s.p[i]))
			i++;
	}
	return 0;
}

/* One line; *open is 1 while an item waits for its seal. */
static int
take(struct ex_list *list, const struct words *w, int *open, struct ex_err *err)
{
	struct ex_list_row *row;
	size_t seal = 0;

	if (*open && w->n > 1)
		return ex_fail(err, EX_FORMAT,
		    "line %zu: the seal of %s was expected, alone", w->line,
		    list->row[list->nrows - 1].item);
	if (!*open) {
		if (w->n == 0)
			return 0;
		if (ex_list_add(list, w->line, w->word[0], &row, err) == -1)
			return -1;
		if (w->n == 1) {
			*open = 1;
			return 0;
		}
		seal = 1;
	}
	*open = 0;
	if (w->n == 0)
		return 0;
	row = &list->row[list->nrows - 1];
	row->cell[0] = ex_list_copy(w->word[seal], err);
	return row->cell[0] == NULL ? -1 : 0;
}

int
ex_list_scan(
    struct ex_list *out, const void *text, size_t n, struct ex_err *err)
{
	const struct ex_span seal = { (const uint8_t *)"seal", 4 };
	struct words w = { .line = 0 };
	struct ex_reader in;
	struct ex_span s;
	int open = 0;

	memset(out, 0, sizeof(*out));
	if (n > EX_LIST_FILE_MAX)
		return ex_fail(err, EX_LIMIT, "scans of more than %d bytes",
		    EX_LIST_FILE_MAX);
	if ((out->column[0] = ex_list_copy(seal, err)) == NULL)
		return -1;
	out->ncolumns = 1;
	ex_reader_init(&in, text, n);
	while (in.left > 0) {
		if (ex_list_line(&in, &s, err) == -1)
			return -1;
		w.line++;
		if (split(&w, s, err) == -1 || take(out, &w, &open, err) == -1)
			return -1;
	}
	if (out->nrows == 0)
		return ex_fail(err, EX_FORMAT, "no item was scanned");
	return 0;
}
