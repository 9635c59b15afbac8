/*
 * test_lab.c -- acts of the laboratory and of cases: what they rest on and
 * what they change.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/custody/claims.h"

#define LAB(x) \
	.act = x, .stream = "lab:" HOUSE_ORG, .parties = "administrator=S-1001"
#define CASE(x) \
	.act = x, .stream = "case:" HOUSE_CASE, .parties = "officer=S-OFF"
#define ZEROS                              \
	"00000000000000000000000000000000" \
	"00000000000000000000000000000000"

static const struct claim lab[] = {
	{ "an organisation twice",
	    .a = { LAB(EX_ACT_ORG_ADD), .fields = "{'id':'MOJ','kind':'court'}",
		.texts = "{'name_en':'x'}" },
	    .code = EX_STATE, .says = "org \"MOJ\" is there already" },
	{ "a person twice",
	    .a = { LAB(EX_ACT_PERSON_ADD),
		.fields = "{'id':'S-OFF','org':'MOJ','roles':['auditor']}",
		.texts = "{'name_en':'x'}" },
	    .code = EX_STATE, .says = "already" },
	{ "a person of no organisation",
	    .a = { LAB(EX_ACT_PERSON_ADD),
		.fields = "{'id':'S-9','org':'X','roles':['auditor']}",
		.texts = "{'name_en':'x'}" },
	    .code = EX_ABSENT, .says = "no org \"X\"" },
	{ "a role that there is not",
	    .a = { LAB(EX_ACT_PERSON_ADD),
		.fields = "{'id':'S-9','org':'MOJ','roles':['king']}",
		.texts = "{'name_en':'x'}" },
	    .code = EX_FORMAT, .says = "\"king\" is no role" },
	{ "granted a role that there is not",
	    .a = { LAB(EX_ACT_ROLE_GRANT),
		.fields = "{'person':'S-OFF','grant':'king'}" },
	    .code = EX_FORMAT, .says = "\"king\" is no role" },
	{ "granted to nobody",
	    .a = { LAB(EX_ACT_ROLE_GRANT),
		.fields = "{'person':'X','grant':'auditor'}" },
	    .code = EX_ABSENT, .says = "no person \"X\"" },
	{ "ended where it was not",
	    .a = { LAB(EX_ACT_ROLE_END),
		.fields = "{'person':'S-OFF','grant':'judge'}" },
	    .code = EX_STATE, .says = "does not have the role" },
	{ "competence of nobody",
	    .a = { LAB(EX_ACT_COMPETENCE),
		.fields = "{'person':'X','method':'imaging',"
			  "'until':'2030-01-01T00:00:00.000000Z'}" },
	    .code = EX_ABSENT, .says = "no person" },
	{ "a place twice",
	    .a = { LAB(EX_ACT_LOCATION_ADD),
		.fields = "{'id':'VAULT-1','kind':'vault'}" },
	    .code = EX_STATE, .says = "already" },
	{ "a place inside nothing",
	    .a = { LAB(EX_ACT_LOCATION_ADD),
		.fields = "{'id':'SHELF-1','kind':'vault','in':'ATTIC'}" },
	    .code = EX_ABSENT, .says = "no location \"ATTIC\"" },
	{ "validation of no tool",
	    .a = { LAB(EX_ACT_TOOL_VALIDATED),
		.fields = "{'id':'X','until':'2030-01-01T00:00:00.000000Z',"
			  "'report':'" ZEROS "'}" },
	    .code = EX_ABSENT, .says = "no tool \"X\"" },
	{ "a policy of another digest",
	    .a = { .act = EX_ACT_POLICY_SET,
		.stream = "lab:" HOUSE_ORG,
		.parties = "lab_head=S-HEAD",
		.fields = "{'policy':{'quorum':'none','registrars':1,"
			  "'unsealed':[],'validation_required':0,"
			  "'witness_seal_break':0},"
			  "'policy_sha256':'" ZEROS "'}" },
	    .code = EX_FORMAT, .says = "is not the policy's" },
	{ "a policy by the administrator, who was first",
	    .a = { LAB(EX_ACT_POLICY_SET),
		.fields = "{'policy':{'quorum':'none','registrars':1,"
			  "'unsealed':[],'validation_required':0,"
			  "'witness_seal_break':0},"
			  "'policy_sha256':'" ZEROS "'}" },
	    .code = EX_DENIED, .says = "is set by the head" },
	{ "a policy by one who is not the head",
	    .a = { .act = EX_ACT_POLICY_SET,
		.stream = "lab:" HOUSE_ORG,
		.parties = "lab_head=S-CUST",
		.fields = "{'policy':{'quorum':'none','registrars':1,"
			  "'unsealed':[],'validation_required':0,"
			  "'witness_seal_break':0},"
			  "'policy_sha256':'" ZEROS "'}" },
	    .code = EX_DENIED, .says = "is not head" },
	{ "founded a second time",
	    .a = { .act = EX_ACT_GENESIS,
		.stream = "lab:" HOUSE_ORG,
		.parties = "administrator=S-1001 station=WS-1 service=LOG-1",
		.fields = "{'ca':['" ZEROS "'],'log_key':'x','org':'EXLAB',"
			  "'org_kind':'police_lab','location':'R',"
			  "'policy':{'quorum':'none','registrars':1,"
			  "'unsealed':[],'validation_required':0,"
			  "'witness_seal_break':0},'policy_sha256':'" ZEROS
			  "','founders':[{'cert_sha256':'" ZEROS
			  "','key_name':'k','org':'EXLAB','person':'P',"
			  "'roles':['auditor'],'storage':'file'}],"
			  "'stations':[],'services':[]}" },
	    .code = EX_STATE, .says = "has its first entry" },
	{ "in another laboratory's stream",
	    .a = { .act = EX_ACT_ORG_ADD,
		.stream = "lab:OTHER",
		.parties = "administrator=S-1001",
		.fields = "{'id':'X-1','kind':'court'}",
		.texts = "{'name_en':'x'}" },
	    .code = EX_DENIED, .says = "is not that of laboratory OTHER" },
};

static const struct claim cases[] = {
	{ "opened twice",
	    .a = { CASE(EX_ACT_CASE_OPEN), .texts = "{'title':'x'}" },
	    .code = EX_STATE, .says = "there is a case" },
	{ "changed where there is none",
	    .a = { .act = EX_ACT_CASE_CHANGE,
		.stream = "case:X-404",
		.parties = "officer=S-OFF" },
	    .code = EX_ABSENT, .says = "there is no case" },
	{ "an authority twice",
	    .a = { CASE(EX_ACT_AUTHORIZE),
		.fields = "{'number':'W-1','kind':'order'}" },
	    .code = EX_STATE, .says = "has an authority W-1 already" },
	{ "an authority ended that there is not",
	    .a = { CASE(EX_ACT_AUTHORIZE_END), .fields = "{'number':'X'}" },
	    .code = EX_ABSENT, .says = "no authority X" },
	{ "access for nobody",
	    .a = { CASE(EX_ACT_ACCESS_GRANT), .fields = "{'to':'X'}" },
	    .code = EX_ABSENT, .says = "no person or organisation" },
	{ "access ended that was not granted",
	    .a = { CASE(EX_ACT_ACCESS_END), .fields = "{'to':'MOJ'}" },
	    .code = EX_ABSENT, .says = "was not granted access" },
	{ "assigned to nobody",
	    .a = { CASE(EX_ACT_ASSIGN), .fields = "{'examiner':'X'}" },
	    .code = EX_ABSENT, .says = "no person" },
	{ "a prosecutor whom nobody entered",
	    .a = { CASE(EX_ACT_CASE_CHANGE), .fields = "{'prosecutor':'X'}" },
	    .code = EX_ABSENT, .says = "no person" },
};

/* A case of its own, closed. */
#define CLOSED(x) \
	.act = x, .stream = "case:CLOSED-1", .parties = "officer=S-OFF"

