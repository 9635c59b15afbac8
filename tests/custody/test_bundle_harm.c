/*
 * test_bundle_harm.c -- every harm that is done to a bundle's folder is named.
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

static void
show(const char *name, const struct ex_bundle_result *r)
{
	print_error("%s: %s\n", name, ex_verdict_name(r->verdict));
	for (size_t i = 0; i < r->nremarks && i < 4; i++)
		print_error("  %s %s %s: %s\n",
		    ex_severity_name(r->remark[i].severity), r->remark[i].code,
		    r->remark[i].file, r->remark[i].text);
}

static int
is_noticed(struct scene *s, const char *path, const struct harm *h)
{
	const struct ex_trust trust = { s->trusted, s->ca };
	struct ex_bundle_result r;
	int noticed;

	MUST(ex_bundle_check(&r, path, &trust, err));
	noticed = r.verdict == EX_FAULTY && scene_says(&r, h->code);
	if (h->code[0] == '\0')
		noticed = r.verdict == EX_CONSISTENT;
	if (!noticed)
		show(h->name, &r);
	ex_bundle_result_free(&r);
	return noticed;
}

static void
every_harm_is_named(void **state)
{
	static const struct bundling whole;
	struct scene *s = *state;
	const char *bundle = scene_bundle(s, "good", &whole);
	size_t missed = 0;

	assert_true(harms_n >= 60);
	for (size_t i = 0; i < harms_n; i++) {
		const char *path = harm_bundle(s, bundle, &harms[i]);

		missed += !is_noticed(s, path, &harms[i]);
		MUST(ex_remove_tree(path, err));
	}
	assert_int_equal(missed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_harm_is_named),
	};

	return cmocka_run_group_tests(
	    tests, scene_group_open, scene_group_close);
}
