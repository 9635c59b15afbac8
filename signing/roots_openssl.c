/*
 * roots_openssl.c -- trust anchors, and whether a certificate leads to one.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "base/limits.h"
#include "signing/cert.h"
#include "signing/der.h"
#include "signing/key_evp.h"
#include "signing/roots.h"

struct root {
	X509 *cert;
	uint8_t sha256[EX_SHA256_LEN];
};

struct ex_roots {
	struct root *root;
	size_t n;
	size_t cap;
	X509_STORE *store; /* NULL in a mere list of ex_pem_certs() */
};

void
ex_roots_free(struct ex_roots *roots)
{
	if (roots == NULL)
		return;
	for (size_t i = 0; i < roots->n; i++)
		X509_free(roots->root[i].cert);
	X509_STORE_free(roots->store);
	free(roots->root);
	free(roots);
}

size_t
ex_roots_count(const struct ex_roots *roots)
{
	return roots->n;
}

const uint8_t *
ex_roots_sha256(const struct ex_roots *roots, size_t i)
{
	return roots->root[i].sha256;
}

X509 *
ex_roots_cert(const struct ex_roots *roots, size_t i)
{
	return roots->root[i].cert;
}

/* Append one certificate's DER. */
static int
roots_add(
    struct ex_roots *roots, const uint8_t *der, size_t n, struct ex_err *err)
{
	const unsigned char *p = der;
	struct root *r;

	if (n > EX_CERT_MAX)
		return ex_fail(err, EX_LIMIT,
		    "certificate of %zu bytes, at most %d", n, EX_CERT_MAX);
	if (ex_der_check(der, n, "certificate", err) == -1)
		return -1;
	if (roots->n == roots->cap) {
		size_t cap = roots->cap == 0 ? 4 : 2 * roots->cap;

		r = realloc(roots->root, cap * sizeof(*r));
		if (r == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		roots->root = r;
		roots->cap = cap;
	}
	r = &roots->root[roots->n];
	if ((r->cert = d2i_X509(NULL, &p, (long)n)) == NULL)
		return ex_fail_openssl(err, EX_FORMAT, "not a certificate");
	ex_sha256(r->sha256, der, n);
	roots->n++;
	return 0;
}

/* Take the next PEM block.  1: added, 0: no more, -1: failed. */
static int
roots_next(struct ex_roots *roots, BIO *bio, struct ex_err *err)
{
	char *name = NULL, *header = NULL;
	unsigned char *der = NULL;
	unsigned long why;
	long n = 0;
	int rc = -1;

	if (PEM_read_bio(bio, &name, &header, &der, &n) != 1) {
		why = ERR_peek_last_error();
		if (ERR_GET_REASON(why) == PEM_R_NO_START_LINE) {
			ERR_clear_error();
			return 0;
		}
		return ex_fail_openssl(err, EX_FORMAT, "not PEM");
	}
	if (strcmp(name, PEM_STRING_X509) != 0)
		(void)ex_fail(
		    err, EX_FORMAT, "\"%s\" where certificates belong", name);
	else if (roots_add(roots, der, (size_t)n, err) == 0)
		rc = 1;
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(der);
	return rc;
}

int
ex_pem_certs(
    struct ex_roots **out, const void *pem, size_t n, struct ex_err *err)
{
	struct ex_roots *roots;
	BIO *bio = NULL;
	int more = -1;

