/*
 * source_guard.c -- sources that cannot be imaged soundly from here.
 */
#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/source.h"
#include "intake/source_system.h"

/* Is the file one of the image set, in this folder or its temporary one? */
static int
is_of_set(const struct ex_source_info *info, const char *dir, const char *image)
{
	char real[EX_PATH];
	size_t n = strlen(image);
	const char *p;

	if (realpath(dir, real) == NULL || strcmp(real, "/") == 0)
		return 0;
	if (strncmp(info->path, real, strlen(real)) != 0)
		return 0;
	p = &info->path[strlen(real)];
	if (*p++ != '/')
		return 0;
	if (*p == '.' && strncmp(&p[1], image, n) == 0 &&
	    strncmp(&p[n + 1], ".partial/", 9) == 0)
		return 1;
	return strncmp(p, image, n) == 0 && p[n] == '.' &&
	       strchr(p, '/') == NULL;
}

int
ex_source_in_use(
    char use[EX_ERR_TEXT], const struct ex_source *s, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct stat st;

	use[0] = '\0';
	if (s->info.kind != EX_SOURCE_BLOCK)
		return 0;
	if (stat(s->info.path, &st) == -1)
		return ex_fail_errno(err, "%s", s->info.path);
	if (ex_system_check_use(
		&ex_system_here, st.st_rdev, s->info.path, &why) == 0)
		return 0;
	if (why.code != EX_STATE)
		return ex_fail(err, why.code, "%s", why.text);
	(void)snprintf(use, EX_ERR_TEXT, "%s", why.text);
	return 0;
}

/* Is the file one that would be written, or what carries it? */
static int
guard_file(const struct ex_source *s, const struct stat *source,
    const struct ex_source_avoid *avoid, const struct ex_system_dir *dir,
    struct ex_err *err)
{
	if (avoid->image != NULL &&
	    is_of_set(&s->info, dir->path, avoid->image))
		return ex_fail(err, EX_STATE,
		    "%s is a file of the image %s that would be written",
		    s->info.path, avoid->image);
	return ex_system_check_file(
	    &ex_system_here, source, s->info.path, dir, 1, err);
}

int
ex_source_guard_live(const struct ex_source *s,
    const struct ex_source_avoid *avoid, struct ex_err *err)
{
	const char *path = s->info.path;
	struct stat st, source;
	int rc = 0;

	if (stat(path, &source) == -1)
		return ex_fail_errno(err, "%s", path);
	for (size_t i = 0; rc == 0 && i < avoid->ndir; i++) {
		struct ex_system_dir dir = { avoid->dir[i], 0 };

		if (stat(dir.path, &st) == -1)
			return ex_fail_errno(err, "%s", dir.path);
		dir.dev = st.st_dev;
		rc = s->info.kind == EX_SOURCE_FILE
			 ? guard_file(s, &source, avoid, &dir, err)
			 : ex_system_check_dirs(&ex_system_here, source.st_rdev,
			       path, &dir, 1, err);
	}
	return rc;
}

int
ex_source_guard(const struct ex_source *s, const struct ex_source_avoid *avoid,
    struct ex_err *err)
{
	char use[EX_ERR_TEXT];

	if (ex_source_guard_live(s, avoid, err) == -1 ||
	    ex_source_in_use(use, s, err) == -1)
		return -1;
	return use[0] == '\0' ? 0 : ex_fail(err, EX_STATE, "%s", use);
}
