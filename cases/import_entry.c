/*
 * import_entry.c -- the entry of an import: planned, filled, told.
 */
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/text.h"
#include "cases/acquire_parts.h"
#include "cases/image_blocks.h"
#include "cases/import_parts.h"
#include "intake/vault.h"

enum {
	ORIGINALS = 16 /* names of files in the entry itself */
};

/* What it is, unless it was said. */
static const char *
kind_of(const struct ex_importing *q)
{
	return q->set.kind == EX_SET_E01 || q->set.kind == EX_SET_RAW
		   ? "forensic_image"
		   : "digital_original";
}

static int
put_origin(
    struct ex_member *m, const struct ex_importing *q, struct ex_err *err)
{
	int is_image = strcmp(kind_of(q), "forensic_image") == 0;

	if (q->parent == NULL)
		return 0;
	if (ex_given_default(m, "parent", q->in->item, err) == -1)
		return -1;
	return ex_given_default(
	    m, "relation", is_image ? "image_of" : "extracted_from", err);
}

/* The tool's own report is an attachment that the entry names. */
static int
put_report(struct ex_member *m, struct ex_files *files,
    const struct ex_importing *q, struct ex_err *err)
{
	struct ex_given given = { "tool_report", NULL };
	char sha256[EX_SHA256_HEX];

	if (q->in->tool_report == NULL)
		return 0;
	if (ex_files_name(files, q->in->tool_report, sha256, err) == -1)
		return -1;
	given.value = sha256;
	return ex_given_put(m, &given, err);
}

int
ex_import_plan(struct ex_request *r, struct ex_files *files,
    const struct ex_importing *q, struct ex_err *err)
{
	struct ex_member *m;

	if (ex_request_add(
		r, EX_ACT_IMPORT, EX_STREAM_ITEM, q->image, &m, err) == -1 ||
	    ex_given_default(m, "case", q->number, err) == -1 ||
	    ex_given_default(m, "format", ex_set_kind_text(q->set.kind), err) ==
		-1 ||
	    ex_files_put_all(files, m, q->in->given, q->in->ngiven, err) ==
		-1 ||
	    ex_given_default(m, "kind", kind_of(q), err) == -1 ||
	    put_origin(m, q, err) == -1 || put_report(m, files, q, err) == -1)
		return -1;
	return ex_given_complete(m, err);
}

static int
segments_json(
    struct ex_json **out, const struct ex_importing *q, struct ex_err *err)
{
	struct ex_image_copy c;

	memset(&c, 0, sizeof(c));
	c.segment = q->got.segment;
	c.nsegments = q->got.nsegments;
	return ex_segments_json(out, &c, 0, err);
}

static const char *
compared(enum ex_stored stored)
{
	return stored == EX_STORED_SAME	     ? "same"
	       : stored == EX_STORED_DIFFERS ? "differs"
					     : "not_compared";
}

static int
put_one_stored(struct ex_json *v, const char *name, enum ex_stored stored,
    const uint8_t *value, size_t n, struct ex_err *err)
{
	char key[32];

	if (stored == EX_STORED_ABSENT)
		return 0;
	(void)snprintf(key, sizeof(key), "%s_is", name);
	if (ex_json_set_hex(v, name, value, n, err) == -1)
		return -1;
	return ex_json_set_text(v, key, compared(stored), err);
}

/* {"md5","md5_is","sha1","sha1_is","expected_md5" ...}; NULL: none of them. */
static int
stored_json(
    struct ex_json **out, const struct ex_importing *q, struct ex_err *err)
{
	const struct ex_verdict *r = &q->reading;
	struct ex_json *v = ex_json_object();
	char key[48];
	int rc;

