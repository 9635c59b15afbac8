/*
 * witness.c -- what a witness answers.
 */
#include "daemons/witness.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/log.h"
#include "custody/log.h"

/* A request under way. */
struct asking {
	const struct ex_witness *w;
	uint64_t now;
	struct ex_tlog_consistency body;
	struct ex_note note;
	struct ex_checkpoint checkpoint;
	struct ex_buf held_note; /* cosigned last; empty: none yet */
	struct ex_checkpoint held;
};

static int
say(struct ex_answer *out, int status, const char *text, struct ex_err *err)
{
	ex_buf_cut(&out->body, 0);
	out->status = status;
	out->type = "text/plain; charset=utf-8";
	return ex_buf_addf(&out->body, err, "%s\n", text);
}

/* Whose it is; 0 when a known key signed, else the status. */
static int
know_log(const struct asking *a, struct ex_err *why)
{
	int followed = 0;

	for (size_t i = 0; i < a->w->nlogs; i++) {
		const struct ex_vkey *log = &a->w->log[i];

		if (strcmp(log->name, a->checkpoint.origin) != 0)
			continue;
		followed = 1;
		ex_err_clear(why);
		if (ex_note_check(&a->note, log, NULL, why) == 0)
			return 0;
	}
	return followed ? 403 : 404;
}

/*
 * What was cosigned last.  A note there that its own key did not cosign is
 * damage, never "none": a witness without memory would cosign any history.
 */
static int
load_held(struct asking *a, const char *origin, struct ex_err *err)
{
	const struct ex_witness *w = a->w;
	struct ex_err why = EX_ERR_INIT;
	struct ex_note note;

	memset(&a->held, 0, sizeof(a->held));
	ex_buf_cut(&a->held_note, 0);
	if (w->store.load(w->store.arg, &a->held_note, origin, &why) == -1)
		return why.code == EX_ABSENT
			   ? 0
			   : ex_fail(err, why.code, "%s", why.text);
	if (ex_note_parse(&note, a->held_note.data, a->held_note.len, &why) ==
		-1 ||
	    ex_note_check(&note, &w->own, NULL, &why) == -1 ||
	    ex_checkpoint_read(&a->held, note.text, &why) == -1)
		return ex_fail(err, EX_DAMAGED,
		    "what was cosigned last for %s cannot be read: %s", origin,
		    why.text);
	return 0;
}

static int
say_size(struct ex_answer *out, const struct asking *a, struct ex_err *err)
{
	out->status = 409;
	out->type = "text/x.tlog.size";
	ex_buf_cut(&out->body, 0);
	return ex_buf_addf(&out->body, err, "%" PRIu64 "\n", a->held.size);
}

/* The log's own lines and ours, of both keys: strangers' are not stored. */
static int
make_note(struct ex_buf *out, size_t *line, const struct asking *a,
    struct ex_err *err)
{
	struct ex_vkey of_log[EX_WITNESS_LOGS];
	size_t n = 0;

	for (size_t i = 0; i < a->w->nlogs; i++) {
		if (strcmp(a->w->log[i].name, a->checkpoint.origin) == 0)
			of_log[n++] = a->w->log[i];
	}
	if (ex_note_keep(out, &a->note, of_log, n, err) == -1)
		return -1;
	*line = out->len;
	if (a->w->old_key != NULL && ex_note_cosign(out, a->w->own.name,
					 a->w->old_key, a->now, err) == -1)
		return -1;
	return ex_note_cosign(out, a->w->own.name, a->w->key, a->now, err);
}

/* Cosign, store, and only then answer. */
static int
cosign(struct ex_answer *out, const struct asking *a, struct ex_err *err)
{
	const struct ex_witness *w = a->w;
	struct ex_buf note = EX_BUF_INIT;
	size_t line = 0;
	int rc = -1;

	if (make_note(&note, &line, a, err) == -1 ||
	    w->store.save(w->store.arg, a->checkpoint.origin, note.data,
		note.len, err) == -1)
		goto out;
	ex_buf_cut(&out->body, 0);
	out->status = 200;
	out->type = "text/plain; charset=utf-8";
	rc = ex_buf_add(&out->body, &note.data[line], note.len - line, err);
out:
	ex_buf_free(&note);
	return rc;
}

/* Does the tree continue what was cosigned?  0, or the status. */
static int
continues(const struct asking *a, struct ex_err *why)
{
	const struct ex_witness *w = a->w;
	const struct ex_checkpoint *c = &a->checkpoint;

	/* Who computes both roots from the entries needs no proof. */
	if (w->examine == NULL)
		return ex_tree_check_consistency(&a->body.proof, a->held.size,
			   a->held.root, c->size, c->root, why) == -1
			   ? 422
			   : 0;
	if (w->examine(w->examine_arg, &a->held, c, why) == 0)
		return 0;
	return why->code == EX_ABSENT ? 503 : 422;
}

