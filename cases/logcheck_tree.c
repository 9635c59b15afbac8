/*
 * logcheck_tree.c -- the tree, computed again from the entries; nodes and
 * checkpoints against it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cases/logcheck.h"
#include "cases/logcheck_tree.h"

static int
keep(void *arg, unsigned level, uint64_t index, const uint8_t hash[EX_HASH],
    struct ex_err *err)
{
	struct ex_logcheck *c = arg;
	struct ex_logcheck_level *l;
	size_t want;
	void *p;

	if (level >= EX_TREE_LEVELS || index != c->level[level].n)
		return ex_fail(err, EX_SYSTEM, "nodes out of order");
	l = &c->level[level];
	if (l->n == l->cap) {
		want = l->cap == 0 ? 64 : 2 * l->cap;
		if (want > SIZE_MAX / EX_HASH ||
		    (p = realloc(l->hash, want * EX_HASH)) == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		l->hash = p;
		l->cap = want;
	}
	memcpy(l->hash[l->n++], hash, EX_HASH);
	return 0;
}

int
ex_logcheck_append(
    struct ex_logcheck *c, const uint8_t leaf[EX_HASH], struct ex_err *err)
{
	return ex_tree_append(&c->edge, leaf, keep, c, err);
}

const uint8_t *
ex_logcheck_leaf(const struct ex_logcheck *c, uint64_t index)
{
	return index < c->level[0].n ? c->level[0].hash[index] : NULL;
}

static int
fetch(void *arg, unsigned level, uint64_t index, uint8_t hash[EX_HASH],
    struct ex_err *err)
{
	const struct ex_logcheck *c = arg;

	if (level >= EX_TREE_LEVELS || index >= c->level[level].n)
		return ex_fail(err, EX_ABSENT, "no such node");
	memcpy(hash, c->level[level].hash[index], EX_HASH);
	return 0;
}

int
ex_logcheck_root(const struct ex_logcheck *c, uint8_t out[EX_HASH],
    uint64_t size, struct ex_err *err)
{
	union {
		const struct ex_logcheck *in;
		void *out;
	} arg = { c };
	struct ex_tree_edge edge;

	if (size > c->edge.size)
		return ex_fail(err, EX_ABSENT,
		    "the log has %" PRIu64 " entries, not %" PRIu64,
		    c->edge.size, size);
	memset(&edge, 0, sizeof(edge));
	if (ex_tree_edge_load(&edge, size, fetch, arg.out, err) == -1)
		return -1;
	ex_tree_edge_root(out, &edge);
	return 0;
}

int
ex_logcheck_node(struct ex_logcheck *c, unsigned level, uint64_t index,
    const uint8_t hash[EX_HASH], struct ex_err *err)
{
	struct ex_logcheck_at at = { -1, NULL, 0 };

	if (level < EX_TREE_LEVELS && index < c->level[level].n &&
	    memcmp(c->level[level].hash[index], hash, EX_HASH) == 0)
		return 0;
	if (level == 0)
		at.index = (int64_t)index;
	return ex_logcheck_say(c, err, EX_FAULT, "node-differs", &at,
	    "node %" PRIu64 " of level %u is not what the entries give", index,
	    level);
}

int
ex_logcheck_nodes(struct ex_logcheck *c, uint64_t stored, struct ex_err *err)
{
	uint64_t want = 0;

	for (size_t i = 0; i < EX_TREE_LEVELS; i++)
		want += c->level[i].n;
	if (stored == want)
		return 0;
	return ex_logcheck_say(c, err, EX_FAULT, "node-missing", NULL,
	    "%" PRIu64 " nodes of the tree are stored, %" PRIu64
	    " follow from the entries",
	    stored, want);
}

/* The key that the verifier brought along, or the log's own word. */
static int
find_key(struct ex_logcheck *c, struct ex_err *err)
{
	struct ex_vkey v;
	const char *text;
	struct ex_json *log = NULL;
	int rc = -1;

	if (c->has_log)
		return 0;
	if (c->policy != NULL && ex_policy_logs(c->policy) > 0) {
		c->log = *ex_policy_log(c->policy, 0);
		c->has_log = 1;
		return 0;
	}
	if (ex_world_view(c->world)->get(
		ex_world_view(c->world)->arg, "log", "log", &log, err) == -1)
		return -1;
	text = ex_json_get_text(log, "vkey");
	if (text == NULL || ex_vkey_read(&v, text, NULL) == -1) {
		rc = 0;
		goto out;
	}
	c->log = v;
	c->has_log = 1;
	rc = ex_logcheck_say(c, err, EX_NOTED, "log-key", NULL,
	    "the key of the log was taken from its own first entry");
out:
	ex_json_free(log);
	return rc;
}

