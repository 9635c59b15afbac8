/*
 * der.h -- DER (X.690): written by template, read without tolerance.
 *
 * Only what entries and certificates need: tags of one byte, definite
 * lengths.  Whatever BER would allow besides is EX_FORMAT with its name.
 */
#ifndef SIGNING_DER_H
#define SIGNING_DER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	EX_DER_BOOLEAN = 0x01,
	EX_DER_INTEGER = 0x02,
	EX_DER_BITS = 0x03,
	EX_DER_OCTETS = 0x04,
	EX_DER_OID = 0x06,
	EX_DER_UTC_TIME = 0x17,
	EX_DER_GENERAL_TIME = 0x18,
	EX_DER_SEQUENCE = 0x30,
	EX_DER_SET = 0x31,
	EX_DER_CONTEXT_0 = 0xa0, /* constructed; primitive is 0x80 */
	EX_DER_CONTEXT_1 = 0xa1,

	/* Nesting of what we write and of certificates we read. */
	EX_DER_DEPTH = 32
};

/*
 * A writer: the first failure is kept and everything after it is ignored, so
 * that a template reads like the structure it writes.
 */
struct ex_der_writer {
	struct ex_buf *out;
	struct ex_err *err;
	int failed;
	unsigned depth;
	size_t open[EX_DER_DEPTH]; /* where the contents of each level start */
};

void
ex_der_start(struct ex_der_writer *w, struct ex_buf *out, struct ex_err *err);

/* Begin and end a constructed element. */
void ex_der_open(struct ex_der_writer *w, uint8_t tag);
void ex_der_close(struct ex_der_writer *w);

/* A primitive element. */
void ex_der_add(struct ex_der_writer *w, uint8_t tag, const void *p, size_t n);

/* Bytes that are DER already. */
void ex_der_raw(struct ex_der_writer *w, const void *p, size_t n);

/* An INTEGER from n big-endian bytes without sign, n > 0. */
void ex_der_unsigned(struct ex_der_writer *w, const uint8_t *p, size_t n);

/* 0 if everything went well and every level is closed, else -1. */
int ex_der_finish(struct ex_der_writer *w);

/* One element that was read. */
struct ex_der {
	uint8_t tag;
	struct ex_span whole; /* with tag and length */
	struct ex_span body;
};

/*
 * Take one element from the front of r.  what names it in messages.
 * EX_FORMAT: indefinite or not minimal length, long tag, past the end.
 */
int ex_der_next(struct ex_reader *r, struct ex_der *out, const char *what,
    struct ex_err *err);

/* As ex_der_next(), and its tag is this one. */
int ex_der_take(struct ex_reader *r, uint8_t tag, struct ex_der *out,
    const char *what, struct ex_err *err);

/* As ex_der_take(), and r is set to its contents. */
int ex_der_enter(struct ex_reader *r, uint8_t tag, struct ex_reader *inside,
    const char *what, struct ex_err *err);

/* The tag that comes next, or -1 at the end. */
int ex_der_peek(const struct ex_reader *r);

/* Nothing may be left. */
int
ex_der_done(const struct ex_reader *r, const char *what, struct ex_err *err);

/*
 * The unsigned value of an INTEGER's contents, left-padded to n bytes.
 * EX_FORMAT when it is negative, not minimal or larger.
 */
int ex_der_read_unsigned(uint8_t *out, size_t n, struct ex_span body,
    const char *what, struct ex_err *err);

/*
 * Is this one DER element from its first to its last byte, down to every
 * primitive, with SETs in order?  Contents of strings are not looked into.
 */
int
ex_der_check(const uint8_t *p, size_t n, const char *what, struct ex_err *err);

/* Order of a SET OF (X.690 11.6): < 0, 0, > 0. */
int ex_der_compare(struct ex_span a, struct ex_span b);

#endif
