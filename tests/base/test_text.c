/*
 * test_text.c -- what may be signed, what a terminal is shown, and names.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *what;
	const char *text;
	const char *shown; /* NULL: as it is */
	int fit;	   /* to be signed */
} texts[] = {
	{ "nothing", "", NULL, 1 },
	{ "plain", "Disk 1, \"sealed\"", NULL, 1 },
	{ "Chinese", "\xe6\x89\xa3\xe6\x8a\xbc\xe7\x89\xa9", NULL, 1 },
	{ "not normalised", "e\xcc\x81", NULL, 1 },
	{ "four bytes", "\xf0\x9f\x94\x92", NULL, 1 },
	{ "largest code point but the last two", "\xf4\x8f\xbf\xbd", NULL, 1 },
	{ "newline", "a\nb", "a\\x0ab", 0 },
	{ "escape", "\x1b[31m", "\\x1b[31m", 0 },
	{ "delete", "\x7f", "\\x7f", 0 },
	{ "C1, an escape too",
	    "\xc2\x9b"
	    "2J",
	    "\\u{9b}2J", 0 },
	{ "left-to-right mark", "\xe2\x80\x8e", "\\u{200e}", 0 },
	{ "override: exe.gpj",
	    "\xe2\x80\xae"
	    "gpj.exe",
	    "\\u{202e}gpj.exe", 0 },
	{ "isolate", "\xe2\x81\xa6", "\\u{2066}", 0 },
	{ "line separator is shown escaped, may be signed", "\xe2\x80\xa8",
	    "\\u{2028}", 1 },
	{ "noncharacter", "\xef\xb7\x90", "\\u{fdd0}", 0 },
	{ "noncharacter at a plane's end", "\xf0\x9f\xbf\xbe", "\\u{1fffe}",
	    0 },
	{ "lone continuation", "a\x80", "a\\x80", 0 },
	{ "overlong", "\xc0\xaf", "\\xc0\\xaf", 0 },
	{ "surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80", 0 },
	{ "too large", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", 0 },
	{ "cut short", "\xe6\x89", "\\xe6\\x89", 0 },
	{ "Latin-1", "caf\xe9", "caf\\xe9", 0 },
};

static void
texts_are_judged_and_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		const char *shown =
		    texts[i].shown != NULL ? texts[i].shown : texts[i].text;
		struct ex_err err = EX_ERR_INIT;
		char out[128];
		size_t n = strlen(texts[i].text);

		print_message("  %s\n", texts[i].what);
		assert_int_equal(ex_text_canonical(texts[i].text, n, &err),
		    texts[i].fit ? 0 : -1);
		assert_int_equal(err.code, texts[i].fit ? EX_OK : EX_FORMAT);
		assert_ptr_equal(
		    ex_text_show(out, sizeof(out), texts[i].text, n), out);
		assert_string_equal(out, shown);
		/* What was shown needs no showing. */
		assert_int_equal(ex_text_canonical(out, strlen(out), NULL), 0);
	}
}

static void
a_nul_inside_is_no_end(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	char out[32];

	(void)state;
	assert_int_equal(ex_text_canonical("a\0b", 3, &err), -1);
	assert_non_null(strstr(err.text, "byte 1"));
	assert_string_equal(
	    ex_text_show(out, sizeof(out), "a\0b", 3), "a\\x00b");
}

/* In every size there is an end, whole code points, and dots when cut. */
static void
what_does_not_fit_is_cut_between_characters(void **state)
{
	static const char text[] = "ab\xe6\x89\xa3\x1b\xf0\x9f\x94\x92zz";
	char out[64];

	(void)state;
	for (size_t size = 1; size < 24; size++) {
		memset(out, '#', sizeof(out));
		(void)ex_text_shown(out, size, text);
		assert_true(strlen(out) < size);
		assert_int_equal(out[size], '#');
		assert_int_equal(ex_text_canonical(out, strlen(out), NULL), 0);
		if (size <= 15 && size >= 4)
			assert_string_equal(&out[strlen(out) - 3], "...");
	}
	assert_string_equal(ex_text_shown(out, 5, "abcdef"), "a...");
	assert_string_equal(ex_text_shown(out, 7, "abcdef"), "abcdef");
	out[0] = '#';
	(void)ex_text_shown(out, 0, "abc");
	assert_int_equal(out[0], '#');
}

