/*
 * facts.h -- what a custody report says, as facts: computed once from a
 * record, composed afterwards in either language.
 *
 * The ten sections of a report read this struct and nothing else.  Pointers
 * lead into the record, which must outlive it.
 */
#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include <stddef.h>

#include "base/err.h"
#include "base/json.h"
#include "cases/continuity.h"
#include "cases/record.h"
#include "report/report.h"

/* One imaging of an item, from its start to what was said of the image. */
struct ex_report_acquisition {
	const struct ex_record_entry *first;  /* start, when it was begun */
	const struct ex_record_entry *start;  /* the newest, of a resume */
	const struct ex_record_entry *end;    /* NULL: not ended */
	const struct ex_record_entry *create; /* of the image, or NULL */
	const struct ex_record_entry *verify; /* the newest, or NULL */
	const char *image;		      /* item, or NULL */
};

/* One exhibit, or one digital item. */
struct ex_report_item {
	const char *item;
	struct ex_json *fact; /* after its last entry; owned, may be NULL */
	int digital;
	const struct ex_record_entry **entry; /* its own, in order */
	size_t nentries;
	struct ex_report_acquisition *acquisition;
	size_t nacquisitions;
	struct ex_continuity continuity;
};

/* Somebody who took part. */
struct ex_report_person {
	const char *person;
	const char *org;
	char *role; /* functions in these acts, comma-separated; owned */
	const struct ex_party *key; /* a party that signed, or NULL */
	size_t acts;
};

struct ex_report_facts {
	const struct ex_record *record;
	const struct ex_report_frame *frame;
	struct ex_json *the_case;	      /* fact; owned, may be NULL */
	const struct ex_record_entry *opened; /* case_open, or NULL */
	struct ex_report_item *item;
	size_t nitems;
	struct ex_report_person *person;
	size_t npersons;
	const struct ex_record_entry **authority; /* entries that say one */
	size_t nauthorities;
	/* exports, shares, reports, bundles, views, copies */
	const struct ex_record_entry **access;
	size_t naccess;
	size_t findings, open; /* of all items */
	uint64_t heads_size;   /* a heads entry speaks for so many; 0: none */
};

/* *out is released with ex_report_facts_free() whether it worked or not. */
int ex_report_facts(struct ex_report_facts *out, const struct ex_record *r,
    const struct ex_report_frame *frame, struct ex_err *err);
void ex_report_facts_free(struct ex_report_facts *f);

/*
 * What an entry says under a name, in clear or opened; NULL when it says
 * nothing or the text is not at hand.  Numbers come as text in number[24].
 */
const char *ex_report_value(
    const struct ex_record_entry *e, const char *name, char number[24]);

/* Is the act one that ex_report_facts.access lists? */
int ex_report_is_access(enum ex_act act);

#endif
