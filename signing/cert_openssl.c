/*
 * cert_openssl.c -- make and read certificates of the laboratory's CA.
 *
 * cert_der.c says where a certificate's fields lie, roots_openssl.c whom it
 * chains to.
 */
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/limits.h"
#include "signing/cert.h"
#include "signing/cert_der.h"
#include "signing/der.h"
#include "signing/key_evp.h"
#include "signing/roots.h"

/* Read a whole DER certificate; the caller frees it with X509_free(). */
static X509 *
cert_decode(const uint8_t *der, size_t n, struct ex_err *err)
{
	const unsigned char *p = der;
	X509 *x = NULL;

	if (n > EX_CERT_MAX) {
		(void)ex_fail(err, EX_LIMIT,
		    "certificate of %zu bytes, at most %d", n, EX_CERT_MAX);
		return NULL;
	}
	if (ex_der_check(der, n, "certificate", err) == -1)
		return NULL;
	x = d2i_X509(NULL, &p, (long)n);
	if (x == NULL)
		(void)ex_fail_openssl(err, EX_FORMAT, "not a certificate");
	return x;
}

/* Append the DER of x. */
static int
cert_encode(struct ex_buf *out, X509 *x, struct ex_err *err)
{
	unsigned char *der = NULL;
	int n, rc;

	if ((n = i2d_X509(x, &der)) <= 0)
		return ex_fail_openssl(err, EX_SYSTEM, "certificate");
	rc = ex_buf_add(out, der, (size_t)n, err);
	OPENSSL_free(der);
	return rc;
}

/* Set CN and O, UTF-8; 1 or 0. */
static int
name_set(X509_NAME *name, const char *cn, const char *o)
{
	return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
		   (const unsigned char *)o, -1, -1, 0) == 1 &&
	       X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		   (const unsigned char *)cn, -1, -1, 0) == 1;
}

/* 128 random bits; an INTEGER made from a BIGNUM is never negative. */
static int
serial_set(X509 *x)
{
	uint8_t bytes[16];
	BIGNUM *bn;
	int ok;

	ex_random(bytes, sizeof(bytes));
	if ((bn = BN_bin2bn(bytes, sizeof(bytes), NULL)) == NULL)
		return 0;
	ok = BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x)) != NULL;
	BN_free(bn);
	return ok;
}

/* Valid from now on for years of 365.25 days, but not beyond limit. */
static int
validity_set(X509 *x, int64_t now, int years, const ASN1_TIME *limit)
{
	time_t from = (time_t)(now / EX_SECOND);
	time_t to = from + (time_t)years * 31557600;

	if (ASN1_TIME_set(X509_getm_notBefore(x), from) == NULL ||
	    ASN1_TIME_set(X509_getm_notAfter(x), to) == NULL)
		return 0;
	if (limit != NULL && ASN1_TIME_cmp_time_t(limit, to) < 0)
		return X509_set1_notAfter(x, limit);
	return 1;
}

/* Add extensions as openssl.cnf writes them: name, value, ..., NULL. */
static int
extensions_add(X509 *x, X509 *issuer, const char *const *ext)
{
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	for (size_t i = 0; ext[i] != NULL; i += 2) {
		X509_EXTENSION *e =
		    X509V3_EXT_nconf(NULL, &ctx, ext[i], ext[i + 1]);
		int ok;

		if (e == NULL)
			return 0;
		ok = X509_add_ext(x, e, -1);
		X509_EXTENSION_free(e);
		if (!ok)
			return 0;
	}
	return 1;
}

