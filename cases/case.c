/*
 * case.c -- acts of a case's stream.
 */
#include "cases/case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cases/house.h"
#include "cases/perform.h"
#include "db/store.h"

int
ex_case_number(const char **out, const char *text, struct ex_err *err)
{
	const size_t n = strlen("case:");
	struct ex_err why = EX_ERR_INIT;
	struct ex_stream s;

	if (strncmp(text, "case:", n) == 0)
		text += n;
	if (ex_stream_set(&s, EX_STREAM_CASE, text, &why) == -1)
		return ex_fail(err, EX_USAGE, "%s", why.text);
	*out = text;
	return 0;
}

/* The request for one act, its fields put in. */
static int
fill(struct ex_request *r, enum ex_act act, const char *number,
    const struct ex_given *given, size_t n, struct ex_err *err)
{
	struct ex_member *m;

	if (ex_request_add(r, act, EX_STREAM_CASE, number, &m, err) == -1 ||
	    ex_given_put_all(m, given, n, err) == -1)
		return -1;
	return ex_given_complete(m, err);
}

int
ex_case_do(struct ex_json *summary, int *status, struct ex_house *house,
    enum ex_act act, const char *number, const struct ex_given *given, size_t n,
    struct ex_err *err)
{
	struct ex_request r;
	int rc = -1;

	ex_request_init(&r);
	if (ex_case_number(&number, number, err) == 0 &&
	    fill(&r, act, number, given, n, err) == 0 &&
	    ex_perform(summary, status, house, &r, act, NULL, err) == 0)
		rc = ex_json_set_text(summary, "case", number, err);
	ex_request_free(&r);
	return rc;
}

/* "warrant:NUMBER" into its fields. */
static int
put_authority(
    struct ex_member *m, const struct ex_authority *a, struct ex_err *err)
{
	const char *colon = strchr(a->name, ':');
	struct ex_given kind = { "kind", NULL }, number = { "number", NULL };
	char word[16];
	int rc;

	if (colon == NULL || colon[1] == '\0' ||
	    (size_t)(colon - a->name) >= sizeof(word))
		return ex_fail(err, EX_USAGE,
		    "\"%s\" is no authority: warrant:NUMBER, consent:NUMBER "
		    "or order:NUMBER",
		    a->name);
	(void)snprintf(
	    word, sizeof(word), "%.*s", (int)(colon - a->name), a->name);
	kind.value = word;
	number.value = colon + 1;
	if ((rc = ex_given_put(m, &kind, err)) == 0)
		rc = ex_given_put(m, &number, err);
	if (rc == 0 && a->from != NULL)
		rc = ex_given_default(m, "from", a->from, err);
	if (rc == 0 && a->until != NULL)
		rc = ex_given_default(m, "until", a->until, err);
	if (rc == 0 && a->from != NULL && a->until != NULL &&
	    strcmp(a->from, a->until) >= 0)
		rc = ex_fail(err, EX_USAGE,
		    "authority %s: it ends before it begins", number.value);
	return rc;
}

static int
fill_authority(struct ex_request *r, const char *number,
    const struct ex_authority *a, struct ex_member **m, struct ex_err *err)
{
	if (ex_request_add(
		r, EX_ACT_AUTHORIZE, EX_STREAM_CASE, number, m, err) == -1)
		return -1;
	return put_authority(*m, a, err);
}

int
ex_case_authorize(struct ex_json *summary, int *status, struct ex_house *house,
    const char *number, const struct ex_authority *a,
    const struct ex_given *given, size_t n, const char *document,
    struct ex_err *err)
{
	struct ex_files files = { 0 };
	char sha256[EX_SHA256_HEX];
	struct ex_request r;
	struct ex_member *m;
	int rc = -1;

