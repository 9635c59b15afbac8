/*
 * submit.c -- from signed entries to receipts.
 *
 * Receipt 1 is append's answer: committed, not yet done.  The act is done
 * when a checkpoint that the log signed proves every entry; entry, openings
 * and proof are then kept in DIR/receipts, outside the database.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "cases/act_parts.h"
#include "cases/house_parts.h"
#include "custody/log.h"

#define PATIENCE (10 * EX_SECOND)
#define PAUSE	 (EX_SECOND / 50)

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
append_all(struct ex_act_job *job, struct ex_err *err)
{
	struct ex_conn *conn;

	if (ex_house_conn(job->house, &conn, err) == -1 ||
	    ex_conn_begin(conn, err) == -1)
		return -1;
	for (size_t i = 0; i < job->n; i++) {
		if (append_one(conn, &job->entry[i], err) == -1) {
			ex_conn_rollback(conn);
			return -1;
		}
	}
	return ex_conn_commit(conn, err);
}

/*
 * The same entries again are success, so a lost answer is asked for simply by
 * sending them once more.
 */
int
ex_act_append(struct ex_act_job *job, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	for (int i = 0; i < RECONNECTS; i++) {
		ex_err_clear(&why);
		if (append_all(job, &why) == 0)
			return 0;
		if (why.code != EX_UNREACHABLE)
			break;
		ex_house_drop(job->house);
		ex_sleep(EX_SECOND / 2);
	}
	return ex_fail(err, why.code, "%s", why.text);
}

/* 1 when every entry has its index; 0: not yet. */
static int
look(struct ex_act_job *job, size_t *next, struct ex_err *err)
{
	struct ex_entry_status s;
	struct ex_conn *conn;

	if (ex_house_conn(job->house, &conn, err) == -1)
		return -1;
	for (; *next < job->n; ++*next) {
		struct ex_act_entry *e = &job->entry[*next];

		if (ex_store_status(conn, e->body_sha256, &s, err) == -1)
			return -1;
		if (s.state == EX_ENTRY_REJECTED)
			return ex_fail(err, EX_STATE,
			    "the log rejected %s, entry %" PRIu64 ": %s",
			    e->stream.id, e->seq, s.reason);
		if (s.state == EX_ENTRY_ABSENT)
			return ex_fail(err, EX_DAMAGED,
			    "%s, entry %" PRIu64
			    ": it was committed and is gone from the database",
			    e->stream.id, e->seq);
		if (s.state != EX_ENTRY_INCLUDED)
			return 0;
		e->index = s.index;
	}
	return 1;
}

static uint64_t
newest_index(const struct ex_act_job *job)
{
	uint64_t max = 0;

	for (size_t i = 0; i < job->n; i++)
		if (job->entry[i].index > max)
			max = job->entry[i].index;
	return max;
}

/* Wait for the indexes, then for a checkpoint that covers them. */
static int
wait_covered(struct ex_act_job *job, struct ex_checkpoint *c,
    struct ex_buf *note, struct ex_err *err)
{
	int64_t until = ex_ticks() + PATIENCE;
	size_t next = 0;
	int got;

	do {
		got = look(job, &next, err);
		if (got == 1) {
			ex_buf_cut(note, 0);
			if (ex_house_seen(job->house, c, note, err) == -1)
				return -1;
			if (c->size > newest_index(job))
				return 0;
		}
		if (got == -1)
			return -1;
		ex_sleep(PAUSE);
	} while (ex_ticks() < until);
	return ex_fail(err, EX_UNREACHABLE,
	    "it is signed and committed, but the sequencer has not entered it "
	    "within ten seconds: exhibit pending finishes it");
}

static int
keep(const struct ex_act_job *job, const struct ex_act_entry *e,
    const char *ending, const void *bytes, size_t n, struct ex_err *err)
{
	char dir[EX_PATH], path[EX_PATH], name[2 * EX_HASH + 32];
	char hex[2 * EX_HASH + 1];

	ex_hex(hex, e->leaf, EX_HASH);
	(void)snprintf(name, sizeof(name), "%s.%s", hex, ending);
	if (ex_house_path(dir, job->house, "receipts", err) == -1 ||
	    ex_path_join(path, EX_PATH, dir, name, err) == -1)
		return -1;
	return ex_file_write(path, bytes, n, 0600, err);
}

/* The proof, checked against the log key that this machine trusts. */
static int
prove(struct ex_act_job *job, const struct ex_act_entry *e,
    const struct ex_checkpoint *c, const struct ex_buf *note,
    struct ex_err *err)
{
	struct ex_tree_proof proof;
	struct ex_buf text = EX_BUF_INIT;
	struct ex_conn *conn;
	int rc = -1;

	if (ex_house_conn(job->house, &conn, err) == -1 ||
	    ex_tree_prove_inclusion(
		&proof, e->index, c->size, ex_store_node, conn, err) == -1)
		return -1;
	if (ex_tree_check_inclusion(
		&proof, e->leaf, e->index, c->size, c->root, err) == -1)
		return ex_while(err, "the log's proof of inclusion");
	if (ex_tlog_proof_write(
		&text, e->index, &proof, note->data, note->len, err) == 0 &&
	    keep(job, e, "p7m", e->entry.data, e->entry.len, err) == 0 &&
	    (e->openings.len == 0 ||
		keep(job, e, "openings.json", e->openings.data, e->openings.len,
		    err) == 0))
		rc = keep(job, e, "tlog-proof", text.data, text.len, err);
	ex_buf_free(&text);
	return rc;
}

static int
prove_all(struct ex_act_job *job, struct ex_err *err)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_checkpoint c;
	int rc = wait_covered(job, &c, &note, err);

	for (size_t i = 0; rc == 0 && i < job->n; i++)
		rc = prove(job, &job->entry[i], &c, &note, err);
	ex_buf_free(&note);
	return rc;
}

int
ex_act_await(struct ex_act_job *job, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	for (int i = 0; i < RECONNECTS; i++) {
		ex_err_clear(&why);
		if (prove_all(job, &why) == 0)
			return 0;
		if (why.code != EX_UNREACHABLE)
			break;
		ex_house_drop(job->house);
	}
	return ex_fail(err, why.code, "%s", why.text);
}

static void
unspool(struct ex_act_job *job)
{
	if (job->file[0] != '\0')
		(void)unlink(job->file);
	job->file[0] = '\0';
}

int
ex_act_submit(struct ex_act_job *job, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	if (ex_act_append(job, &why) == -1) {
		/* Nothing of it stands, unless nobody answered. */
		if (why.code != EX_UNREACHABLE) {
			unspool(job);
			return ex_fail(err, why.code, "%s", why.text);
		}
		return ex_fail(err, EX_UNREACHABLE,
		    "signed, but the database does not answer (%s); it lies "
		    "in pending: exhibit pending sends it",
		    why.text);
	}
	if (ex_act_await(job, &why) == -1) {
		/* What the log refused is refused for good. */
		if (why.code == EX_STATE)
			unspool(job);
		return ex_fail(err, why.code, "%s", why.text);
	}
	unspool(job);
	return 0;
}
