/*
 * sighting_parts.h -- for cases/sighting*.c alone.
 */
#ifndef CASES_SIGHTING_PARTS_H
#define CASES_SIGHTING_PARTS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

/*
 * Append the host of a canonical domain, URL or email address with its labels
 * from the top down ("test.example.www"); nothing when it is an address.
 */
int ex_sighting_rev(struct ex_buf *out, const char *value, struct ex_err *err);

#endif
