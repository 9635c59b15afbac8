/*
 * verify_say.h -- what exhibit-verify answers, for people and for programs.
 */
#ifndef CUSTODY_VERIFY_SAY_H
#define CUSTODY_VERIFY_SAY_H

#include "base/err.h"
#include "custody/bundle.h"

struct ex_verify_answer {
	const char *path[2]; /* path[1] NULL: one only */
	const struct ex_bundle_result *result[2];
	const struct ex_trust *trust;
	enum ex_verdict verdict; /* over both */
	int zh;			 /* labels and verdict in Traditional Chinese */
};

/*
 * Write all of it to standard output: every remark, the fingerprints of the
 * keys, the verdict.
 */
int ex_verify_say_text(const struct ex_verify_answer *a, struct ex_err *err);

/* The same as one line of JSON, the summary. */
int ex_verify_say_json(const struct ex_verify_answer *a, struct ex_err *err);

/* The summary of a check that could not be made. */
void ex_verify_say_error(int status, const struct ex_err *why);

/* A label in the language of the answer, and spaces up to a fact. */
void ex_verify_label(
    const struct ex_verify_answer *a, const char *en, const char *zh);

/* What others say of the log: verify_outside.c. */
void ex_verify_say_outside(
    const struct ex_verify_answer *a, const struct ex_bundle_result *r);
int ex_verify_set_outside(
    struct ex_json *out, const struct ex_bundle_result *r, struct ex_err *err);

#endif
