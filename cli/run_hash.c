/*
 * run_hash.c -- exhibit hash: digests of files, all algorithms in one pass.
 */
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/run_hash.h"
#include "cli/runs.h"
#include "cli/value.h"
#include "hashing/hashes.h"
#include "intake/hash_files.h"

enum format {
	FORMAT_GNU,
	FORMAT_HASHDEEP,
	FORMAT_DFXML
};

static const char *const formats[] = { "gnu", "hashdeep", "dfxml", NULL };

struct listing {
	struct cli *cli;
	unsigned algs;
	enum format format;
	struct ex_json *files; /* array, for the summary */
	struct hash_trouble trouble;
};

void
cli_hash_trouble(
    struct cli *cli, struct hash_trouble *t, const struct ex_err *why)
{
	/* One error is the command's; of several each is said at once. */
	if (t->n++ == 0) {
		t->first = *why;
		return;
	}
	if (t->n == 2)
		cli_complain(cli, &t->first);
	cli_complain(cli, why);
}

int
cli_hash_troubled(const struct hash_trouble *t, struct ex_err *err)
{
	if (t->n == 1)
		return ex_fail(err, t->first.code, "%s", t->first.text);
	if (t->n > 1)
		return ex_fail(err, EX_SYSTEM,
		    "%zu of what was named could not be read", t->n);
	return 0;
}

const char *
cli_hash_name(char *shown, size_t size, const char *name)
{
	if (!isatty(STDOUT_FILENO) ||
	    ex_text_canonical(name, strlen(name), NULL) == 0)
		return name;
	return ex_text_shown(shown, size, name);
}

/* The line or lines of a file, as the format has them. */
static int
put_lines(struct ex_buf *out, const struct listing *l,
    const struct ex_hashed *f, struct ex_err *err)
{
	char shown[4 * EX_PATH];
	const char *name = cli_hash_name(shown, sizeof(shown), f->path);

	if (l->format == FORMAT_HASHDEEP)
		return ex_hashes_put_hashdeep(
		    out, f->bytes, f->digest, f->ndigests, name, err);
	if (l->format == FORMAT_DFXML)
		return ex_hashes_put_dfxml(
		    out, f->bytes, f->digest, f->ndigests, name, err);
	if (f->ndigests == 1)
		return ex_hashes_put_gnu(out, &f->digest[0], name, err);
	for (size_t i = 0; i < f->ndigests; i++)
		if (ex_hashes_put_tagged(out, &f->digest[i], name, err) == -1)
			return -1;
	return 0;
}

static int
put_row(struct ex_json *files, const struct ex_hashed *f, struct ex_err *err)
{
	struct ex_json *row = ex_json_object();
	char shown[4 * EX_PATH];
	int rc;

	/* A name that is not UTF-8 is given as it is shown. */
	rc = ex_json_set_text(
	    row, "path", ex_text_shown(shown, sizeof(shown), f->path), err);
	if (rc == 0)
		rc = ex_json_set_int(row, "bytes", (int64_t)f->bytes, err);
	for (size_t i = 0; rc == 0 && i < f->ndigests; i++)
		rc = ex_json_set_hex(row, ex_alg_name(f->digest[i].alg),
		    f->digest[i].value, f->digest[i].len, err);
	if (rc == 0)
		return ex_json_add(files, row, err);
	ex_json_free(row);
	return -1;
}

static int
tell(void *arg, const struct ex_hashed *f, struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	struct listing *l = arg;
	int rc;

	if (f->result == EX_HASHED_LEFT_OUT) {
		cli_complain(l->cli, &f->why);
		return 0;
	}
	if (f->result != EX_HASHED_OK) {
		cli_hash_trouble(l->cli, &l->trouble, &f->why);
		return 0;
	}
	rc = put_lines(&out, l, f, err);
	if (rc == 0)
		cli_text(l->cli, ex_buf_text(&out));
	ex_buf_free(&out);
	/* Rows are for programs; nobody else keeps a million of them. */
	return rc == 0 && l->cli->json ? put_row(l->files, f, err) : rc;
}

static int
put_head(const struct listing *l, struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	int rc = 0;

	if (l->format == FORMAT_HASHDEEP)
		rc = ex_hashes_put_hashdeep_head(&out, l->algs, err);
	else if (l->format == FORMAT_DFXML)
		rc = ex_hashes_put_dfxml_head(&out, "exhibit " EX_VERSION, err);
	if (rc == 0)
		cli_text(l->cli, ex_buf_text(&out));
	ex_buf_free(&out);
	return rc;
}

static int
put_end(const struct listing *l, struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	int rc = 0;

	if (l->format == FORMAT_DFXML)
		rc = ex_hashes_put_dfxml_end(&out, err);
	if (rc == 0)
		cli_text(l->cli, ex_buf_text(&out));
	ex_buf_free(&out);
	return rc;
}

static int
take_format(struct listing *l, struct ex_err *err)
{
	const char *format = cli_option(l->cli, "format");
	int i;

	if (format == NULL)
		return 0;
	if ((i = ex_text_index(format, formats)) == -1)
		return ex_fail(err, EX_USAGE,
		    "--format is gnu, hashdeep or dfxml, not \"%.20s\"",
		    format);
	l->format = (enum format)i;
	return 0;
}

int
cli_hash_options(struct cli *cli, struct ex_hash_files *h, struct ex_err *err)
{
	const char *list = cli_option(cli, "algorithms");
	uint64_t threads = 0;

	h->path = cli->arg;
	h->npaths = cli->nargs;
	h->recursive = cli_flag(cli, "recursive");
	if ((list != NULL && ex_alg_parse_list(&h->algs, list, err) == -1) ||
	    cli_number(cli, &threads, "threads", 64, err) == -1)
		return -1;
	h->threads = (unsigned)threads;
	return 0;
}

static int
list_files(struct cli *cli, struct ex_err *err)
{
	struct ex_hash_files h = { .algs = EX_ALG_BIT(EX_SHA256),
		.tell = tell };
	struct listing l = { .cli = cli };
	int rc = -1;

	h.arg = &l;
	if (cli->nargs == 0)
		(void)ex_fail(err, EX_USAGE, "of which files?");
	else if (ex_json_set(cli->summary, "files", l.files = ex_json_array(),
		     err) == 0 &&
		 cli_hash_options(cli, &h, err) == 0 &&
		 take_format(&l, err) == 0) {
		l.algs = h.algs;
		rc = put_head(&l, err);
	}
	if (rc == 0)
		rc = ex_hash_files(&h, err);
	if (rc == 0)
		rc = put_end(&l, err);
	return rc == 0 && cli_hash_troubled(&l.trouble, err) == 0 ? CLI_OK : -1;
}

int
cli_run_hash(struct cli *cli, struct ex_err *err)
{
	return cli_option(cli, "check") != NULL ? cli_hash_check(cli, err)
						: list_files(cli, err);
}
