/*
 * imaging_resume.c -- where earlier runs of an image stand, and what a run
 * that goes on takes from them.
 *
 * A container cannot be changed before its end.  When sectors that it has a
 * filling for are to be tried again, or it cannot be gone on with, the half
 * image becomes .NAME.before1 and a new one is written from it and from the
 * source; which may come to the same, before it has come as far, and then
 * there is a .NAME.before2.  They stay until the new one is settled or has
 * come as far as they.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "intake/imaging_parts.h"

int
ex_imaging_folder(char out[EX_PATH], const char *dir, const char *name,
    const char *which, struct ex_err *err)
{
	char folder[EX_IMAGING_NAME + 16];

	(void)snprintf(folder, sizeof(folder), ".%s.%s", name, which);
	return ex_path_join(out, EX_PATH, dir, folder, err);
}

const char *
ex_imaging_before_name(size_t which)
{
	static const char *const name[EX_IMAGING_BEFORES] = { "before1",
		"before2", "before3", "before4" };

	return name[which];
}

/* What lies in the folders of a request, the furthest of its kind. */
struct far {
	char path[EX_PATH]; /* "" when there is none */
	struct ex_journal j;
};

/* Another medium or request is an error; whatever else is of no use, not. */
static int
look(struct far *far, const struct ex_imaging *job,
    const struct ex_imaging_shape *shape, const char *which, struct ex_err *err)
{
	memset(far, 0, sizeof(*far));
	for (size_t i = 0; i < job->ndir; i++) {
		struct ex_err why = EX_ERR_INIT;
		struct ex_journal j;
		char path[EX_PATH];
		int rc;

		if (ex_imaging_folder(
			path, job->dir[i], job->name, which, err) == -1)
			return -1;
		rc = ex_imaging_state_look(&j, job, shape, path, &why);
		if (rc == 0 && j.mark.media > far->j.mark.media) {
			ex_journal_free(&far->j);
			far->j = j;
			memset(&j, 0, sizeof(j));
			(void)snprintf(
			    far->path, sizeof(far->path), "%s", path);
		}
		ex_journal_free(&j);
		if (rc == -1 && why.code == EX_STATE)
			return ex_fail(err, why.code, "%s", why.text);
	}
	return 0;
}

static int
drop_all(const struct ex_imaging *job, const char *which, struct ex_err *err)
{
	for (size_t i = 0; i < job->ndir; i++) {
		char path[EX_PATH];

		if (ex_imaging_folder(
			path, job->dir[i], job->name, which, err) == -1 ||
		    ex_remove_tree(path, err) == -1)
			return -1;
	}
	return 0;
}

/* The furthest half image steps aside, cut to its mark, to be read. */
static int
step_aside(const struct far *half, const char *which,
    const struct ex_imaging *job, const struct ex_imaging_shape *shape,
    const struct ex_container_ops *ops, struct ex_err *err)
{
	struct ex_container_plan plan;
	char dir[EX_PATH], to[EX_PATH];
	size_t n = strlen(half->path) - strlen(ex_path_base(half->path));
	int lock, rc = -1;

	(void)snprintf(dir, sizeof(dir), "%.*s", (int)n, half->path);
	ex_imaging_plan_container(&plan, job, shape, half->path);
	if (ex_imaging_folder(to, dir, job->name, which, err) == -1 ||
	    (lock = ex_imaging_lock(half->path, err)) == -1)
		return -1;
	if (ex_imaging_take_back(dir, job->name, half->path, err) == 0 &&
	    ops->settle(&plan, &half->j.mark, err) == 0)
		rc = rename(half->path, to) == -1 ? ex_fail_errno(err, "%s", to)
						  : ex_dir_sync(dir, err);
	(void)close(lock);
	return rc == -1 ? -1 : drop_all(job, "partial", err);
}

/* Keep what goes further than the half image; the rest is in that. */
static int
keep(struct ex_imaging_resumed *z, struct far *far, uint64_t half,
    const struct ex_imaging *job, const char *which, struct ex_err *err)
{
	struct ex_imaging_before *b = z->before;
	size_t at = 0;

	if (far->j.mark.media <= half)
		return drop_all(job, which, err);
	while (at < z->nbefore && b[at].bytes < far->j.mark.media)
		at++;
	memmove(&b[at + 1], &b[at], (z->nbefore - at) * sizeof(*b));
	z->nbefore++;
	(void)snprintf(b[at].path, sizeof(b[at].path), "%s", far->path);
	b[at].bytes = far->j.mark.media;
	b[at].map = far->j.map;
	memset(&far->j.map, 0, sizeof(far->j.map));
	return 0;
}

/* A place that is free to step aside to, or NULL. */
static const char *
find_befores(struct ex_imaging_resumed *z, uint64_t half,
    const struct ex_imaging *job, const struct ex_imaging_shape *shape,
    int *failed, struct ex_err *err)
{
	const char *is_free = NULL;

	*failed = 0;
	for (size_t i = 0; !*failed && i < EX_IMAGING_BEFORES; i++) {
		const char *which = ex_imaging_before_name(i);
		size_t n = z->nbefore;
		struct far far;

		*failed = look(&far, job, shape, which, err) == -1 ||
			  keep(z, &far, half, job, which, err) == -1;
		ex_journal_free(&far.j);
		if (!*failed && z->nbefore == n)
			is_free = which;
	}
	return is_free;
}