	*out = NULL;
	rc = put_one_stored(
	    v, "md5", r->md5, r->stored_md5, sizeof(r->stored_md5), err);
	if (rc == 0)
		rc = put_one_stored(v, "sha1", r->sha1, r->stored_sha1,
		    sizeof(r->stored_sha1), err);
	for (size_t i = 0; rc == 0 && i < q->nexpect; i++) {
		(void)snprintf(key, sizeof(key), "expected_%s",
		    ex_alg_name(q->expect[i].alg));
		rc = ex_json_set_hex(
		    v, key, q->expect[i].value, q->expect[i].len, err);
	}
	if (rc == 0 && ex_json_count(v) > 0)
		*out = v;
	else
		ex_json_free(v);
	return rc;
}

/* What reading the copy gave. */
static int
fill_reading(
    struct ex_json *f, const struct ex_importing *q, struct ex_err *err)
{
	const struct ex_verdict *r = &q->reading;
	uint64_t bad = ex_ranges_sectors(&r->bad) * r->sector_size;
	struct ex_json *v;

	if (r->library[0] != '\0' &&
	    ex_json_set_text(f, "jail",
		r->landlock ? "landlock-seccomp" : "seccomp", err) == -1)
		return -1;
	if (r->ndigests > 0 &&
	    (ex_json_set_int(f, "size", (int64_t)r->bytes, err) == -1 ||
		ex_json_set_int(f, "bytes_read",
		    (int64_t)(r->bytes > bad ? r->bytes - bad : 0), err) == -1))
		return -1;
	if (stored_json(&v, q, err) == -1 ||
	    (v != NULL && ex_json_set(f, "stored", v, err) == -1) ||
	    (r->ndigests > 0 && ex_blocks_keep(q->house, f, r, err) == -1) ||
	    ex_ranges_json(&v, &r->bad, err) == -1)
		return -1;
	return ex_list_put(q->house, f, "bad_ranges", "range_list", v, err);
}

/* Of a folder: how many files, and the list that names each. */
static int
fill_folder(struct ex_json *f, const struct ex_importing *q, struct ex_err *err)
{
	const struct ex_buf *list = &q->got.list;
	char vault[EX_PATH], hex[EX_SHA256_HEX];

	if (q->set.kind != EX_SET_FOLDER)
		return 0;
	if (ex_json_set_int(f, "files", (int64_t)q->got.files, err) == -1 ||
	    ex_json_set_int(
		f, "files_left_out", (int64_t)q->got.left_out, err) == -1 ||
	    ex_house_path(vault, q->house, "vault", err) == -1 ||
	    ex_vault_put(hex, vault, EX_VAULT_ATTACHMENTS, NULL,
		ex_buf_text(list), list->len, err) == -1)
		return -1;
	return ex_json_set_text(f, "file_list", hex, err);
}

/* "NAME: VALUE" of each header value, as its maker wrote it. */
static int
fill_header(struct ex_json *t, const struct ex_importing *q, struct ex_err *err)
{
	char name[32], line[sizeof(struct ex_header_value) + 4];

	for (size_t i = 0; i < q->reading.nheader; i++) {
		const struct ex_header_value *h = &q->reading.header[i];

		(void)snprintf(name, sizeof(name), "header/%zu", i);
		(void)snprintf(line, sizeof(line), "%s: %s", h->name, h->value);
		if (ex_json_set_text(t, name, line, err) == -1)
			return -1;
	}
	return 0;
}

/* What the files were called where they came from. */
static int
fill_originals(
    struct ex_json *t, const struct ex_importing *q, struct ex_err *err)
{
	char name[32], shown[2 * EX_PATH];

	for (size_t i = 0; i < q->set.n && i < ORIGINALS; i++) {
		(void)snprintf(name, sizeof(name), "original/%zu", i);
		(void)ex_text_shown(shown, sizeof(shown), q->set.path[i]);
		if (ex_json_set_text(t, name, shown, err) == -1)
			return -1;
	}
	return 0;
}

int
ex_import_fill(
    struct ex_member *m, const struct ex_importing *q, struct ex_err *err)
{
	struct ex_json *f = m->fields, *v;

