/*
 * cms.c -- the entry's template.
 *
 * THE FORMAT.  An entry is one CMS ContentInfo (RFC 5652) in DER (X.690), at
 * most 65,535 bytes, nothing before or behind it.  For one body, one time and
 * one list of (certificate, signature) there is exactly one entry: this file
 * writes it, cms_parse.c reads the variable fields out of any bytes, has them
 * written again here and compares every byte.  Variable fields are in angle
 * brackets; everything else is constant.
 *
 *  ContentInfo ::= SEQUENCE
 *    OBJECT IDENTIFIER 1.2.840.113549.1.7.2 (signedData)
 *    [0] EXPLICIT SignedData ::= SEQUENCE
 *      INTEGER 3                 (eContentType is not id-data: RFC 5652, 5.1)
 *      SET                       digestAlgorithms, exactly one:
 *        SEQUENCE
 *          OBJECT IDENTIFIER 2.16.840.1.101.3.4.2.1 (SHA-256)
 *                                parameters absent (RFC 5754, 2)
 *      SEQUENCE                  encapContentInfo
 *        OBJECT IDENTIFIER 2.25.259098472397737580515363964451775495029
 *        [0] EXPLICIT
 *          OCTET STRING <body>   primitive; the canonical JSON
 *      [0] IMPLICIT SET OF       certificates, one for each signer, no other:
 *        <Certificate>           X.509 v3, the bytes the CA signed; in the
 *        ...                     order of X.690 11.6
 *      (no [1] crls)
 *      SET OF SignerInfo, 1 to 16, in the order of X.690 11.6, each:
 *        SEQUENCE
 *          INTEGER 1             (sid is issuerAndSerialNumber)
 *          SEQUENCE              sid
 *            <Name>              the certificate's issuer, its bytes
 *            <INTEGER>           the certificate's serialNumber, its bytes
 *          SEQUENCE              digestAlgorithm, as above
 *            OBJECT IDENTIFIER 2.16.840.1.101.3.4.2.1
 *          [0] IMPLICIT SET OF   signedAttrs: four, in this order, which is
 *                                that of X.690 11.6 (the second byte, the
 *                                length, decides: 1c/1e, 23, 2f, 37):
 *            SEQUENCE
 *              OBJECT IDENTIFIER 1.2.840.113549.1.9.5 (signingTime)
 *              SET
 *                <UTCTime YYMMDDHHMMSSZ>, from 2050 on
 *                <GeneralizedTime YYYYMMDDHHMMSSZ>; the same in all signers
 *            SEQUENCE
 *              OBJECT IDENTIFIER 1.2.840.113549.1.9.3 (contentType)
 *              SET
 *                OBJECT IDENTIFIER 2.25.2590... (as above)
 *            SEQUENCE
 *              OBJECT IDENTIFIER 1.2.840.113549.1.9.4 (messageDigest)
 *              SET
 *                OCTET STRING    SHA-256(body)
 *            SEQUENCE
 *              OBJECT IDENTIFIER 1.2.840.113549.1.9.16.2.47
 *                                (ESS signingCertificateV2, RFC 5035)
 *              SET
 *                SEQUENCE        SigningCertificateV2 (no policies)
 *                  SEQUENCE      certs, exactly one:
 *                    SEQUENCE    ESSCertIDv2: hashAlgorithm is the default,
 *                                SHA-256, and therefore absent;
 *                                issuerSerial absent (the sid has it)
 *                      OCTET STRING SHA-256(certificate)
 *          SEQUENCE              signatureAlgorithm, by the kind of key:
 *                                P-256: OBJECT IDENTIFIER 1.2.840.10045.4.3.2
 *                                (ecdsa-with-SHA256), parameters absent
 *                                RSA: OBJECT IDENTIFIER 1.2.840.113549.1.1.1
 *                                (rsaEncryption), NULL
 *          OCTET STRING <signature>
 *                                P-256: SEQUENCE { INTEGER r, INTEGER s },
 *                                0 < r < n, 0 < s <= (n - 1) / 2, n being the
 *                                order of the group
 *                                RSA (2048 to 8192 bits): PKCS#1 v1.5, as
 *                                many bytes as the modulus, smaller than it
 *          (no [1] unsignedAttrs)
 *
 * What a party signs is the DER of the signed attributes with the SET OF tag
 * 0x31 in place of [0] (RFC 5652, 5.4).  No two certificates of an entry are
 * the same, nor have they the same issuer and serial number.
 *
 * `openssl cms -sign -binary -nodetach -nosmimecap -cades -md sha256
 * -econtent_type 2.25...` of OpenSSL 3.0 writes the same but for three things:
 * it adds issuerSerial to ESSCertIDv2, does not sort the certificates, and
 * does not bring s below n/2.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "signing/cert_der.h"
#include "signing/cms.h"
#include "signing/cms_der.h"
#include "signing/der.h"
#include "signing/ecdsa.h"

#define SPAN(bytes)                  \
	{                            \
		bytes, sizeof(bytes) \
	}

static const uint8_t oid_signed_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
	0x01, 0x07, 0x02 };
static const uint8_t oid_entry[] = { 0x69, 0x83, 0x85, 0xec, 0xc6, 0xbd, 0xf4,
	0xa0, 0xd2, 0xb8, 0xab, 0xb8, 0xed, 0xa5, 0x9d, 0xdf, 0xe4, 0xfa, 0xf6,
	0x75 };
static const uint8_t oid_signing_time[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
	0x01, 0x09, 0x05 };
static const uint8_t oid_content_type[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
	0x01, 0x09, 0x03 };
static const uint8_t oid_message_digest[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7,
	0x0d, 0x01, 0x09, 0x04 };
static const uint8_t oid_signing_cert[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
	0x01, 0x09, 0x10, 0x02, 0x2f };
static const uint8_t alg_sha256[] = { 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48,
	0x01, 0x65, 0x03, 0x04, 0x02, 0x01 };
static const uint8_t alg_ecdsa[] = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48,
	0xce, 0x3d, 0x04, 0x03, 0x02 };
static const uint8_t alg_rsa[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48,
	0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };

const struct ex_span ex_cms_oid_signed_data = SPAN(oid_signed_data);
const struct ex_span ex_cms_oid_entry = SPAN(oid_entry);
const struct ex_span ex_cms_alg_sha256 = SPAN(alg_sha256);
const struct ex_span ex_cms_oid_attr[EX_CMS_ATTRS] = {
	[EX_CMS_SIGNING_TIME] = SPAN(oid_signing_time),
	[EX_CMS_CONTENT_TYPE] = SPAN(oid_content_type),
	[EX_CMS_MESSAGE_DIGEST] = SPAN(oid_message_digest),
	[EX_CMS_SIGNING_CERT] = SPAN(oid_signing_cert),
};

struct ex_span
ex_cms_sig_alg(enum ex_key_kind kind)
{
	static const struct ex_span ecdsa = SPAN(alg_ecdsa);
	static const struct ex_span rsa = SPAN(alg_rsa);

	return kind == EX_KEY_RSA ? rsa : ecdsa;
}

/* Can this time be written? */
static int
check_time(int64_t time, struct ex_err *err)
{
	const int64_t end = INT64_C(253402300800) * EX_SECOND; /* 10000 AD */

	if (time < 0 || time >= end)
		return ex_fail(
		    err, EX_USAGE, "signing time is outside 1970 to 9999");
	return 0;
}

