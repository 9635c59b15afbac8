/*
 * reader_listen.c -- only what is exactly in order is believed, and of that
 * only what it can know.
 */
#include "intake/reader_listen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/blockmap.h"

void
ex_listener_free(struct ex_listener *l)
{
	ex_buf_free(&l->buf);
}

static int
hear_hello(
    struct ex_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_reader_hello m;

	if (ex_reader_get_hello(&m, p, n, err) == -1)
		return -1;
	l->verdict->landlock = m.landlock;
	(void)snprintf(
	    l->verdict->library, sizeof(l->verdict->library), "%s", m.library);
	l->state = EX_LISTEN_OPENED;
	return 0;
}

static int
hear_opened(
    struct ex_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_reader_opened m;

	if (ex_reader_get_opened(&m, p, n, err) == -1)
		return -1;
	if (m.bytes > l->largest)
		return ex_fail(err, EX_LIMIT,
		    "it claims %" PRIu64 " bytes, which its files cannot hold",
		    m.bytes);
	l->verdict->bytes = m.bytes;
	l->verdict->sector_size = m.sector_size;
	l->state = EX_LISTEN_READING;
	return 0;
}

static int
hear_progress(
    struct ex_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	uint64_t done;

	if (ex_reader_get_progress(&done, p, n, err) == -1)
		return -1;
	if (done < l->done || done > l->verdict->bytes)
		return ex_fail(err, EX_FORMAT, "progress out of order");
	l->done = done;
	return 0;
}

static int
hear_range(
    struct ex_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	const struct ex_verdict *v = l->verdict;
	uint64_t sectors =
	    v->bytes / v->sector_size + (v->bytes % v->sector_size != 0);
	struct ex_range m;

	if (ex_reader_get_range(&m, p, n, err) == -1)
		return -1;
	if (m.lba >= sectors || m.count > sectors - m.lba)
		return ex_fail(err, EX_FORMAT, "a range outside the media");
	return ex_ranges_add(&l->verdict->bad, m.lba, m.count, m.status, err);
}

