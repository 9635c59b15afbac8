/*
 * outsiders.h -- who outside the laboratory vouches for its log, as the
 * policy in force names them: witnesses, monitors, time-stamp authorities.
 *
 * Members of the signed policy (docs/formats.md), all optional:
 *   witnesses    [{monitor?: 1, name, org, url, vkey}]
 *   authorities  [{name, org, root_sha256, url}]
 */
#ifndef CUSTODY_OUTSIDERS_H
#define CUSTODY_OUTSIDERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "custody/log.h"

enum {
	EX_OUTSIDER_NAME = 41, /* bytes of a name or code, with its NUL */
	EX_OUTSIDER_URL = 201,
	EX_OUTSIDERS_MAX = 16 /* witnesses; authorities */
};

struct ex_outsider {
	char name[EX_OUTSIDER_NAME];
	char org[EX_OUTSIDER_NAME];
	char url[EX_OUTSIDER_URL]; /* http:// or https://, no '/' at its end */
	int monitor;
	struct ex_vkey key;	     /* of a witness or monitor, type 0x04 */
	uint8_t root[EX_SHA256_LEN]; /* of an authority: its CA certificate */
};

struct ex_outsiders {
	size_t nwitnesses, nauthorities;
	struct ex_outsider witness[EX_OUTSIDERS_MAX];
	struct ex_outsider authority[EX_OUTSIDERS_MAX];
	size_t quorum; /* witnesses that must have cosigned; 0: none */
	int wanted;    /* the policy names a quorum other than none */
};

/*
 * Out of a policy, or of the fact that one is in force: other members are not
 * looked at.  EX_FORMAT says which member; *out is then empty.
 */
int ex_outsiders_read(
    struct ex_outsiders *out, const struct ex_json *policy, struct ex_err *err);

/* Is there anybody to be asked?  1 or 0. */
int ex_outsiders_any(const struct ex_outsiders *o);

/*
 * Append what the policy says as a verifier's policy (C2SP tlog-policy with
 * "#exhibit:" comments): a hint for verifiers, who obtain theirs elsewhere.
 */
int ex_outsiders_policy(struct ex_buf *out, const struct ex_outsiders *o,
    const struct ex_vkey *log, const char *operator_org, struct ex_err *err);

/* Cosignatures of how many of the witnesses are on the note, and hold? */
size_t
ex_outsiders_cosigned(const struct ex_outsiders *o, const struct ex_note *note);

#endif
