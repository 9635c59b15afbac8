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
#include "base/limits.h"
#include "custody/event.h"
#include "hashing/digest.h"
#include "signing/key.h"

struct ex_house;

/* Why a PIN is asked for. */
enum ex_pin_why {
	EX_PIN_FIRST = 0,
	EX_PIN_WRONG = 1, /* the last answer did not open the key */
	EX_PIN_NEW = 2	  /* it will protect a key that is being made */
};

/*
 * Where PINs come from.  get() appends the PIN of a key; why is one of
 * enum ex_pin_why.  1: here it is, 0: there is none, -1.
 */
struct ex_pins {
	int (*get)(void *arg, const char *key, int why, struct ex_buf *pin,
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
	/* of a card's key: where it lies, and who is asked at each act */
	char uri[EX_CARD_URI_MAX + 1]; /* "": a file */
	int hsm;
	struct ex_pins pins;
};

/*
 * Load a key with its certificate.  EX_ABSENT: no such key on this machine, or
 * its card is in no reader; EX_PIN.  *out is released with ex_signer_free().
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
 * Keep an existing key under name: its certificate, and either its PEM file,
 * copied as it is, or where it lies on a card.  Not enrolled yet.
 */
struct ex_key_given {
	const char *cert; /* file, PEM or DER */
	const char *key;  /* file, PKCS#8; NULL: beside cert, ending .key */
	const char *uri;  /* PKCS#11; NULL: not on a card */
	const char *ca;	  /* file of another body's CAs; NULL: known ones */
	int hsm;	  /* the token is an HSM, not a card */
};
int ex_signer_adopt(struct ex_signer **out, const char *keys_dir,
    const struct ex_key_order *order, const struct ex_key_given *given,
    struct ex_err *err);

/*
 * `key new`: make, certify and enrol, signed by the new key and by the actor
 * (and --with) as registrar.  `key enrol`: the same of a key that is given.
 * {"key","person","cert_sha256","storage","locked","assurance","event"}
 *
 * A certificate leads to the laboratory's CA or to one that the policy's
 * "roots" name.  EX_DENIED.
 */
int ex_key_enrol(struct ex_json **out, struct ex_house *house, const char *name,
    const char *person, const struct ex_key_given *given, int zh,
    struct ex_err *err);

/*
 * `key rotate`: a new key, made or given (NULL: made), takes the place of the
 * old one under its name, signed by both; a person's, a station's or the
 * service's, whose process then starts anew.  {"key","person","cert_sha256",
 * "old_cert","storage","assurance","event"}; what a killed run had done is
 * finished.
 */
int
ex_key_rotate(struct ex_json **out, struct ex_house *house, const char *name,
    const struct ex_key_given *given, int zh, struct ex_err *err);

/* `key revoke`; since may be NULL. */
int
ex_key_revoke(struct ex_json **out, struct ex_house *house, const char *name,
    const char *reason, const char *since, struct ex_err *err);

/*
 * {"keys":[{"name","person","org","use","storage","assurance","since",
 * "until"?,"compromised_since"?,"successor"?,"ca"?,"registrars","cert_sha256",
 * "here"}]} of the log: since and until are indexes in the tree, here whether
 * it is on this machine.
 */
int ex_key_list(
    struct ex_json **out, struct ex_house *house, int zh, struct ex_err *err);
int ex_key_show(struct ex_json **out, struct ex_house *house, const char *name,
    int zh, struct ex_err *err);

#endif
