/*
 * given.c -- texts as typed, into the fields of an act.
 */
#include "cases/given.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

enum {
	NAME_TEXT = 80,
	WORDS_TEXT = 300
};

/* "seal_state" as the option that it is: "--seal-state". */
static const char *
option(char out[NAME_TEXT], const char *name)
{
	(void)snprintf(out, NAME_TEXT, "--%s", name);
	for (char *p = out; *p != '\0'; p++)
		if (*p == '_')
			*p = '-';
	return out;
}

const char *
ex_given_verb(const struct ex_act_def *def)
{
	return def->verb != NULL ? def->verb : def->name;
}

const char *
ex_given_get(const struct ex_given *given, size_t n, const char *name)
{
	while (n-- > 0)
		if (strcmp(given[n].name, name) == 0)
			return given[n].value;
	return NULL;
}

/* All words that a field may be. */
static void
list_words(char *out, size_t size, const char *const *words)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; words[i] != NULL && used + 1 < size; i++) {
		int n = snprintf(&out[used], size - used, "%s%s",
		    i == 0 ? "" : ", ", words[i]);

		used += n < 0 ? 0 : (size_t)n;
	}
}

/* Check and put one value in clear; v is taken over. */
static int
put_clear(struct ex_member *m, const struct ex_field *f, struct ex_json *v,
    struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char words[WORDS_TEXT], name[NAME_TEXT];

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_field_check(f, v, &why) == 0)
		return ex_json_set(m->fields, f->name, v, err);
	if (f->words != NULL) {
		list_words(words, sizeof(words), f->words);
		(void)ex_fail(err, EX_USAGE, "%s is one of %s, not \"%.80s\"",
		    option(name, f->name), words, ex_json_text(v));
	} else {
		(void)ex_fail(
		    err, EX_USAGE, "%s: %s", option(name, f->name), why.text);
	}
	ex_json_free(v);
	return -1;
}

static int
put_number(struct ex_member *m, const struct ex_field *f, const char *value,
    struct ex_err *err)
{
	int negative = f->type == EX_FIELD_SIGNED && value[0] == '-';
	struct ex_err why = EX_ERR_INIT;
	unsigned long long n;
	char name[NAME_TEXT];

	if (ex_text_number(
		&n, &value[negative], (UINT64_C(1) << 53) - 1, &why) == -1)
		return ex_fail(
		    err, EX_USAGE, "%s: %s", option(name, f->name), why.text);
	return put_clear(
	    m, f, ex_json_integer(negative ? -(int64_t)n : (int64_t)n), err);
}

/* Texts of which there may be several. */
static const char *const several[] = { "attachments", "imei", "modus",
	"other_number", "photos", "question", "summary", NULL };

static int
check_text(const struct ex_member *m, const struct ex_field *f,
    const char *value, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char name[NAME_TEXT];

	(void)option(name, f->name);
	if (value[0] == '\0')
		return ex_fail(err, EX_USAGE, "%s is empty", name);
	if (strlen(value) > EX_PII_VALUE_MAX)
		return ex_fail(err, EX_USAGE, "%s: more than %d bytes", name,
		    EX_PII_VALUE_MAX);
	if (ex_text_canonical(value, strlen(value), &why) == -1)
		return ex_fail(err, EX_USAGE, "%s: %s", name, why.text);
	if (ex_given_has(m, f->name) && ex_text_index(f->name, several) == -1)
		return ex_fail(err, EX_USAGE, "%s is given twice", name);
	return 0;
}

/* One text under its name; several as "imei/0", "imei/1" ... */
static int
put_text(struct ex_member *m, const struct ex_field *f, const char *value,
    struct ex_err *err)
{
	const struct ex_json *alone = ex_json_get(m->texts, f->name);
	char path[NAME_TEXT + 8];
	int i = 0;

