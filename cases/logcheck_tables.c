/*
 * logcheck_tables.c -- rows that are no entries, against what the log says of
 * them: anchor_tables.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cases/logcheck_tree.h"

int
ex_logcheck_tables_add(struct ex_logcheck *c, const struct ex_event *e,
    uint64_t index, struct ex_err *err)
{
	size_t want = (c->nanchors + 1) * sizeof(*c->anchor);
	struct ex_logcheck_anchor *a = realloc(c->anchor, want);

	if (a == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	c->anchor = a;
	a = &c->anchor[c->nanchors];
	memset(a, 0, sizeof(*a));
	(void)ex_text_shown(
	    a->table, sizeof(a->table), ex_event_text(e, "table"));
	a->index = index;
	a->from = ex_json_get_int(e->fields, "from", 0);
	a->to = ex_json_get_int(e->fields, "to", 0);
	a->count = (uint64_t)ex_json_get_int(e->fields, "count", 0);
	if (ex_json_need_hex(a->root, EX_HASH, e->fields, "root", err) == -1)
		return -1;
	c->nanchors++;
	return 0;
}

int
ex_logcheck_table_row(struct ex_logcheck_anchor *a, const uint8_t leaf[EX_HASH],
    struct ex_err *err)
{
	return ex_tree_append(&a->edge, leaf, NULL, NULL, err);
}

int
ex_logcheck_table(struct ex_logcheck *c, const struct ex_logcheck_anchor *a,
    struct ex_err *err)
{
	struct ex_logcheck_at at = { (int64_t)a->index, NULL, 0 };
	uint64_t have = a->edge.size;
	uint8_t root[EX_HASH];

	ex_tree_edge_root(root, &a->edge);
	if (have == a->count && memcmp(root, a->root, EX_HASH) == 0)
		return 0;
	return ex_logcheck_say(c, err, EX_FAULT,
	    have < a->count   ? "table-short"
	    : have > a->count ? "table-long"
			      : "table-differs",
	    &at,
	    "%s, rows %" PRId64 " to %" PRId64 ": %" PRIu64
	    " were closed by this entry, there are %" PRIu64 "%s",
	    a->table, a->from, a->to, a->count, have,
	    have == a->count ? ", and not the same" : "");
}

int
ex_logcheck_table_loose(struct ex_logcheck *c, const char *table,
    uint64_t below, uint64_t open, struct ex_err *err)
{
	if (below > 0 &&
	    ex_logcheck_say(c, err, EX_FAULT, "table-long", NULL,
		"%s: %" PRIu64 " rows have numbers that were never given",
		table, below) == -1)
		return -1;
	if (open == 0)
		return 0;
	return ex_logcheck_say(c, err, EX_NOTED, "table-open", NULL,
	    "%s: %" PRIu64 " rows came since it was closed last", table, open);
}
