/*
 * render_html.c -- a document as one HTML file that needs nothing else.
 *
 * The Content-Security-Policy forbids every address and every script, so that
 * even a fault in the escaping could not make a browser fetch anything.
 */
#include <string.h>

#include "report/escape.h"
#include "report/render.h"
#include "report/render_svg.h"

enum {
	LONG_WORD = 30 /* bytes without a space, as a digest has */
};

/* Own markup; every text of others goes through ex_escape_html(). */
static const char style[] =
    "body{font-family:'Noto Sans','Noto Sans CJK TC','Microsoft JhengHei',"
    "sans-serif;line-height:1.5;color:#111;background:#fff;max-width:62rem;"
    "margin:2rem auto;padding:0 1rem}\n"
    "h1{font-size:1.7rem;margin-bottom:.2rem}\n"
    "h2{font-size:1.3rem;border-bottom:2px solid #333;margin-top:2.2rem}\n"
    "h3{font-size:1.05rem;margin-bottom:.3rem}\n"
    "p.sub{margin-top:0;color:#333}\n"
    "p.warn{border:2px solid #8a1f11;padding:.5rem .8rem}\n"
    "table{border-collapse:collapse;width:100%;margin:.6rem 0 1.2rem;"
    "font-size:.86rem}\n"
    "caption{text-align:left;font-weight:bold;padding:.2rem 0}\n"
    "th,td{border:1px solid #666;padding:.25rem .45rem;text-align:left;"
    "vertical-align:top;overflow-wrap:break-word}\n"
    "td.long,code{overflow-wrap:anywhere}\n"
    "thead th{background:#e8e8e8}\n"
    "table.facts th{width:15rem;background:#f4f4f4;font-weight:normal}\n"
    "figure{margin:.6rem 0 1.2rem}figcaption{font-weight:bold;"
    "font-size:.86rem}\n"
    "code{font-family:'Noto Sans Mono',monospace;font-size:.84rem}\n"
    "@media print{body{max-width:none;margin:0;font-size:10pt}"
    "section.page{break-before:page}tr{break-inside:avoid}"
    "thead{display:table-header-group}h2,h3,caption{break-after:avoid}"
    "@page{size:A4;margin:18mm 15mm}}\n";

static int
raw(struct ex_buf *out, const char *markup, struct ex_err *err)
{
	return ex_buf_add_text(out, markup, err);
}

/* <tag>text</tag>, or with more than a tag's name before it. */
static int
element(struct ex_buf *out, const char *open, const char *text,
    const char *close, struct ex_err *err)
{
	if (raw(out, open, err) == -1 || ex_escape_html(out, text, err) == -1)
		return -1;
	return raw(out, close, err);
}

/* A word that may break anywhere, as a digest; a name is kept whole. */
static int
is_long(const char *text)
{
	return strcspn(text, " ") > LONG_WORD;
}

static int
put_row(struct ex_buf *out, char *const *cell, size_t columns, int head,
    struct ex_err *err)
{
	if (raw(out, "<tr>", err) == -1)
		return -1;
	for (size_t i = 0; i < columns; i++)
		if (element(out,
			head		   ? "<th scope=\"col\">"
			: is_long(cell[i]) ? "<td class=\"long\">"
					   : "<td>",
			cell[i], head ? "</th>" : "</td>", err) == -1)
			return -1;
	return raw(out, "</tr>\n", err);
}

static int
put_table(struct ex_buf *out, const struct ex_block *b, struct ex_err *err)
{
	if (element(out, "<table>\n<caption>", b->name, "</caption>\n<thead>\n",
		err) == -1 ||
	    put_row(out, b->cell, b->columns, 1, err) == -1 ||
	    raw(out, "</thead>\n<tbody>\n", err) == -1)
		return -1;
	for (size_t i = b->columns; i < b->ncells; i += b->columns)
		if (put_row(out, b->cell + i, b->columns, 0, err) == -1)
			return -1;
	return raw(out, "</tbody>\n</table>\n", err);
}

