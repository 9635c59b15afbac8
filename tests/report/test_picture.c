/*
 * test_picture.c -- heads of JPEG files and answers of exhibit-picture, good
 * and broken.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/picture.h"
#include "report/picture.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define APP0	 "\xff\xe0\x00\x04xx"
#define SIZE	 "\x01\x02\x03\x04" /* 258 lines of 772 samples */
#define GREY	 "\x01\x01\x11\x00"
#define COLOUR	 "\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"

static const struct {
	const char *name;
	const char *data;
	size_t n;
	enum ex_code want;
} head[] = {
#define ROW(name, data, want)                      \
	{                                          \
		name, data, sizeof(data) - 1, want \
	}
	ROW("grey", "\xff\xd8\xff\xc0\x00\x0b\x08" SIZE GREY, EX_OK),
	ROW("colours, progressive",
	    "\xff\xd8" APP0 "\xff\xff\xc2\x00\x11\x08" SIZE COLOUR, EX_OK),
	ROW("empty", "", EX_FORMAT),
	ROW("text", "this is no photograph", EX_FORMAT),
	ROW("nothing behind its mark", "\xff\xd8", EX_FORMAT),
	ROW("a segment cut short", "\xff\xd8\xff\xe0\x00\xffxx", EX_FORMAT),
	ROW("a segment shorter than its length", "\xff\xd8\xff\xe0\x00\x01",
	    EX_FORMAT),
	ROW("no marker", "\xff\xd8" APP0 "xxxx", EX_FORMAT),
	ROW("data before the frame", "\xff\xd8\xff\xda\x00\x02", EX_FORMAT),
	ROW("the end before the frame", "\xff\xd8\xff\xd9", EX_FORMAT),
	ROW("lossless", "\xff\xd8\xff\xc3\x00\x0b\x08" SIZE GREY, EX_FORMAT),
	ROW("arithmetic", "\xff\xd8\xff\xc9\x00\x0b\x08" SIZE GREY, EX_FORMAT),
	ROW("12 bits", "\xff\xd8\xff\xc1\x00\x0b\x0c" SIZE GREY, EX_FORMAT),
	ROW("four colours",
	    "\xff\xd8\xff\xc0\x00\x14\x08" SIZE "\x04"
	    "012345678901",
	    EX_FORMAT),
	ROW("one colour too few",
	    "\xff\xd8\xff\xc0\x00\x0b\x08" SIZE "\x03\x01\x11\x00", EX_FORMAT),
	ROW("no width", "\xff\xd8\xff\xc0\x00\x0b\x08\x01\x01\x00\x00" GREY,
	    EX_FORMAT),
	ROW("100 million pixels",
	    "\xff\xd8\xff\xc0\x00\x0b\x08\x27\x10\x27\x10" GREY, EX_LIMIT),
#undef ROW
};

static void
heads_are_read_or_refused(void **state)
{
	uint32_t width, height;

	(void)state;
	for (size_t i = 0; i < COUNT(head); i++) {
		struct ex_err err = EX_ERR_INIT;
		int rc;

		print_message("  %s\n", head[i].name);
		width = height = 0;
		rc = ex_picture_jpeg(
		    &width, &height, head[i].data, head[i].n, &err);
		assert_int_equal(err.code, head[i].want);
		assert_int_equal(rc, head[i].want == EX_OK ? 0 : -1);
		if (rc == 0) {
			assert_int_equal(width, 772);
			assert_int_equal(height, 258);
		}
	}
}

static void
an_answer_has_as_many_pixels_as_it_says(void **state)
{
	struct ex_picture_head put = { 2, 1, 20, 10 }, got;
	struct ex_buf b = EX_BUF_INIT;
	struct ex_span pixels;

	(void)state;
	assert_int_equal(ex_picture_put(&b, &put, NULL), 0);
	assert_int_equal(b.len, EX_PICTURE_HEAD);
	assert_int_equal(ex_buf_add(&b, "rgbRGB", 6, NULL), 0);
	assert_int_equal(
	    ex_picture_take(&got, &pixels, b.data, b.len, NULL), 0);
	assert_memory_equal(&got, &put, sizeof(got));
	assert_memory_equal(pixels.p, "rgbRGB", 6);
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(
		    ex_picture_take(&got, &pixels, b.data, n, NULL), -1);
	b.data[6] = 0x40; /* 16,386 wide */
	assert_int_equal(
	    ex_picture_take(&got, &pixels, b.data, b.len, NULL), -1);
	ex_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_are_read_or_refused),
		cmocka_unit_test(an_answer_has_as_many_pixels_as_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
