/*
 * custody_parts.h -- an act of custody in the making; for cases/custody*.c
 * alone.
 */
#ifndef CASES_CUSTODY_PARTS_H
#define CASES_CUSTODY_PARTS_H

#include "cases/custody.h"
#include "cases/perform.h"
#include "custody/openings.h"

struct ex_making {
	struct ex_house *house;
	const struct ex_custody *c;
	enum ex_act act; /* what is entered: late_entry for a late one */
	struct ex_request r;
	struct ex_files files;
	struct ex_json *unknown; /* scanned, and not in the log; or NULL */
};

/*
 * What an act of this item takes that nobody typed.  item is its fact, NULL
 * when the act makes it.
 */
int ex_making_complete(struct ex_making *k, struct ex_member *m,
    const struct ex_json *item, struct ex_err *err);

/*
 * Compare the items that were scanned with those that should lie at the
 * place: results into their members, and members for those not found.
 */
int ex_making_inventory(struct ex_making *k, struct ex_err *err);

/*
 * The serial number that the item was announced with, as corrected since;
 * out is empty when none was or it is withheld.
 */
int ex_serial_announced(struct ex_buf *out, struct ex_house *house,
    const char *item, struct ex_err *err);

/* What an entry says an item's serial number is announced as, or NULL. */
const char *ex_serial_in(const struct ex_event *e, const struct ex_openings *o);

/* Is it split or component-out, which make entries of their parts too? */
int ex_custody_is_part(const struct ex_custody *c);
int ex_custody_part(struct ex_json *summary, int *status,
    struct ex_house *house, const struct ex_custody *c, struct ex_err *err);

/* A value given for the whole act, NULL when there is none. */
const char *ex_making_common(const struct ex_making *k, const char *name);

/* An erasure names texts that its entry commits to.  EX_USAGE. */
int ex_making_erase(
    struct ex_making *k, const struct ex_member *m, struct ex_err *err);

/* Take the same out of this machine's receipts. */
int ex_receipts_erase(
    struct ex_house *house, const struct ex_member *m, struct ex_err *err);

#endif
