/*
 * continuity_entries.c -- what single entries of an item show.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "cases/continuity_parts.h"

#define COUNTERSIGN (24 * 3600 * EX_SECOND)

/* One entry while it is looked at. */
struct look {
	struct ex_continuity *c;
	const struct ex_record *r;
	const char *item;
	const struct ex_record_entry *e;
	const struct ex_event *event;
};

static int
found(const struct look *l, const char *code, const char *text,
    struct ex_err *err)
{
	return ex_continuity_add(
	    l->c, l->item, code, l->event->seq, 0, text, err);
}

/* Who signed on paper; refusals and absences are the rules' own findings. */
static int
look_at_parties(const struct look *l, struct ex_err *err)
{
	char text[200];

	for (size_t i = 0; i < l->event->nparties; i++) {
		const struct ex_party *p = &l->event->party[i];

		if (p->mode != EX_MODE_PAPER)
			continue;
		(void)snprintf(text, sizeof(text), "%s (%s) signed on paper",
		    p->person, p->role);
		if (found(l, "paper-party", text, err) == -1)
			return -1;
	}
	return 0;
}

/* Whose later word counts. */
enum whose {
	ANOTHERS, /* of somebody else than who did the act */
	HOLDERS,  /* of the one who had the item then */
	AUDITORS
};

/* Is an auditor, as the log has it after the record. */
static int
is_auditor(const struct look *l, const char *person)
{
	struct ex_json *v = NULL;
	const struct ex_json *roles;
	int found = 0;

	if (ex_record_fact(&v, l->r, "person", person, NULL) == -1)
		return 0;
	roles = ex_json_get(v, "roles");
	for (size_t i = 0; i < ex_json_count(roles); i++) {
		const char *role =
		    ex_json_get_text(ex_json_at(roles, i), "role");

		found |= role != NULL && strcmp(role, "auditor") == 0;
	}
	ex_json_free(v);
	return found;
}

static int
counts(const struct look *l, enum whose whose, const struct ex_event *confirm)
{
	const char *person = ex_event_actor(confirm)->person, *holder;

	if (whose == ANOTHERS)
		return strcmp(ex_event_actor(l->event)->person, person) != 0;
	if (whose == AUDITORS)
		return is_auditor(l, person);
	holder = ex_json_get_text(
	    ex_record_after(l->e, "item", l->item), "custodian");
	return holder != NULL && strcmp(holder, person) == 0;
}

/* A later `confirm` of this entry, at most limit after it (0: any time). */
static int
confirmed(const struct look *l, enum whose whose, int64_t limit)
{
	char leaf[2 * EX_HASH + 1];

	ex_hex(leaf, l->e->admission.leaf, EX_HASH);
	for (size_t i = 0; i < l->r->nentries; i++) {
		const struct ex_event *e = &l->r->entry[i]->admission.event;
		const char *about = ex_event_text(e, "entry");

		if (e->act != EX_ACT_CONFIRM || about == NULL ||
		    strcmp(about, leaf) != 0 || !counts(l, whose, e))
			continue;
		if (limit == 0 ||
		    e->time_claimed - l->event->time_claimed <= limit)
			return 1;
	}
	return 0;
}

/* A batch that lost a member, as a signed reject entry says. */
static int
look_at_batch(const struct look *l, struct ex_err *err)
{
	for (size_t i = 0; l->event->batch_count != 0 && i < l->r->nentries;
	     i++) {
		const struct ex_event *e = &l->r->entry[i]->admission.event;
		const char *batch = ex_event_text(e, "batch");

		if (e->act == EX_ACT_REJECT && batch != NULL &&
		    strcmp(batch, l->event->batch_id) == 0)
			return found(l, "batch-short", NULL, err);
	}
	return 0;
}

/* Emergencies stand on the duty officer's later word. */
static int
look_for_countersign(const struct look *l, struct ex_err *err)
{
	if (ex_json_get_int(l->event->fields, "emergency", 0) == 0 ||
	    confirmed(l, ANOTHERS, COUNTERSIGN))
		return 0;
	return found(l, "emergency-open", NULL, err);
}

