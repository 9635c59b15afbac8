/*
 * witness_rotate.c -- a witness's own key is replaced, and the old one kept
 * for a while: cosignatures carry both lines until it is retired.
 *
 * Order: the new pair under names of its own; what was cosigned last gets its
 * line; the old pair gets a second name; the new one takes its place.  A kill
 * in between is made good by the next rotation.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "daemons/witness.h"

enum {
	PAIR = 4 /* paths: new key and verifier key, old ones */
};

static const char *const pair[PAIR] = { "witness.next.key", "witness.next.vkey",
	"witness.key", "witness.vkey" };
static const char *const before[2] = { "witness.old.key", "witness.old.vkey" };

static int
move(const char *dir, const char *from, const char *to, struct ex_err *err)
{
	char old[EX_PATH], new[EX_PATH];

	if (ex_path_join(old, EX_PATH, dir, from, err) == -1 ||
	    ex_path_join(new, EX_PATH, dir, to, err) == -1)
		return -1;
	if (!ex_file_exists(old))
		return 0;
	if (rename(old, new) == -1)
		return ex_fail_errno(err, "%s", new);
	return ex_dir_sync(dir, err);
}

static int
drop(const char *dir, const char *name, struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_path_join(path, EX_PATH, dir, name, err) == -1)
		return -1;
	if (unlink(path) == -1 && errno != ENOENT)
		return ex_fail_errno(err, "%s", path);
	return ex_dir_sync(dir, err);
}

static int
exists(const char *dir, const char *name)
{
	char path[EX_PATH];

	return ex_path_join(path, EX_PATH, dir, name, NULL) == 0 &&
	       ex_file_exists(path);
}

/* What a rotation that was killed left: to its end, or away. */
static int
make_good(const char *dir, struct ex_err *err)
{
	if (!exists(dir, pair[1]))
		return drop(dir, pair[0], err);
	if (!exists(dir, before[1]))
		return drop(dir, pair[1], err) == -1 ? -1
						     : drop(dir, pair[0], err);
	return move(dir, pair[0], pair[2], err) == -1
		   ? -1
		   : move(dir, pair[1], pair[3], err);
}

/* The new key's line under what was cosigned last for each log. */
static int
add_lines(
    struct ex_witness_folder *f, const struct ex_key *key, struct ex_err *err)
{
	struct ex_witness *w = &f->witness;
	uint64_t now = (uint64_t)(ex_now() / EX_SECOND);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < w->nlogs; i++) {
		struct ex_buf note = EX_BUF_INIT;
		struct ex_err why = EX_ERR_INIT;

		if (w->store.load(f, &note, w->log[i].name, &why) == -1)
			rc = why.code == EX_ABSENT
				 ? 0
				 : ex_fail(err, why.code, "%s", why.text);
		else if (ex_note_cosign(&note, w->own.name, key, now, err) ==
			     -1 ||
			 w->store.save(
			     f, w->log[i].name, note.data, note.len, err) == -1)
			rc = -1;
		ex_buf_free(&note);
	}
	return rc;
}

static int
write_next(const char *dir, const struct ex_key *key, const char *text,
    struct ex_err *err)
{
	char path[EX_PATH], line[EX_VKEY_TEXT + 1];

	(void)snprintf(line, sizeof(line), "%s\n", text);
	if (ex_path_join(path, EX_PATH, dir, pair[0], err) == -1 ||
	    ex_key_save(key, path, NULL, err) == -1 ||
	    ex_path_join(path, EX_PATH, dir, pair[1], err) == -1)
		return -1;
	return ex_file_write(path, line, strlen(line), 0644, err);
}

/* The pair in use gets its second name. */
static int
keep_old(const char *dir, struct ex_err *err)
{
	char from[EX_PATH], to[EX_PATH];

	for (size_t i = 0; i < 2; i++) {
		if (ex_path_join(from, EX_PATH, dir, pair[2 + i], err) == -1 ||
		    ex_path_join(to, EX_PATH, dir, before[i], err) == -1)
			return -1;
		if (link(from, to) == -1 && errno != EEXIST)
			return ex_fail_errno(err, "%s", to);
	}
	return ex_dir_sync(dir, err);
}

static int
rotate(char text[EX_VKEY_TEXT], struct ex_witness_folder *f, struct ex_err *err)
{
	struct ex_key *key = NULL;
	struct ex_vkey v;
	int rc = -1;

	if (f->witness.old_key != NULL)
		return ex_fail(err, EX_STATE,
		    "the key before this one still cosigns: exhibit-witness "
		    "%s retire",
		    f->dir);
	if (ex_key_new(&key, EX_KEY_ED25519, err) == 0 &&
	    ex_vkey_of(
		&v, f->witness.own.name, EX_NOTE_COSIGNATURE, key, err) == 0 &&
	    ex_vkey_text(text, &v, err) == 0 &&
	    write_next(f->dir, key, text, err) == 0 &&
	    add_lines(f, key, err) == 0 && keep_old(f->dir, err) == 0)
		rc = make_good(f->dir, err);
	ex_key_free(key);
	return rc;
}

int
ex_witness_rotate(char text[EX_VKEY_TEXT], const char *dir, struct ex_err *err)
{
	struct ex_witness_folder f;
	int rc = -1;

	if (make_good(dir, err) == -1)
		return -1;
	if (ex_witness_open(&f, dir, err) == 0)
		rc = rotate(text, &f, err);
	ex_witness_close(&f);
	return rc;
}

int
ex_witness_retire(const char *dir, struct ex_err *err)
{
	struct ex_witness_folder f;
	int rc = -1;

	if (ex_witness_open(&f, dir, err) == 0) {
		if (f.witness.old_key == NULL)
			rc = ex_fail(err, EX_STATE,
			    "%s has one key only: nothing to retire", dir);
		else
			rc = drop(dir, before[0], err) == -1
				 ? -1
				 : drop(dir, before[1], err);
	}
	ex_witness_close(&f);
	return rc;
}
