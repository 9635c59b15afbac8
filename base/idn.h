/*
 * idn.h -- host names in their one wire form.
 */
#ifndef BASE_IDN_H
#define BASE_IDN_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Append the A-label form of a host name, lower case, without a trailing dot
 * (IDNA 2008, non-transitional, RFC 5891).  Names that only the DNS knows
 * (labels with "_") pass.  At least two labels.  EX_FORMAT says what is wrong.
 */
int ex_idn_host(struct ex_buf *out, const char *host, struct ex_err *err);

#endif
