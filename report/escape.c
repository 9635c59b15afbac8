/*
 * escape.c -- text of others inside our own files.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/escape.h"

enum {
	SHOWN_MAX = 10 /* bytes that one byte may take: \u{10FFFF} for four */
};

/* Room for the shown form, which is the caller's. */
static char *
shown(const char *text, struct ex_err *err)
{
	size_t n = strlen(text), size;
	char *out;

	if (n > (SIZE_MAX - 8) / SHOWN_MAX) {
		ex_fail(err, EX_LIMIT, "text too long");
		return NULL;
	}
	size = n * SHOWN_MAX + 8;
	if ((out = malloc(size)) == NULL) {
		ex_fail(err, EX_SYSTEM, "out of memory");
		return NULL;
	}
	return ex_text_show(out, size, text, n);
}

int
ex_escape_plain(struct ex_buf *out, const char *text, struct ex_err *err)
{
	char *clean = shown(text, err);
	int rc;

	if (clean == NULL)
		return -1;
	rc = ex_buf_add_text(out, clean, err);
	free(clean);
	return rc;
}

/* What stands for a character that HTML would obey; NULL: itself. */
static const char *
entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

int
ex_escape_html(struct ex_buf *out, const char *text, struct ex_err *err)
{
	char *clean = shown(text, err);
	int rc = clean == NULL ? -1 : 0;

	for (const char *p = clean; rc == 0 && *p != '\0'; p++) {
		const char *e = entity(*p);

		rc = e != NULL ? ex_buf_add_text(out, e, err)
			       : ex_buf_add_byte(out, (uint8_t)*p, err);
	}
	free(clean);
	return rc;
}
