/*
 * test_imaging.c -- imaging a medium, what is made from it, parts.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/custody/claims.h"

#define ACQ "01890000-0000-7000-8000-00000000000"
#define BEGIN(n)                                                           \
	"'acquisition':'" ACQ n "','method':'physical','authority':'W-1'," \
	"'write_protection':'hardware','competence':'none',"               \
	"'tool_validation':'none'"
#define TWO                                                          \
	"[{'alg':'md5','value':'00000000000000000000000000000000'}," \
	"{'alg':'sha256','value':'00000000000000000000000000000000"  \
	"00000000000000000000000000000000'}]"
#define ONE                                                          \
	"[{'alg':'sha256','value':'00000000000000000000000000000000" \
	"00000000000000000000000000000000'}]"
#define END(result) "{'acquisition':'$ACQ','result':'" result "'"

static const struct claim begun[] = {
	{ "by who has it", EX_OPENED, .a = { EX_ACT_ACQUIRE_START },
	    .to = "ACQUIRING" },
	{ "by another examiner", EX_OPENED,
	    .a = { EX_ACT_ACQUIRE_START, .parties = "examiner=S-EXA2" },
	    .code = EX_DENIED, .says = "is with S-EXAM" },
	{ "after a hand-over, by the next", EX_OPENED,
	    .before = { { EX_ACT_HAND_OVER } },
	    .a = { EX_ACT_ACQUIRE_START, .parties = "examiner=S-EXA2" },
	    .to = "ACQUIRING" },
	{ "in the field, by the one who seized it", EX_SEIZED,
	    .a = { EX_ACT_ACQUIRE_START }, .to = "ACQUIRING" },
	{ "in the field, by another", EX_SEIZED,
	    .a = { EX_ACT_ACQUIRE_START, .parties = "examiner=S-EXA2" },
	    .code = EX_DENIED, .says = "is with S-EXAM" },
	{ "in the field, under its seal", EX_SEIZED,
	    .before = { { EX_ACT_SEAL_APPLY } }, .a = { EX_ACT_ACQUIRE_START },
	    .code = EX_STATE, .says = "under seal" },
	{ "at a keeper's, by the one whom the order names", EX_HELD_BY_OTHER,
	    .a = { EX_ACT_ACQUIRE_START }, .to = "ACQUIRING" },
	{ "at a keeper's, by another", EX_HELD_BY_OTHER,
	    .a = { EX_ACT_ACQUIRE_START, .parties = "examiner=S-EXA2" },
	    .code = EX_DENIED, .says = "not with S-EXA2" },
	{ "at a keeper's, where the order names nobody", EX_SEIZED,
	    .before = { { EX_ACT_ENTRUST, .fields = "{'order':'O-1'}" } },
	    .a = { EX_ACT_ACQUIRE_START }, .code = EX_STATE,
	    .says = "names no examiner" },
	{ "twice at once", EX_ACQUIRING, .a = { EX_ACT_ACQUIRE_START },
	    .code = EX_STATE, .says = "is being imaged" },
	{ "resumed", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_START,
		.fields = "{'acquisition':'$ACQ','method':'physical',"
			  "'authority':'W-1','write_protection':'hardware',"
			  "'competence':'none','tool_validation':'none',"
			  "'resumed':1}" },
	    .to = "ACQUIRING" },
	{ "resumed as another", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_START,
		.fields = "{" BEGIN("9") ",'resumed':1}" },
	    .code = EX_STATE, .says = "another acquisition" },
	{ "resumed by one who does not have it", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_START,
		.fields = "{'acquisition':'$ACQ','method':'physical',"
			  "'authority':'W-1','write_protection':'hardware',"
			  "'competence':'none','tool_validation':'none',"
			  "'resumed':1}",
		.parties = "examiner=S-EXA2" },
	    .code = EX_DENIED, .says = "is with S-EXAM" },
	{ "resumed after a pause", EX_ACQUIRING,
	    .before = { { EX_ACT_ACQUIRE_PAUSE } },
	    .a = { EX_ACT_ACQUIRE_START,
		.fields = "{'acquisition':'$ACQ','method':'physical',"
			  "'authority':'W-1','write_protection':'hardware',"
			  "'competence':'none','tool_validation':'none',"
			  "'resumed':1}" },
	    .to = "ACQUIRING" },
	{ "resumed after a pause as another", EX_ACQUIRING,
	    .before = { { EX_ACT_ACQUIRE_PAUSE } },
	    .a = { EX_ACT_ACQUIRE_START,
		.fields = "{" BEGIN("9") ",'resumed':1}" },
	    .code = EX_STATE, .says = "another acquisition" },
	{ "resumed where nothing was begun", EX_OPENED,
	    .a = { EX_ACT_ACQUIRE_START,
		.fields = "{" BEGIN("9") ",'resumed':1}" },
	    .code = EX_STATE, .says = "another acquisition" },
	{ "another serial number than the label's", EX_OPENED,
	    .a = { EX_ACT_ACQUIRE_START,
		.fields = "{" BEGIN("8") ",'serial_match':'differs'}" },
	    .says = "serial-differs", .to = "ACQUIRING" },
};

/* competence and validation are what the log says of them. */
static const struct claim terms[] = {
	{ "called competent without a record", EX_OPENED,
	    .a = { EX_ACT_ACQUIRE_START,
		.fields = "{'acquisition':'$ACQ','method':'physical',"
			  "'write_protection':'hardware','authority':'W-1',"
			  "'competence':'in_date',"
			  "'tool_validation':'none'}" },
	    .code = EX_STATE, .says = "the log says \"none\"" },
	{ "a tool that nobody entered", EX_OPENED,
	    .a = { EX_ACT_ACQUIRE_START,
		.fields = "{" BEGIN("1") ",'tool':'X-404'}" },
	    .code = EX_ABSENT, .says = "no tool" },
	{ "competent, as is on record", EX_OPENED,
	    .before = { { EX_ACT_COMPETENCE, .stream = "lab:" HOUSE_ORG,
		.fields = "{'person':'S-EXAM','method':'imaging',"
			  "'until':'2030-01-01T00:00:00.000000Z'}",
		.parties = "administrator=S-1001" } },
	    .a = { EX_ACT_ACQUIRE_START,
		.fields = "{'acquisition':'$ACQ','method':'physical',"
			  "'write_protection':'hardware','authority':'W-1',"
			  "'competence':'in_date',"
			  "'tool_validation':'none'}" },
	    .to = "ACQUIRING" },
	{ "competent no more", EX_OPENED,
	    .before = { { EX_ACT_COMPETENCE, .stream = "lab:" HOUSE_ORG,
		.fields = "{'person':'S-EXAM','method':'imaging',"
			  "'until':'2020-01-01T00:00:00.000000Z'}",
		.parties = "administrator=S-1001" } },
	    .a = { EX_ACT_ACQUIRE_START,
		.fields = "{'acquisition':'$ACQ','method':'physical',"
			  "'write_protection':'hardware','authority':'W-1',"
			  "'competence':'expired',"
			  "'tool_validation':'none'}" },
	    .to = "ACQUIRING" },
};

