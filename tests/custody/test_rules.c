/*
 * test_rules.c -- the rules beside the table of states: authority, order in
 * time, transfers, flags, giving up.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/custody/claims.h"

#define HOUR (3600 * EX_SECOND)

static const struct claim authority[] = {
	{ "seized under a warrant", EX_NOWHERE, .a = { EX_ACT_SEIZE },
	    .to = "SEIZED" },
	{ "seized under nothing", EX_NOWHERE,
	    .a = { EX_ACT_SEIZE, .fields =
				     "{'case':'$CASE','seizure_record':'R',"
				     "'kind':'device'}" },
	    .code = EX_STATE, .says = "names its authority" },
	{ "seized under an exception", EX_NOWHERE,
	    .a = { EX_ACT_SEIZE,
		.fields = "{'case':'$CASE','seizure_record':'R',"
			  "'kind':'device'}",
		.texts = "{'description':'d','place':'p',"
			 "'exception':'in plain view'}" },
	    .to = "SEIZED" },
	{ "under a warrant that is not in the log", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT, .fields = "{'authority':'W-404'}" },
	    .code = EX_STATE, .says = "not in the log" },
	{ "without any: a finding", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT, .fields = "{}" }, .says = "no-authority",
	    .to = "CHECKED_OUT" },
	{ "imaged without any: a finding", EX_OPENED,
	    .a = { EX_ACT_ACQUIRE_START,
		.fields = "{'acquisition':'$ACQ','method':'logical',"
			  "'write_protection':'none','competence':'none',"
			  "'tool_validation':'none'}" },
	    .says = "no-authority", .to = "ACQUIRING" },
	{ "under one that has ended", EX_IN_STORE,
	    .before = { { EX_ACT_AUTHORIZE, .stream = "case:" HOUSE_CASE,
			    .fields = "{'number':'W-2','kind':'order'}",
			    .parties = "officer=S-PROS" },
		{ EX_ACT_AUTHORIZE_END, .stream = "case:" HOUSE_CASE,
		    .fields = "{'number':'W-2'}",
		    .parties = "officer=S-PROS" } },
	    .a = { EX_ACT_CHECK_OUT, .fields = "{'authority':'W-2'}" },
	    .code = EX_STATE, .says = "not in force" },
	{ "under one that begins later", EX_IN_STORE,
	    .before = { { EX_ACT_AUTHORIZE, .stream = "case:" HOUSE_CASE,
		.fields = "{'number':'W-3','kind':'order',"
			  "'from':'2040-01-01T00:00:00.000000Z'}",
		.parties = "officer=S-PROS" } },
	    .a = { EX_ACT_CHECK_OUT, .fields = "{'authority':'W-3'}" },
	    .code = EX_STATE, .says = "not in force" },
	{ "under one that ran out", EX_IN_STORE,
	    .before = { { EX_ACT_AUTHORIZE, .stream = "case:" HOUSE_CASE,
		.fields = "{'number':'W-4','kind':'order',"
			  "'until':'2026-01-01T00:00:00.000000Z'}",
		.parties = "officer=S-PROS" } },
	    .a = { EX_ACT_CHECK_OUT, .fields = "{'authority':'W-4'}" },
	    .code = EX_STATE, .says = "not in force" },
};

static void
into_the_future(struct ex_draft *d, struct ex_party *party)
{
	(void)party;
	d->occurred_at = d->time_claimed + EX_SECOND;
}

static void
under_an_old_policy(struct ex_draft *d, struct ex_party *party)
{
	(void)party;
	d->policy += 1;
}

static void
for_another_log(struct ex_draft *d, struct ex_party *party)
{
	(void)party;
	d->log = "lab.example/custody/0000000000000000";
}

static void
skipping_one(struct ex_draft *d, struct ex_party *party)
{
	(void)party;
	d->seq++;
}

static void
after_another(struct ex_draft *d, struct ex_party *party)
{
	(void)party;
	d->prev[0] ^= 1;
}

static const struct claim order[] = {
	{ "it happened after it was signed", EX_RECEIVED,
	    .a = { EX_ACT_STORE, .tweak = into_the_future }, .code = EX_STATE,
	    .says = "after it was signed" },
	{ "it happened before the item's last entry", EX_RECEIVED,
	    .a = { EX_ACT_STORE, .ago = HOUR }, .code = EX_STATE,
	    .says = "enter it late" },
	{ "under another policy than the one in force", EX_RECEIVED,
	    .a = { EX_ACT_STORE, .tweak = under_an_old_policy },
	    .code = EX_CONFLICT, .says = "is in force" },
	{ "signed for another log", EX_RECEIVED,
	    .a = { EX_ACT_STORE, .tweak = for_another_log }, .code = EX_DENIED,
	    .says = "another log" },
	{ "a seq left out", EX_RECEIVED,
	    .a = { EX_ACT_STORE, .tweak = skipping_one }, .code = EX_CONFLICT,
	    .says = "is at entry" },
	{ "after another entry than the last", EX_RECEIVED,
	    .a = { EX_ACT_STORE, .tweak = after_another }, .code = EX_CONFLICT,
	    .says = "prev is not the last entry" },
	{ "an item of another case", EX_IN_STORE,
	    .a = { EX_ACT_COMPONENT_OUT,
		.fields = "{'case':'X-1','children':['X-2']}" },
	    .code = EX_STATE, .says = "is IN_STORE" },
	{ "seized again for another case", EX_SEIZED,
	    .a = { EX_ACT_SEIZE, .fields =
				     "{'case':'X-1','seizure_record':'R',"
				     "'authority':'W-1','kind':'device'}" },
	    .code = EX_STATE, .says = "belongs to case" },
	{ "a new item in no case", EX_NOWHERE,
	    .a = { EX_ACT_ANNOUNCE, .fields =
					"{'case':'X-404','seizure_record':'R',"
					"'kind':'device'}" },
	    .code = EX_ABSENT, .says = "there is no case" },
	{ "a place that nobody entered", EX_RECEIVED,
	    .a = { EX_ACT_STORE, .fields = "{'location':'ATTIC'}" },
	    .code = EX_ABSENT, .says = "no location \"ATTIC\"" },
};

static const struct claim transfers[] = {
	{ "to a person that nobody entered", EX_IN_STORE,
	    .a = { EX_ACT_OFFER_TRANSFER,
		.fields = "{'to':'X-404','method':'courier'}" },
	    .code = EX_ABSENT, .says = "no person" },
	{ "to oneself", EX_IN_STORE,
	    .a = { EX_ACT_OFFER_TRANSFER,
		.fields = "{'to':'S-CUST','method':'courier'}" },
	    .code = EX_DENIED, .says = "to themselves" },
	{ "accepted by another", EX_IN_TRANSIT,
	    .a = { EX_ACT_ACCEPT_TRANSFER, .parties = "receiver=S-OFF" },
	    .code = EX_DENIED, .says = "names S-PROS, not S-OFF" },
	{ "refused by another", EX_IN_TRANSIT,
	    .a = { EX_ACT_REFUSE_TRANSFER, .parties = "receiver=S-OFF" },
	    .code = EX_DENIED, .says = "names S-PROS, not S-OFF" },
	{ "cancelled by another", EX_IN_TRANSIT,
	    .a = { EX_ACT_CANCEL_TRANSFER, .parties = "releaser=S-CUS2" },
	    .code = EX_DENIED, .says = "names S-CUST, not S-CUS2" },
	{ "cancelled after pick_up", EX_IN_TRANSIT,
	    .before = { { EX_ACT_PICK_UP } }, .a = { EX_ACT_CANCEL_TRANSFER },
	    .code = EX_STATE, .says = "picked up" },
	{ "cancelled after it was refused", EX_IN_TRANSIT,
	    .before = { { EX_ACT_REFUSE_TRANSFER } },
	    .a = { EX_ACT_CANCEL_TRANSFER }, .code = EX_STATE,
	    .says = "on its way back" },
	{ "cancelled: back to where it was", EX_IN_TRANSIT,
	    .a = { EX_ACT_CANCEL_TRANSFER }, .to = "IN_STORE" },
	{ "refused and taken back by a custodian", EX_IN_TRANSIT,
	    .before = { { EX_ACT_REFUSE_TRANSFER } },
	    .a = { EX_ACT_ACCEPT_TRANSFER }, .to = "IN_STORE" },
	{ "to a custodian of the house", EX_CHECKED_OUT,
	    .before = { { EX_ACT_OFFER_TRANSFER,
		.fields = "{'to':'S-CUS2','method':'internal'}" } },
	    .a = { EX_ACT_ACCEPT_TRANSFER }, .to = "IN_STORE" },
	{ "to an examiner of the house", EX_IN_STORE,
	    .before = { { EX_ACT_OFFER_TRANSFER,
		.fields = "{'to':'S-EXA2','method':'internal'}" } },
	    .a = { EX_ACT_ACCEPT_TRANSFER }, .to = "CHECKED_OUT" },
	{ "to a court", EX_IN_STORE,
	    .before = { { EX_ACT_OFFER_TRANSFER,
		.fields = "{'to':'S-JUDG','method':'courier'}" } },
	    .a = { EX_ACT_ACCEPT_TRANSFER }, .to = "AT_COURT" },
	{ "to a police unit", EX_IN_STORE,
	    .before = { { EX_ACT_OFFER_TRANSFER,
		.fields = "{'to':'S-OFF','method':'courier'}" } },
	    .a = { EX_ACT_ACCEPT_TRANSFER }, .to = "AT_EXTERNAL" },
	{ "to a court for good", EX_IN_TRANSIT,
	    .a = { EX_ACT_ACCEPT_TRANSFER,
		.fields = "{'seal':'$SEAL','seal_state':'intact',"
			  "'location':'COURT-1','final':1}" },
	    .to = "TRANSFERRED_OUT" },
	{ "taken over on the road by the next", EX_IN_TRANSIT,
	    .before = { { EX_ACT_TAKE_OVER } }, .a = { EX_ACT_PICK_UP },
	    .to = "IN_TRANSIT" },
	{ "entrusted for imaging by nobody known", EX_SEIZED,
	    .a = { EX_ACT_ENTRUST,
		.fields = "{'order':'O-1','examiner':'X-404'}" },
	    .code = EX_ABSENT, .says = "no person" },
	{ "returned by another than has it", EX_AT_COURT,
	    .a = { EX_ACT_COURT_RETURN,
		.parties = "releaser=S-JUDG receiver=S-CUST" },
	    .code = EX_DENIED, .says = "is with S-PROS" },
	{ "the court's own end of it", EX_AT_COURT,
	    .a = { EX_ACT_DISPOSED_ELSEWHERE,
		.fields = "{'outcome':'RETURNED','document':"
			  "'00000000000000000000000000000000"
			  "00000000000000000000000000000001'}" },
	    .to = "RETURNED" },
};

/* One act done before. */
#define ON(x) .before = { { x } }

