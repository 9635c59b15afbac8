/*
 * ewf_sections.c -- see ewf_sections.h.
 *
 * A section is a descriptor of 76 bytes: type[16], u64 place of the next,
 * u64 size, 40 bytes of nothing, u32 adler32 of these; then what it holds.
 * libewf writes the descriptor of a list of chunks ("sectors") first with no
 * size and again when it is full, its two tables behind it.
 */
#define _GNU_SOURCE /* O_CLOEXEC with O_NOFOLLOW */
#include "intake/ewf_sections.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "intake/pack.h"

enum {
	FIRST = 13,	 /* byte where the first section begins */
	DESCRIPTOR = 76, /* bytes */
	SUMMED = 72,	 /* of them under the checksum behind them */
	TYPE = 16,
	TABLE_HEAD = 20, /* bytes, without their checksum */
	ENTRY = 4,
	VOLUME = 1052,	  /* bytes of the statement about the media */
	ERROR_HEAD = 516, /* bytes, without their checksum */
	DIGEST = 76,	  /* MD5, SHA-1 and nothing, without their checksum */
	HASH = 32,	  /* MD5 and nothing, without its checksum */
	SECTIONS_MAX = 1 << 20
};

struct section {
	char type[TYPE + 1];
	uint64_t off, next, size;
};

int
ex_ewf_extension(char out[EX_EWF_EXTENSION], unsigned n, struct ex_err *err)
{
	unsigned k;

	if (n == 0 || n > EX_SEGMENTS_MAX)
		return ex_fail(err, EX_LIMIT, "an E01 has no segment %u", n);
	out[3] = '\0';
	if (n <= 99) {
		out[0] = 'E';
		out[1] = (char)('0' + n / 10);
		out[2] = (char)('0' + n % 10);
		return 0;
	}
	k = n - 100;
	out[0] = (char)('E' + k / (26 * 26));
	out[1] = (char)('A' + k / 26 % 26);
	out[2] = (char)('A' + k % 26);
	return 0;
}

