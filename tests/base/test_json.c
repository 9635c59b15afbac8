/*
 * test_json.c -- JSON read strictly and written in one way only.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const canonical[] = {
	"{}",
	"[]",
	"\"\"",
	"0",
	"-1",
	"9007199254740991",
	"-9007199254740991",
	"\"quote \\\" and \\\\ slash / end\"",
	"\"\xe6\x89\xa3\xe6\x8a\xbc \xf0\x9f\x94\x92\"",
	"{\"A\":1,\"B\":2,\"a\":[\"x\",{}],\"a.b\":\"\"}",
	"[[[[[[[[]]]]]]]]",
};

static void
the_canonical_form_is_written_again_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(canonical); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_buf b = EX_BUF_INIT;
		struct ex_json *v;

		assert_int_equal(ex_json_read_canonical(&v, canonical[i],
				     strlen(canonical[i]), &err),
		    0);
		assert_int_equal(ex_json_write(&b, v, &err), 0);
		assert_string_equal(ex_buf_text(&b), canonical[i]);
		ex_json_free(v);
		ex_buf_free(&b);
	}
}

/* loose: what ex_json_read(), the reader of operators' files, says. */
static const struct {
	const char *what, *text;
	int loose;
} others[] = {
	{ "nothing", "", 0 },
	{ "space before", " {}", 1 },
	{ "newline behind", "{}\n", 1 },
	{ "space inside", "{\"a\": 1}", 1 },
	{ "keys out of order", "{\"b\":1,\"a\":2}", 1 },
	{ "order of bytes, not of letters", "{\"a\":1,\"B\":2}", 1 },
	{ "key twice", "{\"a\":1,\"a\":1}", 0 },
	{ "key twice, below", "[{\"a\":{\"b\":1,\"b\":2}}]", 0 },
	{ "key twice, one escaped", "{\"a\":1,\"\\u0061\":1}", 0 },
	{ "true", "true", 1 },
	{ "null inside", "{\"a\":null}", 1 },
	{ "a real", "1.5", 1 },
	{ "a real that is whole", "1.0", 1 },
	{ "an exponent", "1e2", 1 },
	{ "minus nothing", "-0", 1 },
	{ "a leading zero", "01", 0 },
	{ "a plus", "+1", 0 },
	{ "2^53", "9007199254740992", 1 },
	{ "-2^53", "-9007199254740992", 1 },
	{ "2^64", "18446744073709551616", 0 },
	{ "NaN", "NaN", 0 },
	{ "escaped slash", "\"\\/\"", 1 },
	{ "escaped letter", "\"\\u0061\"", 1 },
	{ "escaped newline", "\"\\n\"", 1 },
	{ "raw newline", "\"\n\"", 0 },
	{ "escaped NUL", "\"\\u0000\"", 0 },
	{ "lone surrogate", "\"\\ud800\"", 0 },
	{ "not UTF-8", "\"\xff\"", 0 },
	{ "overlong", "\"\xc0\xaf\"", 0 },
	{ "byte order mark", "\xef\xbb\xbf{}", 0 },
	{ "bidi override", "\"\xe2\x80\xae\"", 1 },
	{ "noncharacter", "\"\xef\xbf\xbe\"", 1 },
	{ "key not ASCII", "{\"\xc3\xa9\":1}", 1 },
	{ "key with a quote", "{\"\\\"\":1}", 1 },
	{ "comma too many", "[1,]", 0 },
	{ "two values", "{}{}", 0 },
	{ "rest", "{}x", 0 },
	{ "cut short", "{\"a\":", 0 },
	{ "single quotes", "{'a':1}", 0 },
	{ "a comment", "/**/{}", 0 },
	{ "nine deep", "[[[[[[[[[]]]]]]]]]", 1 },
};

static void
every_other_form_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(others); i++) {
		struct ex_err err = EX_ERR_INIT;
		size_t n = strlen(others[i].text);
		struct ex_json *v = NULL;

		print_message("  %s\n", others[i].what);
		assert_int_equal(
		    ex_json_read_canonical(&v, others[i].text, n, &err), -1);
		assert_int_equal(err.code, EX_FORMAT);
		assert_null(v);

		ex_err_clear(&err);
		assert_int_equal(ex_json_read(&v, others[i].text, n, &err),
		    others[i].loose ? 0 : -1);
		assert_int_equal(err.code, others[i].loose ? EX_OK : EX_FORMAT);
		ex_json_free(v);
	}
}

static void
a_nul_ends_no_text(void **state)
{
	struct ex_json *v;

	(void)state;
	assert_int_equal(ex_json_read(&v, "{}\0", 3, NULL), -1);
	assert_int_equal(ex_json_read(&v, "\"a\0b\"", 5, NULL), -1);
}

