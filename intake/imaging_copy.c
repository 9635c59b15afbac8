/*
 * imaging_copy.c -- one destination, from its temporary folder to its names.
 *
 * DIR/.NAME.partial/ is held under a lock while it is written; one that
 * nobody holds was left by a run that died: it is gone on with, or removed.
 * The first segment gets its name last: a set whose first segment is there is
 * whole.
 */
#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "intake/imaging_parts.h"
#include "intake/thread.h"

/* Between marks: what a kill costs, and what a disk syncs at once. */
#define MARK_BYTES (UINT64_C(64) << 20)

int
ex_imaging_lock(const char *path, struct ex_err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd == -1) {
		if (errno != ENOENT)
			(void)ex_fail_errno(err, "%s", path);
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (errno == EWOULDBLOCK)
		(void)ex_fail(
		    err, EX_CONFLICT, "%s: another run is writing there", path);
	else
		(void)ex_fail_errno(err, "%s", path);
	(void)close(fd);
	return -1;
}

static int
temp_path(
    const struct ex_imaging_copy *c, char out[EX_PATH], struct ex_err *err)
{
	return ex_imaging_folder(
	    out, c->out->dir, c->job->name, "partial", err);
}

/* What a run left; 1 when it is there, locked, in *fd. */
static int
find_left(
    struct ex_imaging_copy *c, const char *path, int *fd, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	(void)c;
	*fd = ex_imaging_lock(path, &why);
	if (*fd == -1 && why.code != EX_OK)
		return ex_fail(err, why.code, "%s", why.text);
	return *fd != -1;
}

static int
make_temp(struct ex_imaging_copy *c, struct ex_err *err)
{
	char path[EX_PATH];
	int old, there;

	if (temp_path(c, path, err) == -1 ||
	    (there = find_left(c, path, &old, err)) == -1)
		return -1;
	if (there) {
		int rc = ex_remove_tree(path, err);

		(void)close(old);
		if (rc == -1)
			return -1;
	}
	if (mkdir(path, 0700) == -1)
		return ex_fail_errno(err, "%s", path);
	(void)snprintf(c->temp, sizeof(c->temp), "%s", path);
	c->lock = ex_imaging_lock(path, err);
	return c->lock == -1 ? -1 : 0;
}

void
ex_imaging_plan_container(struct ex_container_plan *plan,
    const struct ex_imaging *job, const struct ex_imaging_shape *shape,
    const char *folder)
{
	*plan = (struct ex_container_plan){
		.dir = folder,
		.name = job->name,
		.length = shape->length,
		.sector_size = shape->container_sector,
		.chunk = shape->chunk,
		.segment_size = shape->segment_size,
		.granularity = shape->granularity,
		.compression = job->compression,
		.removable = job->source->info.removable == EX_YES,
		.header = &job->header,
	};
}

static void
leave_temp(struct ex_imaging_copy *c)
{
	if (c->journal != -1)
		(void)close(c->journal);
	if (c->lock != -1)
		(void)close(c->lock);
	c->journal = c->lock = -1;
	c->temp[0] = '\0';
	c->written = c->marked = c->out->from = 0;
	ex_ranges_free(&c->known);
}

/* Go on with what lies in the folder; -1: it is of no use, or not ours. */
static int
go_on(struct ex_imaging_copy *c, struct ex_err *err)
{
	struct ex_container_plan plan;
	struct ex_journal j = { 0 };
	int rc = -1, there;
	char path[EX_PATH];

	if (temp_path(c, path, err) == -1 ||
	    (there = find_left(c, path, &c->lock, err)) == -1)
		return -1;
	if (!there)
		return ex_fail(err, EX_ABSENT, "nothing of it was there");
	(void)snprintf(c->temp, sizeof(c->temp), "%s", path);
	ex_imaging_plan_container(&plan, c->job, c->shape, c->temp);
	if (ex_imaging_state_resume(c, &j, err) == 0 &&
	    ex_imaging_take_back(c->out->dir, c->job->name, path, err) == 0)
		rc = c->ops->resume(&c->self, &plan, &j.mark, err);
	ex_journal_free(&j);
	return rc;
}

/* 1 when it goes on, 0 when it is to be begun anew. */
static int
resume(struct ex_imaging_copy *c, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	if (go_on(c, &why) == 0) {
		(void)snprintf(c->out->note, sizeof(c->out->note),
		    "its last segment goes on from byte %" PRIu64
		    " of the media",
		    c->out->from);
		return 1;
	}
	leave_temp(c);
	/* Another source, other options, a living run: not to be touched. */
	if (why.code == EX_STATE || why.code == EX_CONFLICT)
		return ex_fail(err, why.code, "%s", why.text);
	(void)snprintf(
	    c->out->note, sizeof(c->out->note), "begun anew: %.200s", why.text);
	return 0;
}

int
ex_imaging_copy_open(struct ex_imaging_copy *c, struct ex_err *err)
{
	struct ex_container_plan plan;
	int goes_on = c->job->resume ? resume(c, err) : 0;

	if (goes_on != 0)
		return goes_on == 1 ? 0 : -1;
	/* Named segments of a run that died are of no use any more. */
	if (c->job->resume &&
	    ex_imaging_clear_copy(c->out->dir, c->job->name, err) == -1)
		return -1;
	if (make_temp(c, err) == -1)
		return -1;
	if (c->job->keep && ex_imaging_state_begin(c, err) == -1)
		return -1;
	ex_imaging_plan_container(&plan, c->job, c->shape, c->temp);
	return c->ops->open(&c->self, &plan, err);
}

