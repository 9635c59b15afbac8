/*
 * Lists of items from outside: what is taken, what is refused and how it is
 * named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cases/list.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A list as one text: "ITEM column=cell;..." a row. */
static void
print_list(char *out, size_t size, const struct ex_list *list)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < list->nrows; i++) {
		used += (size_t)snprintf(&out[used], size - used, "%s%s",
		    i == 0 ? "" : "|", list->row[i].item);
		for (size_t c = 0; c < list->ncolumns; c++)
			used += (size_t)snprintf(&out[used], size - used,
			    " %s=%s", list->column[c],
			    list->row[i].cell[c] == NULL
				? "-"
				: list->row[i].cell[c]);
	}
}

static const struct {
	const char *text;
	const char *is;
} good[] = {
	{ "item\nEXH-1\n", "EXH-1" },
	{ "item\nEXH-1", "EXH-1" },
	{ "item\r\nEXH-1\r\nEXH-2\r\n", "EXH-1|EXH-2" },
	{ "\xef\xbb\xbfitem,seal\nEXH-1,S-1\n", "EXH-1 seal=S-1" },
	{ "seal-state,item,condition\nintact,EXH-1,good\n",
	    "EXH-1 seal_state=intact condition=good" },
	{ "item,seal\nEXH-1,\nEXH-2,S-2\n", "EXH-1 seal=-|EXH-2 seal=S-2" },
	{ "item,condition\nEXH-1,\"a, b \"\"c\"\"\"\n",
	    "EXH-1 condition=a, b \"c\"" },
	{ "item,condition\nEXH-1,\"\"\n", "EXH-1 condition=-" },
	{ "\"item\",\"condition\"\n\"EXH-1\",\xe5\xae\x8c\xe6\x95\xb4\n",
	    "EXH-1 condition=\xe5\xae\x8c\xe6\x95\xb4" },
	/* Spaces are part of a cell. */
	{ "item,condition\nEXH-1, two \n", "EXH-1 condition= two " },
};

static void
a_good_list_is_taken_as_it_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_list list;
		char is[400];

		assert_int_equal(ex_list_read(&list, good[i].text,
				     strlen(good[i].text), &err),
		    0);
		print_list(is, sizeof(is), &list);
		assert_string_equal(is, good[i].is);
		ex_list_free(&list);
	}
}

#define BYTES(text) text, sizeof(text) - 1

static const struct {
	const char *name;
	const char *text;
	size_t n;
	const char *says;
} harm[] = {
	{ "nothing", BYTES(""), "names no item" },
	{ "columns only", BYTES("item,seal\n"), "names no item" },
	{ "no item column", BYTES("seal\nS-1\n"), "line 1: no column" },
	{ "two item columns", BYTES("item,item\nA,B\n"),
	    "line 1: two columns \"item\"" },
	{ "a column twice", BYTES("item,seal,seal\nA,B,C\n"),
	    "line 1: two columns \"seal\"" },
	{ "a column twice, spelt differently",
	    BYTES("item,seal-state,seal_state\nA,B,C\n"),
	    "two columns \"seal_state\"" },
	{ "a column without a name", BYTES("item,\nA,B\n"),
	    "line 1: a column without a name" },
	{ "a column's name in capitals", BYTES("ITEM\nA\n"),
	    "line 1: \"ITEM\"" },
	{ "a cell missing", BYTES("item,seal\nEXH-1\n"),
	    "line 2: 1 cells, but the first line has 2" },
	{ "a cell too many", BYTES("item,seal\nEXH-1,S-1,x\n"),
	    "line 2: 3 cells" },
	{ "an empty line", BYTES("item\nEXH-1\n\nEXH-2\n"),
	    "line 3: it is empty" },
	{ "an item twice", BYTES("item\nEXH-1\nEXH-2\nEXH-1\n"),
	    "line 4: EXH-1 is in line 2 already" },
	{ "no item number", BYTES("item\nexh 1\n"), "line 2: \"exh 1\"" },
	{ "an empty item", BYTES("item,seal\n,S-1\n"), "line 2: \"\"" },
	{ "a quotation mark left open", BYTES("item,condition\nEXH-1,\"good\n"),
	    "line 2: a quotation mark is not closed" },
	{ "a quotation mark in a cell", BYTES("item,condition\nEXH-1,a\"b\n"),
	    "line 2: a quotation mark inside" },
	{ "text behind a quotation mark",
	    BYTES("item,condition\nEXH-1,\"a\"b\n"),
	    "line 2: something follows" },
	{ "a NUL", BYTES("item,condition\nEXH-1,a\0b\n"), "line 2: U+0000" },
	{ "a tab", BYTES("item,condition\nEXH-1,a\tb\n"), "line 2: U+0009" },
	{ "an escape", BYTES("item,condition\nEXH-1,\033[2J\n"),
	    "line 2: U+001B" },
	{ "a lone CR", BYTES("item\rEXH-1\n"), "line 1: U+000D" },
	{ "a bidi control", BYTES("item,condition\nEXH-1,\xe2\x80\xae\n"),
	    "line 2: U+202E" },
	{ "not UTF-8", BYTES("item,condition\nEXH-1,\xff\n"),
	    "line 2: not UTF-8" },
	{ "UTF-16", BYTES("\xff\xfei\0t\0e\0m\0\n\0"), "line 1: not UTF-8" },
	{ "a mark in the middle",
	    BYTES("item\n\xef\xbb\xbf"
		  "EXH-1\n"),
	    "line 2: " },
};

