/*
 * media.c -- an image read at any place: raw bytes as they are, chunks of an
 * E01 inflated, checked and kept for a while.
 */
#include "intake/media.h"

#include <stdlib.h>
#include <string.h>

#include "intake/pack.h"
#include "intake/reader_parts.h"

enum {
	CACHE = 32 * 1024 * 1024, /* bytes of chunks that are kept */
	SLOTS_LEAST = 4
};

struct slot {
	uint64_t no; /* of the chunk, from 1; 0: empty */
	int whole;
	uint8_t *data;
};

struct ex_media {
	struct ex_reader_image image;
	struct ex_unpacker *unpacker;
	struct slot *slot; /* chunk n lies in slot n % nslots; NULL: raw */
	size_t nslots;
	uint8_t *packed; /* one chunk as it is stored */
	uint64_t bad;
};

static int
make_cache(struct ex_media *m, struct ex_err *err)
{
	size_t chunk = m->image.chunk;

	m->nslots = CACHE / chunk < SLOTS_LEAST ? SLOTS_LEAST : CACHE / chunk;
	m->slot = calloc(m->nslots, sizeof(*m->slot));
	m->packed = malloc(chunk + EX_READER_SLACK);
	if (m->slot == NULL || m->packed == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	return ex_unpacker_new(&m->unpacker, err);
}

static int
open_as(struct ex_media **out, const struct ex_reader_image_ops *ops,
    const int *fd, size_t n, struct ex_reader_done *done, struct ex_err *err)
{
	struct ex_media *m = calloc(1, sizeof(*m));

	*out = NULL;
	if (m == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	m->image.ops = ops;
	if (ops->open(&m->image, fd, n, done, err) == -1 ||
	    (ops == &ex_reader_ewf && make_cache(m, err) == -1)) {
		ex_media_close(m);
		return -1;
	}
	*out = m;
	return 0;
}

int
ex_media_open(struct ex_media **out, enum ex_container container, const int *fd,
    size_t n, struct ex_reader_done *done, struct ex_err *err)
{
	return open_as(out,
	    container == EX_CONTAINER_E01 ? &ex_reader_ewf : &ex_reader_raw, fd,
	    n, done, err);
}

int
ex_media_enter_vmdk(struct ex_media **m, const int *fd, size_t n,
    struct ex_reader_done *done, struct ex_err *err)
{
	static const char *const text = "# Disk DescriptorFile";
	struct ex_media *inner;
	uint8_t mark[21];

	if (ex_media_read(*m, mark, sizeof(mark), 0) == -1 ||
	    (memcmp(mark, "KDMV", 4) != 0 && memcmp(mark, "COWD", 4) != 0 &&
		memcmp(mark, text, sizeof(mark)) != 0))
		return 0;
	if (open_as(&inner, &ex_reader_vmdk, fd, n, done, err) == -1)
		return -1;
	ex_media_close(*m);
	*m = inner;
	return 1;
}

void
ex_media_close(struct ex_media *m)
{
	if (m == NULL)
		return;
	if (m->image.self != NULL)
		m->image.ops->close(&m->image);
	for (size_t i = 0; m->slot != NULL && i < m->nslots; i++)
		free(m->slot[i].data);
	free(m->slot);
	free(m->packed);
	ex_unpacker_free(m->unpacker);
	free(m);
}

uint64_t
ex_media_bytes(const struct ex_media *m)
{
	return m->image.bytes;
}

uint32_t
ex_media_sector_size(const struct ex_media *m)
{
	return m->image.sector_size;
}

uint64_t
ex_media_bad(const struct ex_media *m)
{
	return m->bad;
}

static int
read_raw(struct ex_media *m, uint8_t *to, size_t n, uint64_t off)
{
	struct ex_chunk c;

	memset(&c, 0, sizeof(c));
	c.plain = n;
	m->image.ops->read(&m->image, &c, to, off);
	return c.state == EX_CHUNK_UNCHECKED && c.n == n ? 0 : -1;
}

/* The slot with chunk no, read when it is not there; NULL: no memory. */
static const struct slot *
load(struct ex_media *m, uint64_t no)
{
	struct slot *s = &m->slot[no % m->nslots];
	uint64_t off = no * m->image.chunk;
	struct ex_chunk c;

	if (s->no == no + 1)
		return s;
	if (s->data == NULL && (s->data = malloc(m->image.chunk)) == NULL)
		return NULL;
	memset(&c, 0, sizeof(c));
	c.plain = m->image.bytes - off < m->image.chunk
		      ? (size_t)(m->image.bytes - off)
		      : m->image.chunk;
	m->image.ops->read(&m->image, &c, m->packed, off);
	ex_reader_settle(m->unpacker, &c, s->data);
	s->no = no + 1;
	s->whole = c.state != EX_CHUNK_MISSING && c.state != EX_CHUNK_WRONG;
	m->bad += !s->whole;
	return s;
}

int
ex_media_read(struct ex_media *m, void *to, size_t n, uint64_t off)
{
	uint8_t *p = to;
	size_t done = 0;

	if (off > m->image.bytes || n > m->image.bytes - off)
		return -1;
	if (m->slot == NULL)
		return read_raw(m, p, n, off);
	while (done < n) {
		uint64_t at = off + done;
		size_t within = (size_t)(at % m->image.chunk);
		size_t some = m->image.chunk - within;
		const struct slot *s = load(m, at / m->image.chunk);

		if (s == NULL || !s->whole)
			return -1;
		if (some > n - done)
			some = n - done;
		memcpy(&p[done], &s->data[within], some);
		done += some;
	}
	return 0;
}
