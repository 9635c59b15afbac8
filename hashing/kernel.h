/*
 * kernel.h -- MD5, SHA-1 and SHA-256 together, faster than one by one.
 *
 * Our own code and therefore never the only witness: OpenSSL's digests are
 * the reference.  The kernel is used where the processor can run it and it
 * gave the reference's digests when the process first asked for it, and what
 * it made in an acquisition is confirmed by a pass that does not use it.
 */
#ifndef HASHING_KERNEL_H
#define HASHING_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "hashing/digest.h"

enum {
	EX_KERNEL_BLOCK = 64 /* bytes; the same for all three */
};

/* The chaining values, in the order of the standards. */
struct ex_kernel_state {
	uint32_t md5[4];
	uint32_t sha1[5];
	uint32_t sha256[8];
};

/* Feed whole blocks. */
typedef void (*ex_kernel_compress)(
    struct ex_kernel_state *k, const uint8_t *p, size_t nblocks);

/*
 * The ones for x86-64 with SHA instructions, the second with AVX-512 beside
 * them, which is faster by some per cent; NULL where it cannot run.
 */
ex_kernel_compress ex_kernel_shani(void);
ex_kernel_compress ex_kernel_avx512(void);

/* The self-test: does it give OpenSSL's digests of a trial?  1 or 0. */
int ex_kernel_agrees(ex_kernel_compress compress);

/* The one to use, which has passed the self-test; NULL for none. */
ex_kernel_compress ex_kernel_trusted(void);

/* Digests in progress. */
struct ex_kernel {
	ex_kernel_compress compress;
	struct ex_kernel_state state;
	uint64_t nbytes;
	uint8_t rest[EX_KERNEL_BLOCK]; /* bytes that fill no block yet */
};

/* The three algorithms, as a set of bits. */
unsigned ex_kernel_algs(void);

void ex_kernel_begin(struct ex_kernel *k, ex_kernel_compress compress);
void ex_kernel_add(struct ex_kernel *k, const void *data, size_t n);
/* One of the three; a copy is finished, so that all may be asked for. */
void ex_kernel_value(
    const struct ex_kernel *k, enum ex_alg alg, uint8_t value[EX_DIGEST_MAX]);

#endif
