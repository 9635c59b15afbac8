/*
 * compose.c -- the order of a report, and small words that all parts use.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "cases/keys.h"
#include "report/archive.h"
#include "report/compose.h"
#include "report/pdf_sign.h"
#include "report/render.h"
#include "report/words.h"

enum {
	ROC_BEFORE = 1911 /* the Republic's first year is 1912 */
};

const char *
ex_compose_time(char out[EX_COMPOSE_TIME], int64_t at)
{
	char text[EX_TIME_TEXT];

	ex_time_text(text, at);
	(void)snprintf(out, EX_COMPOSE_TIME, "%.10s %.8s UTC", text, text + 11);
	return out;
}

const char *
ex_compose_day(
    char out[EX_COMPOSE_TEXT], const struct ex_document *doc, int64_t at)
{
	char text[EX_COMPOSE_TIME];
	int year, month, day;

	ex_compose_time(text, at);
	if (doc->zh && sscanf(text, "%4d-%2d-%2d", &year, &month, &day) == 3 &&
	    year > ROC_BEFORE)
		(void)snprintf(out, EX_COMPOSE_TEXT,
		    "%s（民國 %d 年 %d 月 %d 日）", text, year - ROC_BEFORE,
		    month, day);
	else
		(void)snprintf(out, EX_COMPOSE_TEXT, "%s", text);
	return out;
}

const char *
ex_compose_ref(char out[EX_COMPOSE_TEXT], const struct ex_record_entry *e)
{
	const struct ex_event *event = &e->admission.event;

	(void)snprintf(
	    out, EX_COMPOSE_TEXT, "%s/%" PRIu64, event->stream.id, event->seq);
	return out;
}

const char *
ex_compose_parties(char out[EX_COMPOSE_TEXT], const struct ex_document *doc,
    const struct ex_event *e)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < e->nparties; i++) {
		const struct ex_party *p = &e->party[i];
		int signs = ex_mode_signs(p->mode), n;

		n = snprintf(out + used, EX_COMPOSE_TEXT - used,
		    "%s%s (%s%s%s)", i == 0 ? "" : ", ", p->person,
		    ex_word("role", p->role, doc->zh), signs ? "" : "; ",
		    signs ? "" : ex_assurance(p->mode, p->storage, 1, doc->zh));
		if (n < 0 || (size_t)n >= EX_COMPOSE_TEXT - used)
			break;
		used += (size_t)n;
	}
	return out;
}

const char *
ex_compose_shown(const struct ex_document *doc, const struct ex_record_entry *e,
    const char *name, char number[24])
{
	const char *text = ex_report_value(e, name, number);
	int said = ex_event_text(&e->admission.event, name) != NULL;

	/* What was committed to is a person's own text. */
	return said ? ex_word(name, text, doc->zh) : text;
}

void
ex_compose_value(struct ex_document *doc, const char *label,
    const struct ex_record_entry *e, const char *name)
{
	char number[24];

	ex_doc_fact(doc, label,
	    e == NULL ? NULL : ex_compose_shown(doc, e, name, number));
}

const char *
ex_compose_act(const struct ex_document *doc, const struct ex_event *e)
{
	return doc->zh ? e->def->title_zh : e->def->title_en;
}

const char *
ex_compose_member(const struct ex_json *fact, const char *name)
{
	const char *text = ex_json_get_text(fact, name);

	return text != NULL ? text : "";
}

void
ex_compose(struct ex_document *doc, const struct ex_report_facts *f)
{
	ex_compose_cover(doc, f);
	ex_compose_since(doc, f);
	for (size_t i = 0; i < f->nitems; i++) {
		if (!f->item[i].digital || f->nitems == 1)
			ex_compose_exhibit(doc, f, &f->item[i]);
	}
	ex_compose_identity(doc, f);
	ex_compose_items(doc, f);
	ex_compose_custody(doc, f);
	ex_compose_acquisition(doc, f);
	ex_compose_deviations(doc, f);
	ex_compose_access(doc, f);
	ex_compose_continuity(doc, f);
	ex_compose_integrity(doc, f);
	ex_compose_people(doc, f);
	ex_compose_disposition(doc, f);
}

/* What the report is about, in one line. */
static void
subtitle(char out[EX_COMPOSE_TEXT], const struct ex_record *r,
    const struct ex_report_frame *frame)
{
	char at[EX_COMPOSE_TIME];

	ex_compose_time(at, frame->made_at);
	(void)snprintf(out, EX_COMPOSE_TEXT,
	    frame->zh ? "%s，製作時間 %s，製作人 %s" : "%s, made %s by %s",
	    r->subject.id, at, frame->made_by);
}

/* On paper, packed, signed. */
static int
render_pdf(struct ex_buf *out, const struct ex_document *doc,
    const struct ex_report_frame *frame, struct ex_err *err)
{
	struct ex_archive_about about = {
		.zh = frame->zh,
		.title = doc->title,
		.subject = doc->subtitle,
		.made_at = frame->made_at,
		.manifest = frame->manifest,
		.reason = doc->title,
	};
	struct ex_buf raw = EX_BUF_INIT;
	struct ex_archive_hole hole;
	int rc = -1;

	if (frame->hand != NULL)
		about.signer = frame->hand->signer->person;
	if (ex_render_pdf(&raw, doc, frame->made_at, err) == 0 &&
	    ex_archive_pdf(out, &hole, &raw, &about, err) == 0)
		rc = frame->hand == NULL ? 0
					 : ex_pdf_sign(out, &hole, frame->hand,
					       &frame->hand->stamped, err);
	ex_buf_free(&raw);
	return rc;
}

static int
render(struct ex_buf *out, const struct ex_document *doc,
    const struct ex_report_frame *frame, const char *format, struct ex_err *err)
{
	if (strcmp(format, "pdf") == 0)
		return render_pdf(out, doc, frame, err);
	if (strcmp(format, "html") == 0)
		return ex_render_html(out, doc, err);
	return ex_render_text(out, doc, err);
}

int
ex_report_write(struct ex_buf *out, const struct ex_record *r,
    const struct ex_report_frame *frame, const char *format, struct ex_err *err)
{
	struct ex_report_facts facts = { 0 };
	struct ex_document doc = { 0 };
	char text[EX_COMPOSE_TEXT];
	int rc = -1;

	if (ex_report_facts(&facts, r, frame, err) == -1)
		goto out;
	subtitle(text, r, frame);
	ex_doc_start(&doc, frame->zh,
	    frame->zh ? "證物監管報告" : "Custody report", text);
	ex_compose(&doc, &facts);
	rc = render(out, &doc, frame, format, err);
out:
	ex_doc_free(&doc);
	ex_report_facts_free(&facts);
	return rc;
}
