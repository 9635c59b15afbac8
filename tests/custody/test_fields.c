/*
 * test_fields.c -- the fields of every act: what may stand in clear is listed
 * here by name, everything else is committed; values have their type; limits.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/act_tables.h"
#include "custody/openings.h"
#include "tests/custody/house.h"

/*
 * All that may ever stand in clear: ids, states, words, seal numbers, digests
 * of images and documents, times, codes of places, service numbers, sizes.
 * A new name here is a decision for twenty years.
 */
static const char *const clear[] = { "acquisition", "act", "allocated",
	"attempts", "base", "origins", "origin_list", "authorities",
	"authority", "bad_ranges", "bad_sectors", "batch", "block_map",
	"bytes_expected", "bytes_read", "ca", "capacity", "case", "catalogue",
	"cert_sha256", "changed_list", "changed_ranges", "children",
	"competence", "compromised_since", "condition_match", "copy", "count",
	"decided_by", "deleted", "deviation", "device", "digested", "document",
	"due", "emergency", "ended", "entry", "entry_sha256", "environment",
	"examiner", "expected", "field", "file", "file_list", "files",
	"finding_count", "finding_list", "files_left_out", "final", "form",
	"format", "founders", "from", "grant", "id", "image", "in", "index",
	"items", "jail", "key_name", "kind", "language", "learned", "level",
	"lines", "live", "location", "log_key", "log_root", "log_size", "lost",
	"manifest", "method", "nature", "notice", "number", "offences",
	"old_cert", "old_key", "old_log", "order", "org", "org_kind", "other",
	"outcome", "parent", "paths", "person", "physical_sector_size",
	"policy", "policy_sha256", "predecessor", "prosecutor", "provisional",
	"quantity", "range_list", "redaction", "relation", "report", "restarts",
	"restored", "result", "resumed", "resumes", "roles", "root", "scanned",
	"scans", "seal", "seal_state", "sector", "sector_size", "segment_count",
	"segment_list", "segments", "seizure_record", "seq", "serial_match",
	"services", "settings", "sha256", "size", "size_after", "smart",
	"source", "started", "station", "stations", "status", "storage",
	"stored", "supersedes", "table", "template", "tlp", "to", "tool",
	"tool_validation", "tools", "tracking", "unsealed", "until", "use",
	"verdict", "verified", "verify_source", "version", "volumes", "why",
	"write_blocker", "write_protection", NULL };

/* Personal or free text wherever it is met; "source" of imaging is a path,
 * that of a late entry a word. */
static const char *const personal[] = { "at", "attachments", "by", "cause",
	"changes", "command", "condition", "credential", "credential_right",
	"description", "destinations", "device_serial", "device_state", "duty",
	"effect", "exception", "found", "hazards", "header", "imei", "in_use",
	"issuer", "maker", "marks", "model", "modus", "name_en", "name_zh",
	"new", "note", "old", "original", "other_number", "owner", "packaging",
	"photos", "place", "purpose", "question", "reason", "recipient",
	"running", "scope", "seal_type", "serial", "summary", "title",
	"tool_report", "what", "workstation", "write_blocker_serial", NULL };

static int
is_listed(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, name) == 0)
			return 1;
	return 0;
}

static void
check_field(const char *act, const struct ex_field *f)
{
	if (f->type == EX_FIELD_TEXT) {
		if (!is_listed(f->name, personal) &&
		    strcmp(f->name, "source") != 0)
			fail_msg("%s: text %s is not listed", act, f->name);
		assert_null(f->words);
		return;
	}
	if (!is_listed(f->name, clear) || is_listed(f->name, personal))
		fail_msg("%s: %s may not stand in clear", act, f->name);
	assert_true((f->type == EX_FIELD_WORD) == (f->words != NULL));
	if (f->type == EX_FIELD_OBJECT || f->type == EX_FIELD_ARRAY)
		assert_non_null(f->check);
}

