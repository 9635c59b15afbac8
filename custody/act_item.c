/*
 * act_item.c -- acts of an item that may change its state.
 */
#include "custody/act_tables.h"

const char *const ex_words_seal_state[] = { "intact", "damaged", "missing",
	"differs", "none", NULL };
const char *const ex_words_method[] = { "in_person", "courier", "secure_upload",
	"internal", NULL };

static const char *const natures[] = { "physical", "digital", NULL };
static const char *const kinds[] = { "physical_medium", "device", "document",
	"digital_original", "forensic_image", "working_copy", "derived_output",
	"report", NULL };
static const char *const relations[] = { "component", "extracted_from",
	"image_of", "copy_of", "sample_of", NULL };
static const char *const unsealed[] = { "powered", "network_isolated",
	"too_large", "wet", "living_system", NULL };
static const char *const protections[] = { "hardware", "kernel_read_only",
	"none", "unknown", NULL };
static const char *const dates[] = { "in_date", "expired", "none", NULL };
static const char *const results[] = { "complete", "complete_with_errors",
	"truncated", "aborted", "failed", NULL };
static const char *const outcomes[] = { "DISPOSED", "RETURNED", NULL };
static const char *const matches[] = { "same", "differs", "unknown", NULL };
static const char *const methods[] = { "physical", "partition", "logical",
	"full_file_system", "backup", "chip_off", "jtag", "screen_photographs",
	"live_memory", "live_volume", "network", "cloud", "external_lab",
	NULL };

static const char *const by_custodian[] = { "evidence_custodian", NULL };
static const char *const by_examiner[] = { "examiner", NULL };
static const char *const by_head[] = { "lab_head", NULL };
static const char *const by_entry[] = { "investigator", "examiner",
	"prosecutor", "administrator", NULL };

/* Seal and condition as found, beside what was on record. */
#define SEAL_SEEN                                                          \
	{ "seal", EX_FIELD_SEAL, 1, NULL, NULL },                          \
	    { "seal_state", EX_FIELD_WORD, 1, ex_words_seal_state, NULL }, \
	{                                                                  \
		"condition_match", EX_FIELD_WORD, 0, matches, NULL         \
	}
#define THING                                              \
	{ "kind", EX_FIELD_WORD, 1, kinds, NULL },         \
	    { "capacity", EX_FIELD_INT, 0, NULL, NULL },   \
	    { "quantity", EX_FIELD_INT, 0, NULL, NULL },   \
	    { "maker", EX_FIELD_TEXT, 0, NULL, NULL },     \
	    { "model", EX_FIELD_TEXT, 0, NULL, NULL },     \
	    { "serial", EX_FIELD_TEXT, 0, NULL, NULL },    \
	    { "imei", EX_FIELD_TEXT, 0, NULL, NULL },      \
	    { "marks", EX_FIELD_TEXT, 0, NULL, NULL },     \
	    { "owner", EX_FIELD_TEXT, 0, NULL, NULL },     \
	    { "packaging", EX_FIELD_TEXT, 0, NULL, NULL }, \
	{                                                  \
		"hazards", EX_FIELD_TEXT, 0, NULL, NULL    \
	}

static const struct ex_field seize[] = {
	{ "case", EX_FIELD_CASE, 1, NULL, NULL },
	{ "seizure_record", EX_FIELD_CASE, 1, NULL, NULL },
	{ "exception", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "description", EX_FIELD_TEXT, 1, NULL, NULL },
	{ "place", EX_FIELD_TEXT, 1, NULL, NULL },
	{ "seal", EX_FIELD_SEAL, 0, NULL, NULL },
	{ "seal_type", EX_FIELD_TEXT, 0, NULL, NULL },
	THING,
};

static const struct ex_field package[] = {
	{ "case", EX_FIELD_CASE, 1, NULL, NULL },
	{ "seizure_record", EX_FIELD_CASE, 0, NULL, NULL },
	{ "exception", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "description", EX_FIELD_TEXT, 1, NULL, NULL },
	{ "place", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "seal", EX_FIELD_SEAL, 0, NULL, NULL },
	{ "seal_type", EX_FIELD_TEXT, 0, NULL, NULL },
	THING,
};

