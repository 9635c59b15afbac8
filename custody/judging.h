/*
 * judging.h -- one event being judged (internal to custody/judge*.c).
 */
#ifndef CUSTODY_JUDGING_H
#define CUSTODY_JUDGING_H

#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "custody/admit.h"
#include "custody/event.h"
#include "custody/facts.h"
#include "custody/state.h"

struct ex_judging {
	struct ex_judgement *out;
	const struct ex_event *e;
	const struct ex_view *view;
	const struct ex_admit_options *options;
	struct ex_json *log;	 /* fact "log", NULL before the genesis */
	struct ex_json *policy;	 /* fact "policy" */
	struct ex_json *item;	 /* fact of the item, changed in place */
	struct ex_json *parent;	 /* another item's, likewise */
	struct ex_json *lawsuit; /* fact of the case, changed in place */
	enum ex_state from, to;
};

/*
 * A fact as it stands with this event's changes so far.  *out is the
 * caller's, NULL when there is none.
 */
int ex_judging_fact(struct ex_judging *j, const char *kind, const char *id,
    struct ex_json **out, struct ex_err *err);

/* Does a fact exist?  1 or 0, or -1. */
int ex_judging_has(
    struct ex_judging *j, const char *kind, const char *id, struct ex_err *err);

/* As above, but absence is EX_ABSENT, unless the view is partial. */
int ex_judging_need(
    struct ex_judging *j, const char *kind, const char *id, struct ex_err *err);

/* Record what the act shows about the evidence. */
void ex_judging_find(struct ex_judging *j, const char *code, const char *fmt,
    ...) __attribute__((__format__(__printf__, 3, 4)));

/*
 * Does the person hold one of these granted roles at the event's time?  1 or
 * 0, or -1.  NULL grants: anyone.
 */
int ex_judging_granted(struct ex_judging *j, const char *person,
    const char *const *grants, struct ex_err *err);

/*
 * Who does the act: the party in the first of its own roles that is there.
 * ex_judge_parties() has seen that there is one.
 */
const struct ex_party *ex_judging_actor(const struct ex_judging *j);

/* The clear field is there and 1. */
int ex_judging_flag(const struct ex_judging *j, const char *name);

/*
 * The end of an imaging with this result: EX_FORMAT when what it says of its
 * reading contradicts itself; findings for a source that is not stable.
 */
int
ex_judge_reading(struct ex_judging *j, const char *result, struct ex_err *err);

/* The attempts that an imaging names, and the image that it goes on from. */
int ex_judge_attempts(struct ex_judging *j, struct ex_err *err);

/* The parts of ex_judge(), in its order. */
int ex_judge_parties(struct ex_judging *j, struct ex_err *err);
int ex_judge_lab(struct ex_judging *j, struct ex_err *err);
int ex_judge_genesis(struct ex_judging *j, struct ex_err *err);
int ex_judge_keys(struct ex_judging *j, struct ex_err *err);
int ex_judge_rotate(struct ex_judging *j, struct ex_err *err);
int ex_judge_case(struct ex_judging *j, struct ex_err *err);
int ex_judge_item(struct ex_judging *j, struct ex_err *err);

/*
 * Parts of ex_judge_lab() that the genesis shares: a new fact of the house
 * that carries its entry's leaf (v is taken over), all roles of a list for a
 * person's fact, the policy of the event as the one in force.
 */
int ex_lab_put(struct ex_judging *j, const char *kind, const char *id,
    struct ex_json *v, struct ex_err *err);
int ex_lab_roles(struct ex_judging *j, struct ex_json *person,
    const struct ex_json *list, struct ex_err *err);
int ex_lab_policy(struct ex_judging *j, int64_t version, struct ex_err *err);

/* Parts of ex_judge_item(). */
int ex_judge_holder(struct ex_judging *j, struct ex_err *err);
int ex_judge_seal(struct ex_judging *j, struct ex_err *err);
int ex_judge_authority(struct ex_judging *j, struct ex_err *err);
int ex_judge_transfer(struct ex_judging *j, struct ex_err *err);
int ex_judge_imaging(struct ex_judging *j, struct ex_err *err);
int ex_judge_flags(struct ex_judging *j, struct ex_err *err);
int ex_judge_remark(struct ex_judging *j, struct ex_err *err);
int ex_judge_digital(struct ex_judging *j, struct ex_err *err);
int ex_judge_annul(struct ex_judging *j, struct ex_err *err);

/*
 * What of the item an act can change, as it is before this one; and, after
 * it, that it can be taken back to that (was is taken over).
 */
int
ex_annul_keep(struct ex_judging *j, struct ex_json **out, struct ex_err *err);
int
ex_annul_prepare(struct ex_judging *j, struct ex_json *was, struct ex_err *err);

/* What one row of the state table says (custody/state.c). */
enum {
	EX_TO_SAME = -1,    /* the state it was in */
	EX_TO_BEFORE = -2,  /* the state kept in "before" */
	EX_TO_COMPUTED = -3 /* by the act's own rule */
};

struct ex_rule {
	enum ex_act act;
	uint32_t from; /* bits 1 << enum ex_state */
	int to;	       /* enum ex_state or EX_TO_... */
	int begins;    /* from nowhere: it makes the item */
};

/* The row for this act; every act of an item has one. */
const struct ex_rule *ex_rule(enum ex_act act);

#define EX_STATE_BIT(state) (UINT32_C(1) << (unsigned)(state))

#endif
