/*
 * compose_items.c -- what is said of each item: description and seal line
 * (2), the whole custody table (3), deviations (5).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/compose.h"
#include "report/words.h"

static const char *
or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* Every change of the seal, from the first record on. */
static void
say_seal_line(struct ex_document *doc, const struct ex_report_item *item)
{
	const char *head[] = { ex_doc_say(doc, "Entry", "紀錄"),
		ex_doc_say(doc, "Time", "時間"), ex_doc_say(doc, "Act", "行為"),
		ex_doc_say(doc, "Seal", "封緘號碼"),
		ex_doc_say(doc, "Found", "檢視結果"),
		ex_doc_say(doc, "Signed by", "簽署人") };
	int any = 0;

	for (size_t i = 0; i < item->nentries; i++) {
		const struct ex_record_entry *e = item->entry[i];
		const struct ex_event *event = &e->admission.event;
		char ref[EX_COMPOSE_TEXT], by[EX_COMPOSE_TEXT];
		char at[EX_COMPOSE_TIME], n[2][24];
		const char *seal = ex_report_value(e, "seal", n[0]);
		const char *state =
		    ex_compose_shown(doc, e, "seal_state", n[1]);
		const char *cell[] = { ex_compose_ref(ref, e),
			ex_compose_time(at, event->occurred_at),
			ex_compose_act(doc, event), or_empty(seal),
			or_empty(state), ex_compose_parties(by, doc, event) };

		if (seal == NULL && state == NULL)
			continue;
		if (!any++)
			ex_doc_table(doc,
			    ex_doc_say(
				doc, "Seals, from first to last", "封緘歷程"),
			    head, 6);
		ex_doc_row(doc, cell);
	}
	if (!any)
		ex_doc_text(
		    doc, ex_doc_say(doc, "No seal is mentioned in any entry.",
			     "紀錄中未提及封緘。"));
}

static void
say_attachment(
    struct ex_document *doc, const struct ex_record_entry *e, const char *path)
{
	const char *digest = ex_record_text(e, path);
	char text[EX_COMPOSE_TEXT], ref[EX_COMPOSE_TEXT];

	if (ex_json_get(e->admission.event.pii, path) == NULL)
		return;
	(void)snprintf(text, sizeof(text), "%.120s: SHA-256 %.64s",
	    ex_compose_ref(ref, e),
	    digest != NULL ? digest : ex_doc_say(doc, "withheld", "未揭露"));
	ex_doc_point(doc, text);
}

/* One is "attachments", several are "attachments/0" and so on. */
static void
say_attachments(struct ex_document *doc, const struct ex_report_item *item)
{
	for (size_t i = 0; i < item->nentries; i++) {
		const struct ex_record_entry *e = item->entry[i];
		size_t n = ex_json_count(e->admission.event.pii);
		char path[40];

		say_attachment(doc, e, "attachments");
		for (size_t k = 0; k < n; k++) {
			(void)snprintf(
			    path, sizeof(path), "attachments/%zu", k);
			say_attachment(doc, e, path);
		}
	}
}

static void
say_item(struct ex_document *doc, const struct ex_report_facts *f,
    const struct ex_report_item *item, size_t *bytes)
{
	static const struct {
		const char *name, *en, *zh;
	} facts[] = {
		{ "description", "Description", "品名" },
		{ "maker", "Maker", "廠牌" },
		{ "model", "Model", "型號" },
		{ "serial", "Serial number on the label", "標籤序號" },
		{ "marks", "Marks", "特徵" },
		{ "condition", "Condition", "外觀狀況" },
		{ "seizure_record", "Number in the seizure record",
		    "扣押物品目錄編號" },
	};

	ex_doc_heading(doc, item->item);
	ex_doc_fact(doc, ex_doc_say(doc, "Kind", "種類"),
	    ex_word("kind", ex_compose_member(item->fact, "kind"), doc->zh));
	if (ex_compose_member(item->fact, "parent")[0] != '\0')
		ex_doc_factf(doc, ex_doc_say(doc, "Comes from", "來源"),
		    "%s (%s)", ex_compose_member(item->fact, "parent"),
		    ex_word("relation",
			ex_compose_member(item->fact, "relation"), doc->zh));
	for (size_t i = 0;
	     !item->digital && i < sizeof(facts) / sizeof(facts[0]); i++)
		ex_compose_said(doc, doc->zh ? facts[i].zh : facts[i].en, item,
		    facts[i].name);
	if (!item->digital)
		say_seal_line(doc, item);
	say_attachments(doc, item);
	ex_compose_pictures(doc, f, item, bytes);
}

void
ex_compose_items(struct ex_document *doc, const struct ex_report_facts *f)
{
	size_t bytes = 0;

	ex_doc_section(doc, ex_doc_say(doc, "2. Exhibits", "二、證物"), 0);
	for (size_t i = 0; i < f->nitems; i++)
		say_item(doc, f, &f->item[i], &bytes);
}

/* What was signed beside the act itself, all of it. */
static void
remarks(struct ex_buf *out, struct ex_document *doc,
    const struct ex_record_entry *e)
{
	static const char *const name[] = { "condition", "reason", "note",
		"authority", "method" };

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		char number[24];
		const char *text = ex_compose_shown(doc, e, name[i], number);

		if (text != NULL)
			(void)ex_buf_addf(out, &doc->err, "%s%s: %s",
			    out->len == 0 ? "" : "; ",
			    ex_word_label(name[i], doc->zh), text);
	}
}

