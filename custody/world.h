/*
 * world.h -- facts in memory, by replaying entries: what a verifier without
 * any database uses, and the sequencer.
 */
#ifndef CUSTODY_WORLD_H
#define CUSTODY_WORLD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "custody/admit.h"
#include "custody/disputes.h"
#include "custody/facts.h"

struct ex_world;

/* partial: see struct ex_view. */
int ex_world_new(struct ex_world **out, int partial, struct ex_err *err);
void ex_world_free(struct ex_world *w);

/* A view on w; borrowed, valid as long as w. */
const struct ex_view *ex_world_view(const struct ex_world *w);

/* Take over the facts of an admitted entry at its index in the tree. */
int ex_world_apply(struct ex_world *w, const struct ex_admission *a,
    uint64_t index, struct ex_err *err);

/* Put one fact as it is: what a field kit brings along. */
int ex_world_put(
    struct ex_world *w, const struct ex_fact *fact, struct ex_err *err);

/*
 * Entries of keys that were reported compromised, with who has answered for
 * them so far; borrowed until the next entry.
 */
const struct ex_dispute *ex_world_disputes(const struct ex_world *w, size_t *n);

/* The one about the entry at this index that stands worst; NULL: none. */
const struct ex_dispute *
ex_world_dispute(const struct ex_world *w, uint64_t index);

/* Visit every fact in ascending order of (kind, id). */
int ex_world_each(const struct ex_world *w,
    int (*each)(void *arg, const char *kind, const char *id,
	const char *case_number, const struct ex_json *value,
	struct ex_err *err),
    void *arg, struct ex_err *err);

/*
 * What a heads entry over everything applied so far says: the root over every
 * stream's newest entry, and how many there are.
 */
int ex_world_heads(uint8_t root[EX_HASH], uint64_t *count,
    const struct ex_world *w, struct ex_err *err);

#endif
