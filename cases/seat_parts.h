/*
 * seat_parts.h -- seating the people of a command; for cases/seat*.c and act.c alone.
 */
#ifndef CASES_SEAT_PARTS_H
#define CASES_SEAT_PARTS_H

#include "cases/act.h"

/*
 * Seat "PERSON[@ORG]:ROLE:MODE[:FILE]", recorded by the person who acts.
 * EX_USAGE says what is wrong with it.
 */
int ex_request_seat_other(struct ex_request *r, struct ex_house *house,
    const char *given, struct ex_err *err);

/*
 * Keep the scans of signed forms in the vault, once the rules permit the act.
 * EX_DAMAGED: one has changed since it was named.
 */
int ex_request_keep_forms(
    const struct ex_request *r, struct ex_house *house, struct ex_err *err);

#endif