static void
personal_text_is_committed_in_every_act(void **state)
{
	size_t n;
	const struct ex_field *common = ex_act_common(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		check_field("every act", &common[i]);
	for (int a = 0; a < EX_ACTS; a++) {
		const struct ex_act_def *d = ex_act((enum ex_act)a);

		for (size_t i = 0; i < d->nfields; i++) {
			check_field(d->name, &d->field[i]);
			for (size_t k = 0; k < i; k++)
				assert_string_not_equal(
				    d->field[i].name, d->field[k].name);
		}
	}
}

/* Names and verbs lead to one act; parties have roles of their own. */
static void
acts_are_told_apart(void **state)
{
	(void)state;
	for (int a = 0; a < EX_ACTS; a++) {
		const struct ex_act_def *d = ex_act((enum ex_act)a);

		assert_int_equal(d->act, a);
		assert_ptr_equal(ex_act_by_name(d->name), d);
		if (d->verb != NULL)
			assert_ptr_equal(ex_act_by_verb(d->verb), d);
		assert_non_null(d->role[0].role);
		assert_true(d->title_en[0] != '\0' && d->title_zh[0] != '\0');
		assert_true(d->streams != 0);
		for (size_t r = 0; d->role[r].role != NULL; r++) {
			assert_true(d->role[r].modes != 0);
			for (size_t k = 0; k < r; k++)
				assert_string_not_equal(
				    d->role[r].role, d->role[k].role);
		}
	}
	assert_null(ex_act_by_name("teleport"));
	assert_null(ex_act_by_verb("check_out"));
}

/* JSON with single quotes, one value a line: right, then wrong ones. */
static const struct {
	enum ex_field_type type;
	const char *right[4], *wrong[8];
} value[] = {
	{ EX_FIELD_NAME, { "'S-1001'", "'a'", "'9._-'" },
	    { "''", "'-a'", "'a b'", "'\xe6\xb3\x95'", "1", "['a']", "'a/b'",
		"'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'" } },
	{ EX_FIELD_ITEM, { "'EXH-1'", "'-'" },
	    { "''", "'exh-1'", "'EXH 1'", "'EXH_1'", "1",
		"'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'" } },
	{ EX_FIELD_CASE, { "'114\xe5\xb9\xb4 7'", "'W/1'" },
	    { "''", "1",
		"'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaa'" } },
	{ EX_FIELD_SEAL, { "'S-1'", "'~!'", "'none'" },
	    { "''", "'S 1'", "'\xe5\xb0\x81'", "1",
		"'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaa'" } },
	{ EX_FIELD_CODE, { "'a/b:c+d'", "'1.0'" },
	    { "''", "'a b'", "'a\xc3\xa9'", "1" } },
	{ EX_FIELD_INT, { "0", "1", "9007199254740991" },
	    { "-1", "'1'", "[1]", "{}" } },
	{ EX_FIELD_SIGNED, { "0", "-1" }, { "'1'", "[]" } },
	{ EX_FIELD_TIME, { "'2026-03-02T09:30:00.000000Z'" },
	    { "''", "'2026-03-02'", "'2026-03-02T09:30:00Z'",
		"'2026-03-02T09:30:00.000000'", "'2026-02-30T09:30:00.000000Z'",
		"'2026-03-02T24:30:00.000000Z'", "1" } },
	{ EX_FIELD_SHA256,
	    { "'0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"
	      "cdef'" },
	    { "''", "'00'", "1",
		"'0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789ab"
		"cdef'" } },
	{ EX_FIELD_UUID, { "'01890000-0000-7000-8000-000000000001'" },
	    { "''", "'01890000000070008000000000000001'", "1",
		"'01890000-0000-7000-8000-00000000000G'",
		"'01890000-0000-7000-8000-00000000000A'" } },
	{ EX_FIELD_NAMES, { "['a']", "['a','b']" },
	    { "[]", "'a'", "['a','a']", "['a','']", "[1]", "{}" } },
	{ EX_FIELD_ITEMS, { "['A']" }, { "[]", "['a']", "['A','A']" } },
	{ EX_FIELD_SHA256S,
	    { "['0123456789abcdef0123456789abcdef0123456789abcdef0123456789a"
	      "bcdef']" },
	    { "[]", "['00']", "'x'" } },
	{ EX_FIELD_TEXT, { NULL }, { "'anything'", "1" } },
};

/* -1, or what the check of this type says. */
static int
check_value(enum ex_field_type type, const char *text)
{
	const struct ex_field f = { "f", type, 0, NULL, NULL };
	char json[512];
	struct ex_json *v = NULL;
	int rc;

	(void)snprintf(json, sizeof(json), "{\"f\":%s}", text);
	for (char *p = json; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	MUST(ex_json_read(&v, json, strlen(json), err));
	rc = ex_field_check(&f, ex_json_get(v, "f"), NULL);
	ex_json_free(v);
	return rc;
}

static void
values_are_of_their_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(value) / sizeof(value[0]); i++) {
		for (size_t k = 0; k < 4 && value[i].right[k] != NULL; k++)
			if (check_value(value[i].type, value[i].right[k]) != 0)
				fail_msg("refused: %s", value[i].right[k]);
		for (size_t k = 0; k < 8 && value[i].wrong[k] != NULL; k++)
			if (check_value(value[i].type, value[i].wrong[k]) == 0)
				fail_msg("accepted: %s", value[i].wrong[k]);
	}
}

