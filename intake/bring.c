/*
 * bring.c -- files of others, copied and digested.
 */
#define _GNU_SOURCE /* O_NOATIME */
#include "intake/bring.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "intake/tarball.h"

enum {
	STEP = 1 << 20,
	FILE_MODE = 0444,
	ROOM = 16 << 20 /* bytes that stay free for the house itself */
};

struct bringing {
	const struct ex_bring *b;
	struct ex_brought *out;
	struct ex_digest *all; /* over everything */
	struct ex_digest *one; /* SHA-256 of the file being written */
	int fd;		       /* of it */
	uint64_t total;	       /* bytes that are to come; 0: not known */
	uint64_t written;      /* of the file */
	uint8_t *buf;
};

/* What comes goes into the file and into both digests. */
static int
take(void *arg, const void *data, size_t n, struct ex_err *err)
{
	struct bringing *g = arg;

	if (ex_fd_write_all(g->fd, data, n, err) == -1 ||
	    ex_digest_add(g->all, data, n, err) == -1 ||
	    ex_digest_add(g->one, data, n, err) == -1)
		return -1;
	g->written += n;
	g->out->bytes += n;
	if (g->b->progress != NULL)
		g->b->progress(g->b->progress_arg, g->out->bytes,
		    g->total == 0 ? g->out->bytes : g->total);
	return 0;
}

static int
begin_file(struct bringing *g, struct ex_segment *s, const char *path,
    struct ex_err *err)
{
	g->written = 0;
	if (ex_digest_new(&g->one, EX_ALG_BIT(EX_SHA256), err) == -1)
		return -1;
	(void)snprintf(s->path, sizeof(s->path), "%s", path);
	g->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return g->fd != -1 ? 0 : ex_fail_errno(err, "%s", path);
}

/* It is on disk, read-only, and its digest is known. */
static int
end_file(struct bringing *g, struct ex_segment *s, int rc, struct ex_err *err)
{
	struct ex_digest_value value[EX_ALGS];
	size_t n;

	if (rc == 0 && (fchmod(g->fd, FILE_MODE) == -1 || fsync(g->fd) == -1))
		rc = ex_fail_errno(err, "%s", s->path);
	if (g->fd != -1 && close(g->fd) == -1 && rc == 0)
		rc = ex_fail_errno(err, "%s", s->path);
	g->fd = -1;
	if (rc == 0)
		rc = ex_digest_end(g->one, value, &n, NULL, err);
	if (rc == 0) {
		memcpy(s->sha256, value[0].value, EX_SHA256_LEN);
		s->size = g->written;
		g->out->nsegments++;
	}
	ex_digest_free(g->one);
	g->one = NULL;
	return rc;
}

/* All of fd; what it is afterwards must be what it was before. */
static int
copy_bytes(struct bringing *g, int fd, const char *path, struct ex_err *err)
{
	struct stat before, after;
	ssize_t n;

	if (fstat(fd, &before) == -1)
		return ex_fail_errno(err, "%s", path);
	if (!S_ISREG(before.st_mode))
		return ex_fail(err, EX_USAGE, "%s: not a file", path);
	while ((n = read(fd, g->buf, STEP)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return ex_fail_errno(err, "%s", path);
		if (g->b->stop != NULL && *g->b->stop != 0)
			return ex_fail(err, EX_STATE, "stopped");
		if (take(g, g->buf, (size_t)n, err) == -1)
			return -1;
	}
	if (fstat(fd, &after) == -1)
		return ex_fail_errno(err, "%s", path);
	if ((uint64_t)before.st_size != g->written ||
	    before.st_size != after.st_size ||
	    before.st_mtim.tv_sec != after.st_mtim.tv_sec ||
	    before.st_mtim.tv_nsec != after.st_mtim.tv_nsec)
		return ex_fail(
		    err, EX_DAMAGED, "%s changed while it was read", path);
	return 0;
}

static int
copy_from(struct bringing *g, const char *path, struct ex_err *err)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	int fd = open(path, flags | O_NOATIME), rc;

	if (fd == -1 && errno == EPERM)
		fd = open(path, flags);
	if (fd == -1)
		return ex_fail_errno(err, "%s", path);
	rc = copy_bytes(g, fd, path, err);
	(void)close(fd);
	return rc;
}

static int
pack_folder(struct bringing *g, const char *path, struct ex_err *err)
{
	struct ex_tarball t = { .put = take, .arg = g, .stop = g->b->stop };
	int rc = ex_tarball_write(&t, path, err);

	g->out->list = t.list;
	g->out->files = t.files;
	g->out->left_out = t.left_out;
	memcpy(g->out->first, t.first, sizeof(t.first));
	return rc;
}

static int
bring_one(struct bringing *g, size_t i, struct ex_err *err)
{
	const struct ex_set *set = g->b->set;
	struct ex_segment *s = &g->out->segment[i];
	char name[EX_IMAGING_NAME + 16], ext[9], path[EX_PATH];
	int rc;

	ex_set_extension(ext, set, i);
	(void)snprintf(name, sizeof(name), "%.47s.%s", g->b->name, ext);
	if (ex_path_join(path, sizeof(path), g->b->dir, name, err) == -1)
		return -1;
	rc = begin_file(g, s, path, err);
	if (rc == 0)
		rc = set->kind == EX_SET_FOLDER
			 ? pack_folder(g, set->path[i], err)
			 : copy_from(g, set->path[i], err);
	return end_file(g, s, rc, err);
}

/* What the files have, and whether the folder's disk has room for it. */
static int
check_room(struct bringing *g, struct ex_err *err)
{
	struct statvfs v;
	struct stat st;
	uint64_t room;

	if (g->b->set->kind == EX_SET_FOLDER)
		return 0;
	for (size_t i = 0; i < g->b->set->n; i++) {
		if (stat(g->b->set->path[i], &st) == -1)
			return ex_fail_errno(err, "%s", g->b->set->path[i]);
		g->total += (uint64_t)st.st_size;
	}
	if (statvfs(g->b->dir, &v) == -1)
		return ex_fail_errno(err, "%s", g->b->dir);
	room = (uint64_t)v.f_bavail * v.f_frsize;
	if (room < ROOM || room - ROOM < g->total)
		return ex_fail(err, EX_LIMIT,
		    "no room for %" PRIu64 " bytes: %" PRIu64 " are free at %s",
		    g->total, room, g->b->dir);
	return 0;
}

int
ex_bring(struct ex_brought *out, const struct ex_bring *b, struct ex_err *err)
{
	struct bringing g = { .b = b, .out = out, .fd = -1 };
	int rc = -1;

	memset(out, 0, sizeof(*out));
	g.buf = malloc(STEP);
	out->segment = calloc(b->set->n, sizeof(*out->segment));
	if (g.buf == NULL || out->segment == NULL)
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
	else if (check_room(&g, err) == 0)
		rc = ex_digest_new(&g.all, b->algs, err);
	for (size_t i = 0; rc == 0 && i < b->set->n; i++)
		rc = bring_one(&g, i, err);
	if (rc == 0)
		rc = ex_digest_end(
		    g.all, out->digest, &out->ndigests, NULL, err);
	if (rc == 0)
		rc = ex_dir_sync(b->dir, err);
	ex_digest_free(g.all);
	free(g.buf);
	return rc;
}

void
ex_brought_free(struct ex_brought *b)
{
	free(b->segment);
	ex_buf_free(&b->list);
	memset(b, 0, sizeof(*b));
}