static const struct claim ended[] = {
	{ "aborted, without an image", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_END }, .says = "acquisition",
	    .to = "OPENED" },
	{ "aborted while it is paused", EX_ACQUIRING,
	    .before = { { EX_ACT_ACQUIRE_PAUSE } }, .a = { EX_ACT_ACQUIRE_END },
	    .says = "acquisition", .to = "OPENED" },
	{ "complete while it is paused", EX_ACQUIRING,
	    .before = { { EX_ACT_ACQUIRE_PAUSE } },
	    .a = { EX_ACT_ACQUIRE_END,
		.fields = END("complete") ",'image':'$ITEM-I1'}" },
	    .code = EX_STATE, .says = "is paused" },
	{ "aborted where nothing was begun", EX_OPENED,
	    .a = { EX_ACT_ACQUIRE_END }, .code = EX_STATE,
	    .says = "another acquisition" },
	{ "aborted, with one", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_END,
		.fields = END("aborted") ",'image':'$ITEM-I1'}" },
	    .code = EX_FORMAT, .says = "leaves no image" },
	{ "complete, without an image", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_END, .fields = END("complete") "}" },
	    .code = EX_FORMAT, .says = "names no image" },
	{ "complete, without digests", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_END,
		.fields = END("complete") ",'image':'$ITEM-I1'}" },
	    .code = EX_FORMAT, .says = "one digest more" },
	{ "complete, with one digest", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_END,
		.fields = END("complete") ",'image':'$ITEM-I1'}",
		.digests = ONE },
	    .code = EX_FORMAT, .says = "one digest more" },
	{ "complete", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_END,
		.fields = END("complete") ",'image':'$ITEM-I1'}",
		.digests = TWO },
	    .to = "OPENED" },
	{ "with errors: a finding", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_END,
		.fields = END("complete_with_errors") ",'image':'$ITEM-I1'}",
		.digests = TWO },
	    .says = "acquisition", .to = "OPENED" },
	{ "another acquisition's end", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_END,
		.fields = "{'acquisition':'" ACQ "9','result':'aborted'}" },
	    .code = EX_STATE, .says = "another acquisition" },
	{ "a station's word without a delegate", EX_ACQUIRING,
	    .a = { EX_ACT_ACQUIRE_END, .parties = "station=WS-1" },
	    .code = EX_DENIED, .says = "has no delegate of S-EXAM" },
	{ "a station's word under one that ended", EX_ACQUIRING,
	    .before = { { EX_ACT_DELEGATE, .stream = "lab:" HOUSE_ORG,
		.fields = "{'station':'WS-1',"
			  "'until':'2026-01-01T00:00:00.000000Z'}",
		.parties = "examiner=S-EXAM" } },
	    .a = { EX_ACT_ACQUIRE_END, .parties = "station=WS-1" },
	    .code = EX_DENIED, .says = "has no delegate of S-EXAM" },
	{ "a station's word under a delegate", EX_ACQUIRING,
	    .before = { { EX_ACT_DELEGATE, .stream = "lab:" HOUSE_ORG,
		.fields = "{'station':'WS-1'}",
		.parties = "witness=S-AUD examiner=S-EXAM" } },
	    .a = { EX_ACT_ACQUIRE_END, .parties = "station=WS-1" },
	    .says = "unconfirmed", .to = "OPENED" },
	{ "no station stands in for a person", EX_OPENED,
	    .a = { EX_ACT_ACQUIRE_START, .parties = "station=WS-1" },
	    .code = EX_DENIED, .says = "has no party \"station\"" },
};

