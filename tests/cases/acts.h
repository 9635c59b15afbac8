/*
 * acts.h -- people, a case, and usual acts in a real house, for tests of
 * cases/act.h.
 */
#ifndef TESTS_CASES_ACTS_H
#define TESTS_CASES_ACTS_H

#include "tests/cases/desk.h"

#define ACTS_CASE "114-EX-7"

/* People; their keys have the same names. */
#define ACTS_OFFICER	"OFF-1" /* investigator */
#define ACTS_CUSTODIAN	"CUS-1" /* evidence_custodian */
#define ACTS_EXAMINER	"EXA-1" /* examiner */
#define ACTS_PROSECUTOR "PRO-1" /* prosecutor */
#define ACTS_DUTY	"DUT-1" /* duty_officer */

/* A house with these people and an open case. */
void acts_open(struct desk *d);

/* For cmocka: one for a whole program, in *state. */
int acts_group_open(void **state);
int acts_group_close(void **state);

/* Number n of a series of items; the same buffer every eighth call. */
const char *acts_item(const char *series, size_t n);

/* A member that announces an item, receives it, makes a note of it. */
void acts_announce(struct ex_request *r, const char *item);
void acts_receive(struct ex_request *r, const char *item);
void acts_note(struct ex_request *r, const char *item, const char *text);

/*
 * Seat the desk for act, do r and free it.  out may be NULL; what went wrong
 * in why, which may be NULL, too.
 */
int acts_do(struct desk *d, struct ex_request *r, enum ex_act act,
    struct ex_outcome *out, struct ex_err *why);

/* It must work. */
void acts_announced(struct desk *d, const char *item);
void acts_received(struct desk *d, const char *item);
void acts_noted(struct desk *d, const char *item);

/* How many rows there are: entries, rejected ones. */
long acts_entries(const struct desk *d);
long acts_rejected(const struct desk *d);
/* Entries of one item's stream. */
long acts_entries_of(const struct desk *d, const char *item);

/* Files in DIR/name whose name ends so; no folder: 0. */
size_t acts_files(const struct desk *d, const char *name, const char *ending);

/* Finish what is pending, as another run of the program. */
struct ex_json *acts_finish(struct desk *d, int *status);

/* Nothing lies in DIR/pending, and every entry has one receipt at most. */
void acts_clean(const struct desk *d);

#endif
