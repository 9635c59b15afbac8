/*
 * acquire_work.c -- which files a run that dies leaves behind, and how they
 * go again.
 *
 * DIR/pending/.IMAGE.acquiring is JSON: {"item","acquisition","image",
 * "in_vault","dirs":[...],"job":{...}}: the job is what a resume goes on with
 * (acquire_resume.c).  It is there, and locked, before the first entry
 * of an acquisition is signed; what cannot be parsed was never finished, and
 * then nothing was begun.  Files are removed only of images that the log does
 * not have and that do not wait in DIR/pending to be signed.
 */
#define _GNU_SOURCE /* fallocate() */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cases/acquire_parts.h"
#include "db/store.h"

#define HEAD "."
#define TAIL ".acquiring"

enum {
	WORK_MAX = EX_ACQUIRING_MAX,
	/* What is to be kept and signed in the end, twice over. */
	ROOM = 4 * 1024 * 1024
};

static int
work_path(char out[EX_PATH], struct ex_house *house, const char *image,
    const char *tail, struct ex_err *err)
{
	char dir[EX_PATH], name[EX_ITEM_MAX + 32];

	(void)snprintf(name, sizeof(name), "%s%s%s",
	    strcmp(tail, TAIL) == 0 ? HEAD : "", image, tail);
	if (ex_house_path(dir, house, "pending", err) == -1)
		return -1;
	return ex_path_join(out, EX_PATH, dir, name, err);
}

static int
describe(struct ex_buf *out, const struct ex_acquiring *q, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *dirs = ex_json_array();
	int rc = -1;

	if (ex_json_set(v, "dirs", ex_json_ref(dirs), err) == -1 ||
	    ex_json_set_text(v, "item", q->a->item, err) == -1 ||
	    ex_json_set_text(v, "image", q->image, err) == -1 ||
	    ex_json_set_text(v, "acquisition", q->id, err) == -1 ||
	    ex_json_set_int(v, "in_vault", q->in_vault, err) == -1 ||
	    ex_acquiring_put_job(v, q, err) == -1)
		goto out;
	/* Bytes of a path need not be UTF-8: in hexadecimal they are ASCII. */
	for (size_t i = 0; i < q->ndir; i++) {
		char hex[2 * EX_PATH + 1];

		ex_hex(hex, q->dir[i], strlen(q->dir[i]));
		if (ex_json_add(dirs, ex_json_string(hex), err) == -1)
			goto out;
	}
	rc = ex_json_print(out, v, err);
out:
	ex_json_free(dirs);
	ex_json_free(v);
	return rc;
}

static int
keep_room(int fd, size_t from, const char *path, struct ex_err *err)
{
	if (fallocate(fd, FALLOC_FL_KEEP_SIZE, (off_t)from, ROOM) == -1 &&
	    errno == ENOSPC)
		return ex_fail(err, EX_LIMIT,
		    "%s: no room to keep what comes of an imaging; make some",
		    path);
	return 0;
}

/* Whole and on disk, and room behind its end kept free. */
static int
settle_file(
    int fd, const char *path, const struct ex_buf *text, struct ex_err *err)
{
	if (ftruncate(fd, 0) == -1)
		return ex_fail_errno(err, "%s", path);
	if (ex_fd_write_all(fd, text->data, text->len, err) == -1)
		return ex_while(err, path);
	if (keep_room(fd, text->len, path, err) == -1)
		return -1;
	if (fsync(fd) == -1)
		return ex_fail_errno(err, "%s: fsync", path);
	return ex_dir_sync_of(path, err);
}

int
ex_acquiring_begin(struct ex_acquiring *q, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH];
	int rc = -1;

	/* Of a resume it is there, and what it says stays. */
	if (q->lock != -1)
		return keep_room(q->lock, q->room_from, q->image, err);
	ex_uuid7(q->id);
	if (work_path(path, q->house, q->image, TAIL, err) == 0 &&
	    describe(&text, q, err) == 0 &&
	    (q->lock = ex_file_lock(path, err)) != -1)
		rc = settle_file(q->lock, path, &text, err);
	q->room_from = text.len;
	ex_buf_free(&text);
	return rc;
}

void
ex_acquiring_free_room(struct ex_acquiring *q)
{
	/* At worst the room stays taken a little longer. */
	if (q->lock != -1 && ftruncate(q->lock, (off_t)q->room_from) == -1)
		return;
}

