/*
 * pack_zlib.c -- zlib streams by zlib itself: slow, and always there.
 */
#include <stdlib.h>

#include <zlib.h>

#include "intake/pack.h"

static void *
pack_new(enum ex_compression level)
{
	z_stream *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	if (deflateInit(s, level == EX_COMPRESSION_BEST ? Z_BEST_COMPRESSION
							: Z_BEST_SPEED) == Z_OK)
		return s;
	free(s);
	return NULL;
}

/* zlib takes its input without const and does not write to it. */
static Bytef *
unconst(const void *p)
{
	union {
		const void *in;
		Bytef *out;
	} u = { p };

	return u.out;
}

static size_t
pack(void *state, void *out, size_t cap, const void *in, size_t n)
{
	z_stream *s = state;

	if (deflateReset(s) != Z_OK)
		return 0;
	s->next_in = unconst(in);
	s->avail_in = (uInt)n;
	s->next_out = out;
	s->avail_out = (uInt)cap;
	return deflate(s, Z_FINISH) == Z_STREAM_END ? s->total_out : 0;
}

static void
pack_free(void *state)
{
	if (state != NULL)
		(void)deflateEnd(state);
	free(state);
}

static void *
unpack_new(void)
{
	z_stream *s = calloc(1, sizeof(*s));

	if (s != NULL && inflateInit(s) == Z_OK)
		return s;
	free(s);
	return NULL;
}

static int
unpack(void *state, void *out, size_t want, const void *in, size_t n)
{
	z_stream *s = state;

	if (inflateReset(s) != Z_OK)
		return -1;
	s->next_in = unconst(in);
	s->avail_in = (uInt)n;
	s->next_out = out;
	s->avail_out = (uInt)want;
	if (inflate(s, Z_FINISH) != Z_STREAM_END)
		return -1;
	return s->total_out == want ? 0 : -1;
}

static void
unpack_free(void *state)
{
	if (state != NULL)
		(void)inflateEnd(state);
	free(state);
}

int
ex_pack_check(const void *p, size_t n, size_t max)
{
	uint8_t out[4096];
	z_stream *s;
	int rc = -1, z = Z_OK;

	if (n > UINT32_MAX || (s = unpack_new()) == NULL)
		return -1;
	s->next_in = unconst(p);
	s->avail_in = (uInt)n;
	while (z == Z_OK && s->total_out <= max) {
		s->next_out = out;
		s->avail_out = sizeof(out);
		z = inflate(s, Z_NO_FLUSH);
	}
	if (z == Z_STREAM_END && s->avail_in == 0 && s->total_out <= max)
		rc = 0;
	unpack_free(s);
	return rc;
}

const struct ex_pack_ops ex_pack_zlib = { "zlib " ZLIB_VERSION, pack_new, pack,
	pack_free, unpack_new, unpack, unpack_free };
