/*
 * reader_run.c -- an image read through: chunks inflated and checked by
 * several threads, digests and the messages to the parent in order.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "intake/blockmap.h"
#include "intake/hashers.h"
#include "intake/pack.h"
#include "intake/reader_parts.h"
#include "intake/thread.h"

enum {
	BLOCKS = 16,
	MEMORY = 48 * 1024 * 1024, /* bytes of blocks, with larger chunks */
	WORKERS = 64
};

struct worker {
	struct ex_reading_run *run;
	struct ex_unpacker *unpacker;
	int is_running;
	pthread_t thread;
};

struct ex_reading_run {
	struct ex_ring *ring;
	struct ex_hashers *hashers; /* NULL when data is sent */
	struct worker worker[WORKERS];
	unsigned nworkers;
	/* The scribe: the only thread that writes to the parent meanwhile. */
	int to;
	int sends_data;
	int block_digests; /* wanted */
	int consumer;
	int is_scribing;
	pthread_t scribe;
	const struct ex_reader_image *image; /* set before the first block */
	struct ex_ranges bad;
	size_t told; /* ranges that the parent knows */
	int64_t last;
	int failed;
	struct ex_err err;
};

void
ex_reader_settle(struct ex_unpacker *unpacker, struct ex_chunk *c, uint8_t *to)
{
	enum ex_chunk_state state = (enum ex_chunk_state)c->state;
	int whole = 1;

	if (state == EX_CHUNK_MISSING || state == EX_CHUNK_WRONG) {
		whole = 0;
	} else if (c->packed) {
		whole = ex_unpacker_unpack(
			    unpacker, to, c->plain, c->bytes, c->n) == 0;
	} else {
		whole = c->n >= c->plain &&
			(state == EX_CHUNK_UNCHECKED ||
			    ex_pack_adler32(c->bytes, c->plain) == c->checksum);
		if (whole)
			memcpy(to, c->bytes, c->plain);
	}
	if (whole)
		return;
	memset(to, 0, c->plain);
	if (state != EX_CHUNK_MISSING)
		c->state = EX_CHUNK_WRONG;
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct ex_block *b;

	while ((b = ex_ring_take(w->run->ring)) != NULL) {
		size_t off = 0;

		for (size_t i = 0; i < b->nchunks; i++) {
			ex_reader_settle(
			    w->unpacker, &b->chunk[i], &b->data[off]);
			off += b->chunk[i].plain;
		}
		if (w->run->block_digests)
			ex_sha256(b->digest, b->data, b->len);
		ex_ring_ready(w->run->ring, b);
	}
	return NULL;
}

/* Ranges that cannot grow any more; all of them at the end. */
static int
tell_ranges(
    struct ex_reading_run *r, int all, struct ex_buf *out, struct ex_err *err)
{
	while (r->told + (all ? 0 : 1) < r->bad.n) {
		if (ex_reader_put_range(out, &r->bad.at[r->told], err) == -1)
			return -1;
		r->told++;
	}
	return 0;
}

static int
note_chunks(
    struct ex_reading_run *r, const struct ex_block *b, struct ex_err *err)
{
	uint64_t sector = r->image->sector_size, off = b->off;

	for (size_t i = 0; i < b->nchunks; i++) {
		const struct ex_chunk *c = &b->chunk[i];

		if ((c->state == EX_CHUNK_MISSING ||
			c->state == EX_CHUNK_WRONG) &&
		    ex_ranges_add(&r->bad, off / sector,
			(c->plain + sector - 1) / sector,
			c->state == EX_CHUNK_MISSING ? EX_RANGE_MISSING
						     : EX_RANGE_CHECKSUM,
			err) == -1)
			return -1;
		off += c->plain;
	}
	return 0;
}

/* In frames that the parent takes. */
static int
send_data(
    struct ex_reading_run *r, const struct ex_block *b, struct ex_err *err)
{
	struct ex_buf head = EX_BUF_INIT;
	int rc = 0;

	for (size_t at = 0; rc == 0 && at < b->len; at += EX_READER_BLOCK) {
		size_t n = b->len - at < EX_READER_BLOCK ? b->len - at
							 : EX_READER_BLOCK;

		ex_buf_cut(&head, 0);
		rc = ex_reader_put_data_head(&head, b->off + at, n, err);
		if (rc == 0)
			rc = ex_fd_write_all(r->to, head.data, head.len, err);
		if (rc == 0)
			rc = ex_fd_write_all(r->to, &b->data[at], n, err);
	}
	ex_buf_free(&head);
	return rc;
}

/* A block is done: say so now and then. */
static int
tell(struct ex_reading_run *r, const struct ex_block *b, struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	int64_t now = ex_ticks();
	int rc;

	rc = note_chunks(r, b, err);
	if (rc == 0)
		rc = tell_ranges(r, 0, &out, err);
	if (rc == 0 && r->block_digests)
		rc = ex_reader_put_block_digest(&out, b->digest, err);
	if (rc == 0 && now - r->last > EX_SECOND / 4) {
		r->last = now;
		rc = ex_reader_put_progress(&out, b->off + b->len, err);
	}
	if (rc == 0 && out.len > 0)
		rc = ex_fd_write_all(r->to, out.data, out.len, err);
	ex_buf_free(&out);
	if (rc == 0 && r->sends_data)
		rc = send_data(r, b, err);
	return rc;
}

static void *
scribe(void *arg)
{
	struct ex_reading_run *r = arg;
	struct ex_block *b;

	while ((b = ex_ring_next(r->ring, r->consumer)) != NULL) {
		if (tell(r, b, &r->err) == -1) {
			r->failed = 1;
			ex_ring_stop(r->ring);
			break;
		}
		ex_ring_release(r->ring, r->consumer);
	}
	return NULL;
}

