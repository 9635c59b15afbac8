/*
 * folder.c -- reading a folder that a stranger filled.
 */
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "custody/folder.h"

enum {
	CHUNK = 65536 /* bytes read at once for a digest */
};

static int
alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* Is text[0..n) a name of a file or folder? */
static int
name_ok(const char *text, size_t n)
{
	if (n == 0 || !alphanumeric(text[0]))
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (!alphanumeric(text[i]) && text[i] != '.' &&
		    text[i] != '_' && text[i] != '-')
			return 0;
	}
	return 1;
}

int
ex_folder_path_ok(const char *path)
{
	size_t names = 0, start = 0, n;

	if (strlen(path) >= EX_FOLDER_PATH)
		return 0;
	do {
		n = strcspn(&path[start], "/");
		if (!name_ok(&path[start], n))
			return 0;
		names++;
		start += n + 1;
	} while (path[start - 1] != '\0');
	return names <= EX_FOLDER_DEPTH;
}

int
ex_folder_open(struct ex_folder *out, const char *path, struct ex_err *err)
{
	out->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->fd != -1)
		return 0;
	if (errno == ENOENT)
		return ex_fail(err, EX_ABSENT, "%s: no such folder", path);
	if (errno == ENOTDIR)
		return ex_fail(err, EX_FORMAT, "%s: not a folder", path);
	return ex_fail_errno(err, "%s", path);
}

void
ex_folder_close(struct ex_folder *f)
{
	if (f->fd != -1)
		(void)close(f->fd);
	f->fd = -1;
}

/* openat() that follows no link; says what is wrong.  Returns it or -1. */
static int
open_at(
    int dir, const char *name, int flags, const char *path, struct ex_err *err)
{
	int fd = openat(
	    dir, name, flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd != -1)
		return fd;
	if (errno == ENOENT)
		return ex_fail(err, EX_ABSENT, "%s: is not there", path);
	if (errno == ELOOP || errno == ENOTDIR)
		return ex_fail(err, EX_FORMAT,
		    "%s: a symbolic link, or not a folder above it", path);
	return ex_fail_errno(err, "%s", path);
}

/* Descend to the last name of a path, one name at a time. */
static int
open_path(const struct ex_folder *f, const char *path, struct ex_err *err)
{
	char copy[EX_FOLDER_PATH];
	char *name = copy, *slash;
	int dir = f->fd, fd;

	if (!ex_folder_path_ok(path))
		return ex_fail(err, EX_FORMAT,
		    "\"%.80s\": not a path inside the folder", path);
	memcpy(copy, path, strlen(path) + 1);
	while ((slash = strchr(name, '/')) != NULL) {
		*slash = '\0';
		fd = open_at(dir, name, O_DIRECTORY, path, err);
		if (dir != f->fd)
			(void)close(dir);
		if (fd == -1)
			return -1;
		dir = fd;
		name = &slash[1];
	}
	fd = open_at(dir, name, 0, path, err);
	if (dir != f->fd)
		(void)close(dir);
	return fd;
}

/* The same, and it must be a regular file. */
static int
open_file(const struct ex_folder *f, const char *path, struct ex_err *err)
{
	struct stat st;
	int fd = open_path(f, path, err);

	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == -1)
		(void)ex_fail_errno(err, "%s", path);
	else if (!S_ISREG(st.st_mode))
		(void)ex_fail(err, EX_FORMAT, "%s: not a regular file", path);
	else
		return fd;
	(void)close(fd);
	return -1;
}

int
ex_folder_read(struct ex_buf *out, const struct ex_folder *f, const char *path,
    size_t max, struct ex_err *err)
{
	int fd, rc;

	if ((fd = open_file(f, path, err)) == -1)
		return -1;
	rc = ex_fd_read_all(out, fd, max, err);
	(void)close(fd);
	return rc == -1 ? ex_while(err, path) : 0;
}

/* Feed everything that fd gives to d. */
static int
digest_fd(struct ex_digest *d, int fd, const char *path, struct ex_err *err)
{
	uint8_t chunk[CHUNK];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return ex_fail_errno(err, "%s", path);
		if (ex_digest_add(d, chunk, (size_t)n, err) == -1)
			return -1;
	}
	return 0;
}

