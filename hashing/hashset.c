/*
 * hashset.c -- sets of known files' digests: a fence by the first two bytes,
 * and a binary search between two of its posts.
 */
#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "hashing/hashset.h"

enum {
	POSTS = 65536, /* values of a row's first two bytes */
	COVERED = 32,  /* bytes of the head that its digest covers */
	MAGIC = 8      /* bytes */
};

static const uint8_t magic[MAGIC] = { 'E', 'X', 'H', 'S', 'E', 'T', '\r',
	'\n' };

struct ex_hashset {
	void *map; /* NULL: the bytes are the caller's */
	size_t nmap;
	enum ex_alg alg;
	size_t width, count;
	const uint8_t *rows;
	const uint8_t *digest;
	size_t fence[POSTS + 1]; /* rows that begin with less */
};

static int
alg_ok(enum ex_alg alg)
{
	return alg == EX_MD5 || alg == EX_SHA1 || alg == EX_SHA256;
}

static int
compare_md5(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

static int
compare_sha1(const void *a, const void *b)
{
	return memcmp(a, b, 20);
}

static int
compare_sha256(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

/* Sort; how many are left when each is there once. */
static size_t
sort_rows(enum ex_alg alg, uint8_t *rows, size_t n)
{
	const size_t w = ex_alg_len(alg);
	size_t k = 0;

	if (n == 0)
		return 0;
	qsort(rows, n, w,
	    alg == EX_MD5    ? compare_md5
	    : alg == EX_SHA1 ? compare_sha1
			     : compare_sha256);
	for (size_t i = 1; i < n; i++)
		if (memcmp(rows + k * w, rows + i * w, w) != 0) {
			k++;
			memmove(rows + k * w, rows + i * w, w);
		}
	return k + 1;
}

/* Read by ex_hashset_read(). */
static int
put_head(struct ex_buf *out, enum ex_alg alg, const uint8_t *rows, size_t n,
    struct ex_err *err)
{
	const size_t w = ex_alg_len(alg);
	uint8_t digest[EX_SHA256_LEN];

	if (ex_buf_add(out, magic, MAGIC, err) == -1 ||
	    ex_buf_add_u32(out, EX_HASHSET_VERSION, err) == -1 ||
	    ex_buf_add_u32(out, (uint32_t)w, err) == -1 ||
	    ex_buf_add_u64(out, n, err) == -1 ||
	    ex_buf_add_u64(out, 0, err) == -1)
		return -1;
	ex_sha256_two(digest, out->data, COVERED, rows, n * w);
	return ex_buf_add(out, digest, sizeof(digest), err);
}

int
ex_hashset_write(const char *path, enum ex_alg alg, uint8_t *rows, size_t n,
    size_t *written, struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	int rc = -1;

	if (!alg_ok(alg))
		return ex_fail(err, EX_USAGE,
		    "a set of known files is of md5, sha1 or sha256");
	if (n > EX_HASHSET_ROWS_MAX)
		return ex_fail(err, EX_LIMIT,
		    "%zu digests are more than the %d of a set", n,
		    EX_HASHSET_ROWS_MAX);
	n = sort_rows(alg, rows, n);
	if (put_head(&out, alg, rows, n, err) == 0 &&
	    ex_buf_add(&out, rows, n * ex_alg_len(alg), err) == 0)
		rc = ex_file_create(path, out.data, out.len, 0444, err);
	if (rc == 0 && written != NULL)
		*written = n;
	ex_buf_free(&out);
	return rc;
}

/* The head's fields into s; EX_FORMAT or EX_DAMAGED. */
static int
read_head(struct ex_hashset *s, const void *bytes, size_t n, struct ex_err *err)
{
	struct ex_reader r;
	uint8_t word[MAGIC];
	uint32_t version, width;
	uint64_t count, zero;

	ex_reader_init(&r, bytes, n);
	if (n < EX_HASHSET_HEAD || ex_read_bytes(&r, word, MAGIC, err) == -1 ||
	    memcmp(word, magic, MAGIC) != 0)
		return ex_fail(err, EX_FORMAT, "not a set of known files");
	if (ex_read_u32(&r, &version, err) == -1 ||
	    ex_read_u32(&r, &width, err) == -1 ||
	    ex_read_u64(&r, &count, err) == -1 ||
	    ex_read_u64(&r, &zero, err) == -1)
		return -1;
	if (version != EX_HASHSET_VERSION)
		return ex_fail(err, EX_FORMAT,
		    "a set of version %u: this program reads %d", version,
		    EX_HASHSET_VERSION);
	s->alg = width == 16 ? EX_MD5 : width == 20 ? EX_SHA1 : EX_SHA256;
	s->width = width;
	s->count = (size_t)count;
	if (width != ex_alg_len(s->alg) || zero != 0 ||
	    count > EX_HASHSET_ROWS_MAX ||
	    n - EX_HASHSET_HEAD != s->count * s->width)
		return ex_fail(err, EX_DAMAGED,
		    "the set's head and its length disagree: add it anew");
	return 0;
}

/* Rows in order, and the fence in front of them. */
static int
read_rows(struct ex_hashset *s, struct ex_err *err)
{
	size_t post = 0;

	for (size_t i = 0; i < s->count; i++) {
		const uint8_t *row = s->rows + i * s->width;
		const size_t begins = (size_t)row[0] << 8 | row[1];

		if (i > 0 && memcmp(row - s->width, row, s->width) >= 0)
			return ex_fail(err, EX_DAMAGED,
			    "row %zu of the set is out of order: add it anew",
			    i);
		while (post <= begins)
			s->fence[post++] = i;
	}
	while (post <= POSTS)
		s->fence[post++] = s->count;
	return 0;
}

int
ex_hashset_read(
    struct ex_hashset **out, const void *bytes, size_t n, struct ex_err *err)
{
	const uint8_t *p = bytes;
	struct ex_hashset *s = calloc(1, sizeof(*s));
	uint8_t digest[EX_SHA256_LEN];

	*out = NULL;
	if (s == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (read_head(s, bytes, n, err) == -1)
		goto fail;
	s->digest = p + COVERED;
	s->rows = p + EX_HASHSET_HEAD;
	ex_sha256_two(digest, p, COVERED, s->rows, s->count * s->width);
	if (memcmp(digest, s->digest, sizeof(digest)) != 0) {
		ex_fail(err, EX_DAMAGED,
		    "the set is not what its digest says: add it anew");
		goto fail;
	}
	if (read_rows(s, err) == -1)
		goto fail;
	*out = s;
	return 0;
fail:
	free(s);
	return -1;
}

int
ex_hashset_open(struct ex_hashset **out, const char *path, struct ex_err *err)
{
	struct stat st;
	void *map = MAP_FAILED;
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int rc = -1;

	*out = NULL;
	if (fd == -1)
		return errno == ENOENT
			   ? ex_fail(err, EX_ABSENT, "%s: no such set", path)
			   : ex_fail_errno(err, "%s", path);
	if (fstat(fd, &st) == -1)
		ex_fail_errno(err, "%s", path);
	else if (!S_ISREG(st.st_mode) || st.st_size < EX_HASHSET_HEAD)
		ex_fail(err, EX_FORMAT, "%s: not a set of known files", path);
	else if ((map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE,
		      fd, 0)) == MAP_FAILED)
		ex_fail_errno(err, "%s", path);
	else if ((rc = ex_hashset_read(out, map, (size_t)st.st_size, err)) ==
		 -1) {
		ex_while(err, path);
		munmap(map, (size_t)st.st_size);
	} else {
		(*out)->map = map;
		(*out)->nmap = (size_t)st.st_size;
	}
	close(fd);
	return rc;
}

void
ex_hashset_close(struct ex_hashset *s)
{
	if (s == NULL)
		return;
	if (s->map != NULL)
		munmap(s->map, s->nmap);
	free(s);
}

int
ex_hashset_has(const struct ex_hashset *s, const uint8_t *digest)
{
	const size_t post = (size_t)digest[0] << 8 | digest[1];
	size_t lo = s->fence[post], hi = s->fence[post + 1];

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;
		const int c =
		    memcmp(s->rows + mid * s->width, digest, s->width);

		if (c == 0)
			return 1;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return 0;
}

enum ex_alg
ex_hashset_alg(const struct ex_hashset *s)
{
	return s->alg;
}

size_t
ex_hashset_count(const struct ex_hashset *s)
{
	return s->count;
}

const uint8_t *
ex_hashset_digest(const struct ex_hashset *s)
{
	return s->digest;
}
