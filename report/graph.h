/*
 * graph.h -- a JSON-LD graph in the making: nodes with typed values and links
 * (internal to the CASE export).
 *
 * A builder that keeps its first failure, as report/document.h.  A node is
 * known by what it is and by its id in the house; its IRI is made from both
 * and the log's origin, so that two exports of one case name the same things.
 */
#ifndef REPORT_GRAPH_H
#define REPORT_GRAPH_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

struct ex_graph {
	const char *origin;    /* borrowed */
	struct ex_json *nodes; /* IRI: node, in order of the IRIs */
	struct ex_err err;
};

void ex_graph_start(struct ex_graph *g, const char *origin);
void ex_graph_free(struct ex_graph *g);

/*
 * The node of this kind ("action") and id, made with its type
 * ("case-investigation:InvestigativeAction") if it is new.  Borrowed; NULL
 * after a failure, which every function below takes.
 */
struct ex_json *ex_graph_node(
    struct ex_graph *g, const char *kind, const char *id, const char *type);

/* A text; a NULL or empty one is left out, as unknown values are. */
void ex_graph_text(struct ex_graph *g, struct ex_json *node, const char *key,
    const char *text);

/* A value of another datatype ("xsd:dateTime"), as text. */
void ex_graph_typed(struct ex_graph *g, struct ex_json *node, const char *key,
    const char *type, const char *text);
void ex_graph_time(
    struct ex_graph *g, struct ex_json *node, const char *key, int64_t at);
void ex_graph_number(
    struct ex_graph *g, struct ex_json *node, const char *key, int64_t n);

/* A link to another node, added to those under this key. */
void ex_graph_link(struct ex_graph *g, struct ex_json *node, const char *key,
    const struct ex_json *to);

/* A node inside another, added to those under this key; it has an IRI of its
 * own, from the outer node's and n. */
struct ex_json *ex_graph_inside(struct ex_graph *g, struct ex_json *node,
    const char *key, const char *type, size_t n);

/* The file: context, then the nodes.  -1 with the first failure. */
int ex_graph_write(struct ex_buf *out, const struct ex_graph *g,
    const struct ex_json *context, struct ex_err *err);

#endif
