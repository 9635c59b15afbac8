/*
 * render_text.c -- a document as plain text.
 *
 * A table becomes one block of "name: value" lines a row: it stays readable
 * at any width, by ear and after being pasted into a letter.
 */
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "report/escape.h"
#include "report/render.h"

enum {
	COLUMNS = 78
};

/* Where lines break: at the last space, else behind any wide character. */
struct wrap {
	struct ex_buf *out;
	size_t indent;
	size_t column;
};

static int
new_line(struct wrap *w, struct ex_err *err)
{
	if (ex_buf_add_byte(w->out, '\n', err) == -1)
		return -1;
	for (w->column = 0; w->column < w->indent; w->column++)
		if (ex_buf_add_byte(w->out, ' ', err) == -1)
			return -1;
	return 0;
}

/* Bytes of the UTF-8 character at p; the text has been shown, so is valid. */
static size_t
char_bytes(const char *p)
{
	unsigned char c = (unsigned char)*p;
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	size_t have = strnlen(p, n);

	return have == 0 ? 1 : have;
}

/* Columns of that character. */
static size_t
char_columns(const char *p, size_t n)
{
	char one[5] = "";

	memcpy(one, p, n);
	return ex_text_width(one);
}

/* The piece that must stay on one line: a word, or one wide character. */
static size_t
piece(const char *p, size_t *columns)
{
	size_t n = 0;

	*columns = 0;
	while (p[n] != '\0' && p[n] != ' ') {
		size_t bytes = char_bytes(p + n);
		size_t wide = char_columns(p + n, bytes);

		if (wide > 1 && n > 0)
			break;
		n += bytes;
		*columns += wide;
		if (wide > 1)
			break;
	}
	return n;
}

static int
put_wrapped(struct wrap *w, const char *text, struct ex_err *err)
{
	int space = 0;

	while (*text != '\0') {
		size_t columns, n;

		if (*text == ' ') {
			space = w->column > w->indent;
			text++;
			continue;
		}
		n = piece(text, &columns);
		if (w->column > w->indent &&
		    w->column + (size_t)space + columns > COLUMNS) {
			if (new_line(w, err) == -1)
				return -1;
			space = 0;
		}
		if (space && ex_buf_add_byte(w->out, ' ', err) == -1)
			return -1;
		if (ex_buf_add(w->out, text, n, err) == -1)
			return -1;
		w->column += columns + (size_t)space;
		space = 0;
		text += n;
	}
	return 0;
}

/* lead, name if there is one, then text, wrapped under each other. */
static int
put_named(struct ex_buf *out, const char *lead, const char *name,
    const char *text, struct ex_err *err)
{
	size_t start = ex_text_width(lead);
	struct wrap w = { out, start, start };
	struct ex_buf clean = EX_BUF_INIT;
	int rc = -1;

	if (ex_buf_add_text(out, lead, err) == -1)
		goto out;
	if (name != NULL &&
	    (ex_escape_plain(&clean, name, err) == -1 ||
		ex_buf_add_text(&clean, ": ", err) == -1 ||
		put_wrapped(&w, ex_buf_text(&clean), err) == -1 ||
		ex_buf_add_byte(out, ' ', err) == -1))
		goto out;
	if (name != NULL)
		w.indent = ++w.column <= COLUMNS / 2 ? w.column : start + 2;
	ex_buf_cut(&clean, 0);
	if (ex_escape_plain(&clean, text, err) == -1 ||
	    put_wrapped(&w, ex_buf_text(&clean), err) == -1)
		goto out;
	rc = ex_buf_add_byte(out, '\n', err);
out:
	ex_buf_free(&clean);
	return rc;
}

static int
put(struct ex_buf *out, const char *lead, const char *text, struct ex_err *err)
{
	return put_named(out, lead, NULL, text, err);
}

/* "  name: " and the value. */
static int
put_pair(
    struct ex_buf *out, const char *name, const char *value, struct ex_err *err)
{
	return put_named(out, "  ", name, value, err);
}

static int
put_table(struct ex_buf *out, const struct ex_block *b, struct ex_err *err)
{
	if (put(out, "", b->name, err) == -1)
		return -1;
	for (size_t i = b->columns; i < b->ncells; i++) {
		size_t column = i % b->columns;

		if (column == 0 && i > b->columns &&
		    ex_buf_add_byte(out, '\n', err) == -1)
			return -1;
		if (b->cell[i][0] != '\0' &&
		    put_pair(out, b->cell[column], b->cell[i], err) == -1)
			return -1;
	}
	return ex_buf_add_byte(out, '\n', err);
}

/* A line of one character under a title. */
static int
underline(struct ex_buf *out, const char *text, char c, struct ex_err *err)
{
	size_t n = ex_text_width(text);

	for (size_t i = 0; i < n && i < COLUMNS; i++)
		if (ex_buf_add_byte(out, (uint8_t)c, err) == -1)
			return -1;
	return ex_buf_add_byte(out, '\n', err);
}

static int
put_block(struct ex_buf *out, const struct ex_block *b, struct ex_err *err)
{
	switch (b->kind) {
	case EX_BLOCK_HEADING:
		if (ex_buf_add_byte(out, '\n', err) == -1)
			return -1;
		return put(out, "-- ", b->text, err);
	case EX_BLOCK_TEXT:
		return put(out, "", b->text, err);
	case EX_BLOCK_WARN:
		return put(out, "!! ", b->text, err);
	case EX_BLOCK_POINT:
		return put(out, "* ", b->text, err);
	case EX_BLOCK_CODE:
		return put(out, "    ", b->text, err);
	case EX_BLOCK_FACT:
		return put_pair(out, b->name, b->text, err);
	case EX_BLOCK_TABLE:
		return put_table(out, b, err);
	case EX_BLOCK_PICTURE:
		return put_named(out, "", NULL, b->text, err);
	case EX_BLOCK_QR:
	case EX_BLOCK_CHART:
		/* A picture of what the tables say. */
		return 0;
	}
	return ex_fail(err, EX_USAGE, "an unknown kind of block");
}

static int
put_section(struct ex_buf *out, const struct ex_section *s, struct ex_err *err)
{
	if (ex_buf_add_text(out, s->page ? "\n\n" : "\n", err) == -1 ||
	    put(out, "", s->title, err) == -1 ||
	    underline(out, s->title, '-', err) == -1)
		return -1;
	for (size_t i = 0; i < s->nblocks; i++)
		if (put_block(out, &s->block[i], err) == -1)
			return -1;
	return 0;
}

int
ex_render_text(
    struct ex_buf *out, const struct ex_document *doc, struct ex_err *err)
{
	if (ex_doc_end(doc, err) == -1 || put(out, "", doc->title, err) == -1 ||
	    underline(out, doc->title, '=', err) == -1 ||
	    put(out, "", doc->subtitle, err) == -1)
		return -1;
	for (size_t i = 0; i < doc->nsections; i++)
		if (put_section(out, &doc->section[i], err) == -1)
			return -1;
	return 0;
}
