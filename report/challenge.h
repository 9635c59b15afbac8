/*
 * challenge.h -- what the other side will find: every weak point of a case or
 * an item, with its entry, how grave it is and what would cure it.
 */
#ifndef REPORT_CHALLENGE_H
#define REPORT_CHALLENGE_H

#include "base/err.h"
#include "base/json.h"

struct ex_house;

/*
 * {"points":[{"item","entry","code","severity","text","cure"}],"grave",
 * "moderate","slight"}, grave ones first, in one language.  Computed from
 * entries that proved themselves, as the report is; nothing is entered.
 * *status is 1 when there is a grave one.  EX_ABSENT: no such case or item,
 * or it may not be seen.
 */
int ex_challenge(struct ex_json **out, int *status, struct ex_house *house,
    const char *subject, int zh, struct ex_err *err);

#endif
