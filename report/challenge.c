/*
 * challenge.c -- weak points, looked for in the facts of a report.
 */
#include "report/challenge.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cases/anchor.h"
#include "cases/history.h"
#include "cases/house.h"
#include "report/facts.h"
#include "report/words.h"

enum severity {
	GRAVE,
	MODERATE,
	SLIGHT,
	SEVERITIES
};

static const char *const severity_name[] = { "grave", "moderate", "slight" };

/* Every point that can be made, graver ones first. */
static const struct point {
	const char *code;
	enum severity severity;
	const char *en, *zh;
	const char *cure_en, *cure_zh;
} point[] = {
	{ "finding", GRAVE, "an open finding of the continuity check",
	    "監管連續性檢查之待釐清事項",
	    "explain it with custody finding-explain, by somebody who knows",
	    "由知情者以 custody finding-explain 說明" },
	{ "not-complete", GRAVE, "an imaging did not end as complete",
	    "取證未完成", "image again, or say in a deviation why not",
	    "重新取證，或以 deviation 說明原因" },
	{ "not-verified", GRAVE, "the image was not read back when it was made",
	    "映像製作時未讀回驗證", "exhibit verify IMAGE --as EXAMINER",
	    "執行 exhibit verify IMAGE --as EXAMINER" },
	{ "image-differs", GRAVE, "the newest check of the image failed",
	    "映像最近一次驗證不符",
	    "find a good copy, or image again; say what happened",
	    "使用完好之複本或重新取證，並說明原因" },
	{ "not-stable", GRAVE, "the source gave other bytes when read again",
	    "來源再次讀取之內容不同",
	    "explain why: failing device, or a system that was running",
	    "說明原因：裝置故障或系統運作中" },
	{ "no-authority", GRAVE, "no authority is on record for the case",
	    "本案無登錄之處分依據", "exhibit case authorize",
	    "執行 exhibit case authorize" },
	{ "hidden-sectors", GRAVE,
	    "the medium hides sectors that are in no image",
	    "媒體有未納入映像之隱藏磁區",
	    "have the area opened under an order, and image again",
	    "依命令開放隱藏區後重新取證" },
	{ "write-protection", MODERATE,
	    "the medium was not behind a hardware write blocker",
	    "取證時未使用硬體防寫器",
	    "show that the source is unchanged: a second reading with equal "
	    "digests",
	    "以再次讀取且雜湊值相同證明來源未變更" },
	{ "sectors-lost", MODERATE, "sectors could not be read",
	    "有磁區無法讀取",
	    "try again with another reader; the ranges are listed",
	    "以其他設備重試；範圍已列明" },
	{ "serial-unread", MODERATE,
	    "the serial number was not read from the device",
	    "未自裝置讀得序號",
	    "photograph the label; inspect on a port that "
	    "lets the device answer",
	    "拍攝標籤；改用可讀取裝置資訊之連接埠" },
	{ "live", MODERATE, "it was read while its system was running",
	    "讀取時其系統正在運作",
	    "image it again at rest, or explain why that cannot be",
	    "停機後重新取證，或說明不能之原因" },
	{ "competence", MODERATE, "the examiner's competence was not in date",
	    "鑑識人員能力證明非有效", "exhibit person competence",
	    "執行 exhibit person competence" },
	{ "validation", MODERATE, "the tool's validation was not in date",
	    "工具確效非有效",
	    "exhibit self-test --as ADMINISTRATOR, or exhibit "
	    "tool validated",
	    "執行 exhibit self-test 或 exhibit tool validated" },
	{ "not-anchored", MODERATE,
	    "nobody outside the laboratory has cosigned the checkpoint",
	    "實驗室以外機關未副署檢查點", "have a witness cosign the log",
	    "由見證者副署日誌" },
	{ "file-key", SLIGHT,
	    "a signature by a software key that the laboratory issued",
	    "以實驗室核發之軟體金鑰簽署", "enrol the person's card",
	    "登錄個人憑證卡" },
	{ "source-once", SLIGHT, "the source was read only once",
	    "來源僅讀取一次", "acquire with a second reading of the source",
	    "取證時再次讀取來源" },
	{ "hidden-unknown", SLIGHT,
	    "whether the medium hides sectors is not known",
	    "媒體有無隱藏磁區不明",
	    "attach it where the drive itself can be asked: exhibit media "
	    "inspect",
	    "改接可直接詢問磁碟之連接埠，執行 exhibit media inspect" },
	{ "late-start", SLIGHT,
	    "what happened between the seizure and the first entry is not on "
	    "record",
	    "扣押至首筆紀錄間之情形無紀錄",
	    "enter the seizure with --late from the paper record",
	    "依書面紀錄以 --late 補登扣押" },
};

