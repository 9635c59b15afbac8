/*
 * tree.c -- the Merkle tree of RFC 6962 section 2.1.
 *
 * The RFC defines roots and proofs by recursion; here each is a walk down
 * from the whole range [lo, hi) of leaves, so that no input decides how deep
 * the stack gets.  What hangs off the path on the way down are siblings, and
 * a proof lists them from the bottom up.
 */
#include <string.h>

#include "hashing/digest.h"
#include "hashing/tree.h"

void
ex_tree_leaf(uint8_t out[EX_HASH], const void *data, size_t n)
{
	static const uint8_t prefix = 0x00;

	ex_sha256_two(out, &prefix, 1, data, n);
}

void
ex_tree_node(uint8_t out[EX_HASH], const uint8_t left[EX_HASH],
    const uint8_t right[EX_HASH])
{
	uint8_t both[1 + 2 * EX_HASH] = { 0x01 };

	memcpy(&both[1], left, EX_HASH);
	memcpy(&both[1 + EX_HASH], right, EX_HASH);
	ex_sha256(out, both, sizeof(both));
}

void
ex_tree_empty(uint8_t out[EX_HASH])
{
	ex_sha256(out, NULL, 0);
}

void
ex_tree_root(uint8_t out[EX_HASH], const uint8_t (*leaves)[EX_HASH], size_t n)
{
	struct ex_tree_edge e = { 0 };

	/* Without store() an append cannot fail. */
	for (size_t i = 0; i < n; i++)
		(void)ex_tree_append(&e, leaves[i], NULL, NULL, NULL);
	ex_tree_edge_root(out, &e);
}

int
ex_tree_append(struct ex_tree_edge *e, const uint8_t leaf[EX_HASH],
    ex_tree_store *store, void *arg, struct ex_err *err)
{
	uint8_t hash[EX_HASH];
	uint64_t index = e->size;
	unsigned level = 0;

	if (e->size == UINT64_MAX)
		return ex_fail(err, EX_LIMIT, "the tree is full");
	memcpy(hash, leaf, EX_HASH);
	for (;;) {
		if (store != NULL && store(arg, level, index, hash, err) == -1)
			return -1;
		if ((e->size >> level & 1) == 0)
			break;
		ex_tree_node(hash, e->hash[level], hash);
		index >>= 1;
		level++;
	}
	/* The edge changes only now: a failing store() leaves it whole. */
	memcpy(e->hash[level], hash, EX_HASH);
	e->size++;
	return 0;
}

void
ex_tree_edge_root(uint8_t out[EX_HASH], const struct ex_tree_edge *e)
{
	int some = 0;

	for (unsigned l = 0; l < EX_PROOF_MAX; l++) {
		if ((e->size >> l & 1) == 0)
			continue;
		if (some)
			ex_tree_node(out, e->hash[l], out);
		else
			memcpy(out, e->hash[l], EX_HASH);
		some = 1;
	}
	if (!some)
		ex_tree_empty(out);
}

/*
 * Load the perfect subtrees that make up the n leaves from lo on; lo is a
 * multiple of the largest power of two in n.
 */
static int
load_range(struct ex_tree_edge *e, uint64_t lo, uint64_t n,
    ex_tree_fetch *fetch, void *arg, struct ex_err *err)
{
	memset(e, 0, sizeof(*e));
	for (unsigned l = 0; l < EX_PROOF_MAX; l++) {
		/* The leaves before this subtree: lo and n's larger bits. */
		uint64_t larger = l == 63 ? 0 : n >> (l + 1) << (l + 1);

		if ((n >> l & 1) == 0)
			continue;
		if (fetch(arg, l, (lo + larger) >> l, e->hash[l], err) == -1)
			return -1;
	}
	e->size = n;
	return 0;
}

int
ex_tree_edge_load(struct ex_tree_edge *e, uint64_t size, ex_tree_fetch *fetch,
    void *arg, struct ex_err *err)
{
	return load_range(e, 0, size, fetch, arg, err);
}

