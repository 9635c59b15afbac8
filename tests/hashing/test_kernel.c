/*
 * test_kernel.c -- the kernel gives what OpenSSL gives, and one that does not
 * is found out.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "hashing/digest.h"
#include "hashing/kernel.h"

enum {
	LONGEST = 4096,	    /* every length up to it */
	SPLITS = 400,	    /* random ones, of LARGE bytes */
	LARGE = 100 * 1000, /* bytes */
	MIB = 1 << 20,
	BEYOND = 513 * MIB /* bytes: more bits than 32 can count */
};

#define THREE (EX_ALG_BIT(EX_MD5) | EX_ALG_BIT(EX_SHA1) | EX_ALG_BIT(EX_SHA256))
#define ALL   (EX_ALG_BIT(EX_ALGS) - 1)

/* A fixed sequence, so that a failure can be repeated. */
static uint32_t
next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static uint8_t *
noise(size_t n)
{
	uint8_t *p = malloc(n);
	uint32_t seed = 20261126;

	assert_non_null(p);
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)next(&seed);
	return p;
}

/* Nothing to try on a processor without the instructions, and said so. */
static int
has_kernel(void)
{
	if (ex_kernel_shani() != NULL)
		return 1;
	print_message("left out: this processor has no SHA instructions\n");
	return 0;
}

/* p[0..n), in parts of random size when seed is not NULL. */
static void
same_as_openssl(const uint8_t *p, size_t n, unsigned algs, uint32_t *seed)
{
	struct ex_digest_value ours[EX_ALGS], theirs[EX_ALGS];
	struct ex_digest *a = NULL, *b = NULL;
	size_t na, nb, part;

	assert_int_equal(ex_digest_new_fast(&a, algs, NULL), 0);
	assert_int_equal(ex_digest_new(&b, algs, NULL), 0);
	for (size_t at = 0; at < n; at += part) {
		part = seed == NULL ? n : next(seed) % 200;
		part = part < n - at ? part : n - at;
		assert_int_equal(ex_digest_add(a, &p[at], part, NULL), 0);
	}
	assert_int_equal(ex_digest_add(b, p, n, NULL), 0);
	assert_int_equal(ex_digest_end(a, ours, &na, NULL, NULL), 0);
	assert_int_equal(ex_digest_end(b, theirs, &nb, NULL, NULL), 0);
	assert_int_equal(na, nb);
	for (size_t i = 0; i < na; i++) {
		assert_int_equal(ours[i].alg, theirs[i].alg);
		assert_int_equal(ours[i].len, theirs[i].len);
		assert_memory_equal(
		    ours[i].value, theirs[i].value, theirs[i].len);
	}
	ex_digest_free(a);
	ex_digest_free(b);
}

static void
it_is_trusted_where_it_can_run(void **state)
{
	(void)state;
	assert_int_equal(ex_digest_has_kernel(), ex_kernel_shani() != NULL);
	assert_ptr_equal(ex_kernel_trusted(), ex_kernel_avx512() != NULL
						  ? ex_kernel_avx512()
						  : ex_kernel_shani());
	assert_string_not_equal(ex_digest_maker(0), "exhibit sha-ni kernel");
	if (has_kernel())
		assert_string_equal(
		    ex_digest_maker(1), "exhibit sha-ni kernel");
	else
		assert_string_equal(ex_digest_maker(1), ex_digest_maker(0));
}

static void
every_length_is_as_openssl_has_it(void **state)
{
	uint8_t *p = noise(LONGEST + 1);

	(void)state;
	/* Its address is odd: nothing counts on an even one. */
	for (size_t n = 0; n <= LONGEST; n++)
		same_as_openssl(&p[1], n, THREE, NULL);
	free(p);
}

/* The one that is not chosen here is another processor's. */
static void
each_way_is_as_openssl_has_it(void **state)
{
	const ex_kernel_compress way[] = { ex_kernel_shani(),
		ex_kernel_avx512() };
	uint8_t *p = noise(LARGE);
	uint32_t seed = 13;

	(void)state;
	for (size_t i = 0; i < SPLITS; i++) {
		size_t n = next(&seed) % LARGE, cut = next(&seed) % (n + 1);
		struct ex_digest_value theirs[EX_ALGS];
		struct ex_digest *d = NULL;
		size_t nvalues;

		assert_int_equal(ex_digest_new(&d, THREE, NULL), 0);
		assert_int_equal(ex_digest_add(d, p, n, NULL), 0);
		assert_int_equal(
		    ex_digest_end(d, theirs, &nvalues, NULL, NULL), 0);
		ex_digest_free(d);
		for (size_t w = 0; w < sizeof(way) / sizeof(way[0]); w++) {
			struct ex_kernel k;
			uint8_t value[EX_DIGEST_MAX];

			if (way[w] == NULL)
				continue;
			ex_kernel_begin(&k, way[w]);
			ex_kernel_add(&k, p, cut);
			ex_kernel_add(&k, &p[cut], n - cut);
			for (size_t a = 0; a < nvalues; a++) {
				ex_kernel_value(&k, theirs[a].alg, value);
				assert_memory_equal(
				    value, theirs[a].value, theirs[a].len);
			}
		}
	}
	free(p);
}

