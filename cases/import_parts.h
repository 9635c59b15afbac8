/*
 * import_parts.h -- an import under way; for cases/import*.c alone.
 */
#ifndef CASES_IMPORT_PARTS_H
#define CASES_IMPORT_PARTS_H

#include "base/file.h"
#include "base/limits.h"
#include "cases/act.h"
#include "cases/import.h"
#include "cases/perform.h"
#include "intake/bring.h"
#include "intake/reader.h"
#include "intake/set.h"

struct ex_importing {
	const struct ex_import *in;
	struct ex_house *house;
	struct ex_json *parent; /* its fact; NULL: none */
	const char *number;	/* of the case; borrowed */
	char image[EX_ITEM_MAX + 1];
	struct ex_set set;
	struct ex_digest_value expect[EX_ALGS];
	size_t nexpect;
	int lock;	     /* of its file of work, or -1 */
	char vault[EX_PATH]; /* DIR/vault/images */
	char temp[EX_PATH];  /* where the copy is made */
	char dir[EX_PATH];   /* where it lies in the end */
	int placed;	     /* it does */
	struct ex_brought got;
	struct ex_verdict reading;
	const char *verdict;
	char text[EX_ERR_TEXT]; /* what was found, one line, or "" */
};

/*
 * Choose the image's name and hold its file of work; remains of imports that
 * died are removed.  EX_EXISTS, EX_CONFLICT.
 */
int ex_importing_begin(struct ex_importing *q, struct ex_err *err);
/* The copy gets its name. */
int ex_importing_place(struct ex_importing *q, struct ex_err *err);
/* What becomes of the copy and of the file of work. */
enum {
	EX_IMPORT_GOES,	 /* both are removed */
	EX_IMPORT_STAYS, /* signed: the copy stays */
	EX_IMPORT_WAITS	 /* signed and in DIR/pending: both stay */
};
void ex_importing_end(struct ex_importing *q, int keep);

/* The entry as it can be known before anything was read: for the rules. */
int ex_import_plan(struct ex_request *r, struct ex_files *files,
    const struct ex_importing *q, struct ex_err *err);
/* What came of it, added to the planned entry. */
int ex_import_fill(
    struct ex_member *m, const struct ex_importing *q, struct ex_err *err);
/* The summary of exhibit(1). */
int ex_import_tell(
    struct ex_json **out, const struct ex_importing *q, struct ex_err *err);

#endif
