/*
 * claims.h -- tables of what the rules say to one act, and what they do.
 */
#ifndef TESTS_CUSTODY_CLAIMS_H
#define TESTS_CUSTODY_CLAIMS_H

#include "tests/custody/house.h"

enum {
	CLAIM_BEFORE = 4
};

/*
 * A new item is brought into a state, some acts are done to it, then one is
 * judged.  Acts on it are the usual ones but for the members given here; one
 * with a stream of its own is as it stands.
 */
struct claim {
	const char *name;
	enum ex_state in;
	struct act before[CLAIM_BEFORE]; /* act 0 ends */
	struct act a;
	enum ex_code code; /* EX_OK: allowed */
	/* Of a refusal, part of its text; of an allowed act, the code of a
	 * finding that it must have, NULL: it has none. */
	const char *says;
	const char *to; /* the state then; NULL: whatever */
};

/* For corrects and annuls: the stream's newest entry; one of another stream;
 * none at all. */
extern const uint8_t claim_head[], claim_elsewhere[], claim_nothing[];

/* Judge all; each that is otherwise is printed, and then it fails. */
void claims_hold(struct house *h, const struct claim *c, size_t n);

#define CLAIMS_HOLD(h, table) \
	claims_hold(h, table, sizeof(table) / sizeof((table)[0]))

#endif
