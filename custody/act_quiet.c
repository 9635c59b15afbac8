/*
 * act_quiet.c -- acts of an item that leave its state alone, and those of
 * digital items.
 */
#include "custody/act_tables.h"

static const char *const correctable[] = { "description", "marks", "serial",
	"condition", "place", "occurred_at", "reason", NULL };
static const char *const sources[] = { "paper", "memory", "camera", "journal",
	NULL };
static const char *const verdicts[] = { "ok", "digest_differs",
	"container_damaged", "unreadable", "no_signed_event", NULL };

static const char *const by_custodian[] = { "evidence_custodian", NULL };
static const char *const by_examiner[] = { "examiner", NULL };
static const char *const by_head[] = { "lab_head", NULL };
static const char *const by_auditor[] = { "auditor", NULL };
static const char *const by_reader[] = { "examiner", "prosecutor", NULL };

static const struct ex_field note[] = {
	{ "note", EX_FIELD_TEXT, 1, NULL, NULL },
};
static const struct ex_field seal_check[] = {
	{ "seal", EX_FIELD_SEAL, 1, NULL, NULL },
	{ "seal_state", EX_FIELD_WORD, 1, ex_words_seal_state, NULL },
};
static const struct ex_field external_seal[] = {
	{ "seal", EX_FIELD_SEAL, 1, NULL, NULL },
	{ "by", EX_FIELD_TEXT, 0, NULL, NULL },
};
static const struct ex_field inventory[] = {
	{ "location", EX_FIELD_NAME, 1, NULL, NULL },
	{ "expected", EX_FIELD_INT, 0, NULL, NULL },
	{ "scanned", EX_FIELD_INT, 0, NULL, NULL },
	{ "scans", EX_FIELD_ARRAY, 0, NULL, ex_check_scans },
	{ "seal", EX_FIELD_SEAL, 0, NULL, NULL },
	{ "seal_state", EX_FIELD_WORD, 0, ex_words_seal_state, NULL },
};
static const struct ex_field deviation[] = {
	{ "what", EX_FIELD_TEXT, 1, NULL, NULL },
	{ "reason", EX_FIELD_TEXT, 1, NULL, NULL },
	{ "decided_by", EX_FIELD_NAME, 0, NULL, NULL },
	{ "effect", EX_FIELD_TEXT, 0, NULL, NULL },
};
static const struct ex_field of_entry[] = {
	{ "entry", EX_FIELD_SHA256, 1, NULL, NULL },
};
static const struct ex_field of_entry_noted[] = {
	{ "entry", EX_FIELD_SHA256, 1, NULL, NULL },
	{ "note", EX_FIELD_TEXT, 1, NULL, NULL },
};
static const struct ex_field of_entry_reason[] = {
	{ "entry", EX_FIELD_SHA256, 1, NULL, NULL },
	{ "reason", EX_FIELD_TEXT, 1, NULL, NULL },
};
static const struct ex_field correct[] = {
	{ "field", EX_FIELD_WORD, 1, correctable, NULL },
	{ "old", EX_FIELD_TEXT, 1, NULL, NULL },
	{ "new", EX_FIELD_TEXT, 1, NULL, NULL },
};
static const struct ex_field reason[] = {
	{ "reason", EX_FIELD_TEXT, 1, NULL, NULL },
};
static const struct ex_field ordered[] = {
	{ "order", EX_FIELD_CASE, 0, NULL, NULL },
	{ "reason", EX_FIELD_TEXT, 1, NULL, NULL },
};
static const struct ex_field quarantine_off[] = {
	{ "order", EX_FIELD_CASE, 0, NULL, NULL },
	{ "notice", EX_FIELD_CASE, 0, NULL, NULL }, /* the prosecutor's */
	{ "reason", EX_FIELD_TEXT, 1, NULL, NULL },
};
static const struct ex_field erase[] = {
	{ "entry", EX_FIELD_SHA256, 1, NULL, NULL },
	{ "paths", EX_FIELD_ARRAY, 1, NULL, ex_check_codes },
	{ "order", EX_FIELD_CASE, 0, NULL, NULL },
	{ "reason", EX_FIELD_TEXT, 1, NULL, NULL },
};
static const struct ex_field late_entry[] = {
	{ "act", EX_FIELD_NAME, 1, NULL, NULL },
	/* Its leaf, of one that was signed in the field. */
	{ "entry", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "source", EX_FIELD_WORD, 1, sources, NULL },
	{ "seal", EX_FIELD_SEAL, 0, NULL, NULL },
	{ "seal_state", EX_FIELD_WORD, 0, ex_words_seal_state, NULL },
	{ "location", EX_FIELD_NAME, 0, NULL, NULL },
	{ "to", EX_FIELD_NAME, 0, NULL, NULL },
	{ "place", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "description", EX_FIELD_TEXT, 0, NULL, NULL },
};
static const struct ex_field copy[] = {
	{ "copy", EX_FIELD_ITEM, 0, NULL, NULL },
	{ "purpose", EX_FIELD_TEXT, 1, NULL, NULL },
};
static const struct ex_field view[] = {
	{ "purpose", EX_FIELD_TEXT, 1, NULL, NULL },
};
static const struct ex_field connect[] = {
	{ "write_blocker", EX_FIELD_NAME, 0, NULL, NULL },
	{ "workstation", EX_FIELD_TEXT, 0, NULL, NULL },
};
static const struct ex_field fixity[] = {
	{ "verdict", EX_FIELD_WORD, 1, verdicts, NULL },
	{ "bad_ranges", EX_FIELD_ARRAY, 0, NULL, ex_check_ranges },
	{ "changed_ranges", EX_FIELD_ARRAY, 0, NULL, ex_check_changes },
	{ "changed_list", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "at", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "jail", EX_FIELD_NAME, 0, NULL, NULL },
	{ "bytes_read", EX_FIELD_INT, 0, NULL, NULL },
	{ "environment", EX_FIELD_OBJECT, 0, NULL, ex_check_facts },
};
/* What a catalogue found: docs/catalogue.md. */
static const struct ex_field examine_end[] = {
	{ "catalogue", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "volumes", EX_FIELD_INT, 0, NULL, NULL },
	{ "lines", EX_FIELD_INT, 0, NULL, NULL },
	{ "allocated", EX_FIELD_INT, 0, NULL, NULL },
	{ "deleted", EX_FIELD_INT, 0, NULL, NULL },
	{ "digested", EX_FIELD_INT, 0, NULL, NULL },
	{ "finding_count", EX_FIELD_INT, 0, NULL, NULL },
	{ "finding_list", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "restarts", EX_FIELD_INT, 0, NULL, NULL },
	{ "jail", EX_FIELD_NAME, 0, NULL, NULL },
	{ "tools", EX_FIELD_ARRAY, 0, NULL, ex_check_codes },
};
static const struct ex_field place[] = {
	{ "location", EX_FIELD_NAME, 0, NULL, NULL },
	{ "segment_list", EX_FIELD_SHA256, 0, NULL, NULL },
};
static const struct ex_field purge[] = {
	{ "order", EX_FIELD_CASE, 1, NULL, NULL },
	{ "reason", EX_FIELD_TEXT, 1, NULL, NULL },
};

