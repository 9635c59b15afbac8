/*
 * bench_parts.c -- what each part of the pipeline costs here and now, alone
 * in one thread: nanoseconds of processor a byte of the medium.
 *
 *	bench_parts MEDIUM
 * prints lines "NAME NS", and "bound" for two processors: the larger of
 * the digests, which one thread must do, and half of everything.
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
	CHUNK = 32 * 1024
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
	for (;; n += BLOCK) {
		t = cpu();
		if (read(from, block, BLOCK) != BLOCK)
			break;
		c.read += cpu() - t;
		measure_block(&c, fast, slow, packer, block, to);
	}
	sum = c.read + c.kernel + c.pack + c.write;
	(void)printf("read %.2f\nkernel %.2f\nopenssl %.2f\npack %.2f\n"
		     "write %.2f\nsum %.2f\nbound %.2f\n",
	    c.read / n, c.kernel / n, c.openssl / n, c.pack / n, c.write / n,
	    sum / n, (c.kernel > sum / 2 ? c.kernel : sum / 2) / n);
	ex_packer_free(packer);
	ex_digest_free(fast);
	ex_digest_free(slow);
	free(block);
	return 0;
}
