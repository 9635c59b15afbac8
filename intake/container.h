/*
 * container.h -- an image set being written into a folder of its own.
 *
 * Kinds are a table of functions.  A container writes block after block, in
 * order, in one thread, and knows nothing of temporary names: the folder it
 * is given is one.
 */
#ifndef INTAKE_CONTAINER_H
#define INTAKE_CONTAINER_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "intake/imaging.h"
#include "intake/journal.h"
#include "intake/ring.h"

/* What is settled before the first byte.  All borrowed. */
struct ex_container_plan {
	const char *dir;
	const char *name;
	uint64_t length;       /* bytes of media that are expected */
	uint32_t sector_size;  /* bytes, as the container counts */
	uint32_t chunk;	       /* bytes; 0: no chunks */
	uint64_t segment_size; /* bytes; 0: all in one file */
	uint32_t granularity;  /* sectors */
	enum ex_compression compression;
	int removable;
	const struct ex_image_header *header;
};

/* What is known after the last byte. */
struct ex_container_end {
	const struct ex_digest_value *digest;
	size_t ndigests;
	const struct ex_ranges *bad; /* of the source */
	uint32_t source_sector_size; /* of their LBAs */
	uint64_t offset;	     /* of the image in the source, bytes */
	uint64_t length;	     /* bytes of media that came */
};

struct ex_container_ops {
	int (*open)(void **self, const struct ex_container_plan *plan,
	    struct ex_err *err);
	/*
	 * Go on with what a run left in the folder, from the mark; what came
	 * after it is cut off.  Whatever does not fit is EX_DAMAGED, and the
	 * folder then holds nothing that is of use.
	 */
	int (*resume)(void **self, const struct ex_container_plan *plan,
	    const struct ex_mark *mark, struct ex_err *err);
	/* Can it be gone on with from there at all?  1 or 0. */
	int (*goes_on)(uint64_t segment_size, const struct ex_mark *mark);
	/* Cut it to the mark, so that it can be read; nothing is gone on
	 * with.  As resume. */
	int (*settle)(const struct ex_container_plan *plan,
	    const struct ex_mark *mark, struct ex_err *err);
	/*
	 * Everything that was written is on disk: say where that ends.  The
	 * chunks are borrowed until the next call.  closing: nothing more is
	 * written in this run, so that the last segment gets an end.
	 */
	int (*mark)(
	    void *self, struct ex_mark *mark, int closing, struct ex_err *err);
	int (*write)(void *self, const struct ex_block *b, struct ex_err *err);
	/* Bring it to an end: afterwards the folder holds a whole set. */
	int (*finish)(
	    void *self, const struct ex_container_end *end, struct ex_err *err);
	void (*close)(void *self); /* whatever came before; NULL is ignored */
	const char *writer;
};

extern const struct ex_container_ops ex_container_ewf, ex_container_raw;

/* "libewf 20140813", of the library that runs. */
const char *ex_ewf_version(void);

#endif
