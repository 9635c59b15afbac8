/*
 * init.h -- founding a laboratory on this machine.
 */
#ifndef CASES_INIT_H
#define CASES_INIT_H

#include "base/err.h"
#include "base/json.h"
#include "cases/keys.h"

struct ex_init {
	const char *dir;      /* data directory, absolute */
	const char *database; /* conninfo; NULL: a private cluster */
	const char *name_en;  /* may be NULL */
	const char *name_zh;  /* may be NULL */
	/* for the key `admin`; NULL: it gets no PIN */
	const struct ex_pins *pins;
};

/*
 * Make what is missing of a house and start its services: directory,
 * database, schema, log key, laboratory CA, organisation LAB, place
 * RECEPTION, person and key `admin`, station key, service key, the first
 * entry, and trust/ for verifiers.  A second run changes nothing; one that
 * was killed is finished by the next.
 *
 * {"dir","created","embedded","service_user","origin","log_key","ca_sha256",
 * "policy_sha256","genesis","keys":[{"name","use","cert_sha256","locked"}],
 * "size","root","unlocked"}: what belongs on paper.  created is 0 when all
 * was there.
 *
 * EX_USAGE: a folder that the service user cannot reach, a database of
 * another encoding, an organisation's own house given another database;
 * EX_STATE: a database that has another log.
 */
int ex_house_init(
    struct ex_json **out, const struct ex_init *in, struct ex_err *err);

#endif
