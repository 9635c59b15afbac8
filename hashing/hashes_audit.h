/*
 * hashes_audit.h -- files against a list of digests: which are known, which
 * moved, which are new, which are missing.
 *
 * A file is found by its digests, all those that the list has of it, and by
 * its size where the list has one.  Names are compared as absolute ones.
 */
#ifndef HASHING_HASHES_AUDIT_H
#define HASHING_HASHES_AUDIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "hashing/hashes.h"

enum ex_audited {
	EX_AUDIT_MATCHED, /* listed under this name, the same */
	EX_AUDIT_KNOWN,	  /* the same as one that is there under its own name */
	EX_AUDIT_MOVED,	  /* the same as one that is not, or not the same,
			   * under its own name */
	EX_AUDIT_DIFFERS, /* listed under this name, another one */
	EX_AUDIT_NEW,	  /* not listed */
	EX_AUDIT_MISSING, /* listed, not there, and not moved */
	EX_AUDIT_WORDS
};

struct ex_audit;

/*
 * list must outlive it; dir is what relative names begin at.  Released with
 * ex_audit_free().
 */
int ex_audit_new(struct ex_audit **out, const struct ex_hashes *list,
    const char *dir, struct ex_err *err);
void ex_audit_free(struct ex_audit *a);

/* A file that is there. */
int ex_audit_file(struct ex_audit *a, const char *name, uint64_t size,
    const struct ex_digest_value *d, size_t n, struct ex_err *err);
/* One that is there and could not be read: it is not missing. */
int ex_audit_unread(struct ex_audit *a, const char *name, struct ex_err *err);

/*
 * When all files were given: tell each, in order, then what is missing.
 * listed is the name in the list where that is another one, else NULL.
 */
typedef int ex_audit_fn(void *arg, enum ex_audited what, const char *name,
    const char *listed, struct ex_err *err);
int ex_audit_tell(
    struct ex_audit *a, ex_audit_fn *tell, void *arg, struct ex_err *err);

/* "matched", "known", "moved", "differs", "new", "missing". */
const char *ex_audit_word(enum ex_audited what);

/* Is a file this one of the list?  1 or 0. */
int ex_hashes_is(const struct ex_hashes_file *f, uint64_t size,
    const struct ex_digest_value *d, size_t n);

#endif
