/*
 * continuity_chain.c -- what two entries that follow each other show: is
 * there always one custodian and one place, does time run on, is every change
 * of the seal somebody's act?
 */
#include <string.h>

#include "cases/continuity_parts.h"
#include "custody/state.h"

/* The item as one entry left it. */
struct link {
	const struct ex_event *event;
	const struct ex_json *fact;
};

static const char *
member(const struct link *l, const char *name)
{
	const char *text = ex_json_get_text(l->fact, name);

	return text != NULL ? text : "";
}

/* Must somebody hold a thing in this state? */
static int
needs_custodian(const struct link *l)
{
	enum ex_state state;

	if (ex_state_parse(&state, member(l, "state"), NULL) == -1)
		return 0;
	return !ex_state_final(state) && !ex_state_digital(state) &&
	       state != EX_NOWHERE && state != EX_IN_PARENT &&
	       state != EX_MISSING;
}

/* On the way, out of the house and before receipt the place is not ours. */
static int
needs_place(const struct link *l)
{
	enum ex_state state;

	if (ex_state_parse(&state, member(l, "state"), NULL) == -1)
		return 0;
	return state == EX_RECEIVED || state == EX_IN_STORE;
}

/* Does the act say what became of the seal, or take back what did? */
static int
seals(const struct ex_event *e)
{
	return ex_event_text(e, "seal") != NULL ||
	       ex_event_text(e, "seal_state") != NULL || e->act == EX_ACT_ANNUL;
}

static int
compare(struct ex_continuity *c, const char *item, const struct link *before,
    const struct link *now, struct ex_err *err)
{
	uint64_t a = before->event->seq, b = now->event->seq;

	if (now->event->occurred_at < before->event->occurred_at &&
	    now->event->act != EX_ACT_LATE_ENTRY &&
	    ex_continuity_add(c, item, "overlap", a, b, NULL, err) == -1)
		return -1;
	if (member(before, "custodian")[0] == '\0' && needs_custodian(before) &&
	    ex_continuity_add(c, item, "gap", a, b, NULL, err) == -1)
		return -1;
	if (member(before, "location")[0] == '\0' && needs_place(before) &&
	    ex_continuity_add(c, item, "no-place", a, b, NULL, err) == -1)
		return -1;
	if (!seals(now->event) &&
	    (strcmp(member(before, "seal"), member(now, "seal")) != 0 ||
		strcmp(member(before, "seal_state"),
		    member(now, "seal_state")) != 0))
		return ex_continuity_add(
		    c, item, "seal-unexplained", a, b, NULL, err);
	return 0;
}

int
ex_continuity_chain(struct ex_continuity *c, const struct ex_record *r,
    const char *item, struct ex_err *err)
{
	struct link before = { NULL, NULL }, now;

	for (size_t i = 0; i < r->nentries; i++) {
		now.event = &r->entry[i]->admission.event;
		now.fact = ex_record_after(r->entry[i], "item", item);
		if (now.fact == NULL || !ex_record_of_item(r->entry[i], item))
			continue;
		if (before.event == NULL) {
			c->seized = now.event->act == EX_ACT_SEIZE;
			c->since = now.event->occurred_at;
		} else if (compare(c, item, &before, &now, err) == -1) {
			return -1;
		}
		before = now;
	}
	return 0;
}
