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

/* Who did not sign with a key of their own. */
static int
look_at_parties(const struct look *l, struct ex_err *err)
{
	static const char *const code[EX_MODES] = {
		[EX_MODE_PAPER] = "paper-party",
		[EX_MODE_REFUSED] = "refused-party",
		[EX_MODE_ABSENT] = "absent-party",
	};
	char text[200];

	for (size_t i = 0; i < l->event->nparties; i++) {
		const struct ex_party *p = &l->event->party[i];

		if (code[p->mode] == NULL)
			continue;
		(void)snprintf(text, sizeof(text), "%s as %s: %s", p->person,
		    p->role, ex_finding_title(code[p->mode], 0));
		if (found(l, code[p->mode], text, err) == -1)
			return -1;
	}
	return 0;
}

/* A later `confirm` of this entry, at most limit after it (0: any time). */
static int
confirmed(const struct look *l, int64_t limit)
{
	char leaf[2 * EX_HASH + 1];

	ex_hex(leaf, l->e->admission.leaf, EX_HASH);
	for (size_t i = 0; i < l->r->nentries; i++) {
		const struct ex_event *e = &l->r->entry[i]->admission.event;
		const char *about = ex_event_text(e, "entry");

		if (e->act != EX_ACT_CONFIRM || about == NULL ||
		    strcmp(about, leaf) != 0)
			continue;
		if (limit == 0 ||
		    e->time_claimed - l->event->time_claimed <= limit)
			return 1;
	}
	return 0;
}

static int
has_station(const struct ex_event *e)
{
	for (size_t i = 0; i < e->nparties; i++) {
		if (e->party[i].mode == EX_MODE_STATION)
			return 1;
	}
	return 0;
}

/* Acts that stand on another one's later word. */
static int
look_for_confirmation(const struct look *l, struct ex_err *err)
{
	if (has_station(l->event) && !confirmed(l, 0) &&
	    found(l, "unconfirmed-station", NULL, err) == -1)
		return -1;
	if (ex_json_get(l->event->fields, "emergency") != NULL &&
	    !confirmed(l, COUNTERSIGN))
		return found(l, "emergency-open", NULL, err);
	return 0;
}

/* Was the text at path of this entry erased by an order? */
static int
erased(const struct look *l, const char *path)
{
	char leaf[2 * EX_HASH + 1];

	ex_hex(leaf, l->e->admission.leaf, EX_HASH);
	for (size_t i = 0; i < l->r->nentries; i++) {
		const struct ex_event *e = &l->r->entry[i]->admission.event;
		const struct ex_json *paths = ex_json_get(e->fields, "paths");
		const char *about = ex_event_text(e, "entry");

		if (e->act != EX_ACT_ERASE || about == NULL ||
		    strcmp(about, leaf) != 0)
			continue;
		for (size_t k = 0; k < ex_json_count(paths); k++) {
			const char *p = ex_json_text(ex_json_at(paths, k));

			if (p != NULL && strcmp(p, path) == 0)
				return 1;
		}
	}
	return 0;
}

static int
look_at_opening(
    void *arg, const char *path, const struct ex_json *v, struct ex_err *err)
{
	const struct look *l = arg;
	char text[200];

	(void)v;
	if (ex_record_text(l->e, path) != NULL || erased(l, path))
		return 0;
	(void)snprintf(
	    text, sizeof(text), "the text of \"%.80s\" is not at hand", path);
	return found(l, "opening-missing", text, err);
}

/* Results that say themselves that something does not agree. */
static int
look_at_results(const struct look *l, struct ex_err *err)
{
	const char *result = ex_event_text(l->event, "result");

	if (l->event->act == EX_ACT_FIXITY_FAIL)
		return found(l, "digest-mismatch", NULL, err);
	if (l->event->act == EX_ACT_ACQUIRE_END && result != NULL &&
	    strcmp(result, "complete") != 0)
		return found(l, "acquire-errors", NULL, err);
	if (l->event->act == EX_ACT_DISOWN)
		return found(l, "disowned", NULL, err);
	if (l->event->act == EX_ACT_LATE_ENTRY)
		return found(l, "late-entry", NULL, err);
	if (l->event->act == EX_ACT_MISSING)
		return found(l, "missing", NULL, err);
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

static int
look_at(struct look *l, struct ex_err *err)
{
	const struct ex_judgement *j = &l->e->admission.judgement;

	for (size_t i = 0; i < j->nfindings; i++) {
		if (found(l, j->finding[i].code, j->finding[i].text, err) == -1)
			return -1;
	}
	if (look_at_parties(l, err) == -1 ||
	    look_for_confirmation(l, err) == -1 ||
	    look_at_results(l, err) == -1 || look_at_originals(l, err) == -1)
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
