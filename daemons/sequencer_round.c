/*
 * sequencer_round.c -- one round: admit, commit, store, sign, commit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/limits.h"
#include "base/log.h"
#include "daemons/fault.h"
#include "daemons/outside.h"
#include "daemons/sequencer.h"

/* What is going on in the transaction of (a). */
struct round {
	struct ex_sequencer *s;
	size_t indexed;
};

static int
store_node(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[EX_HASH], struct ex_err *err)
{
	struct ex_sequencer *s = arg;

	return ex_sequence_node(s->conn, level, index, hash, err);
}

/* A fact as the world has it now, index and all. */
static int
project(struct ex_sequencer *s, const struct ex_fact *f, struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(s->world);
	struct ex_buf text = EX_BUF_INIT;
	struct ex_json *v = NULL;
	int rc = -1;

	if (view->get(view->arg, f->kind, f->id, &v, err) == 0 &&
	    ex_json_write(&text, v, err) == 0)
		rc = ex_sequence_fact(s->conn, f->kind, f->id, f->case_number,
		    ex_buf_text(&text), text.len, err);
	ex_json_free(v);
	ex_buf_free(&text);
	return rc;
}

/* An admitted entry: its index, its nodes, its facts. */
static int
take(struct round *r, const struct ex_queued *q, const struct ex_admission *a,
    struct ex_err *err)
{
	struct ex_sequencer *s = r->s;
	uint64_t index = s->edge.size;

	if (ex_sequence_index(s->conn, q->id, index, a->leaf, err) == -1 ||
	    ex_tree_append(&s->edge, a->leaf, store_node, s, err) == -1 ||
	    ex_world_apply(s->world, a, index, err) == -1)
		return -1;
	for (size_t i = 0; i < a->judgement.facts.n; i++)
		if (project(s, &a->judgement.facts.fact[i], err) == -1)
			return -1;
	r->indexed++;
	return 0;
}

/* The columns that others read must say what the entry says. */
static int
check_columns(
    const struct ex_queued *q, const struct ex_admission *a, struct ex_err *err)
{
	char stream[EX_STREAM_TEXT];

	ex_stream_text(stream, &a->event.stream);
	if (strcmp(stream, q->stream) != 0 || a->event.seq != q->seq ||
	    memcmp(a->leaf, q->leaf, EX_HASH) != 0 ||
	    strcmp(a->judgement.case_number, q->case_number) != 0)
		return ex_fail(err, EX_DENIED,
		    "the row says something else than the entry in it");
	return 0;
}

static int
set_fields(struct ex_json *fields, const struct ex_queued *q,
    const struct ex_err *why, struct ex_err *err)
{
	struct ex_stream stream;
	char hex[EX_SHA256_HEX];

	ex_sha256_hex(hex, q->entry.p, q->entry.n);
	/* A row by hand may name no stream at all. */
	if (ex_stream_read(&stream, q->stream, NULL) == -1 &&
	    ex_stream_set(&stream, EX_STREAM_LAB, "UNKNOWN", err) == -1)
		return -1;
	if (ex_json_set_text(
		fields, "kind", ex_stream_kind_name(stream.kind), err) == -1 ||
	    ex_json_set_text(fields, "id", stream.id, err) == -1 ||
	    ex_json_set_int(fields, "seq", (int64_t)q->seq, err) == -1 ||
	    ex_json_set_text(fields, "entry_sha256", hex, err) == -1)
		return -1;
	return ex_json_set_text(fields, "why", ex_code_text(why->code), err);
}

/* Could it be taken apart as far as to be one of our refusals? */
static int
is_own(const struct ex_admission *a)
{
	return a->event.def != NULL && a->event.act == EX_ACT_REJECT;
}