static const struct claim flags[] = {
	{ "quarantine: no check_out", EX_IN_STORE, ON(EX_ACT_QUARANTINE_ON),
	    .a = { EX_ACT_CHECK_OUT }, .code = EX_STATE,
	    .says = "under quarantine" },
	{ "quarantine: no imaging", EX_OPENED, ON(EX_ACT_QUARANTINE_ON),
	    .a = { EX_ACT_ACQUIRE_START }, .code = EX_STATE,
	    .says = "under quarantine" },
	{ "quarantine: no return", EX_IN_STORE, ON(EX_ACT_QUARANTINE_ON),
	    .a = { EX_ACT_RETURN_ACCEPT }, .code = EX_STATE,
	    .says = "under quarantine" },
	{ "quarantine: no approval of disposal", EX_IN_STORE,
	    ON(EX_ACT_QUARANTINE_ON), .a = { EX_ACT_DISPOSE_APPROVE },
	    .code = EX_STATE, .says = "under quarantine" },
	{ "quarantine: no purge", EX_STORED, ON(EX_ACT_QUARANTINE_ON),
	    .a = { EX_ACT_PURGE }, .code = EX_STATE,
	    .says = "under quarantine" },
	{ "quarantine: it may be moved", EX_IN_STORE, ON(EX_ACT_QUARANTINE_ON),
	    .a = { EX_ACT_MOVE }, .to = "IN_STORE" },
	{ "quarantine: it may be photographed", EX_IN_STORE,
	    ON(EX_ACT_QUARANTINE_ON), .a = { EX_ACT_PHOTOGRAPH } },
	{ "quarantine: an ordered production goes on", EX_IN_STORE,
	    ON(EX_ACT_QUARANTINE_ON), .a = { EX_ACT_OFFER_TRANSFER },
	    .to = "IN_TRANSIT" },
	{ "quarantine lifted", EX_IN_STORE,
	    .before = { { EX_ACT_QUARANTINE_ON }, { EX_ACT_QUARANTINE_OFF } },
	    .a = { EX_ACT_CHECK_OUT }, .to = "CHECKED_OUT" },
	{ "a quarantine that was not set", EX_IN_STORE,
	    .a = { EX_ACT_QUARANTINE_OFF }, .code = EX_STATE,
	    .says = "was not set" },
	{ "hold: no return", EX_IN_STORE, ON(EX_ACT_HOLD_ON),
	    .a = { EX_ACT_RETURN_ACCEPT }, .code = EX_STATE,
	    .says = "legal hold" },
	{ "hold: no approval of disposal", EX_IN_STORE, ON(EX_ACT_HOLD_ON),
	    .a = { EX_ACT_DISPOSE_APPROVE }, .code = EX_STATE,
	    .says = "legal hold" },
	{ "hold after approval: no disposal", EX_IN_STORE,
	    .before = { { EX_ACT_DISPOSE_APPROVE }, { EX_ACT_HOLD_ON } },
	    .a = { EX_ACT_DISPOSE_DONE }, .code = EX_STATE,
	    .says = "legal hold" },
	{ "hold: no purge", EX_STORED, ON(EX_ACT_HOLD_ON),
	    .a = { EX_ACT_PURGE }, .code = EX_STATE, .says = "legal hold" },
	{ "hold: it may be checked out", EX_IN_STORE, ON(EX_ACT_HOLD_ON),
	    .a = { EX_ACT_CHECK_OUT }, .to = "CHECKED_OUT" },
	{ "hold lifted", EX_IN_STORE,
	    .before = { { EX_ACT_HOLD_ON }, { EX_ACT_HOLD_OFF } },
	    .a = { EX_ACT_RETURN_ACCEPT }, .to = "RETURNED" },
	{ "a hold that was not set", EX_IN_STORE, .a = { EX_ACT_HOLD_OFF },
	    .code = EX_STATE, .says = "was not set" },
	{ "scope extended after it stopped", EX_OPENED, ON(EX_ACT_SCOPE_STOP),
	    .a = { EX_ACT_SCOPE_EXTEND } },
	{ "scope extended where nothing stopped", EX_OPENED,
	    .a = { EX_ACT_SCOPE_EXTEND }, .code = EX_STATE,
	    .says = "was not set" },
	{ "found again: quarantined", EX_MISSING, ON(EX_ACT_FOUND),
	    .a = { EX_ACT_CHECK_OUT }, .code = EX_STATE,
	    .says = "under quarantine" },
};

