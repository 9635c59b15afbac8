/*
 * access.h -- who looked at what: a row of the access log, which the log
 * closes.
 */
#ifndef CASES_ACCESS_H
#define CASES_ACCESS_H

#include "base/err.h"
#include "cases/house.h"

/*
 * Note that whoever acts looked at an item or a case, or tried to (allowed 0:
 * there is none, or it may not be seen); once a command for the same.  kind is
 * "item", "case" or "" when it is not known.  What is not noted is not shown:
 * the caller fails with it.
 */
int ex_access_note(struct ex_house *house, const char *kind, const char *name,
    int allowed, struct ex_err *err);

#endif
