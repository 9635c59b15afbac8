/*
 * test_hashset.c -- sets of known files: what is in one is found, and one
 * that was harmed is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "hashing/hashset.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	ROWS = 1000
};

static char path[64];

/* Rows 0 to ROWS - 1 are digests of their numbers, in no order. */
static void
row(uint8_t out[EX_SHA256_LEN], unsigned i)
{
	ex_sha256(out, &i, sizeof(i));
}

static void
write_set(enum ex_alg alg, size_t n)
{
	const size_t w = ex_alg_len(alg);
	uint8_t *rows = malloc((n + 1) * w), d[EX_SHA256_LEN];
	size_t written = 0;

	snprintf(path, sizeof(path), "hashset.%d", (int)getpid());
	unlink(path);
	for (size_t i = 0; i <= n; i++) {
		row(d, i == n ? 0 : (unsigned)i); /* the first one twice */
		memcpy(rows + i * w, d, w);
	}
	assert_int_equal(ex_hashset_write(path, alg, rows, n == 0 ? 0 : n + 1,
			     &written, NULL),
	    0);
	assert_int_equal(written, n);
	free(rows);
}

static void
what_is_in_a_set_is_found_and_nothing_else(void **state)
{
	static const enum ex_alg algs[] = { EX_MD5, EX_SHA1, EX_SHA256 };

	(void)state;
	for (size_t a = 0; a < COUNT(algs); a++) {
		struct ex_hashset *s;
		uint8_t d[EX_SHA256_LEN];

		write_set(algs[a], ROWS);
		assert_int_equal(ex_hashset_open(&s, path, NULL), 0);
		assert_int_equal(ex_hashset_alg(s), algs[a]);
		assert_int_equal(ex_hashset_count(s), ROWS);
		for (unsigned i = 0; i < 2 * ROWS; i++) {
			row(d, i);
			assert_int_equal(ex_hashset_has(s, d), i < ROWS);
			row(d, i % ROWS);
			d[ex_alg_len(algs[a]) - 1] ^= 1;
			assert_int_equal(ex_hashset_has(s, d), 0);
		}
		memset(d, 0xff, sizeof(d)); /* behind the last post */
		assert_int_equal(ex_hashset_has(s, d), 0);
		ex_hashset_close(s);
		unlink(path);
	}
}

static void
an_empty_set_has_nothing(void **state)
{
	struct ex_hashset *s;
	uint8_t d[EX_SHA256_LEN] = { 0 };

	(void)state;
	write_set(EX_MD5, 0);
	assert_int_equal(ex_hashset_open(&s, path, NULL), 0);
	assert_int_equal(ex_hashset_has(s, d), 0);
	ex_hashset_close(s);
	unlink(path);
}

static void
a_set_is_never_replaced(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	uint8_t d[EX_SHA256_LEN] = { 0 };

	(void)state;
	write_set(EX_SHA256, 3);
	assert_int_equal(
	    ex_hashset_write(path, EX_SHA256, d, 1, NULL, &err), -1);
	assert_int_equal(err.code, EX_EXISTS);
	ex_err_clear(&err);
	assert_int_equal(
	    ex_hashset_write("other", EX_SHA512, d, 0, NULL, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	unlink(path);
}

/* The digest in the head made to fit again, as one who means harm would. */
static void
seal(struct ex_buf *b)
{
	ex_sha256_two((uint8_t *)b->data + 32, b->data, 32,
	    (const uint8_t *)b->data + EX_HASHSET_HEAD,
	    b->len - EX_HASHSET_HEAD);
}

static void
a_harmed_set_is_refused(void **state)
{
	static const struct {
		size_t at;
		uint8_t flip;
		int sealed;
		enum ex_code code;
	} harm[] = {
		{ 0, 1, 1, EX_FORMAT },	     /* magic */
		{ 11, 2, 1, EX_FORMAT },     /* version */
		{ 15, 1, 1, EX_DAMAGED },    /* width of no algorithm */
		{ 15, 0x30, 1, EX_DAMAGED }, /* another algorithm's */
		{ 16, 0x80, 1, EX_DAMAGED }, /* rows beyond counting */
		{ 19, 1, 1, EX_DAMAGED },    /* rows times width overflows */
		{ 23, 1, 1, EX_DAMAGED },    /* one more or less */
		{ 31, 1, 1, EX_DAMAGED },    /* reserved */
		{ 40, 1, 0, EX_DAMAGED },    /* digest */
		{ 64 + 32 * 5 + 31, 1, 0, EX_DAMAGED }, /* a row */
		{ 64, 0xff, 1, EX_DAMAGED }, /* order, though sealed */
	};
	struct ex_buf b = EX_BUF_INIT;
	struct ex_hashset *s;

	(void)state;
	write_set(EX_SHA256, ROWS);
	assert_int_equal(ex_file_read(&b, path, 1 << 20, NULL), 0);
	for (size_t i = 0; i < COUNT(harm); i++) {
		struct ex_buf bad = EX_BUF_INIT;
		struct ex_err err = EX_ERR_INIT;

		assert_int_equal(ex_buf_add(&bad, b.data, b.len, NULL), 0);
		((uint8_t *)bad.data)[harm[i].at] ^= harm[i].flip;
		if (harm[i].sealed)
			seal(&bad);
		assert_int_equal(
		    ex_hashset_read(&s, bad.data, bad.len, &err), -1);
		assert_int_equal(err.code, harm[i].code);
		assert_null(s);
		ex_buf_free(&bad);
	}
	for (size_t n = 0; n < b.len; n += n < 100 ? 1 : 997)
		assert_int_equal(ex_hashset_read(&s, b.data, n, NULL), -1);
	unlink(path);
	assert_int_equal(
	    ex_file_create(path, b.data, b.len - 1, 0444, NULL), 0);
	assert_int_equal(ex_hashset_open(&s, path, NULL), -1);
	unlink(path);
	assert_int_equal(ex_hashset_open(&s, path, NULL), -1);
	ex_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_a_set_is_found_and_nothing_else),
		cmocka_unit_test(an_empty_set_has_nothing),
		cmocka_unit_test(a_set_is_never_replaced),
		cmocka_unit_test(a_harmed_set_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
