/*
 * wait.h -- waiting for the sequencer to do what it was asked.
 */
#ifndef CASES_WAIT_H
#define CASES_WAIT_H

#include "base/buf.h"
#include "base/err.h"
#include "hashing/tree.h"
#include "signing/note.h"

struct ex_house;

/* A heads entry and a checkpoint that covers it. */
struct ex_heads_seen {
	uint8_t leaf[EX_HASH];
	uint64_t index;
	struct ex_checkpoint checkpoint;
};

/*
 * Ask for a heads entry and wait until a checkpoint covers it: ten seconds,
 * then EX_UNREACHABLE.  note (may be NULL) gets the checkpoint.
 */
int ex_heads_wait(struct ex_heads_seen *out, struct ex_buf *note,
    struct ex_house *house, struct ex_err *err);

#endif
