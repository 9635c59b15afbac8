/*
 * pack_deflate.c -- zlib streams by libdeflate.
 */
#include <libdeflate.h>

#include "intake/pack.h"

enum {
	FAST = 1,
	BEST = 9 /* above it a chunk takes many times as long for 1 % less */
};

static void *
pack_new(enum ex_compression level)
{
	return libdeflate_alloc_compressor(
	    level == EX_COMPRESSION_BEST ? BEST : FAST);
}

static size_t
pack(void *state, void *out, size_t cap, const void *in, size_t n)
{
	return libdeflate_zlib_compress(state, in, n, out, cap);
}

static void
pack_free(void *state)
{
	libdeflate_free_compressor(state);
}

static void *
unpack_new(void)
{
	return libdeflate_alloc_decompressor();
}

static int
unpack(void *state, void *out, size_t want, const void *in, size_t n)
{
	size_t used = 0, got = 0;

	if (libdeflate_zlib_decompress_ex(
		state, in, n, out, want, &used, &got) != LIBDEFLATE_SUCCESS)
		return -1;
	return got == want ? 0 : -1;
}

static void
unpack_free(void *state)
{
	libdeflate_free_decompressor(state);
}

uint32_t
ex_pack_adler32(const void *p, size_t n)
{
	return libdeflate_adler32(1, p, n);
}

uint32_t
ex_pack_adler32_more(uint32_t adler, const void *p, size_t n)
{
	return libdeflate_adler32(adler, p, n);
}

const struct ex_pack_ops ex_pack_deflate = {
	"libdeflate " LIBDEFLATE_VERSION_STRING, pack_new, pack, pack_free,
	unpack_new, unpack, unpack_free
};
