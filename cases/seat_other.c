/*
 * seat_other.c -- parties without a key at this desk: on paper, refusing,
 * absent.
 */
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/limits.h"
#include "base/text.h"
#include "cases/seat_parts.h"
#include "db/store.h"
#include "intake/vault.h"

/* "PERSON[@ORG]:ROLE:MODE[:FILE]" in its parts. */
struct other {
	char person[EX_NAME_TEXT], org[EX_NAME_TEXT], role[EX_NAME_TEXT];
	enum ex_mode mode;
	const char *file; /* NULL: none */
};

/* Copy up to one of the stops; what follows, NULL when that is no word. */
static const char *
take_word(char out[EX_NAME_TEXT], const char *from, const char *stops)
{
	size_t n = strcspn(from, stops);

	if (n == 0 || n >= EX_NAME_TEXT)
		return NULL;
	memcpy(out, from, n);
	out[n] = '\0';
	return from + n;
}

/* Behind the next colon; NULL when it is not there. */
static const char *
behind(const char *p)
{
	return p != NULL && *p == ':' ? p + 1 : NULL;
}

static int
split(struct other *o, const char *given)
{
	char mode[EX_NAME_TEXT];
	const char *p = take_word(o->person, given, "@:");

	o->org[0] = '\0';
	if (p != NULL && *p == '@')
		p = take_word(o->org, p + 1, ":");
	if ((p = behind(p)) == NULL ||
	    (p = behind(take_word(o->role, p, ":"))) == NULL ||
	    (p = take_word(mode, p, ":")) == NULL)
		return -1;
	o->file = *p == ':' && p[1] != '\0' ? p + 1 : NULL;
	if (!ex_text_name_ok(o->person) ||
	    (o->org[0] != '\0' && !ex_text_name_ok(o->org)) ||
	    ex_mode_parse(&o->mode, mode, NULL) == -1)
		return -1;
	if (o->mode == EX_MODE_ABSENT)
		return o->file == NULL ? 0 : -1;
	return o->mode == EX_MODE_PAPER || o->mode == EX_MODE_REFUSED ? 0 : -1;
}

/* As the log has the person; a stranger's is said. */
static int
set_org(struct ex_party *p, struct ex_house *house, const struct other *o,
    struct ex_err *err)
{
	struct ex_json *person = NULL;
	const char *org = o->org;

	if (ex_house_fact(house, "person", o->person, &person, err) == -1)
		return -1;
	if (org[0] == '\0')
		org = ex_json_get_text(person, "org");
	if (org != NULL && strlen(org) < sizeof(p->org))
		memcpy(p->org, org, strlen(org) + 1);
	ex_json_free(person);
	if (p->org[0] != '\0')
		return 0;
	return ex_fail(err, EX_ABSENT,
	    "the log knows no person \"%s\": add the person, or say "
	    "PERSON@ORG",
	    o->person);
}

/* The scan of the signed form is named by its digest. */
static int
set_form(struct ex_party *p, char **form, const char *file, struct ex_err *err)
{
	if (ex_sha256_file(p->form_sha256, NULL, file, err) == -1)
		return -1;
	p->has_form = 1;
	*form = strdup(file);
	return *form == NULL ? ex_fail(err, EX_SYSTEM, "out of memory") : 0;
}

static int
keep_form(const struct ex_party *p, const char *vault, const char *file,
    struct ex_err *err)
{
	char kept[EX_SHA256_HEX], named[EX_SHA256_HEX];

	if (ex_vault_put_file(
		kept, NULL, vault, EX_VAULT_ATTACHMENTS, NULL, file, err) == -1)
		return -1;
	ex_hex(named, p->form_sha256, EX_SHA256_LEN);
	if (strcmp(kept, named) == 0)
		return 0;
	return ex_fail(err, EX_DAMAGED, "%s changed while it was read", file);
}

int
ex_request_keep_forms(
    const struct ex_request *r, struct ex_house *house, struct ex_err *err)
{
	char vault[EX_PATH];
	int rc = ex_house_path(vault, house, "vault", err);

	for (size_t i = 0; rc == 0 && i < r->nothers; i++)
		if (r->other_form[i] != NULL)
			rc = keep_form(
			    &r->other[i], vault, r->other_form[i], err);
	return rc;
}

/* Why somebody would not sign: a text file, or the act's own reason. */
static int
set_reason(char **out, const struct ex_request *r, const char *file,
    struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	const char *reason = NULL;

	if (file != NULL &&
	    ex_file_read(&text, file, EX_TEXT_FILE_MAX, err) == -1)
		return -1;
	while (text.len > 0 && text.data[text.len - 1] == '\n')
		ex_buf_cut(&text, text.len - 1);
	if (text.len > 0)
		reason = ex_buf_text(&text);
	else if (r->nmembers > 0)
		reason = ex_json_get_text(r->member[0].texts, "reason");
	*out = strdup(reason == NULL ? "no reason was recorded" : reason);
	ex_buf_free(&text);
	return *out == NULL ? ex_fail(err, EX_SYSTEM, "out of memory") : 0;
}

/* Whoever acts has recorded it. */
static int
set_recorder(struct ex_party *p, struct ex_house *house, struct ex_err *err)
{
	const struct ex_signer *actor;

	if (p->mode == EX_MODE_ABSENT)
		return 0;
	if (ex_house_actor(house, &actor, err) == -1)
		return -1;
	memcpy(p->recorder, actor->person, sizeof(p->recorder));
	return 0;
}

int
ex_request_seat_other(struct ex_request *r, struct ex_house *house,
    const char *given, struct ex_err *err)
{
	struct ex_party *p = &r->other[r->nothers];
	struct other o;

	if (r->nseats + r->nothers >= EX_PARTIES_MAX)
		return ex_fail(
		    err, EX_LIMIT, "more than %d parties", EX_PARTIES_MAX);
	if (split(&o, given) == -1)
		return ex_fail(err, EX_USAGE,
		    "--party is PERSON[@ORG]:ROLE:paper|refused|absent[:FILE],"
		    " not \"%.80s\"",
		    given);
	memset(p, 0, sizeof(*p));
	memcpy(p->person, o.person, sizeof(p->person));
	memcpy(p->role, o.role, sizeof(p->role));
	p->mode = o.mode;
	if (set_org(p, house, &o, err) == -1 ||
	    set_recorder(p, house, err) == -1)
		return -1;
	if (o.mode == EX_MODE_PAPER && o.file != NULL &&
	    set_form(p, &r->other_form[r->nothers], o.file, err) == -1)
		return -1;
	if (o.mode == EX_MODE_REFUSED &&
	    set_reason(&r->other_reason[r->nothers], r, o.file, err) == -1)
		return -1;
	r->nothers++;
	return 0;
}
