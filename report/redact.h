/*
 * redact.h -- what a redacted bundle leaves out, for whom, and why.
 *
 * Only texts behind commitments can be withheld: entries stay as they were
 * signed, and verify.  All profiles are one table, in redact.c.
 */
#ifndef REPORT_REDACT_H
#define REPORT_REDACT_H

#include "base/buf.h"
#include "base/err.h"
#include "cases/record.h"

enum ex_profile {
	EX_PROFILE_NONE,    /* everything goes */
	EX_PROFILE_COURT,   /* facts of the evidence, not what police assume */
	EX_PROFILE_DEFENCE, /* nor what harms others or the house */
	EX_PROFILE_OWNER    /* of an exhibit: what was done with it */
};

#define EX_REDACTION_FILE   "withheld.json"
#define EX_REDACTION_SCHEMA "custody-redaction/v1"

/* By name, NULL is none; EX_USAGE lists those that there are. */
int
ex_profile_parse(enum ex_profile *out, const char *name, struct ex_err *err);
const char *ex_profile_name(enum ex_profile p);

/*
 * Is the text of this path ("condition", "photos/0", "parties/1/reason") of
 * an entry of this act withheld?  1 or 0.
 */
int ex_profile_withholds(enum ex_profile p, enum ex_act act, const char *path);

/*
 * Close the texts that the profile withholds: ex_record_text() does not know
 * them any more, so that no report says them.  openings_text stays whole.
 */
int
ex_redact_record(struct ex_record *r, enum ex_profile p, struct ex_err *err);

/*
 * Append withheld.json, canonical: {profile, rules: [{count, field, of?,
 * why_en, why_zh}], schema}: how many texts of r each rule withholds.
 */
int ex_redact_list(struct ex_buf *out, const struct ex_record *r,
    enum ex_profile p, struct ex_err *err);

#endif
