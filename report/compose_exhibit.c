/*
 * compose_exhibit.c -- one page an exhibit, for whoever reads no further.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "custody/state.h"
#include "report/compose.h"

/* The newest entry of an item with this act, or NULL. */
static const struct ex_record_entry *
newest(const struct ex_report_item *item, enum ex_act act)
{
	for (size_t i = item->nentries; i-- > 0;) {
		if (item->entry[i]->admission.event.act == act)
			return item->entry[i];
	}
	return NULL;
}

const struct ex_record_entry *
ex_compose_says(const struct ex_report_item *item, const char *name)
{
	char number[24];

	for (size_t i = 0; i < item->nentries; i++) {
		if (ex_report_value(item->entry[i], name, number) != NULL)
			return item->entry[i];
	}
	return NULL;
}

void
ex_compose_said(struct ex_document *doc, const char *label,
    const struct ex_report_item *item, const char *name)
{
	ex_compose_value(doc, label, ex_compose_says(item, name), name);
}

/* Number of the seal, who applied it and when. */
static void
say_seal(struct ex_document *doc, const struct ex_report_item *item)
{
	const char *label = ex_doc_say(doc, "Seal", "封緘");
	const char *seal = ex_compose_member(item->fact, "seal");
	const struct ex_record_entry *e = newest(item, EX_ACT_SEAL_APPLY);
	char by[EX_COMPOSE_TEXT], at[EX_COMPOSE_TIME], number[24];
	const char *applied;

	if (seal[0] == '\0') {
		ex_doc_fact(doc, label,
		    ex_doc_say(doc, "none at present", "目前無封緘"));
		return;
	}
	applied = e == NULL ? NULL : ex_report_value(e, "seal", number);
	if (applied == NULL || strcmp(applied, seal) != 0) {
		ex_doc_factf(doc, label,
		    ex_doc_say(
			doc, "%s, applied before receipt", "%s，收件前封緘"),
		    seal);
		return;
	}
	ex_doc_factf(doc, label,
	    ex_doc_say(doc, "%s, applied by %s, %s", "%s，封緘人 %s，%s"), seal,
	    ex_compose_parties(by, doc, &e->admission.event),
	    ex_compose_time(at, e->admission.event.occurred_at));
}

static void
say_state(struct ex_document *doc, const struct ex_report_item *item)
{
	const char *name = ex_compose_member(item->fact, "state");
	enum ex_state state;

	if (ex_state_parse(&state, name, NULL) == 0)
		name = ex_state_title(state, doc->zh);
	ex_doc_fact(doc, ex_doc_say(doc, "State", "狀態"), name);
	ex_doc_fact(doc, ex_doc_say(doc, "Custodian", "保管人"),
	    ex_compose_member(item->fact, "custodian"));
	ex_doc_fact(doc, ex_doc_say(doc, "Place", "存放處所"),
	    ex_compose_member(item->fact, "location"));
}

static void
say_copies(struct ex_document *doc, const struct ex_report_item *item)
{
	const char *label =
	    ex_doc_say(doc, "Is the copy the original?", "複本是否同於原件");
	char text[EX_COMPOSE_TEXT];

	if (item->nacquisitions == 0)
		ex_doc_fact(doc, label,
		    ex_doc_say(doc, "No copy has been made.", "未製作複本。"));
	for (size_t i = 0; i < item->nacquisitions; i++)
		ex_doc_fact(doc, label,
		    ex_compose_copy(text, doc, &item->acquisition[i]));
}

void
ex_compose_findings(
    struct ex_document *doc, const struct ex_report_item *item, int open_only)
{
	char text[EX_COMPOSE_TEXT];

	for (size_t i = 0; i < item->continuity.n; i++) {
		const struct ex_continuity_finding *c =
		    &item->continuity.finding[i];
		const char *line = doc->zh ? c->text_zh : c->text;

		if (open_only && c->answered)
			continue;
		if (c->nentries > 1)
			(void)snprintf(text, sizeof(text),
			    "%s/%" PRIu64 ", %s/%" PRIu64 ": %s", c->item,
			    c->entry[0], c->item, c->entry[1], line);
		else
			(void)snprintf(text, sizeof(text), "%s/%" PRIu64 ": %s",
			    c->item, c->entry[0], line);
		ex_doc_point(doc, text);
	}
}

void
ex_compose_exhibit(struct ex_document *doc, const struct ex_report_facts *f,
    const struct ex_report_item *item)
{
	char title[EX_COMPOSE_TEXT];

	(void)f;
	(void)snprintf(title, sizeof(title), "%s %s",
	    ex_doc_say(doc, "Exhibit", "證物"), item->item);
	ex_doc_section(doc, title, 1);
	ex_doc_fact(doc, ex_doc_say(doc, "Case", "案件"),
	    ex_compose_member(item->fact, "case"));
	ex_compose_said(
	    doc, ex_doc_say(doc, "What it is", "品名"), item, "description");
	ex_compose_said(doc, ex_doc_say(doc, "Owner", "所有人"), item, "owner");
	ex_compose_said(doc,
	    ex_doc_say(doc, "Number in the seizure record", "扣押物品目錄編號"),
	    item, "seizure_record");
	say_state(doc, item);
	say_seal(doc, item);
	say_copies(doc, item);
	ex_doc_heading(doc, ex_doc_say(doc, "Open questions", "待釐清事項"));
	if (item->continuity.open == 0)
		ex_doc_text(doc,
		    ex_doc_say(doc,
			"None: no gap, no unexplained seal change, no digest "
			"that differs.",
			"無：監管無間斷，封緘變動均有紀錄，雜湊值均相符。"));
	ex_compose_findings(doc, item, 1);
	ex_compose_timeline(doc, item);
}
