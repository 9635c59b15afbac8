/*
 * imaging.c -- a source read once, and everything that is made of it.
 */
#include "intake/imaging.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "intake/imaging_parts.h"
#include "intake/thread.h"

enum {
	BLOCK = EX_IMAGING_BLOCK,
	BLOCKS = 16 /* in the ring */
};

struct run {
	const struct ex_imaging *job;
	struct ex_imaging_outcome *out;
	struct ex_imaging_shape shape;
	struct ex_imaging_reader reader;
	struct ex_ring *ring;
	struct ex_hashers *hashers;
	struct ex_imaging_packers *packers; /* NULL for raw */
	struct ex_container_end end;
	struct ex_imaging_copy copy[EX_IMAGING_DESTINATIONS];
	size_t ncopies;
	struct ex_imaging_shared shared;
	struct ex_imaging_resumed resumed;
};

static const struct ex_container_ops *
ops_of(const struct ex_imaging *job)
{
	return job->container == EX_CONTAINER_RAW ? &ex_container_raw
						  : &ex_container_ewf;
}

static int
open_copies(struct run *r, struct ex_err *err)
{
	for (size_t i = 0; i < r->job->ndir; i++) {
		struct ex_imaging_copy *c = &r->copy[i];

		*c = (struct ex_imaging_copy){ .job = r->job,
			.shape = &r->shape,
			.out = &r->out->copy[i],
			.ring = r->ring,
			.ops = ops_of(r->job),
			.end = &r->end,
			.lock = -1,
			.journal = -1,
			.shared = &r->shared };
		(void)snprintf(
		    c->out->dir, sizeof(c->out->dir), "%s", r->job->dir[i]);
		c->consumer = ex_ring_join(r->ring, r->packers != NULL);
		r->ncopies = r->out->ncopies = i + 1;
		if (ex_imaging_copy_open(c, err) == -1)
			return -1;
		r->shared.alive++;
	}
	return 0;
}

/* What is known of the source, and where it is had from. */
static int
prepare_head(struct run *r, struct ex_err *err)
{
	const struct ex_imaging_copy *far = &r->copy[0];
	struct ex_imaging_resumed *z = &r->resumed;

	for (size_t i = 1; i < r->ncopies; i++)
		if (r->copy[i].out->from > far->out->from)
			far = &r->copy[i];
	r->shared.known = &z->known;
	if (ex_imaging_resume_head(
		z, r->job, &far->known, far->temp, far->out->from, err) == -1)
		return -1;
	if (z->head == NULL)
		return 0;
	r->reader.job = &z->job;
	r->reader.limit_from = z->known.end * r->shape.sector_size;
	if (!z->is_layered)
		return 0;
	r->reader.probe_from = r->reader.limit_from;
	ex_imaging_probe_known(&r->reader, r->job->source, &z->known.map);
	return 0;
}

static int
prepare(struct run *r, struct ex_err *err)
{
	const struct ex_imaging *job = r->job;
	unsigned algs = job->algs | EX_ALG_BIT(EX_MD5) | EX_ALG_BIT(EX_SHA1) |
			EX_ALG_BIT(EX_SHA256);
	size_t chunk = r->shape.chunk;

	if (ex_ring_new(&r->ring, BLOCKS, err) == -1 ||
	    ex_ring_size(r->ring, BLOCKS, BLOCK, chunk == 0 ? 0 : BLOCK,
		chunk == 0 ? 0 : BLOCK / chunk, err) == -1 ||
	    ex_hashers_new(
		&r->hashers, r->ring, algs, 0, EX_HASHERS_FASTEST, err) == -1)
		return -1;
	if (chunk != 0 &&
	    ex_imaging_packers_new(&r->packers, r->ring, &r->shape,
		job->compression, job->threads, err) == -1)
		return -1;
	if (ex_imaging_resume_begin(
		&r->resumed, job, &r->shape, ops_of(job), err) == -1 ||
	    open_copies(r, err) == -1)
		return -1;
	return prepare_head(r, err);
}

