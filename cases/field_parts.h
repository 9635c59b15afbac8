/*
 * field_parts.h -- bringing home one act; for cases/field*.c alone.
 */
#ifndef CASES_FIELD_PARTS_H
#define CASES_FIELD_PARTS_H

#include "cases/act_parts.h"

/* One act out of a kit, and its bytes as they were signed. */
struct ex_brought {
	struct ex_house *house;
	const char *file; /* its name in the kit */
	struct ex_buf bytes;
	struct ex_act_job job;
};

/*
 * Did people of this log sign every entry, with keys that it knows, whatever
 * became of them?  Else -1 with why not.
 */
int ex_brought_is_ours(const struct ex_brought *b, struct ex_err *err);

/*
 * Enter it late, because of why: its bytes into the vault, and for each entry
 * a late_entry of the person who acts; what was entered so before stays.
 * EX_ABSENT: it is about nothing that the log knows.
 */
int ex_brought_enter_late(
    struct ex_brought *b, const char *why, struct ex_err *err);

#endif
