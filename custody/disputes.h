/*
 * disputes.h -- entries of a key that was reported compromised.
 *
 * A key_revoke may say since when a key was not its owner's alone
 * (`compromised_since`).  Every entry that the key signed from there on is
 * disputed, until its owner, by another key and after the revocation,
 * confirms or disowns it.  "From there on" is a place in the tree, not what
 * the entries claim: it begins at the first entry of the log, anybody's, that
 * claims that time or a later one, so a thief who dates entries back gains
 * nothing.  Whoever has only some streams knows a later beginning, and counts
 * in what claims the time itself.
 */
#ifndef CUSTODY_DISPUTES_H
#define CUSTODY_DISPUTES_H

#include <stddef.h>
#include <stdint.h>

#include "base/codec.h"
#include "base/err.h"
#include "custody/event.h"
#include "custody/facts.h"

enum ex_dispute_state {
	EX_DISPUTED,
	EX_DISPUTE_CONFIRMED,
	EX_DISPUTE_DISOWNED
};

struct ex_dispute {
	const struct ex_entry_ref *entry; /* borrowed */
	uint8_t cert[EX_SHA256_LEN];	  /* of the compromised key */
	char person[EX_NAME_TEXT];	  /* whose it was */
	enum ex_mode mode;
	uint64_t revoked; /* index of the key_revoke */
	enum ex_dispute_state state;
	uint64_t answer; /* index of confirm or disown, when there is one */
};

/* "disputed", "confirmed", "disowned". */
const char *ex_dispute_word(enum ex_dispute_state state);

struct ex_disputes;

int ex_disputes_new(struct ex_disputes **out, struct ex_err *err);
void ex_disputes_free(struct ex_disputes *d);

/*
 * The next admitted entry, in the order of the tree.  ref must live as long
 * as d.  24 bytes a signer are kept.
 */
int ex_disputes_add(struct ex_disputes *d, const struct ex_event *e,
    const struct ex_entry_ref *ref, const struct ex_view *view,
    struct ex_err *err);

/* All of them, by revocation and index; borrowed. */
const struct ex_dispute *
ex_disputes_all(const struct ex_disputes *d, size_t *n);

#endif
