/*
 * compose_cover.c -- the first page: what the report is about, for whom, and
 * what it comes to in one sentence.
 */
#include <inttypes.h>
#include <stdio.h>

#include "report/compose.h"

/* When the first of the exhibits has its first entry; 0: none has. */
static int64_t
since(const struct ex_report_facts *f)
{
	int64_t first = 0;

	for (size_t i = 0; i < f->nitems; i++) {
		int64_t at = f->item[i].continuity.since;

		if (!f->item[i].digital && f->item[i].nentries > 0 &&
		    (first == 0 || at < first))
			first = at;
	}
	return first;
}

static void
say_verdict(struct ex_document *doc, const struct ex_report_facts *f)
{
	char text[EX_COMPOSE_TEXT], day[EX_COMPOSE_TEXT];
	int64_t first = since(f);

	if (f->nitems == 0) {
		ex_doc_warn(doc,
		    ex_doc_say(doc, "No exhibit is on record for this case.",
			"本案無登錄之證物。"));
		return;
	}
	ex_compose_day(day, doc, first);
	if (f->open > 0) {
		(void)snprintf(text, sizeof(text),
		    ex_doc_say(doc,
			"%zu open questions: see section 7. Every entry behind "
			"this report carries valid signatures and is proven to "
			"be in the log.",
			"待釐清事項 %zu 項，見第七節。本報告所據各筆紀錄之"
			"簽名均經驗證，並證明納入日誌。"),
		    f->open);
		ex_doc_warn(doc, text);
		return;
	}
	(void)snprintf(text, sizeof(text),
	    ex_doc_say(doc,
		"Custody is complete since %.60s: no gap, no unexplained "
		"change of a seal, no digest that differs. Every entry behind "
		"this report carries valid signatures and is proven to be in "
		"the log.",
		"自 %.100s 起監管完整：無間斷，封緘變動均有紀錄，雜湊值均相符。"
		"本報告所據各筆紀錄之簽名均經驗證，並證明納入日誌。"),
	    day);
	ex_doc_text(doc, text);
}

void
ex_compose_cover(struct ex_document *doc, const struct ex_report_facts *f)
{
	char day[EX_COMPOSE_TEXT];

	ex_doc_section(doc, ex_doc_say(doc, "Result", "結論"), 0);
	say_verdict(doc, f);
	ex_doc_fact(doc, ex_doc_say(doc, "Case number", "案號"),
	    f->record->case_number);
	if (f->opened != NULL)
		ex_compose_value(
		    doc, ex_doc_say(doc, "Title", "案由"), f->opened, "title");
	ex_doc_factf(doc,
	    ex_doc_say(doc, "Exhibits and images", "證物及映像數"), "%zu",
	    f->nitems);
	ex_doc_fact(
	    doc, ex_doc_say(doc, "Report for", "收受人"), f->frame->recipient);
	ex_doc_fact(doc, ex_doc_say(doc, "Purpose", "用途"), f->frame->purpose);
	ex_doc_fact(doc, ex_doc_say(doc, "Made", "製作時間"),
	    ex_compose_day(day, doc, f->frame->made_at));
	ex_doc_fact(
	    doc, ex_doc_say(doc, "Made by", "製作人"), f->frame->made_by);
	ex_doc_factf(doc, ex_doc_say(doc, "Entries of the log", "日誌紀錄總數"),
	    "%" PRIu64, f->record->checkpoint.size);
}
