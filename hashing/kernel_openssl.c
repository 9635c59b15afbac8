/*
 * kernel_openssl.c -- whether the kernel may be used: OpenSSL decides.
 */
#include "hashing/kernel.h"

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

enum {
	TRIAL = 1021, /* bytes: several blocks and an odd rest */
	STEP = 13     /* between the lengths that are tried */
};

/* n bytes in two pieces through the kernel, against OpenSSL in one. */
static int
agrees_on(ex_kernel_compress compress, const uint8_t *p, size_t n)
{
	static const char *const name[] = {
		[EX_MD5] = "MD5",
		[EX_SHA1] = "SHA1",
		[EX_SHA256] = "SHA256",
	};
	struct ex_kernel k;

	ex_kernel_begin(&k, compress);
	ex_kernel_add(&k, p, n / 3);
	ex_kernel_add(&k, &p[n / 3], n - n / 3);
	for (unsigned i = EX_MD5; i <= EX_SHA256; i++) {
		uint8_t ours[EX_DIGEST_MAX], theirs[EX_DIGEST_MAX];
		size_t len = 0;

		ex_kernel_value(&k, (enum ex_alg)i, ours);
		if (EVP_Q_digest(NULL, name[i], NULL, p, n, theirs, &len) !=
			1 ||
		    len != ex_alg_len((enum ex_alg)i) ||
		    memcmp(ours, theirs, len) != 0)
			return 0;
	}
	return 1;
}

int
ex_kernel_agrees(ex_kernel_compress compress)
{
	uint8_t trial[TRIAL];
	uint32_t x = 1;

	for (size_t i = 0; i < TRIAL; i++) {
		x = x * 1664525 + 1013904223;
		trial[i] = (uint8_t)(x >> 24);
	}
	for (size_t n = TRIAL % STEP; n <= TRIAL; n += STEP)
		if (!agrees_on(compress, trial, n))
			return 0;
	return 1;
}

/* Decided once, by whoever asks first. */
static ex_kernel_compress trusted;
static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;

static void
decide(void)
{
	ex_kernel_compress way[] = { ex_kernel_avx512(), ex_kernel_shani() };

	for (size_t i = 0; trusted == NULL && i < sizeof(way) / sizeof(*way);
	     i++)
		if (way[i] != NULL && ex_kernel_agrees(way[i]))
			trusted = way[i];
}

ex_kernel_compress
ex_kernel_trusted(void)
{
	return CRYPTO_THREAD_run_once(&once, decide) == 1 ? trusted : NULL;
}
