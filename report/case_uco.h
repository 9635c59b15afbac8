/*
 * case_uco.h -- a case in the words of CASE 1.4 and UCO 1.4, as JSON-LD; and
 * its custody table for a spreadsheet.
 *
 * No validator is packaged for Debian, so nothing is claimed beyond the rules
 * that docs/formats.md lists and the tests check.  What CASE has no word for
 * (parties, seals, places in the log) stands under the prefix "exhibit:".
 */
#ifndef REPORT_CASE_UCO_H
#define REPORT_CASE_UCO_H

#include "base/buf.h"
#include "base/err.h"
#include "report/facts.h"

/* Append the file.  Texts that are withheld are left out. */
int ex_case_uco(
    struct ex_buf *out, const struct ex_report_facts *f, struct ex_err *err);

/*
 * Every entry of every exhibit, a line each (RFC 4180, UTF-8 with a byte
 * order mark, as spreadsheets want it).  A cell that a spreadsheet would
 * take for a formula begins with an apostrophe.
 */
int ex_custody_csv(
    struct ex_buf *out, const struct ex_report_facts *f, struct ex_err *err);

#endif