static void notice(const struct ex_imaging_copy *c, const char *fmt, ...)
    __attribute__((__format__(__printf__, 2, 3)));

static void
notice(const struct ex_imaging_copy *c, const char *fmt, ...)
{
	char line[EX_PATH + 256];
	va_list ap;

	if (c->job->notice == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	c->job->notice(c->job->notice_arg, line);
}

static int
is_stopped(const struct ex_imaging_copy *c)
{
	int stopped = ex_ring_stopped(c->ring);

	(void)pthread_mutex_lock(&c->shared->guard);
	stopped |= c->shared->pausing;
	(void)pthread_mutex_unlock(&c->shared->guard);
	return stopped || (c->job->stop != NULL && *c->job->stop != 0);
}

/*
 * A library that meets a full disk leaves a set that nobody can read, and
 * does not even say why: so there is always enough room for what it does
 * next.  Somebody may make some.
 */
static int
wait_for_room(struct ex_imaging_copy *c, struct ex_err *err)
{
	int64_t until = ex_ticks() + c->job->room_seconds * EX_SECOND;
	int told = 0;
	uint64_t room;

	for (;;) {
		if (ex_imaging_free_bytes(&room, c->temp, err) == -1)
			return -1;
		if (room >= c->shape->reserve)
			break;
		if (is_stopped(c))
			return ex_fail(err, EX_STATE, "stopped");
		if (ex_ticks() >= until) {
			c->out->full = 1;
			return ex_fail(err, EX_LIMIT,
			    "no space left in %s: %" PRIu64 " bytes are free",
			    c->out->dir, room);
		}
		if (!told)
			notice(c,
			    "no space left in %s: waiting until %" PRIu64
			    " bytes are free",
			    c->out->dir, c->shape->reserve);
		told = 1;
		ex_sleep(EX_SECOND / 10);
	}
	if (told)
		notice(c, "there is room in %s again: going on", c->out->dir);
	return 0;
}

/* This destination is lost; the last one takes the run with it. */
static void
give_up(struct ex_imaging_copy *c)
{
	int left;

	(void)pthread_mutex_lock(&c->shared->guard);
	left = --c->shared->alive;
	(void)pthread_mutex_unlock(&c->shared->guard);
	ex_ring_leave(c->ring, c->consumer);
	if (left == 0)
		ex_ring_stop(c->ring);
}

/* One block, unless an earlier run wrote it. */
static int
take_block(
    struct ex_imaging_copy *c, const struct ex_block *b, struct ex_err *err)
{
	uint64_t mark_bytes =
	    c->job->mark_bytes == 0 ? MARK_BYTES : c->job->mark_bytes;

	if (b->off + b->len <= c->out->from)
		return 0;
	if (wait_for_room(c, err) == -1)
		return -1;
	if (c->ops->write(c->self, b, err) == -1) {
		c->is_broken = 1;
		c->out->full = err->code == EX_LIMIT;
		return -1;
	}
	c->written = b->off + b->len;
	if (!c->job->keep || c->written - c->marked < mark_bytes)
		return 0;
	return ex_imaging_state_mark(c, 0, err);
}

static void *
write_blocks(void *arg)
{
	struct ex_imaging_copy *c = arg;
	struct ex_err *why = &c->out->why;
	struct ex_block *b;

	while ((b = ex_ring_next(c->ring, c->consumer)) != NULL) {
		if (take_block(c, b, why) == -1) {
			if (why->code == EX_STATE)
				ex_ring_leave(c->ring, c->consumer);
			else
				give_up(c);
			break;
		}
		ex_ring_release(c->ring, c->consumer);
	}
	return NULL;
}

int
ex_imaging_copy_start(struct ex_imaging_copy *c, struct ex_err *err)
{
	if (ex_thread_start(&c->thread, write_blocks, c, err) == -1)
		return -1;
	c->is_running = 1;
	return 0;
}

void
ex_imaging_copy_join(struct ex_imaging_copy *c)
{
	if (c->is_running)
		(void)pthread_join(c->thread, NULL);
	c->is_running = 0;
}

void
ex_imaging_copy_keep(struct ex_imaging_copy *c)
{
	struct ex_err why = EX_ERR_INIT;

	if (c->temp[0] == '\0' || c->journal == -1)
		return;
	/* Of one that broke the last mark holds. */
	if (!c->is_broken && c->self != NULL &&
	    ex_imaging_state_mark(c, 1, &why) == -1)
		notice(c, "%s: what came last could not be kept: %s",
		    c->out->dir, why.text);
	c->out->kept = c->marked > 0;
}

/* Only its journal, or nothing, is of use any more. */
static void
drop_temp(struct ex_imaging_copy *c)
{
	if (c->temp[0] == '\0' || c->out->kept)
		return;
	/* Until the caller says that it is settled, a run can go on with it. */
	if (c->out->good && c->job->keep)
		return;
	(void)ex_remove_tree(c->temp, NULL);
}

void
ex_imaging_copy_close(struct ex_imaging_copy *c)
{
	ex_imaging_copy_join(c);
	c->ops->close(c->self);
	c->self = NULL;
	if (!c->out->good && !c->out->kept)
		ex_imaging_copy_forget(c);
	if (c->journal != -1)
		(void)close(c->journal);
	drop_temp(c);
	if (c->lock != -1)
		(void)close(c->lock);
	c->lock = c->journal = -1;
	ex_ranges_free(&c->known);
}
