/*
 * json_fields.c -- members of objects by name and kind, over json.c alone.
 */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/codec.h"

int
ex_json_set_text(struct ex_json *object, const char *key, const char *text,
    struct ex_err *err)
{
	return ex_json_set(object, key, ex_json_string(text), err);
}

int
ex_json_set_int(
    struct ex_json *object, const char *key, int64_t n, struct ex_err *err)
{
	return ex_json_set(object, key, ex_json_integer(n), err);
}

int
ex_json_set_hex(struct ex_json *object, const char *key, const uint8_t *data,
    size_t n, struct ex_err *err)
{
	char *text = malloc(2 * n + 1);
	int rc;

	if (text == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	ex_hex(text, data, n);
	rc = ex_json_set_text(object, key, text, err);
	free(text);
	return rc;
}

const char *
ex_json_get_text(const struct ex_json *v, const char *key)
{
	return ex_json_text(ex_json_get(v, key));
}

int64_t
ex_json_get_int(const struct ex_json *v, const char *key, int64_t fallback)
{
	const struct ex_json *n = ex_json_get(v, key);

	return ex_json_is_integer(n) ? ex_json_int(n) : fallback;
}

int
ex_json_need_text(const char **out, const struct ex_json *v, const char *key,
    struct ex_err *err)
{
	*out = ex_json_get_text(v, key);
	if (*out == NULL)
		return ex_fail(
		    err, EX_FORMAT, "\"%s\" is missing or no text", key);
	return 0;
}

int
ex_json_need_int(
    int64_t *out, const struct ex_json *v, const char *key, struct ex_err *err)
{
	const struct ex_json *n = ex_json_get(v, key);

	if (!ex_json_is_integer(n))
		return ex_fail(
		    err, EX_FORMAT, "\"%s\" is missing or no integer", key);
	*out = ex_json_int(n);
	return 0;
}

int
ex_json_need_hex(uint8_t *out, size_t n, const struct ex_json *v,
    const char *key, struct ex_err *err)
{
	const char *text;

	if (ex_json_need_text(&text, v, key, err) == -1)
		return -1;
	if (ex_hex_read(out, n, text, err) == -1)
		return ex_while(err, key);
	return 0;
}

struct only {
	const char *const *keys;
	size_t n;
};

static int
is_listed(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	const struct only *o = arg;

	(void)v;
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->keys[i], key) == 0)
			return 0;
	return ex_fail(err, EX_FORMAT, "\"%s\" does not belong here", key);
}

int
ex_json_only(const struct ex_json *object, const char *const *keys, size_t n,
    struct ex_err *err)
{
	struct only o = { keys, n };

	return ex_json_each(object, is_listed, &o, err);
}
