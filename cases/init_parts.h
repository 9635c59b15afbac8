/*
 * init_parts.h -- what a house under construction has; for cases/init*.c
 * alone.
 */
#ifndef CASES_INIT_PARTS_H
#define CASES_INIT_PARTS_H

#include "cases/house_parts.h"
#include "cases/init.h"

#define EX_FOUND_ADMIN "admin"

struct ex_founding {
	const struct ex_init *in;
	struct ex_house house; /* dir first, then conf and cluster */
	struct ex_signer *admin, *station, *service;
	struct ex_buf ca; /* its certificate, DER */
	int new_dir;	  /* the data directory was not there */
	int made;	  /* the house was not there, or not whole */
};

/* DIR/name; and give it to the user that services run as. */
int ex_found_path(char out[EX_PATH], const struct ex_founding *f,
    const char *name, struct ex_err *err);
int ex_found_give(
    const struct ex_founding *f, const char *name, struct ex_err *err);

/* Log key, CA and the founders' keys, those there already loaded. */
int ex_found_keys(struct ex_founding *f, struct ex_err *err);

/* DIR/trust: the policy, the roots and the log's key. */
int ex_found_trust(struct ex_founding *f, struct ex_err *err);

/*
 * Is the database behind conn free for the log of this directory, empty or
 * its own?  EX_STATE names the other log.  Returns 1 when its own is there.
 */
int ex_found_free(
    const struct ex_founding *f, struct ex_conn *conn, struct ex_err *err);

/* Append the founding entry if the log is empty; the sequencer is down. */
int ex_found_log(struct ex_founding *f, struct ex_err *err);

/* Wait until the founding entry is signed, and tell what belongs on paper. */
int
ex_found_tell(struct ex_json **out, struct ex_founding *f, struct ex_err *err);

#endif
