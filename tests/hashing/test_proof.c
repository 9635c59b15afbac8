/*
 * test_proof.c -- proofs, against published answers and the recursive
 * definition, and what spoils them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tests/hashing/merkle.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Published proofs over the same leaves; old is 0 for an inclusion proof. */
static const struct {
	uint64_t index;
	uint64_t old;
	uint64_t size;
	size_t n;
	const char *hash[3];
} ct_proof[] = {
	{ 0, 0, 1, 0, { NULL, NULL, NULL } },
	{ 0, 0, 8, 3,
	    { "96a296d224f285c67bee93c30f8a3091"
	      "57f0daa35dc5b87e410b78630a09cfc7",
		"5f083f0a1a33ca076a95279832580db3"
		"e0ef4584bdff1f54c8a360f50de3031e",
		"6b47aaf29ee3c2af9af889bc1fb9254d"
		"abd31177f16232dd6aab035ca39bf6e4" } },
	{ 5, 0, 8, 3,
	    { "bc1a0643b12e4d2d7c77918f44e0f4f7"
	      "9a838b6cf9ec5b5c283e1f4d88599e6b",
		"ca854ea128ed050b41b35ffc1b87b8eb"
		"2bde461e9e3b5596ece6b9d5975a0ae0",
		"d37ee418976dd95753c1c73862b9398f"
		"a2a2cf9b4ff0fdfe8b30cd95209614b7" } },
	{ 2, 0, 3, 1,
	    { "fac54203e7cc696cf0dfcb42c92a1d9d"
	      "baf70ad9e621f4bd8d98662f00e3c125",
		NULL, NULL } },
	{ 1, 0, 5, 3,
	    { "6e340b9cffb37a989ca544e6bb780a2c"
	      "78901d3fb33738768511a30617afa01d",
		"5f083f0a1a33ca076a95279832580db3"
		"e0ef4584bdff1f54c8a360f50de3031e",
		"bc1a0643b12e4d2d7c77918f44e0f4f7"
		"9a838b6cf9ec5b5c283e1f4d88599e6b" } },
	{ 0, 1, 1, 0, { NULL, NULL, NULL } },
	{ 0, 1, 8, 3,
	    { "96a296d224f285c67bee93c30f8a3091"
	      "57f0daa35dc5b87e410b78630a09cfc7",
		"5f083f0a1a33ca076a95279832580db3"
		"e0ef4584bdff1f54c8a360f50de3031e",
		"6b47aaf29ee3c2af9af889bc1fb9254d"
		"abd31177f16232dd6aab035ca39bf6e4" } },
	{ 0, 6, 8, 3,
	    { "0ebc5d3437fbe2db158b9f126a1d118e"
	      "308181031d0a949f8dededebc558ef6a",
		"ca854ea128ed050b41b35ffc1b87b8eb"
		"2bde461e9e3b5596ece6b9d5975a0ae0",
		"d37ee418976dd95753c1c73862b9398f"
		"a2a2cf9b4ff0fdfe8b30cd95209614b7" } },
	{ 0, 2, 5, 2,
	    { "5f083f0a1a33ca076a95279832580db3"
	      "e0ef4584bdff1f54c8a360f50de3031e",
		"bc1a0643b12e4d2d7c77918f44e0f4f7"
		"9a838b6cf9ec5b5c283e1f4d88599e6b",
		NULL } },
};

static void
assert_proof(const struct ex_tree_proof *got, const struct ex_tree_proof *want)
{
	assert_int_equal(got->n, want->n);
	assert_memory_equal(got->hash, want->hash, want->n * EX_HASH);
}

static void
published_proofs_hold(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_tree_proof p;
	struct ex_tree_edge e;

	(void)state;
	grow_ct(&e);
	for (size_t i = 0; i < COUNT(ct_proof); i++) {
		if (ct_proof[i].old == 0)
			assert_int_equal(
			    ex_tree_prove_inclusion(&p, ct_proof[i].index,
				ct_proof[i].size, get, &nodes, &err),
			    0);
		else
			assert_int_equal(
			    ex_tree_prove_consistency(&p, ct_proof[i].old,
				ct_proof[i].size, get, &nodes, &err),
			    0);
		assert_int_equal(p.n, ct_proof[i].n);
		for (size_t j = 0; j < p.n; j++)
			assert_hex(p.hash[j], ct_proof[i].hash[j]);
	}
}

static void
inclusion_proofs_agree_and_check_for_all_sizes(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_tree_edge e;

	(void)state;
	grow_own(&e);
	for (size_t n = 1; n <= SIZES; n++)
		for (size_t i = 0; i < n; i++) {
			struct ex_tree_proof got, want = { 0 };
			uint8_t root[EX_HASH];

			path(&want, i, 0, n);
			assert_int_equal(ex_tree_prove_inclusion(
					     &got, i, n, get, &nodes, &err),
			    0);
			assert_proof(&got, &want);
			mth(root, 0, n);
			assert_int_equal(ex_tree_check_inclusion(
					     &got, leaves[i], i, n, root, &err),
			    0);
		}
}

