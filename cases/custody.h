/*
 * custody.h -- acts of custody over one or several items.
 *
 * What an act may and must carry stands in custody/act.c, whether it may
 * happen in custody/judge*.c.  Here is what people do not have to type: the
 * case's one authority, the seal before, the serial number compared, files by
 * their digests, entries by a few of their digits.
 */
#ifndef CASES_CUSTODY_H
#define CASES_CUSTODY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "cases/item.h"
#include "custody/act.h"

struct ex_house;

/*
 * What is given besides the fields of the act, under these names: "photo",
 * "attach" (paths, any number), "entry" (of correct, annul and those that
 * have the field), "document" (a path or a digest).
 */
struct ex_custody {
	const char *act; /* the word: "check-out"; "late" */
	const struct ex_line *line;
	size_t nlines;
	const struct ex_given *common; /* for each of them */
	size_t ncommon;
	int late; /* enter the act late */
	int emergency;
	int64_t occurred_at; /* 0: now */
};

/*
 * The definition behind a word of `exhibit custody`, NULL when it is none:
 * acts that other commands do have no word.
 */
const struct ex_act_def *ex_custody_act(const char *word);

/* The other way: "check-out", "late", NULL. */
const char *ex_custody_word(const struct ex_act_def *def);

/* Is this field of the act filled in when nobody gives it?  1 or 0. */
int ex_custody_fills(enum ex_act act, const char *field);

/*
 * One entry an item, in one batch that stands or falls together.  EX_USAGE:
 * the act is not one, or a field is missing or wrong; EX_ABSENT: no such
 * item; all else as the rules say.
 */
int ex_custody_do(struct ex_json *summary, int *status, struct ex_house *house,
    const struct ex_custody *c, struct ex_err *err);

#endif
