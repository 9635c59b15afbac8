/*
 * hashers.c -- digests side by side.
 */
#include "intake/hashers.h"

#include <stdlib.h>

#include "intake/thread.h"

enum {
	THREADS = 3
};

struct hasher {
	struct ex_ring *ring;
	unsigned algs; /* 0: not used */
	struct ex_digest *digest;
	int consumer;
	int is_running;
	int failed;
	struct ex_err err;
	pthread_t thread;
};

struct ex_hashers {
	struct hasher hasher[THREADS];
};

/* What an algorithm costs, hundredths of a nanosecond a byte (SHA-NI). */
static const unsigned cost[EX_ALGS] = {
	[EX_MD5] = 120,
	[EX_SHA1] = 48,
	[EX_SHA256] = 51,
	[EX_SHA512] = 140,
	[EX_SHA3_256] = 230,
	[EX_BLAKE2B] = 100,
};

/* Those of the kernel together, each other to the thread with the least. */
static void
share_out(struct ex_hashers *h, unsigned algs, enum ex_hashers_by by)
{
	unsigned load[THREADS] = { 0 };

	if (by == EX_HASHERS_FASTEST &&
	    (h->hasher[0].algs = ex_digest_kernel_part(algs)) != 0)
		load[0] = cost[EX_MD5];
	algs &= ~h->hasher[0].algs;
	for (unsigned alg = 0; alg < EX_ALGS; alg++) {
		size_t least = 0;

		if ((algs & EX_ALG_BIT(alg)) == 0)
			continue;
		for (size_t i = 1; i < THREADS; i++)
			if (load[i] < load[least])
				least = i;
		load[least] += cost[alg];
		h->hasher[least].algs |= EX_ALG_BIT(alg);
	}
}

static int
begin(struct hasher *one, enum ex_hashers_by by, struct ex_err *err)
{
	return by == EX_HASHERS_FASTEST
		   ? ex_digest_new_fast(&one->digest, one->algs, err)
		   : ex_digest_new(&one->digest, one->algs, err);
}

int
ex_hashers_new(struct ex_hashers **out, struct ex_ring *ring, unsigned algs,
    int after, enum ex_hashers_by by, struct ex_err *err)
{
	struct ex_hashers *h = calloc(1, sizeof(*h));

	*out = NULL;
	if (h == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	share_out(h, algs, by);
	for (size_t i = 0; i < THREADS; i++) {
		struct hasher *one = &h->hasher[i];

		if (one->algs == 0)
			continue;
		if (begin(one, by, err) == -1) {
			ex_hashers_free(h);
			return -1;
		}
		one->ring = ring;
		one->consumer = ex_ring_join(ring, after);
	}
	*out = h;
	return 0;
}

static void *
hash(void *arg)
{
	struct hasher *h = arg;
	struct ex_block *b;

	while ((b = ex_ring_next(h->ring, h->consumer)) != NULL) {
		if (ex_digest_add(h->digest, b->data, b->len, &h->err) == -1) {
			h->failed = 1;
			ex_ring_stop(h->ring);
			break;
		}
		ex_ring_release(h->ring, h->consumer);
	}
	return NULL;
}

int
ex_hashers_start(struct ex_hashers *h, struct ex_err *err)
{
	for (size_t i = 0; i < THREADS; i++) {
		struct hasher *one = &h->hasher[i];

		if (one->algs == 0)
			continue;
		if (ex_thread_start(&one->thread, hash, one, err) == -1)
			return -1;
		one->is_running = 1;
	}
	return 0;
}

static void
join(struct hasher *one)
{
	if (one->is_running)
		(void)pthread_join(one->thread, NULL);
	one->is_running = 0;
}

/* Put one value in its place among n. */
static void
insert(struct ex_digest_value *out, size_t n, const struct ex_digest_value *v)
{
	for (; n > 0 && out[n - 1].alg > v->alg; n--)
		out[n] = out[n - 1];
	out[n] = *v;
}

int
ex_hashers_end(struct ex_hashers *h, struct ex_digest_value *out, size_t *n,
    struct ex_err *err)
{
	struct ex_digest_value value[EX_ALGS];

	*n = 0;
	for (size_t i = 0; i < THREADS; i++) {
		struct hasher *one = &h->hasher[i];
		size_t got;

		if (one->algs == 0)
			continue;
		join(one);
		if (one->failed)
			return ex_fail(err, one->err.code, "%s", one->err.text);
		if (ex_digest_end(one->digest, value, &got, NULL, err) == -1)
			return -1;
		for (size_t k = 0; k < got; k++)
			insert(out, (*n)++, &value[k]);
	}
	return 0;
}

void
ex_hashers_free(struct ex_hashers *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < THREADS; i++) {
		join(&h->hasher[i]);
		ex_digest_free(h->hasher[i].digest);
	}
	free(h);
}
