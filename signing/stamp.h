/*
 * stamp.h -- time-stamps of others: RFC 3161 requests and answers.
 *
 * An answer (.tsr) is kept as it came, so that `openssl ts -verify -in X.tsr`
 * takes it.  An authority is known by the CA certificate that its chain ends
 * in, which the verifier brings along.
 */
#ifndef SIGNING_STAMP_H
#define SIGNING_STAMP_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "hashing/digest.h"
#include "signing/cert.h"

enum {
	EX_STAMP_NONCE = 8 /* bytes */
};

/*
 * Append a request for a time-stamp of a SHA-256, with a nonce, asking for
 * the authority's certificate; DER.
 */
int ex_stamp_request(struct ex_buf *out, const uint8_t sha256[EX_SHA256_LEN],
    const uint8_t nonce[EX_STAMP_NONCE], struct ex_err *err);

/* What an answer says, once it was checked. */
struct ex_stamp {
	int64_t time;		     /* genTime, microseconds UTC */
	int64_t valid_until;	     /* of the signer's certificate */
	char signer[128];	     /* its common name, shown form */
	uint8_t root[EX_SHA256_LEN]; /* of the CA certificate at the end */
};

/*
 * Check an answer over this SHA-256 against the roots: granted, the imprint,
 * the nonce (unless NULL), the signature, a chain for time-stamping that holds
 * at genTime.  EX_DENIED: no chain to these roots; EX_DAMAGED: another digest,
 * nonce or signature, or not granted; EX_FORMAT, EX_LIMIT.
 */
int ex_stamp_check(struct ex_stamp *out, const void *tsr, size_t n,
    const uint8_t sha256[EX_SHA256_LEN], const uint8_t *nonce,
    const struct ex_roots *roots, struct ex_err *err);

#endif
