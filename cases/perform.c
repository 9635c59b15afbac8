/*
 * perform.c -- an act of people, from the desk to the summary.
 */
#include "cases/perform.h"

#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/limits.h"
#include "intake/vault.h"

static int
add_file(struct ex_files *files, const char *path, struct ex_err *err)
{
	size_t cap = files->cap == 0 ? 8 : files->cap * 2;
	uint8_t sha256[EX_SHA256_LEN];
	struct ex_file *more;
	uint64_t n;

	if (files->n == files->cap) {
		more = realloc(files->file, cap * sizeof(*more));
		if (more == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		files->file = more;
		files->cap = cap;
	}
	if (ex_sha256_file(sha256, &n, path, err) == -1)
		return ex_while(err, path);
	if (n > EX_VAULT_FILE_MAX)
		return ex_fail(err, EX_LIMIT,
		    "%s: larger than an attachment may be; import it", path);
	files->file[files->n].path = path;
	ex_hex(files->file[files->n].sha256, sha256, sizeof(sha256));
	files->n++;
	return 0;
}

int
ex_files_name(struct ex_files *files, const char *path,
    char sha256[EX_SHA256_HEX], struct ex_err *err)
{
	size_t i = 0;

	while (i < files->n && strcmp(files->file[i].path, path) != 0)
		i++;
	if (i == files->n && add_file(files, path, err) == -1)
		return -1;
	memcpy(sha256, files->file[i].sha256, EX_SHA256_HEX);
	return 0;
}

void
ex_files_free(struct ex_files *files)
{
	free(files->file);
	memset(files, 0, sizeof(*files));
}

/* A digest by hand is one of a file that lies elsewhere. */
static int
is_digest(const char *text)
{
	uint8_t sha256[EX_SHA256_LEN];

	return ex_hex_read(sha256, sizeof(sha256), text, NULL) == 0;
}

/* A file that lies elsewhere may be named by its digest, and only so. */
static int
put_plain(struct ex_member *m, const struct ex_given *given, struct ex_err *err)
{
	int photos = strcmp(given->name, "photos") == 0;

	if ((photos || strcmp(given->name, "attachments") == 0) &&
	    !is_digest(given->value))
		return ex_fail(err, EX_USAGE,
		    "--%s is a SHA-256; a file is named with --%s", given->name,
		    photos ? "photo" : "attach");
	return ex_given_put(m, given, err);
}

int
ex_files_put(struct ex_files *files, struct ex_member *m,
    const struct ex_given *given, struct ex_err *err)
{
	struct ex_given digest = { given->name, NULL };
	char sha256[EX_SHA256_HEX];

	if (strcmp(given->name, "photo") == 0)
		digest.name = "photos";
	else if (strcmp(given->name, "attach") == 0)
		digest.name = "attachments";
	else if (is_digest(given->value) ||
		 strcmp(given->name, "document") != 0)
		return put_plain(m, given, err);
	if (ex_files_name(files, given->value, sha256, err) == -1)
		return -1;
	digest.value = sha256;
	return ex_given_put(m, &digest, err);
}

int
ex_files_put_all(struct ex_files *files, struct ex_member *m,
    const struct ex_given *given, size_t n, struct ex_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (ex_files_put(files, m, &given[i], err) == -1)
			return -1;
	return 0;
}

int
ex_files_keep(
    struct ex_house *house, const struct ex_files *files, struct ex_err *err)
{
	char vault[EX_PATH], sha256[EX_SHA256_HEX];

	if (ex_house_path(vault, house, "vault", err) == -1)
		return -1;
	for (size_t i = 0; i < files->n; i++) {
		const struct ex_file *f = &files->file[i];

		if (ex_vault_put_file(sha256, NULL, vault, EX_VAULT_ATTACHMENTS,
			NULL, f->path, err) == -1)
			return -1;
		if (strcmp(sha256, f->sha256) != 0)
			return ex_fail(err, EX_DAMAGED,
			    "%s changed while it was read", f->path);
	}
	return 0;
}

int
ex_perform_do(struct ex_outcome *out, struct ex_house *house,
    struct ex_request *r, enum ex_act act, const struct ex_files *files,
    struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	if (ex_request_seat_desk(r, house, act, err) == -1)
		return -1;
	if (files != NULL && files->n > 0 &&
	    (ex_act_check(house, r, err) == -1 ||
		ex_files_keep(house, files, err) == -1))
		return -1;
	return ex_act_do(out, house, r, err);
}

int
ex_perform(struct ex_json *summary, int *status, struct ex_house *house,
    struct ex_request *r, enum ex_act act, const struct ex_files *files,
    struct ex_err *err)
{
	struct ex_outcome o;
	int rc = -1;

	if (ex_perform_do(&o, house, r, act, files, err) == 0)
		rc = ex_outcome_json(summary, status, &o, err);
	ex_outcome_free(&o);
	return rc;
}
