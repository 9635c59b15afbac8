/*
 * test_pdf.c -- a document on paper, read back with poppler's tools.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "report/render.h"

enum {
	MADE_AT = 1770000000,
	ROWS = 400,
	OUTPUT_MAX = 16 * 1024 * 1024
};

#define DIGEST                             \
	"aa457b9d6eec95f79ca9fc4f31c269f5" \
	"a408adfb20dbac60ae47cbc9c08cb0c4"
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define AT	 (INT64_C(1000000) * MADE_AT)

static char path[64]; /* of the file at hand */

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(
	    path, sizeof(path), "/tmp/exhibit-pdf.%ld.pdf", (long)getpid());
	(void)unlink(path);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlink(path);
	return 0;
}

/* What another program prints about the file. */
static void
run(struct ex_buf *out, const char *const *argv)
{
	struct ex_proc p = EX_PROC_INIT;
	struct ex_err err = EX_ERR_INIT;
	int status = -1;

	ex_buf_free(out);
	p.path = argv[0];
	p.argv = argv;
	if (ex_proc_run(&p, out, OUTPUT_MAX, 60 * EX_SECOND, &status, &err) ==
	    -1)
		fail_msg("%s: %s", argv[0], err.text);
	assert_int_equal(status, 0);
}

static void
write_pdf(struct ex_buf *pdf, const struct ex_document *doc)
{
	struct ex_err err = EX_ERR_INIT;

	if (ex_render_pdf(pdf, doc, AT, &err) == -1)
		fail_msg("%s", err.text);
	(void)unlink(path);
	assert_int_equal(
	    ex_file_create(path, pdf->data, pdf->len, 0600, &err), 0);
}

static void
read_text(struct ex_buf *out, const char *first, const char *last)
{
	const char *const argv[] = { "pdftotext", "-layout", "-f", first, "-l",
		last, path, "-", NULL };

	run(out, argv);
}

/* Every kind of block, and a table longer than a sheet. */
static void
make(struct ex_document *doc, int zh)
{
	const char *const head[] = { "No.", "Act", "SHA-256" };
	char number[24];
	const char *row[] = { number, zh ? "收受" : "Received", DIGEST };

	ex_doc_start(doc, zh, zh ? "證物監管報告" : "Custody report", "C-1");
	ex_doc_section(doc, zh ? "一、證物" : "1. Exhibits", 0);
	ex_doc_heading(doc, "EXH-1");
	ex_doc_text(doc, zh ? "監管完整。" : "Custody is complete.");
	ex_doc_warn(doc, "look here");
	ex_doc_point(doc, "one");
	ex_doc_point(doc, "two");
	ex_doc_code(doc, "exhibit-verify BUNDLE");
	ex_doc_fact(doc, "Serial", "S-1");
	ex_doc_fact(doc, "Owner", NULL);
	ex_doc_section(doc, zh ? "二、監管" : "2. Custody", 1);
	ex_doc_table(doc, "Entries", head, 3);
	for (int i = 1; i <= ROWS; i++) {
		(void)snprintf(number, sizeof(number), "%d", i);
		ex_doc_row(doc, row);
	}
}

static size_t
pages_of(void)
{
	const char *const argv[] = { "pdfinfo", path, NULL };
	struct ex_buf out = EX_BUF_INIT;
	const char *line;
	size_t pages = 0;

	run(&out, argv);
	line = strstr(ex_buf_text(&out), "Pages:");
	assert_non_null(line);
	assert_int_equal(sscanf(line, "Pages: %zu", &pages), 1);
	assert_non_null(strstr(ex_buf_text(&out), "Tagged:          yes"));
	assert_non_null(strstr(ex_buf_text(&out), "A4"));
	ex_buf_free(&out);
	return pages;
}

static void
every_sheet_has_its_number_and_the_head(void **state)
{
	struct ex_buf pdf = EX_BUF_INIT, text = EX_BUF_INIT;
	struct ex_document doc;
	char want[64], page[24];
	size_t pages;

	(void)state;
	make(&doc, 0);
	write_pdf(&pdf, &doc);
	pages = pages_of();
	assert_true(pages > 5);
	for (size_t i = 1; i <= pages; i++) {
		(void)snprintf(page, sizeof(page), "%zu", i);
		(void)snprintf(want, sizeof(want), "page %zu of %zu", i, pages);
		read_text(&text, page, page);
		assert_non_null(strstr(ex_buf_text(&text), want));
		if (i > 1)
			assert_non_null(strstr(ex_buf_text(&text), "SHA-256"));
	}
	ex_buf_free(&text);
	ex_buf_free(&pdf);
	ex_doc_free(&doc);
}

