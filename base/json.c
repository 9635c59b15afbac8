/*
 * json.c -- JSON values: jansson behind our own strictness.
 */
#include "base/json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

#define EX_JSON_INTEGER_MAX ((INT64_C(1) << 53) - 1)

/* A struct ex_json is jansson's value under our name. */
static json_t *
out_of(const struct ex_json *v)
{
	union {
		const struct ex_json *in;
		json_t *out;
	} u = { v };

	return u.out;
}

static struct ex_json *
into(json_t *v)
{
	union {
		json_t *in;
		struct ex_json *out;
	} u = { v };

	return u.out;
}

int
ex_json_read(
    struct ex_json **out, const void *text, size_t n, struct ex_err *err)
{
	json_error_t why;
	json_t *v;

	*out = NULL;
	if (n > EX_JSON_MAX)
		return ex_fail(err, EX_LIMIT, "JSON of more than %d bytes",
		    (int)EX_JSON_MAX);
	v = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (v == NULL)
		return ex_fail(err, EX_FORMAT, "JSON line %d column %d: %s",
		    why.line, why.column, why.text);
	*out = into(v);
	return 0;
}

static int
write_string(struct ex_buf *out, const json_t *v, struct ex_err *err)
{
	const char *p = json_string_value(v);
	size_t n = json_string_length(v);

	/* With control characters refused, only these two are escaped. */
	if (ex_text_canonical(p, n, err) == -1 ||
	    ex_buf_add_byte(out, '"', err) == -1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if ((p[i] == '"' || p[i] == '\\') &&
		    ex_buf_add_byte(out, '\\', err) == -1)
			return -1;
		if (ex_buf_add_byte(out, (uint8_t)p[i], err) == -1)
			return -1;
	}
	return ex_buf_add_byte(out, '"', err);
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys of an object, bytewise ascending; NULL: no memory. */
static const char **
sorted_keys(json_t *object)
{
	size_t n = json_object_size(object), i = 0;
	const char **keys = calloc(n + 1, sizeof(*keys));
	const char *key;
	json_t *v;

	if (keys == NULL)
		return NULL;
	json_object_foreach(object, key, v)
	{
		keys[i++] = key;
	}
	if (n > 1)
		qsort(keys, n, sizeof(*keys), by_key);
	return keys;
}

/* RFC 8785 sorts by UTF-16; for ASCII that is the order of bytes. */
static int
check_key(const char *key, struct ex_err *err)
{
	for (const char *p = key; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || (unsigned char)*p > 0x7e ||
		    *p == '"' || *p == '\\')
			return ex_fail(err, EX_FORMAT,
			    "a key may hold plain ASCII only: \"%s\"", key);
	return 0;
}

static int
write_value(struct ex_buf *out, json_t *v, int depth, struct ex_err *err);

/* Bounded by EX_JSON_DEPTH, not by what is read. */
static int
write_object(struct ex_buf *out, json_t *v, int depth, struct ex_err *err)
{
	const char **keys = sorted_keys(v);
	int rc = -1;

	if (keys == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_buf_add_byte(out, '{', err) == -1)
		goto out;
	for (size_t i = 0; keys[i] != NULL; i++) {
		if (check_key(keys[i], err) == -1 ||
		    ex_buf_addf(out, err, "%s\"%s\":", i == 0 ? "" : ",",
			keys[i]) == -1 ||
		    write_value(
			out, json_object_get(v, keys[i]), depth + 1, err) == -1)
			goto out;
	}
	rc = ex_buf_add_byte(out, '}', err);
out:
	free(keys);
	return rc;
}

static int
write_array(struct ex_buf *out, json_t *v, int depth, struct ex_err *err)
{
	if (ex_buf_add_byte(out, '[', err) == -1)
		return -1;
	for (size_t i = 0; i < json_array_size(v); i++) {
		if (i > 0 && ex_buf_add_byte(out, ',', err) == -1)
			return -1;
		if (write_value(out, json_array_get(v, i), depth + 1, err) ==
		    -1)
			return -1;
	}
	return ex_buf_add_byte(out, ']', err);
}

static int
write_value(struct ex_buf *out, json_t *v, int depth, struct ex_err *err)
{
	json_int_t n;

	if (depth > EX_JSON_DEPTH)
		return ex_fail(err, EX_FORMAT, "nested deeper than %d",
		    (int)EX_JSON_DEPTH);
	if (json_is_object(v))
		return write_object(out, v, depth, err);
	if (json_is_array(v))
		return write_array(out, v, depth, err);
	if (json_is_string(v))
		return write_string(out, v, err);
	if (!json_is_integer(v))
		return ex_fail(err, EX_FORMAT,
		    "only strings, integers, objects and arrays are signed");
	n = json_integer_value(v);
	if (n > EX_JSON_INTEGER_MAX || n < -EX_JSON_INTEGER_MAX)
		return ex_fail(err, EX_FORMAT,
		    "an integer of 2^53 or more: %lld", (long long)n);
	return ex_buf_addf(out, err, "%lld", (long long)n);
}

int
ex_json_write(struct ex_buf *out, const struct ex_json *v, struct ex_err *err)
{
	size_t start = out->len;

	if (v == NULL)
		return ex_fail(err, EX_FORMAT, "no value to write");
	/* The outermost value is depth 1. */
	if (write_value(out, out_of(v), 1, err) == -1) {
		ex_buf_cut(out, start);
		return -1;
	}
	return 0;
}

int
ex_json_read_canonical(
    struct ex_json **out, const void *text, size_t n, struct ex_err *err)
{
	struct ex_buf again = EX_BUF_INIT;
	struct ex_json *v = NULL;
	int rc = -1;

	*out = NULL;
	if (ex_json_read(&v, text, n, err) == -1 ||
	    ex_json_write(&again, v, err) == -1)
		goto out;
	if (again.len != n || memcmp(again.data, text, n) != 0) {
		(void)ex_fail(err, EX_FORMAT,
		    "not in canonical form: keys sorted, no spaces, nothing "
		    "escaped without need");
		goto out;
	}
	*out = v;
	v = NULL;
	rc = 0;
out:
	ex_buf_free(&again);
	ex_json_free(v);
	return rc;
}

static int
add_dumped(const char *data, size_t n, void *arg)
{
	return ex_buf_add(arg, data, n, NULL);
}

int
ex_json_print(struct ex_buf *out, const struct ex_json *v, struct ex_err *err)
{
	if (v == NULL || json_dump_callback(out_of(v), add_dumped, out,
			     JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY |
				 JSON_REAL_PRECISION(15)) == -1)
		return ex_fail(err, EX_SYSTEM, "cannot print JSON");
	return 0;
}

void
ex_json_free(struct ex_json *v)
{
	json_decref(out_of(v));
}

struct ex_json *
ex_json_copy(const struct ex_json *v)
{
	return v == NULL ? NULL : into(json_deep_copy(out_of(v)));
}

struct ex_json *
ex_json_ref(const struct ex_json *v)
{
	return v == NULL ? NULL : into(json_incref(out_of(v)));
}

struct ex_json *
ex_json_object(void)
{
	return into(json_object());
}

struct ex_json *
ex_json_array(void)
{
	return into(json_array());
}

struct ex_json *
ex_json_string(const char *text)
{
	return text == NULL ? NULL : into(json_string(text));
}

struct ex_json *
ex_json_string_n(const char *text, size_t n)
{
	return into(json_stringn(text, n));
}

struct ex_json *
ex_json_integer(int64_t n)
{
	return into(json_integer(n));
}

struct ex_json *
ex_json_bool(int truth)
{
	return into(json_boolean(truth));
}

struct ex_json *
ex_json_null(void)
{
	return into(json_null());
}

struct ex_json *
ex_json_real(double d)
{
	return into(json_real(d));
}

int
ex_json_set(struct ex_json *object, const char *key, struct ex_json *v,
    struct ex_err *err)
{
	if (object == NULL || v == NULL) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM,
		    "no value for \"%s\": out of memory or not UTF-8", key);
	}
	if (json_object_set_new(out_of(object), key, out_of(v)) == -1)
		return ex_fail(err, EX_SYSTEM, "cannot set \"%s\"", key);
	return 0;
}

