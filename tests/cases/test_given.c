/*
 * What people type for the fields of an act: put where the act says, or
 * refused with the option's name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cases/given.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static int
begin(void **state)
{
	static struct ex_member m;

	memset(&m, 0, sizeof(m));
	m.fields = ex_json_object();
	m.texts = ex_json_object();
	*state = &m;
	return m.fields == NULL || m.texts == NULL;
}

static int
end(void **state)
{
	struct ex_member *m = *state;

	ex_json_free(m->fields);
	ex_json_free(m->texts);
	return 0;
}

/* fields and texts as one text. */
static void
is(const struct ex_member *m, const char *want)
{
	struct ex_buf got = EX_BUF_INIT;

	assert_int_equal(ex_json_print(&got, m->fields, NULL), 0);
	assert_int_equal(ex_buf_add_byte(&got, ' ', NULL), 0);
	assert_int_equal(ex_json_print(&got, m->texts, NULL), 0);
	assert_string_equal(ex_buf_text(&got), want);
	ex_buf_free(&got);
}

static void
values_go_where_the_act_says(void **state)
{
	static const struct ex_given given[] = {
		{ "seal", "S-1" },
		{ "seal_state", "intact" },
		{ "location", "RECEPTION" },
		{ "condition", "clean" },
		{ "photos",
		    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
		    "7852b855" },
	};
	struct ex_member *m = *state;
	struct ex_err err = EX_ERR_INIT;

	m->act = EX_ACT_RECEIVE;
	assert_int_equal(ex_given_put_all(m, given, COUNT(given), &err), 0);
	assert_int_equal(ex_given_complete(m, &err), 0);
	is(m,
	    "{\"location\":\"RECEPTION\",\"seal\":\"S-1\","
	    "\"seal_state\":\"intact\"} "
	    "{\"condition\":\"clean\",\"photos\":"
	    "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	    "\"}");
}

static void
several_texts_are_a_list(void **state)
{
	static const struct ex_given given[] = {
		{ "other_number", "A:1" },
		{ "other_number", "B:2" },
		{ "other_number", "C:3" },
		{ "offences", "X1" },
		{ "offences", "X2,X3" },
	};
	struct ex_member *m = *state;
	struct ex_err err = EX_ERR_INIT;

	m->act = EX_ACT_CASE_OPEN;
	assert_int_equal(ex_given_put_all(m, given, COUNT(given), &err), 0);
	is(m,
	    "{\"offences\":[\"X1\",\"X2\",\"X3\"]} {\"other_number/0\":\"A:1\","
	    "\"other_number/1\":\"B:2\",\"other_number/2\":\"C:3\"}");
	assert_true(ex_given_has(m, "other_number"));
}

static const struct {
	enum ex_act act;
	const char *name, *value;
	const char *says;
} wrong[] = {
	{ EX_ACT_STORE, "seal", "S-1", "store has no --seal" },
	{ EX_ACT_STORE, "condition/0", "x", "store has no --condition/0" },
	{ EX_ACT_CHECK_OUT, "no_such", "x", "check-out has no --no-such" },
	{ EX_ACT_RECEIVE, "seal_state", "fine",
	    "--seal-state is one of intact, damaged, missing, differs, none, "
	    "not \"fine\"" },
	{ EX_ACT_RECEIVE, "seal", "S 1", "--seal: " },
	{ EX_ACT_RECEIVE, "seal", "", "--seal: " },
	{ EX_ACT_RECEIVE, "seal", "S\xe2\x80\xae", "--seal: " },
	{ EX_ACT_RECEIVE, "location", "no place", "--location: " },
	{ EX_ACT_RECEIVE, "condition", "", "--condition is empty" },
	{ EX_ACT_RECEIVE, "condition", "a\nb", "--condition: U+000A" },
	{ EX_ACT_RECEIVE, "condition", "\xff", "--condition: not UTF-8" },
	{ EX_ACT_ANNOUNCE, "capacity", "64GB", "--capacity: " },
	{ EX_ACT_ANNOUNCE, "capacity", "-1", "--capacity: " },
	{ EX_ACT_ANNOUNCE, "capacity", "9007199254740992", "--capacity: " },
	{ EX_ACT_CASE_OPEN, "offences", "a,,b", "--offences: " },
	{ EX_ACT_ERASE, "order", "", "--order: " },
	{ EX_ACT_ACCEPT_TRANSFER, "final", "2", "--final: " },
	{ EX_ACT_ACQUIRE_START, "device", "{}", "--device: " },
};

static void
wrong_values_name_the_option(void **state)
{
	struct ex_member *m = *state;

	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct ex_given given = { wrong[i].name, wrong[i].value };
		struct ex_err err = EX_ERR_INIT;

		m->act = wrong[i].act;
		print_message("  %s %s\n", wrong[i].name, wrong[i].says);
		assert_int_equal(ex_given_put(m, &given, &err), -1);
		assert_int_equal(err.code, EX_USAGE);
		if (strncmp(err.text, wrong[i].says, strlen(wrong[i].says)) !=
		    0)
			fail_msg("said: %s", err.text);
		is(m, "{} {}");
	}
}

static void
one_value_is_not_given_twice(void **state)
{
	static const struct ex_given given[] = {
		{ "seal", "S-1" },
		{ "condition", "clean" },
	};
	struct ex_member *m = *state;

	m->act = EX_ACT_RECEIVE;
	assert_int_equal(ex_given_put_all(m, given, COUNT(given), NULL), 0);
	for (size_t i = 0; i < COUNT(given); i++) {
		struct ex_err err = EX_ERR_INIT;

		assert_int_equal(ex_given_put(m, &given[i], &err), -1);
		assert_int_equal(err.code, EX_USAGE);
		assert_non_null(strstr(err.text, "is given twice"));
	}
	/* What is there is not replaced by a default either. */
	assert_int_equal(ex_given_default(m, "seal", "S-2", NULL), 0);
	assert_string_equal(ex_json_get_text(m->fields, "seal"), "S-1");
}

static const struct {
	enum ex_act act;
	const char *says;
} lacking[] = {
	{ EX_ACT_RECEIVE, "receive needs --seal" },
	{ EX_ACT_STORE, "store needs --location" },
	{ EX_ACT_CHECK_OUT, "check-out needs --purpose" },
	{ EX_ACT_OFFER_TRANSFER, "transfer-offer needs --to" },
	{ EX_ACT_LATE_ENTRY, "late_entry needs --act" },
	{ EX_ACT_NOTE, "note needs --note" },
};

static void
what_is_lacking_is_named(void **state)
{
	struct ex_member *m = *state;

	for (size_t i = 0; i < COUNT(lacking); i++) {
		struct ex_err err = EX_ERR_INIT;

		m->act = lacking[i].act;
		assert_int_equal(ex_given_complete(m, &err), -1);
		assert_int_equal(err.code, EX_USAGE);
		assert_string_equal(err.text, lacking[i].says);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(values_go_where_the_act_says),
		TEST(several_texts_are_a_list),
		TEST(wrong_values_name_the_option),
		TEST(one_value_is_not_given_twice),
		TEST(what_is_lacking_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
