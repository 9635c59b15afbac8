/*
 * range.c -- lists of sectors.
 */
#include "intake/range.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/limits.h"

void
ex_ranges_free(struct ex_ranges *r)
{
	free(r->at);
	*r = (struct ex_ranges)EX_RANGES_INIT;
}

static int
grow(struct ex_ranges *r, size_t max, struct ex_err *err)
{
	size_t cap = r->cap == 0 ? 16 : r->cap * 2;
	struct ex_range *more;

	if (r->n >= max)
		return ex_fail(err, EX_LIMIT,
		    "more than %d ranges of bad sectors: take a coarser "
		    "granularity",
		    EX_RANGES_MAX);
	if ((more = realloc(r->at, cap * sizeof(*more))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	r->at = more;
	r->cap = cap;
	return 0;
}

int
ex_ranges_put(
    struct ex_ranges *r, const struct ex_range *more, struct ex_err *err)
{
	struct ex_range *last = r->n == 0 ? NULL : &r->at[r->n - 1];
	uint64_t end = last == NULL ? 0 : last->lba + last->count;
	/* A map has what lies between them, too. */
	size_t max = (more->attempt == 0 ? 1 : 2) * (size_t)EX_RANGES_MAX;

	if (more->count == 0 || more->lba < end ||
	    more->count > UINT64_MAX - more->lba)
		return ex_fail(err, EX_FORMAT,
		    "sectors %" PRIu64 "+%" PRIu64 " are not behind %" PRIu64,
		    more->lba, more->count, end);
	if (last != NULL && more->lba == end && last->status == more->status &&
	    last->tries == more->tries && last->attempt == more->attempt &&
	    last->failed_in == more->failed_in) {
		last->count += more->count;
		return 0;
	}
	if ((r->n == r->cap || r->n >= max) && grow(r, max, err) == -1)
		return -1;
	r->at[r->n++] = *more;
	return 0;
}

int
ex_ranges_add(struct ex_ranges *r, uint64_t lba, uint64_t count,
    enum ex_range_status status, struct ex_err *err)
{
	const struct ex_range more = {
		.lba = lba, .count = count, .status = status
	};

	return ex_ranges_put(r, &more, err);
}

int
ex_ranges_add_recovered(struct ex_ranges *r, uint64_t lba, uint64_t count,
    unsigned tries, struct ex_err *err)
{
	const struct ex_range more = { .lba = lba,
		.count = count,
		.status = EX_RANGE_RECOVERED,
		.tries = tries };

	return ex_ranges_put(r, &more, err);
}

int
ex_ranges_slice(struct ex_ranges *out, const struct ex_ranges *of,
    uint64_t from, uint64_t end, struct ex_err *err)
{
	for (size_t i = 0; i < of->n && of->at[i].lba < end; i++) {
		struct ex_range r = of->at[i];
		uint64_t to = r.lba + r.count < end ? r.lba + r.count : end;

		if (r.lba < from)
			r.lba = from;
		if (r.lba >= to)
			continue;
		r.count = to - r.lba;
		if (ex_ranges_put(out, &r, err) == -1)
			return -1;
	}
	return 0;
}

int
ex_ranges_troubles(
    struct ex_ranges *out, const struct ex_ranges *of, struct ex_err *err)
{
	for (size_t i = 0; i < of->n; i++)
		if (of->at[i].status != EX_RANGE_READ &&
		    ex_ranges_put(out, &of->at[i], err) == -1)
			return -1;
	return 0;
}

uint64_t
ex_ranges_sectors(const struct ex_ranges *r)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < r->n; i++)
		sum += r->at[i].count;
	return sum;
}

int
ex_range_is_filled(const struct ex_range *r)
{
	return r->status == EX_RANGE_BAD || r->status == EX_RANGE_SKIPPED;
}

uint64_t
ex_ranges_filled(const struct ex_ranges *r)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < r->n; i++)
		sum += ex_range_is_filled(&r->at[i]) ? r->at[i].count : 0;
	return sum;
}

const char *
ex_range_status_text(enum ex_range_status status)
{
	static const char *const text[EX_RANGE_STATUSES] = {
		[EX_RANGE_BAD] = "bad",
		[EX_RANGE_SKIPPED] = "skipped",
		[EX_RANGE_RECOVERED] = "recovered",
		[EX_RANGE_HIDDEN] = "hidden",
		[EX_RANGE_CHECKSUM] = "checksum",
		[EX_RANGE_MISSING] = "missing",
		[EX_RANGE_READ] = "read",
	};

	return (unsigned)status < EX_RANGE_STATUSES ? text[status] : "bad";
}
