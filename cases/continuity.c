/*
 * continuity.c -- findings collected, answered and shown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "cases/continuity_parts.h"
#include "cases/history.h"

/* Codes of custody's rules and of this check, in the words of a report. */
static const struct {
	const char *code, *en, *zh;
} titles[] = {
	{ "gap", "nobody is recorded as custodian for a time",
	    "一段期間無保管人紀錄" },
	{ "overlap", "an entry happened before the one that precedes it",
	    "發生時間早於前一筆紀錄" },
	{ "no-place", "no place is recorded for a time",
	    "一段期間無存放處所紀錄" },
	{ "seal-unexplained",
	    "the seal changed without an act that explains it",
	    "封緘變動而無相應紀錄" },
	{ "seal-damaged", "the seal was found damaged", "封緘破損" },
	{ "seal-missing", "the seal was found missing", "封緘遺失" },
	{ "seal-differs", "the seal found is not the one expected",
	    "封緘號碼不符" },
	{ "seal-known", "the seal's number is known from another item",
	    "封緘號碼曾見於他件證物" },
	{ "fixity", "digests do not agree", "雜湊值不符" },
	{ "unconfirmed",
	    "facts stated by a machine were not confirmed by a person",
	    "機器紀錄未經人員確認" },
	{ "emergency-open",
	    "an emergency act was not countersigned within 24 hours",
	    "緊急處置未於二十四小時內補簽" },
	{ "paper-party", "a party signed on paper, not in the record",
	    "當事人僅有紙本簽名" },
	{ "party-refused", "a party refused to sign", "當事人拒絕簽名" },
	{ "party-absent", "a party was not present", "當事人未到場" },
	{ "no-authority", "no authority on record for this act",
	    "此行為無登錄之處分依據" },
	{ "authority-later", "the authority was entered after the act",
	    "處分依據登錄於行為之後" },
	{ "late-entry", "recorded after the item's later entries",
	    "事後補登之紀錄" },
	{ "field-conflict",
	    "signed in the field, while the item's record moved on here",
	    "外勤簽署期間，此證物之紀錄已另有變動" },
	{ "opening-missing", "a text that was signed is not at hand",
	    "已簽署之文字內容不在案" },
	{ "acquisition", "imaging did not end as complete",
	    "取證未能完整結束" },
	{ "serial-differs", "the serial number found is not the one announced",
	    "序號與送驗清單不符" },
	{ "device-differs",
	    "the serial number that the device reports is not the label's",
	    "裝置讀得序號與標籤不符" },
	{ "corrected", "an entry was corrected later", "紀錄經更正" },
	{ "annulled", "an entry was annulled later", "紀錄經撤銷" },
	{ "disowned", "a party says that an entry is not theirs",
	    "當事人否認紀錄" },
	{ "unlisted", "the item came without being announced",
	    "未經預告之證物" },
	{ "condition-differs", "the condition was not as on record",
	    "狀況與紀錄不符" },
	{ "batch-short", "an act over several items was not entered for all",
	    "批次作業未全部登錄" },
	{ "missing-unconfirmed",
	    "no auditor has confirmed that the item is missing",
	    "遺失未經稽核人員確認" },
	{ "disputed",
	    "signed with a key that was reported compromised, and neither "
	    "confirmed nor disowned by its owner",
	    "以通報遭冒用之金鑰簽署，持有人尚未確認或否認" },
	{ "inventory", "an inventory did not find the item as recorded",
	    "盤點結果與紀錄不符" },
	{ "missing", "the item was reported missing", "證物曾通報遺失" },
};

static const char *
find_title(const char *code, int zh)
{
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		if (strcmp(titles[i].code, code) == 0)
			return zh ? titles[i].zh : titles[i].en;
	}
	return NULL;
}

const char *
ex_finding_title(const char *code, int zh)
{
	const char *title = find_title(code, zh);

	return title != NULL ? title : code;
}

static struct ex_continuity_finding *
new_finding(struct ex_continuity *c, struct ex_err *err)
{
	size_t want = c->cap == 0 ? 16 : 2 * c->cap;
	struct ex_continuity_finding *p;

	if (c->n == c->cap) {
		if (want > SIZE_MAX / sizeof(*p) ||
		    (p = realloc(c->finding, want * sizeof(*p))) == NULL) {
			ex_fail(err, EX_SYSTEM, "out of memory");
			return NULL;
		}
		c->finding = p;
		c->cap = want;
	}
	p = &c->finding[c->n++];
	memset(p, 0, sizeof(*p));
	return p;
}

int
ex_continuity_add(struct ex_continuity *c, const char *item, const char *code,
    uint64_t seq, uint64_t seq2, const char *text, struct ex_err *err)
{
	const char *en = find_title(code, 0), *zh = find_title(code, 1);
	struct ex_continuity_finding *f = new_finding(c, err);

	if (f == NULL)
		return -1;
	if (text == NULL)
		text = en != NULL ? en : code;
	(void)snprintf(f->code, sizeof(f->code), "%s", code);
	(void)snprintf(f->item, sizeof(f->item), "%s", item);
	(void)snprintf(f->text, sizeof(f->text), "%s", text);
	(void)snprintf(
	    f->text_zh, sizeof(f->text_zh), "%s", zh != NULL ? zh : text);
	f->entry[f->nentries++] = seq;
	if (seq2 != 0)
		f->entry[f->nentries++] = seq2;
	return 0;
}

