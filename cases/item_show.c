/*
 * item_show.c -- what there is of items.
 */
#include <stdio.h>
#include <string.h>

#include "cases/access.h"
#include "cases/case.h"
#include "cases/house.h"
#include "cases/item.h"
#include "cases/walk.h"
#include "custody/state.h"
#include "db/store.h"

enum {
	PARENTS = 16 /* parts within parts that are followed */
};

static const char *const described[] = { "description", "place", "maker",
	"model", "serial", "imei", "marks", "owner", "packaging", "hazards" };

/* How it was found when it came in, and what its maker wrote into it. */
static int
take_import(struct ex_json *v, const struct ex_event *e,
    const struct ex_openings *o, struct ex_err *err)
{
	const char *verdict = ex_event_text(e, "verdict");
	const char *found = ex_openings_text(o, "found"), *text;
	struct ex_json *list = ex_json_array();
	char path[32];

	for (size_t i = 0;; i++) {
		(void)snprintf(path, sizeof(path), "header/%zu", i);
		if ((text = ex_openings_text(o, path)) == NULL)
			break;
		if (ex_json_add(list, ex_json_string(text), err) == -1) {
			ex_json_free(list);
			return -1;
		}
	}
	if (ex_json_count(list) == 0)
		ex_json_free(list);
	else if (ex_json_set(v, "header", list, err) == -1)
		return -1;
	if ((verdict != NULL &&
		ex_json_set_text(v, "verdict", verdict, err) == -1) ||
	    (found != NULL && ex_json_set_text(v, "found", found, err) == -1))
		return -1;
	return 0;
}

/* Texts of the entries that make an item, and corrections of them. */
static int
take_entry(void *arg, const struct ex_event *e, const struct ex_openings *o,
    struct ex_err *err)
{
	const size_t n = sizeof(described) / sizeof(described[0]);
	struct ex_json *v = arg;
	const char *text, *field;

	if (e->act == EX_ACT_CORRECT) {
		field = ex_event_text(e, "field");
		text = ex_openings_text(o, "new");
		if (field == NULL || text == NULL ||
		    ex_json_get(v, field) == NULL)
			return 0;
		for (size_t i = 0; i < n; i++)
			if (strcmp(described[i], field) == 0)
				return ex_json_set_text(v, field, text, err);
		return 0;
	}
	/* What is found when it is received is not what it was announced as. */
	if (e->act == EX_ACT_RECEIVE)
		return 0;
	if (e->act == EX_ACT_IMPORT && take_import(v, e, o, err) == -1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		text = ex_openings_text(o, described[i]);
		if (text != NULL && e->act != EX_ACT_LATE_ENTRY &&
		    ex_json_set_text(v, described[i], text, err) == -1)
			return -1;
	}
	return 0;
}

/* The flags' names in place of their bits. */
static int
set_flags(struct ex_json *v, struct ex_err *err)
{
	static const struct {
		int bit;
		const char *name;
	} flag[] = {
		{ EX_FLAG_QUARANTINE, "quarantine" },
		{ EX_FLAG_HOLD, "hold" },
		{ EX_FLAG_PRIVILEGE, "privilege" },
		{ EX_FLAG_SCOPE, "scope" },
		{ EX_FLAG_FIXITY, "fixity" },
	};
	int64_t set = ex_json_get_int(v, "flags", 0);
	struct ex_json *list = ex_json_array();

	for (size_t i = 0; i < sizeof(flag) / sizeof(flag[0]); i++)
		if ((set & flag[i].bit) != 0 &&
		    ex_json_add(list, ex_json_string(flag[i].name), err) ==
			-1) {
			ex_json_free(list);
			return -1;
		}
	return ex_json_set(v, "flags", list, err);
}

