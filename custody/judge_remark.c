/*
 * judge_remark.c -- flags, entries about entries, and digital items.
 */
#include <string.h>

#include "base/codec.h"
#include "custody/judging.h"

static int64_t
flags(const struct ex_judging *j)
{
	return ex_json_get_int(j->item, "flags", 0);
}

/* What a flag forbids while it is set. */
static const struct {
	enum ex_act act;
	int64_t set;
} forbidden[] = {
	{ EX_ACT_CHECK_OUT, EX_FLAG_QUARANTINE },
	{ EX_ACT_ACQUIRE_START, EX_FLAG_QUARANTINE },
	{ EX_ACT_RETURN_ACCEPT, EX_FLAG_QUARANTINE | EX_FLAG_HOLD },
	{ EX_ACT_DISPOSE_APPROVE, EX_FLAG_QUARANTINE | EX_FLAG_HOLD },
	{ EX_ACT_DISPOSE_DONE, EX_FLAG_QUARANTINE | EX_FLAG_HOLD },
	{ EX_ACT_PURGE, EX_FLAG_QUARANTINE | EX_FLAG_HOLD },
};

/* Acts that set or lift a flag. */
static const struct {
	enum ex_act act;
	int64_t flag;
	int on;
} change[] = {
	{ EX_ACT_QUARANTINE_ON, EX_FLAG_QUARANTINE, 1 },
	{ EX_ACT_QUARANTINE_OFF, EX_FLAG_QUARANTINE, 0 },
	{ EX_ACT_HOLD_ON, EX_FLAG_HOLD, 1 },
	{ EX_ACT_HOLD_OFF, EX_FLAG_HOLD, 0 },
	{ EX_ACT_SCOPE_STOP, EX_FLAG_SCOPE, 1 },
	{ EX_ACT_SCOPE_EXTEND, EX_FLAG_SCOPE, 0 },
	{ EX_ACT_PRIVILEGE_HOLD, EX_FLAG_PRIVILEGE, 1 },
	{ EX_ACT_FOUND, EX_FLAG_QUARANTINE, 1 },
	{ EX_ACT_FIXITY_FAIL, EX_FLAG_FIXITY, 1 },
	{ EX_ACT_FIXITY_OK, EX_FLAG_FIXITY, 0 },
};

static int
check_forbidden(struct ex_judging *j, struct ex_err *err)
{
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		int64_t hit = flags(j) & forbidden[i].set;

		if (forbidden[i].act != j->e->act || hit == 0)
			continue;
		return ex_fail(err, EX_STATE, "%s is under %s: no %s",
		    j->e->stream.id,
		    (hit & EX_FLAG_QUARANTINE) != 0 ? "quarantine"
						    : "a legal hold",
		    j->e->def->name);
	}
	return 0;
}

