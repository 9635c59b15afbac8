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
struct ex_pdf_hand;

struct ex_report_order {
	const char *subject;   /* item or case, as a person names it */
	const char *to;	       /* FILE.pdf, FILE.html or FILE.txt */
	const char *recipient; /* person, or NULL */
	const char *purpose;   /* or NULL */
	const char *since;     /* an earlier report, or NULL */
	int zh;
};

/*
 * {"report": path,"number","sha256","event","supersedes"?,"stamped"}.  Waits for inclusion: ten
 * seconds, then EX_UNREACHABLE.  A PDF is signed by who acts.  EX_USAGE:
 * another ending than .pdf, .html or .txt; EX_EXISTS: the file is there;
 * EX_ABSENT: no such earlier report.
 */
int ex_report_run(struct ex_json **out, struct ex_house *house,
    const struct ex_report_order *order, struct ex_err *err);

/* An earlier report of the same subject. */
struct ex_report_prior {
	char number[EX_NAME_TEXT];
	const struct ex_record_entry *entry; /* in the record */
};

/* What a report is made of besides the record. */
struct ex_report_frame {
	int zh;
	int64_t made_at;
	const char *made_by;   /* person */
	const char *recipient; /* or NULL */
	const char *purpose;   /* or NULL */
	/* "R3"; NULL: a draft, with neither manifest nor signature */
	const char *number;
	const struct ex_report_prior *supersedes; /* or NULL */
	const struct ex_report_prior *since;	  /* or NULL */
	struct ex_span manifest;		  /* report/manifest.h */
	const char *vault;	  /* where photographs lie, or NULL */
	struct ex_pdf_hand *hand; /* who signs a PDF, or NULL */
};

/*
 * The report as a file's bytes, "pdf", "html" or "txt"; appends.  EX_FORMAT:
 * a text has a character that no font for the PDF has.
 */
int ex_report_write(struct ex_buf *out, const struct ex_record *r,
    const struct ex_report_frame *frame, const char *format,
    struct ex_err *err);

#endif
