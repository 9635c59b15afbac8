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
grow(struct ex_ranges *r, struct ex_err *err)
{
	size_t cap = r->cap == 0 ? 16 : r->cap * 2;
	struct ex_range *more;

	if (r->n >= EX_RANGES_MAX)
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
ex_ranges_add(struct ex_ranges *r, uint64_t lba, uint64_t count,
    enum ex_range_status status, struct ex_err *err)
{
	struct ex_range *last = r->n == 0 ? NULL : &r->at[r->n - 1];
	uint64_t end = last == NULL ? 0 : last->lba + last->count;

	if (count == 0 || lba < end || count > UINT64_MAX - lba)
		return ex_fail(err, EX_FORMAT,
		    "sectors %" PRIu64 "+%" PRIu64 " are not behind %" PRIu64,
		    lba, count, end);
	if (last != NULL && lba == end && last->status == status) {
		last->count += count;
		return 0;
	}
	if ((r->n == r->cap || r->n >= EX_RANGES_MAX) && grow(r, err) == -1)
		return -1;
	r->at[r->n++] = (struct ex_range){ lba, count, status };
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
	};

	return (unsigned)status < EX_RANGE_STATUSES ? text[status] : "bad";
}
