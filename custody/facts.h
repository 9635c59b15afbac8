/*
 * facts.h -- the state of things, as computed from admitted entries and from
 * nothing else.
 *
 * A fact is a JSON object under (kind, id).  custody/judge.c reads facts
 * through a view and yields the facts that an entry changes; who keeps them
 * decides: a table in memory (custody/world.h), rows in PostgreSQL
 * (db/facts.h).  So one set of rules serves the client's plan, the sequencer,
 * the verifier and the stranger with a bundle, and a rebuild from the entries
 * gives the same values.
 *
 * kinds and ids, with the members of their values (docs/formats.md):
 *   log "log"           origin, vkey, genesis leaf, ca: [sha256],
 *                       old_keys?: [vkey], once it was replaced
 *   policy "policy"     version, leaf, index and the policy's members
 *   stream "item:X"     seq, leaf, occurred (latest occurred_at), index
 *   org CODE            kind, leaf
 *   person ID           org, roles: [{role, from, until?}], leaf
 *   key CERT-SHA256     person, org, use (person|station|service), storage,
 *                       index, registrars, revoked?, compromised_since?,
 *                       ca? (another body's), successor? (CERT-SHA256)
 *   delegate STATION/PERSON   until?, leaf
 *   location CODE       kind, in?, leaf
 *   tool ID             kind, validated_until?, leaf
 *   competence PERSON/METHOD  until, leaf
 *   case NUMBER         org, status, sealed, opener, prosecutor?, level?, tlp?,
 *                       authorities: {NUMBER: {kind, from?, until?, leaf}},
 *                       grants: {PRINCIPAL: until|0}, items: [ids]
 *   item ID             case, nature (physical|digital), kind, state, flags,
 *                       custodian, custodian_org, location, seal, seal_state,
 *                       last_seal, parent?, relation?, before? (state to go
 *                       back to), transfer?, acquisition?, images: [ids],
 *                       digests?, findings: [{code, seq}]
 *   seal NUMBER         item, leaf
 *   anchored TABLE      to, count, root, at (seconds), leaf: its rows are
 *                       closed so far
 */
#ifndef CUSTODY_FACTS_H
#define CUSTODY_FACTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "custody/event.h"

/* Where an entry stands, by its leaf. */
struct ex_entry_ref {
	struct ex_stream stream;
	uint64_t seq;
	uint64_t index; /* in the tree */
	enum ex_act act;
	uint64_t actor; /* who did it: ex_actor_tag() */
};

/* A person's number as an ex_entry_ref has it: of the name's SHA-256. */
uint64_t ex_actor_tag(const char *person);

/* How the rules look at the state of things. */
struct ex_view {
	void *arg;

	/*
	 * The value under (kind, id); *out is the caller's, NULL when there is
	 * none (which is success).
	 */
	int (*get)(void *arg, const char *kind, const char *id,
	    struct ex_json **out, struct ex_err *err);

	/* EX_ABSENT when no admitted entry has this leaf. */
	int (*entry)(void *arg, const uint8_t leaf[EX_HASH],
	    struct ex_entry_ref *out, struct ex_err *err);

	/*
	 * 1 when only some streams are at hand, as in a bundle: then absence
	 * of an item or a case proves nothing and is not judged.  The stream
	 * of the laboratory is always at hand.
	 */
	int partial;
};

/* A fact that an entry changes. */
struct ex_fact {
	char *kind;
	char *id;
	char *case_number; /* whose access list guards it; NULL: the house's */
	struct ex_json *value;
};

struct ex_facts {
	struct ex_fact *fact;
	size_t n, cap;
};

/* Add or replace; value is taken over, also on failure. */
int ex_facts_put(struct ex_facts *facts, const char *kind, const char *id,
    const char *case_number, struct ex_json *value, struct ex_err *err);
void ex_facts_free(struct ex_facts *facts);

/*
 * May acts at this time rest on an authority of a case's fact?  Without times
 * it holds from its entry on.  1 or 0.
 */
int ex_authority_in_force(const struct ex_json *authority, int64_t at);

#endif
