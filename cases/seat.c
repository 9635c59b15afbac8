/*
 * seat.c -- which of the people at the desk has which part in an act.
 */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cases/seat_parts.h"
#include "db/store.h"

/* Who stands in for a party that is not there, in an emergency. */
#define DUTY "duty_officer"
static const char *const by_duty[] = { DUTY, "lab_head", NULL };

struct seating {
	struct ex_request *r;
	struct ex_house *house;
	const struct ex_act_def *def;
	int emergency;
};

static int
is_filled(const struct ex_request *r, const char *role)
{
	for (size_t i = 0; i < r->nseats; i++)
		if (strcmp(r->seat[i].role, role) == 0)
			return 1;
	for (size_t i = 0; i < r->nothers; i++)
		if (strcmp(r->other[i].role, role) == 0)
			return 1;
	return 0;
}

/* Does the log grant the person one of these roles now?  NULL: anybody. */
static int
is_granted(const struct ex_json *person, const char *const *grants)
{
	const struct ex_json *roles = ex_json_get(person, "roles");
	char now[EX_TIME_TEXT];

	if (grants == NULL)
		return 1;
	ex_time_text(now, ex_now());
	for (size_t i = 0; i < ex_json_count(roles); i++) {
		const struct ex_json *r = ex_json_at(roles, i);
		const char *role = ex_json_get_text(r, "role");
		const char *until = ex_json_get_text(r, "until");

		if (role != NULL && ex_text_index(role, grants) != -1 &&
		    (until == NULL || strcmp(now, until) < 0))
			return 1;
	}
	return 0;
}

/*
 * Where a role of the act is named like a granted role that permits it, only
 * whoever holds that one has it: a prosecutor reports as prosecutor.
 */
static int
may_sit(const struct ex_act_role *role, const struct ex_signer *s,
    const struct ex_json *person)
{
	const char *const own[] = { role->role, NULL };

	if (s->mode != EX_MODE_SIGNED || role->grants == NULL)
		return 1;
	if (ex_text_index(role->role, role->grants) != -1)
		return is_granted(person, own);
	return is_granted(person, role->grants);
}

/* Can this signer have the role at all, whoever it is? */
static int
is_open(const struct seating *g, const struct ex_act_role *role,
    const struct ex_signer *s, const struct ex_json *person)
{
	static const char *const head[] = { "lab_head", NULL };

	/* Policies are the head's as soon as there is one. */
	if (g->def->act == EX_ACT_POLICY_SET && is_granted(person, head) &&
	    strcmp(role->role, head[0]) != 0)
		return 0;
	return !is_filled(g->r, role->role) &&
	       (role->modes & (1u << s->mode)) != 0;
}

/*
 * The first open role of the act that this signer may have; else the first
 * open one, which the rules will refuse in their own words.  In an emergency
 * the second key at the desk is the duty officer's where its owner is one.
 */
static const char *
role_for(const struct seating *g, const struct ex_signer *s,
    const struct ex_json *person, int actor)
{
	int duty = g->emergency && !is_filled(g->r, DUTY) &&
		   is_granted(person, by_duty);
	const char *first = NULL;

	if (duty && !actor)
		return DUTY;
	for (const struct ex_act_role *q = g->def->role; q->role != NULL; q++) {
		if (!is_open(g, q, s, person))
			continue;
		if (may_sit(q, s, person))
			return q->role;
		if (first == NULL)
			first = q->role;
	}
	return duty ? DUTY : first;
}

static const char *
name_of(const struct ex_act_def *def)
{
	return def->verb != NULL ? def->verb : def->name;
}

static int
seat_key(struct seating *g, const char *name, int actor, struct ex_err *err)
{
	struct ex_json *person = NULL;
	const struct ex_signer *s;
	const char *role;

	if (ex_house_signer(g->house, name, &s, err) == -1 ||
	    ex_house_fact(g->house, "person", s->person, &person, err) == -1)
		return -1;
	role = role_for(g, s, person, actor);
	ex_json_free(person);
	if (role == NULL)
		return ex_fail(err, EX_USAGE,
		    "%s: there is no part for key \"%s\" in this act; a "
		    "witness is named with --witness",
		    name_of(g->def), name);
	return ex_request_seat(g->r, s, role, err);
}

static int
seat_witness(struct seating *g, const char *name, struct ex_err *err)
{
	const struct ex_signer *s;

	if (ex_house_signer(g->house, name, &s, err) == -1)
		return -1;
	return ex_request_seat(g->r, s, "witness", err);
}

/*
 * Somebody still missing?  Say who, and how to name them.  In an emergency
 * one may be, where the duty officer signs.
 */
static int
check_complete(const struct seating *g, struct ex_err *err)
{
	int spare = g->emergency && is_filled(g->r, DUTY);

	for (const struct ex_act_role *q = g->def->role; q->role != NULL; q++) {
		if (!q->required || is_filled(g->r, q->role) || spare-- > 0)
			continue;
		return ex_fail(err, EX_USAGE,
		    "%s needs a %s: --%s KEY, or --party PERSON:%s:paper:FORM",
		    name_of(g->def), q->role,
		    strcmp(q->role, "witness") == 0 ? "witness" : "with",
		    q->role);
	}
	return 0;
}

/* Does one of the entries say that it is an emergency? */
static int
is_emergency(const struct ex_request *r)
{
	for (size_t i = 0; i < r->nmembers; i++)
		if (ex_json_get_int(r->member[i].fields, "emergency", 0) == 1)
			return 1;
	return 0;
}

/* Those on paper first: the keys have what is left. */
int
ex_request_seat_desk(struct ex_request *r, struct ex_house *house,
    enum ex_act act, struct ex_err *err)
{
	struct seating g = { r, house, ex_act(act), is_emergency(r) };
	const struct ex_desk *desk = ex_house_desk(house);

	if (desk->as == NULL)
		return ex_fail(err, EX_USAGE,
		    "who acts?  Give --as KEY, or set EXHIBIT_AS");
	for (size_t i = 0; i < desk->nparty; i++)
		if (ex_request_seat_other(r, house, desk->party[i], err) == -1)
			return -1;
	if (seat_key(&g, desk->as, 1, err) == -1)
		return -1;
	for (size_t i = 0; i < desk->nwith; i++)
		if (seat_key(&g, desk->with[i], 0, err) == -1)
			return -1;
	for (size_t i = 0; i < desk->nwitness; i++)
		if (seat_witness(&g, desk->witness[i], err) == -1)
			return -1;
	return check_complete(&g, err);
}
