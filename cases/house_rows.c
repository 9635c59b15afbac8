/*
 * house_rows.c -- the state of things as a house has it: rows of PostgreSQL,
 * or what a field kit was packed with.
 */
#include "cases/house_parts.h"
#include "cases/kit.h"
#include "db/store.h"

struct ex_kit *
ex_house_kit(const struct ex_house *house)
{
	return house->kit;
}

int
ex_house_need_database(const struct ex_house *house, struct ex_err *err)
{
	if (house->kit == NULL)
		return 0;
	return ex_fail(err, EX_STATE,
	    "%s is a field kit, without a database: this is done at the "
	    "laboratory",
	    house->dir);
}

int
ex_house_view(struct ex_house *house, struct ex_view *out, struct ex_err *err)
{
	struct ex_conn *conn;

	if (house->kit != NULL)
		return ex_kit_view(house->kit, out, err);
	if (ex_house_conn(house, &conn, err) == -1)
		return -1;
	ex_store_view(out, conn);
	return 0;
}

int
ex_house_fact(struct ex_house *house, const char *kind, const char *id,
    struct ex_json **out, struct ex_err *err)
{
	struct ex_view view;

	*out = NULL;
	if (ex_house_view(house, &view, err) == -1)
		return -1;
	return view.get(view.arg, kind, id, out, err);
}

int
ex_house_any_fact(struct ex_house *house, const char *kind, const char *id,
    struct ex_json **out, struct ex_err *err)
{
	struct ex_conn *conn;

	if (house->kit != NULL)
		return ex_house_fact(house, kind, id, out, err);
	*out = NULL;
	if (ex_house_service(house, &conn, err) == -1)
		return -1;
	return ex_store_fact(conn, kind, id, out, err);
}
