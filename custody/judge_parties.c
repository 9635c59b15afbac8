/*
 * judge_parties.c -- who acts: keys, roles, modes, and that two are two.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/text.h"
#include "custody/act_tables.h"
#include "custody/judging.h"

/* How old the checkpoint may be that a party had verified. */
#define SEEN_AGE (15 * 60 * EX_SECOND)

static const char *const by_duty[] = { "duty_officer", "lab_head", NULL };

/* Roles that any act may have besides its own. */
static const struct ex_act_role extra[] = {
	{ "witness", 0, EX_BY_PAPER, NULL },
	{ "recorder", 0, EX_BY_KEY, NULL },
	{ "duty_officer", 0, EX_BY_KEY, by_duty },
};

static const struct ex_act_role *
role_of(const struct ex_judging *j, const struct ex_party *p)
{
	const struct ex_act_role *r = j->e->def->role;

	for (; r->role != NULL; r++)
		if (strcmp(r->role, p->role) == 0)
			return r;
	for (size_t i = 0; i < sizeof(extra) / sizeof(extra[0]); i++)
		if (strcmp(extra[i].role, p->role) == 0)
			return &extra[i];
	return NULL;
}

/* The key that this very event brings in vouches for itself. */
static int
is_new_key(const struct ex_judging *j, const struct ex_party *p)
{
	uint8_t sha256[EX_SHA256_LEN];

	if (j->e->act != EX_ACT_KEY_ENROL && j->e->act != EX_ACT_ROTATE)
		return 0;
	return ex_json_need_hex(sha256, sizeof(sha256), j->e->fields,
		   "cert_sha256", NULL) == 0 &&
	       memcmp(sha256, p->cert_sha256, sizeof(sha256)) == 0;
}

static const char *
use_of(enum ex_mode mode)
{
	if (mode == EX_MODE_STATION)
		return "station";
	return mode == EX_MODE_SERVICE ? "service" : "person";
}

static int
same_text(const struct ex_json *v, const char *key, const char *text)
{
	const char *have = ex_json_get_text(v, key);

	return have != NULL && strcmp(have, text) == 0;
}

/* The certificate is enrolled, for this person, and not revoked. */
static int
check_key(struct ex_judging *j, const struct ex_party *p, struct ex_err *err)
{
	struct ex_json *key = NULL;
	char id[EX_SHA256_HEX];
	int rc = -1;

	if (is_new_key(j, p))
		return 0;
	ex_hex(id, p->cert_sha256, sizeof(p->cert_sha256));
	if (ex_judging_fact(j, "key", id, &key, err) == -1)
		return -1;
	if (key == NULL)
		(void)ex_fail(err, EX_DENIED,
		    "%s signs with a key that is not enrolled", p->person);
	else if (ex_json_get(key, "revoked") != NULL)
		(void)ex_fail(err, EX_DENIED,
		    "%s signs with a key that was revoked", p->person);
	else if (!same_text(key, "person", p->person) ||
		 !same_text(key, "org", p->org))
		(void)ex_fail(err, EX_DENIED,
		    "the key of %s is enrolled for %s of %s", p->person,
		    ex_json_get_text(key, "person"),
		    ex_json_get_text(key, "org"));
	else if (!same_text(key, "use", use_of(p->mode)))
		(void)ex_fail(err, EX_DENIED,
		    "the key of %s is enrolled as that of a %s", p->person,
		    ex_json_get_text(key, "use"));
	else if (!same_text(key, "storage", p->storage))
		(void)ex_fail(err, EX_DENIED,
		    "the key of %s is enrolled as kept in a %s", p->person,
		    ex_json_get_text(key, "storage"));
	else
		rc = 0;
	ex_json_free(key);
	return rc;
}

/* A known person belongs to the organisation named; an org is known. */
static int
check_person(struct ex_judging *j, const struct ex_party *p,
    const struct ex_act_role *r, struct ex_err *err)
{
	struct ex_json *v = NULL;
	int known, same, granted;

	if (p->mode == EX_MODE_STATION || p->mode == EX_MODE_SERVICE)
		return 0;
	if (ex_judging_fact(j, "person", p->person, &v, err) == -1)
		return -1;
	known = v != NULL;
	same = same_text(v, "org", p->org);
	ex_json_free(v);
	if (known && !same)
		return ex_fail(err, EX_DENIED, "%s does not belong to %s",
		    p->person, p->org);
	if (!known && ex_mode_signs(p->mode))
		return ex_fail(
		    err, EX_ABSENT, "the log knows no person %s", p->person);
	if (!known)
		return ex_judging_need(j, "org", p->org, err);
	granted = ex_judging_granted(j, p->person, r->grants, err);
	if (granted == 0)
		return ex_fail(err, EX_DENIED,
		    "%s may not act as %s here: it takes the role %s",
		    p->person, p->role, r->grants[0]);
	return granted == -1 ? -1 : 0;
}