static void
consistency_proofs_agree_and_check_for_all_sizes(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_tree_edge e;

	(void)state;
	grow_own(&e);
	for (size_t n = 0; n <= SIZES; n++)
		for (size_t old = 0; old <= n; old++) {
			struct ex_tree_proof got, want = { 0 };
			uint8_t root[EX_HASH], old_root[EX_HASH];

			if (old > 0)
				subproof(&want, old, 0, n, 1);
			assert_int_equal(ex_tree_prove_consistency(
					     &got, old, n, get, &nodes, &err),
			    0);
			assert_proof(&got, &want);
			mth(root, 0, n);
			mth(old_root, 0, old);
			assert_int_equal(ex_tree_check_consistency(&got, old,
					     old_root, n, root, &err),
			    0);
		}
}

/* A root of old, out of nodes that must lead to the root of now. */
static void
roots_of_old_come_from_nodes_that_fit(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_tree_edge e;
	uint8_t root[EX_HASH], want[EX_HASH], got[EX_HASH];

	(void)state;
	grow_own(&e);
	for (size_t n = 1; n <= SIZES; n++) {
		mth(root, 0, n);
		for (size_t old = 0; old <= n; old++) {
			mth(want, 0, old);
			assert_int_equal(ex_tree_root_at(got, old, n, root, get,
					     &nodes, &err),
			    0);
			assert_memory_equal(got, want, EX_HASH);
		}
		root[3] ^= 1;
		assert_int_equal(
		    ex_tree_root_at(got, n / 2, n, root, get, &nodes, &err),
		    n / 2 == 0 ? 0 : -1);
		ex_err_clear(&err);
	}
}

/* Ways to spoil a proof. */
enum harm {
	FLIP_HASH,
	DROP_LAST,
	DROP_FIRST,
	ADD_ONE,
	FLIP_ROOT,
	FLIP_LEAF, /* or the old root */
	HARMS
};

/* Returns 0 if this harm is not possible here. */
static int
spoil(enum harm harm, struct ex_tree_proof *p, uint8_t root[EX_HASH],
    uint8_t leaf[EX_HASH])
{
	if (p->n == 0 &&
	    (harm == FLIP_HASH || harm == DROP_LAST || harm == DROP_FIRST))
		return 0;
	switch (harm) {
	case FLIP_HASH:
		p->hash[p->n / 2][7] ^= 1;
		break;
	case DROP_LAST:
		p->n--;
		break;
	case DROP_FIRST:
		memmove(p->hash[0], p->hash[1], --p->n * EX_HASH);
		break;
	case ADD_ONE:
		memset(p->hash[p->n++], 0x5a, EX_HASH);
		break;
	case FLIP_ROOT:
		root[31] ^= 0x80;
		break;
	case FLIP_LEAF:
		leaf[0] ^= 1;
		break;
	case HARMS:
		break;
	}
	return 1;
}

static void
a_spoilt_inclusion_proof_is_noticed(void **state)
{
	struct ex_tree_edge e;

	(void)state;
	grow_own(&e);
	for (size_t n = 1; n <= 33; n++)
		for (size_t i = 0; i < n; i++)
			for (int harm = 0; harm < HARMS; harm++) {
				uint8_t root[EX_HASH], leaf[EX_HASH];
				struct ex_err err = EX_ERR_INIT;
				struct ex_tree_proof p = { 0 };

				path(&p, i, 0, n);
				mth(root, 0, n);
				memcpy(leaf, leaves[i], EX_HASH);
				if (!spoil((enum harm)harm, &p, root, leaf))
					continue;
				assert_int_equal(ex_tree_check_inclusion(&p,
						     leaf, i, n, root, &err),
				    -1);
				assert_int_equal(err.code, EX_DAMAGED);
			}
}

static void
a_leaf_does_not_stand_elsewhere(void **state)
{
	struct ex_tree_edge e;

	(void)state;
	grow_own(&e);
	for (size_t n = 2; n <= 17; n++)
		for (size_t i = 0; i < n; i++)
			for (size_t at = 0; at <= n; at++) {
				struct ex_err err = EX_ERR_INIT;
				struct ex_tree_proof p = { 0 };
				uint8_t root[EX_HASH];

				if (at == i)
					continue;
				path(&p, i, 0, n);
				mth(root, 0, n);
				assert_int_equal(
				    ex_tree_check_inclusion(
					&p, leaves[i], at, n, root, &err),
				    -1);
				assert_int_equal(err.code, EX_DAMAGED);
			}
}

