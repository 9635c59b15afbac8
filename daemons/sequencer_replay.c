/*
 * sequencer_replay.c -- from the entries to a state that may be signed.
 *
 * Three claims must fit the entries: the newest checkpoint row, the newest
 * signed note, and the store outside PostgreSQL.
 */
#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "custody/log.h"
#include "daemons/sequencer_parts.h"
#include "db/store.h"

/* A root that somebody recorded for a size. */
struct claim {
	int there;
	uint64_t size;
	uint8_t root[EX_HASH];
	const char *whose;
};

enum {
	CLAIM_ROW,   /* the newest checkpoint row */
	CLAIM_NOTE,  /* the newest signed note */
	CLAIM_STORE, /* the store outside */
	CLAIMS
};

struct replay {
	struct ex_sequencer *s;
	struct claim claim[CLAIMS];
	int row_signed;
};

static int
claim_row(struct replay *r, struct ex_err *err)
{
	struct claim *c = &r->claim[CLAIM_ROW];
	struct ex_err why = EX_ERR_INIT;

	c->whose = "the newest checkpoint row";
	if (ex_sequence_newest(
		r->s->conn, &c->size, c->root, &r->row_signed, &why) == 0)
		c->there = 1;
	else if (why.code != EX_ABSENT)
		return ex_fail(err, why.code, "%s", why.text);
	return 0;
}

/* The newest note must be the log key's own. */
static int
claim_note(struct replay *r, struct ex_err *err)
{
	struct claim *c = &r->claim[CLAIM_NOTE];
	struct ex_err why = EX_ERR_INIT;
	struct ex_buf note = EX_BUF_INIT;
	int rc = 0;

	c->whose = "the newest signed checkpoint";
	if (ex_store_checkpoint(r->s->conn, &note, NULL, &why) == -1) {
		ex_buf_free(&note);
		if (why.code == EX_ABSENT)
			return 0;
		return ex_fail(err, why.code, "%s", why.text);
	}
	if (ex_checkpoint_check(&r->s->published, note.data, note.len,
		&r->s->vkey, &why) == -1) {
		rc = ex_fail(err, EX_DAMAGED,
		    "the newest checkpoint in the database is not signed by "
		    "log/log.key: %s",
		    why.text);
	} else {
		c->there = 1;
		c->size = r->s->published.size;
		memcpy(c->root, r->s->published.root, EX_HASH);
	}
	ex_buf_free(&note);
	return rc;
}

static void
claim_store(struct replay *r)
{
	struct claim *c = &r->claim[CLAIM_STORE];
	const struct ex_outside *o = &r->s->outside;

	c->whose = "the store outside the database";
	c->there = o->there;
	c->size = o->held.size;
	memcpy(c->root, o->held.root, EX_HASH);
}

/* Whoever recorded a root for the size that is reached now was right. */
static int
compare_claims(const struct replay *r, struct ex_err *err)
{
	const struct ex_tree_edge *edge = &r->s->edge;
	uint8_t root[EX_HASH];
	int have = 0;

	for (int i = 0; i < CLAIMS; i++) {
		const struct claim *c = &r->claim[i];

		if (!c->there || c->size != edge->size)
			continue;
		if (!have)
			ex_tree_edge_root(root, edge);
		have = 1;
		if (memcmp(root, c->root, EX_HASH) != 0)
			return ex_fail(err, EX_DAMAGED,
			    "at size %" PRIu64 " the entries in the database "
			    "give another root than %s: the history was "
			    "changed; nothing is signed",
			    edge->size, c->whose);
	}
	return 0;
}

/* What the row says beside the entry. */
static int
check_row(const struct ex_sequencer *s, const struct ex_entry_row *row,
    struct ex_err *err)
{
	const struct ex_admission *a = &s->admission;
	char stream[EX_STREAM_TEXT];

	ex_stream_text(stream, &a->event.stream);
	if (strcmp(stream, row->stream) != 0 || row->seq != a->event.seq ||
	    memcmp(row->leaf, a->leaf, EX_HASH) != 0)
		return ex_fail(err, EX_DAMAGED,
		    "its row says something else than the entry in it");
	return 0;
}

/*
 * Admit an entry of the log once more.  Signatures below a signed root were
 * checked before it was signed, and the root is over these very bytes.
 */
static int
replay_admission(
    struct ex_sequencer *s, const struct ex_entry_row *row, struct ex_err *err)
{
	struct ex_admit_options options = { .published = s->published.size,
		.root_at = ex_sequencer_root_at,
		.root_arg = s };

