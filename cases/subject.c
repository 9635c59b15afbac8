/*
 * subject.c -- what a person means by a name: an item or a case.
 */
#include <string.h>

#include "base/text.h"
#include "cases/access.h"
#include "cases/history.h"
#include "cases/house.h"
#include "db/store.h"

/* 1 when the rows know it, 0 when not, -1. */
static int
known(struct ex_house *house, const char *kind, const char *id,
    struct ex_err *err)
{
	struct ex_json *fact = NULL;
	int found;

	if (ex_house_fact(house, kind, id, &fact, err) == -1)
		return -1;
	found = fact != NULL;
	ex_json_free(fact);
	return found;
}

/* What stands behind prefix, or NULL when name does not begin so. */
static const char *
behind(const char *name, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(name, prefix, n) == 0 ? name + n : NULL;
}

int
ex_subject_find(struct ex_stream *out, struct ex_house *house, const char *name,
    struct ex_err *err)
{
	const char *item = behind(name, "item:"),
		   *number = behind(name, "case:");
	int is_item = 0, is_case = 0;

	if (item == NULL && number == NULL)
		item = number = name;
	if (item != NULL && ex_text_item_ok(item) &&
	    (is_item = known(house, "item", item, err)) == -1)
		return -1;
	if (number != NULL &&
	    (is_case = known(house, "case", number, err)) == -1)
		return -1;
	if (is_item && is_case)
		return ex_fail(err, EX_USAGE,
		    "%s is a case and an item: write case:%s or item:%s", name,
		    name, name);
	if (!is_item && !is_case) {
		if (ex_access_note(house, "", name, 0, err) == -1)
			return -1;
		return ex_fail(err, EX_ABSENT,
		    "%s: no such item or case, or it may not be seen", name);
	}
	return is_item ? ex_stream_set(out, EX_STREAM_ITEM, item, err)
		       : ex_stream_set(out, EX_STREAM_CASE, number, err);
}

int
ex_record_open(struct ex_record *out, struct ex_house *house, const char *name,
    struct ex_err *err)
{
	struct ex_stream subject;
	struct ex_conn *conn;

	memset(out, 0, sizeof(*out));
	if (ex_subject_find(&subject, house, name, err) == -1 ||
	    ex_access_note(house, ex_stream_kind_name(subject.kind), subject.id,
		1, err) == -1 ||
	    ex_house_conn(house, &conn, err) == -1)
		return -1;
	return ex_record_read(
	    out, conn, ex_house_log_key(house), &subject, err);
}
