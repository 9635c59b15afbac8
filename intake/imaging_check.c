/*
 * imaging_check.c -- what can be known before the first byte is read.
 */
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "intake/imaging_parts.h"
#include "intake/thread.h"

#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)
#define TIB (1024 * GIB)

/* Bytes of a segment. */
#define USUAL (1500 * MIB)

/* Media from this size on get larger chunks: libewf keeps a table of them. */
#define LARGE (256 * GIB)

enum {
	CHUNK = 32 * 1024,	  /* bytes; what every E01 reader knows */
	LARGE_CHUNK = 128 * 1024, /* bytes */
	GRANULARITY_MAX = 65536,  /* sectors given up together */
	RETRIES_MAX = 1000
};

static int
check_words(const struct ex_imaging *job, struct ex_err *err)
{
	if (job->name == NULL || !ex_text_item_ok(job->name))
		return ex_fail(err, EX_USAGE,
		    "\"%s\": an image is named with A-Z, 0-9 and -, at most "
		    "%d of them",
		    job->name == NULL ? "" : job->name, EX_ITEM_MAX);
	if (job->ndir == 0 || job->ndir > EX_IMAGING_DESTINATIONS)
		return ex_fail(err, EX_USAGE,
		    "%zu destinations: there are 1 to %d", job->ndir,
		    EX_IMAGING_DESTINATIONS);
	if ((unsigned)job->container >= EX_CONTAINERS ||
	    (unsigned)job->compression >= EX_COMPRESSIONS ||
	    job->algs >= EX_ALG_BIT(EX_ALGS))
		return ex_fail(err, EX_USAGE, "no such format");
	if (job->retries > RETRIES_MAX)
		return ex_fail(err, EX_USAGE, "%u retries: at most %d",
		    job->retries, RETRIES_MAX);
	if (job->granularity > GRANULARITY_MAX)
		return ex_fail(err, EX_USAGE,
		    "%u sectors given up together: at most %d",
		    job->granularity, GRANULARITY_MAX);
	return 0;
}

/* The part of the source that is asked for. */
static int
shape_range(struct ex_imaging_shape *s, const struct ex_imaging *job,
    struct ex_err *err)
{
	const struct ex_source_info *info = &job->source->info;

	s->sector_size = info->sector_size;
	if (job->offset % s->sector_size != 0)
		return ex_fail(err, EX_USAGE,
		    "offset %" PRIu64 ": a multiple of the sector size, %u",
		    job->offset, s->sector_size);
	if (job->offset >= info->size)
		return ex_fail(err, EX_USAGE,
		    "offset %" PRIu64 ": the source has %" PRIu64 " bytes",
		    job->offset, info->size);
	s->length = job->length == 0 ? info->size - job->offset : job->length;
	if (s->length > info->size - job->offset)
		return ex_fail(err, EX_USAGE,
		    "length %" PRIu64 ": the source has %" PRIu64
		    " bytes from there on",
		    s->length, info->size - job->offset);
	if (s->length % s->sector_size != 0 &&
	    s->length != info->size - job->offset)
		return ex_fail(err, EX_USAGE,
		    "length %" PRIu64 ": a multiple of the sector size, %u",
		    s->length, s->sector_size);
	return 0;
}

/*
 * An E01 holds whole sectors, and libewf forgets what is more: a file of
 * another length has smaller ones, so that its image has its very bytes.
 */
static void
shape_chunks(struct ex_imaging_shape *s)
{
	s->container_sector = s->sector_size;
	while (s->length % s->container_sector != 0)
		s->container_sector /= 2;
	s->chunk = s->length >= LARGE ? LARGE_CHUNK : CHUNK;
}

static int
shape_segments(struct ex_imaging_shape *s, const struct ex_imaging *job,
    struct ex_err *err)
{
	uint64_t size = job->segment_size;

	if (size != 0 && (size < MIB || size > INT64_MAX))
		return ex_fail(err, EX_USAGE,
		    "segments of %" PRIu64 " bytes: at least 1048576", size);
	/*
	 * The usual: what libewf takes too, so that it goes on with a first
	 * segment that is not full; and at most some thousand of them.
	 */
	if (size == 0 && job->container == EX_CONTAINER_E01)
		size = s->length <= TIB ? USUAL : s->length / 512;
	if (size != 0 && s->worst / size >= EX_SEGMENTS_MAX)
		return ex_fail(err, EX_LIMIT,
		    "segments of %" PRIu64 " bytes would be more than %d", size,
		    EX_SEGMENTS_MAX);
	s->segment_size = size;
	/* libewf keeps every segment of a set open. */
	if (job->container != EX_CONTAINER_E01)
		return 0;
	return ex_descriptors_need(
	    (size_t)(s->worst / size + 1) * job->ndir, err);
}

/*
 * Nothing compressible: each chunk with its checksum and its place in two
 * tables, and some sections a segment.
 */