struct challenge {
	struct ex_report_facts facts;
	struct ex_json *list;
	size_t count[SEVERITIES];
	size_t cosigned; /* by how many others */
	int zh;
};

static const struct point *
point_of(const char *code)
{
	for (size_t i = 0; i < sizeof(point) / sizeof(point[0]); i++)
		if (strcmp(point[i].code, code) == 0)
			return &point[i];
	return &point[0];
}

/* One point; detail is said behind its words, NULL for none. */
static int
make(struct challenge *c, const char *code, const char *item, uint64_t seq,
    const char *detail, struct ex_err *err)
{
	const struct point *p = point_of(code);
	struct ex_json *v = ex_json_object();
	char text[512], entry[EX_CASE_MAX + 32] = "";

	(void)snprintf(text, sizeof(text), "%s%s%s", c->zh ? p->zh : p->en,
	    detail == NULL ? "" : ": ", detail == NULL ? "" : detail);
	if (seq > 0)
		(void)snprintf(entry, sizeof(entry), "%s/%" PRIu64, item, seq);
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(v, "item", item, err) == -1 ||
	    ex_json_set_text(v, "entry", entry, err) == -1 ||
	    ex_json_set_text(v, "code", code, err) == -1 ||
	    ex_json_set_text(v, "severity", severity_name[p->severity], err) ==
		-1 ||
	    ex_json_set_text(v, "text", text, err) == -1 ||
	    ex_json_set_text(v, "cure", c->zh ? p->cure_zh : p->cure_en, err) ==
		-1) {
		ex_json_free(v);
		return -1;
	}
	c->count[p->severity]++;
	return ex_json_add(c->list, v, err);
}

static int
look_at_findings(
    struct challenge *c, const struct ex_report_item *item, struct ex_err *err)
{
	for (size_t i = 0; i < item->continuity.n; i++) {
		const struct ex_continuity_finding *f =
		    &item->continuity.finding[i];

		if (!f->answered &&
		    make(c, "finding", item->item,
			f->nentries > 0 ? f->entry[0] : 0,
			c->zh ? f->text_zh : f->text, err) == -1)
			return -1;
	}
	return 0;
}

static const char *
clear(const struct ex_record_entry *e, const char *name)
{
	const char *text =
	    e == NULL ? NULL : ex_event_text(&e->admission.event, name);

	return text != NULL ? text : "";
}

/* A start's field that should have had this value. */
static int
expect(struct challenge *c, const struct ex_report_item *item,
    const struct ex_record_entry *e, const char *name, const char *want,
    const char *code, struct ex_err *err)
{
	if (e == NULL || strcmp(clear(e, name), want) == 0)
		return 0;
	return make(c, code, item->item, e->admission.event.seq,
	    clear(e, name)[0] == '\0' ? NULL
				      : ex_word(name, clear(e, name), c->zh),
	    err);
}

