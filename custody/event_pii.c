/*
 * event_pii.c -- the commitments of a body.
 */
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/text.h"
#include "custody/event_pii.h"

enum {
	NAME_MAX_BYTES = 64, /* a field's name */
	PATH_TEXT = NAME_MAX_BYTES + 32
};

/* What is gathered while walking the paths. */
struct walk {
	const struct ex_event *e;
	struct ex_json *own; /* the paths that are the act's to judge */
	size_t n;
};

/* Is text[0..n) a decimal number without leading zeros below max? */
static int
read_index(size_t *out, const char *text, size_t n, size_t max)
{
	size_t value = 0;

	if (n == 0 || n > 4 || (n > 1 && text[0] == '0'))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = 10 * value + (size_t)(text[i] - '0');
	}
	*out = value;
	return value < max ? 0 : -1;
}

/* "parties/N/reason": why somebody did not sign. */
static int
check_reason(const struct ex_event *e, const char *path, struct ex_err *err)
{
	const char *number = strchr(path, '/') + 1;
	const char *slash = strchr(number, '/');
	size_t i;

	if (slash == NULL || strcmp(slash, "/reason") != 0 ||
	    read_index(&i, number, (size_t)(slash - number), e->nparties) == -1)
		return ex_fail(
		    err, EX_FORMAT, "pii: \"%.80s\" is not a path", path);
	if (ex_mode_signs(e->party[i].mode))
		return ex_fail(err, EX_FORMAT,
		    "pii: %s: this party signs and needs none", path);
	return 0;
}

/* "name/N": a list's element; the one before it must be there. */
static int
check_element(const struct ex_event *e, const char *path, struct ex_err *err)
{
	char before[PATH_TEXT];
	const char *slash = strchr(path, '/');
	size_t i;

	if (read_index(&i, slash + 1, strlen(slash + 1), EX_PII_MAX) == -1)
		return ex_fail(
		    err, EX_FORMAT, "pii: \"%.80s\" is not a path", path);
	if (i == 0)
		return 0;
	(void)snprintf(before, sizeof(before), "%.*s/%zu", (int)(slash - path),
	    path, i - 1);
	if (ex_json_get(e->pii, before) == NULL)
		return ex_fail(
		    err, EX_FORMAT, "pii: %s without %s", path, before);
	return 0;
}

/* A text is one value or a list, not both. */
static int
check_alone(const struct ex_event *e, const char *path, struct ex_err *err)
{
	char first[PATH_TEXT];

	(void)snprintf(first, sizeof(first), "%s/0", path);
	if (ex_json_get(e->pii, first) == NULL)
		return 0;
	return ex_fail(
	    err, EX_FORMAT, "pii: both \"%s\" and \"%s\"", path, first);
}

static int
check_path(struct walk *w, const char *path, const struct ex_json *v,
    struct ex_err *err)
{
	size_t name = strcspn(path, "/");

	if (name == 0 || name > NAME_MAX_BYTES)
		return ex_fail(
		    err, EX_FORMAT, "pii: \"%.80s\" is not a path", path);
	if (strncmp(path, "parties/", strlen("parties/")) == 0)
		return check_reason(w->e, path, err);
	if ((path[name] == '/' ? check_element(w->e, path, err)
			       : check_alone(w->e, path, err)) == -1)
		return -1;
	return ex_json_set(w->own, path, ex_json_ref(v), err);
}

static int
check_member(
    void *arg, const char *path, const struct ex_json *v, struct ex_err *err)
{
	struct walk *w = arg;
	uint8_t commitment[EX_SHA256_LEN];

	if (++w->n > EX_PII_MAX)
		return ex_fail(
		    err, EX_LIMIT, "pii: more than %d commitments", EX_PII_MAX);
	if (!ex_json_is_string(v))
		return ex_fail(err, EX_FORMAT, "pii: %.80s: no text", path);
	if (ex_hex_read(commitment, sizeof(commitment), ex_json_text(v), err) ==
	    -1)
		return ex_while(err, "pii");
	return check_path(w, path, v, err);
}

/* A refusal says why, if only to those who may read it. */
static int
check_refusals(const struct ex_event *e, struct ex_err *err)
{
	char path[PATH_TEXT];

	for (size_t i = 0; i < e->nparties; i++) {
		if (e->party[i].mode != EX_MODE_REFUSED)
			continue;
		(void)snprintf(path, sizeof(path), "parties/%zu/reason", i);
		if (ex_json_get(e->pii, path) == NULL)
			return ex_fail(err, EX_FORMAT,
			    "pii: %s: a refusal needs a reason", path);
	}
	return 0;
}

int
ex_pii_check(const struct ex_event *e, struct ex_err *err)
{
	struct walk w = { e, ex_json_object(), 0 };
	int rc = -1;

	if (w.own == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_each(e->pii, check_member, &w, err) == -1 ||
	    check_refusals(e, err) == -1 ||
	    ex_act_check_fields(e->def, e->fields, w.own, err) == -1)
		goto out;
	rc = 0;
out:
	ex_json_free(w.own);
	return rc;
}
