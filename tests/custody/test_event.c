/*
 * test_event.c -- one body, one form: what is not written exactly so is
 * refused, and the refusal names it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/custody/house.h"

#define ZEROS                              \
	"00000000000000000000000000000000" \
	"00000000000000000000000000000000"
#define OTHER_ROOT                         \
	"11111111111111111111111111111111" \
	"11111111111111111111111111111111"

/* A body with most members, as text. */
static char *
good_body(struct house *h)
{
	static const uint8_t leaf[EX_HASH] = { 7 };
	struct act a = { .act = EX_ACT_CHECK_OUT,
		.stream = "item:EXH-9",
		.fields = "{'authority':'W-1','location':'BENCH-1'}",
		.texts = "{'purpose':'imaging'}",
		.parties = "custodian=S-CUST receiver=X-1@UNIT-9/form/S-CUST "
			   "witness=X-2@UNIT-9/refused/S-CUST",
		.digests = "[{'alg':'md5','value':"
			   "'00000000000000000000000000000000'},"
			   "{'alg':'sha1','value':"
			   "'0000000000000000000000000000000000000000'}]",
		.corrects = leaf,
		.offline = "field" };
	struct ex_buf body = EX_BUF_INIT, openings = EX_BUF_INIT;

	MUST(house_write(h, &a, &body, &openings, err));
	MUST(ex_buf_add_byte(&body, '\0', err));
	ex_buf_free(&openings);
	return ex_buf_take_text(&body);
}

static int
parse(const char *text, size_t n, struct ex_err *why)
{
	struct ex_event *e = calloc(1, sizeof(*e));
	int rc;

	assert_non_null(e);
	rc = ex_event_parse(e, text, n, why);
	ex_event_free(e);
	free(e);
	return rc;
}

/* The text with the first from[] replaced; asserts that there is one. */
static char *
replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	struct ex_buf b = EX_BUF_INIT;

	if (at == NULL)
		fail_msg("no %s in %s", from, text);
	MUST(ex_buf_add(&b, text, (size_t)(at - text), err));
	MUST(ex_buf_add_text(&b, to, err));
	MUST(ex_buf_add_text(&b, at + strlen(from), err));
	MUST(ex_buf_add_byte(&b, '\0', err));
	return ex_buf_take_text(&b);
}

struct harm {
	const char *from, *to;
	const char *says; /* NULL: accepted */
};

static void
try_table(struct house *h, const struct harm *c, size_t n)
{
	char *good = good_body(h);
	size_t wrong = 0;

	MUST(parse(good, strlen(good), err));
	for (size_t i = 0; i < n; i++) {
		char *bad = replaced(good, c[i].from, c[i].to);
		struct ex_err why = EX_ERR_INIT;
		int rc = parse(bad, strlen(bad), &why);

		if (c[i].says == NULL
			? rc == -1
			: rc == 0 || why.code != EX_FORMAT ||
			      strstr(why.text, c[i].says) == NULL) {
			print_error("%s -> %s: %s\n", c[i].from, c[i].to,
			    rc == 0 ? "accepted" : why.text);
			wrong++;
		}
		free(bad);
	}
	free(good);
	assert_int_equal(wrong, 0);
}

#define TRY_TABLE(h, table) \
	try_table(h, table, sizeof(table) / sizeof((table)[0]))

