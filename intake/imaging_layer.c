/*
 * imaging_layer.c -- an image that was written before, whole or half, read
 * back by the jailed reader as far as it holds good.
 *
 * It comes in order; a stretch behind that is kept, since a window of the
 * source that does not go well is read here and there.  It is read through
 * once before anything of it is believed: what its own checksums speak
 * against is no evidence.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/imaging_parts.h"
#include "intake/reader.h"
#include "intake/source_image.h"

enum {
	KEPT = 2 * EX_IMAGING_WINDOW, /* bytes behind, a power of two */
	STEP = 256 * 1024,	      /* bytes read at once; divides KEPT */
	WALL = 365 * 86400	      /* seconds: as long as a medium takes */
};

struct ex_imaging_layer {
	struct ex_reading reading;
	char name[EX_PATH];
	char **path; /* its own, of a folder */
	size_t npaths;
	uint64_t bytes; /* that it holds */
	uint64_t next;	/* the first that has not come yet */
	struct ex_source *stream;
	uint8_t *kept;
};

void
ex_imaging_layer_close(struct ex_imaging_layer *l)
{
	if (l == NULL)
		return;
	ex_source_close(l->stream);
	for (size_t i = 0; i < l->npaths; i++)
		free(l->path[i]);
	free(l->path);
	free(l->kept);
	free(l);
}

/* One more file of a folder; those of a set sort as they follow. */
static int
add_path(void *arg, const char *name, struct ex_err *err)
{
	struct ex_imaging_layer *l = arg;
	char path[EX_PATH], **more;

	if (strcmp(name, EX_JOURNAL_NAME) == 0)
		return 0;
	if (ex_path_join(path, sizeof(path), l->name, name, err) == -1)
		return -1;
	more = realloc(l->path, (l->npaths + 1) * sizeof(*more));
	if (more == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	l->path = more;
	if ((more[l->npaths] = strdup(path)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	l->npaths++;
	return 0;
}

/* Is every byte that is wanted there, and as it was written? */
static int
check(struct ex_imaging_layer *l, struct ex_err *err)
{
	struct ex_reading r = l->reading;
	struct ex_verdict v;
	int rc = 0;

	r.algs = EX_ALG_BIT(EX_MD5);
	if (ex_reading_verify(&v, &r, err) == -1)
		return -1;
	if (v.bytes != l->bytes || v.ndigests == 0)
		rc = ex_fail(err, EX_DAMAGED,
		    "%s holds %" PRIu64 " bytes, not %" PRIu64 ": %.200s",
		    l->name, v.bytes, l->bytes, v.text);
	else if (v.bad.n > 0)
		rc = ex_fail(err, EX_DAMAGED,
		    "%s is damaged from its sector %" PRIu64 " on: what was "
		    "read before can be had from the source alone",
		    l->name, v.bad.at[0].lba);
	ex_verdict_free(&v);
	return rc;
}

static int
open_stream(struct ex_imaging_layer *l, struct ex_err *err)
{
	l->kept = malloc(KEPT);
	if (l->kept == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	l->reading.algs = EX_ALG_BIT(EX_MD5);
	return ex_source_open_image(
	    &l->stream, &l->reading, l->name, l->bytes, err);
}

static struct ex_imaging_layer *
make(const struct ex_imaging *job, const char *name, uint64_t bytes,
    struct ex_err *err)
{
	struct ex_imaging_layer *l = calloc(1, sizeof(*l));

	if (l == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		return NULL;
	}
	(void)snprintf(l->name, sizeof(l->name), "%s", name);
	l->bytes = bytes;
	l->reading = (struct ex_reading){ .container = job->container,
		.bytes = bytes,
		.threads = job->threads,
		.without_landlock = job->without_landlock,
		.wall_seconds = WALL,
		.program = job->reader,
		.stop = job->stop };
	return l;
}

int
ex_imaging_layer_folder(struct ex_imaging_layer **out,
    const struct ex_imaging *job, const char *dir, uint64_t bytes,
    struct ex_err *err)
{
	struct ex_imaging_layer *l = make(job, dir, bytes, err);

	*out = NULL;
	if (l == NULL)
		return -1;
	if (ex_dir_each(dir, add_path, l, err) == 0) {
		l->reading.path = (const char *const *)l->path;
		l->reading.npaths = l->npaths;
		if (check(l, err) == 0 && open_stream(l, err) == 0) {
			*out = l;
			return 0;
		}
	}
	ex_imaging_layer_close(l);
	return -1;
}

int
ex_imaging_layer_base(struct ex_imaging_layer **out,
    const struct ex_imaging *job, struct ex_err *err)
{
	const struct ex_imaging_base *base = job->base;
	struct ex_imaging_layer *l = make(job, base->name, base->bytes, err);

	*out = NULL;
	if (l == NULL)
		return -1;
	l->reading.container = base->container;
	l->reading.path = base->path;
	l->reading.npaths = base->npaths;
	if (open_stream(l, err) == -1) {
		ex_imaging_layer_close(l);
		return -1;
	}
	*out = l;
	return 0;
}

/* Bring the next ones. */
static int
advance(struct ex_imaging_layer *l, struct ex_err *err)
{
	uint64_t left = l->bytes - l->next;
	size_t n = left < STEP ? (size_t)left : STEP;

	if (ex_source_read(l->stream, &l->kept[l->next % KEPT], n, l->next,
		err) != EX_GOT_ALL)
		return -1;
	l->next += n;
	return 0;
}

int
ex_imaging_layer_read(struct ex_imaging_layer *l, void *buf, size_t n,
    uint64_t at, struct ex_err *err)
{
	uint8_t *p = buf;

	if (at + n > l->bytes || n > KEPT / 2 ||
	    (l->next > KEPT && at < l->next - KEPT))
		return 0;
	while (l->next < at + n)
		if (advance(l, err) == -1)
			return -1;
	for (size_t i = 0; i < n;) {
		size_t from = (size_t)((at + i) % KEPT);
		size_t run = KEPT - from < n - i ? KEPT - from : n - i;

		memcpy(&p[i], &l->kept[from], run);
		i += run;
	}
	return 1;
}
