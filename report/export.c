/*
 * export.c -- a case on its way to another program: written, kept, signed.
 */
#include "report/export.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "cases/history.h"
#include "cases/house.h"
#include "hashing/digest.h"
#include "intake/vault.h"
#include "report/case_uco.h"
#include "report/sign.h"

static const struct form {
	const char *name; /* of --format */
	const char *kept; /* its ending in the vault */
	int (*write)(struct ex_buf *out, const struct ex_report_facts *f,
	    struct ex_err *err);
} form[] = {
	{ "case", "jsonld", ex_case_uco },
	{ "csv", "csv", ex_custody_csv },
};

static const struct form *
form_of(const char *name)
{
	for (size_t i = 0; i < sizeof(form) / sizeof(form[0]); i++)
		if (strcmp(form[i].name, name) == 0)
			return &form[i];
	return NULL;
}

int
ex_export_write(struct ex_buf *file, const char *format,
    const struct ex_record *record, struct ex_err *err)
{
	const struct ex_report_frame frame = { .made_at = ex_now() };
	const struct form *form_ = form_of(format);
	struct ex_report_facts facts;
	int rc = -1;

	if (form_ == NULL)
		return ex_fail(err, EX_USAGE,
		    "--format %s: an export is \"case\" or \"csv\"", format);
	if (ex_report_facts(&facts, record, &frame, err) == 0)
		rc = form_->write(file, &facts, err);
	ex_report_facts_free(&facts);
	return rc;
}

static int
fill(struct ex_member *m, const struct ex_export_order *order,
    const char *sha256, size_t size, struct ex_err *err)
{
	if (ex_json_set_text(m->fields, "format", order->format, err) == -1 ||
	    ex_json_set_text(m->fields, "sha256", sha256, err) == -1 ||
	    ex_json_set_int(m->fields, "size", (int64_t)size, err) == -1)
		return -1;
	if (order->recipient != NULL && ex_json_set_text(m->texts, "recipient",
					    order->recipient, err) == -1)
		return -1;
	if (order->purpose == NULL)
		return 0;
	return ex_json_set_text(m->texts, "purpose", order->purpose, err);
}

static int
sign(struct ex_done *done, struct ex_house *house, const struct ex_record *r,
    const struct ex_export_order *order, const char *sha256, size_t size,
    struct ex_err *err)
{
	struct ex_member *m;
	struct ex_request q;
	int rc = -1;

	ex_request_init(&q);
	if (ex_request_add(&q, EX_ACT_EXPORT, r->subject.kind, r->subject.id,
		&m, err) == 0 &&
	    fill(m, order, sha256, size, err) == 0)
		rc = ex_request_sign(done, house, &q, EX_ACT_EXPORT, err);
	ex_request_free(&q);
	return rc;
}

/* The file has its name only while its entry can still be signed. */
static int
publish(struct ex_json **out, struct ex_house *house, const struct ex_record *r,
    const struct ex_export_order *order, const struct ex_buf *file,
    struct ex_err *err)
{
	char vault[EX_PATH], kept[EX_SHA256_HEX];
	struct ex_done done;
	struct ex_json *v;

	if (ex_house_path(vault, house, "vault", err) == -1 ||
	    ex_vault_put(kept, vault, EX_VAULT_REPORTS,
		form_of(order->format)->kept, file->data, file->len,
		err) == -1 ||
	    ex_file_create(order->to, file->data, file->len, 0644, err) == -1)
		return -1;
	if (sign(&done, house, r, order, kept, file->len, err) == -1) {
		(void)unlink(order->to);
		return -1;
	}
	if ((v = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(v, "path", order->to, err) == -1 ||
	    ex_json_set_text(v, "format", order->format, err) == -1 ||
	    ex_json_set_text(v, "sha256", kept, err) == -1 ||
	    ex_json_set_hex(v, "event", done.leaf, EX_HASH, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

int
ex_export_run(struct ex_json **out, struct ex_house *house,
    const struct ex_export_order *order, struct ex_err *err)
{
	struct ex_record record = { 0 };
	struct ex_buf file = EX_BUF_INIT;
	int rc = -1;

	*out = NULL;
	if (form_of(order->format) == NULL)
		return ex_export_write(NULL, order->format, NULL, err);
	if (ex_file_exists(order->to))
		return ex_fail(err, EX_EXISTS,
		    "%s is there already: nothing is replaced", order->to);
	if (ex_record_open(&record, house, order->subject, err) == 0 &&
	    ex_export_write(&file, order->format, &record, err) == 0)
		rc = publish(out, house, &record, order, &file, err);
	ex_record_free(&record);
	ex_buf_free(&file);
	return rc;
}
