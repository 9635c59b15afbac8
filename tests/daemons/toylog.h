/*
 * toylog.h -- a log of seventy leaves with a real key, and a second history
 * of the same log that parts from it.
 */
#ifndef TESTS_DAEMONS_TOYLOG_H
#define TESTS_DAEMONS_TOYLOG_H

#include "base/buf.h"
#include "signing/note.h"
#include "tests/hashing/merkle.h"

#define TOYLOG_ORIGIN "lab.example/custody/7f3a90c1d2e4b586"

enum {
	TOYLOG_PARTS = 20 /* the first index where the two differ */
};

struct toylog {
	struct ex_key *key;
	struct ex_vkey vkey;
	uint8_t root[2][SIZES + 1][EX_HASH];
	struct nodes node[2];
};

void toylog_open(struct toylog *t);
void toylog_close(struct toylog *t);

/* A checkpoint of this size, signed; history 0 or 1. */
void toylog_note(
    struct ex_buf *out, const struct toylog *t, int history, uint64_t size);

/* The add-checkpoint body that proves it from old on. */
void toylog_request(struct ex_buf *out, struct toylog *t, int history,
    uint64_t old, uint64_t size);

#endif