static int
start(struct run *r, struct ex_err *err)
{
	if (ex_hashers_start(r->hashers, err) == -1)
		return -1;
	if (r->packers != NULL &&
	    ex_imaging_packers_start(r->packers, err) == -1)
		return -1;
	for (size_t i = 0; i < r->ncopies; i++)
		if (ex_imaging_copy_start(&r->copy[i], err) == -1)
			return -1;
	return 0;
}

/*
 * What is known of the source so far, for the journals.  The last range may
 * have grown since.
 */
static int
note_ranges(struct run *r, struct ex_err *err)
{
	const struct ex_ranges *from = r->reader.bad;
	struct ex_ranges *to = &r->shared.noted;
	int rc = 0;

	if (from->n == 0)
		return 0;
	(void)pthread_mutex_lock(&r->shared.guard);
	if (to->n > 0)
		to->n--;
	for (size_t i = to->n; rc == 0 && i < from->n; i++)
		rc = ex_ranges_put(to, &from->at[i], err);
	(void)pthread_mutex_unlock(&r->shared.guard);
	return rc;
}

/* A whole block, unless the source ends in it. */
static int
fill_block(struct run *r, struct ex_block *b, size_t n, struct ex_err *err)
{
	size_t got;

	while (b->len < n && !r->reader.ended) {
		if (ex_imaging_read(&r->reader, &b->data[b->len], n - b->len,
			&got, err) == -1)
			return -1;
		b->len += got;
	}
	return note_ranges(r, err);
}

/* Read the source to its end, or as far as anybody wants it. */
static int
read_source(struct run *r, struct ex_err *err)
{
	struct ex_imaging_reader *reader = &r->reader;
	struct ex_block *b;

	while (reader->done < r->shape.length && !reader->ended) {
		uint64_t left = r->shape.length - reader->done;
		size_t n = left < BLOCK ? (size_t)left : BLOCK;

		if ((b = ex_ring_claim(r->ring)) == NULL)
			return 0; /* whoever stopped it says why */
		b->off = reader->done;
		if (fill_block(r, b, n, err) == -1)
			return -1;
		/* It may be there again another day. */
		if (reader->ended && reader->gone && r->job->keep &&
		    !r->job->truncate)
			return ex_fail(err, EX_UNREACHABLE,
			    "%s at byte %" PRIu64, reader->why.text,
			    r->job->offset + reader->done);
		if (b->len > 0)
			ex_ring_publish(r->ring, b);
		if (r->job->progress != NULL)
			r->job->progress(r->job->progress_arg, reader->done,
			    r->shape.length);
	}
	ex_ring_end(r->ring);
	return 0;
}

static void
join_all(struct run *r)
{
	for (size_t i = 0; i < r->ncopies; i++)
		ex_imaging_copy_join(&r->copy[i]);
	ex_imaging_packers_join(r->packers);
}

/* What came before the end, and what did not come. */
static int
note_missing(struct run *r, struct ex_err *err)
{
	uint64_t sector = r->shape.sector_size;
	uint64_t first = (r->job->offset + r->reader.done) / sector;
	uint64_t end = (r->job->offset + r->shape.length + sector - 1) / sector;

	if (!r->reader.ended || first >= end)
		return 0;
	return ex_ranges_add(
	    &r->out->bad, first, end - first, EX_RANGE_MISSING, err);
}

static int
finish_copies(struct run *r, struct ex_err *err)
{
	struct ex_imaging_outcome *out = r->out;
	int rc = 0;

	r->end = (struct ex_container_end){ .digest = out->digest,
		.ndigests = out->ndigests,
		.bad = &out->bad,
		.source_sector_size = r->shape.sector_size,
		.offset = r->job->offset,
		.length = r->reader.done };
	for (size_t i = 0; rc == 0 && i < r->ncopies; i++)
		if (out->copy[i].why.code == EX_OK)
			rc = ex_imaging_copy_finish(&r->copy[i], err);
	join_all(r);
	return rc;
}

