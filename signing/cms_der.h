/*
 * cms_der.h -- the constant bytes of an entry, shared by its template and its
 * parser.  The format is specified at the top of cms.c.
 */
#ifndef SIGNING_CMS_DER_H
#define SIGNING_CMS_DER_H

#include "base/buf.h"
#include "base/err.h"
#include "hashing/digest.h"
#include "signing/key.h"

/* Bytes that always look the same: OBJECT IDENTIFIERs' contents and whole
 * AlgorithmIdentifiers. */
extern const struct ex_span ex_cms_oid_signed_data;
extern const struct ex_span ex_cms_oid_entry;
extern const struct ex_span ex_cms_alg_sha256;

/* The four signed attributes, in the order they have in every entry. */
enum ex_cms_attr {
	EX_CMS_SIGNING_TIME,
	EX_CMS_CONTENT_TYPE,
	EX_CMS_MESSAGE_DIGEST,
	EX_CMS_SIGNING_CERT,
	EX_CMS_ATTRS
};
extern const struct ex_span ex_cms_oid_attr[EX_CMS_ATTRS];

/* What a SignerInfo says about the algorithm of its signature, whole. */
struct ex_span ex_cms_sig_alg(enum ex_key_kind kind);

enum {
	EX_CMS_TIME_TEXT = 16 /* "YYYYMMDDHHMMSSZ" and a NUL */
};

/*
 * The signing time as CMS writes it (RFC 5652, 11.3): UTCTime to 2049,
 * GeneralizedTime from 2050.  Returns its tag.  time is within 1970..9999.
 */
uint8_t ex_cms_time_text(char out[EX_CMS_TIME_TEXT], int64_t time);

/* And back; EX_FORMAT. */
int ex_cms_time_read(
    int64_t *out, uint8_t tag, struct ex_span text, struct ex_err *err);

/* As ex_cms_to_sign(), from digests that are known already. */
int ex_cms_attributes(struct ex_buf *out, uint8_t tag,
    const uint8_t cert_sha256[EX_SHA256_LEN],
    const uint8_t body_sha256[EX_SHA256_LEN], int64_t time, struct ex_err *err);

#endif
