/*
 * container_raw.c -- the media's bytes as they are, in one file or several.
 */
#define _GNU_SOURCE /* O_CLOEXEC with O_NOFOLLOW */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "intake/container.h"

struct raw {
	char dir[EX_PATH];
	char name[EX_IMAGING_NAME];
	uint64_t segment_size; /* bytes; 0: one file */
	int width;	       /* digits of a segment's number */
	uint64_t number;       /* of the open segment */
	uint64_t room;	       /* bytes it still takes */
	int fd;
};

static int
close_segment(struct raw *r, struct ex_err *err)
{
	int fd = r->fd;

	r->fd = -1;
	if (fd != -1 && close(fd) == -1)
		return ex_fail_errno(err, "close");
	return 0;
}

static int
segment_path(
    const struct raw *r, char out[EX_PATH], uint64_t number, struct ex_err *err)
{
	char name[EX_IMAGING_NAME + 24];

	if (r->segment_size == 0)
		(void)snprintf(name, sizeof(name), "%s.raw", r->name);
	else
		(void)snprintf(name, sizeof(name), "%s.%0*" PRIu64, r->name,
		    r->width, number);
	return ex_path_join(out, EX_PATH, r->dir, name, err);
}

static int
next_segment(struct raw *r, struct ex_err *err)
{
	char path[EX_PATH];

	/* What is closed need not be looked for at the next mark. */
	if (r->fd != -1 && fdatasync(r->fd) == -1)
		return ex_fail_errno(err, "fsync");
	if (close_segment(r, err) == -1)
		return -1;
	r->number++;
	r->room = r->segment_size == 0 ? UINT64_MAX : r->segment_size;
	if (segment_path(r, path, r->number, err) == -1)
		return -1;
	r->fd = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (r->fd == -1)
		return ex_fail_errno(err, "%s", path);
	return 0;
}

/* Numbers of one width, so that names sort as the segments follow. */
static int
width_of(const struct ex_container_plan *plan)
{
	uint64_t n =
	    plan->segment_size == 0 ? 1 : plan->length / plan->segment_size + 1;
	int width = 3;

	for (; n > 999; n /= 10)
		width++;
	return width;
}

static struct raw *
new_raw(const struct ex_container_plan *plan, struct ex_err *err)
{
	struct raw *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		return NULL;
	}
	(void)snprintf(r->dir, sizeof(r->dir), "%s", plan->dir);
	(void)snprintf(r->name, sizeof(r->name), "%s", plan->name);
	r->segment_size = plan->segment_size;
	r->width = width_of(plan);
	r->fd = -1;
	return r;
}

static int
raw_open(void **self, const struct ex_container_plan *plan, struct ex_err *err)
{
	struct raw *r = new_raw(plan, err);

	if (r == NULL)
		return -1;
	if (next_segment(r, err) == -1) {
		free(r);
		return -1;
	}
	*self = r;
	return 0;
}

/* The segment of the mark, cut to its length, and none behind it. */
static int
reopen(struct raw *r, const struct ex_mark *mark, struct ex_err *err)
{
	char path[EX_PATH];
	struct stat st;

	r->number = mark->segment;
	for (uint64_t n = mark->segment + 1; r->segment_size != 0; n++) {
		if (segment_path(r, path, n, err) == -1)
			return -1;
		if (unlink(path) == -1)
			break;
	}
	if (segment_path(r, path, r->number, err) == -1)
		return -1;
	/* A run that died behind its last byte had made it read-only. */
	(void)chmod(path, 0600);
	r->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (r->fd == -1 || fstat(r->fd, &st) == -1)
		return ex_fail_errno(err, "%s", path);
	if ((uint64_t)st.st_size < mark->size ||
	    (r->segment_size != 0 && mark->size > r->segment_size))
		return ex_fail(err, EX_DAMAGED, "%s is too short", path);
	if (ftruncate(r->fd, (off_t)mark->size) == -1 ||
	    lseek(r->fd, 0, SEEK_END) == -1)
		return ex_fail_errno(err, "%s", path);
	if (r->segment_size != 0)
		r->room = r->segment_size - mark->size;
	else
		r->room = UINT64_MAX;
	return 0;
}

/* All segments before the last are as long as they can be. */
static int
fits(const struct raw *r, const struct ex_mark *mark)
{
	if (r->segment_size == 0)
		return mark->segment == 1 && mark->size == mark->media;
	return mark->segment <= EX_SEGMENTS_MAX &&
	       mark->size <= r->segment_size &&
	       (mark->segment - 1) * r->segment_size + mark->size ==
		   mark->media;
}

static int
raw_resume(void **self, const struct ex_container_plan *plan,
    const struct ex_mark *mark, struct ex_err *err)
{
	struct raw *r = new_raw(plan, err);
	int rc;

	if (r == NULL)
		return -1;
	rc = fits(r, mark)
		 ? reopen(r, mark, err)
		 : ex_fail(err, EX_DAMAGED, "no raw image has such a mark");
	if (rc == -1) {
		(void)close_segment(r, NULL);
		free(r);
		return -1;
	}
	*self = r;
	return 0;
}

static int
raw_mark(void *self, struct ex_mark *mark, int closing, struct ex_err *err)
{
	struct raw *r = self;
	struct stat st;

	(void)closing;
	if (fdatasync(r->fd) == -1 || fstat(r->fd, &st) == -1)
		return ex_fail_errno(err, "fsync");
	if (ex_dir_sync(r->dir, err) == -1)
		return -1;
	mark->segment = (uint32_t)r->number;
	mark->size = (uint64_t)st.st_size;
	mark->chunk = NULL;
	mark->nchunks = 0;
	return 0;
}

static int
raw_write(void *self, const struct ex_block *b, struct ex_err *err)
{
	struct raw *r = self;
	size_t off = 0;

	while (off < b->len) {
		size_t n = b->len - off;

		if (r->room == 0 && next_segment(r, err) == -1)
			return -1;
		if (n > r->room)
			n = (size_t)r->room;
		if (ex_fd_write_all(r->fd, &b->data[off], n, err) == -1)
			return -1;
		off += n;
		if (r->segment_size != 0)
			r->room -= n;
	}
	return 0;
}

static int
raw_finish(void *self, const struct ex_container_end *end, struct ex_err *err)
{
	(void)end;
	return close_segment(self, err);
}

static void
raw_close(void *self)
{
	if (self != NULL)
		(void)close_segment(self, NULL);
	free(self);
}

static int
raw_goes_on(uint64_t segment_size, const struct ex_mark *mark)
{
	(void)segment_size;
	(void)mark;
	return 1;
}

static int
raw_settle(const struct ex_container_plan *plan, const struct ex_mark *mark,
    struct ex_err *err)
{
	void *self;

	if (raw_resume(&self, plan, mark, err) == -1)
		return -1;
	raw_close(self);
	return 0;
}

const struct ex_container_ops ex_container_raw = { raw_open, raw_resume,
	raw_goes_on, raw_settle, raw_mark, raw_write, raw_finish, raw_close,
	"raw" };