static void
size_and_depth_have_their_limits(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	size_t n = EX_JSON_MAX + 1;
	char *text = malloc(n);
	struct ex_json *v;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', n);
	text[0] = text[n - 2] = text[n - 1] = '"';
	assert_int_equal(ex_json_read(&v, text, n, &err), -1);
	assert_int_equal(err.code, EX_LIMIT);
	ex_err_clear(&err);
	assert_int_equal(ex_json_read(&v, text, n - 1, &err), 0);
	ex_json_free(v);

	/* A million brackets are refused, not followed. */
	memset(text, '[', 1000000);
	assert_int_equal(ex_json_read(&v, text, 1000000, &err), -1);
	assert_int_equal(err.code, EX_FORMAT);
	free(text);
}

/* What may not be signed is not written, and leaves the buffer as it was. */
static void
what_may_not_be_signed_is_not_written(void **state)
{
	struct ex_buf b = EX_BUF_INIT;
	struct ex_json *o;

	(void)state;
	assert_int_equal(ex_buf_add_text(&b, "kept", NULL), 0);
	assert_int_equal(ex_json_write(&b, NULL, NULL), -1);
	for (int i = 0; i < 4; i++) {
		struct ex_err err = EX_ERR_INIT;

		o = ex_json_object();
		assert_int_equal(ex_json_set_int(o, "a", 1, &err), 0);
		assert_int_equal(ex_json_set(o, "b",
				     i == 0   ? ex_json_bool(1)
				     : i == 1 ? ex_json_real(0.5)
				     : i == 2 ? ex_json_string("a\tb")
					      : ex_json_integer(INT64_MAX),
				     &err),
		    0);
		assert_int_equal(ex_json_write(&b, o, &err), -1);
		assert_int_equal(err.code, EX_FORMAT);
		assert_string_equal(ex_buf_text(&b), "kept");
		ex_json_free(o);
	}
	ex_buf_free(&b);
}

static void
printing_takes_every_value(void **state)
{
	struct ex_json *o = ex_json_object();
	struct ex_buf b = EX_BUF_INIT;

	(void)state;
	assert_int_equal(ex_json_set(o, "t", ex_json_bool(1), NULL), 0);
	assert_int_equal(ex_json_set(o, "n", ex_json_null(), NULL), 0);
	assert_int_equal(ex_json_set(o, "r", ex_json_real(0.5), NULL), 0);
	assert_int_equal(ex_json_set_text(o, "s", "a\nb", NULL), 0);
	assert_int_equal(ex_json_print(&b, o, NULL), 0);
	assert_string_equal(ex_buf_text(&b),
	    "{\"n\":null,\"r\":0.5,\"s\":\"a\\nb\",\"t\":true}");
	assert_int_equal(ex_json_print(&b, NULL, NULL), -1);
	ex_json_free(o);
	ex_buf_free(&b);
}

static void
members_are_asked_for_by_kind(void **state)
{
	static const uint8_t two[2] = { 0xab, 0x01 };
	struct ex_err err = EX_ERR_INIT;
	struct ex_json *o = ex_json_object();
	uint8_t hex[2];
	const char *text;
	int64_t n;

	(void)state;
	assert_int_equal(ex_json_set_text(o, "t", "text", &err), 0);
	assert_int_equal(ex_json_set_int(o, "n", -5, &err), 0);
	assert_int_equal(ex_json_set_hex(o, "h", two, 2, &err), 0);
	assert_string_equal(ex_json_get_text(o, "h"), "ab01");
	assert_int_equal(ex_json_need_hex(hex, 2, o, "h", &err), 0);
	assert_memory_equal(hex, two, 2);
	assert_int_equal(ex_json_need_int(&n, o, "n", &err), 0);
	assert_int_equal(n, -5);
	assert_int_equal(ex_json_need_text(&text, o, "t", &err), 0);
	assert_string_equal(text, "text");
	assert_int_equal(ex_json_get_int(o, "t", 9), 9);
	assert_int_equal(ex_json_get_int(o, "none", 9), 9);
	assert_null(ex_json_get_text(o, "n"));
	assert_null(ex_json_get(NULL, "n"));

	assert_int_equal(ex_json_need_text(&text, o, "n", &err), -1);
	assert_int_equal(err.code, EX_FORMAT);
	assert_non_null(strstr(err.text, "\"n\""));
	assert_int_equal(ex_json_need_int(&n, o, "t", NULL), -1);
	assert_int_equal(ex_json_need_hex(hex, 2, o, "t", NULL), -1);
	assert_int_equal(ex_json_need_hex(hex, 1, o, "h", NULL), -1);
	ex_json_unset(o, "t");
	ex_json_unset(o, "never there");
	assert_null(ex_json_get(o, "t"));
	ex_json_free(o);
}

