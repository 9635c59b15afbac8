/*
 * imaging_clear.c -- what a run that died left in a destination, removed or
 * taken back.
 */
#include <sys/file.h>
#include <sys/stat.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "intake/imaging_parts.h"

/* A temporary folder, unless a living run holds it. */
static int
clear_folder(size_t *n, const char *dir, const char *name, const char *which,
    struct ex_err *err)
{
	char path[EX_PATH];
	int fd, rc;

	if (ex_imaging_folder(path, dir, name, which, err) == -1)
		return -1;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1 && errno == ENOENT)
		return 0;
	if (fd == -1)
		return ex_fail_errno(err, "%s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		rc = errno == EWOULDBLOCK
			 ? ex_fail(err, EX_CONFLICT,
			       "%s: a run is writing there", path)
			 : ex_fail_errno(err, "%s", path);
	} else {
		rc = ex_remove_tree(path, err);
		*n += rc == 0 ? 1 : 0;
	}
	(void)close(fd);
	return rc;
}

static int
clear_partial(size_t *n, const char *dir, const char *name, struct ex_err *err)
{
	if (clear_folder(n, dir, name, "partial", err) == -1)
		return -1;
	for (size_t i = 0; i < EX_IMAGING_BEFORES; i++)
		if (clear_folder(
			n, dir, name, ex_imaging_before_name(i), err) == -1)
			return -1;
	return 0;
}

int
ex_imaging_settled(const char *dir, const char *name, struct ex_err *err)
{
	size_t n = 0;

	return ex_file_exists(dir) ? clear_partial(&n, dir, name, err) : 0;
}

/* NAME.E01, NAME.EAA, NAME.001, NAME.raw: as containers name segments. */
static int
is_segment(const char *file, const char *name)
{
	size_t n = strlen(name);
	const char *ext = &file[n + 1];

	if (strncmp(file, name, n) != 0 || file[n] != '.' || strlen(ext) != 3)
		return 0;
	for (size_t i = 0; i < 3; i++)
		if (!isalnum((unsigned char)ext[i]))
			return 0;
	return 1;
}

struct pass {
	const char *dir, *name;
	const char *temp; /* where to; NULL: nowhere */
	size_t n;
};

static int
clear_segment(void *arg, const char *file, struct ex_err *err)
{
	struct pass *p = arg;
	char path[EX_PATH], to[EX_PATH];
	struct stat st;

	if (!is_segment(file, p->name))
		return 0;
	if (ex_path_join(path, sizeof(path), p->dir, file, err) == -1)
		return -1;
	if (lstat(path, &st) == -1 || !S_ISREG(st.st_mode))
		return 0;
	if (p->temp == NULL && unlink(path) == -1)
		return ex_fail_errno(err, "%s", path);
	if (p->temp != NULL &&
	    (ex_path_join(to, sizeof(to), p->temp, file, err) == -1 ||
		rename(path, to) == -1))
		return ex_fail_errno(err, "%s", path);
	p->n++;
	return 0;
}

int
ex_imaging_take_back(
    const char *dir, const char *name, const char *temp, struct ex_err *err)
{
	struct pass p = { dir, name, temp, 0 };

	return ex_dir_each(dir, clear_segment, &p, err);
}

static int
clear_segments(size_t *n, const char *dir, const char *name, struct ex_err *err)
{
	struct pass p = { dir, name, NULL, 0 };
	struct ex_err why = EX_ERR_INIT;
	int rc = ex_dir_each(dir, clear_segment, &p, &why);

	*n += p.n;
	if (rc == -1)
		return ex_fail(err, why.code, "%s", why.text);
	return p.n == 0 ? 0 : ex_dir_sync(dir, err);
}

int
ex_imaging_clear_copy(const char *dir, const char *name, struct ex_err *err)
{
	size_t n = 0;

	if (clear_folder(&n, dir, name, "partial", err) == -1)
		return -1;
	return clear_segments(&n, dir, name, err);
}

int
ex_imaging_clear(
    size_t *n, const char *dir, const char *name, struct ex_err *err)
{
	if (name == NULL || !ex_text_item_ok(name))
		return ex_fail(err, EX_USAGE, "no name of an image");
	if (!ex_file_exists(dir))
		return 0;
	if (clear_partial(n, dir, name, err) == -1)
		return -1;
	return clear_segments(n, dir, name, err);
}
