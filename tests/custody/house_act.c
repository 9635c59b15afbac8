/*
 * house_act.c -- a laboratory for tests: an act from its description to its
 * place in the log.
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
#include "tests/custody/house.h"

/* Everything that an act is written from; owned. */
struct making {
	struct ex_draft d;
	struct ex_party party[EX_PARTIES_MAX];
	struct ex_json *fields, *texts, *digests;
};

static const char *
id_of(const struct act *a)
{
	return strchr(a->stream, ':') + 1;
}

/* A member of an object in the item's fact. */
static void
deeper(const struct house *h, const struct act *a, const char *object,
    const char *key, char *out, size_t size)
{
	struct ex_json *v = house_fact(h, "item", id_of(a));
	const char *text = ex_json_get_text(ex_json_get(v, object), key);

	(void)snprintf(out, size, "%s", text == NULL ? "" : text);
	ex_json_free(v);
}

/* The seal that a new one replaces, as a member of its fields. */
static void
last_seal(const struct house *h, const char *id, char *out, size_t size)
{
	const char *seal = house_item(h, id, "seal");

	if (seal[0] == '\0')
		seal = house_item(h, id, "last_seal");
	if (seal[0] != '\0')
		(void)snprintf(out, size, ",\"predecessor\":\"%s\"", seal);
}

static void
value_of(struct house *h, const struct act *a, const char *name, char *out,
    size_t size)
{
	const char *seal = house_item(h, id_of(a), "seal");
	const uint8_t *leaf;

	out[0] = '\0';
	if (strcmp(name, "ITEM") == 0)
		(void)snprintf(out, size, "%s", id_of(a));
	else if (strcmp(name, "CASE") == 0)
		(void)snprintf(out, size, "%s", HOUSE_CASE);
	else if (strcmp(name, "SEAL") == 0)
		(void)snprintf(
		    out, size, "%s", seal[0] == '\0' ? "none" : seal);
	else if (strcmp(name, "FOUND") == 0)
		(void)snprintf(
		    out, size, "%s", seal[0] == '\0' ? "none" : "intact");
	else if (strcmp(name, "LAST") == 0)
		last_seal(h, id_of(a), out, size);
	else if (strcmp(name, "NEW") == 0)
		(void)snprintf(out, size, "SEAL-%u", ++h->numbers);
	else if (strcmp(name, "HOLDER") == 0)
		(void)snprintf(
		    out, size, "%s", house_item(h, id_of(a), "custodian"));
	else if (strcmp(name, "PARENT") == 0)
		(void)snprintf(
		    out, size, "%s", house_item(h, id_of(a), "parent"));
	else if (strcmp(name, "TO") == 0)
		deeper(h, a, "transfer", "to", out, size);
	else if (strcmp(name, "FROM") == 0)
		deeper(h, a, "transfer", "from", out, size);
	else if (strcmp(name, "ACQ") == 0)
		deeper(h, a, "acquisition", "id", out, size);
	else if (strcmp(name, "LEAF") == 0 &&
		 (leaf = house_leaf(h, a->stream)) != NULL)
		ex_hex(out, leaf, EX_HASH);
	else if (strcmp(name, "OTHER") == 0)
		ex_hex(out, house_leaf(h, "lab:" HOUSE_ORG), EX_HASH);
	/* In a state that has none, somebody or something that fits. */
	if (out[0] == '\0' &&
	    (strcmp(name, "HOLDER") == 0 || strcmp(name, "FROM") == 0))
		(void)snprintf(out, size, "S-EXAM");
	else if (out[0] == '\0' && strcmp(name, "PARENT") == 0)
		(void)snprintf(out, size, "EXH-0");
	else if (out[0] == '\0' && strcmp(name, "TO") == 0)
		(void)snprintf(out, size, "S-PROS");
	else if (out[0] == '\0' && strcmp(name, "ACQ") == 0)
		(void)snprintf(
		    out, size, "01890000-0000-7000-8000-%012u", ++h->numbers);
	else if (out[0] == '\0' && strcmp(name, "LEAF") == 0)
		(void)snprintf(out, size, "%064d", 1);
}