static void
wide_characters_take_two_columns(void **state)
{
	(void)state;
	assert_int_equal(ex_text_width(""), 0);
	assert_int_equal(ex_text_width("abc"), 3);
	assert_int_equal(ex_text_width("\xe8\xad\x89\xe7\x89\xa9"), 4);
	assert_int_equal(ex_text_width("e\xcc\x81"), 1);
}

static const struct {
	const char *text;
	int item, name;
} names[] = {
	{ "", 0, 0 },
	{ "A", 1, 1 },
	{ "2026-0001-A-3", 1, 1 },
	{ "-", 1, 0 },
	{ "a", 0, 1 },
	{ "wang.exam_1", 0, 1 },
	{ ".hidden", 0, 0 },
	{ "-C", 1, 0 },
	{ "..", 0, 0 },
	{ "A/B", 0, 0 },
	{ "A B", 0, 0 },
	{ "\xe7\x8e\x8b", 0, 0 },
	{ "ABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJ", 1, 1 },
	{ "ABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJK", 0, 0 },
};

static void
names_are_of_few_characters(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_int_equal(ex_text_item_ok(names[i].text), names[i].item);
		assert_int_equal(ex_text_name_ok(names[i].text), names[i].name);
	}
}

static const struct {
	const char *text;
	unsigned long long max, value;
	enum ex_code want;
} numbers[] = {
	{ "0", 0, 0, EX_OK },
	{ "1", 0, 0, EX_FORMAT },
	{ "7", 7, 7, EX_OK },
	{ "8", 7, 0, EX_FORMAT },
	{ "65535", 65535, 65535, EX_OK },
	{ "65536", 65535, 0, EX_FORMAT },
	{ "18446744073709551615", ~0ull, ~0ull, EX_OK },
	{ "18446744073709551616", ~0ull, 0, EX_FORMAT },
	{ "99999999999999999999999", ~0ull, 0, EX_FORMAT },
	{ "", 9, 0, EX_FORMAT },
	{ "01", 9, 0, EX_FORMAT },
	{ "00", 9, 0, EX_FORMAT },
	{ "+1", 9, 0, EX_FORMAT },
	{ "-1", 9, 0, EX_FORMAT },
	{ " 1", 9, 0, EX_FORMAT },
	{ "1 ", 9, 0, EX_FORMAT },
	{ "0x1", 9, 0, EX_FORMAT },
	{ "1.0", 9, 0, EX_FORMAT },
};

static void
numbers_are_plain_and_in_range(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct ex_err err = EX_ERR_INIT;
		unsigned long long v = 0;

		print_message("  \"%s\"\n", numbers[i].text);
		assert_int_equal(
		    ex_text_number(&v, numbers[i].text, numbers[i].max, &err),
		    numbers[i].want == EX_OK ? 0 : -1);
		assert_int_equal(err.code, numbers[i].want);
		assert_true(v == numbers[i].value);
	}
}

static int
count_part(void *arg, const char *part, size_t n, struct ex_err *err)
{
	char *seen = arg;
	size_t used = strlen(seen);

	if (n == 4 && memcmp(part, "stop", 4) == 0)
		return ex_fail(err, EX_STATE, "stopped");
	memcpy(&seen[used], "<", 1);
	memcpy(&seen[used + 1], part, n);
	memcpy(&seen[used + 1 + n], ">", 2);
	return 0;
}

static void
text_is_split_and_found(void **state)
{
	static const char *const list[] = { "one", "two", NULL };
	struct ex_err err = EX_ERR_INIT;
	char seen[64] = "";

	(void)state;
	assert_int_equal(
	    ex_text_split("a,,bc,", ',', count_part, seen, &err), 0);
	assert_string_equal(seen, "<a><><bc><>");
	seen[0] = '\0';
	assert_int_equal(
	    ex_text_split("a,stop,b", ',', count_part, seen, &err), -1);
	assert_int_equal(err.code, EX_STATE);
	assert_string_equal(seen, "<a>");
	assert_int_equal(ex_text_index("two", list), 1);
	assert_int_equal(ex_text_index("tw", list), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_judged_and_shown),
		cmocka_unit_test(a_nul_inside_is_no_end),
		cmocka_unit_test(what_does_not_fit_is_cut_between_characters),
		cmocka_unit_test(wide_characters_take_two_columns),
		cmocka_unit_test(names_are_of_few_characters),
		cmocka_unit_test(numbers_are_plain_and_in_range),
		cmocka_unit_test(text_is_split_and_found),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
