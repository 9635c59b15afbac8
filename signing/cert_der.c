/*
 * cert_der.c -- where the fields of a certificate lie.
 */
#include <string.h>

#include "base/limits.h"
#include "signing/cert.h"
#include "signing/cert_der.h"
#include "signing/der.h"

/* AlgorithmIdentifiers of public keys, whole (RFC 5480, 3279, 8410). */
static const uint8_t alg_p256[] = { 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
	0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
	0x01, 0x07 };
static const uint8_t alg_rsa[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48,
	0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };
static const uint8_t alg_ed25519[] = { 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65,
	0x70 };

enum {
	POINT = 65, /* 0x04, x, y */
	ED25519 = 32
};

/* RSAPublicKey (RFC 8017 A.1.1): find the modulus and count its bits. */
static int
read_modulus(struct ex_spki *out, struct ex_err *err)
{
	struct ex_reader all, inside;
	struct ex_der modulus, exponent;
	int bits;

	ex_reader_init(&all, out->key.p, out->key.n);
	if (ex_der_enter(&all, EX_DER_SEQUENCE, &inside, "RSA key", err) ==
		-1 ||
	    ex_der_done(&all, "the RSA key", err) == -1 ||
	    ex_der_take(
		&inside, EX_DER_INTEGER, &modulus, "RSA modulus", err) == -1 ||
	    ex_der_take(&inside, EX_DER_INTEGER, &exponent, "RSA exponent",
		err) == -1 ||
	    ex_der_done(&inside, "the RSA exponent", err) == -1)
		return -1;
	if (modulus.body.n > 1 && modulus.body.p[0] == 0) {
		struct ex_reader r;

		ex_reader_init(&r, modulus.body.p, modulus.body.n);
		(void)ex_read_span(&r, 1, &modulus.body, NULL);
		(void)ex_read_span(&r, r.left, &modulus.body, NULL);
	}
	if (modulus.body.n > EX_RSA_MAX_BITS / 8)
		return ex_fail(err, EX_FORMAT, "RSA key of more than %d bits",
		    EX_RSA_MAX_BITS);
	bits = (int)modulus.body.n * 8;
	for (unsigned top = 0x80;
	     bits > 0 && top != 0 && (modulus.body.p[0] & top) == 0; top >>= 1)
		bits--;
	if (bits < EX_RSA_MIN_BITS)
		return ex_fail(err, EX_FORMAT,
		    "RSA key of %d bits, at least %d are needed", bits,
		    EX_RSA_MIN_BITS);
	out->key = modulus.body;
	out->bits = bits;
	return 0;
}

/* Which algorithm, and is the key of its shape? */
static int
classify(struct ex_spki *out, struct ex_span alg, struct ex_err *err)
{
	if (ex_span_equal(alg, alg_p256, sizeof(alg_p256))) {
		out->kind = EX_KEY_P256;
		out->bits = 256;
		if (out->key.n != POINT || out->key.p[0] != 0x04)
			return ex_fail(err, EX_FORMAT,
			    "P-256 key is not an uncompressed point");
		return 0;
	}
	if (ex_span_equal(alg, alg_ed25519, sizeof(alg_ed25519))) {
		out->kind = EX_KEY_ED25519;
		out->bits = 256;
		if (out->key.n != ED25519)
			return ex_fail(
			    err, EX_FORMAT, "Ed25519 key is not 32 bytes");
		return 0;
	}
	if (ex_span_equal(alg, alg_rsa, sizeof(alg_rsa))) {
		out->kind = EX_KEY_RSA;
		return read_modulus(out, err);
	}
	return ex_fail(
	    err, EX_FORMAT, "key is neither P-256 nor RSA nor Ed25519");
}

int
ex_spki_read(
    struct ex_spki *out, const uint8_t *der, size_t n, struct ex_err *err)
{
	struct ex_reader all, inside, bits;
	struct ex_der alg, key;
	uint8_t unused;

	ex_reader_init(&all, der, n);
	if (ex_der_enter(&all, EX_DER_SEQUENCE, &inside, "public key", err) ==
		-1 ||
	    ex_der_done(&all, "the public key", err) == -1 ||
	    ex_der_take(
		&inside, EX_DER_SEQUENCE, &alg, "key's algorithm", err) == -1 ||
	    ex_der_take(&inside, EX_DER_BITS, &key, "key's bits", err) == -1 ||
	    ex_der_done(&inside, "the key's bits", err) == -1)
		return -1;
	ex_reader_init(&bits, key.body.p, key.body.n);
	if (ex_read_u8(&bits, &unused, err) == -1 || unused != 0)
		return ex_fail(
		    err, EX_FORMAT, "public key is not of whole bytes");
	(void)ex_read_span(&bits, bits.left, &out->key, NULL);
	return classify(out, alg.whole, err);
}

/* The first fields of a TBSCertificate (RFC 5280, 4.1), up to the key. */
static int
read_tbs(struct ex_cert_parts *out, struct ex_reader *r, struct ex_err *err)
{
	static const uint8_t v3[] = { 0xa0, 0x03, 0x02, 0x01, 0x02 };
	static const char *const what[] = { "certificate's algorithm",
		"certificate's issuer", "certificate's validity",
		"certificate's subject", "certificate's key" };
	struct ex_der e, seq[5];

	if (ex_der_take(
		r, EX_DER_CONTEXT_0, &e, "certificate's version", err) == -1)
		return -1;
	if (!ex_span_equal(e.whole, v3, sizeof(v3)))
		return ex_fail(
		    err, EX_FORMAT, "certificate is not X.509 version 3");
	if (ex_der_take(r, EX_DER_INTEGER, &e, "certificate's serial", err) ==
	    -1)
		return -1;
	out->serial = e.whole;
	for (size_t i = 0; i < 5; i++)
		if (ex_der_take(r, EX_DER_SEQUENCE, &seq[i], what[i], err) ==
		    -1)
			return -1;
	out->issuer = seq[1].whole;
	out->spki = seq[4].whole;
	return ex_spki_read(&out->key, out->spki.p, out->spki.n, err);
}

int
ex_cert_take_apart(
    struct ex_cert_parts *out, const uint8_t *der, size_t n, struct ex_err *err)
{
	struct ex_reader all, cert, tbs;

	if (n > EX_CERT_MAX)
		return ex_fail(err, EX_LIMIT,
		    "certificate of %zu bytes, at most %d", n, EX_CERT_MAX);
	ex_reader_init(&all, der, n);
	if (ex_der_enter(&all, EX_DER_SEQUENCE, &cert, "certificate", err) ==
		-1 ||
	    ex_der_done(&all, "the certificate", err) == -1 ||
	    ex_der_enter(&cert, EX_DER_SEQUENCE, &tbs,
		"certificate's signed part", err) == -1)
		return -1;
	return read_tbs(out, &tbs, err);
}

int
ex_cert_public(
    struct ex_buf *out, const uint8_t *der, size_t n, struct ex_err *err)
{
	struct ex_cert_parts parts;

	if (ex_cert_take_apart(&parts, der, n, err) == -1)
		return -1;
	return ex_buf_add(out, parts.spki.p, parts.spki.n, err);
}

int
ex_cert_issuer_serial(struct ex_buf *issuer, struct ex_buf *serial,
    const uint8_t *der, size_t n, struct ex_err *err)
{
	struct ex_cert_parts parts;

	if (ex_cert_take_apart(&parts, der, n, err) == -1 ||
	    ex_buf_add(issuer, parts.issuer.p, parts.issuer.n, err) == -1)
		return -1;
	return ex_buf_add(serial, parts.serial.p, parts.serial.n, err);
}
