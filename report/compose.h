/*
 * compose.h -- facts put into words: one function a section.
 */
#ifndef REPORT_COMPOSE_H
#define REPORT_COMPOSE_H

#include "report/document.h"
#include "report/facts.h"

/* The whole report.  Failures are kept by the document. */
void ex_compose(struct ex_document *doc, const struct ex_report_facts *f);

/* What it is about and what it comes to, in one sentence. */
void ex_compose_cover(struct ex_document *doc, const struct ex_report_facts *f);

/* For whom the report is and what for, as far as that was said. */
void ex_compose_for(struct ex_document *doc, const struct ex_report_facts *f);

/* What changed since an earlier report, when one was asked for. */
void ex_compose_since(struct ex_document *doc, const struct ex_report_facts *f);

/*
 * The photographs of an item, each with its digest; of one that cannot be
 * shown, why.  *bytes is what those of the report take so far.
 */
void
ex_compose_pictures(struct ex_document *doc, const struct ex_report_facts *f,
    const struct ex_report_item *item, size_t *bytes);

/* One page an exhibit: what, whose, sealed by whom, is the copy the original,
 * what is open. */
void ex_compose_exhibit(struct ex_document *doc,
    const struct ex_report_facts *f, const struct ex_report_item *item);

/* The custody of an item as a picture. */
void
ex_compose_timeline(struct ex_document *doc, const struct ex_report_item *item);

/* The ten sections. */
void
ex_compose_identity(struct ex_document *doc, const struct ex_report_facts *f);
void ex_compose_items(struct ex_document *doc, const struct ex_report_facts *f);
void
ex_compose_custody(struct ex_document *doc, const struct ex_report_facts *f);
void ex_compose_acquisition(
    struct ex_document *doc, const struct ex_report_facts *f);
/* What others made, within that section; how many there are. */
size_t
ex_compose_imports(struct ex_document *doc, const struct ex_report_facts *f);
void
ex_compose_deviations(struct ex_document *doc, const struct ex_report_facts *f);
void
ex_compose_access(struct ex_document *doc, const struct ex_report_facts *f);
void
ex_compose_continuity(struct ex_document *doc, const struct ex_report_facts *f);
void
ex_compose_integrity(struct ex_document *doc, const struct ex_report_facts *f);
void
ex_compose_people(struct ex_document *doc, const struct ex_report_facts *f);
void ex_compose_disposition(
    struct ex_document *doc, const struct ex_report_facts *f);

enum {
	/* Sixteen parties with names, roles and assurance go in. */
	EX_COMPOSE_TEXT = 4096,
	EX_COMPOSE_TIME = 32
};

/*
 * "2026-05-04 09:12:33 UTC"; with the year of the Republic beside it in a
 * Chinese document, of the same day in UTC.
 */
const char *ex_compose_day(
    char out[EX_COMPOSE_TEXT], const struct ex_document *doc, int64_t at);

/* "2026-05-04 09:12:33 UTC" */
const char *ex_compose_time(char out[EX_COMPOSE_TIME], int64_t at);

/* "ITEM/3": how a report refers to an entry of an item. */
const char *
ex_compose_ref(char out[EX_COMPOSE_TEXT], const struct ex_record_entry *e);

/* "person (role), person (role; on paper)", roles in the document's words */
const char *ex_compose_parties(char out[EX_COMPOSE_TEXT],
    const struct ex_document *doc, const struct ex_event *e);

/*
 * What the entry says under name, as people read it: the word for a code of
 * a closed list, a text as it was written; NULL when it says nothing.
 */
const char *ex_compose_shown(const struct ex_document *doc,
    const struct ex_record_entry *e, const char *name, char number[24]);

/* A fact of what the entry says under name, unknown when it does not. */
void ex_compose_value(struct ex_document *doc, const char *label,
    const struct ex_record_entry *e, const char *name);

/* The first entry that says something under name, or NULL. */
const struct ex_record_entry *
ex_compose_says(const struct ex_report_item *item, const char *name);

/* A fact of what the item's entries say first under name. */
void ex_compose_said(struct ex_document *doc, const char *label,
    const struct ex_report_item *item, const char *name);

/* The findings of an item as points, each with its entries. */
void ex_compose_findings(
    struct ex_document *doc, const struct ex_report_item *item, int open_only);

/* The act's title in the document's language. */
const char *
ex_compose_act(const struct ex_document *doc, const struct ex_event *e);

/* What a member of an item's fact says; "" when it has none. */
const char *ex_compose_member(const struct ex_json *fact, const char *name);

/* The medium as it says of itself, who said each value, SMART before and
 * after; either entry may be NULL. */
void ex_compose_device(struct ex_document *doc,
    const struct ex_record_entry *start, const struct ex_record_entry *end);

/*
 * What the fields of the end of an imaging say of its reading: sectors that
 * were not read, or not at once, and whether the source was stable.
 */
void ex_compose_reading(struct ex_document *doc, const struct ex_json *fields);

/* Put behind out what belongs beside every answer about the copy: hidden
 * sectors, a running system. */
void ex_compose_beside(char out[EX_COMPOSE_TEXT], const struct ex_document *doc,
    const struct ex_record_entry *start);

/* Is the copy the original?  A sentence, with how it is known. */
const char *ex_compose_copy(char out[EX_COMPOSE_TEXT],
    const struct ex_document *doc, const struct ex_report_acquisition *a);

#endif
