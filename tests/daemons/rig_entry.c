/*
 * rig_entry.c -- a small laboratory for tests: its entries.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "db/schema.h"
#include "signing/cms.h"
#include "tests/daemons/rig.h"

struct ex_json *
rig_object(const char *key, ...)
{
	struct ex_json *v = ex_json_object();
	va_list ap;

	va_start(ap, key);
	for (; key != NULL; key = va_arg(ap, const char *))
		MUST(ex_json_set_text(v, key, va_arg(ap, const char *), err));
	va_end(ap);
	return v;
}

static struct rig_head *
head_of(struct rig *rig, const struct ex_stream *stream)
{
	struct rig_head *h;

	for (size_t i = 0; i < rig->nheads; i++)
		if (ex_stream_equal(&rig->head[i].stream, stream))
			return &rig->head[i];
	assert_true(rig->nheads < RIG_STREAMS);
	h = &rig->head[rig->nheads++];
	h->stream = *stream;
	return h;
}

/* This key as a party. */
static void
be_party(const struct rig *rig, struct ex_party *p, int who, const char *role)
{
	static const char *const name[] = { BENCH_ALMA, "WS-1", "LOG-1" };
	static const enum ex_mode mode[] = { EX_MODE_SIGNED, EX_MODE_STATION,
		EX_MODE_SERVICE };

	memset(p, 0, sizeof(*p));
	memcpy(p->person, name[who], strlen(name[who]) + 1);
	memcpy(p->role, role, strlen(role) + 1);
	memcpy(p->org, RIG_ORG, sizeof(RIG_ORG));
	memcpy(p->storage, "file", sizeof("file"));
	p->mode = mode[who];
	ex_sha256(p->cert_sha256, rig->cert[who].data, rig->cert[who].len);
	p->seen_size = rig->seen.size;
	memcpy(p->seen_root, rig->seen.root, EX_HASH);
}

/* All parties sign, in this order: the administrator, the station, ... */
static void
sign_all(const struct rig *rig, struct rig_entry *out, const struct ex_draft *d)
{
	struct ex_buf value[RIG_KEYS] = { EX_BUF_INIT };
	struct ex_cms_sig sig[RIG_KEYS] = { 0 };

	for (size_t i = 0; i < d->nparties; i++) {
		const struct ex_buf *cert = &rig->cert[i];
		struct ex_buf attrs = EX_BUF_INIT;

		MUST(ex_cms_to_sign(&attrs, cert->data, cert->len,
		    out->body.data, out->body.len, d->time_claimed, err));
		MUST(ex_key_sign(
		    rig->key[i], attrs.data, attrs.len, &value[i], err));
		sig[i] = (struct ex_cms_sig){ cert->data, cert->len,
			EX_KEY_P256, value[i].data, value[i].len };
		ex_buf_free(&attrs);
	}
	MUST(ex_cms_build(&out->entry, out->body.data, out->body.len,
	    d->time_claimed, sig, d->nparties, err));
	for (size_t i = 0; i < d->nparties; i++)
		ex_buf_free(&value[i]);
}

static void
write_and_sign(struct rig *rig, struct rig_entry *out, struct ex_draft *d)
{
	const struct rig_head *h = head_of(rig, &d->stream);

	d->log = RIG_ORIGIN;
	d->policy = rig->policy == 0 ? 1 : rig->policy;
	d->time_claimed = ex_now();
	d->occurred_at = d->time_claimed;
	d->seq = h->seq + 1;
	memcpy(d->prev, h->leaf, EX_HASH);
	MUST(ex_event_write(&out->body, &out->openings, d, err));
	sign_all(rig, out, d);
	out->stream = d->stream;
	out->seq = d->seq;
	memcpy(out->prev, d->prev, EX_HASH);
	ex_entry_leaf(out->leaf, out->entry.data, out->entry.len);
	ex_sha256(out->body_sha256, out->body.data, out->body.len);
}

