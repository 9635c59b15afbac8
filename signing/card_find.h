/*
 * card_find.h -- which of a card's keys; for the files signing/card_*.c.
 */
#ifndef SIGNING_CARD_FIND_H
#define SIGNING_CARD_FIND_H

#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

#include "base/err.h"
#include "signing/cert_der.h"

enum {
	EX_CARD_NAME = 64 /* of a key in messages, with its NUL */
};

struct ex_card_found {
	CK_OBJECT_HANDLE object;
	int always; /* CKA_ALWAYS_AUTHENTICATE */
};

/*
 * The private key, in a session that is logged in, which the URI fits and
 * which belongs to this public key.  Keys of other kinds, Ed25519 among them,
 * are not looked at.  A P-256 private key does not say its public half: the
 * public key or the point beside it with the same id does; where the card has
 * neither and only one key fits, it is that one, and the check of its
 * signature decides.
 *
 * EX_ABSENT: none.  EX_DAMAGED: none that belongs to it.  EX_USAGE: several
 * that cannot be told apart.
 */
int ex_card_find(struct ex_card_found *out, CK_FUNCTION_LIST *module,
    CK_SESSION_HANDLE session, P11KitUri *uri, const struct ex_spki *key,
    const char *name, struct ex_err *err);

#endif
