/*
 * qr.h -- a short text as a QR code (ISO/IEC 18004).
 */
#ifndef REPORT_QR_H
#define REPORT_QR_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
	EX_QR_MOST = 177, /* modules of a side: version 40 */
	EX_QR_QUIET = 4	  /* empty modules around it */
};

struct ex_qr {
	size_t side;
	uint8_t dark[EX_QR_MOST * EX_QR_MOST]; /* rows from the top, 1: dark */
};

/* Error correction of level M.  EX_LIMIT: longer than a code can be. */
int ex_qr_make(struct ex_qr *out, const char *text, struct ex_err *err);

#endif