#define BAD	  "{'count':2,'lba':7,'status':'bad'}"
#define SKIPPED	  "{'count':3,'lba':9,'status':'skipped'}"
#define LATE	  "{'count':1,'lba':99,'status':'recovered','tries':2}"
#define MISSING	  "{'count':8,'lba':100,'status':'missing'}"
#define MD5	  "'00000000000000000000000000000000'"
#define MD5_OTHER "'00000000000000000000000000000001'"
#define IMAGED(result, more)                                               \
	{                                                                  \
		EX_ACT_ACQUIRE_END,                                        \
		    .fields = END(result) ",'image':'$ITEM-I1'," more "}", \
		    .digests = TWO                                         \
	}

/* What is said of the reading must be one story. */
static const struct claim reading[] = {
	{ "no bad sector", EX_ACQUIRING,
	    .a = IMAGED("complete", "'bad_sectors':0"), .to = "OPENED" },
	{ "some came late: that is complete", EX_ACQUIRING,
	    .a = IMAGED("complete", "'bad_sectors':0,'bad_ranges':[" LATE "]"),
	    .to = "OPENED" },
	{ "bad and skipped ones", EX_ACQUIRING,
	    .a = IMAGED("complete_with_errors",
		"'bad_sectors':5,'bad_ranges':[" BAD "," SKIPPED "," LATE "]"),
	    .says = "acquisition", .to = "OPENED" },
	{ "missing ones are not in the image", EX_ACQUIRING,
	    .a = IMAGED("truncated",
		"'bad_sectors':2,'bad_ranges':[" BAD "," MISSING "]"),
	    .says = "acquisition", .to = "OPENED" },
	{ "complete, with bad sectors", EX_ACQUIRING,
	    .a = IMAGED("complete", "'bad_sectors':2"), .code = EX_FORMAT,
	    .says = "with 2 bad sectors" },
	{ "complete, with bad ranges", EX_ACQUIRING,
	    .a = IMAGED("complete", "'bad_ranges':[" SKIPPED "]"),
	    .code = EX_FORMAT, .says = "with 3 bad sectors" },
	{ "with errors, and none", EX_ACQUIRING,
	    .a = IMAGED("complete_with_errors", "'bad_sectors':0"),
	    .code = EX_FORMAT, .says = "without a bad sector" },
	{ "a number that is not the list's", EX_ACQUIRING,
	    .a = IMAGED("complete_with_errors",
		"'bad_sectors':2,'bad_ranges':[" BAD "," SKIPPED "]"),
	    .code = EX_FORMAT, .says = "bad_ranges 5" },
	{ "read again, the same", EX_ACQUIRING,
	    .a = IMAGED(
		"complete", "'verify_source':{'md5':" MD5 ",'result':'same'}"),
	    .to = "OPENED" },
	{ "read again, and another: a finding", EX_ACQUIRING,
	    .a = IMAGED("complete",
		"'verify_source':{'md5':" MD5_OTHER ",'result':'differs'}"),
	    .says = "source-not-stable", .to = "OPENED" },
	{ "not read again: a finding", EX_ACQUIRING,
	    .a = IMAGED("complete", "'verify_source':{'result':'unreadable'}"),
	    .says = "source-unread", .to = "OPENED" },
	{ "the same, with another digest", EX_ACQUIRING,
	    .a = IMAGED("complete",
		"'verify_source':{'md5':" MD5_OTHER ",'result':'same'}"),
	    .code = EX_FORMAT, .says = "say otherwise" },
	{ "another, with the same digest", EX_ACQUIRING,
	    .a = IMAGED("complete",
		"'verify_source':{'md5':" MD5 ",'result':'differs'}"),
	    .code = EX_FORMAT, .says = "say otherwise" },
	{ "it grew: a finding", EX_ACQUIRING,
	    .a = IMAGED("complete", "'size_after':4096"),
	    .says = "source-resized", .to = "OPENED" },
};

