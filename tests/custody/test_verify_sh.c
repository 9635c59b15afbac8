/*
 * test_verify_sh.c -- verify.sh, with stock tools, agrees about harm to a
 * bundle where it can see.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "tests/custody/bundle_harm.h"

/* Exit status of verify.sh with the roots and key of the house. */
static int
verify_by(const struct scene *s, const char *shell, const char *path)
{
	char script[256];
	const char *argv[] = { shell, script, s->roots, s->log_pem, NULL };

	(void)snprintf(script, sizeof(script), "%s/verify.sh", path);
	return scene_run(NULL, argv);
}

static int
verify_sh(const struct scene *s, const char *path)
{
	return verify_by(s, "sh", path);
}

/* bash evaluates what stands in arithmetic: it must find nothing there. */
static void
what_a_bundle_says_is_never_run(void **state)
{
	static const struct bundling small = { .subject = "lab:" HOUSE_ORG,
		.size = 10 };
	struct scene *s = *state;
	const char *bundle = scene_bundle(s, "tempting", &small);
	size_t tried = 0;

	for (size_t i = 0; i < harms_n; i++) {
		const char *path;
		char file[256];

		if (strstr(harms[i].command, "pwned") == NULL)
			continue;
		path = harm_bundle(s, bundle, &harms[i]);
		assert_int_equal(verify_by(s, "bash", path), 1);
		(void)snprintf(file, sizeof(file), "%s/pwned", path);
		assert_false(ex_file_exists(file));
		tried++;
	}
	assert_int_equal(tried, 2);
}

/* Entries that are signed well, by somebody who may not. */
static void
stock_tools_know_who_is_enrolled(void **state)
{
	static const int stranger[] = { H_COUR, -1 };
	static const struct bundling whole;
	struct scene *s = *state;
	char stream[EX_STREAM_TEXT];
	struct act a;

	(void)snprintf(stream, sizeof(stream), "item:%s", s->item);
	house_usual(&a, EX_ACT_NOTE, stream);
	a.parties = "officer=S-COUR";
	scene_push(s, &a);
	assert_int_equal(verify_sh(s, scene_bundle(s, "minted", &whole)), 1);
	scene_pop(s);
	house_usual(&a, EX_ACT_NOTE, stream);
	a.signers = stranger;
	scene_push(s, &a);
	assert_int_equal(verify_sh(s, scene_bundle(s, "others", &whole)), 1);
	scene_pop(s);
}

static void
stock_tools_agree_where_they_see(void **state)
{
	static const struct bundling whole,
	    small = { .subject = "lab:" HOUSE_ORG, .size = 10 };
	struct scene *s = *state;
	const char *bundle = scene_bundle(s, "plain", &small);
	size_t wrong = 0;

	assert_int_equal(verify_sh(s, scene_bundle(s, "plenty", &whole)), 0);
	assert_int_equal(verify_sh(s, bundle), 0);
	for (size_t i = 0; i < harms_n; i++) {
		const char *path;

		if (harms[i].sh != SEES)
			continue;
		path = harm_bundle(s, bundle, &harms[i]);
		if (verify_sh(s, path) == 0) {
			print_error("%s: verify.sh\n", harms[i].name);
			wrong++;
		}
		MUST(ex_remove_tree(path, err));
	}
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_bundle_says_is_never_run),
		cmocka_unit_test(stock_tools_know_who_is_enrolled),
		cmocka_unit_test(stock_tools_agree_where_they_see),
	};

	return cmocka_run_group_tests(
	    tests, scene_group_open, scene_group_close);
}
