/*
 * rig.h -- a small laboratory for tests: keys of a real CA, a database, a
 * sequencer that runs, and entries that are really signed.
 */
#ifndef TESTS_DAEMONS_RIG_H
#define TESTS_DAEMONS_RIG_H

#include <sys/types.h>

#include <stdint.h>

#include "base/json.h"
#include "custody/event.h"
#include "db/store.h"
#include "signing/key.h"
#include "signing/note.h"
#include "tests/db/bench.h"

#define RIG_ORIGIN "lab.example/custody/1"
#define RIG_ORG	   "EXLAB"
#define RIG_CASE   "114-EX-7"

enum {
	RIG_ADMIN, /* BENCH_ALMA: administrator, registrar, investigator */
	RIG_STATION,
	RIG_SERVICE,
	RIG_KEYS,
	RIG_STREAMS = 16 /* that one rig writes to */
};

/* Where a stream stands as far as the rig knows. */
struct rig_head {
	struct ex_stream stream;
	uint64_t seq;
	uint8_t leaf[EX_HASH];
};

struct rig {
	struct bench *bench;
	char dir[64]; /* the sequencer's data directory */
	struct ex_key *key[RIG_KEYS];
	struct ex_buf cert[RIG_KEYS]; /* DER */
	struct ex_key *log_key;
	struct ex_vkey vkey;
	struct rig_head head[RIG_STREAMS];
	size_t nheads;
	struct ex_checkpoint seen; /* what parties name as seen */
	int64_t policy;		   /* version in force; 0: the first */
	pid_t sequencer;	   /* 0: none runs */
};

/* A signed entry, and what append() wants beside it. */
struct rig_entry {
	struct ex_stream stream;
	uint64_t seq;
	uint8_t prev[EX_HASH], leaf[EX_HASH], body_sha256[EX_SHA256_LEN];
	struct ex_buf body, entry, openings;
	char case_number[EX_CASE_MAX + 1];
};

/* Keys, a fresh database on the bench, no entry yet; nothing runs. */
void rig_open(struct rig *rig, struct bench *bench);
/* Stops what runs. */
void rig_close(struct rig *rig);

/*
 * For cmocka: a bench for a whole program, and a rig for each test, which
 * finds it in *state.
 */
int rig_group_open(void **state);
int rig_group_close(void **state);
int rig_test_open(void **state);
int rig_test_close(void **state);
#define RIG_TEST(f) \
	cmocka_unit_test_setup_teardown(f, rig_test_open, rig_test_close)

/* DIR/name; the same buffer every fourth call. */
const char *rig_path(const struct rig *rig, const char *name);

/*
 * Start the sequencer and wait until it is ready.  fault: NULL, or where the
 * test program dies (daemons/fault.h); that one need not get ready.
 */
void rig_start(struct rig *rig, const char *fault);

/* Start one that must not work: its exit status, its first line in out. */
int rig_start_fails(const struct rig *rig, struct ex_buf *out);

/* SIGTERM; its exit status. */
int rig_stop(struct rig *rig);

/* Wait until it ends by itself; its exit status, 128 + signal. */
int rig_end(struct rig *rig);

/*
 * Sign an entry that continues its stream.  fields and texts are taken over;
 * texts may be NULL.
 */
void rig_sign(struct rig *rig, struct rig_entry *out, enum ex_act act,
    enum ex_stream_kind kind, const char *id, struct ex_json *fields,
    struct ex_json *texts);
void rig_entry_free(struct rig_entry *e);

/* Append; on success it is what its stream's next entry continues. */
int rig_append(struct rig *rig, const struct rig_entry *e, struct ex_err *err);

/* Wait until it is indexed under a signed checkpoint; its index. */
uint64_t rig_wait(struct rig *rig, const struct rig_entry *e);

/* The first entry, and ordinary ones; signed, appended. */
void rig_found(struct rig *rig, struct rig_entry *out);
void rig_location(struct rig *rig, struct rig_entry *out, const char *id);
void rig_case(struct rig *rig, struct rig_entry *out, const char *number);
void rig_seize(struct rig *rig, struct rig_entry *out, const char *item);

/* All of these, waited for: genesis, a place, a case, two items. */
void rig_small_log(struct rig *rig);

/* A place is entered, and the log takes it: it works. */
void rig_goes_on(struct rig *rig, const char *place);

/* The newest signed checkpoint, checked with the log's key. */
void rig_checkpoint(const struct rig *rig, struct ex_checkpoint *out);

/*
 * What a few lines of Python make of the rows: what is one of `root` (of all
 * entries), `heads` (of the newest heads entry), `rejects`.
 */
void rig_recompute(const struct rig *rig, const char *what, struct ex_buf *out);

/* {"key": "value", ...}: pairs of texts, ended by NULL. */
struct ex_json *rig_object(const char *key, ...);

#endif
