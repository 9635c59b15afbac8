/*
 * act_check.c -- is a field's value what its type says?
 */
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/limits.h"
#include "base/text.h"
#include "custody/act_tables.h"
#include "custody/outsiders.h"
#include "custody/state.h"
#include "hashing/digest.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Printable ASCII without space: what stands on a seal. */
static int
seal_ok(const char *text)
{
	size_t n = strlen(text);

	for (const char *p = text; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~')
			return 0;
	return n >= 1 && n <= 64;
}

static int
code_ok(const char *text)
{
	size_t n = strlen(text);

	return n >= 1 && n <= 128 &&
	       strspn(text,
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		   "0123456789._:/+-") == n;
}

static int
case_ok(const char *text)
{
	struct ex_stream s;

	return ex_stream_set(&s, EX_STREAM_CASE, text, NULL) == 0;
}

static int
sha256_ok(const char *text)
{
	uint8_t value[EX_SHA256_LEN];

	return ex_hex_read(value, sizeof(value), text, NULL) == 0;
}

static int
time_ok(const char *text)
{
	int64_t us;

	return ex_time_read(&us, text, NULL) == 0;
}

/* What a text must pass, by type; of an array, each of its elements. */
static const struct {
	enum ex_field_type type;
	int array;
	int (*ok)(const char *text);
	const char *what;
} text_type[] = {
	{ EX_FIELD_NAME, 0, ex_text_name_ok, "a name" },
	{ EX_FIELD_ITEM, 0, ex_text_item_ok, "an item number" },
	{ EX_FIELD_CASE, 0, case_ok, "a number of at most 64 characters" },
	{ EX_FIELD_SEAL, 0, seal_ok, "a seal number" },
	{ EX_FIELD_CODE, 0, code_ok, "a code" },
	{ EX_FIELD_TIME, 0, time_ok, "a time" },
	{ EX_FIELD_SHA256, 0, sha256_ok, "a SHA-256" },
	{ EX_FIELD_UUID, 0, ex_uuid_ok, "a UUID" },
	{ EX_FIELD_NAMES, 1, ex_text_name_ok, "names" },
	{ EX_FIELD_ITEMS, 1, ex_text_item_ok, "item numbers" },
	{ EX_FIELD_SHA256S, 1, sha256_ok, "SHA-256 values" },
};

static int
check_list(const struct ex_field *f, const struct ex_json *v,
    int (*ok)(const char *), const char *what, struct ex_err *err)
{
	if (!ex_json_is_array(v) || ex_json_count(v) == 0)
		return ex_fail(
		    err, EX_FORMAT, "%s: no list of %s", f->name, what);
	for (size_t i = 0; i < ex_json_count(v); i++) {
		const char *text = ex_json_text(ex_json_at(v, i));

		if (text == NULL || !ok(text))
			return ex_fail(
			    err, EX_FORMAT, "%s: no list of %s", f->name, what);
		for (size_t k = 0; k < i; k++)
			if (strcmp(ex_json_text(ex_json_at(v, k)), text) == 0)
				return ex_fail(err, EX_FORMAT,
				    "%s: \"%.64s\" twice", f->name, text);
	}
	return 0;
}

static int
check_word(
    const struct ex_field *f, const struct ex_json *v, struct ex_err *err)
{
	const char *text = ex_json_text(v);

	if (text == NULL || ex_text_index(text, f->words) == -1)
		return ex_fail(err, EX_FORMAT,
		    "%s: \"%.40s\" is not one of "
		    "its words (%s, ...)",
		    f->name, text == NULL ? "" : text, f->words[0]);
	return 0;
}

static int
check_number(
    const struct ex_field *f, const struct ex_json *v, struct ex_err *err)
{
	if (!ex_json_is_integer(v) ||
	    (f->type == EX_FIELD_INT && ex_json_int(v) < 0))
		return ex_fail(err, EX_FORMAT, "%s: no %snumber", f->name,
		    f->type == EX_FIELD_INT ? "unsigned " : "");
	if (f->check != NULL && f->check(v, err) == -1)
		return ex_while(err, f->name);
	return 0;
}

static int
check_own(const struct ex_field *f, const struct ex_json *v, struct ex_err *err)
{
	int right = f->type == EX_FIELD_OBJECT ? ex_json_is_object(v)
					       : ex_json_is_array(v);

	if (!right)
		return ex_fail(err, EX_FORMAT, "%s: no %s", f->name,
		    f->type == EX_FIELD_OBJECT ? "object" : "list");
	return f->check(v, err) == -1 ? ex_while(err, f->name) : 0;
}

int
ex_field_check(
    const struct ex_field *f, const struct ex_json *v, struct ex_err *err)
{
	if (f->type == EX_FIELD_WORD)
		return check_word(f, v, err);
	if (f->type == EX_FIELD_INT || f->type == EX_FIELD_SIGNED)
		return check_number(f, v, err);
	if (f->type == EX_FIELD_OBJECT || f->type == EX_FIELD_ARRAY)
		return check_own(f, v, err);
	for (size_t i = 0; i < COUNT(text_type); i++) {
		const char *text = ex_json_text(v);

		if (text_type[i].type != f->type)
			continue;
		if (text_type[i].array)
			return check_list(
			    f, v, text_type[i].ok, text_type[i].what, err);
		if (text == NULL || !text_type[i].ok(text))
			return ex_fail(err, EX_FORMAT,
			    "%s: \"%.80s\" is not %s", f->name,
			    text == NULL ? "" : text, text_type[i].what);
		return 0;
	}
	return ex_fail(err, EX_FORMAT, "%s: may not be in clear", f->name);
}

/* 1, or the field is not there. */
int
ex_check_flag(const struct ex_json *v, struct ex_err *err)
{
	return ex_json_int(v) == 1 ? 0 : ex_fail(err, EX_FORMAT, "not 1");
}

/* Reasons for storing without a seal that a policy may permit. */
static const char *const unsealed[] = { "powered", "network_isolated",
	"too_large", "wet", "living_system", NULL };
static const char *const quorums[] = { "none", "any", "all", NULL };

/* CAs of other bodies whose certificates may be enrolled; may be missing. */
static int
check_roots(const struct ex_json *v, struct ex_err *err)
{
	const struct ex_json *list = ex_json_get(v, "roots");

	if (list == NULL)
		return 0;
	if (!ex_json_is_array(list))
		return ex_fail(err, EX_FORMAT, "roots: no list");
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const char *text = ex_json_text(ex_json_at(list, i));

		if (text == NULL || !sha256_ok(text))
			return ex_fail(err, EX_FORMAT,
			    "roots: the SHA-256 of a CA's certificate, in "
			    "lower-case hexadecimal");
	}
	return 0;
}

