/*
 * world_heads.c -- the heads of every stream, as the entries gave them.
 */
#include <stdlib.h>
#include <string.h>

#include "custody/log.h"
#include "custody/world.h"

struct gathering {
	const struct ex_view *view;
	struct ex_head *head;
	size_t n, cap;
};

static struct ex_head *
next(struct gathering *g, struct ex_err *err)
{
	if (g->n == g->cap) {
		size_t cap = g->cap == 0 ? 64 : g->cap * 2;
		struct ex_head *p = realloc(g->head, cap * sizeof(*p));

		if (p == NULL) {
			ex_fail(err, EX_SYSTEM, "out of memory");
			return NULL;
		}
		g->head = p;
		g->cap = cap;
	}
	memset(&g->head[g->n], 0, sizeof(g->head[0]));
	return &g->head[g->n++];
}

static int
digest_items(struct ex_head *h, const struct ex_json *items, struct ex_err *err)
{
	size_t n = ex_json_count(items);
	const char **ids = calloc(n + 1, sizeof(*ids));
	int rc;

	if (ids == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		ids[i] = ex_json_text(ex_json_at(items, i));
	h->has_items = 1;
	rc = ex_head_items(h->items, ids, n, err);
	free(ids);
	return rc;
}

/* A case's head covers the numbers of its items. */
static int
set_items(struct gathering *g, struct ex_head *h, struct ex_err *err)
{
	struct ex_json *v = NULL;
	int rc;

	if (h->stream.kind != EX_STREAM_CASE)
		return 0;
	if (g->view->get(g->view->arg, "case", h->stream.id, &v, err) == -1)
		return -1;
	rc = digest_items(h, ex_json_get(v, "items"), err);
	ex_json_free(v);
	return rc;
}

/* Facts come in the order of their names, as the root wants them. */
static int
add_head(void *arg, const char *kind, const char *id, const char *case_number,
    const struct ex_json *value, struct ex_err *err)
{
	struct gathering *g = arg;
	struct ex_head *h;

	(void)case_number;
	if (strcmp(kind, "stream") != 0)
		return 0;
	if ((h = next(g, err)) == NULL)
		return -1;
	h->seq = (uint64_t)ex_json_get_int(value, "seq", 0);
	if (ex_stream_read(&h->stream, id, err) == -1 ||
	    ex_json_need_hex(h->leaf, EX_HASH, value, "leaf", err) == -1)
		return -1;
	return set_items(g, h, err);
}

int
ex_world_heads(uint8_t root[EX_HASH], uint64_t *count, const struct ex_world *w,
    struct ex_err *err)
{
	struct gathering g = { .view = ex_world_view(w) };
	int rc = -1;

	if (ex_world_each(w, add_head, &g, err) == 0)
		rc = ex_heads_root(root, g.head, g.n, err);
	*count = g.n;
	free(g.head);
	return rc;
}