int
ex_reading_run_start(struct ex_reading_run *r, struct ex_err *err)
{
	if (r->hashers != NULL && ex_hashers_start(r->hashers, err) == -1)
		return -1;
	for (unsigned i = 0; i < r->nworkers; i++) {
		struct worker *w = &r->worker[i];

		if (ex_thread_start(&w->thread, work, w, err) == -1)
			return -1;
		w->is_running = 1;
	}
	if (ex_thread_start(&r->scribe, scribe, r, err) == -1)
		return -1;
	r->is_scribing = 1;
	return 0;
}

static int
make_workers(struct ex_reading_run *r, unsigned threads, struct ex_err *err)
{
	for (unsigned n = ex_thread_count(threads); r->nworkers < n;) {
		struct worker *w = &r->worker[r->nworkers];

		if (ex_unpacker_new(&w->unpacker, err) == -1)
			return -1;
		w->run = r;
		r->nworkers++;
	}
	return 0;
}

int
ex_reading_run_new(struct ex_reading_run **out,
    const struct ex_reader_request *request, int to, struct ex_err *err)
{
	struct ex_reading_run *r = calloc(1, sizeof(*r));

	*out = NULL;
	if (r == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	r->to = to;
	r->sends_data = request->send_data;
	r->block_digests = request->block_digests;
	if (ex_ring_new(&r->ring, BLOCKS, err) == -1)
		goto out;
	ex_ring_work(r->ring);
	r->consumer = ex_ring_join(r->ring, 1);
	if (request->algs != 0 &&
	    ex_hashers_new(&r->hashers, r->ring, request->algs, 1,
		request->other_digests ? EX_HASHERS_OPENSSL
				       : EX_HASHERS_FASTEST,
		err) == -1)
		goto out;
	if (make_workers(r, request->threads, err) == -1)
		goto out;
	*out = r;
	return 0;
out:
	ex_reading_run_free(r);
	return -1;
}

static void
join(struct ex_reading_run *r)
{
	if (r->is_scribing)
		(void)pthread_join(r->scribe, NULL);
	r->is_scribing = 0;
	for (unsigned i = 0; i < r->nworkers; i++) {
		if (r->worker[i].is_running)
			(void)pthread_join(r->worker[i].thread, NULL);
		r->worker[i].is_running = 0;
	}
}

void
ex_reading_run_free(struct ex_reading_run *r)
{
	if (r == NULL)
		return;
	if (r->ring != NULL)
		ex_ring_stop(r->ring);
	join(r);
	ex_hashers_free(r->hashers);
	for (unsigned i = 0; i < r->nworkers; i++)
		ex_unpacker_free(r->worker[i].unpacker);
	ex_ranges_free(&r->bad);
	ex_ring_free(r->ring);
	free(r);
}

/* Memory for blocks of whole chunks. */
static int
size_ring(struct ex_reading_run *r, size_t *per_block, struct ex_err *err)
{
	size_t chunk = r->image->chunk, bytes, room;
	size_t n = EX_READER_BLOCK / chunk;
	size_t blocks;

	*per_block = n == 0 ? 1 : n;
	bytes = *per_block * chunk;
	room = *per_block * (chunk + EX_READER_SLACK);
	blocks = MEMORY / (bytes + room);
	if (blocks < 2)
		blocks = 2;
	return ex_ring_size(r->ring, blocks, bytes, room, *per_block, err);
}

static int
read_blocks(
    struct ex_reading_run *r, struct ex_reader_image *image, struct ex_err *err)
{
	size_t room = image->chunk + EX_READER_SLACK, per_block;
	uint64_t off = 0;
	struct ex_block *b;

	if (size_ring(r, &per_block, err) == -1)
		return -1;
	/* Blocks of another size are not those of a map. */
	if (per_block * image->chunk != EX_BLOCKMAP_BLOCK)
		r->block_digests = 0;
	while (off < image->bytes) {
		if ((b = ex_ring_claim(r->ring)) == NULL)
			return 0; /* whoever stopped it says why */
		b->off = off;
		while (b->nchunks < per_block && off < image->bytes) {
			struct ex_chunk *c = &b->chunk[b->nchunks];
			uint64_t left = image->bytes - off;

			memset(c, 0, sizeof(*c));
			c->plain =
			    left < image->chunk ? (size_t)left : image->chunk;
			image->ops->read(
			    image, c, &b->packed[b->nchunks * room], off);
			off += c->plain;
			b->len += c->plain;
			b->nchunks++;
		}
		ex_ring_publish(r->ring, b);
	}
	ex_ring_end(r->ring);
	return 0;
}

static int
tell_end(struct ex_reading_run *r, struct ex_err *err)
{
	struct ex_buf out = EX_BUF_INIT;
	int rc;

	rc = tell_ranges(r, 1, &out, err);
	if (rc == 0 && out.len > 0)
		rc = ex_fd_write_all(r->to, out.data, out.len, err);
	ex_buf_free(&out);
	return rc;
}

int
ex_reading_run_go(struct ex_reading_run *r, struct ex_reader_image *image,
    struct ex_reader_done *done, struct ex_err *err)
{
	r->image = image;
	if (read_blocks(r, image, err) == -1)
		return -1;
	join(r);
	if (r->failed)
		return ex_fail(err, r->err.code, "%s", r->err.text);
	if (ex_ring_stopped(r->ring))
		return ex_fail(err, EX_SYSTEM, "a digest failed");
	done->bytes = image->bytes;
	if (r->hashers != NULL && ex_hashers_end(r->hashers, done->digest,
				      &done->ndigests, err) == -1)
		return -1;
	return tell_end(r, err);
}
