/*
 * keys_rotate.c -- a key replaced by its owner: signed by the old and by the
 * new one, which takes over the old one's name.
 *
 * The new key is made as NAME.next.  Once the log has the rotation, each of
 * its files takes the place of the old one's, which is kept as NAME.was-HEX:
 * NAME.json first and NAME.key last, while they are made in that order too.
 * So a killed run shows how far it came, and the next one finishes it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "cases/act.h"
#include "cases/house_parts.h"
#include "cases/keys_parts.h"
#include "cases/record.h"
#include "db/store.h"

/* One rotation under way. */
struct rotation {
	struct ex_house *house;
	const char *name;
	char dir[EX_PATH]; /* DIR/keys, or DIR/log for the service's key */
	char next[EX_NAME_TEXT];
	struct ex_signer *old, *new;
	char ca[EX_SHA256_HEX];
};

static const char *const endings[] = { "json", "pem", "key" };

enum {
	JSON,
	PEM,
	KEY,
	ENDINGS
};

/* Its key lies where its process reads it, and belongs to that user. */
static int
is_service(const struct rotation *r)
{
	return strcmp(r->name, EX_SERVICE_KEY) == 0;
}

static int
has(const struct rotation *r, const char *name, const char *ending)
{
	char path[EX_PATH];

	return ex_key_file(path, r->dir, name, ending, NULL) == 0 &&
	       ex_file_exists(path);
}

/* NAME.json was renamed already: only the renaming is left. */
static int
is_renaming(const struct rotation *r)
{
	return !has(r, r->next, endings[JSON]) &&
	       (has(r, r->next, endings[PEM]) || has(r, r->next, endings[KEY]));
}

/* Where the old key goes: NAME.was- and the start of its certificate's
 * digest, so that none of its predecessors is lost. */
static int
name_was(char out[EX_NAME_TEXT], const struct rotation *r, struct ex_err *err)
{
	char path[EX_PATH], hex[EX_SHA256_HEX];
	struct ex_buf pem = EX_BUF_INIT;
	int rc;

	if (ex_key_file(path, r->dir, r->name, "pem", err) == -1)
		return -1;
	rc = ex_file_read(&pem, path, EX_KEYFILE_MAX, err);
	ex_sha256_hex(hex, pem.data, pem.len);
	(void)snprintf(out, EX_NAME_TEXT, "%.25s.was-%.8s", r->name, hex);
	ex_buf_free(&pem);
	return rc;
}

static int
move(const struct rotation *r, const char *from, const char *to,
    const char *ending, struct ex_err *err)
{
	char a[EX_PATH], b[EX_PATH];

	if (ex_key_file(a, r->dir, from, ending, err) == -1 ||
	    ex_key_file(b, r->dir, to, ending, err) == -1)
		return -1;
	if (rename(a, b) == -1)
		return ex_fail_errno(err, "%s", a);
	if (is_service(r) && ex_house_give(r->house, b, err) == -1)
		return -1;
	return ex_dir_sync(r->dir, err);
}

/* Each file of the old key makes room for the new one's. */
static int
take_place(const struct rotation *r, struct ex_err *err)
{
	char was[EX_NAME_TEXT];

	if (name_was(was, r, err) == -1)
		return -1;
	for (int i = 0; i < ENDINGS; i++) {
		if (!has(r, r->next, endings[i])) {
			/* A card's key has no file: the old one's goes. */
			if (i == KEY && r->new != NULL &&
			    r->new->uri[0] != '\0' && has(r, r->name, "key") &&
			    move(r, r->name, was, "key", err) == -1)
				return -1;
			continue;
		}
		if (has(r, r->name, endings[i]) &&
		    move(r, r->name, was, endings[i], err) == -1)
			return -1;
		if (move(r, r->next, r->name, endings[i], err) == -1)
			return -1;
	}
	return 0;
}

/* Made now, adopted, or left behind by a killed run. */
static int
prepare(
    struct rotation *r, const struct ex_key_given *given, struct ex_err *err)
{
	const struct ex_desk *desk = ex_house_desk(r->house);
	const struct ex_key_order order = { r->next, r->old->person,
		r->old->org, r->old->mode,
		r->old->mode == EX_MODE_SIGNED ? &desk->pins : NULL };
	int rc;

	if (ex_key_here(r->dir, r->next))
		rc = ex_signer_load(&r->new, r->dir, r->next, &desk->pins, err);
	else if (given != NULL)
		rc = ex_signer_adopt(&r->new, r->dir, &order, given, err);
	else
		rc = ex_signer_make(
		    &r->new, ex_house_dir(r->house), r->dir, &order, err);
	if (rc == -1 || given == NULL)
		return rc;
	return ex_key_ca(r->ca, r->house, r->new, given->ca, err);
}

