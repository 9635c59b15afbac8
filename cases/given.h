/*
 * given.h -- what a person gives for the fields of an act, as text: put where
 * the act's row says, in clear or committed, each of its type.
 */
#ifndef CASES_GIVEN_H
#define CASES_GIVEN_H

#include <stddef.h>

#include "base/err.h"
#include "cases/act.h"

/* A field's name, "seal_state", and its value; both borrowed. */
struct ex_given {
	const char *name;
	const char *value;
};

/* The last value given for a name, or NULL. */
const char *
ex_given_get(const struct ex_given *given, size_t n, const char *name);

/*
 * Put a value into the member.  A text or a list that is given several times
 * has several elements; the elements of a list may also be separated by
 * commas.  EX_USAGE: the act has no such field, or the value is not of its
 * type; the text names the option and what it takes.
 */
int ex_given_put(
    struct ex_member *m, const struct ex_given *given, struct ex_err *err);
int ex_given_put_all(struct ex_member *m, const struct ex_given *given,
    size_t n, struct ex_err *err);

/* Put a value unless the member has that field already. */
int ex_given_default(struct ex_member *m, const char *name, const char *value,
    struct ex_err *err);

/* Does the member have this field, in clear or committed?  1 or 0. */
int ex_given_has(const struct ex_member *m, const char *name);

/* EX_USAGE names the first field that the act requires and that is not there.
 */
int ex_given_complete(const struct ex_member *m, struct ex_err *err);

/* The word for an act as people type it: "check-out". */
const char *ex_given_verb(const struct ex_act_def *def);

#endif
