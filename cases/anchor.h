/*
 * anchor.h -- the log and those outside who vouch for it.
 */
#ifndef CASES_ANCHOR_H
#define CASES_ANCHOR_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "cases/house.h"
#include "custody/outsiders.h"

/*
 * A time-stamp over a digest that is not the log's, from the first authority
 * of the policy that gives one: its answer (RFC 3161) appended to tsr, checked
 * as those of the log are.  EX_STATE: the policy names none; EX_UNREACHABLE:
 * none gave one, and why.
 */
int ex_house_token(struct ex_buf *tsr, struct ex_house *house,
    const uint8_t sha256[EX_SHA256_LEN], struct ex_err *err);

/* Whom the policy in force names. */
int ex_house_outsiders(
    struct ex_outsiders *out, struct ex_house *house, struct ex_err *err);

/*
 * Have the newest checkpoint cosigned ("cosign") or stamped ("stamp") now:
 * {"asked":[{"name","org","result","text"}],"done","wanted"}.  *status 0 when
 * as many did as the policy wants (of authorities: all), 1 when a witness knows
 * another history, else 2.  EX_STATE: the policy names nobody.
 */
int ex_log_vouch(struct ex_json **out, int *status, struct ex_house *house,
    const char *what, struct ex_err *err);

/*
 * Append to a note of this size the cosignatures that are kept for it and hold
 * under the policy in force; *n (may be NULL) is how many.
 */
int
ex_log_add_cosignatures(struct ex_buf *note, size_t *n, struct ex_house *house,
    struct ex_conn *conn, uint64_t size, struct ex_err *err);

/*
 * Let the log go on although no witness answers: signed by the actor for the
 * state that it is in now, DIR/log/override.  {"file","size","root"}
 */
int ex_log_override(struct ex_json **out, struct ex_house *house,
    const char *reason, struct ex_err *err);

#endif
