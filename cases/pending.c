/*
 * pending.c -- what was signed and has no receipt yet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cases/act_parts.h"

struct pass {
	struct ex_house *house;
	struct ex_json *list; /* what was found, or what was lost */
	int64_t finished, sent, busy;
};

static int
list_entry(struct pass *p, const char *file, const struct ex_act_entry *e,
    struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	char stream[EX_STREAM_TEXT];

	ex_stream_text(stream, &e->stream);
	if (ex_json_add(p->list, v, err) == -1 ||
	    ex_json_set_text(v, "file", file, err) == -1 ||
	    ex_json_set_text(v, "stream", stream, err) == -1 ||
	    ex_json_set_int(v, "seq", (int64_t)e->seq, err) == -1)
		return -1;
	return ex_json_set_text(v, "action", ex_act(e->act)->name, err);
}

/* A file that cannot be read is shown as such. */
static int
list_unreadable(struct pass *p, const char *file, const struct ex_err *why,
    struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (ex_json_add(p->list, v, err) == -1 ||
	    ex_json_set_text(v, "file", file, err) == -1)
		return -1;
	return ex_json_set_text(v, "unreadable", why->text, err);
}

static int
list_file(void *arg, const char *name, struct ex_err *err)
{
	struct pass *p = arg;
	struct ex_err why = EX_ERR_INIT;
	struct ex_act_job job;
	int rc = 0;

	ex_act_job_init(&job, p->house, NULL);
	if (ex_spool_look(&job, name, &why) == 0)
		for (size_t i = 0; rc == 0 && i < job.n; i++)
			rc = list_entry(p, name, &job.entry[i], err);
	else if (why.code != EX_ABSENT)
		rc = list_unreadable(p, name, &why, err);
	ex_act_job_free(&job);
	return rc;
}

int
ex_pending_list(
    struct ex_json **out, struct ex_house *house, struct ex_err *err)
{
	struct pass p = { .house = house, .list = ex_json_array() };
	struct ex_json *v = ex_json_object();

	*out = NULL;
	if (ex_json_set(v, "pending", p.list, err) == -1 ||
	    ex_spool_each(house, list_file, &p, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

/* It can no longer stand: kept aside, under a name that says so. */
static int
set_aside(struct pass *p, struct ex_act_job *job, const char *name,
    const struct ex_err *why, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	char file[300];

	(void)snprintf(file, sizeof(file), "%.250s.lost", name);
	if (ex_json_add(p->list, v, err) == -1 ||
	    ex_json_set_text(v, "file", file, err) == -1 ||
	    ex_json_set_text(v, "why", why->text, err) == -1)
		return -1;
	if (job->n > 0 && job->entry[0].stream.id[0] != '\0' &&
	    ex_json_set_text(v, "stream", job->entry[0].stream.id, err) == -1)
		return -1;
	return ex_spool_aside(job, err);
}

static int
published_after(void *arg, uint64_t size, int64_t *at, struct ex_err *err)
{
	return ex_store_published_after(arg, size, at, err);
}

static int
admit_one(struct ex_act_job *job, const struct ex_act_entry *e,
    const struct ex_admit_options *options, struct ex_err *err)
{
	struct ex_admission *a = calloc(1, sizeof(*a));
	int rc;

	if (a == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	rc = ex_admit(a, e->entry.data, e->entry.len,
	    ex_planview_view(job->view), options, err);
	if (rc == 0)
		rc = ex_planview_apply(job->view, &a->judgement.facts, err);
	ex_admission_free(a);
	free(a);
	return rc;
}

/* Would the log take it now?  *final: no. */
static int
admit_all(struct ex_act_job *job, int *final, struct ex_err *err)
{
	struct ex_admit_options options = { .now = ex_now(),
		.published_after = published_after,
		.root_at = ex_act_root_at,
		.root_arg = job };
	struct ex_err why = EX_ERR_INIT;
	struct ex_conn *conn;

	if (ex_house_conn(job->house, &conn, err) == -1 ||
	    ex_house_seen(job->house, &job->seen, NULL, err) == -1)
		return -1;
	options.published = job->seen.size;
	options.published_arg = conn;
	ex_store_view(&job->rows, conn);
	if (ex_planview_new(&job->view, &job->rows, err) == -1)
		return -1;
	for (size_t i = 0; i < job->n; i++) {
		if (admit_one(job, &job->entry[i], &options, &why) == 0)
			continue;
		*final = why.code != EX_SYSTEM && why.code != EX_UNREACHABLE;
		return ex_fail(err, why.code, "%s", why.text);
	}
	return 0;
}

int
ex_act_send(struct ex_act_job *job, int *final, struct ex_err *err)
{
	*final = 0;
	if (admit_all(job, final, err) == -1)
		return -1;
	return ex_act_append(job, final, err);
}

/*
 * Into the log if it is not there, and to its receipts.  *final when it can
 * no longer stand; else a failure says nothing about the act, and it stays.
 */
static int
finish(struct pass *p, struct ex_act_job *job, int there, int *final,
    struct ex_err *err)
{
	*final = 0;
	if ((!there && ex_act_send(job, final, err) == -1) ||
	    ex_act_await(job, err) == -1)
		return -1;
	if (ex_act_refused(job, err) == -1) {
		*final = 1;
		return -1;
	}
	p->finished += there;
	p->sent += !there;
	return ex_spool_drop(job, err);
}

/* One that was taken: done, put aside, or left for the next time. */
static int
work_on(struct pass *p, struct ex_act_job *job, const char *name,
    struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	int there = ex_act_is_there(job, err), final;

	if (there == -1)
		return ex_while(err, name);
	if (finish(p, job, there, &final, &why) == 0)
		return 0;
	if (!final)
		return ex_fail(err, why.code, "%s: %s", name, why.text);
	return set_aside(p, job, name, &why, err);
}

static int
finish_file(void *arg, const char *name, struct ex_err *err)
{
	struct pass *p = arg;
	struct ex_err why = EX_ERR_INIT;
	struct ex_act_job job;
	int rc = 0;

	ex_act_job_init(&job, p->house, NULL);
	if (ex_spool_take(&job, name, &why) == 0)
		rc = work_on(p, &job, name, err);
	else if (why.code == EX_CONFLICT)
		p->busy++;
	else if (why.code == EX_SYSTEM)
		rc = ex_fail(err, why.code, "%s: %s", name, why.text);
	else if (why.code != EX_ABSENT)
		rc = set_aside(p, &job, name, &why, err);
	ex_act_job_free(&job);
	return rc;
}

int
ex_pending_finish(struct ex_json **out, int *status, struct ex_house *house,
    struct ex_err *err)
{
	struct pass p = { .house = house, .list = ex_json_array() };
	struct ex_json *v = ex_json_object();

	*out = NULL;
	/* What was signed in the field waits for `field sync`. */
	if (ex_json_set(v, "lost", p.list, err) == -1 ||
	    (ex_house_kit(house) == NULL &&
		ex_spool_each(house, finish_file, &p, err) == -1) ||
	    ex_json_set_int(v, "finished", p.finished, err) == -1 ||
	    ex_json_set_int(v, "sent", p.sent, err) == -1 ||
	    ex_json_set_int(v, "busy", p.busy, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*status = ex_json_count(p.list) > 0;
	*out = v;
	return 0;
}
