/*
 * acquire_resume.c -- an acquisition that was begun and has no end, found
 * again by its file of work, perhaps by another examiner on another day.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/text.h"
#include "cases/acquire_parts.h"
#include "cases/kit.h"
#include "cases/history.h"
#include "cases/record.h"

/* What a medium says of itself, as JSON can hold it. */
static int
put(struct ex_json *v, const char *name, const char *text, struct ex_err *err)
{
	char shown[2 * EX_SOURCE_TEXT];

	return ex_json_set_text(
	    v, name, ex_text_shown(shown, sizeof(shown), text), err);
}

static int
put_given(struct ex_json *v, const struct ex_acquire *a, struct ex_err *err)
{
	if ((a->write_blocker != NULL && ex_json_set_text(v, "write_blocker",
					     a->write_blocker, err) == -1) ||
	    (a->authority != NULL &&
		ex_json_set_text(v, "authority", a->authority, err) == -1) ||
	    (a->method != NULL &&
		ex_json_set_text(v, "method", a->method, err) == -1) ||
	    (a->live && ex_json_set_text(v, "live", a->reason, err) == -1))
		return -1;
	return ex_json_set_int(v, "retries",
	    a->has_retries ? a->retries : EX_IMAGING_RETRIES, err);
}

int
ex_acquiring_put_job(
    struct ex_json *v, const struct ex_acquiring *q, struct ex_err *err)
{
	const struct ex_imaging *j = &q->job;
	const struct ex_source_info *i = &q->source->info;
	struct ex_json *job = ex_json_object();
	char hex[2 * EX_PATH + 1];

	ex_hex(hex, i->path, strlen(i->path));
	if (ex_json_set_text(job, "source", hex, err) == -1 ||
	    put(job, "serial", i->serial, err) == -1 ||
	    put(job, "model", i->model, err) == -1 ||
	    ex_json_set_int(job, "size", (int64_t)i->size, err) == -1 ||
	    ex_json_set_int(job, "sector_size", i->sector_size, err) == -1 ||
	    ex_json_set_text(
		job, "format", ex_container_text(j->container), err) == -1 ||
	    ex_json_set_text(job, "compression",
		ex_compression_text(j->compression), err) == -1 ||
	    ex_json_set_int(
		job, "segment_size", (int64_t)j->segment_size, err) == -1 ||
	    ex_json_set_int(job, "algs", j->algs, err) == -1 ||
	    ex_json_set_int(job, "offset", (int64_t)j->offset, err) == -1 ||
	    ex_json_set_int(job, "length", (int64_t)j->length, err) == -1 ||
	    ex_json_set_int(job, "granularity", j->granularity, err) == -1 ||
	    ex_json_set_int(job, "fill", j->fill, err) == -1 ||
	    ex_json_set_int(job, "bad_limit", (int64_t)j->bad_limit, err) ==
		-1 ||
	    (q->base_name[0] != '\0' &&
		ex_json_set_text(job, "base", q->base_name, err) == -1) ||
	    ex_json_set_int(job, "block", i->kind == EX_SOURCE_BLOCK, err) ==
		-1 ||
	    ex_json_set_text(job, "found_method", q->method, err) == -1 ||
	    put_given(job, q->a, err) == -1) {
		ex_json_free(job);
		return -1;
	}
	return ex_json_set(v, "job", job, err);
}

/* Unsigned numbers of the job; what is no number is 0. */
static uint64_t
number(const struct ex_json *job, const char *name, uint64_t max)
{
	int64_t n = ex_json_get_int(job, name, 0);

	return n < 0 || (uint64_t)n > max ? 0 : (uint64_t)n;
}

/* As it was begun; how it is watched and stopped is this command's. */
static int
take_job(struct ex_acquiring *q, const struct ex_json *job, struct ex_err *err)
{
	struct ex_acquire *g = &q->given;

	*g = *q->a;
	if (g->source == NULL) {
		if (ex_acquiring_path(
			q->source_path, ex_json_get(job, "source")) == -1)
			return ex_fail(err, EX_FORMAT, "it names no source");
		g->source = q->source_path;
	}
	g->format = ex_json_get_text(job, "format");
	g->compression = ex_json_get_text(job, "compression");
	g->segment_size = number(job, "segment_size", INT64_MAX);
	g->algs = (unsigned)number(job, "algs", (1u << EX_ALGS) - 1);
	g->offset = number(job, "offset", INT64_MAX);
	g->length = number(job, "length", INT64_MAX);
	g->granularity = (unsigned)number(job, "granularity", 1 << 20);
	g->fill = (unsigned)number(job, "fill", 255);
	if (g->bad_limit == 0)
		g->bad_limit = number(job, "bad_limit", INT64_MAX);
	if (!g->has_retries)
		g->retries = (unsigned)number(job, "retries", 1000);
	g->has_retries = 1;
	if (g->write_blocker == NULL)
		g->write_blocker = ex_json_get_text(job, "write_blocker");
	if (g->authority == NULL)
		g->authority = ex_json_get_text(job, "authority");
	if (g->method == NULL)
		g->method = ex_json_get_text(job, "method");
	g->base = ex_json_get_text(job, "base");
	/* A running system stays one, for the reason that was given. */
	if (ex_json_get_text(job, "live") != NULL) {
		g->live = 1;
		if (g->reason == NULL)
			g->reason = ex_json_get_text(job, "live");
	}
	if (g->format == NULL || g->compression == NULL)
		return ex_fail(err, EX_FORMAT, "it names no format");
	q->a = g;
	return 0;
}

