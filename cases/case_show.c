/*
 * case_show.c -- what there is of cases.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cases/access.h"
#include "cases/case.h"
#include "cases/house.h"
#include "cases/walk.h"
#include "db/store.h"

/* Keep the texts of an entry: one, or the array of several. */
static int
take_text(struct ex_json *v, const struct ex_openings *o, const char *name,
    struct ex_err *err)
{
	const char *text = ex_openings_text(o, name);
	struct ex_json *list;
	char path[80];

	if (text != NULL)
		return ex_json_set_text(v, name, text, err);
	(void)snprintf(path, sizeof(path), "%s/0", name);
	if (ex_openings_text(o, path) == NULL)
		return 0;
	list = ex_json_array();
	if (ex_json_set(v, name, list, err) == -1)
		return -1;
	for (int i = 1; (text = ex_openings_text(o, path)) != NULL; i++) {
		if (ex_json_add(list, ex_json_string(text), err) == -1)
			return -1;
		(void)snprintf(path, sizeof(path), "%s/%d", name, i);
	}
	return 0;
}

/* The opening's texts, and later ones in their place. */
static int
take_entry(void *arg, const struct ex_event *e, const struct ex_openings *o,
    struct ex_err *err)
{
	static const char *const names[] = { "title", "summary", "modus",
		"other_number" };
	struct ex_json *v = arg;
	char at[EX_TIME_TEXT];

	if (e->act != EX_ACT_CASE_OPEN && e->act != EX_ACT_CASE_CHANGE)
		return 0;
	ex_time_text(at, e->occurred_at);
	if (e->act == EX_ACT_CASE_OPEN &&
	    ex_json_set_text(v, "opened", at, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (take_text(v, o, names[i], err) == -1)
			return -1;
	return 0;
}

static int
take_texts(struct ex_json *v, struct ex_conn *conn, const char *number,
    struct ex_err *err)
{
	struct ex_stream s;

	if (ex_stream_set(&s, EX_STREAM_CASE, number, err) == -1)
		return -1;
	return ex_walk_stream(conn, &s, take_entry, v, err);
}

static int
list_authority(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	struct ex_json *row = ex_json_copy(v);

	if (row == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	ex_json_unset(row, "leaf");
	if (ex_json_set_text(row, "number", key, err) == -1 ||
	    ex_json_set_int(
		row, "valid", ex_authority_in_force(v, ex_now()), err) == -1) {
		ex_json_free(row);
		return -1;
	}
	return ex_json_add(arg, row, err);
}

static int
list_grant(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	struct ex_json *row = ex_json_object();
	const char *until = ex_json_text(v);

	if (ex_json_set_text(row, "to", key, err) == -1 ||
	    (until != NULL && until[0] != '\0' &&
		ex_json_set_text(row, "until", until, err) == -1)) {
		ex_json_free(row);
		return -1;
	}
	return ex_json_add(arg, row, err);
}

/* An object's members as an array of objects. */
static int
set_rows(struct ex_json *v, const char *key,
    int (*each)(void *arg, const char *name, const struct ex_json *member,
	struct ex_err *err),
    struct ex_err *err)
{
	struct ex_json *list = ex_json_array();

	if (list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_each(ex_json_get(v, key), each, list, err) == -1) {
		ex_json_free(list);
		return -1;
	}
	return ex_json_set(v, key, list, err);
}

/* The items' names as [{"item","state"}]. */
static int
set_items(struct ex_json *v, struct ex_conn *conn, struct ex_err *err)
{
	struct ex_json *list = ex_json_array();
	const struct ex_json *old = ex_json_get(v, "items");
	int rc = list == NULL ? -1 : 0;

	for (size_t i = 0; rc == 0 && i < ex_json_count(old); i++) {
		const char *item = ex_json_text(ex_json_at(old, i));
		struct ex_json *row = ex_json_object(), *fact = NULL;
		const char *state;

		rc = ex_store_fact(conn, "item", item, &fact, err);
		state = ex_json_get_text(fact, "state");
		if (rc == 0)
			rc = ex_json_set_text(row, "item", item, err);
		if (rc == 0)
			rc = ex_json_set_text(
			    row, "state", state == NULL ? "" : state, err);
		ex_json_free(fact);
		if (rc == -1)
			ex_json_free(row);
		else
			rc = ex_json_add(list, row, err);
	}
	if (rc == 0)
		return ex_json_set(v, "items", list, err);
	ex_json_free(list);
	return ex_fail(err, EX_SYSTEM, "out of memory");
}

int
ex_case_show(struct ex_json **out, struct ex_house *house, const char *number,
    struct ex_err *err)
{
	struct ex_json *v = NULL;
	struct ex_conn *conn;

	*out = NULL;
	if (ex_case_number(&number, number, err) == -1 ||
	    ex_house_conn(house, &conn, err) == -1 ||
	    ex_store_fact(conn, "case", number, &v, err) == -1 ||
	    ex_access_note(house, "case", number, v != NULL, err) == -1)
		goto fail;
	if (v == NULL)
		return ex_fail(err, EX_ABSENT,
		    "%s: no such case, or it may not be seen", number);
	ex_json_unset(v, "leaf");
	if (ex_json_set_text(v, "case", number, err) == -1 ||
	    set_rows(v, "authorities", list_authority, err) == -1 ||
	    set_rows(v, "grants", list_grant, err) == -1 ||
	    set_items(v, conn, err) == -1 ||
	    take_texts(v, conn, number, err) == -1)
		goto fail;
	*out = v;
	return 0;
fail:
	ex_json_free(v);
	return -1;
}

static int
take_fact(void *arg, const char *kind, const char *id, const char *case_number,
    struct ex_span value, struct ex_err *err)
{
	struct ex_json *v = NULL;
	int64_t items;

	(void)kind;
	(void)case_number;
	if (ex_json_read(&v, value.p, value.n, err) == -1)
		return -1;
	items = (int64_t)ex_json_count(ex_json_get(v, "items"));
	ex_json_unset(v, "leaf");
	ex_json_unset(v, "authorities");
	ex_json_unset(v, "grants");
	if (ex_json_set_text(v, "case", id, err) == -1 ||
	    ex_json_set_int(v, "items", items, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(arg, v, err);
}

int
ex_case_list(struct ex_json **out, struct ex_house *house, struct ex_err *err)
{
	struct ex_json *rows = ex_json_array(), *list = ex_json_array();
	struct ex_conn *conn;
	int rc = -1;

	*out = NULL;
	if (rows == NULL || list == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (ex_house_conn(house, &conn, err) == -1 ||
	    ex_store_facts(conn, "case", take_fact, rows, err) == -1)
		goto out;
	for (size_t i = 0; i < ex_json_count(rows); i++) {
		struct ex_json *v = ex_json_copy(ex_json_at(rows, i));
		const char *number = ex_json_get_text(v, "case");

		if (number == NULL || take_texts(v, conn, number, err) == -1) {
			ex_json_free(v);
			goto out;
		}
		if (ex_json_add(list, v, err) == -1)
			goto out;
	}
	*out = ex_json_ref(list);
	rc = 0;
out:
	ex_json_free(rows);
	ex_json_free(list);
	return rc;
}
