/*
 * cms_detached.c -- the template of a signature beside its content.
 *
 *  ContentInfo ::= SEQUENCE
 *    OBJECT IDENTIFIER 1.2.840.113549.1.7.2 (signedData)
 *    [0] EXPLICIT SignedData ::= SEQUENCE
 *      INTEGER 1                 (id-data, issuerAndSerial: RFC 5652, 5.1)
 *      SET                       SHA-256, parameters absent
 *      SEQUENCE                  OBJECT IDENTIFIER 1.2.840.113549.1.7.1
 *                                (id-data), no content
 *      [0] IMPLICIT SET OF       the signer's certificate
 *      SET OF SignerInfo, one:
 *        SEQUENCE
 *          INTEGER 1
 *          SEQUENCE              issuer and serial number
 *          SEQUENCE              SHA-256
 *          [0] IMPLICIT SET OF   signedAttrs, in the order of X.690 11.6:
 *                                contentType, messageDigest,
 *                                signingCertificateV2
 *          SEQUENCE              as entries have it (cms.c)
 *          OCTET STRING          the signature
 *          [1] IMPLICIT SET OF   absent, or id-aa-timeStampToken
 *                                1.2.840.113549.1.9.16.2.14 (RFC 3161,
 *                                appendix A)
 */
#include "signing/cms_detached.h"

#include "signing/cert_der.h"
#include "signing/cms_der.h"
#include "signing/der.h"

static const uint8_t oid_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
	0x07, 0x01 };
static const uint8_t oid_token[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
	0x09, 0x10, 0x02, 0x0e };

/* One signed attribute's beginning: two levels are open afterwards. */
static void
begin(struct ex_der_writer *w, enum ex_cms_attr attr)
{
	const struct ex_span *oid = &ex_cms_oid_attr[attr];

	ex_der_open(w, EX_DER_SEQUENCE);
	ex_der_add(w, EX_DER_OID, oid->p, oid->n);
	ex_der_open(w, EX_DER_SET);
}

static void
close_levels(struct ex_der_writer *w, int n)
{
	while (n-- > 0)
		ex_der_close(w);
}

/* The lengths, 0x18, 0x2f and 0x37, are in the order of a SET OF. */
static void
write_attributes(struct ex_der_writer *w, uint8_t tag, struct ex_span cert,
    const uint8_t sha256[EX_SHA256_LEN])
{
	uint8_t cert_sha256[EX_SHA256_LEN];

	ex_sha256(cert_sha256, cert.p, cert.n);
	ex_der_open(w, tag);
	begin(w, EX_CMS_CONTENT_TYPE);
	ex_der_add(w, EX_DER_OID, oid_data, sizeof(oid_data));
	close_levels(w, 2);
	begin(w, EX_CMS_MESSAGE_DIGEST);
	ex_der_add(w, EX_DER_OCTETS, sha256, EX_SHA256_LEN);
	close_levels(w, 2);
	begin(w, EX_CMS_SIGNING_CERT);
	ex_der_open(w, EX_DER_SEQUENCE);
	ex_der_open(w, EX_DER_SEQUENCE);
	ex_der_open(w, EX_DER_SEQUENCE);
	ex_der_add(w, EX_DER_OCTETS, cert_sha256, EX_SHA256_LEN);
	close_levels(w, 3 + 2);
	ex_der_close(w);
}

int
ex_cms_detached_to_sign(struct ex_buf *out, struct ex_span cert,
    const uint8_t sha256[EX_SHA256_LEN], struct ex_err *err)
{
	struct ex_der_writer w;

	ex_der_start(&w, out, err);
	write_attributes(&w, EX_DER_SET, cert, sha256);
	return ex_der_finish(&w);
}