#define SHA "'0000000000000000000000000000000000000000000000000000000000000001'"
#define MACHINE(more) \
	"[{'cert_sha256':" SHA ",'key_name':'k','storage':'file'" more "}]"
#define POLICY(n, w)                                   \
	"{'quorum':'none','registrars':" n             \
	",'unsealed':['wet'],'validation_required':0," \
	"'witness_seal_break':" w "}"

#define OUTSIDE(members)                                            \
	"{" members ",'quorum':'any','registrars':1,'unsealed':[]," \
	"'validation_required':0,'witness_seal_break':0}"
#define VKEY "w+14f42d88+BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"
#define WITNESS(name, more) \
	"{'name':'" name    \
	"','org':'MOJ','url':'https://w.example/a','vkey':'" VKEY "'" more "}"
#define CLOCK(url) \
	"{'name':'c','org':'TIME','root_sha256':" SHA ",'url':'" url "'}"

/* Objects and arrays: right first, then what is refused. */
static const struct {
	int (*check)(const struct ex_json *v, struct ex_err *err);
	const char *right, *wrong[12];
} own[] = {
	{ ex_check_policy, POLICY("1", "1"),
	    { POLICY("0", "1"), POLICY("5", "1"), POLICY("1", "2"),
		"{'quorum':'most','registrars':1,'unsealed':[],"
		"'validation_required':0,'witness_seal_break':0}",
		"{'quorum':'none','registrars':1,'unsealed':['lazy'],"
		"'validation_required':0,'witness_seal_break':0}",
		"{'quorum':'none','registrars':1,'unsealed':[],"
		"'validation_required':0}",
		"{'x':1,'quorum':'none','registrars':1,'unsealed':[],"
		"'validation_required':0,'witness_seal_break':0}",
		"{'quorum':'none','registrars':1,'validation_required':0,"
		"'witness_seal_break':0}" } },
	{ ex_check_policy,
	    OUTSIDE("'authorities':[" CLOCK(
		"http://t.example") "],"
				    "'witnesses':[" WITNESS(
					"w", ",'monitor':1") "]"),
	    { OUTSIDE("'witnesses':[]"), OUTSIDE("'witnesses':{}"),
		OUTSIDE("'witnesses':[" WITNESS("w", ",'x':1") "]"),
		OUTSIDE("'witnesses':[" WITNESS("w w", "") "]"),
		OUTSIDE("'witnesses':[" WITNESS("w", ",'monitor':0") "]"),
		OUTSIDE(
		    "'witnesses':[" WITNESS("w", "") "," WITNESS("v", "") "]"),
		OUTSIDE("'authorities':[" CLOCK("ftp://t.example") "]"),
		OUTSIDE("'authorities':[" CLOCK("http://t.example/") "]") } },
	{ ex_check_founders,
	    "[{'cert_sha256':" SHA ",'key_name':'k','org':'O','person':'P',"
	    "'roles':['auditor'],'storage':'hsm'}]",
	    { "[]",
		"[{'cert_sha256':" SHA ",'key_name':'k','org':'O',"
		"'person':'P','roles':[],'storage':'hsm'}]",
		"[{'cert_sha256':" SHA ",'key_name':'k','org':'O',"
		"'person':'P P','roles':['auditor'],'storage':'hsm'}]",
		"[{'cert_sha256':" SHA ",'key_name':'k','org':'O',"
		"'person':'P','roles':['auditor'],'storage':'desk'}]",
		"[{'cert_sha256':'00','key_name':'k','org':'O',"
		"'person':'P','roles':['auditor'],'storage':'hsm'}]",
		"[1]" } },
	{ ex_check_machines, MACHINE(",'id':'WS-1'"),
	    { MACHINE(""), MACHINE(",'id':'a b'"),
		MACHINE(",'id':'WS-1','x':1"), "[1]" } },
	{ ex_check_codes, "['a','b:c']", { "[]", "[1]", "['a b']" } },
	{ ex_check_ranges,
	    "[{'count':1,'lba':0,'status':'bad'},"
	    "{'count':2,'lba':1,'status':'skipped'},"
	    "{'count':1,'lba':3,'status':'recovered','tries':2},"
	    "{'count':1,'lba':4,'status':'recovered'}]",
	    { "[{'count':0,'lba':0,'status':'bad'}]",
		"[{'count':1,'lba':-1,'status':'bad'}]",
		"[{'count':1,'lba':0,'status':'sad'}]",
		"[{'count':2,'lba':0,'status':'bad'},"
		"{'count':2,'lba':1,'status':'bad'}]",
		"[{'count':1,'lba':9007199254740991,'status':'bad'},"
		"{'count':1,'lba':3,'status':'bad'}]",
		"[{'count':1,'lba':0}]", "[1]",
		"[{'count':1,'lba':0,'status':'bad','tries':2}]",
		"[{'count':1,'lba':0,'status':'recovered','tries':0}]",
		"[{'count':1,'lba':0,'status':'recovered','tries':'2'}]",
		"[{'count':1,'lba':0,'status':'recovered','x':2}]" } },
	{ ex_check_second, "{'result':'same','bytes':5,'sha256':" SHA "}",
	    { "{'result':'same'}", "{'sha256':" SHA "}",
		"{'result':'unreadable','sha256':" SHA "}",
		"{'result':'well','sha256':" SHA "}",
		"{'result':'differs','sha1':" SHA "}",
		"{'result':'differs','sha256':'00'}",
		"{'result':'differs','bytes':-1,'sha256':" SHA "}",
		"{'result':'differs','crc32':'00','sha256':" SHA "}",
		"{'result':'same','sha256':1}", "{'result':'differs'}" } },
	{ ex_check_second, "{'result':'unreadable','bytes':0}",
	    { "{'result':1}", "{}" } },
	{ ex_check_facts, "{'vendor':'v','sectors':7}",
	    { "{'a b':1}", "{'a':[1]}", "{'a':{}}", "{'serial':'123'}",
		"{'imei':'123'}", "{'path':'/dev/sda'}", "{'by_id':'x'}",
		"{'hostname':'x'}" } },
	{ ex_check_segments, "[{'name':'a.E01','sha256':" SHA ",'size':1}]",
	    { "[]", "[{'name':'../a','sha256':" SHA ",'size':1}]",
		"[{'name':'a/b','sha256':" SHA ",'size':1}]",
		"[{'name':'.a','sha256':" SHA ",'size':1}]",
		"[{'name':'a','sha256':" SHA ",'size':-1}]",
		"[{'name':'a','sha256':'0','size':1}]", "[1]" } },
	{ ex_check_scans, "[{'item':'EXH-1','result':'misplaced'}]",
	    { "[{'item':'exh','result':'ok'}]",
		"[{'item':'EXH-1','result':'fine'}]", "[{'item':'EXH-1'}]",
		"[{'item':'EXH-1','result':'ok','x':1}]", "[1]" } },
};

