/*
 * judge_item.c -- acts of an item: the table of states, and what every act
 * has in common.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "custody/judging.h"

static const char *
text_of(const struct ex_json *v, const char *key)
{
	const char *text = ex_json_get_text(v, key);

	return text == NULL ? "" : text;
}

/* The names of the states in a set, as many as fit. */
static void
name_states(char *out, size_t size, uint32_t set)
{
	size_t used = 0;

	out[0] = '\0';
	for (int s = 1; s < EX_STATES && used + 24 < size; s++)
		if ((set & EX_STATE_BIT(s)) != 0)
			used += (size_t)snprintf(out + used, size - used,
			    "%s%s", used == 0 ? "" : ", ",
			    ex_state_name((enum ex_state)s));
}

/*
 * Somebody brings what was on no list: it is received with what would have
 * announced it, or it is a slip of the number.
 */
static int
is_slip(const struct ex_judging *j)
{
	return j->e->act == EX_ACT_RECEIVE && j->from == EX_NOWHERE &&
	       ex_event_text(j->e, "case") == NULL;
}

static int
check_state(struct ex_judging *j, const struct ex_rule *r, struct ex_err *err)
{
	char allowed[320]; /* all states that are not final */

	if ((r->from & EX_STATE_BIT(j->from)) != 0 && !is_slip(j))
		return 0;
	if (j->from == EX_NOWHERE)
		return ex_fail(
		    err, EX_ABSENT, "there is no item %s", j->e->stream.id);
	name_states(allowed, sizeof(allowed), r->from);
	return ex_fail(err, EX_STATE,
	    "%s is not possible while it is %s; it needs %s", j->e->def->name,
	    ex_state_name(j->from),
	    allowed[0] == '\0' ? "a new item" : allowed);
}

/* The item as it stands, and the case it belongs to. */
static int
load(struct ex_judging *j, struct ex_err *err)
{
	const char *number;

	if (ex_judging_fact(j, "item", j->e->stream.id, &j->item, err) == -1)
		return -1;
	j->from = EX_NOWHERE;
	if (j->item != NULL &&
	    ex_state_parse(&j->from, text_of(j->item, "state"), err) == -1)
		return -1;
	number = j->item != NULL ? ex_json_get_text(j->item, "case")
				 : ex_event_text(j->e, "case");
	if (number == NULL || strlen(number) > EX_CASE_MAX)
		return 0;
	memcpy(j->out->case_number, number, strlen(number) + 1);
	return ex_judging_fact(j, "case", number, &j->lawsuit, err);
}

/* Clear fields that describe a thing and go into its fact. */
static int
describe(struct ex_judging *j, struct ex_err *err)
{
	static const char *const names[] = { "kind", "capacity", "quantity",
		"parent", "relation", "format", "size" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct ex_json *f = ex_json_get(j->e->fields, names[i]);

		if (f != NULL &&
		    ex_json_set(j->item, names[i], ex_json_copy(f), err) == -1)
			return -1;
	}
	/* That one was announced; what it says is committed. */
	if (ex_json_get(j->e->pii, "serial") != NULL)
		return ex_json_set_int(j->item, "serial", 1, err);
	return 0;
}

static int
is_digital(const struct ex_judging *j)
{
	const char *nature = ex_event_text(j->e, "nature");

	if (j->e->act == EX_ACT_IMPORT)
		return 1;
	return nature != NULL && strcmp(nature, "digital") == 0;
}

