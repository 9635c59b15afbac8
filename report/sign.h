/*
 * sign.h -- the actor's signature under what leaves the house.
 */
#ifndef REPORT_SIGN_H
#define REPORT_SIGN_H

#include "base/buf.h"
#include "base/err.h"
#include "cases/act.h"
#include "cases/record.h"
#include "report/report.h"

/* Seat the desk's people, do the act of one entry, say where it stands. */
int ex_request_sign(struct ex_done *done, struct ex_house *house,
    struct ex_request *q, enum ex_act act, struct ex_err *err);

/*
 * Sign a `report` entry over these bytes, in a format ("html", "txt"), under
 * the frame's number; it supersedes what ex_report_superseded() says.
 */
int ex_report_sign(struct ex_done *done, struct ex_house *house,
    const struct ex_record *r, const struct ex_report_frame *frame,
    const char *format, const struct ex_buf *file, struct ex_err *err);

/*
 * Would it be signed?  The actor's key may be revoked, the role wanting:
 * EX_DENIED, EX_STATE.  Nothing is written.
 */
int ex_report_check_sign(struct ex_house *house, const struct ex_record *r,
    const struct ex_report_frame *frame, const char *format,
    struct ex_err *err);

#endif
