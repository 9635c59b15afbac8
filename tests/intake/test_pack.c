/*
 * test_pack.c -- every library packs what every other one unpacks, and a
 * stream that is not exactly whole is refused by all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "intake/pack.h"

enum {
	CHUNK = 32768
};

static const struct ex_pack_ops *const ways[] = { &ex_pack_isal,
	&ex_pack_deflate, &ex_pack_zlib };

#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* Kinds of contents: zeroes, text, noise, noise between zeroes. */
static void
fill(uint8_t *p, size_t n, int kind)
{
	uint32_t x = 2463534242u;

	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		if (kind == 0)
			p[i] = 0;
		else if (kind == 1)
			p[i] = (uint8_t)('a' + i / 5 % 20);
		else if (kind == 2)
			p[i] = (uint8_t)(x >> 11);
		else
			p[i] = i / 512 % 2 ? (uint8_t)(x >> 11) : 0;
	}
}

static void
check(const struct ex_pack_ops *by, const uint8_t *plain, size_t n,
    uint8_t *packed, size_t len)
{
	void *state = by->unpack_new();
	uint8_t *out = malloc(n + 1);

	assert_non_null(state);
	assert_int_equal(by->unpack(state, out, n, packed, len), 0);
	assert_memory_equal(out, plain, n);
	/* Too short, too long, cut, a bit turned; padding is nothing. */
	assert_int_equal(by->unpack(state, out, n + 1, packed, len), -1);
	if (n > 1)
		assert_int_equal(
		    by->unpack(state, out, n - 1, packed, len), -1);
	assert_int_equal(by->unpack(state, out, n, packed, len - 1), -1);
	packed[len] = 0;
	assert_int_equal(by->unpack(state, out, n, packed, len + 1), 0);
	packed[len - 2] ^= 1;
	assert_int_equal(by->unpack(state, out, n, packed, len), -1);
	packed[len - 2] ^= 1;
	assert_int_equal(by->unpack(state, out, n, packed, len), 0);
	by->unpack_free(state);
	free(out);
}

static void
each_reads_what_each_writes(void **state)
{
	static const size_t length[] = { 1, 2, 100, 4096, CHUNK - 1, CHUNK };
	uint8_t *plain = malloc(CHUNK), *packed = malloc(2 * CHUNK);

	(void)state;
	for (size_t w = 0; w < WAYS; w++)
		for (int level = EX_COMPRESSION_FAST;
		     level <= EX_COMPRESSION_BEST; level++) {
			void *s = ways[w]->pack_new((enum ex_compression)level);

			print_message("  %s\n", ways[w]->name);
			assert_non_null(s);
			for (size_t i = 0; i < 6 * 4; i++) {
				size_t n = length[i / 4], len;

				fill(plain, n, (int)(i % 4));
				len = ways[w]->pack(
				    s, packed, 2 * CHUNK - 1, plain, n);
				assert_true(len > 0);
				for (size_t u = 0; u < WAYS; u++)
					check(ways[u], plain, n, packed, len);
				/* No byte too many is written. */
				packed[len - 1] = 0xa5;
				assert_true(ways[w]->pack(s, packed, len - 1,
						plain, n) < len);
				assert_int_equal(packed[len - 1], 0xa5);
			}
			ways[w]->pack_free(s);
		}
	free(plain);
	free(packed);
}

static void
only_what_gets_shorter_is_packed(void **state)
{
	uint8_t *plain = malloc(CHUNK), *out = malloc(CHUNK);
	struct ex_packer *p;
	size_t len;

	(void)state;
	for (int level = 0; level < EX_COMPRESSIONS; level++) {
		int none = level == EX_COMPRESSION_NONE;

		assert_int_equal(
		    ex_packer_new(&p, (enum ex_compression)level, CHUNK, NULL),
		    0);
		for (int kind = 0; kind < 4; kind++) {
			const uint8_t *got;

			fill(plain, CHUNK, kind);
			got = ex_packer_pack(p, &len, out, plain, CHUNK);
			if (none || kind == 2)
				assert_null(got);
			else
				assert_non_null(got);
			if (got != NULL)
				assert_true(len < CHUNK);
		}
		assert_null(ex_packer_pack(p, &len, out, plain, 1));
		ex_packer_free(p);
	}
	free(plain);
	free(out);
}

static void
a_stream_is_checked_without_knowing_its_length(void **state)
{
	uint8_t plain[5000], packed[6000];
	void *s = ex_pack_zlib.pack_new(EX_COMPRESSION_FAST);
	size_t len;

	(void)state;
	fill(plain, sizeof(plain), 3);
	len = ex_pack_zlib.pack(s, packed, sizeof(packed), plain, 5000);
	assert_true(len > 0);
	assert_int_equal(ex_pack_check(packed, len, 5000), 0);
	assert_int_equal(ex_pack_check(packed, len, 4999), -1);
	assert_int_equal(ex_pack_check(packed, len - 1, 5000), -1);
	assert_int_equal(ex_pack_check(packed, len + 1, 5000), -1);
	packed[len / 2] ^= 8;
	assert_int_equal(ex_pack_check(packed, len, 5000), -1);
	assert_int_equal(ex_pack_check(packed, 0, 5000), -1);
	ex_pack_zlib.pack_free(s);
}

static void
adler32_is_adler32(void **state)
{
	(void)state;
	assert_int_equal(ex_pack_adler32("Wikipedia", 9), 0x11e60398);
	assert_int_equal(
	    ex_pack_adler32_more(ex_pack_adler32("Wiki", 4), "pedia", 5),
	    0x11e60398);
	assert_int_equal(ex_pack_adler32("", 0), 1);
}

static void
zeroes_are_known(void **state)
{
	uint8_t p[100] = { 0 };

	(void)state;
	assert_true(ex_pack_is_zero(p, 0));
	for (size_t i = 0; i < sizeof(p); i++) {
		assert_true(ex_pack_is_zero(p, sizeof(p)));
		p[i] = 1;
		assert_false(ex_pack_is_zero(p, sizeof(p)));
		p[i] = 0;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_reads_what_each_writes),
		cmocka_unit_test(only_what_gets_shorter_is_packed),
		cmocka_unit_test(
		    a_stream_is_checked_without_knowing_its_length),
		cmocka_unit_test(adler32_is_adler32),
		cmocka_unit_test(zeroes_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