#define END                      \
	{                        \
		NULL, 0, 0, NULL \
	}
#define KEY(role, grants)                  \
	{                                  \
		role, 1, EX_BY_KEY, grants \
	}
#define MAY(role, grants)                  \
	{                                  \
		role, 0, EX_BY_KEY, grants \
	}
#define ONE(role, grants)              \
	{                              \
		KEY(role, grants), END \
	}
#define ROW(act, name, verb) act, name, verb, EX_ON_ITEM
#define MACHINE                                                           \
	{                                                                 \
		MAY("examiner", by_reader), MAY("prosecutor", by_reader), \
		    { "station", 0, EX_BY_STATION, NULL }, END            \
	}

const struct ex_act_def ex_acts_item_quiet[] = {
	{ ROW(EX_ACT_PHOTOGRAPH, "photograph", "photograph"),
	    ONE("officer", NULL), NULL, 0, "Photographed", "拍照" },
	{ ROW(EX_ACT_INSPECT, "inspect", "inspect"), ONE("officer", NULL), NULL,
	    0, "Inspected", "檢視" },
	{ ROW(EX_ACT_SEAL_CHECK, "seal_check", "seal-check"),
	    ONE("holder", NULL), EX_FIELDS(seal_check), "Seal checked",
	    "封緘檢查" },
	{ ROW(EX_ACT_EXTERNAL_SEAL, "external_seal", "external-seal"),
	    ONE("holder", NULL), EX_FIELDS(external_seal),
	    "Another body's seal", "外部封緘" },
	{ ROW(EX_ACT_INVENTORY, "inventory", "inventory"),
	    { KEY("custodian", by_custodian), MAY("auditor", by_auditor), END },
	    EX_FIELDS(inventory), "Inventory", "盤點" },
	{ ROW(EX_ACT_NOTE, "note", "note"), ONE("officer", NULL),
	    EX_FIELDS(note), "Note", "備註" },
	{ ROW(EX_ACT_DEVIATION, "deviation", "deviation"), ONE("officer", NULL),
	    EX_FIELDS(deviation), "Deviation", "偏離" },
	{ ROW(EX_ACT_FINDING_EXPLAIN, "finding_explain", "finding-explain"),
	    ONE("officer", NULL), EX_FIELDS(of_entry_noted),
	    "Finding explained", "發現說明" },
	{ ROW(EX_ACT_EXAMINE_START, "examine_start", "examine-start"),
	    ONE("examiner", by_examiner), NULL, 0, "Examination begun",
	    "鑑識開始" },
	{ ROW(EX_ACT_EXAMINE_END, "examine_end", "examine-end"),
	    ONE("examiner", by_examiner), EX_FIELDS(examine_end),
	    "Examination ended", "鑑識結束" },
	{ ROW(EX_ACT_CONNECT, "connect", "connect"),
	    ONE("examiner", by_examiner), EX_FIELDS(connect), "Connected",
	    "連接" },
	{ ROW(EX_ACT_COPY, "copy", "copy"), ONE("officer", NULL),
	    EX_FIELDS(copy), "Copied", "複製" },
	{ ROW(EX_ACT_VIEW, "view", "view"), ONE("officer", NULL),
	    EX_FIELDS(view), "Viewed", "閱覽" },
	{ ROW(EX_ACT_CONFIRM, "confirm", "confirm"), ONE("officer", NULL),
	    EX_FIELDS(of_entry), "Confirmed", "確認" },
	{ ROW(EX_ACT_DISOWN, "disown", "disown"), ONE("officer", NULL),
	    EX_FIELDS(of_entry_reason), "Disowned", "否認" },
	{ ROW(EX_ACT_CORRECT, "correct", "correct"), ONE("officer", NULL),
	    EX_FIELDS(correct), "Corrected", "更正" },
	{ ROW(EX_ACT_ANNUL, "annul", "annul"),
	    { KEY("officer", NULL), KEY("lab_head", by_head), END },
	    EX_FIELDS(reason), "Annulled", "撤銷" },
	{ ROW(EX_ACT_LATE_ENTRY, "late_entry", NULL), ONE("officer", NULL),
	    EX_FIELDS(late_entry), "Late entry", "補登" },
	{ ROW(EX_ACT_ERASE, "erase", "erase"),
	    { KEY("officer", NULL), KEY("lab_head", by_head), END },
	    EX_FIELDS(erase), "Openings erased", "刪除個資" },
	{ ROW(EX_ACT_HOLD_ON, "hold_on", "hold-on"), ONE("officer", NULL),
	    EX_FIELDS(ordered), "Hold set", "保全" },
	{ ROW(EX_ACT_HOLD_OFF, "hold_off", "hold-off"), ONE("officer", NULL),
	    EX_FIELDS(ordered), "Hold lifted", "解除保全" },
	{ ROW(EX_ACT_QUARANTINE_ON, "quarantine_on", "quarantine-on"),
	    ONE("officer", NULL), EX_FIELDS(reason), "Quarantined", "隔離" },
	{ ROW(EX_ACT_QUARANTINE_OFF, "quarantine_off", "quarantine-off"),
	    { KEY("lab_head", by_head), KEY("custodian", by_custodian), END },
	    EX_FIELDS(quarantine_off), "Quarantine lifted", "解除隔離" },
	{ ROW(EX_ACT_SCOPE_STOP, "scope_stop", "scope-stop"),
	    ONE("officer", NULL), EX_FIELDS(reason), "Stopped at the scope",
	    "範圍停止" },
	{ ROW(EX_ACT_SCOPE_EXTEND, "scope_extend", "scope-extend"),
	    { KEY("officer", NULL), KEY("approver", NULL), END },
	    EX_FIELDS(ordered), "Scope extended", "範圍擴張" },
	{ ROW(EX_ACT_PRIVILEGE_HOLD, "privilege_hold", "privilege-hold"),
	    ONE("officer", NULL), EX_FIELDS(reason), "Held for privilege",
	    "特權資料保留" },
	{ ROW(EX_ACT_FIXITY_OK, "fixity_ok", NULL), MACHINE, EX_FIELDS(fixity),
	    "Fixity holds", "完整性相符" },
	{ ROW(EX_ACT_FIXITY_FAIL, "fixity_fail", NULL), MACHINE,
	    EX_FIELDS(fixity), "Fixity fails", "完整性不符" },
	{ ROW(EX_ACT_VERIFY, "verify", NULL), MACHINE, EX_FIELDS(fixity),
	    "Verified", "驗證" },
	{ ROW(EX_ACT_VAULT_IN, "vault_in", "vault-in"),
	    ONE("examiner", by_examiner), EX_FIELDS(place),
	    "Put into the vault", "存入保管庫" },
	{ ROW(EX_ACT_REPLICATE, "replicate", "replicate"),
	    ONE("examiner", by_examiner), EX_FIELDS(place), "Replicated",
	    "異地複本" },
	{ ROW(EX_ACT_ARCHIVE, "archive", "archive"),
	    ONE("examiner", by_examiner), EX_FIELDS(place), "Archived",
	    "封存" },
	{ ROW(EX_ACT_PURGE, "purge", "purge"),
	    { KEY("executor", by_custodian), KEY("approver", by_head),
		KEY("witness", NULL), END },
	    EX_FIELDS(purge), "Purged", "清除" },
};
const size_t ex_acts_item_quiet_n =
    sizeof(ex_acts_item_quiet) / sizeof(ex_acts_item_quiet[0]);
