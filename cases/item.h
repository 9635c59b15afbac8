/*
 * item.h -- items: announced, derived from others, looked at.
 */
#ifndef CASES_ITEM_H
#define CASES_ITEM_H

#include <stddef.h>

#include "base/err.h"
#include "base/json.h"
#include "cases/given.h"

struct ex_house;

/* One item of an act over several, and what is given for it alone. */
struct ex_line {
	const char *item;
	const struct ex_given *given;
	size_t n;
};

/*
 * An item's number as typed, "item:" before it or not.  Borrowed from text.
 * EX_USAGE.
 */
int ex_item_number(const char **out, const char *text, struct ex_err *err);

/* Announce items for a case, one entry each; occurred_at 0: now. */
int ex_item_announce(struct ex_json *summary, int *status,
    struct ex_house *house, const char *number, const struct ex_line *line,
    size_t nlines, const struct ex_given *common, size_t ncommon,
    int64_t occurred_at, struct ex_err *err);

/* What is made or taken from an item. */
struct ex_derivation {
	const char *parent;
	const char *const *child; /* several of a lot that is split */
	size_t nchildren;
	const char
	    *relation; /* component, extracted_from, copy_of, sample_of */
	const struct ex_given *given; /* for each of them */
	size_t n;
	int64_t occurred_at; /* 0: now */
};

/*
 * component and sample_of: the parent's entry lists what was taken out, and
 * each part has its first entry, in one batch.  Otherwise something new is
 * made, and only it gets an entry.
 */
int ex_item_derive(struct ex_json *summary, int *status, struct ex_house *house,
    const struct ex_derivation *d, struct ex_err *err);

/*
 * {"item","case","state","flags":["quarantine",...],"custodian","location",
 * "seal","seal_state","images":[],"findings":[{"code","seq"}], ...} and the
 * texts that describe it, as corrected.  EX_ABSENT.
 */
int ex_item_show(struct ex_json **out, struct ex_house *house, const char *item,
    struct ex_err *err);

/* [{"item","case","state","kind","custodian","location","seal"}]; number may
 * be NULL: of every case. */
int ex_item_list(struct ex_json **out, struct ex_house *house,
    const char *number, struct ex_err *err);

#endif
