/*
 * journal.h -- what lies beside a half image, so that it can be gone on with.
 *
 * DIR/.NAME.partial/journal is written by one run and read by the next, which
 * believes nothing of it that does not fit: docs/formats.md has the bytes.  A
 * mark is appended only when what it speaks of is on disk; a torn end, as a
 * power cut leaves it, is cut off.
 */
#ifndef INTAKE_JOURNAL_H
#define INTAKE_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "intake/range.h"

#define EX_JOURNAL_NAME "journal"

enum {
	EX_JOURNAL_SIZES = 65536, /* lengths kept: more than one table has */
	EX_JOURNAL_PACKED = 31	  /* bit of a length: a packed chunk */
};

/* Where an image stands: everything before is on disk. */
struct ex_mark {
	uint64_t media;	  /* bytes of the media */
	uint32_t segment; /* the last one, counted from 1 */
	uint64_t size;	  /* its bytes */
	/* Bytes in the container of the chunks since the mark before, in
	 * order, bit EX_JOURNAL_PACKED set when packed; none for raw. */
	const uint32_t *chunk;
	size_t nchunks;
};

/* A journal as it was read. */
struct ex_journal {
	struct ex_json *plan; /* what the image was begun as */
	int has_mark;
	struct ex_mark mark; /* the last; its chunks are the last ones of
				  * all marks, EX_JOURNAL_SIZES at most */
	/* Every sector of the source before the last mark: read or not, and
	 * in which attempt. */
	struct ex_ranges map;
	size_t used; /* bytes to the end of the last mark */
	uint32_t *chunk;
	size_t nchunks;
	struct ex_ranges pending; /* read, and no mark behind them yet */
};

/*
 * Read n bytes.  EX_FORMAT when not even a plan can be had; whatever follows
 * the last whole record is left out.  *out is released with
 * ex_journal_free() whether it worked or not.
 */
int ex_journal_read(
    struct ex_journal *out, const void *bytes, size_t n, struct ex_err *err);
void ex_journal_free(struct ex_journal *j);

/* Records as bytes, appended to out. */
int ex_journal_begin(
    struct ex_buf *out, const struct ex_json *plan, struct ex_err *err);
int ex_journal_mark(struct ex_buf *out, const struct ex_mark *mark,
    const struct ex_ranges *since, struct ex_err *err);

#endif