void
ex_acquiring_end(struct ex_acquiring *q)
{
	char path[EX_PATH];

	if (q->lock == -1)
		return;
	if (!q->has_left &&
	    work_path(path, q->house, q->image, TAIL, NULL) == 0)
		(void)unlink(path);
	(void)close(q->lock);
	q->lock = -1;
}

int
ex_acquiring_exists(
    struct ex_house *house, const char *image, struct ex_err *err)
{
	char work[EX_PATH], kept[EX_PATH], name[EX_ITEM_MAX + 32];
	char pending[EX_PATH], import[EX_PATH];

	(void)snprintf(name, sizeof(name), ".%.40s.importing", image);
	if (work_path(work, house, image, TAIL, err) == -1 ||
	    work_path(kept, house, image, ".acquired", err) == -1 ||
	    ex_house_path(pending, house, "pending", err) == -1 ||
	    ex_path_join(import, EX_PATH, pending, name, err) == -1)
		return -1;
	return ex_file_exists(work) || ex_file_exists(kept) ||
	       ex_file_exists(import);
}

/* The lock of an image's file of work; -1 and no err when it has none. */
static int
lock_work(struct ex_house *house, const char *image, struct ex_err *err)
{
	char path[EX_PATH];

	if (work_path(path, house, image, TAIL, err) == -1 ||
	    !ex_file_exists(path))
		return -1;
	return ex_file_lock(path, err);
}

int
ex_acquiring_hold(
    int *lock, struct ex_house *house, const char *image, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	*lock = lock_work(house, image, &why);
	if (*lock != -1 || why.code == EX_OK)
		return 1;
	return why.code == EX_CONFLICT ? 0
				       : ex_fail(err, why.code, "%s", why.text);
}

/* Journals beside whole copies, which nobody goes on with any more. */
static int
drop_journals(const struct ex_json *work, const char *image, struct ex_err *err)
{
	const struct ex_json *dirs = ex_json_get(work, "dirs");

	for (size_t i = 0; i < ex_json_count(dirs); i++) {
		struct ex_err why = EX_ERR_INIT;
		char dir[EX_PATH];

		if (ex_acquiring_path(dir, ex_json_at(dirs, i)) == -1)
			continue;
		/* A disk that was taken away keeps its own. */
		if (ex_imaging_settled(dir, image, &why) == -1 &&
		    why.code == EX_CONFLICT)
			return ex_fail(err, why.code, "%s", why.text);
	}
	return 0;
}

static int
drop_journals_of(const char *path, const char *image, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_json *v = NULL;
	int rc = 0;

	if (ex_file_read(&text, path, WORK_MAX, NULL) == 0 &&
	    ex_json_read(&v, text.data, text.len, NULL) == 0)
		rc = drop_journals(v, image, err);
	ex_json_free(v);
	ex_buf_free(&text);
	return rc;
}

int
ex_acquiring_settle(
    struct ex_house *house, const char *image, int lock, struct ex_err *err)
{
	char path[EX_PATH];
	int rc = work_path(path, house, image, TAIL, err);

	if (rc == 0)
		rc = drop_journals_of(path, image, err);
	/* Gone for good before its other file goes, which says why. */
	if (rc == 0 && unlink(path) == 0)
		rc = ex_dir_sync_of(path, err);
	else if (rc == 0 && errno != ENOENT)
		rc = ex_fail_errno(err, "%s", path);
	if (lock != -1)
		(void)close(lock);
	return rc;
}

/* Is the image signed, or does it wait to be?  1, 0 or -1. */
static int
is_kept(struct ex_house *house, const char *image, struct ex_err *err)
{
	struct ex_json *fact = NULL;
	char path[EX_PATH];
	int kept;

	if (work_path(path, house, image, ".acquired", err) == -1)
		return -1;
	if (ex_file_exists(path))
		return 1;
	if (ex_house_any_fact(house, "item", image, &fact, err) == -1)
		return -1;
	kept = fact != NULL;
	ex_json_free(fact);
	return kept;
}

int
ex_acquiring_path(char out[EX_PATH], const struct ex_json *v)
{
	const char *hex = ex_json_text(v);
	size_t n = hex == NULL ? 0 : strlen(hex) / 2;

	if (n == 0 || n >= EX_PATH ||
	    ex_hex_read((uint8_t *)out, n, hex, NULL) == -1)
		return -1;
	out[n] = '\0';
	return 0;
}

