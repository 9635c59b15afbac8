/*
 * manifest.c -- manifest.json of a bundle, read and written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "custody/manifest.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int
need_count(
    uint64_t *out, const struct ex_json *v, const char *key, struct ex_err *err)
{
	int64_t n;

	if (ex_json_need_int(&n, v, key, err) == -1)
		return -1;
	if (n < 0)
		return ex_fail(err, EX_FORMAT, "%s: negative", key);
	*out = (uint64_t)n;
	return 0;
}

static int
read_checkpoint(struct ex_manifest *m, struct ex_err *err)
{
	static const char *const keys[] = { "root", "size" };
	const struct ex_json *v = ex_json_get(m->json, "checkpoint");

	if (!ex_json_is_object(v))
		return ex_fail(err, EX_FORMAT, "checkpoint: no object");
	if (ex_json_only(v, keys, COUNT(keys), err) == -1 ||
	    need_count(&m->size, v, "size", err) == -1 ||
	    ex_json_need_hex(m->root, EX_HASH, v, "root", err) == -1)
		return ex_while(err, "checkpoint");
	return 0;
}

static int
read_counts(struct ex_manifest *m, struct ex_err *err)
{
	static const char *const keys[] = { "entries", "files", "openings" };
	const struct ex_json *v = ex_json_get(m->json, "counts");
	uint64_t files = 0;

	if (!ex_json_is_object(v))
		return ex_fail(err, EX_FORMAT, "counts: no object");
	if (ex_json_only(v, keys, COUNT(keys), err) == -1 ||
	    need_count(&m->entries, v, "entries", err) == -1 ||
	    need_count(&files, v, "files", err) == -1 ||
	    need_count(&m->openings, v, "openings", err) == -1)
		return ex_while(err, "counts");
	if (files != m->nfiles)
		return ex_fail(err, EX_FORMAT,
		    "counts: %llu files, but %zu are listed",
		    (unsigned long long)files, m->nfiles);
	return 0;
}

static int
read_file(struct ex_manifest_file *f, const char *last, const struct ex_json *v,
    struct ex_err *err)
{
	static const char *const keys[] = { "path", "sha256", "size" };

	if (!ex_json_is_object(v))
		return ex_fail(err, EX_FORMAT, "files: no object");
	if (ex_json_only(v, keys, COUNT(keys), err) == -1 ||
	    ex_json_need_text(&f->path, v, "path", err) == -1 ||
	    ex_json_need_hex(f->sha256, sizeof(f->sha256), v, "sha256", err) ==
		-1 ||
	    need_count(&f->size, v, "size", err) == -1)
		return ex_while(err, "files");
	if (!ex_folder_path_ok(f->path))
		return ex_fail(err, EX_FORMAT,
		    "files: \"%.80s\": not a path inside the bundle", f->path);
	if (last != NULL && strcmp(last, f->path) >= 0)
		return ex_fail(err, EX_FORMAT,
		    "files: %s is there twice or out of order", f->path);
	return 0;
}

static int
read_files(struct ex_manifest *m, struct ex_err *err)
{
	const struct ex_json *v = ex_json_get(m->json, "files");
	size_t n = ex_json_count(v);
	const char *last = NULL;

	if (!ex_json_is_array(v))
		return ex_fail(err, EX_FORMAT, "files: no array");
	if (n > EX_BUNDLE_FILES_MAX)
		return ex_fail(
		    err, EX_LIMIT, "files: more than %d", EX_BUNDLE_FILES_MAX);
	if ((m->file = calloc(n + 1, sizeof(*m->file))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++) {
		if (read_file(&m->file[i], last, ex_json_at(v, i), err) == -1)
			return -1;
		last = m->file[i].path;
	}
	m->nfiles = n;
	return 0;
}

/* Texts in ascending order, each once. */
static int
check_ascending(const struct ex_json *v, const char *what, struct ex_err *err)
{
	const char *last = NULL;

	if (!ex_json_is_array(v))
		return ex_fail(err, EX_FORMAT, "%s: no array", what);
	for (size_t i = 0; i < ex_json_count(v); i++) {
		const char *text = ex_json_text(ex_json_at(v, i));

		if (text == NULL || (last != NULL && strcmp(last, text) >= 0))
			return ex_fail(err, EX_FORMAT,
			    "%s: twice, out of order or no text", what);
		last = text;
	}
	return 0;
}

static int
check_withheld(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	(void)arg;
	if (check_ascending(v, key, err) == -1)
		return ex_while(err, "withheld");
	return 0;
}

static int
read_streams(struct ex_manifest *m, struct ex_err *err)
{
	const char *subject;
	struct ex_stream s;
	int found = 0;

	m->streams = ex_json_get(m->json, "streams");
	if (ex_json_need_text(&subject, m->json, "subject", err) == -1 ||
	    ex_stream_read(&m->subject, subject, err) == -1 ||
	    check_ascending(m->streams, "streams", err) == -1)
		return -1;
	for (size_t i = 0; i < ex_json_count(m->streams); i++) {
		const char *text = ex_json_text(ex_json_at(m->streams, i));

		if (ex_stream_read(&s, text, err) == -1)
			return ex_while(err, "streams");
		found |= ex_stream_equal(&s, &m->subject);
	}
	return found
		   ? 0
		   : ex_fail(err, EX_FORMAT, "subject: not one of the streams");
}

