/*
 * init_found.c -- entry 0: who founded this log, with which keys and policy.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cases/init_parts.h"
#include "custody/admit.h"
#include "custody/world.h"
#include "db/schema.h"
#include "db/store.h"

enum {
	FOUNDERS = 3 /* administrator, station, service */
};

/* What the policy of a new house says: docs/formats.md. */
static struct ex_json *
first_policy(struct ex_err *err)
{
	static const char *const unsealed[] = { "living_system",
		"network_isolated", "powered", "too_large", "wet" };
	struct ex_json *p = ex_json_object(), *list = ex_json_array();
	int rc = p == NULL || list == NULL ? -1 : 0;

	for (size_t i = 0; rc == 0 && i < sizeof(unsealed) / sizeof(*unsealed);
	     i++)
		rc = ex_json_add(list, ex_json_string(unsealed[i]), err);
	if (rc == 0 && ex_json_set_text(p, "quorum", "none", err) == 0 &&
	    ex_json_set_int(p, "registrars", 1, err) == 0 &&
	    ex_json_set_int(p, "validation_required", 0, err) == 0 &&
	    ex_json_set_int(p, "witness_seal_break", 0, err) == 0 &&
	    ex_json_set(p, "unsealed", ex_json_ref(list), err) == 0) {
		ex_json_free(list);
		return p;
	}
	ex_json_free(list);
	ex_json_free(p);
	ex_fail(err, EX_SYSTEM, "out of memory");
	return NULL;
}

static int
add_policy(struct ex_json *fields, struct ex_err *err)
{
	struct ex_json *policy = first_policy(err);
	struct ex_buf text = EX_BUF_INIT;
	char hex[EX_SHA256_HEX];
	int rc = -1;

	if (policy == NULL)
		return -1;
	if (ex_json_write(&text, policy, err) == 0) {
		ex_sha256_hex(hex, text.data, text.len);
		rc = ex_json_set_text(fields, "policy_sha256", hex, err);
	}
	if (rc == 0)
		rc = ex_json_set(fields, "policy", ex_json_ref(policy), err);
	ex_json_free(policy);
	ex_buf_free(&text);
	return rc;
}

