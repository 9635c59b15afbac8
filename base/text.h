/*
 * text.h -- text from outside: what may be signed, what may be shown.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Is this text fit to be signed?  Valid UTF-8, not normalised, and none of
 * U+0000-001F, U+007F-009F, bidi controls (U+200E/F, 202A-E, 2066-9),
 * surrogates, noncharacters.  EX_FORMAT names the code point and its place.
 */
int ex_text_canonical(const char *text, size_t n, struct ex_err *err);

/*
 * Write text of n bytes so that a terminal shows it and does nothing else:
 * control characters, bidi controls and invalid bytes as \xHH or \u{HHHH}.
 * Cut with "..." when it does not fit.  Returns out.
 */
char *ex_text_show(char *out, size_t size, const char *text, size_t n);

/* The same for a NUL-terminated string. */
char *ex_text_shown(char *out, size_t size, const char *text);

/* Is text of n bytes valid UTF-8?  1 or 0. */
int ex_text_utf8(const char *text, size_t n);

/* Bytes of the first character of text; 1 where it is not UTF-8; n > 0. */
size_t ex_text_step(const char *text, size_t n);

/*
 * Append text of n bytes as it is compared: NFKC, case folded, so that
 * full-width and capital letters equal plain ones.  EX_FORMAT when it is not
 * UTF-8.
 */
int ex_text_fold(
    struct ex_buf *out, const char *text, size_t n, struct ex_err *err);

/* Columns that text takes on a terminal (East Asian wide counts two). */
size_t ex_text_width(const char *text);

/* ITEM: [A-Z0-9-]{1,40}.  1 or 0. */
int ex_text_item_ok(const char *text);

/* Names of persons, keys, organisations, locations: [A-Za-z0-9._-]{1,40},
 * first character a letter or digit.  1 or 0. */
int ex_text_name_ok(const char *text);

/* Does text equal one of a NULL-terminated list?  Index or -1. */
int ex_text_index(const char *text, const char *const *list);

/* Split text at each sep; calls each() with every part. */
int ex_text_split(const char *text, char sep,
    int (*each)(void *arg, const char *part, size_t n, struct ex_err *err),
    void *arg, struct ex_err *err);

/* Read a decimal number without sign, spaces or leading zeros; EX_FORMAT. */
int ex_text_number(unsigned long long *out, const char *text,
    unsigned long long max, struct ex_err *err);

#endif
