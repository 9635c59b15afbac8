/*
 * act.c -- plan, sign, submit; and what came of it.
 */
#include "cases/act.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "cases/act_parts.h"

enum {
	TRIES = 8 /* lost races before we give up */
};

/* Somebody else's entry is in the log a moment later. */
#define PAUSE (EX_SECOND / 10)

void
ex_act_job_free(struct ex_act_job *job)
{
	for (size_t i = 0; i < job->n; i++) {
		ex_buf_free(&job->entry[i].body);
		ex_buf_free(&job->entry[i].openings);
		ex_buf_free(&job->entry[i].entry);
		ex_judgement_free(&job->entry[i].judgement);
	}
	free(job->entry);
	memset(job, 0, sizeof(*job));
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
		d->index = e->index;
		memcpy(d->leaf, e->leaf, EX_HASH);
		memcpy(d->state, e->judgement.state_after, sizeof(d->state));
		d->nfindings = e->judgement.nfindings;
		memcpy(d->finding, e->judgement.finding, sizeof(d->finding));
	}
	return 0;
}

static int
try_once(struct ex_outcome *out, struct ex_act_job *job, struct ex_err *err)
{
	if (ex_act_plan(job, err) == -1 || ex_act_sign(job, err) == -1 ||
	    ex_spool_write(job, err) == -1 || ex_act_submit(job, err) == -1)
		return -1;
	return take_outcome(out, job, err);
}

int
ex_act_do(struct ex_outcome *out, struct ex_house *house,
    const struct ex_request *r, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	memset(out, 0, sizeof(*out));
	if (r->nseats == 0)
		return ex_fail(err, EX_USAGE,
		    "who acts?  Give --as KEY, or set EXHIBIT_AS");
	for (int i = 0; i < TRIES; i++) {
		struct ex_act_job job;
		int rc;

		memset(&job, 0, sizeof(job));
		job.house = house;
		job.request = r;
		ex_err_clear(&why);
		rc = try_once(out, &job, &why);
		ex_act_job_free(&job);
		if (rc == 0)
			return 0;
		if (why.code != EX_CONFLICT)
			break;
		ex_sleep(PAUSE * (i + 1));
	}
	return ex_fail(err, why.code, "%s", why.text);
}

int
ex_act_check(
    struct ex_house *house, const struct ex_request *r, struct ex_err *err)
{
	struct ex_act_job job;
	int rc;

	memset(&job, 0, sizeof(job));
	job.house = house;
	job.request = r;
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
	    ex_json_set_hex(to, "leaf", d->leaf, EX_HASH, err) == -1 ||
	    (d->state[0] != '\0' &&
		ex_json_set_text(to, "state", d->state, err) == -1))
		return -1;
	/* ex_act_do() comes back with receipts or not at all. */
	return ex_json_set(to, "included", ex_json_bool(1), err);
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
