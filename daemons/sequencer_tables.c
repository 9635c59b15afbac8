/*
 * sequencer_tables.c -- rows that are no entries, closed by the log.
 */
#include <string.h>

#include "base/clock.h"
#include "daemons/sequencer_parts.h"
#include "db/tables.h"

/* Rows are closed when the newest closing is so old and something came. */
#define HOUR (3600 * EX_SECOND)

/* What is closed of a table. */
struct closing {
	int64_t to; /* so far */
	int64_t at; /* since when */
	uint64_t n; /* rows that come now */
	struct ex_tree_edge edge;
};

static int
look(struct closing *c, struct ex_sequencer *s, const char *table,
    struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(s->world);
	struct ex_json *v = NULL;

	if (view->get(view->arg, "anchored", table, &v, err) == -1)
		return -1;
	c->to = ex_json_get_int(v, "to", 0);
	c->at = v == NULL ? s->born : ex_json_get_int(v, "at", 0) * EX_SECOND;
	ex_json_free(v);
	return 0;
}

static int
add_row(void *arg, int64_t id, const uint8_t leaf[EX_HASH], struct ex_err *err)
{
	struct closing *c = arg;

	(void)id;
	c->n++;
	return ex_tree_append(&c->edge, leaf, NULL, NULL, err);
}

static int
fields_of(struct ex_json **out, const char *table, const struct closing *c,
    int64_t to, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	uint8_t root[EX_HASH];

	ex_tree_edge_root(root, &c->edge);
	*out = v;
	if (v != NULL && ex_json_set_text(v, "table", table, err) == 0 &&
	    ex_json_set_int(v, "from", c->to + 1, err) == 0 &&
	    ex_json_set_int(v, "to", to, err) == 0 &&
	    ex_json_set_int(v, "count", (int64_t)c->n, err) == 0 &&
	    ex_json_set_hex(v, "root", root, EX_HASH, err) == 0)
		return 0;
	ex_json_free(v);
	*out = NULL;
	return ex_fail(err, EX_SYSTEM, "out of memory");
}

/* The rows behind those that are closed; in a transaction. */
static int
close_rows(struct ex_sequencer *s, const char *table, struct closing *c,
    int *wrote, struct ex_err *err)
{
	struct ex_json *fields = NULL;
	int64_t to;

	/* A look that keeps nobody out, before the one that does. */
	if (ex_table_newest(s->conn, table, &to, err) == -1)
		return -1;
	if (to <= c->to)
		return 0;
	if (ex_table_settled(s->conn, table, &to, err) == -1 ||
	    ex_table_rows(s->conn, table, c->to + 1, to, add_row, c, err) ==
		-1 ||
	    fields_of(&fields, table, c, to, err) == -1)
		return -1;
	return ex_sequencer_write(
	    s, EX_ACT_ANCHOR_TABLES, fields, NULL, wrote, err);
}

int
ex_sequencer_tables(
    struct ex_sequencer *s, int wanted, int *wrote, struct ex_err *err)
{
	const char *table;

	for (size_t i = 0; !*wrote && (table = ex_table_name(i)) != NULL; i++) {
		struct closing c;

		memset(&c, 0, sizeof(c));
		if (look(&c, s, table, err) == -1)
			return -1;
		if ((wanted || ex_now() - c.at >= HOUR) &&
		    close_rows(s, table, &c, wrote, err) == -1)
			return -1;
	}
	return 0;
}