/* What a correction says in place of what, beside its original. */
static void
correction(struct ex_buf *out, struct ex_document *doc,
    const struct ex_report_item *item, const struct ex_record_entry *e)
{
	const struct ex_event *event = &e->admission.event;
	const uint8_t *leaf = event->has_corrects ? event->corrects
			      : event->has_annuls ? event->annuls
						  : NULL;
	char n[3][24];

	for (size_t i = 0; leaf != NULL && i < item->nentries; i++)
		if (memcmp(item->entry[i]->admission.leaf, leaf, EX_HASH) == 0)
			(void)ex_buf_addf(out, &doc->err,
			    ex_doc_say(doc, "%s%s entry %" PRIu64,
				"%s%s第 %" PRIu64 " 筆"),
			    out->len == 0 ? "" : "; ",
			    event->has_corrects
				? ex_doc_say(doc, "corrects", "更正")
				: ex_doc_say(doc, "annuls", "撤銷"),
			    item->entry[i]->admission.event.seq);
	if (!event->has_corrects)
		return;
	(void)ex_buf_addf(out, &doc->err,
	    ex_doc_say(
		doc, ", %s: \"%s\", not \"%s\"", "，%s：「%s」，原為「%s」"),
	    or_empty(ex_report_value(e, "field", n[0])),
	    or_empty(ex_report_value(e, "new", n[1])),
	    or_empty(ex_report_value(e, "old", n[2])));
}

/* Where the item was before this entry. */
struct before {
	const char *custodian, *place;
};

static void
say_move(struct ex_document *doc, const struct ex_report_item *item,
    const struct ex_record_entry *e, const struct ex_json *after,
    const struct before *before)
{
	const struct ex_event *event = &e->admission.event;
	const char *custodian = ex_compose_member(after, "custodian");
	char number[24], n[2][24], at[EX_COMPOSE_TIME];
	struct ex_buf more = EX_BUF_INIT;
	char by[EX_COMPOSE_TEXT];
	const char *cell[] = { number, ex_compose_time(at, event->occurred_at),
		ex_compose_act(doc, event), before->custodian, custodian,
		ex_compose_member(after, "location"),
		or_empty(ex_report_value(e, "purpose", n[0])),
		or_empty(ex_compose_shown(doc, e, "seal_state", n[1])), NULL,
		ex_compose_parties(by, doc, event) };

	(void)snprintf(number, sizeof(number), "%" PRIu64, event->seq);
	remarks(&more, doc, e);
	correction(&more, doc, item, e);
	cell[8] = ex_buf_text(&more);
	ex_doc_row(doc, cell);
	ex_buf_free(&more);
}

static void
say_custody(struct ex_document *doc, const struct ex_report_item *item)
{
	const char *head[] = { ex_doc_say(doc, "No.", "序號"),
		ex_doc_say(doc, "Time", "時間"), ex_doc_say(doc, "Act", "行為"),
		ex_doc_say(doc, "From", "交付人"),
		ex_doc_say(doc, "To", "保管人"),
		ex_doc_say(doc, "Place", "處所"),
		ex_doc_say(doc, "Purpose", "目的"),
		ex_doc_say(doc, "Seal found", "封緘檢視"),
		ex_doc_say(doc, "Remarks", "備註"),
		ex_doc_say(doc, "Signed by", "簽署人") };
	struct before before = { "", "" };
	const struct ex_json *fact = NULL;

	ex_doc_table(doc, item->item, head, 10);
	for (size_t i = 0; i < item->nentries; i++) {
		const struct ex_json *after =
		    ex_record_after(item->entry[i], "item", item->item);

		fact = after != NULL ? after : fact;
		say_move(doc, item, item->entry[i], fact, &before);
		before.custodian = ex_compose_member(fact, "custodian");
		before.place = ex_compose_member(fact, "location");
	}
}

void
ex_compose_custody(struct ex_document *doc, const struct ex_report_facts *f)
{
	ex_doc_section(doc, ex_doc_say(doc, "3. Custody", "三、監管歷程"), 1);
	ex_doc_text(doc,
	    ex_doc_say(doc,
		"Every entry of each exhibit in the order of the log. Times "
		"are those that the signers stated.",
		"依日誌順序列出每件證物之全部紀錄；時間為簽署人所載。"));
	for (size_t i = 0; i < f->nitems; i++)
		say_custody(doc, &f->item[i]);
}

void
ex_compose_deviations(struct ex_document *doc, const struct ex_report_facts *f)
{
	size_t any = 0;

	ex_doc_section(doc,
	    ex_doc_say(doc, "5. Deviations and unavoidable changes",
		"五、偏離程序與不可避免之變動"),
	    0);
	for (size_t i = 0; i < f->record->nentries; i++) {
		const struct ex_record_entry *e = f->record->entry[i];
		char ref[EX_COMPOSE_TEXT], by[EX_COMPOSE_TEXT], n[24];

		if (e->admission.event.act != EX_ACT_DEVIATION)
			continue;
		any++;
		ex_doc_heading(doc, ex_compose_ref(ref, e));
		ex_compose_value(doc,
		    ex_doc_say(doc, "What changed", "變動內容"), e, "what");
		ex_compose_value(
		    doc, ex_doc_say(doc, "Why", "原因"), e, "reason");
		ex_compose_value(
		    doc, ex_doc_say(doc, "Effect", "影響"), e, "effect");
		if (ex_report_value(e, "note", n) != NULL)
			ex_compose_value(
			    doc, ex_doc_say(doc, "Note", "備註"), e, "note");
		ex_doc_fact(doc, ex_doc_say(doc, "Signed by", "簽署人"),
		    ex_compose_parties(by, doc, &e->admission.event));
	}
	if (any == 0)
		ex_doc_text(doc, ex_doc_say(doc, "None were declared.",
				     "未申報任何偏離或變動。"));
}
