/*
 * ring.c -- blocks between threads.
 *
 * One lock, and a condition for each kind of thread, so that nobody is woken
 * for what is not for him.
 */
#include "intake/ring.h"

#include <pthread.h>
#include <stdlib.h>

enum {
	ALIGN = 4096
};

struct consumer {
	uint64_t at; /* index of its next block */
	int after;
	int gone;
};

struct ex_ring {
	pthread_mutex_t lock;
	pthread_cond_t room; /* for the producer */
	pthread_cond_t work; /* for workers */
	pthread_cond_t next; /* for consumers */
	struct ex_block *slot;
	size_t nslots, used;
	uint64_t filled; /* blocks published */
	uint64_t taken;	 /* blocks given to workers */
	struct consumer consumer[EX_RING_CONSUMERS];
	size_t nconsumers;
	int working; /* there are workers */
	int ended, stopped;
};

int
ex_ring_new(struct ex_ring **out, size_t nslots, struct ex_err *err)
{
	struct ex_ring *r = calloc(1, sizeof(*r));

	*out = NULL;
	if (r == NULL || (r->slot = calloc(nslots, sizeof(*r->slot))) == NULL) {
		free(r);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	r->nslots = r->used = nslots;
	(void)pthread_mutex_init(&r->lock, NULL);
	(void)pthread_cond_init(&r->room, NULL);
	(void)pthread_cond_init(&r->work, NULL);
	(void)pthread_cond_init(&r->next, NULL);
	*out = r;
	return 0;
}

void
ex_ring_free(struct ex_ring *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->nslots; i++) {
		free(r->slot[i].data);
		free(r->slot[i].packed);
		free(r->slot[i].chunk);
	}
	free(r->slot);
	(void)pthread_cond_destroy(&r->room);
	(void)pthread_cond_destroy(&r->work);
	(void)pthread_cond_destroy(&r->next);
	(void)pthread_mutex_destroy(&r->lock);
	free(r);
}

int
ex_ring_size(struct ex_ring *r, size_t nslots, size_t nbytes, size_t npacked,
    size_t nchunks, struct ex_err *err)
{
	r->used = nslots < r->nslots ? nslots : r->nslots;
	for (size_t i = 0; i < r->used; i++) {
		struct ex_block *b = &r->slot[i];
		void *p = NULL;

		if (posix_memalign(&p, ALIGN, nbytes) != 0)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		b->data = p;
		if (npacked > 0 && (b->packed = malloc(npacked)) == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		if (nchunks > 0 &&
		    (b->chunk = calloc(nchunks, sizeof(*b->chunk))) == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return 0;
}

int
ex_ring_join(struct ex_ring *r, int after)
{
	r->consumer[r->nconsumers].after = after;
	return (int)r->nconsumers++;
}

void
ex_ring_work(struct ex_ring *r)
{
	r->working = 1;
}

static struct ex_block *
slot_of(struct ex_ring *r, uint64_t index)
{
	return &r->slot[index % r->used];
}

/* Whatever anybody waits for may have come. */
static void
tell_all(struct ex_ring *r)
{
	(void)pthread_cond_broadcast(&r->room);
	(void)pthread_cond_broadcast(&r->work);
	(void)pthread_cond_broadcast(&r->next);
	(void)pthread_mutex_unlock(&r->lock);
}

/* Is the block that would be overwritten next let go by everybody? */
static int
has_room(const struct ex_ring *r)
{
	for (size_t i = 0; i < r->nconsumers; i++) {
		const struct consumer *c = &r->consumer[i];

		if (!c->gone && r->filled - c->at >= r->used)
			return 0;
	}
	return 1;
}

/* Has the block that would be overwritten next still to be worked on? */
static int
is_unworked(struct ex_ring *r)
{
	if (!r->working || r->filled < r->used)
		return 0;
	return r->filled - r->used >= r->taken ||
	       !slot_of(r, r->filled)->is_ready;
}

struct ex_block *
ex_ring_claim(struct ex_ring *r)
{
	struct ex_block *b = NULL;

	(void)pthread_mutex_lock(&r->lock);
	while (!r->stopped && (!has_room(r) || is_unworked(r)))
		(void)pthread_cond_wait(&r->room, &r->lock);
	if (!r->stopped) {
		b = slot_of(r, r->filled);
		b->index = r->filled;
		b->is_ready = 0;
		b->len = 0;
		b->nchunks = 0;
	}
	(void)pthread_mutex_unlock(&r->lock);
	return b;
}

void
ex_ring_publish(struct ex_ring *r, struct ex_block *b)
{
	(void)b;
	(void)pthread_mutex_lock(&r->lock);
	r->filled++;
	if (r->working)
		(void)pthread_cond_signal(&r->work);
	(void)pthread_cond_broadcast(&r->next);
	(void)pthread_mutex_unlock(&r->lock);
}

void
ex_ring_end(struct ex_ring *r)
{
	(void)pthread_mutex_lock(&r->lock);
	r->ended = 1;
	tell_all(r);
}

struct ex_block *
ex_ring_take(struct ex_ring *r)
{
	struct ex_block *b = NULL;

	(void)pthread_mutex_lock(&r->lock);
	while (!r->stopped && !r->ended && r->taken == r->filled)
		(void)pthread_cond_wait(&r->work, &r->lock);
	if (!r->stopped && r->taken < r->filled)
		b = slot_of(r, r->taken++);
	(void)pthread_mutex_unlock(&r->lock);
	return b;
}

void
ex_ring_ready(struct ex_ring *r, struct ex_block *b)
{
	(void)pthread_mutex_lock(&r->lock);
	b->is_ready = 1;
	(void)pthread_cond_broadcast(&r->next);
	(void)pthread_cond_signal(&r->room);
	(void)pthread_mutex_unlock(&r->lock);
}

struct ex_block *
ex_ring_next(struct ex_ring *r, int consumer)
{
	struct consumer *c = &r->consumer[consumer];
	struct ex_block *b = NULL;

	(void)pthread_mutex_lock(&r->lock);
	while (!r->stopped) {
		if (c->at < r->filled) {
			b = slot_of(r, c->at);
			if (!c->after || b->is_ready)
				break;
			b = NULL;
		} else if (r->ended) {
			break;
		}
		(void)pthread_cond_wait(&r->next, &r->lock);
	}
	(void)pthread_mutex_unlock(&r->lock);
	return b;
}

void
ex_ring_release(struct ex_ring *r, int consumer)
{
	(void)pthread_mutex_lock(&r->lock);
	r->consumer[consumer].at++;
	(void)pthread_cond_signal(&r->room);
	(void)pthread_mutex_unlock(&r->lock);
}

void
ex_ring_leave(struct ex_ring *r, int consumer)
{
	(void)pthread_mutex_lock(&r->lock);
	r->consumer[consumer].gone = 1;
	tell_all(r);
}

void
ex_ring_stop(struct ex_ring *r)
{
	(void)pthread_mutex_lock(&r->lock);
	r->stopped = 1;
	tell_all(r);
}

int
ex_ring_stopped(struct ex_ring *r)
{
	int stopped;

	(void)pthread_mutex_lock(&r->lock);
	stopped = r->stopped;
	(void)pthread_mutex_unlock(&r->lock);
	return stopped;
}
