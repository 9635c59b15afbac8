/*
 * card.h -- a key on a smart card or in an HSM, through PKCS#11.
 *
 * The card signs the digest of the signed attributes (C_Sign with CKM_ECDSA
 * or CKM_RSA_PKCS), and that is all it does: the entry around the signature
 * is cms.c's, as with every other key.  No OpenSSL engine, provider or
 * EC_KEY_METHOD stands in between, so nothing of OpenSSL enumerates what else
 * lies on the card, and no deprecated API is used.
 */
#ifndef SIGNING_CARD_H
#define SIGNING_CARD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "signing/key.h"

/*
 * Where the PIN comes from: append it to pin.  wrong is 1 when the last
 * answer was not it.  1: here it is, 0: there is none, -1.
 */
typedef int (*ex_card_pin)(
    void *arg, int wrong, struct ex_buf *pin, struct ex_err *err);

struct ex_card_place {
	const char *uri;     /* RFC 7512; module-path names the module, without
			   * it all that p11-kit knows are looked through */
	const char *name;    /* of the key, for messages */
	int hsm;	     /* storage "hsm" instead of "card" */
	const uint8_t *cert; /* DER of the certificate of the key */
	size_t ncert;
	ex_card_pin pin;
	void *arg; /* of pin; outlives the key */
};

/* Is this a PKCS#11 URI that we take?  EX_FORMAT says why not: it holds a PIN,
 * it is too long, it has attributes that nobody knows. */
int ex_card_check_uri(const char *uri, struct ex_err *err);

/*
 * The key that the URI names and the certificate belongs to; place may go
 * when this returns.  The token must be there; the private key is looked for
 * when it signs, since most cards show it only after the PIN.
 *
 * Each signature takes a PIN and a C_Login of its own, of the context too
 * where the key is CKA_ALWAYS_AUTHENTICATE; the PIN is asked for once between
 * two calls of ex_key_rest().  What the card answers is checked under the
 * certificate before anybody sees it.
 *
 * EX_ABSENT: no such token or key.  EX_FORMAT: the URI.  EX_USAGE: it fits
 * several.
 * EX_PIN: none, wrong or locked.  EX_DAMAGED: the certificate is another
 * key's.
 */
int ex_card_open(
    struct ex_key **out, const struct ex_card_place *place, struct ex_err *err);

#endif
