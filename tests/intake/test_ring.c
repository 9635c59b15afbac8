/*
 * test_ring.c -- blocks reach everybody, in order, whoever is slow.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "base/clock.h"
#include "hashing/digest.h"
#include "intake/hashers.h"
#include "intake/ring.h"

enum {
	BLOCKS = 500,
	BYTES = 64,
	WORKERS = 3
};

struct party {
	struct ex_ring *ring;
	pthread_t thread;
	int consumer;
	unsigned slow;	    /* gives the processor away so often */
	uint64_t seen;	    /* blocks, in order */
	uint64_t leaves_at; /* 0: stays */
	int wrong;
	int after;
};

static void *
work(void *arg)
{
	struct party *p = arg;
	struct ex_block *b;

	while ((b = ex_ring_take(p->ring)) != NULL) {
		for (unsigned i = 0; i < (unsigned)(b->off % 7); i++)
			(void)sched_yield();
		/* Workers may write; the others see that it is done. */
		b->packed[0] = (uint8_t)b->off;
		ex_ring_ready(p->ring, b);
	}
	return NULL;
}

static void *
consume(void *arg)
{
	struct party *p = arg;
	struct ex_block *b;

	while ((b = ex_ring_next(p->ring, p->consumer)) != NULL) {
		if (b->off != p->seen || b->data[BYTES - 1] != (uint8_t)b->off)
			p->wrong = 1;
		if (p->after && b->packed[0] != (uint8_t)b->off)
			p->wrong = 1;
		p->seen++;
		if (p->leaves_at != 0 && p->seen == p->leaves_at) {
			ex_ring_leave(p->ring, p->consumer);
			break;
		}
		for (unsigned i = 0; i < p->slow; i++)
			(void)sched_yield();
		ex_ring_release(p->ring, p->consumer);
	}
	return NULL;
}

static void
produce(struct ex_ring *ring, uint64_t stop_at)
{
	for (uint64_t i = 0; i < BLOCKS; i++) {
		struct ex_block *b;

		if (stop_at != 0 && i == stop_at)
			ex_ring_stop(ring);
		if ((b = ex_ring_claim(ring)) == NULL)
			return;
		b->off = i;
		b->len = BYTES;
		memset(b->data, (int)(uint8_t)i, BYTES);
		b->packed[0] = (uint8_t)~i;
		ex_ring_publish(ring, b);
	}
	ex_ring_end(ring);
}

static void
run(struct party *party, size_t n, size_t slots, uint64_t stop_at)
{
	struct party worker[WORKERS] = { { .ring = NULL } };
	struct ex_ring *ring;

	assert_int_equal(ex_ring_new(&ring, 8, NULL), 0);
	ex_ring_work(ring);
	for (size_t i = 0; i < n; i++) {
		party[i].ring = ring;
		party[i].consumer = ex_ring_join(ring, party[i].after);
	}
	assert_int_equal(ex_ring_size(ring, slots, BYTES, 1, 1, NULL), 0);
	for (size_t i = 0; i < WORKERS; i++) {
		worker[i].ring = ring;
		assert_int_equal(
		    pthread_create(&worker[i].thread, NULL, work, &worker[i]),
		    0);
	}
	for (size_t i = 0; i < n; i++)
		assert_int_equal(
		    pthread_create(&party[i].thread, NULL, consume, &party[i]),
		    0);
	produce(ring, stop_at);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(pthread_join(party[i].thread, NULL), 0);
	for (size_t i = 0; i < WORKERS; i++)
		assert_int_equal(pthread_join(worker[i].thread, NULL), 0);
	ex_ring_free(ring);
}

static void
everybody_gets_every_block_in_order(void **state)
{
	static const size_t slots[] = { 1, 2, 8, 100 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct party p[4] = { { .slow = 0 }, { .slow = 9 },
			{ .after = 1 }, { .after = 1, .slow = 5 } };

		run(p, 4, slots[i], 0);
		for (size_t k = 0; k < 4; k++) {
			assert_int_equal(p[k].seen, BLOCKS);
			assert_false(p[k].wrong);
		}
	}
}

static void
who_leaves_holds_nobody_up(void **state)
{
	struct party p[3] = { { .leaves_at = 3 },
		{ .after = 1, .leaves_at = 10 }, { .slow = 1 } };

	(void)state;
	run(p, 3, 4, 0);
	assert_int_equal(p[0].seen, 3);
	assert_int_equal(p[1].seen, 10);
	assert_int_equal(p[2].seen, BLOCKS);
	assert_false(p[2].wrong);
}

static void
a_stop_ends_everybody(void **state)
{
	struct party p[2] = { { .slow = 3 }, { .after = 1 } };

	(void)state;
	run(p, 2, 4, 50);
	assert_true(p[0].seen <= 50);
	assert_true(p[1].seen <= 50);
}

/* Digests in several threads are those of one. */
static void
hashers_agree_with_one_digest(void **state)
{
	struct ex_digest_value got[EX_ALGS], want[EX_ALGS];
	struct ex_digest *one;
	size_t ngot, nwant;

	(void)state;
	for (unsigned algs = 1; algs < EX_ALG_BIT(EX_ALGS); algs++) {
		struct ex_hashers *h;
		struct ex_ring *ring;
		uint8_t bytes[BYTES];

		assert_int_equal(ex_ring_new(&ring, 4, NULL), 0);
		assert_int_equal(ex_ring_size(ring, 4, BYTES, 1, 1, NULL), 0);
		assert_int_equal(
		    ex_hashers_new(&h, ring, algs, 0, EX_HASHERS_FASTEST, NULL),
		    0);
		assert_int_equal(ex_hashers_start(h, NULL), 0);
		produce(ring, 0);
		assert_int_equal(ex_hashers_end(h, got, &ngot, NULL), 0);
		assert_int_equal(ex_digest_new(&one, algs, NULL), 0);
		for (unsigned i = 0; i < BLOCKS; i++) {
			memset(bytes, (int)(uint8_t)i, BYTES);
			assert_int_equal(
			    ex_digest_add(one, bytes, BYTES, NULL), 0);
		}
		assert_int_equal(
		    ex_digest_end(one, want, &nwant, NULL, NULL), 0);
		assert_int_equal(ngot, nwant);
		for (size_t i = 0; i < ngot; i++) {
			assert_int_equal(got[i].alg, want[i].alg);
			assert_memory_equal(
			    got[i].value, want[i].value, want[i].len);
		}
		ex_digest_free(one);
		ex_hashers_free(h);
		ex_ring_free(ring);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_gets_every_block_in_order),
		cmocka_unit_test(who_leaves_holds_nobody_up),
		cmocka_unit_test(a_stop_ends_everybody),
		cmocka_unit_test(hashers_agree_with_one_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
