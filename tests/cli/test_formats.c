/*
 * docs/formats.md lists every act with exactly its parties and fields.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "custody/act.h"

static struct ex_buf doc = EX_BUF_INIT;

static int
read_document(void **state)
{
	const char *source = getenv("EXHIBIT_SOURCE");
	char path[EX_PATH];

	(void)state;
	if (source == NULL)
		source = ".";
	if (ex_path_join(path, sizeof(path), source, "docs/formats.md", NULL) ==
	    -1)
		return -1;
	return ex_file_read(&doc, path, 1 << 20, NULL);
}

static int
forget_document(void **state)
{
	(void)state;
	ex_buf_free(&doc);
	return 0;
}

/* " `name~!`" as the document writes a field. */
static void
add_field(struct ex_buf *row, const struct ex_field *f)
{
	assert_int_equal(
	    ex_buf_addf(row, NULL, " `%s%s%s`", f->name,
		f->type == EX_FIELD_TEXT ? "~" : "", f->required ? "!" : ""),
	    0);
}

static void
every_act_has_its_row(void **state)
{
	(void)state;
	for (int a = 0; a < EX_ACTS; a++) {
		const struct ex_act_def *d = ex_act((enum ex_act)a);
		struct ex_buf row = EX_BUF_INIT;

		print_message("  %s\n", d->name);
		assert_int_equal(
		    ex_buf_addf(&row, NULL, "\n| `%s` |", d->name), 0);
		for (size_t i = 0; i < EX_ACT_ROLES && d->role[i].role != NULL;
		     i++)
			assert_int_equal(ex_buf_addf(&row, NULL, "%s %s%s",
					     i == 0 ? "" : ",", d->role[i].role,
					     d->role[i].required ? "" : "?"),
			    0);
		assert_int_equal(ex_buf_add_text(&row, " |", NULL), 0);
		for (size_t i = 0; i < d->nfields; i++)
			add_field(&row, &d->field[i]);
		assert_int_equal(ex_buf_add_text(&row, " |\n", NULL), 0);
		assert_non_null(strstr(ex_buf_text(&doc), ex_buf_text(&row)));
		ex_buf_free(&row);
	}
}

static void
the_common_fields_are_listed(void **state)
{
	struct ex_buf row = EX_BUF_INIT;
	const struct ex_field *common;
	size_t n;

	(void)state;
	common = ex_act_common(&n);
	assert_int_equal(ex_buf_add_text(&row, "Every act may carry", NULL), 0);
	for (size_t i = 0; i < n; i++)
		add_field(&row, &common[i]);
	assert_int_equal(ex_buf_add_text(&row, ".\n", NULL), 0);
	assert_non_null(strstr(ex_buf_text(&doc), ex_buf_text(&row)));
	ex_buf_free(&row);
}

static void
no_act_is_listed_twice(void **state)
{
	size_t rows = 0;

	(void)state;
	for (const char *p = ex_buf_text(&doc);
	     (p = strstr(p, "\n| `")) != NULL; p++) {
		size_t n = strcspn(&p[4], "`");
		char name[64];

		if (strncmp(&p[4 + n], "` |", 3) != 0 || n >= sizeof(name))
			continue;
		(void)snprintf(name, sizeof(name), "%.*s", (int)n, &p[4]);
		rows += ex_act_by_name(name) != NULL;
	}
	assert_int_equal(rows, EX_ACTS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_act_has_its_row),
		cmocka_unit_test(the_common_fields_are_listed),
		cmocka_unit_test(no_act_is_listed_twice),
	};

	return cmocka_run_group_tests(tests, read_document, forget_document);
}