/*
 * {quorum, registrars, roots?, unsealed, validation_required,
 * witness_seal_break}, and who is outside: custody/outsiders.h.
 */
int
ex_check_policy(const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "authorities", "quorum",
		"registrars", "roots", "unsealed", "validation_required",
		"witness_seal_break", "witnesses" };
	struct ex_outsiders outsiders;
	const struct ex_json *list = ex_json_get(v, "unsealed");
	int64_t registrars, validation, witness;
	const char *quorum;

	if (ex_json_only(v, keys, COUNT(keys), err) == -1 ||
	    ex_json_need_int(&registrars, v, "registrars", err) == -1 ||
	    ex_json_need_int(&validation, v, "validation_required", err) ==
		-1 ||
	    ex_json_need_int(&witness, v, "witness_seal_break", err) == -1 ||
	    ex_json_need_text(&quorum, v, "quorum", err) == -1)
		return -1;
	if (registrars < 1 || registrars > 4 || validation < 0 ||
	    validation > 1 || witness < 0 || witness > 1 ||
	    ex_text_index(quorum, quorums) == -1)
		return ex_fail(err, EX_FORMAT, "a value out of its range");
	if (check_roots(v, err) == -1 ||
	    ex_outsiders_read(&outsiders, v, err) == -1)
		return -1;
	if (!ex_json_is_array(list))
		return ex_fail(err, EX_FORMAT, "unsealed: no list");
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const char *text = ex_json_text(ex_json_at(list, i));

		if (text == NULL || ex_text_index(text, unsealed) == -1)
			return ex_fail(
			    err, EX_FORMAT, "unsealed: no such reason");
	}
	return 0;
}

static int
need_name(const struct ex_json *v, const char *key, struct ex_err *err)
{
	const char *text;

	if (ex_json_need_text(&text, v, key, err) == -1)
		return -1;
	if (!ex_text_name_ok(text))
		return ex_fail(err, EX_FORMAT, "%s: no name", key);
	return 0;
}

static int
need_key(const struct ex_json *v, struct ex_err *err)
{
	static const char *const storages[] = { "file", "card", "hsm", NULL };
	uint8_t sha256[EX_SHA256_LEN];
	const char *storage;

	if (ex_json_need_hex(sha256, sizeof(sha256), v, "cert_sha256", err) ==
		-1 ||
	    ex_json_need_text(&storage, v, "storage", err) == -1)
		return -1;
	if (ex_text_index(storage, storages) == -1)
		return ex_fail(err, EX_FORMAT, "storage: no such word");
	return need_name(v, "key_name", err);
}

