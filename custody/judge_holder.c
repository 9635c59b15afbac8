/*
 * judge_holder.c -- who gives, who takes, and where the item lies then.
 */
#include <string.h>

#include "base/clock.h"
#include "custody/judging.h"

/*
 * Who must hold the item, and who holds it afterwards; NULL: nobody in
 * particular.  Acts not listed change no custody.
 */
static const struct {
	enum ex_act act;
	const char *giver;
	const char *taker;
} row[] = {
	{ EX_ACT_SEIZE, NULL, "officer" },
	{ EX_ACT_PACKAGE, NULL, "officer" },
	{ EX_ACT_ANNOUNCE, NULL, "submitter" },
	{ EX_ACT_RECEIVE, "submitter", "custodian" },
	{ EX_ACT_CREATE, NULL, "examiner" },
	{ EX_ACT_IMPORT, NULL, "examiner" },
	{ EX_ACT_STORE, "custodian", "custodian" },
	{ EX_ACT_MOVE, "custodian", "custodian" },
	{ EX_ACT_CHECK_OUT, "custodian", "receiver" },
	{ EX_ACT_CHECK_IN, "holder", "custodian" },
	{ EX_ACT_HAND_OVER, "releaser", "receiver" },
	{ EX_ACT_TAKE_OVER, NULL, "custodian" },
	{ EX_ACT_SEAL_APPLY, "holder", NULL },
	{ EX_ACT_SEAL_CHECK, "holder", NULL },
	{ EX_ACT_EXTERNAL_SEAL, "holder", NULL },
	{ EX_ACT_SEAL_BREAK, "examiner", NULL },
	{ EX_ACT_COMPONENT_IN, "examiner", NULL },
	{ EX_ACT_OFFER_TRANSFER, "releaser", NULL },
	{ EX_ACT_CANCEL_TRANSFER, "releaser", NULL },
	{ EX_ACT_ACCEPT_TRANSFER, "releaser", "receiver" },
	{ EX_ACT_PICK_UP, "releaser", "carrier" },
	{ EX_ACT_COURT_RETURN, "releaser", NULL },
	{ EX_ACT_ENTRUST, "releaser", "keeper" },
	{ EX_ACT_RECALL, "keeper", NULL },
	{ EX_ACT_RETURN_ACCEPT, "custodian", "owner" },
	{ EX_ACT_DISPOSE_DONE, "executor", NULL },
	{ EX_ACT_FOUND, NULL, "custodian" },
};

static int
set_holder(struct ex_judging *j, const struct ex_party *p, struct ex_err *err)
{
	if (ex_json_set_text(j->item, "custodian", p->person, err) == -1)
		return -1;
	return ex_json_set_text(j->item, "custodian_org", p->org, err);
}

/* A station's image belongs to the examiner it works for. */
static int
set_parents_holder(struct ex_judging *j, struct ex_err *err)
{
	const char *who = ex_json_get_text(j->parent, "custodian");
	const char *org = ex_json_get_text(j->parent, "custodian_org");

	if (who == NULL || org == NULL)
		return 0;
	if (ex_json_set_text(j->item, "custodian", who, err) == -1)
		return -1;
	return ex_json_set_text(j->item, "custodian_org", org, err);
}

static int
check_giver(struct ex_judging *j, const char *role, struct ex_err *err)
{
	const struct ex_party *p = ex_event_party(j->e, role);
	const char *holder = ex_json_get_text(j->item, "custodian");

	/* In an emergency the duty officer stands in (judge_parties.c). */
	if (p == NULL || holder == NULL || holder[0] == '\0')
		return 0;
	if (strcmp(p->person, holder) == 0)
		return 0;
	return ex_fail(err, EX_DENIED, "%s is with %s, not with %s",
	    j->e->stream.id, holder, p->person);
}

static int
check_taker(struct ex_judging *j, const char *role, struct ex_err *err)
{
	const struct ex_party *p = ex_event_party(j->e, role);

	if (p != NULL)
		return set_holder(j, p, err);
	if (j->e->act == EX_ACT_CREATE)
		return set_parents_holder(j, err);
	p = ex_event_party(j->e, "duty_officer");
	return p == NULL ? 0 : set_holder(j, p, err);
}

/* The act names a place that the log knows, and the item is there now. */
static int
check_place(struct ex_judging *j, struct ex_err *err)
{
	const char *place = ex_event_text(j->e, "location");

	if (j->e->act == EX_ACT_PICK_UP)
		return ex_json_set_text(j->item, "location", "", err);
	if (place == NULL || j->e->act == EX_ACT_LATE_ENTRY)
		return 0;
	if (ex_judging_need(j, "location", place, err) == -1)
		return -1;
	if (j->e->act == EX_ACT_INVENTORY)
		return 0;
	return ex_json_set_text(j->item, "location", place, err);
}

