/*
 * search_show.c -- which cases come first, and what is shown of each.
 *
 * Terms are compared as the database compares them, but one character at a
 * time, so that a place in the folded text is a place in the text.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "cases/search.h"

enum {
	BEFORE = 20, /* characters shown before the first hit */
	LINE = 90,   /* characters shown in all */

	TITLE_HIT = 40,
	BODY_HIT = 5,
	BODY_HITS = 6, /* more are not better */
	RECENT = 30    /* for the newest; the oldest of the answer gets 0 */
};

/* Folded text; from[i]: where the character of its byte i begins. */
struct folded {
	struct ex_buf text;
	size_t *from;
};

static int
fold(struct folded *f, const char *text)
{
	size_t n = strlen(text), room = 0, len;

	memset(f, 0, sizeof(*f));
	for (size_t i = 0; i < n; i += len) {
		size_t start = f->text.len;

		len = ex_text_step(text + i, n - i);
		if (ex_text_fold(&f->text, text + i, len, NULL) == -1)
			continue;
		while (room < f->text.len + 1) {
			size_t more = room * 2 + 256;
			size_t *grown = realloc(f->from, more * sizeof(*grown));

			if (grown == NULL)
				return -1;
			f->from = grown;
			room = more;
		}
		for (size_t k = start; k < f->text.len; k++)
			f->from[k] = i;
	}
	return 0;
}

static void
fold_free(struct folded *f)
{
	ex_buf_free(&f->text);
	free(f->from);
}

/* What to do with each term that should be there, folded. */
typedef void each_term(void *arg, const char *term);

static void
walk_terms(const struct ex_json *query, each_term *each, void *arg)
{
	const struct ex_json *all = ex_json_get(query, "all");

	for (size_t g = 0; g < ex_json_count(all); g++) {
		const struct ex_json *any =
		    ex_json_get(ex_json_at(all, g), "any");

		for (size_t i = 0; i < ex_json_count(any); i++) {
			const char *t =
			    ex_json_get_text(ex_json_at(any, i), "t");
			struct ex_buf folded = EX_BUF_INIT;

			if (t != NULL &&
			    ex_text_fold(&folded, t, strlen(t), NULL) == 0 &&
			    folded.len > 0)
				each(arg, ex_buf_text(&folded));
			ex_buf_free(&folded);
		}
	}
}

struct scoring {
	const char *title, *body; /* folded */
	int64_t score;
};

static void
score_term(void *arg, const char *term)
{
	struct scoring *s = arg;
	const char *p = s->body;
	size_t n = strlen(term);

	if (strstr(s->title, term) != NULL)
		s->score += TITLE_HIT;
	for (int i = 0; i < BODY_HITS && (p = strstr(p, term)) != NULL; i++) {
		s->score += BODY_HIT;
		p += n;
	}
}

int64_t
ex_search_score(const struct ex_json *query, const char *title,
    const char *body, const char *level, size_t newness)
{
	struct ex_buf t = EX_BUF_INIT, b = EX_BUF_INIT;
	struct scoring s = { 0 };

	(void)ex_text_fold(&t, title, strlen(title), NULL);
	(void)ex_text_fold(&b, body, strlen(body), NULL);
	s.title = ex_buf_text(&t);
	s.body = ex_buf_text(&b);
	walk_terms(query, score_term, &s);
	if (level[0] >= 'A' && level[0] <= 'D')
		s.score += 'E' - level[0];
	s.score += newness < RECENT ? (int64_t)(RECENT - newness) : 0;
	ex_buf_free(&t);
	ex_buf_free(&b);
	return s.score;
}

struct finding {
	const char *text; /* folded */
	size_t at;	  /* of the first hit; SIZE_MAX: none yet */
};

static void
find_term(void *arg, const char *term)
{
	struct finding *f = arg;
	const char *p = strstr(f->text, term);

	if (p != NULL && (size_t)(p - f->text) < f->at)
		f->at = (size_t)(p - f->text);
}

/* Where n characters before text[at] begin. */
static size_t
back(const char *text, size_t at, size_t n)
{
	while (n > 0 && at > 0) {
		at--;
		while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
			at--;
		n--;
	}
	return at;
}

/* Append a line's worth of text, white space as one space. */
static int
cut(struct ex_buf *out, const char *text, size_t start)
{
	size_t n = strlen(text), len, shown = 0;
	int gap = 0;

	if (start > 0 && ex_buf_add_text(out, "…", NULL) == -1)
		return -1;
	for (size_t i = start; i < n; i += len) {
		len = ex_text_step(text + i, n - i);
		if (strchr(" \t\r\n", text[i]) != NULL) {
			gap = 1;
			continue;
		}
		if (shown++ == LINE)
			return ex_buf_add_text(out, "…", NULL);
		if ((gap && ex_buf_add_byte(out, ' ', NULL) == -1) ||
		    ex_buf_add(out, text + i, len, NULL) == -1)
			return -1;
		gap = 0;
	}
	return 0;
}

char *
ex_search_snippet(const struct ex_json *query, const char *body)
{
	struct ex_buf out = EX_BUF_INIT;
	struct finding f = { "", SIZE_MAX };
	struct folded folded;
	size_t at = 0;

	if (fold(&folded, body) == 0) {
		f.text = ex_buf_text(&folded.text);
		walk_terms(query, find_term, &f);
		if (f.at < folded.text.len)
			at = folded.from[f.at];
	}
	fold_free(&folded);
	(void)cut(&out, body, back(body, at, BEFORE));
	return ex_buf_take_text(&out);
}