/* [{cert_sha256, key_name, org, person, roles, storage}] */
int
ex_check_founders(const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "cert_sha256", "key_name", "org",
		"person", "roles", "storage" };
	static const struct ex_field roles = { "roles", EX_FIELD_NAMES, 1, NULL,
		NULL };

	if (ex_json_count(v) == 0)
		return ex_fail(err, EX_FORMAT, "nobody");
	for (size_t i = 0; i < ex_json_count(v); i++) {
		const struct ex_json *f = ex_json_at(v, i);

		if (ex_json_only(f, keys, COUNT(keys), err) == -1 ||
		    need_name(f, "person", err) == -1 ||
		    need_name(f, "org", err) == -1 || need_key(f, err) == -1 ||
		    ex_field_check(&roles, ex_json_get(f, "roles"), err) == -1)
			return -1;
	}
	return 0;
}

/* [{cert_sha256, id, key_name, storage}]: stations, services. */
int
ex_check_machines(const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "cert_sha256", "id", "key_name",
		"storage" };

	for (size_t i = 0; i < ex_json_count(v); i++) {
		const struct ex_json *m = ex_json_at(v, i);

		if (!ex_json_is_object(m))
			return ex_fail(err, EX_FORMAT, "no object");
		if (ex_json_only(m, keys, COUNT(keys), err) == -1 ||
		    need_name(m, "id", err) == -1 || need_key(m, err) == -1)
			return -1;
	}
	return 0;
}

int
ex_check_codes(const struct ex_json *v, struct ex_err *err)
{
	if (ex_json_count(v) == 0)
		return ex_fail(err, EX_FORMAT, "an empty list");
	for (size_t i = 0; i < ex_json_count(v); i++) {
		const char *text = ex_json_text(ex_json_at(v, i));

		if (text == NULL || !code_ok(text))
			return ex_fail(err, EX_FORMAT, "no code");
	}
	return 0;
}

static int
check_fact(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	/* What names one thing or person is committed, not here. */
	static const char *const personal[] = { "serial", "serial_number",
		"imei", "wwn", "by_id", "path", "source", "command", "hostname",
		"user", "owner", "note", NULL };

	(void)arg;
	if (!ex_text_name_ok(key))
		return ex_fail(err, EX_FORMAT, "\"%.40s\" is no name", key);
	if (ex_text_index(key, personal) != -1)
		return ex_fail(err, EX_FORMAT,
		    "%s is personal and may only be committed to", key);
	if (!ex_json_is_string(v) && !ex_json_is_integer(v))
		return ex_fail(
		    err, EX_FORMAT, "%s: neither text nor number", key);
	return 0;
}

/* A flat object of what a machine says about itself. */
int
ex_check_facts(const struct ex_json *v, struct ex_err *err)
{
	return ex_json_each(v, check_fact, NULL, err);
}

/* The name of a segment file: no path. */
static int
need_file_name(const struct ex_json *v, struct ex_err *err)
{
	const char *text;

	if (ex_json_need_text(&text, v, "name", err) == -1)
		return -1;
	if (!code_ok(text) || strchr(text, '/') != NULL || text[0] == '.')
		return ex_fail(err, EX_FORMAT, "name: no file name");
	return 0;
}

/* [{name, sha256, size}] */
int
ex_check_segments(const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "name", "sha256", "size" };
	uint8_t sha256[EX_SHA256_LEN];
	int64_t size;

	if (ex_json_count(v) == 0)
		return ex_fail(err, EX_FORMAT, "an empty list");
	for (size_t i = 0; i < ex_json_count(v); i++) {
		const struct ex_json *s = ex_json_at(v, i);

		if (!ex_json_is_object(s))
			return ex_fail(err, EX_FORMAT, "no object");
		if (ex_json_only(s, keys, COUNT(keys), err) == -1 ||
		    need_file_name(s, err) == -1 ||
		    ex_json_need_int(&size, s, "size", err) == -1 ||
		    ex_json_need_hex(
			sha256, sizeof(sha256), s, "sha256", err) == -1)
			return -1;
		if (size < 0)
			return ex_fail(err, EX_FORMAT, "size: negative");
	}
	return 0;
}

/* [{item, result}]: what an inventory found */
int
ex_check_scans(const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "item", "result" };
	static const char *const result[] = { "ok", "seal_differs", "misplaced",
		"not_found", "unexpected", NULL };

	for (size_t i = 0; i < ex_json_count(v); i++) {
		const struct ex_json *s = ex_json_at(v, i);
		const char *item, *word;

		if (!ex_json_is_object(s))
			return ex_fail(err, EX_FORMAT, "no object");
		if (ex_json_only(s, keys, COUNT(keys), err) == -1 ||
		    ex_json_need_text(&item, s, "item", err) == -1 ||
		    ex_json_need_text(&word, s, "result", err) == -1)
			return -1;
		if (!ex_text_item_ok(item) || ex_text_index(word, result) == -1)
			return ex_fail(err, EX_FORMAT, "no such result");
	}
	return 0;
}
