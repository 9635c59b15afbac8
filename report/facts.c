/*
 * facts.c -- a record, sorted into what a report says.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "report/facts_parts.h"

const char *
ex_report_value(
    const struct ex_record_entry *e, const char *name, char number[24])
{
	const struct ex_json *v = ex_json_get(e->admission.event.fields, name);
	char first[96]; /* of several texts under one name */

	if (ex_json_is_string(v))
		return ex_json_text(v);
	if (ex_json_is_integer(v)) {
		(void)snprintf(number, 24, "%" PRId64, ex_json_int(v));
		return number;
	}
	if (ex_record_text(e, name) != NULL)
		return ex_record_text(e, name);
	(void)snprintf(first, sizeof(first), "%.80s/0", name);
	if (ex_record_text(e, first) != NULL)
		return ex_record_text(e, first);
	return ex_record_erased(e, name);
}

int
ex_report_is_access(enum ex_act act)
{
	return act == EX_ACT_EXPORT || act == EX_ACT_SHARE ||
	       act == EX_ACT_SHARE_RECEIPT || act == EX_ACT_REPORT ||
	       act == EX_ACT_BUNDLE || act == EX_ACT_VIEW ||
	       act == EX_ACT_COPY || act == EX_ACT_ACCESS_GRANT ||
	       act == EX_ACT_ACCESS_END || act == EX_ACT_CASE_SEAL;
}

/* Room for as many pointers as there are entries. */
static const struct ex_record_entry **
list(const struct ex_record *r, struct ex_err *err)
{
	const struct ex_record_entry **p = calloc(r->nentries + 1, sizeof(*p));

	if (p == NULL)
		ex_fail(err, EX_SYSTEM, "out of memory");
	return p;
}

static int
is_digital(const struct ex_json *fact)
{
	const char *nature = ex_json_get_text(fact, "nature");

	return nature != NULL && strcmp(nature, "digital") == 0;
}

static int
make_item(struct ex_report_item *out, const struct ex_record *r,
    const char *item, struct ex_err *err)
{
	out->item = item;
	if (ex_record_fact(&out->fact, r, "item", item, err) == -1 ||
	    (out->entry = list(r, err)) == NULL)
		return -1;
	out->digital = is_digital(out->fact);
	for (size_t i = 0; i < r->nentries; i++) {
		if (ex_record_of_item(r->entry[i], item))
			out->entry[out->nentries++] = r->entry[i];
	}
	if (ex_report_acquisitions(out, r, err) == -1)
		return -1;
	return ex_continuity_of(&out->continuity, r, item, err);
}

static int
make_items(
    struct ex_report_facts *out, const struct ex_record *r, struct ex_err *err)
{
	if ((out->item = calloc(r->nitems + 1, sizeof(*out->item))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < r->nitems; i++) {
		struct ex_report_item *item = &out->item[out->nitems++];

		if (make_item(item, r, r->item[i], err) == -1)
			return -1;
		out->findings += item->continuity.n;
		out->open += item->continuity.open;
	}
	return 0;
}

/* Entries of the case and of the whole record that sections quote. */
static int
sort_entries(
    struct ex_report_facts *out, const struct ex_record *r, struct ex_err *err)
{
	if ((out->authority = list(r, err)) == NULL ||
	    (out->access = list(r, err)) == NULL)
		return -1;
	for (size_t i = 0; i < r->nentries; i++) {
		const struct ex_record_entry *e = r->entry[i];
		const struct ex_event *event = &e->admission.event;

		if (event->act == EX_ACT_HEADS)
			out->heads_size =
			    (uint64_t)ex_json_get_int(event->fields, "size", 0);
		if (event->stream.kind == EX_STREAM_LAB)
			continue;
		if (event->act == EX_ACT_CASE_OPEN)
			out->opened = e;
		if (ex_json_get(event->fields, "authorities") != NULL ||
		    event->act == EX_ACT_AUTHORIZE ||
		    event->act == EX_ACT_AUTHORIZE_END)
			out->authority[out->nauthorities++] = e;
		if (ex_report_is_access(event->act))
			out->access[out->naccess++] = e;
	}
	return 0;
}

int
ex_report_facts(struct ex_report_facts *out, const struct ex_record *r,
    const struct ex_report_frame *frame, struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	out->record = r;
	out->frame = frame;
	if (r->case_number[0] != '\0' && ex_record_fact(&out->the_case, r,
					     "case", r->case_number, err) == -1)
		return -1;
	if (make_items(out, r, err) == -1 || sort_entries(out, r, err) == -1)
		return -1;
	return ex_report_people(out, r, err);
}

void
ex_report_facts_free(struct ex_report_facts *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->nitems; i++) {
		ex_json_free(f->item[i].fact);
		free(f->item[i].entry);
		free(f->item[i].acquisition);
		ex_continuity_free(&f->item[i].continuity);
	}
	free(f->item);
	ex_report_people_free(f);
	ex_json_free(f->the_case);
	free(f->authority);
	free(f->access);
	memset(f, 0, sizeof(*f));
}
