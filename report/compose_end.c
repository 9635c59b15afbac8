/*
 * compose_end.c -- continuity (7), how to check all of this and what it does
 * not prove (8).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "report/compose.h"

/* Since when the chain can be shown. */
static void
say_beginning(struct ex_document *doc, const struct ex_report_item *item)
{
	char at[EX_COMPOSE_TIME], text[EX_COMPOSE_TEXT];

	if (item->nentries == 0)
		return;
	ex_compose_time(at, item->continuity.since);
	(void)snprintf(text, sizeof(text),
	    item->continuity.seized
		? ex_doc_say(doc, "On record since the seizure, %s.",
		      "自扣押時（%s）起有紀錄。")
		: ex_doc_say(doc,
		      "On record since %s; what happened between the seizure "
		      "and this first entry is not in this log.",
		      "自 %s 起有紀錄；扣押至首筆紀錄間之情形不在本日誌內。"),
	    at);
	ex_doc_text(doc, text);
}

static void
say_answers(struct ex_document *doc, const struct ex_report_item *item)
{
	for (size_t i = 0; i < item->continuity.n; i++) {
		const struct ex_continuity_finding *c =
		    &item->continuity.finding[i];
		struct ex_buf text = EX_BUF_INIT;

		if (!c->answered)
			continue;
		if (ex_buf_addf(&text, &doc->err,
			ex_doc_say(doc,
			    "%s/%" PRIu64 " is explained by %s/%" PRIu64 ": %s",
			    "%s/%" PRIu64 " 由 %s/%" PRIu64 " 說明：%s"),
			c->item, c->entry[0], c->item, c->answer,
			c->words != NULL ? c->words
					 : ex_doc_say(doc, "(text withheld)",
					       "（內容未提供）")) == 0)
			ex_doc_point(doc, ex_buf_text(&text));
		ex_buf_free(&text);
	}
}

void
ex_compose_continuity(struct ex_document *doc, const struct ex_report_facts *f)
{
	ex_doc_section(
	    doc, ex_doc_say(doc, "7. Continuity", "七、監管連續性"), 0);
	for (size_t i = 0; i < f->nitems; i++) {
		const struct ex_report_item *item = &f->item[i];

		ex_doc_heading(doc, item->item);
		if (!item->digital)
			say_beginning(doc, item);
		if (item->continuity.n == 0)
			ex_doc_text(doc,
			    ex_doc_say(doc,
				"Complete: no gap, no overlap, no unexplained "
				"seal change, no digest that differs.",
				"完整：無間斷、無重疊、封緘變動均有紀錄、"
				"雜湊值均相符。"));
		ex_compose_findings(doc, item, 0);
		say_answers(doc, item);
	}
}

static void
say_checkpoint(struct ex_document *doc, const struct ex_report_facts *f)
{
	const struct ex_record *r = f->record;
	char hex[2 * EX_HASH + 1], vkey[EX_VKEY_TEXT];

	ex_hex(hex, r->checkpoint.root, EX_HASH);
	ex_doc_fact(doc, ex_doc_say(doc, "Log", "日誌"), r->checkpoint.origin);
	ex_doc_factf(doc, ex_doc_say(doc, "Entries in the log", "日誌紀錄總數"),
	    "%" PRIu64, r->checkpoint.size);
	ex_doc_fact(doc, ex_doc_say(doc, "Root of the tree", "樹根"), hex);
	if (ex_vkey_text(vkey, &r->log, NULL) == 0)
		ex_doc_fact(
		    doc, ex_doc_say(doc, "Key of the log", "日誌金鑰"), vkey);
	ex_doc_factf(doc,
	    ex_doc_say(doc, "Entries behind this report", "本報告依據紀錄數"),
	    "%zu", r->nentries);
	ex_doc_fact(doc,
	    ex_doc_say(doc, "Witnesses, time tokens", "見證及時戳"),
	    ex_doc_say(doc,
		"not judged by this report: the bundle holds those there are, "
		"and exhibit-verify says whose they are and since when",
		"本報告不予判斷：驗證包內含既有者，由 exhibit-verify 說明其來源與時間"));
}

static void
say_limits(struct ex_document *doc)
{
	static const struct {
		const char *en, *zh;
	} limit[] = {
		{ "what happened to an exhibit before its first entry",
		    "首筆紀錄前證物之情形" },
		{ "that a statement was true when it was signed; only that "
		  "it was signed and has not changed since",
		    "簽署內容於簽署時為真實；僅證明確曾簽署且其後未變更" },
		{ "who sat at a key that is kept in a file and was unlocked; "
		  "the laboratory issued such keys and could have made such "
		  "a signature",
		    "以檔案保存且已解鎖之金鑰實際由何人操作；"
		    "此類金鑰由實驗室核發，實驗室有能力作成該簽名" },
		{ "that this is the only history: unless others have "
		  "countersigned the log, two histories would only show when "
		  "two checkpoints or a receipt are compared",
		    "此為唯一歷程：日誌未經實驗室以外機關副署者，"
		    "須比對兩份檢查點或收據始能發現歷程分歧" },
		{ "the times: they are what the signers stated",
		    "時間：均為簽署人所載" },
	};

	ex_doc_heading(
	    doc, ex_doc_say(doc, "What this does not prove", "本報告不能證明"));
	for (size_t i = 0; i < sizeof(limit) / sizeof(limit[0]); i++)
		ex_doc_point(doc, ex_doc_say(doc, limit[i].en, limit[i].zh));
}

void
ex_compose_integrity(struct ex_document *doc, const struct ex_report_facts *f)
{
	ex_doc_section(doc,
	    ex_doc_say(doc, "8. Integrity, and how to check it",
		"八、完整性及驗證方法"),
	    0);
	ex_doc_text(doc,
	    ex_doc_say(doc,
		"Every statement above is computed from signed entries: each "
		"signature was checked, each act judged again, and each entry "
		"proven to be in the log of this checkpoint.",
		"以上內容均由已簽署之紀錄計算：逐筆驗證簽名、重新審核行為，"
		"並證明各筆均納入此檢查點之日誌。"));
	say_checkpoint(doc, f);
	ex_doc_text(doc,
	    ex_doc_say(doc,
		"The offline bundle of this case holds the entries. Check it "
		"with the program below, or with openssl and sha256sum as its "
		"VERIFY.txt says; obtain the fingerprints from a second "
		"source.",
		"本案離線驗證包內含各筆紀錄，可用下列程式，或依其 VERIFY.txt "
		"以 openssl 與 sha256sum 驗證；金鑰指紋應由其他來源取得。"));
	ex_doc_code(doc, "exhibit-verify BUNDLE --policy FILE --roots FILE");
	say_limits(doc);
}
