/*
 * custody.c -- acts of custody: from words to entries.
 */
#include "cases/custody.h"

#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "cases/case.h"
#include "cases/custody_parts.h"
#include "cases/history.h"
#include "cases/house.h"
#include "cases/logview.h"
#include "db/store.h"

const struct ex_act_def *
ex_custody_act(const char *word)
{
	const struct ex_act_def *d = ex_act_by_verb(word);

	if (strcmp(word, "late") == 0)
		return ex_act(EX_ACT_LATE_ENTRY);
	if (d == NULL || (d->streams & 1u << EX_STREAM_ITEM) == 0)
		return NULL;
	/* These sign what their own commands make. */
	if (d->act == EX_ACT_REPORT || d->act == EX_ACT_BUNDLE ||
	    d->act == EX_ACT_EXPORT)
		return NULL;
	return d;
}

const char *
ex_custody_word(const struct ex_act_def *def)
{
	const char *word = def->act == EX_ACT_LATE_ENTRY ? "late" : def->verb;

	return word != NULL && ex_custody_act(word) == def ? word : NULL;
}

const char *
ex_making_common(const struct ex_making *k, const char *name)
{
	return ex_given_get(k->c->common, k->c->ncommon, name);
}

/* The entry that correct, annul and others are about. */
static int
put_entry(struct ex_making *k, struct ex_member *m, const char *event,
    struct ex_err *err)
{
	uint8_t leaf[EX_HASH];

	if (ex_leaf_find(leaf, k->house, event, err) == -1)
		return -1;
	if (m->act == EX_ACT_CORRECT) {
		m->has_corrects = 1;
		memcpy(m->corrects, leaf, sizeof(leaf));
		return 0;
	}
	if (m->act == EX_ACT_ANNUL) {
		m->has_annuls = 1;
		memcpy(m->annuls, leaf, sizeof(leaf));
		return 0;
	}
	if (ex_act_field(ex_act(m->act), "entry") == NULL)
		return ex_fail(err, EX_USAGE, "%s has no --entry",
		    ex_given_verb(ex_act(m->act)));
	return ex_json_set_hex(m->fields, "entry", leaf, sizeof(leaf), err);
}

/* The act that a late entry is about: by its word or its name. */
static int
put_act(struct ex_member *m, const char *word, struct ex_err *err)
{
	const struct ex_act_def *d = ex_custody_act(word);

	if (d == NULL && (d = ex_act_by_name(word)) != NULL &&
	    (d->streams & 1u << EX_STREAM_ITEM) == 0)
		d = NULL;
	if (d == NULL || m->act != EX_ACT_LATE_ENTRY ||
	    d->act == EX_ACT_LATE_ENTRY)
		return ex_fail(err, EX_USAGE,
		    "--act \"%s\": the act that a late entry is about", word);
	return ex_given_default(m, "act", d->name, err);
}

static int
put_one(struct ex_making *k, struct ex_member *m, const struct ex_given *given,
    struct ex_err *err)
{
	struct ex_given number = { "case", NULL };

	if (strcmp(given->name, "entry") == 0)
		return put_entry(k, m, given->value, err);
	if (strcmp(given->name, "act") == 0)
		return put_act(m, given->value, err);
	if (strcmp(given->name, "case") != 0)
		return ex_files_put(&k->files, m, given, err);
	if (ex_case_number(&number.value, given->value, err) == -1)
		return -1;
	return ex_given_put(m, &number, err);
}

/* What is given for this item, then what is given for all and not for it. */
static int
put_given(struct ex_making *k, struct ex_member *m, const struct ex_line *line,
    struct ex_err *err)
{
	for (size_t i = 0; i < line->n; i++)
		if (put_one(k, m, &line->given[i], err) == -1)
			return -1;
	for (size_t i = 0; i < k->c->ncommon; i++) {
		const struct ex_given *g = &k->c->common[i];

		if (ex_given_get(line->given, line->n, g->name) == NULL &&
		    put_one(k, m, g, err) == -1)
			return -1;
	}
	return 0;
}

/* A late entry says which act, when, and how one knows. */
static int
put_late(struct ex_making *k, struct ex_member *m, struct ex_err *err)
{
	if (k->act != EX_ACT_LATE_ENTRY)
		return 0;
	if (k->c->late && strcmp(k->c->act, "late") != 0 &&
	    put_act(m, k->c->act, err) == -1)
		return -1;
	if (k->c->occurred_at == 0)
		return ex_fail(err, EX_USAGE,
		    "when did it happen?  A late entry needs --occurred TIME");
	return 0;
}

static int
put_emergency(struct ex_making *k, struct ex_member *m, struct ex_err *err)
{
	if (!k->c->emergency)
		return 0;
	if (!ex_given_has(m, "reason"))
		return ex_fail(
		    err, EX_USAGE, "an emergency needs its --reason");
	return ex_json_set_int(m->fields, "emergency", 1, err);
}

