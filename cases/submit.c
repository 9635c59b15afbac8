/*
 * submit.c -- signed entries into the log, and what the log says of them.
 *
 * Receipt 1 is append's answer: committed, not yet done.  The act is done
 * when a checkpoint that the log signed proves every entry, and its receipts
 * lie outside the database.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "cases/act_parts.h"
#include "cases/house_parts.h"

#define PATIENCE   (10 * EX_SECOND)
#define PAUSE	   (EX_SECOND / 2) /* before connecting again */
#define FIRST_LOOK (EX_SECOND / 500)
#define LAST_LOOK  (EX_SECOND / 20)

enum {
	RECONNECTS = 3 /* after the database went away in the middle */
};

static int
append_one(
    struct ex_conn *conn, const struct ex_act_entry *e, struct ex_err *err)
{
	const struct ex_append a = { .stream = &e->stream,
		.seq = e->seq,
		.prev = e->prev,
		.leaf = e->leaf,
		.body_sha256 = e->body_sha256,
		.entry = e->entry.data,
		.nentry = e->entry.len,
		.openings = e->openings.data,
		.nopenings = e->openings.len,
		.case_number = e->case_number };

	return ex_store_append(conn, &a, err);
}

/* All or none. */
static int
append_all(struct ex_act_job *job, struct ex_conn *conn, struct ex_err *err)
{
	int rc = 0;

	if (ex_conn_begin(conn, err) == -1)
		return -1;
	for (size_t i = 0; rc == 0 && i < job->n; i++)
		rc = append_one(conn, &job->entry[i], err);
	if (rc == 0)
		rc = ex_conn_commit(conn, err);
	if (rc == -1)
		ex_conn_rollback(conn);
	return rc;
}

/* All entries came in one transaction: the first speaks for all. */
int
ex_act_is_there(struct ex_act_job *job, struct ex_err *err)
{
	struct ex_entry_status s;
	struct ex_conn *conn;

	if (ex_house_conn(job->house, &conn, err) == -1 ||
	    ex_store_status(conn, job->entry[0].body_sha256, &s, err) == -1)
		return -1;
	return s.state != EX_ENTRY_ABSENT;
}

/* Did the database itself say no, so that nothing of it is there? */
static int
is_answer(const struct ex_err *why)
{
	return why->code != EX_UNREACHABLE && why->code != EX_SYSTEM;
}

/*
 * When a stream has moved, then by somebody else, or by this very act, whose
 * answer was lost.  append() has waited for whoever held the stream, so what
 * the log says now stays so.
 */
static int
append_once(struct ex_act_job *job, int *refused, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_conn *conn;
	int there;

	if (ex_house_conn(job->house, &conn, err) == -1)
		return -1;
	if (append_all(job, conn, &why) == 0)
		return 0;
	if (why.code == EX_CONFLICT || why.code == EX_EXISTS) {
		if ((there = ex_act_is_there(job, err)) != 0)
			return there == 1 ? 0 : -1;
	}
	*refused = is_answer(&why);
	return ex_fail(err, why.code, "%s", why.text);
}

int
ex_act_append(struct ex_act_job *job, int *refused, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	*refused = 0;
	for (int i = 0; i < RECONNECTS; i++) {
		if (i > 0)
			ex_sleep(PAUSE);
		ex_err_clear(&why);
		if (append_once(job, refused, &why) == 0)
			return 0;
		if (why.code != EX_UNREACHABLE)
			break;
		ex_house_drop(job->house);
	}
	return ex_fail(err, why.code, "%s", why.text);
}

int
ex_act_root_at(
    void *arg, uint64_t size, uint8_t root[EX_HASH], struct ex_err *err)
{
	struct ex_act_job *job = arg;
	struct ex_err why = EX_ERR_INIT;
	struct ex_conn *conn;

	/* What a field kit has seen is all that it can compare with. */
	if (ex_house_kit(job->house) != NULL && size == job->seen.size) {
		memcpy(root, job->seen.root, EX_HASH);
		return 0;
	}
	if (ex_house_conn(job->house, &conn, err) == -1)
		return -1;
	if (ex_tree_root_at(root, size, job->seen.size, job->seen.root,
		ex_store_node, conn, &why) == 0)
		return 0;
	if (why.code == EX_UNREACHABLE)
		return ex_fail(err, EX_UNREACHABLE, "%s", why.text);
	return ex_fail(err, EX_SYSTEM,
	    "the nodes of the log's tree do not fit its checkpoint: run "
	    "exhibit log verify");
}

