/*
 * witness_folder.c -- what a witness knows, as files.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/text.h"
#include "daemons/witness.h"
#include "hashing/digest.h"

enum {
	LOGS_MAX = EX_WITNESS_LOGS * EX_VKEY_TEXT /* bytes of the file `logs` */
};

/* newest/SHA256 of the origin */
static int
newest_path(char out[EX_PATH], const struct ex_witness_folder *f,
    const char *origin, struct ex_err *err)
{
	char hex[EX_SHA256_HEX], name[128];

	ex_sha256_hex(hex, origin, strlen(origin));
	(void)snprintf(name, sizeof(name), "newest/%s", hex);
	return ex_path_join(out, EX_PATH, f->dir, name, err);
}

static int
load(void *arg, struct ex_buf *out, const char *origin, struct ex_err *err)
{
	char path[EX_PATH];

	if (newest_path(path, arg, origin, err) == -1)
		return -1;
	return ex_file_read(out, path, EX_NOTE_MAX, err);
}

static int
save(void *arg, const char *origin, const void *note, size_t n,
    struct ex_err *err)
{
	char path[EX_PATH];

	if (newest_path(path, arg, origin, err) == -1)
		return -1;
	return ex_file_write(path, note, n, 0644, err);
}

/* refused/STATUS-SHA256: the same again is the same file. */
static int
keep(void *arg, int status, const void *note, size_t n, struct ex_err *err)
{
	const struct ex_witness_folder *f = arg;
	char hex[EX_SHA256_HEX], name[128], path[EX_PATH];
	struct ex_err why = EX_ERR_INIT;

	ex_sha256_hex(hex, note, n);
	(void)snprintf(name, sizeof(name), "refused/%d-%s", status, hex);
	if (ex_path_join(path, EX_PATH, f->dir, name, err) == -1)
		return -1;
	if (ex_file_create(path, note, n, 0444, &why) == -1 &&
	    why.code != EX_EXISTS)
		return ex_fail(err, why.code, "%s", why.text);
	return 0;
}

/* Key and folders; a key that is there is never replaced. */
int
ex_witness_make(char text[EX_VKEY_TEXT], const char *dir, const char *name,
    struct ex_err *err)
{
	static const char *const folder[] = { "newest", "refused" };
	char path[EX_PATH], line[EX_VKEY_TEXT + 1];
	struct ex_key *key = NULL;
	struct ex_vkey v;
	int rc = -1;

	if (ex_dir_make(dir, 0755, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(folder) / sizeof(folder[0]); i++) {
		if (ex_path_join(path, EX_PATH, dir, folder[i], err) == -1 ||
		    ex_dir_make(path, 0755, err) == -1)
			return -1;
	}
	if (ex_key_new(&key, EX_KEY_ED25519, err) == -1 ||
	    ex_vkey_of(&v, name, EX_NOTE_COSIGNATURE, key, err) == -1 ||
	    ex_vkey_text(text, &v, err) == -1 ||
	    ex_path_join(path, EX_PATH, dir, "witness.key", err) == -1 ||
	    ex_key_save(key, path, NULL, err) == -1 ||
	    ex_path_join(path, EX_PATH, dir, "witness.vkey", err) == -1)
		goto out;
	(void)snprintf(line, sizeof(line), "%s\n", text);
	rc = ex_file_write(path, line, strlen(line), 0644, err);
out:
	ex_key_free(key);
	return rc;
}

/* One line of `logs`. */
static int
add_log(struct ex_witness *w, struct ex_span line, struct ex_err *err)
{
	char text[EX_VKEY_TEXT];
	struct ex_vkey *v = &w->log[w->nlogs];

	if (line.n == 0 || line.p[0] == '#')
		return 0;
	if (line.n >= sizeof(text))
		return ex_fail(err, EX_LIMIT, "a line is too long");
	if (w->nlogs == EX_WITNESS_LOGS)
		return ex_fail(
		    err, EX_LIMIT, "more than %d logs", EX_WITNESS_LOGS);
	memcpy(text, line.p, line.n);
	text[line.n] = '\0';
	if (ex_vkey_read(v, text, err) == -1)
		return -1;
	if (v->type != EX_NOTE_ED25519)
		return ex_fail(err, EX_FORMAT, "%s: no key of a log", v->name);
	w->nlogs++;
	return 0;
}

static int
read_logs(struct ex_witness *w, const char *dir, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct ex_reader r;
	struct ex_span line;
	char path[EX_PATH];
	int rc;

	w->nlogs = 0;
	if (ex_path_join(path, EX_PATH, dir, "logs", err) == -1)
		return -1;
	rc = ex_file_read(&text, path, LOGS_MAX, &why);
	if (rc == -1 && why.code == EX_ABSENT)
		return 0;
	ex_reader_init(&r, text.data, text.len);
	while (rc == 0 && r.left > 0) {
		rc = ex_read_line(&r, &line, &why);
		if (rc == 0)
			rc = add_log(w, line, &why);
	}
	ex_buf_free(&text);
	if (rc == -1)
		return ex_fail(err, why.code, "%s: %s", path, why.text);
	return 0;
}

/* The whole list again, with one more; nothing is forgotten. */
int
ex_witness_follow(const char *dir, const char *vkey, struct ex_err *err)
{
	struct ex_witness w = { .nlogs = 0 };
	struct ex_span line = { (const uint8_t *)vkey, strlen(vkey) };
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_PATH], one[EX_VKEY_TEXT];
	int rc = -1;

