/*
 * imaging_copy.c -- one destination, from its temporary folder to its names.
 *
 * DIR/.NAME.partial/ is held under a lock while it is written; one that
 * nobody holds was left by a run that died and is removed.  The first segment
 * gets its name last: a set whose first segment is there is whole.
 */
#define _GNU_SOURCE /* sync_file_range(), renameat2() */
#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "intake/imaging_parts.h"
#include "intake/thread.h"

/* Lock the folder if it is there; -1 and no err when it is not. */
static int
lock_dir(const char *path, struct ex_err *err)
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
make_temp(struct ex_imaging_copy *c, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char name[EX_IMAGING_NAME + 16], path[EX_PATH];
	int old;

	(void)snprintf(name, sizeof(name), ".%s.partial", c->job->name);
	if (ex_path_join(path, sizeof(path), c->out->dir, name, err) == -1)
		return -1;
	old = lock_dir(path, &why);
	if (old == -1 && why.code != EX_OK)
		return ex_fail(err, why.code, "%s", why.text);
	if (old != -1) {
		int rc = ex_remove_tree(path, err);

		(void)close(old);
		if (rc == -1)
			return -1;
	}
	if (mkdir(path, 0700) == -1)
		return ex_fail_errno(err, "%s", path);
	(void)snprintf(c->temp, sizeof(c->temp), "%s", path);
	c->lock = lock_dir(path, err);
	return c->lock == -1 ? -1 : 0;
}

int
ex_imaging_copy_open(struct ex_imaging_copy *c, struct ex_err *err)
{
	struct ex_container_plan plan = {
		.dir = c->temp,
		.name = c->job->name,
		.length = c->shape->length,
		.sector_size = c->shape->container_sector,
		.chunk = c->shape->chunk,
		.segment_size = c->shape->segment_size,
		.granularity = c->shape->granularity,
		.compression = c->job->compression,
		.removable = c->job->source->info.removable == EX_YES,
		.header = &c->job->header,
	};

	if (make_temp(c, err) == -1)
		return -1;
	return c->ops->open(&c->self, &plan, err);
}

/*
 * A library that meets a full disk leaves a set that nobody can read, and
 * does not even say why: so there is always enough room for what it does next.
 */
static int
check_space(const struct ex_imaging_copy *c, struct ex_err *err)
{
	uint64_t room;

	if (ex_imaging_free_bytes(&room, c->temp, err) == -1)
		return -1;
	if (room < c->shape->reserve)
		return ex_fail(err, EX_LIMIT,
		    "no space left in %s: %" PRIu64 " bytes are free",
		    c->out->dir, room);
	return 0;
}

/* This destination is lost; the last one takes the run with it. */
static void
give_up(struct ex_imaging_copy *c)
{
	int left;

	(void)pthread_mutex_lock(c->guard);
	left = --*c->alive;
	(void)pthread_mutex_unlock(c->guard);
	ex_ring_leave(c->ring, c->consumer);
	if (left == 0)
		ex_ring_stop(c->ring);
}

