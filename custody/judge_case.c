/*
 * judge_case.c -- acts of a case.
 */
#include <string.h>

#include "custody/judging.h"

static int
copy_field(struct ex_judging *j, const char *name, struct ex_err *err)
{
	const struct ex_json *f = ex_json_get(j->e->fields, name);

	if (f == NULL)
		return 0;
	return ex_json_set(j->lawsuit, name, ex_json_copy(f), err);
}

/* What a case says in clear, from its opening or a change of it. */
static int
copy_fields(struct ex_judging *j, struct ex_err *err)
{
	static const char *const names[] = { "form", "level", "tlp", "sector",
		"offences", "prosecutor" };
	const char *prosecutor = ex_event_text(j->e, "prosecutor");

	if (prosecutor != NULL &&
	    ex_judging_need(j, "person", prosecutor, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (copy_field(j, names[i], err) == -1)
			return -1;
	return 0;
}

/* Put one authority of v's members into the case. */
static int
add_authority(
    struct ex_judging *j, const struct ex_json *from, struct ex_err *err)
{
	static const char *const names[] = { "kind", "from", "until" };
	const char *number = ex_json_get_text(from, "number");
	struct ex_json *all = ex_json_get_mutable(j->lawsuit, "authorities");
	struct ex_json *v = ex_json_object();

	if (v == NULL || ex_json_set_text(v, "leaf", "", err) == -1)
		goto fail;
	if (ex_json_get(all, number) != NULL) {
		(void)ex_fail(err, EX_STATE,
		    "the case has an authority %s already", number);
		goto fail;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct ex_json *f = ex_json_get(from, names[i]);

		if (f != NULL &&
		    ex_json_set(v, names[i], ex_json_copy(f), err) == -1)
			goto fail;
	}
	return ex_json_set(all, number, v, err);
fail:
	ex_json_free(v);
	return ex_fail(err, EX_SYSTEM, "out of memory");
}

static int
authorize(struct ex_judging *j, struct ex_err *err)
{
	return add_authority(j, j->e->fields, err);
}

/* Those that the case is opened with. */
static int
open_authorities(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_json *list = ex_json_get(j->e->fields, "authorities");

	for (size_t i = 0; i < ex_json_count(list); i++)
		if (add_authority(j, ex_json_at(list, i), err) == -1)
			return -1;
	return 0;
}

static int
open_case(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_party *opener = ex_judging_actor(j);

	if (j->lawsuit != NULL)
		return ex_fail(err, EX_STATE, "there is a case %s already",
		    j->e->stream.id);
	j->lawsuit = ex_json_object();
	if (j->lawsuit == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(j->lawsuit, "org", opener->org, err) == -1 ||
	    ex_json_set_text(j->lawsuit, "opener", opener->person, err) == -1 ||
	    ex_json_set_text(j->lawsuit, "status", "open", err) == -1 ||
	    ex_json_set_text(j->lawsuit, "leaf", "", err) == -1 ||
	    ex_json_set_int(j->lawsuit, "sealed", 0, err) == -1 ||
	    ex_json_set(j->lawsuit, "authorities", ex_json_object(), err) ==
		-1 ||
	    ex_json_set(j->lawsuit, "grants", ex_json_object(), err) == -1 ||
	    ex_json_set(j->lawsuit, "items", ex_json_array(), err) == -1)
		return -1;
	if (open_authorities(j, err) == -1)
		return -1;
	return copy_fields(j, err);
}

static int
authorize_end(struct ex_judging *j, struct ex_err *err)
{
	const char *number = ex_event_text(j->e, "number");
	struct ex_json *all = ex_json_get_mutable(j->lawsuit, "authorities");
	struct ex_json *v = ex_json_get_mutable(all, number);

	if (v == NULL)
		return ex_fail(
		    err, EX_ABSENT, "the case has no authority %s", number);
	return ex_json_set_int(v, "ended", 1, err);
}

static int
grant(struct ex_judging *j, int give, struct ex_err *err)
{
	struct ex_json *all = ex_json_get_mutable(j->lawsuit, "grants");
	const char *until = ex_event_text(j->e, "until");
	const char *to = ex_event_text(j->e, "to");
	int person, org;

	if (!give) {
		if (ex_json_get(all, to) == NULL)
			return ex_fail(
			    err, EX_ABSENT, "%s was not granted access", to);
		ex_json_unset(all, to);
		return 0;
	}
	person = ex_judging_has(j, "person", to, err);
	org = ex_judging_has(j, "org", to, err);
	if (person == -1 || org == -1)
		return -1;
	if (!person && !org)
		return ex_fail(err, EX_ABSENT,
		    "the log knows no person or organisation \"%s\"", to);
	return ex_json_set_text(all, to, until == NULL ? "" : until, err);
}

static int
judge_act(struct ex_judging *j, struct ex_err *err)
{
	switch ((int)j->e->act) {
	case EX_ACT_CASE_OPEN:
		return open_case(j, err);
	case EX_ACT_CASE_CHANGE:
		return copy_fields(j, err);
	case EX_ACT_AUTHORIZE:
		return authorize(j, err);
	case EX_ACT_AUTHORIZE_END:
		return authorize_end(j, err);
	case EX_ACT_ACCESS_GRANT:
		return grant(j, 1, err);
	case EX_ACT_ACCESS_END:
		return grant(j, 0, err);
	case EX_ACT_CASE_SEAL:
		return ex_json_set_int(j->lawsuit, "sealed", 1, err);
	case EX_ACT_CASE_CLOSE:
		return ex_json_set_text(j->lawsuit, "status", "closed", err);
	case EX_ACT_ASSIGN:
		return ex_judging_need(
		    j, "person", ex_event_text(j->e, "examiner"), err);
	default:
		/* Statements about the case that change no fact. */
		return 0;
	}
}

/* After its end a case is read, sealed and shared, and nothing else. */
static int
check_open(const struct ex_judging *j, struct ex_err *err)
{
	const char *status = ex_json_get_text(j->lawsuit, "status");

	if (status == NULL || strcmp(status, "closed") != 0)
		return 0;
	switch ((int)j->e->act) {
	case EX_ACT_CASE_CHANGE:
	case EX_ACT_CASE_CLOSE:
	case EX_ACT_REQUEST_OPEN:
	case EX_ACT_REQUEST_CHANGE:
	case EX_ACT_ASSIGN:
		return ex_fail(
		    err, EX_STATE, "case %s is closed", j->e->stream.id);
	default:
		return 0;
	}
}

int
ex_judge_case(struct ex_judging *j, struct ex_err *err)
{
	const char *number = j->e->stream.id;

	memcpy(j->out->case_number, number, strlen(number) + 1);
	if (ex_judging_fact(j, "case", number, &j->lawsuit, err) == -1)
		return -1;
	if (j->lawsuit == NULL && j->e->act != EX_ACT_CASE_OPEN)
		return ex_fail(err, EX_ABSENT, "there is no case %s", number);
	if (check_open(j, err) == -1 || judge_act(j, err) == -1)
		return -1;
	return ex_facts_put(&j->out->facts, "case", number, number,
	    ex_json_ref(j->lawsuit), err);
}
