/*
 * imaging_again.c -- a source read a second time, to see whether it is stable
 * (X-08).
 *
 * The stretches between filled sectors are read as the first time; over the
 * filled ones goes the filling, so that both digests are of the same bytes.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "intake/imaging_parts.h"

enum {
	BLOCK = 1 << 20 /* bytes read at once */
};

struct again {
	struct ex_imaging job; /* the first one's, quiet */
	const struct ex_imaging *first_job;
	const struct ex_imaging_outcome *first;
	struct ex_imaging_second *out;
	struct ex_imaging_reader reader;
	struct ex_ranges bad; /* of this reading */
	struct ex_digest *digest;
	uint8_t *buf;
};

/* Say how far it is, to whom the first run said it. */
static void
tell(const struct again *a)
{
	if (a->first_job->progress != NULL)
		a->first_job->progress(a->first_job->progress_arg,
		    a->reader.done, a->first->bytes);
}

/* The filling, up to byte end of the image. */
static int
fill(struct again *a, uint64_t end, struct ex_err *err)
{
	struct ex_imaging_reader *r = &a->reader;

	memset(a->buf, a->job.fill, BLOCK);
	while (r->done < end) {
		uint64_t left = end - r->done;
		size_t n = left < BLOCK ? (size_t)left : BLOCK;

		if (ex_digest_add(a->digest, a->buf, n, err) == -1)
			return -1;
		r->done += n;
	}
	return 0;
}

/* The source, up to byte end of the image; less when it has ended. */
static int
read_to(struct again *a, uint64_t end, struct ex_err *err)
{
	struct ex_imaging_reader *r = &a->reader;

	/* A window must not reach into what is not to be tried. */
	r->shape.length = end;
	while (r->done < end && !r->ended) {
		uint64_t left = end - r->done;
		size_t n = left < BLOCK ? (size_t)left : BLOCK, got;

		if (ex_imaging_read(r, a->buf, n, &got, err) == -1 ||
		    ex_digest_add(a->digest, a->buf, got, err) == -1)
			return -1;
		a->out->bytes += got;
		tell(a);
	}
	return 0;
}

/* Byte of the image where a sector of the source lies. */
static uint64_t
place(const struct again *a, uint64_t lba)
{
	uint64_t off = lba * a->first->sector_size - a->job.offset;

	return off < a->first->bytes ? off : a->first->bytes;
}

static int
read_all(struct again *a, struct ex_err *err)
{
	const struct ex_ranges *bad = &a->first->bad;

	for (size_t i = 0; i < bad->n && !a->reader.ended; i++) {
		const struct ex_range *r = &bad->at[i];

		if (!ex_range_is_filled(r))
			continue;
		if (read_to(a, place(a, r->lba), err) == -1)
			return -1;
		if (!a->reader.ended &&
		    fill(a, place(a, r->lba + r->count), err) == -1)
			return -1;
	}
	return a->reader.ended ? 0 : read_to(a, a->first->bytes, err);
}

static int
is_same(
    const struct ex_imaging_second *out, const struct ex_imaging_outcome *first)
{
	if (out->ndigests != first->ndigests)
		return 0;
	for (size_t i = 0; i < out->ndigests; i++)
		if (out->digest[i].alg != first->digest[i].alg ||
		    memcmp(out->digest[i].value, first->digest[i].value,
			first->digest[i].len) != 0)
			return 0;
	return 1;
}

static int
judge(struct again *a, struct ex_err *err)
{
	struct ex_imaging_second *out = a->out;
	uint64_t lost = ex_ranges_filled(&a->bad);

	out->result = EX_SECOND_UNREADABLE;
	if (a->reader.ended) {
		(void)ex_fail(&out->why, EX_DAMAGED,
		    "read again, the source ended at byte %" PRIu64 ": %s",
		    a->reader.done, a->reader.why.text);
		return 0;
	}
	if (lost > 0) {
		(void)ex_fail(&out->why, EX_DAMAGED,
		    "%" PRIu64 " sectors that were read, from LBA %" PRIu64
		    " on, could not be read again",
		    lost, a->bad.at[0].lba);
		return 0;
	}
	if (ex_digest_end(a->digest, out->digest, &out->ndigests, NULL, err) ==
	    -1)
		return -1;
	out->result = EX_SECOND_SAME;
	if (is_same(out, a->first))
		return 0;
	out->result = EX_SECOND_DIFFERS;
	(void)ex_fail(&out->why, EX_DAMAGED,
	    "the source is not stable: read again, it has other digests");
	return 0;
}

static int
prepare(struct again *a, struct ex_err *err)
{
	unsigned algs = 0;

	for (size_t i = 0; i < a->first->ndigests; i++)
		algs |= EX_ALG_BIT(a->first->digest[i].alg);
	if (algs == 0)
		return ex_fail(err, EX_USAGE, "nothing was read before");
	a->job = *a->first_job;
	a->job.progress = NULL;
	a->reader =
	    (struct ex_imaging_reader){ .job = &a->job, .bad = &a->bad };
	if (ex_imaging_shape(&a->reader.shape, a->first_job, err) == -1)
		return -1;
	a->buf = aligned_alloc(EX_SOURCE_ALIGN, BLOCK);
	if (a->buf == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	ex_source_forget(a->job.source);
	return ex_digest_new(&a->digest, algs, err);
}

int
ex_imaging_again(struct ex_imaging_second *out, const struct ex_imaging *job,
    const struct ex_imaging_outcome *first, struct ex_err *err)
{
	struct again a = { .first_job = job, .first = first, .out = out };
	int64_t from = ex_ticks();
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (prepare(&a, err) == 0 && read_all(&a, err) == 0)
		rc = judge(&a, err);
	ex_digest_free(a.digest);
	ex_imaging_reader_free(&a.reader);
	ex_ranges_free(&a.bad);
	free(a.buf);
	out->seconds = (double)(ex_ticks() - from) / (double)EX_SECOND;
	return rc;
}

const char *
ex_second_text(enum ex_second_result result)
{
	switch (result) {
	case EX_SECOND_SAME:
		return "same";
	case EX_SECOND_DIFFERS:
		return "differs";
	case EX_SECOND_UNREADABLE:
	default:
		return "unreadable";
	}
}
