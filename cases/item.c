/*
 * item.c -- items on their way into the log.
 */
#include "cases/item.h"

#include <string.h>

#include "base/text.h"
#include "cases/case.h"
#include "cases/house.h"
#include "cases/perform.h"
#include "db/store.h"

int
ex_item_number(const char **out, const char *text, struct ex_err *err)
{
	const size_t n = strlen("item:");
	char shown[128];

	if (strncmp(text, "item:", n) == 0)
		text += n;
	if (!ex_text_item_ok(text))
		return ex_fail(err, EX_USAGE,
		    "\"%s\" is no item's number: capital letters, digits and "
		    "\"-\", at most %d",
		    ex_text_shown(shown, sizeof(shown), text), EX_ITEM_MAX);
	*out = text;
	return 0;
}

/* What is given for a line: its own values, then common ones it lacks. */
static int
put_line(struct ex_files *files, struct ex_member *m,
    const struct ex_line *line, const struct ex_given *common, size_t ncommon,
    struct ex_err *err)
{
	if (ex_files_put_all(files, m, line->given, line->n, err) == -1)
		return -1;
	for (size_t i = 0; i < ncommon; i++)
		if (ex_given_get(line->given, line->n, common[i].name) ==
			NULL &&
		    ex_files_put(files, m, &common[i], err) == -1)
			return -1;
	return ex_given_complete(m, err);
}

int
ex_item_announce(struct ex_json *summary, int *status, struct ex_house *house,
    const char *number, const struct ex_line *line, size_t nlines,
    const struct ex_given *common, size_t ncommon, int64_t occurred_at,
    struct ex_err *err)
{
	struct ex_files files = { 0 };
	struct ex_request r;
	int rc = -1;

	ex_request_init(&r);
	r.occurred_at = occurred_at;
	if (ex_case_number(&number, number, err) == -1)
		goto out;
	for (size_t i = 0; i < nlines; i++) {
		struct ex_given in = { "case", number };
		struct ex_member *m;
		const char *item;

		if (ex_item_number(&item, line[i].item, err) == -1 ||
		    ex_request_add(&r, EX_ACT_ANNOUNCE, EX_STREAM_ITEM, item,
			&m, err) == -1 ||
		    ex_given_put(m, &in, err) == -1)
			goto out;
		if (put_line(&files, m, &line[i], common, ncommon, err) == -1) {
			(void)ex_while(err, item);
			goto out;
		}
	}
	rc = ex_perform(
	    summary, status, house, &r, EX_ACT_ANNOUNCE, &files, err);
out:
	ex_files_free(&files);
	ex_request_free(&r);
	return rc;
}

/* One row a relation that is typed. */
static const struct {
	const char *relation;
	enum ex_act act;
	int parent_too; /* the parent gets an entry that lists it */
} how[] = {
	{ "component", EX_ACT_COMPONENT_OUT, 1 },
	{ "sample_of", EX_ACT_SPLIT, 1 },
	{ "extracted_from", EX_ACT_CREATE, 0 },
	{ "copy_of", EX_ACT_CREATE, 0 },
};

static int
find_relation(size_t *out, const char *relation, struct ex_err *err)
{
	for (*out = 0; *out < sizeof(how) / sizeof(how[0]); (*out)++)
		if (strcmp(how[*out].relation, relation) == 0)
			return 0;
	return ex_fail(err, EX_USAGE,
	    "--relation is one of component, sample_of, extracted_from, "
	    "copy_of, not \"%s\"",
	    relation);
}

/* What is written on a medium or is one, unless it is said. */
static const char *
nature_of(const struct ex_derivation *d)
{
	static const char *const physical[] = { "physical_medium", "device",
		"document", NULL };
	const char *kind = ex_given_get(d->given, d->n, "kind");

	return kind != NULL && ex_text_index(kind, physical) != -1 ? "physical"
								   : "digital";
}

/* The parent's own entry: it lists what was taken from it. */
static int
add_parent(struct ex_request *r, const struct ex_derivation *d, enum ex_act act,
    const char *parent, struct ex_err *err)
{
	static const char *const both[] = { "reason", "note", "purpose",
		"authority", "source" };
	struct ex_member *m;

	if (ex_request_add(r, act, EX_STREAM_ITEM, parent, &m, err) == -1)
		return -1;
	for (size_t i = 0; i < d->nchildren; i++) {
		struct ex_given child = { "children", NULL };

		if (ex_item_number(&child.value, d->child[i], err) == -1 ||
		    ex_given_put(m, &child, err) == -1)
			return -1;
	}
	for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
		const char *value = ex_given_get(d->given, d->n, both[i]);

		if (value != NULL &&
		    ex_given_default(m, both[i], value, err) == -1)
			return -1;
	}
	return 0;
}

static int
add_child(struct ex_request *r, struct ex_files *files,
    const struct ex_derivation *d, size_t row, const struct ex_json *of,
    const char *parent, const char *child, struct ex_err *err)
{
	const char *number = ex_json_get_text(of, "case");
	const char *place = ex_json_get_text(of, "location");
	struct ex_member *m;

	if (ex_item_number(&child, child, err) == -1 ||
	    ex_request_add(r, how[row].act, EX_STREAM_ITEM, child, &m, err) ==
		-1 ||
	    ex_given_default(m, "case", number == NULL ? "" : number, err) ==
		-1 ||
	    ex_given_default(m, "parent", parent, err) == -1 ||
	    ex_files_put_all(files, m, d->given, d->n, err) == -1)
		return -1;
	if (how[row].act != EX_ACT_CREATE)
		return ex_given_complete(m, err);
	if (ex_given_default(m, "relation", d->relation, err) == -1 ||
	    ex_given_default(m, "nature", nature_of(d), err) == -1)
		return -1;
	/* A thing is made where its origin lies; bytes lie in no room. */
	if (strcmp(ex_json_get_text(m->fields, "nature"), "physical") == 0 &&
	    place != NULL && place[0] != '\0' &&
	    ex_given_default(m, "location", place, err) == -1)
		return -1;
	return ex_given_complete(m, err);
}

static int
add_all(struct ex_request *r, struct ex_files *files,
    const struct ex_derivation *d, size_t row, const struct ex_json *of,
    const char *parent, struct ex_err *err)
{
	if (how[row].parent_too &&
	    add_parent(r, d, how[row].act, parent, err) == -1)
		return -1;
	for (size_t i = 0; i < d->nchildren; i++)
		if (add_child(r, files, d, row, of, parent, d->child[i], err) ==
		    -1)
			return -1;
	return 0;
}

int
ex_item_derive(struct ex_json *summary, int *status, struct ex_house *house,
    const struct ex_derivation *d, struct ex_err *err)
{
	struct ex_files files = { 0 };
	struct ex_json *of = NULL;
	struct ex_request r;
	const char *parent;
	size_t row;
	int rc = -1;

	ex_request_init(&r);
	r.occurred_at = d->occurred_at;
	if (find_relation(&row, d->relation, err) == -1 ||
	    ex_item_number(&parent, d->parent, err) == -1 ||
	    ex_house_fact(house, "item", parent, &of, err) == -1)
		goto out;
	if (of == NULL) {
		(void)ex_fail(err, EX_ABSENT,
		    "%s: no such item, or it may not be seen", parent);
		goto out;
	}
	if (add_all(&r, &files, d, row, of, parent, err) == 0)
		rc = ex_perform(
		    summary, status, house, &r, how[row].act, &files, err);
out:
	ex_files_free(&files);
	ex_json_free(of);
	ex_request_free(&r);
	return rc;
}
