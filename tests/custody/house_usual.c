/*
 * house_usual.c -- a laboratory for tests: the usual way to do each act to an
 * item, and how an item gets into each state.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/custody/house.h"

#define SEEN  "'seal':'$SEAL','seal_state':'$FOUND'"
#define KIND  "'kind':'physical_medium'"
#define THERE "'condition':'as it was'"

static const struct act usual[EX_ACTS] = {
	[EX_ACT_SEIZE] = { .fields = "{'case':'$CASE','seizure_record':'R-1',"
				     "'authority':'W-1'," KIND "}",
	    .texts = "{'description':'a disk','place':'a desk'}",
	    .parties = "officer=S-EXAM" },
	[EX_ACT_PACKAGE] = { .fields = "{'case':'$CASE','seizure_record':'R-1',"
				       "'authority':'W-1'," KIND "}",
	    .texts = "{'description':'a disk in a bag','place':'a desk'}",
	    .parties = "officer=S-EXAM" },
	[EX_ACT_ANNOUNCE] = { .fields = "{'case':'$CASE',"
					"'seizure_record':'R-1',"
					"'seal':'$NEW'," KIND "}",
	    .texts = "{'description':'a disk'}",
	    .parties = "submitter=S-OFF" },
	[EX_ACT_RECEIVE] = { .fields = "{" SEEN ",'location':'RECEPTION'}",
	    .texts = "{" THERE "}",
	    .parties = "custodian=S-CUST|S-CUS2 submitter=$HOLDER" },
	[EX_ACT_REFUSE_RECEIPT] = { .texts = "{'reason':'no papers'}",
	    .parties = "custodian=S-CUST" },
	[EX_ACT_CREATE] = { .fields = "{'case':'$CASE','nature':'physical',"
				      "'kind':'derived_output'}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_IMPORT] = { .fields = "{'case':'$CASE','format':'raw',"
				      "'kind':'forensic_image'}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_STORE] = { .fields = "{'location':'VAULT-1'}",
	    .parties = "custodian=S-CUST" },
	[EX_ACT_MOVE] = { .fields = "{'location':'VAULT-1'}",
	    .parties = "custodian=S-CUST" },
	[EX_ACT_CHECK_OUT] = { .fields = "{'authority':'W-1'}",
	    .texts = "{'purpose':'imaging'}",
	    .parties = "custodian=S-CUST receiver=S-EXAM" },
	[EX_ACT_CHECK_IN] = { .fields = "{" SEEN ",'location':'VAULT-1'}",
	    .parties = "holder=S-EXAM custodian=S-CUST" },
	[EX_ACT_HAND_OVER] = { .texts = "{'running':'imaging, or nothing'}",
	    .parties = "releaser=$HOLDER receiver=S-EXA2" },
	[EX_ACT_TAKE_OVER] = { .fields = "{" SEEN "}",
	    .texts = "{" THERE ",'reason':'the holder is ill'}",
	    .parties = "custodian=S-EXA2 lab_head=S-HEAD" },
	[EX_ACT_SEAL_APPLY] = { .fields = "{'seal':'$NEW'$LAST}",
	    .parties = "holder=$HOLDER" },
	[EX_ACT_SEAL_BREAK] = { .fields = "{" SEEN "}",
	    .texts = "{'reason':'imaging'}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_COMPONENT_OUT] = { .fields = "{'children':['$ITEM-C1']}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_SPLIT] = { .fields = "{'children':['$ITEM-S1']}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_COMPONENT_IN] = { .fields = "{'parent':'$PARENT'}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_ACQUIRE_START] = { .fields = "{'acquisition':'$ACQ',"
					     "'method':'physical',"
					     "'write_protection':'hardware',"
					     "'competence':'none',"
					     "'tool_validation':'none',"
					     "'authority':'W-1'}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_ACQUIRE_PAUSE] = { .fields = "{'acquisition':'$ACQ'}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_ACQUIRE_END] = { .fields = "{'acquisition':'$ACQ',"
					   "'result':'aborted'}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_OFFER_TRANSFER] = { .fields = "{'to':'S-PROS',"
					      "'method':'in_person'}",
	    .parties = "releaser=$HOLDER" },
	[EX_ACT_ACCEPT_TRANSFER] = { .fields =
					 "{" SEEN ",'location':'COURT-1'}",
	    .texts = "{" THERE "}",
	    .parties = "receiver=$TO" },
	[EX_ACT_REFUSE_TRANSFER] = { .texts = "{'reason':'not ours'}",
	    .parties = "receiver=$TO" },
	[EX_ACT_CANCEL_TRANSFER] = { .parties = "releaser=$FROM" },
	[EX_ACT_PICK_UP] = { .parties = "releaser=$FROM carrier=S-COUR" },
	[EX_ACT_COURT_RETURN] = { .parties =
				      "releaser=$HOLDER receiver=S-CUS2|S-CUST" },
	[EX_ACT_ENTRUST] = { .fields = "{'order':'O-1','examiner':'S-EXAM'}",
	    .parties = "releaser=$HOLDER keeper=O-1|S-COUR" },
	[EX_ACT_RECALL] = { .fields = "{'order':'O-2'}",
	    .parties = "releaser=S-CUST|S-CUS2 keeper=$HOLDER" },
	[EX_ACT_RETURN_ACCEPT] = { .parties =
				       "custodian=$HOLDER owner=O-1|S-COUR" },
	[EX_ACT_DISPOSE_APPROVE] = { .parties = "approver=S-HEAD" },
	[EX_ACT_DISPOSE_DONE] = { .parties = "executor=S-CUST witness=S-AUD" },
	[EX_ACT_DISPOSED_ELSEWHERE] = { .fields =
					    "{'outcome':'DISPOSED','document':"
					    "'0000000000000000000000000000000"
					    "000000000000000000000000000000001"
					    "'}",
	    .parties = "custodian=S-CUST" },
	[EX_ACT_MISSING] = { .texts = "{'reason':'not on its shelf'}",
	    .parties = "officer=S-AUD" },
	[EX_ACT_FOUND] = { .fields = "{" SEEN ",'location':'VAULT-1'}",
	    .texts = "{" THERE "}",
	    .parties = "custodian=S-CUST" },
	[EX_ACT_PHOTOGRAPH] = { .parties = "officer=S-OFF" },
	[EX_ACT_INSPECT] = { .parties = "officer=S-OFF" },
	[EX_ACT_SEAL_CHECK] = { .fields = "{" SEEN "}",
	    .parties = "holder=$HOLDER" },
	[EX_ACT_EXTERNAL_SEAL] = { .fields = "{'seal':'COURT-7'}",
	    .parties = "holder=$HOLDER" },
	[EX_ACT_INVENTORY] = { .fields = "{'location':'VAULT-1'}",
	    .parties = "custodian=S-CUST auditor=S-AUD" },
	[EX_ACT_NOTE] = { .texts = "{'note':'something'}",
	    .parties = "officer=S-OFF" },
	[EX_ACT_DEVIATION] = { .texts = "{'what':'it was on',"
					"'reason':'it could not be off'}",
	    .parties = "officer=S-CUST" },
	[EX_ACT_FINDING_EXPLAIN] = { .fields = "{'entry':'$LEAF'}",
	    .texts = "{'note':'a typing error'}",
	    .parties = "officer=S-OFF" },
	[EX_ACT_EXAMINE_START] = { .parties = "examiner=S-EXAM" },
	[EX_ACT_EXAMINE_END] = { .parties = "examiner=S-EXAM" },
	[EX_ACT_CONNECT] = { .parties = "examiner=S-EXAM" },
	[EX_ACT_COPY] = { .texts = "{'purpose':'for the court'}",
	    .parties = "officer=S-EXAM" },
	[EX_ACT_VIEW] = { .texts = "{'purpose':'reading'}",
	    .parties = "officer=S-OFF" },
	[EX_ACT_CONFIRM] = { .fields = "{'entry':'$LEAF'}",
	    .parties = "officer=S-EXAM" },
	[EX_ACT_DISOWN] = { .fields = "{'entry':'$LEAF'}",
	    .texts = "{'reason':'that was not me'}",
	    .parties = "officer=S-EXAM" },
	[EX_ACT_CORRECT] = { .fields = "{'field':'occurred_at'}",
	    .texts = "{'old':'noon','new':'one'}",
	    .parties = "officer=S-OFF" },
	[EX_ACT_ANNUL] = { .texts = "{'reason':'the wrong item'}",
	    .parties = "officer=S-CUST lab_head=S-HEAD" },
	[EX_ACT_LATE_ENTRY] = { .fields = "{'act':'photograph',"
					  "'source':'camera'}",
	    .parties = "officer=S-OFF",
	    .ago = 3600 * EX_SECOND },
	[EX_ACT_ERASE] = { .fields = "{'entry':'$LEAF','paths':['note']}",
	    .texts = "{'reason':'a court has ordered it'}",
	    .parties = "officer=S-CUST lab_head=S-HEAD" },
	[EX_ACT_HOLD_ON] = { .texts = "{'reason':'an appeal'}",
	    .parties = "officer=S-PROS" },
	[EX_ACT_HOLD_OFF] = { .texts = "{'reason':'decided'}",
	    .parties = "officer=S-PROS" },
	[EX_ACT_QUARANTINE_ON] = { .texts = "{'reason':'to be looked into'}",
	    .parties = "officer=S-AUD" },
	[EX_ACT_QUARANTINE_OFF] = { .texts = "{'reason':'looked into'}",
	    .parties = "lab_head=S-HEAD custodian=S-CUST" },
	[EX_ACT_SCOPE_STOP] = { .texts = "{'reason':'another offence'}",
	    .parties = "officer=S-EXAM" },
	[EX_ACT_SCOPE_EXTEND] = { .texts = "{'reason':'a second warrant'}",
	    .parties = "officer=S-EXAM approver=S-PROS" },
	[EX_ACT_PRIVILEGE_HOLD] = { .texts = "{'reason':'a lawyer'}",
	    .parties = "officer=S-EXAM" },
	[EX_ACT_FIXITY_OK] = { .fields = "{'verdict':'ok'}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_FIXITY_FAIL] = { .fields = "{'verdict':'digest_differs'}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_VERIFY] = { .fields = "{'verdict':'ok'}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_VAULT_IN] = { .parties = "examiner=S-EXAM" },
	[EX_ACT_REPLICATE] = { .parties = "examiner=S-EXAM" },
	[EX_ACT_ARCHIVE] = { .parties = "examiner=S-EXAM" },
	[EX_ACT_PURGE] = { .fields = "{'order':'O-3'}",
	    .texts = "{'reason':'the court has ordered it'}",
	    .parties = "executor=S-CUST approver=S-HEAD witness=S-AUD" },
	[EX_ACT_REPORT] = { .fields =
				"{'sha256':'00000000000000000000000000000000"
				"00000000000000000000000000000002','size':1,"
				"'format':'html','language':'en'}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_BUNDLE] = { .fields = "{'log_size':1}",
	    .parties = "prosecutor=S-PROS" },
	[EX_ACT_EXPORT] = { .fields = "{'format':'raw'}",
	    .parties = "examiner=S-EXAM" },
	[EX_ACT_SHARE] = { .fields = "{'to':'S-PROS'}",
	    .parties = "officer=S-EXAM" },
	[EX_ACT_SHARE_RECEIPT] = { .fields = "{'to':'S-PROS'}",
	    .parties = "receiver=S-PROS" },
};

void
house_usual(struct act *out, enum ex_act act, const char *stream)
{
	assert_non_null(usual[act].parties);
	*out = usual[act];
	out->act = act;
	out->stream = stream;
}

/* The state before, and what leads from there; a part takes two items. */
static const struct {
	enum ex_state to, from;
	enum ex_act act;
	const char *fields; /* NULL: the usual ones */
} way[] = {
	{ EX_SEIZED, EX_NOWHERE, EX_ACT_SEIZE, NULL },
	{ EX_ANNOUNCED, EX_NOWHERE, EX_ACT_ANNOUNCE, NULL },
	{ EX_RECEIVED, EX_ANNOUNCED, EX_ACT_RECEIVE, NULL },
	{ EX_IN_STORE, EX_RECEIVED, EX_ACT_STORE, NULL },
	{ EX_CHECKED_OUT, EX_IN_STORE, EX_ACT_CHECK_OUT, NULL },
	{ EX_OPENED, EX_CHECKED_OUT, EX_ACT_SEAL_BREAK, NULL },
	{ EX_ACQUIRING, EX_OPENED, EX_ACT_ACQUIRE_START, NULL },
	{ EX_IN_TRANSIT, EX_IN_STORE, EX_ACT_OFFER_TRANSFER, NULL },
	{ EX_AT_COURT, EX_IN_TRANSIT, EX_ACT_ACCEPT_TRANSFER, NULL },
	{ EX_TRANSFERRED_OUT, EX_IN_TRANSIT, EX_ACT_ACCEPT_TRANSFER,
	    "{'seal':'$SEAL','seal_state':'$FOUND','location':'COURT-1',"
	    "'final':1}" },
	/* Unsealed, so that it can be imaged where it is kept. */
	{ EX_HELD_BY_OTHER, EX_SEIZED, EX_ACT_ENTRUST, NULL },
	{ EX_MISSING, EX_IN_STORE, EX_ACT_MISSING, NULL },
	{ EX_RETURNED, EX_IN_STORE, EX_ACT_RETURN_ACCEPT, NULL },
	{ EX_CREATED, EX_NOWHERE, EX_ACT_IMPORT, NULL },
	{ EX_VERIFIED, EX_CREATED, EX_ACT_VERIFY, NULL },
	{ EX_STORED, EX_VERIFIED, EX_ACT_VAULT_IN, NULL },
	{ EX_REPLICATED, EX_STORED, EX_ACT_REPLICATE, NULL },
	{ EX_ARCHIVED, EX_STORED, EX_ACT_ARCHIVE, NULL },
	{ EX_PURGED, EX_ARCHIVED, EX_ACT_PURGE, NULL },
};

