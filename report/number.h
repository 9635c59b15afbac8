/*
 * number.h -- reports of one subject are counted: R1, R2, ...
 *
 * The forms of one report in a bundle share a number.  A new report
 * supersedes the newest one of the same form, language and recipient; others
 * stay what they are.
 */
#ifndef REPORT_NUMBER_H
#define REPORT_NUMBER_H

#include "report/report.h"

/* The next number. */
void ex_report_number(char out[EX_NAME_TEXT], const struct ex_record *r);

/*
 * The report that one of this format takes the place of.  1, or 0 when there
 * is none.
 */
int ex_report_superseded(struct ex_report_prior *out, const struct ex_record *r,
    const struct ex_report_frame *frame, const char *format);

/*
 * The report that a person names: its number, its entry's leaf or its file's
 * digest, or 8 digits of one of those.  EX_ABSENT; EX_USAGE: several are meant.
 */
int ex_report_find(struct ex_report_prior *out, const struct ex_record *r,
    const char *name, struct ex_err *err);

/* What the entry of a report says of it: "sha256", "format" ...; or "". */
const char *
ex_report_says(const struct ex_report_prior *prior, const char *name);

#endif
