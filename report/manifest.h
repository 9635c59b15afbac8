/*
 * manifest.h -- what a report speaks for, as canonical JSON.
 *
 * A PDF cannot hold its own digest.  It holds its manifest, which names every
 * entry behind it by its leaf; the manifest's digest is on the cover and in
 * the QR code, the file's own digest in the signed `report` entry.
 */
#ifndef REPORT_MANIFEST_H
#define REPORT_MANIFEST_H

#include "report/report.h"

#define EX_MANIFEST_SCHEMA "custody-report/v1"

/* Append it; docs/formats.md has its members.  frame->number is set. */
int ex_report_manifest(struct ex_buf *out, const struct ex_record *r,
    const struct ex_report_frame *frame, struct ex_err *err);

#endif
