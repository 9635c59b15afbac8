/*
 * sign.c -- the actor's signature under what leaves the house.
 */
#include "report/sign.h"

#include "hashing/digest.h"
#include "report/manifest.h"
#include "report/number.h"

int
ex_request_sign(struct ex_done *done, struct ex_house *house,
    struct ex_request *q, enum ex_act act, struct ex_err *err)
{
	struct ex_outcome o = { 0 };
	int rc = -1;

	if (ex_request_seat_desk(q, house, act, err) == -1 ||
	    ex_act_do(&o, house, q, err) == -1)
		goto out;
	if (o.n != 1) {
		ex_fail(err, EX_STATE, "one entry was asked for, not %zu", o.n);
		goto out;
	}
	*done = o.done[0];
	rc = 0;
out:
	ex_outcome_free(&o);
	return rc;
}

static int
fill(struct ex_member *m, const struct ex_record *r,
    const struct ex_report_frame *frame, const char *format,
    const struct ex_buf *file, struct ex_err *err)
{
	uint8_t sha256[EX_SHA256_LEN];
	struct ex_report_prior prior;

	ex_sha256(sha256, file->data, file->len);
	if (ex_json_set_hex(m->fields, "sha256", sha256, sizeof(sha256), err) ==
		-1 ||
	    ex_json_set_int(m->fields, "size", (int64_t)file->len, err) == -1 ||
	    ex_json_set_text(m->fields, "format", format, err) == -1 ||
	    ex_json_set_text(
		m->fields, "language", frame->zh ? "zh-TW" : "en", err) == -1 ||
	    ex_json_set_int(
		m->fields, "log_size", (int64_t)r->checkpoint.size, err) == -1)
		return -1;
	if (frame->number != NULL &&
	    (ex_json_set_text(m->fields, "number", frame->number, err) == -1 ||
		ex_json_set_text(
		    m->fields, "template", EX_MANIFEST_SCHEMA, err) == -1))
		return -1;
	if (ex_report_superseded(&prior, r, frame, format) &&
	    ex_json_set_hex(m->fields, "supersedes",
		prior.entry->admission.leaf, EX_HASH, err) == -1)
		return -1;
	if (frame->recipient != NULL && ex_json_set_text(m->texts, "recipient",
					    frame->recipient, err) == -1)
		return -1;
	if (frame->purpose == NULL)
		return 0;
	return ex_json_set_text(m->texts, "purpose", frame->purpose, err);
}

int
ex_report_sign(struct ex_done *done, struct ex_house *house,
    const struct ex_record *r, const struct ex_report_frame *frame,
    const char *format, const struct ex_buf *file, struct ex_err *err)
{
	struct ex_member *m;
	struct ex_request q;
	int rc = -1;

	ex_request_init(&q);
	if (ex_request_add(&q, EX_ACT_REPORT, r->subject.kind, r->subject.id,
		&m, err) == 0 &&
	    fill(m, r, frame, format, file, err) == 0)
		rc = ex_request_sign(done, house, &q, EX_ACT_REPORT, err);
	ex_request_free(&q);
	return rc;
}

int
ex_report_check_sign(struct ex_house *house, const struct ex_record *r,
    const struct ex_report_frame *frame, const char *format, struct ex_err *err)
{
	const struct ex_buf nothing = EX_BUF_INIT;
	struct ex_member *m;
	struct ex_request q;
	int rc = -1;

	ex_request_init(&q);
	if (ex_request_add(&q, EX_ACT_REPORT, r->subject.kind, r->subject.id,
		&m, err) == 0 &&
	    fill(m, r, frame, format, &nothing, err) == 0 &&
	    ex_request_seat_desk(&q, house, EX_ACT_REPORT, err) == 0)
		rc = ex_act_check(house, &q, err);
	ex_request_free(&q);
	return rc;
}
