/*
 * digest_openssl.c -- digests through OpenSSL's EVP.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "hashing/digest.h"
#include "hashing/kernel.h"

enum {
	/* Bytes every algorithm takes in turn: they stay in the first cache
	 * while md5, sha1 and sha256 pass over them. */
	SLICE = 16 * 1024
};

struct ex_digest {
	/* NULL for those not asked for, and those of the kernel. */
	EVP_MD_CTX *ctx[EX_ALGS];
	unsigned by_kernel; /* set of bits; 0: it is not used */
	struct ex_kernel kernel;
	uint64_t nbytes;
	int ended;
};

/* OpenSSL's names, and the properties we count on. */
static const char *const evp_name[EX_ALGS] = {
	[EX_MD5] = "MD5",
	[EX_SHA1] = "SHA1",
	[EX_SHA256] = "SHA256",
	[EX_SHA512] = "SHA512",
	[EX_SHA3_256] = "SHA3-256",
	[EX_BLAKE2B] = "BLAKE2B-512",
};

/* Start one algorithm in d. */
static int
start(struct ex_digest *d, enum ex_alg alg, struct ex_err *err)
{
	EVP_MD *md;
	int ok;

	if ((md = EVP_MD_fetch(NULL, evp_name[alg], NULL)) == NULL)
		return ex_fail(
		    err, EX_SYSTEM, "this OpenSSL has no %s", ex_alg_name(alg));
	d->ctx[alg] = EVP_MD_CTX_new();
	ok = d->ctx[alg] != NULL &&
	     EVP_DigestInit_ex2(d->ctx[alg], md, NULL) == 1;
	EVP_MD_free(md);
	return ok ? 0
		  : ex_fail(
			err, EX_SYSTEM, "cannot start %s", ex_alg_name(alg));
}

static int
digest_new(struct ex_digest **out, unsigned algs, unsigned by_kernel,
    struct ex_err *err)
{
	struct ex_digest *d;

	*out = NULL;
	if (algs == 0 || algs >= EX_ALG_BIT(EX_ALGS))
		return ex_fail(err, EX_USAGE, "no such set of digests");
	if ((d = calloc(1, sizeof(*d))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	d->by_kernel = by_kernel;
	if (by_kernel != 0)
		ex_kernel_begin(&d->kernel, ex_kernel_trusted());
	for (unsigned i = 0; i < EX_ALGS; i++) {
		if ((algs & ~by_kernel & EX_ALG_BIT(i)) == 0)
			continue;
		if (start(d, (enum ex_alg)i, err) == -1) {
			ex_digest_free(d);
			return -1;
		}
	}
	*out = d;
	return 0;
}

int
ex_digest_new(struct ex_digest **out, unsigned algs, struct ex_err *err)
{
	return digest_new(out, algs, 0, err);
}

int
ex_digest_new_fast(struct ex_digest **out, unsigned algs, struct ex_err *err)
{
	return digest_new(out, algs, ex_digest_kernel_part(algs), err);
}

int
ex_digest_has_kernel(void)
{
	return ex_kernel_trusted() != NULL;
}

/* It always makes all three: md5 alone is as fast without. */
unsigned
ex_digest_kernel_part(unsigned algs)
{
	unsigned part = algs & ex_kernel_algs();

	if ((part & EX_ALG_BIT(EX_MD5)) == 0 || part == EX_ALG_BIT(EX_MD5) ||
	    !ex_digest_has_kernel())
		return 0;
	return part;
}

const char *
ex_digest_maker(int with_kernel)
{
	return with_kernel && ex_digest_has_kernel()
		   ? "exhibit sha-ni kernel"
		   : OpenSSL_version(OPENSSL_VERSION);
}

int
ex_digest_add(
    struct ex_digest *d, const void *data, size_t n, struct ex_err *err)
{
	const uint8_t *p = data;

	if (d->ended)
		return ex_fail(err, EX_USAGE, "this digest has ended");
	if (d->by_kernel != 0)
		ex_kernel_add(&d->kernel, data, n);
	for (size_t off = 0, len; off < n; off += len) {
		len = n - off < SLICE ? n - off : SLICE;
		for (size_t i = 0; i < EX_ALGS; i++)
			if (d->ctx[i] != NULL &&
			    EVP_DigestUpdate(d->ctx[i], &p[off], len) != 1)
				return ex_fail(
				    err, EX_SYSTEM, "%s failed", evp_name[i]);
	}
	d->nbytes += n;
	return 0;
}

/* Finish one of OpenSSL's. */
static int
finish(struct ex_digest *d, struct ex_digest_value *v, struct ex_err *err)
{
	unsigned len;

	if (EVP_DigestFinal_ex(d->ctx[v->alg], v->value, &len) != 1 ||
	    len != v->len)
		return ex_fail(err, EX_SYSTEM, "%s failed", evp_name[v->alg]);
	return 0;
}

int
ex_digest_end(struct ex_digest *d, struct ex_digest_value *out, size_t *n,
    uint64_t *nbytes, struct ex_err *err)
{
	if (d->ended)
		return ex_fail(err, EX_USAGE, "this digest has ended");
	d->ended = 1;
	*n = 0;
	for (unsigned i = 0; i < EX_ALGS; i++) {
		struct ex_digest_value *v = &out[*n];
		int by_kernel = (d->by_kernel & EX_ALG_BIT(i)) != 0;

		if (d->ctx[i] == NULL && !by_kernel)
			continue;
		memset(v, 0, sizeof(*v));
		v->alg = (enum ex_alg)i;
		v->len = ex_alg_len(v->alg);
		if (by_kernel)
			ex_kernel_value(&d->kernel, v->alg, v->value);
		else if (finish(d, v, err) == -1)
			return -1;
		(*n)++;
	}
	if (nbytes != NULL)
		*nbytes = d->nbytes;
	return 0;
}

void
ex_digest_free(struct ex_digest *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < EX_ALGS; i++)
		EVP_MD_CTX_free(d->ctx[i]);
	free(d);
}

/*
 * SHA-256, looked up once in the process: a lookup costs more than the digest
 * of a tree node.  Never freed, OpenSSL's own clean-up comes after us.
 */
static EVP_MD *sha256_md;
static CRYPTO_ONCE sha256_once = CRYPTO_ONCE_STATIC_INIT;

static void
sha256_fetch(void)
{
	sha256_md = EVP_MD_fetch(NULL, "SHA256", NULL);
}

void
ex_sha256_two(uint8_t out[EX_SHA256_LEN], const void *a, size_t na,
    const void *b, size_t nb)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (ctx == NULL ||
	    CRYPTO_THREAD_run_once(&sha256_once, sha256_fetch) != 1 ||
	    sha256_md == NULL ||
	    EVP_DigestInit_ex2(ctx, sha256_md, NULL) != 1 ||
	    EVP_DigestUpdate(ctx, a, na) != 1 ||
	    EVP_DigestUpdate(ctx, b, nb) != 1 ||
	    EVP_DigestFinal_ex(ctx, out, NULL) != 1)
		abort();
	EVP_MD_CTX_free(ctx);
}

void
ex_sha256(uint8_t out[EX_SHA256_LEN], const void *data, size_t n)
{
	ex_sha256_two(out, data, n, NULL, 0);
}
