/*
 * logcheck.h -- the log's check itself, fed row by row; for cases/log*.c and
 * tests.
 *
 * Knows no database: who feeds it decides where the rows come from.  Faults
 * are told through ex_logcheck_say() and the check goes on; a function
 * returns -1 only when the machine fails.
 */
#ifndef CASES_LOGCHECK_H
#define CASES_LOGCHECK_H

#include "base/buf.h"
#include "cases/logverify.h"
#include "custody/admit.h"
#include "custody/log.h"
#include "custody/openings.h"
#include "custody/world.h"
#include "hashing/tree.h"

/* Perfect subtrees of one level, computed from the entries. */
struct ex_logcheck_level {
	uint8_t (*hash)[EX_HASH];
	size_t n, cap;
};

/* What an anchor_tables entry says of rows, and what they give. */
struct ex_logcheck_anchor {
	char table[64];
	uint64_t index; /* of the entry */
	int64_t from, to;
	uint64_t count;
	uint8_t root[EX_HASH];
	struct ex_tree_edge edge; /* over the rows that there are */
};

struct ex_logcheck_receipt;
struct ex_logcheck_heads;
struct ex_logcheck_batch;

struct ex_logcheck {
	struct ex_log_report *r;
	const struct ex_log_verify *v;
	struct ex_policy *policy; /* v's, read; NULL: none */
	struct ex_roots *roots;
	struct ex_vkey log; /* the key that checkpoints must carry */
	int has_log;
	struct ex_world *world;
	struct ex_logcheck_heads *heads;
	struct ex_logcheck_batch *batch; /* those not whole yet */
	size_t nbatches;
	struct ex_tree_edge edge;
	uint64_t next; /* index that should come next */
	struct ex_logcheck_level level[EX_TREE_LEVELS];
	int torn; /* an entry could not be replayed: later refusals by the
		   * rules may follow from that alone */
	struct ex_json
	    *erased; /* object: "leaf path" -> index of the erasure */
	struct ex_json *missing; /* object: "leaf path" -> [index, stream] */
	struct ex_json *certs;	 /* object: certificates looked at */
	struct ex_json *facts;	 /* object: rows that were compared */
	struct ex_json *rejects; /* object: SHA-256 that reject entries name */
	struct ex_buf store, seen, against; /* files outside the database */
	struct ex_logcheck_receipt *receipt;
	size_t nreceipts;
	struct ex_logcheck_anchor *anchor;
	size_t nanchors;
};

/* *c is released with ex_logcheck_end() whether it worked or not. */
int ex_logcheck_start(struct ex_logcheck *c, struct ex_log_report *r,
    const struct ex_log_verify *v, struct ex_err *err);

/* Where something is wrong; stream may be NULL, seq 0, index -1. */
struct ex_logcheck_at {
	int64_t index;
	const char *stream;
	uint64_t seq;
};

int ex_logcheck_say(struct ex_logcheck *c, struct ex_err *err,
    enum ex_severity severity, const char *code,
    const struct ex_logcheck_at *at, const char *fmt, ...)
    __attribute__((__format__(__printf__, 6, 7)));

/*
 * Turn a failure into a fault and forget it; but EX_SYSTEM is passed on.
 * Returns 0 or -1.
 */
int ex_logcheck_fault(struct ex_logcheck *c, struct ex_err *err,
    struct ex_err *why, const char *code, const struct ex_logcheck_at *at);

/* One indexed entry as its rows have it, in ascending order of index. */
struct ex_logcheck_row {
	uint64_t index;
	const char *stream; /* as its columns say */
	uint64_t seq;
	const uint8_t *leaf; /* EX_HASH bytes */
	const void *entry;
	size_t nentry;
	const void *openings;
	size_t nopenings;
	const char *case_number;    /* "": the house's */
	const uint8_t *body_sha256; /* EX_SHA256_LEN bytes; NULL: not at hand */
};
int ex_logcheck_entry(struct ex_logcheck *c, const struct ex_logcheck_row *row,
    struct ex_err *err);

