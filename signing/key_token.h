/*
 * key_token.h -- how a card stands behind a struct ex_key; for the files of
 * this folder alone.
 */
#ifndef SIGNING_KEY_TOKEN_H
#define SIGNING_KEY_TOKEN_H

#include "base/buf.h"
#include "base/err.h"
#include "hashing/digest.h"
#include "signing/key.h"

/* What is asked of it; held is its own. */
struct ex_key_token {
	/*
	 * Append the signature of a SHA-256 digest: DER (r, s) of P-256, s as
	 * it comes, or PKCS#1 v1.5 of RSA.  It need not check what it made.
	 */
	int (*sign)(void *held, const uint8_t digest[EX_SHA256_LEN],
	    struct ex_buf *out, struct ex_err *err);

	/* Forget the PIN. */
	void (*rest)(void *held);
	void (*free)(void *held);
};

/*
 * A key whose private half is elsewhere.  spki: DER SubjectPublicKeyInfo,
 * P-256 or RSA.  storage: "card" or "hsm", static text.  held belongs to the
 * key, also on failure.
 */
int ex_key_of_token(struct ex_key **out, const struct ex_key_token *token,
    void *held, const char *storage, const uint8_t *spki, size_t nspki,
    struct ex_err *err);

#endif
