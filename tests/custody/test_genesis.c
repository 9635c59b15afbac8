/*
 * test_genesis.c -- the first entry of a log, as it was and with one thing
 * changed and signed again.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/custody/house.h"

/* The genesis of the house, to be changed. */
static struct ex_json *
genesis_of(const struct house *h)
{
	const struct ex_buf *genesis = &h->entry[0].bytes;
	struct ex_json *v = NULL;
	struct ex_cms cms;

	MUST(ex_cms_parse(&cms, genesis->data, genesis->len, err));
	MUST(ex_json_read(&v, cms.body.p, cms.body.n, err));
	return v;
}

/* Sign the changed body again, and ask an empty house. */
static int
found(const struct house *h, const struct ex_json *body, struct ex_err *why)
{
	struct ex_buf entry = EX_BUF_INIT, text = EX_BUF_INIT;
	struct ex_admission *a = calloc(1, sizeof(*a));
	struct ex_world *empty = NULL;
	int rc;

	assert_non_null(a);
	MUST(ex_world_new(&empty, 0, err));
	MUST(ex_json_write(&text, body, err));
	house_sign(h, &entry, &text, NULL);
	rc = ex_admit(
	    a, entry.data, entry.len, ex_world_view(empty), &h->options, why);
	ex_admission_free(a);
	free(a);
	ex_world_free(empty);
	ex_buf_free(&entry);
	ex_buf_free(&text);
	return rc;
}

static struct ex_json *
fields(struct ex_json *v)
{
	return ex_json_get_mutable(v, "fields");
}

static void
set(struct ex_json *v, const char *key, const char *text)
{
	MUST(ex_json_set_text(v, key, text, err));
}

static void
nothing(struct ex_json *v)
{
	(void)v;
}

/* Parties without the one in this role. */
static void
drop_party(struct ex_json *v, const char *role)
{
	const struct ex_json *parties = ex_json_get(v, "parties");
	struct ex_json *kept = ex_json_array();

	for (size_t i = 0; i < ex_json_count(parties); i++) {
		const struct ex_json *p = ex_json_at(parties, i);

		if (strcmp(ex_json_get_text(p, "role"), role) != 0)
			MUST(ex_json_add(kept, ex_json_copy(p), err));
	}
	MUST(ex_json_set(v, "parties", kept, err));
}

static void
no_second_founder(struct ex_json *v)
{
	drop_party(v, "founder");
}

static void
no_station(struct ex_json *v)
{
	drop_party(v, "station");
}

/* S-REG, a registrar, in the first one's place. */
static void
without_its_administrator(struct ex_json *v)
{
	struct ex_json *parties;

	drop_party(v, "administrator");
	parties = ex_json_get_mutable(v, "parties");
	for (size_t i = 0; i < ex_json_count(parties); i++) {
		struct ex_json *p = ex_json_copy(ex_json_at(parties, i));

		if (strcmp(ex_json_get_text(p, "role"), "founder") != 0) {
			ex_json_free(p);
			continue;
		}
		set(p, "role", "administrator");
		drop_party(v, "founder");
		MUST(ex_json_add(ex_json_get_mutable(v, "parties"), p, err));
		return;
	}
}

static void
another_policy(struct ex_json *v)
{
	MUST(ex_json_set_int(
	    ex_json_get_mutable(fields(v), "policy"), "registrars", 1, err));
}

static void
another_version(struct ex_json *v)
{
	MUST(ex_json_set_int(v, "policy", 2, err));
}

static void
another_origin(struct ex_json *v)
{
	set(v, "log", "lab.example/custody/0000000000000000");
}

static void
no_key_of_a_log(struct ex_json *v)
{
	set(fields(v), "log_key", "lab.example+00000000+AAAA");
}

static void
another_stream(struct ex_json *v)
{
	set(ex_json_get_mutable(v, "stream"), "id", "OTHER");
}

static void
a_later_seq(struct ex_json *v)
{
	MUST(ex_json_set_int(v, "seq", 2, err));
	set(v, "prev",
	    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
}

static const struct {
	const char *name;
	void (*change)(struct ex_json *v);
	enum ex_code code;
	const char *says;
} harm[] = {
	{ "as it was", nothing, EX_OK, NULL },
	{ "a founder who does not sign", no_second_founder, EX_DENIED,
	    "k2 is founded and does not sign" },
	{ "a station that does not sign", no_station, EX_DENIED,
	    "ws is founded and does not sign" },
	{ "an administrator who does not sign", without_its_administrator,
	    EX_DENIED, "k1 is founded and does not sign" },
	{ "another policy than its digest says", another_policy, EX_FORMAT,
	    "not the policy's" },
	{ "a policy that is not the first", another_version, EX_STATE,
	    "version 1" },
	{ "an origin that is not the key's name", another_origin, EX_FORMAT,
	    "another name than the log" },
	{ "no key of a log", no_key_of_a_log, EX_FORMAT, "" },
	{ "another laboratory's stream", another_stream, EX_DENIED,
	    "not that of laboratory OTHER" },
	{ "not the first entry", a_later_seq, EX_CONFLICT, "this is entry 2" },
};

static void
one_thing_changed_founds_no_house(void **state)
{
	const struct house *h = *state;

	for (size_t i = 0; i < sizeof(harm) / sizeof(harm[0]); i++) {
		struct ex_json *v = genesis_of(h);
		struct ex_err why = EX_ERR_INIT;
		int rc;

		harm[i].change(v);
		rc = found(h, v, &why);
		if (why.code != harm[i].code ||
		    (rc == 0) != (harm[i].code == EX_OK) ||
		    (rc == -1 && strstr(why.text, harm[i].says) == NULL))
			fail_msg("%s: %s: %s", harm[i].name,
			    ex_code_text(why.code), why.text);
		ex_json_free(v);
	}
}

/* Nothing comes before it. */
static void
no_other_entry_is_the_first(void **state)
{
	const struct house *h = *state;
	struct ex_admission *a = calloc(1, sizeof(*a));
	struct ex_world *empty = NULL;

	assert_non_null(a);
	MUST(ex_world_new(&empty, 0, err));
	for (size_t i = 1; i < h->nentries; i++) {
		const struct ex_buf *e = &h->entry[i].bytes;
		struct ex_err why = EX_ERR_INIT;

		assert_int_equal(ex_admit(a, e->data, e->len,
				     ex_world_view(empty), &h->options, &why),
		    -1);
		assert_int_equal(why.code, EX_STATE);
		assert_non_null(strstr(why.text, "no first entry"));
		ex_admission_free(a);
	}
	free(a);
	ex_world_free(empty);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_thing_changed_founds_no_house),
		cmocka_unit_test(no_other_entry_is_the_first),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