/* Does finding_explain e, which names leaf, answer this finding? */
static void
answer(struct ex_continuity *c, const struct ex_record_entry *e, uint64_t seq)
{
	for (size_t i = 0; i < c->n; i++) {
		struct ex_continuity_finding *f = &c->finding[i];

		for (size_t k = 0; k < f->nentries && !f->answered; k++) {
			if (f->entry[k] != seq)
				continue;
			f->answered = 1;
			f->answer = e->admission.event.seq;
			f->words = ex_record_text(e, "note");
			if (f->words == NULL)
				f->words = ex_record_text(e, "reason");
		}
	}
}

/* Explanations name an entry; what it shows is answered by them. */
static void
find_answers(
    struct ex_continuity *c, const struct ex_record *r, const char *item)
{
	for (size_t i = 0; i < r->nentries; i++) {
		const struct ex_record_entry *e = r->entry[i], *about;
		const struct ex_event *event = &e->admission.event;
		const char *text = ex_event_text(event, "entry");
		uint8_t leaf[EX_HASH];

		if (event->act != EX_ACT_FINDING_EXPLAIN ||
		    !ex_record_of_item(e, item) || text == NULL ||
		    ex_hex_read(leaf, sizeof(leaf), text, NULL) == -1)
			continue;
		about = ex_record_by_leaf(r, leaf);
		if (about != NULL && ex_record_of_item(about, item))
			answer(c, e, about->admission.event.seq);
	}
}

static int
by_entry(const void *a, const void *b)
{
	const struct ex_continuity_finding *x = a, *y = b;

	if (x->entry[0] != y->entry[0])
		return x->entry[0] < y->entry[0] ? -1 : 1;
	return strcmp(x->code, y->code);
}

int
ex_continuity_of(struct ex_continuity *out, const struct ex_record *r,
    const char *item, struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	if (ex_continuity_entries(out, r, item, err) == -1 ||
	    ex_continuity_chain(out, r, item, err) == -1)
		return -1;
	find_answers(out, r, item);
	if (out->n > 0)
		qsort(out->finding, out->n, sizeof(*out->finding), by_entry);
	for (size_t i = 0; i < out->n; i++)
		out->open += !out->finding[i].answered;
	return 0;
}

void
ex_continuity_free(struct ex_continuity *c)
{
	if (c == NULL)
		return;
	free(c->finding);
	memset(c, 0, sizeof(*c));
}

static int
set_entries(struct ex_json *v, const struct ex_continuity_finding *f,
    struct ex_err *err)
{
	struct ex_json *list = ex_json_array();

	if (ex_json_set(v, "entries", list, err) == -1)
		return -1;
	for (size_t i = 0; i < f->nentries; i++) {
		if (ex_json_add(
			list, ex_json_integer((int64_t)f->entry[i]), err) == -1)
			return -1;
	}
	return 0;
}

static int
set_finding(struct ex_json *v, const struct ex_continuity_finding *f, int zh,
    struct ex_err *err)
{
	if (ex_json_set_text(v, "code", f->code, err) == -1 ||
	    ex_json_set_text(v, "title", ex_finding_title(f->code, zh), err) ==
		-1 ||
	    ex_json_set_text(v, "text", zh ? f->text_zh : f->text, err) == -1 ||
	    set_entries(v, f, err) == -1 ||
	    ex_json_set(v, "answered", ex_json_bool(f->answered), err) == -1)
		return -1;
	if (!f->answered)
		return 0;
	if (ex_json_set_int(v, "answer", (int64_t)f->answer, err) == -1)
		return -1;
	return f->words == NULL ? 0
				: ex_json_set_text(v, "words", f->words, err);
}

int
ex_continuity_json(struct ex_json **out, const struct ex_continuity *c, int zh,
    struct ex_err *err)
{
	struct ex_json *list = ex_json_array(), *v;

	*out = NULL;
	if (list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < c->n; i++) {
		if ((v = ex_json_object()) == NULL) {
			ex_fail(err, EX_SYSTEM, "out of memory");
			goto fail;
		}
		if (set_finding(v, &c->finding[i], zh, err) == -1) {
			ex_json_free(v);
			goto fail;
		}
		if (ex_json_add(list, v, err) == -1)
			goto fail;
	}
	*out = list;
	return 0;
fail:
	ex_json_free(list);
	return -1;
}

static int
summary(struct ex_json **out, const struct ex_continuity *c, const char *item,
    int zh, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *list;

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_continuity_json(&list, c, zh, err) == -1 ||
	    ex_json_set(v, "findings", list, err) == -1 ||
	    ex_json_set_text(v, "item", item, err) == -1 ||
	    ex_json_set(v, "seized", ex_json_bool(c->seized), err) == -1 ||
	    ex_json_set_int(v, "open", (int64_t)c->open, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

int
ex_continuity_run(struct ex_json **out, int *status, struct ex_house *house,
    const char *item, int zh, struct ex_err *err)
{
	struct ex_continuity c = { 0 };
	struct ex_record r;
	int rc = -1;

	*out = NULL;
	*status = 2;
	if (ex_record_open(&r, house, item, err) == -1)
		goto out;
	if (r.subject.kind != EX_STREAM_ITEM) {
		ex_fail(
		    err, EX_USAGE, "%s is a case: name one of its items", item);
		goto out;
	}
	if (ex_continuity_of(&c, &r, r.subject.id, err) == -1)
		goto out;
	rc = summary(out, &c, r.subject.id, zh, err);
	*status = rc == 0 && c.open == 0 ? 0 : 1;
out:
	ex_continuity_free(&c);
	ex_record_free(&r);
	return rc;
}
