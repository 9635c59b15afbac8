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

#endif
