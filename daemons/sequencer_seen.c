/*
 * sequencer_seen.c -- which root the log had at the size that a party names
 * as seen.
 */
#include <string.h>

#include "daemons/sequencer_parts.h"
#include "db/store.h"

void
ex_sequencer_keep_root(struct ex_sequencer *s, const struct ex_checkpoint *c)
{
	struct ex_kept_root *k = &s->root[c->size % EX_ROOTS_KEPT];

	if (k->size != c->size)
		k->after = 0;
	k->size = c->size;
	memcpy(k->root, c->root, EX_HASH);
}

int
ex_sequencer_root_at(
    void *arg, uint64_t size, uint8_t root[EX_HASH], struct ex_err *err)
{
	struct ex_sequencer *s = arg;
	struct ex_err why = EX_ERR_INIT;
	struct ex_checkpoint c = { .size = size };

	if (s->root[size % EX_ROOTS_KEPT].size == size) {
		memcpy(root, s->root[size % EX_ROOTS_KEPT].root, EX_HASH);
		return 0;
	}
	if (ex_tree_root_at(c.root, size, s->published.size, s->published.root,
		ex_store_node, s->conn, &why) == 0) {
		ex_sequencer_keep_root(s, &c);
		memcpy(root, c.root, EX_HASH);
		return 0;
	}
	if (why.code == EX_UNREACHABLE)
		return ex_fail(err, EX_UNREACHABLE, "%s", why.text);
	/* The entry is not to blame. */
	return ex_fail(err, EX_SYSTEM,
	    "the stored nodes of the tree do not lead to the root of the "
	    "entries: they were changed; run exhibit log verify");
}

int
ex_sequencer_published_after(
    void *arg, uint64_t size, int64_t *at, struct ex_err *err)
{
	struct ex_sequencer *s = arg;
	struct ex_kept_root *k = &s->root[size % EX_ROOTS_KEPT];

	/* Once there is one it stays: asked once for each size at hand. */
	if (k->size == size && k->after != 0) {
		*at = k->after;
		return 0;
	}
	if (ex_store_published_after(s->conn, size, at, err) == -1)
		return -1;
	if (k->size == size)
		k->after = *at;
	return 0;
}
