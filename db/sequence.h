/*
 * sequence.h -- what only the sequencer reads and writes.
 */
#ifndef DB_SEQUENCE_H
#define DB_SEQUENCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "custody/facts.h"
#include "db/conn.h"
#include "db/store.h"
#include "hashing/tree.h"

/* Take the sequencer's place for as long as conn lives.  EX_CONFLICT. */
int ex_sequence_lock(struct ex_conn *conn, struct ex_err *err);

/* Be woken by append() and by requests (ex_conn_wait()). */
int ex_sequence_listen(struct ex_conn *conn, struct ex_err *err);

/*
 * For so long, microseconds, the queue is looked at without being told: what
 * is appended meanwhile need not be announced.
 */
int ex_sequence_awake(struct ex_conn *conn, int64_t us, struct ex_err *err);

/* A committed entry that waits for its index; borrowed for the call. */
struct ex_queued {
	int64_t id;
	const char *stream;
	uint64_t seq;
	const uint8_t *prev; /* these three as the row says */
	const uint8_t *leaf;
	const uint8_t *body_sha256;
	struct ex_span entry;
	const char *case_number;
};

/* At most max of them, first in first out; *n is how many there were. */
int ex_sequence_queue(struct ex_conn *conn, size_t max,
    int (*each)(void *arg, const struct ex_queued *q, struct ex_err *err),
    void *arg, size_t *n, struct ex_err *err);

/*
 * Rows of a round, gathered so that they go to the server in a few
 * statements.  Starts zeroed.
 */
struct ex_sequence_rows {
	struct ex_array id, index, leaf;	    /* queued entries */
	struct ex_array level, place, hash;	    /* nodes of the tree */
	struct ex_array kind, name, of_case, value; /* facts */
};
void ex_sequence_rows_free(struct ex_sequence_rows *rows);

/* Give a queued entry its index, and take it off the queue. */
int ex_sequence_rows_index(struct ex_sequence_rows *rows, int64_t id,
    uint64_t index, const uint8_t leaf[EX_HASH], struct ex_err *err);
int ex_sequence_rows_node(struct ex_sequence_rows *rows, unsigned level,
    uint64_t index, const uint8_t hash[EX_HASH], struct ex_err *err);

/* A fact; each (kind, id) once between two puts.  case_number may be NULL. */
int ex_sequence_rows_fact(struct ex_sequence_rows *rows, const char *kind,
    const char *id, const char *case_number, const char *value, size_t n,
    struct ex_err *err);

/*
 * Write what was gathered; rows are empty afterwards.  EX_DAMAGED when an
 * entry was not queued.  In a transaction.
 */
int ex_sequence_put(
    struct ex_conn *conn, struct ex_sequence_rows *rows, struct ex_err *err);

/* Take these entries off the queue: all of them are there, or EX_DAMAGED. */
int ex_sequence_unqueue(
    struct ex_conn *conn, const struct ex_array *ids, struct ex_err *err);

/*
 * Take an entry off the queue into `rejected`, and set the stream's head back
 * so that it can go on: to its last admitted entry (seq 0: none), or to the
 * last of those that wait and continue it.
 */
int ex_sequence_reject(struct ex_conn *conn, const struct ex_queued *q,
    const char *code, const char *reason, struct ex_err *err);

/*
 * The same for every stream whose head is neither its last admitted entry nor
 * one that waits; *n is how many there were.  In a transaction.
 */
int ex_sequence_mend(struct ex_conn *conn, size_t *n, struct ex_err *err);

/* Where a stream stands, waiting entries included; seq 0: nothing yet. */
int ex_sequence_head(struct ex_conn *conn, const char *stream, uint64_t *seq,
    uint8_t leaf[EX_HASH], struct ex_err *err);

/* What is left of the openings of an indexed entry; n 0: nothing. */
int ex_sequence_openings(struct ex_conn *conn, uint64_t index,
    const void *openings, size_t n, struct ex_err *err);

/* The unsigned text of a checkpoint; its note comes later. */
int ex_sequence_checkpoint(struct ex_conn *conn, uint64_t size,
    const uint8_t root[EX_HASH], struct ex_err *err);
int ex_sequence_note(struct ex_conn *conn, uint64_t size, const void *note,
    size_t n, struct ex_err *err);

/* The newest checkpoint row: signed 1 when it has its note.  EX_ABSENT. */
int ex_sequence_newest(struct ex_conn *conn, uint64_t *size,
    uint8_t root[EX_HASH], int *is_signed, struct ex_err *err);

/* How many requests for a heads entry wait. */
int ex_sequence_wishes(struct ex_conn *conn, size_t *n, struct ex_err *err);

/* Take them.  How many heads entries were asked for since the last call. */
int ex_sequence_asked(struct ex_conn *conn, size_t *n, struct ex_err *err);

#endif
