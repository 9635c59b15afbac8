/*
 * set.h -- what others made: which files belong together, and as what they
 * are kept.
 *
 * Only names and the first bytes are looked at; what is in the files is read
 * by exhibit-reader.
 */
#ifndef INTAKE_SET_H
#define INTAKE_SET_H

#include <stddef.h>

#include "base/err.h"

enum ex_set_kind {
	EX_SET_E01,   /* an E01 in one or several segments */
	EX_SET_RAW,   /* a raw image in one or several pieces */
	EX_SET_FILE,  /* any other file, as it is */
	EX_SET_FOLDER /* a folder with everything in it */
};

struct ex_set {
	enum ex_set_kind kind;
	char **path; /* in order; of a folder its own */
	size_t n;
	int numbered; /* 1: their extensions cannot be kept */
};

/*
 * What these paths are.  One segment of an E01 brings those that lie beside
 * it under the same name with it, also behind a gap; so does NAME.001 of a
 * raw image.  format ("e01", "raw", "file", "folder"; NULL: by what they
 * are) decides instead.  EX_ABSENT, EX_USAGE names what cannot be together;
 * EX_LIMIT.  *out starts zeroed and is released with ex_set_free() whether it
 * worked or not.
 */
int ex_set_find(struct ex_set *out, const char *const *path, size_t n,
    const char *format, struct ex_err *err);
void ex_set_free(struct ex_set *set);

/* "e01", "raw", "file", "folder". */
const char *ex_set_kind_text(enum ex_set_kind kind);

/*
 * The extension under which file i of a set is kept: its own where that is a
 * usual one and no two are the same, else a number.  Writes at most 9 bytes.
 */
void ex_set_extension(char out[9], const struct ex_set *set, size_t i);

#endif
