/*
 * journal.c -- the records of a half image: docs/formats.md, "Journal".
 *
 * "EXJRNL1\n", then records: u32 type, u32 n, n bytes, and the first eight
 * bytes of the SHA-256 over all of these.  Numbers are big-endian.
 */
#include "intake/journal.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "hashing/digest.h"

#define MAGIC "EXJRNL1\n"

/* Sectors of the largest medium there can be. */
#define SECTORS_MAX (INT64_MAX / 4096)

enum {
	MAGIC_LEN = 8,
	HEAD = 8, /* bytes before the payload */
	SUM = 8,  /* behind it */
	PLAN = 1,
	MARK = 3, /* 2 were ranges without their attempt */
	MAP = 4,
	MARK_HEAD = 24,	 /* bytes before the lengths of chunks */
	RANGE_BYTES = 32 /* of one range */
};

static uint64_t
big(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

void
ex_journal_free(struct ex_journal *j)
{
	ex_json_free(j->plan);
	ex_ranges_free(&j->map);
	ex_ranges_free(&j->pending);
	free(j->chunk);
	memset(j, 0, sizeof(*j));
}

static int
read_plan(struct ex_journal *j, const uint8_t *p, size_t n, struct ex_err *err)
{
	if (j->plan != NULL)
		return ex_fail(err, EX_FORMAT, "a second plan");
	return ex_json_read_canonical(&j->plan, p, n, err);
}

static int
read_map(struct ex_journal *j, const uint8_t *p, size_t n, struct ex_err *err)
{
	if (n == 0 || n % RANGE_BYTES != 0)
		return ex_fail(err, EX_FORMAT, "half a range");
	for (size_t i = 0; i < n; i += RANGE_BYTES) {
		struct ex_range r = { .lba = big(&p[i], 8),
			.count = big(&p[i + 8], 8),
			.tries = (unsigned)big(&p[i + 20], 4),
			.attempt = (unsigned)big(&p[i + 24], 4),
			.failed_in = (unsigned)big(&p[i + 28], 4) };
		uint64_t status = big(&p[i + 16], 4);

		if (status >= EX_RANGE_STATUSES || r.count == 0 ||
		    r.lba > SECTORS_MAX || r.count > SECTORS_MAX - r.lba)
			return ex_fail(err, EX_FORMAT, "no such range");
		r.status = (enum ex_range_status)status;
		if (ex_ranges_put(&j->pending, &r, err) == -1)
			return -1;
	}
	return 0;
}

/* The ranges since the mark before belong to what is settled now. */
static int
settle_map(struct ex_journal *j, struct ex_err *err)
{
	for (size_t i = 0; i < j->pending.n; i++) {
		if (ex_ranges_put(&j->map, &j->pending.at[i], err) == -1)
			return -1;
	}
	ex_ranges_free(&j->pending);
	return 0;
}

/* Keep the last lengths; what is older stands in tables long since. */
static int
keep_chunks(
    struct ex_journal *j, const uint8_t *p, size_t n, struct ex_err *err)
{
	size_t spare;

	if (j->chunk == NULL &&
	    (j->chunk = calloc(EX_JOURNAL_SIZES, sizeof(*j->chunk))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	spare = EX_JOURNAL_SIZES - j->nchunks;
	if (n > spare) {
		size_t less = n - spare;

		memmove(j->chunk, &j->chunk[less],
		    (j->nchunks - less) * sizeof(*j->chunk));
		j->nchunks -= less;
	}
	for (size_t i = 0; i < n; i++)
		j->chunk[j->nchunks++] = (uint32_t)big(&p[4 * i], 4);
	return 0;
}

static int
read_mark(struct ex_journal *j, const uint8_t *p, size_t n, struct ex_err *err)
{
	struct ex_mark m = { 0 };
	uint64_t nchunks;

	if (n < MARK_HEAD)
		return ex_fail(err, EX_FORMAT, "half a mark");
	m.media = big(p, 8);
	m.size = big(&p[8], 8);
	m.segment = (uint32_t)big(&p[16], 4);
	nchunks = big(&p[20], 4);
	if (nchunks > EX_JOURNAL_SIZES || n - MARK_HEAD != nchunks * 4 ||
	    m.segment == 0 || m.segment > EX_SEGMENTS_MAX ||
	    m.size > INT64_MAX || m.media > INT64_MAX ||
	    (j->has_mark &&
		(m.media < j->mark.media || m.segment < j->mark.segment)))
		return ex_fail(err, EX_FORMAT, "no such mark");
	if (keep_chunks(j, &p[MARK_HEAD], (size_t)nchunks, err) == -1 ||
	    settle_map(j, err) == -1)
		return -1;
	m.chunk = j->chunk;
	m.nchunks = j->nchunks;
	j->mark = m;
	j->has_mark = 1;
	return 0;
}

static int
read_record(struct ex_journal *j, uint64_t type, const uint8_t *p, size_t n,
    struct ex_err *err)
{
	if (type == PLAN)
		return read_plan(j, p, n, err);
	if (j->plan == NULL)
		return ex_fail(err, EX_FORMAT, "no plan before it");
	if (type == MAP)
		return read_map(j, p, n, err);
	if (type == MARK)
		return read_mark(j, p, n, err);
	return ex_fail(err, EX_FORMAT, "no such record");
}

/* Bytes of the record at p, 0 when there is no whole one. */
static size_t
record_at(const uint8_t *p, size_t left)
{
	uint8_t sha256[EX_SHA256_LEN];
	size_t n;

	if (left < HEAD + SUM)
		return 0;
	n = (size_t)big(&p[4], 4);
	if (n > left - HEAD - SUM)
		return 0;
	ex_sha256(sha256, p, HEAD + n);
	return memcmp(sha256, &p[HEAD + n], SUM) == 0 ? HEAD + n + SUM : 0;
}

int
ex_journal_read(
    struct ex_journal *out, const void *bytes, size_t n, struct ex_err *err)
{
	const uint8_t *p = bytes;
	size_t at = MAGIC_LEN, len;
	uint64_t type;

	memset(out, 0, sizeof(*out));
	if (n < MAGIC_LEN || memcmp(p, MAGIC, MAGIC_LEN) != 0)
		return ex_fail(err, EX_FORMAT, "no journal of an image");
	while ((len = record_at(&p[at], n - at)) > 0) {
		type = big(&p[at], 4);
		if (read_record(
			out, type, &p[at + HEAD], len - HEAD - SUM, err) == -1)
			return -1;
		at += len;
		/* A map without a mark behind it is written again. */
		if (type != MAP)
			out->used = at;
	}
	ex_ranges_free(&out->pending);
	return out->plan != NULL
		   ? 0
		   : ex_fail(err, EX_FORMAT, "a journal without its plan");
}

static int
add_record(struct ex_buf *out, uint32_t type, const struct ex_buf *payload,
    struct ex_err *err)
{
	uint8_t sha256[EX_SHA256_LEN];
	size_t from = out->len;

	if (ex_buf_add_u32(out, type, err) == -1 ||
	    ex_buf_add_u32(out, (uint32_t)payload->len, err) == -1 ||
	    ex_buf_add(out, payload->data, payload->len, err) == -1)
		return -1;
	ex_sha256(sha256, &out->data[from], out->len - from);
	return ex_buf_add(out, sha256, SUM, err);
}

int
ex_journal_begin(
    struct ex_buf *out, const struct ex_json *plan, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	if (ex_buf_add(out, MAGIC, MAGIC_LEN, err) == 0 &&
	    ex_json_write(&text, plan, err) == 0)
		rc = add_record(out, PLAN, &text, err);
	ex_buf_free(&text);
	return rc;
}

static int
add_map(struct ex_buf *out, const struct ex_ranges *since, struct ex_err *err)
{
	struct ex_buf b = EX_BUF_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < since->n; i++) {
		const struct ex_range *r = &since->at[i];

		if (ex_buf_add_u64(&b, r->lba, err) == -1 ||
		    ex_buf_add_u64(&b, r->count, err) == -1 ||
		    ex_buf_add_u32(&b, (uint32_t)r->status, err) == -1 ||
		    ex_buf_add_u32(&b, r->tries, err) == -1 ||
		    ex_buf_add_u32(&b, r->attempt, err) == -1 ||
		    ex_buf_add_u32(&b, r->failed_in, err) == -1)
			rc = -1;
	}
	if (rc == 0 && b.len > 0)
		rc = add_record(out, MAP, &b, err);
	ex_buf_free(&b);
	return rc;
}

int
ex_journal_mark(struct ex_buf *out, const struct ex_mark *mark,
    const struct ex_ranges *since, struct ex_err *err)
{
	struct ex_buf b = EX_BUF_INIT;
	int rc = -1;

	if (mark->nchunks > EX_JOURNAL_SIZES)
		return ex_fail(err, EX_LIMIT, "more chunks than a mark takes");
	if (add_map(out, since, err) == -1 ||
	    ex_buf_add_u64(&b, mark->media, err) == -1 ||
	    ex_buf_add_u64(&b, mark->size, err) == -1 ||
	    ex_buf_add_u32(&b, mark->segment, err) == -1 ||
	    ex_buf_add_u32(&b, (uint32_t)mark->nchunks, err) == -1)
		goto out;
	for (size_t i = 0; i < mark->nchunks; i++)
		if (ex_buf_add_u32(&b, mark->chunk[i], err) == -1)
			goto out;
	rc = add_record(out, MARK, &b, err);
out:
	ex_buf_free(&b);
	return rc;
}
