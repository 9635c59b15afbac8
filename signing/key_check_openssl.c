/*
 * key_check_openssl.c -- signatures checked with their owner's public key.
 */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/x509.h>

#include "base/limits.h"
#include "signing/cert_der.h"
#include "signing/ecdsa.h"
#include "signing/key.h"
#include "signing/key_evp.h"

/*
 * P-256's domain parameters, made once in the process: copying them and
 * setting the point takes 5 us, d2i_PUBKEY() 120, a check 60.  Never freed.
 */
static EVP_PKEY *p256_group;
static CRYPTO_ONCE p256_once = CRYPTO_ONCE_STATIC_INIT;

static void
p256_make(void)
{
	char name[] = "prime256v1";
	OSSL_PARAM group[] = { OSSL_PARAM_construct_utf8_string(
				   OSSL_PKEY_PARAM_GROUP_NAME, name, 0),
		OSSL_PARAM_construct_end() };
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);

	if (ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
		(void)EVP_PKEY_fromdata(
		    ctx, &p256_group, EVP_PKEY_KEY_PARAMETERS, group);
	EVP_PKEY_CTX_free(ctx);
}

/* The public key of a P-256 point; NULL when it is not on the curve. */
static EVP_PKEY *
p256_public(struct ex_span point)
{
	EVP_PKEY *pkey = EVP_PKEY_new();

	if (pkey != NULL &&
	    CRYPTO_THREAD_run_once(&p256_once, p256_make) == 1 &&
	    p256_group != NULL &&
	    EVP_PKEY_copy_parameters(pkey, p256_group) == 1 &&
	    EVP_PKEY_set1_encoded_public_key(pkey, point.p, point.n) == 1)
		return pkey;
	EVP_PKEY_free(pkey);
	return NULL;
}

/* The public key of a SubjectPublicKeyInfo that was taken apart. */
static EVP_PKEY *
public_of(const struct ex_spki *read, const uint8_t *spki, size_t nspki)
{
	const unsigned char *p = spki;

	switch (read->kind) {
	case EX_KEY_P256:
		return p256_public(read->key);
	case EX_KEY_ED25519:
		return EVP_PKEY_new_raw_public_key(
		    EVP_PKEY_ED25519, NULL, read->key.p, read->key.n);
	case EX_KEY_RSA:
		break;
	}
	return d2i_PUBKEY(NULL, &p, (long)nspki);
}

int
ex_key_check(const uint8_t *spki, size_t nspki, const void *data, size_t n,
    const uint8_t *sig, size_t nsig, struct ex_err *err)
{
	EVP_MD_CTX *ctx = NULL;
	EVP_PKEY *pkey = NULL;
	struct ex_spki read;
	int rc = -1;

	if (nspki > EX_CERT_MAX)
		return ex_fail(err, EX_LIMIT, "public key of %zu bytes", nspki);
	if (ex_spki_read(&read, spki, nspki, err) == -1)
		return -1;
	if (read.kind == EX_KEY_P256 &&
	    ex_ecdsa_check_form(sig, nsig, err) == -1) {
		if (err != NULL)
			err->code = EX_DAMAGED;
		return -1;
	}
	if ((pkey = public_of(&read, spki, nspki)) == NULL) {
		(void)ex_fail_openssl(err, EX_FORMAT, "public key");
		goto out;
	}
	if ((ctx = EVP_MD_CTX_new()) == NULL ||
	    EVP_DigestVerifyInit(ctx, NULL, ex_key_md(read.kind), NULL, pkey) !=
		1) {
		(void)ex_fail_openssl(err, EX_SYSTEM, "cannot check");
		goto out;
	}
	if (EVP_DigestVerify(ctx, sig, nsig, data, n) != 1) {
		ERR_clear_error();
		(void)ex_fail(err, EX_DAMAGED, "signature does not verify");
		goto out;
	}
	rc = 0;
out:
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return rc;
}
