/*
 * override.c -- the file that lets a log go on without a witness.
 */
#include "custody/override.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "hashing/digest.h"
#include "signing/cert.h"

#define SCHEMA "custody-override/v1"

/* What is signed. */
static int
to_sign(struct ex_buf *out, const struct ex_json *statement, struct ex_err *err)
{
	if (ex_buf_add_text(out, SCHEMA "\n", err) == -1)
		return -1;
	return ex_json_write(out, statement, err);
}

static int
fill(struct ex_json *v, const struct ex_checkpoint *here, const char *reason,
    int64_t now, struct ex_err *err)
{
	char time[EX_TIME_TEXT];

	ex_time_text(time, now);
	if (ex_json_set_text(v, "log", here->origin, err) == -1 ||
	    ex_json_set_text(v, "reason", reason, err) == -1 ||
	    ex_json_set_hex(v, "root", here->root, EX_HASH, err) == -1 ||
	    ex_json_set_int(v, "size", (int64_t)here->size, err) == -1)
		return -1;
	return ex_json_set_text(v, "time", time, err);
}

int
ex_override_write(struct ex_buf *out, const struct ex_checkpoint *here,
    const char *reason, int64_t now, const struct ex_key *key,
    const struct ex_buf *cert, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *statement = ex_json_object();
	struct ex_buf tbs = EX_BUF_INIT, sig = EX_BUF_INIT;
	int rc = -1;

	if (v == NULL || statement == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (strlen(reason) >= EX_OVERRIDE_REASON) {
		(void)ex_fail(err, EX_LIMIT, "a reason of more than %d bytes",
		    EX_OVERRIDE_REASON - 1);
		goto out;
	}
	if (fill(statement, here, reason, now, err) == -1 ||
	    to_sign(&tbs, statement, err) == -1 ||
	    ex_key_sign(key, tbs.data, tbs.len, &sig, err) == -1 ||
	    ex_json_set(v, "statement", ex_json_ref(statement), err) == -1 ||
	    ex_json_set_text(v, "schema", SCHEMA, err) == -1 ||
	    ex_json_set_hex(v, "signature", sig.data, sig.len, err) == -1 ||
	    ex_json_set_hex(v, "cert", cert->data, cert->len, err) == -1)
		goto out;
	rc = ex_json_write(out, v, err);
out:
	ex_buf_free(&tbs);
	ex_buf_free(&sig);
	ex_json_free(statement);
	ex_json_free(v);
	return rc;
}

/* Bytes in hexadecimal under key, appended. */
static int
read_hex(struct ex_buf *out, const struct ex_json *v, const char *key,
    struct ex_err *err)
{
	const char *hex;
	size_t n;

	if (ex_json_need_text(&hex, v, key, err) == -1)
		return -1;
	n = strlen(hex) / 2;
	if (n == 0 || n > EX_CERT_MAX)
		return ex_fail(err, EX_FORMAT, "%s: of a wrong length", key);
	if (ex_buf_reserve(out, n, err) == -1 ||
	    ex_hex_read(out->data, n, hex, err) == -1)
		return -1;
	out->len = n;
	return 0;
}

/* This log, this size, this root. */
static int
check_state(const struct ex_json *s, const struct ex_checkpoint *here,
    struct ex_err *err)
{
	uint8_t root[EX_HASH];
	const char *log;
	int64_t size;

	if (ex_json_need_text(&log, s, "log", err) == -1 ||
	    ex_json_need_int(&size, s, "size", err) == -1 ||
	    ex_json_need_hex(root, EX_HASH, s, "root", err) == -1)
		return -1;
	if (strcmp(log, here->origin) != 0 || size < 0 ||
	    (uint64_t)size != here->size ||
	    memcmp(root, here->root, EX_HASH) != 0)
		return ex_fail(
		    err, EX_STATE, "the override is for another state");
	return 0;
}

/* Of the signature: whose certificate, and does it hold? */
static int
check_signature(
    uint8_t sha256[EX_SHA256_LEN], const struct ex_json *v, struct ex_err *err)
{
	struct ex_buf cert = EX_BUF_INIT, sig = EX_BUF_INIT, tbs = EX_BUF_INIT;
	struct ex_buf spki = EX_BUF_INIT;
	int rc = -1;

	if (read_hex(&cert, v, "cert", err) == 0 &&
	    read_hex(&sig, v, "signature", err) == 0 &&
	    to_sign(&tbs, ex_json_get(v, "statement"), err) == 0 &&
	    ex_cert_public(&spki, cert.data, cert.len, err) == 0) {
		ex_sha256(sha256, cert.data, cert.len);
		rc = ex_key_check(spki.data, spki.len, tbs.data, tbs.len,
		    sig.data, sig.len, err);
	}
	ex_buf_free(&cert);
	ex_buf_free(&sig);
	ex_buf_free(&tbs);
	ex_buf_free(&spki);
	return rc;
}

static int
may(const struct ex_json *role, const char *now)
{
	static const char *const roles[] = { "administrator", "lab_head",
		NULL };
	const char *name = ex_json_get_text(role, "role");
	const char *until = ex_json_get_text(role, "until");

	return name != NULL && ex_text_index(name, roles) != -1 &&
	       (until == NULL || strcmp(now, until) < 0);
}

/* The key is a person's, not revoked, and the person has the office. */
static int
check_person(const uint8_t sha256[EX_SHA256_LEN], const struct ex_view *view,
    int64_t now, struct ex_err *err)
{
	struct ex_json *key = NULL, *person = NULL;
	char id[EX_SHA256_HEX], time[EX_TIME_TEXT];
	const struct ex_json *roles;
	const char *who, *use;
	int rc = -1, found = 0;

	ex_hex(id, sha256, EX_SHA256_LEN);
	ex_time_text(time, now);
	if (view->get(view->arg, "key", id, &key, err) == -1)
		return -1;
	who = ex_json_get_text(key, "person");
	use = ex_json_get_text(key, "use");
	if (who == NULL || use == NULL || strcmp(use, "person") != 0 ||
	    ex_json_get(key, "revoked") != NULL) {
		(void)ex_fail(err, EX_DENIED,
		    "the override is signed with no key of this log");
		goto out;
	}
	if (view->get(view->arg, "person", who, &person, err) == -1)
		goto out;
	roles = ex_json_get(person, "roles");
	for (size_t i = 0; i < ex_json_count(roles) && !found; i++)
		found = may(ex_json_at(roles, i), time);
	rc = found ? 0
		   : ex_fail(err, EX_DENIED,
			 "%s is neither administrator nor head of the "
			 "laboratory",
			 who);
out:
	ex_json_free(key);
	ex_json_free(person);
	return rc;
}

int
ex_override_check(char reason[EX_OVERRIDE_REASON], const void *text, size_t n,
    const struct ex_checkpoint *here, const struct ex_view *view, int64_t now,
    struct ex_err *err)
{
	static const char *const keys[] = { "cert", "schema", "signature",
		"statement" };
	uint8_t sha256[EX_SHA256_LEN];
	struct ex_json *v = NULL;
	const char *schema, *why;
	int rc = -1;

	if (n > EX_OVERRIDE_MAX)
		return ex_fail(err, EX_LIMIT, "override of %zu bytes", n);
	if (ex_json_read_canonical(&v, text, n, err) == -1 ||
	    ex_json_only(v, keys, sizeof(keys) / sizeof(keys[0]), err) == -1 ||
	    ex_json_need_text(&schema, v, "schema", err) == -1 ||
	    ex_json_need_text(
		&why, ex_json_get(v, "statement"), "reason", err) == -1)
		goto out;
	if (strcmp(schema, SCHEMA) != 0 || strlen(why) >= EX_OVERRIDE_REASON) {
		(void)ex_fail(err, EX_FORMAT, "no override");
		goto out;
	}
	if (check_state(ex_json_get(v, "statement"), here, err) == -1 ||
	    check_signature(sha256, v, err) == -1 ||
	    check_person(sha256, view, now, err) == -1)
		goto out;
	(void)snprintf(reason, EX_OVERRIDE_REASON, "%s", why);
	rc = 0;
out:
	ex_json_free(v);
	return rc;
}
