/*
 * openings.c -- commitments, and the texts that open them.
 */
#include <string.h>

#include "base/codec.h"
#include "custody/openings.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PII_SCHEMA   "custody-pii/v1"

int
ex_commit(uint8_t out[EX_SHA256_LEN], const uint8_t nonce[16], const char *path,
    const uint8_t salt[EX_SALT_LEN], const char *value, struct ex_err *err)
{
	char nonce_hex[33], salt_hex[2 * EX_SALT_LEN + 1];
	struct ex_json *array = ex_json_array();
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	if (strlen(value) > EX_PII_VALUE_MAX) {
		(void)ex_fail(err, EX_LIMIT, "%s: more than %d bytes", path,
		    EX_PII_VALUE_MAX);
		goto out;
	}
	ex_hex(nonce_hex, nonce, 16);
	ex_hex(salt_hex, salt, EX_SALT_LEN);
	if (array == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (ex_json_add(array, ex_json_string(PII_SCHEMA), err) == -1 ||
	    ex_json_add(array, ex_json_string(nonce_hex), err) == -1 ||
	    ex_json_add(array, ex_json_string(path), err) == -1 ||
	    ex_json_add(array, ex_json_string(salt_hex), err) == -1 ||
	    ex_json_add(array, ex_json_string(value), err) == -1 ||
	    ex_json_write(&text, array, err) == -1) {
		(void)ex_while(err, path);
		goto out;
	}
	ex_sha256(out, text.data, text.len);
	rc = 0;
out:
	ex_buf_wipe(&text);
	ex_json_free(array);
	return rc;
}

/* One opening against its commitment; *last is the path before it. */
static int
check_opening(const char **last, const struct ex_event *e,
    const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "path", "salt", "value" };
	uint8_t salt[EX_SALT_LEN], want[EX_SHA256_LEN], got[EX_SHA256_LEN];
	const char *path, *value;

	if (!ex_json_is_object(v))
		return ex_fail(err, EX_FORMAT, "openings: no object");
	if (ex_json_only(v, keys, COUNT(keys), err) == -1 ||
	    ex_json_need_text(&path, v, "path", err) == -1 ||
	    ex_json_need_text(&value, v, "value", err) == -1 ||
	    ex_json_need_hex(salt, sizeof(salt), v, "salt", err) == -1)
		return ex_while(err, "openings");
	if (*last != NULL && strcmp(*last, path) >= 0)
		return ex_fail(err, EX_DAMAGED,
		    "openings: %.80s is there twice or out of order", path);
	*last = path;
	if (ex_json_get(e->pii, path) == NULL)
		return ex_fail(err, EX_DAMAGED,
		    "openings: %.80s opens nothing in this event", path);
	if (ex_json_need_hex(want, sizeof(want), e->pii, path, err) == -1 ||
	    ex_commit(got, e->nonce, path, salt, value, err) == -1)
		return -1;
	if (memcmp(want, got, sizeof(want)) != 0)
		return ex_fail(err, EX_DAMAGED,
		    "openings: %s: text or salt is not what was signed", path);
	return 0;
}

static int
check_all(struct ex_openings *o, const struct ex_event *e, struct ex_err *err)
{
	static const char *const keys[] = { "openings", "schema" };
	const struct ex_json *list = ex_json_get(o->json, "openings");
	const char *schema, *last = NULL;

	if (!ex_json_is_object(o->json))
		return ex_fail(err, EX_FORMAT, "openings: no object");
	if (ex_json_only(o->json, keys, COUNT(keys), err) == -1 ||
	    ex_json_need_text(&schema, o->json, "schema", err) == -1)
		return ex_while(err, "openings");
	if (strcmp(schema, EX_OPENINGS_SCHEMA) != 0)
		return ex_fail(err, EX_FORMAT,
		    "openings: schema \"%.40s\" is not %s", schema,
		    EX_OPENINGS_SCHEMA);
	if (!ex_json_is_array(list))
		return ex_fail(err, EX_FORMAT, "openings: no array");
	for (size_t i = 0; i < ex_json_count(list); i++) {
		if (check_opening(&last, e, ex_json_at(list, i), err) == -1)
			return -1;
	}
	/* Each opened a commitment of its own. */
	o->missing -= ex_json_count(list);
	return 0;
}

int
ex_openings_read(struct ex_openings *out, const struct ex_event *e,
    const void *text, size_t n, struct ex_err *err)
{
	out->json = NULL;
	out->missing = ex_json_count(e->pii);
	if (n == 0)
		return 0;
	if (ex_json_read_canonical(&out->json, text, n, err) == -1)
		return ex_while(err, "openings");
	if (check_all(out, e, err) == -1) {
		ex_openings_free(out);
		return -1;
	}
	return 0;
}

void
ex_openings_free(struct ex_openings *o)
{
	ex_json_free(o->json);
	o->json = NULL;
	o->missing = 0;
}

const char *
ex_openings_text(const struct ex_openings *o, const char *path)
{
	const struct ex_json *list = ex_json_get(o->json, "openings");

	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *v = ex_json_at(list, i);
		const char *at = ex_json_get_text(v, "path");

		if (at != NULL && strcmp(at, path) == 0)
			return ex_json_get_text(v, "value");
	}
	return NULL;
}

/* Append what may be shown to the array. */
static int
keep_some(struct ex_json *kept, const struct ex_openings *o,
    int (*withhold)(void *arg, const char *path), void *arg, struct ex_err *err)
{
	const struct ex_json *list = ex_json_get(o->json, "openings");

	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *v = ex_json_at(list, i);

		if (withhold(arg, ex_json_get_text(v, "path")))
			continue;
		if (ex_json_add(kept, ex_json_ref(v), err) == -1)
			return -1;
	}
	return 0;
}

int
ex_openings_redact(struct ex_buf *out, const struct ex_openings *o,
    int (*withhold)(void *arg, const char *path), void *arg, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *kept = ex_json_array();
	int rc = -1;

	if (v == NULL || kept == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (keep_some(kept, o, withhold, arg, err) == -1 ||
	    ex_json_set_text(v, "schema", EX_OPENINGS_SCHEMA, err) == -1 ||
	    ex_json_set(v, "openings", ex_json_ref(kept), err) == -1)
		goto out;
	/* As in ex_event_write(): no opening, no text. */
	if (ex_json_count(kept) > 0 && ex_json_write(out, v, err) == -1)
		goto out;
	rc = 0;
out:
	ex_json_free(kept);
	ex_json_free(v);
	return rc;
}
