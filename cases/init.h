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
 * finished by the next one.  Services run afterwards.
 *
 * {"directory","origin","organisation","made" (0: it was all there),
 * "fingerprints": {"log","ca","admin","station","service"},"locked"}.
 * EX_USAGE: the service user cannot reach dir, or the database has another
 * encoding; the text says what to do.
 */
int ex_house_init(
    struct ex_json **out, const struct ex_init *in, struct ex_err *err);

#endif
