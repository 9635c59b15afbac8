/*
 * test_tree.c -- the Merkle tree against published answers and against the
 * recursive definition of RFC 6962, written down naively here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/codec.h"
#include "hashing/digest.h"
#include "hashing/tree.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	SIZES = 70, /* trees of 0 to 70 leaves: past 64 on both sides */
	LEVELS = 8
};

/* Nodes as a caller stores them. */
struct nodes {
	uint8_t hash[LEVELS][SIZES + 1][EX_HASH];
	uint8_t stored[LEVELS][SIZES + 1];
	size_t calls;
	size_t fail_at; /* the call that fails, counted from 1; 0: none */
};

static uint8_t leaves[SIZES][EX_HASH];
static struct nodes nodes;

static int
put(void *arg, unsigned level, uint64_t index, const uint8_t hash[EX_HASH],
    struct ex_err *err)
{
	struct nodes *n = arg;

	if (++n->calls == n->fail_at)
		return ex_fail(err, EX_SYSTEM, "store is full");
	assert_true(level < LEVELS && index <= SIZES);
	assert_int_equal(n->stored[level][index], 0);
	memcpy(n->hash[level][index], hash, EX_HASH);
	n->stored[level][index] = 1;
	return 0;
}

static int
get(void *arg, unsigned level, uint64_t index, uint8_t hash[EX_HASH],
    struct ex_err *err)
{
	struct nodes *n = arg;

	if (++n->calls == n->fail_at)
		return ex_fail(err, EX_UNREACHABLE, "store is away");
	assert_true(level < LEVELS && index <= SIZES);
	assert_int_equal(n->stored[level][index], 1);
	memcpy(hash, n->hash[level][index], EX_HASH);
	return 0;
}

/* RFC 6962, 2.1: MTH(D[lo:hi]). */
static void
mth(uint8_t out[EX_HASH], size_t lo, size_t hi)
{
	uint8_t left[EX_HASH], right[EX_HASH];
	size_t k = 1;

	if (lo == hi) {
		ex_sha256(out, "", 0);
		return;
	}
	if (hi - lo == 1) {
		memcpy(out, leaves[lo], EX_HASH);
		return;
	}
	while (k * 2 < hi - lo)
		k *= 2;
	mth(left, lo, lo + k);
	mth(right, lo + k, hi);
	ex_tree_node(out, left, right);
}

/* RFC 6962, 2.1.1: PATH(m, D[lo:hi]). */
static void
path(struct ex_tree_proof *p, size_t m, size_t lo, size_t hi)
{
	size_t k = 1;

	if (hi - lo == 1)
		return;
	while (k * 2 < hi - lo)
		k *= 2;
	if (m < k) {
		path(p, m, lo, lo + k);
		mth(p->hash[p->n++], lo + k, hi);
	} else {
		path(p, m - k, lo + k, hi);
		mth(p->hash[p->n++], lo, lo + k);
	}
}

/* RFC 6962, 2.1.2: SUBPROOF(m, D[lo:hi], whole). */
static void
subproof(struct ex_tree_proof *p, size_t m, size_t lo, size_t hi, int whole)
{
	size_t k = 1;

	if (m == hi - lo) {
		if (!whole)
			mth(p->hash[p->n++], lo, hi);
		return;
	}
	while (k * 2 < hi - lo)
		k *= 2;
	if (m <= k) {
		subproof(p, m, lo, lo + k, whole);
		mth(p->hash[p->n++], lo + k, hi);
	} else {
		subproof(p, m - k, lo + k, hi, 0);
		mth(p->hash[p->n++], lo, lo + k);
	}
}

static void
assert_proof(const struct ex_tree_proof *got, const struct ex_tree_proof *want)
{
	assert_int_equal(got->n, want->n);
	assert_memory_equal(got->hash, want->hash, want->n * EX_HASH);
}

static void
assert_hex(const uint8_t hash[EX_HASH], const char *want)
{
	char hex[2 * EX_HASH + 1];

	ex_hex(hex, hash, EX_HASH);
	assert_string_equal(hex, want);
}

