/*
 * test_parties.c -- who acts with whom: two are two, paper has a recorder, an
 * emergency has an officer on duty.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tests/custody/claims.h"

#define PHOTO                                                            \
	"'photos':'0123456789abcdef0123456789abcdef0123456789abcdef0123" \
	"456789abcdef'"
#define SEEN "'seal':'$SEAL','seal_state':'$FOUND','location':'RECEPTION'"

static const struct claim persons[] = {
	{ "one person gives and takes", EX_CHECKED_OUT,
	    .a = { EX_ACT_HAND_OVER,
		.parties = "releaser=S-EXAM receiver=S-EXAM/form/S-EXAM" },
	    .code = EX_DENIED, .says = "may not be \"paper\"" },
	{ "one person checks out to himself on paper", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.parties = "custodian=S-CUST receiver=S-CUST/form/S-CUST" },
	    .code = EX_DENIED, .says = "cannot be custodian and receiver" },
	{ "two receivers", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.parties = "custodian=S-CUST receiver=S-EXAM receiver=S-EXA2" },
	    .code = EX_DENIED, .says = "one receiver, not two" },
	{ "two witnesses", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.parties = "custodian=S-CUST receiver=S-EXAM witness=S-AUD "
			   "witness=S-OFF" },
	    .to = "CHECKED_OUT" },
	{ "a witness who is also a party", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT, .parties =
					 "custodian=S-CUST receiver=S-EXAM "
					 "witness=S-CUST/form/S-EXAM" },
	    .code = EX_DENIED, .says = "cannot be custodian and witness" },
	{ "an act without one of its parties", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT, .parties = "custodian=S-CUST" },
	    .code = EX_DENIED, .says = "needs its receiver" },
	{ "not by who has it", EX_CHECKED_OUT,
	    .a = { EX_ACT_HAND_OVER,
		.parties = "releaser=S-EXA2 receiver=S-CUST" },
	    .code = EX_DENIED, .says = "is with S-EXAM, not with S-EXA2" },
	{ "a store by another custodian", EX_RECEIVED,
	    .a = { EX_ACT_STORE, .parties = "custodian=S-CUS2" },
	    .code = EX_DENIED, .says = "is with S-CUST, not with S-CUS2" },
	{ "out of the house by hand", EX_CHECKED_OUT,
	    .a = { EX_ACT_HAND_OVER,
		.parties = "releaser=S-EXAM receiver=S-PROS" },
	    .code = EX_STATE, .says = "offered as a transfer" },
	{ "opened and out of the house by hand", EX_OPENED,
	    .a = { EX_ACT_HAND_OVER,
		.parties = "releaser=S-EXAM receiver=S-OFF" },
	    .code = EX_STATE, .says = "offered as a transfer" },
	{ "a stranger of an unknown house", EX_ANNOUNCED,
	    .a = { EX_ACT_RECEIVE,
		.parties = "custodian=S-CUST submitter=X-1@NOWHERE/form/"
			   "S-CUST" },
	    .code = EX_ABSENT, .says = "no org \"NOWHERE\"" },
};

static const struct claim recorders[] = {
	{ "paper recorded by a party, without its scan", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.parties = "custodian=S-CUST receiver=X-1@UNIT-9/paper/"
			   "S-CUST" },
	    .code = EX_DENIED, .says = "the scanned form or a witness" },
	{ "paper recorded by a party, with its scan", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.parties = "custodian=S-CUST receiver=X-1@UNIT-9/form/"
			   "S-CUST" },
	    .to = "CHECKED_OUT" },
	{ "paper recorded by a party before a witness", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.parties = "custodian=S-CUST receiver=X-1@UNIT-9/paper/S-CUST "
			   "witness=S-AUD" },
	    .to = "CHECKED_OUT" },
	{ "paper recorded by one who only records", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.parties = "custodian=S-CUST receiver=X-1@UNIT-9/paper/S-AUD "
			   "recorder=S-AUD" },
	    .to = "CHECKED_OUT" },
	{ "paper recorded by its own witness", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.parties = "custodian=S-CUST receiver=X-1@UNIT-9/paper/S-AUD "
			   "witness=S-AUD" },
	    .code = EX_DENIED, .says = "the scanned form or a witness" },
	{ "paper recorded by one who does not sign", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.parties = "custodian=S-CUST receiver=X-1@UNIT-9/form/S-AUD" },
	    .code = EX_DENIED, .says = "does not sign" },
	{ "refused, on the word of one party alone", EX_ANNOUNCED,
	    .a = { EX_ACT_RECEIVE,
		.parties = "custodian=S-CUST submitter=S-OFF/refused/S-CUST" },
	    .code = EX_DENIED, .says = "a photograph or a witness" },
	{ "refused, with a photograph", EX_ANNOUNCED,
	    .a = { EX_ACT_RECEIVE, .texts = "{'condition':'c'," PHOTO "}",
		.parties = "custodian=S-CUST submitter=S-OFF/refused/S-CUST" },
	    .says = "party-refused", .to = "RECEIVED" },
	{ "refused before a witness", EX_ANNOUNCED,
	    .a = { EX_ACT_RECEIVE,
		.parties = "custodian=S-CUST submitter=S-OFF/refused/S-CUST "
			   "witness=S-AUD" },
	    .says = "party-refused", .to = "RECEIVED" },
	{ "a witness refuses: the act stands", EX_CHECKED_OUT,
	    .a = { EX_ACT_SEAL_BREAK,
		.parties = "examiner=S-EXAM witness=O-1/refused/S-EXAM" },
	    .says = "party-refused", .to = "OPENED" },
	{ "absent where the act's row allows it", EX_NOWHERE,
	    .a = { EX_ACT_SEIZE, .parties = "officer=S-EXAM owner=O-1/absent" },
	    .says = "party-absent", .to = "SEIZED" },
	{ "absent where it does not", EX_ANNOUNCED,
	    .a = { EX_ACT_RECEIVE,
		.parties = "custodian=S-CUST submitter=S-OFF/absent" },
	    .code = EX_DENIED, .says = "may not be \"absent\"" },
	{ "paper where a key is wanted", EX_CHECKED_OUT,
	    .a = { EX_ACT_CHECK_IN,
		.parties = "holder=S-EXAM/form/S-CUST custodian=S-CUST" },
	    .code = EX_DENIED, .says = "may not be \"paper\"" },
};

static const struct claim emergencies[] = {
	{ "an officer on duty on an ordinary day", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT, .parties =
					 "custodian=S-CUST receiver=S-EXAM "
					 "duty_officer=S-DUTY" },
	    .code = EX_DENIED, .says = "in an emergency only" },
	{ "an emergency without its reason", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.fields = "{'authority':'W-1','emergency':1}",
		.parties = "receiver=S-EXAM duty_officer=S-DUTY" },
	    .code = EX_STATE, .says = "needs its reason" },
	{ "checked out by one and the officer on duty", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.fields = "{'authority':'W-1','emergency':1}",
		.texts = "{'purpose':'p','reason':'a bomb'}",
		.parties = "receiver=S-EXAM duty_officer=S-DUTY" },
	    .to = "CHECKED_OUT" },
	{ "received by one and the officer on duty", EX_ANNOUNCED,
	    .a = { EX_ACT_RECEIVE, .fields = "{" SEEN ",'emergency':1}",
		.texts = "{'condition':'c','reason':'night'}",
		.parties = "submitter=S-OFF duty_officer=S-DUTY" },
	    .to = "RECEIVED" },
	{ "stored by the officer on duty alone", EX_RECEIVED,
	    .a = { EX_ACT_STORE,
		.fields = "{'location':'VAULT-1','emergency':1}",
		.texts = "{'reason':'night'}",
		.parties = "duty_officer=S-DUTY" },
	    .code = EX_DENIED, .says = "needs one of its parties" },
	{ "only the officer on duty", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.fields = "{'authority':'W-1','emergency':1}",
		.texts = "{'purpose':'p','reason':'a bomb'}",
		.parties = "duty_officer=S-DUTY" },
	    .code = EX_DENIED, .says = "needs its receiver" },
	{ "another act with one party", EX_CHECKED_OUT,
	    .a = { EX_ACT_HAND_OVER, .fields = "{'emergency':1}",
		.texts = "{'reason':'a bomb'}",
		.parties = "releaser=S-EXAM duty_officer=S-DUTY" },
	    .code = EX_DENIED, .says = "needs its receiver" },
	{ "an officer on duty who is not", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.fields = "{'authority':'W-1','emergency':1}",
		.texts = "{'purpose':'p','reason':'a bomb'}",
		.parties = "receiver=S-EXAM duty_officer=S-AUD" },
	    .code = EX_DENIED, .says = "takes the role duty_officer" },
	{ "an authority that the log does not know yet", EX_IN_STORE,
	    .a = { EX_ACT_CHECK_OUT,
		.fields = "{'authority':'W-LATER','emergency':1}",
		.texts = "{'purpose':'p','reason':'a bomb'}" },
	    .says = "authority-later", .to = "CHECKED_OUT" },
};

/* Two persons, by name, for what one must not do alone. */
static const struct claim pairs[] = {
	{ "annul alone", EX_RECEIVED,
	    .a = { EX_ACT_ANNUL, .parties = "officer=S-CUST" },
	    .code = EX_DENIED, .says = "needs its lab_head" },
	{ "quarantine_off alone", EX_RECEIVED,
	    .a = { EX_ACT_QUARANTINE_OFF, .parties = "lab_head=S-HEAD" },
	    .code = EX_DENIED, .says = "needs its custodian" },
	{ "scope_extend alone", EX_RECEIVED,
	    .a = { EX_ACT_SCOPE_EXTEND, .parties = "officer=S-EXAM" },
	    .code = EX_DENIED, .says = "needs its approver" },
	{ "erase alone", EX_RECEIVED,
	    .a = { EX_ACT_ERASE, .parties = "officer=S-CUST" },
	    .code = EX_DENIED, .says = "needs its lab_head" },
	{ "annul as both", EX_RECEIVED,
	    .a = { EX_ACT_ANNUL,
		.parties = "officer=S-HEAD/form/S-HEAD lab_head=S-HEAD" },
	    .code = EX_DENIED, .says = "may not be \"paper\"" },
	{ "purge without a witness", EX_STORED,
	    .a = { EX_ACT_PURGE, .parties = "executor=S-CUST approver=S-HEAD" },
	    .code = EX_DENIED, .says = "needs its witness" },
	{ "disposal without a witness", EX_IN_STORE,
	    .a = { EX_ACT_DISPOSE_DONE, .parties = "executor=S-CUST" },
	    .code = EX_DENIED, .says = "needs its witness" },
	{ "taken over without the head's order", EX_CHECKED_OUT,
	    .a = { EX_ACT_TAKE_OVER, .parties = "custodian=S-EXA2" },
	    .code = EX_DENIED, .says = "needs its lab_head" },
};