static void
random_splits_are_as_openssl_has_them(void **state)
{
	uint8_t *p = noise(LARGE);
	uint32_t seed = 7;

	(void)state;
	for (size_t i = 0; i < SPLITS; i++) {
		size_t n = next(&seed) % (i % 10 == 0 ? LARGE : LONGEST);

		same_as_openssl(p, n, THREE, &seed);
	}
	free(p);
}

static void
any_set_is_as_openssl_has_it(void **state)
{
	uint8_t *p = noise(LONGEST);
	uint32_t seed = 11;

	(void)state;
	for (unsigned algs = 1; algs <= ALL; algs++)
		same_as_openssl(p, LONGEST - algs, algs, &seed);
	free(p);
}

static void
it_takes_part_only_where_it_is_faster(void **state)
{
	static const struct {
		unsigned algs, part;
	} table[] = {
		{ THREE, THREE },
		{ ALL, THREE },
		{ EX_ALG_BIT(EX_MD5) | EX_ALG_BIT(EX_SHA1),
		    EX_ALG_BIT(EX_MD5) | EX_ALG_BIT(EX_SHA1) },
		{ EX_ALG_BIT(EX_MD5), 0 },
		{ EX_ALG_BIT(EX_SHA1) | EX_ALG_BIT(EX_SHA256), 0 },
		{ EX_ALG_BIT(EX_MD5) | EX_ALG_BIT(EX_SHA512), 0 },
		{ 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(ex_digest_kernel_part(table[i].algs),
		    ex_digest_has_kernel() ? table[i].part : 0);
}

/* More than 2^32 bits: the length at the end has 64. */
static void
long_runs_are_counted_right(void **state)
{
	static const char md5[] = "f3a8799d64129a6fd8a5aa56f199ac54";
	static const char sha256[] =
	    "a3e2acbb469e4e59dde406f912e754c933c1ac0fb0092a3634d61d5073309c0c";
	struct ex_digest_value value[EX_ALGS];
	struct ex_digest *d = NULL;
	uint8_t *zero = calloc(1, MIB);
	char hex[2 * EX_DIGEST_MAX + 1];
	uint64_t nbytes;
	size_t n;

	(void)state;
	assert_non_null(zero);
	assert_int_equal(ex_digest_new_fast(&d, THREE, NULL), 0);
	for (size_t i = 0; i < BEYOND; i += MIB)
		assert_int_equal(ex_digest_add(d, zero, MIB, NULL), 0);
	assert_int_equal(ex_digest_end(d, value, &n, &nbytes, NULL), 0);
	assert_int_equal(nbytes, BEYOND);
	ex_hex(hex, value[0].value, value[0].len);
	assert_string_equal(hex, md5);
	ex_hex(hex, value[2].value, value[2].len);
	assert_string_equal(hex, sha256);
	ex_digest_free(d);
	free(zero);
}

/* The true one with one word of its result harmed, now and then. */
static size_t harmed_word;
static size_t harmed_block;

static void
harmed(struct ex_kernel_state *k, const uint8_t *p, size_t nblocks)
{
	uint32_t word[sizeof(*k) / sizeof(uint32_t)];

	ex_kernel_shani()(k, p, nblocks);
	if (nblocks < harmed_block)
		return;
	memcpy(word, k, sizeof(word));
	word[harmed_word] ^= 1;
	memcpy(k, word, sizeof(word));
}

static void
a_kernel_that_errs_is_found_out(void **state)
{
	(void)state;
	if (!has_kernel())
		return;
	assert_true(ex_kernel_agrees(ex_kernel_shani()));
	/* Wrong in any word of any of the three; wrong in long runs alone. */
	for (harmed_block = 1; harmed_block <= 9; harmed_block += 8)
		for (harmed_word = 0; harmed_word < 17; harmed_word++)
			assert_false(ex_kernel_agrees(harmed));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_trusted_where_it_can_run),
		cmocka_unit_test(every_length_is_as_openssl_has_it),
		cmocka_unit_test(each_way_is_as_openssl_has_it),
		cmocka_unit_test(random_splits_are_as_openssl_has_them),
		cmocka_unit_test(any_set_is_as_openssl_has_it),
		cmocka_unit_test(it_takes_part_only_where_it_is_faster),
		cmocka_unit_test(long_runs_are_counted_right),
		cmocka_unit_test(a_kernel_that_errs_is_found_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
