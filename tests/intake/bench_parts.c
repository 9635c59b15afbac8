/*
 * bench_parts.c -- what each part of the pipeline costs here and now, alone
 * in one thread: nanoseconds of processor a byte of the medium.
 *
 *	bench_parts MEDIUM
 * prints lines "NAME NS"; "half" is the larger of the digests, which one
 * thread must do, and half of everything; "bound" is what two processors need
 * at least when the digests and the rest may be no more than the ring of
 * blocks apart: where the medium is empty for longer than that, one of them
 * has nothing to do but to wait for the digests.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "hashing/digest.h"
#include "intake/pack.h"

enum {
	BLOCK = 1 << 20,
	CHUNK = 32 * 1024,
	RING = 16,	  /* blocks; as imaging.c has them */
	BLOCKS_MAX = 8192 /* of the medium */
};

static double
cpu(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

struct costs {
	double read, kernel, openssl, pack, write;
};

static void
measure_block(struct costs *c, struct ex_digest *fast, struct ex_digest *slow,
    struct ex_packer *packer, const uint8_t *block, int to)
{
	static uint8_t out[CHUNK];
	double t = cpu();

	(void)ex_digest_add(fast, block, BLOCK, NULL);
	c->kernel += cpu() - t;
	t = cpu();
	(void)ex_digest_add(slow, block, BLOCK, NULL);
	c->openssl += cpu() - t;
	for (size_t off = 0; off < BLOCK; off += CHUNK) {
		size_t n = CHUNK;
		const uint8_t *p;

		t = cpu();
		p = ex_packer_pack(packer, &n, out, &block[off], CHUNK);
		if (p == NULL)
			(void)ex_pack_adler32(&block[off], CHUNK);
		c->pack += cpu() - t;
		t = cpu();
		if (write(to, p == NULL ? &block[off] : p, n) == -1)
			exit(2);
		c->write += cpu() - t;
	}
}

/* What each block costs: its digests, and all the rest. */
static struct {
	double digests, rest;
} cost[BLOCKS_MAX];

/*
 * The time of two processors for n blocks, ns.  The digests go first, because
 * one thread makes them; the rest is any thread's.  What can be done by both
 * at once is, and nothing is lost between.
 */
static double
bound(size_t n)
{
	size_t h = 0, r = 0; /* blocks done: digests, the rest */
	double hleft = cost[0].digests, rleft = cost[0].rest, t = 0;

	while (h < n || r < n) {
		int hash = h < n && h < r + RING;
		int rest = r < n && r < h + RING;
		double rate = hash ? 1 : 2, step = hash ? hleft : rleft / rate;

		if (hash && rest && rleft < step)
			step = rleft;
		t += step;
		if (hash && (hleft -= step) <= 0 && ++h < n)
			hleft = cost[h].digests;
		if (rest && (rleft -= step * rate) <= 0 && ++r < n)
			rleft = cost[r].rest;
	}
	return t;
}

static double
sum_of_rest(const struct costs *c)
{
	return c->read + c->pack + c->write;
}

int
main(int argc, char **argv)
{
	const unsigned algs =
	    EX_ALG_BIT(EX_MD5) | EX_ALG_BIT(EX_SHA1) | EX_ALG_BIT(EX_SHA256);
	struct ex_digest *fast, *slow;
	struct ex_packer *packer;
	struct costs c = { 0, 0, 0, 0, 0 };
	uint8_t *block = malloc(BLOCK);
	char name[] = "/dev/shm/bench-parts.XXXXXX";
	double n = 0, t, sum;
	size_t nblocks = 0;
	int from = argc == 2 ? open(argv[1], O_RDONLY) : -1;
	int to = mkstemp(name);

	if (block == NULL || from == -1 || to == -1 ||
	    ex_digest_new_fast(&fast, algs, NULL) == -1 ||
	    ex_digest_new(&slow, algs, NULL) == -1 ||
	    ex_packer_new(&packer, EX_COMPRESSION_FAST, CHUNK, NULL) == -1) {
		(void)fprintf(stderr, "bench_parts MEDIUM\n");
		return 2;
	}
	(void)unlink(name);
	for (; nblocks < BLOCKS_MAX; n += BLOCK) {
		double before = sum_of_rest(&c), hashed = c.kernel;

		t = cpu();
		if (read(from, block, BLOCK) != BLOCK)
			break;
		c.read += cpu() - t;
		measure_block(&c, fast, slow, packer, block, to);
		cost[nblocks].digests = c.kernel - hashed;
		cost[nblocks++].rest = sum_of_rest(&c) - before;
	}
	sum = sum_of_rest(&c) + c.kernel;
	(void)printf("read %.2f\nkernel %.2f\nopenssl %.2f\npack %.2f\n"
		     "write %.2f\nsum %.2f\nhalf %.2f\nbound %.2f\n",
	    c.read / n, c.kernel / n, c.openssl / n, c.pack / n, c.write / n,
	    sum / n, (c.kernel > sum / 2 ? c.kernel : sum / 2) / n,
	    bound(nblocks) / n);
	ex_packer_free(packer);
	ex_digest_free(fast);
	ex_digest_free(slow);
	free(block);
	return 0;
}
