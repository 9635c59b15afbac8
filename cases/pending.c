/*
 * pending.c -- finishing what was interrupted between signing and receipt.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cases/act_parts.h"
#include "signing/cms.h"

enum {
	SPOOL_MAX =
	    512 * 1024 * 1024 /* bytes: a whole batch of large entries */
};

struct pass {
	struct ex_house *house;
	const char *dir;
	struct ex_json *list; /* for a listing */
	int64_t finished, sent;
	struct ex_json *lost;
};

static int
is_act(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && name[0] != '.' && strcmp(&name[n - 4], ".act") == 0;
}

static int
read_job(struct ex_act_job *job, struct pass *p, const char *name,
    struct ex_err *err)
{
	struct ex_buf bytes = EX_BUF_INIT;
	int rc = -1;

	memset(job, 0, sizeof(*job));
	job->house = p->house;
	if (ex_path_join(job->file, EX_PATH, p->dir, name, err) == 0 &&
	    ex_file_read(&bytes, job->file, SPOOL_MAX, err) == 0)
		rc = ex_spool_parse(job, bytes.data, bytes.len, err);
	ex_buf_free(&bytes);
	return rc == -1 ? ex_while(err, name) : 0;
}

static const char *
action_of(const struct ex_act_entry *e)
{
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	const char *name = "";
	struct ex_event event;

	if (cms == NULL)
		return name;
	memset(&event, 0, sizeof(event));
	if (ex_cms_parse(cms, e->entry.data, e->entry.len, NULL) == 0 &&
	    ex_event_parse(&event, cms->body.p, cms->body.n, NULL) == 0)
		name = event.def->name;
	ex_event_free(&event);
	free(cms);
	return name;
}

static int
list_entry(struct pass *p, const char *file, const struct ex_act_entry *e,
    struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	char stream[EX_STREAM_TEXT];

	ex_stream_text(stream, &e->stream);
	if (v == NULL || ex_json_set_text(v, "file", file, err) == -1 ||
	    ex_json_set_text(v, "stream", stream, err) == -1 ||
	    ex_json_set_int(v, "seq", (int64_t)e->seq, err) == -1 ||
	    ex_json_set_text(v, "action", action_of(e), err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_json_add(p->list, v, err);
}

static int
list_file(void *arg, const char *name, struct ex_err *err)
{
	struct pass *p = arg;
	struct ex_act_job job;
	int rc = 0;

	if (!is_act(name))
		return 0;
	if (read_job(&job, p, name, err) == -1)
		rc = -1;
	for (size_t i = 0; rc == 0 && i < job.n; i++)
		rc = list_entry(p, name, &job.entry[i], err);
	ex_act_job_free(&job);
	return rc;
}

int
ex_pending_list(
    struct ex_json **out, struct ex_house *house, struct ex_err *err)
{
	struct pass p = { .house = house, .list = ex_json_array() };
	struct ex_json *v = ex_json_object();
	char dir[EX_PATH];

	*out = NULL;
	p.dir = dir;
	if (v == NULL || p.list == NULL ||
	    ex_json_set(v, "pending", p.list, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	if (ex_house_path(dir, house, "pending", err) == -1 ||
	    ex_dir_each(dir, list_file, &p, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

/* Has the log any of it?  1, 0 or -1. */
static int
is_there(const struct ex_act_job *job, struct ex_err *err)
{
	struct ex_entry_status s;
	struct ex_conn *conn;

	if (ex_house_conn(job->house, &conn, err) == -1 ||
	    ex_store_status(conn, job->entry[0].body_sha256, &s, err) == -1)
		return -1;
	return s.state != EX_ENTRY_ABSENT;
}

/* It can no longer stand: kept aside, under a name that says so. */
static int
set_aside(struct pass *p, const struct ex_act_job *job, const char *name,
    const char *why, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	char path[EX_PATH], file[300];

	(void)snprintf(file, sizeof(file), "%.250s.lost", name);
	if (v == NULL || ex_json_set_text(v, "file", file, err) == -1 ||
	    ex_json_set_text(v, "why", why, err) == -1 ||
	    (job->n > 0 && ex_json_set_text(v, "stream",
			       job->entry[0].stream.id, err) == -1)) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	if (ex_json_add(p->lost, v, err) == -1 ||
	    ex_path_join(path, EX_PATH, p->dir, file, err) == -1)
		return -1;
	if (rename(job->file, path) == -1)
		return ex_fail_errno(err, "%s", job->file);
	return ex_dir_sync(p->dir, err);
}

static int
finish(struct pass *p, struct ex_act_job *job, const char *name,
    struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	int there = is_there(job, err);

	if (there == -1)
		return -1;
	if ((there || ex_act_append(job, &why) == 0) &&
	    ex_act_await(job, &why) == 0) {
		p->finished += there;
		p->sent += !there;
		if (unlink(job->file) == -1)
			return ex_fail_errno(err, "%s", job->file);
		return 0;
	}
	if (why.code == EX_UNREACHABLE || why.code == EX_SYSTEM)
		return ex_fail(err, why.code, "%s: %s", name, why.text);
	return set_aside(p, job, name, why.text, err);
}

static int
finish_file(void *arg, const char *name, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct pass *p = arg;
	struct ex_act_job job;
	int rc;

	if (!is_act(name))
		return 0;
	if (read_job(&job, p, name, &why) == 0)
		rc = finish(p, &job, name, err);
	else if (why.code == EX_SYSTEM)
		rc = ex_fail(err, why.code, "%s", why.text);
	else
		rc = set_aside(p, &job, name, why.text, err);
	ex_act_job_free(&job);
	return rc;
}

int
ex_pending_finish(struct ex_json **out, int *status, struct ex_house *house,
    struct ex_err *err)
{
	struct pass p = { .house = house, .lost = ex_json_array() };
	struct ex_json *v = ex_json_object();
	char dir[EX_PATH];

	*out = NULL;
	p.dir = dir;
	if (v == NULL || p.lost == NULL ||
	    ex_json_set(v, "lost", p.lost, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	if (ex_house_path(dir, house, "pending", err) == -1 ||
	    ex_dir_each(dir, finish_file, &p, err) == -1 ||
	    ex_json_set_int(v, "finished", p.finished, err) == -1 ||
	    ex_json_set_int(v, "sent", p.sent, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	if (ex_json_count(p.lost) > 0)
		*status = 1;
	*out = v;
	return 0;
}
