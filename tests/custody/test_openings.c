/*
 * test_openings.c -- commitments open to what was committed and to nothing
 * else; what is withheld stays closed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "custody/openings.h"
#include "tests/custody/house.h"

struct written {
	struct ex_buf body, openings;
	struct ex_event *e;
	char *text; /* the openings */
};

/* A reception, with names in it that normalisation would change. */
static void
write_one(struct house *h, struct written *w)
{
	struct act a = { .act = EX_ACT_RECEIVE,
		.stream = "item:EXH-9",
		.fields = "{'seal':'none','seal_state':'none',"
			  "'location':'RECEPTION'}",
		.texts = "{'condition':'\xef\xa8\x9b \xe7\xa6\x8f, scratched',"
			 "'note/0':'one','note/1':'two','serial':'X123'}",
		.parties = "custodian=S-CUST submitter=S-OFF" };

	memset(w, 0, sizeof(*w));
	w->e = calloc(1, sizeof(*w->e));
	assert_non_null(w->e);
	MUST(house_write(h, &a, &w->body, &w->openings, err));
	MUST(ex_event_parse(w->e, w->body.data, w->body.len, err));
	w->text = calloc(1, w->openings.len + 1);
	assert_non_null(w->text);
	memcpy(w->text, w->openings.data, w->openings.len);
}

static void
written_free(struct written *w)
{
	ex_event_free(w->e);
	free(w->e);
	free(w->text);
	ex_buf_free(&w->body);
	ex_buf_free(&w->openings);
}

static void
openings_open_what_was_committed(void **state)
{
	struct ex_openings o;
	struct written w;

	write_one(*state, &w);
	MUST(ex_openings_read(&o, w.e, w.openings.data, w.openings.len, err));
	assert_int_equal(o.missing, 0);
	assert_string_equal(ex_openings_text(&o, "condition"),
	    "\xef\xa8\x9b \xe7\xa6\x8f, scratched");
	assert_string_equal(ex_openings_text(&o, "note/1"), "two");
	assert_string_equal(ex_openings_text(&o, "serial"), "X123");
	assert_null(ex_openings_text(&o, "note"));
	ex_openings_free(&o);
	written_free(&w);
}

/* Nothing of it is in the body, in whatever writing. */
static void
nothing_personal_is_in_the_body(void **state)
{
	static const char *const said[] = { "scratched", "X123", "\"one\"",
		"two" };
	struct written w;

	write_one(*state, &w);
	MUST(ex_buf_add_byte(&w.body, '\0', err));
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		assert_null(strstr((const char *)w.body.data, said[i]));
	written_free(&w);
}

/* The commitment, computed here from its definition: a JSON array by hand. */
static void
a_commitment_is_the_digest_of_an_array(void **state)
{
	char array[1024], hex[EX_SHA256_HEX], nonce[33];
	const struct ex_json *list;
	struct ex_json *v = NULL;
	struct written w;

	write_one(*state, &w);
	ex_hex(nonce, w.e->nonce, sizeof(w.e->nonce));
	MUST(ex_json_read(&v, w.text, strlen(w.text), err));
	list = ex_json_get(v, "openings");
	assert_int_equal(ex_json_count(list), 4);
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *o = ex_json_at(list, i);
		const char *path = ex_json_get_text(o, "path");

		(void)snprintf(array, sizeof(array),
		    "[\"custody-pii/v1\",\"%s\",\"%s\",\"%s\",\"%s\"]", nonce,
		    path, ex_json_get_text(o, "salt"),
		    ex_json_get_text(o, "value"));
		ex_sha256_hex(hex, array, strlen(array));
		assert_string_equal(ex_json_get_text(w.e->pii, path), hex);
		assert_int_equal(strlen(ex_json_get_text(o, "salt")), 64);
	}
	ex_json_free(v);
	written_free(&w);
}

/* The same text twice: other nonce, other salts, other commitments. */
static void
equal_texts_do_not_look_equal(void **state)
{
	struct written a, b;

	write_one(*state, &a);
	write_one(*state, &b);
	assert_memory_not_equal(a.e->nonce, b.e->nonce, sizeof(a.e->nonce));
	assert_string_not_equal(ex_json_get_text(a.e->pii, "serial"),
	    ex_json_get_text(b.e->pii, "serial"));
	written_free(&a);
	written_free(&b);
}

