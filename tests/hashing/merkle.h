/*
 * merkle.h -- trees for tests: stored nodes, and the recursive definitions of
 * RFC 6962 written down naively.
 */
#ifndef TESTS_HASHING_MERKLE_H
#define TESTS_HASHING_MERKLE_H

#include <stddef.h>
#include <stdint.h>

#include "hashing/tree.h"

enum {
	SIZES = 70, /* trees of 0 to 70 leaves: past 64 on both sides */
	LEVELS = 8,
	CT = 8 /* leaves of the Certificate Transparency reference tests */
};

/* Nodes as a caller stores them. */
struct nodes {
	uint8_t hash[LEVELS][SIZES + 1][EX_HASH];
	uint8_t stored[LEVELS][SIZES + 1];
	size_t calls;
	size_t fail_at; /* the call that fails, counted from 1; 0: none */
};

extern uint8_t leaves[SIZES][EX_HASH];
extern struct nodes nodes;

/* Those leaves, and the published root of the tree that ends with each. */
struct ct_leaf {
	const char *data;
	size_t n;
	const char *root;
};
extern const struct ct_leaf ct[CT];

/* ex_tree_store and ex_tree_fetch over a struct nodes. */
int put(void *arg, unsigned level, uint64_t index, const uint8_t hash[EX_HASH],
    struct ex_err *err);
int get(void *arg, unsigned level, uint64_t index, uint8_t hash[EX_HASH],
    struct ex_err *err);

/* Fill leaves and nodes, with the CT leaves or with SIZES of our own. */
void grow_ct(struct ex_tree_edge *e);
void grow_own(struct ex_tree_edge *e);

/* RFC 6962, 2.1, 2.1.1, 2.1.2: MTH, PATH and SUBPROOF of D[lo:hi]. */
void mth(uint8_t out[EX_HASH], size_t lo, size_t hi);
void path(struct ex_tree_proof *p, size_t m, size_t lo, size_t hi);
void
subproof(struct ex_tree_proof *p, size_t m, size_t lo, size_t hi, int whole);

void assert_hex(const uint8_t hash[EX_HASH], const char *want);

#endif