uint8_t
ex_cms_time_text(char out[EX_CMS_TIME_TEXT], int64_t time)
{
	/* Where the digits stand in "YYYY-MM-DDTHH:MM:SS.ffffffZ". */
	static const size_t digit[] = { 0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15,
		17, 18 };
	char text[EX_TIME_TEXT];
	size_t first, n = 0;

	ex_time_text(text, time);
	first = strncmp(text, "2050", 4) < 0 ? 2 : 0;
	for (size_t i = first; i < sizeof(digit) / sizeof(digit[0]); i++)
		out[n++] = text[digit[i]];
	out[n++] = 'Z';
	out[n] = '\0';
	return first == 0 ? EX_DER_GENERAL_TIME : EX_DER_UTC_TIME;
}

int
ex_cms_time_read(
    int64_t *out, uint8_t tag, struct ex_span text, struct ex_err *err)
{
	char d[EX_CMS_TIME_TEXT] = "20";
	char time[EX_TIME_TEXT] = "YYYY-MM-DDTHH:MM:SS.000000Z";
	static const size_t digit[] = { 0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15,
		17, 18 };
	size_t skip = tag == EX_DER_UTC_TIME ? 2 : 0;

	if ((tag != EX_DER_UTC_TIME && tag != EX_DER_GENERAL_TIME) ||
	    text.n + skip != 15 || text.p[text.n - 1] != 'Z')
		return ex_fail(err, EX_FORMAT,
		    "signingTime is not a time "
		    "in whole seconds, UTC");
	/* RFC 5280, 4.1.2.5.1: a year of two digits from 50 on is 19YY. */
	if (skip == 2 && text.p[0] >= '5')
		memcpy(d, "19", 2);
	memcpy(&d[skip], text.p, text.n);
	for (size_t i = 0; i < sizeof(digit) / sizeof(digit[0]); i++)
		time[digit[i]] = d[i];
	if (ex_time_read(out, time, err) == -1)
		return ex_while(err, "signingTime");
	if (*out < 0)
		return ex_fail(err, EX_FORMAT, "signingTime is before 1970");
	return 0;
}

