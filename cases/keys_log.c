/*
 * keys_log.c -- keys as the log knows them: enrolled, revoked, listed.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/file.h"
#include "cases/act.h"
#include "cases/keys_parts.h"
#include "cases/record.h"
#include "db/store.h"

/* The organisation of a person, from the log. */
static int
org_of(char out[EX_NAME_TEXT], struct ex_house *house, const char *person,
    struct ex_err *err)
{
	struct ex_json *v = NULL;
	struct ex_conn *conn;
	const char *org;
	int rc = -1;

	if (ex_house_conn(house, &conn, err) == -1 ||
	    ex_store_fact(conn, "person", person, &v, err) == -1)
		return -1;
	if (v == NULL)
		ex_fail(err, EX_ABSENT,
		    "the log knows no person \"%s\": exhibit person add %s",
		    person, person);
	else if (ex_json_need_text(&org, v, "org", err) == 0) {
		(void)snprintf(out, EX_NAME_TEXT, "%s", org);
		rc = 0;
	}
	ex_json_free(v);
	return rc;
}

/* The fact of a certificate; *out NULL when it is not enrolled. */
static int
enrolled(struct ex_json **out, struct ex_house *house,
    const struct ex_signer *s, struct ex_err *err)
{
	char hex[EX_SHA256_HEX];
	struct ex_conn *conn;

	ex_hex(hex, s->cert_sha256, EX_SHA256_LEN);
	if (ex_house_conn(house, &conn, err) == -1)
		return -1;
	return ex_store_fact(conn, "key", hex, out, err);
}

/* One that a killed run has left here: the same person's, not enrolled. */
static int
load_left(struct ex_signer **out, struct ex_house *house, const char *keys,
    const struct ex_key_order *order, struct ex_err *err)
{
	struct ex_json *fact = NULL;
	int there;

	if (ex_signer_load(out, keys, order->name, order->pins, err) == -1)
		return -1;
	if (strcmp((*out)->person, order->person) != 0)
		return ex_fail(err, EX_EXISTS, "key \"%s\" is %s's",
		    order->name, (*out)->person);
	if (enrolled(&fact, house, *out, err) == -1)
		return -1;
	there = fact != NULL;
	ex_json_free(fact);
	if (there)
		return ex_fail(err, EX_EXISTS,
		    "there is a key \"%s\", and it is enrolled", order->name);
	return 0;
}

/* The key in its files: made or adopted now, or left by a killed run. */
static int
make_or_load(struct ex_signer **out, int *made, struct ex_house *house,
    const char *name, const char *person, const struct ex_key_given *given,
    struct ex_err *err)
{
	const struct ex_desk *desk = ex_house_desk(house);
	char keys[EX_PATH], org[EX_NAME_TEXT];
	struct ex_key_order order = { name, person, org, EX_MODE_SIGNED,
		&desk->pins };

	if (org_of(org, house, person, err) == -1 ||
	    ex_house_path(keys, house, "keys", err) == -1)
		return -1;
	*made = !ex_key_here(keys, name);
	if (!*made)
		return load_left(out, house, keys, &order, err);
	if (given != NULL)
		return ex_signer_adopt(out, keys, &order, given, err);
	return ex_signer_make(out, ex_house_dir(house), keys, &order, err);
}

static int
enrol_fields(struct ex_member *m, const struct ex_signer *s, const char *ca,
    struct ex_err *err)
{
	if (ex_json_set_text(m->fields, "person", s->person, err) == -1 ||
	    ex_json_set_text(m->fields, "use", "person", err) == -1 ||
	    ex_json_set_hex(m->fields, "cert_sha256", s->cert_sha256,
		EX_SHA256_LEN, err) == -1 ||
	    ex_json_set_text(m->fields, "storage", s->storage, err) == -1 ||
	    (ca[0] != '\0' && ex_json_set_text(m->fields, "ca", ca, err) == -1))
		return -1;
	return ex_json_set_text(m->fields, "key_name", s->name, err);
}

