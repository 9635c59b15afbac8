/*
 * judge_genesis.c -- the first entry of a log: the laboratory founded.
 */
#include <string.h>

#include "base/codec.h"
#include "custody/judging.h"
#include "signing/note.h"

static const char *
text_of(const struct ex_judging *j, const char *name)
{
	return ex_event_text(j->e, name);
}

/* A founder: person and key. */
static int
found_person(struct ex_judging *j, const struct ex_json *f, struct ex_err *err)
{
	const char *id = ex_json_get_text(f, "person");
	struct ex_json *v = ex_json_object();

	if (v == NULL ||
	    ex_json_set_text(v, "org", ex_json_get_text(f, "org"), err) == -1 ||
	    ex_lab_roles(j, v, ex_json_get(f, "roles"), err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_lab_put(j, "person", id, v, err);
}

static int
found_key(struct ex_judging *j, const struct ex_json *f, const char *id,
    const char *org, const char *use, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL || ex_json_set_text(v, "person", id, err) == -1 ||
	    ex_json_set_text(v, "org", org, err) == -1 ||
	    ex_json_set_text(v, "use", use, err) == -1 ||
	    ex_json_set_text(
		v, "storage", ex_json_get_text(f, "storage"), err) == -1 ||
	    ex_json_set_text(v, "name", ex_json_get_text(f, "key_name"), err) ==
		-1 ||
	    ex_json_set_int(v, "registrars", 0, err) == -1 ||
	    ex_json_set_int(v, "index", -1, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_lab_put(j, "key", ex_json_get_text(f, "cert_sha256"), v, err);
}

/* Every founding key signs: that proves possession. */
static int
check_possession(
    struct ex_judging *j, const struct ex_json *f, struct ex_err *err)
{
	char have[EX_SHA256_HEX];

	for (size_t i = 0; i < j->e->nparties; i++) {
		const struct ex_party *p = &j->e->party[i];

		if (!ex_mode_signs(p->mode))
			continue;
		ex_hex(have, p->cert_sha256, sizeof(p->cert_sha256));
		if (strcmp(have, ex_json_get_text(f, "cert_sha256")) == 0)
			return 0;
	}
	return ex_fail(err, EX_DENIED,
	    "the key %s is founded and does not sign",
	    ex_json_get_text(f, "key_name"));
}

static int
found_machines(
    struct ex_judging *j, const char *list, const char *use, struct ex_err *err)
{
	const struct ex_json *v = ex_json_get(j->e->fields, list);

	for (size_t i = 0; i < ex_json_count(v); i++) {
		const struct ex_json *m = ex_json_at(v, i);

		if (check_possession(j, m, err) == -1 ||
		    found_key(j, m, ex_json_get_text(m, "id"),
			text_of(j, "org"), use, err) == -1)
			return -1;
	}
	return 0;
}

static int
found_log(struct ex_judging *j, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	struct ex_vkey key;

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_vkey_read(&key, text_of(j, "log_key"), err) == -1)
		goto fail;
	if (strcmp(key.name, j->e->log) != 0) {
		(void)ex_fail(err, EX_FORMAT,
		    "the log's key has another name than the log");
		goto fail;
	}
	if (ex_json_set_text(v, "origin", j->e->log, err) == -1 ||
	    ex_json_set_text(v, "vkey", text_of(j, "log_key"), err) == -1 ||
	    ex_json_set_text(v, "org", text_of(j, "org"), err) == -1 ||
	    ex_json_set(v, "ca", ex_json_copy(ex_json_get(j->e->fields, "ca")),
		err) == -1)
		goto fail;
	return ex_lab_put(j, "log", "log", v, err);
fail:
	ex_json_free(v);
	return -1;
}

/* One member of a fresh fact: an organisation's or a place's kind. */
static int
found_thing(struct ex_judging *j, const char *kind, const char *id,
    const char *value, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL || ex_json_set_text(v, "kind", value, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_lab_put(j, kind, id, v, err);
}

int
ex_judge_genesis(struct ex_judging *j, struct ex_err *err)
{
	const struct ex_json *list = ex_json_get(j->e->fields, "founders");
	const char *org = text_of(j, "org");

	if (found_log(j, err) == -1 ||
	    found_thing(j, "org", org, text_of(j, "org_kind"), err) == -1 ||
	    found_thing(j, "location", text_of(j, "location"), "reception",
		err) == -1 ||
	    ex_lab_policy(j, 1, err) == -1)
		return -1;
	for (size_t i = 0; i < ex_json_count(list); i++) {
		const struct ex_json *f = ex_json_at(list, i);

		if (check_possession(j, f, err) == -1 ||
		    found_person(j, f, err) == -1 ||
		    found_key(j, f, ex_json_get_text(f, "person"),
			ex_json_get_text(f, "org"), "person", err) == -1)
			return -1;
	}
	if (found_machines(j, "stations", "station", err) == -1)
		return -1;
	return found_machines(j, "services", "service", err);
}