/* Who has it already does not take it over. */
static int
check_absent(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_party *p = ex_event_party(j->e, "custodian");
	const char *holder = ex_json_get_text(j->item, "custodian");

	if (j->e->act != EX_ACT_TAKE_OVER || p == NULL || holder == NULL ||
	    strcmp(p->person, holder) != 0)
		return 0;
	return ex_fail(err, EX_DENIED,
	    "%s has %s already: nothing is taken over", p->person,
	    j->e->stream.id);
}

/* What is running is handed over with the item. */
static int
check_running(const struct ex_judging *j, struct ex_err *err)
{
	if (j->e->act != EX_ACT_HAND_OVER || j->from != EX_ACQUIRING ||
	    ex_json_get(j->e->pii, "running") != NULL)
		return 0;
	return ex_fail(err, EX_FORMAT,
	    "%s is being imaged: say what is running (--running)",
	    j->e->stream.id);
}

/* Only a transfer leaves the house. */
static int
check_inside(struct ex_judging *j, struct ex_err *err)
{
	const char *own = ex_json_get_text(j->log, "org");
	const struct ex_party *p = ex_event_party(j->e, "receiver");

	if (j->e->act != EX_ACT_HAND_OVER || own == NULL || p == NULL ||
	    strcmp(own, p->org) == 0)
		return 0;
	return ex_fail(err, EX_STATE,
	    "%s is of %s: what leaves the house is offered as a transfer",
	    p->person, p->org);
}

/* In its parent it is where that is, with whoever has that. */
static int
follow_parent(struct ex_judging *j, struct ex_err *err)
{
	static const char *const own[] = { "custodian", "custodian_org",
		"location" };

	if (j->e->act != EX_ACT_COMPONENT_IN)
		return 0;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (ex_json_set_text(j->item, own[i], "", err) == -1)
			return -1;
	return 0;
}

int
ex_judge_holder(struct ex_judging *j, struct ex_err *err)
{
	if (check_inside(j, err) == -1 || check_absent(j, err) == -1 ||
	    check_running(j, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		if (row[i].act != j->e->act)
			continue;
		if (row[i].giver != NULL &&
		    check_giver(j, row[i].giver, err) == -1)
			return -1;
		if (row[i].taker != NULL &&
		    check_taker(j, row[i].taker, err) == -1)
			return -1;
	}
	return follow_parent(j, err) == -1 ? -1 : check_place(j, err);
}

int
ex_authority_in_force(const struct ex_json *a, int64_t at)
{
	const char *from = ex_json_get_text(a, "from");
	const char *until = ex_json_get_text(a, "until");
	int64_t t;

	if (ex_json_get(a, "ended") != NULL)
		return 0;
	if (from != NULL && ex_time_read(&t, from, NULL) == 0 && at < t)
		return 0;
	return until == NULL || ex_time_read(&t, until, NULL) == -1 || at < t;
}

/* Acts that rest on a warrant, a consent or an order. */
static int
rests_on_authority(const struct ex_judging *j)
{
	return j->e->act == EX_ACT_CHECK_OUT ||
	       j->e->act == EX_ACT_ACQUIRE_START;
}

/* Packing what nobody had seized yet is its seizure. */
static int
is_seizure(const struct ex_judging *j)
{
	return j->e->act == EX_ACT_PACKAGE && j->from != EX_SEIZED;
}

/* A seizure says where, and in which record it stands. */
static int
check_seizure(const struct ex_judging *j, struct ex_err *err)
{
	if (!is_seizure(j))
		return 0;
	if (ex_event_text(j->e, "seizure_record") == NULL ||
	    ex_json_get(j->e->pii, "place") == NULL)
		return ex_fail(err, EX_FORMAT,
		    "%s was not seized yet: package it with its record and "
		    "place (--seizure-record, --place), or seize it first",
		    j->e->stream.id);
	return 0;
}

int
ex_judge_authority(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_json *all = ex_json_get(j->lawsuit, "authorities");
	const char *number = ex_event_text(j->e, "authority");
	const struct ex_json *a;

	if (check_seizure(j, err) == -1)
		return -1;
	if (number == NULL) {
		if ((j->e->act == EX_ACT_SEIZE || is_seizure(j)) &&
		    ex_json_get(j->e->pii, "exception") == NULL)
			return ex_fail(err, EX_STATE,
			    "a seizure names its authority, or why there is "
			    "none (exception)");
		if (rests_on_authority(j))
			ex_judging_find(j, "no-authority",
			    "%s without an authority on record",
			    j->e->def->name);
		return 0;
	}
	if (j->lawsuit == NULL && j->view->partial)
		return 0;
	a = ex_json_get(all, number);
	if (a != NULL && ex_authority_in_force(a, j->e->occurred_at))
		return 0;
	if (ex_judging_flag(j, "emergency")) {
		ex_judging_find(j, "authority-later",
		    "authority %s was not in the log yet", number);
		return 0;
	}
	return ex_fail(err, EX_STATE, "authority %s is %s", number,
	    a == NULL ? "not in the log of the case" : "not in force then");
}
