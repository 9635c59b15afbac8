/*
 * cms_detached.h -- a signature beside what it signs: CMS SignedData without
 * content, CAdES-BES, as PAdES puts it into a PDF (ETSI EN 319 142-1, 5.3).
 *
 * eContentType is id-data, never that of an entry, so that neither is ever
 * taken for the other.  Exactly three signed attributes: contentType,
 * messageDigest, ESS signingCertificateV2; a signing time has no place in
 * PAdES (EN 319 142-1, 6.3: the claim is in the signature's dictionary).  A
 * time-stamp token over the signature's value may be its one unsigned
 * attribute.
 */
#ifndef SIGNING_CMS_DETACHED_H
#define SIGNING_CMS_DETACHED_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "hashing/digest.h"
#include "signing/key.h"

/*
 * Append the exact bytes that the owner of this certificate signs for content
 * with this digest (DER SET OF, tag 0x31): for ex_key_sign().
 */
int ex_cms_detached_to_sign(struct ex_buf *out, struct ex_span cert,
    const uint8_t sha256[EX_SHA256_LEN], struct ex_err *err);

/*
 * Append the whole ContentInfo.  sig is what ex_key_sign() gave; token is a
 * time-stamp token (ex_stamp_token()), or {NULL, 0}.  EX_USAGE: kind is not
 * the certificate's.
 */
int ex_cms_detached_build(struct ex_buf *out, struct ex_span cert,
    const uint8_t sha256[EX_SHA256_LEN], enum ex_key_kind kind,
    struct ex_span sig, struct ex_span token, struct ex_err *err);

/*
 * The token (CMS ContentInfo) inside an answer of a time-stamp authority
 * (RFC 3161, 2.4.2) that ex_stamp_check() took; borrowed from it.
 */
int ex_stamp_token(
    struct ex_span *out, const void *tsr, size_t n, struct ex_err *err);

#endif
