/*
 * test_roles.c -- who may do what: every person of the house in every part of
 * every act, against a table written from the domain model.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/custody/house.h"

#define ENTRY  "investigator examiner prosecutor administrator"
#define READER "examiner prosecutor"
#define ADMIN  "administrator"
#define ANYONE "*"
#define ZEROS                              \
	"00000000000000000000000000000000" \
	"00000000000000000000000000000000"

/* What is not here is for anyone enrolled. */
static const struct {
	enum ex_act act;
	const char *role;
	const char *granted;
} table[] = {
	{ EX_ACT_ORG_ADD, "administrator", ADMIN },
	{ EX_ACT_PERSON_ADD, "administrator", ADMIN },
	{ EX_ACT_ROLE_GRANT, "administrator", ADMIN },
	{ EX_ACT_ROLE_END, "administrator", ADMIN },
	{ EX_ACT_COMPETENCE, "administrator", ADMIN },
	{ EX_ACT_LOCATION_ADD, "administrator", ADMIN },
	{ EX_ACT_TOOL_ADD, "administrator", ADMIN },
	{ EX_ACT_TOOL_VALIDATED, "administrator", ADMIN },
	{ EX_ACT_POLICY_SET, "administrator", ADMIN },
	{ EX_ACT_EPOCH, "administrator", ADMIN },
	{ EX_ACT_RECOVERED, "administrator", ADMIN },
	{ EX_ACT_ROTATE_LOG, "administrator", ADMIN },
	{ EX_ACT_ROTATE_CA, "administrator", ADMIN },
	{ EX_ACT_KEY_ENROL, "registrar", "registrar" },
	{ EX_ACT_KEY_REVOKE, "registrar", "registrar" },
	{ EX_ACT_DELEGATE, "examiner", "examiner" },
	{ EX_ACT_CASE_OPEN, "officer", ENTRY },
	{ EX_ACT_CASE_CHANGE, "officer", ENTRY },
	{ EX_ACT_AUTHORIZE, "officer", ENTRY },
	{ EX_ACT_AUTHORIZE_END, "officer", ENTRY },
	{ EX_ACT_ACCESS_GRANT, "officer", ENTRY },
	{ EX_ACT_ACCESS_END, "officer", ENTRY },
	{ EX_ACT_CASE_SEAL, "officer", ENTRY },
	{ EX_ACT_LINK_CASE, "officer", ENTRY },
	{ EX_ACT_REQUEST_OPEN, "officer", ENTRY },
	{ EX_ACT_REQUEST_CHANGE, "officer", ENTRY },
	{ EX_ACT_ASSIGN, "officer", ENTRY },
	{ EX_ACT_CASE_CLOSE, "officer", ENTRY },
	{ EX_ACT_SEIZE, "officer", ENTRY },
	{ EX_ACT_PACKAGE, "officer", ENTRY },
	{ EX_ACT_ANNOUNCE, "submitter", ENTRY },
	{ EX_ACT_RECEIVE, "custodian", "evidence_custodian" },
	{ EX_ACT_REFUSE_RECEIPT, "custodian", "evidence_custodian" },
	{ EX_ACT_STORE, "custodian", "evidence_custodian" },
	{ EX_ACT_MOVE, "custodian", "evidence_custodian" },
	{ EX_ACT_CHECK_OUT, "custodian", "evidence_custodian" },
	{ EX_ACT_CHECK_IN, "custodian", "evidence_custodian" },
	{ EX_ACT_INVENTORY, "custodian", "evidence_custodian" },
	{ EX_ACT_INVENTORY, "auditor", "auditor" },
	{ EX_ACT_FOUND, "custodian", "evidence_custodian" },
	{ EX_ACT_TAKE_OVER, "lab_head", "lab_head" },
	{ EX_ACT_CREATE, "examiner", "examiner" },
	{ EX_ACT_IMPORT, "examiner", "examiner" },
	{ EX_ACT_SEAL_BREAK, "examiner", "examiner" },
	{ EX_ACT_COMPONENT_OUT, "examiner", "examiner" },
	{ EX_ACT_COMPONENT_IN, "examiner", "examiner" },
	{ EX_ACT_SPLIT, "examiner", "examiner" },
	{ EX_ACT_ACQUIRE_START, "examiner", "examiner" },
	{ EX_ACT_ACQUIRE_PAUSE, "examiner", "examiner" },
	{ EX_ACT_ACQUIRE_END, "examiner", "examiner" },
	{ EX_ACT_EXAMINE_START, "examiner", "examiner" },
	{ EX_ACT_EXAMINE_END, "examiner", "examiner" },
	{ EX_ACT_CONNECT, "examiner", "examiner" },
	{ EX_ACT_VAULT_IN, "examiner", "examiner" },
	{ EX_ACT_REPLICATE, "examiner", "examiner" },
	{ EX_ACT_ARCHIVE, "examiner", "examiner" },
	{ EX_ACT_FIXITY_OK, "examiner", READER },
	{ EX_ACT_FIXITY_OK, "prosecutor", READER },
	{ EX_ACT_FIXITY_FAIL, "examiner", READER },
	{ EX_ACT_FIXITY_FAIL, "prosecutor", READER },
	{ EX_ACT_VERIFY, "examiner", READER },
	{ EX_ACT_VERIFY, "prosecutor", READER },
	{ EX_ACT_REPORT, "examiner", READER },
	{ EX_ACT_REPORT, "prosecutor", READER },
	{ EX_ACT_BUNDLE, "examiner", READER },
	{ EX_ACT_BUNDLE, "prosecutor", READER },
	{ EX_ACT_EXPORT, "examiner", READER },
	{ EX_ACT_EXPORT, "prosecutor", READER },
	{ EX_ACT_DISPOSE_APPROVE, "approver", "lab_head" },
	{ EX_ACT_DISPOSE_DONE, "executor", "evidence_custodian" },
	{ EX_ACT_PURGE, "executor", "evidence_custodian" },
	{ EX_ACT_PURGE, "approver", "lab_head" },
	{ EX_ACT_QUARANTINE_OFF, "lab_head", "lab_head" },
	{ EX_ACT_QUARANTINE_OFF, "custodian", "evidence_custodian" },
	{ EX_ACT_ANNUL, "lab_head", "lab_head" },
	{ EX_ACT_ERASE, "lab_head", "lab_head" },
};

