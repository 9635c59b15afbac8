/*
 * hashers.h -- digests of what goes through a ring, in up to three threads.
 */
#ifndef INTAKE_HASHERS_H
#define INTAKE_HASHERS_H

#include <stddef.h>

#include "base/err.h"
#include "hashing/digest.h"
#include "intake/ring.h"

struct ex_hashers;

enum ex_hashers_by {
	EX_HASHERS_OPENSSL, /* the reference alone */
	EX_HASHERS_FASTEST  /* with ex_digest_new_fast() */
};

/*
 * Join the ring for every algorithm in the set; after as ex_ring_join().  The
 * threads wait for blocks from ex_hashers_start() on.  Release with
 * ex_hashers_free(), which needs the ring ended or stopped.
 */
int ex_hashers_new(struct ex_hashers **out, struct ex_ring *ring, unsigned algs,
    int after, enum ex_hashers_by by, struct ex_err *err);
int ex_hashers_start(struct ex_hashers *h, struct ex_err *err);

/*
 * When the ring has ended: wait and give the digests, ascending by
 * algorithm.  Not after a stop: then they are worth nothing.
 */
int ex_hashers_end(struct ex_hashers *h, struct ex_digest_value *out, size_t *n,
    struct ex_err *err);

void ex_hashers_free(struct ex_hashers *h);

#endif
