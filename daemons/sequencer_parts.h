/*
 * sequencer_parts.h -- what the sequencer's files share; for
 * daemons/sequencer*.c alone.
 */
#ifndef DAEMONS_SEQUENCER_PARTS_H
#define DAEMONS_SEQUENCER_PARTS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "custody/admit.h"
#include "custody/handover.h"
#include "custody/override.h"
#include "custody/world.h"
#include "daemons/outside.h"
#include "daemons/sequencer.h"
#include "db/conn.h"
#include "db/sequence.h"
#include "hashing/tree.h"
#include "signing/key.h"
#include "signing/note.h"

/* A rejected entry that no admitted `reject` entry names yet. */
struct ex_refused {
	char stream[EX_STREAM_TEXT]; /* as its row says */
	uint64_t seq;
	uint8_t entry_sha256[EX_SHA256_LEN];
	char batch[40]; /* that it was a member of, or "" */
	char code[32];
	char reason[400];
};

/* Roots of sizes that parties name as seen, kept at hand. */
enum {
	EX_ROOTS_KEPT = 256
};

struct ex_kept_root {
	uint64_t size; /* 0: none */
	uint8_t root[EX_HASH];
	int64_t after; /* when the next larger one came out; 0: not known */
};

struct ex_sequencer {
	const struct ex_sequencer_options *o;

	/* as long as the process lives */
	int lock; /* of log/sequencer.pid */
	struct ex_key *log_key, *service_key;
	struct ex_key *next_key; /* of the log, while it is replaced */
	struct ex_vkey vkey;
	struct ex_buf cert; /* of the service, DER */
	uint8_t cert_sha256[EX_SHA256_LEN];
	struct ex_outside outside;

	/* before the first signature: sequencer_gate.c */
	int open;		     /* it may sign */
	char ask[EX_HANDOVER_NONCE]; /* "": not asked yet */
	uint64_t asked_at;	     /* seconds */
	int gate_said;
	int override_due; /* an override that is not entered yet */
	uint8_t override[EX_SHA256_LEN];
	char override_reason[EX_OVERRIDE_REASON];

	/* as long as a connection lives */
	struct ex_conn *conn;
	struct ex_world *world;
	struct ex_tree_edge edge;
	struct ex_checkpoint published; /* newest signed one */
	struct ex_kept_root root[EX_ROOTS_KEPT];
	struct ex_json *named;	    /* object: rejected entries named */
	struct ex_refused *refused; /* those that are not */
	size_t nrefused, caprefused;
	int64_t heads_at; /* time of the newest heads entry or the genesis */
	int64_t born;	  /* of the genesis */
	int warned;	  /* own entries are not possible; said once */
	struct ex_sequence_rows rows; /* of this round, not written yet */
	struct ex_json *changed; /* object: "kind id" -> case, of its facts */
	int64_t awake_until;	 /* ticks: till then it looks without a call */

	struct ex_admission admission; /* the entry at hand */
};

/*
 * Rebuild everything from the entries and compare with the checkpoint rows,
 * the newest note and the store outside.  What is not signed yet is left for
 * ex_sequencer_settle().  EX_DAMAGED says which does not fit.
 */
int ex_sequencer_replay(struct ex_sequencer *s, struct ex_err *err);

/*
 * May it sign?  s->open is 1 once a witness that the policy names has cosigned
 * the newest checkpoint since the start, an officer has overridden the lack of
 * one, or the policy names none; until then call it again.  EX_DAMAGED: a
 * witness knows a larger or another history.
 */
int ex_sequencer_gate(struct ex_sequencer *s, struct ex_err *err);

/* Enter the override that opened it; *wrote as of ex_sequencer_write(). */
int
ex_sequencer_override(struct ex_sequencer *s, int *wrote, struct ex_err *err);

/* What an entry in the log means for the sequencer itself. */
int ex_sequencer_learn(struct ex_sequencer *s, struct ex_err *err);

/*
 * The root of the log at a size that was published, for ex_admit(); arg is
 * the sequencer.  Stored nodes are believed only as far as they lead to the
 * root of the entries that were replayed.
 */
int ex_sequencer_root_at(
    void *arg, uint64_t size, uint8_t root[EX_HASH], struct ex_err *err);
void
ex_sequencer_keep_root(struct ex_sequencer *s, const struct ex_checkpoint *c);

/* As the root: when the first checkpoint larger than size came out. */
int ex_sequencer_published_after(
    void *arg, uint64_t size, int64_t *at, struct ex_err *err);

/*
 * Write the rows of the round so far.  Who reads rows or changes them in
 * another way calls it first.
 */
int ex_sequencer_flush(struct ex_sequencer *s, struct ex_err *err);

/* Take out of the openings what the erase entry at hand names. */
int ex_sequencer_erase(struct ex_sequencer *s, struct ex_err *err);

/* Remember a rejected entry until it is named. */
int ex_sequencer_refuse(struct ex_sequencer *s, const char *stream,
    uint64_t seq, struct ex_span entry, const char *code, const char *reason,
    struct ex_err *err);

/*
 * One round: admit what waits, give it its indexes, commit.  *n is how many
 * entries were taken off the queue, *more 1 when there may be others.
 */
int ex_sequencer_round(
    struct ex_sequencer *s, size_t *n, int *more, struct ex_err *err);

/* Store outside, sign, commit the note, if there is something to be signed. */
int ex_sequencer_settle(struct ex_sequencer *s, struct ex_err *err);

/*
 * Write at most one entry of the sequencer's own: a `reject`, or `heads` when
 * asked for or due.  *wrote 1 when one waits in the queue now.
 */
int ex_sequencer_own(struct ex_sequencer *s, int *wrote, struct ex_err *err);

/*
 * Sign and append an entry to the laboratory's stream.  fields and texts are
 * taken over.  *wrote 0: somebody else was first, or the rules do not permit
 * it (which is said in the log once).
 */
int ex_sequencer_write(struct ex_sequencer *s, enum ex_act act,
    struct ex_json *fields, struct ex_json *texts, int *wrote,
    struct ex_err *err);

/*
 * Close rows that are no entries: the first of the tables whose turn it is,
 * every hour in which something came, and when wanted.  As
 * ex_sequencer_write().
 */
int ex_sequencer_tables(
    struct ex_sequencer *s, int wanted, int *wrote, struct ex_err *err);

/* The fields of a heads entry over everything that is indexed. */
int ex_sequencer_heads(
    struct ex_json **out, struct ex_sequencer *s, struct ex_err *err);

#endif
