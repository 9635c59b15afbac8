/*
 * sequence_rows.c -- a round's rows, written in a few statements.
 */
#include <string.h>

#include "db/sequence.h"
#include "db/sql_queries.h"

void
ex_sequence_rows_free(struct ex_sequence_rows *rows)
{
	ex_array_free(&rows->id);
	ex_array_free(&rows->index);
	ex_array_free(&rows->leaf);
	ex_array_free(&rows->level);
	ex_array_free(&rows->place);
	ex_array_free(&rows->hash);
	ex_array_free(&rows->kind);
	ex_array_free(&rows->name);
	ex_array_free(&rows->of_case);
	ex_array_free(&rows->value);
}

int
ex_sequence_rows_index(struct ex_sequence_rows *rows, int64_t id,
    uint64_t index, const uint8_t leaf[EX_HASH], struct ex_err *err)
{
	if (ex_array_int(&rows->id, id, err) == -1 ||
	    ex_array_int(&rows->index, (int64_t)index, err) == -1)
		return -1;
	return ex_array_bytes(&rows->leaf, leaf, EX_HASH, err);
}

int
ex_sequence_rows_node(struct ex_sequence_rows *rows, unsigned level,
    uint64_t index, const uint8_t hash[EX_HASH], struct ex_err *err)
{
	if (ex_array_int(&rows->level, level, err) == -1 ||
	    ex_array_int(&rows->place, (int64_t)index, err) == -1)
		return -1;
	return ex_array_bytes(&rows->hash, hash, EX_HASH, err);
}

int
ex_sequence_rows_fact(struct ex_sequence_rows *rows, const char *kind,
    const char *id, const char *case_number, const char *value, size_t n,
    struct ex_err *err)
{
	const char *of = case_number == NULL ? "" : case_number;

	if (ex_array_text(&rows->kind, kind, strlen(kind), err) == -1 ||
	    ex_array_text(&rows->name, id, strlen(id), err) == -1 ||
	    ex_array_text(&rows->of_case, of, strlen(of), err) == -1)
		return -1;
	return ex_array_text(&rows->value, value, n, err);
}

/* A statement whose answer is how many rows it changed: as many as it had. */
static int
run(struct ex_conn *conn, const struct ex_sql *q, const struct ex_param *p,
    size_t np, uint32_t want, struct ex_err *err)
{
	struct ex_rows *rows;
	int64_t n;

	if (want == 0)
		return 0;
	if (ex_conn_run(conn, q, p, np, EX_ONE_ROW, &rows, err) == -1)
		return -1;
	n = ex_rows_int(rows, 0, 0);
	ex_rows_free(rows);
	if (n != want)
		return ex_fail(err, EX_DAMAGED,
		    "database: %s: %lld rows, not %lu", q->name, (long long)n,
		    (unsigned long)want);
	return 0;
}

int
ex_sequence_unqueue(
    struct ex_conn *conn, const struct ex_array *ids, struct ex_err *err)
{
	const struct ex_param p = ex_param_array(ids);

	return run(conn, &ex_query_unqueue, &p, 1, ids->n, err);
}

static int
put(struct ex_conn *conn, const struct ex_sequence_rows *rows,
    struct ex_err *err)
{
	const struct ex_param leaf[] = { ex_param_array(&rows->id),
		ex_param_array(&rows->index), ex_param_array(&rows->leaf) };
	const struct ex_param node[] = { ex_param_array(&rows->level),
		ex_param_array(&rows->place), ex_param_array(&rows->hash) };
	const struct ex_param fact[] = { ex_param_array(&rows->kind),
		ex_param_array(&rows->name), ex_param_array(&rows->of_case),
		ex_param_array(&rows->value) };

	if (run(conn, &ex_query_put_leaves, leaf, 3, rows->id.n, err) == -1 ||
	    ex_sequence_unqueue(conn, &rows->id, err) == -1 ||
	    run(conn, &ex_query_put_nodes, node, 3, rows->level.n, err) == -1)
		return -1;
	return run(conn, &ex_query_put_facts, fact, 4, rows->kind.n, err);
}

int
ex_sequence_put(
    struct ex_conn *conn, struct ex_sequence_rows *rows, struct ex_err *err)
{
	struct ex_array *list[] = { &rows->id, &rows->index, &rows->leaf,
		&rows->level, &rows->place, &rows->hash, &rows->kind,
		&rows->name, &rows->of_case, &rows->value };
	int rc = put(conn, rows, err);

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		ex_array_clear(list[i]);
	return rc;
}
