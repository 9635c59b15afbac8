/*
 * outside.h -- what the log is about to sign, kept outside PostgreSQL.
 *
 * DIR/log/outside holds the three lines of a checkpoint (custody/log.h),
 * unsigned: the largest tree that was ever signed or is just being signed.
 * It only grows.  A database that was put back to yesterday is smaller than
 * it, a rewritten history has another root.
 */
#ifndef DAEMONS_OUTSIDE_H
#define DAEMONS_OUTSIDE_H

#include "base/err.h"
#include "base/file.h"
#include "signing/note.h"

struct ex_outside {
	char path[EX_PATH];
	int there;		   /* 0: no file yet; size is 0 then */
	struct ex_checkpoint held; /* what the file says */
};

/*
 * Read the store of this data directory.  EX_DAMAGED when the file is no
 * checkpoint or of another log than origin.
 */
int ex_outside_load(struct ex_outside *out, const char *data_dir,
    const char *origin, struct ex_err *err);

/*
 * Replace what it holds by next, durably.  EX_CONFLICT when the file is not
 * what was read last, EX_STATE when next does not continue it.  The same
 * again is nothing.
 */
int ex_outside_swap(
    struct ex_outside *o, const struct ex_checkpoint *next, struct ex_err *err);

#endif
