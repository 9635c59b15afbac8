/*
 * act_case.c -- acts of a case's stream, and those of cases and items alike.
 */
#include "custody/act_tables.h"

static const char *const levels[] = { "A", "B", "C", "D", NULL };
/* Traffic Light Protocol 2.0 */
static const char *const tlps[] = { "clear", "green", "amber", "amber_strict",
	"red", NULL };
static const char *const forms[] = { "case", "incident", "suspicious_activity",
	NULL };
static const char *const request_status[] = { "open", "accepted", "refused",
	"done", NULL };
const char *const ex_words_authority[] = { "warrant", "consent", "order",
	NULL };

static const char *const by_case[] = { "investigator", "examiner", "prosecutor",
	"administrator", NULL };
static const char *const by_reader[] = { "examiner", "prosecutor", NULL };

static const struct ex_field case_open[] = {
	{ "title", EX_FIELD_TEXT, 1, NULL, NULL },
	{ "form", EX_FIELD_WORD, 0, forms, NULL },
	{ "level", EX_FIELD_WORD, 0, levels, NULL },
	{ "tlp", EX_FIELD_WORD, 0, tlps, NULL },
	{ "sector", EX_FIELD_CODE, 0, NULL, NULL },
	{ "offences", EX_FIELD_ARRAY, 0, NULL, ex_check_codes },
	{ "prosecutor", EX_FIELD_NAME, 0, NULL, NULL },
	{ "summary", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "modus", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "other_number", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "provisional", EX_FIELD_INT, 0, NULL, ex_check_flag },
	{ "authorities", EX_FIELD_ARRAY, 0, NULL, ex_check_authorities },
};

