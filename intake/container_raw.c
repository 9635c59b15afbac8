/*
 * container_raw.c -- the media's bytes as they are, in one file or several.
 */
#define _GNU_SOURCE /* O_CLOEXEC with O_NOFOLLOW */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
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
next_segment(struct raw *r, struct ex_err *err)
{
	char name[EX_IMAGING_NAME + 24], path[EX_PATH];

	if (close_segment(r, err) == -1)
		return -1;
	r->number++;
	if (r->segment_size == 0)
		(void)snprintf(name, sizeof(name), "%s.raw", r->name);
	else
		(void)snprintf(name, sizeof(name), "%s.%0*" PRIu64, r->name,
		    r->width, r->number);
	r->room = r->segment_size == 0 ? UINT64_MAX : r->segment_size;
	if (ex_path_join(path, sizeof(path), r->dir, name, err) == -1)
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

static int
raw_open(void **self, const struct ex_container_plan *plan, struct ex_err *err)
{
	struct raw *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	(void)snprintf(r->dir, sizeof(r->dir), "%s", plan->dir);
	(void)snprintf(r->name, sizeof(r->name), "%s", plan->name);
	r->segment_size = plan->segment_size;
	r->width = width_of(plan);
	r->fd = -1;
	if (next_segment(r, err) == -1) {
		free(r);
		return -1;
	}
	*self = r;
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

const struct ex_container_ops ex_container_raw = { raw_open, raw_write,
	raw_finish, raw_close, "raw" };