/* from and to as in the text; how it is refused. */
static const struct {
	const char *name, *from, *to;
	enum ex_code code;
	const char *says;
} harm[] = {
	{ "another text", "X123", "X124", EX_DAMAGED, "serial" },
	{ "a longer text", "X123", "X123 ", EX_DAMAGED, "serial" },
	{ "normalised text", "\xef\xa8\x9b", "\xe7\xa6\x8f", EX_DAMAGED,
	    "condition" },
	{ "another path", "\"path\":\"serial\"", "\"path\":\"series\"",
	    EX_DAMAGED, "opens nothing" },
	{ "a path of the act that was not used", "\"path\":\"serial\"",
	    "\"path\":\"reason\"", EX_DAMAGED, "" },
	{ "a path twice", "\"path\":\"note/1\"", "\"path\":\"note/0\"",
	    EX_DAMAGED, "twice" },
	{ "a member more", "\"value\":\"one\"", "\"value\":\"one\",\"x\":1",
	    EX_FORMAT, "" },
	{ "a member less", ",\"value\":\"one\"", "", EX_FORMAT, "" },
	{ "another schema", "custody-openings/v1", "custody-openings/v2",
	    EX_FORMAT, "schema" },
	{ "another schema's member", "\"schema\"", "\"schemata\"", EX_FORMAT,
	    "" },
	{ "white space", "{\"openings\"", "{ \"openings\"", EX_FORMAT, "" },
	{ "no list", "\"openings\":[", "\"openings\":{", EX_FORMAT, "" },
};

static void
what_does_not_open_is_named(void **state)
{
	struct written w;

	write_one(*state, &w);
	for (size_t i = 0; i < sizeof(harm) / sizeof(harm[0]); i++) {
		const char *at = strstr(w.text, harm[i].from);
		struct ex_buf bad = EX_BUF_INIT;
		struct ex_err why = EX_ERR_INIT;
		struct ex_openings o;

		assert_non_null(at);
		MUST(ex_buf_add(&bad, w.text, (size_t)(at - w.text), err));
		MUST(ex_buf_add_text(&bad, harm[i].to, err));
		MUST(ex_buf_add_text(&bad, at + strlen(harm[i].from), err));
		if (ex_openings_read(&o, w.e, bad.data, bad.len, &why) == 0 ||
		    why.code != harm[i].code ||
		    strstr(why.text, harm[i].says) == NULL)
			fail_msg("%s: %s: %s", harm[i].name,
			    ex_code_text(why.code), why.text);
		assert_null(o.json);
		ex_buf_free(&bad);
	}
	written_free(&w);
}

/* Every salt, each of its digits. */
static void
another_salt_opens_nothing(void **state)
{
	struct written w;
	char *salt;

	write_one(*state, &w);
	salt = strstr(w.text, "\"salt\":\"") + strlen("\"salt\":\"");
	for (size_t i = 0; i < 64; i++) {
		char was = salt[i];
		struct ex_openings o;

		salt[i] = was == '0' ? '1' : '0';
		assert_int_equal(
		    ex_openings_read(&o, w.e, w.text, w.openings.len, NULL),
		    -1);
		salt[i] = was;
	}
	written_free(&w);
}

/* Another event's openings, though of the same texts. */
static void
openings_are_of_one_event(void **state)
{
	struct ex_openings o;
	struct written a, b;

	write_one(*state, &a);
	write_one(*state, &b);
	assert_int_equal(
	    ex_openings_read(&o, a.e, b.openings.data, b.openings.len, NULL),
	    -1);
	written_free(&a);
	written_free(&b);
}

static int
withhold_names(void *arg, const char *path)
{
	size_t *n = arg;

	(*n)++;
	return strcmp(path, "serial") == 0 || strcmp(path, "note/0") == 0;
}

static int
withhold_all(void *arg, const char *path)
{
	(void)arg;
	(void)path;
	return 1;
}

static void
what_is_withheld_is_missing_and_the_rest_holds(void **state)
{
	struct ex_buf some = EX_BUF_INIT, none = EX_BUF_INIT;
	struct ex_openings o;
	struct written w;
	size_t asked = 0;

	write_one(*state, &w);
	MUST(ex_openings_read(&o, w.e, w.openings.data, w.openings.len, err));
	MUST(ex_openings_redact(&some, &o, withhold_names, &asked, err));
	MUST(ex_openings_redact(&none, &o, withhold_all, NULL, err));
	assert_int_equal(asked, 4);
	assert_int_equal(none.len, 0);
	ex_openings_free(&o);
	MUST(ex_openings_read(&o, w.e, some.data, some.len, err));
	assert_int_equal(o.missing, 2);
	assert_null(ex_openings_text(&o, "serial"));
	assert_null(ex_openings_text(&o, "note/0"));
	assert_string_equal(ex_openings_text(&o, "note/1"), "two");
	ex_openings_free(&o);
	MUST(ex_openings_read(&o, w.e, NULL, 0, err));
	assert_int_equal(o.missing, 4);
	ex_openings_free(&o);
	ex_buf_free(&some);
	written_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openings_open_what_was_committed),
		cmocka_unit_test(nothing_personal_is_in_the_body),
		cmocka_unit_test(a_commitment_is_the_digest_of_an_array),
		cmocka_unit_test(equal_texts_do_not_look_equal),
		cmocka_unit_test(what_does_not_open_is_named),
		cmocka_unit_test(another_salt_opens_nothing),
		cmocka_unit_test(openings_are_of_one_event),
		cmocka_unit_test(
		    what_is_withheld_is_missing_and_the_rest_holds),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