static void
a_member_not_listed_is_named(void **state)
{
	static const char *const keys[] = { "a", "b" };
	struct ex_err err = EX_ERR_INIT;
	struct ex_json *o = ex_json_object();

	(void)state;
	assert_int_equal(ex_json_set_int(o, "b", 1, &err), 0);
	assert_int_equal(ex_json_only(o, keys, 2, &err), 0);
	assert_int_equal(ex_json_set_int(o, "c", 1, &err), 0);
	assert_int_equal(ex_json_only(o, keys, 2, &err), -1);
	assert_int_equal(err.code, EX_FORMAT);
	assert_non_null(strstr(err.text, "\"c\""));
	ex_json_free(o);
}

static int
join_keys(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	if (ex_json_int(v) == 0)
		return ex_fail(err, EX_STATE, "zero");
	return ex_buf_add_text(arg, key, err);
}

static void
members_come_in_order_of_bytes(void **state)
{
	static const char *const keys[] = { "b", "B", "a", "_", "aa" };
	struct ex_err err = EX_ERR_INIT;
	struct ex_buf b = EX_BUF_INIT;
	struct ex_json *o = ex_json_object();

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++)
		assert_int_equal(ex_json_set_int(o, keys[i], 1, &err), 0);
	assert_int_equal(ex_json_each(o, join_keys, &b, &err), 0);
	assert_string_equal(ex_buf_text(&b), "B_aaab");
	assert_int_equal(ex_json_set_int(o, "a", 0, &err), 0);
	ex_buf_cut(&b, 0);
	assert_int_equal(ex_json_each(o, join_keys, &b, &err), -1);
	assert_int_equal(err.code, EX_STATE);
	assert_string_equal(ex_buf_text(&b), "B_");
	assert_int_equal(ex_json_each(NULL, join_keys, &b, NULL), 0);
	ex_json_free(o);
	ex_buf_free(&b);
}

/* Constructors nest: what failed inside fails outside, and nothing leaks. */
static void
a_value_that_failed_fails_its_parent(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_json *o = ex_json_object(), *list = ex_json_array();

	(void)state;
	assert_null(ex_json_string("\xff"));
	assert_null(ex_json_string(NULL));
	assert_int_equal(ex_json_set(o, "a", ex_json_string("\xff"), &err), -1);
	assert_int_equal(err.code, EX_SYSTEM);
	assert_int_equal(ex_json_add(list, NULL, NULL), -1);
	assert_int_equal(ex_json_set(NULL, "a", ex_json_integer(1), NULL), -1);
	assert_int_equal(ex_json_add(NULL, ex_json_integer(1), NULL), -1);
	assert_int_equal(ex_json_count(o), 0);
	assert_int_equal(ex_json_count(list), 0);
	ex_json_free(o);
	ex_json_free(list);
	ex_json_free(NULL);
}

static void
a_copy_is_apart_and_a_reference_is_not(void **state)
{
	struct ex_json *o = ex_json_object(), *copy, *ref;

	(void)state;
	assert_int_equal(ex_json_set(o, "list", ex_json_array(), NULL), 0);
	copy = ex_json_copy(o);
	ref = ex_json_ref(o);
	assert_int_equal(ex_json_add(ex_json_get_mutable(o, "list"),
			     ex_json_string_n("abc", 2), NULL),
	    0);
	assert_int_equal(ex_json_count(ex_json_get(ref, "list")), 1);
	assert_int_equal(ex_json_count(ex_json_get(copy, "list")), 0);
	assert_string_equal(
	    ex_json_text(ex_json_at(ex_json_get(ref, "list"), 0)), "ab");
	assert_null(ex_json_at(ex_json_get(ref, "list"), 1));
	assert_true(ex_json_equal(o, ref));
	assert_false(ex_json_equal(o, copy));
	ex_json_free(o);
	assert_int_equal(ex_json_count(ref), 1);
	ex_json_free(ref);
	ex_json_free(copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_canonical_form_is_written_again_the_same),
		cmocka_unit_test(every_other_form_is_refused),
		cmocka_unit_test(a_nul_ends_no_text),
		cmocka_unit_test(size_and_depth_have_their_limits),
		cmocka_unit_test(what_may_not_be_signed_is_not_written),
		cmocka_unit_test(printing_takes_every_value),
		cmocka_unit_test(members_are_asked_for_by_kind),
		cmocka_unit_test(a_member_not_listed_is_named),
		cmocka_unit_test(members_come_in_order_of_bytes),
		cmocka_unit_test(a_value_that_failed_fails_its_parent),
		cmocka_unit_test(a_copy_is_apart_and_a_reference_is_not),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
