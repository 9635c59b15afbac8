/*
 * answer.h -- fields of what a drive answers, out of bytes nobody vouches for.
 *
 * Every reader takes the whole answer with its length and says 0 for what
 * lies outside of it: callers check the length first, and these stay safe
 * when one of them forgets.
 */
#ifndef INTAKE_ANSWER_H
#define INTAKE_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Little-endian number of nbytes (1 to 8) bytes at a place. */
uint64_t ex_answer_le(struct ex_span answer, size_t at, size_t nbytes);

/* The same, big-endian. */
uint64_t ex_answer_be(struct ex_span answer, size_t at, size_t nbytes);

/*
 * n bytes of ASCII at a place, without spaces round it; what is not printable
 * is a '?', a NUL ends it.  swapped: each pair of bytes is the other way
 * round, as in ATA strings (ACS-4 3.4.9).  "" when nothing is said.  out holds
 * size bytes.
 */
void ex_answer_text(char *out, size_t size, struct ex_span answer, size_t at,
    size_t n, int swapped);

/* Are all of them the same byte?  What a bridge says that says nothing. */
int ex_answer_blank(struct ex_span answer);

#endif
