/*
 * act.c -- the acts, found by name, verb or number, and their fields.
 */
#include "custody/act.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "custody/act_tables.h"

static const char *const sources[] = { "paper", "memory", "camera", NULL };

/* What any act may carry besides its own fields. */
static const struct ex_field common[] = {
	{ "authority", EX_FIELD_CASE, 0, NULL, NULL },
	{ "emergency", EX_FIELD_INT, 0, NULL, ex_check_flag },
	{ "source", EX_FIELD_WORD, 0, sources, NULL },
	/* Digests; of a short text they would give it away. */
	{ "attachments", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "photos", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "condition", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "purpose", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "reason", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "note", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct {
	const struct ex_act_def *row;
	const size_t *n;
} table[] = {
	{ ex_acts_lab, &ex_acts_lab_n },
	{ ex_acts_case, &ex_acts_case_n },
	{ ex_acts_item, &ex_acts_item_n },
	{ ex_acts_item_quiet, &ex_acts_item_quiet_n },
};

static const char *const kind_name[] = {
	[EX_STREAM_ITEM] = "item",
	[EX_STREAM_CASE] = "case",
	[EX_STREAM_LAB] = "lab",
	[EX_STREAM_RELEASE] = "release",
	[EX_STREAM_KINDS] = NULL,
};

/* The first row for which same() says 1, or NULL. */
static const struct ex_act_def *
find(
    int (*same)(const struct ex_act_def *d, const void *what), const void *what)
{
	for (size_t t = 0; t < sizeof(table) / sizeof(table[0]); t++)
		for (size_t i = 0; i < *table[t].n; i++)
			if (same(&table[t].row[i], what))
				return &table[t].row[i];
	return NULL;
}

static int
same_act(const struct ex_act_def *d, const void *what)
{
	return d->act == *(const enum ex_act *)what;
}

static int
same_name(const struct ex_act_def *d, const void *what)
{
	return strcmp(d->name, what) == 0;
}

static int
same_verb(const struct ex_act_def *d, const void *what)
{
	return d->verb != NULL && strcmp(d->verb, what) == 0;
}

const struct ex_act_def *
ex_act(enum ex_act act)
{
	const struct ex_act_def *d = find(same_act, &act);

	/* Every act has its row (test_act); another number is our mistake. */
	if (d == NULL)
		abort();
	return d;
}

const struct ex_act_def *
ex_act_by_name(const char *name)
{
	return find(same_name, name);
}

const struct ex_act_def *
ex_act_by_verb(const char *verb)
{
	return find(same_verb, verb);
}

const struct ex_field *
ex_act_common(size_t *n)
{
	*n = sizeof(common) / sizeof(common[0]);
	return common;
}

const struct ex_field *
ex_act_field(const struct ex_act_def *def, const char *name)
{
	size_t len = strcspn(name, "/");

	for (size_t i = 0; i < def->nfields; i++)
		if (strncmp(def->field[i].name, name, len) == 0 &&
		    def->field[i].name[len] == '\0')
			return &def->field[i];
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (strncmp(common[i].name, name, len) == 0 &&
		    common[i].name[len] == '\0')
			return &common[i];
	return NULL;
}

/* A member of "fields": known, in clear, of its type. */
static int
check_clear(
    void *arg, const char *name, const struct ex_json *v, struct ex_err *err)
{
	const struct ex_act_def *def = arg;
	const struct ex_field *f = ex_act_field(def, name);

	if (f == NULL || strchr(name, '/') != NULL)
		return ex_fail(err, EX_FORMAT,
		    "fields: %s has no field \"%.80s\"", def->name, name);
	if (f->type == EX_FIELD_TEXT)
		return ex_fail(err, EX_FORMAT,
		    "fields: %s is personal or free text and may only be "
		    "committed to",
		    name);
	return ex_field_check(f, v, err);
}

/* A path of "pii": a text field of this act. */
static int
check_committed(
    void *arg, const char *path, const struct ex_json *v, struct ex_err *err)
{
	const struct ex_act_def *def = arg;
	const struct ex_field *f = ex_act_field(def, path);

	(void)v;
	if (f == NULL || f->type != EX_FIELD_TEXT)
		return ex_fail(err, EX_FORMAT, "pii: %s has no text \"%.80s\"",
		    def->name, path);
	return 0;
}

/* A text may be one value or a list, whose first element is "name/0". */
static int
has_text(const struct ex_json *pii, const char *name)
{
	char first[80];
	size_t n = strlen(name);

	if (ex_json_get(pii, name) != NULL)
		return 1;
	if (n + 3 > sizeof(first))
		return 0;
	memcpy(first, name, n);
	memcpy(first + n, "/0", 3);
	return ex_json_get(pii, first) != NULL;
}

int
ex_act_check_fields(const struct ex_act_def *def, const struct ex_json *fields,
    const struct ex_json *pii, struct ex_err *err)
{
	union {
		const struct ex_act_def *in;
		void *out;
	} arg = { def };

	if (ex_json_each(fields, check_clear, arg.out, err) == -1 ||
	    ex_json_each(pii, check_committed, arg.out, err) == -1)
		return -1;
	for (size_t i = 0; i < def->nfields; i++) {
		const struct ex_field *f = &def->field[i];

		if (!f->required)
			continue;
		if (f->type == EX_FIELD_TEXT
			? !has_text(pii, f->name)
			: ex_json_get(fields, f->name) == NULL)
			return ex_fail(err, EX_FORMAT,
			    "%s needs the field \"%s\"", def->name, f->name);
	}
	return 0;
}

const char *
ex_stream_kind_name(enum ex_stream_kind kind)
{
	return kind_name[kind];
}

int
ex_stream_kind_parse(
    enum ex_stream_kind *out, const char *name, struct ex_err *err)
{
	int i = ex_text_index(name, kind_name);

	if (i == -1)
		return ex_fail(
		    err, EX_FORMAT, "\"%.40s\" is not a kind of stream", name);
	*out = (enum ex_stream_kind)i;
	return 0;
}