/* Hidden areas of a device, and a running system. */
static int
look_at_medium(struct challenge *c, const struct ex_report_item *item,
    const struct ex_record_entry *e, struct ex_err *err)
{
	const struct ex_json *fields = e->admission.event.fields;
	const struct ex_json *device = ex_json_get(fields, "device");
	const char *kind = ex_json_get_text(device, "kind");
	const char *hpa = ex_json_get_text(device, "hpa");
	const char *dco = ex_json_get_text(device, "dco");
	uint64_t seq = e->admission.event.seq;

	if (ex_json_get_int(fields, "live", 0) == 1 &&
	    make(c, "live", item->item, seq, NULL, err) == -1)
		return -1;
	if (kind == NULL || hpa == NULL || dco == NULL ||
	    strcmp(kind, "block") != 0)
		return 0;
	if (strcmp(hpa, "yes") == 0 || strcmp(dco, "yes") == 0)
		return make(c, "hidden-sectors", item->item, seq, NULL, err);
	return strcmp(hpa, "no") == 0 && strcmp(dco, "no") == 0
		   ? 0
		   : make(c, "hidden-unknown", item->item, seq, NULL, err);
}

static int
look_at_start(struct challenge *c, const struct ex_report_item *item,
    const struct ex_record_entry *e, struct ex_err *err)
{
	char number[24];
	const char *serial;

	if (e == NULL)
		return 0;
	if (look_at_medium(c, item, e, err) == -1 ||
	    expect(c, item, e, "write_protection", "hardware",
		"write-protection", err) == -1 ||
	    expect(c, item, e, "competence", "in_date", "competence", err) ==
		-1 ||
	    expect(c, item, e, "tool_validation", "in_date", "validation",
		err) == -1)
		return -1;
	serial = ex_report_value(e, "device_serial", number);
	if (serial != NULL && strcmp(serial, "unknown") != 0)
		return 0;
	return make(
	    c, "serial-unread", item->item, e->admission.event.seq, NULL, err);
}

static int
look_at_end(struct challenge *c, const struct ex_report_item *item,
    const struct ex_record_entry *e, struct ex_err *err)
{
	const struct ex_json *fields = e->admission.event.fields;
	const struct ex_json *again = ex_json_get(fields, "verify_source");
	const char *result = clear(e, "result");
	int64_t lost = ex_json_get_int(fields, "bad_sectors", 0);
	uint64_t seq = e->admission.event.seq;
	const char *stable = ex_json_get_text(again, "result");
	char text[32];

	(void)snprintf(text, sizeof(text), "%" PRId64, lost);
	if (strncmp(result, "complete", 8) != 0)
		return make(c, "not-complete", item->item, seq,
		    ex_word("result", result, c->zh), err);
	if (lost > 0 &&
	    make(c, "sectors-lost", item->item, seq, text, err) == -1)
		return -1;
	if (strcmp(clear(e, "verified"), "ok") != 0 &&
	    make(c, "not-verified", item->item, seq, NULL, err) == -1)
		return -1;
	if (again == NULL)
		return make(c, "source-once", item->item, seq, NULL, err);
	if (stable != NULL && strcmp(stable, "same") == 0)
		return 0;
	return make(c, "not-stable", item->item, seq, stable, err);
}

static int
look_at_imagings(
    struct challenge *c, const struct ex_report_item *item, struct ex_err *err)
{
	for (size_t i = 0; i < item->nacquisitions; i++) {
		const struct ex_report_acquisition *a = &item->acquisition[i];
		const char *verdict = clear(a->verify, "verdict");

		if (look_at_start(c, item, a->start, err) == -1)
			return -1;
		if (a->end == NULL) {
			if (make(c, "not-complete", item->item,
				a->start->admission.event.seq, NULL, err) == -1)
				return -1;
			continue;
		}
		if (look_at_end(c, item, a->end, err) == -1)
			return -1;
		if (verdict[0] != '\0' && strcmp(verdict, "ok") != 0 &&
		    make(c, "image-differs", a->image,
			a->verify->admission.event.seq,
			ex_word("verdict", verdict, c->zh), err) == -1)
			return -1;
	}
	return 0;
}