/*
 * A row whose columns disagree with the tree, a stream's head (index -1), or a
 * checkpoint (index -2, its size as stream), or a case as it is searched
 * (index -3).
 */
int ex_logcheck_row_wrong(struct ex_logcheck *c, int64_t index,
    const char *stream, const char *what, struct ex_err *err);

/* A stored node of the tree. */
int ex_logcheck_node(struct ex_logcheck *c, unsigned level, uint64_t index,
    const uint8_t hash[EX_HASH], struct ex_err *err);

/* As many nodes as the tree of its size has. */
int
ex_logcheck_nodes(struct ex_logcheck *c, uint64_t stored, struct ex_err *err);

/* A checkpoint of this log, from wherever it comes. */
enum ex_logcheck_from {
	EX_FROM_NEWEST, /* the database's newest: the log ends here */
	EX_FROM_TABLE,	/* an older one of the database */
	EX_FROM_SEEN,	/* what this machine had seen */
	EX_FROM_STORE,	/* the sequencer's store */
	EX_FROM_GIVEN	/* what the verifier brought along */
};
int ex_logcheck_note(struct ex_logcheck *c, enum ex_logcheck_from from,
    const char *name, const void *note, size_t n, struct ex_err *err);

/* A row of the facts. */
int ex_logcheck_fact(struct ex_logcheck *c, const char *kind, const char *id,
    const char *case_number, const void *value, size_t n, struct ex_err *err);

/* After the last row: what the entries say and no row has. */
int ex_logcheck_facts(struct ex_logcheck *c, struct ex_err *err);

/* An entry that stands in no index: rejected, waiting, or neither. */
struct ex_logcheck_loose {
	const char *stream;
	uint64_t seq;
	const void *entry;
	size_t nentry;
	int rejected, queued;
	const char *why; /* what `rejected` says, or NULL */
};
int ex_logcheck_loose(struct ex_logcheck *c,
    const struct ex_logcheck_loose *row, struct ex_err *err);

/* Read what lies outside; before the first row. */
int ex_logcheck_before(struct ex_logcheck *c, struct ex_err *err);

/* Compare it; after the last entry. */
int ex_logcheck_outside(struct ex_logcheck *c, struct ex_err *err);
void ex_logcheck_outside_free(struct ex_logcheck *c);

/* What can be said only at the end; sets the verdict. */
int ex_logcheck_finish(struct ex_logcheck *c, struct ex_err *err);

void ex_logcheck_end(struct ex_logcheck *c);

/* The root of the tree of this size, at most the entries' number. */
int ex_logcheck_root(const struct ex_logcheck *c, uint8_t out[EX_HASH],
    uint64_t size, struct ex_err *err);

/* The leaf at an index below the entries' number. */
const uint8_t *ex_logcheck_leaf(const struct ex_logcheck *c, uint64_t index);

/*
 * Rows that are no entries.  Each entry that closes some is kept; then its
 * rows come, ascending, and it is compared.
 */
int ex_logcheck_tables_add(struct ex_logcheck *c, const struct ex_event *e,
    uint64_t index, struct ex_err *err);
int ex_logcheck_table_row(struct ex_logcheck_anchor *a,
    const uint8_t leaf[EX_HASH], struct ex_err *err);
int ex_logcheck_table(struct ex_logcheck *c, const struct ex_logcheck_anchor *a,
    struct ex_err *err);
/* How many rows have a number below 1, and how many none has closed yet. */
int ex_logcheck_table_loose(struct ex_logcheck *c, const char *table,
    uint64_t below, uint64_t open, struct ex_err *err);

/* Certificates against the verifier's roots, each once. */
int ex_logcheck_certs(struct ex_logcheck *c, const struct ex_admission *a,
    const struct ex_logcheck_at *at, struct ex_err *err);

/* Openings of an entry; missing ones are kept (logcheck_openings.c). */
int ex_logcheck_openings(struct ex_logcheck *c, const struct ex_event *e,
    const struct ex_logcheck_row *row, struct ex_err *err);
int ex_logcheck_missing(struct ex_logcheck *c, struct ex_err *err);

#endif
