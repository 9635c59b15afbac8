/*
 * test_planview.c -- what an act changes lies over the rows, each of which is
 * read once.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cases/planview.h"

enum {
	MANY = 3000 /* facts: the table grows several times */
};

/* Rows that count how often they are asked for. */
struct rows {
	size_t asked;
	int broken;
};

static int
rows_get(void *arg, const char *kind, const char *id, struct ex_json **out,
    struct ex_err *err)
{
	struct rows *r = arg;

	*out = NULL;
	if (r->broken)
		return ex_fail(err, EX_UNREACHABLE, "gone");
	r->asked++;
	if (strcmp(kind, "none") == 0)
		return 0;
	*out = ex_json_object();
	assert_int_equal(ex_json_set_text(*out, "row", id, err), 0);
	return 0;
}

static int
rows_entry(void *arg, const uint8_t leaf[EX_HASH], struct ex_entry_ref *out,
    struct ex_err *err)
{
	(void)arg;
	memset(out, 0, sizeof(*out));
	out->seq = leaf[0];
	return leaf[0] == 0 ? ex_fail(err, EX_ABSENT, "no such entry") : 0;
}

struct bed {
	struct rows rows;
	struct ex_view under;
	struct ex_planview *view;
};

static void
make_bed(struct bed *b)
{
	memset(b, 0, sizeof(*b));
	b->under = (struct ex_view){ &b->rows, rows_get, rows_entry, 0 };
	assert_int_equal(ex_planview_new(&b->view, &b->under, NULL), 0);
}

/* The text under key of a fact, "" when there is none. */
static const char *
look(struct bed *b, const char *kind, const char *id, const char *key)
{
	static char text[64];
	const struct ex_view *view = ex_planview_view(b->view);
	struct ex_json *v = NULL;
	const char *found;

	assert_int_equal(view->get(view->arg, kind, id, &v, NULL), 0);
	found = ex_json_get_text(v, key);
	(void)snprintf(text, sizeof(text), "%s", found == NULL ? "" : found);
	ex_json_free(v);
	return text;
}

static void
apply(struct bed *b, const char *kind, const char *id, const char *text)
{
	struct ex_facts facts = { NULL, 0, 0 };
	struct ex_json *v = ex_json_object();

	assert_int_equal(ex_json_set_text(v, "made", text, NULL), 0);
	assert_int_equal(ex_facts_put(&facts, kind, id, NULL, v, NULL), 0);
	assert_int_equal(ex_planview_apply(b->view, &facts, NULL), 0);
	ex_facts_free(&facts);
}

static void
a_row_is_read_once_there_or_not(void **state)
{
	struct bed b;

	(void)state;
	make_bed(&b);
	for (int i = 0; i < 3; i++) {
		assert_string_equal(look(&b, "item", "A", "row"), "A");
		assert_string_equal(look(&b, "none", "A", "row"), "");
	}
	assert_int_equal(b.rows.asked, 2);
	ex_planview_free(b.view);
}

static void
what_was_changed_hides_the_row_until_it_is_reset(void **state)
{
	struct bed b;

	(void)state;
	make_bed(&b);
	apply(&b, "item", "A", "first");
	assert_string_equal(look(&b, "item", "A", "made"), "first");
	assert_string_equal(look(&b, "item", "A", "row"), "");
	apply(&b, "item", "A", "second");
	assert_string_equal(look(&b, "item", "A", "made"), "second");
	assert_int_equal(b.rows.asked, 0);
	ex_planview_reset(b.view);
	assert_string_equal(look(&b, "item", "A", "made"), "");
	assert_string_equal(look(&b, "item", "A", "row"), "A");
	ex_planview_free(b.view);
}

static void
kind_and_id_are_two_things(void **state)
{
	struct bed b;

	(void)state;
	make_bed(&b);
	apply(&b, "item", "A/B", "one");
	apply(&b, "item/A", "B", "two");
	assert_string_equal(look(&b, "item", "A/B", "made"), "one");
	assert_string_equal(look(&b, "item/A", "B", "made"), "two");
	ex_planview_free(b.view);
}

static void
a_value_that_is_lent_out_can_be_changed(void **state)
{
	const struct ex_view *view;
	struct ex_json *v = NULL;
	struct bed b;

	(void)state;
	make_bed(&b);
	view = ex_planview_view(b.view);
	assert_int_equal(view->get(view->arg, "item", "A", &v, NULL), 0);
	assert_int_equal(ex_json_set_text(v, "row", "changed", NULL), 0);
	ex_json_free(v);
	assert_string_equal(look(&b, "item", "A", "row"), "A");
	ex_planview_free(b.view);
}

static void
thousands_of_facts_are_kept_apart(void **state)
{
	char id[16];
	struct bed b;

	(void)state;
	make_bed(&b);
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(id, sizeof(id), "I-%d", i);
		apply(&b, "item", id, id);
	}
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(id, sizeof(id), "I-%d", i);
		assert_string_equal(look(&b, "item", id, "made"), id);
	}
	assert_int_equal(b.rows.asked, 0);
	ex_planview_free(b.view);
}

static void
a_row_that_cannot_be_read_is_no_absence(void **state)
{
	const struct ex_view *view;
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *v = NULL;
	struct bed b;

	(void)state;
	make_bed(&b);
	view = ex_planview_view(b.view);
	b.rows.broken = 1;
	assert_int_equal(view->get(view->arg, "item", "A", &v, &why), -1);
	assert_int_equal(why.code, EX_UNREACHABLE);
	/* And it is asked for again. */
	b.rows.broken = 0;
	assert_string_equal(look(&b, "item", "A", "row"), "A");
	ex_planview_free(b.view);
}

static void
entries_are_the_rows_own(void **state)
{
	const uint8_t leaf[2][EX_HASH] = { { 7 }, { 0 } };
	const struct ex_view *view;
	struct ex_entry_ref ref;
	struct bed b;

	(void)state;
	make_bed(&b);
	view = ex_planview_view(b.view);
	assert_int_equal(view->entry(view->arg, leaf[0], &ref, NULL), 0);
	assert_int_equal(ref.seq, 7);
	assert_int_equal(view->entry(view->arg, leaf[1], &ref, NULL), -1);
	ex_planview_free(b.view);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_read_once_there_or_not),
		cmocka_unit_test(
		    what_was_changed_hides_the_row_until_it_is_reset),
		cmocka_unit_test(kind_and_id_are_two_things),
		cmocka_unit_test(a_value_that_is_lent_out_can_be_changed),
		cmocka_unit_test(thousands_of_facts_are_kept_apart),
		cmocka_unit_test(a_row_that_cannot_be_read_is_no_absence),
		cmocka_unit_test(entries_are_the_rows_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
