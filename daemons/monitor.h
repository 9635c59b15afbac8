/*
 * monitor.h -- a witness that sees every entry: `exhibit-witness --monitor`.
 *
 * The laboratory hands it DIR/tiles, what `exhibit log export --entries`
 * writes.  It reads all entries from the first on, admits each as the
 * sequencer must have done, and so knows that each (stream, seq) is there
 * once, that each prev continues the one head, and that each heads entry says
 * what it computes itself.  It keeps nothing but the checkpoint that it
 * cosigned last: the old root is computed again, too.
 */
#ifndef DAEMONS_MONITOR_H
#define DAEMONS_MONITOR_H

#include "base/err.h"
#include "daemons/witness.h"

/*
 * An examine() of struct ex_witness; arg is the path of the tiles.  EX_ABSENT:
 * they are not those of now; EX_DAMAGED says which entry does not stand.
 */
int ex_monitor_examine(void *tiles, const struct ex_checkpoint *old,
    const struct ex_checkpoint *now, struct ex_err *err);

/*
 * Look at the tiles' own checkpoint, and cosign it if all stands: as an
 * add-checkpoint of it would be answered.
 */
int ex_monitor_check(struct ex_answer *out, const struct ex_witness *w,
    const char *tiles, uint64_t now, struct ex_err *err);

#endif