static void
step(struct house *h, const char *id, enum ex_act act, const char *fields)
{
	char stream[EX_STREAM_TEXT];
	struct act a;

	(void)snprintf(stream, sizeof(stream), "item:%s", id);
	house_usual(&a, act, stream);
	if (fields != NULL)
		a.fields = fields;
	house_do(h, &a);
}

/* A part, taken out and put back. */
static const char *
bring_part(struct house *h)
{
	static char part[EX_ITEM_MAX + 1];
	const char *parent = house_bring(h, EX_OPENED);
	char fields[256];

	step(h, parent, EX_ACT_COMPONENT_OUT, NULL);
	(void)snprintf(part, sizeof(part), "%s-C1", parent);
	(void)snprintf(fields, sizeof(fields),
	    "{'case':'$CASE','parent':'%s','kind':'device'}", parent);
	step(h, part, EX_ACT_COMPONENT_OUT, fields);
	step(h, part, EX_ACT_COMPONENT_IN, NULL);
	return part;
}

/* What takes more than one act from the state before. */
static const char *
bring_specially(struct house *h, enum ex_state state)
{
	const char *id;

	if (state == EX_IN_PARENT)
		return bring_part(h);
	id = house_bring(h, EX_IN_STORE);
	if (state == EX_DISPOSED) {
		step(h, id, EX_ACT_DISPOSE_APPROVE, NULL);
		step(h, id, EX_ACT_DISPOSE_DONE, NULL);
	} else {
		step(h, id, EX_ACT_OFFER_TRANSFER,
		    "{'to':'S-OFF','method':'courier'}");
		step(h, id, EX_ACT_ACCEPT_TRANSFER, NULL);
	}
	return id;
}

const char *
house_bring(struct house *h, enum ex_state state)
{
	const char *id = NULL;

	if (state == EX_NOWHERE)
		return house_number(h);
	for (size_t i = 0; id == NULL && i < sizeof(way) / sizeof(way[0]);
	     i++) {
		if (way[i].to != state)
			continue;
		id = house_bring(h, way[i].from);
		step(h, id, way[i].act, way[i].fields);
	}
	if (id == NULL)
		id = bring_specially(h, state);
	assert_string_equal(house_item(h, id, "state"), ex_state_name(state));
	return id;
}
