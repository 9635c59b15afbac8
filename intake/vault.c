/*
 * vault.c -- files that are written once.
 */
#include "intake/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"

enum {
	DIR_MODE = 0755,
	FILE_MODE = 0444
};

static const char *const part_dir[] = {
	[EX_VAULT_ATTACHMENTS] = "attachments",
	[EX_VAULT_REPORTS] = "reports",
};

/* VAULT/sub or VAULT/sub/name, the folders made. */
static int
make_dir(char out[EX_PATH], const char *vault, const char *sub,
    const char *name, struct ex_err *err)
{
	char dir[EX_PATH];

	if (ex_path_join(dir, sizeof(dir), vault, sub, err) == -1 ||
	    ex_path_join(out, EX_PATH, dir, name, err) == -1)
		return -1;
	return ex_dir_make(name[0] == '\0' ? dir : out, DIR_MODE, err);
}

int
ex_vault_image_dir(
    char out[EX_PATH], const char *vault, const char *image, struct ex_err *err)
{
	if (!ex_text_item_ok(image))
		return ex_fail(
		    err, EX_USAGE, "\"%.60s\" is no name of an image", image);
	return make_dir(out, vault, "images", image, err);
}

/* Is it a digest in hexadecimal, and not some path? */
static int
is_digest(const char *text)
{
	return strlen(text) == EX_SHA256_HEX - 1 &&
	       strspn(text, "0123456789abcdef") == EX_SHA256_HEX - 1;
}

static int
file_path(char out[EX_PATH], const char *vault, enum ex_vault_part part,
    const char *ext, const char *sha256, struct ex_err *err)
{
	char name[EX_SHA256_HEX + 16], dir[EX_PATH];
	int n;

	if (!is_digest(sha256))
		return ex_fail(err, EX_USAGE, "\"%.70s\" is no digest", sha256);
	if (ext != NULL && (strlen(ext) > 8 || strchr(ext, '/') != NULL))
		return ex_fail(err, EX_USAGE, "\"%.20s\" is no extension", ext);
	n = snprintf(name, sizeof(name), "%s%s%s", sha256,
	    ext == NULL ? "" : ".", ext == NULL ? "" : ext);
	if (n < 0 || (size_t)n >= sizeof(name))
		return ex_fail(err, EX_LIMIT, "name too long");
	if (ex_path_join(dir, sizeof(dir), vault, part_dir[part], err) == -1)
		return -1;
	return ex_path_join(out, EX_PATH, dir, name, err);
}

/* What is there already under its digest must be that. */
static int
check_there(const char *path, const char *sha256, struct ex_err *err)
{
	struct ex_buf there = EX_BUF_INIT;
	char is[EX_SHA256_HEX];
	int rc = -1;

	if (ex_file_read(&there, path, EX_VAULT_FILE_MAX, err) == 0) {
		ex_sha256_hex(is, there.data, there.len);
		rc = strcmp(is, sha256) == 0
			 ? 0
			 : ex_fail(err, EX_DAMAGED,
			       "%s does not hold what its name says", path);
	}
	ex_buf_free(&there);
	return rc;
}

int
ex_vault_put(char sha256[EX_SHA256_HEX], const char *vault,
    enum ex_vault_part part, const char *ext, const void *data, size_t n,
    struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	char path[EX_PATH], dir[EX_PATH];

	ex_sha256_hex(sha256, data, n);
	if (file_path(path, vault, part, ext, sha256, err) == -1 ||
	    make_dir(dir, vault, part_dir[part], "", err) == -1)
		return -1;
	if (ex_file_create(path, data, n, FILE_MODE, &why) == 0)
		return 0;
	if (why.code == EX_EXISTS)
		return check_there(path, sha256, err);
	return ex_fail(err, why.code, "%s", why.text);
}

int
ex_vault_put_file(char sha256[EX_SHA256_HEX], uint64_t *size, const char *vault,
    enum ex_vault_part part, const char *ext, const char *path,
    struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc;

	rc = ex_file_read(&text, path, EX_VAULT_FILE_MAX, err);
	if (rc == 0 && size != NULL)
		*size = text.len;
	if (rc == 0)
		rc = ex_vault_put(sha256, vault, part, ext, ex_buf_text(&text),
		    text.len, err);
	ex_buf_free(&text);
	return rc;
}

int
ex_vault_open(int *fd, const char *vault, enum ex_vault_part part,
    const char *ext, const char *sha256, struct ex_err *err)
{
	char path[EX_PATH];

	*fd = -1;
	if (file_path(path, vault, part, ext, sha256, err) == -1)
		return -1;
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd != -1)
		return 0;
	if (errno == ENOENT)
		return ex_fail(err, EX_ABSENT, "%s is not in the vault", path);
	return ex_fail_errno(err, "%s", path);
}
