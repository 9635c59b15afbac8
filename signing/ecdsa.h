/*
 * ecdsa.h -- ECDSA P-256 signatures as bytes: one form for each.
 *
 * If (r, s) verifies, so does (r, n - s); only s <= n/2 is ours.  Everything
 * here works on public values.
 */
#ifndef SIGNING_ECDSA_H
#define SIGNING_ECDSA_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	EX_P256 = 32 /* bytes of r and of s */
};

/*
 * Read a DER Ecdsa-Sig-Value.  EX_FORMAT when it is not DER, or r or s is not
 * within 1..n-1.
 */
int ex_ecdsa_read(uint8_t r[EX_P256], uint8_t s[EX_P256], const uint8_t *sig,
    size_t nsig, struct ex_err *err);

/* Append the DER of (r, s). */
int ex_ecdsa_write(struct ex_buf *out, const uint8_t r[EX_P256],
    const uint8_t s[EX_P256], struct ex_err *err);

/* Is s <= n/2?  1 or 0. */
int ex_ecdsa_is_low(const uint8_t s[EX_P256]);

/* s = n - s, for s within 1..n-1. */
void ex_ecdsa_negate(uint8_t s[EX_P256]);

/* Append sig with its s brought to at most n/2. */
int ex_ecdsa_normalise(
    struct ex_buf *out, const uint8_t *sig, size_t nsig, struct ex_err *err);

/* EX_FORMAT when sig is not DER or its s > n/2. */
int ex_ecdsa_check_form(const uint8_t *sig, size_t nsig, struct ex_err *err);

#endif
