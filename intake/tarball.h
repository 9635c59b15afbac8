/*
 * tarball.h -- a folder as one stream that stock tar unpacks: names as they
 * are, byte for byte, modes, times, owners, symbolic links; and a list of its
 * files that sha256sum checks.
 *
 * GNU's format.  The same folder gives the same bytes: names come sorted,
 * nothing of the machine or the moment is in it.
 */
#ifndef INTAKE_TARBALL_H
#define INTAKE_TARBALL_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct ex_tarball {
	/* Takes what comes, in order. */
	int (*put)(void *arg, const void *data, size_t n, struct ex_err *err);
	void *arg;
	const volatile sig_atomic_t *stop; /* may be NULL: EX_STATE when set */

	/* What came of it. */
	struct ex_buf list; /* "SHA-256  ./NAME" a line, for sha256sum -c */
	uint64_t files;	    /* regular files in it */
	uint64_t left_out;  /* what could not be read or is no file */
	char first[256];    /* the first of those and why, as it is shown */
};

/*
 * Write everything below root.  A file that cannot be read is left out and
 * told; one that changes its size while it is read is EX_DAMAGED, because
 * what was written of it is worth nothing.  t->list is to be released whether
 * it worked or not.
 */
int
ex_tarball_write(struct ex_tarball *t, const char *root, struct ex_err *err);

#endif
