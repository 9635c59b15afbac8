/*
 * act.h -- the acts: their names, what they are done to, which fields they
 * carry, which parties sign.
 *
 * One row an act in custody/act.c; what an act does to the state of things
 * stands in custody/state.c.  Names and fields are part of the signed format:
 * rows are added, never changed.
 */
#ifndef CUSTODY_ACT_H
#define CUSTODY_ACT_H

#include <stddef.h>

#include "base/err.h"
#include "base/json.h"

enum ex_stream_kind {
	EX_STREAM_ITEM,
	EX_STREAM_CASE,
	EX_STREAM_LAB,
	EX_STREAM_RELEASE,
	EX_STREAM_KINDS
};

enum ex_act {
	/* laboratory */
	EX_ACT_GENESIS,
	EX_ACT_ORG_ADD,
	EX_ACT_PERSON_ADD,
	EX_ACT_ROLE_GRANT,
	EX_ACT_ROLE_END,
	EX_ACT_COMPETENCE,
	EX_ACT_KEY_ENROL,
	EX_ACT_KEY_REVOKE,
	EX_ACT_ROTATE,
	EX_ACT_DELEGATE,
	EX_ACT_LOCATION_ADD,
	EX_ACT_TOOL_ADD,
	EX_ACT_TOOL_VALIDATED,
	EX_ACT_POLICY_SET,
	EX_ACT_HEADS,
	EX_ACT_ANCHOR_TABLES,
	EX_ACT_REJECT,
	EX_ACT_EPOCH,
	EX_ACT_RECOVERED,
	EX_ACT_OVERRIDE,
	EX_ACT_ROTATE_LOG,
	EX_ACT_ROTATE_CA,
	/* case */
	EX_ACT_CASE_OPEN,
	EX_ACT_CASE_CHANGE,
	EX_ACT_AUTHORIZE,
	EX_ACT_AUTHORIZE_END,
	EX_ACT_ACCESS_GRANT,
	EX_ACT_ACCESS_END,
	EX_ACT_CASE_SEAL,
	EX_ACT_LINK_CASE,
	EX_ACT_REQUEST_OPEN,
	EX_ACT_REQUEST_CHANGE,
	EX_ACT_ASSIGN,
	EX_ACT_CASE_CLOSE,
	/* item, with effect on its state */
	EX_ACT_SEIZE,
	EX_ACT_PACKAGE,
	EX_ACT_ANNOUNCE,
	EX_ACT_RECEIVE,
	EX_ACT_REFUSE_RECEIPT,
	EX_ACT_CREATE,
	EX_ACT_IMPORT,
	EX_ACT_STORE,
	EX_ACT_MOVE,
	EX_ACT_CHECK_OUT,
	EX_ACT_CHECK_IN,
	EX_ACT_HAND_OVER,
	EX_ACT_TAKE_OVER,
	EX_ACT_SEAL_APPLY,
	EX_ACT_SEAL_BREAK,
	EX_ACT_COMPONENT_OUT,
	EX_ACT_SPLIT,
	EX_ACT_COMPONENT_IN,
	EX_ACT_ACQUIRE_START,
	EX_ACT_ACQUIRE_PAUSE,
	EX_ACT_ACQUIRE_END,
	EX_ACT_OFFER_TRANSFER,
	EX_ACT_ACCEPT_TRANSFER,
	EX_ACT_REFUSE_TRANSFER,
	EX_ACT_CANCEL_TRANSFER,
	EX_ACT_PICK_UP,
	EX_ACT_COURT_RETURN,
	EX_ACT_ENTRUST,
	EX_ACT_RECALL,
	EX_ACT_RETURN_ACCEPT,
	EX_ACT_DISPOSE_APPROVE,
	EX_ACT_DISPOSE_DONE,
	EX_ACT_DISPOSED_ELSEWHERE,
	EX_ACT_MISSING,
	EX_ACT_FOUND,
	/* item, without effect on its state (flags apart) */
	EX_ACT_PHOTOGRAPH,
	EX_ACT_INSPECT,
	EX_ACT_SEAL_CHECK,
	EX_ACT_EXTERNAL_SEAL,
	EX_ACT_INVENTORY,
	EX_ACT_NOTE,
	EX_ACT_DEVIATION,
	EX_ACT_FINDING_EXPLAIN,
	EX_ACT_EXAMINE_START,
	EX_ACT_EXAMINE_END,
	EX_ACT_CONNECT,
	EX_ACT_COPY,
	EX_ACT_VIEW,
	EX_ACT_CONFIRM,
	EX_ACT_DISOWN,
	EX_ACT_CORRECT,
	EX_ACT_ANNUL,
	EX_ACT_LATE_ENTRY,
	EX_ACT_ERASE,
	EX_ACT_HOLD_ON,
	EX_ACT_HOLD_OFF,
	EX_ACT_QUARANTINE_ON,
	EX_ACT_QUARANTINE_OFF,
	EX_ACT_SCOPE_STOP,
	EX_ACT_SCOPE_EXTEND,
	EX_ACT_PRIVILEGE_HOLD,
	EX_ACT_FIXITY_OK,
	EX_ACT_FIXITY_FAIL,
	EX_ACT_VERIFY,
	EX_ACT_VAULT_IN,
	EX_ACT_REPLICATE,
	EX_ACT_ARCHIVE,
	EX_ACT_PURGE,
	/* of items and of cases */
	EX_ACT_REPORT,
	EX_ACT_BUNDLE,
	EX_ACT_EXPORT,
	EX_ACT_SHARE,
	EX_ACT_SHARE_RECEIPT,
	EX_ACTS
};