static const char *
role_for(enum ex_stream_kind kind)
{
	return kind == EX_STREAM_LAB ? "administrator" : "officer";
}

void
rig_sign(struct rig *rig, struct rig_entry *out, enum ex_act act,
    enum ex_stream_kind kind, const char *id, struct ex_json *fields,
    struct ex_json *texts)
{
	struct ex_draft d = { .act = act, .fields = fields, .texts = texts };
	struct ex_party party;

	memset(out, 0, sizeof(*out));
	be_party(rig, &party, RIG_ADMIN, role_for(kind));
	d.party = &party;
	d.nparties = 1;
	MUST(ex_stream_set(&d.stream, kind, id, err));
	write_and_sign(rig, out, &d);
	ex_json_free(fields);
	ex_json_free(texts);
	if (kind == EX_STREAM_CASE)
		memcpy(out->case_number, id, strlen(id) + 1);
	else if (kind == EX_STREAM_ITEM)
		memcpy(out->case_number, RIG_CASE, sizeof(RIG_CASE));
}

void
rig_entry_free(struct rig_entry *e)
{
	ex_buf_free(&e->body);
	ex_buf_free(&e->entry);
	ex_buf_free(&e->openings);
}

int
rig_append(struct rig *rig, const struct rig_entry *e, struct ex_err *err)
{
	const struct ex_append a = { .stream = &e->stream,
		.seq = e->seq,
		.prev = e->prev,
		.leaf = e->leaf,
		.body_sha256 = e->body_sha256,
		.entry = e->entry.data,
		.nentry = e->entry.len,
		.openings = e->openings.data,
		.nopenings = e->openings.len,
		.case_number = e->case_number };
	struct ex_conn *conn = bench_conn(rig->bench, "person_" BENCH_ALMA);
	struct rig_head *h = head_of(rig, &e->stream);
	int rc = ex_store_append(conn, &a, err);

	ex_conn_close(conn);
	if (rc == 0) {
		h->seq = e->seq;
		memcpy(h->leaf, e->leaf, EX_HASH);
	}
	return rc;
}

/* An enrolment in the genesis: founder, station or service. */
static struct ex_json *
enrolment(const struct rig *rig, int who, const char *name, const char *id)
{
	struct ex_json *v =
	    rig_object(name, id, "key_name", id, "storage", "file", NULL);
	uint8_t sha256[EX_SHA256_LEN];

	ex_sha256(sha256, rig->cert[who].data, rig->cert[who].len);
	MUST(ex_json_set_hex(v, "cert_sha256", sha256, sizeof(sha256), err));
	return v;
}

static void
add_list(struct ex_json *fields, const char *name, struct ex_json *one)
{
	struct ex_json *list = ex_json_array();

	MUST(ex_json_add(list, one, err));
	MUST(ex_json_set(fields, name, list, err));
}

static void
add_founder(const struct rig *rig, struct ex_json *fields)
{
	static const char *const roles[] = { "administrator", "registrar",
		"investigator" };
	struct ex_json *founder =
	    enrolment(rig, RIG_ADMIN, "person", BENCH_ALMA);
	struct ex_json *list = ex_json_array();

	MUST(ex_json_set_text(founder, "org", RIG_ORG, err));
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		MUST(ex_json_add(list, ex_json_string(roles[i]), err));
	MUST(ex_json_set(founder, "roles", list, err));
	add_list(fields, "founders", founder);
}

static void
add_policy(struct ex_json *fields)
{
	struct ex_json *policy = rig_object("quorum", "none", NULL);
	struct ex_buf text = EX_BUF_INIT;
	char hex[EX_SHA256_HEX];

	MUST(ex_json_set_int(policy, "registrars", 1, err));
	MUST(ex_json_set_int(policy, "validation_required", 0, err));
	MUST(ex_json_set_int(policy, "witness_seal_break", 0, err));
	MUST(ex_json_set(policy, "unsealed", ex_json_array(), err));
	MUST(ex_json_write(&text, policy, err));
	ex_sha256_hex(hex, text.data, text.len);
	MUST(ex_json_set_text(fields, "policy_sha256", hex, err));
	MUST(ex_json_set(fields, "policy", policy, err));
	ex_buf_free(&text);
}