static const struct harm form[] = {
	{ "\"policy\":1", "\"policy\":1,\"policy\":1", "" },
	{ "\"offset_ms\":0,\"source\":\"system\"",
	    "\"source\":\"system\",\"offset_ms\":0", "" },
	{ "\"policy\":1", "\"policy\": 1", "" },
	{ "\"policy\":1", "\"policy\" :1", "" },
	{ "\"policy\":1", "\n\"policy\":1", "" },
	{ "{\"action\"", " {\"action\"", "" },
	{ "{\"action\"", "\xef\xbb\xbf{\"action\"", "" },
	{ "\"policy\":1", "\"policy\":1.0", "" },
	{ "\"policy\":1", "\"policy\":1e0", "" },
	{ "\"policy\":1", "\"policy\":01", "" },
	{ "\"policy\":1", "\"policy\":+1", "" },
	{ "\"offset_ms\":0", "\"offset_ms\":-0", "" },
	{ "\"offset_ms\":0", "\"offset_ms\":-1", NULL },
	{ "\"offset_ms\":0", "\"offset_ms\":9007199254740991", NULL },
	{ "\"offset_ms\":0", "\"offset_ms\":-9007199254740991", NULL },
	{ "\"offset_ms\":0", "\"offset_ms\":9007199254740992", "" },
	{ "\"offset_ms\":0", "\"offset_ms\":-9007199254740992", "" },
	{ "\"offset_ms\":0", "\"offset_ms\":18446744073709551617", "" },
	{ "\"policy\":1", "\"policy\":true", "" },
	{ "\"policy\":1", "\"policy\":null", "" },
	{ "\"policy\":1", "\"policy\":NaN", "" },
	{ "\"policy\":1", "\"policy\":1,", "" },
	{ "\"source\":\"system\"", "\"source\":\"\\u0073ystem\"", "" },
	{ "\"W-1\"", "\"W\\/1\"", "" },
	{ "\"fields\":{", "\"fields\":{\"\xc3\xa9\":1,", "" },
	{ "\"fields\":{", "\"fields\":{\"a\":[[[[[[[[1]]]]]]]],", "" },
	{ "\"fields\":{", "\"fields\":{/**/", "" },
};

static const struct harm text[] = {
	/* A name with a compatibility ideograph stays as it is written. */
	{ "\"W-1\"", "\"\xef\xa8\x9b\"", NULL },
	{ "\"W-1\"", "\"\xe7\xa6\x8f\"", NULL },
	{ "\"W-1\"", "\"e\xcc\x81\"", NULL },
	{ "\"W-1\"", "\"\xf0\x9f\x92\xbe\"", NULL },
	{ "\"W-1\"", "\"\xf4\x8f\xbf\xbd\"", NULL }, /* U+10FFFD */
	{ "\"W-1\"", "\"\\u0000\"", "" },
	{ "\"W-1\"", "\"\\u0001\"", "" },
	{ "\"W-1\"", "\"a\\n\"", "" },
	{ "\"W-1\"", "\"a\\t\"", "" },
	{ "\"W-1\"", "\"\\u001f\"", "" },
	{ "\"W-1\"", "\"\x01\"", "" },
	{ "\"W-1\"", "\"\x7f\"", "" },
	{ "\"W-1\"", "\"\xc2\x80\"", "" },
	{ "\"W-1\"", "\"\xc2\x9f\"", "" },
	{ "\"W-1\"", "\"\xc2\xa0\"", NULL },	 /* U+00A0 */
	{ "\"W-1\"", "\"\xe2\x80\x8d\"", NULL }, /* U+200D, joins emoji */
	{ "\"W-1\"", "\"\xe2\x80\x8e\"", "" },
	{ "\"W-1\"", "\"\xe2\x80\x8f\"", "" },
	{ "\"W-1\"", "\"\xe2\x80\xaa\"", "" },
	{ "\"W-1\"", "\"\xe2\x80\xae\"", "" },
	{ "\"W-1\"", "\"\xe2\x81\xa5\"", NULL }, /* U+2065 */
	{ "\"W-1\"", "\"\xe2\x81\xa6\"", "" },
	{ "\"W-1\"", "\"\xe2\x81\xa9\"", "" },
	{ "\"W-1\"", "\"\xef\xb7\x90\"", "" }, /* U+FDD0 */
	{ "\"W-1\"", "\"\xef\xb7\xaf\"", "" }, /* U+FDEF */
	{ "\"W-1\"", "\"\xef\xbf\xbe\"", "" }, /* U+FFFE */
	{ "\"W-1\"", "\"\xef\xbf\xbf\"", "" },
	{ "\"W-1\"", "\"\xf0\x9f\xbf\xbe\"", "" }, /* U+1FFFE */
	{ "\"W-1\"", "\"\xf4\x8f\xbf\xbf\"", "" }, /* U+10FFFF */
	{ "\"W-1\"", "\"\xed\xa0\x80\"", "" },	   /* a surrogate */
	{ "\"W-1\"", "\"\\ud800\"", "" },
	{ "\"W-1\"", "\"\xc0\xaf\"", "" }, /* too long */
	{ "\"W-1\"", "\"\xe0\x80\xaf\"", "" },
	{ "\"W-1\"", "\"\xc3\"", "" }, /* cut */
	{ "\"W-1\"", "\"\xf8\x88\x80\x80\x80\"", "" },
	{ "\"W-1\"", "\"\xf4\x90\x80\x80\"", "" },
	{ "\"W-1\"", "\"\xff\"", "" },
};