static int
look_at_opening(
    void *arg, const char *path, const struct ex_json *v, struct ex_err *err)
{
	const struct look *l = arg;
	char text[200];

	(void)v;
	if (ex_record_text(l->e, path) != NULL ||
	    ex_record_erased(l->e, path) != NULL)
		return 0;
	(void)snprintf(
	    text, sizeof(text), "the text of \"%.80s\" is not at hand", path);
	return found(l, "opening-missing", text, err);
}

/* What an entry says of itself. */
static int
look_at_act(const struct look *l, struct ex_err *err)
{
	const char *match = ex_event_text(l->event, "serial_match");

	if (l->event->act == EX_ACT_ACQUIRE_START && match != NULL &&
	    strcmp(match, "differs") == 0)
		return found(l, "device-differs", NULL, err);
	if (l->event->act == EX_ACT_DISOWN)
		return found(l, "disowned", NULL, err);
	if (l->event->act == EX_ACT_MISSING) {
		if (!confirmed(l, AUDITORS, 0) &&
		    found(l, "missing-unconfirmed", NULL, err) == -1)
			return -1;
		return found(l, "missing", NULL, err);
	}
	return 0;
}

/* An original that something later speaks against stays, and is marked. */
static int
look_at_originals(const struct look *l, struct ex_err *err)
{
	const struct ex_event *e = l->event;
	const uint8_t *leaf = e->has_corrects ? e->corrects
			      : e->has_annuls ? e->annuls
					      : NULL;
	const struct ex_record_entry *about;

	if (leaf == NULL || (about = ex_record_by_leaf(l->r, leaf)) == NULL ||
	    !ex_record_of_item(about, l->item))
		return 0;
	return ex_continuity_add(l->c, l->item,
	    e->has_corrects ? "corrected" : "annulled",
	    about->admission.event.seq, e->seq, NULL, err);
}

/* What the rules found when the entry was admitted. */
static int
look_at_judgement(const struct look *l, struct ex_err *err)
{
	const struct ex_judgement *j = &l->e->admission.judgement;

	for (size_t i = 0; i < j->nfindings; i++) {
		const struct ex_finding *f = &j->finding[i];

		/* What was to be confirmed may have been since. */
		if (strcmp(f->code, "unconfirmed") == 0 &&
		    confirmed(l, HOLDERS, 0))
			continue;
		if (found(l, f->code, f->text, err) == -1)
			return -1;
	}
	return 0;
}

/* Signed with a key that was not its owner's alone any more? */
static int
look_for_dispute(const struct look *l, struct ex_err *err)
{
	const struct ex_dispute *d = ex_world_dispute(l->r->world, l->e->index);
	char text[240];

	if (d == NULL || d->state != EX_DISPUTED)
		return 0;
	(void)snprintf(text, sizeof(text),
	    "the key of %s was revoked in entry %llu as compromised before "
	    "this one",
	    d->person, (unsigned long long)d->revoked);
	return found(l, "disputed", text, err);
}

static int
look_at(struct look *l, struct ex_err *err)
{
	if (look_for_dispute(l, err) == -1 || look_at_judgement(l, err) == -1 ||
	    look_at_parties(l, err) == -1 ||
	    look_for_countersign(l, err) == -1 || look_at_batch(l, err) == -1 ||
	    look_at_act(l, err) == -1 || look_at_originals(l, err) == -1)
		return -1;
	return ex_json_each(l->event->pii, look_at_opening, l, err);
}

int
ex_continuity_entries(struct ex_continuity *c, const struct ex_record *r,
    const char *item, struct ex_err *err)
{
	struct look l = { c, r, item, NULL, NULL };

	for (size_t i = 0; i < r->nentries; i++) {
		if (!ex_record_of_item(r->entry[i], item))
			continue;
		l.e = r->entry[i];
		l.event = &l.e->admission.event;
		if (look_at(&l, err) == -1)
			return -1;
	}
	return 0;
}
