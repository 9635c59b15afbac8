/*
 * init.h -- making a house: directory, database, keys, founding entry.
 */
#ifndef CASES_INIT_H
#define CASES_INIT_H

#include "base/err.h"
#include "base/json.h"
#include "cases/keys.h"

struct ex_init {
	const char *dir;
	const char *database; /* libpq conninfo; NULL: a private cluster */
	const char *name_en;  /* of the laboratory; may be NULL */
	const char *name_zh;  /* may be NULL */
	const struct ex_pins *pins; /* for the key `admin`; NULL: no PIN */
};

/*
 * Make what is missing, step by step, so that a run that was killed is
 * finished by the next one.  Services run afterwards, and the founding entry
 * is in a signed checkpoint.  Two at once: the second waits and finds it all
 * there.
 *
 * {"directory","origin","organisation","made" (0: it was all there),
 * "fingerprints": {"log","ca","admin","station","service","genesis"},
 * "locked" (of the key admin)}.  The fingerprints are SHA-256 of the log's
 * SubjectPublicKeyInfo and of the certificates (DER), and the leaf of entry 0.
 *
 * EX_USAGE: the service user cannot reach dir, or the database has another
 * encoding, or another one was begun with.  EX_STATE: the database holds
 * another house's log.  The text says what to do; nothing was made then.
 */
int ex_house_init(
    struct ex_json **out, const struct ex_init *in, struct ex_err *err);

#endif
