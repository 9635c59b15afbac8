/*
 * event_party.h -- one party as a JSON object of the body; for event.c and
 * event_write.c.
 */
#ifndef CUSTODY_EVENT_PARTY_H
#define CUSTODY_EVENT_PARTY_H

#include "base/err.h"
#include "base/json.h"
#include "custody/event.h"

/* EX_FORMAT names the member. */
int ex_party_read(
    struct ex_party *out, const struct ex_json *v, struct ex_err *err);

/* Append the object to array. */
int ex_party_write(
    struct ex_json *array, const struct ex_party *p, struct ex_err *err);

#endif
