/*
 * pdf_sign.h -- the reporting person's signature in a PDF: PAdES
 * (ETSI EN 319 142-1), level B-B, with a time-stamp B-T.
 */
#ifndef REPORT_PDF_SIGN_H
#define REPORT_PDF_SIGN_H

#include "base/buf.h"
#include "base/err.h"
#include "report/archive.h"

struct ex_house;
struct ex_signer;

/* Who signs, and in whose house a time-stamp is asked for. */
struct ex_pdf_hand {
	struct ex_house *house; /* NULL: no time-stamp is asked for */
	const struct ex_signer *signer;
	int stamped; /* set: the signature has a time-stamp */
};

/*
 * Sign everything of the file around the hole and put the signature there.
 * An authority that does not answer is no reason for no signature: *stamped
 * (may be NULL) says whether there is a time-stamp.  EX_PIN, EX_LIMIT.
 */
int ex_pdf_sign(struct ex_buf *pdf, const struct ex_archive_hole *hole,
    const struct ex_pdf_hand *hand, int *stamped, struct ex_err *err);

#endif