static int
check_own(
    int (*check)(const struct ex_json *v, struct ex_err *err), const char *text)
{
	char json[1024];
	struct ex_json *v = NULL;
	int rc;

	(void)snprintf(json, sizeof(json), "%s", text);
	for (char *p = json; *p != '\0'; p++)
		if (*p == '\'')
			*p = '"';
	MUST(ex_json_read(&v, json, strlen(json), err));
	rc = check(v, NULL);
	ex_json_free(v);
	return rc;
}

static void
objects_and_lists_have_their_members(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (check_own(own[i].check, own[i].right) != 0)
			fail_msg("refused: %s", own[i].right);
		for (size_t k = 0; k < 12 && own[i].wrong[k] != NULL; k++)
			if (check_own(own[i].check, own[i].wrong[k]) == 0)
				fail_msg("accepted: %s", own[i].wrong[k]);
	}
}

/* A note of n bytes, and so many of them; what writing says. */
static int
write_notes(struct house *h, size_t count, size_t bytes, struct ex_err *why)
{
	struct ex_buf texts = EX_BUF_INIT, body = EX_BUF_INIT;
	struct ex_buf openings = EX_BUF_INIT;
	struct act a;
	int rc;

	for (size_t i = 0; i < count; i++) {
		MUST(ex_buf_addf(
		    &texts, err, "%c'note/%zu':'", i == 0 ? '{' : ',', i));
		for (size_t k = 0; k < bytes; k++)
			MUST(ex_buf_add_byte(&texts, 'x', err));
		MUST(ex_buf_add_byte(&texts, '\'', err));
	}
	MUST(ex_buf_addf(&texts, err, "}%c", '\0'));
	house_usual(&a, EX_ACT_NOTE, "item:EXH-9");
	a.texts = (const char *)texts.data;
	rc = house_write(h, &a, &body, &openings, why);
	ex_buf_free(&texts);
	ex_buf_free(&body);
	ex_buf_free(&openings);
	return rc;
}

