/*
 * manifest.c -- what a report speaks for.
 */
#include "report/manifest.h"

#include "base/clock.h"
#include "base/codec.h"
#include "report/number.h"

/* Add v to the array; v is the array's whatever happens. */
static int
add(struct ex_json *array, struct ex_json *v, struct ex_err *err)
{
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	return ex_json_add(array, v, err);
}

static int
set_entries(struct ex_json *v, const struct ex_record *r, struct ex_err *err)
{
	struct ex_json *list = ex_json_array();

	if (list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < r->nentries; i++) {
		char leaf[2 * EX_HASH + 1];

		ex_hex(leaf, r->entry[i]->admission.leaf, EX_HASH);
		if (add(list, ex_json_string(leaf), err) == -1) {
			ex_json_free(list);
			return -1;
		}
	}
	return ex_json_set(v, "entries", list, err);
}

static int
set_items(struct ex_json *v, const struct ex_record *r, struct ex_err *err)
{
	struct ex_json *list = ex_json_array();

	if (list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < r->nitems; i++) {
		if (add(list, ex_json_string(r->item[i]), err) == -1) {
			ex_json_free(list);
			return -1;
		}
	}
	return ex_json_set(v, "items", list, err);
}

static int
set_log(struct ex_json *v, const struct ex_record *r, struct ex_err *err)
{
	char stream[EX_STREAM_TEXT];

	ex_stream_text(stream, &r->subject);
	if (ex_json_set_text(v, "subject", stream, err) == -1 ||
	    ex_json_set_text(v, "case", r->case_number, err) == -1 ||
	    ex_json_set_text(v, "log", r->checkpoint.origin, err) == -1 ||
	    ex_json_set_int(v, "log_size", (int64_t)r->checkpoint.size, err) ==
		-1)
		return -1;
	return ex_json_set_hex(v, "log_root", r->checkpoint.root, EX_HASH, err);
}

static int
set_prior(struct ex_json *v, const char *key,
    const struct ex_report_prior *prior, struct ex_err *err)
{
	struct ex_json *p;

	if (prior == NULL)
		return 0;
	if ((p = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(p, "number", prior->number, err) == -1 ||
	    ex_json_set_hex(
		p, "event", prior->entry->admission.leaf, EX_HASH, err) == -1 ||
	    ex_json_set_text(
		p, "sha256", ex_report_says(prior, "sha256"), err) == -1) {
		ex_json_free(p);
		return -1;
	}
	return ex_json_set(v, key, p, err);
}

static int
set_frame(
    struct ex_json *v, const struct ex_report_frame *f, struct ex_err *err)
{
	char at[EX_TIME_TEXT];

	ex_time_text(at, f->made_at);
	if (ex_json_set_text(v, "schema", EX_MANIFEST_SCHEMA, err) == -1 ||
	    ex_json_set_text(v, "number", f->number, err) == -1 ||
	    ex_json_set_text(v, "language", f->zh ? "zh-TW" : "en", err) ==
		-1 ||
	    ex_json_set_text(v, "made_at", at, err) == -1 ||
	    ex_json_set_text(v, "made_by", f->made_by, err) == -1 ||
	    (f->recipient != NULL &&
		ex_json_set_text(v, "recipient", f->recipient, err) == -1) ||
	    (f->purpose != NULL &&
		ex_json_set_text(v, "purpose", f->purpose, err) == -1) ||
	    set_prior(v, "supersedes", f->supersedes, err) == -1)
		return -1;
	return set_prior(v, "since", f->since, err);
}

int
ex_report_manifest(struct ex_buf *out, const struct ex_record *r,
    const struct ex_report_frame *frame, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	int rc = -1;

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (set_frame(v, frame, err) == 0 && set_log(v, r, err) == 0 &&
	    set_items(v, r, err) == 0 && set_entries(v, r, err) == 0)
		rc = ex_json_write(out, v, err);
	ex_json_free(v);
	return rc;
}
