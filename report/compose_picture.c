/*
 * compose_picture.c -- photographs of an exhibit, each with its digest.
 */
#include <stdio.h>
#include <string.h>

#include "report/compose.h"

/* What stands beside it. */
static void
describe(char out[EX_COMPOSE_TEXT], const struct ex_document *doc,
    const struct ex_record_entry *e, const struct ex_picture *q,
    const char *sha256)
{
	char ref[EX_COMPOSE_TEXT], at[EX_COMPOSE_TIME];
	const char *as =
	    q->kind == EX_PICTURE_JPEG
		? ex_doc_say(doc, "in this file byte for byte as photographed",
		      "照片原檔逐位元組收錄於本 PDF 檔")
		: ex_doc_say(doc, "shown smaller; the original is kept",
		      "縮圖顯示，原檔另存");

	(void)snprintf(out, EX_COMPOSE_TEXT,
	    ex_doc_say(doc, "%.120s, %s; %u x %u pixels, %s; SHA-256 %s",
		"%.120s，%s；%u x %u 像素，%s；SHA-256 %s"),
	    ex_compose_ref(ref, e),
	    ex_compose_time(at, e->admission.event.occurred_at), q->was_wide,
	    q->was_high, as, sha256);
}

/* Why it cannot be shown, in the document's language. */
static void
reason(char out[EX_COMPOSE_TEXT], const struct ex_document *doc,
    const struct ex_err *why)
{
	const char *zh = why->code == EX_LIMIT	   ? "超過大小上限"
			 : why->code == EX_ABSENT  ? "檔案不存在"
			 : why->code == EX_DAMAGED ? "檔案與簽署時不同"
			 : why->code == EX_FORMAT  ? "非可顯示之影像"
						   : "無法讀取";

	if (doc->zh)
		(void)snprintf(
		    out, EX_COMPOSE_TEXT, "%s（%.200s）", zh, why->text);
	else
		(void)snprintf(out, EX_COMPOSE_TEXT, "%.200s", why->text);
}

static void
say_refused(struct ex_document *doc, const struct ex_record_entry *e,
    const char *sha256, const char *why)
{
	char text[EX_COMPOSE_TEXT], ref[EX_COMPOSE_TEXT];

	(void)snprintf(text, sizeof(text),
	    ex_doc_say(doc,
		"%.120s: the photograph with SHA-256 %.64s cannot be shown: "
		"%.400s",
		"%.120s：SHA-256 為 %.64s 之照片無法顯示：%.400s"),
	    ex_compose_ref(ref, e), sha256, why);
	ex_doc_warn(doc, text);
}

static void
say_picture(struct ex_document *doc, const struct ex_report_facts *f,
    const struct ex_record_entry *e, const char *path, size_t *bytes)
{
	const char *sha256 = ex_record_text(e, path);
	struct ex_err why = EX_ERR_INIT;
	char text[EX_COMPOSE_TEXT];
	struct ex_picture q = { 0 };

	if (ex_json_get(e->admission.event.pii, path) == NULL)
		return;
	if (sha256 == NULL) {
		say_refused(doc, e, ex_doc_say(doc, "withheld", "未揭露"),
		    ex_doc_say(doc, "its digest is withheld", "雜湊值未揭露"));
		return;
	}
	if (f->frame->vault == NULL)
		(void)ex_fail(&why, EX_ABSENT, "no vault is at hand");
	else if (ex_picture_load(&q, f->frame->vault, sha256, &why) == 0 &&
		 q.data.len > EX_PICTURES_MAX - *bytes)
		(void)ex_fail(&why, EX_LIMIT,
		    "the photographs of this report take more than %d MiB",
		    EX_PICTURES_MAX / (1024 * 1024));
	if (why.code != EX_OK) {
		reason(text, doc, &why);
		say_refused(doc, e, sha256, text);
	} else {
		*bytes += q.data.len;
		describe(text, doc, e, &q, sha256);
		ex_doc_picture(doc, &q, text);
	}
	ex_picture_free(&q);
}

/* Does the entry name a photograph? */
static int
has_pictures(const struct ex_record_entry *e)
{
	return ex_json_get(e->admission.event.pii, "photos") != NULL ||
	       ex_json_get(e->admission.event.pii, "photos/0") != NULL;
}

static void
say_pictures(struct ex_document *doc, const struct ex_report_facts *f,
    const struct ex_record_entry *e, size_t *bytes)
{
	size_t n = ex_json_count(e->admission.event.pii);
	char path[40];

	say_picture(doc, f, e, "photos", bytes);
	for (size_t k = 0; k < n; k++) {
		(void)snprintf(path, sizeof(path), "photos/%zu", k);
		say_picture(doc, f, e, path, bytes);
	}
}

void
ex_compose_pictures(struct ex_document *doc, const struct ex_report_facts *f,
    const struct ex_report_item *item, size_t *bytes)
{
	char title[EX_COMPOSE_TEXT];
	int any = 0;

	for (size_t i = 0; i < item->nentries; i++) {
		if (!has_pictures(item->entry[i]))
			continue;
		if (!any++) {
			(void)snprintf(title, sizeof(title),
			    ex_doc_say(doc, "%.60s, photographs", "%.60s 照片"),
			    item->item);
			ex_doc_heading(doc, title);
		}
		say_pictures(doc, f, item->entry[i], bytes);
	}
}
