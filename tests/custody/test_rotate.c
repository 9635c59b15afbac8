/*
 * test_rotate.c -- the log's key and the CA are replaced, each once and by a
 * new one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "tests/custody/house.h"

static struct house house;

static int
setup(void **state)
{
	(void)state;
	house_open_few(&house);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	house_close(&house);
	return 0;
}

/* A verifier key of a fresh log key under this name. */
static void
fresh(char out[EX_VKEY_TEXT], const char *name, uint8_t type)
{
	struct ex_key *key;
	struct ex_vkey v;

	MUST(ex_key_new(&key, EX_KEY_ED25519, err));
	MUST(ex_vkey_of(&v, name, type, key, err));
	MUST(ex_vkey_text(out, &v, err));
	ex_key_free(key);
}

static int
rotate(enum ex_act act, const char *fields, struct ex_err *why)
{
	struct act a = { .act = act,
		.stream = "lab:" HOUSE_ORG,
		.fields = fields,
		.parties = "administrator=S-1001" };

	return house_try(&house, &a, why);
}

static void
must_be(
    enum ex_act act, const char *fields, enum ex_code code, const char *says)
{
	struct ex_err why = EX_ERR_INIT;
	int rc = rotate(act, fields, &why);

	if (rc != (code == EX_OK ? 0 : -1) || why.code != code ||
	    strstr(why.text, says) == NULL)
		fail_msg(
		    "%s: \"%s\", should be \"%s\"", fields, why.text, says);
}

static void
from_to(char out[2048], const char *old, const char *new)
{
	(void)snprintf(out, 2048, "{'old_key':'%s','log_key':'%s'}", old, new);
}

static void
the_log_has_one_key_at_a_time(void **state)
{
	char first[EX_VKEY_TEXT], second[EX_VKEY_TEXT], other[EX_VKEY_TEXT];
	char cosigner[EX_VKEY_TEXT], fields[2048];
	struct ex_json *log;

	(void)state;
	MUST(ex_vkey_text(first, &house.vkey, err));
	fresh(second, house.vkey.name, EX_NOTE_ED25519);
	fresh(other, "another.example/log", EX_NOTE_ED25519);
	fresh(cosigner, house.vkey.name, EX_NOTE_COSIGNATURE);
	from_to(fields, second, first);
	must_be(EX_ACT_ROTATE_LOG, fields, EX_STATE, "is not the log's key");
	from_to(fields, first, first);
	must_be(EX_ACT_ROTATE_LOG, fields, EX_STATE, "key before");
	from_to(fields, first, other);
	must_be(EX_ACT_ROTATE_LOG, fields, EX_FORMAT, "not a key of this log");
	from_to(fields, first, cosigner);
	must_be(EX_ACT_ROTATE_LOG, fields, EX_FORMAT, "not a key of this log");
	from_to(fields, first, "no key");
	must_be(EX_ACT_ROTATE_LOG, fields, EX_FORMAT, "log_key");
	from_to(fields, first, second);
	must_be(EX_ACT_ROTATE_LOG, fields, EX_OK, "");
	log = house_fact(&house, "log", "log");
	assert_string_equal(ex_json_get_text(log, "vkey"), second);
	assert_int_equal(ex_json_count(ex_json_get(log, "old_keys")), 1);
	ex_json_free(log);
	/* The old one neither stays nor comes back. */
	must_be(EX_ACT_ROTATE_LOG, fields, EX_STATE, "is not the log's key");
	from_to(fields, second, first);
	must_be(EX_ACT_ROTATE_LOG, fields, EX_STATE, "key before");
}

static void
a_ca_comes_in_once(void **state)
{
	char hex[EX_SHA256_HEX], fields[128];
	struct ex_json *log;

	(void)state;
	ex_sha256_hex(hex, house.ca.data, house.ca.len);
	(void)snprintf(fields, sizeof(fields), "{'ca':'%s'}", hex);
	must_be(EX_ACT_ROTATE_CA, fields, EX_STATE, "already");
	ex_sha256_hex(hex, "another", 7);
	(void)snprintf(fields, sizeof(fields), "{'ca':'%s'}", hex);
	must_be(EX_ACT_ROTATE_CA, fields, EX_OK, "");
	must_be(EX_ACT_ROTATE_CA, fields, EX_STATE, "already");
	log = house_fact(&house, "log", "log");
	assert_int_equal(ex_json_count(ex_json_get(log, "ca")), 2);
	ex_json_free(log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_log_has_one_key_at_a_time),
		cmocka_unit_test(a_ca_comes_in_once),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