static int
fill(struct ex_member *m, const struct rotation *r, struct ex_err *err)
{
	if (ex_json_set_hex(m->fields, "old_cert", r->old->cert_sha256,
		EX_SHA256_LEN, err) == -1 ||
	    ex_json_set_hex(m->fields, "cert_sha256", r->new->cert_sha256,
		EX_SHA256_LEN, err) == -1 ||
	    ex_json_set_text(m->fields, "storage", r->new->storage, err) ==
		-1 ||
	    (r->ca[0] != '\0' &&
		ex_json_set_text(m->fields, "ca", r->ca, err) == -1))
		return -1;
	return ex_json_set_text(m->fields, "key_name", r->name, err);
}

static int
act(struct ex_outcome *o, const struct rotation *r, struct ex_err *err)
{
	struct ex_request request;
	struct ex_member *m;
	int rc = -1;

	ex_request_init(&request);
	if (ex_request_add(&request, EX_ACT_ROTATE, EX_STREAM_LAB,
		ex_house_org(r->house), &m, err) == 0 &&
	    fill(m, r, err) == 0 &&
	    ex_request_seat(&request, r->old, "holder", err) == 0 &&
	    ex_request_seat(&request, r->new, "holder", err) == 0)
		rc = ex_act_do(o, r->house, &request, err);
	ex_request_free(&request);
	return rc;
}

/* The log may have it from a run that was killed.  1, 0 or -1. */
static int
is_in_log(const struct rotation *r, struct ex_err *err)
{
	char hex[EX_SHA256_HEX];
	struct ex_json *fact = NULL;
	struct ex_conn *conn;
	int there;

	ex_hex(hex, r->new->cert_sha256, EX_SHA256_LEN);
	if (ex_house_conn(r->house, &conn, err) == -1 ||
	    ex_store_fact(conn, "key", hex, &fact, err) == -1)
		return -1;
	there = fact != NULL;
	ex_json_free(fact);
	return there;
}

static int
tell(struct ex_json *out, const struct rotation *r, const struct ex_outcome *o,
    int zh, struct ex_err *err)
{
	if (ex_json_set_hex(out, "cert_sha256", r->new->cert_sha256,
		EX_SHA256_LEN, err) == -1 ||
	    ex_json_set_hex(out, "old_cert", r->old->cert_sha256, EX_SHA256_LEN,
		err) == -1 ||
	    ex_json_set_text(out, "person", r->new->person, err) == -1 ||
	    ex_json_set_text(out, "storage", r->new->storage, err) == -1 ||
	    ex_json_set_text(out, "assurance",
		ex_assurance(
		    r->new->mode, r->new->storage, r->ca[0] == '\0', zh),
		err) == -1)
		return -1;
	return o->n == 0 ? 0
			 : ex_json_set_hex(
			       out, "event", o->done[0].leaf, EX_HASH, err);
}

static int
replace(struct ex_json *out, struct rotation *r,
    const struct ex_key_given *given, int zh, struct ex_err *err)
{
	const struct ex_desk *desk = ex_house_desk(r->house);
	struct ex_outcome o = { NULL, 0, "" };
	int there, rc = -1;

	if (ex_signer_load(&r->old, r->dir, r->name, &desk->pins, err) == -1 ||
	    prepare(r, given, err) == -1 || (there = is_in_log(r, err)) == -1)
		return -1;
	if ((there || act(&o, r, err) == 0) && take_place(r, err) == 0)
		rc = tell(out, r, &o, zh, err);
	ex_outcome_free(&o);
	return rc;
}

static int
find_dir(struct rotation *r, struct ex_err *err)
{
	const char *name = r->name;

	if (ex_house_path(
		r->dir, r->house, is_service(r) ? "log" : "keys", err) == -1)
		return -1;
	if (strlen(name) > 25)
		return ex_fail(err, EX_USAGE,
		    "\"%.60s\": a key that is replaced has a name of at most "
		    "25 characters",
		    name);
	(void)snprintf(r->next, sizeof(r->next), "%s.next", name);
	return 0;
}

int
ex_key_rotate(struct ex_json **out, struct ex_house *house, const char *name,
    const struct ex_key_given *given, int zh, struct ex_err *err)
{
	struct rotation r = { .house = house, .name = name };
	int rc = -1;

	if ((*out = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(*out, "key", name, err) == 0 &&
	    find_dir(&r, err) == 0)
		rc = is_renaming(&r) ? take_place(&r, err)
				     : replace(*out, &r, given, zh, err);
	if (rc == 0 && is_service(&r))
		rc = ex_house_restart(house, err);
	ex_signer_free(r.old);
	ex_signer_free(r.new);
	if (rc == 0)
		return 0;
	ex_json_free(*out);
	*out = NULL;
	return -1;
}
