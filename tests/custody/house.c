/*
 * house.c -- a laboratory for tests: its people and its log.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "signing/cert.h"
#include "tests/custody/house.h"

static const struct house_key people[H_KEYS] = {
	[H_ADM] = { .id = "S-1001",
	    .org = HOUSE_ORG,
	    .roles = "['administrator','registrar']" },
	[H_STATION] = { .id = "WS-1",
	    .org = HOUSE_ORG,
	    .mode = EX_MODE_STATION },
	[H_SERVICE] = { .id = "LOG-1",
	    .org = HOUSE_ORG,
	    .mode = EX_MODE_SERVICE },
	[H_REG] = { .id = "S-REG", .org = "MOJ", .roles = "['registrar']" },
	[H_HEAD] = { .id = "S-HEAD",
	    .org = HOUSE_ORG,
	    .roles = "['lab_head']" },
	[H_CUST] = { .id = "S-CUST",
	    .org = HOUSE_ORG,
	    .roles = "['evidence_custodian']" },
	[H_CUS2] = { .id = "S-CUS2",
	    .org = HOUSE_ORG,
	    .roles = "['evidence_custodian']" },
	[H_EXAM] = { .id = "S-EXAM",
	    .org = HOUSE_ORG,
	    .roles = "['examiner','investigator']" },
	[H_EXA2] = { .id = "S-EXA2",
	    .org = HOUSE_ORG,
	    .roles = "['examiner']" },
	[H_OFF] = { .id = "S-OFF",
	    .org = "UNIT-9",
	    .roles = "['investigator']" },
	[H_PROS] = { .id = "S-PROS", .org = "TPDP", .roles = "['prosecutor']" },
	[H_DUTY] = { .id = "S-DUTY",
	    .org = HOUSE_ORG,
	    .roles = "['duty_officer']" },
	[H_JUDGE] = { .id = "S-JUDG", .org = "TPDC", .roles = "['judge']" },
	[H_COUR] = { .id = "S-COUR", .org = "POST", .roles = "['courier']" },
	[H_AUD] = { .id = "S-AUD", .org = "MOJ", .roles = "['auditor']" },
	[H_OWN] = { .id = "O-1", .org = "UNIT-9", .roles = "['owner']" },
};

static void
make_key(struct house *h, int who)
{
	struct house_key *k = &h->key[who];
	struct ex_buf csr = EX_BUF_INIT;

	*k = people[who];
	MUST(ex_key_new(&k->key, EX_KEY_P256, err));
	MUST(ex_csr_make(&csr, k->key, "?", "?", err));
	MUST(ex_cert_issue(&k->cert, h->ca_key, h->ca.data, h->ca.len, csr.data,
	    csr.len, EX_CERT_PERSON, k->id, k->org, HOUSE_TIME - EX_SECOND, 3,
	    err));
	ex_buf_free(&csr);
}

static void
make_keys(struct house *h)
{
	MUST(ex_key_new(&h->ca_key, EX_KEY_P256, err));
	MUST(ex_cert_make_ca(&h->ca, h->ca_key, "Test Laboratory CA", HOUSE_ORG,
	    HOUSE_TIME - EX_SECOND, 20, err));
	for (int i = 0; i < H_KEYS; i++)
		make_key(h, i);
	MUST(ex_key_new(&h->log_key, EX_KEY_ED25519, err));
	MUST(ex_vkey_of(
	    &h->vkey, HOUSE_ORIGIN, EX_NOTE_ED25519, h->log_key, err));
}

/* SHA-256 of a certificate, in hexadecimal; every eighth call the same. */
static const char *
cert_hex(const struct ex_buf *cert)
{
	static char hex[8][EX_SHA256_HEX];
	static size_t at;

	at = (at + 1) % 8;
	ex_sha256_hex(hex[at], cert->data, cert->len);
	return hex[at];
}