static const char *
place(enum ex_logcheck_from from)
{
	static const char *const text[] = {
		[EX_FROM_NEWEST] = "the newest checkpoint",
		[EX_FROM_TABLE] = "a checkpoint of the database",
		[EX_FROM_SEEN] = "a checkpoint seen on this machine",
		[EX_FROM_STORE] = "the store outside the database",
		[EX_FROM_GIVEN] = "the checkpoint to compare with",
	};

	return text[from];
}

int
ex_logcheck_compare(struct ex_logcheck *c, enum ex_logcheck_from from,
    const char *name, const struct ex_checkpoint *p, struct ex_err *err)
{
	uint8_t root[EX_HASH];

	if (p->size > c->edge.size)
		return ex_logcheck_say(c, err, EX_FAULT, "log-short", NULL,
		    "%s (%s) speaks of %" PRIu64
		    " entries, but there are only %" PRIu64
		    ": entries were lost, or this is an older database",
		    place(from), name, p->size, c->edge.size);
	if (ex_logcheck_root(c, root, p->size, err) == -1)
		return -1;
	if (memcmp(root, p->root, EX_HASH) == 0)
		return 0;
	return ex_logcheck_say(c, err, EX_FAULT, "root-differs", NULL,
	    "%s (%s) has another root for %" PRIu64
	    " entries than the entries give",
	    place(from), name, p->size);
}

/* The newest checkpoint is where the log ends, and others may have signed. */
static int
check_newest(struct ex_logcheck *c, const struct ex_checkpoint *p,
    const void *note, size_t n, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_note parsed;

	c->r->checkpoint = *p;
	c->r->has_checkpoint = 1;
	if (p->size < c->edge.size &&
	    ex_logcheck_say(c, err, EX_NOTED, "not-covered", NULL,
		"%" PRIu64 " entries are indexed, the newest checkpoint "
		"covers %" PRIu64,
		c->edge.size, p->size) == -1)
		return -1;
	if (c->policy == NULL)
		return 0;
	if (ex_note_parse(&parsed, note, n, &why) == -1 ||
	    ex_policy_check(c->policy, &parsed, &c->r->anchored, &why) == -1)
		return ex_logcheck_fault(c, err, &why, "policy", NULL);
	c->r->compared |= c->r->anchored;
	return 0;
}

/*
 * Signed with the log's key, or with one that it had before and names itself:
 * an old one can only speak of the same tree, which is compared as well.
 */
static int
check_signed(struct ex_logcheck *c, struct ex_checkpoint *p, const void *note,
    size_t n, int newest, struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(c->world);
	struct ex_json *log = NULL;
	const struct ex_json *old;
	int rc = ex_checkpoint_check(p, note, n, &c->log, err);

	if (rc == 0 || newest ||
	    view->get(view->arg, "log", "log", &log, NULL) == -1)
		return rc;
	old = ex_json_get(log, "old_keys");
	for (size_t i = 0; rc == -1 && i < ex_json_count(old); i++) {
		const char *text = ex_json_text(ex_json_at(old, i));
		struct ex_vkey v;

		if (text == NULL || ex_vkey_read(&v, text, NULL) == -1)
			continue;
		rc = ex_checkpoint_check(p, note, n, &v, NULL);
	}
	ex_json_free(log);
	if (rc == 0)
		ex_err_clear(err);
	return rc;
}

int
ex_logcheck_note(struct ex_logcheck *c, enum ex_logcheck_from from,
    const char *name, const void *note, size_t n, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_checkpoint p;

	if (find_key(c, err) == -1)
		return -1;
	if (!c->has_log)
		return ex_logcheck_say(c, err, EX_FAULT, "log-key", NULL,
		    "no key of the log is known: %s cannot be checked",
		    place(from));
	if (check_signed(c, &p, note, n, from == EX_FROM_NEWEST, &why) == -1) {
		ex_while(&why, name);
		ex_while(&why, place(from));
		return ex_logcheck_fault(c, err, &why, "checkpoint", NULL);
	}
	if (from == EX_FROM_NEWEST && check_newest(c, &p, note, n, err) == -1)
		return -1;
	c->r->compared |= from == EX_FROM_GIVEN;
	return ex_logcheck_compare(c, from, name, &p, err);
}