/*
 * Who acts and who is --with have seen the person, or are the person with an
 * older key.
 */
static int
seat(struct ex_request *r, const struct ex_signer *by,
    const struct ex_signer *new, struct ex_err *err)
{
	int same = strcmp(by->person, new->person) == 0;

	return ex_request_seat(r, by, same ? "holder" : "registrar", err);
}

/* Their keys are opened before another is made for nothing. */
static int
open_registrars(struct ex_house *house, struct ex_err *err)
{
	const struct ex_desk *desk = ex_house_desk(house);
	const struct ex_signer *s;

	if (ex_house_actor(house, &s, err) == -1)
		return -1;
	for (size_t i = 0; i < desk->nwith; i++)
		if (ex_house_signer(house, desk->with[i], &s, err) == -1)
			return -1;
	return 0;
}

static int
enrol(struct ex_outcome *out, struct ex_house *house, const struct ex_signer *s,
    const char *ca, struct ex_err *err)
{
	const struct ex_desk *desk = ex_house_desk(house);
	const struct ex_signer *registrar;
	struct ex_member *m;
	struct ex_request r;
	int rc = -1;

	ex_request_init(&r);
	if (ex_request_add(&r, EX_ACT_KEY_ENROL, EX_STREAM_LAB,
		ex_house_org(house), &m, err) == -1 ||
	    enrol_fields(m, s, ca, err) == -1 ||
	    ex_house_actor(house, &registrar, err) == -1 ||
	    seat(&r, registrar, s, err) == -1)
		goto out;
	for (size_t i = 0; i < desk->nwith; i++)
		if (ex_house_signer(house, desk->with[i], &registrar, err) ==
			-1 ||
		    seat(&r, registrar, s, err) == -1)
			goto out;
	if (ex_request_seat(&r, s, "holder", err) == 0)
		rc = ex_act_do(out, house, &r, err);
out:
	ex_request_free(&r);
	return rc;
}

/* Does the key take a PIN?  1 or 0, or -1. */
static int
is_locked(
    const struct ex_house *house, const struct ex_signer *s, struct ex_err *err)
{
	char keys[EX_PATH], path[EX_PATH];

	if (s->uri[0] != '\0')
		return 1;
	if (ex_house_path(keys, house, "keys", err) == -1 ||
	    ex_key_file(path, keys, s->name, "key", err) == -1)
		return -1;
	return ex_key_file_locked(path, err);
}

