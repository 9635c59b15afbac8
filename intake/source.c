/*
 * source.c -- regular files and block devices, opened to read.
 */
#define _GNU_SOURCE /* O_DIRECT, O_NOATIME */
#include "intake/source.h"

#include <sys/ioctl.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "intake/source_direct.h"
#include "intake/source_fd.h"
#include "intake/source_line.h"
#include "intake/source_system.h"

struct real {
	int fd;	    /* -1: it went away */
	int direct; /* of a file, once more, past the page cache; or -1 */
	int line;   /* to the disk's commands, or -1; may be fd itself */
	int claim;
	int is_device;
	uint32_t sector; /* bytes; 0: reads of any size are possible */
	dev_t dev;
	/* Of a file, by which it is known again. */
	ino_t inode;
	struct timespec changed;
};

static enum ex_got
real_read(void *self, void *buf, size_t n, uint64_t off, struct ex_err *err)
{
	const struct real *r = self;
	const struct ex_source_fd at = { r->fd, r->direct, r->is_device,
		r->sector, r->dev };

	return ex_source_read_fd(&at, buf, n, off, err);
}

static void
let_go(struct real *r)
{
	if (r->line != -1 && r->line != r->fd)
		(void)close(r->line);
	if (r->direct != -1)
		(void)close(r->direct);
	if (r->fd != -1)
		(void)close(r->fd);
	r->line = r->direct = r->fd = -1;
}

static void
real_close(void *self)
{
	struct real *r = self;

	let_go(r);
	free(r);
}

static enum ex_asked
real_command(void *self, const struct ex_command_request *request,
    struct ex_command_reply *reply)
{
	const struct real *r = self;

	return r->line == -1 ? EX_ASKED_NO_WAY
			     : ex_line_send(r->line, request, reply);
}

static enum ex_back
real_again(void *self, const struct ex_source_info *was, struct ex_err *err);
static int real_size(void *self, uint64_t *now, struct ex_err *err);
static void real_forget(void *self);

static const struct ex_source_ops real_ops = { real_read, real_again, real_size,
	real_forget, real_close, real_command };

static void
set_unknown(struct ex_source_info *info)
{
	char *const text[] = { info->by_id, info->vendor, info->model,
		info->serial, info->firmware, info->transport };

	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		(void)snprintf(text[i], EX_SOURCE_TEXT, "unknown");
}

/* The path without symbolic links, and what is there. */
static int
look_at(struct ex_source_info *info, struct stat *st, const char *path,
    struct ex_err *err)
{
	if (path == NULL || path[0] == '\0')
		return ex_fail(err, EX_USAGE, "no source is named");
	if (realpath(path, info->path) == NULL || stat(info->path, st) == -1) {
		if (errno == ENOENT || errno == ENOTDIR)
			return ex_fail(err, EX_ABSENT,
			    "%s: there is no such source", path);
		return ex_fail_errno(err, "%s", path);
	}
	if (S_ISDIR(st->st_mode))
		return ex_fail(err, EX_STATE,
		    "%s is a folder: a source is a file or a block device",
		    path);
	if (!S_ISREG(st->st_mode) && !S_ISBLK(st->st_mode))
		return ex_fail(err, EX_STATE,
		    "%s is neither a file nor a block device", path);
	info->kind = S_ISBLK(st->st_mode) ? EX_SOURCE_BLOCK : EX_SOURCE_FILE;
	return 0;
}

/* Open without leaving a trace where that is allowed. */
static int
open_file(struct ex_source_info *info, struct ex_err *err)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	int fd = open(info->path, flags | O_NOATIME);

	if (fd == -1 && errno == EPERM)
		fd = open(info->path, flags);
	if (fd == -1)
		return ex_fail_errno(err, "%s: cannot be read", info->path);
	return fd;
}

/*
 * Past the page cache, which would lose a whole page for one sector; and
 * claimed, so that nobody can mount it meanwhile, unless it is only looked
 * at.
 */
static int
open_device(struct ex_source_info *info, int claim, struct ex_err *err)
{
	const int flags =
	    O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (claim ? O_EXCL : 0);
	int fd = open(info->path, flags | O_DIRECT);

	info->direct = fd != -1;
	if (fd == -1 && errno == EINVAL)
		fd = open(info->path, flags);
	if (fd == -1 && errno == EBUSY)
		return ex_fail(err, EX_STATE,
		    "%s is in use by the system: mounted elsewhere, or part "
		    "of a RAID or volume group",
		    info->path);
	if (fd == -1)
		return ex_fail_errno(err, "%s: cannot be read", info->path);
	return fd;
}

/* What kernel, udev and the drive itself say about a device. */
static void
identify(struct ex_source *s)
{
	struct real *r = s->self;
	dev_t disk = ex_system_disk(&ex_system_here, r->dev);

	ex_system_identify(&ex_system_here, r->dev, &s->info);
	/* Commands go to the disk: a partition has none of its own. */
	r->line = disk == r->dev ? r->fd : ex_line_open(disk);
	ex_identity_learn(s);
}