static int
read_all(struct ex_manifest *m, struct ex_err *err)
{
	static const char *const keys[] = { "checkpoint", "counts", "files",
		"made_at", "origin", "schema", "streams", "subject",
		"withheld" };
	const char *schema, *made_at;

	if (!ex_json_is_object(m->json))
		return ex_fail(err, EX_FORMAT, "no object");
	if (ex_json_only(m->json, keys, COUNT(keys), err) == -1 ||
	    ex_json_need_text(&schema, m->json, "schema", err) == -1)
		return -1;
	if (strcmp(schema, EX_BUNDLE_SCHEMA) != 0)
		return ex_fail(err, EX_FORMAT, "schema: \"%.40s\" is not %s",
		    schema, EX_BUNDLE_SCHEMA);
	m->withheld = ex_json_get(m->json, "withheld");
	if (!ex_json_is_object(m->withheld))
		return ex_fail(err, EX_FORMAT, "withheld: no object");
	if (ex_json_need_text(&m->origin, m->json, "origin", err) == -1 ||
	    ex_json_need_text(&made_at, m->json, "made_at", err) == -1 ||
	    ex_time_read(&m->made_at, made_at, err) == -1 ||
	    read_checkpoint(m, err) == -1 || read_files(m, err) == -1 ||
	    read_counts(m, err) == -1 || read_streams(m, err) == -1)
		return -1;
	return ex_json_each(m->withheld, check_withheld, NULL, err);
}

/* Reads what ex_manifest_write() writes. */
int
ex_manifest_read(
    struct ex_manifest *out, const void *text, size_t n, struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	if (n > EX_MANIFEST_MAX)
		return ex_fail(err, EX_LIMIT, "manifest of more than %d bytes",
		    EX_MANIFEST_MAX);
	if (ex_json_read_canonical(&out->json, text, n, err) == -1 ||
	    read_all(out, err) == -1)
		return ex_while(err, "manifest");
	return 0;
}

void
ex_manifest_free(struct ex_manifest *m)
{
	free(m->file);
	ex_json_free(m->json);
	memset(m, 0, sizeof(*m));
}

static int
compare_files(const void *a, const void *b)
{
	const struct ex_manifest_file *left = a, *right = b;

	return strcmp(left->path, right->path);
}

struct ex_manifest_file *
ex_manifest_find(const struct ex_manifest *m, const char *path)
{
	struct ex_manifest_file key = { .path = path };

	if (m->nfiles == 0)
		return NULL;
	return bsearch(
	    &key, m->file, m->nfiles, sizeof(*m->file), compare_files);
}

int
ex_manifest_withholds(
    const struct ex_manifest *m, size_t entry, const char *path)
{
	const struct ex_json *list;
	char name[32];

	(void)snprintf(name, sizeof(name), "e%04zu", entry);
	list = ex_json_get(m->withheld, name);
	for (size_t i = 0; i < ex_json_count(list); i++) {
		if (strcmp(ex_json_text(ex_json_at(list, i)), path) == 0)
			return 1;
	}
	return 0;
}

static int
write_file(
    struct ex_json *array, const struct ex_manifest_file *f, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(v, "path", f->path, err) == -1 ||
	    ex_json_set_int(v, "size", (int64_t)f->size, err) == -1 ||
	    ex_json_set_hex(v, "sha256", f->sha256, sizeof(f->sha256), err) ==
		-1) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(array, v, err);
}

static int
write_numbers(
    struct ex_json *v, const struct ex_manifest *m, struct ex_err *err)
{
	struct ex_json *c, *counts;

	if (ex_json_set(v, "checkpoint", ex_json_object(), err) == -1 ||
	    ex_json_set(v, "counts", ex_json_object(), err) == -1)
		return -1;
	c = ex_json_get_mutable(v, "checkpoint");
	counts = ex_json_get_mutable(v, "counts");
	if (ex_json_set_hex(c, "root", m->root, EX_HASH, err) == -1 ||
	    ex_json_set_int(c, "size", (int64_t)m->size, err) == -1 ||
	    ex_json_set_int(counts, "entries", (int64_t)m->entries, err) ==
		-1 ||
	    ex_json_set_int(counts, "files", (int64_t)m->nfiles, err) == -1)
		return -1;
	return ex_json_set_int(counts, "openings", (int64_t)m->openings, err);
}

static int
write_texts(struct ex_json *v, const struct ex_manifest *m, struct ex_err *err)
{
	char subject[EX_STREAM_TEXT], made_at[EX_TIME_TEXT];

	ex_stream_text(subject, &m->subject);
	ex_time_text(made_at, m->made_at);
	if (ex_json_set_text(v, "schema", EX_BUNDLE_SCHEMA, err) == -1 ||
	    ex_json_set_text(v, "origin", m->origin, err) == -1 ||
	    ex_json_set_text(v, "subject", subject, err) == -1)
		return -1;
	return ex_json_set_text(v, "made_at", made_at, err);
}

static int
write_files(struct ex_json *v, const struct ex_manifest *m, struct ex_err *err)
{
	struct ex_json *files;

	if (ex_json_set(v, "files", ex_json_array(), err) == -1)
		return -1;
	files = ex_json_get_mutable(v, "files");
	for (size_t i = 0; i < m->nfiles; i++) {
		if (write_file(files, &m->file[i], err) == -1)
			return -1;
	}
	return 0;
}

/* Writes what ex_manifest_read() reads. */
int
ex_manifest_write(struct ex_buf *out, struct ex_manifest *m, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	int rc = -1;

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (m->nfiles > 0)
		qsort(m->file, m->nfiles, sizeof(*m->file), compare_files);
	if (write_texts(v, m, err) == -1 || write_numbers(v, m, err) == -1 ||
	    write_files(v, m, err) == -1 ||
	    ex_json_set(v, "streams", ex_json_copy(m->streams), err) == -1 ||
	    ex_json_set(v, "withheld", ex_json_copy(m->withheld), err) == -1)
		goto out;
	rc = ex_json_write(out, v, err);
out:
	ex_json_free(v);
	return rc == -1 ? ex_while(err, "manifest") : 0;
}