static void
forget_befores(struct ex_imaging_resumed *z)
{
	while (z->nbefore > 0)
		ex_ranges_free(&z->before[--z->nbefore].map);
}

/* Must the half image be written anew to be gone on with as is asked? */
static int
must_rewrite(const struct ex_imaging_resumed *z, const struct ex_imaging *job,
    const struct ex_imaging_shape *shape, const struct ex_container_ops *ops,
    const struct far *half)
{
	if (half->path[0] == '\0')
		return 0;
	if (job->retry_bad)
		return 1;
	return (job->head_from_copy || job->base != NULL || z->nbefore > 0) &&
	       !ops->goes_on(shape->segment_size, &half->j.mark);
}

int
ex_imaging_resume_begin(struct ex_imaging_resumed *z,
    const struct ex_imaging *job, const struct ex_imaging_shape *shape,
    const struct ex_container_ops *ops, struct ex_err *err)
{
	const char *which;
	struct far half;
	int failed = 0;

	z->known.retry_from = UINT64_MAX;
	if (!job->resume)
		return 0;
	if (look(&half, job, shape, "partial", err) == -1) {
		ex_journal_free(&half.j);
		return -1;
	}
	which = find_befores(z, half.j.mark.media, job, shape, &failed, err);
	if (!failed && which != NULL &&
	    must_rewrite(z, job, shape, ops, &half)) {
		forget_befores(z);
		failed = step_aside(&half, which, job, shape, ops, err) == -1;
		if (!failed)
			(void)find_befores(z, 0, job, shape, &failed, err);
	}
	ex_journal_free(&half.j);
	return failed ? -1 : 0;
}

/* One thing more that is known, to that byte of the media. */
static int
add_known(struct ex_imaging_resumed *z, const struct ex_imaging *job,
    const struct ex_ranges *map, uint64_t bytes, struct ex_err *err)
{
	const uint64_t sector = job->source->info.sector_size;
	uint64_t end = (job->offset + bytes + sector - 1) / sector;

	if (end <= z->known.end)
		return 0;
	if (ex_ranges_slice(&z->known.map, map, z->known.end, end, err) == -1)
		return -1;
	z->known.end = end;
	return 0;
}

static int
join_maps(struct ex_imaging_resumed *z, const struct ex_imaging *job,
    const struct ex_ranges *copy, uint64_t from, struct ex_err *err)
{
	const uint64_t sector = job->source->info.sector_size;

	if (from > 0 && add_known(z, job, copy, from, err) == -1)
		return -1;
	for (size_t i = 0; i < z->nbefore; i++)
		if (add_known(z, job, &z->before[i].map, z->before[i].bytes,
			err) == -1)
			return -1;
	if (job->base != NULL &&
	    add_known(z, job, &job->base->map, job->base->bytes, err) == -1)
		return -1;
	z->known.retry_from =
	    job->retry_bad ? (job->offset + from) / sector : UINT64_MAX;
	return 0;
}

/* One layer more; as far as the last one goes, that one is read. */
static int
add_layer(struct ex_imaging_resumed *z, const struct ex_imaging *job,
    const char *folder, uint64_t bytes, struct ex_err *err)
{
	size_t n = z->nlayers;
	int rc;

	if (bytes == 0 || (n > 0 && job->offset + bytes <= z->layer_end[n - 1]))
		return 0;
	rc = folder == NULL ? ex_imaging_layer_base(&z->layer[n], job, err)
			    : ex_imaging_layer_folder(
				  &z->layer[n], job, folder, bytes, err);
	if (rc == -1)
		return -1;
	z->layer_end[n] = job->offset + bytes;
	z->nlayers++;
	return 0;
}

/* The copies that are read instead of the source. */
static int
open_layers(struct ex_imaging_resumed *z, const struct ex_imaging *job,
    const char *temp, uint64_t from, struct ex_err *err)
{
	z->is_layered =
	    job->head_from_copy || z->nbefore > 0 || job->base != NULL;
	if (!z->is_layered)
		return 0;
	if (add_layer(z, job, temp, from, err) == -1)
		return -1;
	for (size_t i = 0; i < z->nbefore; i++)
		if (add_layer(z, job, z->before[i].path, z->before[i].bytes,
			err) == -1)
			return -1;
	return job->base == NULL
		   ? 0
		   : add_layer(z, job, NULL, job->base->bytes, err);
}

int
ex_imaging_resume_head(struct ex_imaging_resumed *z,
    const struct ex_imaging *job, const struct ex_ranges *copy,
    const char *temp, uint64_t from, struct ex_err *err)
{
	if (from == 0 && job->base == NULL && z->nbefore == 0)
		return 0;
	if (join_maps(z, job, copy, from, err) == -1 ||
	    open_layers(z, job, temp, from, err) == -1 ||
	    ex_imaging_head(&z->head, job, z, err) == -1)
		return -1;
	z->job = *job;
	z->job.source = z->head;
	return 0;
}

void
ex_imaging_resume_end(struct ex_imaging_resumed *z)
{
	ex_source_close(z->head);
	z->head = NULL;
	while (z->nlayers > 0)
		ex_imaging_layer_close(z->layer[--z->nlayers]);
	ex_ranges_free(&z->known.map);
	forget_befores(z);
}