static const char *
granted_for(enum ex_act act, const char *role)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].act == act && strcmp(table[i].role, role) == 0)
			return table[i].granted;
	return ANYONE;
}

/* Does the person's list in JSON have one of the words? */
static int
has_one(const char *roles, const char *granted)
{
	char word[64], quoted[64 + 2];
	size_t n;

	if (strcmp(granted, ANYONE) == 0)
		return 1;
	for (; *granted != '\0'; granted += n) {
		granted += strspn(granted, " ");
		n = strcspn(granted, " ");
		(void)snprintf(word, sizeof(word), "%.*s", (int)n, granted);
		(void)snprintf(quoted, sizeof(quoted), "'%s'", word);
		if (strstr(roles, quoted) != NULL)
			return 1;
	}
	return 0;
}

/* Fields that the act needs and that no test of an item has. */
static const struct {
	enum ex_act act;
	const char *fields, *texts;
} needed[] = {
	{ EX_ACT_ORG_ADD, "{'id':'X','kind':'court'}", "{'name_en':'X'}" },
	{ EX_ACT_PERSON_ADD, "{'id':'X','org':'MOJ','roles':['auditor']}",
	    "{'name_en':'X'}" },
	{ EX_ACT_ROLE_GRANT, "{'person':'S-OFF','grant':'auditor'}", NULL },
	{ EX_ACT_ROLE_END, "{'person':'S-AUD','grant':'auditor'}", NULL },
	{ EX_ACT_COMPETENCE,
	    "{'person':'S-EXA2','method':'imaging',"
	    "'until':'2030-01-01T00:00:00.000000Z'}",
	    NULL },
	{ EX_ACT_KEY_ENROL,
	    "{'person':'S-OFF','use':'person','storage':'file',"
	    "'key_name':'k','cert_sha256':'" ZEROS "'}",
	    NULL },
	{ EX_ACT_KEY_REVOKE, "{'cert_sha256':'" ZEROS "'}",
	    "{'reason':'lost'}" },
	{ EX_ACT_ROTATE,
	    "{'old_cert':'" ZEROS "','cert_sha256':'" ZEROS "',"
	    "'storage':'file','key_name':'k'}",
	    NULL },
	{ EX_ACT_DELEGATE, "{'station':'WS-1'}", NULL },
	{ EX_ACT_LOCATION_ADD, "{'id':'X','kind':'vault'}", NULL },
	{ EX_ACT_TOOL_ADD, "{'id':'X','kind':'imager'}", NULL },
	{ EX_ACT_TOOL_VALIDATED,
	    "{'id':'X','until':'2030-01-01T00:00:00.000000Z',"
	    "'report':'" ZEROS "'}",
	    NULL },
	{ EX_ACT_POLICY_SET,
	    "{'policy':{'quorum':'none','registrars':1,'unsealed':[],"
	    "'validation_required':0,'witness_seal_break':0},"
	    "'policy_sha256':'" ZEROS "'}",
	    NULL },
	{ EX_ACT_EPOCH,
	    "{'old_log':'x','size':1,'restored':1,'lost':0,"
	    "'root':'" ZEROS "'}",
	    "{'cause':'a fire'}" },
	{ EX_ACT_ROTATE_LOG, "{'old_key':'x','log_key':'y'}", NULL },
	{ EX_ACT_ROTATE_CA, "{'ca':'" ZEROS "'}", NULL },
	{ EX_ACT_RECOVERED, "{'index':1,'entry_sha256':'" ZEROS "'}", NULL },
	{ EX_ACT_CASE_OPEN, NULL, "{'title':'X'}" },
	{ EX_ACT_AUTHORIZE, "{'number':'W-9','kind':'order'}", NULL },
	{ EX_ACT_AUTHORIZE_END, "{'number':'W-1'}", NULL },
	{ EX_ACT_ACCESS_GRANT, "{'to':'MOJ'}", NULL },
	{ EX_ACT_ACCESS_END, "{'to':'MOJ'}", NULL },
	{ EX_ACT_LINK_CASE, "{'other':'X'}", NULL },
	{ EX_ACT_REQUEST_OPEN, "{'number':'X'}", NULL },
	{ EX_ACT_REQUEST_CHANGE, "{'number':'X'}", NULL },
	{ EX_ACT_ASSIGN, "{'examiner':'S-EXAM'}", NULL },
};

