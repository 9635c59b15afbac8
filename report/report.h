/*
 * report.h -- the custody report of a case or an item.
 *
 * Computed from entries that proved themselves (cases/record.h), never from
 * projection rows.  The file is written atomically, kept in the vault, and
 * its digest is in a signed `report` entry.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "cases/record.h"

struct ex_house;

struct ex_report_order {
	const char *subject;   /* item or case, as a person names it */
	const char *to;	       /* FILE.pdf, FILE.html or FILE.txt */
	const char *recipient; /* person, or NULL */
	const char *purpose;   /* or NULL */
	int zh;
};

/*
 * {"report": path,"sha256","event"}.  Waits for inclusion: ten
 * seconds, then EX_UNREACHABLE.  EX_USAGE: another ending than .pdf, .html or .txt;
 * EX_EXISTS: the file is there.
 */
int ex_report_run(struct ex_json **out, struct ex_house *house,
    const struct ex_report_order *order, struct ex_err *err);

/* What a report is made of besides the record. */
struct ex_report_frame {
	int zh;
	int64_t made_at;
	const char *made_by;   /* person */
	const char *recipient; /* or NULL */
	const char *purpose;   /* or NULL */
};

/*
 * The report as a file's bytes, "pdf", "html" or "txt"; appends.  EX_FORMAT:
 * a text has a character that no font for the PDF has.
 */
int ex_report_write(struct ex_buf *out, const struct ex_record *r,
    const struct ex_report_frame *frame, const char *format,
    struct ex_err *err);

#endif
