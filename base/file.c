/*
 * file.c -- whole files: the old one or the new one, never half of one.
 */
#include "base/file.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"

enum {
	CHUNK = 65536
};

int
ex_fd_read_all(struct ex_buf *out, int fd, size_t max, struct ex_err *err)
{
	size_t start = out->len;

	for (;;) {
		ssize_t n;

		if (ex_buf_reserve(out, CHUNK, err) == -1)
			return -1;
		n = read(fd, out->data + out->len, CHUNK);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return ex_fail_errno(err, "read");
		if (n == 0)
			return 0;
		out->len += (size_t)n;
		out->data[out->len] = 0;
		if (out->len - start > max)
			return ex_fail(
			    err, EX_LIMIT, "larger than %zu bytes", max);
	}
}

int
ex_file_read(
    struct ex_buf *out, const char *path, size_t max, struct ex_err *err)
{
	struct stat st;
	int fd, rc = -1;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1 && errno == ENOENT)
		return ex_fail(err, EX_ABSENT, "%s: no such file", path);
	if (fd == -1)
		return ex_fail_errno(err, "%s", path);
	if (fstat(fd, &st) == -1)
		(void)ex_fail_errno(err, "%s", path);
	else if (!S_ISREG(st.st_mode))
		(void)ex_fail(err, EX_SYSTEM, "%s: not a regular file", path);
	else if (ex_fd_read_all(out, fd, max, err) == -1)
		(void)ex_while(err, path);
	else
		rc = 0;
	(void)close(fd);
	return rc;
}

int
ex_fd_write_all(int fd, const void *data, size_t n, struct ex_err *err)
{
	const uint8_t *p = data;

	while (n > 0) {
		ssize_t got = write(fd, p, n);

		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return ex_fail_errno(err, "write");
		p += got;
		n -= (size_t)got;
	}
	return 0;
}

int
ex_dir_sync(const char *path, struct ex_err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = 0;

	if (fd == -1)
		return ex_fail_errno(err, "%s", path);
	/* Some file systems have nothing to sync in a folder. */
	if (fsync(fd) == -1 && errno != EINVAL)
		rc = ex_fail_errno(err, "%s: fsync", path);
	(void)close(fd);
	return rc;
}

/* The folder part of path: "." without a '/'. */
static int
folder_of(char out[EX_PATH], const char *path, struct ex_err *err)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash == NULL ? 1 : (size_t)(slash - path);

	if (slash == path)
		n = 1;
	if (n >= EX_PATH)
		return ex_fail(err, EX_LIMIT, "path too long");
	memcpy(out, slash == NULL ? "." : path, n);
	out[n] = '\0';
	return 0;
}

int
ex_dir_sync_of(const char *file, struct ex_err *err)
{
	char dir[EX_PATH];

	if (folder_of(dir, file, err) == -1)
		return -1;
	return ex_dir_sync(dir, err);
}

/* Write a file beside path and bring it to disk; its name in tmp. */
static int
write_beside(char tmp[EX_PATH], const char *path, const void *data, size_t n,
    mode_t mode, struct ex_err *err)
{
	uint8_t noise[8];
	char text[17];
	int fd, rc, len;

	ex_random(noise, sizeof(noise));
	ex_hex(text, noise, sizeof(noise));
	len = snprintf(tmp, EX_PATH, "%s.%s.tmp", path, text);
	if (len < 0 || len >= EX_PATH)
		return ex_fail(err, EX_LIMIT, "path too long");
	fd = open(
	    tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd == -1)
		return ex_fail_errno(err, "%s", path);
	rc = ex_fd_write_all(fd, data, n, err);
	/* The mode as asked, whatever the umask. */
	if (rc == 0 && fchmod(fd, mode) == -1)
		rc = ex_fail_errno(err, "chmod");
	if (rc == 0 && fsync(fd) == -1)
		rc = ex_fail_errno(err, "fsync");
	if (close(fd) == -1 && rc == 0)
		rc = ex_fail_errno(err, "close");
	if (rc == -1) {
		(void)ex_while(err, path);
		(void)unlink(tmp);
	}
	return rc;
}

int
ex_file_write(const char *path, const void *data, size_t n, mode_t mode,
    struct ex_err *err)
{
	char tmp[EX_PATH];

	if (write_beside(tmp, path, data, n, mode, err) == -1)
		return -1;
	if (rename(tmp, path) == -1) {
		(void)ex_fail_errno(err, "%s", path);
		(void)unlink(tmp);
		return -1;
	}
	return ex_dir_sync_of(path, err);
}

int
ex_file_create(const char *path, const void *data, size_t n, mode_t mode,
    struct ex_err *err)
{
	char tmp[EX_PATH];
	int rc = 0;

	if (write_beside(tmp, path, data, n, mode, err) == -1)
		return -1;
	/* link() refuses what is there, which rename() would replace. */
	if (link(tmp, path) == -1) {
		if (errno == EEXIST)
			rc = ex_fail(
			    err, EX_EXISTS, "%s: is there already", path);
		else
			rc = ex_fail_errno(err, "%s", path);
	}
	(void)unlink(tmp);
	return rc == -1 ? -1 : ex_dir_sync_of(path, err);
}

