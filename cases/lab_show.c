/*
 * lab_show.c -- organisations, persons, places and tools that the log knows.
 */
#include <string.h>

#include "cases/house.h"
#include "cases/lab.h"
#include "cases/walk.h"
#include "db/store.h"

static const struct {
	const char *kind;  /* of the facts */
	const char *title; /* for messages */
	enum ex_act act;   /* that enters one */
} row[] = {
	[EX_LAB_ORGS] = { "org", "organisation", EX_ACT_ORG_ADD },
	[EX_LAB_PERSONS] = { "person", "person", EX_ACT_PERSON_ADD },
	[EX_LAB_LOCATIONS] = { "location", "place", EX_ACT_LOCATION_ADD },
	[EX_LAB_TOOLS] = { "tool", "tool", EX_ACT_TOOL_ADD },
	[EX_LAB_DELEGATES] = { "delegate", "delegate", EX_ACT_DELEGATE },
};

/* What is gathered. */
struct listing {
	enum ex_lab_kind kind;
	const char *only;	    /* NULL: all */
	struct ex_json *texts;	    /* id -> {name_en, ...} */
	struct ex_json *competence; /* person -> [{method, until}] */
	struct ex_json *list;
};

/* The texts of one entry that are at hand. */
static int
take_texts(void *arg, const struct ex_event *e, const struct ex_openings *o,
    struct ex_err *err)
{
	static const char *const names[] = { "name_en", "name_zh", "title",
		"serial" };
	struct listing *l = arg;
	const char *id = NULL;
	struct ex_json *v;

	if (e->act == row[l->kind].act)
		id = ex_event_text(e, "id");
	else if (e->act == EX_ACT_GENESIS && l->kind == EX_LAB_ORGS)
		id = ex_event_text(e, "org");
	if (id == NULL || (l->only != NULL && strcmp(id, l->only) != 0))
		return 0;
	v = ex_json_object();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *text = ex_openings_text(o, names[i]);

		if (text != NULL &&
		    ex_json_set_text(v, names[i], text, err) == -1) {
			ex_json_free(v);
			return -1;
		}
	}
	return ex_json_set(l->texts, id, v, err);
}

/* Competence facts are "PERSON/METHOD". */
static int
take_competence(void *arg, const char *kind, const char *id,
    const char *case_number, struct ex_span value, struct ex_err *err)
{
	struct listing *l = arg;
	const char *slash = strchr(id, '/');
	struct ex_json *v = NULL, *list;
	char person[EX_NAME_TEXT];

	(void)kind;
	(void)case_number;
	if (slash == NULL || (size_t)(slash - id) >= sizeof(person))
		return ex_fail(
		    err, EX_DAMAGED, "a competence without a person");
	memcpy(person, id, (size_t)(slash - id));
	person[slash - id] = '\0';
	if (ex_json_read(&v, value.p, value.n, err) == -1)
		return -1;
	ex_json_unset(v, "leaf");
	if (ex_json_set_text(v, "method", slash + 1, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	list = ex_json_get_mutable(l->competence, person);
	if (list == NULL) {
		list = ex_json_array();
		if (ex_json_set(l->competence, person, list, err) == -1) {
			ex_json_free(v);
			return -1;
		}
	}
	return ex_json_add(list, v, err);
}

static int
copy_member(
    void *arg, const char *key, const struct ex_json *v, struct ex_err *err)
{
	return ex_json_set(arg, key, ex_json_copy(v), err);
}

static int
complete(
    struct listing *l, struct ex_json *v, const char *id, struct ex_err *err)
{
	const struct ex_json *texts = ex_json_get(l->texts, id);
	const struct ex_json *can = ex_json_get(l->competence, id);

	ex_json_unset(v, "leaf");
	if (ex_json_set_text(v, row[l->kind].kind, id, err) == -1)
		return -1;
	if (can != NULL &&
	    ex_json_set(v, "competence", ex_json_copy(can), err) == -1)
		return -1;
	return ex_json_each(texts, copy_member, v, err);
}

static int
take_fact(void *arg, const char *kind, const char *id, const char *case_number,
    struct ex_span value, struct ex_err *err)
{
	struct listing *l = arg;
	struct ex_json *v = NULL;

	(void)kind;
	(void)case_number;
	if (l->only != NULL && strcmp(id, l->only) != 0)
		return 0;
	if (ex_json_read(&v, value.p, value.n, err) == -1)
		return -1;
	if (complete(l, v, id, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_json_add(l->list, v, err);
}

static int
gather(struct listing *l, struct ex_house *house, struct ex_err *err)
{
	struct ex_stream lab;
	struct ex_conn *conn;

	l->texts = ex_json_object();
	l->competence = ex_json_object();
	l->list = ex_json_array();
	if (l->texts == NULL || l->competence == NULL || l->list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_house_conn(house, &conn, err) == -1 ||
	    ex_stream_set(&lab, EX_STREAM_LAB, ex_house_org(house), err) ==
		-1 ||
	    ex_walk_stream(conn, &lab, take_texts, l, err) == -1)
		return -1;
	if (l->kind == EX_LAB_PERSONS &&
	    ex_store_facts(conn, "competence", take_competence, l, err) == -1)
		return -1;
	return ex_store_facts(conn, row[l->kind].kind, take_fact, l, err);
}

static void
let_go(struct listing *l)
{
	ex_json_free(l->texts);
	ex_json_free(l->competence);
	ex_json_free(l->list);
}

int
ex_lab_list(struct ex_json **out, struct ex_house *house, enum ex_lab_kind kind,
    struct ex_err *err)
{
	struct listing l = { .kind = kind };
	int rc = -1;

	*out = NULL;
	if (gather(&l, house, err) == 0) {
		*out = ex_json_ref(l.list);
		rc = 0;
	}
	let_go(&l);
	return rc;
}

int
ex_lab_show(struct ex_json **out, struct ex_house *house, enum ex_lab_kind kind,
    const char *id, struct ex_err *err)
{
	struct listing l = { .kind = kind, .only = id };
	int rc = -1;

	*out = NULL;
	if (gather(&l, house, err) == -1)
		goto out;
	if (ex_json_count(l.list) == 0) {
		(void)ex_fail(err, EX_ABSENT, "the log knows no %s \"%s\"",
		    row[kind].title, id);
		goto out;
	}
	*out = ex_json_copy(ex_json_at(l.list, 0));
	rc = *out == NULL ? ex_fail(err, EX_SYSTEM, "out of memory") : 0;
out:
	let_go(&l);
	return rc;
}
