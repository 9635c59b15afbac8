/*
 * event_pii.h -- the commitments of a body: their paths and values.
 */
#ifndef CUSTODY_EVENT_PII_H
#define CUSTODY_EVENT_PII_H

#include "base/err.h"
#include "custody/event.h"

/*
 * Check e->fields and e->pii: every path is a field's name, "field/N" of a
 * list that starts at 0 without a gap, or "parties/N/reason" of a party that
 * does not sign; every value is 64 hexadecimal digits; and the act permits
 * and requires exactly these (ex_act_check_fields()).
 */
int ex_pii_check(const struct ex_event *e, struct ex_err *err);

#endif
