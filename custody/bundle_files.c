/*
 * bundle_files.c -- the files of a bundle against its manifest, in both
 * directions; digests last.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "custody/bundle_checking.h"

/* The walk: loose are numbers of openings and proofs. */
struct walk {
	struct ex_bundle_checking *c;
	size_t *loose;
	size_t nloose, caploose;
};

/* "prefix" N "suffix", N with at least `digits` digits and no more zeros. */
static int
read_number(uint64_t *out, const char *path, const char *prefix, int digits,
    const char *suffix)
{
	char text[EX_BUNDLE_PATH];
	unsigned long long n = 0;
	size_t at = strlen(prefix), start = at;

	if (strncmp(path, prefix, at) != 0)
		return -1;
	while (path[at] >= '0' && path[at] <= '9' && at - start < 19)
		n = 10 * n + (unsigned long long)(path[at++] - '0');
	(void)snprintf(
	    text, sizeof(text), "%s%0*llu%s", prefix, digits, n, suffix);
	*out = n;
	return strcmp(text, path) == 0 ? 0 : -1;
}

static int
add_number(
    size_t **array, size_t *n, size_t *cap, uint64_t number, struct ex_err *err)
{
	void *p = *array;

	if (ex_bundle_grow(&p, cap, *n, sizeof(**array), err) == -1)
		return -1;
	*array = p;
	(*array)[(*n)++] = (size_t)number;
	return 0;
}

/* "timestamps/12-clock.tsr" */
static int
is_stamp(const char *path)
{
	static const char folder[] = "timestamps/", end[] = ".tsr";
	size_t n = strlen(path), at = sizeof(folder) - 1;

	if (strncmp(path, folder, at) != 0 || n < at + sizeof(end) ||
	    strcmp(&path[n - (sizeof(end) - 1)], end) != 0)
		return 0;
	at += strspn(&path[at], "0123456789");
	return path[at] == '-';
}

/* Which file is it?  In our own folders only our own names are right. */
static int
classify(struct walk *w, const char *path, struct ex_err *err)
{
	static const char *const ours[] = { "entries/", "proofs/", "openings/",
		"consistency/", "heads/", "checkpoints/", "timestamps/" };
	struct ex_bundle_checking *c = w->c;
	uint64_t n;

	if (read_number(&n, path, "entries/e", 4, ".p7m") == 0 && n > 0)
		return add_number(
		    &c->number, &c->nnumbers, &c->capnumbers, n, err);
	if ((read_number(&n, path, "proofs/e", 4, ".tlog-proof") == 0 ||
		read_number(&n, path, "openings/e", 4, ".json") == 0) &&
	    n > 0)
		return add_number(&w->loose, &w->nloose, &w->caploose, n, err);
	if (read_number(&n, path, "consistency/", 1, ".txt") == 0 ||
	    read_number(&n, path, "timestamps/", 1, ".txt") == 0)
		return 0;
	if (is_stamp(path))
		return ex_json_set_int(c->stamps, path, 1, err);
	if (strcmp(path, EX_BUNDLE_HEADS) == 0 ||
	    strcmp(path, EX_BUNDLE_CHECKPOINT) == 0)
		return 0;
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		if (strncmp(path, ours[i], strlen(ours[i])) == 0)
			return ex_bundle_remark(c->r, err, EX_FAULT,
			    "file-name", path, NULL,
			    "a bundle has no file of this name");
	}
	return 0;
}

static int
meet_file(struct walk *w, const char *path, struct ex_err *err)
{
	struct ex_bundle_checking *c = w->c;
	struct ex_manifest_file *f;

	if (strcmp(path, EX_BUNDLE_MANIFEST) == 0)
		return 0;
	if (c->has_manifest) {
		if ((f = ex_manifest_find(&c->manifest, path)) != NULL)
			f->matched = 1;
		else if (ex_bundle_remark(c->r, err, EX_FAULT, "file-extra",
			     path, NULL, "the manifest does not list it") == -1)
			return -1;
	}
	return classify(w, path, err);
}

