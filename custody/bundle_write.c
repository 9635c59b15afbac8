/*
 * bundle_write.c -- a bundle as a folder: files, folders, manifest.
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "custody/bundle_texts.h"
#include "custody/bundle_writer.h"

/* Twice the room when there is none left. */
int
ex_bundle_grow(
    void **array, size_t *cap, size_t n, size_t each, struct ex_err *err)
{
	size_t want = *cap == 0 ? 64 : 2 * *cap;
	void *p;

	if (n < *cap)
		return 0;
	if (want > SIZE_MAX / each ||
	    (p = realloc(*array, want * each)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	*array = p;
	*cap = want;
	return 0;
}

/* Remember a file for the manifest. */
static int
list_file(struct ex_bundle_writer *w, const char *path, const void *data,
    size_t n, struct ex_err *err)
{
	struct ex_manifest *m = &w->manifest;
	size_t cap = w->capfiles;
	void *files = m->file, *paths = w->path;
	struct ex_manifest_file *f;

	if (ex_bundle_grow(&files, &cap, m->nfiles, sizeof(*m->file), err) ==
	    -1)
		return -1;
	m->file = files;
	if (ex_bundle_grow(
		&paths, &w->capfiles, m->nfiles, sizeof(*w->path), err) == -1)
		return -1;
	w->path = paths;
	if ((w->path[m->nfiles] = strdup(path)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	f = &m->file[m->nfiles];
	memset(f, 0, sizeof(*f));
	f->path = w->path[m->nfiles++];
	f->size = n;
	ex_sha256(f->sha256, data, n);
	return 0;
}

/* Create the file and bring it to disk: bundles leave on sticks. */
static int
write_file(const char *path, const void *data, size_t n, struct ex_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	int rc;

	if (fd == -1 && errno == EEXIST)
		return ex_fail(err, EX_EXISTS, "%s: is there already", path);
	if (fd == -1)
		return ex_fail_errno(err, "%s", path);
	rc = ex_fd_write_all(fd, data, n, err);
	if (rc == 0 && fsync(fd) == -1)
		rc = ex_fail_errno(err, "%s", path);
	if (close(fd) == -1 && rc == 0)
		rc = ex_fail_errno(err, "%s", path);
	return rc;
}

/* Write a file at a path inside, with the folders above it. */
static int
put(struct ex_bundle_writer *w, const char *path, const void *data, size_t n,
    struct ex_err *err)
{
	char full[EX_PATH], folder[EX_PATH];
	const char *slash = strrchr(path, '/');

	if (!ex_folder_path_ok(path))
		return ex_fail(err, EX_USAGE,
		    "\"%.80s\": not a path inside a bundle", path);
	if (ex_path_join(full, sizeof(full), w->part, path, err) == -1)
		return -1;
	if (slash != NULL) {
		memcpy(folder, full, strlen(full) + 1);
		folder[strlen(full) - strlen(slash)] = '\0';
		if (ex_dir_make(folder, 0755, err) == -1)
			return -1;
	}
	return write_file(full, data, n, err);
}

int
ex_bundle_add_file(struct ex_bundle_writer *w, const char *path,
    const void *data, size_t n, struct ex_err *err)
{
	if (w->manifest.nfiles == EX_BUNDLE_FILES_MAX)
		return ex_fail(err, EX_LIMIT, "a bundle of more than %d files",
		    EX_BUNDLE_FILES_MAX);
	if (put(w, path, data, n, err) == -1)
		return -1;
	return list_file(w, path, data, n, err);
}

/* The folder to write to, beside the wanted one. */
static int
make_folder(struct ex_bundle_writer *w, const char *dir, struct ex_err *err)
{
	size_t n = strlen(dir);

	while (n > 1 && dir[n - 1] == '/')
		n--;
	if (n == 0 || n >= sizeof(w->dir))
		return ex_fail(err, EX_USAGE, "\"%.80s\": not a path", dir);
	memcpy(w->dir, dir, n);
	(void)snprintf(w->part, sizeof(w->part), "%s.part-XXXXXX", w->dir);
	if (ex_file_exists(w->dir))
		return ex_fail(err, EX_EXISTS, "%s: is there already", w->dir);
	if (mkdtemp(w->part) == NULL)
		return ex_fail_errno(err, "%s", w->part);
	w->made = 1;
	if (chmod(w->part, 0755) == -1)
		return ex_fail_errno(err, "%s", w->part);
	return 0;
}

static int
keep_note(
    struct ex_bundle_writer *w, const void *note, size_t n, struct ex_err *err)
{
	struct ex_note parsed;

	if (ex_note_parse(&parsed, note, n, err) == -1 ||
	    ex_checkpoint_read(&w->checkpoint, parsed.text, err) == -1 ||
	    ex_buf_add(&w->note, note, n, err) == -1)
		return -1;
	w->manifest.origin = w->checkpoint.origin;
	w->manifest.size = w->checkpoint.size;
	memcpy(w->manifest.root, w->checkpoint.root, EX_HASH);
	return 0;
}

int
ex_bundle_begin(struct ex_bundle_writer **out, const char *dir,
    const struct ex_stream *subject, const void *note, size_t nnote,
    struct ex_err *err)
{
	struct ex_bundle_writer *w = calloc(1, sizeof(*w));

	*out = NULL;
	if (w == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	w->streams = ex_json_object();
	w->withheld = ex_json_object();
	w->manifest.subject = *subject;
	if (w->streams == NULL || w->withheld == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto fail;
	}
	if (keep_note(w, note, nnote, err) == -1 ||
	    make_folder(w, dir, err) == -1 ||
	    ex_bundle_add_file(w, EX_BUNDLE_CHECKPOINT, note, nnote, err) == -1)
		goto fail;
	*out = w;
	return 0;
fail:
	ex_bundle_writer_free(w);
	return -1;
}

/* ex_json_each() comes in ascending order, which the array then has. */
static int
add_stream(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	(void)v;
	return ex_json_add(arg, ex_json_string(key), err);
}

static int
write_manifest(struct ex_bundle_writer *w, int64_t made_at, struct ex_err *err)
{
	struct ex_json *streams = ex_json_array();
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	if (streams == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	w->manifest.made_at = made_at;
	w->manifest.streams = streams;
	w->manifest.withheld = w->withheld;
	if (ex_json_each(w->streams, add_stream, streams, err) == 0 &&
	    ex_manifest_write(&text, &w->manifest, err) == 0)
		rc = put(w, EX_BUNDLE_MANIFEST, text.data, text.len, err);
	w->manifest.streams = NULL;
	ex_buf_free(&text);
	ex_json_free(streams);
	return rc;
}

/* The files are on disk already; now the folders that name them. */
static int
sync_folders(const struct ex_bundle_writer *w, struct ex_err *err)
{
	static const char *const name[] = { ".", "entries", "openings",
		"proofs", "consistency", "checkpoints", "heads", "timestamps",
		"trust" };
	char path[EX_PATH];

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		if (ex_path_join(path, sizeof(path), w->part, name[i], err) ==
		    -1)
			return -1;
		if (ex_file_exists(path) && ex_dir_sync(path, err) == -1)
			return -1;
	}
	return 0;
}

int
ex_bundle_end(struct ex_bundle_writer *w, int64_t made_at, struct ex_err *err)
{
	if (ex_bundle_add_file(w, "VERIFY.txt", ex_bundle_verify_txt,
		strlen(ex_bundle_verify_txt), err) == -1 ||
	    ex_bundle_add_file(w, "verify.sh", ex_bundle_verify_sh,
		strlen(ex_bundle_verify_sh), err) == -1 ||
	    ex_bundle_add_file(w, "verify.html", ex_bundle_verify_html,
		strlen(ex_bundle_verify_html), err) == -1 ||
	    write_manifest(w, made_at, err) == -1 || sync_folders(w, err) == -1)
		return -1;
	if (ex_file_exists(w->dir))
		return ex_fail(err, EX_EXISTS, "%s: is there already", w->dir);
	if (rename(w->part, w->dir) == -1)
		return ex_fail_errno(err, "%s", w->dir);
	w->made = 0;
	return ex_dir_sync_of(w->dir, err);
}

void
ex_bundle_writer_free(struct ex_bundle_writer *w)
{
	if (w == NULL)
		return;
	if (w->made)
		(void)ex_remove_tree(w->part, NULL);
	for (size_t i = 0; i < w->manifest.nfiles; i++)
		free(w->path[i]);
	free(w->path);
	free(w->manifest.file);
	free(w->seen);
	ex_buf_free(&w->note);
	ex_json_free(w->streams);
	ex_json_free(w->withheld);
	free(w);
}