static struct ex_json *
genesis_fields(const struct rig *rig)
{
	struct ex_json *fields = rig_object("org", RIG_ORG, "org_kind",
	    "police_lab", "location", "RECEPTION", NULL);
	char vkey[EX_VKEY_TEXT], ca[EX_SHA256_HEX];

	MUST(ex_vkey_text(vkey, &rig->vkey, err));
	MUST(ex_json_set_text(fields, "log_key", vkey, err));
	ex_sha256_hex(ca, "a CA", 4);
	add_list(fields, "ca", ex_json_string(ca));
	add_policy(fields);
	add_founder(rig, fields);
	add_list(fields, "stations", enrolment(rig, RIG_STATION, "id", "WS-1"));
	add_list(
	    fields, "services", enrolment(rig, RIG_SERVICE, "id", "LOG-1"));
	return fields;
}

void
rig_found(struct rig *rig, struct rig_entry *out)
{
	struct ex_json *fields = genesis_fields(rig);
	struct ex_draft d = { .act = EX_ACT_GENESIS, .fields = fields };
	struct ex_party party[RIG_KEYS];

	memset(out, 0, sizeof(*out));
	be_party(rig, &party[0], RIG_ADMIN, "administrator");
	be_party(rig, &party[1], RIG_STATION, "station");
	be_party(rig, &party[2], RIG_SERVICE, "service");
	d.party = party;
	d.nparties = RIG_KEYS;
	MUST(ex_stream_set(&d.stream, EX_STREAM_LAB, RIG_ORG, err));
	write_and_sign(rig, out, &d);
	ex_json_free(fields);
	MUST(rig_append(rig, out, err));
}

void
rig_location(struct rig *rig, struct rig_entry *out, const char *id)
{
	rig_sign(rig, out, EX_ACT_LOCATION_ADD, EX_STREAM_LAB, RIG_ORG,
	    rig_object("id", id, "kind", "vault", NULL), NULL);
	MUST(rig_append(rig, out, err));
}

void
rig_case(struct rig *rig, struct rig_entry *out, const char *number)
{
	rig_sign(rig, out, EX_ACT_CASE_OPEN, EX_STREAM_CASE, number,
	    rig_object(NULL), rig_object("title", "A test of the log", NULL));
	MUST(rig_append(rig, out, err));
}

void
rig_seize(struct rig *rig, struct rig_entry *out, const char *item)
{
	rig_sign(rig, out, EX_ACT_SEIZE, EX_STREAM_ITEM, item,
	    rig_object("case", RIG_CASE, "seizure_record", "R-1", "kind",
		"physical_medium", NULL),
	    rig_object("description", "a disk", "place", "a desk", "exception",
		"in plain view", NULL));
	MUST(rig_append(rig, out, err));
}

void
rig_small_log(struct rig *rig)
{
	struct rig_entry e[5];

	rig_found(rig, &e[0]);
	rig_location(rig, &e[1], "VAULT-1");
	rig_case(rig, &e[2], RIG_CASE);
	(void)rig_wait(rig, &e[2]);
	rig_seize(rig, &e[3], "EX-2");
	rig_seize(rig, &e[4], "EX-1");
	for (size_t i = 0; i < 5; i++) {
		(void)rig_wait(rig, &e[i]);
		rig_entry_free(&e[i]);
	}
	rig_checkpoint(rig, &rig->seen);
}

void
rig_goes_on(struct rig *rig, const char *place)
{
	struct rig_entry e;

	rig_location(rig, &e, place);
	(void)rig_wait(rig, &e);
	rig_entry_free(&e);
}
