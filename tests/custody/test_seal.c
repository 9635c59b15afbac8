/*
 * test_seal.c -- seals: what was found is recorded, never refused; what is
 * amiss quarantines; numbers are used once and name their predecessor.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/custody/claims.h"

#define FOUND(seal, state) \
	"{'seal':'" seal "','seal_state':'" state "','location':'VAULT-1'}"
#define RECEIVE(seal, state)                                 \
	{                                                    \
		EX_ACT_RECEIVE, .fields = FOUND(seal, state) \
	}

static const struct claim found[] = {
	{ "as expected", EX_ANNOUNCED, .a = { EX_ACT_RECEIVE },
	    .to = "RECEIVED" },
	{ "damaged", EX_ANNOUNCED, .a = RECEIVE("$SEAL", "damaged"),
	    .says = "seal-damaged", .to = "RECEIVED" },
	{ "missing", EX_ANNOUNCED, .a = RECEIVE("none", "missing"),
	    .says = "seal-missing", .to = "RECEIVED" },
	{ "none, where one was announced", EX_ANNOUNCED,
	    .a = RECEIVE("none", "none"), .says = "seal-missing",
	    .to = "RECEIVED" },
	{ "another, and it is said", EX_ANNOUNCED,
	    .a = RECEIVE("OTHER-1", "differs"), .says = "seal-differs",
	    .to = "RECEIVED" },
	{ "another, and it is called intact", EX_ANNOUNCED,
	    .a = RECEIVE("OTHER-1", "intact"), .says = "seal-differs",
	    .to = "RECEIVED" },
	{ "one, where none was expected", EX_SEIZED,
	    .a = RECEIVE("OTHER-1", "intact"), .says = "seal-differs",
	    .to = "RECEIVED" },
	{ "none, where none was expected", EX_SEIZED,
	    .a = RECEIVE("none", "none"), .to = "RECEIVED" },
	{ "damaged when it comes back", EX_CHECKED_OUT,
	    .a = { EX_ACT_CHECK_IN, .fields = FOUND("$SEAL", "damaged") },
	    .says = "seal-damaged", .to = "IN_STORE" },
	{ "missing when it arrives", EX_IN_TRANSIT,
	    .a = { EX_ACT_ACCEPT_TRANSFER, .fields = FOUND("none", "missing") },
	    .says = "seal-missing", .to = "AT_COURT" },
	{ "damaged when it is opened", EX_CHECKED_OUT,
	    .a = { EX_ACT_SEAL_BREAK, .fields = "{'seal':'$SEAL',"
						"'seal_state':'damaged'}" },
	    .says = "seal-damaged", .to = "OPENED" },
	{ "another at a check", EX_IN_STORE,
	    .a = { EX_ACT_SEAL_CHECK, .fields = "{'seal':'OTHER-1',"
						"'seal_state':'differs'}" },
	    .says = "seal-differs", .to = "IN_STORE" },
	{ "missing at an inventory", EX_IN_STORE,
	    .a = { EX_ACT_INVENTORY, .fields = FOUND("none", "missing") },
	    .says = "seal-missing", .to = "IN_STORE" },
	{ "damaged when it is taken over", EX_CHECKED_OUT,
	    .a = { EX_ACT_TAKE_OVER,
		.fields = "{'seal':'$SEAL','seal_state':'damaged'}" },
	    .says = "seal-damaged" },
	{ "damaged when it is found again", EX_MISSING,
	    .a = { EX_ACT_FOUND, .fields = FOUND("$SEAL", "damaged") },
	    .says = "seal-damaged", .to = "RECEIVED" },
};

/* Whatever it was: no check_out until two people have looked into it. */
static const struct claim quarantined[] = {
	{ "after a damaged seal", EX_ANNOUNCED,
	    .before = { RECEIVE("$SEAL", "damaged") },
	    .a = { EX_ACT_CHECK_OUT }, .code = EX_STATE,
	    .says = "under quarantine" },
	{ "after a missing seal", EX_ANNOUNCED,
	    .before = { RECEIVE("none", "missing") }, .a = { EX_ACT_CHECK_OUT },
	    .code = EX_STATE, .says = "under quarantine" },
	{ "after another seal", EX_ANNOUNCED,
	    .before = { RECEIVE("OTHER-1", "differs") },
	    .a = { EX_ACT_CHECK_OUT }, .code = EX_STATE,
	    .says = "under quarantine" },
	{ "after a check of the shelf", EX_IN_STORE,
	    .before = { { EX_ACT_SEAL_CHECK,
		.fields = "{'seal':'$SEAL','seal_state':'damaged'}" } },
	    .a = { EX_ACT_CHECK_OUT }, .code = EX_STATE,
	    .says = "under quarantine" },
	{ "it is imaged no more", EX_CHECKED_OUT,
	    .before = { { EX_ACT_SEAL_BREAK,
		.fields = "{'seal':'$SEAL','seal_state':'damaged'}" } },
	    .a = { EX_ACT_ACQUIRE_START }, .code = EX_STATE,
	    .says = "under quarantine" },
	{ "it may be stored, as it was found", EX_ANNOUNCED,
	    .before = { RECEIVE("none", "missing") }, .a = { EX_ACT_STORE },
	    .to = "IN_STORE" },
	{ "it may be sealed anew", EX_ANNOUNCED,
	    .before = { RECEIVE("none", "missing") },
	    .a = { EX_ACT_SEAL_APPLY }, .to = "RECEIVED" },
	{ "it may be checked out when that is lifted", EX_ANNOUNCED,
	    .before = { RECEIVE("$SEAL", "damaged"),
		{ EX_ACT_QUARANTINE_OFF } },
	    .a = { EX_ACT_CHECK_OUT }, .to = "CHECKED_OUT" },
};

