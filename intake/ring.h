/*
 * ring.h -- blocks of bytes on their way from one producer to several
 * consumers, side by side, in memory that does not grow.
 *
 * One thread fills blocks in order.  Workers, any number, take filled blocks
 * to work on, each block once.  Consumers each get every block in order:
 * those before the workers' work is done, or those after, as they ask.  A
 * block is free again when every consumer has let go of it.
 *
 *	producer: claim, fill, publish ... end
 *	worker:   take, work, ready ...
 *	consumer: next, use, release ... (or leave)
 *
 * Whoever fails calls stop; then everybody else gets NULL soon.
 */
#ifndef INTAKE_RING_H
#define INTAKE_RING_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
	EX_RING_CONSUMERS = 12 /* at most */
};

/* One chunk of a block as it lies, or shall lie, in a container. */
struct ex_chunk {
	const uint8_t *bytes; /* borrowed: of the block or of the whole run */
	size_t n;
	size_t plain;	   /* bytes of media it stands for */
	int packed;	   /* 1: a zlib stream; 0: the media's bytes */
	int state;	   /* the reader's own: see reader_parts.h */
	uint32_t checksum; /* adler32, of those that are not packed */
};

struct ex_block {
	uint64_t off; /* of the media, bytes from the image's beginning */
	size_t len;   /* bytes in data */
	uint8_t *data;
	uint8_t *packed; /* room for packed chunks */
	struct ex_chunk *chunk;
	size_t nchunks;
	uint8_t digest[32]; /* SHA-256 of data, where the worker makes it */
	/* The ring's own. */
	uint64_t index;
	int is_ready;
};

struct ex_ring;

/* nslots blocks; no memory for their bytes before ex_ring_size(). */
int ex_ring_new(struct ex_ring **out, size_t nslots, struct ex_err *err);
void ex_ring_free(struct ex_ring *r);

/*
 * Before the first claim: each block gets nbytes of data, aligned to 4096,
 * npacked bytes for packed chunks and room for nchunks; at most nslots of
 * them are used.
 */
int ex_ring_size(struct ex_ring *r, size_t nslots, size_t nbytes,
    size_t npacked, size_t nchunks, struct ex_err *err);

/*
 * Before the first claim: one more consumer; its number.  after: 1 when it
 * wants blocks whose work is done.
 */
int ex_ring_join(struct ex_ring *r, int after);

/* Before the first claim: there are workers, so no block may miss them. */
void ex_ring_work(struct ex_ring *r);

/* A block to fill; NULL when the ring was stopped. */
struct ex_block *ex_ring_claim(struct ex_ring *r);
void ex_ring_publish(struct ex_ring *r, struct ex_block *b);
void ex_ring_end(struct ex_ring *r); /* nothing comes any more */

/* A block to work on; NULL at the end or when stopped. */
struct ex_block *ex_ring_take(struct ex_ring *r);
void ex_ring_ready(struct ex_ring *r, struct ex_block *b);

/* The next block of a consumer; NULL at the end or when stopped. */
struct ex_block *ex_ring_next(struct ex_ring *r, int consumer);
void ex_ring_release(struct ex_ring *r, int consumer);
void ex_ring_leave(struct ex_ring *r, int consumer);

void ex_ring_stop(struct ex_ring *r);
int ex_ring_stopped(struct ex_ring *r);

#endif
