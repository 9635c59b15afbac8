/*
 * number.c -- which report this is, and which it takes the place of.
 */
#include "report/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/text.h"

enum {
	PREFIX = 8 /* digits of a leaf or a digest that are enough */
};

/* Is it a report of the record's subject? */
static int
is_report(const struct ex_record *r, const struct ex_record_entry *e)
{
	const struct ex_event *event = &e->admission.event;

	return event->act == EX_ACT_REPORT &&
	       ex_stream_equal(&event->stream, &r->subject);
}

static const char *
said(const struct ex_record_entry *e, const char *name)
{
	const char *text = ex_json_get_text(e->admission.event.fields, name);

	return text != NULL ? text : "";
}

/* Reports of before numbers were given count as the first ones. */
static unsigned long long
number_of(const struct ex_record_entry *e)
{
	const char *text = said(e, "number");
	unsigned long long n = 0;

	if (text[0] != 'R' || ex_text_number(&n, &text[1], 1000000, NULL) == -1)
		return 0;
	return n;
}

static void
set_prior(struct ex_report_prior *out, const struct ex_record_entry *e)
{
	out->entry = e;
	(void)snprintf(out->number, sizeof(out->number), "%s",
	    said(e, "number")[0] != '\0' ? said(e, "number") : "-");
}

void
ex_report_number(char out[EX_NAME_TEXT], const struct ex_record *r)
{
	unsigned long long most = 0, count = 0, n;

	for (size_t i = 0; i < r->nentries; i++) {
		if (!is_report(r, r->entry[i]))
			continue;
		n = number_of(r->entry[i]);
		count += n == 0;
		most = n > most ? n : most;
	}
	(void)snprintf(
	    out, EX_NAME_TEXT, "R%llu", (most > count ? most : count) + 1);
}

static int
same_recipient(const struct ex_record_entry *e, const char *recipient)
{
	const char *is = ex_record_text(e, "recipient");

	if (is == NULL || recipient == NULL)
		return is == recipient;
	return strcmp(is, recipient) == 0;
}

int
ex_report_superseded(struct ex_report_prior *out, const struct ex_record *r,
    const struct ex_report_frame *frame, const char *format)
{
	for (size_t i = r->nentries; i-- > 0;) {
		const struct ex_record_entry *e = r->entry[i];

		if (!is_report(r, e) ||
		    strcmp(said(e, "format"), format) != 0 ||
		    strcmp(said(e, "language"), frame->zh ? "zh-TW" : "en") !=
			0 ||
		    !same_recipient(e, frame->recipient))
			continue;
		set_prior(out, e);
		return 1;
	}
	return 0;
}

static int
is_named(const struct ex_record_entry *e, const char *name)
{
	char leaf[2 * EX_HASH + 1];
	size_t n = strlen(name);

	if (strcmp(said(e, "number"), name) == 0)
		return 1;
	ex_hex(leaf, e->admission.leaf, EX_HASH);
	return n >= PREFIX && (strncmp(leaf, name, n) == 0 ||
				  strncmp(said(e, "sha256"), name, n) == 0);
}

int
ex_report_find(struct ex_report_prior *out, const struct ex_record *r,
    const char *name, struct ex_err *err)
{
	const struct ex_record_entry *found = NULL;

	for (size_t i = 0; i < r->nentries; i++) {
		const struct ex_record_entry *e = r->entry[i];

		if (!is_report(r, e) || !is_named(e, name))
			continue;
		/* The forms of one report say the same. */
		if (found != NULL &&
		    (number_of(found) == 0 || number_of(found) != number_of(e)))
			return ex_fail(err, EX_USAGE,
			    "%s: several reports of %s begin so", name,
			    r->subject.id);
		if (found == NULL)
			found = e;
	}
	if (found == NULL)
		return ex_fail(err, EX_ABSENT,
		    "%s has no report %s: its number, its entry or its digest",
		    r->subject.id, name);
	set_prior(out, found);
	return 0;
}

const char *
ex_report_says(const struct ex_report_prior *prior, const char *name)
{
	return said(prior->entry, name);
}
