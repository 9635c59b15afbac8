/*
 * imaging_state.c -- how far a copy is on disk, kept beside it.
 */
#define _GNU_SOURCE /* O_CLOEXEC with O_NOFOLLOW */
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "intake/imaging_parts.h"

static int
journal_path(
    const struct ex_imaging_copy *c, char out[EX_PATH], struct ex_err *err)
{
	return ex_path_join(out, EX_PATH, c->temp, EX_JOURNAL_NAME, err);
}

/* What a medium says of itself, as JSON can hold it. */
static int
put(struct ex_json *v, const char *name, const char *text, struct ex_err *err)
{
	char shown[2 * EX_SOURCE_TEXT];

	return ex_json_set_text(
	    v, name, ex_text_shown(shown, sizeof(shown), text), err);
}

/* What must be the same for one run to go on with another's work. */
static int
plan(struct ex_json **out, const struct ex_imaging *job,
    const struct ex_imaging_shape *s, struct ex_err *err)
{
	const struct ex_source_info *i = &job->source->info;
	struct ex_json *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(v, "schema", "exhibit-journal/v1", err) == -1 ||
	    put(v, "image", job->name, err) == -1 ||
	    put(v, "model", i->model, err) == -1 ||
	    put(v, "serial", i->serial, err) == -1 ||
	    ex_json_set_int(v, "source_size", (int64_t)i->size, err) == -1 ||
	    ex_json_set_int(v, "sector_size", s->sector_size, err) == -1 ||
	    ex_json_set_int(v, "offset", (int64_t)job->offset, err) == -1 ||
	    ex_json_set_int(v, "length", (int64_t)s->length, err) == -1 ||
	    ex_json_set_text(
		v, "format", ex_container_text(job->container), err) == -1 ||
	    ex_json_set_int(v, "chunk_size", s->chunk, err) == -1 ||
	    ex_json_set_int(v, "fill", job->fill, err) == -1 ||
	    ex_json_set_int(v, "segment_size", (int64_t)s->segment_size, err) ==
		-1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

static int
append(struct ex_imaging_copy *c, const struct ex_buf *b, struct ex_err *err)
{
	if (ex_fd_write_all(c->journal, b->data, b->len, err) == -1)
		return -1;
	return fdatasync(c->journal) == -1 ? ex_fail_errno(err, "fsync") : 0;
}

static int
open_journal(struct ex_imaging_copy *c, int flags, struct ex_err *err)
{
	char path[EX_PATH];

	if (journal_path(c, path, err) == -1)
		return -1;
	c->journal = open(path, flags | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
	return c->journal == -1 ? ex_fail_errno(err, "%s", path) : 0;
}

int
ex_imaging_state_begin(struct ex_imaging_copy *c, struct ex_err *err)
{
	struct ex_buf b = EX_BUF_INIT;
	struct ex_json *v = NULL;
	int rc = -1;

	if (plan(&v, c->job, c->shape, err) == 0 &&
	    ex_journal_begin(&b, v, err) == 0 &&
	    open_journal(c, O_CREAT | O_EXCL, err) == 0 &&
	    append(c, &b, err) == 0)
		rc = ex_dir_sync(c->temp, err);
	ex_json_free(v);
	ex_buf_free(&b);
	return rc;
}

/* A source that is not the same is no finding about the image. */
static int
compare_plan(const struct ex_imaging *job, const struct ex_imaging_shape *shape,
    const struct ex_json *is, struct ex_err *err)
{
	static const char *const what[] = { "serial", "model", "source_size",
		"sector_size", NULL };
	struct ex_buf a = EX_BUF_INIT, b = EX_BUF_INIT;
	struct ex_json *v = NULL;
	int rc = plan(&v, job, shape, err);

	for (size_t i = 0; rc == 0 && what[i] != NULL; i++) {
		ex_buf_cut(&a, 0);
		ex_buf_cut(&b, 0);
		if (ex_json_get(is, what[i]) == NULL ||
		    ex_json_print(&a, ex_json_get(is, what[i]), err) == -1 ||
		    ex_json_print(&b, ex_json_get(v, what[i]), err) == -1)
			rc = -1;
		else if (strcmp(ex_buf_text(&a), ex_buf_text(&b)) != 0)
			rc = ex_fail(err, EX_STATE,
			    "%s is another medium than the one that was begun: "
			    "%s %.60s, not %.60s",
			    job->source->info.path, what[i], ex_buf_text(&b),
			    ex_buf_text(&a));
	}
	ex_buf_cut(&a, 0);
	ex_buf_cut(&b, 0);
	if (rc == 0 && (ex_json_print(&a, is, err) == -1 ||
			   ex_json_print(&b, v, err) == -1))
		rc = -1;
	if (rc == 0 && strcmp(ex_buf_text(&a), ex_buf_text(&b)) != 0)
		rc = ex_fail(err, EX_STATE,
		    "%s was begun with other options: resume it with those",
		    job->name);
	ex_buf_free(&a);
	ex_buf_free(&b);
	ex_json_free(v);
	return rc;
}

/* Every sector up to the mark, and no other. */
static int
covers(const struct ex_ranges *map, uint64_t from, uint64_t end)
{
	uint64_t at = from;

	for (size_t i = 0; i < map->n; i++) {
		if (map->at[i].lba != at || map->at[i].attempt == 0)
			return 0;
		at += map->at[i].count;
	}
	return at == end;
}

static int
check_mark(const struct ex_imaging *job, const struct ex_imaging_shape *shape,
    const struct ex_journal *j, struct ex_err *err)
{
	uint64_t sector = shape->sector_size;

	if (!j->has_mark)
		return ex_fail(err, EX_ABSENT, "nothing of it was on disk yet");
	if (j->mark.media == 0 || j->mark.media >= shape->length ||
	    j->mark.media % EX_IMAGING_BLOCK != 0)
		return ex_fail(err, EX_DAMAGED, "a mark at no block's end");
	if (!covers(&j->map, job->offset / sector,
		(job->offset + j->mark.media) / sector))
		return ex_fail(
		    err, EX_DAMAGED, "a map of other sectors than it has read");
	return 0;
}

int
ex_imaging_state_look(struct ex_journal *j, const struct ex_imaging *job,
    const struct ex_imaging_shape *shape, const char *folder,
    struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	int rc;

	memset(j, 0, sizeof(*j));
	if (ex_path_join(path, EX_PATH, folder, EX_JOURNAL_NAME, err) == -1 ||
	    ex_file_read(&text, path, EX_JOURNAL_MAX, err) == -1)
		return -1;
	rc = ex_journal_read(j, text.data, text.len, err);
	ex_buf_free(&text);
	if (rc == -1 || compare_plan(job, shape, j->plan, err) == -1)
		return -1;
	return check_mark(job, shape, j, err);
}

int
ex_imaging_state_resume(
    struct ex_imaging_copy *c, struct ex_journal *j, struct ex_err *err)
{
	if (ex_imaging_state_look(j, c->job, c->shape, c->temp, err) == -1 ||
	    open_journal(c, 0, err) == -1)
		return -1;
	/* A torn end would hide what is written behind it. */
	if (ftruncate(c->journal, (off_t)j->used) == -1 ||
	    lseek(c->journal, 0, SEEK_END) == -1)
		return ex_fail_errno(err, "%s/%s", c->temp, EX_JOURNAL_NAME);
	c->written = c->marked = c->out->from = j->mark.media;
	c->known = j->map;
	memset(&j->map, 0, sizeof(j->map));
	return 0;
}

/* The map between the last mark and this one. */
static int
since(struct ex_ranges *out, struct ex_imaging_copy *c, struct ex_err *err)
{
	uint64_t sector = c->shape->sector_size;
	uint64_t from = (c->job->offset + c->marked) / sector;
	uint64_t end = (c->job->offset + c->written) / sector;
	int rc;

	(void)pthread_mutex_lock(&c->shared->guard);
	rc = ex_imaging_map(out, c->shared->known, ex_imaging_attempt(c->job),
	    &c->shared->noted, from, end, err);
	(void)pthread_mutex_unlock(&c->shared->guard);
	return rc;
}

int
ex_imaging_state_mark(
    struct ex_imaging_copy *c, int closing, struct ex_err *err)
{
	struct ex_mark mark = { .media = c->written };
	struct ex_ranges ranges = EX_RANGES_INIT;
	struct ex_buf b = EX_BUF_INIT;
	int rc = -1;

	/* At the very end it is finished, not marked. */
	if (c->written == 0 || c->written >= c->shape->length)
		return 0;
	if (c->ops->mark(c->self, &mark, closing, err) == 0 &&
	    since(&ranges, c, err) == 0 &&
	    ex_journal_mark(&b, &mark, &ranges, err) == 0)
		rc = append(c, &b, err);
	if (rc == 0)
		c->marked = c->written;
	ex_ranges_free(&ranges);
	ex_buf_free(&b);
	return rc;
}
