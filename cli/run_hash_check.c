/*
 * run_hash_check.c -- exhibit hash --check: files against a list that
 * md5sum and its kin or hashdeep wrote.
 *
 * Without files, every listed one is read and said to be OK or not, as
 * coreutils do; with files, they are told as hashdeep's audit does.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/run_hash.h"
#include "hashing/hashes_audit.h"
#include "intake/hash_files.h"

struct checking {
	struct cli *cli;
	struct ex_hashes list;
	struct ex_audit *audit;
	struct ex_json *files;
	size_t next; /* of the list */
	size_t count[EX_AUDIT_WORDS], found;
	struct hash_trouble trouble;
};

/* "NAME: WORD", and where it was before; a row for programs. */
static int
say(struct checking *c, const char *name, const char *word, const char *listed,
    struct ex_err *err)
{
	char shown[4 * EX_PATH], was[4 * EX_PATH];
	struct ex_buf out = EX_BUF_INIT;
	struct ex_json *row;
	int rc;

	rc = ex_hashes_put_name(
	    &out, cli_hash_name(shown, sizeof(shown), name), err);
	if (rc == 0)
		rc = ex_buf_addf(
		    &out, err, ": %s%s", word, listed == NULL ? "" : " from ");
	if (rc == 0 && listed != NULL)
		rc = ex_hashes_put_name(
		    &out, cli_hash_name(was, sizeof(was), listed), err);
	if (rc == 0)
		rc = ex_buf_add_byte(&out, '\n', err);
	if (rc == 0)
		cli_text(c->cli, ex_buf_text(&out));
	ex_buf_free(&out);
	if (rc == -1 || !c->cli->json)
		return rc;
	row = ex_json_object();
	if (ex_json_set_text(row, "path",
		ex_text_shown(shown, sizeof(shown), name), err) == -1 ||
	    ex_json_set_text(row, "result", word, err) == -1 ||
	    (listed != NULL &&
		ex_json_set_text(row, "listed",
		    ex_text_shown(was, sizeof(was), listed), err) == -1)) {
		ex_json_free(row);
		return -1;
	}
	return ex_json_add(c->files, row, err);
}

/* One of the list's own files, in its order. */
static int
check_listed(void *arg, const struct ex_hashed *f, struct ex_err *err)
{
	struct checking *c = arg;
	const struct ex_hashes_file *want = &c->list.file[c->next++];
	int same;

	if (f->result == EX_HASHED_FAILED)
		cli_hash_trouble(c->cli, &c->trouble, &f->why);
	if (f->result != EX_HASHED_OK) {
		c->count[EX_AUDIT_MISSING] += f->result == EX_HASHED_ABSENT;
		c->found++;
		return say(c, f->path, "FAILED open or read", NULL, err);
	}
	same = ex_hashes_is(want, f->bytes, f->digest, f->ndigests);
	c->count[same ? EX_AUDIT_MATCHED : EX_AUDIT_DIFFERS]++;
	c->found += !same;
	return say(c, f->path, same ? "OK" : "FAILED", NULL, err);
}

static int
check_list(struct checking *c, struct ex_hash_files *h, struct ex_err *err)
{
	const char **path = calloc(c->list.n + 1, sizeof(*path));
	int rc;

	if (path == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < c->list.n; i++)
		path[i] = c->list.file[i].name;
	h->path = path;
	h->npaths = c->list.n;
	h->recursive = 0;
	h->tell = check_listed;
	h->arg = c;
	rc = ex_hash_files(h, err);
	free(path);
	return rc;
}

static int
take_file(void *arg, const struct ex_hashed *f, struct ex_err *err)
{
	struct checking *c = arg;

	if (f->result == EX_HASHED_LEFT_OUT) {
		cli_complain(c->cli, &f->why);
		return 0;
	}
	if (f->result == EX_HASHED_OK)
		return ex_audit_file(
		    c->audit, f->path, f->bytes, f->digest, f->ndigests, err);
	cli_hash_trouble(c->cli, &c->trouble, &f->why);
	return f->result == EX_HASHED_ABSENT
		   ? 0
		   : ex_audit_unread(c->audit, f->path, err);
}

static int
tell_audit(void *arg, enum ex_audited what, const char *name,
    const char *listed, struct ex_err *err)
{
	struct checking *c = arg;

	c->count[what]++;
	c->found += what != EX_AUDIT_MATCHED && what != EX_AUDIT_KNOWN;
	return say(c, name, ex_audit_word(what), listed, err);
}

static int
audit(struct checking *c, struct ex_hash_files *h, struct ex_err *err)
{
	char dir[EX_PATH];
	int rc;

	if (getcwd(dir, sizeof(dir)) == NULL)
		return ex_fail_errno(err, "the working folder");
	if (ex_audit_new(&c->audit, &c->list, dir, err) == -1)
		return -1;
	h->tell = take_file;
	h->arg = c;
	rc = ex_hash_files(h, err);
	if (rc == 0)
		rc = ex_audit_tell(c->audit, tell_audit, c, err);
	ex_audit_free(c->audit);
	return rc;
}

static int
read_list(
    struct checking *c, const char *path, unsigned algs, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_err wrong = EX_ERR_INIT;
	int rc =
	    strcmp(path, "-") == 0
		? ex_fd_read_all(&text, STDIN_FILENO, EX_HASH_LIST_MAX, err)
		: ex_file_read(&text, path, EX_HASH_LIST_MAX, err);

	if (rc == 0 && ex_hashes_parse(&c->list, ex_buf_text(&text), text.len,
			   algs, err) == -1)
		rc = ex_while(err, path);
	ex_buf_free(&text);
	if (rc == 0 && c->list.nwrong > 0) {
		(void)ex_fail(&wrong, EX_FORMAT,
		    "%s: %zu lines are of no list of digests, first line %zu",
		    path, c->list.nwrong, c->list.wrong);
		cli_hash_trouble(c->cli, &c->trouble, &wrong);
	}
	return rc;
}

static int
put_counts(struct checking *c, struct ex_err *err)
{
	struct ex_json *set = ex_json_object();

	if (ex_json_set(c->cli->summary, "counts", set, err) == -1)
		return -1;
	for (int i = 0; i < EX_AUDIT_WORDS; i++)
		if (ex_json_set_int(set, ex_audit_word((enum ex_audited)i),
			(int64_t)c->count[i], err) == -1)
			return -1;
	return ex_json_set_int(set, "unreadable", (int64_t)c->trouble.n, err);
}

int
cli_hash_check(struct cli *cli, struct ex_err *err)
{
	struct checking c = { .cli = cli };
	struct ex_hash_files h = { 0 };
	int rc = -1;

	if (cli_option(cli, "format") != NULL)
		(void)ex_fail(err, EX_USAGE,
		    "--check reads gnu and hashdeep lists as they are: leave "
		    "--format out");
	else if (ex_json_set(cli->summary, "files", c.files = ex_json_array(),
		     err) == 0 &&
		 cli_hash_options(cli, &h, err) == 0 &&
		 read_list(&c, cli_option(cli, "check"), h.algs, err) == 0) {
		h.algs = c.list.algs;
		rc = cli->nargs == 0 ? check_list(&c, &h, err)
				     : audit(&c, &h, err);
	}
	if (rc == 0)
		rc = put_counts(&c, err);
	ex_hashes_free(&c.list);
	if (rc == -1 || cli_hash_troubled(&c.trouble, err) == -1)
		return -1;
	return c.found > 0 ? CLI_FOUND : CLI_OK;
}
