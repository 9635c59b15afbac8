/*
 * pack.h -- chunks of an image as zlib streams, and back.
 *
 * Several libraries make and read the same streams; which one does it is
 * decided once, by what runs fastest here.
 */
#ifndef INTAKE_PACK_H
#define INTAKE_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "intake/imaging.h"

/* One library's way.  Every thread has a state of its own. */
struct ex_pack_ops {
	const char *name;
	/* NULL: it cannot work here. */
	void *(*pack_new)(enum ex_compression level);
	/* Bytes written, or 0 when they would be more than cap. */
	size_t (*pack)(
	    void *state, void *out, size_t cap, const void *in, size_t n);
	void (*pack_free)(void *state);
	/*
	 * 0 when in begins with a whole stream of exactly want bytes, else -1.
	 * Others' containers have padding behind some chunks.
	 */
	void *(*unpack_new)(void);
	int (*unpack)(
	    void *state, void *out, size_t want, const void *in, size_t n);
	void (*unpack_free)(void *state);
};

extern const struct ex_pack_ops ex_pack_isal, ex_pack_deflate, ex_pack_zlib;

/*
 * The way for a level, with a first state that shows that it works.  All
 * NULL-terminated ways, best first, are ex_pack_ways(); tests try each.
 */
const struct ex_pack_ops *const *ex_pack_ways(enum ex_compression level);

struct ex_packer;
int ex_packer_new(struct ex_packer **out, enum ex_compression level,
    size_t chunk, struct ex_err *err);
void ex_packer_free(struct ex_packer *p);

/* "isa-l 2.30.0"; "none". */
const char *ex_packer_name(const struct ex_packer *p);

/*
 * Pack n bytes (at most a chunk) if that makes them fewer than n.  Returns
 * where the stream is (in out, or the packer's own for a chunk of zeroes,
 * which lives as long as the packer) and its length, or NULL when the bytes
 * are better left as they are.  out has room for n bytes.
 */
const uint8_t *ex_packer_pack(
    struct ex_packer *p, size_t *len, void *out, const void *in, size_t n);

/* adler32 as containers store it; of more bytes behind those it is of. */
uint32_t ex_pack_adler32(const void *p, size_t n);
uint32_t ex_pack_adler32_more(uint32_t adler, const void *p, size_t n);

/* 0 when the bytes are one whole zlib stream of at most max bytes, else -1. */
int ex_pack_check(const void *p, size_t n, size_t max);

/* For reading. */
struct ex_unpacker;
int ex_unpacker_new(struct ex_unpacker **out, struct ex_err *err);
void ex_unpacker_free(struct ex_unpacker *u);
/* 0, or -1 when in is no whole stream of exactly want bytes. */
int ex_unpacker_unpack(
    struct ex_unpacker *u, void *out, size_t want, const void *in, size_t n);

/* 1 when all n bytes are zero. */
int ex_pack_is_zero(const void *p, size_t n);

#endif
