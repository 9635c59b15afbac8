/*
 * test_der.c -- what is written is minimal, what is not DER is refused.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "signing/der.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BYTES(s) (const uint8_t *)(s), sizeof(s) - 1

static void
lengths_are_written_minimally_and_read_back(void **state)
{
	static const struct {
		size_t n;
		const char *head;
		size_t nhead;
	} cases[] = {
		{ 0, "\x04\x00", 2 },
		{ 1, "\x04\x01", 2 },
		{ 127, "\x04\x7f", 2 },
		{ 128, "\x04\x81\x80", 3 },
		{ 255, "\x04\x81\xff", 3 },
		{ 256, "\x04\x82\x01\x00", 4 },
		{ 65535, "\x04\x82\xff\xff", 4 },
		{ 65536, "\x04\x83\x01\x00\x00", 5 },
	};
	uint8_t *body = calloc(1, 65536);

	(void)state;
	assert_non_null(body);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ex_buf primitive = EX_BUF_INIT, nested = EX_BUF_INIT;
		struct ex_err err = EX_ERR_INIT;
		struct ex_der_writer w;
		struct ex_reader r;
		struct ex_der e;

		ex_der_start(&w, &primitive, &err);
		ex_der_add(&w, EX_DER_OCTETS, body, cases[i].n);
		assert_int_equal(ex_der_finish(&w), 0);
		assert_memory_equal(
		    primitive.data, cases[i].head, cases[i].nhead);
		assert_int_equal(primitive.len, cases[i].nhead + cases[i].n);

		/* The same contents between open and close. */
		ex_der_start(&w, &nested, &err);
		ex_der_open(&w, EX_DER_OCTETS);
		ex_der_raw(&w, body, cases[i].n);
		ex_der_close(&w);
		assert_int_equal(ex_der_finish(&w), 0);
		assert_int_equal(nested.len, primitive.len);
		assert_memory_equal(nested.data, primitive.data, nested.len);

		ex_reader_init(&r, nested.data, nested.len);
		assert_int_equal(
		    ex_der_take(&r, EX_DER_OCTETS, &e, "it", &err), 0);
		assert_int_equal(e.body.n, cases[i].n);
		assert_int_equal(e.whole.n, nested.len);
		assert_int_equal(ex_der_done(&r, "it", &err), 0);
		ex_buf_free(&primitive);
		ex_buf_free(&nested);
	}
	free(body);
}

