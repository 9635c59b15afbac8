/*
 * image_export_names.c -- what an image that goes out is called, and that it
 * gets its names when it is whole.
 */
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cases/image_export_parts.h"
#include "hashing/digest.h"

static int
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int
ex_export_place(struct ex_exporting *e, struct ex_err *err)
{
	const char *to = e->x->to, *base = ex_path_base(to);
	size_t n;

	if (is_folder(to)) {
		base = e->image.name;
		if (ex_path_join(e->dir, EX_PATH, NULL, to, err) == -1)
			return -1;
	} else if (base == to) {
		(void)snprintf(e->dir, sizeof(e->dir), ".");
	} else {
		n = (size_t)(base - to);
		if (n >= sizeof(e->dir))
			return ex_fail(err, EX_LIMIT, "%.80s...: too long", to);
		memcpy(e->dir, to, n);
		e->dir[n] = '\0';
	}
	if (base[0] == '\0' || !is_folder(e->dir))
		return ex_fail(
		    err, EX_ABSENT, "%s: no such folder to write to", e->dir);
	(void)snprintf(e->stem, sizeof(e->stem), "%s", base);
	n = strlen(e->stem);
	if (e->as == EX_CONTAINER_E01 && n > 4 &&
	    strcasecmp(&e->stem[n - 4], ".E01") == 0)
		e->stem[n - 4] = '\0';
	else if (e->as == EX_CONTAINER_RAW && base == e->image.name)
		(void)snprintf(e->stem, sizeof(e->stem), "%.40s.raw", base);
	return 0;
}

/* DIR/STEM, and with the extension of a file of the set. */
int
ex_export_name(char out[EX_PATH], const struct ex_exporting *e,
    const char *made, struct ex_err *err)
{
	char name[EX_PATH + 16];
	const char *dot = made == NULL ? NULL : strrchr(made, '.');

	(void)snprintf(name, sizeof(name), "%s%s", e->stem,
	    e->as == EX_CONTAINER_RAW ? ""
	    : dot == NULL	      ? ".E01"
				      : dot);
	return ex_path_join(out, EX_PATH, e->dir, name, err);
}

int
ex_export_refuse(const struct ex_exporting *e, struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_export_name(path, e, NULL, err) == -1)
		return -1;
	return !ex_file_exists(path)
		   ? 0
		   : ex_fail(err, EX_EXISTS,
			 "%s is there: nothing is written over", path);
}

int
ex_export_temp(struct ex_exporting *e, struct ex_err *err)
{
	if (ex_path_join(e->temp, sizeof(e->temp), e->dir,
		".exhibit-export.XXXXXX", err) == -1)
		return -1;
	if (mkdtemp(e->temp) != NULL)
		return 0;
	e->temp[0] = '\0';
	return ex_fail_errno(err, "%s", e->dir);
}

/* Give a file its name, unless something has it. */
static int
give_name(const struct ex_exporting *e, const char *made, struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_export_name(path, e, made, err) == -1)
		return -1;
	if (link(made, path) == 0)
		return 0;
	return errno == EEXIST
		   ? ex_fail(err, EX_EXISTS,
			 "%s is there: nothing is written over", path)
		   : ex_fail_errno(err, "%s", path);
}

/* The names that were given go again, from the n-th segment on. */
static void
take_names_back(const struct ex_exporting *e, size_t n)
{
	const struct ex_image_copy *c = &e->out.copy[0];
	char path[EX_PATH];

	for (size_t k = n; k < c->nsegments; k++)
		if (ex_export_name(path, e, c->segment[k].path, NULL) == 0)
			(void)unlink(path);
	if (e->as == EX_CONTAINER_RAW &&
	    ex_export_name(path, e, NULL, NULL) == 0)
		(void)unlink(path);
}

int
ex_export_give_names(const struct ex_exporting *e, struct ex_err *err)
{
	const struct ex_image_copy *c = &e->out.copy[0];
	char made[EX_PATH];

	if (e->as == EX_CONTAINER_RAW) {
		if (ex_path_join(made, EX_PATH, e->temp, "raw", err) == -1 ||
		    give_name(e, made, err) == -1)
			return -1;
		return ex_dir_sync(e->dir, err);
	}
	for (size_t k = c->nsegments; k-- > 0;)
		if (give_name(e, c->segment[k].path, err) == -1) {
			take_names_back(e, k + 1);
			return -1;
		}
	return ex_dir_sync(e->dir, err);
}

void
ex_export_take_back(const struct ex_exporting *e)
{
	take_names_back(e, 0);
}

int
ex_export_segments(
    struct ex_json *v, const struct ex_exporting *e, struct ex_err *err)
{
	const struct ex_image_copy *c = &e->out.copy[0];
	struct ex_json *list = ex_json_array();
	char path[EX_PATH];

	if (ex_json_set(v, "segments", list, err) == -1)
		return -1;
	for (size_t k = 0; k < c->nsegments; k++) {
		struct ex_json *one = ex_json_object();

		if (ex_export_name(path, e, c->segment[k].path, err) == -1 ||
		    ex_json_set_text(one, "path", path, err) == -1 ||
		    ex_json_set_int(
			one, "size", (int64_t)c->segment[k].size, err) == -1 ||
		    ex_json_set_hex(one, "sha256", c->segment[k].sha256,
			EX_SHA256_LEN, err) == -1) {
			ex_json_free(one);
			return -1;
		}
		if (ex_json_add(list, one, err) == -1)
			return -1;
	}
	return 0;
}
