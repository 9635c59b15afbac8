/*
 * search_query.c -- what people type, taken apart.
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "cases/search.h"

/* Where the reading of one argument stands. */
struct typing {
	struct ex_json *all, *none;
	struct ex_json *last; /* the group that an OR joins; borrowed */
	int join;	      /* OR was read */
	size_t nterms;
};

/* A word or phrase of n bytes; quoted: as it is. */
struct term {
	const char *text;
	size_t n;
	int quoted, minus, prefix;
};

/* The next one from *p on; 0 when there is none left. */
static int
next_term(struct term *t, const char **p)
{
	const char *s = *p + strspn(*p, " \t\r\n");

	memset(t, 0, sizeof(*t));
	if (*s == '\0')
		return 0;
	if (*s == '-' && s[1] != '\0' && strchr(" \t\r\n", s[1]) == NULL) {
		t->minus = 1;
		s++;
	}
	if (*s == '"') {
		t->quoted = 1;
		t->text = ++s;
		t->n = strcspn(s, "\""); /* to the end if it is not closed */
		*p = s + t->n + (s[t->n] == '"');
		return 1;
	}
	t->text = s;
	t->n = strcspn(s, " \t\r\n\"");
	*p = s + t->n;
	if (t->n > 1 && s[t->n - 1] == '*') {
		t->prefix = 1;
		t->n--;
	}
	return 1;
}

static int
is_or(const struct term *t)
{
	return !t->quoted && !t->minus && !t->prefix && t->n == 2 &&
	       memcmp(t->text, "OR", 2) == 0;
}

static int
add_term(struct ex_json *list, const struct term *t, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set(v, "t", ex_json_string_n(t->text, t->n), err) == -1 ||
	    ex_json_set_int(v, "prefix", t->prefix, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(list, v, err);
}

/* A term of its own group, or another choice of the group before it. */
static int
place(struct typing *w, const struct term *t, struct ex_err *err)
{
	struct ex_json *group;

	if (t->minus) {
		w->join = 0;
		return add_term(w->none, t, err);
	}
	if (w->join && w->last != NULL) {
		w->join = 0;
		return add_term(w->last, t, err);
	}
	w->join = 0;
	group = ex_json_object();
	if (group == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set(group, "any", ex_json_array(), err) == -1) {
		ex_json_free(group);
		return -1;
	}
	w->last = ex_json_get_mutable(group, "any");
	if (add_term(w->last, t, err) == -1) {
		ex_json_free(group);
		return -1;
	}
	return ex_json_add(w->all, group, err);
}

static int
take_argument(struct typing *w, const char *text, struct ex_err *err)
{
	struct term t;

	w->last = NULL;
	w->join = 0;
	while (next_term(&t, &text)) {
		if (is_or(&t) && w->last != NULL) {
			w->join = 1;
			continue;
		}
		if (t.n == 0)
			continue;
		if (w->nterms++ == EX_QUERY_TERMS)
			return ex_fail(err, EX_LIMIT,
			    "more than %d words in one search", EX_QUERY_TERMS);
		if (place(w, &t, err) == -1)
			return -1;
	}
	return 0;
}

static int
check_text(const struct ex_search *s, struct ex_err *err)
{
	size_t total = 0, n;

	for (size_t i = 0; i < s->ntext; i++) {
		n = strlen(s->text[i]);
		total += n;
		if (total > EX_QUERY_MAX)
			return ex_fail(err, EX_LIMIT,
			    "a search of more than %d bytes", EX_QUERY_MAX);
		for (size_t k = 0; k < n; k++)
			if ((unsigned char)s->text[i][k] < 0x20 &&
			    strchr("\t\r\n", s->text[i][k]) == NULL)
				return ex_fail(err, EX_USAGE,
				    "a control character in the search");
		if (ex_text_utf8(s->text[i], n) == 0)
			return ex_fail(
			    err, EX_USAGE, "the search is not UTF-8");
	}
	return 0;
}

static int
put_filters(struct ex_json *v, const struct ex_search *s, struct ex_err *err)
{
	const struct {
		const char *name, *value;
	} filter[] = { { "level", s->level }, { "sector", s->sector },
		{ "offence", s->offence }, { "from", s->from },
		{ "until", s->until } };

	for (size_t i = 0; i < sizeof(filter) / sizeof(filter[0]); i++)
		if (filter[i].value != NULL &&
		    ex_json_set_text(v, filter[i].name, filter[i].value, err) ==
			-1)
			return -1;
	return 0;
}

int
ex_search_query(
    struct ex_json **out, const struct ex_search *s, struct ex_err *err)
{
	struct typing w = { 0 };
	struct ex_json *v = NULL;

	*out = NULL;
	if (check_text(s, err) == -1)
		return -1;
	v = ex_json_object();
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set(v, "all", ex_json_array(), err) == -1 ||
	    ex_json_set(v, "none", ex_json_array(), err) == -1)
		goto fail;
	w.all = ex_json_get_mutable(v, "all");
	w.none = ex_json_get_mutable(v, "none");
	for (size_t i = 0; i < s->ntext; i++)
		if (take_argument(&w, s->text[i], err) == -1)
			goto fail;
	if (ex_json_count(w.all) == 0) {
		(void)ex_fail(err, EX_USAGE,
		    "nothing to look for: give a word that must be there");
		goto fail;
	}
	if (put_filters(v, s, err) == -1)
		goto fail;
	*out = v;
	return 0;
fail:
	ex_json_free(v);
	return -1;
}
