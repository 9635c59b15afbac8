/*
 * judge_seal.c -- seals: what was expected, what was found, what replaces
 * it.  What was seen is recorded, never refused.
 */
#include <string.h>

#include "base/text.h"
#include "custody/judging.h"

static const char *
now(const struct ex_judging *j, const char *key)
{
	const char *text = ex_json_get_text(j->item, key);

	return text == NULL ? "" : text;
}

/* "none" stands for no seal. */
static const char *
named(const struct ex_judging *j)
{
	const char *seal = ex_event_text(j->e, "seal");

	return seal == NULL || strcmp(seal, "none") == 0 ? "" : seal;
}

static int
set(struct ex_judging *j, const char *seal, const char *state,
    struct ex_err *err)
{
	if (ex_json_set_text(j->item, "seal", seal, err) == -1)
		return -1;
	return ex_json_set_text(j->item, "seal_state", state, err);
}

/* The number is this item's from now on. */
static int
take_number(struct ex_judging *j, const char *seal, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL ||
	    ex_json_set_text(v, "item", j->e->stream.id, err) == -1 ||
	    ex_json_set_text(v, "leaf", "", err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_facts_put(&j->out->facts, "seal", seal, NULL, v, err);
}

/* It comes under a seal that somebody else applied. */
static int
comes_with(struct ex_judging *j, struct ex_err *err)
{
	const char *seal = named(j), *other;
	struct ex_json *v = NULL;

	if (seal[0] == '\0')
		return 0;
	if (ex_judging_fact(j, "seal", seal, &v, err) == -1)
		return -1;
	other = ex_json_get_text(v, "item");
	if (other != NULL && strcmp(other, j->e->stream.id) != 0)
		ex_judging_find(j, "seal-known",
		    "seal %s is known from another item", seal);
	ex_json_free(v);
	if (take_number(j, seal, err) == -1)
		return -1;
	return set(j, seal, "intact", err);
}

/* The number found instead of another may be known from another item. */
static int
found_number(struct ex_judging *j, const char *seal, struct ex_err *err)
{
	struct ex_json *v = NULL;
	const char *other;

	if (seal[0] == '\0' || strcmp(seal, now(j, "seal")) == 0)
		return 0;
	if (ex_judging_fact(j, "seal", seal, &v, err) == -1)
		return -1;
	other = ex_json_get_text(v, "item");
	if (other != NULL && strcmp(other, j->e->stream.id) != 0)
		ex_judging_find(j, "seal-known",
		    "seal %s is known from another item", seal);
	ex_json_free(v);
	return other != NULL ? 0 : take_number(j, seal, err);
}

/* The condition is a text; whether it is as it was, the act says. */
static void
compare_condition(struct ex_judging *j)
{
	const char *match = ex_event_text(j->e, "condition_match");

	if (match != NULL && strcmp(match, "differs") == 0)
		ex_judging_find(j, "condition-differs",
		    "the condition is not as it was on record");
}

/* Compare what was found with what was expected; findings say it. */
static int
seen(struct ex_judging *j, struct ex_err *err)
{
	const char *state = ex_event_text(j->e, "seal_state");
	const char *expected = now(j, "seal"), *found = named(j);
	size_t before = j->out->nfindings;
	char keep[80];

	if (state == NULL)
		return 0;
	if (strcmp(state, "damaged") == 0)
		ex_judging_find(
		    j, "seal-damaged", "seal %s was found damaged", found);
	else if (expected[0] != '\0' &&
		 (strcmp(state, "missing") == 0 || strcmp(state, "none") == 0))
		ex_judging_find(j, "seal-missing",
		    "seal %s was expected, none was found", expected);
	else if (strcmp(state, "differs") == 0 ||
		 (strcmp(state, "intact") == 0 && strcmp(found, expected) != 0))
		ex_judging_find(j, "seal-differs",
		    "seal %s was expected, %s was found",
		    expected[0] == '\0' ? "none" : expected,
		    found[0] == '\0' ? "none" : found);
	compare_condition(j);
	if (strcmp(state, "missing") == 0 || strcmp(state, "none") == 0)
		found = "";
	if (found_number(j, found, err) == -1)
		return -1;
	/* Nobody works on it until two people have looked into that. */
	if (j->out->nfindings > before &&
	    ex_json_set_int(j->item, "flags",
		ex_json_get_int(j->item, "flags", 0) | EX_FLAG_QUARANTINE,
		err) == -1)
		return -1;
	/* found may lead into what set() replaces. */
	(void)ex_text_shown(keep, sizeof(keep), found);
	return set(j, keep, state, err);
}

/* A new seal: a fresh number that names its predecessor. */
static int
apply(struct ex_judging *j, struct ex_err *err)
{
	const char *seal = named(j), *before = now(j, "last_seal");
	const char *says = ex_event_text(j->e, "predecessor");
	int used;

	if (seal[0] == '\0')
		return ex_fail(
		    err, EX_FORMAT, "\"none\" is no number of a seal");
	if (j->from != EX_OPENED && now(j, "seal")[0] != '\0' &&
	    strcmp(now(j, "seal_state"), "intact") == 0)
		return ex_fail(err, EX_STATE, "%s is under seal %s",
		    j->e->stream.id, now(j, "seal"));
	if (now(j, "seal")[0] != '\0')
		before = now(j, "seal");
	if (strcmp(says == NULL ? "" : says, before) != 0)
		return ex_fail(err, EX_STATE,
		    "the seal before was \"%s\", not \"%s\"", before,
		    says == NULL ? "" : says);
	used = ex_judging_has(j, "seal", seal, err);
	if (used == -1)
		return -1;
	if (used)
		return ex_fail(
		    err, EX_STATE, "seal number %s was used before", seal);
	j->to = j->from == EX_OPENED ? EX_CHECKED_OUT : j->from;
	if (take_number(j, seal, err) == -1)
		return -1;
	return set(j, seal, "intact", err);
}

static int
broken(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_party *witness = ex_event_party(j->e, "witness");
	char was[80];

	if (ex_json_get_int(j->policy, "witness_seal_break", 0) == 1 &&
	    witness == NULL)
		return ex_fail(err, EX_DENIED,
		    "the policy wants a witness when a seal is broken");
	(void)ex_text_shown(was, sizeof(was), now(j, "seal"));
	if (seen(j, err) == -1)
		return -1;
	if (was[0] == '\0')
		(void)ex_text_shown(was, sizeof(was), now(j, "seal"));
	if (was[0] != '\0' &&
	    ex_json_set_text(j->item, "last_seal", was, err) == -1)
		return -1;
	return set(j, "", "broken", err);
}

/* Under seal; or found without, which is said; or for a reason that the
 * policy lists. */
static int
check_sealed(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_json *list = ex_json_get(j->policy, "unsealed");
	const char *why = ex_event_text(j->e, "unsealed");
	const char *state = now(j, "seal_state");

	if (now(j, "seal")[0] != '\0' || strcmp(state, "damaged") == 0 ||
	    strcmp(state, "missing") == 0 || strcmp(state, "differs") == 0)
		return 0;
	if (why == NULL)
		return ex_fail(err, EX_STATE,
		    "%s is not sealed: seal it, or give --unsealed REASON",
		    j->e->stream.id);
	for (size_t i = 0; i < ex_json_count(list); i++)
		if (strcmp(ex_json_text(ex_json_at(list, i)), why) == 0)
			return 0;
	return ex_fail(err, EX_STATE,
	    "the policy does not permit \"%s\" as a reason for no seal", why);
}

int
ex_judge_seal(struct ex_judging *j, struct ex_err *err)
{
	switch ((int)j->e->act) {
	case EX_ACT_SEIZE:
	case EX_ACT_PACKAGE:
	case EX_ACT_ANNOUNCE:
		return comes_with(j, err);
	case EX_ACT_SEAL_APPLY:
		return apply(j, err);
	case EX_ACT_SEAL_BREAK:
		return broken(j, err);
	case EX_ACT_STORE:
	case EX_ACT_OFFER_TRANSFER:
		return check_sealed(j, err);
	case EX_ACT_CHECK_IN:
		return seen(j, err) == -1 ? -1 : check_sealed(j, err);
	case EX_ACT_RECEIVE:
		/* Of what was not announced, nothing was expected. */
		if (j->from == EX_NOWHERE && comes_with(j, err) == -1)
			return -1;
		return seen(j, err);
	case EX_ACT_TAKE_OVER:
	case EX_ACT_ACCEPT_TRANSFER:
	case EX_ACT_COURT_RETURN:
	case EX_ACT_FOUND:
	case EX_ACT_SEAL_CHECK:
	case EX_ACT_INVENTORY:
		return seen(j, err);
	default:
		return 0;
	}
}