static const struct claim sealed[] = {
	{ "stored without a seal", EX_SEIZED,
	    .before = { RECEIVE("none", "none") }, .a = { EX_ACT_STORE },
	    .code = EX_STATE, .says = "is not sealed" },
	{ "stored without a seal for a reason of the policy", EX_SEIZED,
	    .before = { RECEIVE("none", "none") },
	    .a = { EX_ACT_STORE,
		.fields = "{'location':'VAULT-1','unsealed':'powered'}" },
	    .to = "IN_STORE" },
	{ "stored without a seal for another reason", EX_SEIZED,
	    .before = { RECEIVE("none", "none") },
	    .a = { EX_ACT_STORE,
		.fields = "{'location':'VAULT-1','unsealed':'too_large'}" },
	    .code = EX_STATE, .says = "does not permit \"too_large\"" },
	{ "sent without a seal", EX_SEIZED,
	    .before = { RECEIVE("none", "none") },
	    .a = { EX_ACT_OFFER_TRANSFER }, .code = EX_STATE,
	    .says = "is not sealed" },
	{ "checked in with its seal broken", EX_OPENED,
	    .a = { EX_ACT_CHECK_IN }, .code = EX_STATE, .says = "is OPENED" },
};

static const struct claim applied[] = {
	{ "over an intact one in store", EX_IN_STORE,
	    .a = { EX_ACT_SEAL_APPLY }, .code = EX_STATE,
	    .says = "is under seal" },
	{ "over an intact one on the way in", EX_RECEIVED,
	    .a = { EX_ACT_SEAL_APPLY }, .code = EX_STATE,
	    .says = "is under seal" },
	{ "over an intact one on a desk", EX_CHECKED_OUT,
	    .a = { EX_ACT_SEAL_APPLY }, .code = EX_STATE,
	    .says = "is under seal" },
	{ "over a damaged one in store", EX_IN_STORE,
	    .before = { { EX_ACT_SEAL_CHECK,
		.fields = "{'seal':'$SEAL','seal_state':'damaged'}" } },
	    .a = { EX_ACT_SEAL_APPLY }, .to = "IN_STORE" },
	{ "where one is missing, on a desk", EX_CHECKED_OUT,
	    .before = { { EX_ACT_SEAL_CHECK,
		.fields = "{'seal':'none','seal_state':'missing'}" } },
	    .a = { EX_ACT_SEAL_APPLY, .fields = "{'seal':'$NEW'}" },
	    .to = "CHECKED_OUT" },
	{ "with a number that was used", EX_OPENED,
	    .before = { { EX_ACT_SEAL_APPLY, .fields = "{'seal':'DUP-1'"
						       "$LAST}" } },
	    .a = { EX_ACT_SEAL_BREAK }, .to = "OPENED" },
	{ "with a number used on another item", EX_OPENED,
	    .a = { EX_ACT_SEAL_APPLY, .fields = "{'seal':'DUP-1'$LAST}" },
	    .code = EX_STATE, .says = "was used before" },
	{ "with another predecessor", EX_OPENED,
	    .a = { EX_ACT_SEAL_APPLY,
		.fields = "{'seal':'$NEW','predecessor':'X-1'}" },
	    .code = EX_STATE, .says = "the seal before was" },
	{ "without its predecessor", EX_OPENED,
	    .a = { EX_ACT_SEAL_APPLY, .fields = "{'seal':'$NEW'}" },
	    .code = EX_STATE, .says = "the seal before was" },
	{ "under the number \"none\"", EX_OPENED,
	    .a = { EX_ACT_SEAL_APPLY, .fields = "{'seal':'none'$LAST}" },
	    .code = EX_FORMAT, .says = "no number of a seal" },
};

