/*
 * act_parts.h -- an act under way; for cases/act*.c, plan.c, submit.c and
 * pending.c alone.
 */
#ifndef CASES_ACT_PARTS_H
#define CASES_ACT_PARTS_H

#include "base/buf.h"
#include "cases/act.h"
#include "db/store.h"

/* One entry, from its body to its place in the tree. */
struct ex_act_entry {
	struct ex_stream stream;
	uint64_t seq;
	uint8_t prev[EX_HASH], leaf[EX_HASH];
	uint8_t body_sha256[EX_SHA256_LEN];
	int64_t time; /* claimed: what the signatures say */
	struct ex_buf body, openings, entry;
	char case_number[EX_CASE_MAX + 1];
	struct ex_judgement judgement;
	uint64_t index;
};

struct ex_act_job {
	struct ex_house *house;
	const struct ex_request *request; /* NULL: out of the spool */
	struct ex_act_entry *entry;
	size_t n;
	char batch[40];	    /* or "" */
	char file[EX_PATH]; /* in DIR/pending, or "" */
};

void ex_act_job_free(struct ex_act_job *job);

/*
 * Fill the job's entries with bodies that the rules admit now; nobody has
 * signed.
 */
int ex_act_plan(struct ex_act_job *job, struct ex_err *err);

/* Every seat signs every body. */
int ex_act_sign(struct ex_act_job *job, struct ex_err *err);

/* What was signed, in DIR/pending: docs/formats.md. */
int ex_spool_write(struct ex_act_job *job, struct ex_err *err);

/*
 * The entries of a spooled act out of its bytes.  Says nothing about whether
 * they may stand.  EX_FORMAT, EX_DAMAGED.  job is released with
 * ex_act_job_free() whether it worked or not.
 */
int ex_spool_parse(
    struct ex_act_job *job, const void *bytes, size_t n, struct ex_err *err);

/*
 * Append what is in the spool, wait until it is in the log, keep the
 * receipts, take it out of the spool.  EX_CONFLICT: somebody else was first,
 * and nothing of it stands.
 */
int ex_act_submit(struct ex_act_job *job, struct ex_err *err);

/* The parts of that, for finishing what was interrupted. */
int ex_act_append(struct ex_act_job *job, struct ex_err *err);
int ex_act_await(struct ex_act_job *job, struct ex_err *err);

#endif