/* What lies in its folders of an image that nobody signed. */
static int
clear_files(size_t *n, const struct ex_json *work, struct ex_err *err)
{
	const struct ex_json *dirs = ex_json_get(work, "dirs");
	const char *image = ex_json_get_text(work, "image");
	for (size_t i = 0; i < ex_json_count(dirs); i++) {
		char dir[EX_PATH];

		if (ex_acquiring_path(dir, ex_json_at(dirs, i)) == -1)
			continue;
		if (ex_imaging_clear(n, dir, image, err) == -1)
			return -1;
		if (ex_json_get_int(work, "in_vault", 0) == 1)
			(void)rmdir(dir); /* only when it is empty */
	}
	return 0;
}

struct pass {
	struct ex_house *house;
	const char *dir, *item, *going;
	size_t n;
};

/* What a file of work says, under its lock. */
static int
clear_work(struct pass *p, const char *path, const char *image, int lock,
    struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_json *v = NULL;
	const char *item, *id;
	int rc = 0, kept = 0;

	if (ex_fd_read_all(&text, lock, WORK_MAX, err) == -1) {
		ex_buf_free(&text);
		return ex_while(err, path);
	}
	if (ex_json_read(&v, text.data, text.len, NULL) == -1)
		v = NULL;
	ex_buf_free(&text);
	item = ex_json_get_text(v, "item");
	id = ex_json_get_text(v, "acquisition");
	/* Another item's, or of what is going on: not ours to remove. */
	if (v != NULL && item != NULL && id != NULL &&
	    (strcmp(item, p->item) != 0 ||
		(p->going != NULL && strcmp(id, p->going) == 0)))
		goto out;
	rc = -1;
	if ((kept = is_kept(p->house, image, err)) == -1 ||
	    (kept ? drop_journals(v, image, err)
		  : clear_files(&p->n, v, err)) == -1)
		goto out;
	rc = unlink(path) == -1 ? ex_fail_errno(err, "%s", path) : 0;
out:
	ex_json_free(v);
	return rc;
}

/* A run that lives: whose it is can be read, and matters for our item. */
static int
refuse_living(const struct pass *p, const char *path, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_json *v = NULL;
	const char *item;
	int rc = 0;

	if (ex_file_read(&text, path, WORK_MAX, NULL) == 0)
		(void)ex_json_read(&v, text.data, text.len, NULL);
	item = ex_json_get_text(v, "item");
	if (item != NULL && strcmp(item, p->item) == 0)
		rc = ex_fail(err, EX_CONFLICT,
		    "%s is being imaged by another process on this machine: "
		    "wait for it, or end it first",
		    p->item);
	ex_json_free(v);
	ex_buf_free(&text);
	return rc;
}

int
ex_acquiring_image_of(char image[EX_ITEM_MAX + 1], const char *name)
{
	const size_t head = strlen(HEAD), tail = strlen(TAIL);
	size_t n = strlen(name);

	if (n <= head + tail || n - head - tail > EX_ITEM_MAX ||
	    strncmp(name, HEAD, head) != 0 ||
	    strcmp(&name[n - tail], TAIL) != 0)
		return 0;
	memcpy(image, &name[head], n - head - tail);
	image[n - head - tail] = '\0';
	return 1;
}

static int
clear_file(void *arg, const char *name, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct pass *p = arg;
	char path[EX_PATH], image[EX_ITEM_MAX + 1];
	int lock, rc;

	if (!ex_acquiring_image_of(image, name))
		return 0;
	if (ex_path_join(path, EX_PATH, p->dir, name, err) == -1)
		return -1;
	if ((lock = ex_file_lock(path, &why)) != -1) {
		rc = clear_work(p, path, image, lock, err);
		(void)close(lock);
		return rc;
	}
	if (why.code != EX_CONFLICT)
		return ex_fail(err, why.code, "%s", why.text);
	return refuse_living(p, path, err);
}

int
ex_acquiring_clear(size_t *n, struct ex_house *house, const char *item,
    const char *going, struct ex_err *err)
{
	struct pass p = { house, NULL, item, going, 0 };
	char dir[EX_PATH];
	int rc;

	if (ex_house_path(dir, house, "pending", err) == -1)
		return -1;
	p.dir = dir;
	rc = ex_dir_each(dir, clear_file, &p, err);
	*n = p.n;
	return rc;
}