/* The largest power of two smaller than n; n > 1. */
static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k <<= 1;
	return k;
}

/* The siblings found on a way down, from the root's on. */
struct siblings {
	size_t n;
	struct {
		uint64_t lo;
		uint64_t n;
	} range[EX_PROOF_MAX + 1];
};

static void
sibling_add(struct siblings *s, uint64_t lo, uint64_t n)
{
	s->range[s->n].lo = lo;
	s->range[s->n].n = n;
	s->n++;
}

/* Their hashes, lowest first. */
static int
siblings_prove(struct ex_tree_proof *out, const struct siblings *s,
    ex_tree_fetch *fetch, void *arg, struct ex_err *err)
{
	struct ex_tree_edge e;

	out->n = 0;
	for (size_t i = s->n; i-- > 0;) {
		if (load_range(&e, s->range[i].lo, s->range[i].n, fetch, arg,
			err) == -1)
			return -1;
		ex_tree_edge_root(out->hash[out->n++], &e);
	}
	return 0;
}

int
ex_tree_prove_inclusion(struct ex_tree_proof *out, uint64_t index,
    uint64_t size, ex_tree_fetch *fetch, void *arg, struct ex_err *err)
{
	struct siblings s = { 0 };
	uint64_t lo = 0, n = size, k;

	if (index >= size)
		return ex_fail(err, EX_USAGE, "no leaf %llu in a tree of %llu",
		    (unsigned long long)index, (unsigned long long)size);
	while (n > 1) {
		k = split(n);
		if (index - lo < k) {
			sibling_add(&s, lo + k, n - k);
			n = k;
		} else {
			sibling_add(&s, lo, k);
			lo += k;
			n -= k;
		}
	}
	return siblings_prove(out, &s, fetch, arg, err);
}

int
ex_tree_prove_consistency(struct ex_tree_proof *out, uint64_t old,
    uint64_t size, ex_tree_fetch *fetch, void *arg, struct ex_err *err)
{
	struct siblings s = { 0 };
	uint64_t lo = 0, n = size, k;

	if (old > size)
		return ex_fail(err, EX_USAGE,
		    "a tree of %llu has no prefix "
		    "of %llu",
		    (unsigned long long)size, (unsigned long long)old);
	if (old == 0)
		n = 0; /* nothing to prove, and nothing below to walk to */
	/* Down to the subtree that ends where the old tree ended. */
	while (n > 0 && lo + n != old) {
		k = split(n);
		if (old - lo <= k) {
			sibling_add(&s, lo + k, n - k);
			n = k;
		} else {
			sibling_add(&s, lo, k);
			lo += k;
			n -= k;
		}
	}
	/* If it starts at 0 it is the old tree, whose root is known. */
	if (lo > 0)
		sibling_add(&s, lo, n);
	return siblings_prove(out, &s, fetch, arg, err);
}

