/*
 * test_render.c -- documents as HTML and as text: form, escaping, language.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/text.h"
#include "report/document.h"
#include "report/render.h"
#include "tests/report/markup.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What somebody may have signed as a description, and what may not come out
 * of it. */
static const struct {
	const char *text, *never, *html;
} hostile[] = {
	{ "<script>alert(1)</script>", "<script", "&lt;script&gt;" },
	{ "\"><img src=x onerror=alert(1)>", "<img", "&quot;&gt;&lt;img" },
	{ "' onmouseover='x", "' onmouseover", "&#39; onmouseover=&#39;x" },
	{ "&lt;b&gt;", ">&lt;b&gt;<", "&amp;lt;b&amp;gt;" },
	{ "--></style><b>", "--></style>", "--&gt;&lt;/style&gt;" },
	{ "]]><!--", "]]><!--", "]]&gt;&lt;!--" },
	{ "a\xe2\x80\xae"
	  "b",
	    "\xe2\x80\xae", "\\u{202e}" },
	{ "a\x1b[31mb", "\x1b", "\\x1b" },
	{ "a\xff\xfe", "\xff", "\\x" },
	{ "a\r\nb", "\r", "\\x0d" },
};

/* The same text in every place that a text can have. */
static void
everywhere(struct ex_document *doc, const char *text)
{
	const char *cell[] = { text, text }, *lane[] = { text, text, text };

	ex_doc_start(doc, 0, text, text);
	ex_doc_section(doc, text, 1);
	ex_doc_heading(doc, text);
	ex_doc_text(doc, text);
	ex_doc_warn(doc, text);
	ex_doc_point(doc, text);
	ex_doc_point(doc, text);
	ex_doc_code(doc, text);
	ex_doc_fact(doc, text, text);
	ex_doc_factf(doc, text, "%s", text);
	ex_doc_table(doc, text, cell, 2);
	ex_doc_row(doc, cell);
	ex_doc_chart(doc, text, lane, 3);
	ex_doc_row(doc, lane);
	ex_doc_section(doc, text, 0);
	ex_doc_fact(doc, text, NULL);
}

static void
hostile_text_stays_text_in_html(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hostile); i++) {
		struct ex_buf out = EX_BUF_INIT;
		struct ex_document doc;

		everywhere(&doc, hostile[i].text);
		assert_int_equal(ex_render_html(&out, &doc, NULL), 0);
		assert_null(markup_wrong(ex_buf_text(&out)));
		assert_null(strstr(ex_buf_text(&out), hostile[i].never));
		assert_non_null(strstr(ex_buf_text(&out), hostile[i].html));
		ex_buf_free(&out);
		ex_doc_free(&doc);
	}
}

static void
hostile_text_shows_nothing_on_a_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hostile); i++) {
		struct ex_buf out = EX_BUF_INIT;
		struct ex_document doc;

		everywhere(&doc, hostile[i].text);
		assert_int_equal(ex_render_text(&out, &doc, NULL), 0);
		for (size_t k = 0; k < out.len; k++)
			assert_true(out.data[k] >= ' ' || out.data[k] == '\n');
		assert_null(strstr(ex_buf_text(&out), "\xe2\x80\xae"));
		assert_null(strstr(ex_buf_text(&out), "\xff"));
		ex_buf_free(&out);
		ex_doc_free(&doc);
	}
}

static void
the_language_is_named(void **state)
{
	static const char *const lang[] = { "<html lang=\"en\">",
		"<html lang=\"zh-Hant-TW\">" };

	(void)state;
	for (int zh = 0; zh < 2; zh++) {
		struct ex_buf out = EX_BUF_INIT;
		struct ex_document doc;

		ex_doc_start(&doc, zh, "t", "s");
		ex_doc_section(&doc, "x", 0);
		ex_doc_fact(&doc, "f", "");
		assert_int_equal(ex_render_html(&out, &doc, NULL), 0);
		assert_non_null(strstr(ex_buf_text(&out), lang[zh]));
		assert_non_null(
		    strstr(ex_buf_text(&out), zh ? "不明" : "unknown"));
		ex_buf_free(&out);
		ex_doc_free(&doc);
	}
}