/* An act of any stream with one party alone: parties are judged first. */
static void
make_act(struct act *out, enum ex_act act, const char *item)
{
	unsigned on = ex_act(act)->streams;

	memset(out, 0, sizeof(*out));
	if (on & 1u << EX_STREAM_ITEM)
		house_usual(out, act, item);
	out->act = act;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (needed[i].act != act)
			continue;
		out->fields = needed[i].fields;
		out->texts = needed[i].texts;
	}
	if (on & 1u << EX_STREAM_LAB)
		out->stream = "lab:" HOUSE_ORG;
	else if ((on & 1u << EX_STREAM_ITEM) == 0)
		out->stream = "case:" HOUSE_CASE;
}

/* Is this person told that the part takes another role?  1 and a line when
 * that is not as the table says. */
static int
check_person(struct house *h, enum ex_act act, const char *role, int who,
    const char *item)
{
	const char *granted = granted_for(act, role);
	struct ex_err err = EX_ERR_INIT;
	char parties[128];
	struct act a;
	int may, told;

	make_act(&a, act, item);
	(void)snprintf(parties, sizeof(parties), "%s=%s", role, h->key[who].id);
	a.parties = parties;
	(void)house_judge(h, &a, NULL, &err);
	told = err.code == EX_DENIED &&
	       strstr(err.text, "it takes the role") != NULL;
	may = has_one(h->key[who].roles, granted);
	if (may != told)
		return 0;
	print_error("%s as %s of %s: %s (the table says: %s)\n", h->key[who].id,
	    role, ex_act(act)->name, told ? "may not" : "may", granted);
	return 1;
}