static void
harm_is_refused_and_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(harm); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_list list;

		print_message("  %s\n", harm[i].name);
		assert_int_equal(
		    ex_list_read(&list, harm[i].text, harm[i].n, &err), -1);
		if (strstr(err.text, harm[i].says) == NULL)
			fail_msg("said: %s", err.text);
		assert_int_equal(err.code, EX_FORMAT);
		ex_list_free(&list);
	}
}

/* n lines "I0000,cell" below "item,seal"; the caller's. */
static char *
long_list(size_t n, size_t cell, size_t *len)
{
	size_t size = 16 + n * (cell + 16);
	char *text = malloc(size), *fill = malloc(cell + 1);

	assert_non_null(text);
	assert_non_null(fill);
	memset(fill, 'x', cell);
	fill[cell] = '\0';
	*len = (size_t)snprintf(text, size, "item,note\n");
	for (size_t i = 0; i < n; i++)
		*len += (size_t)snprintf(
		    &text[*len], size - *len, "I%05zu,%s\n", i, fill);
	free(fill);
	return text;
}

static void
what_is_too_large_is_refused(void **state)
{
	static const struct {
		size_t rows, cell;
		int rc;
		enum ex_code code;
	} size[] = {
		{ EX_BATCH_MAX, 1, 0, EX_OK },
		{ EX_BATCH_MAX + 1, 1, -1, EX_LIMIT },
		{ 1, EX_PII_VALUE_MAX, 0, EX_OK },
		{ 1, EX_PII_VALUE_MAX + 1, -1, EX_FORMAT },
		{ 2, EX_LIST_FILE_MAX / 2, -1, EX_LIMIT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(size); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_list list;
		size_t len;
		char *text = long_list(size[i].rows, size[i].cell, &len);

		assert_int_equal(
		    ex_list_read(&list, text, len, &err), size[i].rc);
		assert_int_equal(err.code, size[i].code);
		ex_list_free(&list);
		free(text);
	}
}

static void
columns_are_counted(void **state)
{
	char text[1024] = "item";
	size_t n = strlen(text);

	(void)state;
	for (int i = 0; i < EX_LIST_COLUMNS; i++)
		n += (size_t)snprintf(&text[n], sizeof(text) - n, ",c_%c%c",
		    'a' + i / 26, 'a' + i % 26);
	for (int more = 0; more < 2; more++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_list list;

		/* The head is read; a row is missing. */
		assert_int_equal(ex_list_read(&list, text, n, &err), -1);
		assert_non_null(strstr(
		    err.text, more ? "too many cells" : "names no item"));
		ex_list_free(&list);
		n += (size_t)snprintf(&text[n], sizeof(text) - n, ",zz");
	}
}

static const struct {
	const char *text;
	const char *is; /* NULL: refused */
	const char *says;
} scan[] = {
	{ "EXH-1\nS-1\n", "EXH-1 seal=S-1", NULL },
	{ "EXH-1 S-1\n", "EXH-1 seal=S-1", NULL },
	{ "EXH-1\tS-1\r\n", "EXH-1 seal=S-1", NULL },
	{ "EXH-1\nS-1\n\nEXH-2\nS-2\n\n", "EXH-1 seal=S-1|EXH-2 seal=S-2",
	    NULL },
	{ "EXH-1\n\nEXH-2\nS-2\n", "EXH-1 seal=-|EXH-2 seal=S-2", NULL },
	{ "EXH-1\n", "EXH-1 seal=-", NULL },
	{ "EXH-1 S-1\nEXH-2 S-2", "EXH-1 seal=S-1|EXH-2 seal=S-2", NULL },
	{ "", NULL, "no item was scanned" },
	{ "\n\n", NULL, "no item was scanned" },
	{ "exh-1\n", NULL, "line 1: \"exh-1\"" },
	{ "EXH-1 S-1 S-2\n", NULL, "line 1: more than" },
	{ "EXH-1\nEXH-2 S-2\n", NULL, "line 2: the seal of EXH-1" },
	{ "EXH-1 S-1\nEXH-1 S-1\n", NULL, "line 2: EXH-1 is in line 1" },
	{ "EXH-1 \033]0;x\n", NULL, "line 1: U+001B" },
	{ "EXH-1 \xff\n", NULL, "line 1: not UTF-8" },
};

static void
scans_are_items_and_seals(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(scan); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_list list;
		char is[200];
		int rc;

		rc = ex_list_scan(
		    &list, scan[i].text, strlen(scan[i].text), &err);
		print_list(is, sizeof(is), &list);
		if (scan[i].is != NULL) {
			assert_int_equal(rc, 0);
			assert_string_equal(is, scan[i].is);
		} else {
			assert_int_equal(rc, -1);
			if (strstr(err.text, scan[i].says) == NULL)
				fail_msg("said: %s", err.text);
		}
		ex_list_free(&list);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_list_is_taken_as_it_stands),
		cmocka_unit_test(harm_is_refused_and_named),
		cmocka_unit_test(what_is_too_large_is_refused),
		cmocka_unit_test(columns_are_counted),
		cmocka_unit_test(scans_are_items_and_seals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
