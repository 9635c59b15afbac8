/*
 * act_lab.c -- acts of the laboratory's stream.
 */
#include "custody/act_tables.h"

static const char *const org_kinds[] = { "police_lab", "police_unit",
	"prosecutors_office", "ministry", "court", "ci_operator",
	"external_lab", "courier", NULL };
static const char *const location_kinds[] = { "scene", "vehicle", "reception",
	"vault", "workbench", "server", "court", "external", NULL };
static const char *const tool_kinds[] = { "imager", "write_blocker",
	"workstation", "software", NULL };
static const char *const key_uses[] = { "person", "station", "service", NULL };
static const char *const storages[] = { "file", "card", "hsm", NULL };
static const char *const stream_kinds[] = { "item", "case", "lab", "release",
	NULL };

static const char *const by_admin[] = { "administrator", NULL };
static const char *const by_registrar[] = { "registrar", NULL };
static const char *const by_examiner[] = { "examiner", NULL };

static const struct ex_field genesis[] = {
	{ "ca", EX_FIELD_SHA256S, 1, NULL, NULL },
	{ "log_key", EX_FIELD_CODE, 1, NULL, NULL },
	{ "org", EX_FIELD_NAME, 1, NULL, NULL },
	{ "org_kind", EX_FIELD_WORD, 1, org_kinds, NULL },
	{ "location", EX_FIELD_NAME, 1, NULL, NULL },
	{ "policy", EX_FIELD_OBJECT, 1, NULL, ex_check_policy },
	{ "policy_sha256", EX_FIELD_SHA256, 1, NULL, NULL },
	{ "founders", EX_FIELD_ARRAY, 1, NULL, ex_check_founders },
	{ "stations", EX_FIELD_ARRAY, 1, NULL, ex_check_machines },
	{ "services", EX_FIELD_ARRAY, 1, NULL, ex_check_machines },
	{ "name_en", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "name_zh", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field org_add[] = {
	{ "id", EX_FIELD_NAME, 1, NULL, NULL },
	{ "kind", EX_FIELD_WORD, 1, org_kinds, NULL },
	{ "sector", EX_FIELD_CODE, 0, NULL, NULL },
	{ "name_en", EX_FIELD_TEXT, 1, NULL, NULL },
	{ "name_zh", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field person_add[] = {
	{ "id", EX_FIELD_NAME, 1, NULL, NULL },
	{ "org", EX_FIELD_NAME, 1, NULL, NULL },
	{ "roles", EX_FIELD_NAMES, 1, NULL, NULL },
	{ "name_en", EX_FIELD_TEXT, 1, NULL, NULL },
	{ "name_zh", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "title", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field role_grant[] = {
	{ "person", EX_FIELD_NAME, 1, NULL, NULL },
	{ "grant", EX_FIELD_NAME, 1, NULL, NULL },
	{ "until", EX_FIELD_TIME, 0, NULL, NULL },
};

static const struct ex_field role_end[] = {
	{ "person", EX_FIELD_NAME, 1, NULL, NULL },
	{ "grant", EX_FIELD_NAME, 1, NULL, NULL },
};

static const struct ex_field competence[] = {
	{ "person", EX_FIELD_NAME, 1, NULL, NULL },
	{ "method", EX_FIELD_NAME, 1, NULL, NULL },
	{ "until", EX_FIELD_TIME, 1, NULL, NULL },
};

static const struct ex_field key_enrol[] = {
	{ "person", EX_FIELD_NAME, 1, NULL, NULL },
	{ "use", EX_FIELD_WORD, 1, key_uses, NULL },
	{ "cert_sha256", EX_FIELD_SHA256, 1, NULL, NULL },
	{ "storage", EX_FIELD_WORD, 1, storages, NULL },
	{ "key_name", EX_FIELD_NAME, 1, NULL, NULL },
	{ "ca", EX_FIELD_SHA256, 0, NULL, NULL },
};

static const struct ex_field key_revoke[] = {
	{ "cert_sha256", EX_FIELD_SHA256, 1, NULL, NULL },
	{ "compromised_since", EX_FIELD_TIME, 0, NULL, NULL },
	{ "reason", EX_FIELD_TEXT, 1, NULL, NULL },
};

static const struct ex_field rotate[] = {
	{ "old_cert", EX_FIELD_SHA256, 1, NULL, NULL },
	{ "cert_sha256", EX_FIELD_SHA256, 1, NULL, NULL },
	{ "storage", EX_FIELD_WORD, 1, storages, NULL },
	{ "key_name", EX_FIELD_NAME, 1, NULL, NULL },
	{ "ca", EX_FIELD_SHA256, 0, NULL, NULL },
};

static const struct ex_field delegate[] = {
	{ "station", EX_FIELD_NAME, 1, NULL, NULL },
	{ "until", EX_FIELD_TIME, 0, NULL, NULL },
};

static const struct ex_field location_add[] = {
	{ "id", EX_FIELD_NAME, 1, NULL, NULL },
	{ "kind", EX_FIELD_WORD, 1, location_kinds, NULL },
	{ "in", EX_FIELD_NAME, 0, NULL, NULL },
	{ "name_en", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "name_zh", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field tool_add[] = {
	{ "id", EX_FIELD_NAME, 1, NULL, NULL },
	{ "kind", EX_FIELD_WORD, 1, tool_kinds, NULL },
	{ "version", EX_FIELD_CODE, 0, NULL, NULL },
	{ "serial", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "name_en", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field tool_validated[] = {
	{ "id", EX_FIELD_NAME, 1, NULL, NULL },
	{ "until", EX_FIELD_TIME, 1, NULL, NULL },
	{ "report", EX_FIELD_SHA256, 1, NULL, NULL },
};

static const struct ex_field policy_set[] = {
	{ "policy", EX_FIELD_OBJECT, 1, NULL, ex_check_policy },
	{ "policy_sha256", EX_FIELD_SHA256, 1, NULL, NULL },
};

static const struct ex_field heads[] = {
	{ "size", EX_FIELD_INT, 1, NULL, NULL },
	{ "count", EX_FIELD_INT, 1, NULL, NULL },
	{ "root", EX_FIELD_SHA256, 1, NULL, NULL },
};

static const struct ex_field anchor_tables[] = {
	{ "table", EX_FIELD_NAME, 1, NULL, NULL },
	{ "from", EX_FIELD_INT, 1, NULL, NULL },
	{ "to", EX_FIELD_INT, 1, NULL, NULL },
	{ "count", EX_FIELD_INT, 1, NULL, NULL },
	{ "root", EX_FIELD_SHA256, 1, NULL, NULL },
};

static const struct ex_field reject[] = {
	{ "kind", EX_FIELD_WORD, 1, stream_kinds, NULL },
	{ "id", EX_FIELD_CASE, 1, NULL, NULL },
	{ "seq", EX_FIELD_INT, 1, NULL, NULL },
	{ "entry_sha256", EX_FIELD_SHA256, 1, NULL, NULL },
	{ "why", EX_FIELD_NAME, 1, NULL, NULL },
	{ "reason", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "batch", EX_FIELD_UUID, 0, NULL, NULL },
};

static const struct ex_field epoch[] = {
	{ "old_log", EX_FIELD_CODE, 1, NULL, NULL },
	{ "size", EX_FIELD_INT, 1, NULL, NULL },
	{ "root", EX_FIELD_SHA256, 1, NULL, NULL },
	{ "restored", EX_FIELD_INT, 1, NULL, NULL },
	{ "lost", EX_FIELD_INT, 1, NULL, NULL },
	{ "cause", EX_FIELD_TEXT, 1, NULL, NULL },
};

static const struct ex_field recovered[] = {
	{ "index", EX_FIELD_INT, 1, NULL, NULL },
	{ "entry_sha256", EX_FIELD_SHA256, 1, NULL, NULL },
};

static const struct ex_field override[] = {
	{ "file", EX_FIELD_SHA256, 1, NULL, NULL },
	{ "reason", EX_FIELD_TEXT, 1, NULL, NULL },
};

static const struct ex_field rotate_log[] = {
	{ "old_key", EX_FIELD_CODE, 1, NULL, NULL },
	{ "log_key", EX_FIELD_CODE, 1, NULL, NULL },
};

static const struct ex_field rotate_ca[] = {
	{ "ca", EX_FIELD_SHA256, 1, NULL, NULL },
};

#define ADMIN                                                \
	{                                                    \
		{ "administrator", 1, EX_BY_KEY, by_admin }, \
		{                                            \
			NULL, 0, 0, NULL                     \
		}                                            \
	}
#define SERVICE                                        \
	{                                              \
		{ "service", 1, EX_BY_SERVICE, NULL }, \
		{                                      \
			NULL, 0, 0, NULL               \
		}                                      \
	}

const struct ex_act_def ex_acts_lab[] = {
	{ EX_ACT_GENESIS, "genesis", NULL, EX_ON_LAB,
	    { { "administrator", 1, EX_BY_KEY, by_admin },
		{ "founder", 0, EX_BY_KEY, NULL },
		{ "station", 1, EX_BY_STATION, NULL },
		{ "service", 1, EX_BY_SERVICE, NULL }, { NULL, 0, 0, NULL } },
	    EX_FIELDS(genesis), "Laboratory founded", "實驗室建立" },
	{ EX_ACT_ORG_ADD, "org_add", NULL, EX_ON_LAB, ADMIN, EX_FIELDS(org_add),
	    "Organisation entered", "登錄機關" },
	{ EX_ACT_PERSON_ADD, "person_add", NULL, EX_ON_LAB, ADMIN,
	    EX_FIELDS(person_add), "Person entered", "登錄人員" },
	{ EX_ACT_ROLE_GRANT, "role_grant", NULL, EX_ON_LAB, ADMIN,
	    EX_FIELDS(role_grant), "Role granted", "授予角色" },
	{ EX_ACT_ROLE_END, "role_end", NULL, EX_ON_LAB, ADMIN,
	    EX_FIELDS(role_end), "Role ended", "終止角色" },
	{ EX_ACT_COMPETENCE, "competence", NULL, EX_ON_LAB, ADMIN,
	    EX_FIELDS(competence), "Competence recorded", "登錄能力" },
	{ EX_ACT_KEY_ENROL, "key_enrol", NULL, EX_ON_LAB,
	    { { "registrar", 0, EX_BY_KEY, by_registrar },
		{ "holder", 1, EX_BY_KEY | EX_BY_STATION | EX_BY_SERVICE,
		    NULL },
		{ NULL, 0, 0, NULL } },
	    EX_FIELDS(key_enrol), "Key enrolled", "登錄金鑰" },
	{ EX_ACT_KEY_REVOKE, "key_revoke", NULL, EX_ON_LAB,
	    { { "registrar", 0, EX_BY_KEY, by_registrar },
		{ "holder", 0, EX_BY_KEY, NULL }, { NULL, 0, 0, NULL } },
	    EX_FIELDS(key_revoke), "Key revoked", "廢止金鑰" },
	{ EX_ACT_ROTATE, "rotate", NULL, EX_ON_LAB,
	    { { "holder", 1, EX_BY_KEY | EX_BY_STATION | EX_BY_SERVICE, NULL },
		{ NULL, 0, 0, NULL } },
	    EX_FIELDS(rotate), "Key replaced", "更換金鑰" },
	{ EX_ACT_DELEGATE, "delegate", NULL, EX_ON_LAB,
	    { { "examiner", 1, EX_BY_KEY, by_examiner }, { NULL, 0, 0, NULL } },
	    EX_FIELDS(delegate), "Station authorised", "授權工作站" },
	{ EX_ACT_LOCATION_ADD, "location_add", NULL, EX_ON_LAB, ADMIN,
	    EX_FIELDS(location_add), "Place entered", "登錄地點" },
	{ EX_ACT_TOOL_ADD, "tool_add", NULL, EX_ON_LAB, ADMIN,
	    EX_FIELDS(tool_add), "Tool entered", "登錄工具" },
	{ EX_ACT_TOOL_VALIDATED, "tool_validated", NULL, EX_ON_LAB, ADMIN,
	    EX_FIELDS(tool_validated), "Tool validated", "工具確效" },
	{ EX_ACT_POLICY_SET, "policy_set", NULL, EX_ON_LAB,
	    { { "administrator", 0, EX_BY_KEY, by_admin },
		{ "lab_head", 0, EX_BY_KEY, NULL }, { NULL, 0, 0, NULL } },
	    EX_FIELDS(policy_set), "Policy put in force", "發布政策" },
	{ EX_ACT_HEADS, "heads", NULL, EX_ON_LAB, SERVICE, EX_FIELDS(heads),
	    "Heads of all streams", "各鏈末端" },
	{ EX_ACT_ANCHOR_TABLES, "anchor_tables", NULL, EX_ON_LAB, SERVICE,
	    EX_FIELDS(anchor_tables), "Tables anchored", "表格錨定" },
	{ EX_ACT_REJECT, "reject", NULL, EX_ON_LAB, SERVICE, EX_FIELDS(reject),
	    "Entry rejected", "駁回紀錄" },
	{ EX_ACT_EPOCH, "epoch", NULL, EX_ON_LAB, ADMIN, EX_FIELDS(epoch),
	    "New epoch after a loss", "日誌重啟" },
	{ EX_ACT_RECOVERED, "recovered", NULL, EX_ON_LAB, ADMIN,
	    EX_FIELDS(recovered), "Entry recovered", "復原紀錄" },
	{ EX_ACT_OVERRIDE, "override", NULL, EX_ON_LAB, SERVICE,
	    EX_FIELDS(override), "Witnesses overridden", "略過見證" },
	{ EX_ACT_ROTATE_LOG, "rotate_log", NULL, EX_ON_LAB, ADMIN,
	    EX_FIELDS(rotate_log), "Key of the log replaced", "更換日誌金鑰" },
	{ EX_ACT_ROTATE_CA, "rotate_ca", NULL, EX_ON_LAB, ADMIN,
	    EX_FIELDS(rotate_ca), "Laboratory's CA replaced",
	    "更換實驗室憑證機構" },
};
const size_t ex_acts_lab_n = sizeof(ex_acts_lab) / sizeof(ex_acts_lab[0]);
