/*
 * export.h -- a case for other programs: CASE/UCO, or a table.
 */
#ifndef REPORT_EXPORT_H
#define REPORT_EXPORT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "cases/record.h"

struct ex_house;

struct ex_export_order {
	const char *subject;   /* case or item, as a person names it */
	const char *format;    /* "case", "csv" */
	const char *to;	       /* file to make */
	const char *recipient; /* or NULL */
	const char *purpose;   /* or NULL */
};

/* Append the file of this format, of a record that may be redacted. */
int ex_export_write(struct ex_buf *file, const char *format,
    const struct ex_record *record, struct ex_err *err);

/*
 * {"path","format","sha256","event"}: written atomically, kept in the vault,
 * and its digest signed in an `export` entry.  EX_USAGE: another format;
 * EX_EXISTS: the file is there.
 */
int ex_export_run(struct ex_json **out, struct ex_house *house,
    const struct ex_export_order *order, struct ex_err *err);

#endif