static const struct claim disposal[] = {
	{ "disposed of without approval", EX_IN_STORE,
	    .a = { EX_ACT_DISPOSE_DONE }, .code = EX_STATE,
	    .says = "was not approved" },
	{ "disposed of", EX_IN_STORE, ON(EX_ACT_DISPOSE_APPROVE),
	    .a = { EX_ACT_DISPOSE_DONE }, .to = "DISPOSED" },
	{ "disposed of before the one who approved", EX_IN_STORE,
	    ON(EX_ACT_DISPOSE_APPROVE),
	    .a = { EX_ACT_DISPOSE_DONE,
		.parties = "executor=S-CUST witness=S-HEAD" },
	    .code = EX_DENIED, .says = "cannot carry it out" },
};

static void
an_act_rests_on_an_authority_in_the_log(void **state)
{
	CLAIMS_HOLD(*state, authority);
}

static void
an_act_follows_what_is_known(void **state)
{
	CLAIMS_HOLD(*state, order);
}

static void
a_transfer_is_between_those_it_names(void **state)
{
	CLAIMS_HOLD(*state, transfers);
}

static void
flags_forbid_what_they_forbid(void **state)
{
	CLAIMS_HOLD(*state, flags);
}

static void
disposal_takes_an_approval(void **state)
{
	CLAIMS_HOLD(*state, disposal);
}