static const struct harm envelope[] = {
	{ "{\"action\"", "{\"aaa\":1,\"action\"", "aaa" },
	{ "custody-event/v1", "custody-event/v2", "schema" },
	{ "\"lab.example/custody/", "\"lab example/custody/", "log" },
	{ "\"lab.example/custody/", "\"lab+example/custody/", "log" },
	{ "\"action\":\"check_out\"", "\"action\":\"check-out\"", "action" },
	{ "\"action\":\"check_out\"", "\"action\":\"case_open\"",
	    "is not done to item" },
	{ "\"kind\":\"item\"", "\"kind\":\"thing\"", "stream" },
	{ "\"kind\":\"item\"", "\"kind\":\"release\"",
	    "is not done to release" },
	{ "\"id\":\"EXH-9\"", "\"id\":\"exh 9\"", "stream" },
	{ "\"id\":\"EXH-9\"", "\"extra\":1,\"id\":\"EXH-9\"", "stream" },
	{ "\"seq\":1", "\"seq\":0", "seq" },
	{ "\"seq\":1", "\"seq\":-1", "seq" },
	{ "\"seq\":1", "\"seq\":\"1\"", "seq" },
	{ "\"seq\":1", "\"seq\":2", "prev" },
	{ "\"prev\":\"00", "\"prev\":\"01", "prev" },
	{ "\"prev\":\"00", "\"prev\":\"0", "prev" },
	{ "\"prev\":\"00", "\"prev\":\"AA", "prev" },
	{ "\"nonce\":\"", "\"nonce\":\"00", "nonce" },
	{ "\"policy\":1", "\"policy\":-1", "policy" },
	{ "\"occurred_at\":\"2", "\"occurred_at\":\"x", "occurred_at" },
	{ ".000000Z\",\"offline\"", "Z\",\"offline\"", "occurred_at" },
	{ ".000000Z\",\"offline\"", ".000000z\",\"offline\"", "occurred_at" },
	{ ".000000Z\",\"offline\"", ".000000+00:00\",\"offline\"",
	    "occurred_at" },
	{ "\"source\":\"system\"", "\"source\":\"sundial\"", "clock" },
	{ "\"source\":\"system\"", "\"source\":\"ntp\",\"x\":1", "clock" },
	{ "\"reason\":\"field\"", "\"reason\":\"laziness\"", "offline" },
	{ "\"corrects\":\"07", "\"corrects\":\"7", "corrects" },
	{ "\"clock\":", "\"batch\":{},\"clock\":", "batch" },
	{ "\"alg\":\"md5\"", "\"alg\":\"md4\"", "digests" },
	{ "\"alg\":\"md5\",\"value\":\"0", "\"alg\":\"md5\",\"value\":\"",
	    "digests" },
	{ "\"alg\":\"md5\"", "\"alg\":\"sha1\"", "digests" },
	{ "\"alg\":\"md5\"", "\"alg\":\"md5\",\"size\":1", "digests" },
};