/* One attribute's beginning; ended by attr_end(). */
static void
attr_begin(struct ex_der_writer *w, enum ex_cms_attr attr)
{
	const struct ex_span *oid = &ex_cms_oid_attr[attr];

	ex_der_open(w, EX_DER_SEQUENCE);
	ex_der_add(w, EX_DER_OID, oid->p, oid->n);
	ex_der_open(w, EX_DER_SET);
}

static void
attr_end(struct ex_der_writer *w)
{
	ex_der_close(w);
	ex_der_close(w);
}

int
ex_cms_attributes(struct ex_buf *out, uint8_t tag,
    const uint8_t cert_sha256[EX_SHA256_LEN],
    const uint8_t body_sha256[EX_SHA256_LEN], int64_t time, struct ex_err *err)
{
	struct ex_der_writer w;
	char text[EX_CMS_TIME_TEXT];
	uint8_t time_tag = ex_cms_time_text(text, time);

	ex_der_start(&w, out, err);
	ex_der_open(&w, tag);

	attr_begin(&w, EX_CMS_SIGNING_TIME);
	ex_der_add(&w, time_tag, text, strlen(text));
	attr_end(&w);

	attr_begin(&w, EX_CMS_CONTENT_TYPE);
	ex_der_add(&w, EX_DER_OID, oid_entry, sizeof(oid_entry));
	attr_end(&w);

	attr_begin(&w, EX_CMS_MESSAGE_DIGEST);
	ex_der_add(&w, EX_DER_OCTETS, body_sha256, EX_SHA256_LEN);
	attr_end(&w);

	attr_begin(&w, EX_CMS_SIGNING_CERT);
	ex_der_open(&w, EX_DER_SEQUENCE);
	ex_der_open(&w, EX_DER_SEQUENCE);
	ex_der_open(&w, EX_DER_SEQUENCE);
	ex_der_add(&w, EX_DER_OCTETS, cert_sha256, EX_SHA256_LEN);
	ex_der_close(&w);
	ex_der_close(&w);
	ex_der_close(&w);
	attr_end(&w);

	ex_der_close(&w);
	return ex_der_finish(&w);
}

int
ex_cms_to_sign(struct ex_buf *out, const uint8_t *cert, size_t ncert,
    const void *body, size_t nbody, int64_t time, struct ex_err *err)
{
	uint8_t cert_sha256[EX_SHA256_LEN], body_sha256[EX_SHA256_LEN];

	if (check_time(time, err) == -1)
		return -1;
	ex_sha256(cert_sha256, cert, ncert);
	ex_sha256(body_sha256, body, nbody);
	return ex_cms_attributes(
	    out, EX_DER_SET, cert_sha256, body_sha256, time, err);
}