static const struct claim digital[] = {
	{ "verified as something else: a finding", EX_CREATED,
	    .a = { EX_ACT_VERIFY, .fields = "{'verdict':'digest_differs'}" },
	    .says = "fixity", .to = "CREATED" },
	{ "viewed before it was verified", EX_CREATED, .a = { EX_ACT_VIEW },
	    .code = EX_STATE, .says = "is CREATED" },
	{ "exported before it was verified", EX_CREATED, .a = { EX_ACT_EXPORT },
	    .code = EX_STATE, .says = "is CREATED" },
	{ "fixity_ok that is not ok", EX_STORED,
	    .a = { EX_ACT_FIXITY_OK, .fields = "{'verdict':'unreadable'}" },
	    .code = EX_FORMAT, .says = "with the verdict" },
	{ "fixity_fail that is ok", EX_STORED,
	    .a = { EX_ACT_FIXITY_FAIL, .fields = "{'verdict':'ok'}" },
	    .code = EX_FORMAT, .says = "with the verdict" },
	{ "fixity_fail: a finding", EX_STORED, .a = { EX_ACT_FIXITY_FAIL },
	    .says = "fixity", .to = "STORED" },
};

static void
imaging_is_begun_by_who_has_it(void **state)
{
	CLAIMS_HOLD(*state, begun);
}

static void
terms_are_what_the_log_says(void **state)
{
	CLAIMS_HOLD(*state, terms);
}

static void
imaging_ends_as_it_went(void **state)
{
	CLAIMS_HOLD(*state, ended);
}

static void
what_is_said_of_the_reading_is_one_story(void **state)
{
	CLAIMS_HOLD(*state, reading);
}

static void
an_image_is_verified_before_it_is_used(void **state)
{
	CLAIMS_HOLD(*state, digital);
}

static void
go(struct house *h, const char *id, enum ex_act act, const char *fields,
    const char *digests)
{
	char stream[EX_STREAM_TEXT];
	struct act a;

	(void)snprintf(stream, sizeof(stream), "item:%s", id);
	house_usual(&a, act, stream);
	if (fields != NULL)
		a.fields = fields;
	a.digests = digests;
	house_do(h, &a);
}

