/*
 * biglog.h -- a large log for tests and the bench: a real database, a
 * sequencer that runs, and as many entries as are asked for, really signed.
 *
 * People and first entries are those of tests/custody/house.h.  An item has
 * ten entries, from its seizure over reception, store and two check-outs: five
 * have one party, five have two.  Fifty items make a case.
 */
#ifndef TESTS_CASES_BIGLOG_H
#define TESTS_CASES_BIGLOG_H

#include <sys/types.h>

#include "db/schema.h"
#include "db/store.h"
#include "tests/custody/house.h"
#undef MUST /* the same */
#include "tests/db/bench.h"

enum {
	BIGLOG_CHAIN = 10, /* entries of an item */
	BIGLOG_CASE = 50   /* items of a case */
};

struct biglog {
	struct bench bench;
	struct house house;
	char dir[64];	  /* the sequencer's data directory */
	pid_t sequencer;  /* 0: none runs */
	uint64_t entries; /* appended so far */
	size_t cases, items;
};

/* A signed entry, ready to be appended. */
struct biglog_entry {
	struct ex_stream stream;
	uint64_t seq;
	uint8_t prev[EX_HASH], leaf[EX_HASH], body_sha256[EX_SHA256_LEN];
	struct ex_buf entry, openings;
	char case_number[EX_CASE_MAX + 1];
};

/* The house's first entries are appended; no sequencer runs.  Asserts. */
void biglog_open(struct biglog *b);
void biglog_close(struct biglog *b);

void biglog_start(struct biglog *b);
void biglog_stop(struct biglog *b);

/* Wait until it has replayed what there was. */
void biglog_ready(struct biglog *b);

/* Wait until nothing is queued and the newest checkpoint covers it all. */
void biglog_settle(struct biglog *b);

/*
 * Sign n items' chains, n * BIGLOG_CHAIN entries, in all that this machine's
 * processors can; the caller frees each entry and the list.  Cases that they
 * need are appended and settled first: a sequencer must run.
 */
struct biglog_entry *biglog_sign(struct biglog *b, size_t n);
void biglog_entry_free(struct biglog_entry *e);

/* append() it. */
int biglog_append(
    struct ex_conn *conn, const struct biglog_entry *e, struct ex_err *err);

/* The same for one that the house has made. */
void biglog_append_house(struct ex_conn *conn, const struct house_entry *from);

/* Append all of them over one connection, many in a transaction. */
void
biglog_append_all(struct biglog *b, const struct biglog_entry *e, size_t n);

#endif