/* Nothing of the document is missing, and a digest has no hyphen. */
static void
all_of_it_can_be_read_back(void **state)
{
	static const char *const words[] = { "證物監管報告", "一、證物",
		"監管完整。", "look here", "one", "two",
		"exhibit-verify BUNDLE", "S-1", "不明", "二、監管", "收受",
		DIGEST };
	struct ex_buf pdf = EX_BUF_INIT, text = EX_BUF_INIT;
	struct ex_document doc;
	const char *at;

	(void)state;
	make(&doc, 1);
	write_pdf(&pdf, &doc);
	read_text(&text, "1", "9999");
	for (size_t i = 0; i < COUNT(words); i++)
		if (strstr(ex_buf_text(&text), words[i]) == NULL)
			fail_msg("\"%s\" is not on paper", words[i]);
	at = ex_buf_text(&text);
	for (int i = 1; i <= ROWS; i++) {
		char row[40];

		(void)snprintf(row, sizeof(row), "\n %d ", i);
		at = strstr(at, "aa457b9d6eec95f7");
		assert_non_null(at);
		at++;
	}
	ex_buf_free(&text);
	ex_buf_free(&pdf);
	ex_doc_free(&doc);
}

static void
the_same_document_gives_the_same_bytes(void **state)
{
	struct ex_buf a = EX_BUF_INIT, b = EX_BUF_INIT;
	struct ex_document doc;

	(void)state;
	make(&doc, 1);
	assert_int_equal(ex_render_pdf(&a, &doc, AT, NULL), 0);
	assert_int_equal(ex_render_pdf(&b, &doc, AT, NULL), 0);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	ex_buf_free(&a);
	ex_buf_free(&b);
	ex_doc_free(&doc);
}

/* A text longer than a sheet is torn between lines, and none of it lost. */
static void
a_long_text_goes_over_several_sheets(void **state)
{
	const char *const head[] = { "No.", "Note" };
	struct ex_buf pdf = EX_BUF_INIT, text = EX_BUF_INIT;
	struct ex_buf note = EX_BUF_INIT;
	struct ex_document doc;
	const char *row[] = { "1", NULL };
	char word[24];

	(void)state;
	for (int i = 0; i < 3000; i++)
		assert_int_equal(ex_buf_addf(&note, NULL, "word%04d ", i), 0);
	row[1] = ex_buf_text(&note);
	ex_doc_start(&doc, 0, "t", "s");
	ex_doc_section(&doc, "x", 0);
	ex_doc_text(&doc, "before");
	ex_doc_table(&doc, "Notes", head, 2);
	ex_doc_row(&doc, row);
	ex_doc_fact(&doc, "again", row[1]);
	ex_doc_text(&doc, row[1]);
	write_pdf(&pdf, &doc);
	assert_true(pages_of() > 3);
	read_text(&text, "1", "9999");
	for (int i = 0; i < 3000; i++) {
		const char *at = ex_buf_text(&text);
		int found = 0;

		(void)snprintf(word, sizeof(word), "word%04d", i);
		while ((at = strstr(at, word)) != NULL) {
			found++;
			at++;
		}
		if (found != 3)
			fail_msg("%s is there %d times", word, found);
	}
	ex_buf_free(&note);
	ex_buf_free(&text);
	ex_buf_free(&pdf);
	ex_doc_free(&doc);
}

/* Rare characters of names are printed; hostile ones are shown as text. */
static void
characters_are_printed_or_shown(void **state)
{
	static const struct {
		const char *text, *read;
	} row[] = {
		{ "𠨧", "𠨧" }, /* U+20A27 */
		{ "\xe2\x80\xae"
		  "gnp.exe",
		    "\\u{202e}gnp.exe" },
		{ "a\x1b[31m", "a\\x1b[31m" },
		{ "a\xff", "a\\xff" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(row); i++) {
		struct ex_buf pdf = EX_BUF_INIT, text = EX_BUF_INIT;
		struct ex_document doc;

		ex_doc_start(&doc, 1, "t", "s");
		ex_doc_section(&doc, "x", 0);
		ex_doc_fact(&doc, "name", row[i].text);
		write_pdf(&pdf, &doc);
		read_text(&text, "1", "1");
		if (strstr(ex_buf_text(&text), row[i].read) == NULL)
			fail_msg("%s: %s", row[i].read, ex_buf_text(&text));
		ex_buf_free(&text);
		ex_buf_free(&pdf);
		ex_doc_free(&doc);
	}
}

/* A box in place of a name is no name. */
static void
a_character_without_a_glyph_is_refused(void **state)
{
	struct ex_buf pdf = EX_BUF_INIT;
	struct ex_err err = EX_ERR_INIT;
	struct ex_document doc;

	(void)state;
	ex_doc_start(&doc, 1, "t", "s");
	ex_doc_section(&doc, "x", 0);
	ex_doc_fact(&doc, "Owner", "王\xf0\xbf\xbf\xb0"); /* U+3FFF0 */
	assert_int_equal(ex_render_pdf(&pdf, &doc, AT, &err), -1);
	assert_int_equal(err.code, EX_FORMAT);
	assert_non_null(strstr(err.text, "U+3FFF0"));
	assert_non_null(strstr(err.text, "Owner"));
	assert_int_equal(pdf.len, 0);
	ex_buf_free(&pdf);
	ex_doc_free(&doc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sheet_has_its_number_and_the_head),
		cmocka_unit_test(all_of_it_can_be_read_back),
		cmocka_unit_test(the_same_document_gives_the_same_bytes),
		cmocka_unit_test(a_long_text_goes_over_several_sheets),
		cmocka_unit_test(characters_are_printed_or_shown),
		cmocka_unit_test(a_character_without_a_glyph_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
