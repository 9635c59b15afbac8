/*
 * imaging_pack.c -- chunks packed by several threads.
 */
#include <stdlib.h>

#include "intake/imaging_parts.h"
#include "intake/thread.h"

struct worker {
	struct ex_ring *ring;
	struct ex_packer *packer;
	size_t chunk;
	int is_running;
	pthread_t thread;
};

struct ex_imaging_packers {
	struct worker *worker;
	size_t n;
};

int
ex_imaging_packers_new(struct ex_imaging_packers **out, struct ex_ring *ring,
    const struct ex_imaging_shape *shape, enum ex_compression compression,
    unsigned threads, struct ex_err *err)
{
	struct ex_imaging_packers *p = calloc(1, sizeof(*p));

	*out = NULL;
	threads = ex_thread_count(threads);
	if (p == NULL ||
	    (p->worker = calloc(threads, sizeof(*p->worker))) == NULL) {
		free(p);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	for (; p->n < threads; p->n++) {
		struct worker *w = &p->worker[p->n];

		if (ex_packer_new(&w->packer, compression, shape->chunk, err) ==
		    -1) {
			ex_imaging_packers_free(p);
			return -1;
		}
		w->ring = ring;
		w->chunk = shape->chunk;
	}
	ex_ring_work(ring);
	*out = p;
	return 0;
}

const char *
ex_imaging_packers_name(const struct ex_imaging_packers *p)
{
	return ex_packer_name(p->worker[0].packer);
}

/* One chunk of a block: packed behind those before it, or as it is. */
static void
pack_chunk(struct worker *w, struct ex_block *b, size_t off)
{
	struct ex_chunk *c = &b->chunk[b->nchunks++];

	c->plain = b->len - off < w->chunk ? b->len - off : w->chunk;
	c->bytes = ex_packer_pack(
	    w->packer, &c->n, &b->packed[off], &b->data[off], c->plain);
	c->packed = c->bytes != NULL;
	c->checksum = 0;
	if (c->packed)
		return;
	c->bytes = &b->data[off];
	c->n = c->plain;
	c->checksum = ex_pack_adler32(c->bytes, c->n);
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct ex_block *b;

	while ((b = ex_ring_take(w->ring)) != NULL) {
		for (size_t off = 0; off < b->len; off += w->chunk)
			pack_chunk(w, b, off);
		ex_ring_ready(w->ring, b);
	}
	return NULL;
}

int
ex_imaging_packers_start(struct ex_imaging_packers *p, struct ex_err *err)
{
	for (size_t i = 0; i < p->n; i++) {
		struct worker *w = &p->worker[i];

		if (ex_thread_start(&w->thread, work, w, err) == -1)
			return -1;
		w->is_running = 1;
	}
	return 0;
}

void
ex_imaging_packers_join(struct ex_imaging_packers *p)
{
	for (size_t i = 0; p != NULL && i < p->n; i++) {
		struct worker *w = &p->worker[i];

		if (w->is_running)
			(void)pthread_join(w->thread, NULL);
		w->is_running = 0;
	}
}

void
ex_imaging_packers_free(struct ex_imaging_packers *p)
{
	if (p == NULL)
		return;
	ex_imaging_packers_join(p);
	for (size_t i = 0; i < p->n; i++)
		ex_packer_free(p->worker[i].packer);
	free(p->worker);
	free(p);
}