/* What cannot stand is named, by a row and by a signed entry. */
static int
refuse(struct round *r, const struct ex_queued *q, int own,
    const struct ex_err *why, struct ex_err *err)
{
	struct ex_json *fields = ex_json_object(), *texts = ex_json_object();
	int rc = -1;

	ex_log(EX_WARN, "sequencer", "rejected %s %llu: %s", q->stream,
	    (unsigned long long)q->seq, why->text);
	if (ex_sequence_reject(
		r->s->conn, q, ex_code_text(why->code), why->text, err) == -1 ||
	    set_fields(fields, q, why, err) == -1 ||
	    ex_json_set_text(texts, "reason", why->text, err) == -1)
		goto out;
	rc = ex_sequencer_say(r->s, EX_ACT_REJECT, fields, texts, err);
out:
	ex_json_free(fields);
	ex_json_free(texts);
	return rc;
}

static int
each_queued(void *arg, const struct ex_queued *q, struct ex_err *err)
{
	struct round *r = arg;
	struct ex_sequencer *s = r->s;
	struct ex_admission *a = calloc(1, sizeof(*a));
	struct ex_admit_options options = { 0 };
	struct ex_err why = EX_ERR_INIT;
	int rc;

	if (a == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	options.now = ex_now();
	options.published = s->published;
	options.published_at = s->published_at;
	if (ex_admit(a, q->entry.p, q->entry.n, ex_world_view(s->world),
		&options, &why) == 0 &&
	    check_columns(q, a, &why) == 0)
		rc = take(r, q, a, err);
	else if (why.code == EX_SYSTEM)
		rc = ex_fail(err, why.code, "%s", why.text);
	else
		rc = refuse(r, q, is_own(a), &why, err);
	ex_admission_free(a);
	free(a);
	return rc;
}

/* (a) in one transaction.  *r says what it did. */
static int
commit_entries(struct round *r, size_t *n, struct ex_err *err)
{
	struct ex_sequencer *s = r->s;
	uint8_t root[EX_HASH];

	if (ex_conn_begin(s->conn, err) == -1)
		return -1;
	if (ex_sequence_queue(s->conn, EX_ROUND_MAX, each_queued, r, n, err) ==
	    -1)
		return -1;
	ex_fault("admitted");
	if (r->indexed > 0) {
		ex_tree_edge_root(root, &s->edge);
		if (ex_sequence_checkpoint(s->conn, s->edge.size, root, err) ==
		    -1)
			return -1;
	}
	return ex_conn_commit(s->conn, err);
}

/* (b), (c), (d) for the tree as it stands. */
int
ex_sequencer_publish(struct ex_sequencer *s, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT, note = EX_BUF_INIT;
	struct ex_checkpoint now = s->stored;
	int rc = -1;

	now.size = s->edge.size;
	ex_tree_edge_root(now.root, &s->edge);
	if (ex_outside_swap(s->outside, &s->stored, &now, err) == -1)
		goto out;
	s->stored = now;
	ex_fault("stored");
	if (ex_checkpoint_text(&text, &now, err) == -1 ||
	    ex_note_sign(&note, text.data, text.len, s->vkey.name, s->log_key,
		err) == -1)
		goto out;
	ex_fault("signed");
	if (ex_sequence_note(s->conn, now.size, note.data, note.len, err) == -1)
		goto out;
	ex_fault("noted");
	s->published = now.size;
	s->published_at = ex_now();
	rc = 0;
out:
	ex_buf_free(&text);
	ex_buf_free(&note);
	return rc;
}

int
ex_sequencer_round(struct ex_sequencer *s, size_t *n, struct ex_err *err)
{
	struct round r = { s, 0 };

	*n = 0;
	/*
	 * What is in memory has gone ahead of the database when this fails;
	 * the caller ends, and the next start replays.
	 */
	if (commit_entries(&r, n, err) == -1) {
		ex_conn_rollback(s->conn);
		return -1;
	}
	if (r.indexed == 0)
		return 0;
	ex_fault("committed");
	return ex_sequencer_publish(s, err);
}
