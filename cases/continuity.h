/*
 * continuity.h -- what is missing or odd in an item's chain of custody.
 *
 * Every minute since the seizure, or since the first record, belongs to one
 * custodian and one place.  What does not is a finding with the numbers of
 * the entries that show it; finding_explain answers one, and both are shown.
 */
#ifndef CASES_CONTINUITY_H
#define CASES_CONTINUITY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "cases/record.h"

struct ex_house;

enum {
	EX_CONTINUITY_ENTRIES = 8
};

struct ex_continuity_finding {
	char code[32]; /* "gap", "seal-differs", "paper-party", ... */
	char item[EX_ITEM_MAX + 1];
	/* one line; both languages */
	char text[240];
	char text_zh[240];
	/* sequence numbers in the item's stream */
	uint64_t entry[EX_CONTINUITY_ENTRIES];
	size_t nentries;
	int answered;	   /* a finding_explain names one of the entries */
	uint64_t answer;   /* its sequence number */
	const char *words; /* its text; NULL: withheld.  Borrowed */
};

struct ex_continuity {
	int seized;    /* the record begins with the seizure */
	int64_t since; /* occurred_at of the first entry */
	struct ex_continuity_finding *finding;
	size_t n, cap;
	size_t open; /* those without an answer */
};

/*
 * The findings of one item of the record, by entry.  *out is released with
 * ex_continuity_free() whether it worked or not.
 */
int ex_continuity_of(struct ex_continuity *out, const struct ex_record *r,
    const char *item, struct ex_err *err);
void ex_continuity_free(struct ex_continuity *c);

/* One line about a code, for people; the code itself when it is not known. */
const char *ex_finding_title(const char *code, int zh);

/* The findings as the array below. */
int ex_continuity_json(struct ex_json **out, const struct ex_continuity *c,
    int zh, struct ex_err *err);

/*
 * {"item","findings":[{"code","title","text","entries":[],"answered",
 * "answer"?,"words"?}],"open"}; *status 1 when one is open.
 */
int ex_continuity_run(struct ex_json **out, int *status, struct ex_house *house,
    const char *item, int zh, struct ex_err *err);

#endif
