/*
 * history.h -- every entry about an item or a case, taken apart.
 */
#ifndef CASES_HISTORY_H
#define CASES_HISTORY_H

#include "base/err.h"
#include "base/json.h"
#include "cases/record.h"

struct ex_house;

/*
 * {"stream","entries":[{"number","stream","seq","index","leaf","action",
 * "title","occurred_at","time_claimed","recorded_at","state","parties":[{
 * "person","role","org","mode","assurance","recorder"?}],"fields","texts",
 * "missing_texts","erased_texts","digests","batch"?,"corrects"?,"annuls"?,"dispute"?:{
 * "person","state":"disputed|confirmed|disowned","revoked","answer"?},
 * "findings":[]}]}
 * in the order of the log.  name is an item or a case, "item:" or "case:"
 * before it decides; EX_ABSENT, EX_USAGE when it is ambiguous.
 */
int ex_history(struct ex_json **out, struct ex_house *house, const char *name,
    int zh, struct ex_err *err);

/* The same of a record, and one entry of one. */
int ex_history_of(struct ex_json **out, const struct ex_record *r, int zh,
    struct ex_err *err);
int ex_history_entry(struct ex_json **out, const struct ex_record *r,
    const struct ex_record_entry *e, int zh, struct ex_err *err);

/* Which stream a person means by "EXH-1", "case:X", ...; see ex_history(). */
int ex_subject_find(struct ex_stream *out, struct ex_house *house,
    const char *name, struct ex_err *err);

/* The record of what a person names, over the house's trusted log key. */
int ex_record_open(struct ex_record *out, struct ex_house *house,
    const char *name, struct ex_err *err);

#endif