/* The eight leaves of the Certificate Transparency reference tests. */
static const struct {
	const char *data;
	size_t n;
	const char *root; /* of the tree that ends with this leaf */
} ct[] = {
	{ "", 0,
	    "6e340b9cffb37a989ca544e6bb780a2c"
	    "78901d3fb33738768511a30617afa01d" },
	{ "\x00", 1,
	    "fac54203e7cc696cf0dfcb42c92a1d9d"
	    "baf70ad9e621f4bd8d98662f00e3c125" },
	{ "\x10", 1,
	    "aeb6bcfe274b70a14fb067a5e5578264"
	    "db0fa9b51af5e0ba159158f329e06e77" },
	{ "\x20\x21", 2,
	    "d37ee418976dd95753c1c73862b9398f"
	    "a2a2cf9b4ff0fdfe8b30cd95209614b7" },
	{ "\x30\x31", 2,
	    "4e3bbb1f7b478dcfe71fb631631519a3"
	    "bca12c9aefca1612bfce4c13a86264d4" },
	{ "\x40\x41\x42\x43", 4,
	    "76e67dadbcdf1e10e1b74ddc608abd2f"
	    "98dfb16fbce75277b5232a127f2087ef" },
	{ "\x50\x51\x52\x53\x54\x55\x56\x57", 8,
	    "ddb89be403809e325750d3d263cd7892"
	    "9c2942b7942a34b77e122c9594a74c8c" },
	{ "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
	    16,
	    "5dc9da79a70659a9ad559cb701ded9a2"
	    "ab9d823aad2f4960cfe370eff4604328" },
};

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

/* Fill leaves and nodes with the CT leaves. */
static void
grow_ct(struct ex_tree_edge *e)
{
	memset(&nodes, 0, sizeof(nodes));
	memset(e, 0, sizeof(*e));
	for (size_t i = 0; i < COUNT(ct); i++) {
		ex_tree_leaf(leaves[i], ct[i].data, ct[i].n);
		assert_int_equal(
		    ex_tree_append(e, leaves[i], put, &nodes, NULL), 0);
	}
}

/* The same with SIZES leaves of our own. */
static void
grow_own(struct ex_tree_edge *e)
{
	memset(&nodes, 0, sizeof(nodes));
	memset(e, 0, sizeof(*e));
	for (size_t i = 0; i < SIZES; i++) {
		ex_tree_leaf(leaves[i], &i, sizeof(i));
		assert_int_equal(
		    ex_tree_append(e, leaves[i], put, &nodes, NULL), 0);
	}
}

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
	for (size_t i = 0; i < COUNT(ct); i++) {
		ex_tree_root(root, (const uint8_t(*)[EX_HASH])leaves, i + 1);
		assert_hex(root, ct[i].root);
	}
	ex_tree_edge_root(root, &e);
	assert_hex(root, ct[COUNT(ct) - 1].root);
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
a_failing_store_leaves_the_edge_as_it_was(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_tree_edge e = { 0 }, before;
	struct ex_tree_proof p;

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
		cmocka_unit_test(published_roots_hold),
		cmocka_unit_test(published_proofs_hold),
		cmocka_unit_test(roots_agree_with_the_recursive_definition),
		cmocka_unit_test(every_perfect_subtree_is_stored_once),
		cmocka_unit_test(
		    inclusion_proofs_agree_and_check_for_all_sizes),
		cmocka_unit_test(
		    consistency_proofs_agree_and_check_for_all_sizes),
		cmocka_unit_test(a_spoilt_inclusion_proof_is_noticed),
		cmocka_unit_test(a_leaf_does_not_stand_elsewhere),
		cmocka_unit_test(a_spoilt_consistency_proof_is_noticed),
		cmocka_unit_test(impossible_positions_are_refused),
		cmocka_unit_test(the_largest_trees_do_not_overflow),
		cmocka_unit_test(a_failing_store_leaves_the_edge_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