static const struct claim closed[] = {
	{ "changed", .a = { CLOSED(EX_ACT_CASE_CHANGE) }, .code = EX_STATE,
	    .says = "is closed" },
	{ "closed again", .a = { CLOSED(EX_ACT_CASE_CLOSE) }, .code = EX_STATE,
	    .says = "is closed" },
	{ "a request in it",
	    .a = { CLOSED(EX_ACT_REQUEST_OPEN), .fields = "{'number':'1'}" },
	    .code = EX_STATE, .says = "is closed" },
	{ "an examiner for it",
	    .a = { CLOSED(EX_ACT_ASSIGN), .fields = "{'examiner':'S-EXAM'}" },
	    .code = EX_STATE, .says = "is closed" },
	{ "a new item in it",
	    .a = { .act = EX_ACT_ANNOUNCE,
		.stream = "item:CLOSED-1-1",
		.fields = "{'case':'CLOSED-1','seizure_record':'R',"
			  "'kind':'device'}",
		.texts = "{'description':'d'}",
		.parties = "submitter=S-OFF" },
	    .code = EX_STATE, .says = "is closed" },
	{ "sealed", .a = { CLOSED(EX_ACT_CASE_SEAL) } },
	{ "access to it",
	    .a = { CLOSED(EX_ACT_ACCESS_GRANT), .fields = "{'to':'MOJ'}" } },
	{ "a report on it",
	    .a = { .act = EX_ACT_REPORT,
		.stream = "case:CLOSED-1",
		.fields = "{'sha256':'" ZEROS "','size':1,'format':'html',"
			  "'language':'en'}",
		.parties = "prosecutor=S-PROS" } },
};

