/*
 * kernel.c -- what lies round the compression functions: blocks and padding.
 */
#include "hashing/kernel.h"

#include <string.h>

enum {
	LENGTH = 8 /* bytes at the end of the last block */
};

/* RFC 1321, 3.3; FIPS 180-4, 5.3.1 and 5.3.3. */
static const struct ex_kernel_state initial = { .md5 = { 0x67452301, 0xefcdab89,
						    0x98badcfe, 0x10325476 },
	.sha1 = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 },
	.sha256 = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
	    0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };

unsigned
ex_kernel_algs(void)
{
	return EX_ALG_BIT(EX_MD5) | EX_ALG_BIT(EX_SHA1) | EX_ALG_BIT(EX_SHA256);
}

void
ex_kernel_begin(struct ex_kernel *k, ex_kernel_compress compress)
{
	memset(k, 0, sizeof(*k));
	k->compress = compress;
	k->state = initial;
}

void
ex_kernel_add(struct ex_kernel *k, const void *data, size_t n)
{
	const uint8_t *p = data;
	size_t have = k->nbytes % EX_KERNEL_BLOCK, part;

	if (n == 0)
		return;
	k->nbytes += n;
	if (have > 0) {
		part = EX_KERNEL_BLOCK - have;
		if (part > n)
			part = n;
		memcpy(&k->rest[have], p, part);
		if (have + part < EX_KERNEL_BLOCK)
			return;
		k->compress(&k->state, k->rest, 1);
		p += part;
		n -= part;
	}
	if (n >= EX_KERNEL_BLOCK)
		k->compress(&k->state, p, n / EX_KERNEL_BLOCK);
	part = n % EX_KERNEL_BLOCK;
	memcpy(k->rest, &p[n - part], part);
}

/* Words as bytes, the lowest first (MD5) or last (SHA). */
static void
put_words(uint8_t *to, const uint32_t *w, size_t n, int low_first)
{
	for (size_t i = 0; i < 4 * n; i++) {
		unsigned shift = 8 * (unsigned)(low_first ? i % 4 : 3 - i % 4);

		to[i] = (uint8_t)(w[i / 4] >> shift);
	}
}

/* The last one or two blocks, with a 1 bit and the number of bits. */
static void
finish(struct ex_kernel *k, int low_first)
{
	uint8_t last[2 * EX_KERNEL_BLOCK] = { 0 };
	size_t have = k->nbytes % EX_KERNEL_BLOCK;
	size_t nblocks = have + 1 + LENGTH > EX_KERNEL_BLOCK ? 2 : 1;
	uint64_t bits = k->nbytes << 3;

	memcpy(last, k->rest, have);
	last[have] = 0x80;
	for (size_t i = 0; i < LENGTH; i++) {
		unsigned shift = 8 * (unsigned)(low_first ? i : LENGTH - 1 - i);

		last[nblocks * EX_KERNEL_BLOCK - LENGTH + i] =
		    (uint8_t)(bits >> shift);
	}
	k->compress(&k->state, last, nblocks);
}

void
ex_kernel_value(
    const struct ex_kernel *k, enum ex_alg alg, uint8_t value[EX_DIGEST_MAX])
{
	struct ex_kernel copy = *k;

	finish(&copy, alg == EX_MD5);
	if (alg == EX_MD5)
		put_words(value, copy.state.md5, 4, 1);
	else if (alg == EX_SHA1)
		put_words(value, copy.state.sha1, 5, 0);
	else
		put_words(value, copy.state.sha256, 8, 0);
}
