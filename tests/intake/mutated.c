/*
 * mutated.c -- images that are a few bytes away from good ones, catalogued:
 * whatever they do to a reader, the parent comes to an end with an answer.
 *
 *	mutated SEED COUNT FORMAT IMAGE...
 *		prints how many ended how; exits with 1 when the parent had
 *		to give up on one, whose bytes are then in ./mutated-N
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "intake/catalogue.h"

enum {
	LARGEST = 8 * 1024 * 1024, /* bytes of a seed */
	CHANGES = 24,		   /* bytes that are changed, at most */
	HEAD = 128 * 1024	   /* where most of them are: metadata */
};

static uint64_t state;

/* xorshift64*: the same images from the same seed, everywhere. */
static uint64_t
next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(0x2545f4914f6cdd1d);
}

static void
mutate(struct ex_buf *b)
{
	size_t changes = next() % CHANGES + 1;

	for (size_t i = 0; i < changes && b->len > 0; i++) {
		size_t within =
		    next() % 4 != 0 && b->len > HEAD ? HEAD : b->len;
		size_t at = next() % within;
		static const uint8_t edge[] = { 0, 1, 0x7f, 0x80, 0xff };

		switch (next() % 4) {
		case 0:
			b->data[at] = edge[next() % sizeof(edge)];
			break;
		case 1:
			b->data[at] ^= (uint8_t)(1u << next() % 8);
			break;
		default:
			b->data[at] = (uint8_t)next();
			break;
		}
	}
	if (next() % 16 == 0)
		ex_buf_cut(b, next() % (b->len + 1));
}

/* One image; 1: a finding, 0: none, -1: the parent gave up. */
static int
run(const char *path, const char *program, enum ex_container container,
    unsigned *restarts)
{
	struct ex_cataloguing c = { .container = container,
		.path = &path,
		.npaths = 1,
		.program = program,
		.patience_seconds = 1,
		.wall_seconds = 20 };
	struct ex_catalogue out;
	struct ex_err err = EX_ERR_INIT;
	int found;

	if (ex_catalogue_run(&out, &c, &err) == -1) {
		(void)fprintf(stderr, "mutated: %s\n", err.text);
		return -1;
	}
	found = out.found > 0;
	*restarts += out.restarts;
	ex_catalogue_free(&out);
	return found;
}

static int
one(unsigned long long no, const char *seed, const char *program,
    enum ex_container container, unsigned *restarts)
{
	struct ex_buf b = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	char path[64];
	int rc = -1;

	(void)snprintf(path, sizeof(path), "mutated-%llu", no);
	if (ex_file_read(&b, seed, LARGEST, &err) == 0) {
		mutate(&b);
		if (ex_file_write(path, b.data, b.len, 0600, &err) == 0)
			rc = run(path, program, container, restarts);
	}
	if (err.code != EX_OK)
		(void)fprintf(stderr, "mutated: %s\n", err.text);
	if (rc != -1)
		(void)unlink(path);
	ex_buf_free(&b);
	return rc;
}

int
main(int argc, char **argv)
{
	const char *build = getenv("EXHIBIT_BUILD");
	unsigned long long count, with = 0, without = 0;
	enum ex_container container;
	char program[EX_PATH];
	unsigned restarts = 0;

	if (argc < 5 || ex_container_parse(&container, argv[3], NULL) == -1)
		return 64;
	state = strtoull(argv[1], NULL, 10) * 2 + 1;
	count = strtoull(argv[2], NULL, 10);
	(void)snprintf(program, sizeof(program), "%s/bin/exhibit-reader",
	    build == NULL ? "build" : build);
	for (unsigned long long i = 0; i < count; i++) {
		const char *seed = argv[4 + i % (unsigned long long)(argc - 4)];
		int found = one(i, seed, program, container, &restarts);

		if (found == -1)
			return 1;
		with += found == 1;
		without += found == 0;
	}
	(void)printf("%llu images: %llu with a finding, %llu without; %u "
		     "readers started again\n",
	    count, with, without, restarts);
	return 0;
}
