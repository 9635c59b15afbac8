/*
 * What people type is taken apart as they mean it; the best case comes first,
 * and its snippet shows why.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "cases/search.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define T(t, p)		"{\"prefix\":" p ",\"t\":\"" t "\"}"
#define G(terms)	"{\"any\":[" terms "]}"
#define Q(groups, none) "{\"all\":[" groups "],\"none\":[" none "]}"

static const struct {
	const char *typed;
	const char *query; /* NULL: refused */
	enum ex_code code;
} reading[] = {
	{ "詐騙", Q(G(T("詐騙", "0")), ""), EX_OK },
	{ " a  b ", Q(G(T("a", "0")) "," G(T("b", "0")), ""), EX_OK },
	{ "\"a b\" c", Q(G(T("a b", "0")) "," G(T("c", "0")), ""), EX_OK },
	{ "\"a b", Q(G(T("a b", "0")), ""), EX_OK },
	{ "a -b", Q(G(T("a", "0")), T("b", "0")), EX_OK },
	{ "a -\"b c\"", Q(G(T("a", "0")), T("b c", "0")), EX_OK },
	{ "a - b", Q(G(T("a", "0")) "," G(T("-", "0")) "," G(T("b", "0")), ""),
	    EX_OK },
	{ "bit*", Q(G(T("bit", "1")), ""), EX_OK },
	{ "*", Q(G(T("*", "0")), ""), EX_OK },
	{ "a OR b", Q(G(T("a", "0") "," T("b", "0")), ""), EX_OK },
	{ "a OR b OR c", Q(G(T("a", "0") "," T("b", "0") "," T("c", "0")), ""),
	    EX_OK },
	{ "OR a", Q(G(T("OR", "0")) "," G(T("a", "0")), ""), EX_OK },
	{ "a OR", Q(G(T("a", "0")), ""), EX_OK },
	{ "\"\" a", Q(G(T("a", "0")), ""), EX_OK },
	{ "-b", NULL, EX_USAGE },
	{ "", NULL, EX_USAGE },
	{ "a\x01", NULL, EX_USAGE },
	{ "a\xff", NULL, EX_USAGE },
	{ "\xed\xa0\x80", NULL, EX_USAGE },
};

static struct ex_json *
query_of(const char *typed, struct ex_err *err)
{
	struct ex_search s = { .text = &typed, .ntext = 1 };
	struct ex_json *v;

	return ex_search_query(&v, &s, err) == 0 ? v : NULL;
}

static void
typing_is_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(reading); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_json *v = query_of(reading[i].typed, &err);
		struct ex_buf text = EX_BUF_INIT;

		assert_int_equal(err.code, reading[i].code);
		if (reading[i].query == NULL) {
			assert_null(v);
			continue;
		}
		assert_non_null(v);
		assert_int_equal(ex_json_write(&text, v, &err), 0);
		assert_string_equal(ex_buf_text(&text), reading[i].query);
		ex_buf_free(&text);
		ex_json_free(v);
	}
}

static void
too_much_is_refused(void **state)
{
	static char text[EX_QUERY_MAX + 2];
	struct ex_err err = EX_ERR_INIT, many = EX_ERR_INIT;

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	assert_null(query_of(text, &err));
	assert_int_equal(err.code, EX_LIMIT);
	for (size_t i = 0; i <= 2 * EX_QUERY_TERMS; i += 2) {
		text[i] = 'a';
		text[i + 1] = ' ';
	}
	text[2 * EX_QUERY_TERMS + 1] = '\0';
	assert_null(query_of(text, &many));
	assert_int_equal(many.code, EX_LIMIT);
}

static const struct {
	const char *typed, *body, *snippet;
} showing[] = {
	{ "詐騙", "被害人遭詐騙。", "被害人遭詐騙。" },
	{ "lockbit",
	    "一二三四五六七八九十一二三四五六七八九十甲乙ＬｏｃｋＢｉｔ",
	    "…三四五六七八九十一二三四五六七八九十甲乙ＬｏｃｋＢｉｔ" },
	{ "x", "a\n\n b\tc", "a b c" },
	{ "x", "", "" },
};

static void
a_snippet_shows_why(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(showing); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_json *v = query_of(showing[i].typed, &err);
		char *snippet = ex_search_snippet(v, showing[i].body);

		assert_string_equal(
		    snippet == NULL ? "" : snippet, showing[i].snippet);
		free(snippet);
		ex_json_free(v);
	}
}

static void
a_title_comes_before_a_text(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_json *v = query_of("Ransom", &err);
	int64_t title, body, often, old;

	(void)state;
	title = ex_search_score(v, "RANSOM", "", "", 100);
	body = ex_search_score(v, "", "ransom", "", 100);
	often = ex_search_score(v, "", "ransom ransom", "", 100);
	old = ex_search_score(v, "", "ransom", "", 0);
	assert_true(title > often && often > body && old > body);
	assert_true(ex_search_score(v, "", "ransom", "A", 100) > body);
	ex_json_free(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typing_is_taken_apart),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(a_snippet_shows_why),
		cmocka_unit_test(a_title_comes_before_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