int
ex_cert_make_ca(struct ex_buf *out, const struct ex_key *ca_key, const char *cn,
    const char *o, int64_t now, int years, struct ex_err *err)
{
	static const char *const ext[] = { "basicConstraints",
		"critical,CA:TRUE,pathlen:0", "keyUsage",
		"critical,keyCertSign,cRLSign", "subjectKeyIdentifier", "hash",
		"authorityKeyIdentifier", "keyid", NULL };
	X509 *x;
	int rc = -1;

	if (ex_key_kind(ca_key) == EX_KEY_ED25519)
		return ex_fail(err, EX_USAGE, "a CA's key is P-256 or RSA");
	if ((x = X509_new()) == NULL ||
	    X509_set_version(x, X509_VERSION_3) != 1 || !serial_set(x) ||
	    !name_set(X509_get_subject_name(x), cn, o) ||
	    X509_set_issuer_name(x, X509_get_subject_name(x)) != 1 ||
	    !validity_set(x, now, years, NULL) ||
	    X509_set_pubkey(x, ex_key_evp(ca_key)) != 1 ||
	    !extensions_add(x, x, ext) ||
	    X509_sign(x, ex_key_evp(ca_key), EVP_sha256()) == 0) {
		(void)ex_fail_openssl(
		    err, EX_USAGE, "cannot make the CA's certificate");
		goto out;
	}
	rc = cert_encode(out, x, err);
out:
	X509_free(x);
	return rc;
}

int
ex_csr_make(struct ex_buf *out, const struct ex_key *key, const char *cn,
    const char *o, struct ex_err *err)
{
	unsigned char *der = NULL;
	X509_REQ *req;
	int n, rc = -1;

	if ((req = X509_REQ_new()) == NULL ||
	    X509_REQ_set_version(req, X509_REQ_VERSION_1) != 1 ||
	    !name_set(X509_REQ_get_subject_name(req), cn, o) ||
	    X509_REQ_set_pubkey(req, ex_key_evp(key)) != 1 ||
	    X509_REQ_sign(req, ex_key_evp(key), ex_key_md(ex_key_kind(key))) ==
		0 ||
	    (n = i2d_X509_REQ(req, &der)) <= 0) {
		(void)ex_fail_openssl(err, EX_USAGE, "cannot make a request");
		goto out;
	}
	rc = ex_buf_add(out, der, (size_t)n, err);
out:
	OPENSSL_free(der);
	X509_REQ_free(req);
	return rc;
}

/* The public key that a request asks a certificate for and proves to hold;
 * borrowed from *req, which the caller frees. */
static EVP_PKEY *
csr_key(X509_REQ **req, const uint8_t *csr, size_t ncsr, struct ex_err *err)
{
	const unsigned char *p = csr;
	struct ex_spki spki;
	unsigned char *der = NULL;
	EVP_PKEY *key;
	int n, ok;

	if (ncsr > EX_CERT_MAX ||
	    ex_der_check(csr, ncsr, "request", err) == -1 ||
	    (*req = d2i_X509_REQ(NULL, &p, (long)ncsr)) == NULL ||
	    (key = X509_REQ_get0_pubkey(*req)) == NULL) {
		(void)ex_fail_openssl(err, EX_FORMAT, "not a PKCS#10 request");
		return NULL;
	}
	if (X509_REQ_verify(*req, key) != 1) {
		(void)ex_fail_openssl(err, EX_DAMAGED,
		    "the request is not signed by the key it asks for");
		return NULL;
	}
	if ((n = i2d_PUBKEY(key, &der)) <= 0) {
		(void)ex_fail_openssl(err, EX_FORMAT, "request's key");
		return NULL;
	}
	ok = ex_spki_read(&spki, der, (size_t)n, err) == 0;
	OPENSSL_free(der);
	if (ok && spki.kind == EX_KEY_ED25519)
		ok = ex_fail(err, EX_FORMAT,
			 "Ed25519 keys sign notes, not entries") == 0;
	return ok ? key : NULL;
}

