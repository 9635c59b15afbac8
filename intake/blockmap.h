/*
 * blockmap.h -- the SHA-256 of each block of an image's media, by which a
 * later change is located.
 *
 * The file: three lines "exhibit-block-map/v1", "block N" and "bytes N", each
 * ended by a newline, then 32 bytes for each block of N bytes in order, the
 * last block as short as it is.  Its root is that of the RFC 6962 tree whose
 * leaves are those digests (32 bytes each): docs/formats.md.
 */
#ifndef INTAKE_BLOCKMAP_H
#define INTAKE_BLOCKMAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "hashing/digest.h"

enum {
	EX_BLOCKMAP_BLOCK = 1 << 20 /* bytes of media; what we make */
};

struct ex_blockmap {
	uint64_t block;	       /* bytes of media a digest stands for */
	uint64_t bytes;	       /* of the media */
	size_t n;	       /* digests */
	const uint8_t *digest; /* 32 bytes each; borrowed */
};

/* Append the file. */
int ex_blockmap_write(
    struct ex_buf *out, const struct ex_blockmap *m, struct ex_err *err);

/* EX_FORMAT for whatever is not exactly such a file.  digest points into p. */
int ex_blockmap_read(
    struct ex_blockmap *m, const void *p, size_t n, struct ex_err *err);

/* The root over its digests. */
int ex_blockmap_root(uint8_t out[EX_SHA256_LEN], const struct ex_blockmap *m,
    struct ex_err *err);

/*
 * The next run of blocks from *at on that differ, as bytes of the media
 * [*from, *to); *at goes behind it.  0 when there is none.  Both maps are of
 * the same block and bytes.
 */
int ex_blockmap_differs(const struct ex_blockmap *a,
    const struct ex_blockmap *b, size_t *at, uint64_t *from, uint64_t *to);

#endif
