/*
 * judge_imaging.c -- imaging a medium, and what is made from an item.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "custody/judging.h"

/* The other item that the act names; *out is the caller's. */
static int
load_parent(struct ex_judging *j, struct ex_err *err)
{
	const char *id = ex_event_text(j->e, "parent");

	if (id == NULL)
		return 0;
	if (ex_judging_fact(j, "item", id, &j->parent, err) == -1)
		return -1;
	if (j->parent == NULL && !j->view->partial)
		return ex_fail(err, EX_ABSENT, "there is no item %s", id);
	return 0;
}

/* "in_date", "expired" or "none": how a term stands at the event's time. */
static const char *
term(const struct ex_json *v, const char *key, int64_t at)
{
	const char *until = ex_json_get_text(v, key);
	int64_t end;

	if (until == NULL || ex_time_read(&end, until, NULL) == -1)
		return "none";
	return at < end ? "in_date" : "expired";
}

/* What the log says about a term must be what the act says. */
static int
check_term(struct ex_judging *j, const char *kind, const char *id,
    const char *key, const char *field, struct ex_err *err)
{
	const char *says = ex_event_text(j->e, field), *is;
	struct ex_json *v = NULL;

	if (id != NULL && ex_judging_fact(j, kind, id, &v, err) == -1)
		return -1;
	is = term(v, key, j->e->occurred_at);
	ex_json_free(v);
	if (strcmp(says, is) != 0)
		return ex_fail(err, EX_STATE,
		    "%s: the log says \"%s\", not \"%s\"", field, is, says);
	if (strcmp(is, "in_date") == 0)
		return 0;
	if (ex_json_get_int(j->policy, "validation_required", 0) == 1 &&
	    ex_event_text(j->e, "deviation") == NULL)
		return ex_fail(err, EX_STATE,
		    "%s is \"%s\": the policy wants it in date, or a "
		    "deviation named",
		    field, is);
	return 0;
}

/* The examiner's competence and the tool's validation, as on record. */
static int
check_terms(struct ex_judging *j, struct ex_err *err)
{
	const char *deviation = ex_event_text(j->e, "deviation");
	const struct ex_party *p = ex_event_party(j->e, "examiner");
	const char *tool = ex_event_text(j->e, "tool");
	uint8_t leaf[EX_HASH];
	struct ex_entry_ref ref;
	char id[2 * EX_NAME_TEXT + 1];

	(void)snprintf(id, sizeof(id), "%s/imaging", p->person);
	if (tool != NULL && ex_judging_need(j, "tool", tool, err) == -1)
		return -1;
	if (check_term(j, "competence", id, "until", "competence", err) == -1 ||
	    check_term(j, "tool", tool, "validated_until", "tool_validation",
		err) == -1)
		return -1;
	if (deviation == NULL)
		return 0;
	if (ex_json_need_hex(leaf, EX_HASH, j->e->fields, "deviation", err) ==
		-1 ||
	    j->view->entry(j->view->arg, leaf, &ref, err) == -1)
		return -1;
	if (ref.act != EX_ACT_DEVIATION)
		return ex_fail(
		    err, EX_STATE, "\"deviation\" names an entry that is none");
	return 0;
}

/* By whom imaging may be begun, as the item stands. */
static int
check_examiner(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_party *p = ex_event_party(j->e, "examiner");
	const char *who = ex_json_get_text(j->item, "custodian");
	const char *before = ex_json_get_text(j->item, "before");

	if (j->from == EX_HELD_BY_OTHER ||
	    (j->from == EX_ACQUIRING && before != NULL &&
		strcmp(before, ex_state_name(EX_HELD_BY_OTHER)) == 0)) {
		who = ex_json_get_text(j->item, "ordered_examiner");
		if (who == NULL)
			return ex_fail(
			    err, EX_STATE, "the order names no examiner");
	}
	if (who == NULL || strcmp(who, p->person) != 0)
		return ex_fail(err, EX_DENIED, "%s is with %s, not with %s",
		    j->e->stream.id, who == NULL ? "nobody" : who, p->person);
	return 0;
}

static const char *
acquisition(const struct ex_judging *j)
{
	return ex_json_get_text(ex_json_get(j->item, "acquisition"), "id");
}

/* The acquisition that is going on, and no other. */
static int
check_same(struct ex_judging *j, struct ex_err *err)
{
	const char *is = acquisition(j);
	const char *says = ex_event_text(j->e, "acquisition");

	if (is != NULL && strcmp(is, says) == 0)
		return 0;
	return ex_fail(err, EX_STATE, "another acquisition is going on: %s",
	    is == NULL ? "none" : is);
}