static const struct harm batches[] = {
	{ "\"clock\":",
	    "\"batch\":{\"count\":2,"
	    "\"id\":\"01890000-0000-7000-8000-000000000001\","
	    "\"root\":\"" ZEROS "\"},\"clock\":",
	    NULL },
	{ "\"clock\":",
	    "\"batch\":{\"count\":0,"
	    "\"id\":\"01890000-0000-7000-8000-000000000001\","
	    "\"root\":\"" ZEROS "\"},\"clock\":",
	    "batch: count" },
	{ "\"clock\":",
	    "\"batch\":{\"count\":4097,"
	    "\"id\":\"01890000-0000-7000-8000-000000000001\","
	    "\"root\":\"" ZEROS "\"},\"clock\":",
	    "batch: count" },
	{ "\"clock\":",
	    "\"batch\":{\"count\":2,\"id\":\"one\",\"root\":\"" ZEROS
	    "\"},\"clock\":",
	    "batch: id" },
};

static const struct harm parties[] = {
	{ "\"mode\":\"signed\"", "\"mode\":\"sworn\"", "mode" },
	{ "\"mode\":\"signed\"", "\"mode\":\"portal\"", "portal" },
	{ "\"mode\":\"signed\"", "\"mode\":\"absent\"", "parties" },
	{ "\"mode\":\"paper\"", "\"mode\":\"refused\"", "parties" },
	{ "\"mode\":\"refused\"", "\"mode\":\"paper\"", NULL },
	{ "\"storage\":\"file\"", "\"storage\":\"shelf\"", "storage" },
	{ "\"storage\":\"file\"", "\"storage\":\"file\",\"x\":1", "x" },
	{ "\"person\":\"S-CUST\"", "\"person\":\"S CUST\"", "person" },
	{ "\"person\":\"S-CUST\"", "\"person\":\"\"", "person" },
	{ "\"org\":\"EXLAB\"", "\"org\":\"\xe6\xb3\x95\"", "org" },
	{ "\"role\":\"custodian\"", "\"role\":\"Custodian\"", "role" },
	{ "\"role\":\"custodian\"", "\"role\":\"\"", "role" },
	{ "\"size\":0", "\"size\":-1", "seen" },
	{ "\"seen\":{\"root\":\"e3b0", "\"seen\":{\"root\":\"e3b1",
	    "root of the empty tree" },
	{ "\"size\":0", "\"size\":0,\"time\":1", "seen" },
	{ "\"recorder\":\"S-CUST\"", "\"recorder\":7", "recorder" },
	{ "\"form\":\"", "\"form\":\"00", "form" },
	{ "\"cert_sha256\":\"", "\"cert_sha256\":\"00", "cert_sha256" },
	{ "\"parties\":[", "\"parties\":[1,", "parties" },
};

