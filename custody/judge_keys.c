/*
 * judge_keys.c -- keys enrolled, replaced, revoked, and stations authorised.
 */
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "custody/judging.h"

static int
names_cert(const struct ex_party *p, const char *hex)
{
	char have[EX_SHA256_HEX];

	ex_hex(have, p->cert_sha256, sizeof(p->cert_sha256));
	return ex_mode_signs(p->mode) && strcmp(have, hex) == 0;
}

/* The party that signs with this certificate, or NULL. */
static const struct ex_party *
signer_with(const struct ex_judging *j, const char *cert)
{
	for (size_t i = 0; i < j->e->nparties; i++)
		if (names_cert(&j->e->party[i], cert))
			return &j->e->party[i];
	return NULL;
}

static int
lists(const struct ex_json *list, const char *text)
{
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const char *one = ex_json_text(ex_json_at(list, i));

		if (one != NULL && strcmp(one, text) == 0)
			return 1;
	}
	return 0;
}

/*
 * The CA of the new key's certificate, where it is another body's: the policy
 * names it.  That the certificate is really its own is for whoever has the
 * roots to check; no CA's certificate is in the log.
 */
static int
check_ca(struct ex_judging *j, const char **ca, struct ex_err *err)
{
	*ca = ex_event_text(j->e, "ca");
	if (*ca == NULL)
		return 0;
	if (lists(ex_json_get(j->log, "ca"), *ca))
		return ex_fail(
		    err, EX_FORMAT, "ca: that is the laboratory's own");
	if (!lists(ex_json_get(j->policy, "roots"), *ca))
		return ex_fail(err, EX_DENIED,
		    "the policy's \"roots\" name no CA %s", *ca);
	return 0;
}