/* Kept in the order in which they come; each name once. */
static int
hear_header(
    struct ex_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_verdict *v = l->verdict;
	struct ex_header_value *to;
	struct ex_reader_header m;

	if (ex_reader_get_header(&m, p, n, err) == -1)
		return -1;
	if (v->nheader == EX_READER_VALUES)
		return ex_fail(err, EX_FORMAT, "too many header values");
	if (v->header == NULL &&
	    (v->header = calloc(EX_READER_VALUES, sizeof(*v->header))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	to = &v->header[v->nheader++];
	memcpy(to->name, m.name, sizeof(to->name));
	memcpy(to->value, m.value, sizeof(to->value));
	return 0;
}

/* How many blocks the media have. */
static uint64_t
blocks_of(const struct ex_verdict *v)
{
	return v->bytes / EX_BLOCKMAP_BLOCK +
	       (v->bytes % EX_BLOCKMAP_BLOCK != 0);
}

static int
hear_block(
    struct ex_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_verdict *v = l->verdict;

	if (!l->wants_blocks || n != EX_SHA256_LEN ||
	    v->blocks.len / EX_SHA256_LEN >= blocks_of(v))
		return ex_fail(err, EX_FORMAT, "a digest of no block");
	return ex_buf_add(&v->blocks, p, n, err);
}

static int
hear_data(struct ex_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_span data;
	uint64_t off;

	if (!l->wants_data)
		return ex_fail(err, EX_FORMAT, "data nobody asked for");
	if (ex_reader_get_data(&off, &data, p, n, err) == -1)
		return -1;
	if (off != l->next || data.n > l->verdict->bytes - off)
		return ex_fail(err, EX_FORMAT, "data out of order");
	l->next += data.n;
	if (l->sink == NULL ||
	    l->sink(l->sink_arg, data.p, data.n, &l->sink_err) == 0)
		return 0;
	return ex_fail(err, l->sink_err.code, "%s", l->sink_err.text);
}

/* The digests that were asked for, no more and no less. */
static int
check_algs(const struct ex_listener *l, const struct ex_reader_done *m,
    struct ex_err *err)
{
	unsigned got = 0;

	for (size_t i = 0; i < m->ndigests; i++)
		got |= EX_ALG_BIT(m->digest[i].alg);
	return got == l->algs ? 0 : ex_fail(err, EX_FORMAT, "other digests");
}

static int
hear_done(struct ex_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_verdict *v = l->verdict;
	struct ex_reader_done m;

	if (ex_reader_get_done(&m, p, n, err) == -1 ||
	    check_algs(l, &m, err) == -1)
		return -1;
	if (m.bytes != v->bytes || (l->wants_data && l->next != v->bytes))
		return ex_fail(err, EX_FORMAT, "done before the end");
	if (v->blocks.len > 0 && v->blocks.len / EX_SHA256_LEN != blocks_of(v))
		return ex_fail(err, EX_FORMAT, "blocks without a digest");
	v->corrupted = m.corrupted;
	v->segments_missing = m.missing;
	v->ndigests = m.ndigests;
	memcpy(v->digest, m.digest, sizeof(m.digest));
	v->md5 = m.has_md5 ? EX_STORED_DIFFERS : EX_STORED_ABSENT;
	v->sha1 = m.has_sha1 ? EX_STORED_DIFFERS : EX_STORED_ABSENT;
	memcpy(v->stored_md5, m.md5, sizeof(m.md5));
	memcpy(v->stored_sha1, m.sha1, sizeof(m.sha1));
	(void)snprintf(v->text, sizeof(v->text), "%s", m.text);
	l->state = EX_LISTEN_DONE;
	return 0;
}

static int
hear_failed(
    struct ex_listener *l, const uint8_t *p, size_t n, struct ex_err *err)
{
	if (ex_reader_get_failed(&l->failed, p, n, err) == -1)
		return -1;
	l->state = EX_LISTEN_FAILED;
	return 0;
}

typedef int
hear_fn(struct ex_listener *l, const uint8_t *p, size_t n, struct ex_err *err);

/* What may be said when. */
static const struct {
	enum ex_listening state;
	enum ex_reader_kind kind;
	hear_fn *hear;
} may_say[] = {
	{ EX_LISTEN_HELLO, EX_READER_HELLO, hear_hello },
	{ EX_LISTEN_HELLO, EX_READER_FAILED, hear_failed },
	{ EX_LISTEN_OPENED, EX_READER_OPENED, hear_opened },
	{ EX_LISTEN_OPENED, EX_READER_FAILED, hear_failed },
	{ EX_LISTEN_READING, EX_READER_PROGRESS, hear_progress },
	{ EX_LISTEN_READING, EX_READER_HEADER, hear_header },
	{ EX_LISTEN_READING, EX_READER_RANGE, hear_range },
	{ EX_LISTEN_READING, EX_READER_DATA, hear_data },
	{ EX_LISTEN_READING, EX_READER_BLOCK_DIGEST, hear_block },
	{ EX_LISTEN_READING, EX_READER_DONE, hear_done },
	{ EX_LISTEN_READING, EX_READER_FAILED, hear_failed },
};

static hear_fn *
listens_to(const struct ex_listener *l, uint32_t kind)
{
	for (size_t i = 0; i < sizeof(may_say) / sizeof(may_say[0]); i++)
		if (may_say[i].state == l->state && may_say[i].kind == kind)
			return may_say[i].hear;
	return NULL;
}

/* Hear the frame at the front; *used is 0 when it is not whole yet. */
static int
hear_one(struct ex_listener *l, const uint8_t *p, size_t n, size_t *used,
    struct ex_err *err)
{
	struct ex_reader r;
	uint32_t kind, len;
	hear_fn *hear;

	*used = 0;
	if (n < EX_READER_HEAD)
		return 0;
	ex_reader_init(&r, p, n);
	if (ex_read_u32(&r, &kind, err) == -1 ||
	    ex_read_u32(&r, &len, err) == -1)
		return -1;
	if ((hear = listens_to(l, kind)) == NULL)
		return ex_fail(err, EX_FORMAT,
		    "a message of kind %" PRIu32 " where none is due", kind);
	if (len > ex_reader_largest(kind))
		return ex_fail(
		    err, EX_FORMAT, "a message of %" PRIu32 " bytes", len);
	if (r.left < len)
		return 0;
	*used = EX_READER_HEAD + len;
	return hear(l, r.p, len, err);
}

int
ex_listener_feed(
    struct ex_listener *l, const void *data, size_t n, struct ex_err *err)
{
	size_t at = 0, used = 0;

	if (ex_buf_add(&l->buf, data, n, err) == -1)
		return -1;
	do {
		if (hear_one(
			l, &l->buf.data[at], l->buf.len - at, &used, err) == -1)
			return -1;
		at += used;
	} while (used > 0 && at < l->buf.len);
	if (at > 0) {
		memmove(l->buf.data, &l->buf.data[at], l->buf.len - at);
		ex_buf_cut(&l->buf, l->buf.len - at);
	}
	return 0;
}

static enum ex_stored
compare(const struct ex_verdict *v, enum ex_stored stored, enum ex_alg alg,
    const uint8_t *value)
{
	if (stored == EX_STORED_ABSENT)
		return EX_STORED_ABSENT;
	for (size_t i = 0; i < v->ndigests; i++)
		if (v->digest[i].alg == alg)
			return memcmp(v->digest[i].value, value,
				   v->digest[i].len) == 0
				   ? EX_STORED_SAME
				   : EX_STORED_DIFFERS;
	return EX_STORED_UNCOMPARED;
}

/* One line for what has none yet. */
static void
describe(struct ex_verdict *v)
{
	if (v->text[0] != '\0')
		return;
	if (v->bad.n > 0)
		(void)snprintf(v->text, sizeof(v->text),
		    "%" PRIu64 " sectors in %zu places are damaged or missing",
		    ex_ranges_sectors(&v->bad), v->bad.n);
	else if (v->segments_missing)
		(void)snprintf(
		    v->text, sizeof(v->text), "segments are missing");
	else if (v->corrupted)
		(void)snprintf(v->text, sizeof(v->text),
		    "the container is damaged or has no end");
	else if (v->md5 == EX_STORED_DIFFERS || v->sha1 == EX_STORED_DIFFERS)
		(void)snprintf(v->text, sizeof(v->text),
		    "the digest stored in the container is not that of its "
		    "data");
}

void
ex_listener_judge(struct ex_listener *l)
{
	struct ex_verdict *v = l->verdict;

	v->md5 = compare(v, v->md5, EX_MD5, v->stored_md5);
	v->sha1 = compare(v, v->sha1, EX_SHA1, v->stored_sha1);
	v->digest_only =
	    v->text[0] == '\0' && v->bad.n == 0 && !v->segments_missing &&
	    !v->corrupted &&
	    (v->md5 == EX_STORED_DIFFERS || v->sha1 == EX_STORED_DIFFERS);
	describe(v);
	v->result = v->text[0] == '\0' ? EX_READING_WHOLE : EX_READING_DAMAGED;
}

void
ex_verdict_free(struct ex_verdict *v)
{
	ex_ranges_free(&v->bad);
	free(v->header);
	ex_buf_free(&v->blocks);
	memset(v, 0, sizeof(*v));
}
