/*
 * imaging_head.c -- the head of a source, read again by a resumed run.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "intake/imaging_parts.h"

struct head {
	const struct ex_imaging *job;
	const struct ex_ranges *known;
	uint64_t end;  /* byte of the source */
	uint64_t unit; /* bytes given up together */
};

/* Has the image a filling for any sector of these bytes? */
static int
is_known(const struct head *h, uint64_t off, size_t n)
{
	uint64_t sector = h->job->source->info.sector_size;
	uint64_t first = off / sector, end = (off + n + sector - 1) / sector;

	for (size_t i = 0; i < h->known->n; i++) {
		const struct ex_range *r = &h->known->at[i];

		if (ex_range_is_filled(r) && r->lba < end &&
		    first < r->lba + r->count)
			return 1;
	}
	return 0;
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
	    off / h->job->source->info.sector_size);
	return EX_GOT_ERROR;
}

static enum ex_got
head_read(void *self, void *buf, size_t n, uint64_t off, struct ex_err *err)
{
	const struct head *h = self;

	if (off >= h->end)
		return ex_source_read(h->job->source, buf, n, off, err);
	if (is_known(h, off, n)) {
		(void)ex_fail(err, EX_SYSTEM, "known to be bad");
		return EX_GOT_BAD;
	}
	if (n <= h->unit)
		return insist(h, buf, n, off, err);
	return ex_source_read(h->job->source, buf, n, off, err);
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
    const struct ex_ranges *known, uint64_t end, struct ex_err *err)
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
	h->known = known;
	h->end = end;
	h->unit = (uint64_t)(job->granularity == 0 ? 1 : job->granularity) *
		  job->source->info.sector_size;
	s->ops = &ops;
	s->self = h;
	s->info = job->source->info;
	*out = s;
	return 0;
}

int
ex_imaging_join_ranges(struct ex_ranges *bad, const struct ex_ranges *known,
    uint64_t end, struct ex_err *err)
{
	struct ex_ranges all = EX_RANGES_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < known->n; i++)
		rc = ex_ranges_put(&all, &known->at[i], err);
	for (size_t i = 0; rc == 0 && i < bad->n; i++) {
		struct ex_range more = bad->at[i];

		if (more.lba + more.count <= end)
			continue;
		if (more.lba < end) {
			more.count -= end - more.lba;
			more.lba = end;
		}
		rc = ex_ranges_put(&all, &more, err);
	}
	ex_ranges_free(bad);
	*bad = all;
	return rc;
}
