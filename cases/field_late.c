/*
 * field_late.c -- what was signed in the field and can no longer follow: kept
 * as it was signed, and entered late.
 */
#include <string.h>

#include "base/codec.h"
#include "cases/field_parts.h"
#include "cases/perform.h"
#include "cases/walk.h"
#include "intake/vault.h"

/* The key of each signer is one that the log knows, revoked or not. */
static int
check_keys(
    const struct ex_opened *o, struct ex_house *house, struct ex_err *err)
{
	for (size_t i = 0; i < o->cms.nsigners; i++) {
		char hex[EX_SHA256_HEX];
		struct ex_json *fact = NULL;
		int known;

		ex_hex(hex, o->cms.signer[i].cert_sha256, EX_SHA256_LEN);
		if (ex_house_fact(house, "key", hex, &fact, err) == -1)
			return -1;
		known = fact != NULL;
		ex_json_free(fact);
		if (!known)
			return ex_fail(err, EX_DENIED,
			    "signed with a key that was never enrolled: "
			    "%.16s...",
			    hex);
	}
	return 0;
}

static int
check_entry(
    const struct ex_act_entry *e, struct ex_house *house, struct ex_err *err)
{
	struct ex_opened *o = NULL;
	int rc = ex_act_open(&o, e, err);

	if (rc == 0 && strcmp(o->event.log, ex_house_origin(house)) != 0)
		rc = ex_fail(
		    err, EX_DENIED, "signed for another log: %s", o->event.log);
	if (rc == 0)
		rc = ex_cms_check(&o->cms, err);
	if (rc == 0)
		rc = check_keys(o, house, err);
	ex_opened_free(o);
	return rc;
}

int
ex_brought_is_ours(const struct ex_brought *b, struct ex_err *err)
{
	for (size_t i = 0; i < b->job.n; i++)
		if (check_entry(&b->job.entry[i], b->house, err) == -1)
			return -1;
	return 0;
}

struct search {
	const uint8_t *leaf;
	int found;
};

static int
is_it(void *arg, const struct ex_event *e, const struct ex_openings *o,
    struct ex_err *err)
{
	struct search *s = arg;
	uint8_t leaf[EX_HASH];

	(void)o;
	(void)err;
	if (e->act == EX_ACT_LATE_ENTRY &&
	    ex_json_need_hex(leaf, EX_HASH, e->fields, "entry", NULL) == 0 &&
	    memcmp(leaf, s->leaf, EX_HASH) == 0)
		s->found = 1;
	return 0;
}

/* Was this one entered late before?  1, 0, or -1. */
static int
is_entered(const struct ex_brought *b, const struct ex_act_entry *e,
    struct ex_err *err)
{
	struct search s = { e->leaf, 0 };
	struct ex_conn *conn;

	if (ex_house_conn(b->house, &conn, err) == -1 ||
	    ex_walk_stream(conn, &e->stream, is_it, &s, err) == -1)
		return -1;
	return s.found;
}

static int
fill(struct ex_member *m, const struct ex_act_entry *e, const char *sha256,
    const char *why, struct ex_err *err)
{
	struct ex_given file = { "attachments", sha256 };

	if (ex_json_set_text(m->fields, "act", ex_act(e->act)->name, err) ==
		-1 ||
	    ex_json_set_text(m->fields, "source", "journal", err) == -1 ||
	    ex_json_set_hex(m->fields, "entry", e->leaf, EX_HASH, err) == -1 ||
	    ex_json_set_text(m->texts, "reason", why, err) == -1)
		return -1;
	return ex_given_put(m, &file, err);
}

static int
enter(const struct ex_brought *b, const struct ex_act_entry *e,
    const char *sha256, const char *why, struct ex_err *err)
{
	struct ex_outcome o = { NULL, 0, "" };
	struct ex_opened *opened = NULL;
	struct ex_request r;
	struct ex_member *m;
	int rc = -1;

	ex_request_init(&r);
	if (ex_act_open(&opened, e, err) == 0 &&
	    ex_request_add(&r, EX_ACT_LATE_ENTRY, EX_STREAM_ITEM, e->stream.id,
		&m, err) == 0 &&
	    fill(m, e, sha256, why, err) == 0) {
		r.occurred_at = opened->event.occurred_at;
		rc = ex_perform_do(
		    &o, b->house, &r, EX_ACT_LATE_ENTRY, NULL, err);
	}
	ex_opened_free(opened);
	ex_outcome_free(&o);
	ex_request_free(&r);
	return rc;
}

/* A late entry is about an item that the log knows. */
static int
check_subjects(const struct ex_brought *b, struct ex_err *err)
{
	for (size_t i = 0; i < b->job.n; i++) {
		const struct ex_stream *s = &b->job.entry[i].stream;
		struct ex_json *fact = NULL;
		int known;

		if (s->kind == EX_STREAM_ITEM &&
		    ex_house_fact(b->house, "item", s->id, &fact, err) == -1)
			return -1;
		known = fact != NULL;
		ex_json_free(fact);
		if (!known)
			return ex_fail(err, EX_ABSENT,
			    "%s: no item that a late entry could be about",
			    s->id);
	}
	return 0;
}

int
ex_brought_enter_late(struct ex_brought *b, const char *why, struct ex_err *err)
{
	char vault[EX_PATH], sha256[EX_SHA256_HEX];

	if (check_subjects(b, err) == -1 ||
	    ex_house_path(vault, b->house, "vault", err) == -1 ||
	    ex_vault_put(sha256, vault, EX_VAULT_ATTACHMENTS, NULL,
		b->bytes.data, b->bytes.len, err) == -1)
		return -1;
	for (size_t i = 0; i < b->job.n; i++) {
		const struct ex_act_entry *e = &b->job.entry[i];
		int entered = is_entered(b, e, err);

		if (entered == -1 ||
		    (entered == 0 && enter(b, e, sha256, why, err) == -1))
			return -1;
	}
	return 0;
}