char *
house_fill(struct house *h, const struct act *a, const char *text, int quotes)
{
	struct ex_buf b = EX_BUF_INIT;
	char name[16], value[256];
	size_t n;

	while (*text != '\0') {
		if (*text != '$') {
			MUST(ex_buf_add_byte(&b,
			    (uint8_t)(quotes && *text == '\'' ? '"' : *text),
			    err));
			text++;
			continue;
		}
		n = strspn(++text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		(void)snprintf(name, sizeof(name), "%.*s", (int)n, text);
		value_of(h, a, name, value, sizeof(value));
		MUST(ex_buf_add_text(&b, value, err));
		text += n;
	}
	MUST(ex_buf_add_byte(&b, '\0', err));
	return ex_buf_take_text(&b);
}

static struct ex_json *
json_of(struct house *h, const struct act *a, const char *text)
{
	struct ex_json *v = NULL;
	char *filled;

	if (text == NULL)
		return NULL;
	filled = house_fill(h, a, text, 1);
	MUST(ex_json_read(&v, filled, strlen(filled), err));
	free(filled);
	return v;
}

/* Copy text up to one of stop[] into out; what follows it, or NULL. */
static const char *
cut(char *out, size_t size, const char *text, const char *stop)
{
	size_t n = strcspn(text, stop);

	(void)snprintf(out, size, "%.*s", (int)n, text);
	return text[n] == '\0' ? NULL : &text[n + 1];
}

/* "A|B": the first who does not hold the item. */
static void
choose(const struct house *h, const struct act *a, char *who, size_t size)
{
	const char *holder = house_item(h, id_of(a), "custodian");
	char copy[256];
	const char *next = copy;

	(void)snprintf(copy, sizeof(copy), "%s", who);
	while (next != NULL) {
		next = cut(who, size, next, "|");
		if (strcmp(who, holder) != 0)
			return;
	}
}

static void
be_signer(const struct house *h, struct ex_party *p, int who)
{
	const struct house_key *k = &h->key[who];

	p->mode = k->mode;
	(void)snprintf(p->org, sizeof(p->org), "%s", k->org);
	(void)snprintf(p->storage, sizeof(p->storage), "file");
	ex_sha256(p->cert_sha256, k->cert.data, k->cert.len);
	p->seen_size = h->seen.size;
	memcpy(p->seen_root, h->seen.root, EX_HASH);
}

static void
be_recorded(struct ex_party *p, const char *mode)
{
	char word[32];
	const char *recorder = cut(word, sizeof(word), mode, "/");

	memset(p->storage, 0, sizeof(p->storage));
	memset(p->cert_sha256, 0, sizeof(p->cert_sha256));
	p->seen_size = 0;
	p->has_form = strcmp(word, "form") == 0;
	if (p->has_form)
		ex_sha256(p->form_sha256, "a scan", 6);
	MUST(ex_mode_parse(&p->mode, p->has_form ? "paper" : word, err));
	if (recorder != NULL)
		(void)snprintf(
		    p->recorder, sizeof(p->recorder), "%s", recorder);
}

/* "role=ID[@ORG][/mode[/recorder]]" */
static void
read_party(const struct house *h, const struct act *a, struct ex_party *p,
    const char *text)
{
	char who[256];
	const char *mode;
	char *org;
	int key;

	memset(p, 0, sizeof(*p));
	text = cut(p->role, sizeof(p->role), text, "=");
	assert_non_null(text);
	mode = cut(who, sizeof(who), text, "/");
	choose(h, a, who, sizeof(who));
	if ((org = strchr(who, '@')) != NULL) {
		*org = '\0';
		(void)cut(p->org, sizeof(p->org), org + 1, " ");
	}
	(void)cut(p->person, sizeof(p->person), who, " ");
	key = house_find_key(h, who);
	if (key != -1)
		be_signer(h, p, key);
	if (mode != NULL)
		be_recorded(p, mode);
}

static void
read_parties(struct house *h, const struct act *a, struct making *m)
{
	char *filled = house_fill(h, a, a->parties, 0), one[256];
	const char *next = filled;

	while (next != NULL && *next != '\0') {
		next = cut(one, sizeof(one), next, " ");
		assert_true(m->d.nparties < EX_PARTIES_MAX);
		read_party(h, a, &m->party[m->d.nparties++], one);
	}
	m->d.party = m->party;
	free(filled);
}

/* Every refusal has its reason, whatever the act's own texts. */
static void
add_reasons(struct making *m)
{
	char path[32];

	for (size_t i = 0; i < m->d.nparties; i++) {
		if (m->party[i].mode != EX_MODE_REFUSED)
			continue;
		if (m->texts == NULL)
			m->texts = ex_json_object();
		(void)snprintf(path, sizeof(path), "parties/%zu/reason", i);
		MUST(ex_json_set_text(m->texts, path, "would not", err));
	}
}

/* Where the stream stands, as the facts say. */
static void
continue_stream(const struct house *h, struct ex_draft *d)
{
	char stream[EX_STREAM_TEXT];
	struct ex_json *v;

	ex_stream_text(stream, &d->stream);
	v = house_fact(h, "stream", stream);
	d->seq = (uint64_t)ex_json_get_int(v, "seq", 0) + 1;
	if (v != NULL)
		MUST(ex_json_need_hex(d->prev, EX_HASH, v, "leaf", err));
	ex_json_free(v);
}

static void
make(struct house *h, const struct act *a, struct making *m)
{
	struct ex_json *policy = house_fact(h, "policy", "policy");

	memset(m, 0, sizeof(*m));
	m->d.act = a->act;
	MUST(ex_stream_read(&m->d.stream, a->stream, err));
	m->fields = json_of(h, a, a->fields);
	m->texts = json_of(h, a, a->texts);
	m->digests = json_of(h, a, a->digests);
	read_parties(h, a, m);
	add_reasons(m);
	m->d.fields = m->fields;
	m->d.texts = m->texts;
	m->d.digests = m->digests;
	m->d.log = HOUSE_ORIGIN;
	m->d.policy = ex_json_get_int(policy, "version", 1);
	m->d.time_claimed = h->now;
	m->d.occurred_at = h->now - a->ago;
	m->d.corrects = a->corrects;
	m->d.annuls = a->annuls;
	m->d.offline = a->offline;
	continue_stream(h, &m->d);
	ex_json_free(policy);
	if (a->tweak != NULL)
		a->tweak(&m->d, m->party);
}

static void
making_free(struct making *m)
{
	ex_json_free(m->fields);
	ex_json_free(m->texts);
	ex_json_free(m->digests);
}

int
house_write(struct house *h, const struct act *a, struct ex_buf *body,
    struct ex_buf *openings, struct ex_err *why)
{
	struct making m;
	int rc;

	make(h, a, &m);
	rc = ex_event_write(body, openings, &m.d, why);
	making_free(&m);
	return rc;
}

int
house_judge(struct house *h, const struct act *a, struct ex_judgement *out,
    struct ex_err *why)
{
	struct ex_buf body = EX_BUF_INIT, openings = EX_BUF_INIT;
	struct ex_event *e = calloc(1, sizeof(*e));
	struct ex_judgement *j = calloc(1, sizeof(*j));
	int rc;

	assert_non_null(e);
	assert_non_null(j);
	MUST(house_write(h, a, &body, &openings, err));
	MUST(ex_event_parse(e, body.data, body.len, err));
	rc = ex_judge(j, e, ex_world_view(h->world), &h->options, why);
	if (out != NULL)
		*out = *j;
	else
		ex_judgement_free(j);
	free(j);
	ex_event_free(e);
	free(e);
	ex_buf_free(&body);
	ex_buf_free(&openings);
	return rc;
}

/* Keys of the house that a body names, in its order; -1 ends. */
static void
named_keys(const struct house *h, const struct ex_buf *body, int *out)
{
	struct ex_event *e = calloc(1, sizeof(*e));
	uint8_t sha256[EX_SHA256_LEN];
	size_t n = 0;

	assert_non_null(e);
	MUST(ex_event_parse(e, body->data, body->len, err));
	for (size_t i = 0; i < e->nparties; i++) {
		for (int k = 0; k < H_KEYS; k++) {
			const struct ex_buf *cert = &h->key[k].cert;

			ex_sha256(sha256, cert->data, cert->len);
			if (ex_mode_signs(e->party[i].mode) &&
			    memcmp(sha256, e->party[i].cert_sha256,
				sizeof(sha256)) == 0)
				out[n++] = k;
		}
	}
	out[n] = -1;
	ex_event_free(e);
	free(e);
}

/* When a body says that it was signed. */
static int64_t
time_of(const struct ex_buf *body)
{
	struct ex_json *v = NULL;
	int64_t us = 0;

	MUST(ex_json_read(&v, body->data, body->len, err));
	MUST(ex_time_read(&us, ex_json_get_text(v, "time_claimed"), err));
	ex_json_free(v);
	return us;
}

void
house_sign(const struct house *h, struct ex_buf *entry,
    const struct ex_buf *body, const int *signers)
{
	struct ex_buf value[EX_PARTIES_MAX] = { EX_BUF_INIT };
	struct ex_cms_sig sig[EX_PARTIES_MAX] = { 0 };
	int64_t time = time_of(body);
	int own[EX_PARTIES_MAX + 1];
	size_t n = 0;

	if (signers == NULL)
		named_keys(h, body, own);
	for (signers = signers == NULL ? own : signers; *signers != -1;
	     signers++) {
		const struct house_key *k = &h->key[*signers];
		struct ex_buf attrs = EX_BUF_INIT;

		MUST(ex_cms_to_sign(&attrs, k->cert.data, k->cert.len,
		    body->data, body->len, time, err));
		MUST(
		    ex_key_sign(k->key, attrs.data, attrs.len, &value[n], err));
		sig[n] = (struct ex_cms_sig){ k->cert.data, k->cert.len,
			ex_key_kind(k->key), value[n].data, value[n].len };
		n++;
		ex_buf_free(&attrs);
	}
	MUST(ex_cms_build(entry, body->data, body->len, time, sig, n, err));
	for (size_t i = 0; i < n; i++)
		ex_buf_free(&value[i]);
}

static struct house_entry *
grow(struct house *h)
{
	if (h->nentries == h->capentries) {
		h->capentries = h->capentries == 0 ? 64 : 2 * h->capentries;
		h->entry = realloc(h->entry, h->capentries * sizeof(*h->entry));
		assert_non_null(h->entry);
	}
	memset(&h->entry[h->nentries], 0, sizeof(*h->entry));
	return &h->entry[h->nentries++];
}

int
house_admit(struct house *h, const struct ex_buf *entry,
    const struct ex_buf *openings, struct ex_err *why)
{
	struct ex_admission *a = calloc(1, sizeof(*a));
	struct house_entry *e;
	int rc;

	assert_non_null(a);
	rc = ex_admit(a, entry->data, entry->len, ex_world_view(h->world),
	    &h->options, why);
	if (rc == 0) {
		MUST(ex_world_apply(h->world, a, h->nentries, err));
		e = grow(h);
		memcpy(e->leaf, a->leaf, EX_HASH);
		e->stream = a->event.stream;
		e->seq = a->event.seq;
		MUST(ex_buf_add(&e->bytes, entry->data, entry->len, err));
		if (openings != NULL)
			MUST(ex_buf_add(
			    &e->openings, openings->data, openings->len, err));
		h->now += 60 * EX_SECOND;
	}
	ex_admission_free(a);
	free(a);
	return rc;
}

int
house_try(struct house *h, const struct act *a, struct ex_err *why)
{
	struct ex_buf body = EX_BUF_INIT, openings = EX_BUF_INIT;
	struct ex_buf entry = EX_BUF_INIT;
	int rc = house_write(h, a, &body, &openings, why);

	if (rc == 0) {
		house_sign(h, &entry, &body, a->signers);
		rc = house_admit(h, &entry, &openings, why);
	}
	ex_buf_free(&body);
	ex_buf_free(&openings);
	ex_buf_free(&entry);
	return rc;
}

void
house_do(struct house *h, const struct act *a)
{
	struct ex_err err = EX_ERR_INIT;

	if (house_try(h, a, &err) == -1)
		fail_msg(
		    "%s on %s: %s", ex_act(a->act)->name, a->stream, err.text);
}