/* What a field's value may be. */
enum ex_field_type {
	EX_FIELD_TEXT,	 /* free or personal text; always committed (pii) */
	EX_FIELD_NAME,	 /* ex_text_name_ok() */
	EX_FIELD_ITEM,	 /* ex_text_item_ok() */
	EX_FIELD_CASE,	 /* case number */
	EX_FIELD_SEAL,	 /* seal number: printable ASCII, 1-64, no space */
	EX_FIELD_CODE,	 /* [A-Za-z0-9._:/+-]{1,128}: numbers of documents */
	EX_FIELD_WORD,	 /* one of words[] */
	EX_FIELD_INT,	 /* 0 <= n < 2^53 */
	EX_FIELD_SIGNED, /* |n| < 2^53 */
	EX_FIELD_TIME,	 /* canonical time */
	EX_FIELD_SHA256, /* 64 lower-case hexadecimal digits */
	EX_FIELD_UUID,
	EX_FIELD_NAMES,	  /* array of NAME */
	EX_FIELD_ITEMS,	  /* array of ITEM */
	EX_FIELD_SHA256S, /* array of SHA256 */
	EX_FIELD_OBJECT,  /* object with a check of its own */
	EX_FIELD_ARRAY	  /* array with a check of its own */
};

/* One field of an act.  In clear under "fields", or committed under "pii". */
struct ex_field {
	const char *name;
	enum ex_field_type type;
	int required;
	const char *const *words; /* for EX_FIELD_WORD, NULL-terminated */
	int (*check)(const struct ex_json *v, struct ex_err *err);
};

enum {
	EX_ACT_ROLES = 4
};

/* One party that an act calls for. */
struct ex_act_role {
	const char *role;	   /* "custodian"; NULL ends the list */
	int required;		   /* 0: may be left out */
	unsigned modes;		   /* bit 1 << enum ex_mode: allowed */
	const char *const *grants; /* granted roles of which one is needed,
				    * NULL: anyone enrolled */
};

struct ex_act_def {
	enum ex_act act;
	const char *name; /* in the body: "offer_transfer" */
	const char *verb; /* on the command line: "transfer-offer" */
	unsigned streams; /* bit 1 << enum ex_stream_kind */
	/*
	 * In order of the command line: [0] is --as, [1] is --with.  A witness
	 * may always be added; so may a recorder of a paper party.
	 */
	struct ex_act_role role[EX_ACT_ROLES + 1];
	const struct ex_field *field; /* besides those common to all acts */
	size_t nfields;
	const char *title_en; /* as printed in reports */
	const char *title_zh;
};

const struct ex_act_def *ex_act(enum ex_act act);

/* By the body's name or by the command line's verb.  NULL: no such act. */
const struct ex_act_def *ex_act_by_name(const char *name);
const struct ex_act_def *ex_act_by_verb(const char *verb);

/*
 * The definition of a field of an act: its own or one common to all acts
 * (condition, purpose, reason, note, authority, attachments, ...).  NULL:
 * this act has no such field.  A name with a "/n" suffix finds the list's.
 */
const struct ex_field *
ex_act_field(const struct ex_act_def *def, const char *name);

/* The common fields, for help texts. */
const struct ex_field *ex_act_common(size_t *n);

/* Is this value of the field's type?  EX_FORMAT names the field. */
int ex_field_check(
    const struct ex_field *f, const struct ex_json *v, struct ex_err *err);

/*
 * Are the clear fields and the committed paths of a body those its act
 * permits and requires, each of its type?  EX_FORMAT names the field.
 */
int
ex_act_check_fields(const struct ex_act_def *def, const struct ex_json *fields,
    const struct ex_json *pii, struct ex_err *err);

const char *ex_stream_kind_name(enum ex_stream_kind kind);
int ex_stream_kind_parse(
    enum ex_stream_kind *out, const char *name, struct ex_err *err);

#endif
