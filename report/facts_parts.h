/*
 * facts_parts.h -- parts of the facts; for report/facts*.c alone.
 */
#ifndef REPORT_FACTS_PARTS_H
#define REPORT_FACTS_PARTS_H

#include "report/facts.h"

/* Pair starts, ends, images and verifications of an item. */
int ex_report_acquisitions(
    struct ex_report_item *item, const struct ex_record *r, struct ex_err *err);

/* Who took part in the entries of the case and its items. */
int ex_report_people(
    struct ex_report_facts *out, const struct ex_record *r, struct ex_err *err);
void ex_report_people_free(struct ex_report_facts *f);

#endif