/* When the checkpoint after the one that this party saw came out. */
static int
superseded_at(const struct ex_admit_options *o, const struct ex_party *p,
    int64_t *at, struct ex_err *err)
{
	*at = o->published_at;
	if (o->published_after == NULL)
		return 0;
	return o->published_after(o->published_arg, p->seen_size, at, err);
}

/*
 * What it says to have seen is the log's own tree at that size; of size 0 the
 * body itself is held to the root of nothing (event_party.c).
 */
static int
check_seen_root(
    const struct ex_judging *j, const struct ex_party *p, struct ex_err *err)
{
	const struct ex_admit_options *o = j->options;
	uint8_t root[EX_HASH];

	if (p->seen_size == 0)
		return 0;
	if (o->root_at == NULL)
		return ex_fail(
		    err, EX_SYSTEM, "no tree to compare a party's seen with");
	if (o->root_at(o->root_arg, p->seen_size, root, err) == -1)
		return -1;
	if (memcmp(root, p->seen_root, EX_HASH) == 0)
		return 0;
	return ex_fail(err, EX_DENIED,
	    "%s names another root for the first %llu entries than this log "
	    "has: it saw another history",
	    p->person, (unsigned long long)p->seen_size);
}

/* The newest checkpoint that its machine verified: ours, recent enough. */
static int
check_seen(struct ex_judging *j, const struct ex_party *p, struct ex_err *err)
{
	const struct ex_admit_options *o = j->options;
	int64_t at;

	if (o->skip_seen || !ex_mode_signs(p->mode))
		return 0;
	if (p->seen_size > o->published)
		return ex_fail(err, EX_DENIED,
		    "%s names a checkpoint of size %llu that was never "
		    "published",
		    p->person, (unsigned long long)p->seen_size);
	if (check_seen_root(j, p, err) == -1)
		return -1;
	if (p->seen_size == o->published || o->now == 0 ||
	    j->e->offline != NULL)
		return 0;
	if (superseded_at(o, p, &at, err) == -1)
		return -1;
	if (at != 0 && o->now - at > SEEN_AGE)
		return ex_fail(err, EX_STATE,
		    "%s signed on a checkpoint older than 15 minutes without "
		    "saying why",
		    p->person);
	return 0;
}

/* Is there another's word than the recorder's own? */
static int
is_vouched(const struct ex_judging *j, const struct ex_party *p)
{
	if (p->mode == EX_MODE_PAPER && p->has_form)
		return 1;
	if (p->mode == EX_MODE_REFUSED &&
	    (ex_json_get(j->e->pii, "photos") != NULL ||
		ex_json_get(j->e->pii, "photos/0") != NULL))
		return 1;
	for (size_t i = 0; i < j->e->nparties; i++) {
		const struct ex_party *q = &j->e->party[i];

		if (ex_mode_signs(q->mode) && strcmp(q->role, "witness") == 0 &&
		    strcmp(q->person, p->recorder) != 0)
			return 1;
	}
	return 0;
}

/*
 * Who records for another is a party that signs.  One that acts as well needs
 * the scanned form, of a refusal a photograph, or a witness, so that the word
 * is not its own alone; that a witness refuses is told as it is.
 */
static int
check_recorder(
    struct ex_judging *j, const struct ex_party *p, struct ex_err *err)
{
	int signs = 0, acts = 0;

	if (p->mode != EX_MODE_PAPER && p->mode != EX_MODE_REFUSED)
		return 0;
	for (size_t i = 0; i < j->e->nparties; i++) {
		const struct ex_party *q = &j->e->party[i];

		if (!ex_mode_signs(q->mode) ||
		    strcmp(q->person, p->recorder) != 0)
			continue;
		signs = 1;
		acts |= strcmp(q->role, "recorder") != 0;
	}
	if (!signs)
		return ex_fail(err, EX_DENIED,
		    "%s recorded %s and does not sign", p->recorder, p->person);
	if (!acts || is_vouched(j, p) ||
	    (p->mode == EX_MODE_REFUSED && strcmp(p->role, "witness") == 0))
		return 0;
	return ex_fail(err, EX_DENIED,
	    "%s acts and records for %s: it takes %s or a witness", p->recorder,
	    p->person,
	    p->mode == EX_MODE_PAPER ? "the scanned form" : "a photograph");
}

