/*
 * custody_complete.c -- what the log knows and nobody has to type.
 */
#include <string.h>

#include "base/clock.h"
#include "cases/case.h"
#include "cases/custody.h"
#include "cases/custody_parts.h"
#include "cases/house.h"
#include "cases/kit.h"
#include "cases/walk.h"

/* Where `init` has it. */
#define RECEPTION "RECEPTION"

const char *
ex_serial_in(const struct ex_event *e, const struct ex_openings *o)
{
	const char *field;

	switch ((int)e->act) {
	case EX_ACT_SEIZE:
	case EX_ACT_PACKAGE:
	case EX_ACT_ANNOUNCE:
		return ex_openings_text(o, "serial");
	case EX_ACT_CORRECT:
		field = ex_event_text(e, "field");
		return field != NULL && strcmp(field, "serial") == 0
			   ? ex_openings_text(o, "new")
			   : NULL;
	default:
		return NULL;
	}
}

static int
take_serial(void *arg, const struct ex_event *e, const struct ex_openings *o,
    struct ex_err *err)
{
	const char *serial = ex_serial_in(e, o);
	struct ex_buf *out = arg;

	if (serial == NULL)
		return 0;
	ex_buf_cut(out, 0);
	return ex_buf_add_text(out, serial, err);
}

int
ex_serial_announced(struct ex_buf *out, struct ex_house *house,
    const char *item, struct ex_err *err)
{
	struct ex_conn *conn;
	struct ex_stream s;

	if (ex_house_kit(house) != NULL)
		return ex_kit_serial(out, house, item, err);
	if (ex_stream_set(&s, EX_STREAM_ITEM, item, err) == -1 ||
	    ex_house_conn(house, &conn, err) == -1)
		return -1;
	return ex_walk_stream(conn, &s, take_serial, out, err);
}

/* Reception, and the serial number beside the one announced. */
static int
receive(struct ex_making *k, struct ex_member *m, struct ex_err *err)
{
	const char *found = ex_json_get_text(m->texts, "serial");
	struct ex_buf announced = EX_BUF_INIT;
	const char *match = "unknown";
	int rc;

	if (ex_given_default(m, "location", RECEPTION, err) == -1)
		return -1;
	if (found == NULL)
		return 0;
	rc = ex_serial_announced(&announced, k->house, m->stream.id, err);
	if (rc == 0 && announced.len > 0)
		match = strcmp(ex_buf_text(&announced), found) == 0 ? "same"
								    : "differs";
	ex_buf_free(&announced);
	return rc == -1 ? -1 : ex_given_default(m, "serial_match", match, err);
}

/* The case's one authority that is in force when it happens. */
static int
authority(struct ex_making *k, struct ex_member *m, const struct ex_json *item,
    struct ex_err *err)
{
	const char *number = ex_json_get_text(item, "case");
	char name[EX_CASE_MAX + 1];
	int64_t at = k->c->occurred_at;

	if (number == NULL || ex_given_has(m, "authority"))
		return 0;
	if (ex_authority_pick(
		name, k->house, number, at == 0 ? ex_now() : at, err) == -1)
		return -1;
	return name[0] == '\0' ? 0
			       : ex_given_default(m, "authority", name, err);
}

/* A new seal names the one before it. */
static int
predecessor(struct ex_member *m, const struct ex_json *item, struct ex_err *err)
{
	const char *seal = ex_json_get_text(item, "seal");

	if (seal == NULL || seal[0] == '\0')
		seal = ex_json_get_text(item, "last_seal");
	if (seal == NULL || seal[0] == '\0')
		return 0;
	return ex_given_default(m, "predecessor", seal, err);
}

int
ex_custody_fills(enum ex_act act, const char *field)
{
	static const struct {
		enum ex_act act;
		const char *field;
	} filled[] = {
		{ EX_ACT_RECEIVE, "location" },
		{ EX_ACT_RECEIVE, "serial_match" },
		{ EX_ACT_CHECK_OUT, "authority" },
		{ EX_ACT_SEAL_APPLY, "predecessor" },
		{ EX_ACT_COMPONENT_IN, "parent" },
	};

	for (size_t i = 0; i < sizeof(filled) / sizeof(filled[0]); i++)
		if (filled[i].act == act && strcmp(filled[i].field, field) == 0)
			return 1;
	return 0;
}

int
ex_making_complete(struct ex_making *k, struct ex_member *m,
    const struct ex_json *item, struct ex_err *err)
{
	const char *parent = ex_json_get_text(item, "parent");

	switch ((int)m->act) {
	case EX_ACT_RECEIVE:
		return receive(k, m, err);
	case EX_ACT_CHECK_OUT:
		return authority(k, m, item, err);
	case EX_ACT_SEAL_APPLY:
		return predecessor(m, item, err);
	case EX_ACT_COMPONENT_IN:
		return parent == NULL
			   ? 0
			   : ex_given_default(m, "parent", parent, err);
	default:
		return 0;
	}
}
