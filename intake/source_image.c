/*
 * source_image.c -- the jailed reader writes into a pipe, the source reads
 * out of it.
 */
#define _GNU_SOURCE /* pipe2() */
#include "intake/source_image.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "intake/thread.h"

struct image {
	const struct ex_reading *r;
	int from, to; /* the pipe; -1 when closed */
	pthread_t thread;
	int is_running;
	uint64_t next; /* first byte that comes */
	/* Of the thread; the source's once it was joined. */
	struct ex_verdict verdict;
	struct ex_err err;
	int rc;
};

static void
close_fd(int *fd)
{
	if (*fd != -1)
		(void)close(*fd);
	*fd = -1;
}

static void *
run(void *arg)
{
	struct image *i = arg;

	i->rc = ex_reading_export(&i->verdict, i->r, i->to, &i->err);
	close_fd(&i->to);
	return NULL;
}

/* A reader that still writes finds nobody there and ends. */
static void
join(struct image *i)
{
	close_fd(&i->from);
	if (i->is_running)
		(void)pthread_join(i->thread, NULL);
	i->is_running = 0;
}

static enum ex_got
image_read(void *self, void *buf, size_t n, uint64_t off, struct ex_err *err)
{
	struct image *i = self;
	uint8_t *p = buf;
	size_t done = 0;

	if (off != i->next) {
		(void)ex_fail(err, EX_SYSTEM, "an image is read in order");
		return EX_GOT_ERROR;
	}
	while (done < n) {
		ssize_t got = read(i->from, &p[done], n - done);

		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0) {
			(void)ex_fail(
			    err, EX_DAMAGED, "the image ends before its end");
			return EX_GOT_ERROR;
		}
		done += (size_t)got;
	}
	i->next += n;
	return EX_GOT_ALL;
}

static void
image_close(void *self)
{
	struct image *i = self;

	join(i);
	close_fd(&i->to);
	ex_verdict_free(&i->verdict);
	free(i);
}

static const struct ex_source_ops ops = { .read = image_read,
	.close = image_close };

static void
fill_info(struct ex_source_info *info, const char *name, uint64_t bytes)
{
	info->kind = EX_SOURCE_FILE;
	info->size = bytes;
	info->sector_size = info->physical_sector_size = EX_SECTOR;
	(void)snprintf(info->path, sizeof(info->path), "%s", name);
	(void)snprintf(info->serial, sizeof(info->serial), "unknown");
}

int
ex_source_open_image(struct ex_source **out, const struct ex_reading *r,
    const char *name, uint64_t bytes, struct ex_err *err)
{
	struct ex_source *s = calloc(1, sizeof(*s));
	struct image *i = calloc(1, sizeof(*i));
	int fd[2];

	*out = NULL;
	if (s == NULL || i == NULL) {
		free(s);
		free(i);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	i->r = r;
	i->from = i->to = -1;
	s->ops = &ops;
	s->self = i;
	fill_info(&s->info, name, bytes);
	if (pipe2(fd, O_CLOEXEC) == -1) {
		(void)ex_fail_errno(err, "pipe");
		goto fail;
	}
	i->from = fd[0];
	i->to = fd[1];
	if (ex_thread_start(&i->thread, run, i, err) == -1)
		goto fail;
	i->is_running = 1;
	*out = s;
	return 0;
fail:
	ex_source_close(s);
	return -1;
}

int
ex_source_image_verdict(
    struct ex_verdict *out, struct ex_source *s, struct ex_err *err)
{
	struct image *i = s->self;

	join(i);
	if (i->rc == -1)
		return ex_fail(err, i->err.code, "%s", i->err.text);
	*out = i->verdict;
	memset(&i->verdict, 0, sizeof(i->verdict));
	return 0;
}