static void
write_token(struct ex_der_writer *w, struct ex_span token)
{
	if (token.n == 0)
		return;
	ex_der_open(w, EX_DER_CONTEXT_1);
	ex_der_open(w, EX_DER_SEQUENCE);
	ex_der_add(w, EX_DER_OID, oid_token, sizeof(oid_token));
	ex_der_open(w, EX_DER_SET);
	ex_der_raw(w, token.p, token.n);
	close_levels(w, 3);
}

/* Everything of the SignedData before the signer. */
static void
write_head(struct ex_der_writer *w, struct ex_span cert)
{
	static const uint8_t version = 1;

	ex_der_unsigned(w, &version, 1);
	ex_der_open(w, EX_DER_SET);
	ex_der_raw(w, ex_cms_alg_sha256.p, ex_cms_alg_sha256.n);
	ex_der_close(w);
	ex_der_open(w, EX_DER_SEQUENCE);
	ex_der_add(w, EX_DER_OID, oid_data, sizeof(oid_data));
	ex_der_close(w);
	ex_der_open(w, EX_DER_CONTEXT_0);
	ex_der_raw(w, cert.p, cert.n);
	ex_der_close(w);
}

static void
write_sid(struct ex_der_writer *w, const struct ex_cert_parts *parts)
{
	static const uint8_t version = 1;

	ex_der_unsigned(w, &version, 1);
	ex_der_open(w, EX_DER_SEQUENCE);
	ex_der_raw(w, parts->issuer.p, parts->issuer.n);
	ex_der_raw(w, parts->serial.p, parts->serial.n);
	ex_der_close(w);
	ex_der_raw(w, ex_cms_alg_sha256.p, ex_cms_alg_sha256.n);
}

int
ex_cms_detached_build(struct ex_buf *out, struct ex_span cert,
    const uint8_t sha256[EX_SHA256_LEN], enum ex_key_kind kind,
    struct ex_span sig, struct ex_span token, struct ex_err *err)
{
	struct ex_span alg = ex_cms_sig_alg(kind);
	struct ex_cert_parts parts;
	struct ex_der_writer w;

	if (ex_cert_take_apart(&parts, cert.p, cert.n, err) == -1)
		return -1;
	if (parts.key.kind != kind || kind == EX_KEY_ED25519)
		return ex_fail(err, EX_USAGE,
		    "the signature is not of the kind of the certificate's "
		    "key");
	ex_der_start(&w, out, err);
	ex_der_open(&w, EX_DER_SEQUENCE);
	ex_der_add(
	    &w, EX_DER_OID, ex_cms_oid_signed_data.p, ex_cms_oid_signed_data.n);
	ex_der_open(&w, EX_DER_CONTEXT_0);
	ex_der_open(&w, EX_DER_SEQUENCE);
	write_head(&w, cert);
	ex_der_open(&w, EX_DER_SET);
	ex_der_open(&w, EX_DER_SEQUENCE);
	write_sid(&w, &parts);
	write_attributes(&w, EX_DER_CONTEXT_0, cert, sha256);
	ex_der_raw(&w, alg.p, alg.n);
	ex_der_add(&w, EX_DER_OCTETS, sig.p, sig.n);
	write_token(&w, token);
	close_levels(&w, 2 + 3);
	return ex_der_finish(&w);
}

int
ex_stamp_token(
    struct ex_span *out, const void *tsr, size_t n, struct ex_err *err)
{
	struct ex_reader r, inside;
	struct ex_der status, token;

	ex_reader_init(&r, tsr, n);
	if (ex_der_enter(&r, EX_DER_SEQUENCE, &inside, "time-stamp", err) ==
		-1 ||
	    ex_der_done(&r, "time-stamp", err) == -1 ||
	    ex_der_take(&inside, EX_DER_SEQUENCE, &status,
		"the time-stamp's status", err) == -1 ||
	    ex_der_take(&inside, EX_DER_SEQUENCE, &token,
		"the time-stamp's token", err) == -1 ||
	    ex_der_done(&inside, "time-stamp", err) == -1)
		return -1;
	*out = token.whole;
	return 0;
}
