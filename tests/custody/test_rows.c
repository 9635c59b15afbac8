/*
 * test_rows.c -- what a row of the domain model asks beyond state and roles.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/custody/claims.h"

#define NEW_ITEM                                                 \
	"'case':'$CASE','seizure_record':'R-9','kind':'device'," \
	"'location':'RECEPTION'"
#define BROUGHT "{'condition':'c','description':'a telephone'}"
#define CAME	"custodian=S-CUST submitter=S-OFF"

static const struct claim unlisted[] = {
	{ "what nobody announced is announced in the act", EX_NOWHERE,
	    .a = { EX_ACT_RECEIVE,
		.fields = "{" NEW_ITEM ",'seal':'U-1','seal_state':'intact'}",
		.texts = BROUGHT, .parties = CAME },
	    .says = "unlisted", .to = "RECEIVED" },
	{ "its seal is damaged as it comes", EX_NOWHERE,
	    .a = { EX_ACT_RECEIVE,
		.fields = "{" NEW_ITEM ",'seal':'U-2','seal_state':'damaged'}",
		.texts = BROUGHT, .parties = CAME },
	    .says = "seal-damaged", .to = "RECEIVED" },
	{ "a slip of the number", EX_NOWHERE,
	    .a = { EX_ACT_RECEIVE,
		.fields = "{'seal':'none','seal_state':'none',"
			  "'location':'RECEPTION'}",
		.texts = "{'condition':'c'}", .parties = CAME },
	    .code = EX_ABSENT, .says = "there is no item" },
	{ "without its description", EX_NOWHERE,
	    .a = { EX_ACT_RECEIVE,
		.fields = "{" NEW_ITEM ",'seal':'none','seal_state':'none'}",
		.texts = "{'condition':'c'}", .parties = CAME },
	    .code = EX_FORMAT, .says = "was not announced" },
	{ "into a case that there is not", EX_NOWHERE,
	    .a = { EX_ACT_RECEIVE,
		.fields = "{'case':'NO-1','seizure_record':'R-9',"
			  "'kind':'device','location':'RECEPTION',"
			  "'seal':'none','seal_state':'none'}",
		.texts = BROUGHT, .parties = CAME },
	    .code = EX_ABSENT, .says = "no case NO-1" },
};

static const struct claim packed[] = {
	{ "packed where it was taken", EX_NOWHERE, .a = { EX_ACT_PACKAGE },
	    .to = "SEIZED" },
	{ "packed after it was seized", EX_SEIZED,
	    .a = { EX_ACT_PACKAGE, .fields = "{'case':'$CASE','kind':'device'}",
		.texts = "{'description':'in a bag'}" },
	    .to = "SEIZED" },
	{ "packed without a record", EX_NOWHERE,
	    .a = { EX_ACT_PACKAGE, .fields = "{'case':'$CASE','kind':'device',"
					     "'authority':'W-1'}" },
	    .code = EX_FORMAT, .says = "was not seized yet" },
	{ "packed without a place", EX_NOWHERE,
	    .a = { EX_ACT_PACKAGE, .texts = "{'description':'in a bag'}" },
	    .code = EX_FORMAT, .says = "was not seized yet" },
	{ "packed under nothing", EX_NOWHERE,
	    .a = { EX_ACT_PACKAGE, .fields = "{'case':'$CASE','kind':'device',"
					     "'seizure_record':'R-1'}" },
	    .code = EX_STATE, .says = "names its authority" },
	{ "packed under an exception", EX_NOWHERE,
	    .a = { EX_ACT_PACKAGE,
		.fields = "{'case':'$CASE','kind':'device',"
			  "'seizure_record':'R-1'}",
		.texts = "{'description':'d','place':'p',"
			 "'exception':'in plain view'}" },
	    .to = "SEIZED" },
};

static const struct claim holders[] = {
	{ "who has it takes it over", EX_CHECKED_OUT,
	    .a = { EX_ACT_TAKE_OVER,
		.parties = "custodian=S-EXAM lab_head=S-HEAD" },
	    .code = EX_DENIED, .says = "has" },
	{ "handed over while it is imaged, nothing said", EX_ACQUIRING,
	    .a = { EX_ACT_HAND_OVER, .texts = "{'note':'n'}" },
	    .code = EX_FORMAT, .says = "what is running" },
	{ "handed over while nothing runs", EX_OPENED,
	    .a = { EX_ACT_HAND_OVER, .texts = "{'note':'n'}" },
	    .to = "OPENED" },
	{ "imaging ended by one who has it not", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_END, .parties = "examiner=S-EXA2" },
	    .code = EX_DENIED, .says = "not with S-EXA2" },
	{ "imaging paused by one who has it not", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_PAUSE, .parties = "examiner=S-EXA2" },
	    .code = EX_DENIED, .says = "not with S-EXA2" },
	{ "imaging ended by the one it was handed to", EX_ACQUIRING,
	    .before = { { EX_ACT_HAND_OVER } },
	    .a = { EX_ACT_ACQUIRE_END, .parties = "examiner=S-EXA2" },
	    .says = "acquisition", .to = "OPENED" },
	{ "picked up twice", EX_IN_TRANSIT, .before = { { EX_ACT_PICK_UP } },
	    .a = { EX_ACT_PICK_UP }, .code = EX_DENIED,
	    .says = "is with S-COUR" },
	{ "released by one who has it not", EX_IN_TRANSIT,
	    .before = { { EX_ACT_PICK_UP } },
	    .a = { EX_ACT_ACCEPT_TRANSFER,
		.parties = "receiver=$TO releaser=S-CUST" },
	    .code = EX_DENIED, .says = "is with S-COUR" },
	{ "released by the carrier", EX_IN_TRANSIT,
	    .before = { { EX_ACT_PICK_UP } },
	    .a = { EX_ACT_ACCEPT_TRANSFER,
		.parties = "receiver=$TO releaser=S-COUR" },
	    .to = "AT_COURT" },
	{ "back in the house for good", EX_IN_TRANSIT,
	    .before = { { EX_ACT_REFUSE_TRANSFER } },
	    .a = { EX_ACT_ACCEPT_TRANSFER,
		.fields = "{'seal':'$SEAL','seal_state':'$FOUND',"
			  "'location':'VAULT-1','final':1}" },
	    .code = EX_STATE, .says = "is of this house" },
};

#define CHECK "'location':'VAULT-1'"

static const struct claim conditions[] = {
	{ "the condition is as it was", EX_CHECKED_OUT,
	    .a = { EX_ACT_CHECK_IN, .fields =
					"{'seal':'$SEAL','seal_state':'$FOUND',"
					"'condition_match':'same'," CHECK "}" },
	    .to = "IN_STORE" },
	{ "the condition differs", EX_CHECKED_OUT,
	    .a = { EX_ACT_CHECK_IN,
		.fields = "{'seal':'$SEAL','seal_state':'$FOUND',"
			  "'condition_match':'differs'," CHECK "}" },
	    .says = "condition-differs", .to = "IN_STORE" },
	{ "and then nobody works on it", EX_CHECKED_OUT,
	    .before = { { EX_ACT_CHECK_IN,
		.fields = "{'seal':'$SEAL','seal_state':'$FOUND',"
			  "'condition_match':'differs'," CHECK "}" } },
	    .a = { EX_ACT_CHECK_OUT }, .code = EX_STATE,
	    .says = "under quarantine" },
	{ "an auditor who is none", EX_IN_STORE,
	    .a = { EX_ACT_INVENTORY,
		.parties = "custodian=S-CUST auditor=S-OFF" },
	    .code = EX_DENIED, .says = "takes the role auditor" },
};

static const struct claim annulled[] = {
	{ "a note by one who neither wrote it nor keeps the item", EX_IN_STORE,
	    .before = { { EX_ACT_NOTE, .parties = "officer=S-OFF" } },
	    .a = { EX_ACT_ANNUL, .annuls = claim_head,
		.parties = "officer=S-AUD lab_head=S-HEAD" },
	    .code = EX_DENIED, .says = "neither did it" },
	{ "a note by its writer", EX_IN_STORE,
	    .before = { { EX_ACT_NOTE, .parties = "officer=S-OFF" } },
	    .a = { EX_ACT_ANNUL, .annuls = claim_head,
		.parties = "officer=S-OFF lab_head=S-HEAD" },
	    .to = "IN_STORE" },
	{ "a note by a custodian", EX_IN_STORE,
	    .before = { { EX_ACT_NOTE, .parties = "officer=S-OFF" } },
	    .a = { EX_ACT_ANNUL, .annuls = claim_head,
		.parties = "officer=S-CUS2 lab_head=S-HEAD" },
	    .to = "IN_STORE" },
	{ "alone", EX_IN_STORE, .before = { { EX_ACT_NOTE } },
	    .a = { EX_ACT_ANNUL, .annuls = claim_head,
		.parties = "officer=S-OFF" },
	    .code = EX_DENIED, .says = "needs its lab_head" },
};

static void
what_nobody_announced_is_received(void **state)
{
	CLAIMS_HOLD(*state, unlisted);
}

static void
packing_is_a_seizure(void **state)
{
	CLAIMS_HOLD(*state, packed);
}

static void
who_has_it_is_who_gives_it(void **state)
{
	CLAIMS_HOLD(*state, holders);
}

static void
what_was_seen_is_compared(void **state)
{
	CLAIMS_HOLD(*state, conditions);
}

static void
who_annuls_did_it_or_keeps_it(void **state)
{
	CLAIMS_HOLD(*state, annulled);
}

/* Once and no more, though the item's state goes on as it was. */
static void
an_entry_is_annulled_once(void **state)
{
	struct house *h = *state;
	char stream[EX_STREAM_TEXT];
	struct ex_err why = EX_ERR_INIT;
	uint8_t leaf[EX_HASH];
	struct act a;

	(void)snprintf(
	    stream, sizeof(stream), "item:%s", house_bring(h, EX_IN_STORE));
	house_usual(&a, EX_ACT_NOTE, stream);
	house_do(h, &a);
	memcpy(leaf, house_leaf(h, stream), EX_HASH);
	house_usual(&a, EX_ACT_ANNUL, stream);
	a.annuls = leaf;
	house_do(h, &a);
	assert_int_equal(house_judge(h, &a, NULL, &why), -1);
	assert_int_equal(why.code, EX_STATE);
	assert_non_null(strstr(why.text, "annulled before"));
}

