/*
 * store.h -- entries, facts, tree and checkpoints: rows in and out.
 *
 * What is read here is a claim of the database.  Who needs to know checks
 * signatures, leaves and proofs (custody/, cases/record.h).
 */
#ifndef DB_STORE_H
#define DB_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "custody/event.h"
#include "custody/facts.h"
#include "db/conn.h"
#include "hashing/digest.h"
#include "hashing/tree.h"

/* What append() is given; all borrowed. */
struct ex_append {
	const struct ex_stream *stream;
	uint64_t seq;
	const uint8_t *prev;	    /* EX_HASH bytes */
	const uint8_t *leaf;	    /* EX_HASH bytes */
	const uint8_t *body_sha256; /* EX_SHA256_LEN bytes */
	const void *entry;
	size_t nentry;
	const void *openings; /* may be empty */
	size_t nopenings;
	const char *case_number; /* "": the house's */
};

/*
 * Append an entry to its stream if seq and prev continue its head; receipt 1.
 * The same entry again is success.  EX_CONFLICT: somebody else was first.
 * Joins a transaction that is open, so that a batch stands or falls together.
 */
int ex_store_append(
    struct ex_conn *conn, const struct ex_append *a, struct ex_err *err);

enum ex_entry_state {
	EX_ENTRY_ABSENT, /* never came */
	EX_ENTRY_WAITING,
	EX_ENTRY_INCLUDED,
	EX_ENTRY_REJECTED
};

struct ex_entry_status {
	enum ex_entry_state state;
	uint64_t index; /* in the tree, when included */
	char code[32];	/* of the rejection */
	char reason[400];
};

/* What became of an event, by SHA-256 of its body. */
int
ex_store_status(struct ex_conn *conn, const uint8_t body_sha256[EX_SHA256_LEN],
    struct ex_entry_status *out, struct ex_err *err);

/* A row of an indexed entry; everything borrowed for the call. */
struct ex_entry_row {
	uint64_t index;
	const char *stream; /* "item:EXH-1" */
	uint64_t seq;
	const uint8_t *leaf; /* EX_HASH bytes */
	struct ex_span entry;
	struct ex_span openings;
	const char *case_number;    /* "": the house's */
	int64_t recorded_at;	    /* microseconds UTC */
	const uint8_t *body_sha256; /* EX_SHA256_LEN bytes, as the row says */
};
typedef int
ex_entry_each(void *arg, const struct ex_entry_row *row, struct ex_err *err);

/* All indexed entries from this index on that the caller may see. */
int ex_store_entries(struct ex_conn *conn, uint64_t from, ex_entry_each *each,
    void *arg, struct ex_err *err);

/* Those of one stream, ascending. */
int ex_store_stream(struct ex_conn *conn, const struct ex_stream *stream,
    ex_entry_each *each, void *arg, struct ex_err *err);

/* One by its index.  EX_ABSENT. */
int ex_store_entry(struct ex_conn *conn, uint64_t index, ex_entry_each *each,
    void *arg, struct ex_err *err);

/* At most max leaves that begin with these hexadecimal digits. */
int ex_store_leaves(struct ex_conn *conn, const char *prefix,
    uint8_t (*leaf)[EX_HASH], uint64_t *index, size_t max, size_t *n,
    struct ex_err *err);

/* An entry without an index. */
struct ex_loose_row {
	const char *stream;
	uint64_t seq;
	struct ex_span entry;
	int queued, rejected;
	const char *code, *reason; /* "" when not rejected */
};
int ex_store_loose(struct ex_conn *conn,
    int (*each)(void *arg, const struct ex_loose_row *row, struct ex_err *err),
    void *arg, struct ex_err *err);

/*
 * Rows whose columns say something else than the tree, or whose stream's head
 * does, or a checkpoint's root is not the signed one, or a case is searched as
 * something else: index (-1: a head, -2: a checkpoint, its size as stream, -3:
 * a searched case), stream, which column.
 */
int ex_store_rows_wrong(struct ex_conn *conn,
    int (*each)(void *arg, int64_t index, const char *stream, const char *what,
	struct ex_err *err),
    void *arg, struct ex_err *err);

/* The value of a fact row, NULL when there is none; the caller's. */
int ex_store_fact(struct ex_conn *conn, const char *kind, const char *id,
    struct ex_json **out, struct ex_err *err);

/* Every fact of a kind (NULL: of all), ascending; value is its text. */
typedef int ex_fact_each(void *arg, const char *kind, const char *id,
    const char *case_number, struct ex_span value, struct ex_err *err);
int ex_store_facts(struct ex_conn *conn, const char *kind, ex_fact_each *each,
    void *arg, struct ex_err *err);

/* The state of things as the rows have it: for planning alone. */
void ex_store_view(struct ex_view *out, struct ex_conn *conn);

/* A perfect subtree; an ex_tree_fetch() with a struct ex_conn * as arg. */
int ex_store_node(void *conn, unsigned level, uint64_t index,
    uint8_t hash[EX_HASH], struct ex_err *err);

/* All of them, ascending by level and index. */
int ex_store_nodes(struct ex_conn *conn,
    int (*each)(void *arg, unsigned level, uint64_t index,
	const uint8_t hash[EX_HASH], struct ex_err *err),
    void *arg, struct ex_err *err);

/*
 * The newest signed checkpoint, appended to out; *made_at may be NULL.
 * EX_ABSENT when there is none yet.
 */
int ex_store_checkpoint(struct ex_conn *conn, struct ex_buf *out,
    int64_t *made_at, struct ex_err *err);

/*
 * When the first checkpoint larger than size was signed; 0 when there is
 * none.
 */
int ex_store_published_after(
    struct ex_conn *conn, uint64_t size, int64_t *at, struct ex_err *err);

/* Every signed checkpoint, ascending by size. */
int ex_store_checkpoints(struct ex_conn *conn,
    int (*each)(
	void *arg, uint64_t size, struct ex_span note, struct ex_err *err),
    void *arg, struct ex_err *err);

/* Ask the sequencer for a heads entry. */
int ex_store_ask_heads(struct ex_conn *conn, struct ex_err *err);

/* Entries that wait for the sequencer, and rejected ones: numbers. */
int ex_store_counts(struct ex_conn *conn, uint64_t *queued, uint64_t *rejected,
    struct ex_err *err);

#endif