static void
found(struct house *h)
{
	static const char policy[] =
	    "{\"quorum\":\"none\",\"registrars\":2,"
	    "\"unsealed\":[\"powered\",\"wet\"],"
	    "\"validation_required\":0,\"witness_seal_break\":0}";
	char fields[4096], vkey[EX_VKEY_TEXT], digest[EX_SHA256_HEX];
	struct act a = { .act = EX_ACT_GENESIS,
		.stream = "lab:" HOUSE_ORG,
		.fields = fields,
		.texts = "{'name_en':'Test Laboratory','name_zh':'測試實驗室'}",
		.parties = "administrator=S-1001 founder=S-REG station=WS-1 "
			   "service=LOG-1" };

	MUST(ex_vkey_text(vkey, &h->vkey, err));
	ex_sha256_hex(digest, policy, sizeof(policy) - 1);
	(void)snprintf(fields, sizeof(fields),
	    "{'ca':['%s'],'log_key':'%s','org':'%s','org_kind':'police_lab',"
	    "'location':'RECEPTION','policy':%s,'policy_sha256':'%s',"
	    "'founders':[{'person':'S-1001','org':'%s','key_name':'k1',"
	    "'cert_sha256':'%s','storage':'file','roles':%s},"
	    "{'person':'S-REG','org':'MOJ','key_name':'k2',"
	    "'cert_sha256':'%s','storage':'file','roles':%s}],"
	    "'stations':[{'id':'WS-1','key_name':'ws',"
	    "'cert_sha256':'%s','storage':'file'}],"
	    "'services':[{'id':'LOG-1','key_name':'log',"
	    "'cert_sha256':'%s','storage':'file'}]}",
	    cert_hex(&h->ca), vkey, HOUSE_ORG, policy, digest, HOUSE_ORG,
	    cert_hex(&h->key[H_ADM].cert), h->key[H_ADM].roles,
	    cert_hex(&h->key[H_REG].cert), h->key[H_REG].roles,
	    cert_hex(&h->key[H_STATION].cert),
	    cert_hex(&h->key[H_SERVICE].cert));
	house_do(h, &a);
}

static void
add_org(struct house *h, const char *id, const char *kind)
{
	char fields[256];
	struct act a = { .act = EX_ACT_ORG_ADD,
		.stream = "lab:" HOUSE_ORG,
		.fields = fields,
		.texts = "{'name_en':'An organisation'}",
		.parties = "administrator=S-1001" };

	(void)snprintf(
	    fields, sizeof(fields), "{'id':'%s','kind':'%s'}", id, kind);
	house_do(h, &a);
}

/* Enter a person and enrol the key, as two registrars have seen. */
static void
add_person(struct house *h, int who)
{
	const struct house_key *k = &h->key[who];
	char fields[512], parties[128];
	struct act a = { .act = EX_ACT_PERSON_ADD,
		.stream = "lab:" HOUSE_ORG,
		.fields = fields,
		.texts = "{'name_en':'A Person','name_zh':'某人'}",
		.parties = "administrator=S-1001" };

	(void)snprintf(fields, sizeof(fields),
	    "{'id':'%s','org':'%s','roles':%s}", k->id, k->org, k->roles);
	house_do(h, &a);
	(void)snprintf(fields, sizeof(fields),
	    "{'person':'%s','use':'person','cert_sha256':'%s',"
	    "'storage':'file','key_name':'key-%s'}",
	    k->id, cert_hex(&k->cert), k->id);
	(void)snprintf(parties, sizeof(parties),
	    "registrar=S-1001 registrar=S-REG holder=%s", k->id);
	a.act = EX_ACT_KEY_ENROL;
	a.texts = NULL;
	a.parties = parties;
	house_do(h, &a);
}

static void
add_place(struct house *h, const char *id, const char *kind)
{
	char fields[128];
	struct act a = { .act = EX_ACT_LOCATION_ADD,
		.stream = "lab:" HOUSE_ORG,
		.fields = fields,
		.parties = "administrator=S-1001" };

	(void)snprintf(
	    fields, sizeof(fields), "{'id':'%s','kind':'%s'}", id, kind);
	house_do(h, &a);
}

static void
open_case(struct house *h)
{
	static const struct act a[] = {
		{ .act = EX_ACT_CASE_OPEN,
		    .stream = "case:" HOUSE_CASE,
		    .texts = "{'title':'A test case'}",
		    .parties = "officer=S-OFF" },
		{ .act = EX_ACT_AUTHORIZE,
		    .stream = "case:" HOUSE_CASE,
		    .fields = "{'number':'W-1','kind':'warrant'}",
		    .parties = "officer=S-PROS" },
	};

	house_do(h, &a[0]);
	house_do(h, &a[1]);
}