static int
look_at_item(
    struct challenge *c, const struct ex_report_item *item, struct ex_err *err)
{
	if (look_at_findings(c, item, err) == -1 ||
	    look_at_imagings(c, item, err) == -1)
		return -1;
	if (item->digital || item->continuity.seized || item->nentries == 0)
		return 0;
	return make(c, "late-start", item->item,
	    item->entry[0]->admission.event.seq, NULL, err);
}

/* How many cosignatures of the newest checkpoint hold under the policy. */
static int
count_cosigned(size_t *n, struct ex_house *house, const struct ex_record *r,
    struct ex_err *err)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_conn *conn;
	int rc = -1;

	*n = 0;
	if (ex_house_conn(house, &conn, err) == 0 &&
	    ex_buf_add(&note, r->note.data, r->note.len, err) == 0)
		rc = ex_log_add_cosignatures(
		    &note, n, house, conn, r->checkpoint.size, err);
	ex_buf_free(&note);
	return rc;
}

/* Of each person once. */
static int
look_at_people(struct challenge *c, struct ex_err *err)
{
	for (size_t i = 0; i < c->facts.npersons; i++) {
		const struct ex_report_person *p = &c->facts.person[i];

		if (p->key != NULL && strcmp(p->key->storage, "file") == 0 &&
		    p->key->mode == EX_MODE_SIGNED &&
		    make(c, "file-key", p->person, 0, NULL, err) == -1)
			return -1;
	}
	return 0;
}

static int
look(struct challenge *c, struct ex_err *err)
{
	const char *number = c->facts.record->case_number;

	if (c->facts.nauthorities == 0 &&
	    make(c, "no-authority", number, 0, NULL, err) == -1)
		return -1;
	for (size_t i = 0; i < c->facts.nitems; i++)
		if (look_at_item(c, &c->facts.item[i], err) == -1)
			return -1;
	if (c->cosigned == 0 &&
	    make(c, "not-anchored", number, 0, NULL, err) == -1)
		return -1;
	return look_at_people(c, err);
}

/* {"points":[…],"grave","moderate","slight"}: graver ones first. */
static int
answer(struct ex_json **out, const struct challenge *c, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *sorted = ex_json_array();

	if (v == NULL || sorted == NULL)
		goto fail;
	for (int s = 0; s < SEVERITIES; s++) {
		for (size_t i = 0; i < ex_json_count(c->list); i++) {
			const struct ex_json *p = ex_json_at(c->list, i);

			if (strcmp(ex_json_get_text(p, "severity"),
				severity_name[s]) == 0 &&
			    ex_json_add(sorted, ex_json_copy(p), err) == -1)
				goto fail;
		}
		if (ex_json_set_int(
			v, severity_name[s], (int64_t)c->count[s], err) == -1)
			goto fail;
	}
	if (ex_json_set(v, "points", sorted, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
fail:
	ex_json_free(v);
	ex_json_free(sorted);
	return ex_fail(err, EX_SYSTEM, "out of memory");
}

int
ex_challenge(struct ex_json **out, int *status, struct ex_house *house,
    const char *subject, int zh, struct ex_err *err)
{
	const struct ex_report_frame frame = { .zh = zh, .made_at = ex_now() };
	struct challenge c = { .zh = zh };
	struct ex_record record = { 0 };
	int rc = -1;

	*out = NULL;
	*status = 0;
	if (ex_record_open(&record, house, subject, err) == -1 ||
	    count_cosigned(&c.cosigned, house, &record, err) == -1 ||
	    ex_report_facts(&c.facts, &record, &frame, err) == -1)
		goto out;
	if ((c.list = ex_json_array()) == NULL) {
		rc = ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (look(&c, err) == -1 || answer(out, &c, err) == -1)
		goto out;
	*status = c.count[GRAVE] > 0 ? 1 : 0;
	rc = 0;
out:
	ex_json_free(c.list);
	ex_report_facts_free(&c.facts);
	ex_record_free(&record);
	return rc;
}
