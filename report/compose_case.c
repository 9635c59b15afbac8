/*
 * compose_case.c -- what is said of the case as a whole: identity (1), access
 * and sharing (6), disposition (10).
 */
#include <stdio.h>
#include <string.h>

#include "custody/state.h"
#include "report/compose.h"
#include "report/words.h"

static void
say_case(struct ex_document *doc, const struct ex_report_facts *f)
{
	ex_doc_fact(doc, ex_doc_say(doc, "Case number", "案號"),
	    f->record->case_number);
	ex_compose_value(
	    doc, ex_doc_say(doc, "Title", "案由"), f->opened, "title");
	ex_compose_value(doc,
	    ex_doc_say(doc, "Other agencies' numbers", "其他機關案號"),
	    f->opened, "other_number");
	ex_doc_fact(doc, ex_doc_say(doc, "Opened by", "立案人"),
	    ex_compose_member(f->the_case, "opener"));
	ex_doc_fact(doc, ex_doc_say(doc, "Organisation", "機關"),
	    ex_compose_member(f->the_case, "org"));
	ex_doc_fact(doc, ex_doc_say(doc, "Prosecutor", "承辦檢察官"),
	    ex_compose_member(f->the_case, "prosecutor"));
	ex_doc_fact(doc, ex_doc_say(doc, "Court", "法院"), NULL);
}

static const char *
or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* Those that the case was opened with. */
static void
say_opened_with(struct ex_document *doc, const struct ex_record_entry *e,
    const struct ex_json *list)
{
	char ref[EX_COMPOSE_TEXT];

	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *a = ex_json_at(list, i);
		const char *cell[] = { ex_compose_ref(ref, e),
			ex_compose_act(doc, &e->admission.event),
			or_empty(ex_json_get_text(a, "number")),
			or_empty(ex_word(
			    "kind", ex_json_get_text(a, "kind"), doc->zh)),
			or_empty(ex_json_get_text(a, "from")),
			or_empty(ex_json_get_text(a, "until")), "" };

		ex_doc_row(doc, cell);
	}
}

static void
say_authorities(struct ex_document *doc, const struct ex_report_facts *f)
{
	const char *head[] = { ex_doc_say(doc, "Entry", "紀錄"),
		ex_doc_say(doc, "What", "事項"),
		ex_doc_say(doc, "Number", "字號"),
		ex_doc_say(doc, "Kind", "種類"), ex_doc_say(doc, "From", "起"),
		ex_doc_say(doc, "Until", "迄"),
		ex_doc_say(doc, "Scope", "範圍") };

	if (f->nauthorities == 0) {
		ex_doc_warn(doc,
		    ex_doc_say(doc, "No authority is on record for this case.",
			"本案無登錄之處分依據。"));
		return;
	}
	ex_doc_table(doc, ex_doc_say(doc, "Authorities", "處分依據"), head, 7);
	for (size_t i = 0; i < f->nauthorities; i++) {
		const struct ex_record_entry *e = f->authority[i];
		const struct ex_json *with =
		    ex_json_get(e->admission.event.fields, "authorities");
		char ref[EX_COMPOSE_TEXT], n[5][24];
		const char *cell[] = { ex_compose_ref(ref, e),
			ex_compose_act(doc, &e->admission.event),
			or_empty(ex_report_value(e, "number", n[0])),
			or_empty(ex_compose_shown(doc, e, "kind", n[1])),
			or_empty(ex_report_value(e, "from", n[2])),
			or_empty(ex_report_value(e, "until", n[3])),
			or_empty(ex_report_value(e, "scope", n[4])) };

		if (with != NULL)
			say_opened_with(doc, e, with);
		else
			ex_doc_row(doc, cell);
	}
}

void
ex_compose_identity(struct ex_document *doc, const struct ex_report_facts *f)
{
	const char *head[] = { ex_doc_say(doc, "Exhibit", "證物"),
		ex_doc_say(doc, "Description", "品名"),
		ex_doc_say(doc, "State", "狀態"),
		ex_doc_say(doc, "Open findings", "待釐清") };

	ex_doc_section(
	    doc, ex_doc_say(doc, "1. Identity", "一、案件與證物"), 1);
	say_case(doc, f);
	ex_compose_for(doc, f);
	say_authorities(doc, f);
	ex_doc_table(doc, ex_doc_say(doc, "Exhibits", "證物清單"), head, 4);
	for (size_t i = 0; i < f->nitems; i++) {
		const struct ex_report_item *item = &f->item[i];
		const struct ex_record_entry *e =
		    ex_compose_says(item, "description");
		const char *text = ex_compose_member(item->fact, "state");
		char number[24], open[24];
		enum ex_state state;
		const char *cell[] = { item->item,
			e == NULL ? ""
				  : ex_report_value(e, "description", number),
			text, open };

		if (ex_state_parse(&state, text, NULL) == 0)
			cell[2] = ex_state_title(state, doc->zh);
		(void)snprintf(
		    open, sizeof(open), "%zu", item->continuity.open);
		ex_doc_row(doc, cell);
	}
}