/* May the act be the first of an item? */
static int
may_begin(const struct ex_making *k, const struct ex_line *line)
{
	/* What nobody announced is received into the case that is given. */
	if (k->act == EX_ACT_RECEIVE)
		return ex_given_get(line->given, line->n, "case") != NULL ||
		       ex_making_common(k, "case") != NULL;
	return k->act == EX_ACT_SEIZE || k->act == EX_ACT_PACKAGE ||
	       k->act == EX_ACT_INVENTORY;
}

/* The stream of what is named; *item is its fact if it is an item's. */
static int
find_subject(struct ex_making *k, struct ex_stream *s,
    const struct ex_line *line, struct ex_json **item, struct ex_err *err)
{
	const struct ex_act_def *d = ex_act(k->act);
	const char *name = line->item, *number;

	if ((d->streams & 1u << EX_STREAM_CASE) != 0) {
		if (ex_subject_find(s, k->house, name, err) == -1)
			return -1;
	} else if (ex_item_number(&number, name, err) == -1 ||
		   ex_stream_set(s, EX_STREAM_ITEM, number, err) == -1) {
		return -1;
	}
	if (s->kind == EX_STREAM_CASE)
		return 0;
	if (ex_house_fact(k->house, "item", s->id, item, err) == -1)
		return -1;
	if (*item != NULL || may_begin(k, line))
		return 0;
	return ex_fail(
	    err, EX_ABSENT, "%s: no such item, or it may not be seen", s->id);
}

/* An item twice would be an entry that continues one not yet made. */
static int
check_once(
    const struct ex_making *k, const struct ex_stream *s, struct ex_err *err)
{
	for (size_t i = 0; i < k->r.nmembers; i++)
		if (ex_stream_equal(&k->r.member[i].stream, s))
			return ex_fail(
			    err, EX_USAGE, "%s is named twice", s->id);
	return 0;
}

static int
fill(struct ex_making *k, struct ex_member *m, const struct ex_line *line,
    const struct ex_json *item, struct ex_err *err)
{
	if (put_given(k, m, line, err) == -1 || put_late(k, m, err) == -1 ||
	    put_emergency(k, m, err) == -1 ||
	    ex_making_complete(k, m, item, err) == -1)
		return -1;
	if (m->act == EX_ACT_ERASE && ex_making_erase(k, m, err) == -1)
		return -1;
	if ((m->act == EX_ACT_CORRECT && !m->has_corrects) ||
	    (m->act == EX_ACT_ANNUL && !m->has_annuls))
		return ex_fail(err, EX_USAGE,
		    "%s needs --entry EVENT: the leaf of the entry, or at "
		    "least its first 8 digits",
		    ex_given_verb(ex_act(m->act)));
	return ex_given_complete(m, err);
}

static int
add_line(struct ex_making *k, const struct ex_line *line, struct ex_err *err)
{
	struct ex_json *item = NULL;
	struct ex_member *m;
	struct ex_stream s;
	int rc = -1;

	if (find_subject(k, &s, line, &item, err) == -1 ||
	    check_once(k, &s, err) == -1)
		goto out;
	if (k->act == EX_ACT_INVENTORY && item == NULL) {
		rc = ex_json_add(k->unknown, ex_json_string(s.id), err);
		goto out;
	}
	if (ex_request_add(&k->r, k->act, s.kind, s.id, &m, err) == -1)
		goto out;
	rc = fill(k, m, line, item, err);
	if (rc == -1 && k->c->nlines > 1)
		(void)ex_while(err, s.id);
out:
	ex_json_free(item);
	return rc;
}

/* The whole request, ready to be seated. */
static int
make(struct ex_making *k, struct ex_err *err)
{
	const struct ex_act_def *d = ex_custody_act(k->c->act);

	if (d == NULL)
		return ex_fail(err, EX_USAGE,
		    "there is no act \"%s\"; try \"exhibit help custody\"",
		    k->c->act);
	if (k->c->nlines == 0)
		return ex_fail(err, EX_USAGE, "which item?");
	k->act = k->c->late ? EX_ACT_LATE_ENTRY : d->act;
	k->r.occurred_at = k->c->occurred_at;
	if ((k->unknown = ex_json_array()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < k->c->nlines; i++)
		if (add_line(k, &k->c->line[i], err) == -1)
			return -1;
	return k->act == EX_ACT_INVENTORY ? ex_making_inventory(k, err) : 0;
}

int
ex_custody_do(struct ex_json *summary, int *status, struct ex_house *house,
    const struct ex_custody *c, struct ex_err *err)
{
	struct ex_making k = { .house = house, .c = c };
	int rc = -1;

	if (ex_custody_is_part(c))
		return ex_custody_part(summary, status, house, c, err);
	ex_request_init(&k.r);
	if (make(&k, err) == 0)
		rc = ex_perform(
		    summary, status, house, &k.r, k.act, &k.files, err);
	for (size_t i = 0; rc == 0 && k.act == EX_ACT_ERASE && i < k.r.nmembers;
	     i++)
		rc = ex_receipts_erase(house, &k.r.member[i], err);
	ex_files_free(&k.files);
	ex_json_free(k.unknown);
	ex_request_free(&k.r);
	return rc;
}
