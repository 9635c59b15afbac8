/*
 * act.c -- plan, sign, submit; and what came of it.
 *
 * Each step is on disk before the next: the signed act in DIR/pending, its
 * entries in the database, its receipts in DIR/receipts; then DIR/pending is
 * cleared.  Whoever is killed in between finds it there (pending.c).
 */
#include "cases/act.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/codec.h"
#include "cases/act_parts.h"
#include "cases/kit.h"
#include "cases/seat_parts.h"

/* How long and how often somebody else may be first. */
#define RACE_TIME (20 * EX_SECOND)
#define MOVE_TIME (2 * EX_SECOND)
#define PAUSE	  (EX_SECOND / 50)

enum {
	RACES = 32
};

void
ex_act_job_init(struct ex_act_job *job, struct ex_house *house,
    const struct ex_request *request)
{
	memset(job, 0, sizeof(*job));
	job->house = house;
	job->request = request;
	job->lock = -1;
}

void
ex_act_job_free(struct ex_act_job *job)
{
	for (size_t i = 0; i < job->n; i++) {
		ex_buf_free(&job->entry[i].body);
		ex_buf_wipe(&job->entry[i].openings);
		ex_buf_free(&job->entry[i].entry);
		ex_judgement_free(&job->entry[i].judgement);
	}
	free(job->entry);
	ex_planview_free(job->view);
	if (job->lock != -1)
		(void)close(job->lock);
	memset(job, 0, sizeof(*job));
	job->lock = -1;
}

void
ex_outcome_free(struct ex_outcome *o)
{
	free(o->done);
	memset(o, 0, sizeof(*o));
}

