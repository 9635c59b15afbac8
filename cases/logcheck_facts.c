/*
 * logcheck_facts.c -- the rows that people look at, against what the entries
 * say: both directions, down to the member that differs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cases/logcheck.h"

/* Two objects, and the first member in which they differ. */
struct differing {
	const struct ex_json *other;
	char member[80];
};

static int
compare_member(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	struct differing *d = arg;
	const struct ex_json *other = ex_json_get(d->other, key);

	(void)err;
	if (d->member[0] == '\0' && (other == NULL || !ex_json_equal(v, other)))
		(void)snprintf(d->member, sizeof(d->member), "%s", key);
	return 0;
}

/* The name of a member that differs, or "" when the values are the same. */
static void
first_difference(char out[80], const struct ex_json *a, const struct ex_json *b)
{
	struct differing d = { b, "" };

	(void)ex_json_each(a, compare_member, &d, NULL);
	if (d.member[0] == '\0') {
		d.other = a;
		(void)ex_json_each(b, compare_member, &d, NULL);
	}
	memcpy(out, d.member, sizeof(d.member));
}

/* "kind\nid": neither holds a newline. */
static int
mark(struct ex_logcheck *c, const char *kind, const char *id,
    const char *case_number, struct ex_err *err)
{
	struct ex_buf key = EX_BUF_INIT;
	int rc = -1;

	if (ex_buf_addf(&key, err, "%s\n%s", kind, id) == 0)
		rc = ex_json_set_text(c->facts, ex_buf_text(&key),
		    case_number == NULL ? "" : case_number, err);
	ex_buf_free(&key);
	return rc;
}

static int
differs(struct ex_logcheck *c, const char *kind, const char *id,
    const char *member, struct ex_err *err)
{
	return ex_logcheck_say(c, err, EX_FAULT, "fact-differs", NULL,
	    "%s %s: \"%s\" is not what the entries give", kind, id, member);
}

static int
compare(struct ex_logcheck *c, const char *kind, const char *id,
    const struct ex_json *want, const struct ex_json *have, struct ex_err *err)
{
	char member[80];

	if (want == NULL)
		return ex_logcheck_say(c, err, EX_FAULT, "fact-extra", NULL,
		    "%s %s: no entry gives this row", kind, id);
	first_difference(member, want, have);
	if (member[0] != '\0')
		return differs(c, kind, id, member, err);
	if (!ex_json_equal(want, have))
		return differs(c, kind, id, "value", err);
	return 0;
}

int
ex_logcheck_fact(struct ex_logcheck *c, const char *kind, const char *id,
    const char *case_number, const void *value, size_t n, struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(c->world);
	struct ex_json *want = NULL, *have = NULL;
	struct ex_err why = EX_ERR_INIT;
	int rc = -1;

	c->r->facts++;
	if (mark(c, kind, id, case_number, err) == -1)
		return -1;
	if (ex_json_read(&have, value, n, &why) == -1)
		return ex_logcheck_fault(c, err, &why, "fact-form", NULL);
	if (view->get(view->arg, kind, id, &want, err) == 0)
		rc = compare(c, kind, id, want, have, err);
	ex_json_free(want);
	ex_json_free(have);
	return rc;
}

/* A fact of the entries: is there a row, under the right case? */
static int
look_for(void *arg, const char *kind, const char *id, const char *case_number,
    const struct ex_json *value, struct ex_err *err)
{
	struct ex_logcheck *c = arg;
	struct ex_buf key = EX_BUF_INIT;
	const char *row;
	int rc = -1;

	(void)value;
	if (ex_buf_addf(&key, err, "%s\n%s", kind, id) == -1)
		goto out;
	row = ex_json_get_text(c->facts, ex_buf_text(&key));
	if (row == NULL)
		rc = ex_logcheck_say(c, err, EX_FAULT, "fact-missing", NULL,
		    "%s %s: the entries give it, and there is no row", kind,
		    id);
	else if (strcmp(row, case_number == NULL ? "" : case_number) != 0)
		rc = differs(c, kind, id, "case_number", err);
	else
		rc = 0;
out:
	ex_buf_free(&key);
	return rc;
}

int
ex_logcheck_facts(struct ex_logcheck *c, struct ex_err *err)
{
	return ex_world_each(c->world, look_for, c, err);
}
