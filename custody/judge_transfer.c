/*
 * judge_transfer.c -- items on their way out of the house and back.
 */
#include <stdio.h>
#include <string.h>

#include "custody/judging.h"

static const struct ex_json *
transfer(const struct ex_judging *j)
{
	return ex_json_get(j->item, "transfer");
}

/* Begin a transfer to a person; kept until it is accepted or cancelled. */
static int
start(struct ex_judging *j, const char *to, const char *from,
    const char *method, struct ex_err *err)
{
	struct ex_json *t = ex_json_object();

	if (t == NULL || ex_json_set_text(t, "to", to, err) == -1 ||
	    ex_json_set_text(t, "from", from, err) == -1 ||
	    ex_json_set_text(t, "method", method == NULL ? "in_person" : method,
		err) == -1 ||
	    ex_json_set_text(t, "direction", "out", err) == -1 ||
	    ex_json_set_int(t, "picked_up", 0, err) == -1) {
		ex_json_free(t);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	if (ex_json_set(j->item, "transfer", t, err) == -1)
		return -1;
	return ex_json_set_text(j->item, "before", ex_state_name(j->from), err);
}

static int
offer(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_party *p = ex_event_party(j->e, "releaser");
	const char *to = ex_event_text(j->e, "to");

	if (ex_judging_need(j, "person", to, err) == -1)
		return -1;
	if (strcmp(to, p->person) == 0)
		return ex_fail(
		    err, EX_DENIED, "%s cannot offer it to themselves", to);
	return start(j, to, p->person, ex_event_text(j->e, "method"), err);
}

/* The act is by the one that the transfer names under key. */
static int
check_named(
    struct ex_judging *j, const char *role, const char *key, struct ex_err *err)
{
	const struct ex_party *p = ex_event_party(j->e, role);
	const char *name = ex_json_get_text(transfer(j), key);

	if (p == NULL || name == NULL)
		return ex_fail(err, EX_STATE, "no transfer is under way");
	if (strcmp(p->person, name) != 0)
		return ex_fail(err, EX_DENIED, "the transfer names %s, not %s",
		    name, p->person);
	return 0;
}

/* Where it is then: by the receiver's house and role. */
static int
arrive(struct ex_judging *j, struct ex_err *err)
{
	static const char *const keeper[] = { "evidence_custodian", NULL };
	const struct ex_party *p = ex_event_party(j->e, "receiver");
	const char *own = ex_json_get_text(j->log, "org"), *kind;
	struct ex_json *org = NULL;
	int granted;

	if (check_named(j, "receiver", "to", err) == -1)
		return -1;
	ex_json_unset(j->item, "transfer");
	ex_json_unset(j->item, "before");
	if (ex_judging_flag(j, "final")) {
		if (own != NULL && strcmp(own, p->org) == 0)
			return ex_fail(err, EX_STATE,
			    "%s is of this house: nothing left it for good",
			    p->person);
		j->to = EX_TRANSFERRED_OUT;
		return 0;
	}
	if (own != NULL && strcmp(own, p->org) == 0) {
		granted = ex_judging_granted(j, p->person, keeper, err);
		j->to = granted == 1 ? EX_IN_STORE : EX_CHECKED_OUT;
		return granted == -1 ? -1 : 0;
	}
	if (ex_judging_fact(j, "org", p->org, &org, err) == -1)
		return -1;
	kind = ex_json_get_text(org, "kind");
	j->to = kind != NULL && (strcmp(kind, "court") == 0 ||
				    strcmp(kind, "prosecutors_office") == 0)
		    ? EX_AT_COURT
		    : EX_AT_EXTERNAL;
	ex_json_free(org);
	return 0;
}

/* It goes back to the one who sent it. */
static int
turn_back(struct ex_judging *j, struct ex_err *err)
{
	struct ex_json *t = ex_json_get_mutable(j->item, "transfer");
	char to[EX_NAME_TEXT], from[EX_NAME_TEXT];

	if (check_named(j, "receiver", "to", err) == -1)
		return -1;
	(void)snprintf(to, sizeof(to), "%s", ex_json_get_text(t, "from"));
	(void)snprintf(from, sizeof(from), "%s", ex_json_get_text(t, "to"));
	if (ex_json_set_text(t, "to", to, err) == -1 ||
	    ex_json_set_text(t, "from", from, err) == -1)
		return -1;
	return ex_json_set_text(t, "direction", "back", err);
}

static int
cancel(struct ex_judging *j, struct ex_err *err)
{
	const char *direction;

	if (check_named(j, "releaser", "from", err) == -1)
		return -1;
	direction = ex_json_get_text(transfer(j), "direction");
	if (direction == NULL || strcmp(direction, "out") != 0)
		return ex_fail(
		    err, EX_STATE, "it was refused and is on its way back");
	if (ex_json_get_int(transfer(j), "picked_up", 0) != 0)
		return ex_fail(err, EX_STATE, "it was picked up already");
	ex_json_unset(j->item, "transfer");
	return 0;
}

static int
pick_up(struct ex_judging *j, struct ex_err *err)
{
	if (check_named(j, "releaser", "from", err) == -1)
		return -1;
	return ex_json_set_int(
	    ex_json_get_mutable(j->item, "transfer"), "picked_up", 1, err);
}

/* Both come with the receiver; the item is on its way to it. */
static int
come_back(
    struct ex_judging *j, const char *from, const char *to, struct ex_err *err)
{
	const struct ex_party *giver = ex_event_party(j->e, from);
	const struct ex_party *taker = ex_event_party(j->e, to);

	return start(j, taker->person, giver->person,
	    ex_event_text(j->e, "method"), err);
}

static int
entrust(struct ex_judging *j, struct ex_err *err)
{
	const char *examiner = ex_event_text(j->e, "examiner");

	if (examiner == NULL)
		return 0;
	if (ex_judging_need(j, "person", examiner, err) == -1)
		return -1;
	return ex_json_set_text(j->item, "ordered_examiner", examiner, err);
}

static int
elsewhere(struct ex_judging *j, struct ex_err *err)
{
	return ex_state_parse(&j->to, ex_event_text(j->e, "outcome"), err);
}

/* Taken over on the road: the transfer goes on from the new holder. */
static int
take_over(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_party *p = ex_event_party(j->e, "custodian");
	struct ex_json *t = ex_json_get_mutable(j->item, "transfer");

	if (t == NULL)
		return 0;
	return ex_json_set_text(t, "from", p->person, err);
}

int
ex_judge_transfer(struct ex_judging *j, struct ex_err *err)
{
	switch ((int)j->e->act) {
	case EX_ACT_OFFER_TRANSFER:
		return offer(j, err);
	case EX_ACT_ACCEPT_TRANSFER:
		return arrive(j, err);
	case EX_ACT_REFUSE_TRANSFER:
		return turn_back(j, err);
	case EX_ACT_CANCEL_TRANSFER:
		return cancel(j, err);
	case EX_ACT_PICK_UP:
		return pick_up(j, err);
	case EX_ACT_COURT_RETURN:
		return come_back(j, "releaser", "receiver", err);
	case EX_ACT_RECALL:
		return come_back(j, "keeper", "releaser", err);
	case EX_ACT_ENTRUST:
		return entrust(j, err);
	case EX_ACT_TAKE_OVER:
		return take_over(j, err);
	case EX_ACT_DISPOSED_ELSEWHERE:
		return elsewhere(j, err);
	default:
		return 0;
	}
}