	if (read_logs(&w, dir, err) == -1)
		return -1;
	for (size_t i = 0; i < w.nlogs; i++) {
		if (ex_vkey_text(one, &w.log[i], err) == -1)
			return -1;
		if (strcmp(one, vkey) == 0)
			return 0;
	}
	if (add_log(&w, line, err) == -1)
		return -1;
	for (size_t i = 0; i < w.nlogs; i++) {
		if (ex_vkey_text(one, &w.log[i], err) == -1 ||
		    ex_buf_addf(&text, err, "%s\n", one) == -1)
			goto out;
	}
	if (ex_path_join(path, EX_PATH, dir, "logs", err) == 0)
		rc = ex_file_write(path, text.data, text.len, 0644, err);
out:
	ex_buf_free(&text);
	return rc;
}

/* Key and verifier key must be one pair. */
static int
load_key(struct ex_witness_folder *f, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_witness *w = &f->witness;
	char path[EX_PATH];
	struct ex_vkey of;
	size_t n;
	int rc = -1;

	if (ex_path_join(path, EX_PATH, f->dir, "witness.key", err) == -1 ||
	    ex_key_load(&w->key, path, NULL, err) == -1 ||
	    ex_path_join(path, EX_PATH, f->dir, "witness.vkey", err) == -1 ||
	    ex_file_read(&text, path, EX_VKEY_TEXT, err) == -1)
		goto out;
	n = strcspn(ex_buf_text(&text), "\n");
	ex_buf_cut(&text, n < text.len ? n : text.len);
	if (ex_vkey_read(&w->own, ex_buf_text(&text), err) == -1 ||
	    ex_vkey_of(&of, w->own.name, EX_NOTE_COSIGNATURE, w->key, err) ==
		-1)
		goto out;
	if (w->own.type != EX_NOTE_COSIGNATURE ||
	    memcmp(of.key, w->own.key, sizeof(of.key)) != 0)
		(void)ex_fail(err, EX_DAMAGED,
		    "%s is not the verifier key of witness.key", path);
	else
		rc = 0;
out:
	ex_buf_free(&text);
	return rc;
}

/* The key that was replaced, while it is not retired. */
static int
load_old(struct ex_witness_folder *f, struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_path_join(path, EX_PATH, f->dir, "witness.old.key", err) == -1)
		return -1;
	return ex_file_exists(path)
		   ? ex_key_load(&f->witness.old_key, path, NULL, err)
		   : 0;
}

int
ex_witness_open(
    struct ex_witness_folder *out, const char *dir, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char path[EX_PATH];

	memset(out, 0, sizeof(*out));
	out->lock = -1;
	out->witness.store.arg = out;
	out->witness.store.load = load;
	out->witness.store.save = save;
	out->witness.store.keep = keep;
	if (ex_path_join(out->dir, EX_PATH, dir, "", err) == -1 ||
	    load_key(out, err) == -1 || load_old(out, err) == -1 ||
	    read_logs(&out->witness, dir, err) == -1 ||
	    ex_path_join(path, EX_PATH, dir, "witness.lock", err) == -1)
		return -1;
	if ((out->lock = ex_file_lock(path, &why)) == -1)
		return ex_fail(err, why.code, "%s",
		    why.code == EX_CONFLICT
			? "another process works on this folder"
			: why.text);
	return 0;
}

void
ex_witness_close(struct ex_witness_folder *f)
{
	ex_key_free(f->witness.key);
	ex_key_free(f->witness.old_key);
	if (f->lock != -1)
		(void)close(f->lock);
	memset(f, 0, sizeof(*f));
	f->lock = -1;
}