static void
the_house_knows_what_was_entered(void **state)
{
	CLAIMS_HOLD(*state, lab);
}

static void
a_case_knows_what_was_entered(void **state)
{
	CLAIMS_HOLD(*state, cases);
}

static void
a_closed_case_is_read_and_no_more(void **state)
{
	static const struct act open = { CLOSED(EX_ACT_CASE_OPEN),
		.texts = "{'title':'x'}" };
	static const struct act close = { CLOSED(EX_ACT_CASE_CLOSE) };

	house_do(*state, &open);
	house_do(*state, &close);
	CLAIMS_HOLD(*state, closed);
}

/* A member of a fact as text: the caller knows that it is one. */
static void
fact_says(struct house *h, const char *kind, const char *id, const char *key,
    const char *want)
{
	struct ex_json *v = house_fact(h, kind, id);
	const char *text = ex_json_get_text(v, key);

	assert_non_null(text);
	assert_string_equal(text, want);
	ex_json_free(v);
}

static void
facts_are_what_the_acts_said(void **state)
{
	static const struct act step[] = {
		{ LAB(EX_ACT_TOOL_ADD),
		    .fields = "{'id':'WB-1','kind':'write_blocker'}",
		    .texts = "{'serial':'123'}" },
		{ LAB(EX_ACT_TOOL_VALIDATED),
		    .fields = "{'id':'WB-1',"
			      "'until':'2030-01-01T00:00:00.000000Z',"
			      "'report':'" ZEROS "'}" },
		{ LAB(EX_ACT_LOCATION_ADD),
		    .fields = "{'id':'SHELF-7','kind':'vault',"
			      "'in':'VAULT-1'}" },
		{ CASE(EX_ACT_CASE_CHANGE),
		    .fields = "{'level':'A','prosecutor':'S-PROS'}" },
		{ CASE(EX_ACT_ACCESS_GRANT), .fields = "{'to':'MOJ'}" },
		{ CASE(EX_ACT_CASE_SEAL) },
	};
	struct house *h = *state;
	struct ex_json *v;

	for (size_t i = 0; i < sizeof(step) / sizeof(step[0]); i++)
		house_do(h, &step[i]);
	fact_says(h, "tool", "WB-1", "kind", "write_blocker");
	fact_says(h, "tool", "WB-1", "validated_until",
	    "2030-01-01T00:00:00.000000Z");
	fact_says(h, "location", "SHELF-7", "in", "VAULT-1");
	fact_says(h, "case", HOUSE_CASE, "level", "A");
	fact_says(h, "case", HOUSE_CASE, "opener", "S-OFF");
	fact_says(h, "case", HOUSE_CASE, "org", "UNIT-9");
	v = house_fact(h, "case", HOUSE_CASE);
	assert_int_equal(ex_json_get_int(v, "sealed", 0), 1);
	assert_non_null(ex_json_get(ex_json_get(v, "grants"), "MOJ"));
	ex_json_free(v);
	fact_says(h, "log", "log", "origin", HOUSE_ORIGIN);
	fact_says(h, "org", "MOJ", "kind", "ministry");
	fact_says(h, "person", "S-OFF", "org", "UNIT-9");
	/* Personal text is in no fact. */
	v = house_fact(h, "tool", "WB-1");
	assert_null(ex_json_get(v, "serial"));
	ex_json_free(v);
}

/* Who acts is the party of the act's first role, not whoever is named
 * first: a witness opens no case. */
static void
the_actor_is_not_who_is_listed_first(void **state)
{
	static const struct act open = { .act = EX_ACT_CASE_OPEN,
		.stream = "case:ACTOR-1",
		.texts = "{'title':'x'}",
		.parties = "witness=S-AUD officer=S-OFF" };

	house_do(*state, &open);
	fact_says(*state, "case", "ACTOR-1", "opener", "S-OFF");
	fact_says(*state, "case", "ACTOR-1", "org", "UNIT-9");
}

/* Until there is a head of the laboratory, the administrator sets policies. */
static void
the_first_policies_are_the_administrators(void **state)
{
	struct house *h = *state;
	struct ex_json *v = house_fact(h, "log", "log");

	assert_int_equal(ex_json_get_int(v, "lab_head", 0), 1);
	ex_json_free(v);
	v = house_fact(h, "policy", "policy");
	assert_int_equal(ex_json_get_int(v, "version", 0), 1);
	assert_int_equal(ex_json_get_int(v, "registrars", 0), 2);
	ex_json_free(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_house_knows_what_was_entered),
		cmocka_unit_test(a_case_knows_what_was_entered),
		cmocka_unit_test(the_first_policies_are_the_administrators),
		cmocka_unit_test(facts_are_what_the_acts_said),
		cmocka_unit_test(the_actor_is_not_who_is_listed_first),
		cmocka_unit_test(a_closed_case_is_read_and_no_more),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
