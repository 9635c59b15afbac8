/*
 * compose_import.c -- what others made and the house took in (4).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/compose.h"

static const char *
field(const struct ex_record_entry *e, const char *name)
{
	const char *text = ex_event_text(&e->admission.event, name);

	return text != NULL ? text : "";
}

/* What the verdict means, in a sentence. */
static const char *
meaning(const struct ex_document *doc, const char *verdict)
{
	static const struct {
		const char *verdict, *en, *zh;
	} known[] = {
		{ "ok",
		    "It was read to its end, nothing in it is damaged, and a "
		    "digest that came with it is that of its data.",
		    "已完整讀取，未見毀損，且所附雜湊值與資料相符。" },
		{ "nothing_stored",
		    "It was read to its end and nothing in it is damaged; no "
		    "digest came with it to compare it with.",
		    "已完整讀取，未見毀損；未附可供比對之雜湊值。" },
		{ "digest_differs",
		    "A digest that came with it is NOT that of its data.",
		    "所附雜湊值與資料不符。" },
		{ "container_damaged",
		    "The container is damaged or incomplete; what is damaged "
		    "counts as zeroes in the digests below.",
		    "映像容器毀損或不完整；毀損部分於雜湊計算中以零代之。" },
		{ "unreadable", "Nothing can be said about its data.",
		    "無法讀取其資料。" },
		{ "incomplete", "Not everything in the folder was taken in.",
		    "目錄內容未全部匯入。" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].verdict, verdict) == 0)
			return ex_doc_say(doc, known[i].en, known[i].zh);
	return verdict;
}

/* Every value of a committed list: "header/0", "header/1" ... */
static void
say_list(struct ex_document *doc, const struct ex_record_entry *e,
    const char *label, const char *name)
{
	char path[48];

	for (size_t i = 0;; i++) {
		const char *text;

		(void)snprintf(path, sizeof(path), "%s/%zu", name, i);
		if (ex_json_get(e->admission.event.pii, path) == NULL)
			return;
		text = ex_record_text(e, path);
		ex_doc_fact(doc, label,
		    text != NULL ? text
				 : ex_doc_say(doc, "withheld", "未揭露"));
	}
}

static int
say_member(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	struct ex_document *doc = arg;
	char label[EX_COMPOSE_TEXT];

	(void)err;
	(void)snprintf(label, sizeof(label), "%s: %.60s",
	    ex_doc_say(doc, "Came with it", "所附"), key);
	if (ex_json_is_integer(v))
		ex_doc_factf(doc, label, "%" PRId64, ex_json_int(v));
	else
		ex_doc_fact(doc, label, ex_json_text(v));
	return 0;
}

static void
say_digests(struct ex_document *doc, const struct ex_record_entry *e)
{
	const char *head[] = { ex_doc_say(doc, "Algorithm", "演算法"),
		ex_doc_say(doc, "As read on import", "匯入時讀得") };
	const struct ex_json *list = e->admission.event.digests;

	if (ex_json_count(list) == 0)
		return;
	ex_doc_table(doc, ex_doc_say(doc, "Digests", "雜湊值"), head, 2);
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *d = ex_json_at(list, i);
		const char *cell[] = { ex_json_get_text(d, "alg"),
			ex_json_get_text(d, "value") };

		ex_doc_row(doc, cell);
	}
}

/* A value that the entry has, and nothing where it has none. */
static void
say_known(struct ex_document *doc, const struct ex_record_entry *e,
    const char *label, const char *name)
{
	char number[24];
	const char *text = ex_report_value(e, name, number);

	if (text != NULL)
		ex_doc_fact(doc, label, text);
}

static void
say_import(struct ex_document *doc, const struct ex_report_item *item,
    const struct ex_record_entry *e)
{
	char title[EX_COMPOSE_TEXT], ref[EX_COMPOSE_TEXT], by[EX_COMPOSE_TEXT];

	(void)snprintf(title, sizeof(title), "%.80s (%.120s)", item->item,
	    ex_compose_ref(ref, e));
	ex_doc_heading(doc, title);
	ex_doc_text(
	    doc, ex_doc_say(doc, "Made by others and imported as it was found.",
		     "他人製作，依所見原狀匯入。"));
	ex_doc_text(doc, meaning(doc, field(e, "verdict")));
	say_known(doc, e, ex_doc_say(doc, "What was found", "發現"), "found");
	ex_doc_fact(doc, ex_doc_say(doc, "Imported by", "匯入人員"),
	    ex_compose_parties(by, doc, &e->admission.event));
	say_known(doc, e, ex_doc_say(doc, "Of exhibit", "來源證物"), "parent");
	say_known(doc, e, ex_doc_say(doc, "Format", "格式"), "format");
	say_known(doc, e, ex_doc_say(doc, "Method", "取證方法"), "method");
	say_known(doc, e, ex_doc_say(doc, "Tool", "工具"), "tool");
	say_known(doc, e,
	    ex_doc_say(doc, "SHA-256 of the tool's report", "工具報告 SHA-256"),
	    "tool_report");
	say_known(doc, e,
	    ex_doc_say(doc, "Changed on the evidence by making it",
		"製作時對證物之變動"),
	    "changes");
	say_known(
	    doc, e, ex_doc_say(doc, "Size in bytes", "大小（位元組）"), "size");
	say_known(doc, e, ex_doc_say(doc, "Files", "檔案數"), "files");
	say_known(doc, e,
	    ex_doc_say(doc, "SHA-256 of the list of files", "檔案清單 SHA-256"),
	    "file_list");
	say_list(
	    doc, e, ex_doc_say(doc, "Its name before", "原檔名"), "original");
	say_list(doc, e,
	    ex_doc_say(
		doc, "Header, as its maker wrote it", "檔頭（製作者所載）"),
	    "header");
	(void)ex_json_each(ex_json_get(e->admission.event.fields, "stored"),
	    say_member, doc, NULL);
	say_digests(doc, e);
}

size_t
ex_compose_imports(struct ex_document *doc, const struct ex_report_facts *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->nitems; i++)
		for (size_t k = 0; k < f->item[i].nentries; k++) {
			const struct ex_record_entry *e = f->item[i].entry[k];

			if (e->admission.event.act != EX_ACT_IMPORT)
				continue;
			say_import(doc, &f->item[i], e);
			n++;
		}
	return n;
}
