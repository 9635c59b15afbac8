/*
 * test_ecdsa.c -- the one form of a P-256 signature.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/codec.h"
#include "signing/ecdsa.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define N_MINUS_1 \
	"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550"
#define N    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define HALF "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8"
#define HALF_PLUS_1 \
	"7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9"
#define ONE "0000000000000000000000000000000000000000000000000000000000000001"
#define TWO "0000000000000000000000000000000000000000000000000000000000000002"
#define N_MINUS_2 \
	"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f"
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"

static void
scalar(uint8_t out[EX_P256], const char *hex)
{
	assert_int_equal(ex_hex_read(out, EX_P256, hex, NULL), 0);
}

static void
low_ends_at_half_the_order(void **state)
{
	static const struct {
		const char *s;
		int low;
		const char *negated;
	} cases[] = {
		{ ONE, 1, N_MINUS_1 },
		{ TWO, 1, N_MINUS_2 },
		{ HALF, 1, HALF_PLUS_1 },
		{ HALF_PLUS_1, 0, HALF },
		{ N_MINUS_2, 0, TWO },
		{ N_MINUS_1, 0, ONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t s[EX_P256], want[EX_P256];

		scalar(s, cases[i].s);
		scalar(want, cases[i].negated);
		assert_int_equal(ex_ecdsa_is_low(s), cases[i].low);
		ex_ecdsa_negate(s);
		assert_memory_equal(s, want, EX_P256);
		assert_int_equal(ex_ecdsa_is_low(s), !cases[i].low);
	}
}

static void
normalising_gives_the_low_form_once(void **state)
{
	struct ex_buf high = EX_BUF_INIT, low = EX_BUF_INIT;
	struct ex_buf again = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	uint8_t r[EX_P256], s[EX_P256];

	(void)state;
	scalar(r, N_MINUS_1);
	scalar(s, HALF_PLUS_1);
	assert_int_equal(ex_ecdsa_write(&high, r, s, &err), 0);
	assert_int_equal(ex_ecdsa_check_form(high.data, high.len, &err), -1);
	assert_int_equal(err.code, EX_FORMAT);
	assert_non_null(strstr(err.text, "larger than n/2"));
	ex_err_clear(&err);
	assert_int_equal(
	    ex_ecdsa_normalise(&low, high.data, high.len, &err), 0);
	assert_int_equal(ex_ecdsa_check_form(low.data, low.len, &err), 0);
	assert_int_equal(
	    ex_ecdsa_normalise(&again, low.data, low.len, &err), 0);
	assert_int_equal(again.len, low.len);
	assert_memory_equal(again.data, low.data, low.len);
	ex_buf_free(&high);
	ex_buf_free(&low);
	ex_buf_free(&again);
}

static void
values_outside_the_group_are_refused(void **state)
{
	static const struct {
		const char *r;
		const char *s;
		const char *says;
	} cases[] = {
		{ ZERO, ONE, "ECDSA r is outside" },
		{ N, ONE, "ECDSA r is outside" },
		{ ONE, ZERO, "ECDSA s is outside" },
		{ ONE, N, "ECDSA s is outside" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ex_buf sig = EX_BUF_INIT;
		struct ex_err err = EX_ERR_INIT;
		uint8_t r[EX_P256], s[EX_P256];

		scalar(r, cases[i].r);
		scalar(s, cases[i].s);
		assert_int_equal(ex_ecdsa_write(&sig, r, s, &err), 0);
		assert_int_equal(
		    ex_ecdsa_check_form(sig.data, sig.len, &err), -1);
		assert_int_equal(err.code, EX_FORMAT);
		assert_non_null(strstr(err.text, cases[i].says));
		ex_buf_free(&sig);
	}
}

static void
other_encodings_are_refused(void **state)
{
	static const struct {
		const char *sig;
		size_t n;
	} cases[] = {
		{ "", 0 },
		{ "\x30\x00", 2 },
		{ "\x30\x03\x02\x01\x01", 5 },
		{ "\x30\x06\x02\x01\x01\x02\x01\x01\x00", 9 },
		{ "\x30\x09\x02\x01\x01\x02\x01\x01\x02\x01\x01", 11 },
		{ "\x30\x81\x06\x02\x01\x01\x02\x01\x01", 9 },
		{ "\x30\x80\x02\x01\x01\x02\x01\x01\x00\x00", 10 },
		{ "\x30\x07\x02\x02\x00\x01\x02\x01\x01", 9 },
		{ "\x30\x07\x02\x81\x01\x01\x02\x01\x01", 9 },
		{ "\x30\x06\x02\x01\xff\x02\x01\x01", 8 },
		{ "\x31\x06\x02\x01\x01\x02\x01\x01", 8 },
		{ "\x30\x06\x04\x01\x01\x02\x01\x01", 8 },
	};
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_int_equal(
	    ex_ecdsa_check_form(
		(const uint8_t *)"\x30\x06\x02\x01\x01\x02\x01\x01", 8, &err),
	    0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		ex_err_clear(&err);
		assert_int_equal(
		    ex_ecdsa_check_form(
			(const uint8_t *)cases[i].sig, cases[i].n, &err),
		    -1);
		assert_int_equal(err.code, EX_FORMAT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(low_ends_at_half_the_order),
		cmocka_unit_test(normalising_gives_the_low_form_once),
		cmocka_unit_test(values_outside_the_group_are_refused),
		cmocka_unit_test(other_encodings_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