static void
note_mode(struct ex_judging *j, const struct ex_party *p)
{
	if (p->mode == EX_MODE_REFUSED)
		ex_judging_find(j, "party-refused", "%s (%s) would not sign",
		    p->person, p->role);
	else if (p->mode == EX_MODE_ABSENT)
		ex_judging_find(j, "party-absent", "%s (%s) was not there",
		    p->person, p->role);
}

static int
check_party(struct ex_judging *j, const struct ex_party *p, struct ex_err *err)
{
	const struct ex_act_role *r = role_of(j, p);

	if (r == NULL)
		return ex_fail(err, EX_DENIED, "%s has no party \"%s\"",
		    j->e->def->name, p->role);
	if ((r->modes & (1u << p->mode)) == 0)
		return ex_fail(err, EX_DENIED, "the %s of %s may not be \"%s\"",
		    p->role, j->e->def->name, ex_mode_name(p->mode));
	if (strcmp(p->role, "duty_officer") == 0 &&
	    !ex_judging_flag(j, "emergency"))
		return ex_fail(err, EX_DENIED,
		    "a duty officer signs in an emergency only");
	if (ex_mode_signs(p->mode) && check_key(j, p, err) == -1)
		return -1;
	if (check_person(j, p, r, err) == -1 || check_seen(j, p, err) == -1 ||
	    check_recorder(j, p, err) == -1)
		return -1;
	note_mode(j, p);
	return 0;
}

/* In an emergency the duty officer stands in for one who is not there. */
static int
may_lack(const struct ex_judging *j)
{
	enum ex_act act = j->e->act;

	if (!ex_judging_flag(j, "emergency") ||
	    ex_event_party(j->e, "duty_officer") == NULL)
		return 0;
	return act == EX_ACT_CHECK_OUT || act == EX_ACT_RECEIVE ||
	       act == EX_ACT_STORE;
}

static int
check_roles(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_act_role *r = j->e->def->role;
	int lacking = may_lack(j), any = 0;

	for (; r->role != NULL; r++) {
		if (ex_event_party(j->e, r->role) != NULL) {
			any = 1;
			continue;
		}
		if (!r->required)
			continue;
		if (lacking-- > 0)
			continue;
		return ex_fail(err, EX_DENIED, "%s needs its %s",
		    j->e->def->name, r->role);
	}
	if (!any)
		return ex_fail(err, EX_DENIED, "%s needs one of its parties",
		    j->e->def->name);
	return 0;
}

/* Of these there may be several. */
static int
may_repeat(const char *role)
{
	return strcmp(role, "witness") == 0 || strcmp(role, "recorder") == 0;
}

/* Two parties are two persons, whatever keys they hold, and each has its own
 * part in the act. */
static int
check_persons(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_event *e = j->e;

	if (e->stream.kind != EX_STREAM_ITEM)
		return 0;
	for (size_t i = 1; i < e->nparties; i++) {
		for (size_t k = 0; k < i; k++) {
			const struct ex_party *a = &e->party[i];
			const struct ex_party *b = &e->party[k];

			if (strcmp(a->role, b->role) == 0 &&
			    !may_repeat(a->role))
				return ex_fail(err, EX_DENIED,
				    "%s has one %s, not two", e->def->name,
				    a->role);
			if (strcmp(a->person, b->person) != 0 ||
			    strcmp(a->role, "recorder") == 0 ||
			    strcmp(b->role, "recorder") == 0)
				continue;
			return ex_fail(err, EX_DENIED,
			    "%s cannot be %s and %s at once", a->person,
			    b->role, a->role);
		}
	}
	return 0;
}

int
ex_judge_parties(struct ex_judging *j, struct ex_err *err)
{
	for (size_t i = 0; i < j->e->nparties; i++)
		if (check_party(j, &j->e->party[i], err) == -1)
			return -1;
	if (check_roles(j, err) == -1 || check_persons(j, err) == -1)
		return -1;
	if (ex_judging_flag(j, "emergency") &&
	    ex_json_get(j->e->pii, "reason") == NULL)
		return ex_fail(err, EX_STATE, "an emergency needs its reason");
	return 0;
}