static const struct claim known[] = {
	{ "the first under it", EX_NOWHERE,
	    .before = { { EX_ACT_ANNOUNCE,
		.fields = "{'case':'$CASE','seizure_record':'R-1',"
			  "'seal':'TWICE-1','kind':'device'}" } },
	    .a = { EX_ACT_RECEIVE }, .to = "RECEIVED" },
	{ "the second", EX_NOWHERE,
	    .a = { EX_ACT_ANNOUNCE,
		.fields = "{'case':'$CASE','seizure_record':'R-1',"
			  "'seal':'TWICE-1','kind':'device'}" },
	    .says = "seal-known", .to = "ANNOUNCED" },
};

static void
what_is_found_is_recorded(void **state)
{
	CLAIMS_HOLD(*state, found);
}

static void
what_is_amiss_quarantines(void **state)
{
	CLAIMS_HOLD(*state, quarantined);
}

static void
nothing_rests_or_leaves_without_a_seal(void **state)
{
	CLAIMS_HOLD(*state, sealed);
}

static void
a_new_seal_has_a_fresh_number_and_names_the_last(void **state)
{
	CLAIMS_HOLD(*state, applied);
}

static void
one_number_under_two_items_is_told(void **state)
{
	CLAIMS_HOLD(*state, known);
}

