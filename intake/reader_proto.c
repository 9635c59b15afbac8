/*
 * reader_proto.c -- frames between exhibit-reader and its parent, each
 * written and read in one place.
 */
#include "intake/reader_proto.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

enum {
	REQUEST = 1 + 1 + 1 + 1 + 1 + 1 + 4 + 4 + 4 + 8 + 8 + 4 + 4,
	OPENED = 8 + 4,
	RANGE = 8 + 8 + 1,
	DATA_HEAD = 8,
	STORED = 1 + EX_READER_MD5 + 1 + EX_READER_SHA1,
	DIGESTS = 1 + EX_ALGS * (1 + EX_DIGEST_MAX),
	DONE = 8 + 1 + 1 + STORED + DIGESTS + EX_READER_TEXT
};

size_t
ex_reader_largest(uint32_t kind)
{
	switch (kind) {
	case EX_READER_REQUEST:
		return REQUEST;
	case EX_READER_HELLO:
		return 2 + EX_READER_LIBRARY;
	case EX_READER_OPENED:
		return OPENED;
	case EX_READER_PROGRESS:
		return 8;
	case EX_READER_RANGE:
		return RANGE;
	case EX_READER_DATA:
		return EX_READER_FRAME_MAX;
	case EX_READER_DONE:
		return DONE;
	case EX_READER_FAILED:
		return 1 + EX_READER_TEXT;
	case EX_READER_HEADER:
		return 1 + EX_READER_NAME + EX_READER_VALUE;
	case EX_READER_BLOCK_DIGEST:
		return EX_SHA256_LEN;
	default:
		return 0;
	}
}

static int
put_head(
    struct ex_buf *out, enum ex_reader_kind kind, size_t n, struct ex_err *err)
{
	if (n > ex_reader_largest(kind))
		return ex_fail(err, EX_LIMIT, "frame too long");
	if (ex_buf_add_u32(out, kind, err) == -1)
		return -1;
	return ex_buf_add_u32(out, (uint32_t)n, err);
}

static int
put_flag(struct ex_buf *out, uint8_t flag, struct ex_err *err)
{
	return ex_buf_add_byte(out, flag != 0, err);
}

static int
get_flag(struct ex_reader *r, uint8_t *flag, struct ex_err *err)
{
	if (ex_read_u8(r, flag, err) == -1)
		return -1;
	return *flag <= 1 ? 0 : ex_fail(err, EX_FORMAT, "flag %u", *flag);
}

static int
get_end(const struct ex_reader *r, struct ex_err *err)
{
	return r->left == 0 ? 0 : ex_fail(err, EX_FORMAT, "trailing bytes");
}

/* All that is left is text, which is shown and never printed as it is. */
static int
get_text(struct ex_reader *r, char *out, size_t size, struct ex_err *err)
{
	struct ex_span s;

	if (r->left >= size)
		return ex_fail(err, EX_FORMAT, "text too long");
	if (ex_read_span(r, r->left, &s, err) == -1)
		return -1;
	(void)ex_text_show(out, size, (const char *)s.p, s.n);
	return 0;
}

int
ex_reader_put_request(
    struct ex_buf *out, const struct ex_reader_request *m, struct ex_err *err)
{
	if (put_head(out, EX_READER_REQUEST, REQUEST, err) == -1 ||
	    ex_buf_add_byte(out, m->version, err) == -1 ||
	    ex_buf_add_byte(out, m->container, err) == -1 ||
	    put_flag(out, m->send_data, err) == -1 ||
	    put_flag(out, m->without_landlock, err) == -1 ||
	    put_flag(out, m->other_digests, err) == -1 ||
	    put_flag(out, m->block_digests, err) == -1 ||
	    ex_buf_add_u32(out, m->algs, err) == -1 ||
	    ex_buf_add_u32(out, m->threads, err) == -1 ||
	    ex_buf_add_u32(out, m->nfiles, err) == -1 ||
	    ex_buf_add_u64(out, m->memory, err) == -1 ||
	    ex_buf_add_u64(out, m->bytes, err) == -1 ||
	    ex_buf_add_u32(out, m->cpu_seconds, err) == -1)
		return -1;
	return ex_buf_add_u32(out, m->wall_seconds, err);
}

