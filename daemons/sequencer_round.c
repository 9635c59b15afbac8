/*
 * sequencer_round.c -- one round: (a) admit and commit, (b) the store
 * outside, (c) sign, (d) commit the note.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "daemons/fault.h"
#include "daemons/sequencer_parts.h"
#include "db/store.h"

static int
store_node(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[EX_HASH], struct ex_err *err)
{
	struct ex_sequencer *s = arg;

	return ex_sequence_rows_node(&s->rows, level, index, hash, err);
}

/* A fact as the world has it now, index and all, becomes a row. */
static int
project(void *arg, const char *key, const struct ex_json *of_case,
    struct ex_err *err)
{
	struct ex_sequencer *s = arg;
	const struct ex_view *view = ex_world_view(s->world);
	size_t n = strcspn(key, " ");
	struct ex_buf text = EX_BUF_INIT;
	struct ex_json *v = NULL;
	char kind[64];
	int rc = -1;

	(void)snprintf(kind, sizeof(kind), "%.*s", (int)n, key);
	if (view->get(view->arg, kind, key + n + 1, &v, err) == 0 &&
	    ex_json_write(&text, v, err) == 0)
		rc = ex_sequence_rows_fact(&s->rows, kind, key + n + 1,
		    ex_json_text(of_case), ex_buf_text(&text), text.len, err);
	ex_json_free(v);
	ex_buf_free(&text);
	return rc;
}

int
ex_sequencer_flush(struct ex_sequencer *s, struct ex_err *err)
{
	if (ex_json_each(s->changed, project, s, err) == -1 ||
	    ex_sequence_put(s->conn, &s->rows, err) == -1)
		return -1;
	ex_json_free(s->changed);
	s->changed = ex_json_object();
	return s->changed == NULL ? ex_fail(err, EX_SYSTEM, "out of memory")
				  : 0;
}

/* Its row is written once a round, however often it changes. */
static int
note_change(struct ex_sequencer *s, const struct ex_fact *f, struct ex_err *err)
{
	struct ex_buf key = EX_BUF_INIT;
	int rc = ex_buf_addf(&key, err, "%s %s", f->kind, f->id);

	if (rc == 0)
		rc = ex_json_set_text(s->changed, ex_buf_text(&key),
		    f->case_number == NULL ? "" : f->case_number, err);
	ex_buf_free(&key);
	return rc;
}

/* An admitted entry: its index, its nodes, its facts. */
static int
take(struct ex_sequencer *s, const struct ex_queued *q, struct ex_err *err)
{
	const struct ex_admission *a = &s->admission;
	uint64_t index = s->edge.size;

	if (ex_sequence_rows_index(&s->rows, q->id, index, a->leaf, err) ==
		-1 ||
	    ex_tree_append(&s->edge, a->leaf, store_node, s, err) == -1 ||
	    ex_world_apply(s->world, a, index, err) == -1)
		return -1;
	for (size_t i = 0; i < a->judgement.facts.n; i++)
		if (note_change(s, &a->judgement.facts.fact[i], err) == -1)
			return -1;
	return ex_sequencer_learn(s, err);
}

static int
refuse(struct ex_sequencer *s, const struct ex_queued *q,
    const struct ex_err *why, struct ex_err *err)
{
	const char *code = ex_code_text(why->code);

	ex_log(EX_WARN, "sequencer", "rejected %s %" PRIu64 ": %s", q->stream,
	    q->seq, why->text);
	if (ex_sequencer_flush(s, err) == -1 ||
	    ex_sequence_reject(s->conn, q, code, why->text, err) == -1)
		return -1;
	return ex_sequencer_refuse(
	    s, q->stream, q->seq, q->entry, code, why->text, err);
}

/* The columns that others read must say what the entry says. */
static int
check_columns(
    const struct ex_sequencer *s, const struct ex_queued *q, struct ex_err *err)
{
	const struct ex_admission *a = &s->admission;
	char stream[EX_STREAM_TEXT];

	ex_stream_text(stream, &a->event.stream);
	if (strcmp(stream, q->stream) != 0 || a->event.seq != q->seq ||
	    memcmp(a->event.prev, q->prev, EX_HASH) != 0 ||
	    memcmp(a->leaf, q->leaf, EX_HASH) != 0 ||
	    memcmp(a->event.sha256, q->body_sha256, EX_SHA256_LEN) != 0 ||
	    strcmp(a->judgement.case_number, q->case_number) != 0)
		return ex_fail(err, EX_DENIED,
		    "the row says something else than the entry in it");
	return 0;
}

