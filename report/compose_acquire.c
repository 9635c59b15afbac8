/*
 * compose_acquire.c -- how the copies came about (4), and whether a copy is
 * the original.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/compose.h"
#include "report/words.h"

static const char *
field(const struct ex_record_entry *e, const char *name)
{
	const char *text =
	    e == NULL ? NULL : ex_event_text(&e->admission.event, name);

	return text != NULL ? text : "";
}

/* Digests of one entry, by name; NULL when it has none of this kind. */
static const char *
digest(const struct ex_record_entry *e, const char *alg)
{
	const struct ex_json *list =
	    e == NULL ? NULL : e->admission.event.digests;

	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *d = ex_json_at(list, i);
		const char *name = ex_json_get_text(d, "alg");

		if (name != NULL && strcmp(name, alg) == 0)
			return ex_json_get_text(d, "value");
	}
	return NULL;
}

/* How the copy was compared with what was read, or that it was not. */
static const char *
compared(const struct ex_document *doc, const struct ex_report_acquisition *a)
{
	if (strcmp(field(a->end, "verified"), "ok") == 0)
		return ex_doc_say(doc,
		    "the image was read back and gave the digests that were "
		    "computed while the medium was read",
		    "映像經讀回驗證，與讀取媒體時計算之雜湊值相符");
	return ex_doc_say(doc, "the image was not read back when it was made",
	    "製作時未讀回驗證");
}

/* A later check that did not find what was signed. */
static int
spoilt(const struct ex_report_acquisition *a)
{
	return a->verify != NULL &&
	       strcmp(field(a->verify, "verdict"), "ok") != 0;
}

static int64_t
bad_sectors(const struct ex_report_acquisition *a)
{
	return ex_json_get_int(
	    a->end->admission.event.fields, "bad_sectors", 0);
}

/* By what was signed of its end, and found later. */
static void
answer(char out[EX_COMPOSE_TEXT], const struct ex_document *doc,
    const struct ex_report_acquisition *a)
{
	const char *result = field(a->end, "result");
	const char *image = a->image != NULL ? a->image : "-";

	if (spoilt(a))
		(void)snprintf(out, EX_COMPOSE_TEXT,
		    ex_doc_say(doc,
			"%s: no longer. The newest check found: %s.",
			"%s：否。最近一次驗證結果：%s。"),
		    image,
		    ex_word("verdict", field(a->verify, "verdict"), doc->zh));
	else if (strcmp(result, "complete") == 0)
		(void)snprintf(out, EX_COMPOSE_TEXT,
		    ex_doc_say(doc,
			"%s: yes, every byte that was asked for; %s.",
			"%s：是，要求範圍之全部位元組；%s。"),
		    image, compared(doc, a));
	else if (strcmp(result, "complete_with_errors") == 0)
		(void)snprintf(out, EX_COMPOSE_TEXT,
		    ex_doc_say(doc,
			"%s: yes, except for %" PRId64
			" sectors that could not be read; %s.",
			"%s：是，但有 %" PRId64 " 個磁區無法讀取；%s。"),
		    image, bad_sectors(a), compared(doc, a));
	else
		(void)snprintf(out, EX_COMPOSE_TEXT,
		    ex_doc_say(doc, "%s: no. The imaging ended as \"%s\".",
			"%s：否。取證結果為「%s」。"),
		    image, ex_word("result", result, doc->zh));
}

const char *
ex_compose_copy(char out[EX_COMPOSE_TEXT], const struct ex_document *doc,
    const struct ex_report_acquisition *a)
{
	if (a->end == NULL)
		(void)snprintf(out, EX_COMPOSE_TEXT, "%s",
		    ex_doc_say(doc, "Imaging was begun and has not been ended.",
			"取證已開始，尚未結束。"));
	else
		answer(out, doc, a);
	ex_compose_beside(out, doc, a->start);
	return out;
}

/* What a machine said about itself: members of an object. */
static int
say_member(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	struct ex_document *doc = arg;
	const char *name = ex_word_label(key, doc->zh);
	const char *text = ex_json_text(v);

	(void)err;
	if (ex_json_is_integer(v))
		ex_doc_factf(doc, name, "%" PRId64, ex_json_int(v));
	else
		ex_doc_fact(doc, name,
		    text != NULL ? ex_word("value", text, doc->zh) : NULL);
	return 0;
}

