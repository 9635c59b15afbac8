/*
 * nodes.h -- nodes of the log's tree out of the database, each fetched once:
 * proofs of neighbours share most of them.
 */
#ifndef CASES_NODES_H
#define CASES_NODES_H

#include <stdint.h>

#include "base/err.h"
#include "hashing/tree.h"

struct ex_conn;
struct ex_nodes;

/* conn must outlive it. */
int
ex_nodes_new(struct ex_nodes **out, struct ex_conn *conn, struct ex_err *err);
void ex_nodes_free(struct ex_nodes *n);

/* An ex_tree_fetch() with a struct ex_nodes * as arg. */
int ex_nodes_fetch(void *nodes, unsigned level, uint64_t index,
    uint8_t hash[EX_HASH], struct ex_err *err);

#endif
