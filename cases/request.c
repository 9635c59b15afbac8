/*
 * request.c -- what is asked for: entries, and who sits at the desk.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/text.h"
#include "cases/act.h"
#include "db/store.h"
#include "intake/vault.h"

void
ex_request_init(struct ex_request *r)
{
	memset(r, 0, sizeof(*r));
}

void
ex_request_free(struct ex_request *r)
{
	for (size_t i = 0; i < r->nmembers; i++) {
		ex_json_free(r->member[i].fields);
		ex_json_free(r->member[i].texts);
		ex_json_free(r->member[i].digests);
	}
	for (size_t i = 0; i < r->nothers; i++)
		free(r->other_reason[i]);
	free(r->member);
	memset(r, 0, sizeof(*r));
}

static int
grow(struct ex_request *r, struct ex_err *err)
{
	size_t cap = r->capmembers == 0 ? 4 : 2 * r->capmembers;
	struct ex_member *more;

	if (r->nmembers < r->capmembers)
		return 0;
	more = realloc(r->member, cap * sizeof(*more));
	if (more == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	r->member = more;
	r->capmembers = cap;
	return 0;
}

int
ex_request_add(struct ex_request *r, enum ex_act act, enum ex_stream_kind kind,
    const char *id, struct ex_member **out, struct ex_err *err)
{
	struct ex_member *m;

	if (r->nmembers == EX_BATCH_MAX)
		return ex_fail(err, EX_LIMIT, "more than %d entries in one act",
		    EX_BATCH_MAX);
	if (grow(r, err) == -1)
		return -1;
	m = &r->member[r->nmembers];
	memset(m, 0, sizeof(*m));
	m->act = act;
	if (ex_stream_set(&m->stream, kind, id, err) == -1)
		return -1;
	m->fields = ex_json_object();
	m->texts = ex_json_object();
	if (m->fields == NULL || m->texts == NULL) {
		ex_json_free(m->fields);
		ex_json_free(m->texts);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	r->nmembers++;
	*out = m;
	return 0;
}

int
ex_request_seat(struct ex_request *r, const struct ex_signer *signer,
    const char *role, struct ex_err *err)
{
	struct ex_seat *s = &r->seat[r->nseats];

	if (r->nseats == EX_PARTIES_MAX || strlen(role) >= sizeof(s->role))
		return ex_fail(
		    err, EX_LIMIT, "more than %d parties", EX_PARTIES_MAX);
	for (size_t i = 0; i < r->nseats; i++)
		if (r->seat[i].signer == signer)
			return ex_fail(err, EX_USAGE,
			    "key \"%s\" is named twice: two parties are two "
			    "persons",
			    signer->name);
	s->signer = signer;
	memcpy(s->role, role, strlen(role) + 1);
	r->nseats++;
	return 0;
}

static int
is_filled(const struct ex_request *r, const char *role)
{
	for (size_t i = 0; i < r->nseats; i++)
		if (strcmp(r->seat[i].role, role) == 0)
			return 1;
	for (size_t i = 0; i < r->nothers; i++)
		if (strcmp(r->other[i].role, role) == 0)
			return 1;
	return 0;
}

/* Is one of these granted to the person now?  1, 0, or -1. */
static int
is_granted(struct ex_conn *conn, const char *person, const char *const *grants,
    struct ex_err *err)
{
	struct ex_json *v = NULL;
	const struct ex_json *roles;
	char now[EX_TIME_TEXT];
	int found = 0;

	if (ex_store_fact(conn, "person", person, &v, err) == -1)
		return -1;
	ex_time_text(now, ex_now());
	roles = ex_json_get(v, "roles");
	for (size_t i = 0; !found && i < ex_json_count(roles); i++) {
		const struct ex_json *r = ex_json_at(roles, i);
		const char *role = ex_json_get_text(r, "role");
		const char *until = ex_json_get_text(r, "until");

		found = role != NULL && ex_text_index(role, grants) != -1 &&
			(until == NULL || strcmp(now, until) <= 0);
	}
	ex_json_free(v);
	return found;
}

/* The first free role of the act that this signer may have; else the first
 * free one, which the rules will refuse in their own words. */
static int
role_for(const char **out, const struct ex_request *r,
    const struct ex_act_def *def, struct ex_conn *conn,
    const struct ex_signer *s, struct ex_err *err)
{
	const char *first = NULL;

	*out = NULL;
	for (size_t i = 0; def->role[i].role != NULL; i++) {
		const struct ex_act_role *role = &def->role[i];
		int may;

		if (is_filled(r, role->role) ||
		    (role->modes & (1U << s->mode)) == 0)
			continue;
		if (first == NULL)
			first = role->role;
		may = role->grants == NULL
			  ? 1
			  : is_granted(conn, s->person, role->grants, err);
		if (may == -1)
			return -1;
		if (may) {
			*out = role->role;
			return 0;
		}
	}
	*out = first;
	return 0;
}

static int
seat_key(struct ex_request *r, struct ex_house *house,
    const struct ex_act_def *def, const char *name, const char *fixed_role,
    struct ex_err *err)
{
	const struct ex_signer *s;
	struct ex_conn *conn;
	const char *role = fixed_role;

