/*
 * nodes.c -- a small cache of the tree's nodes.
 */
#include "cases/nodes.h"

#include <stdlib.h>
#include <string.h>

#include "db/store.h"

enum {
	CACHE = 4096 /* nodes kept */
};

struct node {
	int used;
	unsigned level;
	uint64_t index;
	uint8_t hash[EX_HASH];
};

struct ex_nodes {
	struct ex_conn *conn;
	struct node node[CACHE];
};

int
ex_nodes_new(struct ex_nodes **out, struct ex_conn *conn, struct ex_err *err)
{
	struct ex_nodes *n = calloc(1, sizeof(*n));

	*out = n;
	if (n == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	n->conn = conn;
	return 0;
}

void
ex_nodes_free(struct ex_nodes *n)
{
	free(n);
}

int
ex_nodes_fetch(void *nodes, unsigned level, uint64_t index,
    uint8_t hash[EX_HASH], struct ex_err *err)
{
	struct ex_nodes *all = nodes;
	struct node *n = &all->node[(index * 31 + level * 977) % CACHE];

	if (!n->used || n->level != level || n->index != index) {
		if (ex_store_node(all->conn, level, index, n->hash, err) ==
		    -1) {
			n->used = 0;
			return -1;
		}
		n->used = 1;
		n->level = level;
		n->index = index;
	}
	memcpy(hash, n->hash, EX_HASH);
	return 0;
}
