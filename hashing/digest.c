/*
 * digest.c -- names of the algorithms, and digests of whole files.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/text.h"
#include "hashing/digest.h"

enum {
	CHUNK = 1 << 20 /* bytes read at once from a file */
};

static const struct {
	const char *name;
	size_t len;
} algs[EX_ALGS] = {
	[EX_MD5] = { "md5", 16 },
	[EX_SHA1] = { "sha1", 20 },
	[EX_SHA256] = { "sha256", EX_SHA256_LEN },
	[EX_SHA512] = { "sha512", 64 },
	[EX_SHA3_256] = { "sha3-256", 32 },
	[EX_BLAKE2B] = { "blake2b", 64 },
};

const char *
ex_alg_name(enum ex_alg alg)
{
	return algs[alg].name;
}

size_t
ex_alg_len(enum ex_alg alg)
{
	return algs[alg].len;
}

/* Look up n characters of name; EX_USAGE lists the known ones. */
static int
alg_find(enum ex_alg *out, const char *name, size_t n, struct ex_err *err)
{
	for (unsigned i = 0; i < EX_ALGS; i++)
		if (strlen(algs[i].name) == n &&
		    memcmp(algs[i].name, name, n) == 0) {
			*out = (enum ex_alg)i;
			return 0;
		}
	return ex_fail(err, EX_USAGE,
	    "no digest algorithm \"%.*s\": known are md5, sha1, sha256, "
	    "sha512, sha3-256, blake2b",
	    n > 40 ? 40 : (int)n, name);
}

int
ex_alg_parse(enum ex_alg *out, const char *name, struct ex_err *err)
{
	return alg_find(out, name, strlen(name), err);
}

/* One part of the list; arg is the set so far. */
static int
list_add(void *arg, const char *part, size_t n, struct ex_err *err)
{
	unsigned *set = arg;
	enum ex_alg alg;

	if (alg_find(&alg, part, n, err) == -1)
		return -1;
	if ((*set & EX_ALG_BIT(alg)) != 0)
		return ex_fail(
		    err, EX_USAGE, "%s is named twice", algs[alg].name);
	*set |= EX_ALG_BIT(alg);
	return 0;
}

int
ex_alg_parse_list(unsigned *out, const char *list, struct ex_err *err)
{
	unsigned set = 0;

	if (ex_text_split(list, ',', list_add, &set, err) == -1)
		return -1;
	*out = set;
	return 0;
}

void
ex_sha256_hex(char out[EX_SHA256_HEX], const void *data, size_t n)
{
	uint8_t value[EX_SHA256_LEN];

	ex_sha256(value, data, n);
	ex_hex(out, value, sizeof(value));
}

/* Open a regular file to read. */
static int
open_regular(const char *path, struct ex_err *err)
{
	struct stat st;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) == -1) {
		if (errno == ENOENT || errno == ENOTDIR)
			return ex_fail(
			    err, EX_ABSENT, "%s: no such file", path);
		return ex_fail_errno(err, "%s", path);
	}
	if (fstat(fd, &st) == -1)
		(void)ex_fail_errno(err, "%s", path);
	else if (!S_ISREG(st.st_mode))
		(void)ex_fail(err, EX_SYSTEM, "%s: not a regular file", path);
	else
		return fd;
	(void)close(fd);
	return -1;
}

/* Feed everything from fd to its end. */
static int
digest_fd(struct ex_digest *d, int fd, const char *path, struct ex_err *err)
{
	uint8_t *buf;
	ssize_t n = -1;
	int rc = -1;

	if ((buf = malloc(CHUNK)) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (;;) {
		n = read(fd, buf, CHUNK);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			(void)ex_fail_errno(err, "%s: read", path);
			break;
		}
		if (n == 0) {
			rc = 0;
			break;
		}
		if (ex_digest_add(d, buf, (size_t)n, err) == -1)
			break;
	}
	free(buf);
	return rc;
}

int
ex_sha256_file(uint8_t out[EX_SHA256_LEN], uint64_t *nbytes, const char *path,
    struct ex_err *err)
{
	struct ex_digest_value value[EX_ALGS];
	struct ex_digest *d = NULL;
	size_t n;
	int fd, rc = -1;

	if ((fd = open_regular(path, err)) == -1)
		return -1;
	if (ex_digest_new(&d, EX_ALG_BIT(EX_SHA256), err) == -1)
		goto out;
	if (digest_fd(d, fd, path, err) == -1)
		goto out;
	if (ex_digest_end(d, value, &n, nbytes, err) == -1)
		goto out;
	memcpy(out, value[0].value, EX_SHA256_LEN);
	rc = 0;
out:
	ex_digest_free(d);
	(void)close(fd);
	return rc;
}
