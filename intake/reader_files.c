/*
 * reader_files.c -- SHA-256 of each file of an image, in one thread.
 */
#include "intake/reader_files.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "intake/thread.h"

enum {
	CHUNK = 1 << 20 /* bytes read at once */
};

struct ex_reader_files {
	struct ex_reading_file *file;
	size_t n;
	uint8_t *buf;
	atomic_int stop;
	pthread_t thread;
};

/* All of one file into d; 0, or what errno says. */
static int
feed(
    struct ex_reader_files *f, struct ex_reading_file *one, struct ex_digest *d)
{
	while (!atomic_load(&f->stop)) {
		ssize_t n = pread(one->fd, f->buf, CHUNK, (off_t)one->size);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return errno;
		if (n == 0)
			return 0;
		if (ex_digest_add(d, f->buf, (size_t)n, NULL) == -1)
			return EIO;
		one->size += (uint64_t)n;
	}
	return ECANCELED;
}

static void
digest_file(struct ex_reader_files *f, struct ex_reading_file *one)
{
	struct ex_digest_value value[EX_ALGS];
	struct ex_digest *d = NULL;
	size_t n;

	one->why = ENOMEM;
	if (ex_digest_new(&d, EX_ALG_BIT(EX_SHA256), NULL) == -1)
		return;
	one->why = feed(f, one, d);
	if (one->why == 0 && ex_digest_end(d, value, &n, NULL, NULL) == -1)
		one->why = EIO;
	if (one->why == 0) {
		memcpy(one->sha256, value[0].value, EX_SHA256_LEN);
		one->known = 1;
	}
	ex_digest_free(d);
}

static void *
work(void *arg)
{
	struct ex_reader_files *f = arg;

	for (size_t i = 0; i < f->n; i++)
		if (f->file[i].fd != -1)
			digest_file(f, &f->file[i]);
	return NULL;
}

int
ex_reader_files_start(struct ex_reader_files **out,
    struct ex_reading_file *file, size_t n, struct ex_err *err)
{
	struct ex_reader_files *f = calloc(1, sizeof(*f));

	*out = NULL;
	if (f == NULL || (f->buf = malloc(CHUNK)) == NULL) {
		free(f);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	f->file = file;
	f->n = n;
	if (ex_thread_start(&f->thread, work, f, err) == -1) {
		free(f->buf);
		free(f);
		return -1;
	}
	*out = f;
	return 0;
}

void
ex_reader_files_end(struct ex_reader_files *f, int stop)
{
	if (f == NULL)
		return;
	if (stop)
		atomic_store(&f->stop, 1);
	(void)pthread_join(f->thread, NULL);
	free(f->buf);
	free(f);
}