static int
take_dirs(struct ex_acquiring *q, const struct ex_json *v, struct ex_err *err)
{
	const struct ex_json *dirs = ex_json_get(v, "dirs");

	if (ex_json_count(dirs) == 0 ||
	    ex_json_count(dirs) > EX_IMAGING_DESTINATIONS)
		return ex_fail(err, EX_FORMAT, "it names no folders");
	for (size_t i = 0; i < ex_json_count(dirs); i++) {
		if (ex_acquiring_path(q->path[i], ex_json_at(dirs, i)) == -1)
			return ex_fail(err, EX_FORMAT, "it names no folders");
		q->dir[i] = q->path[i];
	}
	q->ndir = ex_json_count(dirs);
	q->in_vault = ex_json_get_int(v, "in_vault", 0) == 1;
	return 0;
}

struct search {
	struct ex_acquiring *q;
	const char *dir, *id;
	int found;
};

/* Ours?  Then it is held from here on.  1, 0 or -1. */
static int
take(struct search *s, const char *path, const char *image, struct ex_err *err)
{
	struct ex_acquiring *q = s->q;
	struct ex_buf text = EX_BUF_INIT;
	struct ex_json *v = NULL;
	const char *id;

	if (ex_file_read(&text, path, EX_ACQUIRING_MAX, err) == -1)
		return -1;
	if (ex_json_read(&v, text.data, text.len, NULL) == -1)
		v = NULL;
	q->room_from = text.len;
	ex_buf_free(&text);
	id = ex_json_get_text(v, "acquisition");
	if (id == NULL || strcmp(id, s->id) != 0) {
		ex_json_free(v);
		return 0;
	}
	q->work = v;
	/* Only now: a lock that is not needed could be in a living one's way.
	 */
	if ((q->lock = ex_file_lock(path, err)) == -1)
		return -1;
	q->has_left = 1;
	(void)snprintf(q->image, sizeof(q->image), "%s", image);
	(void)snprintf(q->id, sizeof(q->id), "%s", id);
	if (take_dirs(q, v, err) == -1 ||
	    take_job(q, ex_json_get(v, "job"), err) == -1)
		return ex_while(err, path);
	return 1;
}

static int
look(void *arg, const char *name, struct ex_err *err)
{
	struct search *s = arg;
	char path[EX_PATH], image[EX_ITEM_MAX + 1];
	int rc;

	if (s->found || !ex_acquiring_image_of(image, name))
		return 0;
	if (ex_path_join(path, EX_PATH, s->dir, name, err) == -1)
		return -1;
	if ((rc = take(s, path, image, err)) == -1)
		return -1;
	s->found = rc;
	return 0;
}

/* How often it was gone on with, as the log has it. */
static int
count_resumes(struct ex_acquiring *q, struct ex_err *err)
{
	char name[EX_ITEM_MAX + 8];
	struct ex_record r;
	int rc;

	if (ex_house_kit(q->house) != NULL)
		return ex_kit_resumes(&q->resumes, q->house, q->id, err);
	(void)snprintf(name, sizeof(name), "item:%s", q->a->item);
	rc = ex_record_open(&r, q->house, name, err);
	for (size_t i = 0; rc == 0 && i < r.nentries; i++) {
		const struct ex_event *e = &r.entry[i]->admission.event;
		const char *id = ex_event_text(e, "acquisition");

		if (e->act != EX_ACT_ACQUIRE_START || id == NULL ||
		    strcmp(id, q->id) != 0)
			continue;
		q->resumes += ex_json_get_int(e->fields, "resumed", 0) == 1;
		rc = ex_acquire_add_attempt(
		    &q->attempts, r.entry[i]->admission.leaf, err);
	}
	ex_record_free(&r);
	return rc;
}

int
ex_acquiring_find(struct ex_acquiring *q, const char *id, struct ex_err *err)
{
	struct search s = { q, NULL, id, 0 };
	char dir[EX_PATH];

	if (ex_house_path(dir, q->house, "pending", err) == -1)
		return -1;
	s.dir = dir;
	if (ex_dir_each(dir, look, &s, err) == -1)
		return -1;
	if (!s.found)
		return ex_fail(err, EX_ABSENT,
		    "nothing is kept here of what was begun with %s: exhibit "
		    "acquire %s --abandon ends it",
		    q->a->item, q->a->item);
	return count_resumes(q, err);
}

int
ex_acquiring_same(const struct ex_acquiring *q, struct ex_err *err)
{
	const struct ex_json *job = ex_json_get(q->work, "job");
	const struct ex_source_info *i = &q->source->info;
	char shown[2 * EX_SOURCE_TEXT];
	const char *serial = ex_json_get_text(job, "serial");

	(void)ex_text_shown(shown, sizeof(shown), i->serial);
	if (serial == NULL || strcmp(serial, shown) != 0)
		return ex_fail(err, EX_STATE,
		    "%s is another medium than the one that was begun: serial "
		    "%s, not %s",
		    i->path, shown, serial == NULL ? "?" : serial);
	if (ex_json_get_int(job, "size", -1) != (int64_t)i->size ||
	    ex_json_get_int(job, "sector_size", -1) != (int64_t)i->sector_size)
		return ex_fail(err, EX_STATE,
		    "%s is another medium than the one that was begun: %ju "
		    "bytes, not %jd",
		    i->path, (uintmax_t)i->size,
		    (intmax_t)ex_json_get_int(job, "size", 0));
	return 0;
}