static void
parts_are_for_those_who_hold_the_role(void **state)
{
	struct house *h = *state;
	char item[EX_STREAM_TEXT];
	int wrong = 0;

	(void)snprintf(item, sizeof(item), "item:%s", house_number(h));
	for (int a = EX_ACT_GENESIS + 1; a < EX_ACTS; a++) {
		const struct ex_act_def *d = ex_act((enum ex_act)a);

		for (size_t r = 0; d->role[r].role != NULL; r++) {
			if ((d->role[r].modes & 1u << EX_MODE_SIGNED) == 0)
				continue;
			for (int who = 0; who < H_KEYS; who++)
				if (h->key[who].mode == EX_MODE_SIGNED)
					wrong += check_person(h, d->act,
					    d->role[r].role, who, item);
		}
	}
	assert_int_equal(wrong, 0);
}

/* What is the machines' is not a person's, and the reverse. */
static void
machines_and_people_do_not_stand_in(void **state)
{
	static const struct {
		enum ex_act act;
		const char *parties, *says;
	} c[] = {
		{ EX_ACT_HEADS, "service=S-1001", "may not be \"signed\"" },
		{ EX_ACT_HEADS, "service=WS-1", "may not be \"station\"" },
		{ EX_ACT_CASE_CLOSE, "officer=LOG-1",
		    "may not be \"service\"" },
		{ EX_ACT_CASE_CLOSE, "officer=WS-1", "may not be \"station\"" },
		{ EX_ACT_CASE_CLOSE, "judge=S-JUDG", "has no party \"judge\"" },
		{ EX_ACT_CASE_CLOSE, "witness=S-OFF", "needs its officer" },
		{ EX_ACT_CASE_CLOSE,
		    "officer=X-9@UNIT-9/paper/S-OFF witness=S-OFF",
		    "may not be \"paper\"" },
	};
	struct house *h = *state;

	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct act a = { .act = c[i].act, .parties = c[i].parties };

		a.stream = c[i].act == EX_ACT_HEADS ? "lab:" HOUSE_ORG
						    : "case:" HOUSE_CASE;
		if (c[i].act == EX_ACT_HEADS)
			a.fields = "{'size':0,'count':0,'root':"
				   "'" ZEROS "'}";
		assert_int_equal(house_judge(h, &a, NULL, &err), -1);
		assert_int_equal(err.code, EX_DENIED);
		if (strstr(err.text, c[i].says) == NULL)
			fail_msg("%s: %s", c[i].parties, err.text);
	}
}

static void
a_granted_role_ends(void **state)
{
	static const struct act open = { .act = EX_ACT_CASE_OPEN,
		.stream = "case:ROLE-1",
		.texts = "{'title':'X'}",
		.parties = "officer=S-AUD" };
	struct act grant = { .act = EX_ACT_ROLE_GRANT,
		.stream = "lab:" HOUSE_ORG,
		.parties = "administrator=S-1001" };
	struct house *h = *state;
	char until[EX_TIME_TEXT], fields[128];
	struct ex_err why = EX_ERR_INIT;

	assert_int_equal(house_judge(h, &open, NULL, &why), -1);
	ex_time_text(until, h->now + 3600 * EX_SECOND);
	(void)snprintf(fields, sizeof(fields),
	    "{'person':'S-AUD','grant':'investigator','until':'%s'}", until);
	grant.fields = fields;
	house_do(h, &grant);
	MUST(house_judge(h, &open, NULL, err));
	h->now += 3600 * EX_SECOND;
	ex_err_clear(&why);
	assert_int_equal(house_judge(h, &open, NULL, &why), -1);
	assert_int_equal(why.code, EX_DENIED);
	grant.fields = "{'person':'S-AUD','grant':'investigator'}";
	house_do(h, &grant);
	MUST(house_judge(h, &open, NULL, err));
	grant.act = EX_ACT_ROLE_END;
	house_do(h, &grant);
	ex_err_clear(&why);
	assert_int_equal(house_judge(h, &open, NULL, &why), -1);
	assert_int_equal(why.code, EX_DENIED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_for_those_who_hold_the_role),
		cmocka_unit_test(machines_and_people_do_not_stand_in),
		cmocka_unit_test(a_granted_role_ends),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