/* EX_SYSTEM and EX_UNREACHABLE are this machine's, the rest the entry's. */
static int
each_queued(void *arg, const struct ex_queued *q, struct ex_err *err)
{
	struct ex_sequencer *s = arg;
	struct ex_admit_options options = { .now = ex_now(),
		.published = s->published.size,
		.published_after = ex_sequencer_published_after,
		.published_arg = s,
		.root_at = ex_sequencer_root_at,
		.root_arg = s };
	struct ex_err why = EX_ERR_INIT;
	int rc;

	if (ex_admit(&s->admission, q->entry.p, q->entry.n,
		ex_world_view(s->world), &options, &why) == 0 &&
	    check_columns(s, q, &why) == 0)
		rc = take(s, q, err);
	else if (why.code == EX_SYSTEM || why.code == EX_UNREACHABLE)
		rc = ex_fail(err, why.code, "%s", why.text);
	else
		rc = refuse(s, q, &why, err);
	ex_admission_free(&s->admission);
	return rc;
}

static int
admit_queue(struct ex_sequencer *s, size_t *n, struct ex_err *err)
{
	uint64_t before = s->edge.size;
	uint8_t root[EX_HASH];

	if (ex_sequence_queue(s->conn, EX_ROUND_MAX, each_queued, s, n, err) ==
	    -1)
		return -1;
	if (s->edge.size == before)
		return 0;
	if (ex_sequencer_flush(s, err) == -1)
		return -1;
	ex_tree_edge_root(root, &s->edge);
	if (ex_sequence_checkpoint(s->conn, s->edge.size, root, err) == -1)
		return -1;
	ex_fault(EX_FAULT_ADMITTED);
	return 0;
}

/*
 * When it fails, what is in memory has gone ahead of the database: the caller
 * connects again and replays.
 */
int
ex_sequencer_round(
    struct ex_sequencer *s, size_t *n, int *more, struct ex_err *err)
{
	uint64_t before = s->edge.size;

	*n = 0;
	*more = 0;
	if (ex_conn_begin(s->conn, err) == -1)
		return -1;
	if (admit_queue(s, n, err) == -1 ||
	    ex_conn_commit(s->conn, err) == -1) {
		ex_conn_rollback(s->conn);
		return -1;
	}
	*more = *n == EX_ROUND_MAX;
	if (s->edge.size > before)
		ex_fault(EX_FAULT_INDEXED);
	return 0;
}

static int
sign(struct ex_sequencer *s, const struct ex_checkpoint *now,
    struct ex_buf *note, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	if (ex_checkpoint_text(&text, now, err) == 0)
		rc = ex_note_sign(
		    note, text.data, text.len, s->vkey.name, s->log_key, err);
	if (rc == 0 && s->next_key != NULL)
		rc = ex_note_add_sig(note, s->vkey.name, s->next_key, err);
	ex_buf_free(&text);
	return rc;
}

int
ex_sequencer_settle(struct ex_sequencer *s, struct ex_err *err)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_checkpoint now;
	int rc = -1;

	if (s->edge.size == s->published.size)
		return 0;
	memset(&now, 0, sizeof(now));
	memcpy(now.origin, s->vkey.name, sizeof(now.origin));
	now.size = s->edge.size;
	ex_tree_edge_root(now.root, &s->edge);
	if (ex_outside_swap(&s->outside, &now, err) == -1)
		goto out;
	ex_fault(EX_FAULT_STORED);
	if (sign(s, &now, &note, err) == -1)
		goto out;
	ex_fault(EX_FAULT_SIGNED);
	if (ex_sequence_note(s->conn, now.size, note.data, note.len, err) == -1)
		goto out;
	ex_fault(EX_FAULT_NOTED);
	s->published = now;
	ex_sequencer_keep_root(s, &now);
	rc = 0;
out:
	ex_buf_free(&note);
	return rc;
}
