/*
 * extent.h -- is a file the whole of a disk, one file system, or neither?
 *
 * Looked for are marks at fixed places of its beginning; nothing is followed
 * and no length out of it is believed.
 */
#ifndef INTAKE_EXTENT_H
#define INTAKE_EXTENT_H

#include <stdint.h>

#include "base/buf.h"

struct ex_source;

enum ex_extent {
	EX_EXTENT_UNKNOWN, /* none of the marks */
	EX_EXTENT_DISK,	   /* a partition table: MBR or GPT */
	EX_EXTENT_VOLUME   /* a file system, or an encrypted volume */
};

enum {
	EX_EXTENT_HEAD = 68 * 1024 /* bytes that are looked at */
};

/* By the first bytes of something that has size bytes in all. */
enum ex_extent ex_extent_of(struct ex_span head, uint64_t size);

/* The same of a source; what cannot be read has no marks. */
enum ex_extent ex_extent_read(struct ex_source *s);

#endif