/* An approval does not outlive the item's stay. */
static void
an_approval_ends_with_the_items_stay(void **state)
{
	static const struct act step[] = {
		{ .act = EX_ACT_DISPOSE_APPROVE },
		{ .act = EX_ACT_RETURN_ACCEPT },
		{ .act = EX_ACT_SEIZE },
		{ .act = EX_ACT_SEAL_APPLY },
		{ .act = EX_ACT_RECEIVE },
		{ .act = EX_ACT_STORE },
	};
	struct ex_err why = EX_ERR_INIT;
	struct house *h = *state;
	char stream[EX_STREAM_TEXT];
	struct act a;

	(void)snprintf(
	    stream, sizeof(stream), "item:%s", house_bring(h, EX_IN_STORE));
	for (size_t i = 0; i < sizeof(step) / sizeof(step[0]); i++) {
		house_usual(&a, step[i].act, stream);
		house_do(h, &a);
	}
	house_usual(&a, EX_ACT_DISPOSE_DONE, stream);
	assert_int_equal(house_judge(h, &a, NULL, &why), -1);
	assert_non_null(strstr(why.text, "was not approved"));
}

/* Where the judge has a clock, the future is refused. */
static void
a_clock_ahead_is_refused(void **state)
{
	struct house *h = *state;
	char stream[EX_STREAM_TEXT];
	struct ex_err why = EX_ERR_INIT;
	struct act a;

	(void)snprintf(
	    stream, sizeof(stream), "item:%s", house_bring(h, EX_IN_STORE));
	house_usual(&a, EX_ACT_MOVE, stream);
	h->options.now = h->now - 4 * 60 * EX_SECOND;
	MUST(house_judge(h, &a, NULL, err));
	h->options.now = h->now - 6 * 60 * EX_SECOND;
	assert_int_equal(house_judge(h, &a, NULL, &why), -1);
	assert_int_equal(why.code, EX_STATE);
	assert_non_null(strstr(why.text, "in the future"));
	h->options.now = 0;
}