/* The bytes have been read: digests, and a name for every whole copy. */
static int
conclude(struct run *r, struct ex_err *err)
{
	if (ex_ring_stopped(r->ring))
		return ex_fail(err, EX_SYSTEM, "no destination is left");
	if (r->job->stop != NULL && *r->job->stop != 0)
		return ex_fail(err, EX_STATE, "stopped");
	if (r->reader.delivered == 0)
		return ex_fail(err, EX_DAMAGED,
		    "not one sector of %s could be read",
		    r->job->source->info.path);
	if (ex_imaging_map_outcome(r->out, &r->resumed, &r->reader, 0, err) ==
		-1 ||
	    note_missing(r, err) == -1 ||
	    ex_hashers_end(
		r->hashers, r->out->digest, &r->out->ndigests, err) == -1)
		return -1;
	return finish_copies(r, err);
}

static const struct ex_image_copy *
first_failed(const struct ex_imaging_outcome *out)
{
	for (size_t i = 0; i < out->ncopies; i++)
		if (out->copy[i].why.code != EX_OK)
			return &out->copy[i];
	return NULL;
}

static size_t
count_good(const struct ex_imaging_outcome *out)
{
	size_t n = 0;

	for (size_t i = 0; i < out->ncopies; i++)
		n += out->copy[i].good != 0;
	return n;
}

/* Is there something to go on with, and a reason to? */
static int
can_go_on(const struct run *r, int failed, const struct ex_err *why)
{
	if (!r->job->keep || !failed || count_good(r->out) > 0)
		return 0;
	if (why->code == EX_STATE || r->shared.pausing)
		return 1;
	for (size_t i = 0; i < r->ncopies; i++)
		if (r->out->copy[i].full)
			return 1;
	return 0;
}

/* What it comes to; why is the failure of the whole run, if any. */
static void
judge(struct run *r, int failed, const struct ex_err *why)
{
	struct ex_imaging_outcome *out = r->out;
	const struct ex_image_copy *bad = first_failed(out);

	if (can_go_on(r, failed, why)) {
		out->result = EX_IMAGING_PAUSED;
		out->why =
		    bad != NULL && r->shared.alive == 0 ? bad->why : *why;
	} else if (failed && why->code == EX_STATE) {
		out->result = EX_IMAGING_ABORTED;
		out->why = *why;
	} else if (failed || count_good(out) == 0) {
		out->result = EX_IMAGING_FAILED;
		out->why = bad != NULL && (!failed || r->shared.alive == 0)
			       ? bad->why
			       : *why;
	} else if (r->reader.ended) {
		out->result = EX_IMAGING_TRUNCATED;
		out->why = r->reader.why;
	} else {
		out->result = ex_ranges_filled(&out->bad) > 0
				  ? EX_IMAGING_WITH_ERRORS
				  : EX_IMAGING_COMPLETE;
	}
}

/* Nothing but whole sets stays, and no digest of half a medium. */
static void
clean(struct run *r)
{
	struct ex_imaging_outcome *out = r->out;
	int lost = out->result == EX_IMAGING_ABORTED ||
		   out->result == EX_IMAGING_PAUSED ||
		   out->result == EX_IMAGING_FAILED;

	for (size_t i = 0; i < r->ncopies; i++) {
		if (lost)
			out->copy[i].good = 0;
		if (out->result == EX_IMAGING_PAUSED)
			ex_imaging_copy_keep(&r->copy[i]);
		ex_imaging_copy_close(&r->copy[i]);
		if (!out->copy[i].good && out->copy[i].why.code == EX_OK)
			out->copy[i].why = out->why;
	}
	if (lost)
		out->ndigests = 0;
}

static void
release(struct run *r)
{
	if (r->ring != NULL)
		ex_ring_stop(r->ring);
	join_all(r);
	ex_hashers_free(r->hashers);
	ex_imaging_packers_free(r->packers);
	ex_ring_free(r->ring);
	ex_imaging_reader_free(&r->reader);
	ex_imaging_resume_end(&r->resumed);
}

/* Behind everything that its threads did. */
static void
end(struct run *r)
{
	ex_ranges_free(&r->shared.noted);
	(void)pthread_mutex_destroy(&r->shared.guard);
}

