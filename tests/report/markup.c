/*
 * markup.c -- a small strict reader of HTML.
 */
#include "tests/report/markup.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum {
	DEPTH = 32,
	NAME = 24
};

struct reader {
	const char *p;
	char open[DEPTH][NAME];
	size_t depth;
};

static int
entity(const char *p)
{
	static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;",
		"&#39;" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strncmp(p, known[i], strlen(known[i])) == 0)
			return 1;
	}
	return 0;
}

static size_t
name(struct reader *r, char out[NAME])
{
	size_t n = 0;

	while (isalnum((unsigned char)*r->p) || *r->p == '-') {
		if (n + 1 < NAME)
			out[n++] = *r->p;
		r->p++;
	}
	out[n] = '\0';
	return n;
}

/* ' name="value"' */
static const char *
attribute(struct reader *r)
{
	char word[NAME];

	r->p++;
	if (name(r, word) == 0)
		return "attribute without a name";
	if (strncmp(word, "on", 2) == 0 || strcmp(word, "href") == 0 ||
	    strcmp(word, "src") == 0 || strcmp(word, "style") == 0)
		return "an attribute that fetches or runs something";
	if (*r->p != '=' || r->p[1] != '"')
		return "attribute without quotes";
	for (r->p += 2; *r->p != '"'; r->p++) {
		if (*r->p == '\0' || *r->p == '<')
			return "attribute without an end";
		if (*r->p == '&' && !entity(r->p))
			return "bare & in an attribute";
	}
	r->p++;
	return NULL;
}

static const char *
end_tag(struct reader *r)
{
	char word[NAME];

	r->p += 2;
	name(r, word);
	if (*r->p != '>')
		return "end tag without an end";
	r->p++;
	if (r->depth == 0 || strcmp(r->open[r->depth - 1], word) != 0)
		return "end tag of another element";
	r->depth--;
	return NULL;
}

/* A style's contents are not markup. */
static const char *
skip_style(struct reader *r)
{
	r->p = strstr(r->p, "</style>");
	return r->p == NULL ? "style without an end" : NULL;
}

static const char *
start_tag(struct reader *r)
{
	const char *wrong;
	char word[NAME];

	r->p++;
	if (name(r, word) == 0)
		return "bare <";
	if (strcmp(word, "script") == 0 || strcmp(word, "img") == 0 ||
	    strcmp(word, "link") == 0 || strcmp(word, "iframe") == 0 ||
	    strcmp(word, "a") == 0)
		return "an element that fetches or runs something";
	while (*r->p == ' ') {
		if ((wrong = attribute(r)) != NULL)
			return wrong;
	}
	if (*r->p != '>')
		return "tag without an end";
	r->p++;
	if (strcmp(word, "meta") == 0)
		return NULL;
	if (r->depth == DEPTH)
		return "too deep";
	(void)snprintf(r->open[r->depth++], NAME, "%s", word);
	return strcmp(word, "style") == 0 ? skip_style(r) : NULL;
}

const char *
markup_wrong(const char *text)
{
	struct reader r = { .p = text };
	const char *wrong = NULL;

	if (strncmp(r.p, "<!DOCTYPE html>\n", 16) != 0)
		return "no document type";
	r.p += 16;
	while (*r.p != '\0' && wrong == NULL) {
		if (r.p[0] == '<' && r.p[1] == '/')
			wrong = end_tag(&r);
		else if (r.p[0] == '<')
			wrong = start_tag(&r);
		else if (*r.p == '&' && !entity(r.p))
			wrong = "bare &";
		else if (*r.p == '>')
			wrong = "bare >";
		else
			r.p++;
	}
	if (wrong == NULL && r.depth > 0)
		wrong = "an element is not closed";
	return wrong;
}