static void *
write_blocks(void *arg)
{
	struct ex_imaging_copy *c = arg;
	struct ex_block *b;

	while ((b = ex_ring_next(c->ring, c->consumer)) != NULL) {
		if (check_space(c, &c->out->why) == -1 ||
		    c->ops->write(c->self, b, &c->out->why) == -1) {
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

/* One more segment, by its name in the temporary folder. */
static int
add_segment(void *arg, const char *name, struct ex_err *err)
{
	struct ex_imaging_copy *c = arg;
	struct ex_image_copy *out = c->out;
	struct ex_segment *more;
	size_t n = out->nsegments;

	if (n >= EX_SEGMENTS_MAX)
		return ex_fail(err, EX_LIMIT, "too many segments");
	/* Doubled whenever their number is a power of two. */
	if ((n & (n - 1)) == 0) {
		more =
		    realloc(out->segment, (n == 0 ? 1 : 2 * n) * sizeof(*more));
		if (more == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		out->segment = more;
	}
	memset(&out->segment[n], 0, sizeof(out->segment[n]));
	if (ex_path_join(out->segment[n].path, EX_PATH, c->temp, name, err) ==
	    -1)
		return -1;
	out->nsegments++;
	return 0;
}

static int
open_segment(const struct ex_segment *s, struct ex_err *err)
{
	int fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	return fd == -1 ? ex_fail_errno(err, "%s", s->path) : fd;
}

/* Let the disk begin while digests are made.  Only a hint. */
static void
begin_sync(const struct ex_segment *s)
{
	int fd = open_segment(s, NULL);

	if (fd == -1)
		return;
	(void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	(void)close(fd);
}

static int
settle_segment(const struct ex_segment *s, struct ex_err *err)
{
	int fd = open_segment(s, err);
	int rc = 0;

	if (fd == -1)
		return -1;
	/* Some file systems know no modes. */
	if (fchmod(fd, 0444) == -1 && errno != EPERM && errno != EOPNOTSUPP)
		rc = ex_fail_errno(err, "%s: chmod", s->path);
	if (rc == 0 && fsync(fd) == -1)
		rc = ex_fail_errno(err, "%s: fsync", s->path);
	if (close(fd) == -1 && rc == 0)
		rc = ex_fail_errno(err, "%s: close", s->path);
	return rc;
}

static int
settle_segments(struct ex_image_copy *out, struct ex_err *err)
{
	for (size_t i = 0; i < out->nsegments; i++)
		begin_sync(&out->segment[i]);
	for (size_t i = 0; i < out->nsegments; i++) {
		struct ex_segment *s = &out->segment[i];

		if (ex_sha256_file(s->sha256, &s->size, s->path, err) == -1 ||
		    settle_segment(s, err) == -1)
			return -1;
	}
	return 0;
}

/* Rename without replacing, where the file system can promise that. */
static int
move(const char *from, const char *to, struct ex_err *err)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno == EINVAL || errno == ENOSYS) {
		if (ex_file_exists(to))
			return ex_fail(err, EX_EXISTS, "%s: is there", to);
		if (rename(from, to) == 0)
			return 0;
	}
	return ex_fail_errno(err, "%s", to);
}

static int
name_segments(struct ex_imaging_copy *c, struct ex_err *err)
{
	struct ex_image_copy *out = c->out;

	for (size_t i = out->nsegments; i-- > 0;) {
		struct ex_segment *s = &out->segment[i];
		char to[EX_PATH];

		if (ex_path_join(to, sizeof(to), out->dir,
			ex_path_base(s->path), err) == -1 ||
		    move(s->path, to, err) == -1)
			return -1;
		(void)snprintf(s->path, sizeof(s->path), "%s", to);
		/* All others are there before the first is. */
		if (i <= 1 && ex_dir_sync(out->dir, err) == -1)
			return -1;
	}
	return 0;
}

static void
forget_segments(struct ex_imaging_copy *c)
{
	for (size_t i = 0; i < c->out->nsegments; i++)
		(void)unlink(c->out->segment[i].path);
	free(c->out->segment);
	c->out->segment = NULL;
	c->out->nsegments = 0;
}

static void *
finish(void *arg)
{
	struct ex_imaging_copy *c = arg;
	struct ex_err *err = &c->out->why;

	if (c->ops->finish(c->self, c->end, err) == -1 ||
	    ex_dir_each(c->temp, add_segment, c, err) == -1)
		return NULL;
	if (c->out->nsegments == 0) {
		(void)ex_fail(err, EX_SYSTEM, "no segment was written");
		return NULL;
	}
	if (settle_segments(c->out, err) == -1 || name_segments(c, err) == -1)
		return NULL;
	c->out->good = 1;
	return NULL;
}

int
ex_imaging_copy_finish(struct ex_imaging_copy *c, struct ex_err *err)
{
	if (ex_thread_start(&c->thread, finish, c, err) == -1)
		return -1;
	c->is_running = 1;
	return 0;
}

void
ex_imaging_copy_close(struct ex_imaging_copy *c)
{
	ex_imaging_copy_join(c);
	c->ops->close(c->self);
	c->self = NULL;
	if (!c->out->good)
		forget_segments(c);
	if (c->temp[0] != '\0')
		(void)ex_remove_tree(c->temp, NULL);
	if (c->lock != -1)
		(void)close(c->lock);
	c->lock = -1;
}