/* One signer while an entry is being built. */
struct signer {
	const struct ex_cms_sig *sig;
	struct ex_cert_parts cert;
	uint8_t cert_sha256[EX_SHA256_LEN];
	struct ex_buf info; /* its SignerInfo */
};

/* An RSA signature has one form: the modulus's length, and below it. */
static int
check_rsa_form(struct ex_span modulus, struct ex_span sig, struct ex_err *err)
{
	if (sig.n != modulus.n)
		return ex_fail(err, EX_FORMAT,
		    "RSA signature of %zu bytes under a modulus of %zu", sig.n,
		    modulus.n);
	if (ex_der_compare(sig, modulus) >= 0)
		return ex_fail(err, EX_FORMAT,
		    "RSA signature is not smaller than the modulus");
	return 0;
}

/* Take the certificate apart; do key and signature fit together? */
static int
signer_init(struct signer *s, const struct ex_cms_sig *sig, struct ex_err *err)
{
	struct ex_span bytes = { sig->sig, sig->nsig };

	s->sig = sig;
	if (ex_cert_take_apart(&s->cert, sig->cert, sig->ncert, err) == -1)
		return -1;
	ex_sha256(s->cert_sha256, sig->cert, sig->ncert);
	if (s->cert.key.kind != sig->kind)
		return ex_fail(err, EX_USAGE,
		    "the signature is not of the kind of the certificate's "
		    "key");
	switch (sig->kind) {
	case EX_KEY_P256:
		return ex_ecdsa_check_form(sig->sig, sig->nsig, err);
	case EX_KEY_RSA:
		return check_rsa_form(s->cert.key.key, bytes, err);
	case EX_KEY_ED25519:
		break;
	}
	return ex_fail(err, EX_FORMAT, "Ed25519 keys sign notes, not entries");
}

/* Each certificate once, and each sid means one certificate. */
static int
check_distinct(const struct signer *signer, size_t n, struct ex_err *err)
{
	for (size_t i = 1; i < n; i++)
		for (size_t j = 0; j < i; j++) {
			const struct ex_cert_parts *a = &signer[i].cert;
			const struct ex_cert_parts *b = &signer[j].cert;

			if (memcmp(signer[i].cert_sha256, signer[j].cert_sha256,
				EX_SHA256_LEN) == 0)
				return ex_fail(err, EX_EXISTS,
				    "one certificate signs twice");
			if (ex_der_compare(a->issuer, b->issuer) == 0 &&
			    ex_der_compare(a->serial, b->serial) == 0)
				return ex_fail(err, EX_EXISTS,
				    "two certificates have one issuer and "
				    "serial number");
		}
	return 0;
}

static int
write_signer_info(struct signer *s, const uint8_t body_sha256[EX_SHA256_LEN],
    int64_t time, struct ex_err *err)
{
	static const uint8_t version = 1;
	struct ex_span alg = ex_cms_sig_alg(s->sig->kind);
	struct ex_der_writer w;

	ex_der_start(&w, &s->info, err);
	ex_der_open(&w, EX_DER_SEQUENCE);
	ex_der_unsigned(&w, &version, 1);
	ex_der_open(&w, EX_DER_SEQUENCE);
	ex_der_raw(&w, s->cert.issuer.p, s->cert.issuer.n);
	ex_der_raw(&w, s->cert.serial.p, s->cert.serial.n);
	ex_der_close(&w);
	ex_der_raw(&w, alg_sha256, sizeof(alg_sha256));
	if (!w.failed)
		w.failed = ex_cms_attributes(&s->info, EX_DER_CONTEXT_0,
		    s->cert_sha256, body_sha256, time, err);
	ex_der_raw(&w, alg.p, alg.n);
	ex_der_add(&w, EX_DER_OCTETS, s->sig->sig, s->sig->nsig);
	ex_der_close(&w);
	return ex_der_finish(&w);
}

/* qsort: struct ex_span in the order of X.690 11.6. */
static int
span_order(const void *a, const void *b)
{
	return ex_der_compare(
	    *(const struct ex_span *)a, *(const struct ex_span *)b);
}

