/*
 * test_tree.c -- roots, against published answers and the recursive definition.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tests/hashing/merkle.h"

static void
published_roots_hold(void **state)
{
	uint8_t root[EX_HASH];
	struct ex_tree_edge e;

	(void)state;
	grow_ct(&e);
	ex_tree_empty(root);
	assert_hex(root, "e3b0c44298fc1c149afbf4c8996fb924"
			 "27ae41e4649b934ca495991b7852b855");
	for (size_t i = 0; i < CT; i++) {
		ex_tree_root(root, (const uint8_t(*)[EX_HASH])leaves, i + 1);
		assert_hex(root, ct[i].root);
	}
	ex_tree_edge_root(root, &e);
	assert_hex(root, ct[CT - 1].root);
}

static void
roots_agree_with_the_recursive_definition(void **state)
{
	uint8_t want[EX_HASH], got[EX_HASH];
	struct ex_tree_edge e, loaded;

	(void)state;
	grow_own(&e);
	for (size_t n = 0; n <= SIZES; n++) {
		mth(want, 0, n);
		ex_tree_root(got, (const uint8_t(*)[EX_HASH])leaves, n);
		assert_memory_equal(got, want, EX_HASH);
		assert_int_equal(
		    ex_tree_edge_load(&loaded, n, get, &nodes, NULL), 0);
		assert_int_equal(loaded.size, n);
		ex_tree_edge_root(got, &loaded);
		assert_memory_equal(got, want, EX_HASH);
	}
	assert_int_equal(
	    ex_tree_edge_load(&loaded, SIZES, get, &nodes, NULL), 0);
	for (unsigned l = 0; l < LEVELS; l++)
		if ((SIZES >> l & 1) != 0)
			assert_memory_equal(loaded.hash[l], e.hash[l], EX_HASH);
}

static void
every_perfect_subtree_is_stored_once(void **state)
{
	uint8_t want[EX_HASH];
	struct ex_tree_edge e;

	(void)state;
	grow_own(&e);
	for (unsigned l = 0; l < LEVELS; l++)
		for (size_t i = 0; i <= SIZES; i++) {
			int whole = (i + 1) << l <= SIZES;

			assert_int_equal(nodes.stored[l][i], whole);
			if (!whole)
				continue;
			mth(want, i << l, (i + 1) << l);
			assert_memory_equal(nodes.hash[l][i], want, EX_HASH);
		}
}

static void
a_failing_store_leaves_the_edge_as_it_was(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_tree_edge e = { 0 }, before;

	(void)state;
	memset(&nodes, 0, sizeof(nodes));
	for (size_t i = 0; i < 3; i++)
		(void)ex_tree_append(&e, leaves[i], put, &nodes, NULL);
	for (size_t at = 1; at <= 3; at++) {
		before = e;
		memset(&nodes, 0, sizeof(nodes));
		nodes.fail_at = at;
		ex_err_clear(&err);
		assert_int_equal(
		    ex_tree_append(&e, leaves[3], put, &nodes, &err), -1);
		assert_int_equal(err.code, EX_SYSTEM);
		assert_memory_equal(&e, &before, sizeof(e));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_roots_hold),
		cmocka_unit_test(roots_agree_with_the_recursive_definition),
		cmocka_unit_test(every_perfect_subtree_is_stored_once),
		cmocka_unit_test(a_failing_store_leaves_the_edge_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