static const struct ex_field case_change[] = {
	{ "title", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "level", EX_FIELD_WORD, 0, levels, NULL },
	{ "tlp", EX_FIELD_WORD, 0, tlps, NULL },
	{ "sector", EX_FIELD_CODE, 0, NULL, NULL },
	{ "offences", EX_FIELD_ARRAY, 0, NULL, ex_check_codes },
	{ "prosecutor", EX_FIELD_NAME, 0, NULL, NULL },
	{ "summary", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "modus", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "other_number", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field authorize[] = {
	{ "number", EX_FIELD_CASE, 1, NULL, NULL },
	{ "kind", EX_FIELD_WORD, 1, ex_words_authority, NULL },
	{ "from", EX_FIELD_TIME, 0, NULL, NULL },
	{ "until", EX_FIELD_TIME, 0, NULL, NULL },
	{ "document", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "scope", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "issuer", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field authorize_end[] = {
	{ "number", EX_FIELD_CASE, 1, NULL, NULL },
};

static const struct ex_field access_grant[] = {
	{ "to", EX_FIELD_NAME, 1, NULL, NULL },
	{ "until", EX_FIELD_TIME, 0, NULL, NULL },
};

static const struct ex_field access_end[] = {
	{ "to", EX_FIELD_NAME, 1, NULL, NULL },
};

static const struct ex_field link_case[] = {
	{ "other", EX_FIELD_CASE, 1, NULL, NULL },
};

static const struct ex_field request[] = {
	{ "number", EX_FIELD_CODE, 1, NULL, NULL },
	{ "status", EX_FIELD_WORD, 0, request_status, NULL },
	{ "items", EX_FIELD_ITEMS, 0, NULL, NULL },
	{ "due", EX_FIELD_TIME, 0, NULL, NULL },
	{ "question", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field assign[] = {
	{ "examiner", EX_FIELD_NAME, 1, NULL, NULL },
	{ "items", EX_FIELD_ITEMS, 0, NULL, NULL },
};

static const struct ex_field report[] = {
	{ "sha256", EX_FIELD_SHA256, 1, NULL, NULL },
	{ "size", EX_FIELD_INT, 1, NULL, NULL },
	{ "format", EX_FIELD_NAME, 1, NULL, NULL },
	{ "language", EX_FIELD_NAME, 1, NULL, NULL },
	{ "number", EX_FIELD_NAME, 0, NULL, NULL },
	{ "template", EX_FIELD_CODE, 0, NULL, NULL },
	{ "supersedes", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "log_size", EX_FIELD_INT, 0, NULL, NULL },
	{ "recipient", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field bundle[] = {
	{ "log_size", EX_FIELD_INT, 1, NULL, NULL },
	{ "log_root", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "manifest", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "redaction", EX_FIELD_NAME, 0, NULL, NULL },
	{ "recipient", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field export[] = {
	{ "format", EX_FIELD_NAME, 1, NULL, NULL },
	{ "sha256", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "size", EX_FIELD_INT, 0, NULL, NULL },
	{ "recipient", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field share[] = {
	{ "to", EX_FIELD_NAME, 1, NULL, NULL },
	{ "sha256", EX_FIELD_SHA256, 0, NULL, NULL },
};

#define OFFICER                                       \
	{                                             \
		{ "officer", 1, EX_BY_KEY, by_case }, \
		{                                     \
			NULL, 0, 0, NULL              \
		}                                     \
	}
#define READER                                                 \
	{                                                      \
		{ "examiner", 0, EX_BY_KEY, by_reader },       \
		    { "prosecutor", 0, EX_BY_KEY, by_reader }, \
		{                                              \
			NULL, 0, 0, NULL                       \
		}                                              \
	}

const struct ex_act_def ex_acts_case[] = {
	{ EX_ACT_CASE_OPEN, "case_open", NULL, EX_ON_CASE, OFFICER,
	    EX_FIELDS(case_open), "Case opened", "立案" },
	{ EX_ACT_CASE_CHANGE, "case_change", NULL, EX_ON_CASE, OFFICER,
	    EX_FIELDS(case_change), "Case changed", "案件變更" },
	{ EX_ACT_AUTHORIZE, "authorize", NULL, EX_ON_CASE, OFFICER,
	    EX_FIELDS(authorize), "Authority entered", "登錄處分依據" },
	{ EX_ACT_AUTHORIZE_END, "authorize_end", NULL, EX_ON_CASE, OFFICER,
	    EX_FIELDS(authorize_end), "Authority ended", "處分依據終止" },
	{ EX_ACT_ACCESS_GRANT, "access_grant", NULL, EX_ON_CASE, OFFICER,
	    EX_FIELDS(access_grant), "Access granted", "授予閱覽" },
	{ EX_ACT_ACCESS_END, "access_end", NULL, EX_ON_CASE, OFFICER,
	    EX_FIELDS(access_end), "Access ended", "終止閱覽" },
	{ EX_ACT_CASE_SEAL, "case_seal", NULL, EX_ON_CASE, OFFICER, NULL, 0,
	    "Case sealed", "案件限閱" },
	{ EX_ACT_LINK_CASE, "link_case", NULL, EX_ON_CASE, OFFICER,
	    EX_FIELDS(link_case), "Cases linked", "案件關聯" },
	{ EX_ACT_REQUEST_OPEN, "request_open", NULL, EX_ON_CASE, OFFICER,
	    EX_FIELDS(request), "Request for examination", "送鑑" },
	{ EX_ACT_REQUEST_CHANGE, "request_change", NULL, EX_ON_CASE, OFFICER,
	    EX_FIELDS(request), "Request changed", "送鑑變更" },
	{ EX_ACT_ASSIGN, "assign", NULL, EX_ON_CASE, OFFICER, EX_FIELDS(assign),
	    "Examiner assigned", "指派鑑識人員" },
	{ EX_ACT_CASE_CLOSE, "case_close", NULL, EX_ON_CASE, OFFICER, NULL, 0,
	    "Case closed", "結案" },
	{ EX_ACT_REPORT, "report", "report", EX_ON_CASE | EX_ON_ITEM, READER,
	    EX_FIELDS(report), "Report made", "製作報告" },
	{ EX_ACT_BUNDLE, "bundle", "bundle", EX_ON_CASE | EX_ON_ITEM, READER,
	    EX_FIELDS(bundle), "Bundle made", "製作驗證包" },
	{ EX_ACT_EXPORT, "export", "export", EX_ON_CASE | EX_ON_ITEM, READER,
	    EX_FIELDS(export), "Exported", "匯出" },
	{ EX_ACT_SHARE, "share", "share", EX_ON_CASE | EX_ON_ITEM,
	    { { "officer", 1, EX_BY_KEY, NULL }, { NULL, 0, 0, NULL } },
	    EX_FIELDS(share), "Shared", "分享" },
	{ EX_ACT_SHARE_RECEIPT, "share_receipt", "share-receipt",
	    EX_ON_CASE | EX_ON_ITEM,
	    { { "receiver", 1, EX_BY_PAPER, NULL }, { NULL, 0, 0, NULL } },
	    EX_FIELDS(share), "Receipt of what was shared", "分享回條" },
};
const size_t ex_acts_case_n = sizeof(ex_acts_case) / sizeof(ex_acts_case[0]);
