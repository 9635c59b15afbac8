/*
 * digest.h -- one or several digests over the same bytes, in one pass.
 */
#ifndef HASHING_DIGEST_H
#define HASHING_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum ex_alg {
	EX_MD5,
	EX_SHA1,
	EX_SHA256,
	EX_SHA512,
	EX_SHA3_256,
	EX_BLAKE2B, /* BLAKE2b-512 */
	EX_ALGS
};

enum {
	EX_SHA256_LEN = 32,
	EX_DIGEST_MAX = 64,
	EX_SHA256_HEX = 65 /* 64 characters and a NUL */
};

/* A set of algorithms: bit 1 << alg. */
#define EX_ALG_BIT(alg) (1u << (unsigned)(alg))

struct ex_digest_value {
	enum ex_alg alg;
	size_t len; /* bytes used of value */
	uint8_t value[EX_DIGEST_MAX];
};

/* A digest in progress, over several algorithms at once. */
struct ex_digest;

/*
 * Start digests for every algorithm in the set of bits, by OpenSSL alone.
 * *out is released with ex_digest_free().  EX_USAGE for an empty or unknown
 * set.
 */
int ex_digest_new(struct ex_digest **out, unsigned algs, struct ex_err *err);

/*
 * The same, and md5 with sha1 or sha256 through our own kernel where
 * ex_digest_has_kernel(); see hashing/kernel.h.
 */
int
ex_digest_new_fast(struct ex_digest **out, unsigned algs, struct ex_err *err);

/*
 * 1 when the processor can run the kernel and it has just given OpenSSL's
 * digests of a trial; found out once in the process.
 */
int ex_digest_has_kernel(void);

/* Those of the set that the kernel would make in one go; 0 for none. */
unsigned ex_digest_kernel_part(unsigned algs);

/*
 * Who makes md5, sha1 and sha256: "OpenSSL 3.0.17 1 Jul 2025";
 * with_kernel, and where there is one, "exhibit sha-ni kernel".
 */
const char *ex_digest_maker(int with_kernel);

/* Feed n bytes, in order. */
int ex_digest_add(
    struct ex_digest *d, const void *data, size_t n, struct ex_err *err);

/*
 * Finish: values in ascending order of enum ex_alg into out[0..EX_ALGS),
 * their number into *n, bytes fed into *nbytes (may be NULL).  Nothing can be
 * added afterwards.
 */
int ex_digest_end(struct ex_digest *d, struct ex_digest_value *out, size_t *n,
    uint64_t *nbytes, struct ex_err *err);

void ex_digest_free(struct ex_digest *d);

/* SHA-256 of one run of bytes.  Cannot fail but by lack of memory: aborts. */
void ex_sha256(uint8_t out[EX_SHA256_LEN], const void *data, size_t n);

/* The same over a and then b, as if they were one run. */
void ex_sha256_two(uint8_t out[EX_SHA256_LEN], const void *a, size_t na,
    const void *b, size_t nb);

/* Lower-case hexadecimal of ex_sha256(). */
void ex_sha256_hex(char out[EX_SHA256_HEX], const void *data, size_t n);

/*
 * SHA-256 of a whole regular file; *nbytes (may be NULL) is what was read.
 * EX_ABSENT when there is none.
 */
int ex_sha256_file(uint8_t out[EX_SHA256_LEN], uint64_t *nbytes,
    const char *path, struct ex_err *err);

/* "md5", "sha1", "sha256", "sha512", "sha3-256", "blake2b". */
const char *ex_alg_name(enum ex_alg alg);
size_t ex_alg_len(enum ex_alg alg); /* bytes of its digest */

/* By name; EX_USAGE lists the known ones. */
int ex_alg_parse(enum ex_alg *out, const char *name, struct ex_err *err);

/* "md5,sha1,sha256" as a set of bits. */
int ex_alg_parse_list(unsigned *out, const char *list, struct ex_err *err);

#endif
