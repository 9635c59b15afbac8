/*
 * keys.h -- people's keys on this machine: DIR/keys/NAME.{key,pem,json}.
 */
#ifndef CASES_KEYS_H
#define CASES_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "custody/event.h"
#include "hashing/digest.h"
#include "signing/key.h"

struct ex_house;

/*
 * Where PINs come from.  get() appends the PIN of a key; wrong is 1 when the
 * last answer did not open it.  1: here it is, 0: there is none, -1.
 */
struct ex_pins {
	int (*get)(void *arg, const char *key, int wrong, struct ex_buf *pin,
	    struct ex_err *err);
	void *arg;
};

/* Somebody who can sign here. */
struct ex_signer {
	char name[EX_NAME_TEXT]; /* of the key */
	char person[EX_NAME_TEXT];
	char org[EX_NAME_TEXT];
	enum ex_mode mode; /* signed, station, service */
	char storage[8];
	struct ex_key *key;
	struct ex_buf cert; /* DER */
	uint8_t cert_sha256[EX_SHA256_LEN];
};

/*
 * Load a key with its certificate.  EX_ABSENT: no such key on this machine;
 * EX_PIN.  *out is released with ex_signer_free().
 */
int ex_signer_load(struct ex_signer **out, const char *keys_dir,
    const char *name, const struct ex_pins *pins, struct ex_err *err);
void ex_signer_free(struct ex_signer *s);

/*
 * Make a software key, have it certified by the laboratory's CA, and keep it
 * under name; not enrolled yet.  Without a PIN the file is plain, 0600.
 * EX_EXISTS when there is one of that name.
 */
struct ex_key_order {
	const char *name;
	const char *person; /* or a station's, a service's name */
	const char *org;
	enum ex_mode mode;
	const struct ex_pins *pins; /* NULL: no PIN */
};
int ex_signer_make(struct ex_signer **out, const char *data_dir,
    const char *keys_dir, const struct ex_key_order *order, struct ex_err *err);

/*
 * `key new`: make, certify and enrol, signed by the new key and by the actor
 * (and --with) as registrar.  {"key","person","cert_sha256","storage",
 * "locked","event"}
 */
int ex_key_enrol(struct ex_json **out, struct ex_house *house, const char *name,
    const char *person, struct ex_err *err);

/* `key revoke`; since may be NULL. */
int
ex_key_revoke(struct ex_json **out, struct ex_house *house, const char *name,
    const char *reason, const char *since, struct ex_err *err);

/* {"keys":[...]} of the log, with whether they are on this machine. */
int
ex_key_list(struct ex_json **out, struct ex_house *house, struct ex_err *err);
int ex_key_show(struct ex_json **out, struct ex_house *house, const char *name,
    struct ex_err *err);

#endif