/* "R3 pdf 8f3a…": what went out, by number, form and digest. */
static void
what_of(char out[EX_COMPOSE_TEXT], const struct ex_record_entry *e)
{
	static const char *const name[] = { "number", "format", "sha256" };
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		const char *text =
		    ex_json_get_text(e->admission.event.fields, name[i]);
		int n;

		if (text == NULL)
			continue;
		n = snprintf(&out[used], EX_COMPOSE_TEXT - used, "%s%.*s%s",
		    used == 0 ? "" : " ", i == 2 ? 12 : 64, text,
		    i == 2 ? "…" : "");
		used += n < 0 ? 0 : (size_t)n;
	}
}

void
ex_compose_access(struct ex_document *doc, const struct ex_report_facts *f)
{
	const char *head[] = { ex_doc_say(doc, "Entry", "紀錄"),
		ex_doc_say(doc, "Time", "時間"), ex_doc_say(doc, "Act", "行為"),
		ex_doc_say(doc, "What", "內容"), ex_doc_say(doc, "By", "人員"),
		ex_doc_say(doc, "To", "對象") };

	ex_doc_section(doc,
	    ex_doc_say(doc, "6. Access and sharing", "六、閱覽與對外提供"), 0);
	if (f->naccess == 0) {
		ex_doc_text(doc,
		    ex_doc_say(doc,
			"Nothing was exported, shared or shown according to "
			"the entries before this report.",
			"依本報告前之紀錄，未曾匯出、分享或提供閱覽。"));
		return;
	}
	ex_doc_table(doc, ex_doc_say(doc, "Access", "閱覽與對外提供"), head, 6);
	for (size_t i = 0; i < f->naccess; i++) {
		const struct ex_record_entry *e = f->access[i];
		const struct ex_event *event = &e->admission.event;
		char ref[EX_COMPOSE_TEXT], by[EX_COMPOSE_TEXT];
		char at[EX_COMPOSE_TIME], number[24], what[EX_COMPOSE_TEXT];
		const char *to = ex_report_value(e, "to", number);
		const char *cell[] = { ex_compose_ref(ref, e),
			ex_compose_time(at, event->occurred_at),
			ex_compose_act(doc, event), what,
			ex_compose_parties(by, doc, event), NULL };

		what_of(what, e);
		if (to == NULL)
			to = ex_report_value(e, "recipient", number);
		cell[5] = or_empty(to);
		ex_doc_row(doc, cell);
	}
}

/* The act that ended an item's way here, or NULL. */
static const struct ex_record_entry *
ending(const struct ex_report_item *item)
{
	for (size_t i = item->nentries; i-- > 0;) {
		switch ((int)item->entry[i]->admission.event.act) {
		case EX_ACT_RETURN_ACCEPT:
		case EX_ACT_DISPOSE_DONE:
		case EX_ACT_DISPOSED_ELSEWHERE:
		case EX_ACT_ACCEPT_TRANSFER:
		case EX_ACT_PURGE:
			return item->entry[i];
		default:
			break;
		}
	}
	return NULL;
}

void
ex_compose_disposition(struct ex_document *doc, const struct ex_report_facts *f)
{
	const char *head[] = { ex_doc_say(doc, "Exhibit", "證物"),
		ex_doc_say(doc, "State", "狀態"),
		ex_doc_say(doc, "Custodian", "保管人"),
		ex_doc_say(doc, "Place", "處所"),
		ex_doc_say(doc, "By entry", "依據紀錄"),
		ex_doc_say(doc, "Act", "行為") };

	ex_doc_section(doc, ex_doc_say(doc, "10. Disposition", "十、處置"), 0);
	ex_doc_table(
	    doc, ex_doc_say(doc, "Where everything is", "目前處置"), head, 6);
	for (size_t i = 0; i < f->nitems; i++) {
		const struct ex_report_item *item = &f->item[i];
		const struct ex_record_entry *e = ending(item);
		const char *text = ex_compose_member(item->fact, "state");
		char ref[EX_COMPOSE_TEXT];
		enum ex_state state;
		const char *cell[] = { item->item, text,
			ex_compose_member(item->fact, "custodian"),
			ex_compose_member(item->fact, "location"),
			e == NULL ? "" : ex_compose_ref(ref, e),
			e == NULL ? ""
				  : ex_compose_act(doc, &e->admission.event) };

		if (ex_state_parse(&state, text, NULL) == 0)
			cell[1] = ex_state_title(state, doc->zh);
		ex_doc_row(doc, cell);
	}
}
