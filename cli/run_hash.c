/*
 * run_hash.c -- exhibit hash: digests of files, all algorithms in one pass.
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/runs.h"
#include "hashing/digest.h"

enum {
	BLOCK = 1024 * 1024
};

/* What is still to be done: paths, folders among them. */
struct todo {
	char **path;
	size_t n, cap;
	const char *dir; /* being listed */
};

struct hashing {
	struct cli *cli;
	unsigned algs;
	int recursive;
	uint8_t *block;
	struct ex_json *files; /* array, for the summary */
	size_t failed;
	struct ex_err first; /* told at the end, when it is the only one */
};

static int
todo_add(struct todo *t, const char *path, struct ex_err *err)
{
	if (t->n == t->cap) {
		size_t cap = t->cap == 0 ? 64 : t->cap * 2;
		char **more = realloc(t->path, cap * sizeof(*more));

		if (more == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		t->path = more;
		t->cap = cap;
	}
	if ((t->path[t->n] = strdup(path)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	t->n++;
	return 0;
}

static int
todo_add_name(void *arg, const char *name, struct ex_err *err)
{
	struct todo *t = arg;
	char path[EX_PATH];

	if (ex_path_join(path, sizeof(path), t->dir, name, err) == -1)
		return -1;
	return todo_add(t, path, err);
}

/* Feed what is left of fd; a read error names the file and ends it. */
static int
feed(struct hashing *h, struct ex_digest *d, int fd, struct ex_err *err)
{
	ssize_t n;

	while ((n = read(fd, h->block, BLOCK)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return ex_fail_errno(err, "read");
		if (ex_digest_add(d, h->block, (size_t)n, err) == -1)
			return -1;
	}
	return 0;
}

static int
say_file(struct hashing *h, const char *path, uint64_t nbytes,
    const struct ex_digest_value *value, size_t n, struct ex_err *err)
{
	struct ex_json *row = ex_json_object();
	char hex[2 * EX_DIGEST_MAX + 1];
	char shown[EX_PATH];

	if (row == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	/* A name that is not UTF-8 is given as it is shown. */
	(void)ex_text_shown(shown, sizeof(shown), path);
	if (ex_json_set_text(row, "path", shown, err) == -1 ||
	    ex_json_set_int(row, "bytes", (int64_t)nbytes, err) == -1) {
		ex_json_free(row);
		return -1;
	}
	for (size_t i = 0; i < n; i++) {
		ex_hex(hex, value[i].value, value[i].len);
		if (n == 1)
			cli_line(h->cli, "%s  %s", hex, shown);
		else
			cli_line(h->cli, "%s  %s  %s",
			    ex_alg_name(value[i].alg), hex, shown);
		if (ex_json_set_text(
			row, ex_alg_name(value[i].alg), hex, err) == -1) {
			ex_json_free(row);
			return -1;
		}
	}
	return ex_json_add(h->files, row, err);
}

static int
hash_fd(struct hashing *h, const char *path, int fd, struct ex_err *err)
{
	struct ex_digest_value value[EX_ALGS];
	struct ex_digest *d = NULL;
	uint64_t nbytes;
	size_t n;
	int rc = -1;

	if (ex_digest_new_fast(&d, h->algs, err) == 0 &&
	    feed(h, d, fd, err) == 0 &&
	    ex_digest_end(d, value, &n, &nbytes, err) == 0)
		rc = say_file(h, path, nbytes, value, n, err);
	ex_digest_free(d);
	return rc;
}

/* One path: a file's digests, or a folder's names to be done later. */
static int
hash_path(
    struct hashing *h, struct todo *t, const char *path, struct ex_err *err)
{
	struct stat st;
	int fd, rc;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd == -1 || fstat(fd, &st) == -1) {
		rc = ex_fail_errno(err, "%s", path);
		if (fd != -1)
			(void)close(fd);
		return rc;
	}
	if (S_ISDIR(st.st_mode) && h->recursive) {
		t->dir = path;
		rc = ex_dir_each(path, todo_add_name, t, err);
	} else if (S_ISDIR(st.st_mode)) {
		rc = ex_fail(err, EX_USAGE, "%s: a folder; give -r", path);
	} else if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) {
		rc = ex_fail(
		    err, EX_SYSTEM, "%s: neither a file nor a disk", path);
	} else if ((rc = hash_fd(h, path, fd, err)) == -1) {
		(void)ex_while(err, path);
	}
	(void)close(fd);
	return rc;
}

/* One error is the command's; of several each is said at once. */
static void
failed(struct hashing *h, const struct ex_err *why)
{
	if (h->failed++ == 0) {
		h->first = *why;
		return;
	}
	if (h->failed == 2)
		cli_complain(h->cli, &h->first);
	cli_complain(h->cli, why);
}

/* All of them; what cannot be read does not end it. */
static int
hash_all(struct hashing *h, struct ex_err *err)
{
	struct todo t = { NULL, 0, 0, NULL };
	int rc = 0;

	for (size_t i = h->cli->nargs; rc == 0 && i > 0; i--)
		rc = todo_add(&t, h->cli->arg[i - 1], err);
	while (rc == 0 && t.n > 0) {
		struct ex_err one = EX_ERR_INIT;
		char *path = t.path[--t.n];
		size_t before = t.n;

		if (hash_path(h, &t, path, &one) == -1)
			failed(h, &one);
		/* A folder's names come sorted and are taken from the end. */
		for (size_t a = before, b = t.n; a + 1 < b; a++, b--) {
			char *swap = t.path[a];

			t.path[a] = t.path[b - 1];
			t.path[b - 1] = swap;
		}
		free(path);
	}
	while (t.n > 0)
		free(t.path[--t.n]);
	free(t.path);
	return rc;
}

int
cli_run_hash(struct cli *cli, struct ex_err *err)
{
	struct hashing h = { cli, EX_ALG_BIT(EX_SHA256), 0, NULL, NULL, 0,
		EX_ERR_INIT };
	const char *list = cli_option(cli, "algorithms");
	int rc = -1;

	if (list != NULL && ex_alg_parse_list(&h.algs, list, err) == -1)
		return -1;
	h.recursive = cli_flag(cli, "recursive");
	h.block = malloc(BLOCK);
	h.files = ex_json_array();
	if (h.block == NULL || h.files == NULL)
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
	else
		rc = hash_all(&h, err);
	free(h.block);
	if (rc == -1) {
		ex_json_free(h.files);
		return -1;
	}
	if (ex_json_set(cli->summary, "files", h.files, err) == -1)
		return -1;
	if (h.failed == 1)
		return ex_fail(err, h.first.code, "%s", h.first.text);
	if (h.failed > 0)
		return ex_fail(err, EX_SYSTEM,
		    "%zu of what was named could not be read", h.failed);
	return CLI_OK;
}
