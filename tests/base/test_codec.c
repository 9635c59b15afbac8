/*
 * test_codec.c -- hexadecimal and base64 have one text for the same bytes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "base/codec.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
hexadecimal_goes_both_ways(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	uint8_t all[256], back[256];
	char text[513];

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	ex_hex(text, all, sizeof(all));
	assert_int_equal(strlen(text), 512);
	assert_memory_equal(text, "000102", 6);
	assert_string_equal(&text[506], "fdfeff");
	assert_int_equal(ex_hex_read(back, sizeof(back), text, &err), 0);
	assert_memory_equal(all, back, sizeof(all));
	ex_hex(text, all, 0);
	assert_string_equal(text, "");
	assert_int_equal(ex_hex_read(back, 0, "", &err), 0);
}

static void
other_hexadecimal_is_refused(void **state)
{
	static const char *const bad[] = { "", "0", "000", "00000", "00AB",
		"0x00", "00 1", " 001", "00g0", "00-1", "\xff\xff\xff\xff" };
	uint8_t two[2];

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct ex_err err = EX_ERR_INIT;

		assert_int_equal(ex_hex_read(two, 2, bad[i], &err), -1);
		assert_int_equal(err.code, EX_FORMAT);
	}
}

/* RFC 4648 section 10. */
static const struct {
	const char *bytes, *text;
} vector[] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
	{ "\xfb\xff\xbf", "+/+/" },
};

static void
base64_goes_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(vector); i++) {
		struct ex_buf b = EX_BUF_INIT;
		size_t n = strlen(vector[i].bytes);

		assert_int_equal(ex_base64(&b, vector[i].bytes, n, NULL), 0);
		assert_string_equal(ex_buf_text(&b), vector[i].text);
		ex_buf_cut(&b, 0);
		assert_int_equal(ex_base64_read(&b, vector[i].text,
				     strlen(vector[i].text), NULL),
		    0);
		assert_int_equal(b.len, n);
		assert_string_equal(ex_buf_text(&b), vector[i].bytes);
		ex_buf_free(&b);
	}
}

static void
other_base64_is_refused(void **state)
{
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Zg===", "====",
		"Z===", "=Zg=", "Zh==", "Zm9=", "Zm9v\n",
		"Zm9vZg=", "Zg==Zg==", "Zm9 vYg=", "Zm-_", "Zm9vYmF\n",
		"Zm\xc3\xa9" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_buf b = EX_BUF_INIT;

		print_message("  %s\n", bad[i]);
		assert_int_equal(
		    ex_base64_read(&b, bad[i], strlen(bad[i]), &err), -1);
		assert_int_equal(err.code, EX_FORMAT);
		ex_buf_free(&b);
	}
}

/* A NUL is no end of the text here. */
static void
a_nul_is_not_base64(void **state)
{
	struct ex_buf b = EX_BUF_INIT;

	(void)state;
	assert_int_equal(ex_base64_read(&b, "Zm9v\0m9v", 8, NULL), -1);
	ex_buf_free(&b);
}

static void
identifiers_are_fresh_and_in_order_of_time(void **state)
{
	char one[EX_UUID_TEXT], two[EX_UUID_TEXT];

	(void)state;
	ex_uuid7(one);
	ex_sleep(3000);
	ex_uuid7(two);
	assert_true(ex_uuid_ok(one));
	assert_true(ex_uuid_ok(two));
	assert_int_equal(one[14], '7');
	assert_non_null(strchr("89ab", one[19]));
	assert_true(strcmp(one, two) < 0);
}

static void
what_is_no_identifier_is_told(void **state)
{
	static const char *const bad[] = { "",
		"0190b0f0-0000-7000-8000-00000000000",
		"0190b0f0-0000-7000-8000-0000000000000",
		"0190B0F0-0000-7000-8000-000000000000",
		"0190b0f00-000-7000-8000-000000000000",
		"0190b0f0-0000-7000-8000-00000000000g" };

	(void)state;
	assert_true(ex_uuid_ok("0190b0f0-0000-7000-8000-000000000000"));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(ex_uuid_ok(bad[i]));
}

static void
random_bytes_differ(void **state)
{
	uint8_t one[32] = { 0 }, two[32] = { 0 }, none[32] = { 0 };

	(void)state;
	ex_random(one, sizeof(one));
	ex_random(two, sizeof(two));
	ex_random(none, 0);
	assert_memory_not_equal(one, two, sizeof(one));
	assert_memory_not_equal(one, none, sizeof(one));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hexadecimal_goes_both_ways),
		cmocka_unit_test(other_hexadecimal_is_refused),
		cmocka_unit_test(base64_goes_both_ways),
		cmocka_unit_test(other_base64_is_refused),
		cmocka_unit_test(a_nul_is_not_base64),
		cmocka_unit_test(identifiers_are_fresh_and_in_order_of_time),
		cmocka_unit_test(what_is_no_identifier_is_told),
		cmocka_unit_test(random_bytes_differ),
	};

	return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}
