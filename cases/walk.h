/*
 * walk.h -- the entries of one stream as they are stored, opened.
 *
 * For looking things up before an act and for lists: commitments are checked
 * against their openings, signatures and proofs are not (cases/record.h).
 */
#ifndef CASES_WALK_H
#define CASES_WALK_H

#include "base/err.h"
#include "custody/event.h"
#include "custody/openings.h"

struct ex_conn;

/* One entry; everything borrowed for the call. */
typedef int ex_walk_each(void *arg, const struct ex_event *e,
    const struct ex_openings *o, struct ex_err *err);

/*
 * Call each() for every indexed entry of a stream that the caller may see,
 * ascending.  EX_DAMAGED names one that is not what it says.
 */
int ex_walk_stream(struct ex_conn *conn, const struct ex_stream *stream,
    ex_walk_each *each, void *arg, struct ex_err *err);

#endif