/* The seal found is another item's: both are named. */
static void
a_seal_of_another_item_is_known(void **state)
{
	struct house *h = *state;
	char stream[2][EX_STREAM_TEXT], fields[256];
	struct ex_judgement j;
	struct act a;
	int known = 0;

	for (int i = 0; i < 2; i++)
		(void)snprintf(stream[i], sizeof(stream[i]), "item:%s",
		    house_bring(h, EX_ANNOUNCED));
	(void)snprintf(fields, sizeof(fields),
	    "{'seal':'%s','seal_state':'differs','location':'RECEPTION'}",
	    house_item(h, &stream[0][5], "seal"));
	house_usual(&a, EX_ACT_RECEIVE, stream[1]);
	a.fields = fields;
	MUST(house_judge(h, &a, &j, err));
	for (size_t i = 0; i < j.nfindings; i++)
		known |= strcmp(j.finding[i].code, "seal-known") == 0;
	ex_judgement_free(&j);
	assert_true(known);
}

/* A part goes where its parent goes, and has nobody of its own meanwhile. */
static void
a_part_follows_its_parent(void **state)
{
	struct house *h = *state;
	char part[EX_ITEM_MAX + 1];

	(void)snprintf(part, sizeof(part), "%s", house_bring(h, EX_IN_PARENT));
	assert_string_equal(house_item(h, part, "custodian"), "");
	assert_string_equal(house_item(h, part, "location"), "");
}