/* The rules in the order of C2SP; *status 200, or why not. */
static int
decide(struct ex_answer *out, struct asking *a, struct ex_err *err)
{
	const struct ex_checkpoint *c = &a->checkpoint;
	struct ex_err why = EX_ERR_INIT;
	int status;

	if (a->body.old > c->size)
		return say(out, 400, "old is larger than the checkpoint", err);
	if (load_held(a, c->origin, err) == -1)
		return -1;
	if (a->body.old != a->held.size ||
	    (c->size == a->held.size && c->size > 0 &&
		memcmp(c->root, a->held.root, EX_HASH) != 0))
		return say_size(out, a, err);
	if ((status = continues(a, &why)) == 0)
		return cosign(out, a, err);
	if (why.code == EX_SYSTEM)
		return ex_fail(err, EX_SYSTEM, "%s", why.text);
	return say(out, status, why.text, err);
}

static int
keep_refused(
    const struct ex_answer *out, const struct asking *a, struct ex_err *err)
{
	const struct ex_witness *w = a->w;

	if (out->status == 200)
		return 0;
	ex_log(EX_WARN, "witness",
	    "refused (%d) a signed checkpoint of %s, size %" PRIu64,
	    out->status, a->checkpoint.origin, a->checkpoint.size);
	return w->store.keep(
	    w->store.arg, out->status, a->body.note.p, a->body.note.n, err);
}

int
ex_witness_add(struct ex_answer *out, const struct ex_witness *w,
    struct ex_span body, uint64_t now, struct ex_err *err)
{
	struct asking a = { .w = w, .now = now };
	struct ex_err why = EX_ERR_INIT;
	int status, rc = -1;

	if (ex_tlog_consistency_read(&a.body, body.p, body.n, &why) == -1 ||
	    ex_note_parse(&a.note, a.body.note.p, a.body.note.n, &why) == -1 ||
	    ex_checkpoint_read(&a.checkpoint, a.note.text, &why) == -1)
		return say(out, 400, why.text, err);
	if ((status = know_log(&a, &why)) == 404)
		return say(out, 404, "this log is not followed here", err);
	if (status != 0)
		return say(out, status, why.text, err);
	if (decide(out, &a, err) == 0)
		rc = keep_refused(out, &a, err);
	ex_buf_free(&a.held_note);
	return rc;
}

/* The followed log whose origin has this digest, or NULL. */
static const struct ex_vkey *
find_log(const struct ex_witness *w, struct ex_span sha256)
{
	char hex[EX_SHA256_HEX];

	for (size_t i = 0; i < w->nlogs; i++) {
		ex_sha256_hex(hex, w->log[i].name, strlen(w->log[i].name));
		if (ex_span_is(sha256, hex))
			return &w->log[i];
	}
	return NULL;
}

int
ex_witness_newest(struct ex_answer *out, const struct ex_witness *w,
    struct ex_span origin_sha256, uint64_t now, struct ex_err *err)
{
	const struct ex_vkey *log = find_log(w, origin_sha256);
	struct asking a = { .w = w, .now = now };
	struct ex_err why = EX_ERR_INIT;
	size_t line;
	int rc = -1;

	if (log == NULL)
		return say(out, 404, "this log is not followed here", err);
	if (load_held(&a, log->name, err) == -1)
		goto out;
	if (a.held_note.len == 0) {
		rc = say(out, 404, "nothing cosigned yet", err);
		goto out;
	}
	a.checkpoint = a.held;
	if (ex_note_parse(&a.note, a.held_note.data, a.held_note.len, &why) ==
	    -1) {
		(void)ex_fail(err, EX_DAMAGED, "%s", why.text);
		goto out;
	}
	out->status = 200;
	out->type = "text/plain; charset=utf-8";
	ex_buf_cut(&out->body, 0);
	rc = make_note(&out->body, &line, &a, err);
out:
	ex_buf_free(&a.held_note);
	return rc;
}

/* Does the path end in this? */
static int
ends_in(struct ex_span path, const char *end)
{
	size_t n = strlen(end);

	return path.n >= n && memcmp(&path.p[path.n - n], end, n) == 0;
}

static int
answer(struct ex_answer *out, const struct ex_witness *w,
    const struct ex_scgi *request, uint64_t now, struct ex_err *err)
{
	static const char newest[] = "/newest/";
	const size_t tail = EX_SHA256_HEX - 1, head = sizeof(newest) - 1;
	struct ex_span path = request->path, hex;
	int post = ex_span_is(request->method, "POST");

	if (ends_in(path, "/add-checkpoint"))
		return post ? ex_witness_add(out, w, request->body, now, err)
			    : say(out, 405, "POST, please", err);
	if (path.n < head + tail ||
	    memcmp(&path.p[path.n - tail - head], newest, head) != 0)
		return say(out, 404, "no such thing", err);
	hex.p = &path.p[path.n - tail];
	hex.n = tail;
	return ex_span_is(request->method, "GET")
		   ? ex_witness_newest(out, w, hex, now, err)
		   : say(out, 405, "GET, please", err);
}

/* What it cannot read or write costs this answer, not the process. */
int
ex_witness_handle(void *witness, const struct ex_scgi *request,
    struct ex_answer *out, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	uint64_t now = (uint64_t)(ex_now() / EX_SECOND);

	if (answer(out, witness, request, now, &why) == 0)
		return 0;
	ex_log_err("witness", &why);
	return say(out, 500, "cannot be answered now", err);
}