static void
say_object(
    struct ex_document *doc, const struct ex_record_entry *e, const char *name)
{
	const struct ex_json *v =
	    e == NULL ? NULL : ex_json_get(e->admission.event.fields, name);

	if (v != NULL)
		(void)ex_json_each(v, say_member, doc, NULL);
}

/* A running system is said, with the reason; nothing of any other. */
static void
say_live(struct ex_document *doc, const struct ex_record_entry *start)
{
	if (start == NULL ||
	    ex_json_get_int(start->admission.event.fields, "live", 0) != 1)
		return;
	ex_compose_value(doc,
	    ex_doc_say(
		doc, "Running system read, because", "讀取運作中系統之原因"),
	    start, "reason");
	ex_compose_value(
	    doc, ex_doc_say(doc, "In use", "使用中"), start, "in_use");
}

/* What the examiner states of the device; nothing where she does not. */
static void
say_stated(struct ex_document *doc, const struct ex_record_entry *start)
{
	const struct {
		const char *name, *en, *zh;
	} stated[] = {
		{ "device_state", "Device as it was found, as stated",
		    "設備發現時之狀態（陳述）" },
		{ "changes", "Changed on it to read it, as stated",
		    "為讀取而對設備所為之變動（陳述）" },
		{ "credential", "Credential used, as stated",
		    "所用憑證（陳述）" },
		{ "credential_right", "By what right it was used, as stated",
		    "使用憑證之依據（陳述）" },
	};
	char number[24];

	for (size_t i = 0; i < sizeof(stated) / sizeof(stated[0]); i++) {
		const char *text = start == NULL ? NULL
						 : ex_report_value(start,
						       stated[i].name, number);

		if (text != NULL)
			ex_doc_fact(doc,
			    ex_doc_say(doc, stated[i].en, stated[i].zh), text);
	}
}

static void
say_device(struct ex_document *doc, const struct ex_report_item *item,
    const struct ex_report_acquisition *a)
{
	const struct ex_record_entry *start = a->start, *end = a->end;
	char number[24];
	const char *serial =
	    start == NULL ? NULL
			  : ex_report_value(start, "device_serial", number);

	ex_compose_value(
	    doc, ex_doc_say(doc, "Source", "來源"), start, "source");
	ex_doc_fact(doc, ex_doc_say(doc, "Serial number as read", "讀得序號"),
	    serial != NULL ? ex_word("value", serial, doc->zh) : NULL);
	ex_compose_said(doc,
	    ex_doc_say(doc, "Serial number on the label", "標籤序號"), item,
	    "serial");
	ex_compose_value(doc,
	    ex_doc_say(doc, "Read against label", "讀得序號與標籤比對"), start,
	    "serial_match");
	ex_compose_value(doc,
	    ex_doc_say(doc, "Size in bytes", "大小（位元組）"), start, "size");
	ex_compose_value(doc, ex_doc_say(doc, "Sector size", "磁區大小"), start,
	    "sector_size");
	ex_compose_value(doc, ex_doc_say(doc, "Write protection", "防寫措施"),
	    start, "write_protection");
	if (start != NULL &&
	    ex_event_text(&start->admission.event, "write_blocker") != NULL) {
		ex_compose_value(doc,
		    ex_doc_say(doc, "Write blocker, as the examiner states",
			"防寫設備（鑑識人員陳述）"),
		    start, "write_blocker");
		ex_compose_value(doc,
		    ex_doc_say(doc, "Serial number of the write blocker",
			"防寫設備序號"),
		    start, "write_blocker_serial");
	}
	say_stated(doc, a->first);
	if (start != a->first)
		say_stated(doc, start);
	say_live(doc, start);
	ex_compose_value(
	    doc, ex_doc_say(doc, "Method", "取證方法"), start, "method");
	ex_compose_value(doc,
	    ex_doc_say(doc, "Competence of the examiner", "人員能力"), start,
	    "competence");
	ex_compose_value(doc,
	    ex_doc_say(doc, "Validation of the tool", "工具確效"), start,
	    "tool_validation");
	ex_compose_device(doc, start, end);
	say_object(doc, start, "environment");
}

