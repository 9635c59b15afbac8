/*
 * ewf_sections.h -- the sections of an E01 that a run left half written, put
 * in order so that libewf goes on with it.
 *
 * Only segments of our own run, in its own folder, are changed here; evidence
 * is read by exhibit-reader.  Layout: EnCase 6, after libewf's "Expert
 * Witness Compression Format".
 */
#ifndef INTAKE_EWF_SECTIONS_H
#define INTAKE_EWF_SECTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "intake/journal.h"

enum {
	EX_EWF_EXTENSION = 4 /* bytes, with its NUL */
};

/*
 * Name of segment n, counted from 1: E01 ... E99, EAA ... EZZ, FAA ... ZZZ.
 * EX_LIMIT above EX_SEGMENTS_MAX.
 */
int
ex_ewf_extension(char out[EX_EWF_EXTENSION], unsigned n, struct ex_err *err);

/*
 * A segment of that many bytes, the last of its set, gets an end from which
 * libewf goes on: chunks without a table get one, by their lengths, of which
 * the last in the list are the last in the file; then a list of chunks is
 * begun that has none.  What lies behind size is cut off.  *closed: how many
 * chunks were without.  EX_DAMAGED when it is not as the mark says.
 */
int ex_ewf_reopen(const char *path, const struct ex_mark *mark, size_t *closed,
    struct ex_err *err);

/* What stands behind the chunks of a set; sectors as the container counts. */
struct ex_ewf_ending {
	const uint8_t *md5, *sha1; /* of the media; both, or NULL */
	/* Sectors that its maker could not read: first, count. */
	const uint32_t (*error)[2];
	size_t nerrors;
};

/*
 * End a set whose last segment was reopened and got no chunk since: libewf
 * ends only what it has written to.
 */
int ex_ewf_end(
    const char *path, const struct ex_ewf_ending *end, struct ex_err *err);

/* The media of the set have this length: in the segment's own statement. */
int ex_ewf_set_length(const char *path, uint32_t chunk, uint32_t sector,
    uint64_t length, struct ex_err *err);

#endif