/* A case is opened with what it rests on, in one entry. */
static void
a_case_is_opened_with_its_authorities(void **state)
{
	static const char *const wrong[] = {
		"{'authorities':[]}",
		"{'authorities':[{'number':'W-1'}]}",
		"{'authorities':[{'number':'W-1','kind':'licence'}]}",
		"{'authorities':[{'number':'W-1','kind':'order','scope':'x'}]}",
		"{'authorities':[{'number':'W-1','kind':'order'},"
		"{'number':'W-1','kind':'warrant'}]}",
		"{'authorities':[{'number':'W-1','kind':'order',"
		"'from':'2026-03-02T00:00:00.000000Z',"
		"'until':'2026-03-01T00:00:00.000000Z'}]}",
	};
	struct house *h = *state;
	struct act a = { .act = EX_ACT_CASE_OPEN,
		.stream = "case:OPENED-WITH",
		.fields = "{'authorities':[{'number':'W-8','kind':'warrant'},"
			  "{'number':'C-8','kind':'consent',"
			  "'until':'2099-01-01T00:00:00.000000Z'}]}",
		.texts = "{'title':'t'}",
		.parties = "officer=S-OFF" };
	struct ex_json *v;
	struct ex_err why = EX_ERR_INIT;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct act bad = a;
		struct ex_buf body = EX_BUF_INIT, openings = EX_BUF_INIT;

		bad.fields = wrong[i];
		assert_int_equal(
		    house_write(h, &bad, &body, &openings, &why), -1);
		assert_int_equal(why.code, EX_FORMAT);
		ex_err_clear(&why);
		ex_buf_free(&body);
		ex_buf_free(&openings);
	}
	house_do(h, &a);
	v = house_fact(h, "case", "OPENED-WITH");
	assert_int_equal(ex_json_count(ex_json_get(v, "authorities")), 2);
	assert_int_equal(
	    strlen(ex_json_get_text(
		ex_json_get(ex_json_get(v, "authorities"), "W-8"), "leaf")),
	    2 * EX_HASH);
	ex_json_free(v);
	a = (struct act){ .act = EX_ACT_AUTHORIZE,
		.stream = "case:OPENED-WITH",
		.fields = "{'number':'W-8','kind':'order'}",
		.parties = "officer=S-PROS" };
	assert_int_equal(house_judge(h, &a, NULL, &why), -1);
	assert_non_null(strstr(why.text, "authority W-8 already"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_nobody_announced_is_received),
		cmocka_unit_test(packing_is_a_seizure),
		cmocka_unit_test(who_has_it_is_who_gives_it),
		cmocka_unit_test(what_was_seen_is_compared),
		cmocka_unit_test(who_annuls_did_it_or_keeps_it),
		cmocka_unit_test(an_entry_is_annulled_once),
		cmocka_unit_test(a_seal_of_another_item_is_known),
		cmocka_unit_test(a_part_follows_its_parent),
		cmocka_unit_test(a_case_is_opened_with_its_authorities),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