static const struct harm fields[] = {
	{ "\"fields\":{", "\"fields\":{\"aaa\":1,", "has no field \"aaa\"" },
	{ "\"fields\":{", "\"fields\":{\"attachments\":[],",
	    "may only be committed" },
	{ "\"authority\":\"W-1\"", "\"authority\":\"\"", "authority" },
	{ "\"authority\":\"W-1\"", "\"authority\":1", "authority" },
	{ "\"authority\":\"W-1\"", "\"authority\":\"W-1\",\"condition\":\"c\"",
	    "may only be committed" },
	{ "\"authority\":\"W-1\"", "\"authority\":\"W-1\",\"emergency\":2",
	    "emergency" },
	{ "\"authority\":\"W-1\"", "\"authority\":\"W-1\",\"emergency\":-1",
	    "emergency" },
	{ "\"authority\":\"W-1\"", "\"authority\":\"W-1\",\"emergency\":1",
	    NULL },
	{ "\"BENCH-1\"", "\"a bench\"", "location" },
	{ "\"BENCH-1\"}", "\"BENCH-1\",\"source\":\"hearsay\"}", "source" },
	{ "\"pii\":{", "\"pii\":{\"aaa\":\"" ZEROS "\",",
	    "has no text \"aaa\"" },
	{ "\"pii\":{", "\"pii\":{\"authority\":\"" ZEROS "\",",
	    "has no text \"authority\"" },
	{ "\"pii\":{", "\"pii\":{\"condition\":7,", "condition" },
	{ "\"pii\":{", "\"pii\":{\"condition\":\"\",", "pii" },
	{ "\"pii\":{", "\"pii\":{\"note/0\":\"" ZEROS "\",", NULL },
	{ "\"pii\":{",
	    "\"pii\":{\"note\":\"" ZEROS "\",\"note/0\":\"" ZEROS "\",",
	    "both" },
	{ "\"pii\":{", "\"pii\":{\"note/1\":\"" ZEROS "\",", "without note/0" },
	{ "\"pii\":{", "\"pii\":{\"note/00\":\"" ZEROS "\",", "not a path" },
	{ "\"pii\":{", "\"pii\":{\"note/x\":\"" ZEROS "\",", "not a path" },
	{ "\"pii\":{", "\"pii\":{\"note/\":\"" ZEROS "\",", "not a path" },
	{ "\"pii\":{", "\"pii\":{\"/note\":\"" ZEROS "\",", "not a path" },
	{ "\"pii\":{", "\"pii\":{\"parties/0/reason\":\"" ZEROS "\",",
	    "needs none" },
	{ "\"pii\":{", "\"pii\":{\"parties/1/reason\":\"" ZEROS "\",", NULL },
	{ "\"parties/2/reason\"", "\"parties/3/reason\"", "not a path" },
	{ "\"parties/2/reason\"", "\"parties/1/reason\"",
	    "a refusal needs a reason" },
	{ "\"parties/2/reason\"", "\"parties/2/name\"", "not a path" },
	{ "\"purpose\":", "\"reason\":", "needs the field \"purpose\"" },
};

static void
a_body_has_one_form(void **state)
{
	TRY_TABLE(*state, form);
}

static void
text_is_kept_as_it_is_and_shows_what_it_says(void **state)
{
	TRY_TABLE(*state, text);
}

static void
the_envelope_has_its_members_and_no_other(void **state)
{
	TRY_TABLE(*state, envelope);
	TRY_TABLE(*state, batches);
}

static void
parties_have_their_members_and_no_other(void **state)
{
	TRY_TABLE(*state, parties);
}

static void
fields_are_those_of_the_act(void **state)
{
	TRY_TABLE(*state, fields);
}

/* Each member that must be there, left out. */
static void
no_member_may_lack(void **state)
{
	char *good = good_body(*state);
	struct ex_json *v = NULL;
	size_t lacked = 0;

	MUST(ex_json_read(&v, good, strlen(good), err));
	for (const char *p =
		 "action clock fields log nonce occurred_at parties "
		 "pii policy prev schema seq stream time_claimed ";
	     *p != '\0'; p += strcspn(p, " ") + 1) {
		struct ex_json *less = ex_json_copy(v);
		struct ex_buf b = EX_BUF_INIT;
		struct ex_err why = EX_ERR_INIT;
		char key[32];

		(void)snprintf(
		    key, sizeof(key), "%.*s", (int)strcspn(p, " "), p);
		ex_json_unset(less, key);
		MUST(ex_json_write(&b, less, err));
		assert_int_equal(parse((const char *)b.data, b.len, &why), -1);
		assert_int_equal(why.code, EX_FORMAT);
		if (strstr(why.text, key) == NULL)
			fail_msg("without %s: %s", key, why.text);
		lacked++;
		ex_buf_free(&b);
		ex_json_free(less);
	}
	/* corrects, digests, offline */
	assert_int_equal(lacked + 3, ex_json_count(v));
	ex_json_free(v);
	free(good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_has_one_form),
		cmocka_unit_test(text_is_kept_as_it_is_and_shows_what_it_says),
		cmocka_unit_test(the_envelope_has_its_members_and_no_other),
		cmocka_unit_test(no_member_may_lack),
		cmocka_unit_test(parties_have_their_members_and_no_other),
		cmocka_unit_test(fields_are_those_of_the_act),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
