/*
 * indicator_parts.h -- forms of the families of indicators.
 *
 * text is trimmed, refanged where that applies, and may be signed.  Each
 * appends to out, or fails with EX_FORMAT; out may then hold a beginning.
 */
#ifndef CASES_INDICATOR_PARTS_H
#define CASES_INDICATOR_PARTS_H

#include "base/buf.h"
#include "base/err.h"

typedef int
ex_ind_form(struct ex_buf *out, const char *text, struct ex_err *err);

ex_ind_form ex_ind_ipv4, ex_ind_ipv6, ex_ind_cidr, ex_ind_domain, ex_ind_url,
    ex_ind_email;
ex_ind_form ex_ind_phone, ex_ind_bank_account, ex_ind_imei;
ex_ind_form ex_ind_crypto_wallet;

/* "TEXT" is no WHAT: WHY; EX_FORMAT. */
int ex_ind_not(
    const char *what, const char *text, const char *why, struct ex_err *err);

/* Append text as it is compared, without the ASCII characters of skip. */
int ex_ind_fold(
    struct ex_buf *out, const char *text, const char *skip, struct ex_err *err);

#endif
