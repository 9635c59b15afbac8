/*
 * act_parts.h -- an act under way; for cases/act*.c, plan.c, spool.c,
 * submit.c, receipt.c, pending.c and tests alone.
 */
#ifndef CASES_ACT_PARTS_H
#define CASES_ACT_PARTS_H

#include "base/buf.h"
#include "cases/act.h"
#include "cases/planview.h"
#include "db/store.h"
#include "signing/cms.h"

/* One entry, from its body to its place in the tree. */
struct ex_act_entry {
	struct ex_stream stream;
	enum ex_act act;
	uint64_t seq;
	uint8_t prev[EX_HASH], leaf[EX_HASH];
	uint8_t body_sha256[EX_SHA256_LEN];
	int64_t time; /* claimed: what the signatures say */
	struct ex_buf body, openings, entry;
	char case_number[EX_CASE_MAX + 1];
	struct ex_judgement judgement;
	struct ex_entry_status status; /* what the log says of it */
};

struct ex_act_job {
	struct ex_house *house;
	const struct ex_request *request; /* NULL: out of the spool */
	struct ex_act_entry *entry;
	size_t n;
	char batch[40];	    /* or "" */
	char file[EX_PATH]; /* in DIR/pending, or "" */
	int lock;	    /* descriptor of the file's lock, or -1 */

	/* while it is planned and signed */
	struct ex_view rows;
	struct ex_planview *view; /* the rows, and what the act changes */
	struct ex_checkpoint seen;
};

void ex_act_job_init(struct ex_act_job *job, struct ex_house *house,
    const struct ex_request *request);
/* Lets go of the lock; what is on disk stays. */
void ex_act_job_free(struct ex_act_job *job);

/*
 * Fill the job's entries with bodies that the rules admit now; nobody has
 * signed.  What they refuse has the rule's code, and one line that names act,
 * subject and state.
 */
int ex_act_plan(struct ex_act_job *job, struct ex_err *err);

/* Every seat signs every body; what came of it is admitted as the log will. */
int ex_act_sign(struct ex_act_job *job, struct ex_err *err);

/*
 * The root that the log had at a size, for ex_admit(): out of the database's
 * nodes, held against job->seen, which this machine has verified.
 */
int ex_act_root_at(
    void *job, uint64_t size, uint8_t root[EX_HASH], struct ex_err *err);

/* Where a stream stands by the sequencer's rows; seq 0: nowhere. */
int
ex_stream_head(uint64_t *seq, uint8_t leaf[EX_HASH], const struct ex_view *view,
    const struct ex_stream *stream, struct ex_err *err);

/* The bytes of DIR/pending/NAME.act, appended: docs/formats.md. */
int ex_spool_text(
    struct ex_buf *out, const struct ex_act_job *job, struct ex_err *err);

/*
 * The entries of a spooled act out of its bytes, each with its openings
 * checked.  Says nothing about whether they may stand.  EX_FORMAT,
 * EX_DAMAGED, EX_LIMIT.  job is released with ex_act_job_free() whether it
 * worked or not.
 */
int ex_spool_parse(
    struct ex_act_job *job, const void *bytes, size_t n, struct ex_err *err);

/* An entry taken apart, pointing into its bytes. */
struct ex_opened {
	struct ex_cms cms;
	struct ex_event event;
};
/* *out is released with ex_opened_free() whether it worked or not. */
int ex_act_open(
    struct ex_opened **out, const struct ex_act_entry *e, struct ex_err *err);
void ex_opened_free(struct ex_opened *o);

/* Put what was signed on disk, locked against `exhibit pending`. */
int ex_spool_write(struct ex_act_job *job, struct ex_err *err);

/*
 * Take one from disk and lock it.  EX_CONFLICT: another process is at it,
 * EX_ABSENT: that one has finished it; and as ex_spool_parse(), with file and
 * lock set, so that it can be put aside.
 */
int ex_spool_take(struct ex_act_job *job, const char *name, struct ex_err *err);

/* Read one without its lock, to look. */
int ex_spool_look(struct ex_act_job *job, const char *name, struct ex_err *err);

/* It is done: it leaves the disk.  Not there: nothing. */
int ex_spool_drop(struct ex_act_job *job, struct ex_err *err);

/* It stays where it is, and this process lets go of it. */
void ex_spool_keep(struct ex_act_job *job);

/* It can no longer stand: DIR/pending/NAME.act.lost. */
int ex_spool_aside(struct ex_act_job *job, struct ex_err *err);

/* Every NAME.act, the oldest first; the folder may be missing. */
int ex_spool_each(struct ex_house *house,
    int (*each)(void *arg, const char *name, struct ex_err *err), void *arg,
    struct ex_err *err);

/*
 * Append all entries in one transaction.  When the answer is lost the log is
 * asked by the bodies' digests, so that nothing comes in twice.  On failure
 * *refused is 1 when the database said no and none of them is there, with
 * EX_CONFLICT because a stream has moved; else nobody knows.
 */
int ex_act_append(struct ex_act_job *job, int *refused, struct ex_err *err);

/*
 * Admit what was signed before, as the log would now, and append it.  *final
 * when the answer is no, for good.
 */
int ex_act_send(struct ex_act_job *job, int *final, struct ex_err *err);

/* Has the log any of it, even rejected?  1, 0 or -1. */
int ex_act_is_there(struct ex_act_job *job, struct ex_err *err);

/*
 * Wait until the sequencer has included or rejected every entry and a signed
 * checkpoint proves those that are in; keep their receipts.  Ten seconds,
 * then EX_UNREACHABLE.
 */
int ex_act_await(struct ex_act_job *job, struct ex_err *err);

/*
 * 0 when every entry is in.  Else -1, the rule's code and why the first was
 * not; EX_CONFLICT only when none is, and the act can be planned again.
 */
int ex_act_refused(const struct ex_act_job *job, struct ex_err *err);

/*
 * Prove the included entries against a checkpoint of this size and keep them
 * in DIR/receipts: STEM.p7m, STEM.openings.json and, last, STEM.tlog-proof.
 * EX_DAMAGED: the log does not hold what it says.
 */
int ex_receipts_keep(const struct ex_act_job *job, uint64_t size,
    const struct ex_buf *note, struct ex_err *err);

#endif