/* Fill in x, sign it as the CA, append it. */
static int
issue(struct ex_buf *out, X509 *x, const struct ex_key *ca_key, X509 *ca,
    EVP_PKEY *subject_key, const char *cn, const char *o, int64_t now,
    int years, struct ex_err *err)
{
	/* Every kind of holder signs the same way: rights are in the log. */
	static const char *const ext[] = { "basicConstraints",
		"critical,CA:FALSE", "keyUsage", "critical,nonRepudiation",
		"subjectKeyIdentifier", "hash", "authorityKeyIdentifier",
		"keyid:always", NULL };

	if (X509_set_version(x, X509_VERSION_3) != 1 || !serial_set(x) ||
	    !name_set(X509_get_subject_name(x), cn, o) ||
	    X509_set_issuer_name(x, X509_get_subject_name(ca)) != 1 ||
	    !validity_set(x, now, years, X509_get0_notAfter(ca)) ||
	    X509_set_pubkey(x, subject_key) != 1 ||
	    !extensions_add(x, ca, ext) ||
	    X509_sign(x, ex_key_evp(ca_key), EVP_sha256()) == 0)
		return ex_fail_openssl(
		    err, EX_USAGE, "cannot issue the certificate");
	return cert_encode(out, x, err);
}

int
ex_cert_issue(struct ex_buf *out, const struct ex_key *ca_key,
    const uint8_t *ca_der, size_t nca, const uint8_t *csr, size_t ncsr,
    enum ex_cert_kind kind, const char *cn, const char *o, int64_t now,
    int years, struct ex_err *err)
{
	X509 *ca = NULL, *x = NULL;
	X509_REQ *req = NULL;
	EVP_PKEY *key;
	int rc = -1;

	(void)kind;
	if ((ca = cert_decode(ca_der, nca, err)) == NULL)
		goto out;
	if (X509_check_ca(ca) != 1 ||
	    X509_check_private_key(ca, ex_key_evp(ca_key)) != 1) {
		ERR_clear_error();
		(void)ex_fail(err, EX_USAGE,
		    "the CA's key does not belong to the CA's certificate");
		goto out;
	}
	if ((key = csr_key(&req, csr, ncsr, err)) == NULL)
		goto out;
	if ((x = X509_new()) == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	rc = issue(out, x, ca_key, ca, key, cn, o, now, years, err);
out:
	X509_free(x);
	X509_REQ_free(req);
	X509_free(ca);
	return rc;
}

/* The value of a name's only entry of this kind; "" when there is none. */
static int
name_text(char *out, size_t size, const X509_NAME *name, int nid,
    const char *what, struct ex_err *err)
{
	unsigned char *text = NULL;
	int at, n, rc = -1;

	out[0] = '\0';
	if ((at = X509_NAME_get_index_by_NID(name, nid, -1)) < 0)
		return 0;
	if (X509_NAME_get_index_by_NID(name, nid, at) >= 0)
		return ex_fail(err, EX_FORMAT, "%s occurs twice", what);
	n = ASN1_STRING_to_UTF8(
	    &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (n < 0)
		return ex_fail_openssl(err, EX_FORMAT, what);
	if ((size_t)n >= size || memchr(text, '\0', (size_t)n) != NULL) {
		(void)ex_fail(
		    err, EX_FORMAT, "%s is too long or holds a NUL", what);
	} else {
		memcpy(out, text, (size_t)n);
		out[n] = '\0';
		rc = 0;
	}
	OPENSSL_free(text);
	return rc;
}

/* A time of a certificate, in microseconds. */
static int
time_read(int64_t *out, const ASN1_TIME *t, struct ex_err *err)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days, seconds, ok;

	ok = epoch != NULL && ASN1_TIME_diff(&days, &seconds, epoch, t) == 1;
	ASN1_TIME_free(epoch);
	if (!ok)
		return ex_fail_openssl(
		    err, EX_FORMAT, "certificate's validity");
	*out = ((int64_t)days * 86400 + seconds) * EX_SECOND;
	return 0;
}

static int
serial_read(char *out, size_t size, const X509 *x, struct ex_err *err)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x);
	int n = ASN1_STRING_length(serial);

	if (n <= 0 || 2 * (size_t)n + 1 > size)
		return ex_fail(
		    err, EX_FORMAT, "certificate's serial is too long");
	ex_hex(out, ASN1_STRING_get0_data(serial), (size_t)n);
	return 0;
}

