/*
 * record_parts.h -- filling a record; for cases/record*.c and tests.
 */
#ifndef CASES_RECORD_PARTS_H
#define CASES_RECORD_PARTS_H

#include "cases/record.h"

/* *out is released with ex_record_free() whether it worked or not. */
int ex_record_start(struct ex_record *out, const struct ex_vkey *log,
    const struct ex_stream *subject, struct ex_err *err);

/* Check and take apart r->note, to which every proof will lead. */
int ex_record_checkpoint(struct ex_record *r, struct ex_err *err);

/* One entry as it was stored. */
struct ex_record_source {
	const void *entry;
	size_t nentry;
	const void *openings;
	size_t nopenings;
	uint64_t index;
	int64_t recorded_at;
	const struct ex_tree_proof *proof;
};

/* In ascending order of index. */
int ex_record_add(
    struct ex_record *r, const struct ex_record_source *s, struct ex_err *err);

#endif
