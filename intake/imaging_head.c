/*
 * imaging_head.c -- what earlier attempts read, given again to a run that
 * goes on: from the source, or from what they wrote.
 *
 * What they had to fill is not tried again, unless the request says so; then
 * it is the source's, like everything that nobody has read yet.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "intake/imaging_parts.h"

struct head {
	const struct ex_imaging *job;
	const struct ex_imaging_resumed *z;
	uint64_t unit; /* bytes given up together */
	uint64_t sector;
	size_t hint; /* where the last range of the map was found */
};

/* The range of the map that a sector lies in; NULL: nobody knows it. */
static const struct ex_range *
find(struct head *h, uint64_t lba)
{
	const struct ex_ranges *map = &h->z->known.map;

	if (h->hint >= map->n)
		h->hint = 0;
	while (h->hint > 0 && map->n > 0 && map->at[h->hint].lba > lba)
		h->hint--;
	while (h->hint < map->n &&
	       map->at[h->hint].lba + map->at[h->hint].count <= lba)
		h->hint++;
	return h->hint < map->n && map->at[h->hint].lba <= lba
		   ? &map->at[h->hint]
		   : NULL;
}

/* The smallest part that is read: tried as often as one that is given up. */
static enum ex_got
insist(
    const struct head *h, void *buf, size_t n, uint64_t off, struct ex_err *err)
{
	enum ex_got got = EX_GOT_BAD;

	for (unsigned i = 0; got == EX_GOT_BAD && i <= h->job->retries; i++) {
		ex_err_clear(err);
		got = ex_source_read(h->job->source, buf, n, off, err);
	}
	if (got != EX_GOT_BAD)
		return got;
	ex_err_clear(err);
	(void)ex_fail(err, EX_DAMAGED,
	    "sector %" PRIu64 " is in the image and cannot be read again",
	    off / h->sector);
	return EX_GOT_ERROR;
}

/* Out of what was written.  1, or 0 where it is not at hand; -1. */
static int
from_layers(
    const struct head *h, void *buf, size_t n, uint64_t off, struct ex_err *err)
{
	const struct ex_imaging_resumed *z = h->z;

	for (size_t i = 0; i < z->nlayers; i++)
		if (off < z->layer_end[i])
			return off + n > z->layer_end[i]
				   ? 0
				   : ex_imaging_layer_read(z->layer[i], buf, n,
					 off - h->job->offset, err);
	return 0;
}

/* Sectors that an earlier attempt read. */
static enum ex_got
read_known(const struct head *h, void *buf, size_t n, uint64_t off, int alone,
    struct ex_err *err)
{
	int there;

	if (!h->z->is_layered)
		return alone && n <= h->unit
			   ? insist(h, buf, n, off, err)
			   : ex_source_read(h->job->source, buf, n, off, err);
	there = from_layers(h, buf, n, off, err);
	if (there == -1)
		return EX_GOT_ERROR;
	return there == 1 ? EX_GOT_ALL
			  : ex_source_read(h->job->source, buf, n, off, err);
}

/*
 * A stretch of one kind from the beginning of what is asked for; *n becomes
 * its length.
 */
static enum ex_got
read_stretch(struct head *h, uint8_t *buf, size_t *n, uint64_t off, int first,
    struct ex_err *err)
{
	const struct ex_imaging_known *k = &h->z->known;
	uint64_t lba = off / h->sector, end;
	const struct ex_range *r = lba < k->end ? find(h, lba) : NULL;
	size_t all = *n;

	if (r == NULL)
		return ex_source_read(h->job->source, buf, *n, off, err);
	end = (r->lba + r->count) * h->sector;
	/* A boundary of layers is one of stretches. */
	for (size_t i = 0; i < h->z->nlayers; i++)
		if (off < h->z->layer_end[i] && h->z->layer_end[i] < end)
			end = h->z->layer_end[i];
	if (*n > end - off)
		*n = (size_t)(end - off);
	if (!ex_range_is_filled(r))
		return read_known(h, buf, *n, off, first && *n == all, err);
	if (lba >= k->retry_from)
		return ex_source_read(h->job->source, buf, *n, off, err);
	(void)ex_fail(err, EX_SYSTEM, "known to be bad");
	return EX_GOT_BAD;
}

static enum ex_got
head_read(void *self, void *buf, size_t n, uint64_t off, struct ex_err *err)
{
	struct head *h = self;
	uint8_t *p = buf;

	for (size_t done = 0; done < n;) {
		size_t part = n - done;
		enum ex_got got = read_stretch(
		    h, &p[done], &part, off + done, done == 0, err);

		if (got != EX_GOT_ALL)
			return got;
		done += part;
	}
	return EX_GOT_ALL;
}

static enum ex_back
head_again(void *self, const struct ex_source_info *was, struct ex_err *err)
{
	const struct head *h = self;

	(void)was;
	return ex_source_again(h->job->source, err);
}

static int
head_size(void *self, uint64_t *now, struct ex_err *err)
{
	const struct head *h = self;

	return ex_source_size(h->job->source, now, err);
}

static void
head_close(void *self)
{
	free(self);
}

static void
head_forget(void *self)
{
	const struct head *h = self;

	ex_source_forget(h->job->source);
}

static const struct ex_source_ops ops = { .read = head_read,
	.again = head_again,
	.size = head_size,
	.forget = head_forget,
	.close = head_close };

int
ex_imaging_head(struct ex_source **out, const struct ex_imaging *job,
    const struct ex_imaging_resumed *z, struct ex_err *err)
{
	struct ex_source *s = calloc(1, sizeof(*s));
	struct head *h = calloc(1, sizeof(*h));

	*out = NULL;
	if (s == NULL || h == NULL) {
		free(s);
		free(h);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	h->job = job;
	h->z = z;
	h->sector = job->source->info.sector_size;
	h->unit = (uint64_t)(job->granularity == 0 ? 1 : job->granularity) *
		  h->sector;
	s->ops = &ops;
	s->self = h;
	s->info = job->source->info;
	*out = s;
	return 0;
}