int
ex_judge_flags(struct ex_judging *j, struct ex_err *err)
{
	if (check_forbidden(j, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(change) / sizeof(change[0]); i++) {
		int64_t was = flags(j);
		int is = (was & change[i].flag) != 0;

		if (change[i].act != j->e->act)
			continue;
		/* To lift what is not set is a mistake about the item. */
		if (!change[i].on && !is && j->e->act != EX_ACT_FIXITY_OK)
			return ex_fail(err, EX_STATE, "%s: that was not set",
			    j->e->stream.id);
		return ex_json_set_int(j->item, "flags",
		    change[i].on ? was | change[i].flag : was & ~change[i].flag,
		    err);
	}
	return 0;
}

/* The entry that a field names is one about this item. */
static int
check_ref(struct ex_judging *j, const uint8_t leaf[EX_HASH],
    struct ex_entry_ref *ref, struct ex_err *err)
{
	if (j->view->entry(j->view->arg, leaf, ref, err) == -1)
		return ex_while(err, j->e->def->name);
	if (!ex_stream_equal(&ref->stream, &j->e->stream))
		return ex_fail(err, EX_STATE,
		    "%s: that entry is about something else", j->e->def->name);
	return 0;
}

static int
correct(struct ex_judging *j, struct ex_err *err)
{
	const char *field = ex_event_text(j->e, "field");
	struct ex_entry_ref ref;

	if (!j->e->has_corrects)
		return ex_fail(err, EX_FORMAT, "correct names no entry");
	if (check_ref(j, j->e->corrects, &ref, err) == -1)
		return -1;
	if (strcmp(field, "occurred_at") == 0 ||
	    ex_act_field(ex_act(ref.act), field) != NULL)
		return 0;
	return ex_fail(
	    err, EX_FORMAT, "%s has no %s", ex_act(ref.act)->name, field);
}

static int
of_entry(struct ex_judging *j, struct ex_err *err)
{
	uint8_t leaf[EX_HASH];
	struct ex_entry_ref ref;

	if (ex_json_need_hex(leaf, EX_HASH, j->e->fields, "entry", err) == -1)
		return -1;
	return check_ref(j, leaf, &ref, err);
}

/* An act that happened and was not entered then. */
static int
late(struct ex_judging *j, struct ex_err *err)
{
	const char *name = ex_event_text(j->e, "act");
	const char *source = ex_event_text(j->e, "source");
	int signed_there = ex_json_get(j->e->fields, "entry") != NULL;
	const struct ex_act_def *d = ex_act_by_name(name);

	if (d == NULL || (d->streams & 1u << EX_STREAM_ITEM) == 0)
		return ex_fail(err, EX_FORMAT, "act: no act \"%s\"", name);
	if (signed_there != (strcmp(source, "journal") == 0))
		return ex_fail(err, EX_FORMAT,
		    "a late entry names the entry of a field journal, and "
		    "of that alone");
	ex_judging_find(
	    j, "late-entry", "%s entered late, from %s", name, source);
	if (signed_there)
		ex_judging_find(j, "field-conflict",
		    "%s was signed in the field and could not follow what "
		    "happened here meanwhile: it is kept as signed",
		    name);
	return 0;
}

/* What the counting showed of this item. */
static void
counted(struct ex_judging *j)
{
	const struct ex_json *scans = ex_json_get(j->e->fields, "scans");

	for (size_t i = 0; i < ex_json_count(scans); i++) {
		const struct ex_json *s = ex_json_at(scans, i);
		const char *result = ex_json_get_text(s, "result");
		const char *item = ex_json_get_text(s, "item");

		/* A seal that differs is found by its own rule. */
		if (strcmp(result, "ok") != 0 &&
		    strcmp(result, "seal_differs") != 0)
			ex_judging_find(j, "inventory",
			    "counted at %s: %s is \"%s\"",
			    ex_event_text(j->e, "location"), item, result);
	}
}

int
ex_judge_remark(struct ex_judging *j, struct ex_err *err)
{
	if (j->e->has_corrects && j->e->act != EX_ACT_CORRECT)
		return ex_fail(
		    err, EX_FORMAT, "only correct names what it corrects");
	if (j->e->has_annuls && j->e->act != EX_ACT_ANNUL)
		return ex_fail(
		    err, EX_FORMAT, "only annul names what it annuls");
	if (j->e->act == EX_ACT_RECEIVE || j->e->act == EX_ACT_ACQUIRE_START) {
		const char *match = ex_event_text(j->e, "serial_match");

		if (match != NULL && strcmp(match, "differs") == 0)
			ex_judging_find(j, "serial-differs",
			    "the serial number differs from the one "
			    "announced");
	}
	switch ((int)j->e->act) {
	case EX_ACT_RECEIVE:
		if (ex_json_get_int(j->item, "serial", 0) == 1 &&
		    ex_json_get(j->e->pii, "serial") == NULL)
			return ex_fail(err, EX_FORMAT,
			    "a serial number was announced: say the one "
			    "found (--serial)");
		return 0;
	case EX_ACT_CORRECT:
		return correct(j, err);
	case EX_ACT_CONFIRM:
	case EX_ACT_DISOWN:
	case EX_ACT_FINDING_EXPLAIN:
	case EX_ACT_ERASE:
		return of_entry(j, err);
	case EX_ACT_LATE_ENTRY:
		return late(j, err);
	case EX_ACT_INVENTORY:
		counted(j);
		return 0;
	default:
		return 0;
	}
}

/* A digest that differs flags the image, and verification is its word. */
static int
verify(struct ex_judging *j, struct ex_err *err)
{
	const char *verdict = ex_event_text(j->e, "verdict");
	int ok = strcmp(verdict, "ok") == 0;

	j->to = ok && j->from == EX_CREATED ? EX_VERIFIED : j->from;
	if (ok)
		return 0;
	ex_judging_find(j, "fixity", "verified as \"%s\"", verdict);
	return ex_json_set_int(
	    j->item, "flags", flags(j) | EX_FLAG_FIXITY, err);
}

static int
fixity(struct ex_judging *j, int want, struct ex_err *err)
{
	const char *verdict = ex_event_text(j->e, "verdict");

	if ((strcmp(verdict, "ok") == 0) != want)
		return ex_fail(err, EX_FORMAT, "%s with the verdict \"%s\"",
		    j->e->def->name, verdict);
	if (!want)
		ex_judging_find(j, "fixity", "found as \"%s\"", verdict);
	return 0;
}

int
ex_judge_digital(struct ex_judging *j, struct ex_err *err)
{
	const char *approved;

	switch ((int)j->e->act) {
	case EX_ACT_VERIFY:
		return verify(j, err);
	case EX_ACT_FIXITY_OK:
		return fixity(j, 1, err);
	case EX_ACT_FIXITY_FAIL:
		return fixity(j, 0, err);
	case EX_ACT_DISPOSE_APPROVE:
		return ex_json_set_text(
		    j->item, "disposal", ex_judging_actor(j)->person, err);
	case EX_ACT_DISPOSE_DONE:
		approved = ex_json_get_text(j->item, "disposal");
		if (approved == NULL)
			return ex_fail(err, EX_STATE,
			    "disposal of %s was not approved", j->e->stream.id);
		for (size_t i = 0; i < j->e->nparties; i++)
			if (strcmp(j->e->party[i].person, approved) == 0)
				return ex_fail(err, EX_DENIED,
				    "%s approved the disposal and cannot "
				    "carry it out",
				    approved);
		return 0;
	default:
		return 0;
	}
}