/* A SET OF under tag. */
static void
write_set(
    struct ex_der_writer *w, uint8_t tag, struct ex_span *element, size_t n)
{
	qsort(element, n, sizeof(element[0]), span_order);
	ex_der_open(w, tag);
	for (size_t i = 0; i < n; i++)
		ex_der_raw(w, element[i].p, element[i].n);
	ex_der_close(w);
}

static void
write_content(struct ex_der_writer *w, const void *body, size_t nbody)
{
	ex_der_open(w, EX_DER_SEQUENCE);
	ex_der_add(w, EX_DER_OID, oid_entry, sizeof(oid_entry));
	ex_der_open(w, EX_DER_CONTEXT_0);
	ex_der_add(w, EX_DER_OCTETS, body, nbody);
	ex_der_close(w);
	ex_der_close(w);
}

/* The whole entry from finished SignerInfos. */
static int
write_entry(struct ex_buf *out, const void *body, size_t nbody,
    const struct signer *signer, size_t n, struct ex_err *err)
{
	static const uint8_t version = 3;
	struct ex_span cert[EX_PARTIES_MAX], info[EX_PARTIES_MAX];
	struct ex_der_writer w;

	for (size_t i = 0; i < n; i++) {
		cert[i] = (struct ex_span){ signer[i].sig->cert,
			signer[i].sig->ncert };
		info[i] =
		    (struct ex_span){ signer[i].info.data, signer[i].info.len };
	}
	ex_der_start(&w, out, err);
	ex_der_open(&w, EX_DER_SEQUENCE);
	ex_der_add(&w, EX_DER_OID, oid_signed_data, sizeof(oid_signed_data));
	ex_der_open(&w, EX_DER_CONTEXT_0);
	ex_der_open(&w, EX_DER_SEQUENCE);
	ex_der_unsigned(&w, &version, 1);
	ex_der_open(&w, EX_DER_SET);
	ex_der_raw(&w, alg_sha256, sizeof(alg_sha256));
	ex_der_close(&w);
	write_content(&w, body, nbody);
	write_set(&w, EX_DER_CONTEXT_0, cert, n);
	write_set(&w, EX_DER_SET, info, n);
	ex_der_close(&w);
	ex_der_close(&w);
	ex_der_close(&w);
	return ex_der_finish(&w);
}

int
ex_cms_build(struct ex_buf *out, const void *body, size_t nbody, int64_t time,
    const struct ex_cms_sig *sigs, size_t nsigs, struct ex_err *err)
{
	struct signer signer[EX_PARTIES_MAX] = { 0 };
	uint8_t body_sha256[EX_SHA256_LEN];
	size_t before = out->len;
	int rc = -1;

	if (nsigs == 0)
		return ex_fail(err, EX_USAGE, "an entry needs a signature");
	if (nsigs > EX_PARTIES_MAX)
		return ex_fail(err, EX_LIMIT, "%zu signatures, at most %d",
		    nsigs, EX_PARTIES_MAX);
	if (nbody > EX_ENTRY_MAX)
		return ex_fail(err, EX_LIMIT, "body of %zu bytes", nbody);
	if (check_time(time, err) == -1)
		return -1;
	ex_sha256(body_sha256, body, nbody);
	for (size_t i = 0; i < nsigs; i++)
		if (signer_init(&signer[i], &sigs[i], err) == -1 ||
		    write_signer_info(&signer[i], body_sha256, time, err) == -1)
			goto out;
	if (check_distinct(signer, nsigs, err) == -1 ||
	    write_entry(out, body, nbody, signer, nsigs, err) == -1)
		goto out;
	if (out->len - before > EX_ENTRY_MAX) {
		(void)ex_fail(err, EX_LIMIT, "entry of %zu bytes, at most %d",
		    out->len - before, EX_ENTRY_MAX);
		goto out;
	}
	rc = 0;
out:
	if (rc == -1)
		ex_buf_cut(out, before);
	for (size_t i = 0; i < nsigs; i++)
		ex_buf_free(&signer[i].info);
	return rc;
}
