/*
 * document.h -- what a report says, before it has a form: sections of
 * paragraphs, facts and tables.
 *
 * A builder that keeps its first failure: calls after it do nothing, and
 * ex_doc_end() tells.  Every text is copied.  Renderers (report/render.h)
 * know nothing of custody; whoever composes knows nothing of HTML.
 */
#ifndef REPORT_DOCUMENT_H
#define REPORT_DOCUMENT_H

#include <stddef.h>

#include "base/err.h"
#include "report/picture.h"

enum {
	EX_DOC_COLUMNS = 12 /* of a table, at most */
};

enum ex_block_kind {
	EX_BLOCK_HEADING,
	EX_BLOCK_TEXT,	/* a paragraph */
	EX_BLOCK_WARN,	/* a paragraph that must not be overlooked */
	EX_BLOCK_POINT, /* one point of a list */
	EX_BLOCK_FACT,	/* a name and its value */
	EX_BLOCK_CODE,	/* a line to be typed, or a digest */
	EX_BLOCK_TABLE,
	EX_BLOCK_CHART,	 /* a table, drawn (report/chart.h) */
	EX_BLOCK_QR,	 /* text as a QR code, and what it is for */
	EX_BLOCK_PICTURE /* a photograph, and what is said of it */
};

struct ex_block {
	enum ex_block_kind kind;
	char *name; /* of a fact; caption of a table, a code; else NULL */
	char *text; /* NULL for a table and a chart */
	/* both: ncells is a multiple of columns, the head comes first */
	size_t columns;
	char **cell;
	size_t ncells, capcells;
	struct ex_picture picture;
};

struct ex_section {
	char *title;
	int page; /* begins a page of its own */
	struct ex_block *block;
	size_t nblocks, capblocks;
};

struct ex_document {
	int zh; /* 1: Traditional Chinese, 0: English */
	char *title;
	char *subtitle;
	struct ex_section *section;
	size_t nsections, capsections;
	struct ex_err err; /* the first failure */
};

/* *doc is released with ex_doc_free() whatever happens. */
void ex_doc_start(
    struct ex_document *doc, int zh, const char *title, const char *subtitle);
void ex_doc_free(struct ex_document *doc);

/* The text in the document's language.  Borrowed. */
const char *ex_doc_say(const struct ex_document *doc, const char *en,
    const char *zh) __attribute__((__format_arg__(2), __format_arg__(3)));

/* What follows belongs to this section. */
void ex_doc_section(struct ex_document *doc, const char *title, int page);

void ex_doc_heading(struct ex_document *doc, const char *text);
void ex_doc_text(struct ex_document *doc, const char *text);
void ex_doc_warn(struct ex_document *doc, const char *text);
void ex_doc_point(struct ex_document *doc, const char *text);
void ex_doc_code(struct ex_document *doc, const char *text);

/* A value that is NULL or "" is said to be unknown. */
void ex_doc_fact(struct ex_document *doc, const char *name, const char *value);

/* As ex_doc_fact(), formatted. */
void ex_doc_factf(struct ex_document *doc, const char *name, const char *fmt,
    ...) __attribute__((__format__(__printf__, 3, 4)));

/* A table's head, then its rows of as many cells; NULL cells are "". */
void ex_doc_table(struct ex_document *doc, const char *caption,
    const char *const *head, size_t columns);
void ex_doc_row(struct ex_document *doc, const char *const *cell);

/*
 * A chart of at least three columns, the first two being number and time; its
 * rows are added as a table's.
 */
void ex_doc_chart(struct ex_document *doc, const char *caption,
    const char *const *head, size_t columns);

/* A QR code of text. */
void ex_doc_qr(struct ex_document *doc, const char *caption, const char *text);

/* A photograph, and text beside it; its bytes become the document's. */
void ex_doc_picture(
    struct ex_document *doc, struct ex_picture *picture, const char *text);

/* 0, or -1 with the first failure. */
int ex_doc_end(const struct ex_document *doc, struct ex_err *err);

#endif
