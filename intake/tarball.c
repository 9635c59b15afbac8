/*
 * tarball.c -- a folder as a GNU tar stream.
 */
#define _GNU_SOURCE /* O_NOATIME */
#include "intake/tarball.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "hashing/digest.h"
#include "hashing/hashes.h"

enum {
	BLOCK = 512,
	NAME_FIELD = 100, /* bytes of a name or link in a header */
	STEP = 1 << 20,
	RECORD = 20 * BLOCK /* tar ends on a multiple of it */
};

/* A header as POSIX.1-1988 has it, with GNU's magic. */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12];
	char sum[8], type, link[100], magic[8], owner[32], group[32];
	char major[8], minor[8], rest[167];
};

struct walk {
	struct ex_tarball *t;
	const char *root;
	char **todo; /* names below root, "./a/b"; the next at the end */
	size_t n, cap;
	const char *dir; /* being listed */
	uint8_t *buf;
	uint64_t written;
};

static int
put(struct walk *w, const void *data, size_t n, struct ex_err *err)
{
	if (w->t->stop != NULL && *w->t->stop != 0)
		return ex_fail(err, EX_STATE, "stopped");
	w->written += n;
	return w->t->put(w->t->arg, data, n, err);
}

static int
pad(struct walk *w, uint64_t multiple, struct ex_err *err)
{
	static const uint8_t zeroes[BLOCK];
	uint64_t left = (multiple - w->written % multiple) % multiple;

	while (left > 0) {
		size_t n = left < BLOCK ? (size_t)left : BLOCK;

		if (put(w, zeroes, n, err) == -1)
			return -1;
		left -= n;
	}
	return 0;
}

/* A number in octal, or as GNU does it in base 256 where it is too large. */
static void
put_number(char *field, size_t size, int64_t value)
{
	if (value >= 0 && value < INT64_C(1) << (3 * (size - 1))) {
		(void)snprintf(
		    field, size, "%0*" PRIo64, (int)size - 1, (uint64_t)value);
		return;
	}
	for (size_t i = size; i-- > 1;) {
		field[i] = (char)(uint8_t)(value & 0xff);
		value >>= 8;
	}
	field[0] = value < 0 ? (char)0xff : (char)0x80;
}

static int
put_header(struct walk *w, struct header *h, struct ex_err *err)
{
	const uint8_t *p = (const uint8_t *)h;
	unsigned sum = 0;

	memcpy(h->magic, "ustar  ", 8);
	memset(h->sum, ' ', sizeof(h->sum));
	for (size_t i = 0; i < sizeof(*h); i++)
		sum += p[i];
	(void)snprintf(h->sum, sizeof(h->sum), "%06o", sum);
	return put(w, h, sizeof(*h), err);
}

/* A name or link longer than its field has an entry of its own before. */
static int
put_long(struct walk *w, char type, const char *text, struct ex_err *err)
{
	size_t n = strlen(text) + 1;
	struct header h;

	if (n <= NAME_FIELD)
		return 0;
	memset(&h, 0, sizeof(h));
	memcpy(h.name, "././@LongLink", sizeof("././@LongLink"));
	put_number(h.mode, sizeof(h.mode), 0644);
	put_number(h.uid, sizeof(h.uid), 0);
	put_number(h.gid, sizeof(h.gid), 0);
	put_number(h.size, sizeof(h.size), (int64_t)n);
	put_number(h.mtime, sizeof(h.mtime), 0);
	h.type = type;
	if (put_header(w, &h, err) == -1 || put(w, text, n, err) == -1)
		return -1;
	return pad(w, BLOCK, err);
}

static void
put_text(char *field, size_t size, const char *text)
{
	size_t n = strlen(text);

	memcpy(field, text, n < size ? n : size);
}

static int
put_entry(struct walk *w, char type, const char *name, const char *link,
    const struct stat *st, struct ex_err *err)
{
	struct header h;

	memset(&h, 0, sizeof(h));
	put_text(h.name, sizeof(h.name), name);
	put_text(h.link, sizeof(h.link), link);
	put_number(h.mode, sizeof(h.mode), st->st_mode & 07777);
	put_number(h.uid, sizeof(h.uid), st->st_uid);
	put_number(h.gid, sizeof(h.gid), st->st_gid);
	put_number(h.size, sizeof(h.size), type == '0' ? st->st_size : 0);
	put_number(h.mtime, sizeof(h.mtime), st->st_mtime);
	h.type = type;
	if (put_long(w, 'L', name, err) == -1 ||
	    put_long(w, 'K', link, err) == -1)
		return -1;
	return put_header(w, &h, err);
}

/* Remember the first of what is not in it. */
static void
leave_out(struct walk *w, const char *name, const char *why)
{
	char shown[128];

	if (w->t->left_out++ > 0)
		return;
	(void)ex_text_shown(shown, sizeof(shown), name);
	(void)snprintf(w->t->first, sizeof(w->t->first), "%s: %s", shown, why);
}

/* Exactly the bytes that the header promised. */
static int
put_bytes(struct walk *w, int fd, const char *path, uint64_t size,
    struct ex_digest *d, struct ex_err *err)
{
	uint64_t done = 0;