int
ex_dir_make(const char *path, mode_t mode, struct ex_err *err)
{
	char part[EX_PATH];
	size_t n = strlen(path);

	if (n == 0 || n >= sizeof(part))
		return ex_fail(err, EX_LIMIT, "path empty or too long");
	for (size_t i = 1; i <= n; i++) {
		struct stat st;

		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, mode) == 0) {
			if (ex_dir_sync_of(part, err) == -1)
				return -1;
			continue;
		}
		if (errno != EEXIST)
			return ex_fail_errno(err, "%s", part);
		if (stat(part, &st) == -1)
			return ex_fail_errno(err, "%s", part);
		if (!S_ISDIR(st.st_mode))
			return ex_fail(
			    err, EX_SYSTEM, "%s: not a folder", part);
	}
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
	char **name;
	size_t n, cap;
};

static void
names_free(struct names *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->name[i]);
	free(l->name);
}

static int
names_add(struct names *l, const char *name, struct ex_err *err)
{
	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 16 : l->cap * 2;
		char **more = realloc(l->name, cap * sizeof(*more));

		if (more == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		l->name = more;
		l->cap = cap;
	}
	if ((l->name[l->n] = strdup(name)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	l->n++;
	return 0;
}

static int
names_read(struct names *l, const char *path, struct ex_err *err)
{
	struct dirent *e;
	DIR *dir = opendir(path);
	int rc = 0;

	if (dir == NULL && errno == ENOENT)
		return ex_fail(err, EX_ABSENT, "%s: no such folder", path);
	if (dir == NULL)
		return ex_fail_errno(err, "%s", path);
	errno = 0;
	while (rc == 0 && (e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			rc = names_add(l, e->d_name, err);
		errno = 0;
	}
	if (rc == 0 && errno != 0)
		rc = ex_fail_errno(err, "%s", path);
	(void)closedir(dir);
	return rc;
}

int
ex_dir_each(const char *path,
    int (*each)(void *arg, const char *name, struct ex_err *err), void *arg,
    struct ex_err *err)
{
	struct names l = { NULL, 0, 0 };
	int rc;

	rc = names_read(&l, path, err);
	if (rc == 0 && l.n > 1)
		qsort(l.name, l.n, sizeof(*l.name), by_name);
	for (size_t i = 0; rc == 0 && i < l.n; i++)
		rc = each(arg, l.name[i], err);
	names_free(&l);
	return rc;
}

/*
 * What is still to be removed: a folder is put back before its contents, so
 * that it comes again, empty, when they are gone.
 */
struct removal {
	struct names todo;
	char dir[EX_PATH];
};

static int
remove_later(void *arg, const char *name, struct ex_err *err)
{
	struct removal *r = arg;
	char path[EX_PATH];

	if (ex_path_join(path, sizeof(path), r->dir, name, err) == -1)
		return -1;
	return names_add(&r->todo, path, err);
}

/* Remove the last path of the list, or add what is in it. */
static int
remove_one(struct removal *r, struct ex_err *err)
{
	char *path = r->todo.name[r->todo.n - 1];
	size_t before = r->todo.n;
	struct stat st;

	memset(&st, 0, sizeof(st));
	if (lstat(path, &st) == -1 && errno != ENOENT)
		return ex_fail_errno(err, "%s", path);
	if (S_ISDIR(st.st_mode)) {
		(void)snprintf(r->dir, sizeof(r->dir), "%s", path);
		if (rmdir(path) == -1) {
			if (errno != ENOTEMPTY && errno != EEXIST)
				return ex_fail_errno(err, "%s", path);
			if (ex_dir_each(r->dir, remove_later, r, err) == -1)
				return -1;
			return r->todo.n > before
				   ? 0
				   : ex_fail(err, EX_SYSTEM, "%s: not empty",
					 r->dir);
		}
	} else if (unlink(path) == -1 && errno != ENOENT) {
		return ex_fail_errno(err, "%s", path);
	}
	free(path);
	r->todo.n--;
	return 0;
}

int
ex_remove_tree(const char *path, struct ex_err *err)
{
	struct removal r;
	struct stat st;
	int rc;

	memset(&r, 0, sizeof(r));
	if (lstat(path, &st) == -1 && errno == ENOENT)
		return 0;
	rc = names_add(&r.todo, path, err);
	while (rc == 0 && r.todo.n > 0)
		rc = remove_one(&r, err);
	names_free(&r.todo);
	return rc;
}

int
ex_file_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

int
ex_file_lock(const char *path, struct ex_err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd == -1)
		return ex_fail_errno(err, "%s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		if (errno == EWOULDBLOCK)
			(void)ex_fail(err, EX_CONFLICT,
			    "%s: another process holds it", path);
		else
			(void)ex_fail_errno(err, "%s", path);
		(void)close(fd);
		return -1;
	}
	return fd;
}

int
ex_path_join(char *out, size_t size, const char *dir, const char *name,
    struct ex_err *err)
{
	int n;

	if (dir == NULL || name[0] == '/')
		n = snprintf(out, size, "%s", name);
	else
		n = snprintf(out, size, "%s%s%s", dir,
		    dir[0] != '\0' && dir[strlen(dir) - 1] == '/' ? "" : "/",
		    name);
	if (n < 0 || (size_t)n >= size)
		return ex_fail(err, EX_LIMIT, "path too long");
	return 0;
}

const char *
ex_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}