static void
shape_space(struct ex_imaging_shape *s, enum ex_compression compression)
{
	uint64_t chunks;

	s->worst = s->least = s->length;
	s->reserve = 4 * MIB;
	if (s->chunk == 0)
		return;
	chunks = s->length / s->chunk + 1;
	/* Zeroes alone: a stream of some bytes, and two places in tables. */
	if (compression != EX_COMPRESSION_NONE)
		s->least = chunks * 32;
	s->worst += chunks * 16 + (s->length / MIB + 1) * KIB + MIB;
	/* The tables of one segment are written at its end. */
	s->reserve += 8 * (chunks < 65536 * 4 ? chunks : 65536 * 4);
}

int
ex_imaging_shape(struct ex_imaging_shape *shape, const struct ex_imaging *job,
    struct ex_err *err)
{
	memset(shape, 0, sizeof(*shape));
	if (check_words(job, err) == -1 || shape_range(shape, job, err) == -1)
		return -1;
	shape->granularity = job->granularity == 0 ? 1 : job->granularity;
	if (job->container == EX_CONTAINER_E01)
		shape_chunks(shape);
	shape_space(shape, job->compression);
	return shape_segments(shape, job, err);
}

int
ex_imaging_free_bytes(uint64_t *out, const char *dir, struct ex_err *err)
{
	struct statvfs fs;

	if (statvfs(dir, &fs) == -1)
		return ex_fail_errno(err, "%s", dir);
	*out = (uint64_t)fs.f_bavail * fs.f_frsize;
	return 0;
}

/* Is a file of this set in the folder?  Names as containers give them. */
static int
name_is_free(void *arg, const char *name, struct ex_err *err)
{
	const struct ex_imaging *job = arg;
	size_t n = strlen(job->name);

	if (strncmp(name, job->name, n) != 0 || name[n] != '.')
		return 0;
	return ex_fail(err, EX_EXISTS, "%s is there already", name);
}

static int
check_dir(const struct ex_imaging *job, const char *dir, struct stat *st,
    struct ex_err *err)
{
	struct ex_imaging named = *job;

	if (stat(dir, st) == -1) {
		if (errno == ENOENT || errno == ENOTDIR)
			return ex_fail(err, EX_ABSENT,
			    "%s: no such folder to write to", dir);
		return ex_fail_errno(err, "%s", dir);
	}
	if (!S_ISDIR(st->st_mode))
		return ex_fail(err, EX_STATE, "%s: not a folder", dir);
	if (access(dir, W_OK | X_OK) == -1)
		return ex_fail_errno(err, "%s: cannot be written to", dir);
	if (!job->resume && ex_dir_each(dir, name_is_free, &named, err) == -1)
		return ex_while(err, dir);
	return 0;
}

/* How many of the folders before and including i lie on its file system. */
static uint64_t
copies_there(const struct stat *st, size_t i)
{
	uint64_t n = 0;

	for (size_t k = 0; k <= i; k++)
		n += st[k].st_dev == st[i].st_dev;
	return n;
}

/*
 * What surely cannot fit is not begun.  What may not is: how far an E01 packs
 * nobody knows before, and a disk that gets full is waited for.
 */
static int
check_room(const struct ex_imaging *job, const struct ex_imaging_shape *shape,
    const char *dir, uint64_t copies, struct ex_err *err)
{
	uint64_t least = (shape->least + shape->reserve) * copies, room = 0;

	if (ex_imaging_free_bytes(&room, dir, err) == -1)
		return -1;
	/* A part of it is there already. */
	if (job->resume || room >= least)
		return 0;
	return ex_fail(err, EX_LIMIT,
	    "%s: no space for the image: it takes at least %" PRIu64
	    " bytes, %" PRIu64 " are free",
	    dir, least, room);
}

static int
check_twice(const struct ex_imaging *job, const struct stat *st, size_t i,
    struct ex_err *err)
{
	for (size_t k = 0; k < i; k++)
		if (st[k].st_dev == st[i].st_dev &&
		    st[k].st_ino == st[i].st_ino)
			return ex_fail(
			    err, EX_USAGE, "%s is named twice", job->dir[i]);
	return 0;
}

int
ex_imaging_check(const struct ex_imaging *job, struct ex_err *err)
{
	struct stat st[EX_IMAGING_DESTINATIONS];
	struct ex_imaging_shape shape;

	if (ex_imaging_shape(&shape, job, err) == -1)
		return -1;
	for (size_t i = 0; i < job->ndir; i++)
		if (check_dir(job, job->dir[i], &st[i], err) == -1 ||
		    check_twice(job, st, i, err) == -1 ||
		    check_room(job, &shape, job->dir[i], copies_there(st, i),
			err) == -1)
			return -1;
	return 0;
}

void
ex_imaging_doubt(
    const struct ex_imaging *job, const struct ex_imaging_shape *shape)
{
	char line[EX_PATH + 128];
	uint64_t room = 0;

	for (size_t i = 0; i < job->ndir && job->notice != NULL; i++) {
		if (ex_imaging_free_bytes(&room, job->dir[i], NULL) == -1 ||
		    room >= shape->worst + shape->reserve)
			continue;
		(void)snprintf(line, sizeof(line),
		    "%s may not hold the image: it takes up to %" PRIu64
		    " bytes, %" PRIu64 " are free",
		    job->dir[i], shape->worst, room);
		job->notice(job->notice_arg, line);
	}
}