	if (check_text(m, f, value, err) == -1)
		return -1;
	if (!ex_given_has(m, f->name))
		return ex_json_set_text(m->texts, f->name, value, err);
	if (alone != NULL) {
		struct ex_json *first = ex_json_ref(alone);

		ex_json_unset(m->texts, f->name);
		(void)snprintf(path, sizeof(path), "%s/0", f->name);
		if (ex_json_set(m->texts, path, first, err) == -1)
			return -1;
	}
	do
		(void)snprintf(path, sizeof(path), "%s/%d", f->name, i++);
	while (ex_json_get(m->texts, path) != NULL);
	return ex_json_set_text(m->texts, path, value, err);
}

/* What add_part() adds to. */
struct parts {
	struct ex_json *list;
};

static int
add_part(void *arg, const char *part, size_t n, struct ex_err *err)
{
	struct parts *p = arg;

	return ex_json_add(p->list, ex_json_string_n(part, n), err);
}

/* Elements separated by commas, behind those that are there. */
static int
put_list(struct ex_member *m, const struct ex_field *f, const char *value,
    struct ex_err *err)
{
	const struct ex_json *old = ex_json_get(m->fields, f->name);
	struct parts p = { old == NULL ? ex_json_array() : ex_json_copy(old) };

	if (p.list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_text_split(value, ',', add_part, &p, err) == -1) {
		ex_json_free(p.list);
		return -1;
	}
	return put_clear(m, f, p.list, err);
}

static int
is_list(const struct ex_field *f)
{
	return f->type == EX_FIELD_NAMES || f->type == EX_FIELD_ITEMS ||
	       f->type == EX_FIELD_SHA256S || f->type == EX_FIELD_ARRAY;
}

int
ex_given_put(
    struct ex_member *m, const struct ex_given *given, struct ex_err *err)
{
	const struct ex_act_def *def = ex_act(m->act);
	const struct ex_field *f = ex_act_field(def, given->name);
	char name[NAME_TEXT];

	if (f == NULL || strchr(given->name, '/') != NULL)
		return ex_fail(err, EX_USAGE, "%s has no %s",
		    ex_given_verb(def), option(name, given->name));
	if (f->type == EX_FIELD_TEXT)
		return put_text(m, f, given->value, err);
	if (is_list(f))
		return put_list(m, f, given->value, err);
	if (ex_given_has(m, f->name))
		return ex_fail(err, EX_USAGE, "%s is given twice",
		    option(name, given->name));
	if (f->type == EX_FIELD_INT || f->type == EX_FIELD_SIGNED)
		return put_number(m, f, given->value, err);
	if (f->type == EX_FIELD_OBJECT ||
	    ex_text_canonical(given->value, strlen(given->value), NULL) == -1)
		return ex_fail(err, EX_USAGE,
		    "%s: not a text that may be "
		    "signed",
		    option(name, given->name));
	return put_clear(m, f, ex_json_string(given->value), err);
}

int
ex_given_put_all(struct ex_member *m, const struct ex_given *given, size_t n,
    struct ex_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (ex_given_put(m, &given[i], err) == -1)
			return -1;
	return 0;
}

int
ex_given_has(const struct ex_member *m, const char *name)
{
	char first[NAME_TEXT];

	(void)snprintf(first, sizeof(first), "%s/0", name);
	return ex_json_get(m->fields, name) != NULL ||
	       ex_json_get(m->texts, name) != NULL ||
	       ex_json_get(m->texts, first) != NULL;
}

int
ex_given_default(struct ex_member *m, const char *name, const char *value,
    struct ex_err *err)
{
	struct ex_given given = { name, value };

	return ex_given_has(m, name) ? 0 : ex_given_put(m, &given, err);
}

int
ex_given_complete(const struct ex_member *m, struct ex_err *err)
{
	const struct ex_act_def *def = ex_act(m->act);
	char name[NAME_TEXT];

	for (size_t i = 0; i < def->nfields; i++) {
		const struct ex_field *f = &def->field[i];

		if (f->required && !ex_given_has(m, f->name))
			return ex_fail(err, EX_USAGE, "%s needs %s",
			    ex_given_verb(def), option(name, f->name));
	}
	return 0;
}
