/*
 * pack_isal.c -- zlib streams by isa-l, several times faster than zlib.
 */
#include <stdlib.h>
#include <string.h>

#include <isa-l.h>

#include "intake/pack.h"

#define TEXT_OF(x) #x
#define TEXT(x)	   TEXT_OF(x)

struct packing {
	struct isal_zstream stream;
	uint8_t level_buf[ISAL_DEF_LVL1_DEFAULT];
};

static void *
pack_new(enum ex_compression level)
{
	(void)level;
	return calloc(1, sizeof(struct packing));
}

/* isa-l takes its input without const and does not write to it. */
static uint8_t *
unconst(const void *p)
{
	union {
		const void *in;
		uint8_t *out;
	} u = { p };

	return u.out;
}

static size_t
pack(void *state, void *out, size_t cap, const void *in, size_t n)
{
	struct packing *p = state;
	struct isal_zstream *s = &p->stream;

	isal_deflate_stateless_init(s);
	s->level = 1;
	s->level_buf = p->level_buf;
	s->level_buf_size = sizeof(p->level_buf);
	s->gzip_flag = IGZIP_ZLIB;
	s->end_of_stream = 1;
	s->flush = NO_FLUSH;
	s->next_in = unconst(in);
	s->avail_in = (uint32_t)n;
	s->next_out = out;
	s->avail_out = (uint32_t)cap;
	if (isal_deflate_stateless(s) != COMP_OK || s->avail_in != 0)
		return 0;
	return s->total_out;
}

static void *
unpack_new(void)
{
	return calloc(1, sizeof(struct inflate_state));
}

static int
unpack(void *state, void *out, size_t want, const void *in, size_t n)
{
	struct inflate_state *s = state;

	isal_inflate_init(s);
	s->crc_flag = ISAL_ZLIB;
	s->next_in = unconst(in);
	s->avail_in = (uint32_t)n;
	s->next_out = out;
	s->avail_out = (uint32_t)want;
	if (isal_inflate_stateless(s) != ISAL_DECOMP_OK)
		return -1;
	return s->total_out == want ? 0 : -1;
}

const struct ex_pack_ops ex_pack_isal = {
	"isa-l " TEXT(ISAL_MAJOR_VERSION) "." TEXT(ISAL_MINOR_VERSION) "." TEXT(
	    ISAL_PATCH_VERSION),
	pack_new, pack, free, unpack_new, unpack, free
};