static void
a_spoilt_consistency_proof_is_noticed(void **state)
{
	struct ex_tree_edge e;

	(void)state;
	grow_own(&e);
	for (size_t n = 1; n <= 33; n++)
		for (size_t old = 1; old <= n; old++)
			for (int harm = 0; harm < HARMS; harm++) {
				uint8_t root[EX_HASH], before[EX_HASH];
				struct ex_err err = EX_ERR_INIT;
				struct ex_tree_proof p = { 0 };

				subproof(&p, old, 0, n, 1);
				mth(root, 0, n);
				mth(before, 0, old);
				if (!spoil((enum harm)harm, &p, root, before))
					continue;
				assert_int_equal(
				    ex_tree_check_consistency(
					&p, old, before, n, root, &err),
				    -1);
				assert_int_equal(err.code, EX_DAMAGED);
			}
}

static void
impossible_positions_are_refused(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_tree_proof p = { 0 };
	uint8_t h[EX_HASH] = { 0 };
	struct ex_tree_edge e;

	(void)state;
	grow_own(&e);
	assert_int_equal(
	    ex_tree_prove_inclusion(&p, 5, 5, get, &nodes, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_err_clear(&err);
	assert_int_equal(
	    ex_tree_prove_consistency(&p, 6, 5, get, &nodes, &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_err_clear(&err);
	assert_int_equal(ex_tree_check_inclusion(&p, h, 0, 0, h, &err), -1);
	assert_int_equal(err.code, EX_DAMAGED);
	ex_err_clear(&err);
	assert_int_equal(ex_tree_check_consistency(&p, 6, h, 5, h, &err), -1);
	assert_int_equal(err.code, EX_DAMAGED);
	ex_err_clear(&err);
	p.n = EX_PROOF_MAX + 1;
	assert_int_equal(
	    ex_tree_check_inclusion(&p, h, 1, UINT64_MAX, h, &err), -1);
	assert_int_equal(err.code, EX_DAMAGED);
	ex_err_clear(&err);
	p.n = SIZE_MAX;
	assert_int_equal(
	    ex_tree_check_consistency(&p, 5, h, UINT64_MAX, h, &err), -1);
	assert_int_equal(err.code, EX_DAMAGED);
	ex_err_clear(&err);
	memset(&e, 0, sizeof(e));
	e.size = UINT64_MAX;
	assert_int_equal(ex_tree_append(&e, h, NULL, NULL, &err), -1);
	assert_int_equal(err.code, EX_LIMIT);
}

/* Every node is its level and index: enough for trees of any size. */
static int
get_any(void *arg, unsigned level, uint64_t index, uint8_t hash[EX_HASH],
    struct ex_err *err)
{
	(void)arg;
	(void)err;
	memset(hash, 0, EX_HASH);
	hash[0] = (uint8_t)level;
	memcpy(&hash[8], &index, sizeof(index));
	return 0;
}

static void
the_largest_trees_do_not_overflow(void **state)
{
	static const uint64_t sizes[] = { UINT64_MAX, UINT64_MAX - 1,
		UINT64_C(1) << 63, (UINT64_C(1) << 63) + 1,
		(UINT64_C(1) << 63) - 1 };
	struct ex_err err = EX_ERR_INIT;
	struct ex_tree_proof p;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		assert_int_equal(ex_tree_prove_inclusion(&p, sizes[i] - 1,
				     sizes[i], get_any, NULL, &err),
		    0);
		assert_true(p.n <= EX_PROOF_MAX);
		assert_int_equal(ex_tree_prove_inclusion(
				     &p, 0, sizes[i], get_any, NULL, &err),
		    0);
		assert_int_equal(p.n, i < 2 || i == 3 ? 64 : 63);
		assert_int_equal(ex_tree_prove_consistency(&p, sizes[i] - 2,
				     sizes[i], get_any, NULL, &err),
		    0);
		assert_true(p.n <= EX_PROOF_MAX + 1);
	}
}

static void
a_failing_fetch_is_passed_on(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_tree_edge e;
	struct ex_tree_proof p;

	(void)state;
	grow_own(&e);
	nodes.calls = 0;
	nodes.fail_at = 2;
	ex_err_clear(&err);
	assert_int_equal(
	    ex_tree_prove_inclusion(&p, 3, SIZES, get, &nodes, &err), -1);
	assert_int_equal(err.code, EX_UNREACHABLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_proofs_hold),
		cmocka_unit_test(
		    inclusion_proofs_agree_and_check_for_all_sizes),
		cmocka_unit_test(
		    consistency_proofs_agree_and_check_for_all_sizes),
		cmocka_unit_test(roots_of_old_come_from_nodes_that_fit),
		cmocka_unit_test(a_spoilt_inclusion_proof_is_noticed),
		cmocka_unit_test(a_leaf_does_not_stand_elsewhere),
		cmocka_unit_test(a_spoilt_consistency_proof_is_noticed),
		cmocka_unit_test(impossible_positions_are_refused),
		cmocka_unit_test(the_largest_trees_do_not_overflow),
		cmocka_unit_test(a_failing_fetch_is_passed_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
