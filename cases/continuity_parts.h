/*
 * continuity_parts.h -- what the parts of the continuity check share; for
 * cases/continuity*.c alone.
 */
#ifndef CASES_CONTINUITY_PARTS_H
#define CASES_CONTINUITY_PARTS_H

#include "cases/continuity.h"

/*
 * Add a finding about one entry, and about a second one when seq2 is not 0.
 * text NULL: the code's title.
 */
int
ex_continuity_add(struct ex_continuity *c, const char *item, const char *code,
    uint64_t seq, uint64_t seq2, const char *text, struct ex_err *err);

/* What single entries show: parties, texts, digests, what the rules found. */
int ex_continuity_entries(struct ex_continuity *c, const struct ex_record *r,
    const char *item, struct ex_err *err);

/* What two entries that follow each other show: time, custodian, seal. */
int ex_continuity_chain(struct ex_continuity *c, const struct ex_record *r,
    const char *item, struct ex_err *err);

#endif
