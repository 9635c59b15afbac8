/*
 * signed.h -- what was signed of an imaging of item M-1 of the bench, and what
 * reports say of it.
 */
#ifndef TESTS_CASES_SIGNED_H
#define TESTS_CASES_SIGNED_H

#include "tests/cases/bench.h"

/* A field of the newest entry of an act of M-1; the caller's, or NULL. */
struct ex_json *signed_in(enum ex_act act, const char *name);
/* It is this word. */
void assert_word(enum ex_act act, const char *name, const char *want);

/* A committed text of the newest acquire_start; "" when it has none. */
void text_of_start(char out[512], const char *name);

/* A member of an object is this text. */
void assert_member(const struct ex_json *v, const char *name, const char *want);

/* A report of M-1 in a language, whose lines are not broken; replaces out. */
void report(struct ex_buf *out, int zh);
void assert_said(const struct ex_buf *text, const char *what);

/* `exhibit challenge M-1` has a point of this code. */
void assert_challenged(const char *code);

#endif
