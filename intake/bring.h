/*
 * bring.h -- files that others made, copied into a folder of the vault and
 * digested on the way; nothing is parsed.
 */
#ifndef INTAKE_BRING_H
#define INTAKE_BRING_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "hashing/digest.h"
#include "intake/imaging.h"
#include "intake/set.h"

struct ex_bring {
	const struct ex_set *set;
	const char *dir;  /* an empty folder */
	const char *name; /* what the copies are called, without extension */
	unsigned algs;	  /* digests over all bytes, in order */
	void (*progress)(void *arg, uint64_t done, uint64_t total);
	void *progress_arg;
	const volatile sig_atomic_t *stop; /* may be NULL */
};

struct ex_brought {
	struct ex_segment *segment; /* as they lie now, in order */
	size_t nsegments;
	uint64_t bytes; /* of all of them */
	struct ex_digest_value digest[EX_ALGS];
	size_t ndigests;
	/* Of a folder: intake/tarball.h. */
	struct ex_buf list;
	uint64_t files, left_out;
	char first[256];
};

/*
 * Copy them: each is synced and read-only, and the folder is synced.  A
 * source is opened to be read and for nothing else.  EX_DAMAGED when one
 * changes meanwhile; EX_LIMIT when there is no room, told before the first
 * byte where that can be known; EX_STATE when stop was set.  Copies of a run
 * that failed are the caller's to remove.  *out is released with
 * ex_brought_free() whether it worked or not.
 */
int
ex_bring(struct ex_brought *out, const struct ex_bring *b, struct ex_err *err);
void ex_brought_free(struct ex_brought *b);

#endif