	if (ex_json_set_text(f, "verdict", q->verdict, err) == -1 ||
	    fill_reading(f, q, err) == -1 || fill_folder(f, q, err) == -1 ||
	    segments_json(&v, q, err) == -1 ||
	    ex_list_put(q->house, f, "segments", "segment_list", v, err) ==
		-1 ||
	    ex_json_set_int(
		f, "segment_count", (int64_t)q->got.nsegments, err) == -1 ||
	    ex_acquire_environment(&v, err) == -1 ||
	    ex_json_set(f, "environment", v, err) == -1 ||
	    fill_header(m->texts, q, err) == -1 ||
	    fill_originals(m->texts, q, err) == -1)
		return -1;
	if (q->text[0] != '\0' &&
	    ex_json_set_text(m->texts, "found", q->text, err) == -1)
		return -1;
	if (q->reading.ndigests == 0)
		return 0;
	return ex_digests_json(
	    &m->digests, q->reading.digest, q->reading.ndigests, err);
}

static int
tell_segments(
    struct ex_json *out, const struct ex_importing *q, struct ex_err *err)
{
	struct ex_json *list = NULL;
	char path[EX_PATH], shown[2 * EX_PATH];
	int rc = segments_json(&list, q, err);

	for (size_t i = 0; rc == 0 && i < ex_json_count(list); i++) {
		struct ex_json *one = ex_json_ref(ex_json_at(list, i));

		rc = ex_path_join(path, sizeof(path), q->dir,
		    ex_json_get_text(one, "name"), err);
		if (rc == 0)
			rc = ex_json_set_text(one, "path",
			    ex_text_shown(shown, sizeof(shown), path), err);
		ex_json_free(one);
	}
	if (rc == 0)
		return ex_json_set(out, "segments", list, err);
	ex_json_free(list);
	return rc;
}

static int
tell_values(
    struct ex_json *out, const struct ex_importing *q, struct ex_err *err)
{
	struct ex_json *digests = ex_json_object(), *header = ex_json_object();
	const struct ex_verdict *r = &q->reading;

	if (ex_json_set(out, "digests", digests, err) == -1 ||
	    ex_json_set(out, "header", header, err) == -1)
		return -1;
	for (size_t i = 0; i < r->ndigests; i++)
		if (ex_json_set_hex(digests, ex_alg_name(r->digest[i].alg),
			r->digest[i].value, r->digest[i].len, err) == -1)
			return -1;
	for (size_t i = 0; i < r->nheader; i++)
		if (ex_json_set_text(header, r->header[i].name,
			r->header[i].value, err) == -1)
			return -1;
	return 0;
}

int
ex_import_tell(
    struct ex_json **out, const struct ex_importing *q, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *part = NULL;
	int rc = -1;

	*out = NULL;
	if (ex_json_set_text(v, "image", q->image, err) == -1 ||
	    (q->parent != NULL &&
		ex_json_set_text(v, "item", q->in->item, err) == -1) ||
	    ex_json_set_text(v, "verdict", q->verdict, err) == -1 ||
	    ex_json_set_text(v, "text", q->text, err) == -1 ||
	    ex_json_set_text(v, "format", ex_set_kind_text(q->set.kind), err) ==
		-1 ||
	    ex_json_set_int(v, "bytes", (int64_t)q->reading.bytes, err) == -1 ||
	    tell_values(v, q, err) == -1 || tell_segments(v, q, err) == -1 ||
	    stored_json(&part, q, err) == -1 ||
	    (part != NULL && ex_json_set(v, "stored", part, err) == -1) ||
	    ex_ranges_json(&part, &q->reading.bad, err) == -1 ||
	    ex_json_set(v, "bad_ranges", part, err) == -1)
		goto out;
	rc = 0;
	if (q->set.kind == EX_SET_FOLDER &&
	    (ex_json_set_int(v, "files", (int64_t)q->got.files, err) == -1 ||
		ex_json_set_int(
		    v, "files_left_out", (int64_t)q->got.left_out, err) == -1))
		rc = -1;
out:
	if (rc == 0)
		*out = v;
	else
		ex_json_free(v);
	return rc;
}