	for (;;) {
		ssize_t n = read(fd, w->buf, STEP);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return ex_fail_errno(err, "%s", path);
		if (n == 0)
			break;
		if ((uint64_t)n > size - done)
			return ex_fail(
			    err, EX_DAMAGED, "%s grew while it was read", path);
		if (put(w, w->buf, (size_t)n, err) == -1 ||
		    ex_digest_add(d, w->buf, (size_t)n, err) == -1)
			return -1;
		done += (uint64_t)n;
	}
	if (done != size)
		return ex_fail(
		    err, EX_DAMAGED, "%s shrank while it was read", path);
	return pad(w, BLOCK, err);
}

static int
put_content(struct walk *w, int fd, const char *path, const char *name,
    const struct stat *st, struct ex_err *err)
{
	struct ex_digest_value value[EX_ALGS];
	struct ex_digest *d = NULL;
	size_t n;
	int rc = -1;

	if (ex_digest_new(&d, EX_ALG_BIT(EX_SHA256), err) == 0 &&
	    put_entry(w, '0', name, "", st, err) == 0 &&
	    put_bytes(w, fd, path, (uint64_t)st->st_size, d, err) == 0 &&
	    ex_digest_end(d, value, &n, NULL, err) == 0)
		rc = ex_hashes_put_gnu(&w->t->list, &value[0], name, err);
	ex_digest_free(d);
	w->t->files++;
	return rc;
}

static int
put_file(struct walk *w, const char *path, const char *name, struct ex_err *err)
{
	const int flags =
	    O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW;
	struct stat st;
	int fd = open(path, flags | O_NOATIME), rc;

	if (fd == -1 && errno == EPERM)
		fd = open(path, flags);
	if (fd == -1 || fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		leave_out(w, name, fd == -1 ? strerror(errno) : "no file");
		if (fd != -1)
			(void)close(fd);
		return 0;
	}
	rc = put_content(w, fd, path, name, &st, err);
	(void)close(fd);
	return rc;
}

static int
put_link(struct walk *w, const char *path, const char *name,
    const struct stat *st, struct ex_err *err)
{
	char link[EX_PATH];
	ssize_t n = readlink(path, link, sizeof(link) - 1);

	if (n == -1) {
		leave_out(w, name, strerror(errno));
		return 0;
	}
	link[n] = '\0';
	return put_entry(w, '2', name, link, st, err);
}

static int
remember(void *arg, const char *name, struct ex_err *err)
{
	struct walk *w = arg;
	size_t room = strlen(w->dir) + strlen(name) + 2;

	if (w->n == w->cap) {
		size_t cap = w->cap == 0 ? 64 : w->cap * 2;
		char **more = realloc(w->todo, cap * sizeof(*more));

		if (more == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		w->todo = more;
		w->cap = cap;
	}
	if ((w->todo[w->n] = malloc(room)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	(void)snprintf(w->todo[w->n++], room, "%s/%s", w->dir, name);
	return 0;
}

/* The folder itself, and its names to be done next, the first of them last. */
static int
put_folder(struct walk *w, const char *path, const char *name,
    const struct stat *st, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char slashed[EX_PATH + 2];
	size_t from = w->n;

	(void)snprintf(slashed, sizeof(slashed), "%s/", name);
	if (put_entry(w, '5', slashed, "", st, err) == -1)
		return -1;
	w->dir = name;
	if (ex_dir_each(path, remember, w, &why) == -1)
		leave_out(w, name, why.text);
	for (size_t a = from, b = w->n; a + 1 < b; a++, b--) {
		char *swap = w->todo[a];

		w->todo[a] = w->todo[b - 1];
		w->todo[b - 1] = swap;
	}
	return 0;
}

static int
put_name(struct walk *w, const char *name, struct ex_err *err)
{
	char path[EX_PATH];
	struct stat st;

	if (ex_path_join(path, sizeof(path), w->root, name, NULL) == -1) {
		leave_out(w, name, "its path is too long");
		return 0;
	}
	if (lstat(path, &st) == -1) {
		leave_out(w, name, strerror(errno));
		return 0;
	}
	if (S_ISREG(st.st_mode))
		return put_file(w, path, name, err);
	if (S_ISDIR(st.st_mode))
		return put_folder(w, path, name, &st, err);
	if (S_ISLNK(st.st_mode))
		return put_link(w, path, name, &st, err);
	leave_out(w, name, "neither file, folder nor symbolic link");
	return 0;
}

static int
put_end(struct walk *w, struct ex_err *err)
{
	static const uint8_t zeroes[2 * BLOCK];

	if (put(w, zeroes, sizeof(zeroes), err) == -1)
		return -1;
	return pad(w, RECORD, err);
}

int
ex_tarball_write(struct ex_tarball *t, const char *root, struct ex_err *err)
{
	struct walk w = { .t = t, .root = root };
	struct stat st;
	int rc = -1;

	if ((w.buf = malloc(STEP)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (stat(root, &st) == -1)
		(void)ex_fail_errno(err, "%s", root);
	else
		rc = put_folder(&w, root, ".", &st, err);
	while (rc == 0 && w.n > 0) {
		char *name = w.todo[--w.n];

		rc = put_name(&w, name, err);
		free(name);
	}
	if (rc == 0)
		rc = put_end(&w, err);
	while (w.n > 0)
		free(w.todo[--w.n]);
	free(w.todo);
	free(w.buf);
	return rc;
}