	options.skip_signatures = row->index < s->published.size;
	options.skip_seen = options.skip_signatures;
	if (ex_admit(&s->admission, row->entry.p, row->entry.n,
		ex_world_view(s->world), &options, err) == -1 ||
	    check_row(s, row, err) == -1 ||
	    ex_world_apply(s->world, &s->admission, row->index, err) == -1)
		return -1;
	return ex_sequencer_learn(s, err);
}

/* One indexed entry; its leaf is computed from the bytes stored. */
static int
replay_entry(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	struct replay *r = arg;
	struct ex_sequencer *s = r->s;
	struct ex_err why = EX_ERR_INIT;
	int rc;

	if (row->index != s->edge.size)
		return ex_fail(err, EX_DAMAGED,
		    "entry %" PRIu64 " is missing from the database",
		    s->edge.size);
	rc = replay_admission(s, row, &why);
	if (rc == 0)
		rc = ex_tree_append(
		    &s->edge, s->admission.leaf, NULL, NULL, &why);
	ex_admission_free(&s->admission);
	if (rc == 0)
		return compare_claims(r, err);
	if (why.code == EX_SYSTEM || why.code == EX_UNREACHABLE)
		return ex_fail(err, why.code, "%s", why.text);
	return ex_fail(err, EX_DAMAGED,
	    "entry %" PRIu64 " of the database does not stand: %s", row->index,
	    why.text);
}

/* Where the last round stopped: before (b), before (d), or at its end. */
static int
check_sizes(const struct replay *r, struct ex_err *err)
{
	const struct claim *row = &r->claim[CLAIM_ROW];
	const struct claim *note = &r->claim[CLAIM_NOTE];
	const struct claim *store = &r->claim[CLAIM_STORE];
	uint64_t size = r->s->edge.size;

	if (store->size > size)
		return ex_fail(err, EX_DAMAGED,
		    "the store outside the database (log/outside) is at size "
		    "%" PRIu64 ", the database at %" PRIu64 ": an older "
		    "database was put back; nothing is signed",
		    store->size, size);
	if (row->size != size)
		return ex_fail(err, EX_DAMAGED,
		    "the newest checkpoint row is at size %" PRIu64
		    ", the entries at %" PRIu64 "; nothing is signed",
		    row->size, size);
	if (note->size > store->size)
		return ex_fail(err, EX_DAMAGED,
		    "checkpoint %" PRIu64 " was signed, and the store outside "
		    "the database (log/outside) does not know it; nothing is "
		    "signed",
		    note->size);
	if (size > 0 && !r->row_signed)
		ex_log(EX_INFO, "sequencer",
		    "a round was cut off at size %" PRIu64 "; it is finished",
		    size);
	return 0;
}

static int
replay_rejected(void *arg, const struct ex_loose_row *row, struct ex_err *err)
{
	if (!row->rejected)
		return 0;
	return ex_sequencer_refuse(arg, row->stream, row->seq, row->entry,
	    row->code, row->reason, err);
}

/* A stream whose head leads nowhere would take no entry any more. */
static int
mend_heads(struct ex_sequencer *s, struct ex_err *err)
{
	size_t n = 0;

	if (ex_conn_begin(s->conn, err) == -1)
		return -1;
	if (ex_sequence_mend(s->conn, &n, err) == -1 ||
	    ex_conn_commit(s->conn, err) == -1) {
		ex_conn_rollback(s->conn);
		return -1;
	}
	if (n > 0)
		ex_log(EX_WARN, "sequencer",
		    "%zu streams had a head that no entry gives; set back", n);
	return 0;
}

int
ex_sequencer_replay(struct ex_sequencer *s, struct ex_err *err)
{
	struct replay r = { .s = s };

	memset(&s->edge, 0, sizeof(s->edge));
	memset(&s->published, 0, sizeof(s->published));
	memset(s->root, 0, sizeof(s->root));
	s->heads_at = 0;
	if ((s->named = ex_json_object()) == NULL ||
	    (s->changed = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_world_new(&s->world, 0, err) == -1 || claim_row(&r, err) == -1 ||
	    claim_note(&r, err) == -1)
		return -1;
	claim_store(&r);
	if (ex_store_entries(s->conn, 0, replay_entry, &r, err) == -1 ||
	    check_sizes(&r, err) == -1 ||
	    ex_store_loose(s->conn, replay_rejected, s, err) == -1)
		return -1;
	return mend_heads(s, err);
}