static const struct ex_field announce[] = {
	{ "case", EX_FIELD_CASE, 1, NULL, NULL },
	{ "seizure_record", EX_FIELD_CASE, 1, NULL, NULL },
	{ "description", EX_FIELD_TEXT, 1, NULL, NULL },
	{ "seal", EX_FIELD_SEAL, 0, NULL, NULL },
	{ "seal_type", EX_FIELD_TEXT, 0, NULL, NULL },
	THING,
};

/* From case on: of an item that nobody had announced. */
static const struct ex_field receive[] = {
	SEAL_SEEN,
	{ "location", EX_FIELD_NAME, 1, NULL, NULL },
	{ "serial_match", EX_FIELD_WORD, 0, matches, NULL },
	{ "serial", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "condition", EX_FIELD_TEXT, 1, NULL, NULL },
	{ "case", EX_FIELD_CASE, 0, NULL, NULL },
	{ "seizure_record", EX_FIELD_CASE, 0, NULL, NULL },
	{ "description", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "kind", EX_FIELD_WORD, 0, kinds, NULL },
	{ "capacity", EX_FIELD_INT, 0, NULL, NULL },
	{ "quantity", EX_FIELD_INT, 0, NULL, NULL },
	{ "maker", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "model", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "imei", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "marks", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "owner", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "packaging", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "hazards", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field refuse_receipt[] = {
	{ "reason", EX_FIELD_TEXT, 1, NULL, NULL },
};

static const struct ex_field create[] = {
	{ "case", EX_FIELD_CASE, 1, NULL, NULL },
	{ "nature", EX_FIELD_WORD, 1, natures, NULL },
	{ "parent", EX_FIELD_ITEM, 0, NULL, NULL },
	{ "relation", EX_FIELD_WORD, 0, relations, NULL },
	{ "description", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "format", EX_FIELD_NAME, 0, NULL, NULL },
	{ "size", EX_FIELD_INT, 0, NULL, NULL },
	{ "location", EX_FIELD_NAME, 0, NULL, NULL },
	{ "segments", EX_FIELD_ARRAY, 0, NULL, ex_check_segments },
	{ "segment_list", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "segment_count", EX_FIELD_INT, 0, NULL, NULL },
	{ "block_map", EX_FIELD_OBJECT, 0, NULL, ex_check_block_map },
	{ "destinations", EX_FIELD_TEXT, 0, NULL, NULL },
	THING,
};

static const struct ex_field import[] = {
	{ "case", EX_FIELD_CASE, 1, NULL, NULL },
	{ "parent", EX_FIELD_ITEM, 0, NULL, NULL },
	{ "relation", EX_FIELD_WORD, 0, relations, NULL },
	{ "description", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "format", EX_FIELD_NAME, 1, NULL, NULL },
	{ "size", EX_FIELD_INT, 0, NULL, NULL },
	{ "verdict", EX_FIELD_NAME, 0, NULL, NULL },
	{ "tool", EX_FIELD_NAME, 0, NULL, NULL },
	{ "segments", EX_FIELD_ARRAY, 0, NULL, ex_check_segments },
	{ "segment_list", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "segment_count", EX_FIELD_INT, 0, NULL, NULL },
	{ "method", EX_FIELD_WORD, 0, methods, NULL },
	{ "tool_report", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "stored", EX_FIELD_OBJECT, 0, NULL, ex_check_facts },
	{ "bad_ranges", EX_FIELD_ARRAY, 0, NULL, ex_check_ranges },
	{ "range_list", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "block_map", EX_FIELD_OBJECT, 0, NULL, ex_check_block_map },
	{ "bytes_read", EX_FIELD_INT, 0, NULL, NULL },
	{ "files", EX_FIELD_INT, 0, NULL, NULL },
	{ "files_left_out", EX_FIELD_INT, 0, NULL, NULL },
	{ "file_list", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "jail", EX_FIELD_NAME, 0, NULL, NULL },
	{ "environment", EX_FIELD_OBJECT, 0, NULL, ex_check_facts },
	{ "found", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "header", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "original", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "changes", EX_FIELD_TEXT, 0, NULL, NULL },
	THING,
};

static const struct ex_field store[] = {
	{ "location", EX_FIELD_NAME, 1, NULL, NULL },
	{ "unsealed", EX_FIELD_WORD, 0, unsealed, NULL },
};

static const struct ex_field move[] = {
	{ "location", EX_FIELD_NAME, 1, NULL, NULL },
};

static const struct ex_field check_out[] = {
	{ "purpose", EX_FIELD_TEXT, 1, NULL, NULL },
	{ "location", EX_FIELD_NAME, 0, NULL, NULL },
};

static const struct ex_field check_in[] = {
	SEAL_SEEN,
	{ "location", EX_FIELD_NAME, 1, NULL, NULL },
	{ "unsealed", EX_FIELD_WORD, 0, unsealed, NULL },
};

static const struct ex_field hand_over[] = {
	{ "location", EX_FIELD_NAME, 0, NULL, NULL },
	{ "running", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field take_over[] = {
	SEAL_SEEN,
	{ "location", EX_FIELD_NAME, 0, NULL, NULL },
	{ "condition", EX_FIELD_TEXT, 1, NULL, NULL },
	{ "reason", EX_FIELD_TEXT, 1, NULL, NULL },
};

static const struct ex_field seal_apply[] = {
	{ "seal", EX_FIELD_SEAL, 1, NULL, NULL },
	{ "predecessor", EX_FIELD_SEAL, 0, NULL, NULL },
	{ "seal_type", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field seal_break[] = {
	SEAL_SEEN,
	{ "reason", EX_FIELD_TEXT, 1, NULL, NULL },
};

static const struct ex_field component[] = {
	{ "case", EX_FIELD_CASE, 0, NULL, NULL },
	{ "parent", EX_FIELD_ITEM, 0, NULL, NULL },
	{ "children", EX_FIELD_ITEMS, 0, NULL, NULL },
	{ "description", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "kind", EX_FIELD_WORD, 0, kinds, NULL },
	{ "quantity", EX_FIELD_INT, 0, NULL, NULL },
	{ "maker", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "model", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "serial", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field component_in[] = {
	{ "parent", EX_FIELD_ITEM, 1, NULL, NULL },
};

static const struct ex_field acquire_start[] = {
	{ "acquisition", EX_FIELD_UUID, 1, NULL, NULL },
	{ "method", EX_FIELD_WORD, 1, methods, NULL },
	{ "write_protection", EX_FIELD_WORD, 1, protections, NULL },
	{ "write_blocker", EX_FIELD_NAME, 0, NULL, NULL },
	{ "competence", EX_FIELD_WORD, 1, dates, NULL },
	{ "tool", EX_FIELD_NAME, 0, NULL, NULL },
	{ "tool_validation", EX_FIELD_WORD, 1, dates, NULL },
	{ "deviation", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "resumed", EX_FIELD_INT, 0, NULL, ex_check_flag },
	{ "base", EX_FIELD_ITEM, 0, NULL, NULL },
	{ "format", EX_FIELD_NAME, 0, NULL, NULL },
	{ "size", EX_FIELD_INT, 0, NULL, NULL },
	{ "sector_size", EX_FIELD_INT, 0, NULL, NULL },
	{ "physical_sector_size", EX_FIELD_INT, 0, NULL, NULL },
	{ "serial_match", EX_FIELD_WORD, 0, matches, NULL },
	{ "device", EX_FIELD_OBJECT, 0, NULL, ex_check_facts },
	{ "learned", EX_FIELD_OBJECT, 0, NULL, ex_check_facts },
	{ "smart", EX_FIELD_OBJECT, 0, NULL, ex_check_facts },
	{ "live", EX_FIELD_INT, 0, NULL, ex_check_flag },
	{ "environment", EX_FIELD_OBJECT, 0, NULL, ex_check_facts },
	{ "in_use", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "write_blocker_serial", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "device_state", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "changes", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "credential", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "credential_right", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "source", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "device_serial", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "command", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "workstation", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field acquire_end[] = {
	{ "acquisition", EX_FIELD_UUID, 1, NULL, NULL },
	{ "result", EX_FIELD_WORD, 1, results, NULL },
	{ "image", EX_FIELD_ITEM, 0, NULL, NULL },
	{ "bytes_expected", EX_FIELD_INT, 0, NULL, NULL },
	{ "bytes_read", EX_FIELD_INT, 0, NULL, NULL },
	{ "bad_sectors", EX_FIELD_INT, 0, NULL, NULL },
	{ "bad_ranges", EX_FIELD_ARRAY, 0, NULL, ex_check_ranges },
	{ "range_list", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "origins", EX_FIELD_ARRAY, 0, NULL, ex_check_origins },
	{ "origin_list", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "attempts", EX_FIELD_ARRAY, 0, NULL, ex_check_attempts },
	{ "base", EX_FIELD_ITEM, 0, NULL, NULL },
	{ "block_map", EX_FIELD_OBJECT, 0, NULL, ex_check_block_map },
	{ "size_after", EX_FIELD_INT, 0, NULL, NULL },
	{ "verify_source", EX_FIELD_OBJECT, 0, NULL, ex_check_second },
	{ "resumes", EX_FIELD_INT, 0, NULL, NULL },
	{ "started", EX_FIELD_TIME, 0, NULL, NULL },
	{ "ended", EX_FIELD_TIME, 0, NULL, NULL },
	{ "verified", EX_FIELD_NAME, 0, NULL, NULL },
	{ "settings", EX_FIELD_OBJECT, 0, NULL, ex_check_facts },
	{ "smart", EX_FIELD_OBJECT, 0, NULL, ex_check_facts },
	{ "destinations", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field acquire_pause[] = {
	{ "acquisition", EX_FIELD_UUID, 1, NULL, NULL },
	{ "bytes_read", EX_FIELD_INT, 0, NULL, NULL },
	{ "bytes_expected", EX_FIELD_INT, 0, NULL, NULL },
	{ "bad_sectors", EX_FIELD_INT, 0, NULL, NULL },
	{ "bad_ranges", EX_FIELD_ARRAY, 0, NULL, ex_check_ranges },
	{ "range_list", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "origins", EX_FIELD_ARRAY, 0, NULL, ex_check_origins },
	{ "origin_list", EX_FIELD_SHA256, 0, NULL, NULL },
	{ "attempts", EX_FIELD_ARRAY, 0, NULL, ex_check_attempts },
	{ "base", EX_FIELD_ITEM, 0, NULL, NULL },
	{ "resumes", EX_FIELD_INT, 0, NULL, NULL },
	{ "started", EX_FIELD_TIME, 0, NULL, NULL },
	{ "ended", EX_FIELD_TIME, 0, NULL, NULL },
	{ "settings", EX_FIELD_OBJECT, 0, NULL, ex_check_facts },
	{ "destinations", EX_FIELD_TEXT, 0, NULL, NULL },
	{ "reason", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field offer_transfer[] = {
	{ "to", EX_FIELD_NAME, 1, NULL, NULL },
	{ "method", EX_FIELD_WORD, 1, ex_words_method, NULL },
	{ "unsealed", EX_FIELD_WORD, 0, unsealed, NULL },
	{ "tracking", EX_FIELD_CODE, 0, NULL, NULL },
};

static const struct ex_field accept_transfer[] = {
	SEAL_SEEN,
	{ "location", EX_FIELD_NAME, 1, NULL, NULL },
	{ "final", EX_FIELD_INT, 0, NULL, ex_check_flag },
	{ "condition", EX_FIELD_TEXT, 1, NULL, NULL },
};

static const struct ex_field need_reason[] = {
	{ "reason", EX_FIELD_TEXT, 1, NULL, NULL },
};

static const struct ex_field pick_up[] = {
	{ "tracking", EX_FIELD_CODE, 0, NULL, NULL },
};

static const struct ex_field court_return[] = {
	{ "seal", EX_FIELD_SEAL, 0, NULL, NULL },
	{ "seal_state", EX_FIELD_WORD, 0, ex_words_seal_state, NULL },
	{ "method", EX_FIELD_WORD, 0, ex_words_method, NULL },
};

static const struct ex_field entrust[] = {
	{ "order", EX_FIELD_CASE, 1, NULL, NULL },
	{ "location", EX_FIELD_NAME, 0, NULL, NULL },
	{ "examiner", EX_FIELD_NAME, 0, NULL, NULL },
	{ "duty", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field recall[] = {
	{ "order", EX_FIELD_CASE, 1, NULL, NULL },
	{ "method", EX_FIELD_WORD, 0, ex_words_method, NULL },
};

static const struct ex_field giving_up[] = {
	{ "order", EX_FIELD_CASE, 0, NULL, NULL },
	{ "condition", EX_FIELD_TEXT, 0, NULL, NULL },
};

static const struct ex_field elsewhere[] = {
	{ "outcome", EX_FIELD_WORD, 1, outcomes, NULL },
	{ "document", EX_FIELD_SHA256, 1, NULL, NULL },
};

static const struct ex_field found[] = {
	SEAL_SEEN,
	{ "location", EX_FIELD_NAME, 1, NULL, NULL },
	{ "condition", EX_FIELD_TEXT, 1, NULL, NULL },
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
#define PAPER(role)                        \
	{                                  \
		role, 1, EX_BY_PAPER, NULL \
	}
#define ROW(act, name, verb) act, name, verb, EX_ON_ITEM

const struct ex_act_def ex_acts_item[] = {
	{ ROW(EX_ACT_SEIZE, "seize", "seize"),
	    { { "officer", 1, EX_BY_PAPER, by_entry },
		{ "owner", 0, EX_BY_ANY, NULL }, END },
	    EX_FIELDS(seize), "Seized", "扣押" },
	{ ROW(EX_ACT_PACKAGE, "package", "package"),
	    { { "officer", 1, EX_BY_PAPER, by_entry },
		{ "owner", 0, EX_BY_ANY, NULL }, END },
	    EX_FIELDS(package), "Packaged", "包裝" },
	{ ROW(EX_ACT_ANNOUNCE, "announce", NULL),
	    { { "submitter", 1, EX_BY_PAPER, by_entry }, END },
	    EX_FIELDS(announce), "Announced", "預告送驗" },
	{ ROW(EX_ACT_RECEIVE, "receive", "receive"),
	    { KEY("custodian", by_custodian), PAPER("submitter"), END },
	    EX_FIELDS(receive), "Received", "收受" },
	{ ROW(EX_ACT_REFUSE_RECEIPT, "refuse_receipt", "refuse-receipt"),
	    { KEY("custodian", by_custodian),
		{ "submitter", 0, EX_BY_PAPER, NULL }, END },
	    EX_FIELDS(refuse_receipt), "Receipt refused", "拒絕收受" },
	{ ROW(EX_ACT_CREATE, "create", NULL),
	    { MAY("examiner", by_examiner),
		{ "station", 0, EX_BY_STATION, NULL }, END },
	    EX_FIELDS(create), "Made", "產生" },
	{ ROW(EX_ACT_IMPORT, "import", NULL),
	    { KEY("examiner", by_examiner), END }, EX_FIELDS(import),
	    "Imported", "匯入" },
	{ ROW(EX_ACT_STORE, "store", "store"),
	    { KEY("custodian", by_custodian), END }, EX_FIELDS(store), "Stored",
	    "入庫" },
	{ ROW(EX_ACT_MOVE, "move", "move"),
	    { KEY("custodian", by_custodian), END }, EX_FIELDS(move), "Moved",
	    "移庫" },
	{ ROW(EX_ACT_CHECK_OUT, "check_out", "check-out"),
	    { KEY("custodian", by_custodian), PAPER("receiver"), END },
	    EX_FIELDS(check_out), "Checked out", "領出" },
	{ ROW(EX_ACT_CHECK_IN, "check_in", "check-in"),
	    { KEY("holder", NULL), KEY("custodian", by_custodian), END },
	    EX_FIELDS(check_in), "Checked in", "繳回" },
	{ ROW(EX_ACT_HAND_OVER, "hand_over", "hand-over"),
	    { KEY("releaser", NULL), KEY("receiver", NULL), END },
	    EX_FIELDS(hand_over), "Handed over", "內部交接" },
	{ ROW(EX_ACT_TAKE_OVER, "take_over", "take-over"),
	    { KEY("custodian", NULL), KEY("lab_head", by_head), END },
	    EX_FIELDS(take_over), "Taken over", "接管" },
	{ ROW(EX_ACT_SEAL_APPLY, "seal_apply", "seal-apply"),
	    { KEY("holder", NULL), END }, EX_FIELDS(seal_apply), "Seal applied",
	    "封緘" },
	{ ROW(EX_ACT_SEAL_BREAK, "seal_break", "seal-break"),
	    { KEY("examiner", by_examiner), END }, EX_FIELDS(seal_break),
	    "Seal broken", "拆封" },
	{ ROW(EX_ACT_COMPONENT_OUT, "component_out", "component-out"),
	    { KEY("examiner", by_examiner), END }, EX_FIELDS(component),
	    "Component taken out", "取出元件" },
	{ ROW(EX_ACT_SPLIT, "split", "split"),
	    { KEY("examiner", by_examiner), END }, EX_FIELDS(component),
	    "Split", "分拆" },
	{ ROW(EX_ACT_COMPONENT_IN, "component_in", "component-in"),
	    { KEY("examiner", by_examiner), END }, EX_FIELDS(component_in),
	    "Component put back", "裝回元件" },
	{ ROW(EX_ACT_ACQUIRE_START, "acquire_start", NULL),
	    { KEY("examiner", by_examiner), END }, EX_FIELDS(acquire_start),
	    "Imaging begun", "取證開始" },
	{ ROW(EX_ACT_ACQUIRE_PAUSE, "acquire_pause", NULL),
	    { MAY("examiner", by_examiner),
		{ "station", 0, EX_BY_STATION, NULL }, END },
	    EX_FIELDS(acquire_pause), "Imaging paused", "取證暫停" },
	{ ROW(EX_ACT_ACQUIRE_END, "acquire_end", NULL),
	    { MAY("examiner", by_examiner),
		{ "station", 0, EX_BY_STATION, NULL }, END },
	    EX_FIELDS(acquire_end), "Imaging ended", "取證結束" },
	{ ROW(EX_ACT_OFFER_TRANSFER, "offer_transfer", "transfer-offer"),
	    { KEY("releaser", NULL), END }, EX_FIELDS(offer_transfer),
	    "Transfer offered", "移轉送出" },
	{ ROW(EX_ACT_ACCEPT_TRANSFER, "accept_transfer", "transfer-accept"),
	    { PAPER("receiver"), { "releaser", 0, EX_BY_PAPER, NULL }, END },
	    EX_FIELDS(accept_transfer), "Transfer accepted", "移轉收受" },
	{ ROW(EX_ACT_REFUSE_TRANSFER, "refuse_transfer", "transfer-refuse"),
	    { PAPER("receiver"), END }, EX_FIELDS(need_reason),
	    "Transfer refused", "拒絕移轉" },
	{ ROW(EX_ACT_CANCEL_TRANSFER, "cancel_transfer", "transfer-cancel"),
	    { KEY("releaser", NULL), END }, NULL, 0, "Transfer cancelled",
	    "取消移轉" },
	{ ROW(EX_ACT_PICK_UP, "pick_up", "pick-up"),
	    { KEY("releaser", NULL), PAPER("carrier"), END },
	    EX_FIELDS(pick_up), "Picked up", "交付運送" },
	{ ROW(EX_ACT_COURT_RETURN, "court_return", "court-return"),
	    { PAPER("releaser"), KEY("receiver", NULL), END },
	    EX_FIELDS(court_return), "Returned by the court", "法院發還" },
	{ ROW(EX_ACT_ENTRUST, "entrust", "entrust"),
	    { KEY("releaser", NULL), PAPER("keeper"), END }, EX_FIELDS(entrust),
	    "Entrusted", "責付保管" },
	{ ROW(EX_ACT_RECALL, "recall", "recall"),
	    { KEY("releaser", NULL), PAPER("keeper"), END }, EX_FIELDS(recall),
	    "Recalled", "召回" },
	{ ROW(EX_ACT_RETURN_ACCEPT, "return_accept", "return"),
	    { KEY("custodian", NULL), PAPER("owner"), END },
	    EX_FIELDS(giving_up), "Returned to its owner", "發還" },
	{ ROW(EX_ACT_DISPOSE_APPROVE, "dispose_approve", "dispose-approve"),
	    { KEY("approver", by_head), END }, EX_FIELDS(giving_up),
	    "Disposal approved", "核准銷毀" },
	{ ROW(EX_ACT_DISPOSE_DONE, "dispose_done", "dispose-done"),
	    { KEY("executor", by_custodian), KEY("witness", NULL), END },
	    EX_FIELDS(giving_up), "Disposed of", "銷毀" },
	{ ROW(EX_ACT_DISPOSED_ELSEWHERE, "disposed_elsewhere",
	      "disposed-elsewhere"),
	    { KEY("custodian", NULL), END }, EX_FIELDS(elsewhere),
	    "Disposed of elsewhere", "他處處置" },
	{ ROW(EX_ACT_MISSING, "missing", "missing"),
	    { KEY("officer", NULL), END }, EX_FIELDS(need_reason), "Missing",
	    "遺失" },
	{ ROW(EX_ACT_FOUND, "found", "found"),
	    { KEY("custodian", by_custodian), END }, EX_FIELDS(found),
	    "Found again", "尋獲" },
};
const size_t ex_acts_item_n = sizeof(ex_acts_item) / sizeof(ex_acts_item[0]);