static int
blank(struct ex_judging *j, struct ex_err *err)
{
	static const char *const empty[] = { "custodian", "custodian_org",
		"location", "seal", "seal_state", "last_seal" };

	if ((j->item = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
		if (ex_json_set_text(j->item, empty[i], "", err) == -1)
			return -1;
	if (ex_json_set_text(j->item, "case", j->out->case_number, err) == -1 ||
	    ex_json_set_text(j->item, "nature",
		is_digital(j) ? "digital" : "physical", err) == -1 ||
	    ex_json_set_int(j->item, "flags", 0, err) == -1 ||
	    ex_json_set(j->item, "images", ex_json_array(), err) == -1)
		return -1;
	return ex_json_set(j->item, "findings", ex_json_array(), err);
}

/* What nobody announced is announced in the act that receives it. */
static int
check_unlisted(struct ex_judging *j, struct ex_err *err)
{
	if (j->e->act != EX_ACT_RECEIVE)
		return 0;
	if (ex_event_text(j->e, "kind") == NULL ||
	    ex_event_text(j->e, "seizure_record") == NULL ||
	    ex_json_get(j->e->pii, "description") == NULL)
		return ex_fail(err, EX_FORMAT,
		    "%s was not announced: give its kind, description and "
		    "seizure record as well",
		    j->e->stream.id);
	ex_judging_find(
	    j, "unlisted", "%s was on no list of what comes", j->e->stream.id);
	return 0;
}

/* A new item: in an open case, listed there, under a number of its own. */
static int
begin(struct ex_judging *j, struct ex_err *err)
{
	struct ex_json *items;
	const char *status;

	if (j->out->case_number[0] == '\0')
		return ex_fail(
		    err, EX_FORMAT, "a new item needs the field \"case\"");
	if (j->lawsuit == NULL && !j->view->partial)
		return ex_fail(
		    err, EX_ABSENT, "there is no case %s", j->out->case_number);
	status = ex_json_get_text(j->lawsuit, "status");
	if (status != NULL && strcmp(status, "closed") == 0)
		return ex_fail(
		    err, EX_STATE, "case %s is closed", j->out->case_number);
	if (check_unlisted(j, err) == -1 || blank(j, err) == -1 ||
	    describe(j, err) == -1)
		return -1;
	if (j->lawsuit == NULL)
		return 0;
	items = ex_json_get_mutable(j->lawsuit, "items");
	if (ex_json_add(items, ex_json_string(j->e->stream.id), err) == -1)
		return -1;
	return ex_facts_put(&j->out->facts, "case", j->out->case_number,
	    j->out->case_number, ex_json_ref(j->lawsuit), err);
}

/* Ends of what was going on, which another beginning does not continue. */
static int
forget(struct ex_judging *j, struct ex_err *err)
{
	static const char *const gone[] = { "before", "transfer", "acquisition",
		"disposal", "ordered_examiner" };
	static const char *const empty[] = { "seal", "seal_state",
		"last_seal" };

	if (!ex_state_final(j->from) && j->e->act != EX_ACT_FOUND)
		return 0;
	if (j->e->act != EX_ACT_SEIZE && j->e->act != EX_ACT_PACKAGE &&
	    j->e->act != EX_ACT_FOUND)
		return 0;
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		ex_json_unset(j->item, gone[i]);
	/* What was lost is looked for under the seal that it had. */
	if (j->e->act == EX_ACT_FOUND)
		return 0;
	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
		if (ex_json_set_text(j->item, empty[i], "", err) == -1)
			return -1;
	return 0;
}

/* The act is on an item of the case that it names. */
static int
check_case(const struct ex_judging *j, struct ex_err *err)
{
	const char *named = ex_event_text(j->e, "case");

	if (named == NULL || strcmp(named, j->out->case_number) == 0)
		return 0;
	return ex_fail(err, EX_STATE, "%s belongs to case %s", j->e->stream.id,
	    j->out->case_number);
}

/* The state after, where the table says it; the acts' own rules may have. */
static int
settle(struct ex_judging *j, const struct ex_rule *r, struct ex_err *err)
{
	const char *before;

	if (r->to >= 0)
		j->to = (enum ex_state)r->to;
	else if (r->to == EX_TO_SAME)
		j->to = j->from;
	else if (r->to == EX_TO_BEFORE) {
		before = ex_json_get_text(j->item, "before");
		if (before == NULL)
			return ex_fail(err, EX_STATE,
			    "%s has no state to go back to", j->e->stream.id);
		if (ex_state_parse(&j->to, before, err) == -1)
			return -1;
		ex_json_unset(j->item, "before");
	}
	(void)snprintf(j->out->state_after, sizeof(j->out->state_after), "%s",
	    ex_state_name(j->to));
	return ex_json_set_text(j->item, "state", ex_state_name(j->to), err);
}

/* What the act showed stays with the item. */
static int
keep_findings(struct ex_judging *j, struct ex_err *err)
{
	struct ex_json *list = ex_json_get_mutable(j->item, "findings");

	for (size_t i = 0; i < j->out->nfindings; i++) {
		struct ex_json *v = ex_json_object();

		if (v == NULL ||
		    ex_json_set_text(v, "code", j->out->finding[i].code, err) ==
			-1 ||
		    ex_json_set_int(v, "seq", (int64_t)j->e->seq, err) == -1) {
			ex_json_free(v);
			return ex_fail(err, EX_SYSTEM, "out of memory");
		}
		if (ex_json_add(list, v, err) == -1)
			return -1;
	}
	return 0;
}

/* The rules beside the table, each for the acts that it concerns. */
static int
judge_act(struct ex_judging *j, struct ex_err *err)
{
	if (ex_judge_authority(j, err) == -1 ||
	    ex_judge_transfer(j, err) == -1 || ex_judge_imaging(j, err) == -1 ||
	    ex_judge_holder(j, err) == -1)
		return -1;
	if (ex_judge_seal(j, err) == -1 || ex_judge_flags(j, err) == -1 ||
	    ex_judge_remark(j, err) == -1 || ex_judge_digital(j, err) == -1)
		return -1;
	return j->e->act == EX_ACT_ANNUL ? ex_judge_annul(j, err) : 0;
}

int
ex_judge_item(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_rule *r = ex_rule(j->e->act);
	struct ex_json *was = NULL;
	int rc = -1;

	if (load(j, err) == -1 || check_state(j, r, err) == -1)
		return -1;
	if (j->from == EX_NOWHERE && begin(j, err) == -1)
		return -1;
	if (check_case(j, err) == -1 || ex_annul_keep(j, &was, err) == -1)
		return -1;
	j->to = j->from;
	if (forget(j, err) == -1 || judge_act(j, err) == -1 ||
	    settle(j, r, err) == -1 || keep_findings(j, err) == -1)
		goto out;
	rc = ex_annul_prepare(j, was, err);
	was = NULL;
	if (rc == -1)
		goto out;
	rc = ex_facts_put(&j->out->facts, "item", j->e->stream.id,
	    j->out->case_number, ex_json_ref(j->item), err);
out:
	ex_json_free(was);
	return rc;
}
