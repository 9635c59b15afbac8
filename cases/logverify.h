/*
 * logverify.h -- is the log in this database what it claims to be?
 *
 * Nothing is trusted but the key of the log that the caller names: every
 * entry is admitted again, every leaf and node computed again, every row
 * compared with what the entries say.  All that is wrong is told, not the
 * first thing.
 */
#ifndef CASES_LOGVERIFY_H
#define CASES_LOGVERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "custody/bundle.h"
#include "custody/event.h"

struct ex_conn;
struct ex_house;

/* One thing that the check has to say. */
struct ex_log_remark {
	enum ex_severity severity;
	char code[32];
	int has_index;
	uint64_t index;		     /* in the tree */
	char stream[EX_STREAM_TEXT]; /* or "" */
	uint64_t seq;		     /* 0: none */
	char text[400];
};

struct ex_log_report {
	enum ex_verdict verdict; /* EX_ANCHORED, EX_FAULTY, EX_CONSISTENT */
	struct ex_log_remark *remark;
	size_t nremarks, capremarks;
	size_t faults, findings;
	uint64_t entries;  /* admitted again */
	uint64_t facts;	   /* rows compared */
	uint64_t openings; /* compared with their commitments */
	uint64_t heads;	   /* lists of heads made again */
	uint64_t rejected, queued;
	struct ex_checkpoint checkpoint;
	int has_checkpoint;
	int anchored; /* others signed it, as the policy asks */
	int compared; /* with something that the verifier brought along */
};

/* What to compare with; every pointer may be NULL. */
struct ex_log_verify {
	const struct ex_vkey *log;  /* the trusted log key; NULL: policy's */
	const char *policy, *roots; /* the verifier's files */
	const char *against;	    /* an older signed checkpoint */
	const char *receipts;	    /* a folder of receipts */
	const char *seen;	    /* DIR/seen: newest checkpoint seen here */
	const char *outside;	    /* the sequencer's store, a file */
	void (*progress)(
	    void *arg, const char *phase, uint64_t done, uint64_t total);
	void *progress_arg;
};

/*
 * Check the log behind conn, a connection that may see every row.  Returns -1
 * only when it could not be looked at.  *out is released with
 * ex_log_report_free() whether it worked or not.
 */
int ex_log_verify(struct ex_log_report *out, struct ex_conn *conn,
    const struct ex_log_verify *v, struct ex_err *err);
void ex_log_report_free(struct ex_log_report *r);

/*
 * The same for the house's own database, or the one behind conninfo when it
 * is not NULL.  What v leaves open about seen, outside and log is filled in
 * from the house.  {"verdict","text","entries","facts","size","root",
 * "faults":[{"code","index"?,"stream"?,"seq"?,"text"}],"findings":[...],
 * "notes":[...]}; *status as ex_verdict_exit().
 */
int ex_log_verify_run(struct ex_json **out, int *status, struct ex_house *house,
    const char *conninfo, const struct ex_log_verify *v, struct ex_err *err);

#endif
