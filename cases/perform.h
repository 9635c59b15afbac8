/*
 * perform.h -- an act of people: seated, its files kept, done, told.
 */
#ifndef CASES_PERFORM_H
#define CASES_PERFORM_H

#include <stddef.h>

#include "base/err.h"
#include "base/json.h"
#include "cases/act.h"
#include "cases/given.h"
#include "hashing/digest.h"

/* Files that an act names by their digest: they go into the vault with it. */
struct ex_files {
	struct ex_file {
		const char *path; /* borrowed */
		char sha256[EX_SHA256_HEX];
	} * file;
	size_t n, cap;
};

/* The digest of a file, read once however often it is named. */
int ex_files_name(struct ex_files *files, const char *path,
    char sha256[EX_SHA256_HEX], struct ex_err *err);
/* Keep them in the vault; EX_DAMAGED when one changed meanwhile. */
int ex_files_keep(
    struct ex_house *house, const struct ex_files *files, struct ex_err *err);
void ex_files_free(struct ex_files *files);

/*
 * Put a value into the member; of a file its digest: "photo" and "attach",
 * any number, and a field that names a document, by its path or its digest.
 */
int ex_files_put(struct ex_files *files, struct ex_member *m,
    const struct ex_given *given, struct ex_err *err);
int ex_files_put_all(struct ex_files *files, struct ex_member *m,
    const struct ex_given *given, size_t n, struct ex_err *err);

/*
 * Seat the desk for the act, judge it, keep its files (NULL: none) and do it.
 * Nothing is kept of an act that the rules refuse.  EX_DAMAGED when a file
 * changed meanwhile.
 */
int ex_perform_do(struct ex_outcome *out, struct ex_house *house,
    struct ex_request *r, enum ex_act act, const struct ex_files *files,
    struct ex_err *err);

/* The same, and the outcome put into the summary (ex_outcome_json()). */
int ex_perform(struct ex_json *summary, int *status, struct ex_house *house,
    struct ex_request *r, enum ex_act act, const struct ex_files *files,
    struct ex_err *err);

#endif