/* The log of these tests has the root 0x01.. at 1, 0x02.. at 2, ... */
static int
root_at(void *arg, uint64_t size, uint8_t root[EX_HASH], struct ex_err *err)
{
	(void)arg;
	if (size == 13)
		return ex_fail(err, EX_UNREACHABLE, "no answer");
	memset(root, (int)size, EX_HASH);
	return 0;
}

/* What it had seen is this log, and not another of the same size. */
static void
another_history_is_refused(void **state)
{
	struct house *h = *state;
	char stream[EX_STREAM_TEXT];
	struct ex_err why = EX_ERR_INIT;
	struct act a;

	(void)snprintf(
	    stream, sizeof(stream), "item:%s", house_bring(h, EX_IN_STORE));
	house_usual(&a, EX_ACT_MOVE, stream);
	h->options = (struct ex_admit_options){
		.now = h->now, .published = 13, .root_at = root_at
	};
	for (h->seen.size = 0; h->seen.size < 13; h->seen.size++) {
		if (h->seen.size > 0)
			memset(h->seen.root, (int)h->seen.size, EX_HASH);
		ex_err_clear(&why);
		MUST(house_judge(h, &a, NULL, err));
		if (h->seen.size == 0)
			continue;
		h->seen.root[31] ^= 1;
		assert_int_equal(house_judge(h, &a, NULL, &why), -1);
		assert_int_equal(why.code, EX_DENIED);
		assert_non_null(strstr(why.text, "another history"));
		/* Being offline is no excuse for that. */
		a.offline = "network";
		assert_int_equal(house_judge(h, &a, NULL, &why), -1);
		a.offline = NULL;
	}
	/* Who cannot tell, does not guess. */
	ex_err_clear(&why);
	assert_int_equal(house_judge(h, &a, NULL, &why), -1);
	assert_int_equal(why.code, EX_UNREACHABLE);
	h->options.root_at = NULL;
	ex_err_clear(&why);
	assert_int_equal(house_judge(h, &a, NULL, &why), -1);
	assert_int_equal(why.code, EX_SYSTEM);
	h->seen.size = 0;
	ex_tree_empty(h->seen.root);
	h->options = (struct ex_admit_options){ .skip_seen = 1 };
}

/* What a signer's machine had seen: published, and not long ago. */
static void
a_stale_checkpoint_is_explained(void **state)
{
	struct house *h = *state;
	char stream[EX_STREAM_TEXT];
	struct ex_err why = EX_ERR_INIT;
	struct act a;

	(void)snprintf(
	    stream, sizeof(stream), "item:%s", house_bring(h, EX_IN_STORE));
	house_usual(&a, EX_ACT_MOVE, stream);
	h->options = (struct ex_admit_options){ .now = h->now,
		.published = 10,
		.published_at = h->now - 14 * 60 * EX_SECOND,
		.root_at = root_at };
	h->seen.size = 9;
	memset(h->seen.root, 9, EX_HASH);
	MUST(house_judge(h, &a, NULL, err));
	h->options.published_at = h->now - 16 * 60 * EX_SECOND;
	assert_int_equal(house_judge(h, &a, NULL, &why), -1);
	assert_non_null(strstr(why.text, "older than 15 minutes"));
	a.offline = "network";
	MUST(house_judge(h, &a, NULL, err));
	h->seen.size = 11;
	ex_err_clear(&why);
	assert_int_equal(house_judge(h, &a, NULL, &why), -1);
	assert_int_equal(why.code, EX_DENIED);
	assert_non_null(strstr(why.text, "never published"));
	h->seen.size = 0;
	ex_tree_empty(h->seen.root);
	h->options = (struct ex_admit_options){ .skip_seen = 1 };
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_act_rests_on_an_authority_in_the_log),
		cmocka_unit_test(an_act_follows_what_is_known),
		cmocka_unit_test(a_transfer_is_between_those_it_names),
		cmocka_unit_test(flags_forbid_what_they_forbid),
		cmocka_unit_test(disposal_takes_an_approval),
		cmocka_unit_test(an_approval_ends_with_the_items_stay),
		cmocka_unit_test(a_clock_ahead_is_refused),
		cmocka_unit_test(another_history_is_refused),
		cmocka_unit_test(a_stale_checkpoint_is_explained),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
