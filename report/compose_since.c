/*
 * compose_since.c -- what changed since a report that somebody has.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "custody/state.h"
#include "report/compose.h"
#include "report/number.h"

/* The tree had so many entries when the earlier report was made. */
static uint64_t
size_then(const struct ex_report_prior *prior)
{
	int64_t size = ex_json_get_int(
	    prior->entry->admission.event.fields, "log_size", -1);

	/* One of before that was written down speaks for what came before. */
	return size < 0 ? prior->entry->index : (uint64_t)size;
}

static int
is_new(const struct ex_record_entry *e, uint64_t size)
{
	return e->index >= size &&
	       e->admission.event.stream.kind != EX_STREAM_LAB;
}

static void
say_entries(
    struct ex_document *doc, const struct ex_report_facts *f, uint64_t size)
{
	const char *head[] = { ex_doc_say(doc, "Entry", "紀錄"),
		ex_doc_say(doc, "Time", "時間"), ex_doc_say(doc, "Act", "行為"),
		ex_doc_say(doc, "By", "人員") };
	size_t any = 0;

	for (size_t i = 0; i < f->record->nentries; i++) {
		const struct ex_record_entry *e = f->record->entry[i];
		const struct ex_event *event = &e->admission.event;
		char ref[EX_COMPOSE_TEXT], by[EX_COMPOSE_TEXT];
		char at[EX_COMPOSE_TIME];
		const char *cell[] = { ex_compose_ref(ref, e),
			ex_compose_time(at, event->occurred_at),
			ex_compose_act(doc, event),
			ex_compose_parties(by, doc, event) };

		if (!is_new(e, size))
			continue;
		if (any++ == 0)
			ex_doc_table(doc,
			    ex_doc_say(
				doc, "Entries since then", "其後新增之紀錄"),
			    head, 4);
		ex_doc_row(doc, cell);
	}
	if (any == 0)
		ex_doc_text(
		    doc, ex_doc_say(doc, "No entry has been added since then.",
			     "其後未新增紀錄。"));
}

/* What an item was by the last of its entries before. */
static const struct ex_json *
fact_then(const struct ex_report_item *item, uint64_t size)
{
	const struct ex_json *fact = NULL, *after;

	for (size_t i = 0; i < item->nentries; i++) {
		if (item->entry[i]->index >= size)
			break;
		after = ex_record_after(item->entry[i], "item", item->item);
		fact = after != NULL ? after : fact;
	}
	return fact;
}

static const char *
state_of(const struct ex_document *doc, const struct ex_json *fact)
{
	const char *name = ex_compose_member(fact, "state");
	enum ex_state state;

	return ex_state_parse(&state, name, NULL) == 0
		   ? ex_state_title(state, doc->zh)
		   : name;
}

static void
say_item(
    struct ex_document *doc, const struct ex_report_item *item, uint64_t size)
{
	static const struct {
		const char *name, *en, *zh;
	} fact[] = {
		{ "state", "State", "狀態" },
		{ "custodian", "Custodian", "保管人" },
		{ "location", "Place", "存放處所" },
		{ "seal", "Seal", "封緘" },
	};
	const struct ex_json *then = fact_then(item, size);
	const char *none = ex_doc_say(doc, "none", "無");

	for (size_t i = 0; i < sizeof(fact) / sizeof(fact[0]); i++) {
		const char *a = i == 0 ? state_of(doc, then)
				       : ex_compose_member(then, fact[i].name);
		const char *b =
		    i == 0 ? state_of(doc, item->fact)
			   : ex_compose_member(item->fact, fact[i].name);

		if (strcmp(a, b) == 0)
			continue;
		ex_doc_factf(doc, ex_doc_say(doc, fact[i].en, fact[i].zh),
		    "%s: %s → %s", item->item, a[0] == '\0' ? none : a,
		    b[0] == '\0' ? none : b);
	}
}

/* Is the finding of entries that were there already? */
static int
was_there(const struct ex_report_item *item,
    const struct ex_continuity_finding *c, uint64_t size)
{
	for (size_t i = 0; i < item->nentries; i++) {
		uint64_t seq = item->entry[i]->admission.event.seq;

		for (size_t k = 0; k < c->nentries; k++)
			if (seq == c->entry[k] && item->entry[i]->index >= size)
				return 0;
	}
	return 1;
}

static void
say_findings(
    struct ex_document *doc, const struct ex_report_item *item, uint64_t size)
{
	for (size_t i = 0; i < item->continuity.n; i++) {
		const struct ex_continuity_finding *c =
		    &item->continuity.finding[i];
		char text[EX_COMPOSE_TEXT];

		if (was_there(item, c, size))
			continue;
		(void)snprintf(text, sizeof(text),
		    ex_doc_say(doc, "New finding, %s/%" PRIu64 ": %s",
			"新增待釐清事項，%s/%" PRIu64 "：%s"),
		    c->item, c->entry[0], doc->zh ? c->text_zh : c->text);
		ex_doc_point(doc, text);
	}
}

void
ex_compose_since(struct ex_document *doc, const struct ex_report_facts *f)
{
	const struct ex_report_prior *prior = f->frame->since;
	char text[EX_COMPOSE_TEXT];
	uint64_t size;

	if (prior == NULL)
		return;
	size = size_then(prior);
	(void)snprintf(text, sizeof(text),
	    ex_doc_say(doc, "Changes since report %s", "報告 %s 以後之變動"),
	    prior->number);
	ex_doc_section(doc, text, 0);
	(void)snprintf(text, sizeof(text),
	    ex_doc_say(doc,
		"That report, SHA-256 %s, spoke for the first %" PRIu64
		" entries of the log, this one for %" PRIu64 ".",
		"該報告（SHA-256：%s）依據日誌前 %" PRIu64
		" 筆紀錄製作，本報告依據 %" PRIu64 " 筆。"),
	    ex_report_says(prior, "sha256"), size, f->record->checkpoint.size);
	ex_doc_text(doc, text);
	for (size_t i = 0; i < f->nitems; i++)
		say_item(doc, &f->item[i], size);
	for (size_t i = 0; i < f->nitems; i++)
		say_findings(doc, &f->item[i], size);
	say_entries(doc, f, size);
}
