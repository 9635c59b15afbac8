/*
 * compose_cover.c -- the first page: what the report is about, for whom, and
 * what it comes to in one sentence.
 */
#include <inttypes.h>
#include <stdio.h>

#include "hashing/digest.h"
#include "report/compose.h"
#include "report/number.h"

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
ex_compose_for(struct ex_document *doc, const struct ex_report_facts *f)
{
	if (f->frame->recipient != NULL)
		ex_doc_fact(doc, ex_doc_say(doc, "Report for", "收受人"),
		    f->frame->recipient);
	if (f->frame->purpose != NULL)
		ex_doc_fact(
		    doc, ex_doc_say(doc, "Purpose", "用途"), f->frame->purpose);
}

/* Number, digest, and what this one takes the place of. */
static void
say_number(struct ex_document *doc, const struct ex_report_facts *f)
{
	const struct ex_report_frame *frame = f->frame;
	char sha256[EX_SHA256_HEX], code[EX_COMPOSE_TEXT];
	const struct ex_report_prior *old = frame->supersedes;

	if (frame->number == NULL)
		return;
	ex_doc_factf(doc, ex_doc_say(doc, "Report number", "報告編號"),
	    "%s / %s", f->record->subject.id, frame->number);
	if (old != NULL)
		ex_doc_factf(doc, ex_doc_say(doc, "Supersedes", "取代"),
		    "%s, SHA-256 %.64s", old->number,
		    ex_report_says(old, "sha256"));
	ex_sha256_hex(sha256, frame->manifest.p, frame->manifest.n);
	ex_doc_fact(doc,
	    ex_doc_say(doc, "Digest of the contents (SHA-256)",
		"內容雜湊值（SHA-256）"),
	    sha256);
	(void)snprintf(code, sizeof(code), "EXHIBIT REPORT\n%s\n%s\n%s",
	    f->record->subject.id, frame->number, sha256);
	ex_doc_qr(doc,
	    ex_doc_say(doc,
		"The code holds the number of this report and the digest of "
		"its contents: of manifest.json, which is attached to the PDF "
		"and names every entry behind it. The digest of the file "
		"itself, which no file can hold, is in the log, in the entry "
		"that was signed for this report. The PDF is signed by who "
		"made it.",
		"條碼載有本報告編號及內容雜湊值，即 PDF 所附 manifest.json "
		"之雜湊值，該檔列明報告所據之各筆紀錄。檔案本身之雜湊值無法"
		"載於檔案內，另見日誌中為本報告簽署之紀錄。PDF 由製作人簽章。"),
	    code);
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
	ex_compose_for(doc, f);
	ex_doc_fact(doc, ex_doc_say(doc, "Made", "製作時間"),
	    ex_compose_day(day, doc, f->frame->made_at));
	ex_doc_fact(
	    doc, ex_doc_say(doc, "Made by", "製作人"), f->frame->made_by);
	ex_doc_factf(doc, ex_doc_say(doc, "Entries of the log", "日誌紀錄總數"),
	    "%" PRIu64, f->record->checkpoint.size);
	say_number(doc, f);
}