static void
say_digests(struct ex_document *doc, const struct ex_report_acquisition *a)
{
	const char *head[] = { ex_doc_say(doc, "Algorithm", "演算法"),
		ex_doc_say(doc, "As acquired", "取證時"),
		ex_doc_say(doc, "Image as verified last", "最近驗證") };
	static const char *const alg[] = { "md5", "sha1", "sha256", "sha512",
		"sha3-256", "blake2b" };

	ex_doc_table(doc, ex_doc_say(doc, "Digests", "雜湊值"), head, 3);
	for (size_t i = 0; i < sizeof(alg) / sizeof(alg[0]); i++) {
		const char *cell[] = { alg[i], digest(a->end, alg[i]),
			digest(a->verify, alg[i]) };

		if (cell[1] == NULL && cell[2] == NULL)
			continue;
		if (cell[2] == NULL)
			cell[2] = ex_doc_say(doc, "not recorded", "未記載");
		ex_doc_row(doc, cell);
	}
}

/* Where the image lies: its segment files with their digests. */
static void
say_segments(struct ex_document *doc, const struct ex_record_entry *create)
{
	const char *head[] = { ex_doc_say(doc, "File", "檔案"),
		ex_doc_say(doc, "Bytes", "位元組"), "SHA-256" };
	const struct ex_json *list =
	    ex_json_get(create->admission.event.fields, "segments");

	if (ex_json_count(list) == 0) {
		ex_compose_value(doc,
		    ex_doc_say(doc, "SHA-256 of the list of segment files",
			"分段清單 SHA-256"),
		    create, "segment_list");
		return;
	}
	ex_doc_table(
	    doc, ex_doc_say(doc, "Segment files", "分段檔案"), head, 3);
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *v = ex_json_at(list, i);
		char size[24];
		const char *cell[] = { ex_json_get_text(v, "name"), size,
			ex_json_get_text(v, "sha256") };

		(void)snprintf(size, sizeof(size), "%" PRId64,
		    ex_json_get_int(v, "size", -1));
		ex_doc_row(doc, cell);
	}
}

static void
say_end(struct ex_document *doc, const struct ex_report_acquisition *a)
{
	ex_compose_value(
	    doc, ex_doc_say(doc, "Started", "開始"), a->end, "started");
	ex_compose_value(
	    doc, ex_doc_say(doc, "Ended", "結束"), a->end, "ended");
	ex_compose_value(
	    doc, ex_doc_say(doc, "Result", "結果"), a->end, "result");
	ex_compose_value(doc, ex_doc_say(doc, "Bytes expected", "預期位元組"),
	    a->end, "bytes_expected");
	ex_compose_value(doc, ex_doc_say(doc, "Bytes read", "讀得位元組"),
	    a->end, "bytes_read");
	ex_compose_value(doc,
	    ex_doc_say(doc, "Image read back", "映像讀回驗證"), a->end,
	    "verified");
	ex_compose_value(
	    doc, ex_doc_say(doc, "Image", "映像"), a->end, "image");
	say_object(doc, a->end, "settings");
	ex_compose_reading(doc, a->end->admission.event.fields);
	if (a->create != NULL)
		say_segments(doc, a->create);
	say_digests(doc, a);
}

static void
say_acquisition(struct ex_document *doc, const struct ex_report_item *item,
    const struct ex_report_acquisition *a)
{
	const struct ex_record_entry *first =
	    a->start != NULL ? a->start : a->end;
	char title[EX_COMPOSE_TEXT], ref[EX_COMPOSE_TEXT], by[EX_COMPOSE_TEXT];
	char text[EX_COMPOSE_TEXT];

	(void)snprintf(title, sizeof(title), "%.80s (%.120s)", item->item,
	    ex_compose_ref(ref, first));
	ex_doc_heading(doc, title);
	ex_doc_text(doc, ex_compose_copy(text, doc, a));
	ex_doc_fact(doc, ex_doc_say(doc, "Examiner", "鑑識人員"),
	    ex_compose_parties(by, doc, &first->admission.event));
	say_device(doc, item, a);
	if (a->end != NULL)
		say_end(doc, a);
}

void
ex_compose_acquisition(struct ex_document *doc, const struct ex_report_facts *f)
{
	size_t any = 0;

	ex_doc_section(
	    doc, ex_doc_say(doc, "4. Acquisition", "四、數位取證"), 1);
	for (size_t i = 0; i < f->nitems; i++) {
		const struct ex_report_item *item = &f->item[i];

		any += item->nacquisitions;
		for (size_t k = 0; k < item->nacquisitions; k++)
			say_acquisition(doc, item, &item->acquisition[k]);
	}
	any += ex_compose_imports(doc, f);
	if (any == 0)
		ex_doc_text(doc, ex_doc_say(doc, "No medium has been imaged.",
				     "未製作任何映像。"));
}
