/*
 * import.h -- what others made comes into the house: an image set, a file or
 * a folder, as it is, with a verdict.
 *
 * The order:
 *  1  what is asked for is judged by the rules before a byte is copied
 *  2  the files are copied into the vault under a temporary name and digested
 *  3  exhibit-reader reads the copy: whole or not, its stored digests
 *     compared, several digests over what was read
 *  4  the copy gets its name, and the `import` of the new digital item is
 *     signed, whatever was found
 * A run that dies leaves a file of work in DIR/pending by which the next one
 * finds and removes what nobody signed.
 *
 * Verdicts: "ok" the container is whole and a digest that came with it (in
 * the container, or by `expect`) is that of the media; "nothing_stored" whole
 * and nothing to compare it with; "digest_differs"; "container_damaged";
 * "unreadable"; "incomplete" a folder of which something was left out.
 */
#ifndef CASES_IMPORT_H
#define CASES_IMPORT_H

#include <stddef.h>

#include "base/err.h"
#include "base/json.h"
#include "cases/acquire.h"
#include "cases/given.h"

struct ex_import {
	const char *item; /* that it is of; or the new item's own number */
	const char *const *path;
	size_t npaths;
	const char *image;	   /* NULL: ITEM-I1, -I2 ... */
	const char *case_number;   /* of an item that is not there yet */
	const char *format;	   /* NULL: by what the paths are */
	const char *tool_report;   /* file, or NULL */
	unsigned algs;		   /* bits of further digests */
	const char *const *expect; /* "ALG:HEX", said by who delivered it */
	size_t nexpect;
	int64_t occurred_at; /* 0: now */
	/* Fields of the act: method, tool, changes, kind, description ... */
	const struct ex_given *given;
	size_t ngiven;
	int without_landlock;
	ex_progress_fn *progress; /* phases "import" and "verify" */
	void *progress_arg;
};

/*
 * *summary: {"image","item","verdict","text","format","bytes","digests",
 * "stored","header","segments","bad_ranges","event","state"}; *status 0, or 1
 * when the verdict is neither ok nor nothing_stored.  -1: nothing of it is
 * kept, unless EX_UNREACHABLE: then it is signed and in DIR/pending.
 */
int ex_import_run(struct ex_json **summary, int *status, struct ex_house *house,
    const struct ex_import *in, struct ex_err *err);

#endif