static int
take_outcome(
    struct ex_outcome *out, const struct ex_act_job *job, struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	if ((out->done = calloc(job->n, sizeof(*out->done))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	out->n = job->n;
	memcpy(out->batch, job->batch, sizeof(out->batch));
	for (size_t i = 0; i < job->n; i++) {
		const struct ex_act_entry *e = &job->entry[i];
		struct ex_done *d = &out->done[i];

		d->stream = e->stream;
		d->seq = e->seq;
		d->index = e->status.index;
		d->included = e->status.state == EX_ENTRY_INCLUDED;
		memcpy(d->leaf, e->leaf, EX_HASH);
		memcpy(d->state, e->judgement.state_after, sizeof(d->state));
		d->nfindings = e->judgement.nfindings;
		memcpy(d->finding, e->judgement.finding, sizeof(d->finding));
	}
	return 0;
}

/* Has one of the streams left the place that the plan saw?  1, 0, or -1. */
static int
has_moved(const struct ex_act_job *job, struct ex_err *err)
{
	uint8_t leaf[EX_HASH];
	struct ex_view rows;
	uint64_t seq;

	if (ex_house_view(job->house, &rows, err) == -1)
		return -1;
	for (size_t i = 0; i < job->n; i++) {
		const struct ex_act_entry *e = &job->entry[i];

		if (ex_stream_head(&seq, leaf, &rows, &e->stream, err) == -1)
			return -1;
		if (seq + 1 != e->seq || memcmp(leaf, e->prev, EX_HASH) != 0)
			return 1;
	}
	return 0;
}

/*
 * Whoever was first has a place in the database and not yet in the log: it is
 * no use to plan before it has one.
 */
static int
wait_for_move(const struct ex_act_job *job, struct ex_err *err)
{
	int64_t until = ex_ticks() + MOVE_TIME;
	uint16_t chance;
	int moved = 0;

	while (moved == 0 && ex_ticks() < until) {
		ex_random(&chance, sizeof(chance));
		ex_sleep(PAUSE / 2 + chance % PAUSE);
		moved = has_moved(job, err);
	}
	return moved == -1 ? -1 : 0;
}

/* Why it is not done, and that what was signed is not lost. */
static int
fail_kept(struct ex_err *err, const struct ex_err *why, const char *what)
{
	return ex_fail(err, why->code,
	    "%s: %s; it lies in pending, and exhibit pending finishes it", what,
	    why->text);
}

/* The log has it.  *again when it must be planned anew. */
static int
settle(struct ex_act_job *job, int *again, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	if (ex_act_await(job, &why) == -1)
		return fail_kept(err, &why, "committed and not yet done");
	if (ex_act_refused(job, &why) == 0) {
		/* Done; if this fails, `exhibit pending` finds it done. */
		(void)ex_spool_drop(job, NULL);
		return 0;
	}
	if (why.code == EX_CONFLICT) {
		*again = 1;
		return ex_spool_drop(job, err);
	}
	(void)ex_spool_aside(job, NULL);
	return ex_fail(err, why.code, "%s", why.text);
}

/* What is spooled goes into the log.  *again when somebody was first. */
static int
submit(struct ex_act_job *job, int *again, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	int refused;

	if (ex_act_append(job, &refused, &why) == 0)
		return settle(job, again, err);
	if (!refused)
		return fail_kept(err, &why, "signed and not yet sent");
	if (ex_spool_drop(job, err) == -1)
		return -1;
	if (why.code != EX_CONFLICT)
		return ex_fail(err, why.code, "%s", why.text);
	*again = 1;
	return 0;
}

static int
try_once(struct ex_outcome *out, struct ex_act_job *job, int *again,
    struct ex_err *err)
{
	if (ex_act_plan(job, err) == -1 ||
	    ex_request_keep_forms(job->request, job->house, err) == -1 ||
	    ex_act_sign(job, err) == -1 || ex_spool_write(job, err) == -1)
		return -1;
	if (ex_house_kit(job->house) != NULL) {
		ex_spool_keep(job);
		ex_kit_forget(ex_house_kit(job->house));
		return take_outcome(out, job, err);
	}
	if (submit(job, again, err) == -1)
		return -1;
	return *again ? wait_for_move(job, err) : take_outcome(out, job, err);
}

int
ex_act_do(struct ex_outcome *out, struct ex_house *house,
    const struct ex_request *r, struct ex_err *err)
{
	int64_t until = ex_ticks() + RACE_TIME;
	struct ex_act_job job;
	int again = 1, rc = 0;

	memset(out, 0, sizeof(*out));
	if (r->nseats == 0)
		return ex_fail(err, EX_USAGE,
		    "who acts?  Give --as KEY, or set EXHIBIT_AS");
	for (int i = 0; again && i < RACES && ex_ticks() < until; i++) {
		again = 0;
		ex_act_job_init(&job, house, r);
		rc = try_once(out, &job, &again, err);
		ex_act_job_free(&job);
		if (rc == -1)
			return -1;
	}
	if (!again)
		return 0;
	return ex_fail(err, EX_CONFLICT,
	    "others keep writing to %s: nothing was recorded; try again, and "
	    "see exhibit status",
	    r->member[0].stream.id);
}

int
ex_act_check(
    struct ex_house *house, const struct ex_request *r, struct ex_err *err)
{
	struct ex_act_job job;
	int rc;

	ex_act_job_init(&job, house, r);
	rc = ex_act_plan(&job, err);
	ex_act_job_free(&job);
	return rc;
}

static int
findings_json(struct ex_json **out, const struct ex_done *d, struct ex_err *err)
{
	struct ex_json *list = ex_json_array();
	int rc = list == NULL ? -1 : 0;

	for (size_t i = 0; rc == 0 && i < d->nfindings; i++) {
		struct ex_json *v = ex_json_object();

		if (v == NULL ||
		    ex_json_set_text(v, "code", d->finding[i].code, err) ==
			-1 ||
		    ex_json_set_text(v, "text", d->finding[i].text, err) ==
			-1) {
			ex_json_free(v);
			rc = -1;
		} else {
			rc = ex_json_add(list, v, err);
		}
	}
	if (rc == -1) {
		ex_json_free(list);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	*out = list;
	return 0;
}

/* The members of one entry put into an object. */
static int
put_done(struct ex_json *to, const struct ex_done *d, struct ex_err *err)
{
	struct ex_json *findings;
	char stream[EX_STREAM_TEXT];

	ex_stream_text(stream, &d->stream);
	if (findings_json(&findings, d, err) == -1 ||
	    ex_json_set(to, "findings", findings, err) == -1)
		return -1;
	if (d->stream.kind == EX_STREAM_ITEM
		? ex_json_set_text(to, "item", d->stream.id, err) == -1
		: ex_json_set_text(to, "stream", stream, err) == -1)
		return -1;
	if (ex_json_set_int(to, "seq", (int64_t)d->seq, err) == -1 ||
	    (d->included &&
		ex_json_set_int(to, "index", (int64_t)d->index, err) == -1) ||
	    ex_json_set_hex(to, "leaf", d->leaf, EX_HASH, err) == -1 ||
	    (d->state[0] != '\0' &&
		ex_json_set_text(to, "state", d->state, err) == -1))
		return -1;
	/* At home ex_act_do() comes back with receipts or not at all. */
	return ex_json_set(to, "included", ex_json_bool(d->included), err);
}

int
ex_outcome_json(struct ex_json *summary, int *status,
    const struct ex_outcome *o, struct ex_err *err)
{
	struct ex_json *list = ex_json_array();

	if (list == NULL || ex_json_set(summary, "events", list, err) == -1)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (o->batch[0] != '\0' &&
	    ex_json_set_text(summary, "batch", o->batch, err) == -1)
		return -1;
	for (size_t i = 0; i < o->n; i++) {
		struct ex_json *v = ex_json_object();

		if (v == NULL || put_done(v, &o->done[i], err) == -1) {
			ex_json_free(v);
			return ex_fail(err, EX_SYSTEM, "out of memory");
		}
		if (ex_json_add(list, v, err) == -1)
			return -1;
		if (o->done[i].nfindings > 0)
			*status = 1;
	}
	return o->n == 1 ? put_done(summary, &o->done[0], err) : 0;
}