/* It must be refused, and the text say this. */
static void
stop(struct house *h, const char *id, enum ex_act act, const char *fields,
    const char *digests, const char *says)
{
	char stream[EX_STREAM_TEXT];
	struct ex_err why = EX_ERR_INIT;
	struct act a;

	(void)snprintf(stream, sizeof(stream), "item:%s", id);
	house_usual(&a, act, stream);
	a.fields = fields;
	a.digests = digests;
	if (house_judge(h, &a, NULL, &why) == 0)
		fail_msg("allowed, and should say: %s", says);
	if (strstr(why.text, says) == NULL)
		fail_msg("%s (should say: %s)", why.text, says);
}

/* An image is what its parent's imaging says that it is. */
static void
an_image_has_a_parent_that_was_imaged_to_it(void **state)
{
	struct house *h = *state;
	char parent[EX_ITEM_MAX + 1], image[EX_ITEM_MAX + 4], fields[256];
	char derived[EX_ITEM_MAX + 8];

	(void)snprintf(
	    parent, sizeof(parent), "%s", house_bring(h, EX_ACQUIRING));
	(void)snprintf(image, sizeof(image), "%s-I1", parent);
	(void)snprintf(fields, sizeof(fields),
	    "{'case':'$CASE','nature':'digital','kind':'forensic_image',"
	    "'relation':'image_of','parent':'%s'}",
	    parent);
	stop(h, image, EX_ACT_CREATE, fields, TWO, "was not imaged to");
	go(h, parent, EX_ACT_ACQUIRE_END,
	    END("complete") ",'image':'$ITEM-I1'}", TWO);
	stop(h, image, EX_ACT_CREATE, fields, ONE, "one digest more");
	stop(h, image, EX_ACT_CREATE,
	    "{'case':'$CASE','nature':'digital','kind':'forensic_image',"
	    "'relation':'image_of','parent':'X-404'}",
	    TWO, "there is no item X-404");
	stop(h, image, EX_ACT_CREATE,
	    "{'case':'$CASE','nature':'digital','kind':'forensic_image',"
	    "'relation':'image_of'}",
	    TWO, "an image has a parent");
	go(h, image, EX_ACT_CREATE, fields, TWO);
	assert_string_equal(house_item(h, image, "state"), "CREATED");
	assert_string_equal(house_item(h, image, "nature"), "digital");
	stop(h, image, EX_ACT_CREATE, fields, TWO, "is CREATED");
	/* Nothing is made from what was not verified, or is gone. */
	(void)snprintf(derived, sizeof(derived), "%s-D1", image);
	(void)snprintf(fields, sizeof(fields),
	    "{'case':'$CASE','nature':'digital','kind':'derived_output',"
	    "'relation':'extracted_from','parent':'%s'}",
	    image);
	stop(h, derived, EX_ACT_CREATE, fields, NULL, "was never verified");
	go(h, image, EX_ACT_VERIFY, NULL, NULL);
	go(h, derived, EX_ACT_CREATE, fields, NULL);
	go(h, image, EX_ACT_PURGE, NULL, NULL);
	(void)snprintf(derived, sizeof(derived), "%s-D2", image);
	stop(h, derived, EX_ACT_CREATE, fields, NULL, "was purged");
}