static void
describe(struct run *r)
{
	struct ex_imaging_outcome *out = r->out;

	out->bytes_expected = r->shape.length;
	out->sector_size = r->shape.sector_size;
	out->chunk_size = r->shape.chunk;
	out->segment_size = r->shape.segment_size;
	if (r->job->container == EX_CONTAINER_RAW)
		(void)snprintf(out->writer, sizeof(out->writer), "raw");
	else
		(void)snprintf(out->writer, sizeof(out->writer), "libewf %.40s",
		    ex_ewf_version());
	(void)snprintf(
	    out->digester, sizeof(out->digester), "%s", ex_digest_maker(1));
	(void)snprintf(out->compressor, sizeof(out->compressor), "%s",
	    r->packers == NULL ? "none" : ex_imaging_packers_name(r->packers));
}

/* How the source behaved; what it says of its size now. */
static void
describe_reading(struct run *r)
{
	struct ex_imaging_outcome *out = r->out;

	out->bytes = r->reader.done;
	out->failed_reads = r->reader.failed;
	out->slowest_read = r->reader.slowest;
	out->returns = r->reader.returns;
	if (ex_source_size(r->job->source, &out->size_after, NULL) == -1)
		out->size_after = 0;
}

/*
 * Stopped where it may be gone on with: what was read is written.  An error of
 * the source's leaves what came before it.
 */
static void
end_early(struct run *r)
{
	if (!r->job->keep) {
		ex_ring_stop(r->ring);
		return;
	}
	(void)pthread_mutex_lock(&r->shared.guard);
	r->shared.pausing = 1;
	(void)pthread_mutex_unlock(&r->shared.guard);
	ex_ring_end(r->ring);
}

static int
run(struct ex_imaging_outcome *out, const struct ex_imaging *job,
    struct ex_err *err)
{
	struct run r = { .job = job, .out = out };
	struct ex_err why = EX_ERR_INIT;
	int64_t from = ex_ticks();
	int failed;

	memset(out, 0, sizeof(*out));
	out->started = ex_now();
	if (ex_imaging_check(job, err) == -1 ||
	    ex_imaging_shape(&r.shape, job, err) == -1)
		return -1;
	(void)pthread_mutex_init(&r.shared.guard, NULL);
	r.reader = (struct ex_imaging_reader){
		.job = job, .shape = r.shape, .bad = &out->bad
	};
	if (prepare(&r, err) == -1 || start(&r, err) == -1) {
		release(&r);
		/* What an earlier run left is as it was, or cut to its mark. */
		for (size_t i = 0; i < r.ncopies; i++)
			out->copy[i].kept = out->copy[i].from > 0;
		clean(&r);
		end(&r);
		ex_imaging_outcome_free(out);
		return -1;
	}
	ex_imaging_doubt(job, &r.shape);
	describe(&r);
	failed = read_source(&r, &why) == -1;
	if (failed)
		end_early(&r);
	join_all(&r);
	if (!failed)
		failed = conclude(&r, &why) == -1;
	/* Of one that is paused too. */
	if (failed && out->map.n == 0)
		(void)ex_imaging_map_outcome(
		    out, &r.resumed, &r.reader, 1, NULL);
	describe_reading(&r);
	judge(&r, failed, &why);
	release(&r);
	clean(&r);
	end(&r);
	out->ended = ex_now();
	out->seconds = (double)(ex_ticks() - from) / (double)EX_SECOND;
	return 0;
}

int
ex_imaging_run(struct ex_imaging_outcome *out, const struct ex_imaging *job,
    struct ex_err *err)
{
	sigset_t before;
	int rc;

	ex_thread_hold_xfsz(&before);
	rc = run(out, job, err);
	ex_thread_release_xfsz(&before);
	return rc;
}

void
ex_imaging_outcome_free(struct ex_imaging_outcome *out)
{
	for (size_t i = 0; i < out->ncopies; i++)
		free(out->copy[i].segment);
	ex_ranges_free(&out->bad);
	ex_ranges_free(&out->map);
	memset(out, 0, sizeof(*out));
}
