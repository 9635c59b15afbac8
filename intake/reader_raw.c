/*
 * reader_raw.c -- a raw image, in one file or several: nothing to check but
 * that it can be read.
 */
#include <sys/stat.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "intake/reader_parts.h"
#include "intake/source.h"

struct raw {
	size_t n;
	struct {
		int fd;
		uint64_t start, end; /* bytes of the media */
	} file[];
};

static int
raw_open(struct ex_reader_image *image, const int *fd, size_t n,
    struct ex_reader_done *done, struct ex_err *err)
{
	struct raw *r = calloc(1, sizeof(*r) + n * sizeof(r->file[0]));
	uint64_t at = 0;

	(void)done;
	if (r == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	image->self = r;
	for (r->n = 0; r->n < n; r->n++) {
		struct stat st;

		if (fstat(fd[r->n], &st) == -1 || !S_ISREG(st.st_mode))
			return ex_fail(err, EX_FORMAT, "not a file");
		r->file[r->n].fd = fd[r->n];
		r->file[r->n].start = at;
		at += (uint64_t)st.st_size;
		r->file[r->n].end = at;
	}
	image->bytes = at;
	image->sector_size = EX_SECTOR;
	image->chunk = EX_READER_BLOCK;
	return 0;
}

/* n bytes of one file; 0 when all came. */
static int
read_file(int fd, uint8_t *to, size_t n, uint64_t off)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got =
		    pread(fd, &to[done], n - done, (off_t)(off + done));

		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		done += (size_t)got;
	}
	return 0;
}

static void
raw_read(struct ex_reader_image *image, struct ex_chunk *c, uint8_t *room,
    uint64_t off)
{
	const struct raw *r = image->self;
	size_t done = 0;

	c->state = EX_CHUNK_UNCHECKED;
	for (size_t i = 0; i < r->n && done < c->plain; i++) {
		uint64_t at = off + done;
		size_t n = c->plain - done;

		if (at < r->file[i].start || at >= r->file[i].end)
			continue;
		if (n > r->file[i].end - at)
			n = (size_t)(r->file[i].end - at);
		if (read_file(r->file[i].fd, &room[done], n,
			at - r->file[i].start) == -1)
			break;
		done += n;
	}
	if (done < c->plain)
		c->state = EX_CHUNK_MISSING;
	c->bytes = room;
	c->n = done;
}

static void
raw_end(struct ex_reader_image *image, struct ex_reader_done *done)
{
	(void)image;
	(void)done;
}

static void
raw_close(struct ex_reader_image *image)
{
	free(image->self);
	image->self = NULL;
}

static const char *
raw_library(void)
{
	return "none";
}

const struct ex_reader_image_ops ex_reader_raw = { raw_open, raw_read, NULL,
	raw_end, raw_close, raw_library };
