/*
 * acquire_parts.h -- an acquisition under way; for cases/acquire*.c and
 * cases/verify.c alone.
 */
#ifndef CASES_ACQUIRE_PARTS_H
#define CASES_ACQUIRE_PARTS_H

#include "base/codec.h"
#include "cases/acquire.h"
#include "cases/act.h"
#include "intake/imaging.h"
#include "intake/reader.h"
#include "intake/source.h"

struct ex_acquiring {
	const struct ex_acquire *a;
	struct ex_house *house;
	struct ex_json *item; /* its fact, before */
	char image[EX_ITEM_MAX + 1];
	char id[EX_UUID_TEXT]; /* of the acquisition */
	char vault_dir[EX_PATH];
	const char *dir[EX_IMAGING_DESTINATIONS];
	size_t ndir;
	char label[256];   /* serial as announced, or "" */
	const char *match; /* "same", "differs", "unknown" */
	struct ex_source *source;
	struct ex_imaging job;
	struct ex_imaging_outcome out;
	/* What reading back gave, a copy each. */
	struct ex_verdict verdict[EX_IMAGING_DESTINATIONS];
	int verified; /* 1: every good copy was read back and is the same */
	double verify_seconds;
	int64_t verify_began;
};

/* The acquire_start entry: what is known before the first byte. */
int ex_acquire_start(struct ex_acquiring *q, struct ex_err *err);

/* Facts about this machine and program, without what is personal. */
int ex_acquire_environment(struct ex_json **out, struct ex_err *err);

/* What came of it, as DIR/pending keeps it: docs/formats.md. */
int ex_acquired_write(
    struct ex_acquiring *q, char file[EX_PATH], struct ex_err *err);

/*
 * Sign and submit what a file in DIR/pending says.  *event (may be NULL) is
 * the leaf of acquire_end.  Done before, or overtaken: only removed.
 */
int ex_acquired_finish(struct ex_house *house, const char *file,
    uint8_t event[EX_HASH], struct ex_err *err);

/* The summary of exhibit(1), and its exit status. */
int
ex_acquire_tell(struct ex_json **out, int *status, const struct ex_acquiring *q,
    const uint8_t event[EX_HASH], struct ex_err *err);

/* {lba, count, status} of each range. */
int ex_ranges_json(
    struct ex_json **out, const struct ex_ranges *r, struct ex_err *err);

/* Is the reading what the digests say?  1 or 0. */
int ex_reading_agrees(
    const struct ex_verdict *v, const struct ex_digest_value *want, size_t n);

#endif
