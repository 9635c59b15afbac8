/*
 * test_bundle_two.c -- two bundles, or a bundle and a checkpoint: one history
 * or two?
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tests/custody/bundles.h"

static enum ex_verdict
compare(struct scene *s, const char *one, const char *two, int *two_histories)
{
	struct ex_bundle_result a, b;
	enum ex_verdict verdict;

	scene_check(s, one, &a);
	scene_check(s, two, &b);
	scene_is(&a, EX_CONSISTENT);
	scene_is(&b, EX_CONSISTENT);
	MUST(ex_bundle_compare(&verdict, &a, &b, err));
	*two_histories = scene_says(&a, "two-histories");
	ex_bundle_result_free(&a);
	ex_bundle_result_free(&b);
	return verdict;
}

static void
note(struct scene *s, const char *item, const char *said)
{
	static char stream[EX_STREAM_TEXT];
	struct act a;

	(void)snprintf(stream, sizeof(stream), "item:%s", item);
	house_usual(&a, EX_ACT_NOTE, stream);
	a.texts = said;
	scene_push(s, &a);
}

static void
two_bundles_show_one_history_or_two(void **state)
{
	struct scene *s = *state;
	char item[EX_STREAM_TEXT], other[EX_STREAM_TEXT], older[128];
	static const struct bundling whole;
	struct bundling of_item = { .subject = item };
	struct bundling of_other = { .subject = other, .report = "" };
	const char *a, *b, *c;
	int two;

	(void)snprintf(item, sizeof(item), "item:%s", s->item);
	(void)snprintf(other, sizeof(other), "item:%s", s->other);
	(void)snprintf(older, sizeof(older), "%s",
	    scene_bundle(s, scene_fresh(s), &whole));
	/* The same log, twice. */
	a = scene_bundle(s, scene_fresh(s), &of_item);
	b = scene_bundle(s, scene_fresh(s), &of_other);
	assert_int_equal(compare(s, a, b, &two), EX_CONSISTENT);
	assert_false(two);
	/* Two versions of its last entry. */
	note(s, s->item, "{'note':'the seal is damaged'}");
	a = scene_bundle(s, scene_fresh(s), &of_item);
	/* It grew from the older one, but nothing in it says so. */
	assert_int_equal(compare(s, older, a, &two), EX_SPLIT);
	assert_int_equal(ex_verdict_exit(EX_SPLIT), 2);
	scene_pop(s);
	note(s, s->item, "{'note':'the seal is intact'}");
	b = scene_bundle(s, scene_fresh(s), &of_item);
	assert_int_equal(compare(s, a, b, &two), EX_FAULTY);
	assert_true(two);
	/* The second grows: two sizes, but one place holds two entries. */
	note(s, s->other, "{'note':'nothing'}");
	b = scene_bundle(s, scene_fresh(s), &whole);
	assert_int_equal(compare(s, a, b, &two), EX_FAULTY);
	assert_true(two);
	/* And where the two bundles have nothing in common but the house. */
	c = scene_bundle(s, scene_fresh(s), &of_other);
	assert_int_equal(compare(s, a, c, &two), EX_SPLIT);
	assert_false(two);
	scene_pop(s);
	scene_pop(s);
}

/* A signer who had seen the older one joins them. */
static void
a_signer_who_saw_it_joins_two_bundles(void **state)
{
	static const struct bundling whole;
	struct scene *s = *state;
	const struct ex_checkpoint before = s->house.seen;
	char older[128];
	int two;

	(void)snprintf(older, sizeof(older), "%s",
	    scene_bundle(s, scene_fresh(s), &whole));
	scene_see(s);
	note(s, s->item, "{'note':'I saw that'}");
	assert_int_equal(
	    compare(s, older, scene_bundle(s, scene_fresh(s), &whole), &two),
	    EX_CONSISTENT);
	assert_false(two);
	scene_pop(s);
	s->house.seen = before;
}

static void
a_bare_checkpoint_is_compared_as_well(void **state)
{
	static const struct bundling whole;
	struct scene *s = *state;
	struct ex_bundle_result a, b;
	struct ex_buf n = EX_BUF_INIT;
	enum ex_verdict verdict;

	scene_check(s, scene_bundle(s, scene_fresh(s), &whole), &a);
	house_note(&s->house, &n);
	MUST(ex_bundle_note(&b, n.data, n.len, &s->house.vkey, err));
	MUST(ex_bundle_compare(&verdict, &a, &b, err));
	assert_int_equal(verdict, EX_CONSISTENT);
	ex_bundle_result_free(&b);
	/* The same size over another last entry, signed with the real key. */
	s->house.entry[s->house.nentries - 1].leaf[0] ^= 1;
	ex_buf_cut(&n, 0);
	house_note(&s->house, &n);
	s->house.entry[s->house.nentries - 1].leaf[0] ^= 1;
	MUST(ex_bundle_note(&b, n.data, n.len, &s->house.vkey, err));
	assert_int_equal(b.verdict, EX_CONSISTENT);
	MUST(ex_bundle_compare(&verdict, &a, &b, err));
	assert_int_equal(verdict, EX_FAULTY);
	assert_true(scene_says(&a, "two-histories"));
	ex_bundle_result_free(&b);
	/* No note, and a note of nobody. */
	MUST(ex_bundle_note(&b, "x\n", 2, &s->house.vkey, err));
	assert_int_equal(b.verdict, EX_FAULTY);
	ex_bundle_result_free(&b);
	ex_bundle_result_free(&a);
	ex_buf_free(&n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_bundles_show_one_history_or_two),
		cmocka_unit_test(a_signer_who_saw_it_joins_two_bundles),
		cmocka_unit_test(a_bare_checkpoint_is_compared_as_well),
	};

	return cmocka_run_group_tests(
	    tests, scene_group_open, scene_group_close);
}
