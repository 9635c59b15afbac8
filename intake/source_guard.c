/*
 * source_guard.c -- sources that cannot be imaged soundly from here.
 */
#include <sys/stat.h>

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
ex_source_guard(const struct ex_source *s, const struct ex_source_avoid *avoid,
    struct ex_err *err)
{
	for (size_t i = 0; i < avoid->ndir; i++) {
		struct ex_system_dir dir = { avoid->dir[i], 0 };
		struct stat st, source;

		if (s->info.kind == EX_SOURCE_FILE) {
			if (avoid->image != NULL &&
			    is_of_set(&s->info, avoid->dir[i], avoid->image))
				return ex_fail(err, EX_STATE,
				    "%s is a file of the image %s that would "
				    "be written",
				    s->info.path, avoid->image);
			continue;
		}
		if (stat(avoid->dir[i], &st) == -1)
			return ex_fail_errno(err, "%s", avoid->dir[i]);
		if (stat(s->info.path, &source) == -1)
			return ex_fail_errno(err, "%s", s->info.path);
		dir.dev = st.st_dev;
		if (ex_system_check(&ex_system_here, source.st_rdev,
			s->info.path, &dir, 1, err) == -1)
			return -1;
	}
	return 0;
}
