/*
 * merkle.c -- trees for tests.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/codec.h"
#include "hashing/digest.h"
#include "tests/hashing/merkle.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

uint8_t leaves[SIZES][EX_HASH];
struct nodes nodes;

const struct ct_leaf ct[CT] = {
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

int
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

int
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

void
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

void
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

void
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

void
assert_hex(const uint8_t hash[EX_HASH], const char *want)
{
	char hex[2 * EX_HASH + 1];

	ex_hex(hex, hash, EX_HASH);
	assert_string_equal(hex, want);
}

void
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

void
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
