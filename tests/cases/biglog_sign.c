/*
 * biglog_sign.c -- a large log: chains of entries, written and signed in all
 * that the machine's processors can.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/thread.h"
#include "tests/cases/biglog.h"

/* The nth entry of a chain. */
static const struct {
	enum ex_act act;
	const char *fields, *texts;
	int who[2]; /* in these roles; -1: nobody */
	const char *role[2];
} step[BIGLOG_CHAIN] = {
#define NOTE                                                            \
	{                                                               \
		EX_ACT_NOTE, NULL, "{\"note\":\"a remark of a test\"}", \
		    { H_EXAM, -1 },                                     \
		{                                                       \
			"officer", NULL                                 \
		}                                                       \
	}
#define OUT                                                          \
	{                                                            \
		EX_ACT_CHECK_OUT, "{\"authority\":\"W-1\"}",         \
		    "{\"purpose\":\"imaging\"}", { H_CUST, H_EXAM }, \
		{                                                    \
			"custodian", "receiver"                      \
		}                                                    \
	}
#define UNSEALED "\"seal\":\"none\",\"seal_state\":\"none\""
#define BACK                                                           \
	{                                                              \
		EX_ACT_CHECK_IN,                                       \
		    "{" UNSEALED                                       \
		    ",\"location\":\"VAULT-1\",\"unsealed\":\"wet\"}", \
		    NULL, { H_EXAM, H_CUST },                          \
		{                                                      \
			"holder", "custodian"                          \
		}                                                      \
	}
	{ EX_ACT_SEIZE,
	    "{\"case\":\"%s\",\"seizure_record\":\"R-1\","
	    "\"authority\":\"W-1\",\"kind\":\"physical_medium\"}",
	    "{\"description\":\"a disk\",\"place\":\"a desk\"}", { H_EXAM, -1 },
	    { "officer", NULL } },
	{ EX_ACT_RECEIVE, "{" UNSEALED ",\"location\":\"RECEPTION\"}",
	    "{\"condition\":\"as it was\"}", { H_CUST, H_EXAM },
	    { "custodian", "submitter" } },
	{ EX_ACT_STORE, "{\"location\":\"VAULT-1\",\"unsealed\":\"wet\"}", NULL,
	    { H_CUST, -1 }, { "custodian", NULL } },
	NOTE,
	OUT,
	NOTE,
	BACK,
	NOTE,
	OUT,
	BACK,
};

/* One thread's share: chains first, first + stride, ... */
struct share {
	const struct biglog *b;
	struct biglog_entry *out;
	size_t first, stride, n;
	int64_t now;
};

static void
case_of(char out[EX_CASE_MAX + 1], size_t item)
{
	(void)snprintf(out, EX_CASE_MAX + 1, "114-BIG-%zu", item / BIGLOG_CASE);
}

static void
be_party(const struct house *h, struct ex_party *p, int who, const char *role)
{
	const struct house_key *k = &h->key[who];

	memset(p, 0, sizeof(*p));
	(void)snprintf(p->person, sizeof(p->person), "%s", k->id);
	(void)snprintf(p->org, sizeof(p->org), "%s", k->org);
	(void)snprintf(p->role, sizeof(p->role), "%s", role);
	(void)snprintf(p->storage, sizeof(p->storage), "file");
	p->mode = k->mode;
	ex_sha256(p->cert_sha256, k->cert.data, k->cert.len);
	p->seen_size = h->seen.size;
	memcpy(p->seen_root, h->seen.root, EX_HASH);
}

static struct ex_json *
json_of(const char *format, const char *case_number)
{
	struct ex_json *v = NULL;
	char text[512];

	if (format == NULL)
		return NULL;
	if (strstr(format, "%s") != NULL)
		(void)snprintf(text, sizeof(text), "{\"case\":\"%s\"%s",
		    case_number, strchr(format, ','));
	else
		(void)snprintf(text, sizeof(text), "%s", format);
	MUST(ex_json_read(&v, text, strlen(text), err));
	return v;
}

/* A body, signed by its parties, into out. */
static void
finish(const struct house *h, const struct ex_draft *d, const int *who,
    struct biglog_entry *out)
{
	struct ex_buf body = EX_BUF_INIT, value[2] = { EX_BUF_INIT };
	struct ex_cms_sig sig[2];