/* A list of one: a founder, a station or a service with its key. */
static int
add_key(struct ex_json *fields, const char *list, const char *who,
    const struct ex_signer *s, struct ex_json **out, struct ex_err *err)
{
	struct ex_json *array = ex_json_array(), *v = ex_json_object();

	if (v == NULL || array == NULL ||
	    ex_json_set_text(v, who, s->person, err) == -1 ||
	    ex_json_set_text(v, "key_name", s->name, err) == -1 ||
	    ex_json_set_text(v, "storage", s->storage, err) == -1 ||
	    ex_json_set_hex(
		v, "cert_sha256", s->cert_sha256, EX_SHA256_LEN, err) == -1) {
		ex_json_free(v);
		ex_json_free(array);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	*out = v;
	if (ex_json_add(array, v, err) == -1) {
		ex_json_free(array);
		return -1;
	}
	return ex_json_set(fields, list, array, err);
}

static int
add_founders(
    struct ex_json *fields, const struct ex_founding *f, struct ex_err *err)
{
	struct ex_json *founder, *machine, *roles = ex_json_array();

	if (roles == NULL ||
	    ex_json_add(roles, ex_json_string("administrator"), err) == -1 ||
	    ex_json_add(roles, ex_json_string("registrar"), err) == -1 ||
	    add_key(fields, "founders", "person", f->admin, &founder, err) ==
		-1) {
		ex_json_free(roles);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	if (ex_json_set(founder, "roles", roles, err) == -1 ||
	    ex_json_set_text(founder, "org", f->admin->org, err) == -1 ||
	    add_key(fields, "stations", "id", f->station, &machine, err) == -1)
		return -1;
	return add_key(fields, "services", "id", f->service, &machine, err);
}

static struct ex_json *
genesis_fields(const struct ex_founding *f, struct ex_err *err)
{
	struct ex_json *fields = ex_json_object(), *ca = ex_json_array();
	const char *org = f->house.conf.organisation;
	char hex[EX_SHA256_HEX];
	int rc = -1;

	ex_sha256_hex(hex, f->ca.data, f->ca.len);
	if (fields != NULL && ca != NULL &&
	    ex_json_add(ca, ex_json_string(hex), err) == 0 &&
	    ex_json_set(fields, "ca", ex_json_ref(ca), err) == 0 &&
	    ex_json_set_text(fields, "log_key", f->house.conf.log_key, err) ==
		0 &&
	    ex_json_set_text(fields, "org", org, err) == 0 &&
	    ex_json_set_text(fields, "org_kind", "police_lab", err) == 0 &&
	    ex_json_set_text(fields, "location", "RECEPTION", err) == 0 &&
	    add_policy(fields, err) == 0)
		rc = add_founders(fields, f, err);
	ex_json_free(ca);
	if (rc == 0)
		return fields;
	ex_json_free(fields);
	ex_fail(err, EX_SYSTEM, "out of memory");
	return NULL;
}

/* The laboratory's names are free text: committed. */
static int
genesis_texts(
    struct ex_json **out, const struct ex_init *in, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if ((in->name_en != NULL &&
		ex_json_set_text(v, "name_en", in->name_en, err) == -1) ||
	    (in->name_zh != NULL &&
		ex_json_set_text(v, "name_zh", in->name_zh, err) == -1)) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

static void
be_party(struct ex_party *p, const struct ex_signer *s, const char *role)
{
	memset(p, 0, sizeof(*p));
	memcpy(p->person, s->person, sizeof(p->person));
	memcpy(p->org, s->org, sizeof(p->org));
	memcpy(p->role, role, strlen(role) + 1);
	memcpy(p->storage, s->storage, sizeof(p->storage));
	memcpy(p->cert_sha256, s->cert_sha256, EX_SHA256_LEN);
	p->mode = s->mode;
	ex_tree_empty(p->seen_root);
}

static int
sign_all(struct ex_buf *entry, const struct ex_buf *body, int64_t time,
    const struct ex_signer *const *signer, size_t n, struct ex_err *err)
{
	struct ex_buf value[FOUNDERS] = { EX_BUF_INIT, EX_BUF_INIT,
		EX_BUF_INIT };
	struct ex_cms_sig sig[FOUNDERS];
	struct ex_buf tbs = EX_BUF_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n; i++) {
		const struct ex_signer *s = signer[i];

		ex_buf_cut(&tbs, 0);
		rc = ex_cms_to_sign(&tbs, s->cert.data, s->cert.len, body->data,
		    body->len, time, err);
		if (rc == 0)
			rc = ex_key_sign(
			    s->key, tbs.data, tbs.len, &value[i], err);
		sig[i].cert = s->cert.data;
		sig[i].ncert = s->cert.len;
		sig[i].kind = ex_key_kind(s->key);
		sig[i].sig = value[i].data;
		sig[i].nsig = value[i].len;
	}
	if (rc == 0)
		rc = ex_cms_build(
		    entry, body->data, body->len, time, sig, n, err);
	for (size_t i = 0; i < FOUNDERS; i++)
		ex_buf_free(&value[i]);
	ex_buf_free(&tbs);
	return rc;
}

/* As the sequencer will: what it would reject is not appended. */
static int
append(struct ex_founding *f, const struct ex_buf *entry,
    const struct ex_buf *openings, struct ex_err *err)
{
	struct ex_admit_options options = { .now = ex_now() };
	struct ex_append row = { .entry = entry->data,
		.nentry = entry->len,
		.openings = openings->data,
		.nopenings = openings->len };
	struct ex_world *world = NULL;
	struct ex_admission a;
	struct ex_conn *conn = NULL;
	int rc = -1;

	memset(&a, 0, sizeof(a));
	if (ex_world_new(&world, 0, err) == 0 &&
	    ex_admit(&a, entry->data, entry->len, ex_world_view(world),
		&options, err) == 0 &&
	    ex_house_connect(&f->house, EX_ROLE_SERVICE, &conn, err) == 0) {
		row.stream = &a.event.stream;
		row.seq = a.event.seq;
		row.prev = a.event.prev;
		row.leaf = a.leaf;
		row.body_sha256 = a.event.sha256;
		row.case_number = "";
		rc = ex_store_append(conn, &row, err);
	}
	ex_conn_close(conn);
	ex_admission_free(&a);
	ex_world_free(world);
	return rc;
}

static int
write_and_append(struct ex_founding *f, struct ex_draft *d, struct ex_err *err)
{
	const struct ex_signer *signer[FOUNDERS] = { f->admin, f->station,
		f->service };
	struct ex_party party[FOUNDERS];
	struct ex_buf body = EX_BUF_INIT, openings = EX_BUF_INIT;
	struct ex_buf entry = EX_BUF_INIT;
	int rc = -1;

	be_party(&party[0], f->admin, "administrator");
	be_party(&party[1], f->station, "station");
	be_party(&party[2], f->service, "service");
	d->party = party;
	d->nparties = FOUNDERS;
	d->seq = 1;
	d->log = f->house.log_key.name;
	d->policy = 1;
	d->time_claimed = d->occurred_at = ex_now();
	ex_clock_state(&d->clock_source, &d->clock_offset_ms);
	if (ex_stream_set(&d->stream, EX_STREAM_LAB, f->house.conf.organisation,
		err) == 0 &&
	    ex_event_write(&body, &openings, d, err) == 0 &&
	    sign_all(&entry, &body, d->time_claimed, signer, FOUNDERS, err) ==
		0)
		rc = append(f, &entry, &openings, err);
	ex_buf_free(&body);
	ex_buf_free(&openings);
	ex_buf_free(&entry);
	return rc;
}

/* Which log an entry was signed for. */
static int
log_of(char out[EX_ORIGIN_TEXT], struct ex_span entry, struct ex_err *err)
{
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	struct ex_event e;
	int rc = -1;

	if (cms == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	memset(&e, 0, sizeof(e));
	if (ex_cms_parse(cms, entry.p, entry.n, err) == 0 &&
	    ex_event_parse(&e, cms->body.p, cms->body.n, err) == 0) {
		memcpy(out, e.log, EX_ORIGIN_TEXT);
		rc = 0;
	}
	ex_event_free(&e);
	free(cms);
	return rc;
}

static int
of_indexed(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	return log_of(arg, row->entry, err);
}

static int
of_waiting(void *arg, const struct ex_loose_row *row, struct ex_err *err)
{
	return row->queued ? log_of(arg, row->entry, err) : 0;
}

/* The log that lives behind conn; "" when there is none. */
static int
log_there(char out[EX_ORIGIN_TEXT], struct ex_conn *conn, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;

	out[0] = '\0';
	/* No schema, no log. */
	if (ex_schema_check(conn, &why) == -1)
		return why.code == EX_STATE
			   ? 0
			   : ex_fail(err, why.code, "%s", why.text);
	if (ex_store_entry(conn, 0, of_indexed, out, &why) == 0)
		return 0;
	if (why.code != EX_ABSENT)
		return ex_fail(err, why.code, "%s", why.text);
	return ex_store_loose(conn, of_waiting, out, err);
}

int
ex_found_free(
    const struct ex_founding *f, struct ex_conn *conn, struct ex_err *err)
{
	char there[EX_ORIGIN_TEXT];

	if (log_there(there, conn, err) == -1)
		return -1;
	if (there[0] == '\0')
		return 0;
	if (strcmp(there, f->house.log_key.name) == 0)
		return 1;
	return ex_fail(err, EX_STATE,
	    "the database holds another house's log already (%s): give one "
	    "that is empty",
	    there);
}

/* 1 when the founding entry is there, indexed or waiting. */
static int
is_founded(
    const struct ex_founding *f, struct ex_house *house, struct ex_err *err)
{
	struct ex_conn *conn;
	int rc;

	if (ex_house_connect(house, EX_ROLE_SERVICE, &conn, err) == -1)
		return -1;
	rc = ex_found_free(f, conn, err);
	ex_conn_close(conn);
	return rc;
}

int
ex_found_log(struct ex_founding *f, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *fields, *texts = NULL;
	int there = is_founded(f, &f->house, err), rc = -1;
	struct ex_draft d;

	if (there != 0)
		return there == 1 ? 0 : -1;
	memset(&d, 0, sizeof(d));
	d.act = EX_ACT_GENESIS;
	if ((fields = genesis_fields(f, err)) == NULL)
		return -1;
	if (genesis_texts(&texts, f->in, &why) == 0) {
		d.fields = fields;
		d.texts = texts;
		rc = write_and_append(f, &d, &why);
	}
	if (rc == -1)
		(void)ex_fail(err, why.code, "founding entry: %s", why.text);
	ex_json_free(fields);
	ex_json_free(texts);
	return rc;
}