static int
tell_enrolled(struct ex_json **out, const struct ex_house *house,
    const struct ex_signer *s, const char *ca, const struct ex_outcome *o,
    int zh, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	int locked = is_locked(house, s, err);

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (locked == -1 || ex_json_set_text(v, "key", s->name, err) == -1 ||
	    ex_json_set_text(v, "person", s->person, err) == -1 ||
	    ex_json_set_hex(
		v, "cert_sha256", s->cert_sha256, EX_SHA256_LEN, err) == -1 ||
	    ex_json_set_text(v, "storage", s->storage, err) == -1 ||
	    ex_json_set_text(v, "assurance",
		ex_assurance(s->mode, s->storage, ca[0] == '\0', zh),
		err) == -1 ||
	    ex_json_set(v, "locked", ex_json_bool(locked), err) == -1 ||
	    ex_json_set_hex(v, "event", o->done[0].leaf, EX_HASH, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

/*
 * Is it certain that nothing of the act can come into the log any more?  Not
 * when the database or the sequencer did not answer.
 */
static int
is_refusal(enum ex_code code)
{
	return code == EX_DENIED || code == EX_STATE || code == EX_USAGE ||
	       code == EX_ABSENT || code == EX_FORMAT || code == EX_PIN;
}

int
ex_key_enrol(struct ex_json **out, struct ex_house *house, const char *name,
    const char *person, const struct ex_key_given *given, int zh,
    struct ex_err *err)
{
	struct ex_outcome o = { NULL, 0, "" };
	struct ex_err why = EX_ERR_INIT;
	struct ex_signer *s = NULL;
	char keys[EX_PATH], ca[EX_SHA256_HEX] = "";
	int made = 0, rc = -1;

	*out = NULL;
	if (ex_house_path(keys, house, "keys", err) == -1 ||
	    open_registrars(house, err) == -1)
		return -1;
	if (make_or_load(&s, &made, house, name, person, given, &why) == 0) {
		rc = given == NULL ? 0
				   : ex_key_ca(ca, house, s, given->ca, &why);
		if (rc == 0)
			rc = enrol(&o, house, s, ca, &why);
		/* What was given is only a copy; EX_DAMAGED is its card's. */
		if (rc == -1 && made &&
		    (is_refusal(why.code) ||
			(given != NULL && why.code == EX_DAMAGED)))
			ex_key_forget(keys, name);
	}
	if (rc == 0)
		rc = tell_enrolled(out, house, s, ca, &o, zh, &why);
	if (rc == -1)
		(void)ex_fail(err, why.code, "%s", why.text);
	ex_outcome_free(&o);
	ex_signer_free(s);
	return rc;
}

/* Keys of the log with this name, or with this certificate's digest. */
struct search {
	const char *name; /* NULL: all */
	const struct ex_house *house;
	int zh;
	struct ex_json *list;
};

static enum ex_mode
mode_of(const char *use)
{
	if (use != NULL && strcmp(use, "station") == 0)
		return EX_MODE_STATION;
	if (use != NULL && strcmp(use, "service") == 0)
		return EX_MODE_SERVICE;
	return EX_MODE_SIGNED;
}

/* How far it can be trusted, and where in the log it begins and ends. */
static int
add_meaning(
    struct ex_json *v, const struct ex_json *fact, int zh, struct ex_err *err)
{
	const struct ex_json *since = ex_json_get(fact, "index");
	const struct ex_json *until = ex_json_get(fact, "revoked");
	const char *storage = ex_json_get_text(fact, "storage");
	enum ex_mode mode = mode_of(ex_json_get_text(fact, "use"));
	int own = ex_json_get(fact, "ca") == NULL;

	if (ex_json_set_text(v, "assurance",
		ex_assurance(mode, storage == NULL ? "file" : storage, own, zh),
		err) == -1)
		return -1;
	if (since != NULL &&
	    ex_json_set(v, "since", ex_json_copy(since), err) == -1)
		return -1;
	return until == NULL
		   ? 0
		   : ex_json_set(v, "until", ex_json_copy(until), err);
}

static int
add_key(void *arg, const char *kind, const char *id, const char *case_number,
    struct ex_span value, struct ex_err *err)
{
	static const char *const members[] = { "person", "org", "use",
		"storage", "name", "registrars", "index", "revoked",
		"compromised_since", "ca", "successor" };
	struct search *s = arg;
	struct ex_json *fact = NULL, *v = NULL;
	char keys[EX_PATH];
	const char *name;
	int rc = -1;

	(void)kind;
	(void)case_number;
	if (ex_json_read(&fact, value.p, value.n, err) == -1)
		return -1;
	name = ex_json_get_text(fact, "name");
	if (s->name != NULL && strcmp(s->name, id) != 0 &&
	    (name == NULL || strcmp(s->name, name) != 0)) {
		ex_json_free(fact);
		return 0;
	}
	if ((v = ex_json_object()) == NULL ||
	    ex_json_set_text(v, "cert_sha256", id, err) == -1)
		goto out;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const struct ex_json *m = ex_json_get(fact, members[i]);

		if (m != NULL &&
		    ex_json_set(v, members[i], ex_json_copy(m), err) == -1)
			goto out;
	}
	if (add_meaning(v, fact, s->zh, err) == 0 &&
	    ex_house_path(keys, s->house, "keys", err) == 0 &&
	    ex_json_set(v, "here",
		ex_json_bool(name != NULL && ex_key_here(keys, name)),
		err) == 0) {
		rc = ex_json_add(s->list, v, err);
		v = NULL;
	}
out:
	ex_json_free(v);
	ex_json_free(fact);
	return rc;
}

static int
find_keys(struct ex_json **out, struct ex_house *house, const char *name,
    int zh, struct ex_err *err)
{
	struct search s = { name, house, zh, ex_json_array() };
	struct ex_conn *conn;

	if (s.list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_house_conn(house, &conn, err) == -1 ||
	    ex_store_facts(conn, "key", add_key, &s, err) == -1) {
		ex_json_free(s.list);
		return -1;
	}
	*out = s.list;
	return 0;
}

int
ex_key_list(
    struct ex_json **out, struct ex_house *house, int zh, struct ex_err *err)
{
	struct ex_json *list, *v = ex_json_object();

	*out = NULL;
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (find_keys(&list, house, NULL, zh, err) == -1 ||
	    ex_json_set(v, "keys", list, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

/* The one key that a name means: the newest that is not revoked. */
static int
find_key(struct ex_json **out, struct ex_house *house, const char *name, int zh,
    struct ex_err *err)
{
	const struct ex_json *best = NULL;
	struct ex_json *list;

	if (find_keys(&list, house, name, zh, err) == -1)
		return -1;
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *k = ex_json_at(list, i);
		int dead = ex_json_get(k, "revoked") != NULL;

		if (best == NULL ||
		    (!dead && (ex_json_get(best, "revoked") != NULL ||
				  ex_json_get_int(k, "index", 0) >
				      ex_json_get_int(best, "index", 0))))
			best = k;
	}
	*out = ex_json_copy(best);
	ex_json_free(list);
	if (*out == NULL)
		return ex_fail(err, EX_ABSENT,
		    "the log knows no key \"%s\": exhibit key list", name);
	return 0;
}

int
ex_key_show(struct ex_json **out, struct ex_house *house, const char *name,
    int zh, struct ex_err *err)
{
	return find_key(out, house, name, zh, err);
}

static int
revoke_fields(struct ex_member *m, const char *cert, const char *reason,
    const char *since, struct ex_err *err)
{
	char text[EX_TIME_TEXT];
	int64_t at;
	int offset;

	if (ex_json_set_text(m->fields, "cert_sha256", cert, err) == -1 ||
	    ex_json_set_text(m->texts, "reason", reason, err) == -1)
		return -1;
	if (since == NULL)
		return 0;
	if (ex_time_parse(&at, &offset, since, err) == -1)
		return -1;
	ex_time_text(text, at);
	return ex_json_set_text(m->fields, "compromised_since", text, err);
}

/* A registrar ends anybody's key, everybody ends one's own. */
static int
revoke(struct ex_outcome *o, struct ex_house *house, const char *cert,
    const char *reason, const char *since, struct ex_err *err)
{
	struct ex_request r;
	struct ex_member *m;
	int rc = -1;

	ex_request_init(&r);
	if (ex_request_add(&r, EX_ACT_KEY_REVOKE, EX_STREAM_LAB,
		ex_house_org(house), &m, err) == 0 &&
	    revoke_fields(m, cert, reason, since, err) == 0 &&
	    ex_request_seat_desk(&r, house, EX_ACT_KEY_REVOKE, err) == 0)
		rc = ex_act_do(o, house, &r, err);
	ex_request_free(&r);
	return rc;
}

int
ex_key_revoke(struct ex_json **out, struct ex_house *house, const char *name,
    const char *reason, const char *since, struct ex_err *err)
{
	struct ex_outcome o = { NULL, 0, "" };
	struct ex_json *key = NULL;
	int rc = -1;

	*out = NULL;
	if (find_key(&key, house, name, 0, err) == -1)
		return -1;
	if (revoke(&o, house, ex_json_get_text(key, "cert_sha256"), reason,
		since, err) == 0 &&
	    ex_json_set_hex(key, "event", o.done[0].leaf, EX_HASH, err) == 0)
		rc = 0;
	ex_outcome_free(&o);
	if (rc == 0)
		*out = key;
	else
		ex_json_free(key);
	return rc;
}
