/*
 * reader_listen.h -- the parent's ear: bytes of a reader that may be hostile,
 * into a verdict.
 */
#ifndef INTAKE_READER_LISTEN_H
#define INTAKE_READER_LISTEN_H

#include <stddef.h>
#include <stdint.h>

#include "intake/reader.h"
#include "intake/reader_proto.h"

enum ex_listening {
	EX_LISTEN_HELLO,  /* nothing was said yet */
	EX_LISTEN_OPENED, /* it is in its jail and opens the image */
	EX_LISTEN_READING,
	EX_LISTEN_DONE,
	EX_LISTEN_FAILED
};

struct ex_listener {
	enum ex_listening state;
	struct ex_verdict *verdict; /* the caller's */
	unsigned algs;		    /* digests that must come with DONE */
	int wants_data;
	int wants_blocks;
	uint64_t largest; /* bytes of media that its files could hold */
	uint64_t done;	  /* progress, bytes */
	uint64_t next;	  /* first byte of the next DATA */
	/* Takes the media's bytes in order. */
	int (*sink)(void *arg, const void *data, size_t n, struct ex_err *err);
	void *sink_arg;
	struct ex_err sink_err; /* of ours, not of the reader */
	struct ex_reader_failed failed;
	struct ex_buf buf; /* a frame that is not yet whole */
};

void ex_listener_free(struct ex_listener *l);

/*
 * Take n more bytes.  -1 with EX_FORMAT when the reader says what it may not,
 * EX_LIMIT when the image claims more than its files can hold; what sink
 * says is passed on, and in sink_err.
 */
int ex_listener_feed(
    struct ex_listener *l, const void *data, size_t n, struct ex_err *err);

/* After DONE: result and text of the verdict out of all that was said. */
void ex_listener_judge(struct ex_listener *l);

#endif
