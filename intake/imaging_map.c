/*
 * imaging_map.c -- every sector of an image: read or not, and in which
 * attempt at the medium.
 *
 * What earlier attempts read is known; what they had to fill may be tried
 * again.  What this run found is a list of troubles, from which and from what
 * is known the whole map follows.
 */
#include "intake/imaging_parts.h"

unsigned
ex_imaging_attempt(const struct ex_imaging *job)
{
	return job->attempt == 0 ? 1 : job->attempt;
}

/* One range more of this attempt; of sectors that it, or nobody, tried. */
struct piece {
	struct ex_ranges *out;
	const struct ex_range *before; /* as it was; NULL: never tried */
	unsigned attempt;
};

/* The first attempt in which these sectors failed, if it was an earlier one. */
static unsigned
failed_in(const struct ex_range *before)
{
	if (before == NULL || before->status != EX_RANGE_BAD)
		return 0;
	return before->failed_in != 0 ? before->failed_in : before->attempt;
}

/* What came without trouble: late, where an earlier attempt failed. */
static int
put_read(const struct piece *p, uint64_t lba, uint64_t end, struct ex_err *err)
{
	struct ex_range r = { .lba = lba,
		.count = end - lba,
		.status = EX_RANGE_READ,
		.attempt = p->attempt,
		.failed_in = failed_in(p->before) };

	if (lba >= end)
		return 0;
	if (r.failed_in != 0) {
		r.status = EX_RANGE_RECOVERED;
		r.tries = 1;
	}
	return ex_ranges_put(p->out, &r, err);
}

/* Sectors from..end as this run has found them. */
static int
put_found(const struct piece *p, const struct ex_ranges *found, uint64_t from,
    uint64_t end, struct ex_err *err)
{
	for (size_t i = 0; i < found->n && found->at[i].lba < end; i++) {
		struct ex_range r = found->at[i];
		uint64_t to = r.lba + r.count < end ? r.lba + r.count : end;

		if (r.lba < from)
			r.lba = from;
		if (r.lba >= to)
			continue;
		if (put_read(p, from, r.lba, err) == -1)
			return -1;
		r.count = to - r.lba;
		r.attempt = p->attempt;
		r.failed_in = failed_in(p->before);
		if (ex_ranges_put(p->out, &r, err) == -1)
			return -1;
		from = to;
	}
	return put_read(p, from, end, err);
}

/* A part of what was known, tried again or not. */
static int
put_known(struct ex_ranges *out, const struct ex_imaging_known *k,
    unsigned attempt, const struct ex_ranges *found, const struct ex_range *r,
    struct ex_err *err)
{
	struct piece p = { out, r, attempt };
	struct ex_range head = *r;
	uint64_t end = r->lba + r->count, from = r->lba;

	if (!ex_range_is_filled(r) || end <= k->retry_from)
		return ex_ranges_put(out, r, err);
	if (from < k->retry_from) {
		head.count = k->retry_from - from;
		if (ex_ranges_put(out, &head, err) == -1)
			return -1;
		from = k->retry_from;
	}
	return put_found(&p, found, from, end, err);
}

int
ex_imaging_map(struct ex_ranges *out, const struct ex_imaging_known *k,
    unsigned attempt, const struct ex_ranges *found, uint64_t from,
    uint64_t end, struct ex_err *err)
{
	uint64_t to = end < k->end ? end : k->end;
	struct ex_ranges old = EX_RANGES_INIT;
	struct piece fresh = { out, NULL, attempt };
	int rc = ex_ranges_slice(&old, &k->map, from, to, err);

	for (size_t i = 0; rc == 0 && i < old.n; i++)
		rc = put_known(out, k, attempt, found, &old.at[i], err);
	ex_ranges_free(&old);
	if (rc == 0 && end > k->end)
		rc = put_found(
		    &fresh, found, from > k->end ? from : k->end, end, err);
	return rc;
}

/* Bytes of what this run read that an earlier one knew. */
static uint64_t
known_bytes(const struct ex_imaging_known *k, const struct ex_imaging_reader *r)
{
	uint64_t end = k->end * r->shape.sector_size;
	uint64_t n = end > r->job->offset ? end - r->job->offset : 0;

	return n < r->done ? n : r->done;
}

int
ex_imaging_map_outcome(struct ex_imaging_outcome *out,
    const struct ex_imaging_resumed *z, const struct ex_imaging_reader *r,
    int paused, struct ex_err *err)
{
	const struct ex_imaging_known *k = &z->known;
	const uint64_t sector = r->shape.sector_size;
	uint64_t from = r->job->offset / sector;
	uint64_t end = (r->job->offset + r->done + sector - 1) / sector;
	int rc;

	*(z->is_layered ? &out->read_from_copy : &out->read_again) =
	    known_bytes(k, r);
	rc = ex_imaging_map(&out->map, k, ex_imaging_attempt(r->job), &out->bad,
	    from, end, err);
	out->kept = r->done;
	/* What was not come to again is kept as it was. */
	if (rc == 0 && paused && k->end > end) {
		rc = ex_ranges_slice(&out->map, &k->map, end, k->end, err);
		out->kept = k->end * sector - r->job->offset;
	}
	ex_ranges_free(&out->bad);
	return rc == -1 ? -1 : ex_ranges_troubles(&out->bad, &out->map, err);
}