void
ex_json_unset(struct ex_json *object, const char *key)
{
	(void)json_object_del(out_of(object), key);
}

int
ex_json_add(struct ex_json *array, struct ex_json *v, struct ex_err *err)
{
	if (array == NULL || v == NULL) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM,
		    "no value to add: out of memory or not UTF-8");
	}
	if (json_array_append_new(out_of(array), out_of(v)) == -1)
		return ex_fail(err, EX_SYSTEM, "cannot add a value");
	return 0;
}

int
ex_json_is_object(const struct ex_json *v)
{
	return json_is_object(out_of(v));
}

int
ex_json_is_array(const struct ex_json *v)
{
	return json_is_array(out_of(v));
}

int
ex_json_is_string(const struct ex_json *v)
{
	return json_is_string(out_of(v));
}

int
ex_json_is_integer(const struct ex_json *v)
{
	return json_is_integer(out_of(v));
}

int
ex_json_is_true(const struct ex_json *v)
{
	return json_is_true(out_of(v));
}

int
ex_json_equal(const struct ex_json *a, const struct ex_json *b)
{
	return json_equal(out_of(a), out_of(b));
}

struct ex_json *
ex_json_get_mutable(struct ex_json *v, const char *key)
{
	return into(json_object_get(out_of(v), key));
}

const struct ex_json *
ex_json_get(const struct ex_json *v, const char *key)
{
	return into(json_object_get(out_of(v), key));
}

const char *
ex_json_text(const struct ex_json *v)
{
	return json_string_value(out_of(v));
}

size_t
ex_json_text_len(const struct ex_json *v)
{
	return json_string_length(out_of(v));
}

int64_t
ex_json_int(const struct ex_json *v)
{
	return (int64_t)json_integer_value(out_of(v));
}

size_t
ex_json_count(const struct ex_json *v)
{
	if (json_is_object(out_of(v)))
		return json_object_size(out_of(v));
	return json_array_size(out_of(v));
}

const struct ex_json *
ex_json_at(const struct ex_json *array, size_t i)
{
	return into(json_array_get(out_of(array), i));
}

int
ex_json_each(const struct ex_json *object,
    int (*each)(void *arg, const char *key, const struct ex_json *v,
	struct ex_err *err),
    void *arg, struct ex_err *err)
{
	const char **keys;
	int rc = 0;

	if (!json_is_object(out_of(object)))
		return 0;
	if ((keys = sorted_keys(out_of(object))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; rc == 0 && keys[i] != NULL; i++)
		rc = each(arg, keys[i], ex_json_get(object, keys[i]), err);
	free(keys);
	return rc;
}
