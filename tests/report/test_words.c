/*
 * test_words.c -- every code of every closed list has a word in both
 * languages, and what a person wrote is left alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "custody/act.h"
#include "report/words.h"

static size_t asked;

static void
ask(const char *list, const char *code)
{
	if (!ex_word_known(list, code))
		fail_msg("no word for \"%s\" of %s", code, list);
	assert_true(ex_word(list, code, 0)[0] != '\0');
	assert_true(ex_word(list, code, 1)[0] != '\0');
	asked++;
}

static void
ask_fields(const struct ex_field *field, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (field[i].type != EX_FIELD_WORD)
			continue;
		/* A level is the letter that people say. */
		if (strcmp(field[i].name, "level") == 0 ||
		    strcmp(field[i].name, "tlp") == 0)
			continue;
		for (const char *const *w = field[i].words; *w != NULL; w++)
			ask(field[i].name, *w);
	}
}

static void
every_closed_list_has_words(void **state)
{
	size_t n;
	const struct ex_field *common = ex_act_common(&n);

	(void)state;
	ask_fields(common, n);
	for (int act = 0; act < EX_ACTS; act++) {
		const struct ex_act_def *def = ex_act((enum ex_act)act);

		if (def == NULL)
			continue;
		ask_fields(def->field, def->nfields);
		for (size_t i = 0;
		     i < EX_ACT_ROLES && def->role[i].role != NULL; i++) {
			const char *const *g = def->role[i].grants;

			ask("role", def->role[i].role);
			for (; g != NULL && *g != NULL; g++)
				ask("role", *g);
		}
	}
	/* The test is no test when the tables cannot be walked. */
	assert_true(asked > 100);
}

static void
unknown_codes_stay_as_they_are(void **state)
{
	(void)state;
	assert_string_equal(
	    ex_word("kind", "something else", 1), "something else");
	assert_string_equal(ex_word("condition", "intact", 1), "intact");
	assert_false(ex_word_known("seal_state", "fine"));
	assert_string_equal(ex_word("seal_state", "intact", 1), "完整");
	assert_string_equal(ex_word("org_kind", "court", 1), "法院");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_closed_list_has_words),
		cmocka_unit_test(unknown_codes_stay_as_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