/* One wait for all entries of an act. */
struct waiting {
	struct ex_act_job *job;
	size_t settled; /* included or rejected, from the first on */
	uint64_t size;	/* that a checkpoint needs to prove them */
	struct ex_checkpoint checkpoint;
	struct ex_buf note;
};

static int
look_at_entries(struct waiting *w, struct ex_err *err)
{
	struct ex_conn *conn;

	if (ex_house_conn(w->job->house, &conn, err) == -1)
		return -1;
	for (; w->settled < w->job->n; w->settled++) {
		struct ex_act_entry *e = &w->job->entry[w->settled];
		struct ex_entry_status *s = &e->status;

		if (ex_store_status(conn, e->body_sha256, s, err) == -1)
			return -1;
		if (s->state == EX_ENTRY_ABSENT)
			return ex_fail(err, EX_DAMAGED,
			    "%s, entry %" PRIu64
			    ": it was committed and is gone from the database; "
			    "run exhibit log verify",
			    e->stream.id, e->seq);
		if (s->state == EX_ENTRY_WAITING)
			return 0;
		if (s->state == EX_ENTRY_INCLUDED && s->index >= w->size)
			w->size = s->index + 1;
	}
	return 0;
}

/* 1 when every entry is settled and proven, 0, or -1. */
static int
look(struct waiting *w, struct ex_err *err)
{
	if (look_at_entries(w, err) == -1)
		return -1;
	if (w->settled < w->job->n)
		return 0;
	ex_buf_cut(&w->note, 0);
	if (ex_house_seen(w->job->house, &w->checkpoint, &w->note, err) == -1)
		return -1;
	if (w->checkpoint.size < w->size)
		return 0;
	if (ex_receipts_keep(w->job, w->checkpoint.size, &w->note, err) == -1)
		return -1;
	return 1;
}

/* Look until it is done; a connection that breaks is made again. */
static int
look_again(struct waiting *w, struct ex_err *err)
{
	int64_t until = ex_ticks() + PATIENCE, pause = FIRST_LOOK;
	struct ex_err why = EX_ERR_INIT;
	int done = 0;

	do {
		if (done == -1)
			ex_house_drop(w->job->house);
		ex_err_clear(&why);
		if ((done = look(w, &why)) == 1)
			return 0;
		if (done == -1 && why.code != EX_UNREACHABLE)
			return ex_fail(err, why.code, "%s", why.text);
		ex_sleep(pause);
		pause = 2 * pause < LAST_LOOK ? 2 * pause : LAST_LOOK;
	} while (ex_ticks() < until);
	return ex_fail(err, EX_UNREACHABLE, "%s",
	    done == -1 ? why.text
		       : "the sequencer has not entered it within ten seconds");
}

int
ex_act_await(struct ex_act_job *job, struct ex_err *err)
{
	struct waiting w = { .job = job };
	int rc = look_again(&w, err);

	ex_buf_free(&w.note);
	return rc;
}

static enum ex_code
code_of(const char *word)
{
	for (int i = 0; i < EX_CODES; i++)
		if (strcmp(ex_code_text((enum ex_code)i), word) == 0)
			return (enum ex_code)i;
	return EX_STATE;
}

/* What the log refused first, and how much of the act stands. */
static int
fail_refused(struct ex_err *err, enum ex_code code,
    const struct ex_act_entry *e, size_t refused, size_t n)
{
	const struct ex_act_def *def = ex_act(e->act);
	const char *name = def->verb != NULL ? def->verb : def->name;

	if (n == 1)
		return ex_fail(err, code,
		    "the log did not take %s %s (entry %" PRIu64 "): %s", name,
		    e->stream.id, e->seq, e->status.reason);
	return ex_fail(err, code,
	    "%zu of %zu entries stand; the log did not take %s %s (entry "
	    "%" PRIu64 "): %s",
	    n - refused, n, name, e->stream.id, e->seq, e->status.reason);
}

int
ex_act_refused(const struct ex_act_job *job, struct ex_err *err)
{
	const struct ex_act_entry *first = NULL;
	size_t refused = 0, conflicts = 0;
	enum ex_code code;

	for (size_t i = job->n; i-- > 0;) {
		const struct ex_act_entry *e = &job->entry[i];

		if (e->status.state != EX_ENTRY_REJECTED)
			continue;
		refused++;
		conflicts += code_of(e->status.code) == EX_CONFLICT;
		first = e;
	}
	if (first == NULL)
		return 0;
	code = code_of(first->status.code);
	/* All rested on an entry that was rejected: their places are free. */
	if (code == EX_CONFLICT && conflicts < job->n)
		code = EX_STATE;
	return fail_refused(err, code, first, refused, job->n);
}