static void
two_parties_are_two_persons(void **state)
{
	CLAIMS_HOLD(*state, persons);
}

static void
paper_and_refusals_have_more_than_one_word(void **state)
{
	CLAIMS_HOLD(*state, recorders);
}

static void
an_emergency_lacks_one_party_and_no_more(void **state)
{
	CLAIMS_HOLD(*state, emergencies);
}

static void
what_takes_two_is_not_done_by_one(void **state)
{
	CLAIMS_HOLD(*state, pairs);
}

/* Another house than the one that the key is enrolled for. */
static void
of_another_house(struct ex_draft *d, struct ex_party *party)
{
	(void)d;
	memcpy(party[0].org, "TPDP", sizeof("TPDP"));
}

static void
on_a_card(struct ex_draft *d, struct ex_party *party)
{
	(void)d;
	memcpy(party[0].storage, "card", sizeof("card"));
}

static void
under_another_name(struct ex_draft *d, struct ex_party *party)
{
	(void)d;
	memcpy(party[0].person, "S-EXA2", sizeof("S-EXA2"));
}

static void
as_a_station(struct ex_draft *d, struct ex_party *party)
{
	(void)d;
	party[0].mode = EX_MODE_STATION;
}

static const struct claim words[] = {
	{ "of another house", EX_OPENED,
	    .a = { EX_ACT_EXAMINE_START, .tweak = of_another_house },
	    .code = EX_DENIED, .says = "is enrolled for S-EXAM of EXLAB" },
	{ "with a key kept elsewhere", EX_OPENED,
	    .a = { EX_ACT_EXAMINE_START, .tweak = on_a_card },
	    .code = EX_DENIED, .says = "is enrolled as kept in a file" },
	{ "under another name", EX_OPENED,
	    .a = { EX_ACT_EXAMINE_START, .tweak = under_another_name },
	    .code = EX_DENIED, .says = "is enrolled for S-EXAM of EXLAB" },
	{ "a person's key as a machine's", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_PAUSE, .parties = "station=S-EXAM",
		.tweak = as_a_station },
	    .code = EX_DENIED, .says = "is enrolled as that of a person" },
};

static void
a_party_is_what_its_key_is_enrolled_for(void **state)
{
	CLAIMS_HOLD(*state, words);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_parties_are_two_persons),
		cmocka_unit_test(paper_and_refusals_have_more_than_one_word),
		cmocka_unit_test(an_emergency_lacks_one_party_and_no_more),
		cmocka_unit_test(what_takes_two_is_not_done_by_one),
		cmocka_unit_test(a_party_is_what_its_key_is_enrolled_for),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
