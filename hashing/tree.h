/*
 * tree.h -- the Merkle tree of RFC 6962 section 2.1, with SHA-256.
 *
 * Nodes are named by (level, index): level 0 are the leaves' hashes, a node
 * at level n covers the 2^n leaves from index * 2^n on.  Only perfect
 * subtrees are ever stored; what is to their right is computed.
 */
#ifndef HASHING_TREE_H
#define HASHING_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
	EX_HASH = 32,	  /* bytes of a node */
	EX_PROOF_MAX = 64 /* hashes of a proof, at most; consistency: +1 */
};

/* SHA-256(0x00 || data) */
void ex_tree_leaf(uint8_t out[EX_HASH], const void *data, size_t n);

/* SHA-256(0x01 || left || right) */
void ex_tree_node(uint8_t out[EX_HASH], const uint8_t left[EX_HASH],
    const uint8_t right[EX_HASH]);

/* The root of the empty tree: SHA-256(""). */
void ex_tree_empty(uint8_t out[EX_HASH]);

/* The root over n leaf hashes. */
void
ex_tree_root(uint8_t out[EX_HASH], const uint8_t (*leaves)[EX_HASH], size_t n);

/*
 * The right edge of a growing tree: the perfect subtrees from large to
 * small, one for each bit set in size.  Starts zeroed.
 */
struct ex_tree_edge {
	uint64_t size;
	uint8_t hash[64]
		    [EX_HASH]; /* hash[l] is valid if bit l of size is set */
};

/*
 * Append a leaf hash.  For every perfect subtree that this completes, the
 * leaf itself first, store() is called (may be NULL).
 */
typedef int ex_tree_store(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[EX_HASH], struct ex_err *err);
int ex_tree_append(struct ex_tree_edge *e, const uint8_t leaf[EX_HASH],
    ex_tree_store *store, void *arg, struct ex_err *err);

void ex_tree_edge_root(uint8_t out[EX_HASH], const struct ex_tree_edge *e);

/* Fetch a stored perfect subtree. */
typedef int ex_tree_fetch(void *arg, unsigned level, uint64_t index,
    uint8_t hash[EX_HASH], struct ex_err *err);

/* Load the edge of the tree of that size from stored nodes. */
int ex_tree_edge_load(struct ex_tree_edge *e, uint64_t size,
    ex_tree_fetch *fetch, void *arg, struct ex_err *err);

/*
 * The root that the tree had at `old`, not larger than `size`, out of stored
 * nodes; what they give must lead to the root that is known, of `size`.
 * EX_DAMAGED: it does not.
 */
int ex_tree_root_at(uint8_t out[EX_HASH], uint64_t old, uint64_t size,
    const uint8_t root[EX_HASH], ex_tree_fetch *fetch, void *arg,
    struct ex_err *err);

struct ex_tree_proof {
	size_t n;
	uint8_t hash[EX_PROOF_MAX + 1][EX_HASH];
};

/* That leaf `index` is in the tree of `size`.  EX_USAGE if not index < size. */
int ex_tree_prove_inclusion(struct ex_tree_proof *out, uint64_t index,
    uint64_t size, ex_tree_fetch *fetch, void *arg, struct ex_err *err);

/* That the tree of `old` is a prefix of the tree of `size`; old <= size. */
int ex_tree_prove_consistency(struct ex_tree_proof *out, uint64_t old,
    uint64_t size, ex_tree_fetch *fetch, void *arg, struct ex_err *err);

/*
 * The checks of RFC 9162 sections 2.1.3.2 and 2.1.4.2.  EX_DAMAGED when the
 * proof does not lead to the root.  old = 0 is consistent with everything and
 * takes an empty proof.
 */
int ex_tree_check_inclusion(const struct ex_tree_proof *p,
    const uint8_t leaf[EX_HASH], uint64_t index, uint64_t size,
    const uint8_t root[EX_HASH], struct ex_err *err);
int ex_tree_check_consistency(const struct ex_tree_proof *p, uint64_t old,
    const uint8_t old_root[EX_HASH], uint64_t size, const uint8_t root[EX_HASH],
    struct ex_err *err);

#endif