	*out = NULL;
	if (n > EX_ROOTS_MAX)
		return ex_fail(err, EX_LIMIT, "PEM text of %zu bytes", n);
	if ((roots = calloc(1, sizeof(*roots))) == NULL ||
	    (bio = BIO_new_mem_buf(n == 0 ? "" : pem, (int)n)) == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	while ((more = roots_next(roots, bio, err)) == 1)
		continue;
	if (more == 0 && roots->n == 0)
		more = ex_fail(err, EX_FORMAT, "no certificate in PEM");
	if (more == 0) {
		*out = roots;
		roots = NULL;
	}
out:
	BIO_free(bio);
	ex_roots_free(roots);
	return more;
}

/* An anchor must be a CA; then it goes into the store. */
static int
store_fill(struct ex_roots *roots, struct ex_err *err)
{
	if ((roots->store = X509_STORE_new()) == NULL)
		return ex_fail_openssl(err, EX_SYSTEM, "trust store");
	for (size_t i = 0; i < roots->n; i++) {
		if (X509_check_ca(roots->root[i].cert) != 1)
			return ex_fail(err, EX_FORMAT,
			    "certificate %zu of the roots is no CA's", i + 1);
		if (X509_STORE_add_cert(roots->store, roots->root[i].cert) != 1)
			return ex_fail_openssl(err, EX_SYSTEM, "trust store");
	}
	return 0;
}

int
ex_roots_from_pem(
    struct ex_roots **out, const void *pem, size_t n, struct ex_err *err)
{
	if (ex_pem_certs(out, pem, n, err) == -1)
		return -1;
	if (store_fill(*out, err) == 0)
		return 0;
	ex_roots_free(*out);
	*out = NULL;
	return -1;
}

int
ex_roots_load(struct ex_roots **out, const char *path, struct ex_err *err)
{
	struct ex_buf file = EX_BUF_INIT;
	int rc = -1;

	*out = NULL;
	if (ex_file_read(&file, path, EX_ROOTS_MAX, err) == -1)
		goto out;
	if (ex_roots_from_pem(out, file.data, file.len, err) == -1) {
		(void)ex_while(err, path);
		goto out;
	}
	rc = 0;
out:
	ex_buf_free(&file);
	return rc;
}

/* Verify with the purpose that `openssl cms -verify` uses, at this time. */
static int
verify(const struct ex_roots *roots, X509 *x, int64_t at, struct ex_err *err)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	int ok;

	if (ctx == NULL ||
	    X509_STORE_CTX_init(ctx, roots->store, x, NULL) != 1 ||
	    X509_STORE_CTX_set_purpose(ctx, X509_PURPOSE_SMIME_SIGN) != 1) {
		X509_STORE_CTX_free(ctx);
		return ex_fail_openssl(err, EX_SYSTEM, "certificate chain");
	}
	X509_STORE_CTX_set_time(ctx, 0, (time_t)(at / EX_SECOND));
	ok = X509_verify_cert(ctx) == 1;
	if (!ok)
		(void)ex_fail(err, EX_DENIED,
		    "certificate does not lead to a root: %s",
		    X509_verify_cert_error_string(
			X509_STORE_CTX_get_error(ctx)));
	ERR_clear_error();
	X509_STORE_CTX_free(ctx);
	return ok ? 0 : -1;
}

int
ex_cert_check_chain(const struct ex_roots *roots, const uint8_t *der, size_t n,
    int64_t at, struct ex_err *err)
{
	const unsigned char *p = der;
	X509 *x = NULL;
	int rc;

	if (n > EX_CERT_MAX)
		return ex_fail(err, EX_LIMIT,
		    "certificate of %zu bytes, at most %d", n, EX_CERT_MAX);
	if (ex_der_check(der, n, "certificate", err) == -1)
		return -1;
	if ((x = d2i_X509(NULL, &p, (long)n)) == NULL)
		return ex_fail_openssl(err, EX_FORMAT, "not a certificate");
	rc = verify(roots, x, at, err);
	X509_free(x);
	return rc;
}

int
ex_cert_issuer(uint8_t sha256[EX_SHA256_LEN], const struct ex_roots *roots,
    const uint8_t *der, size_t n, struct ex_err *err)
{
	const unsigned char *p = der;
	X509 *x = NULL;
	int rc = -1;

	if (n > EX_CERT_MAX || ex_der_check(der, n, "certificate", err) == -1 ||
	    (x = d2i_X509(NULL, &p, (long)n)) == NULL)
		return ex_fail_openssl(err, EX_FORMAT, "not a certificate");
	for (size_t i = 0; rc == -1 && i < roots->n; i++) {
		X509 *ca = roots->root[i].cert;

		if (X509_check_issued(ca, x) != X509_V_OK ||
		    X509_verify(x, X509_get0_pubkey(ca)) != 1)
			continue;
		memcpy(sha256, roots->root[i].sha256, EX_SHA256_LEN);
		rc = 0;
	}
	X509_free(x);
	ERR_clear_error();
	if (rc == 0)
		return 0;
	return ex_fail(
	    err, EX_ABSENT, "the CA that issued the certificate is not known");
}

int
ex_cert_check_issuer(const struct ex_roots *roots, const uint8_t *der, size_t n,
    const char *ca_hex, struct ex_err *err)
{
	uint8_t sha256[EX_SHA256_LEN];
	char hex[EX_SHA256_HEX];

	if (ex_cert_issuer(sha256, roots, der, n, err) == -1)
		return -1;
	ex_hex(hex, sha256, EX_SHA256_LEN);
	if (strcmp(hex, ca_hex) == 0)
		return 0;
	return ex_fail(err, EX_DENIED,
	    "the key was enrolled as certified by the CA %s, and %s did it",
	    ca_hex, hex);
}
