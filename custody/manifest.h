/*
 * manifest.h -- manifest.json of a bundle.
 *
 * Canonical JSON, schema "custody-bundle/v1":
 *   checkpoint  {root, size}: of checkpoints/checkpoint.txt
 *   counts      {entries, files, openings}: numbers of them
 *   files       [{path, sha256, size}], ascending by path, each once, without
 *               manifest.json itself
 *   made_at     canonical time; a claim
 *   origin      of the log
 *   streams     ["case:...", ...], ascending, each once: those that the bundle
 *               holds completely
 *   subject     the stream that it is about; one of streams
 *   withheld    {"e0003": ["description", ...], ...}: openings left out on
 *               purpose, each list ascending
 */
#ifndef CUSTODY_MANIFEST_H
#define CUSTODY_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "custody/event.h"
#include "custody/folder.h"

#define EX_BUNDLE_SCHEMA "custody-bundle/v1"

struct ex_manifest_file {
	const char *path;
	uint64_t size;
	uint8_t sha256[EX_SHA256_LEN];
	int matched; /* for the checker: it was found on disk */
};

struct ex_manifest {
	struct ex_json *json; /* owned; texts and members lead into it */
	struct ex_stream subject;
	const char *origin;
	int64_t made_at;
	uint64_t size; /* of the checkpoint */
	uint8_t root[EX_HASH];
	uint64_t entries, openings; /* claimed numbers */
	struct ex_manifest_file *file;
	size_t nfiles;
	const struct ex_json *streams;
	const struct ex_json *withheld;
};

/* *out is released with ex_manifest_free() whether it worked or not. */
int ex_manifest_read(
    struct ex_manifest *out, const void *text, size_t n, struct ex_err *err);
void ex_manifest_free(struct ex_manifest *m);

/* NULL when it is not listed. */
struct ex_manifest_file *
ex_manifest_find(const struct ex_manifest *m, const char *path);

/* Is this opening listed as withheld? */
int ex_manifest_withholds(
    const struct ex_manifest *m, size_t entry, const char *path);

/*
 * Append the text.  Of m only subject, origin, made_at, size, root, entries,
 * openings, file[] (which is sorted here), streams and withheld are used.
 */
int ex_manifest_write(
    struct ex_buf *out, struct ex_manifest *m, struct ex_err *err);

#endif