	MUST(ex_event_write(&body, &out->openings, d, err));
	for (size_t i = 0; i < d->nparties; i++) {
		const struct house_key *k = &h->key[who[i]];
		struct ex_buf attrs = EX_BUF_INIT;

		MUST(ex_cms_to_sign(&attrs, k->cert.data, k->cert.len,
		    body.data, body.len, d->time_claimed, err));
		MUST(
		    ex_key_sign(k->key, attrs.data, attrs.len, &value[i], err));
		sig[i] = (struct ex_cms_sig){ k->cert.data, k->cert.len,
			ex_key_kind(k->key), value[i].data, value[i].len };
		ex_buf_free(&attrs);
	}
	MUST(ex_cms_build(&out->entry, body.data, body.len, d->time_claimed,
	    sig, d->nparties, err));
	out->stream = d->stream;
	out->seq = d->seq;
	memcpy(out->prev, d->prev, EX_HASH);
	ex_entry_leaf(out->leaf, out->entry.data, out->entry.len);
	ex_sha256(out->body_sha256, body.data, body.len);
	for (size_t i = 0; i < d->nparties; i++)
		ex_buf_free(&value[i]);
	ex_buf_free(&body);
}

static void
sign_step(
    const struct share *s, size_t item, size_t i, struct biglog_entry *chain)
{
	const struct house *h = &s->b->house;
	struct ex_party party[2];
	struct ex_draft d = { .act = step[i].act,
		.log = HOUSE_ORIGIN,
		.policy = 1,
		.party = party,
		.seq = i + 1,
		.time_claimed = s->now,
		.occurred_at = s->now };
	struct biglog_entry *out = &chain[i];
	struct ex_json *fields, *texts;
	char id[EX_CASE_MAX + 1];

	case_of(out->case_number, item);
	(void)snprintf(id, sizeof(id), "BIG-%zu", item);
	MUST(ex_stream_set(&d.stream, EX_STREAM_ITEM, id, err));
	fields = json_of(step[i].fields, out->case_number);
	texts = json_of(step[i].texts, NULL);
	d.fields = fields;
	d.texts = texts;
	if (i > 0)
		memcpy(d.prev, chain[i - 1].leaf, EX_HASH);
	for (; d.nparties < 2 && step[i].who[d.nparties] != -1; d.nparties++)
		be_party(h, &party[d.nparties], step[i].who[d.nparties],
		    step[i].role[d.nparties]);
	finish(h, &d, step[i].who, out);
	ex_json_free(fields);
	ex_json_free(texts);
}

static void *
sign_share(void *arg)
{
	const struct share *s = arg;

	for (size_t k = s->first; k < s->n; k += s->stride)
		for (size_t i = 0; i < BIGLOG_CHAIN; i++)
			sign_step(
			    s, s->b->items + k, i, &s->out[k * BIGLOG_CHAIN]);
	return NULL;
}

/* A case and its warrant, by the house's own means. */
static void
open_case(struct biglog *b, size_t n)
{
	char stream[EX_STREAM_TEXT];
	struct act open = { .act = EX_ACT_CASE_OPEN,
		.stream = stream,
		.texts = "{'title':'A large case'}",
		.parties = "officer=S-EXAM" };
	struct act warrant = { .act = EX_ACT_AUTHORIZE,
		.stream = stream,
		.fields = "{'number':'W-1','kind':'warrant'}",
		.parties = "officer=S-PROS" };

	(void)snprintf(stream, sizeof(stream), "case:114-BIG-%zu", n);
	house_do(&b->house, &open);
	house_do(&b->house, &warrant);
}

/* The cases that items up to n lie in. */
static void
open_cases(struct biglog *b, size_t n)
{
	struct ex_conn *conn = bench_conn(&b->bench, EX_ROLE_SERVICE);

	for (; b->cases * BIGLOG_CASE < n; b->cases++) {
		size_t from = b->house.nentries;

		open_case(b, b->cases);
		for (; from < b->house.nentries; from++) {
			biglog_append_house(conn, &b->house.entry[from]);
			b->entries++;
		}
	}
	ex_conn_close(conn);
	biglog_settle(b);
}

struct biglog_entry *
biglog_sign(struct biglog *b, size_t n)
{
	unsigned threads = ex_thread_count(0);
	struct biglog_entry *out = calloc(n * BIGLOG_CHAIN, sizeof(*out));
	struct share share[64];
	pthread_t thread[64];

	assert_non_null(out);
	open_cases(b, b->items + n);
	for (unsigned i = 0; i < threads; i++) {
		share[i] =
		    (struct share){ b, out, i, threads, n, b->house.now };
		MUST(ex_thread_start(&thread[i], sign_share, &share[i], err));
	}
	for (unsigned i = 0; i < threads; i++)
		assert_int_equal(pthread_join(thread[i], NULL), 0);
	b->items += n;
	return out;
}