int
ex_reader_get_request(
    struct ex_reader_request *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_reader r;

	ex_reader_init(&r, p, n);
	if (ex_read_u8(&r, &m->version, err) == -1 ||
	    ex_read_u8(&r, &m->container, err) == -1 ||
	    get_flag(&r, &m->send_data, err) == -1 ||
	    get_flag(&r, &m->without_landlock, err) == -1 ||
	    get_flag(&r, &m->other_digests, err) == -1 ||
	    get_flag(&r, &m->block_digests, err) == -1 ||
	    ex_read_u32(&r, &m->algs, err) == -1 ||
	    ex_read_u32(&r, &m->threads, err) == -1 ||
	    ex_read_u32(&r, &m->nfiles, err) == -1 ||
	    ex_read_u64(&r, &m->memory, err) == -1 ||
	    ex_read_u64(&r, &m->bytes, err) == -1 ||
	    ex_read_u32(&r, &m->cpu_seconds, err) == -1 ||
	    ex_read_u32(&r, &m->wall_seconds, err) == -1)
		return -1;
	if (m->version != EX_READER_VERSION || m->nfiles == 0 ||
	    m->nfiles > EX_SEGMENTS_MAX)
		return ex_fail(err, EX_FORMAT, "no such request");
	return get_end(&r, err);
}

int
ex_reader_put_block_digest(
    struct ex_buf *out, const uint8_t digest[EX_SHA256_LEN], struct ex_err *err)
{
	if (put_head(out, EX_READER_BLOCK_DIGEST, EX_SHA256_LEN, err) == -1)
		return -1;
	return ex_buf_add(out, digest, EX_SHA256_LEN, err);
}

int
ex_reader_put_hello(
    struct ex_buf *out, const struct ex_reader_hello *m, struct ex_err *err)
{
	if (put_head(out, EX_READER_HELLO, 2 + strlen(m->library), err) == -1 ||
	    ex_buf_add_byte(out, m->version, err) == -1 ||
	    put_flag(out, m->landlock, err) == -1)
		return -1;
	return ex_buf_add_text(out, m->library, err);
}

int
ex_reader_get_hello(
    struct ex_reader_hello *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_reader r;

	ex_reader_init(&r, p, n);
	if (ex_read_u8(&r, &m->version, err) == -1 ||
	    get_flag(&r, &m->landlock, err) == -1 ||
	    get_text(&r, m->library, sizeof(m->library), err) == -1)
		return -1;
	if (m->version != EX_READER_VERSION)
		return ex_fail(err, EX_FORMAT, "version %u", m->version);
	return 0;
}

int
ex_reader_put_opened(
    struct ex_buf *out, const struct ex_reader_opened *m, struct ex_err *err)
{
	if (put_head(out, EX_READER_OPENED, OPENED, err) == -1 ||
	    ex_buf_add_u64(out, m->bytes, err) == -1)
		return -1;
	return ex_buf_add_u32(out, m->sector_size, err);
}

int
ex_reader_get_opened(
    struct ex_reader_opened *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_reader r;

	ex_reader_init(&r, p, n);
	if (ex_read_u64(&r, &m->bytes, err) == -1 ||
	    ex_read_u32(&r, &m->sector_size, err) == -1)
		return -1;
	if (m->sector_size == 0 || m->bytes > INT64_MAX)
		return ex_fail(err, EX_FORMAT, "no such media");
	return get_end(&r, err);
}

int
ex_reader_put_progress(struct ex_buf *out, uint64_t done, struct ex_err *err)
{
	if (put_head(out, EX_READER_PROGRESS, 8, err) == -1)
		return -1;
	return ex_buf_add_u64(out, done, err);
}

