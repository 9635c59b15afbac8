/*
 * case.h -- cases: opened, authorised, granted, sealed, closed; and what
 * there is of them.
 */
#ifndef CASES_CASE_H
#define CASES_CASE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "cases/given.h"

struct ex_house;

/*
 * A case's number as typed, "case:" before it or not: 1 to 64 characters that
 * may be signed.  Borrowed from text.  EX_USAGE.
 */
int ex_case_number(const char **out, const char *text, struct ex_err *err);

/* An authority as typed. */
struct ex_authority {
	const char *name;	  /* "warrant:NUMBER" */
	const char *from, *until; /* canonical times, or NULL */
};

/* Open a case with the authorities that it rests on, in one entry. */
int ex_case_open(struct ex_json *summary, int *status, struct ex_house *house,
    const char *number, const struct ex_given *given, size_t n,
    const struct ex_authority *authority, size_t nauthorities,
    struct ex_err *err);

/* Another act of a case out of its fields. */
int ex_case_do(struct ex_json *summary, int *status, struct ex_house *house,
    enum ex_act act, const char *number, const struct ex_given *given, size_t n,
    struct ex_err *err);

/* authorize; document (NULL: none) is a file that goes into the vault. */
int ex_case_authorize(struct ex_json *summary, int *status,
    struct ex_house *house, const char *number, const struct ex_authority *a,
    const struct ex_given *given, size_t n, const char *document,
    struct ex_err *err);

/*
 * {"case","title","status","sealed","org","opener","authorities":[{"number",
 * "kind","from"?,"until"?,"ended"?,"valid"}],"grants":[{"to","until"?}],
 * "items":[{"item","state"}]} and what else was given at its opening or
 * changed since.  EX_ABSENT.
 */
int ex_case_show(struct ex_json **out, struct ex_house *house,
    const char *number, struct ex_err *err);

/* [{"case","status","sealed","org","opener","title","items"}] */
int
ex_case_list(struct ex_json **out, struct ex_house *house, struct ex_err *err);

/*
 * The one authority of a case that is in force at a time; "" when there is
 * none.  EX_USAGE names them when there are several.
 */
int ex_authority_pick(char out[EX_CASE_MAX + 1], struct ex_house *house,
    const char *number, int64_t at, struct ex_err *err);

#endif
