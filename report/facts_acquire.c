/*
 * facts_acquire.c -- which entries tell of one imaging.
 */
#include <stdlib.h>
#include <string.h>

#include "report/facts_parts.h"

/* The acquisition that an entry names, new if it is a start. */
static struct ex_report_acquisition *
find(struct ex_report_item *item, const char *id)
{
	for (size_t i = 0; i < item->nacquisitions; i++) {
		struct ex_report_acquisition *a = &item->acquisition[i];
		const struct ex_record_entry *e =
		    a->start != NULL ? a->start : a->end;
		const char *own =
		    ex_event_text(&e->admission.event, "acquisition");

		if (own != NULL && strcmp(own, id) == 0)
			return a;
	}
	return &item->acquisition[item->nacquisitions];
}

/* What the image's own stream says of it. */
static void
follow_image(struct ex_report_acquisition *a, const struct ex_record *r)
{
	for (size_t i = 0; i < r->nentries; i++) {
		const struct ex_record_entry *e = r->entry[i];

		if (!ex_record_of_item(e, a->image))
			continue;
		switch ((int)e->admission.event.act) {
		case EX_ACT_CREATE:
			a->create = e;
			break;
		case EX_ACT_VERIFY:
		case EX_ACT_FIXITY_OK:
		case EX_ACT_FIXITY_FAIL:
			a->verify = e;
			break;
		default:
			break;
		}
	}
}

int
ex_report_acquisitions(
    struct ex_report_item *item, const struct ex_record *r, struct ex_err *err)
{
	item->acquisition =
	    calloc(item->nentries + 1, sizeof(*item->acquisition));
	if (item->acquisition == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < item->nentries; i++) {
		const struct ex_record_entry *e = item->entry[i];
		const struct ex_event *event = &e->admission.event;
		const char *id = ex_event_text(event, "acquisition");
		struct ex_report_acquisition *a;

		if (id == NULL || (event->act != EX_ACT_ACQUIRE_START &&
				      event->act != EX_ACT_ACQUIRE_END))
			continue;
		a = find(item, id);
		if (a == &item->acquisition[item->nacquisitions])
			item->nacquisitions++;
		if (event->act == EX_ACT_ACQUIRE_START) {
			a->start = e;
			if (a->first == NULL)
				a->first = e;
			continue;
		}
		a->end = e;
		a->image = ex_event_text(event, "image");
		if (a->image != NULL)
			follow_image(a, r);
	}
	return 0;
}