/* RFC 9162 section 2.1.3.2, letter by letter. */
int
ex_tree_check_inclusion(const struct ex_tree_proof *p,
    const uint8_t leaf[EX_HASH], uint64_t index, uint64_t size,
    const uint8_t root[EX_HASH], struct ex_err *err)
{
	uint64_t fn = index, sn = size - 1;
	uint8_t r[EX_HASH];

	if (index >= size || p->n > EX_PROOF_MAX)
		return ex_fail(err, EX_DAMAGED,
		    "inclusion proof of %zu hashes for leaf %llu of %llu", p->n,
		    (unsigned long long)index, (unsigned long long)size);
	memcpy(r, leaf, EX_HASH);
	for (size_t i = 0; i < p->n; i++) {
		if (sn == 0)
			return ex_fail(
			    err, EX_DAMAGED, "inclusion proof is too long");
		if ((fn & 1) != 0 || fn == sn) {
			ex_tree_node(r, p->hash[i], r);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			ex_tree_node(r, r, p->hash[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	if (sn != 0)
		return ex_fail(err, EX_DAMAGED, "inclusion proof is too short");
	if (memcmp(r, root, EX_HASH) != 0)
		return ex_fail(err, EX_DAMAGED,
		    "inclusion proof does not lead to the root");
	return 0;
}

/* What the old and the new root come to, starting both from seed. */
static int
fold_consistency(uint8_t fr[EX_HASH], uint8_t sr[EX_HASH],
    const struct ex_tree_proof *p, size_t first, uint64_t fn, uint64_t sn,
    struct ex_err *err)
{
	for (size_t i = first; i < p->n; i++) {
		if (sn == 0)
			return ex_fail(
			    err, EX_DAMAGED, "consistency proof is too long");
		if ((fn & 1) != 0 || fn == sn) {
			ex_tree_node(fr, p->hash[i], fr);
			ex_tree_node(sr, p->hash[i], sr);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			ex_tree_node(sr, sr, p->hash[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	if (sn != 0)
		return ex_fail(
		    err, EX_DAMAGED, "consistency proof is too short");
	return 0;
}

/* Two trees of one size, or nothing before: there is nothing to fold. */
static int
check_trivial(const struct ex_tree_proof *p, uint64_t old,
    const uint8_t *old_root, const uint8_t *root, struct ex_err *err)
{
	if (p->n != 0)
		return ex_fail(
		    err, EX_DAMAGED, "consistency proof is too long");
	if (old != 0 && memcmp(old_root, root, EX_HASH) != 0)
		return ex_fail(err, EX_DAMAGED, "two roots for one size: %llu",
		    (unsigned long long)old);
	return 0;
}

/* RFC 9162 section 2.1.4.2. */
int
ex_tree_check_consistency(const struct ex_tree_proof *p, uint64_t old,
    const uint8_t old_root[EX_HASH], uint64_t size, const uint8_t root[EX_HASH],
    struct ex_err *err)
{
	uint8_t fr[EX_HASH], sr[EX_HASH];
	uint64_t fn = old - 1, sn = size - 1;
	size_t first = 0;

	if (old > size || p->n > EX_PROOF_MAX + 1)
		return ex_fail(err, EX_DAMAGED,
		    "consistency proof of %zu hashes from %llu to %llu", p->n,
		    (unsigned long long)old, (unsigned long long)size);
	if (old == 0 || old == size)
		return check_trivial(p, old, old_root, root, err);
	if (p->n == 0)
		return ex_fail(
		    err, EX_DAMAGED, "consistency proof is too short");

	/* A power of two: the old root is itself a node of the new tree. */
	memcpy(fr, old_root, EX_HASH);
	if ((old & (old - 1)) != 0)
		memcpy(fr, p->hash[first++], EX_HASH);
	memcpy(sr, fr, EX_HASH);
	while ((fn & 1) != 0) {
		fn >>= 1;
		sn >>= 1;
	}
	if (fold_consistency(fr, sr, p, first, fn, sn, err) == -1)
		return -1;
	if (memcmp(fr, old_root, EX_HASH) != 0)
		return ex_fail(err, EX_DAMAGED,
		    "consistency proof does not lead to the old root");
	if (memcmp(sr, root, EX_HASH) != 0)
		return ex_fail(err, EX_DAMAGED,
		    "consistency proof does not lead to the new root");
	return 0;
}

int
ex_tree_root_at(uint8_t out[EX_HASH], uint64_t old, uint64_t size,
    const uint8_t root[EX_HASH], ex_tree_fetch *fetch, void *arg,
    struct ex_err *err)
{
	struct ex_tree_edge e;
	struct ex_tree_proof proof;

	if (old == size) {
		memcpy(out, root, EX_HASH);
		return 0;
	}
	if (ex_tree_prove_consistency(&proof, old, size, fetch, arg, err) ==
		-1 ||
	    ex_tree_edge_load(&e, old, fetch, arg, err) == -1)
		return -1;
	ex_tree_edge_root(out, &e);
	return ex_tree_check_consistency(&proof, old, out, size, root, err);
}