static void
a_part_is_listed_by_its_parent(void **state)
{
	struct house *h = *state;
	char parent[EX_ITEM_MAX + 1], part[EX_ITEM_MAX + 4], fields[256];
	struct ex_json *v;

	(void)snprintf(parent, sizeof(parent), "%s", house_bring(h, EX_OPENED));
	(void)snprintf(part, sizeof(part), "%s-C1", parent);
	(void)snprintf(fields, sizeof(fields),
	    "{'case':'$CASE','parent':'%s','kind':'device'}", parent);
	stop(h, part, EX_ACT_COMPONENT_OUT, fields, NULL, "does not list");
	stop(h, part, EX_ACT_COMPONENT_OUT, "{'case':'$CASE'}", NULL,
	    "names its parent");
	stop(h, parent, EX_ACT_COMPONENT_OUT, "{}", NULL, "no children");
	stop(h, parent, EX_ACT_COMPONENT_OUT, "{'children':['$ITEM']}", NULL,
	    "no part of itself");
	go(h, parent, EX_ACT_COMPONENT_OUT, "{'children':['$ITEM-C1']}", NULL);
	go(h, parent, EX_ACT_SPLIT, "{'children':['$ITEM-S1','$ITEM-C1']}",
	    NULL);
	v = house_fact(h, "item", parent);
	assert_int_equal(ex_json_count(ex_json_get(v, "children")), 2);
	ex_json_free(v);
	go(h, part, EX_ACT_COMPONENT_OUT, fields, NULL);
	assert_string_equal(house_item(h, part, "state"), "OPENED");
	assert_string_equal(house_item(h, part, "custodian"), "S-EXAM");
	assert_string_equal(house_item(h, part, "parent"), parent);
	stop(h, part, EX_ACT_COMPONENT_IN, "{'parent':'$ITEM'}", NULL,
	    "no part of itself");
	stop(h, part, EX_ACT_COMPONENT_IN, "{'parent':'X-404'}", NULL,
	    "there is no item");
	go(h, part, EX_ACT_COMPONENT_IN, NULL, NULL);
	assert_string_equal(house_item(h, part, "state"), "IN_PARENT");
	/* And out again. */
	go(h, part, EX_ACT_COMPONENT_OUT, fields, NULL);
	assert_string_equal(house_item(h, part, "state"), "OPENED");
	go(h, part, EX_ACT_COMPONENT_IN, NULL, NULL);
	go(h, parent, EX_ACT_SEAL_APPLY, NULL, NULL);
	stop(h, part, EX_ACT_COMPONENT_OUT, fields, NULL, "is not opened");
}

/* With a policy that requires them, terms are in date or a deviation is
 * named that is one. */
static void
the_policy_may_require_terms_in_date(void **state)
{
	static const char policy[] =
	    "{\"quorum\":\"none\",\"registrars\":2,\"unsealed\":[\"powered\"],"
	    "\"validation_required\":1,\"witness_seal_break\":0}";
	static const char begin[] =
	    "{'acquisition':'$ACQ','method':'physical','authority':'W-1',"
	    "'write_protection':'hardware','competence':'none',"
	    "'tool_validation':'none','deviation':'$LEAF'}";
	char fields[512], hex[EX_SHA256_HEX], id[EX_ITEM_MAX + 1];
	struct act a = { .act = EX_ACT_POLICY_SET,
		.stream = "lab:" HOUSE_ORG,
		.fields = fields,
		.parties = "lab_head=S-HEAD" };
	struct house *h = *state;

	/* Its competence has run out by now: see above. */
	(void)snprintf(id, sizeof(id), "%s", house_bring(h, EX_OPENED));
	ex_sha256_hex(hex, policy, sizeof(policy) - 1);
	(void)snprintf(fields, sizeof(fields),
	    "{\"policy\":%s,\"policy_sha256\":\"%s\"}", policy, hex);
	house_do(h, &a);
	stop(h, id, EX_ACT_ACQUIRE_START,
	    "{'acquisition':'$ACQ','method':'physical','authority':'W-1',"
	    "'write_protection':'hardware','competence':'expired',"
	    "'tool_validation':'none'}",
	    NULL, "the policy wants it in date");
	stop(h, id, EX_ACT_ACQUIRE_START,
	    "{'acquisition':'$ACQ','method':'physical','authority':'W-1',"
	    "'write_protection':'hardware','competence':'expired',"
	    "'tool_validation':'none','deviation':'$LEAF'}",
	    NULL, "names an entry that is none");
	go(h, id, EX_ACT_DEVIATION, NULL, NULL);
	stop(h, id, EX_ACT_ACQUIRE_START, begin, NULL, "not \"none\"");
	go(h, id, EX_ACT_ACQUIRE_START,
	    "{'acquisition':'$ACQ','method':'physical','authority':'W-1',"
	    "'write_protection':'hardware','competence':'expired',"
	    "'tool_validation':'none','deviation':'$LEAF'}",
	    NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(imaging_is_begun_by_who_has_it),
		cmocka_unit_test(imaging_ends_as_it_went),
		cmocka_unit_test(what_is_said_of_the_reading_is_one_story),
		cmocka_unit_test(an_image_is_verified_before_it_is_used),
		cmocka_unit_test(an_image_has_a_parent_that_was_imaged_to_it),
		cmocka_unit_test(a_part_is_listed_by_its_parent),
		cmocka_unit_test(terms_are_what_the_log_says),
		cmocka_unit_test(the_policy_may_require_terms_in_date),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