/* A part in its parent is where that is, with whoever has that. */
static int
follow_parents(struct ex_json *v, struct ex_house *house, struct ex_err *err)
{
	static const char *const own[] = { "custodian", "custodian_org",
		"location" };
	struct ex_json *of = ex_json_ref(v), *next;
	const char *state, *parent;

	for (int depth = 0; depth < PARENTS; depth++) {
		state = ex_json_get_text(of, "state");
		parent = ex_json_get_text(of, "parent");
		if (state == NULL || strcmp(state, "IN_PARENT") != 0 ||
		    parent == NULL)
			break;
		if (ex_house_fact(house, "item", parent, &next, err) == -1) {
			ex_json_free(of);
			return -1;
		}
		ex_json_free(of);
		if ((of = next) == NULL)
			return 0;
	}
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		const char *text = ex_json_get_text(of, own[i]);

		if (text != NULL &&
		    ex_json_set(v, own[i], ex_json_string(text), err) == -1) {
			ex_json_free(of);
			return -1;
		}
	}
	ex_json_free(of);
	return 0;
}

/* What the item's entries say in words; a field kit has them not. */
static int
add_entries(struct ex_json *v, struct ex_house *house, const char *item,
    struct ex_err *err)
{
	struct ex_conn *conn;
	struct ex_stream s;

	if (ex_house_kit(house) != NULL)
		return 0;
	if (ex_stream_set(&s, EX_STREAM_ITEM, item, err) == -1 ||
	    ex_house_conn(house, &conn, err) == -1)
		return -1;
	return ex_walk_stream(conn, &s, take_entry, v, err);
}

int
ex_item_show(struct ex_json **out, struct ex_house *house, const char *item,
    struct ex_err *err)
{
	struct ex_json *v = NULL;

	*out = NULL;
	if (ex_item_number(&item, item, err) == -1 ||
	    ex_house_fact(house, "item", item, &v, err) == -1)
		return -1;
	if (ex_access_note(house, "item", item, v != NULL, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	if (v == NULL)
		return ex_fail(err, EX_ABSENT,
		    "%s: no such item, or it may not be seen", item);
	/* Kept for annulments; "serial" only says that there is one. */
	ex_json_unset(v, "last");
	ex_json_unset(v, "annulled");
	ex_json_unset(v, "serial");
	if (ex_json_set_text(v, "item", item, err) == -1 ||
	    set_flags(v, err) == -1 || follow_parents(v, house, err) == -1 ||
	    add_entries(v, house, item, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

/* What take_fact() gathers. */
struct listing {
	struct ex_json *list;
	const char *number; /* NULL: of every case */
};

static int
take_fact(void *arg, const char *kind, const char *id, const char *case_number,
    struct ex_span value, struct ex_err *err)
{
	static const char *const names[] = { "case", "state", "kind",
		"custodian", "location", "seal" };
	struct listing *l = arg;
	struct ex_json *v = NULL, *row;

	(void)kind;
	if (l->number != NULL && strcmp(case_number, l->number) != 0)
		return 0;
	if (ex_json_read(&v, value.p, value.n, err) == -1)
		return -1;
	row = ex_json_object();
	if (ex_json_set_text(row, "item", id, err) == -1)
		goto fail;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *text = ex_json_get_text(v, names[i]);

		if (ex_json_set_text(
			row, names[i], text == NULL ? "" : text, err) == -1)
			goto fail;
	}
	ex_json_free(v);
	return ex_json_add(l->list, row, err);
fail:
	ex_json_free(v);
	ex_json_free(row);
	return -1;
}

int
ex_item_list(struct ex_json **out, struct ex_house *house, const char *number,
    struct ex_err *err)
{
	struct listing l = { NULL, NULL };
	struct ex_json *fact = NULL;
	struct ex_conn *conn;

	*out = NULL;
	if ((number != NULL && ex_case_number(&l.number, number, err) == -1) ||
	    ex_house_conn(house, &conn, err) == -1)
		return -1;
	if (l.number != NULL) {
		if (ex_store_fact(conn, "case", l.number, &fact, err) == -1)
			return -1;
		if (fact == NULL)
			return ex_fail(err, EX_ABSENT,
			    "%s: no such case, or it may not be seen",
			    l.number);
		ex_json_free(fact);
	}
	if ((l.list = ex_json_array()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_store_facts(conn, "item", take_fact, &l, err) == -1) {
		ex_json_free(l.list);
		return -1;
	}
	*out = l.list;
	return 0;
}