/* Paragraphs of words and of characters without spaces. */
static void
lines_of_text_are_short(void **state)
{
	static const char *const text[] = {
		"The quick brown fox jumps over the lazy dog, and then it "
		"jumps again and again, because the paragraph has to be long "
		"enough to be broken into several lines.",
		"證物經封緘後送交實驗室收受，收受時封緘完整，號碼與清單相符，"
		"保管人與送交人雙方簽署，並於入庫後由鑑識人員領出拆封取證。",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(text); i++) {
		struct ex_buf out = EX_BUF_INIT;
		struct ex_document doc;
		char line[512];
		const char *p;

		everywhere(&doc, text[i]);
		assert_int_equal(ex_render_text(&out, &doc, NULL), 0);
		for (p = ex_buf_text(&out); *p != '\0';) {
			size_t n = strcspn(p, "\n");

			assert_true(n < sizeof(line));
			memcpy(line, p, n);
			line[n] = '\0';
			assert_true(ex_text_width(line) <= 78);
			p += n + (p[n] == '\n');
		}
		ex_buf_free(&out);
		ex_doc_free(&doc);
	}
}

static void
a_table_is_a_table(void **state)
{
	static const char *const head[] = { "No.", "Act" };
	static const char *const row[] = { "1", NULL };
	struct ex_buf out = EX_BUF_INIT;
	struct ex_document doc;

	(void)state;
	ex_doc_start(&doc, 0, "t", "s");
	ex_doc_section(&doc, "x", 0);
	ex_doc_table(&doc, "Acts", head, 2);
	ex_doc_row(&doc, row);
	assert_int_equal(ex_render_html(&out, &doc, NULL), 0);
	assert_non_null(strstr(ex_buf_text(&out),
	    "<table>\n<caption>Acts</caption>\n<thead>\n<tr>"
	    "<th scope=\"col\">No.</th><th scope=\"col\">Act</th></tr>\n"
	    "</thead>\n<tbody>\n<tr><td>1</td><td></td></tr>\n</tbody>"));
	ex_buf_free(&out);
	ex_doc_free(&doc);
}

/* Bars of a chart are as long as a value stays; "!" makes one strong. */
static void
a_chart_is_drawn(void **state)
{
	static const char *const head[] = { "No.", "Time", "Custodian" };
	static const char *const row[][3] = {
		{ "1", "2026-05-04 09:12:33 UTC", "alma" },
		{ "2", "2026-05-05 09:12:33 UTC", "alma" },
		{ "3", "2026-05-06 10:00:00 UTC", "!bruno" },
		{ "4", "2026-05-07 11:00:00 UTC", "" },
	};
	struct ex_buf out = EX_BUF_INIT;
	struct ex_document doc;
	const char *html, *bar;
	size_t bars = 0;

	(void)state;
	ex_doc_start(&doc, 0, "t", "s");
	ex_doc_section(&doc, "x", 0);
	ex_doc_chart(&doc, "Custody", head, 3);
	for (size_t i = 0; i < COUNT(row); i++)
		ex_doc_row(&doc, row[i]);
	assert_int_equal(ex_render_html(&out, &doc, NULL), 0);
	html = ex_buf_text(&out);
	for (bar = html; (bar = strstr(bar, "<rect")) != NULL; bar++)
		bars++;
	assert_int_equal(bars, 2);
	assert_non_null(strstr(html, ">alma</text>"));
	assert_non_null(strstr(html, ">bruno</text>"));
	assert_non_null(strstr(html, "3  05-06 10:00"));
	assert_null(markup_wrong(html));
	ex_buf_free(&out);
	ex_doc_free(&doc);
}

static void
the_first_failure_is_kept(void **state)
{
	static const char *const row[] = { "x" };
	struct ex_buf out = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_document doc;

	(void)state;
	ex_doc_start(&doc, 0, "t", "s");
	ex_doc_text(&doc, "before any section");
	ex_doc_section(&doc, "x", 0);
	assert_int_equal(ex_render_html(&out, &doc, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_doc_free(&doc);

	ex_err_clear(&err);
	ex_doc_start(&doc, 0, "t", "s");
	ex_doc_section(&doc, "x", 0);
	ex_doc_row(&doc, row);
	assert_int_equal(ex_render_text(&out, &doc, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	assert_int_equal(out.len, 0);
	ex_doc_free(&doc);
	ex_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_text_stays_text_in_html),
		cmocka_unit_test(hostile_text_shows_nothing_on_a_terminal),
		cmocka_unit_test(the_language_is_named),
		cmocka_unit_test(lines_of_text_are_short),
		cmocka_unit_test(a_table_is_a_table),
		cmocka_unit_test(a_chart_is_drawn),
		cmocka_unit_test(the_first_failure_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