static int
meet(void *arg, enum ex_folder_kind kind, const char *path, struct ex_err *err)
{
	struct walk *w = arg;
	struct ex_bundle_result *r = w->c->r;

	switch (kind) {
	case EX_FOLDER_FILE:
		return meet_file(w, path, err);
	case EX_FOLDER_LINK:
		return ex_bundle_remark(r, err, EX_FAULT, "file-link", path,
		    NULL, "a symbolic link; it is not followed");
	case EX_FOLDER_OTHER:
		return ex_bundle_remark(r, err, EX_FAULT, "file-kind", path,
		    NULL, "neither a file nor a folder");
	case EX_FOLDER_NAME:
	default:
		return ex_bundle_remark(r, err, EX_FAULT, "file-name", path,
		    NULL, "a bundle has no file of this name");
	}
}

/* Size, then digest: the cheap question first. */
static int
check_digest(struct ex_bundle_checking *c, const struct ex_manifest_file *f,
    struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	uint8_t sha256[EX_SHA256_LEN];
	uint64_t size;

	if (ex_folder_sha256(sha256, &size, &c->folder, f->path, &why) == -1)
		return ex_bundle_fault(
		    c->r, err, &why, "file-unreadable", f->path, NULL);
	if (size != f->size)
		return ex_bundle_remark(c->r, err, EX_FAULT, "file-size",
		    f->path, NULL,
		    "%" PRIu64 " bytes; the manifest says %" PRIu64, size,
		    f->size);
	if (memcmp(sha256, f->sha256, sizeof(sha256)) != 0)
		return ex_bundle_remark(c->r, err, EX_FAULT, "file-digest",
		    f->path, NULL, "is not what the manifest says");
	return 0;
}

static int
check_listed(struct ex_bundle_checking *c, struct ex_err *err)
{
	for (size_t i = 0; i < c->manifest.nfiles; i++) {
		const struct ex_manifest_file *f = &c->manifest.file[i];

		if (!f->matched) {
			if (ex_bundle_remark(c->r, err, EX_FAULT,
				"file-missing", f->path, NULL,
				"listed in the manifest, but not there") == -1)
				return -1;
			continue;
		}
		if (check_digest(c, f, err) == -1)
			return -1;
	}
	return 0;
}

static int
compare_sizes(const void *a, const void *b)
{
	size_t left = *(const size_t *)a, right = *(const size_t *)b;

	return left < right ? -1 : left > right;
}

/* Openings and proofs without their entry prove nothing about anything. */
static int
check_loose(const struct walk *w, struct ex_err *err)
{
	const struct ex_bundle_checking *c = w->c;

	for (size_t i = 0; i < w->nloose; i++) {
		if (c->nnumbers > 0 &&
		    bsearch(&w->loose[i], c->number, c->nnumbers,
			sizeof(*c->number), compare_sizes) != NULL)
			continue;
		if (ex_bundle_remark(c->r, err, EX_FAULT, "entry-missing", NULL,
			NULL, "e%04zu has an opening or a proof, but no entry",
			w->loose[i]) == -1)
			return -1;
	}
	return 0;
}

static int
walk_files(struct ex_bundle_checking *c, struct ex_err *err)
{
	struct walk w = { c, NULL, 0, 0 };
	struct ex_err why = EX_ERR_INIT;
	int rc = -1;

	if (ex_folder_walk(&c->folder, meet, &w, &why) == -1 &&
	    ex_bundle_fault(c->r, err, &why, "files", NULL, NULL) == -1)
		goto out;
	if (c->nnumbers > 0)
		qsort(
		    c->number, c->nnumbers, sizeof(*c->number), compare_sizes);
	rc = check_loose(&w, err);
out:
	free(w.loose);
	return rc;
}

static int
read_manifest(struct ex_bundle_checking *c, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_buf text = EX_BUF_INIT;
	int rc = 0;

	if (ex_folder_read(&text, &c->folder, EX_BUNDLE_MANIFEST,
		EX_MANIFEST_MAX, &why) == 0 &&
	    ex_manifest_read(&c->manifest, text.data, text.len, &why) == 0) {
		c->has_manifest = 1;
		ex_stream_text(c->r->subject, &c->manifest.subject);
	} else {
		rc = ex_bundle_fault(
		    c->r, err, &why, "manifest", EX_BUNDLE_MANIFEST, NULL);
	}
	ex_buf_free(&text);
	return rc;
}

int
ex_bundle_check_files(struct ex_bundle_checking *c, struct ex_err *err)
{
	if (read_manifest(c, err) == -1 || walk_files(c, err) == -1)
		return -1;
	return c->has_manifest ? check_listed(c, err) : 0;
}
