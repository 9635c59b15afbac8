/*
 * document.c -- a document in the making.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/document.h"

/* Twice the room when there is none left. */
static int
grow(void **array, size_t *cap, size_t n, size_t each, struct ex_err *err)
{
	size_t want = *cap == 0 ? 16 : 2 * *cap;
	void *p;

	if (n < *cap)
		return 0;
	if (want > SIZE_MAX / each ||
	    (p = realloc(*array, want * each)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	*array = p;
	*cap = want;
	return 0;
}

/* A copy of text, or NULL with the failure kept. */
static char *
keep(struct ex_document *doc, const char *text)
{
	char *copy = strdup(text == NULL ? "" : text);

	if (copy == NULL)
		ex_fail(&doc->err, EX_SYSTEM, "out of memory");
	return copy;
}

static int
failed(const struct ex_document *doc)
{
	return doc->err.code != EX_OK;
}

void
ex_doc_start(
    struct ex_document *doc, int zh, const char *title, const char *subtitle)
{
	memset(doc, 0, sizeof(*doc));
	doc->zh = zh;
	doc->title = keep(doc, title);
	doc->subtitle = keep(doc, subtitle);
}

static void
free_block(struct ex_block *b)
{
	for (size_t i = 0; i < b->ncells; i++)
		free(b->cell[i]);
	free(b->cell);
	free(b->name);
	free(b->text);
	ex_picture_free(&b->picture);
}

void
ex_doc_free(struct ex_document *doc)
{
	if (doc == NULL)
		return;
	for (size_t i = 0; i < doc->nsections; i++) {
		struct ex_section *s = &doc->section[i];

		for (size_t j = 0; j < s->nblocks; j++)
			free_block(&s->block[j]);
		free(s->block);
		free(s->title);
	}
	free(doc->section);
	free(doc->title);
	free(doc->subtitle);
	memset(doc, 0, sizeof(*doc));
}

const char *
ex_doc_say(const struct ex_document *doc, const char *en, const char *zh)
{
	return doc->zh ? zh : en;
}

void
ex_doc_section(struct ex_document *doc, const char *title, int page)
{
	void *array = doc->section;
	struct ex_section *s;

	if (failed(doc) || grow(&array, &doc->capsections, doc->nsections,
			       sizeof(*doc->section), &doc->err) == -1)
		return;
	doc->section = array;
	s = &doc->section[doc->nsections];
	memset(s, 0, sizeof(*s));
	s->page = page;
	if ((s->title = keep(doc, title)) != NULL)
		doc->nsections++;
}

/* A new block of the current section, or NULL. */
static struct ex_block *
add(struct ex_document *doc, enum ex_block_kind kind)
{
	struct ex_section *s;
	struct ex_block *b;
	void *array;

	if (failed(doc))
		return NULL;
	if (doc->nsections == 0) {
		ex_fail(&doc->err, EX_USAGE, "a block before any section");
		return NULL;
	}
	s = &doc->section[doc->nsections - 1];
	array = s->block;
	if (grow(&array, &s->capblocks, s->nblocks, sizeof(*s->block),
		&doc->err) == -1)
		return NULL;
	s->block = array;
	b = &s->block[s->nblocks++];
	memset(b, 0, sizeof(*b));
	b->kind = kind;
	return b;
}

static void
add_text(struct ex_document *doc, enum ex_block_kind kind, const char *name,
    const char *text)
{
	struct ex_block *b = add(doc, kind);

	if (b == NULL)
		return;
	if (name != NULL)
		b->name = keep(doc, name);
	b->text = keep(doc, text);
}

void
ex_doc_heading(struct ex_document *doc, const char *text)
{
	add_text(doc, EX_BLOCK_HEADING, NULL, text);
}

void
ex_doc_text(struct ex_document *doc, const char *text)
{
	add_text(doc, EX_BLOCK_TEXT, NULL, text);
}

void
ex_doc_warn(struct ex_document *doc, const char *text)
{
	add_text(doc, EX_BLOCK_WARN, NULL, text);
}

void
ex_doc_point(struct ex_document *doc, const char *text)
{
	add_text(doc, EX_BLOCK_POINT, NULL, text);
}

void
ex_doc_code(struct ex_document *doc, const char *text)
{
	add_text(doc, EX_BLOCK_CODE, NULL, text);
}

void
ex_doc_qr(struct ex_document *doc, const char *caption, const char *text)
{
	add_text(doc, EX_BLOCK_QR, caption, text);
}

void
ex_doc_picture(
    struct ex_document *doc, struct ex_picture *picture, const char *text)
{
	struct ex_block *b = add(doc, EX_BLOCK_PICTURE);

	if (b == NULL)
		return;
	b->text = keep(doc, text);
	b->picture = *picture;
	memset(picture, 0, sizeof(*picture));
}

void
ex_doc_fact(struct ex_document *doc, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		value = ex_doc_say(doc, "unknown", "不明");
	add_text(doc, EX_BLOCK_FACT, name, value);
}

void
ex_doc_factf(struct ex_document *doc, const char *name, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(text))
		ex_fail(&doc->err, EX_LIMIT, "%s: too long for a report", name);
	else
		ex_doc_fact(doc, name, text);
}

static void
add_cells(struct ex_document *doc, struct ex_block *b, const char *const *cell)
{
	for (size_t i = 0; i < b->columns && !failed(doc); i++) {
		void *array = b->cell;

		if (grow(&array, &b->capcells, b->ncells, sizeof(*b->cell),
			&doc->err) == -1)
			return;
		b->cell = array;
		b->cell[b->ncells] = keep(doc, cell[i]);
		if (b->cell[b->ncells] != NULL)
			b->ncells++;
	}
}

static void
add_head(struct ex_document *doc, enum ex_block_kind kind, const char *caption,
    const char *const *head, size_t columns)
{
	struct ex_block *b = add(doc, kind);

	if (b == NULL)
		return;
	if (columns == 0 || columns > EX_DOC_COLUMNS ||
	    (kind == EX_BLOCK_CHART && columns < 3)) {
		ex_fail(&doc->err, EX_USAGE, "a table of %zu columns", columns);
		return;
	}
	b->columns = columns;
	b->name = keep(doc, caption);
	add_cells(doc, b, head);
}

void
ex_doc_table(struct ex_document *doc, const char *caption,
    const char *const *head, size_t columns)
{
	add_head(doc, EX_BLOCK_TABLE, caption, head, columns);
}

void
ex_doc_chart(struct ex_document *doc, const char *caption,
    const char *const *head, size_t columns)
{
	add_head(doc, EX_BLOCK_CHART, caption, head, columns);
}

void
ex_doc_row(struct ex_document *doc, const char *const *cell)
{
	struct ex_section *s;

	if (failed(doc))
		return;
	s = doc->nsections == 0 ? NULL : &doc->section[doc->nsections - 1];
	if (s == NULL || s->nblocks == 0 ||
	    s->block[s->nblocks - 1].columns == 0) {
		ex_fail(&doc->err, EX_USAGE, "a row outside any table");
		return;
	}
	add_cells(doc, &s->block[s->nblocks - 1], cell);
}

int
ex_doc_end(const struct ex_document *doc, struct ex_err *err)
{
	if (!failed(doc))
		return 0;
	return ex_fail(err, doc->err.code, "%s", doc->err.text);
}
