/*
 * imaging_name.c -- the segments of a copy that is whole: their digests, to
 * disk, and their names.
 */
#define _GNU_SOURCE /* sync_file_range(), renameat2() */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "intake/imaging_parts.h"
#include "intake/thread.h"

/* One more segment, by its name in the temporary folder. */
static int
add_segment(void *arg, const char *name, struct ex_err *err)
{
	struct ex_imaging_copy *c = arg;
	struct ex_image_copy *out = c->out;
	struct ex_segment *more;
	size_t n = out->nsegments;

	if (strcmp(name, EX_JOURNAL_NAME) == 0)
		return 0;
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
settle_segment(struct ex_segment *s, struct ex_err *err)
{
	int fd = open_segment(s, err);
	struct stat st;
	int rc = 0;

	if (fd == -1)
		return -1;
	/* Some file systems know no modes. */
	if (fchmod(fd, 0444) == -1 && errno != EPERM && errno != EOPNOTSUPP)
		rc = ex_fail_errno(err, "%s: chmod", s->path);
	if (rc == 0 && fstat(fd, &st) == -1)
		rc = ex_fail_errno(err, "%s", s->path);
	else if (rc == 0)
		s->size = (uint64_t)st.st_size;
	if (rc == 0 && fsync(fd) == -1)
		rc = ex_fail_errno(err, "%s: fsync", s->path);
	if (close(fd) == -1 && rc == 0)
		rc = ex_fail_errno(err, "%s: close", s->path);
	return rc;
}

static int
settle_segments(struct ex_image_copy *out, int digest, struct ex_err *err)
{
	for (size_t i = 0; i < out->nsegments; i++)
		begin_sync(&out->segment[i]);
	for (size_t i = 0; i < out->nsegments; i++) {
		struct ex_segment *s = &out->segment[i];

		if (digest &&
		    ex_sha256_file(s->sha256, NULL, s->path, err) == -1)
			return -1;
		if (settle_segment(s, err) == -1)
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

void
ex_imaging_copy_forget(struct ex_imaging_copy *c)
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
	if (settle_segments(c->out, !c->job->digest_later, err) == -1 ||
	    name_segments(c, err) == -1)
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