static int
put_fact(struct ex_buf *out, const struct ex_block *b, struct ex_err *err)
{
	if (element(out, "<tr><th scope=\"row\">", b->name, "</th>", err) == -1)
		return -1;
	return element(out, "<td>", b->text, "</td></tr>\n", err);
}

static int
put_block(struct ex_buf *out, const struct ex_block *b, struct ex_err *err)
{
	switch (b->kind) {
	case EX_BLOCK_HEADING:
		return element(out, "<h3>", b->text, "</h3>\n", err);
	case EX_BLOCK_TEXT:
		return element(out, "<p>", b->text, "</p>\n", err);
	case EX_BLOCK_WARN:
		return element(
		    out, "<p class=\"warn\">", b->text, "</p>\n", err);
	case EX_BLOCK_POINT:
		return element(out, "<li>", b->text, "</li>\n", err);
	case EX_BLOCK_CODE:
		return element(out, "<p><code>", b->text, "</code></p>\n", err);
	case EX_BLOCK_FACT:
		return put_fact(out, b, err);
	case EX_BLOCK_TABLE:
		return put_table(out, b, err);
	case EX_BLOCK_CHART:
		return ex_render_svg(out, b, err);
	case EX_BLOCK_PICTURE:
		return element(out, "<p>", b->text, "</p>\n", err);
	case EX_BLOCK_QR:
		/* What it says stands beside it as text. */
		return 0;
	}
	return ex_fail(err, EX_USAGE, "an unknown kind of block");
}

/* Points and facts stand in one list and one table as long as they follow
 * each other. */
static int
put_around(
    struct ex_buf *out, enum ex_block_kind kind, int opens, struct ex_err *err)
{
	if (kind == EX_BLOCK_POINT)
		return raw(out, opens ? "<ul>\n" : "</ul>\n", err);
	if (kind == EX_BLOCK_FACT)
		return raw(out,
		    opens ? "<table class=\"facts\">\n<tbody>\n"
			  : "</tbody>\n</table>\n",
		    err);
	return 0;
}

static int
put_section(struct ex_buf *out, const struct ex_section *s, size_t n,
    struct ex_err *err)
{
	if (ex_buf_addf(out, err,
		"<section%s aria-labelledby=\"s%zu\">\n<h2 id=\"s%zu\">",
		s->page ? " class=\"page\"" : "", n, n) == -1 ||
	    element(out, "", s->title, "</h2>\n", err) == -1)
		return -1;
	for (size_t i = 0; i < s->nblocks; i++) {
		enum ex_block_kind kind = s->block[i].kind;

		if ((i == 0 || s->block[i - 1].kind != kind) &&
		    put_around(out, kind, 1, err) == -1)
			return -1;
		if (put_block(out, &s->block[i], err) == -1)
			return -1;
		if ((i + 1 == s->nblocks || s->block[i + 1].kind != kind) &&
		    put_around(out, kind, 0, err) == -1)
			return -1;
	}
	return raw(out, "</section>\n", err);
}

static int
put_head(struct ex_buf *out, const struct ex_document *doc, struct ex_err *err)
{
	if (ex_buf_addf(out, err,
		"<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
		"<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" "
		"content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, "
		"initial-scale=1\">\n",
		doc->zh ? "zh-Hant-TW" : "en") == -1 ||
	    element(out, "<title>", doc->title, "</title>\n<style>\n", err) ==
		-1 ||
	    raw(out, style, err) == -1)
		return -1;
	if (raw(out, "</style>\n</head>\n<body>\n<header>\n", err) == -1 ||
	    element(out, "<h1>", doc->title, "</h1>\n", err) == -1)
		return -1;
	return element(out, "<p class=\"sub\">", doc->subtitle,
	    "</p>\n</header>\n<main>\n", err);
}

int
ex_render_html(
    struct ex_buf *out, const struct ex_document *doc, struct ex_err *err)
{
	if (ex_doc_end(doc, err) == -1 || put_head(out, doc, err) == -1)
		return -1;
	for (size_t i = 0; i < doc->nsections; i++)
		if (put_section(out, &doc->section[i], i + 1, err) == -1)
			return -1;
	return raw(out, "</main>\n</body>\n</html>\n", err);
}