int
ex_reader_get_progress(
    uint64_t *done, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_reader r;

	ex_reader_init(&r, p, n);
	if (ex_read_u64(&r, done, err) == -1)
		return -1;
	return get_end(&r, err);
}

int
ex_reader_put_range(
    struct ex_buf *out, const struct ex_range *m, struct ex_err *err)
{
	if (put_head(out, EX_READER_RANGE, RANGE, err) == -1 ||
	    ex_buf_add_u64(out, m->lba, err) == -1 ||
	    ex_buf_add_u64(out, m->count, err) == -1)
		return -1;
	return ex_buf_add_byte(out, (uint8_t)m->status, err);
}

int
ex_reader_get_range(
    struct ex_range *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_reader r;
	uint8_t status;

	ex_reader_init(&r, p, n);
	if (ex_read_u64(&r, &m->lba, err) == -1 ||
	    ex_read_u64(&r, &m->count, err) == -1 ||
	    ex_read_u8(&r, &status, err) == -1)
		return -1;
	if (status != EX_RANGE_CHECKSUM && status != EX_RANGE_MISSING)
		return ex_fail(err, EX_FORMAT, "status %u", status);
	m->status = (enum ex_range_status)status;
	return get_end(&r, err);
}

int
ex_reader_put_header(
    struct ex_buf *out, const struct ex_reader_header *m, struct ex_err *err)
{
	size_t n = strlen(m->name);

	if (put_head(out, EX_READER_HEADER, 1 + n + strlen(m->value), err) ==
		-1 ||
	    ex_buf_add_byte(out, (uint8_t)n, err) == -1 ||
	    ex_buf_add_text(out, m->name, err) == -1)
		return -1;
	return ex_buf_add_text(out, m->value, err);
}

/* A name of ours for what libewf calls a header value. */
static int
is_header_name(const char *name)
{
	return name[0] != '\0' &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] ==
		   '\0';
}

int
ex_reader_get_header(
    struct ex_reader_header *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_reader r;
	uint8_t len;

	memset(m, 0, sizeof(*m));
	ex_reader_init(&r, p, n);
	if (ex_read_u8(&r, &len, err) == -1)
		return -1;
	if (len > EX_READER_NAME)
		return ex_fail(err, EX_FORMAT, "a name of %u bytes", len);
	if (ex_read_bytes(&r, m->name, len, err) == -1)
		return -1;
	if (strlen(m->name) != len || !is_header_name(m->name))
		return ex_fail(err, EX_FORMAT, "no name of a header value");
	if (get_text(&r, m->value, sizeof(m->value), err) == -1)
		return -1;
	return ex_text_canonical(m->value, strlen(m->value), err);
}

int
ex_reader_put_data_head(
    struct ex_buf *out, uint64_t off, size_t n, struct ex_err *err)
{
	if (put_head(out, EX_READER_DATA, DATA_HEAD + n, err) == -1)
		return -1;
	return ex_buf_add_u64(out, off, err);
}

int
ex_reader_get_data(uint64_t *off, struct ex_span *data, const uint8_t *p,
    size_t n, struct ex_err *err)
{
	struct ex_reader r;

	ex_reader_init(&r, p, n);
	if (ex_read_u64(&r, off, err) == -1)
		return -1;
	if (r.left == 0)
		return ex_fail(err, EX_FORMAT, "no data");
	return ex_read_span(&r, r.left, data, err);
}

static int
put_digests(
    struct ex_buf *out, const struct ex_reader_done *m, struct ex_err *err)
{
	if (ex_buf_add_byte(out, (uint8_t)m->ndigests, err) == -1)
		return -1;
	for (size_t i = 0; i < m->ndigests; i++)
		if (ex_buf_add_byte(out, (uint8_t)m->digest[i].alg, err) ==
			-1 ||
		    ex_buf_add(
			out, m->digest[i].value, m->digest[i].len, err) == -1)
			return -1;
	return 0;
}