	if (ex_house_signer(house, name, &s, err) == -1 ||
	    ex_house_conn(house, &conn, err) == -1)
		return -1;
	if (role == NULL && role_for(&role, r, def, conn, s, err) == -1)
		return -1;
	if (role == NULL)
		return ex_fail(err, EX_USAGE,
		    "%s: there is no part for key \"%s\" in this act",
		    def->name, name);
	return ex_request_seat(r, s, role, err);
}

/* One part of "PERSON:ROLE:MODE[:FILE]" up to the next colon. */
static int
take_word(char *out, size_t size, const char **p)
{
	size_t n = strcspn(*p, ":");

	if (n == 0 || n >= size)
		return -1;
	memcpy(out, *p, n);
	out[n] = '\0';
	*p += n;
	if (**p == ':')
		++*p;
	return 0;
}

/* The organisation of somebody without a key here. */
static int
find_org(struct ex_party *p, struct ex_conn *conn, struct ex_err *err)
{
	char *at = strchr(p->person, '@');
	struct ex_json *v = NULL;
	const char *org;

	if (at != NULL) {
		(void)snprintf(p->org, sizeof(p->org), "%s", at + 1);
		*at = '\0';
		return 0;
	}
	if (ex_store_fact(conn, "person", p->person, &v, err) == -1)
		return -1;
	org = ex_json_get_text(v, "org");
	if (org != NULL)
		(void)snprintf(p->org, sizeof(p->org), "%s", org);
	ex_json_free(v);
	if (p->org[0] == '\0')
		return ex_fail(err, EX_ABSENT,
		    "the log knows no person \"%s\": add the person, or say "
		    "PERSON@ORG",
		    p->person);
	return 0;
}

/* The scan of the signed form goes into the vault. */
static int
keep_form(struct ex_party *p, struct ex_house *house, const char *file,
    struct ex_err *err)
{
	char vault[EX_PATH], hex[EX_SHA256_HEX];

	if (ex_house_path(vault, house, "vault", err) == -1 ||
	    ex_vault_put_file(
		hex, NULL, vault, EX_VAULT_ATTACHMENTS, NULL, file, err) == -1)
		return -1;
	p->has_form = 1;
	return ex_hex_read(p->form_sha256, EX_SHA256_LEN, hex, err);
}

static int
seat_other(struct ex_request *r, struct ex_house *house, const char *given,
    struct ex_err *err)
{
	struct ex_party *p = &r->other[r->nothers];
	const struct ex_signer *recorder;
	struct ex_conn *conn;
	const char *rest = given;
	char mode[16];

	if (r->nothers == EX_PARTIES_MAX)
		return ex_fail(
		    err, EX_LIMIT, "more than %d parties", EX_PARTIES_MAX);
	memset(p, 0, sizeof(*p));
	if (take_word(p->person, sizeof(p->person), &rest) == -1 ||
	    take_word(p->role, sizeof(p->role), &rest) == -1 ||
	    take_word(mode, sizeof(mode), &rest) == -1 ||
	    ex_mode_parse(&p->mode, mode, NULL) == -1 || ex_mode_signs(p->mode))
		return ex_fail(err, EX_USAGE,
		    "--party is PERSON:ROLE:paper|refused|absent[:FILE], not "
		    "\"%.80s\"",
		    given);
	if (ex_house_conn(house, &conn, err) == -1 ||
	    find_org(p, conn, err) == -1)
		return -1;
	if (p->mode != EX_MODE_ABSENT) {
		if (ex_house_actor(house, &recorder, err) == -1)
			return -1;
		memcpy(p->recorder, recorder->person, sizeof(p->recorder));
	}
	if (p->mode == EX_MODE_REFUSED) {
		/* Behind the mode stands why, in words. */
		r->other_reason[r->nothers] =
		    strdup(*rest == '\0' ? "refused to sign" : rest);
		if (r->other_reason[r->nothers] == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
	} else if (*rest != '\0' && keep_form(p, house, rest, err) == -1) {
		return -1;
	}
	r->nothers++;
	return 0;
}

/* Somebody still missing?  Say who, and how to name them. */
static int
check_complete(const struct ex_request *r, const struct ex_act_def *def,
    struct ex_err *err)
{
	for (size_t i = 0; def->role[i].role != NULL; i++)
		if (def->role[i].required && !is_filled(r, def->role[i].role))
			return ex_fail(err, EX_USAGE,
			    "%s needs a %s: --%s KEY, or --party "
			    "PERSON:%s:paper",
			    def->name, def->role[i].role,
			    i == 0 ? "as" : "with", def->role[i].role);
	return 0;
}

int
ex_request_seat_desk(struct ex_request *r, struct ex_house *house,
    enum ex_act act, struct ex_err *err)
{
	const struct ex_desk *desk = ex_house_desk(house);
	const struct ex_act_def *def = ex_act(act);

	if (desk->as == NULL)
		return ex_fail(err, EX_USAGE,
		    "who acts?  Give --as KEY, or set EXHIBIT_AS");
	for (size_t i = 0; i < desk->nparty; i++)
		if (seat_other(r, house, desk->party[i], err) == -1)
			return -1;
	if (seat_key(r, house, def, desk->as, NULL, err) == -1)
		return -1;
	for (size_t i = 0; i < desk->nwith; i++)
		if (seat_key(r, house, def, desk->with[i], NULL, err) == -1)
			return -1;
	for (size_t i = 0; i < desk->nwitness; i++)
		if (seat_key(r, house, def, desk->witness[i], "witness", err) ==
		    -1)
			return -1;
	return check_complete(r, def, err);
}