/* The whole line, as it is printed: which seal, and how it stands. */
static void
the_line_of_seals_is_unbroken(void **state)
{
	static const struct {
		struct act a;
		const char *seal, *seal_state, *last;
	} step[] = {
		{ { .act = EX_ACT_SEAL_BREAK }, "", "broken", "S-A" },
		{ { EX_ACT_SEAL_APPLY, .fields = "{'seal':'S-B'$LAST}" }, "S-B",
		    "intact", "S-A" },
		{ { .act = EX_ACT_SEAL_BREAK }, "", "broken", "S-B" },
		{ { EX_ACT_SEAL_APPLY, .fields = "{'seal':'S-C'$LAST}" }, "S-C",
		    "intact", "S-B" },
		{ { .act = EX_ACT_CHECK_IN }, "S-C", "intact", "S-B" },
	};
	static const struct act first[] = {
		{ EX_ACT_ANNOUNCE, .fields =
				       "{'case':'$CASE','seizure_record':'R-1',"
				       "'seal':'S-A','kind':'device'}" },
		{ .act = EX_ACT_RECEIVE }, { .act = EX_ACT_CHECK_OUT }
	};
	struct house *h = *state;
	char id[EX_ITEM_MAX + 1], stream[EX_STREAM_TEXT];
	struct act a;

	(void)snprintf(id, sizeof(id), "%s", house_number(h));
	(void)snprintf(stream, sizeof(stream), "item:%s", id);
	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		house_usual(&a, first[i].act, stream);
		if (first[i].fields != NULL)
			a.fields = first[i].fields;
		house_do(h, &a);
	}
	for (size_t i = 0; i < sizeof(step) / sizeof(step[0]); i++) {
		house_usual(&a, step[i].a.act, stream);
		if (step[i].a.fields != NULL)
			a.fields = step[i].a.fields;
		house_do(h, &a);
		assert_string_equal(house_item(h, id, "seal"), step[i].seal);
		assert_string_equal(
		    house_item(h, id, "seal_state"), step[i].seal_state);
		assert_string_equal(
		    house_item(h, id, "last_seal"), step[i].last);
	}
}

/* After its return an item is another matter: no seal of the old one. */
static void
seized_again_it_has_no_seal_of_before(void **state)
{
	struct house *h = *state;
	char id[EX_ITEM_MAX + 1], stream[EX_STREAM_TEXT];
	struct act a;

	(void)snprintf(id, sizeof(id), "%s", house_bring(h, EX_RETURNED));
	(void)snprintf(stream, sizeof(stream), "item:%s", id);
	assert_string_not_equal(house_item(h, id, "seal"), "");
	house_usual(&a, EX_ACT_SEIZE, stream);
	house_do(h, &a);
	assert_string_equal(house_item(h, id, "seal"), "");
	assert_string_equal(house_item(h, id, "last_seal"), "");
	assert_string_equal(house_item(h, id, "custodian"), "S-EXAM");
}

static void
the_policy_may_want_a_witness(void **state)
{
	static const char policy[] =
	    "{\"quorum\":\"none\",\"registrars\":2,\"unsealed\":[\"powered\"],"
	    "\"validation_required\":0,\"witness_seal_break\":1}";
	static const struct claim c[] = {
		{ "broken alone", EX_CHECKED_OUT,
		    .a = { .act = EX_ACT_SEAL_BREAK }, .code = EX_DENIED,
		    .says = "wants a witness" },
		{ "broken before a witness", EX_CHECKED_OUT,
		    .a = { EX_ACT_SEAL_BREAK,
			.parties = "examiner=S-EXAM witness=S-AUD" },
		    .to = "OPENED" },
	};
	char fields[512], hex[EX_SHA256_HEX];
	struct act a = { .act = EX_ACT_POLICY_SET,
		.stream = "lab:" HOUSE_ORG,
		.fields = fields,
		.parties = "lab_head=S-HEAD" };

	ex_sha256_hex(hex, policy, sizeof(policy) - 1);
	(void)snprintf(fields, sizeof(fields),
	    "{\"policy\":%s,\"policy_sha256\":\"%s\"}", policy, hex);
	house_do(*state, &a);
	CLAIMS_HOLD(*state, c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_found_is_recorded),
		cmocka_unit_test(what_is_amiss_quarantines),
		cmocka_unit_test(nothing_rests_or_leaves_without_a_seal),
		cmocka_unit_test(
		    a_new_seal_has_a_fresh_number_and_names_the_last),
		cmocka_unit_test(one_number_under_two_items_is_told),
		cmocka_unit_test(the_line_of_seals_is_unbroken),
		cmocka_unit_test(seized_again_it_has_no_seal_of_before),
		cmocka_unit_test(the_policy_may_want_a_witness),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