static uint64_t
little(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

static void
set(uint8_t *p, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static int
read_at(int fd, void *out, size_t n, uint64_t off, struct ex_err *err)
{
	ssize_t got;

	do
		got = pread(fd, out, n, (off_t)off);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		return ex_fail_errno(err, "read");
	if ((size_t)got != n)
		return ex_fail(
		    err, EX_DAMAGED, "it ends at byte %" PRIu64, off);
	return 0;
}

static int
write_at(int fd, const void *from, size_t n, uint64_t off, struct ex_err *err)
{
	if (lseek(fd, (off_t)off, SEEK_SET) == -1)
		return ex_fail_errno(err, "seek");
	return ex_fd_write_all(fd, from, n, err);
}

static int
read_section(int fd, struct section *s, uint64_t off, struct ex_err *err)
{
	uint8_t d[DESCRIPTOR];

	if (read_at(fd, d, sizeof(d), off, err) == -1)
		return -1;
	if (ex_pack_adler32(d, SUMMED) != little(&d[SUMMED], 4))
		return ex_fail(
		    err, EX_DAMAGED, "no section at byte %" PRIu64, off);
	memcpy(s->type, d, TYPE);
	s->type[TYPE] = '\0';
	s->off = off;
	s->next = little(&d[TYPE], 8);
	s->size = little(&d[TYPE + 8], 8);
	return 0;
}

static void
describe(uint8_t d[DESCRIPTOR], const char *type, uint64_t off, uint64_t size)
{
	memset(d, 0, DESCRIPTOR);
	memcpy(d, type, strlen(type));
	set(&d[TYPE], off + size, 8);
	set(&d[TYPE + 8], size, 8);
	set(&d[SUMMED], ex_pack_adler32(d, SUMMED), 4);
}

/* Its descriptor speaks of nothing yet, or no table follows. */
static int
is_open(const struct section *s, uint64_t length)
{
	return strcmp(s->type, "sectors") == 0 &&
	       (s->size <= DESCRIPTOR || s->next <= s->off ||
		   s->next >= length);
}

/*
 * The section where libewf would go on: the list of chunks that is open, or
 * "next" or "done" of a whole segment.  At the very end of the file there may
 * be none: then s->off is that end and its type "".
 */
static int
find_last(int fd, struct section *s, uint64_t length, struct ex_err *err)
{
	uint64_t off = FIRST;

	for (size_t n = 0; n < SECTIONS_MAX; n++) {
		if (off == length) {
			memset(s, 0, sizeof(*s));
			s->off = off;
			return 0;
		}
		if (read_section(fd, s, off, err) == -1)
			return -1;
		if (is_open(s, length) || strcmp(s->type, "next") == 0 ||
		    strcmp(s->type, "done") == 0)
			return 0;
		if (s->next <= off)
			break;
		off = s->next;
	}
	return ex_fail(
	    err, EX_DAMAGED, "its sections lead nowhere at byte %" PRIu64, off);
}

/* How many of the last lengths fill the list exactly; -1: none do. */
static int
count_chunks(size_t *n, const struct ex_mark *m, uint64_t bytes)
{
	uint64_t sum = 0;

	for (*n = 0; sum < bytes && *n < m->nchunks; ++*n)
		sum += m->chunk[m->nchunks - 1 - *n] &
		       ~(UINT32_C(1) << EX_JOURNAL_PACKED);
	return sum == bytes ? 0 : -1;
}

/* A table, as it stands twice behind its chunks. */
static int
add_table(struct ex_buf *out, const char *type, uint64_t off,
    const struct section *list, const uint32_t *chunk, size_t n,
    struct ex_err *err)
{
	uint8_t d[DESCRIPTOR], head[TABLE_HEAD + 4] = { 0 }, word[4];
	size_t from;
	uint64_t at = DESCRIPTOR;

	describe(d, type, off, DESCRIPTOR + sizeof(head) + ENTRY * n + 4);
	set(head, n, 4);
	set(&head[8], list->off, 8);
	set(&head[TABLE_HEAD], ex_pack_adler32(head, TABLE_HEAD), 4);
	if (ex_buf_add(out, d, sizeof(d), err) == -1 ||
	    ex_buf_add(out, head, sizeof(head), err) == -1)
		return -1;
	from = out->len;
	for (size_t i = 0; i < n; i++) {
		uint32_t packed = chunk[i] & UINT32_C(1) << EX_JOURNAL_PACKED;

		if (at > INT32_MAX)
			return ex_fail(err, EX_DAMAGED, "too long a list");
		set(word, at | packed, 4);
		if (ex_buf_add(out, word, sizeof(word), err) == -1)
			return -1;
		at += chunk[i] ^ packed;
	}
	set(word, ex_pack_adler32(&out->data[from], out->len - from), 4);
	return ex_buf_add(out, word, sizeof(word), err);
}

/* Tables for the chunks of a list, its size, and an empty list behind. */
static int
close_list(int fd, const struct section *list, const struct ex_mark *m,
    size_t n, struct ex_err *err)
{
	struct ex_buf b = EX_BUF_INIT;
	const uint32_t *chunk;
	uint8_t d[DESCRIPTOR];
	int rc = -1;

	if (n == 0)
		return 0;
	chunk = &m->chunk[m->nchunks - n];
	if (add_table(&b, "table", m->size, list, chunk, n, err) == -1 ||
	    add_table(&b, "table2", m->size + b.len, list, chunk, n, err) == -1)
		goto out;
	describe(d, "sectors", m->size + b.len, DESCRIPTOR);
	if (ex_buf_add(&b, d, sizeof(d), err) == -1)
		goto out;
	describe(d, "sectors", list->off, m->size - list->off);
	if (write_at(fd, b.data, b.len, m->size, err) == 0)
		rc = write_at(fd, d, sizeof(d), list->off, err);
out:
	ex_buf_free(&b);
	return rc;
}

static int
reopen(int fd, const struct ex_mark *m, size_t *closed, struct ex_err *err)
{
	struct section s;
	uint8_t d[DESCRIPTOR];
	struct stat st;

	if (fstat(fd, &st) == -1)
		return ex_fail_errno(err, "stat");
	if (m->size > (uint64_t)st.st_size)
		return ex_fail(err, EX_DAMAGED,
		    "it has %jd bytes, not %" PRIu64, (intmax_t)st.st_size,
		    m->size);
	if (ftruncate(fd, (off_t)m->size) == -1)
		return ex_fail_errno(err, "truncate");
	if (find_last(fd, &s, m->size, err) == -1)
		return -1;
	if (s.type[0] == '\0') {
		describe(d, "sectors", s.off, DESCRIPTOR);
		return write_at(fd, d, sizeof(d), s.off, err);
	}
	if (!is_open(&s, m->size))
		return 0;
	if (count_chunks(closed, m, m->size - s.off - DESCRIPTOR) == -1)
		return ex_fail(
		    err, EX_DAMAGED, "its chunks are not those of the journal");
	/* libewf asks for a list that has no size. */
	describe(d, "sectors", s.off, DESCRIPTOR);
	if (write_at(fd, d, sizeof(d), s.off, err) == -1)
		return -1;
	return close_list(fd, &s, m, *closed, err);
}

static int
open_segment(const char *path, struct ex_err *err)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	return fd == -1 ? ex_fail_errno(err, "%s", path) : fd;
}

int
ex_ewf_reopen(const char *path, const struct ex_mark *mark, size_t *closed,
    struct ex_err *err)
{
	int fd = open_segment(path, err), rc;

	*closed = 0;
	if (fd == -1)
		return -1;
	rc = reopen(fd, mark, closed, err);
	if (rc == 0 && fsync(fd) == -1)
		rc = ex_fail_errno(err, "fsync");
	(void)close(fd);
	return rc == -1 ? ex_while(err, path) : 0;
}

/* A section at byte off of its file: n bytes and their checksum. */
static int
add_section(struct ex_buf *out, uint64_t off, const char *type,
    const void *body, size_t n, struct ex_err *err)
{
	uint8_t d[DESCRIPTOR], sum[4];

	describe(d, type, off + out->len, DESCRIPTOR + n + sizeof(sum));
	set(sum, ex_pack_adler32(body, n), sizeof(sum));
	if (ex_buf_add(out, d, sizeof(d), err) == -1 ||
	    ex_buf_add(out, body, n, err) == -1)
		return -1;
	return ex_buf_add(out, sum, sizeof(sum), err);
}

/* The list of sectors that were not read: a head and pairs, each summed. */
static int
add_errors(struct ex_buf *out, uint64_t off, const struct ex_ewf_ending *end,
    struct ex_err *err)
{
	struct ex_buf body = EX_BUF_INIT;
	uint8_t head[ERROR_HEAD + 4] = { 0 }, word[4];
	int rc = -1;

	set(head, end->nerrors, 4);
	set(&head[ERROR_HEAD], ex_pack_adler32(head, ERROR_HEAD), 4);
	if (ex_buf_add(&body, head, sizeof(head), err) == -1)
		goto out;
	for (size_t i = 0; i < 2 * end->nerrors; i++) {
		set(word, end->error[i / 2][i % 2], sizeof(word));
		if (ex_buf_add(&body, word, sizeof(word), err) == -1)
			goto out;
	}
	/* The checksum behind is of the pairs alone. */
	rc = add_section(out, off, "error2", body.data, body.len, err);
	if (rc == 0)
		set(&out->data[out->len - 4],
		    ex_pack_adler32(
			&body.data[sizeof(head)], body.len - sizeof(head)),
		    4);
out:
	ex_buf_free(&body);
	return rc;
}

static int
add_digests(struct ex_buf *out, uint64_t off, const struct ex_ewf_ending *end,
    struct ex_err *err)
{
	uint8_t body[DIGEST] = { 0 };

	if (end->md5 == NULL || end->sha1 == NULL)
		return 0;
	memcpy(body, end->md5, 16);
	memcpy(&body[16], end->sha1, 20);
	if (add_section(out, off, "digest", body, sizeof(body), err) == -1)
		return -1;
	memset(&body[16], 0, 20);
	return add_section(out, off, "hash", body, HASH, err);
}

/* Its statement of the media once more, as a set of one segment has it. */
static int
add_statement(struct ex_buf *out, uint64_t off, int fd, struct ex_err *err)
{
	struct section s = { .next = FIRST };
	uint8_t v[VOLUME];
	uint64_t at = 0;

	for (int i = 0; i < 8 && s.next > at; i++) {
		at = s.next;
		if (read_section(fd, &s, at, err) == -1)
			return -1;
		if (strcmp(s.type, "volume") != 0)
			continue;
		if (s.size != DESCRIPTOR + VOLUME)
			break;
		return read_at(fd, v, sizeof(v), at + DESCRIPTOR, err) == -1
			   ? -1
			   : add_section(out, off, "data", v, VOLUME - 4, err);
	}
	return 0;
}

static int
end_set(int fd, const struct ex_ewf_ending *end, struct ex_err *err)
{
	struct ex_buf b = EX_BUF_INIT;
	uint8_t d[DESCRIPTOR];
	struct section s;
	struct stat st;
	int rc = -1;

	if (fstat(fd, &st) == -1)
		return ex_fail_errno(err, "stat");
	if (find_last(fd, &s, (uint64_t)st.st_size, err) == -1)
		return -1;
	if (add_statement(&b, s.off, fd, err) == -1 ||
	    (end->nerrors > 0 && add_errors(&b, s.off, end, err) == -1) ||
	    add_digests(&b, s.off, end, err) == -1)
		goto out;
	/* It leads to itself, and has no size. */
	describe(d, "done", s.off + b.len, 0);
	if (ex_buf_add(&b, d, sizeof(d), err) == 0 &&
	    write_at(fd, b.data, b.len, s.off, err) == 0)
		rc = ftruncate(fd, (off_t)(s.off + b.len)) == -1
			 ? ex_fail_errno(err, "truncate")
			 : 0;
out:
	ex_buf_free(&b);
	return rc;
}

/* The statement's numbers, and its checksum. */
static int
set_length(int fd, const struct section *s, uint32_t chunk, uint32_t sector,
    uint64_t length, struct ex_err *err)
{
	uint8_t v[VOLUME];
	uint64_t off = s->off + DESCRIPTOR;

	if (s->size != DESCRIPTOR + VOLUME)
		return ex_fail(err, EX_DAMAGED, "no statement of the media");
	if (read_at(fd, v, sizeof(v), off, err) == -1)
		return -1;
	set(&v[4], (length + chunk - 1) / chunk, 4);
	set(&v[16], length / sector, 8);
	set(&v[VOLUME - 4], ex_pack_adler32(v, VOLUME - 4), 4);
	return write_at(fd, v, sizeof(v), off, err);
}

int
ex_ewf_end(
    const char *path, const struct ex_ewf_ending *end, struct ex_err *err)
{
	int fd = open_segment(path, err), rc;

	if (fd == -1)
		return -1;
	rc = end_set(fd, end, err);
	if (rc == 0 && fsync(fd) == -1)
		rc = ex_fail_errno(err, "fsync");
	(void)close(fd);
	return rc == -1 ? ex_while(err, path) : 0;
}

int
ex_ewf_set_length(const char *path, uint32_t chunk, uint32_t sector,
    uint64_t length, struct ex_err *err)
{
	int fd = open_segment(path, err), rc = -1;
	struct section s = { .next = FIRST };
	uint64_t off = 0;

	if (fd == -1)
		return -1;
	/* It is among the first ones. */
	for (int i = 0; i < 8 && s.next > off; i++) {
		off = s.next;
		if (read_section(fd, &s, off, err) == -1)
			goto out;
		if (strcmp(s.type, "volume") == 0 ||
		    strcmp(s.type, "data") == 0) {
			rc = set_length(fd, &s, chunk, sector, length, err);
			goto out;
		}
	}
	(void)ex_fail(err, EX_DAMAGED, "it does not speak of the media");
out:
	(void)close(fd);
	return rc == -1 ? ex_while(err, path) : 0;
}