	ex_request_init(&r);
	if (ex_case_number(&number, number, err) == -1 ||
	    fill_authority(&r, number, a, &m, err) == -1 ||
	    ex_given_put_all(m, given, n, err) == -1 ||
	    ex_given_complete(m, err) == -1)
		goto out;
	if (document != NULL &&
	    (ex_files_name(&files, document, sha256, err) == -1 ||
		ex_given_default(m, "document", sha256, err) == -1))
		goto out;
	if (ex_perform(summary, status, house, &r, EX_ACT_AUTHORIZE, &files,
		err) == -1)
		goto out;
	rc = ex_json_set_text(summary, "case", number, err);
out:
	ex_files_free(&files);
	ex_request_free(&r);
	return rc;
}

/* One authority of those that the case is opened with. */
static int
add_authority(
    struct ex_json *list, const struct ex_authority *a, struct ex_err *err)
{
	struct ex_request r;
	struct ex_member *m;
	int rc = -1;

	/* As authorize would say it: the same words, the same refusals. */
	ex_request_init(&r);
	if (fill_authority(&r, "-", a, &m, err) == 0)
		rc = ex_json_add(list, ex_json_ref(m->fields), err);
	ex_request_free(&r);
	return rc;
}

static int
put_authorities(struct ex_member *m, const struct ex_authority *a, size_t n,
    struct ex_err *err)
{
	struct ex_json *list;

	if (n == 0)
		return 0;
	if (ex_json_set(m->fields, "authorities", ex_json_array(), err) == -1)
		return -1;
	list = ex_json_get_mutable(m->fields, "authorities");
	for (size_t i = 0; i < n; i++) {
		if (add_authority(list, &a[i], err) == -1)
			return -1;
		for (size_t k = 0; k < i; k++)
			if (strcmp(strchr(a[i].name, ':'),
				strchr(a[k].name, ':')) == 0)
				return ex_fail(err, EX_USAGE,
				    "authority %s is given twice",
				    strchr(a[i].name, ':') + 1);
	}
	return 0;
}

int
ex_case_open(struct ex_json *summary, int *status, struct ex_house *house,
    const char *number, const struct ex_given *given, size_t n,
    const struct ex_authority *authority, size_t nauthorities,
    struct ex_err *err)
{
	struct ex_request r;
	int rc = -1;

	ex_request_init(&r);
	if (ex_case_number(&number, number, err) == 0 &&
	    fill(&r, EX_ACT_CASE_OPEN, number, given, n, err) == 0 &&
	    put_authorities(&r.member[0], authority, nauthorities, err) == 0 &&
	    ex_perform(
		summary, status, house, &r, EX_ACT_CASE_OPEN, NULL, err) == 0)
		rc = ex_json_set_text(summary, "case", number, err);
	ex_request_free(&r);
	return rc;
}

/* What pick() looks for. */
struct picking {
	int64_t at;
	char (*out)[EX_CASE_MAX + 1];
	size_t n;
	struct ex_buf names;
};

static int
pick(void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	struct picking *p = arg;

	if (!ex_authority_in_force(v, p->at))
		return 0;
	(void)snprintf(*p->out, sizeof(*p->out), "%s", key);
	return ex_buf_addf(
	    &p->names, err, "%s%s", p->n++ == 0 ? "" : ", ", key);
}

int
ex_authority_pick(char out[EX_CASE_MAX + 1], struct ex_house *house,
    const char *number, int64_t at, struct ex_err *err)
{
	char name[EX_CASE_MAX + 1] = "";
	struct picking p = { at, &name, 0, EX_BUF_INIT };
	struct ex_json *fact = NULL;
	int rc = -1;

	out[0] = '\0';
	if (ex_house_fact(house, "case", number, &fact, err) == -1)
		return -1;
	if (fact == NULL) {
		rc = ex_fail(err, EX_ABSENT,
		    "%s: no such case, or it may not be seen", number);
	} else if (ex_json_each(
		       ex_json_get(fact, "authorities"), pick, &p, err) == 0) {
		rc = p.n > 1 ? ex_fail(err, EX_USAGE,
				   "case %s has several authorities in force "
				   "(%s): give --authority NUMBER",
				   number, ex_buf_text(&p.names))
			     : 0;
		memcpy(out, name, sizeof(name));
	}
	ex_buf_free(&p.names);
	ex_json_free(fact);
	return rc;
}