static int
put_key(struct ex_judging *j, const struct ex_party *holder, const char *use,
    int64_t registrars, struct ex_err *err)
{
	struct ex_json *v;
	const char *ca;

	if (check_ca(j, &ca, err) == -1)
		return -1;
	v = ex_json_object();
	if (v == NULL ||
	    ex_json_set_text(v, "person", holder->person, err) == -1 ||
	    ex_json_set_text(v, "org", holder->org, err) == -1 ||
	    ex_json_set_text(v, "use", use, err) == -1 ||
	    ex_json_set_text(
		v, "storage", ex_event_text(j->e, "storage"), err) == -1 ||
	    ex_json_set_text(v, "name", ex_event_text(j->e, "key_name"), err) ==
		-1 ||
	    ex_json_set_int(v, "registrars", registrars, err) == -1 ||
	    ex_json_set_int(v, "index", -1, err) == -1 ||
	    (ca != NULL && ex_json_set_text(v, "ca", ca, err) == -1) ||
	    ex_json_set_text(v, "leaf", "", err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_facts_put(&j->out->facts, "key",
	    ex_event_text(j->e, "cert_sha256"), NULL, v, err);
}

/* The new key: signs here, was not enrolled before. */
static int
new_holder(
    struct ex_judging *j, const struct ex_party **out, struct ex_err *err)
{
	const char *cert = ex_event_text(j->e, "cert_sha256");
	int has = ex_judging_has(j, "key", cert, err);

	if (has == -1)
		return -1;
	if (has)
		return ex_fail(err, EX_STATE, "this key is enrolled already");
	*out = signer_with(j, cert);
	if (*out == NULL || strcmp((*out)->role, "holder") != 0)
		return ex_fail(err, EX_DENIED,
		    "the new key must sign: that proves possession");
	if (strcmp((*out)->storage, ex_event_text(j->e, "storage")) != 0)
		return ex_fail(err, EX_FORMAT, "storage: two different words");
	return 0;
}

/* A key of this use signs so. */
static int
mode_fits(const char *use, enum ex_mode mode)
{
	if (strcmp(use, "station") == 0)
		return mode == EX_MODE_STATION;
	if (strcmp(use, "service") == 0)
		return mode == EX_MODE_SERVICE;
	return mode == EX_MODE_SIGNED;
}

/*
 * Registrars who are not the holder; the party of an older key of its own,
 * NULL when there is none.
 */
static int64_t
count_registrars(const struct ex_judging *j, const struct ex_party *holder,
    const struct ex_party **old_key)
{
	int64_t n = 0;

	*old_key = NULL;
	for (size_t i = 0; i < j->e->nparties; i++) {
		const struct ex_party *p = &j->e->party[i];
		int again = 0;

		if (p == holder || !ex_mode_signs(p->mode))
			continue;
		if (strcmp(p->person, holder->person) == 0) {
			*old_key = p;
			continue;
		}
		if (strcmp(p->role, "registrar") != 0)
			continue;
		for (size_t k = 0; k < i; k++)
			again |=
			    strcmp(j->e->party[k].person, p->person) == 0 &&
			    strcmp(j->e->party[k].role, "registrar") == 0;
		n += !again;
	}
	return n;
}

/* The old key names the one that came after it; it stays in force. */
static int
succeed(struct ex_judging *j, const struct ex_party *old, struct ex_err *err)
{
	struct ex_json *v = NULL;
	char hex[EX_SHA256_HEX];

	ex_hex(hex, old->cert_sha256, sizeof(old->cert_sha256));
	if (ex_judging_fact(j, "key", hex, &v, err) == -1)
		return -1;
	if (v == NULL)
		return 0;
	if (ex_json_set_text(v, "successor", ex_event_text(j->e, "cert_sha256"),
		err) == -1) {
		ex_json_free(v);
		return -1;
	}
	return ex_facts_put(&j->out->facts, "key", hex, NULL, v, err);
}

static int
enrol(struct ex_judging *j, struct ex_err *err)
{
	int64_t want = ex_json_get_int(j->policy, "registrars", 1), n;
	const char *use = ex_event_text(j->e, "use");
	const struct ex_party *holder, *old_key;

	if (new_holder(j, &holder, err) == -1)
		return -1;
	if (strcmp(holder->person, ex_event_text(j->e, "person")) != 0)
		return ex_fail(
		    err, EX_DENIED, "the new key signs as %s", holder->person);
	if (ex_judging_need(j, "org", holder->org, err) == -1)
		return -1;
	if (!mode_fits(use, holder->mode))
		return ex_fail(err, EX_FORMAT,
		    "use: the new key signs as \"%s\"",
		    ex_mode_name(holder->mode));
	n = count_registrars(j, holder, &old_key);
	if (old_key == NULL && n < want)
		return ex_fail(err, EX_DENIED,
		    "a first key takes %lld registrars, %lld signed",
		    (long long)want, (long long)n);
	if (old_key != NULL && succeed(j, old_key, err) == -1)
		return -1;
	return put_key(j, holder, use, n, err);
}

/* A key ends here; its place in the tree is what counts. */
static int
end_key(struct ex_judging *j, const char *cert, const char *since,
    const char *person, struct ex_err *err)
{
	struct ex_json *v = NULL;
	const char *owner;

	if (ex_judging_fact(j, "key", cert, &v, err) == -1)
		return -1;
	if (v == NULL)
		return ex_fail(err, EX_ABSENT, "the log knows no such key");
	owner = ex_json_get_text(v, "person");
	if (ex_json_get(v, "revoked") != NULL) {
		ex_json_free(v);
		return ex_fail(err, EX_STATE, "this key is revoked already");
	}
	if (person != NULL && (owner == NULL || strcmp(owner, person) != 0)) {
		ex_json_free(v);
		return ex_fail(
		    err, EX_DENIED, "this is not a key of %s", person);
	}
	if (ex_json_set_int(v, "revoked", -1, err) == -1 ||
	    (since != NULL &&
		ex_json_set_text(v, "compromised_since", since, err) == -1)) {
		ex_json_free(v);
		return -1;
	}
	return ex_facts_put(&j->out->facts, "key", cert, NULL, v, err);
}

static int
revoke(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_party *holder = ex_event_party(j->e, "holder");
	int by_registrar = ex_event_party(j->e, "registrar") != NULL;

	return end_key(j, ex_event_text(j->e, "cert_sha256"),
	    ex_event_text(j->e, "compromised_since"),
	    by_registrar || holder == NULL ? NULL : holder->person, err);
}

static int
rotate(struct ex_judging *j, struct ex_err *err)
{
	const char *old = ex_event_text(j->e, "old_cert");
	const struct ex_party *before = signer_with(j, old), *holder;
	struct ex_json *v = NULL;
	char use[16];

	if (new_holder(j, &holder, err) == -1)
		return -1;
	if (before == NULL || strcmp(before->person, holder->person) != 0)
		return ex_fail(err, EX_DENIED, "the old key must sign as well");
	if (ex_judging_fact(j, "key", old, &v, err) == -1)
		return -1;
	(void)snprintf(use, sizeof(use), "%s",
	    v == NULL ? "" : ex_json_get_text(v, "use"));
	ex_json_free(v);
	if (!mode_fits(use, holder->mode))
		return ex_fail(err, EX_DENIED,
		    "the old key is that of a %s, the new one signs as "
		    "\"%s\"",
		    use, ex_mode_name(holder->mode));
	if (strcmp(before->org, holder->org) != 0)
		return ex_fail(err, EX_DENIED,
		    "the old key is of %s, the new one of %s", before->org,
		    holder->org);
	if (end_key(j, old, NULL, holder->person, err) == -1 ||
	    succeed(j, before, err) == -1)
		return -1;
	return put_key(j, holder, use, 0, err);
}

static int
delegate(struct ex_judging *j, struct ex_err *err)
{
	const char *until = ex_event_text(j->e, "until");
	struct ex_json *v = ex_json_object();
	char id[2 * EX_NAME_TEXT + 1];

	(void)snprintf(id, sizeof(id), "%s/%s", ex_event_text(j->e, "station"),
	    ex_judging_actor(j)->person);
	if (v == NULL || ex_json_set_text(v, "leaf", "", err) == -1 ||
	    (until != NULL && ex_json_set_text(v, "until", until, err) == -1)) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_facts_put(&j->out->facts, "delegate", id, NULL, v, err);
}

int
ex_judge_keys(struct ex_judging *j, struct ex_err *err)
{
	switch ((int)j->e->act) {
	case EX_ACT_KEY_ENROL:
		return enrol(j, err);
	case EX_ACT_KEY_REVOKE:
		return revoke(j, err);
	case EX_ACT_ROTATE:
		return rotate(j, err);
	default:
		return delegate(j, err);
	}
}
