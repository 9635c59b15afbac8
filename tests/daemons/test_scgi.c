/*
 * test_scgi.c -- requests as a web server sends them, and those that are none.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "daemons/scgi.h"
#include "tests/custody/house.h"

/* '|' stands for NUL; the netstring's length is computed for "@". */
static void
make(struct ex_buf *out, const char *text)
{
	const char *end = strchr(text, ',');
	size_t n = end == NULL ? 0 : (size_t)(end - text) - 1;

	if (text[0] == '@') {
		MUST(ex_buf_addf(out, err, "%zu:", n));
		text++;
	}
	for (; *text != '\0'; text++)
		MUST(ex_buf_add_byte(
		    out, *text == '|' ? 0 : (uint8_t)*text, err));
}

#define HEAD(length)                                        \
	"@CONTENT_LENGTH|" length "|SCGI|1|REQUEST_METHOD|" \
	"POST|REQUEST_URI|/w/add-checkpoint?x=1|HTTP_X|y|,"

static const struct {
	const char *name, *text;
	enum ex_code code;
} bad[] = {
	{ "no netstring", "hello", EX_FORMAT },
	{ "no digits", ":", EX_FORMAT },
	{ "leading zero", "07:", EX_FORMAT },
	{ "headers too long", "99999:", EX_LIMIT },
	{ "no end of the number", "1234567", EX_FORMAT },
	{ "no comma", "2:a|b", EX_FORMAT },
	{ "length is not first",
	    "@SCGI|1|CONTENT_LENGTH|0|REQUEST_METHOD|GET|REQUEST_URI|/|,",
	    EX_FORMAT },
	{ "a header twice",
	    "@CONTENT_LENGTH|0|SCGI|1|SCGI|1|REQUEST_METHOD|G|REQUEST_URI|/|,",
	    EX_FORMAT },
	{ "a header without value", "@CONTENT_LENGTH|,", EX_FORMAT },
	{ "another protocol",
	    "@CONTENT_LENGTH|0|SCGI|2|REQUEST_METHOD|GET|REQUEST_URI|/|,",
	    EX_FORMAT },
	{ "no method", "@CONTENT_LENGTH|0|SCGI|1|REQUEST_URI|/|,", EX_FORMAT },
	{ "a negative length", HEAD("-1"), EX_FORMAT },
	{ "a body too long", HEAD("131073"), EX_LIMIT },
	{ "bytes behind the body", HEAD("3") "abcd", EX_FORMAT },
};

static void
what_is_none_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ex_buf b = EX_BUF_INIT;
		struct ex_err why = EX_ERR_INIT;
		struct ex_scgi r;
		int whole = 0;

		make(&b, bad[i].text);
		print_message("  %s\n", bad[i].name);
		assert_int_equal(
		    ex_scgi_read(&r, &whole, b.data, b.len, &why), -1);
		assert_int_equal(why.code, bad[i].code);
		ex_buf_free(&b);
	}
}

/* Every beginning of a request is a beginning, and nothing else. */
static void
a_request_is_read_when_it_is_whole(void **state)
{
	struct ex_buf b = EX_BUF_INIT;
	struct ex_scgi r;
	int whole;

	(void)state;
	make(&b, HEAD("4") "body");
	for (size_t n = 0; n < b.len; n++) {
		whole = 1;
		MUST(ex_scgi_read(&r, &whole, b.data, n, err));
		assert_int_equal(whole, 0);
	}
	MUST(ex_scgi_read(&r, &whole, b.data, b.len, err));
	assert_int_equal(whole, 1);
	assert_true(ex_span_is(r.method, "POST"));
	assert_true(ex_span_is(r.path, "/w/add-checkpoint"));
	assert_true(ex_span_is(r.body, "body"));
	ex_buf_free(&b);
}

static void
answers_say_their_length(void **state)
{
	struct ex_answer a = { .status = 409, .type = "text/x.tlog.size" };
	struct ex_buf out = EX_BUF_INIT;

	(void)state;
	MUST(ex_buf_add_text(&a.body, "7\n", err));
	MUST(ex_scgi_write(&out, &a, err));
	assert_string_equal(ex_buf_text(&out),
	    "Status: 409 Conflict\r\nContent-Type: text/x.tlog.size\r\n"
	    "Content-Length: 2\r\n\r\n7\n");
	ex_buf_free(&out);
	ex_buf_free(&a.body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_none_is_refused),
		cmocka_unit_test(a_request_is_read_when_it_is_whole),
		cmocka_unit_test(answers_say_their_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