/* Everybody, or those who are here. */
static void
open_with(struct house *h, const int *few)
{
	memset(h, 0, sizeof(*h));
	h->now = HOUSE_TIME;
	h->options.skip_seen = 1;
	ex_tree_empty(h->seen.root);
	MUST(ex_world_new(&h->world, 0, err));
	make_keys(h);
	found(h);
	/* The second founder's house is entered by the first. */
	add_org(h, "MOJ", "ministry");
	add_org(h, "UNIT-9", "police_unit");
	add_org(h, "TPDP", "prosecutors_office");
	add_org(h, "TPDC", "court");
	add_org(h, "POST", "courier");
	for (int i = H_REG + 1; i < H_KEYS; i++) {
		const int *one = few;

		while (one != NULL && *one != -1 && *one != i)
			one++;
		if (one == NULL || *one == i)
			add_person(h, i);
	}
	add_place(h, "VAULT-1", "vault");
	add_place(h, "BENCH-1", "workbench");
	add_place(h, "COURT-1", "court");
	open_case(h);
}

void
house_open(struct house *h)
{
	open_with(h, NULL);
}

void
house_open_few(struct house *h)
{
	static const int few[] = { H_HEAD, H_CUST, H_EXAM, H_OFF, H_PROS, -1 };

	open_with(h, few);
}

void
house_close(struct house *h)
{
	for (int i = 0; i < H_KEYS; i++) {
		ex_key_free(h->key[i].key);
		ex_buf_free(&h->key[i].cert);
	}
	for (size_t i = 0; i < h->nentries; i++) {
		ex_buf_free(&h->entry[i].bytes);
		ex_buf_free(&h->entry[i].openings);
	}
	free(h->entry);
	ex_world_free(h->world);
	ex_key_free(h->ca_key);
	ex_key_free(h->log_key);
	ex_buf_free(&h->ca);
	memset(h, 0, sizeof(*h));
}

int
house_group_open(void **state)
{
	struct house *h = malloc(sizeof(*h));

	assert_non_null(h);
	house_open(h);
	*state = h;
	return 0;
}

int
house_group_close(void **state)
{
	house_close(*state);
	free(*state);
	return 0;
}

int
house_find_key(const struct house *h, const char *id)
{
	for (int i = 0; i < H_KEYS; i++)
		if (strcmp(h->key[i].id, id) == 0)
			return i;
	return -1;
}

struct ex_json *
house_fact(const struct house *h, const char *kind, const char *id)
{
	const struct ex_view *view = ex_world_view(h->world);
	struct ex_json *v = NULL;

	MUST(view->get(view->arg, kind, id, &v, err));
	return v;
}

const char *
house_item(const struct house *h, const char *id, const char *key)
{
	static char text[8][256];
	static size_t at;
	struct ex_json *v = house_fact(h, "item", id);
	const char *value = ex_json_get_text(v, key);

	at = (at + 1) % 8;
	(void)snprintf(
	    text[at], sizeof(text[at]), "%s", value == NULL ? "" : value);
	ex_json_free(v);
	return text[at];
}

const uint8_t *
house_leaf(const struct house *h, const char *stream)
{
	struct ex_stream s;

	MUST(ex_stream_read(&s, stream, err));
	for (size_t i = h->nentries; i-- > 0;)
		if (ex_stream_equal(&h->entry[i].stream, &s))
			return h->entry[i].leaf;
	return NULL;
}

void
house_root(const struct house *h, struct ex_checkpoint *out)
{
	uint8_t(*leaf)[EX_HASH] = calloc(h->nentries + 1, sizeof(*leaf));

	assert_non_null(leaf);
	for (size_t i = 0; i < h->nentries; i++)
		memcpy(leaf[i], h->entry[i].leaf, EX_HASH);
	memset(out, 0, sizeof(*out));
	memcpy(out->origin, HOUSE_ORIGIN, sizeof(HOUSE_ORIGIN));
	out->size = h->nentries;
	ex_tree_root(out->root, (const uint8_t(*)[EX_HASH])leaf, h->nentries);
	free(leaf);
}

void
house_note(const struct house *h, struct ex_buf *note)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_checkpoint c;

	house_root(h, &c);
	MUST(ex_checkpoint_text(&text, &c, err));
	MUST(ex_note_sign(
	    note, text.data, text.len, HOUSE_ORIGIN, h->log_key, err));
	ex_buf_free(&text);
}

const char *
house_number(struct house *h)
{
	static char text[8][EX_ITEM_MAX + 1];
	static size_t at;

	at = (at + 1) % 8;
	(void)snprintf(text[at], sizeof(text[at]), "EXH-%u", ++h->numbers);
	return text[at];
}
