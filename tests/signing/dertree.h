/*
 * dertree.h -- DER and BER as a tree that tests change at will.
 *
 * Nothing here is strict: it writes what it is told to, valid or not.
 */
#ifndef TESTS_SIGNING_DERTREE_H
#define TESTS_SIGNING_DERTREE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct node {
	uint8_t tag;
	uint8_t *bytes; /* contents of a primitive, or of one kept closed */
	size_t nbytes;
	struct node **kid;
	size_t nkids;
	int constructed; /* kids, not bytes */
	int indefinite;	 /* write as BER of indefinite length */
	size_t long_by;	 /* write the length with so many zero bytes more */
};

/* Read one element; certificates (SEQUENCEs at depth 4 and below of an
 * entry's [0]) are trees like everything else. */
struct node *node_read(const uint8_t *p, size_t n);
void node_free(struct node *node);

void node_write(struct ex_buf *out, const struct node *node);

/* New nodes. */
struct node *node_new(uint8_t tag);
struct node *node_bytes(uint8_t tag, const void *p, size_t n);
struct node *node_copy(const struct node *node);

/* Put kid at place at; nkids is the end. */
void node_insert(struct node *node, size_t at, struct node *kid);

/* Take the kid at this place out; the caller frees it. */
struct node *node_take(struct node *node, size_t at);

/* Take it out and free it. */
void node_drop(struct node *node, size_t at);

/* Exchange the kid at this place. */
void node_replace(struct node *node, size_t at, struct node *kid);

void node_swap(struct node *node, size_t a, size_t b);

/* Walk down: places, ended by -1. */
struct node *node_at(struct node *node, ...);

#endif
