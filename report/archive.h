/*
 * archive.h -- a PDF made fit to be kept: what it is about in XMP, its
 * language, its colours, the manifest inside, room for a signature; packed.
 *
 * The shape is that of PDF/A-3b (ISO 19005-3); the file does not say that it
 * conforms, because no validator has said so.
 */
#ifndef REPORT_ARCHIVE_H
#define REPORT_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	/* Bytes of DER for a signature: a certificate, and a time-stamp with
	 * its authority's. */
	EX_ARCHIVE_SIGNATURE = 16384
};

struct ex_archive_about {
	int zh;
	const char *title;
	const char *subject;
	int64_t made_at;	 /* microseconds UTC */
	struct ex_span manifest; /* JSON, embedded as manifest.json */
	const char *signer;	 /* who will sign; NULL: nobody */
	const char *reason;	 /* why, in the file's language */
};

/* Where the signature goes. */
struct ex_archive_hole {
	size_t start; /* of the '<' before the hexadecimal digits */
	size_t end;   /* behind the '>' */
};

/*
 * Append the finished file to out, which is empty.  *hole (may be NULL when
 * there is no signer) is where its signature goes, with the byte range around
 * it written already.  EX_SYSTEM: qpdf says what.
 */
int ex_archive_pdf(struct ex_buf *out, struct ex_archive_hole *hole,
    const struct ex_buf *pdf, const struct ex_archive_about *about,
    struct ex_err *err);

/* Append the ICC profile of sRGB, the same bytes each time. */
int ex_archive_srgb(struct ex_buf *out, struct ex_err *err);

/* Append the XMP packet that says the same as the file's Info. */
int ex_archive_xmp(struct ex_buf *out, const struct ex_archive_about *about,
    struct ex_err *err);

#endif
