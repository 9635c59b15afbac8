/*
 * cert_der.h -- where the fields of a certificate lie, with no library.
 *
 * For the entry's template and for bulk checking: only what a SignerInfo
 * refers to, and which kind of key signs.
 */
#ifndef SIGNING_CERT_DER_H
#define SIGNING_CERT_DER_H

#include "base/buf.h"
#include "base/err.h"
#include "signing/key.h"

enum {
	EX_RSA_MIN_BITS = 2048, /* below, nobody should sign for 20 years */
	EX_RSA_MAX_BITS = 8192	/* above, one check takes too long */
};

/* A SubjectPublicKeyInfo taken apart. */
struct ex_spki {
	enum ex_key_kind kind;
	int bits;
	struct ex_span key; /* the point, the RSA modulus, the Ed25519 key */
};

/*
 * P-256 (named curve, uncompressed point), RSA of the sizes above, Ed25519;
 * everything else is EX_FORMAT.
 */
int ex_spki_read(
    struct ex_spki *out, const uint8_t *der, size_t n, struct ex_err *err);

/* Spans point into the certificate; each is a whole element. */
struct ex_cert_parts {
	struct ex_span serial;
	struct ex_span issuer;
	struct ex_span spki;
	struct ex_spki key;
};

/* X.509 version 3 only; refuses trailing bytes.  EX_FORMAT, EX_LIMIT. */
int ex_cert_take_apart(struct ex_cert_parts *out, const uint8_t *der, size_t n,
    struct ex_err *err);

#endif