/* Ascending, known, none twice. */
static int
get_digests(struct ex_reader *r, struct ex_reader_done *m, struct ex_err *err)
{
	uint8_t n, alg;

	if (ex_read_u8(r, &n, err) == -1)
		return -1;
	if (n > EX_ALGS)
		return ex_fail(err, EX_FORMAT, "%u digests", n);
	for (m->ndigests = 0; m->ndigests < n; m->ndigests++) {
		struct ex_digest_value *d = &m->digest[m->ndigests];

		if (ex_read_u8(r, &alg, err) == -1)
			return -1;
		if (alg >= EX_ALGS ||
		    (m->ndigests > 0 && alg <= m->digest[m->ndigests - 1].alg))
			return ex_fail(err, EX_FORMAT, "digest %u", alg);
		memset(d, 0, sizeof(*d));
		d->alg = (enum ex_alg)alg;
		d->len = ex_alg_len(d->alg);
		if (ex_read_bytes(r, d->value, d->len, err) == -1)
			return -1;
	}
	return 0;
}

static size_t
done_len(const struct ex_reader_done *m)
{
	size_t n = 8 + 1 + 1 + STORED + 1 + strlen(m->text);

	for (size_t i = 0; i < m->ndigests; i++)
		n += 1 + m->digest[i].len;
	return n;
}

int
ex_reader_put_done(
    struct ex_buf *out, const struct ex_reader_done *m, struct ex_err *err)
{
	if (put_head(out, EX_READER_DONE, done_len(m), err) == -1 ||
	    ex_buf_add_u64(out, m->bytes, err) == -1 ||
	    put_flag(out, m->corrupted, err) == -1 ||
	    put_flag(out, m->missing, err) == -1 ||
	    put_flag(out, m->has_md5, err) == -1 ||
	    ex_buf_add(out, m->md5, sizeof(m->md5), err) == -1 ||
	    put_flag(out, m->has_sha1, err) == -1 ||
	    ex_buf_add(out, m->sha1, sizeof(m->sha1), err) == -1 ||
	    put_digests(out, m, err) == -1)
		return -1;
	return ex_buf_add_text(out, m->text, err);
}

int
ex_reader_get_done(
    struct ex_reader_done *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_reader r;

	ex_reader_init(&r, p, n);
	if (ex_read_u64(&r, &m->bytes, err) == -1 ||
	    get_flag(&r, &m->corrupted, err) == -1 ||
	    get_flag(&r, &m->missing, err) == -1 ||
	    get_flag(&r, &m->has_md5, err) == -1 ||
	    ex_read_bytes(&r, m->md5, sizeof(m->md5), err) == -1 ||
	    get_flag(&r, &m->has_sha1, err) == -1 ||
	    ex_read_bytes(&r, m->sha1, sizeof(m->sha1), err) == -1 ||
	    get_digests(&r, m, err) == -1)
		return -1;
	return get_text(&r, m->text, sizeof(m->text), err);
}

int
ex_reader_put_failed(
    struct ex_buf *out, const struct ex_reader_failed *m, struct ex_err *err)
{
	if (put_head(out, EX_READER_FAILED, 1 + strlen(m->text), err) == -1 ||
	    ex_buf_add_byte(out, m->why, err) == -1)
		return -1;
	return ex_buf_add_text(out, m->text, err);
}

int
ex_reader_get_failed(
    struct ex_reader_failed *m, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_reader r;

	ex_reader_init(&r, p, n);
	if (ex_read_u8(&r, &m->why, err) == -1)
		return -1;
	if (m->why > EX_READER_OWN_FAULT)
		return ex_fail(err, EX_FORMAT, "failure %u", m->why);
	return get_text(&r, m->text, sizeof(m->text), err);
}