static void
unsigned_integers_are_minimal(void **state)
{
	static const struct {
		const char *in;
		size_t n;
		const char *out;
		size_t nout;
	} cases[] = {
		{ "\x00", 1, "\x02\x01\x00", 3 },
		{ "\x00\x00\x00", 3, "\x02\x01\x00", 3 },
		{ "\x7f", 1, "\x02\x01\x7f", 3 },
		{ "\x80", 1, "\x02\x02\x00\x80", 4 },
		{ "\x00\x00\x80", 3, "\x02\x02\x00\x80", 4 },
		{ "\x01\x00", 2, "\x02\x02\x01\x00", 4 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ex_buf b = EX_BUF_INIT;
		struct ex_err err = EX_ERR_INIT;
		struct ex_der_writer w;
		struct ex_reader r;
		uint8_t back[4], want[4] = { 0 };
		struct ex_der e;

		ex_der_start(&w, &b, &err);
		ex_der_unsigned(&w, (const uint8_t *)cases[i].in, cases[i].n);
		assert_int_equal(ex_der_finish(&w), 0);
		assert_int_equal(b.len, cases[i].nout);
		assert_memory_equal(b.data, cases[i].out, b.len);

		ex_reader_init(&r, b.data, b.len);
		assert_int_equal(
		    ex_der_take(&r, EX_DER_INTEGER, &e, "it", &err), 0);
		assert_int_equal(
		    ex_der_read_unsigned(back, 4, e.body, "it", &err), 0);
		memcpy(&want[4 - cases[i].n], cases[i].in, cases[i].n);
		assert_memory_equal(back, want, 4);
		ex_buf_free(&b);
	}
}

static void
bad_integers_are_refused(void **state)
{
	static const struct {
		const char *body;
		size_t n;
		const char *says;
	} cases[] = {
		{ "", 0, "not minimal" },
		{ "\x00\x01", 2, "not minimal" },
		{ "\xff\xff", 2, "not minimal" },
		{ "\x80", 1, "negative" },
		{ "\x01\x00\x00", 3, "too large" },
		{ "\x00\xff\xff\xff", 4, "too large" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ex_span body = { (const uint8_t *)cases[i].body,
			cases[i].n };
		struct ex_err err = EX_ERR_INIT;
		uint8_t out[2];

		assert_int_equal(
		    ex_der_read_unsigned(out, 2, body, "it", &err), -1);
		assert_int_equal(err.code, EX_FORMAT);
		assert_non_null(strstr(err.text, cases[i].says));
	}
}

static const struct {
	const char *bytes;
	size_t n;
	const char *says; /* NULL: this is DER */
} der[] = {
	{ "\x30\x00", 2, NULL },
	{ "\x30\x03\x02\x01\x05", 5, NULL },
	{ "\x31\x06\x02\x01\x05\x02\x01\x06", 8, NULL },
	{ "\x01\x01\xff", 3, NULL },
	{ "\x03\x02\x07\x80", 4, NULL },
	{ "\xa0\x03\x02\x01\x05", 5, NULL },
	{ "", 0, "truncated" },
	{ "\x30", 1, "truncated" },
	{ "\x30\x01", 2, "truncated" },
	{ "\x30\x82\x01", 3, "truncated" },
	{ "\x30\x80\x00\x00", 4, "indefinite" },
	{ "\x30\x81\x00", 3, "not minimal" },
	{ "\x30\x81\x03\x02\x01\x05", 6, "not minimal" },
	{ "\x30\x82\x00\x03\x02\x01\x05", 7, "not minimal" },
	{ "\x30\x85\x01\x00\x00\x00\x00", 7, "too many bytes" },
	{ "\x30\x84\xff\xff\xff\xff", 6, "truncated" },
	{ "\x1f\x81\x00\x00", 4, "more than one byte" },
	{ "\x30\x00\x00", 3, "too many after" },
	{ "\x30\x03\x02\x01\x05\x30\x00", 7, "too many after" },
	{ "\x30\x04\x30\x03\x02\x01", 6, "truncated" },
	{ "\x30\x02\x02\x00", 4, "not DER" },
	{ "\x02\x02\x00\x05", 4, "not DER" },
	{ "\x01\x01\x01", 3, "not DER" },
	{ "\x01\x02\xff\xff", 4, "not DER" },
	{ "\x03\x00", 2, "not DER" },
	{ "\x03\x02\x08\x00", 4, "not DER" },
	{ "\x03\x02\x07\xc0", 4, "not DER" },
	{ "\x03\x01\x01", 3, "not DER" },
	{ "\x10\x00", 2, "not DER" },
	{ "\x11\x00", 2, "not DER" },
	{ "\x24\x03\x04\x01\x41", 5, "string in parts" },
	{ "\x31\x06\x02\x01\x06\x02\x01\x05", 8, "out of order" },
	{ "\x31\x06\x02\x01\x05\x02\x01\x05", 8, "out of order" },
};

static void
only_der_is_der(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(der); i++) {
		struct ex_err err = EX_ERR_INIT;
		int rc = ex_der_check(
		    (const uint8_t *)der[i].bytes, der[i].n, "it", &err);

		assert_int_equal(rc, der[i].says == NULL ? 0 : -1);
		if (der[i].says == NULL)
			continue;
		assert_int_equal(err.code, EX_FORMAT);
		assert_non_null(strstr(err.text, der[i].says));
	}
}

static void
deep_nesting_is_refused_not_followed(void **state)
{
	uint8_t deep[2 * 60];
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	for (size_t i = 0; i < 60; i++) {
		deep[2 * i] = EX_DER_SEQUENCE;
		deep[2 * i + 1] = (uint8_t)(2 * (59 - i));
	}
	assert_int_equal(ex_der_check(deep, sizeof(deep), "it", &err), -1);
	assert_int_equal(err.code, EX_LIMIT);
	/* The innermost levels alone are few enough. */
	ex_err_clear(&err);
	assert_int_equal(ex_der_check(&deep[2 * 29], 2 * 31, "it", &err), 0);
}

static void
a_writer_reports_its_own_misuse(void **state)
{
	struct ex_buf b = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_der_writer w;

	(void)state;
	ex_der_start(&w, &b, &err);
	ex_der_open(&w, EX_DER_SEQUENCE);
	assert_int_equal(ex_der_finish(&w), -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_err_clear(&err);
	ex_der_start(&w, &b, &err);
	ex_der_close(&w);
	ex_der_add(&w, EX_DER_OCTETS, "x", 1);
	assert_int_equal(ex_der_finish(&w), -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_err_clear(&err);
	ex_der_start(&w, &b, &err);
	for (int i = 0; i <= EX_DER_DEPTH; i++)
		ex_der_open(&w, EX_DER_SEQUENCE);
	assert_int_equal(ex_der_finish(&w), -1);
	assert_int_equal(err.code, EX_LIMIT);
	ex_buf_free(&b);
}

static void
missing_and_wrong_elements_are_named(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_reader r, inside;
	struct ex_der e;

	(void)state;
	ex_reader_init(&r, "\x02\x01\x05", 3);
	assert_int_equal(ex_der_peek(&r), EX_DER_INTEGER);
	assert_int_equal(
	    ex_der_enter(&r, EX_DER_SEQUENCE, &inside, "the list", &err), -1);
	assert_non_null(strstr(err.text, "the list: tag is 0x02"));
	ex_err_clear(&err);
	assert_int_equal(ex_der_next(&r, &e, "it", &err), 0);
	assert_int_equal(ex_der_peek(&r), -1);
	assert_int_equal(
	    ex_der_take(&r, EX_DER_INTEGER, &e, "the number", &err), -1);
	assert_non_null(strstr(err.text, "the number is missing"));
}

static void
sets_are_ordered_by_bytes(void **state)
{
	static const struct {
		struct ex_span a;
		struct ex_span b;
		int sign;
	} cases[] = {
		{ { BYTES("\x02\x01\x05") }, { BYTES("\x02\x01\x05") }, 0 },
		{ { BYTES("\x02\x01\x05") }, { BYTES("\x02\x01\x06") }, -1 },
		{ { BYTES("\x02\x02\x00") }, { BYTES("\x02\x01\xff") }, 1 },
		{ { BYTES("\x05") }, { BYTES("\x05\x00") }, -1 },
		{ { NULL, 0 }, { BYTES("\x05") }, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int d = ex_der_compare(cases[i].a, cases[i].b);
		int back = ex_der_compare(cases[i].b, cases[i].a);

		assert_int_equal((d > 0) - (d < 0), cases[i].sign);
		assert_int_equal((back > 0) - (back < 0), -cases[i].sign);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths_are_written_minimally_and_read_back),
		cmocka_unit_test(unsigned_integers_are_minimal),
		cmocka_unit_test(bad_integers_are_refused),
		cmocka_unit_test(only_der_is_der),
		cmocka_unit_test(deep_nesting_is_refused_not_followed),
		cmocka_unit_test(a_writer_reports_its_own_misuse),
		cmocka_unit_test(missing_and_wrong_elements_are_named),
		cmocka_unit_test(sets_are_ordered_by_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
