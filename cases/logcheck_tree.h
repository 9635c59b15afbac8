/*
 * logcheck_tree.h -- the computed tree; for cases/logcheck*.c alone.
 */
#ifndef CASES_LOGCHECK_TREE_H
#define CASES_LOGCHECK_TREE_H

#include "cases/logcheck.h"

/* The leaf of the next entry. */
int ex_logcheck_append(
    struct ex_logcheck *c, const uint8_t leaf[EX_HASH], struct ex_err *err);

/* Size and root of somewhere else against the entries. */
int ex_logcheck_compare(struct ex_logcheck *c, enum ex_logcheck_from from,
    const char *name, const struct ex_checkpoint *p, struct ex_err *err);

/*
 * Where streams ended: every entry is added before it is appended; a heads
 * entry is checked against what came before it.
 */
int ex_logcheck_heads_new(struct ex_logcheck_heads **out, struct ex_err *err);
void ex_logcheck_heads_free(struct ex_logcheck_heads *h);
int ex_logcheck_heads_add(struct ex_logcheck_heads *h,
    const struct ex_stream *stream, uint64_t seq, const char *case_number,
    struct ex_err *err);
int ex_logcheck_heads_check(struct ex_logcheck *c, const struct ex_event *e,
    const struct ex_logcheck_at *at, struct ex_err *err);

/*
 * Acts over many items: a batch that is not whole at the end is a finding,
 * one whose members are not those signed for a fault.
 */
int ex_logcheck_batches_add(struct ex_logcheck *c, const struct ex_event *e,
    const struct ex_logcheck_at *at, struct ex_err *err);
int ex_logcheck_batches_end(struct ex_logcheck *c, struct ex_err *err);
void ex_logcheck_batches_free(struct ex_logcheck *c);

#endif
