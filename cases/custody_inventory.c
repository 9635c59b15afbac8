/*
 * custody_inventory.c -- what lies at a place, against what should.
 */
#include <string.h>

#include "cases/custody_parts.h"
#include "db/store.h"

/* Items that the log has at the place. */
struct counting {
	struct ex_making *k;
	const char *place;
	size_t scanned; /* members there are before those not found */
	size_t expected;
};

/* {"item","result"} into the member's "scans". */
static int
put_result(struct ex_member *m, const char *item, const char *result,
    struct ex_err *err)
{
	struct ex_json *list, *row = ex_json_object();

	if (ex_json_set_text(row, "item", item, err) == -1 ||
	    ex_json_set_text(row, "result", result, err) == -1) {
		ex_json_free(row);
		return -1;
	}
	if (ex_json_get(m->fields, "scans") == NULL &&
	    ex_json_set(m->fields, "scans", ex_json_array(), err) == -1) {
		ex_json_free(row);
		return -1;
	}
	list = ex_json_get_mutable(m->fields, "scans");
	return ex_json_add(list, row, err);
}

static int
is_there(const struct ex_json *item, const char *place)
{
	const char *location = ex_json_get_text(item, "location");
	const char *state = ex_json_get_text(item, "state");

	return location != NULL && state != NULL &&
	       strcmp(location, place) == 0 &&
	       (strcmp(state, "IN_STORE") == 0 ||
		   strcmp(state, "RECEIVED") == 0);
}

/* An item's own result; a seal that was read is compared with its own. */
static int
judge_scan(const struct counting *n, struct ex_member *m, struct ex_err *err)
{
	const char *read = ex_json_get_text(m->fields, "seal");
	const char *state = ex_json_get_text(m->fields, "seal_state");
	const char *result = "misplaced", *seal;
	struct ex_json *item = NULL;
	int rc = -1, same;

	if (ex_house_fact(n->k->house, "item", m->stream.id, &item, err) == -1)
		return -1;
	seal = ex_json_get_text(item, "seal");
	same = read == NULL || (seal != NULL && strcmp(read, seal) == 0) ||
	       (strcmp(read, "none") == 0 && (seal == NULL || *seal == '\0'));
	if (is_there(item, n->place))
		result =
		    same && (state == NULL || strcmp(state, "intact") == 0 ||
				strcmp(state, "none") == 0)
			? "ok"
			: "seal_differs";
	if (read != NULL && state == NULL)
		rc = ex_given_default(m, "seal_state",
		    !same			? "differs"
		    : strcmp(read, "none") == 0 ? "none"
						: "intact",
		    err);
	else
		rc = 0;
	if (rc == 0)
		rc = put_result(m, m->stream.id, result, err);
	ex_json_free(item);
	return rc;
}

static int
was_scanned(const struct counting *n, const char *item)
{
	for (size_t i = 0; i < n->scanned; i++)
		if (strcmp(n->k->r.member[i].stream.id, item) == 0)
			return 1;
	return 0;
}

/* An item that should be there: an entry of its own when it is not. */
static int
expect(void *arg, const char *kind, const char *id, const char *case_number,
    struct ex_span value, struct ex_err *err)
{
	struct counting *n = arg;
	struct ex_json *item = NULL;
	struct ex_member *m;
	int there;

	(void)kind;
	(void)case_number;
	if (ex_json_read(&item, value.p, value.n, err) == -1)
		return -1;
	there = is_there(item, n->place);
	ex_json_free(item);
	if (!there)
		return 0;
	n->expected++;
	if (was_scanned(n, id))
		return 0;
	if (ex_request_add(&n->k->r, EX_ACT_INVENTORY, EX_STREAM_ITEM, id, &m,
		err) == -1 ||
	    ex_given_default(m, "location", n->place, err) == -1)
		return -1;
	return put_result(m, id, "not_found", err);
}

/* What was scanned and is in no log stands in the first entry. */
static int
add_unknown(struct ex_making *k, struct ex_err *err)
{
	for (size_t i = 0; i < ex_json_count(k->unknown); i++) {
		const char *item = ex_json_text(ex_json_at(k->unknown, i));

		if (k->r.nmembers == 0)
			return ex_fail(err, EX_ABSENT,
			    "%s: no such item, or it may not be seen", item);
		if (put_result(&k->r.member[0], item, "unexpected", err) == -1)
			return -1;
	}
	return 0;
}

/* Numbers of the whole counting, in each of its entries. */
static int
put_counts(struct counting *n, struct ex_err *err)
{
	struct ex_request *r = &n->k->r;
	int64_t scanned = (int64_t)(n->scanned + ex_json_count(n->k->unknown));

	for (size_t i = 0; i < r->nmembers; i++) {
		struct ex_json *fields = r->member[i].fields;

		if (ex_json_set_int(
			fields, "expected", (int64_t)n->expected, err) == -1 ||
		    ex_json_set_int(fields, "scanned", scanned, err) == -1)
			return -1;
	}
	return 0;
}

int
ex_making_inventory(struct ex_making *k, struct ex_err *err)
{
	struct counting n = { k, ex_making_common(k, "location"), k->r.nmembers,
		0 };
	struct ex_conn *conn;

	if (n.place == NULL)
		return ex_fail(err, EX_USAGE,
		    "inventory needs --location: one place at a time");
	for (size_t i = 0; i < n.scanned; i++) {
		const char *place =
		    ex_json_get_text(k->r.member[i].fields, "location");

		if (place == NULL || strcmp(place, n.place) != 0)
			return ex_fail(err, EX_USAGE,
			    "inventory is of one place at a time");
		if (judge_scan(&n, &k->r.member[i], err) == -1)
			return -1;
	}
	if (ex_house_conn(k->house, &conn, err) == -1 ||
	    ex_store_facts(conn, "item", expect, &n, err) == -1 ||
	    add_unknown(k, err) == -1)
		return -1;
	return put_counts(&n, err);
}