static void
what_is_too_much_is_refused_before_anybody_signs(void **state)
{
	static const struct {
		size_t count, bytes;
		enum ex_code code;
	} c[] = {
		{ 1, EX_PII_VALUE_MAX, EX_OK },
		{ 1, EX_PII_VALUE_MAX + 1, EX_LIMIT },
		{ EX_PII_MAX, 10, EX_OK },
		{ EX_PII_MAX + 1, 10, EX_FORMAT },
	};

	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++) {
		struct ex_err why = EX_ERR_INIT;

		(void)write_notes(*state, c[i].count, c[i].bytes, &why);
		if (why.code != c[i].code)
			fail_msg("%zu notes of %zu bytes: %s", c[i].count,
			    c[i].bytes, why.text);
	}
}

/* A request about so many items, their numbers as long as can be. */
static enum ex_code
write_list(struct house *h, unsigned count)
{
	struct ex_buf fields = EX_BUF_INIT, body = EX_BUF_INIT;
	struct ex_buf openings = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct act a = { .act = EX_ACT_REQUEST_OPEN,
		.stream = "case:" HOUSE_CASE,
		.parties = "officer=S-OFF" };

	for (unsigned i = 0; i < count; i++)
		MUST(ex_buf_addf(&fields, err, "%s'%040u'",
		    i == 0 ? "{'number':'1','items':[" : ",", i));
	MUST(ex_buf_addf(&fields, err, "]}%c", '\0'));
	a.fields = (const char *)fields.data;
	(void)house_write(h, &a, &body, &openings, &why);
	ex_buf_free(&fields);
	ex_buf_free(&body);
	ex_buf_free(&openings);
	return why.code;
}

static void
a_long_list_belongs_in_an_attachment(void **state)
{
	/* 43 bytes each, two brackets, one comma less: 16,384 at most. */
	assert_int_equal(write_list(*state, 381), EX_OK);
	assert_int_equal(write_list(*state, 382), EX_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acts_are_told_apart),
		cmocka_unit_test(personal_text_is_committed_in_every_act),
		cmocka_unit_test(values_are_of_their_type),
		cmocka_unit_test(objects_and_lists_have_their_members),
		cmocka_unit_test(
		    what_is_too_much_is_refused_before_anybody_signs),
		cmocka_unit_test(a_long_list_belongs_in_an_attachment),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
