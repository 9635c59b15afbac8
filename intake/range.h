/*
 * range.h -- lists of sectors: which, how many, and what is with them.
 */
#ifndef INTAKE_RANGE_H
#define INTAKE_RANGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The words of a signed list of ranges (docs/formats.md). */
enum ex_range_status {
	EX_RANGE_BAD,	    /* the source could not deliver them */
	EX_RANGE_SKIPPED,   /* not tried */
	EX_RANGE_RECOVERED, /* read after at least one failure */
	EX_RANGE_HIDDEN,    /* not reachable through this interface */
	EX_RANGE_CHECKSUM,  /* the container's own checksum differs */
	EX_RANGE_MISSING,   /* the container does not hold them */
	EX_RANGE_READ,	    /* they came; in maps alone, not in such lists */
	EX_RANGE_STATUSES
};

struct ex_range {
	uint64_t lba;	/* first sector */
	uint64_t count; /* sectors, at least one */
	enum ex_range_status status;
	unsigned tries; /* reads that failed, of recovered ones; else 0 */
	/* Which attempt at the medium they are from, counted from 1, and the
	 * first one that they failed in, where that was an earlier one; 0
	 * where nobody said. */
	unsigned attempt, failed_in;
};

/* Ascending, apart or of another kind.  Starts as EX_RANGES_INIT. */
struct ex_ranges {
	struct ex_range *at;
	size_t n, cap;
};

#define EX_RANGES_INIT     \
	{                  \
		NULL, 0, 0 \
	}

void ex_ranges_free(struct ex_ranges *r);

/*
 * Append sectors behind all that are there; joined to the last range when
 * they touch it and are of its kind.  EX_LIMIT above EX_RANGES_MAX,
 * EX_FORMAT when they are not behind the last one or none.
 */
int ex_ranges_add(struct ex_ranges *r, uint64_t lba, uint64_t count,
    enum ex_range_status status, struct ex_err *err);

/* The same of a range as another list has it. */
int ex_ranges_put(
    struct ex_ranges *r, const struct ex_range *more, struct ex_err *err);

/* The same of sectors that came when they were read after tries failures. */
int ex_ranges_add_recovered(struct ex_ranges *r, uint64_t lba, uint64_t count,
    unsigned tries, struct ex_err *err);

/*
 * Append what a list has of sectors from..end, cut where it reaches over; and
 * only that of it which is not EX_RANGE_READ.
 */
int ex_ranges_slice(struct ex_ranges *out, const struct ex_ranges *of,
    uint64_t from, uint64_t end, struct ex_err *err);
int ex_ranges_troubles(
    struct ex_ranges *out, const struct ex_ranges *of, struct ex_err *err);

/* Sectors of all ranges together. */
uint64_t ex_ranges_sectors(const struct ex_ranges *r);

/*
 * Does an image hold a filling in place of such sectors?  Those that are bad
 * and those that were skipped.  1 or 0; and how many sectors there are.
 */
int ex_range_is_filled(const struct ex_range *r);
uint64_t ex_ranges_filled(const struct ex_ranges *r);

/* "bad", "skipped", "recovered", "hidden", "checksum", "missing", "read". */
const char *ex_range_status_text(enum ex_range_status status);

#endif
