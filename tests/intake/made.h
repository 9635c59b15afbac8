/*
 * made.h -- an image that a test made of a scripted drive, and what the
 * reader says of it.
 */
#ifndef TESTS_INTAKE_MADE_H
#define TESTS_INTAKE_MADE_H

#include "drive.h"
#include "intake/imaging.h"
#include "intake/reader.h"

enum {
	SEGMENTS = 64
};

/* An image and the paths of its segments, which a test may change. */
struct made {
	struct ex_imaging_outcome out;
	const char *path[SEGMENTS];
	size_t n;
};

/* The reader that was built. */
const char *reader_program(void);

/* Image d, whole or with errors, into dir; fails the test otherwise. */
void make_image(
    struct made *m, struct ex_imaging *job, struct drive *d, const char *dir);

/* Have it read back; fails the test when there is no verdict. */
void verify_image(
    struct ex_verdict *v, const struct made *m, enum ex_container container);

#endif