static int
begin(struct ex_judging *j, struct ex_err *err)
{
	const char *seal = ex_json_get_text(j->item, "seal");
	const struct ex_party *p = ex_event_party(j->e, "examiner");
	struct ex_json *v;

	if (check_terms(j, err) == -1 || check_examiner(j, err) == -1)
		return -1;
	if (ex_judging_flag(j, "live") &&
	    ex_json_get(j->e->pii, "reason") == NULL)
		return ex_fail(err, EX_FORMAT,
		    "a running system was imaged: the reason is missing");
	if (j->from == EX_ACQUIRING && !ex_judging_flag(j, "resumed"))
		return ex_fail(err, EX_STATE,
		    "%s is being imaged; resume or abandon that",
		    j->e->stream.id);
	if (ex_judging_flag(j, "resumed") && check_same(j, err) == -1)
		return -1;
	if (ex_judge_attempts(j, err) == -1)
		return -1;
	if (j->from == EX_ACQUIRING)
		return 0;
	if (seal != NULL && seal[0] != '\0')
		return ex_fail(err, EX_STATE,
		    "%s is under seal %s: break it first", j->e->stream.id,
		    seal);
	v = ex_json_object();
	if (v == NULL ||
	    ex_json_set_text(
		v, "id", ex_event_text(j->e, "acquisition"), err) == -1 ||
	    ex_json_set_text(v, "examiner", p->person, err) == -1 ||
	    ex_json_set_text(v, "leaf", "", err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	if (ex_json_set(j->item, "acquisition", v, err) == -1)
		return -1;
	return ex_json_set_text(j->item, "before", ex_state_name(j->from), err);
}

/* Of machine facts: the examiner's own word, or the station's under it. */
static int
check_machine(
    struct ex_judging *j, const struct ex_json *item, struct ex_err *err)
{
	const struct ex_party *station = ex_event_party(j->e, "station");
	const char *who = ex_json_get_text(item, "custodian");
	struct ex_json *v = NULL;
	char id[2 * EX_NAME_TEXT + 1];
	const char *until;
	int64_t end;
	int valid;

	if (ex_event_party(j->e, "examiner") != NULL ||
	    ex_event_party(j->e, "prosecutor") != NULL || station == NULL)
		return 0;
	(void)snprintf(
	    id, sizeof(id), "%s/%s", station->person, who == NULL ? "" : who);
	if (ex_judging_fact(j, "delegate", id, &v, err) == -1)
		return -1;
	until = ex_json_get_text(v, "until");
	valid = v != NULL &&
		(until == NULL || (ex_time_read(&end, until, NULL) == 0 &&
				      j->e->time_claimed < end));
	ex_json_free(v);
	if (!valid)
		return ex_fail(err, EX_DENIED, "%s has no delegate of %s",
		    station->person, who == NULL ? "anybody" : who);
	ex_judging_find(j, "unconfirmed",
	    "machine facts by %s, to be confirmed by %s", station->person, who);
	return 0;
}

/* An examiner who ends it without the station is the one who has it. */
static int
check_own_word(struct ex_judging *j, struct ex_err *err)
{
	if (ex_event_party(j->e, "examiner") == NULL)
		return 0;
	return check_examiner(j, err);
}

/* An image was made: two digests at least, SHA-256 among them. */
static int
check_digests(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_json *list = j->e->digests;

	for (size_t i = 0; i < ex_json_count(list); i++) {
		const char *alg = ex_json_get_text(ex_json_at(list, i), "alg");

		if (ex_json_count(list) >= 2 && strcmp(alg, "sha256") == 0)
			return 0;
	}
	return ex_fail(
	    err, EX_FORMAT, "an image takes SHA-256 and one digest more");
}

/* One that is paused can only be given up; the item stays as it is. */
static int
end_paused(struct ex_judging *j, const char *result, struct ex_err *err)
{
	if (j->from == EX_ACQUIRING)
		return 0;
	if (strcmp(result, "aborted") != 0)
		return ex_fail(err, EX_STATE,
		    "imaging of %s is paused: resume it, or abandon it",
		    j->e->stream.id);
	return ex_json_set_text(j->item, "before", ex_state_name(j->from), err);
}

static int
end(struct ex_judging *j, struct ex_err *err)
{
	const char *result = ex_event_text(j->e, "result");
	const char *image = ex_event_text(j->e, "image");
	int without =
	    strcmp(result, "aborted") == 0 || strcmp(result, "failed") == 0;
	struct ex_json *images;

	if (check_same(j, err) == -1 || end_paused(j, result, err) == -1 ||
	    check_own_word(j, err) == -1 ||
	    check_machine(j, j->item, err) == -1)
		return -1;
	ex_json_unset(j->item, "acquisition");
	if (strcmp(result, "complete") != 0)
		ex_judging_find(
		    j, "acquisition", "imaging ended \"%s\"", result);
	if (ex_judge_reading(j, result, err) == -1)
		return -1;
	if (without)
		return image == NULL ? 0
				     : ex_fail(err, EX_FORMAT,
					   "\"%s\" leaves no image", result);
	if (image == NULL)
		return ex_fail(err, EX_FORMAT, "acquire_end names no image");
	if (check_digests(j, err) == -1)
		return -1;
	images = ex_json_get_mutable(j->item, "images");
	return ex_json_add(images, ex_json_string(image), err);
}

static int
list_names(const struct ex_json *list, const char *id)
{
	for (size_t i = 0; i < ex_json_count(list); i++)
		if (strcmp(ex_json_text(ex_json_at(list, i)), id) == 0)
			return 1;
	return 0;
}

/* An image's parent says that it was made. */
static int
check_image(struct ex_judging *j, struct ex_err *err)
{
	const char *relation = ex_event_text(j->e, "relation");

	if (relation == NULL || strcmp(relation, "image_of") != 0)
		return 0;
	if (j->parent == NULL)
		return j->view->partial
			   ? 0
			   : ex_fail(err, EX_FORMAT, "an image has a parent");
	if (!list_names(ex_json_get(j->parent, "images"), j->e->stream.id))
		return ex_fail(err, EX_STATE, "%s was not imaged to %s",
		    ex_event_text(j->e, "parent"), j->e->stream.id);
	return check_digests(j, err);
}

static int
create(struct ex_judging *j, struct ex_err *err)
{
	const char *nature = ex_event_text(j->e, "nature");
	int digital = strcmp(nature, "digital") == 0;
	enum ex_state of = EX_NOWHERE;
	const char *state;

	j->to = digital ? EX_CREATED : EX_OPENED;
	if (load_parent(j, err) == -1 || check_machine(j, j->parent, err) == -1)
		return -1;
	if (j->parent == NULL)
		return check_image(j, err);
	state = ex_json_get_text(j->parent, "state");
	if (state == NULL || ex_state_parse(&of, state, err) == -1)
		return ex_fail(err, EX_FORMAT, "the parent has no state");
	if (of == EX_CREATED || of == EX_PURGED)
		return ex_fail(err, EX_STATE,
		    "%s was %s: nothing is made from it",
		    ex_event_text(j->e, "parent"),
		    of == EX_PURGED ? "purged" : "never verified");
	return check_image(j, err);
}

/*
 * What others made comes in as it is found: a set that is damaged, incomplete
 * or not what its own digests say is a finding, never a refusal.
 */
static int
import(struct ex_judging *j, struct ex_err *err)
{
	const char *verdict = ex_event_text(j->e, "verdict");
	const char *tool = ex_event_text(j->e, "tool");

	if (load_parent(j, err) == -1 ||
	    (tool != NULL && ex_judging_need(j, "tool", tool, err) == -1))
		return -1;
	if (verdict == NULL || strcmp(verdict, "ok") == 0 ||
	    strcmp(verdict, "nothing_stored") == 0)
		return 0;
	ex_judging_find(j, "fixity", "imported as \"%s\"", verdict);
	return ex_json_set_int(j->item, "flags",
	    ex_json_get_int(j->item, "flags", 0) | EX_FLAG_FIXITY, err);
}

/* The parent's entry: it lists the parts, beside those of earlier acts. */
static int
list_parts(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_json *list = ex_json_get(j->e->fields, "children");
	struct ex_json *all;

	if (list == NULL)
		return ex_fail(err, EX_FORMAT, "the parent names no children");
	if (ex_json_get(j->item, "children") == NULL &&
	    ex_json_set(j->item, "children", ex_json_array(), err) == -1)
		return -1;
	all = ex_json_get_mutable(j->item, "children");
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const char *id = ex_json_text(ex_json_at(list, i));

		if (strcmp(id, j->e->stream.id) == 0)
			return ex_fail(
			    err, EX_FORMAT, "%s is no part of itself", id);
		if (!list_names(all, id) &&
		    ex_json_add(all, ex_json_string(id), err) == -1)
			return -1;
	}
	return 0;
}

/* The part's own entry: its parent is open and lists it. */
static int
be_part(struct ex_judging *j, struct ex_err *err)
{
	const char *parent = ex_event_text(j->e, "parent");
	const char *state;

	if (parent == NULL)
		return ex_fail(err, EX_FORMAT, "a part names its parent");
	if (load_parent(j, err) == -1)
		return -1;
	if (j->parent == NULL)
		return 0;
	state = ex_json_get_text(j->parent, "state");
	if (state == NULL || strcmp(state, "OPENED") != 0)
		return ex_fail(err, EX_STATE, "%s is not opened", parent);
	if (!list_names(ex_json_get(j->parent, "children"), j->e->stream.id))
		return ex_fail(err, EX_STATE, "%s does not list %s as a part",
		    parent, j->e->stream.id);
	return ex_json_set_text(j->item, "parent", parent, err);
}

/* A part taken out, or a lot split: the parent lists it, both are open. */
static int
part(struct ex_judging *j, struct ex_err *err)
{
	return j->from == EX_OPENED ? list_parts(j, err) : be_part(j, err);
}

/* A part of nowhere has its maker as holder, as the parent has. */
static int
hold_part(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_party *p = ex_event_party(j->e, "examiner");
	const char *holder = ex_json_get_text(
	    j->from == EX_OPENED ? j->item : j->parent, "custodian");
	const char *place;

	if (holder != NULL && strcmp(holder, p->person) != 0)
		return ex_fail(err, EX_DENIED, "%s is with %s, not with %s",
		    j->e->stream.id, holder, p->person);
	if (ex_json_set_text(j->item, "custodian", p->person, err) == -1 ||
	    ex_json_set_text(j->item, "custodian_org", p->org, err) == -1)
		return -1;
	/* And it lies where the parent lies. */
	place = ex_json_get_text(j->parent, "location");
	if (j->from == EX_OPENED || place == NULL)
		return 0;
	return ex_json_set_text(j->item, "location", place, err);
}

/* It goes into its parent, which the same person has open. */
static int
go_into_parent(struct ex_judging *j, struct ex_err *err)
{
	const char *with = ex_json_get_text(j->parent, "custodian");
	const struct ex_party *p = ex_event_party(j->e, "examiner");

	if (with != NULL && strcmp(with, p->person) != 0)
		return ex_fail(err, EX_DENIED, "%s is with %s, not with %s",
		    ex_event_text(j->e, "parent"), with, p->person);
	return ex_json_set_text(
	    j->item, "parent", ex_event_text(j->e, "parent"), err);
}

static int
put_back(struct ex_judging *j, struct ex_err *err)
{
	const char *state;

	if (strcmp(ex_event_text(j->e, "parent"), j->e->stream.id) == 0)
		return ex_fail(
		    err, EX_FORMAT, "%s is no part of itself", j->e->stream.id);
	if (load_parent(j, err) == -1)
		return -1;
	state = ex_json_get_text(j->parent, "state");
	if (j->parent != NULL &&
	    (state == NULL || strcmp(state, "OPENED") != 0))
		return ex_fail(err, EX_STATE, "%s is not opened",
		    ex_event_text(j->e, "parent"));
	return go_into_parent(j, err);
}

int
ex_judge_imaging(struct ex_judging *j, struct ex_err *err)
{
	switch ((int)j->e->act) {
	case EX_ACT_ACQUIRE_START:
		return begin(j, err);
	case EX_ACT_ACQUIRE_PAUSE:
		if (check_same(j, err) == -1 || check_own_word(j, err) == -1 ||
		    ex_judge_attempts(j, err) == -1)
			return -1;
		return check_machine(j, j->item, err);
	case EX_ACT_ACQUIRE_END:
		return end(j, err);
	case EX_ACT_CREATE:
		return create(j, err);
	case EX_ACT_IMPORT:
		return import(j, err);
	case EX_ACT_COMPONENT_OUT:
	case EX_ACT_SPLIT:
		return part(j, err) == -1 ? -1 : hold_part(j, err);
	case EX_ACT_COMPONENT_IN:
		return put_back(j, err);
	case EX_ACT_VERIFY:
	case EX_ACT_FIXITY_OK:
	case EX_ACT_FIXITY_FAIL:
		return check_machine(j, j->item, err);
	default:
		return 0;
	}
}