/* What the extensions allow the key to do. */
static void
usage_read(struct ex_cert_info *out, X509 *x)
{
	int at = X509_get_ext_by_NID(x, NID_key_usage, -1);
	uint32_t usage = X509_get_key_usage(x);
	uint32_t extended = X509_get_extended_key_usage(x);

	out->is_ca = X509_check_ca(x) == 1;
	/* UINT32_MAX stands for an extension that is not there. */
	out->non_repudiation =
	    usage != UINT32_MAX && (usage & KU_NON_REPUDIATION) != 0;
	out->key_usage_critical =
	    at >= 0 && X509_EXTENSION_get_critical(X509_get_ext(x, at)) != 0;
	out->server_auth = extended != UINT32_MAX &&
			   (extended & (XKU_SSL_SERVER | XKU_ANYEKU)) != 0;
}

int
ex_cert_read(
    struct ex_cert_info *out, const uint8_t *der, size_t n, struct ex_err *err)
{
	struct ex_cert_parts parts;
	X509_NAME *subject, *issuer;
	X509 *x;
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if ((x = cert_decode(der, n, err)) == NULL)
		return -1;
	subject = X509_get_subject_name(x);
	issuer = X509_get_issuer_name(x);
	if (ex_cert_take_apart(&parts, der, n, err) == -1 ||
	    name_text(out->subject_cn, sizeof(out->subject_cn), subject,
		NID_commonName, "subject's CN", err) == -1 ||
	    name_text(out->subject_o, sizeof(out->subject_o), subject,
		NID_organizationName, "subject's O", err) == -1 ||
	    name_text(out->issuer_cn, sizeof(out->issuer_cn), issuer,
		NID_commonName, "issuer's CN", err) == -1 ||
	    serial_read(out->serial_hex, sizeof(out->serial_hex), x, err) ==
		-1 ||
	    time_read(&out->not_before, X509_get0_notBefore(x), err) == -1 ||
	    time_read(&out->not_after, X509_get0_notAfter(x), err) == -1)
		goto out;
	usage_read(out, x);
	out->kind = parts.key.kind;
	out->key_bits = parts.key.bits;
	ex_sha256(out->sha256, der, n);
	rc = 0;
out:
	X509_free(x);
	ERR_clear_error();
	return rc;
}

int
ex_cert_to_pem(
    struct ex_buf *out, const uint8_t *der, size_t n, struct ex_err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	X509 *x = cert_decode(der, n, err);
	char *pem;
	long len;
	int rc = -1;

	if (x == NULL)
		goto out;
	if (bio == NULL || PEM_write_bio_X509(bio, x) != 1 ||
	    (len = BIO_get_mem_data(bio, &pem)) <= 0) {
		(void)ex_fail_openssl(err, EX_SYSTEM, "cannot write PEM");
		goto out;
	}
	rc = ex_buf_add(out, pem, (size_t)len, err);
out:
	X509_free(x);
	BIO_free(bio);
	return rc;
}

int
ex_cert_from_pem(
    struct ex_buf *out, const void *pem, size_t n, struct ex_err *err)
{
	struct ex_roots *all = NULL;
	size_t count;
	int rc = -1;

	if (n > EX_KEYFILE_MAX)
		return ex_fail(err, EX_LIMIT, "PEM file of %zu bytes", n);
	if (ex_pem_certs(&all, pem, n, err) == -1)
		return -1;
	count = ex_roots_count(all);
	if (count != 1)
		(void)ex_fail(err, EX_FORMAT,
		    "%zu certificates where one belongs", count);
	else
		rc = cert_encode(out, ex_roots_cert(all, 0), err);
	ex_roots_free(all);
	return rc;
}