static int
measure(struct ex_source *s, const struct stat *st, struct ex_err *err)
{
	struct real *r = s->self;
	struct stat now;

	if (fstat(r->fd, &now) == -1)
		return ex_fail_errno(err, "%s", s->info.path);
	if (now.st_dev != st->st_dev || now.st_ino != st->st_ino)
		return ex_fail(err, EX_CONFLICT,
		    "%s was exchanged while it was opened", s->info.path);
	if (r->is_device) {
		if (ex_line_measure(&s->info, r->fd, err) == -1)
			return -1;
		r->sector = s->info.direct ? s->info.sector_size : 0;
		identify(s);
	} else {
		r->inode = now.st_ino;
		r->changed = now.st_mtim;
		s->info.size = (uint64_t)now.st_size;
		s->info.learned[EX_TRAIT_SIZE] = EX_LEARNED_FILE;
		s->info.sector_size = EX_SECTOR;
		s->info.physical_sector_size = EX_SECTOR;
		r->direct = ex_source_direct(r->fd);
		s->info.direct = r->direct != -1;
		(void)posix_fadvise(r->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	}
	if (s->info.size == 0)
		return ex_fail(err, EX_STATE,
		    "%s is empty: there is nothing to read", s->info.path);
	return 0;
}

static int
open_real(
    struct ex_source *s, const struct stat *st, int claim, struct ex_err *err)
{
	struct real *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	r->line = r->direct = -1;
	r->claim = claim;
	r->is_device = s->info.kind == EX_SOURCE_BLOCK;
	r->dev = st->st_rdev;
	r->fd = r->is_device ? open_device(&s->info, claim, err)
			     : open_file(&s->info, err);
	if (r->fd == -1) {
		free(r);
		return -1;
	}
	s->ops = &real_ops;
	s->self = r;
	return measure(s, st, err);
}

static int
open_source(
    struct ex_source **out, const char *path, int claim, struct ex_err *err)
{
	struct ex_source *s = calloc(1, sizeof(*s));
	struct stat st;

	*out = NULL;
	if (s == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	set_unknown(&s->info);
	if (look_at(&s->info, &st, path, err) == -1)
		goto out;
	if (claim && S_ISBLK(st.st_mode) &&
	    ex_system_check_use(
		&ex_system_here, st.st_rdev, s->info.path, err) == -1)
		goto out;
	if (open_real(s, &st, claim, err) == -1)
		goto out;
	*out = s;
	return 0;
out:
	ex_source_close(s);
	return -1;
}

int
ex_source_open(struct ex_source **out, const char *path, struct ex_err *err)
{
	return open_source(out, path, 1, err);
}

int
ex_source_look(struct ex_source **out, const char *path, struct ex_err *err)
{
	return open_source(out, path, 0, err);
}

/*
 * Where it may be now: a device by the name that udev gives it wherever it is
 * plugged in, else where it was.
 */
static int
open_again(struct ex_source **out, const struct ex_source_info *was, int claim,
    struct ex_err *err)
{
	char path[EX_PATH];

	if (was->kind == EX_SOURCE_BLOCK &&
	    strcmp(was->by_id, "unknown") != 0 &&
	    ex_path_join(path, sizeof(path), ex_system_here.by_id, was->by_id,
		NULL) == 0 &&
	    ex_file_exists(path))
		return open_source(out, path, claim, err);
	return open_source(out, was->path, claim, err);
}

static enum ex_back
real_again(void *self, const struct ex_source_info *was, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct real *r = self, *now;
	struct ex_source *s;
	enum ex_back back;

	/* While it is held, its node is not given to what is plugged in. */
	let_go(r);
	if (open_again(&s, was, r->claim, &why) == -1) {
		(void)ex_fail(err, why.code, "%s", why.text);
		return EX_BACK_NOT_YET;
	}
	now = s->self;
	back = ex_source_same(was, &s->info, err);
	if (back == EX_BACK_SAME && !r->is_device &&
	    (r->inode != now->inode ||
		r->changed.tv_sec != now->changed.tv_sec ||
		r->changed.tv_nsec != now->changed.tv_nsec)) {
		(void)ex_fail(err, EX_CONFLICT,
		    "another file is at %s, or it was changed", was->path);
		back = EX_BACK_OTHER;
	}
	if (back == EX_BACK_SAME) {
		r->fd = now->fd;
		r->line = now->line;
		r->direct = now->direct;
		r->dev = now->dev;
		now->fd = now->line = now->direct = -1;
	}
	ex_source_close(s);
	return back;
}

static void
real_forget(void *self)
{
	const struct real *r = self;

	if (r->fd != -1)
		(void)posix_fadvise(r->fd, 0, 0, POSIX_FADV_DONTNEED);
}

static int
real_size(void *self, uint64_t *now, struct ex_err *err)
{
	const struct real *r = self;
	struct stat st;

	if (r->fd == -1)
		return ex_fail(err, EX_ABSENT, "the source is not there");
	if (r->is_device)
		return ioctl(r->fd, BLKGETSIZE64, now) == 0
			   ? 0
			   : ex_fail_errno(err, "size of the source");
	if (fstat(r->fd, &st) == -1)
		return ex_fail_errno(err, "size of the source");
	*now = (uint64_t)st.st_size;
	return 0;
}

void
ex_source_close(struct ex_source *s)
{
	if (s == NULL)
		return;
	if (s->ops != NULL && s->ops->close != NULL)
		s->ops->close(s->self);
	free(s);
}

enum ex_got
ex_source_read(
    struct ex_source *s, void *buf, size_t n, uint64_t off, struct ex_err *err)
{
	return s->ops->read(s->self, buf, n, off, err);
}

const char *
ex_source_kind_text(enum ex_source_kind kind)
{
	return kind == EX_SOURCE_BLOCK ? "block" : "file";
}
