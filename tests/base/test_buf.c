/*
 * test_buf.c -- buffers grow and stay ended; readers never overrun.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

void *__real_realloc(void *p, size_t n);
void *__wrap_realloc(void *p, size_t n);

static int no_memory;

void *
__wrap_realloc(void *p, size_t n)
{
	return no_memory ? NULL : __real_realloc(p, n);
}

static void
what_is_added_is_there_and_ended(void **state)
{
	struct ex_buf b = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_string_equal(ex_buf_text(&b), "");
	assert_int_equal(ex_buf_add(&b, NULL, 0, &err), 0);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(ex_buf_add_text(&b, "abc", &err), 0);
		assert_true(b.cap > b.len);
		assert_int_equal(b.data[b.len], 0);
	}
	assert_int_equal(b.len, 3000);
	ex_buf_cut(&b, 2);
	ex_buf_cut(&b, 100); /* longer than it is: nothing */
	assert_int_equal(ex_buf_addf(&b, &err, "%s%d", "x", -5), 0);
	assert_int_equal(ex_buf_add_byte(&b, '!', &err), 0);
	assert_string_equal(ex_buf_text(&b), "abx-5!");
	ex_buf_free(&b);
	assert_null(b.data);
	ex_buf_free(NULL);
	ex_buf_wipe(NULL);
}

static void
numbers_are_big_endian_both_ways(void **state)
{
	static const uint8_t want[] = { 0x01, 0x02, 0xff, 0xfe, 0xfd, 0xfc,
		0x80, 1, 2, 3, 4, 5, 6, 0x7f };
	struct ex_buf b = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_reader r;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	(void)state;
	assert_int_equal(ex_buf_add_u16(&b, 0x0102, &err), 0);
	assert_int_equal(ex_buf_add_u32(&b, 0xfffefdfc, &err), 0);
	assert_int_equal(
	    ex_buf_add_u64(&b, UINT64_C(0x800102030405067f), &err), 0);
	assert_int_equal(b.len, sizeof(want));
	assert_memory_equal(b.data, want, sizeof(want));

	ex_reader_init(&r, b.data, b.len);
	assert_int_equal(ex_read_u16(&r, &u16, &err), 0);
	assert_int_equal(ex_read_u32(&r, &u32, &err), 0);
	assert_int_equal(ex_read_u64(&r, &u64, &err), 0);
	assert_int_equal(u16, 0x0102);
	assert_int_equal(u32, 0xfffefdfc);
	assert_true(u64 == UINT64_C(0x800102030405067f));
	assert_int_equal(r.left, 0);
	ex_buf_free(&b);
}

/* One byte less than each reader wants; what it had is still there. */
static void
nothing_is_read_beyond_the_end(void **state)
{
	static const uint8_t seven[7] = "sevenby";
	struct ex_span s;
	uint8_t bytes[8];
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	(void)state;
	for (int which = 0; which < 7; which++) {
		static const size_t short_of[] = { 0, 1, 3, 7, 7, 7, 7 };
		struct ex_err err = EX_ERR_INIT;
		struct ex_reader r;
		int rc;

		ex_reader_init(&r, seven, short_of[which]);
		rc = which == 0	  ? ex_read_u8(&r, bytes, &err)
		     : which == 1 ? ex_read_u16(&r, &u16, &err)
		     : which == 2 ? ex_read_u32(&r, &u32, &err)
		     : which == 3 ? ex_read_u64(&r, &u64, &err)
		     : which == 4 ? ex_read_bytes(&r, bytes, 8, &err)
		     : which == 5 ? ex_read_span(&r, SIZE_MAX, &s, &err)
				  : ex_read_line(&r, &s, &err);
		assert_int_equal(rc, -1);
		assert_int_equal(err.code, EX_FORMAT);
		assert_non_null(strstr(err.text, "truncated"));
		assert_int_equal(r.left, short_of[which]);
	}
}

static void
lines_are_taken_one_by_one(void **state)
{
	static const char text[] = "one\n\nthree\nrest";
	struct ex_err err = EX_ERR_INIT;
	struct ex_reader r;
	struct ex_span s;

	(void)state;
	ex_reader_init(&r, text, sizeof(text) - 1);
	assert_int_equal(ex_read_line(&r, &s, &err), 0);
	assert_true(ex_span_is(s, "one"));
	assert_false(ex_span_is(s, "on"));
	assert_false(ex_span_is(s, "one\n"));
	assert_int_equal(ex_read_line(&r, &s, &err), 0);
	assert_true(ex_span_is(s, ""));
	assert_true(ex_span_equal(s, NULL, 0));
	assert_int_equal(ex_read_line(&r, &s, &err), 0);
	assert_true(ex_span_equal(s, "three", 5));
	assert_int_equal(ex_read_line(&r, &s, &err), -1);
	assert_int_equal(err.code, EX_FORMAT);
}

static void
a_taken_text_is_the_callers(void **state)
{
	struct ex_buf b = EX_BUF_INIT;
	char *text;

	(void)state;
	text = ex_buf_take_text(&b);
	assert_non_null(text);
	assert_string_equal(text, "");
	free(text);
	assert_int_equal(ex_buf_add_text(&b, "mine", NULL), 0);
	text = ex_buf_take_text(&b);
	assert_string_equal(text, "mine");
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	free(text);
}

static void
out_of_memory_keeps_what_is_there(void **state)
{
	struct ex_buf b = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	char big[200];

	(void)state;
	assert_int_equal(ex_buf_add_text(&b, "kept", &err), 0);
	memset(big, 'x', sizeof(big));
	no_memory = 1;
	assert_int_equal(ex_buf_add(&b, big, sizeof(big), &err), -1);
	no_memory = 0;
	assert_int_equal(err.code, EX_SYSTEM);
	assert_string_equal(ex_buf_text(&b), "kept");
	/* More than any memory, and an overflow of the sum. */
	ex_err_clear(&err);
	assert_int_equal(ex_buf_reserve(&b, SIZE_MAX - 2, &err), -1);
	assert_int_equal(ex_buf_reserve(&b, SIZE_MAX / 2 - 1, &err), -1);
	assert_string_equal(ex_buf_text(&b), "kept");
	ex_buf_wipe(&b);
	assert_null(b.data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_added_is_there_and_ended),
		cmocka_unit_test(numbers_are_big_endian_both_ways),
		cmocka_unit_test(nothing_is_read_beyond_the_end),
		cmocka_unit_test(lines_are_taken_one_by_one),
		cmocka_unit_test(a_taken_text_is_the_callers),
		cmocka_unit_test(out_of_memory_keeps_what_is_there),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