int
ex_folder_sha256(uint8_t out[EX_SHA256_LEN], uint64_t *nbytes,
    const struct ex_folder *f, const char *path, struct ex_err *err)
{
	struct ex_digest_value value[EX_ALGS];
	struct ex_digest *d = NULL;
	size_t n;
	int fd, rc = -1;

	if ((fd = open_file(f, path, err)) == -1)
		return -1;
	if (ex_digest_new(&d, EX_ALG_BIT(EX_SHA256), err) == -1 ||
	    digest_fd(d, fd, path, err) == -1 ||
	    ex_digest_end(d, value, &n, nbytes, err) == -1)
		goto out;
	memcpy(out, value[0].value, EX_SHA256_LEN);
	rc = 0;
out:
	ex_digest_free(d);
	(void)close(fd);
	return rc;
}

/* Folders that are open, outermost first. */
struct walk {
	DIR *dir[EX_FOLDER_DEPTH];
	size_t start[EX_FOLDER_DEPTH]; /* where its names begin in path */
	size_t depth;
	size_t seen;
	char path[EX_FOLDER_PATH];
};

static int
push(struct walk *w, int at, const char *name, size_t start, struct ex_err *err)
{
	int fd = open_at(at, name, O_DIRECTORY, w->path, err);

	if (fd == -1)
		return -1;
	if ((w->dir[w->depth] = fdopendir(fd)) == NULL) {
		(void)close(fd);
		return ex_fail_errno(err, "%s", w->path);
	}
	w->start[w->depth++] = start;
	return 0;
}

static void
pop(struct walk *w)
{
	(void)closedir(w->dir[--w->depth]);
}

/* One name in the innermost folder: descend, or report what it is. */
static int
visit(struct walk *w, const char *name,
    int (*each)(void *arg, enum ex_folder_kind kind, const char *path,
	struct ex_err *err),
    void *arg, struct ex_err *err)
{
	int at = dirfd(w->dir[w->depth - 1]);
	size_t start = w->start[w->depth - 1];
	struct stat st;

	(void)snprintf(&w->path[start], sizeof(w->path) - start, "%s", name);
	if (++w->seen > EX_BUNDLE_FILES_MAX)
		return ex_fail(
		    err, EX_LIMIT, "more than %d files", EX_BUNDLE_FILES_MAX);
	if (!name_ok(name, strlen(name)) ||
	    start + strlen(name) + 1 >= sizeof(w->path))
		return each(arg, EX_FOLDER_NAME, w->path, err);
	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return ex_fail_errno(err, "%s", w->path);
	if (S_ISLNK(st.st_mode))
		return each(arg, EX_FOLDER_LINK, w->path, err);
	if (S_ISREG(st.st_mode))
		return each(arg, EX_FOLDER_FILE, w->path, err);
	if (!S_ISDIR(st.st_mode))
		return each(arg, EX_FOLDER_OTHER, w->path, err);
	if (w->depth == EX_FOLDER_DEPTH)
		return each(arg, EX_FOLDER_NAME, w->path, err);
	start += strlen(name);
	w->path[start++] = '/';
	w->path[start] = '\0';
	return push(w, at, name, start, err);
}

int
ex_folder_walk(const struct ex_folder *f,
    int (*each)(void *arg, enum ex_folder_kind kind, const char *path,
	struct ex_err *err),
    void *arg, struct ex_err *err)
{
	struct walk w = { .path = "." };
	struct dirent *d;
	int rc = -1;

	if (push(&w, f->fd, ".", 0, err) == -1)
		return -1;
	while (w.depth > 0) {
		errno = 0;
		if ((d = readdir(w.dir[w.depth - 1])) == NULL) {
			if (errno != 0) {
				(void)ex_fail_errno(err, "reading a folder");
				goto out;
			}
			pop(&w);
			continue;
		}
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (visit(&w, d->d_name, each, arg, err) == -1)
			goto out;
	}
	rc = 0;
out:
	while (w.depth > 0)
		pop(&w);
	return rc;
}
