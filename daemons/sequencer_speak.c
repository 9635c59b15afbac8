/*
 * sequencer_speak.c -- entries of the laboratory's own process.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/limits.h"
#include "custody/log.h"
#include "daemons/sequencer.h"
#include "db/store.h"
#include "signing/cms.h"

#define DAY (24 * 3600 * EX_SECOND)

/* The service as the one party of its entries. */
static void
be_party(struct ex_party *p, const struct ex_sequencer *s)
{
	memset(p, 0, sizeof(*p));
	memcpy(p->person, s->service_name, sizeof(p->person));
	memcpy(p->org, s->org, sizeof(p->org));
	memcpy(p->role, "service", sizeof("service"));
	memcpy(p->storage, "file", sizeof("file"));
	memcpy(p->cert_sha256, s->service_sha256, EX_SHA256_LEN);
	p->mode = EX_MODE_SERVICE;
	p->seen_size = s->published;
	if (s->published == 0)
		ex_tree_empty(p->seen_root);
	else
		memcpy(p->seen_root, s->stored.root, EX_HASH);
}

/* Where the laboratory's stream stands, waiting entries included. */
static int
find_place(struct ex_sequencer *s, struct ex_draft *d, struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(s->world);
	char stream[EX_STREAM_TEXT];
	struct ex_json *v = NULL;
	int rc = -1;

	if (ex_stream_set(&d->stream, EX_STREAM_LAB, s->org, err) == -1)
		return -1;
	ex_stream_text(stream, &d->stream);
	if (view->get(view->arg, "policy", "policy", &v, err) == -1)
		return -1;
	d->policy = ex_json_get_int(v, "version", 1);
	ex_json_free(v);
	if (ex_sequence_head(s->conn, stream, &d->seq, d->prev, err) == 0) {
		d->seq++;
		rc = 0;
	}
	return rc;
}

static int
append(struct ex_sequencer *s, const struct ex_draft *d,
    const struct ex_buf *body, const struct ex_buf *openings,
    struct ex_err *err)
{
	struct ex_buf sig = EX_BUF_INIT, tbs = EX_BUF_INIT;
	struct ex_buf entry = EX_BUF_INIT;
	uint8_t leaf[EX_HASH], sha256[EX_SHA256_LEN];
	struct ex_cms_sig signature = { 0 };
	struct ex_append a = { 0 };
	int rc = -1;

	if (ex_cms_to_sign(&tbs, s->service_cert.data, s->service_cert.len,
		body->data, body->len, d->time_claimed, err) == -1 ||
	    ex_key_sign(s->service_key, tbs.data, tbs.len, &sig, err) == -1)
		goto out;
	signature.cert = s->service_cert.data;
	signature.ncert = s->service_cert.len;
	signature.kind = EX_KEY_P256;
	signature.sig = sig.data;
	signature.nsig = sig.len;
	if (ex_cms_build(&entry, body->data, body->len, d->time_claimed,
		&signature, 1, err) == -1)
		goto out;
	ex_entry_leaf(leaf, entry.data, entry.len);
	ex_sha256(sha256, body->data, body->len);
	a.stream = &d->stream;
	a.seq = d->seq;
	a.prev = d->prev;
	a.leaf = leaf;
	a.body_sha256 = sha256;
	a.entry = entry.data;
	a.nentry = entry.len;
	a.openings = openings->data;
	a.nopenings = openings->len;
	rc = ex_store_append(s->conn, &a, err);
out:
	ex_buf_free(&sig);
	ex_buf_free(&tbs);
	ex_buf_free(&entry);
	return rc;
}

int
ex_sequencer_say(struct ex_sequencer *s, enum ex_act act,
    const struct ex_json *fields, const struct ex_json *texts,
    struct ex_err *err)
{
	struct ex_buf body = EX_BUF_INIT, openings = EX_BUF_INIT;
	struct ex_draft d;
	struct ex_party p;
	int rc = -1;

	memset(&d, 0, sizeof(d));
	be_party(&p, s);
	d.act = act;
	d.log = s->vkey.name;
	d.time_claimed = ex_now();
	d.occurred_at = d.time_claimed;
	d.party = &p;
	d.nparties = 1;
	d.fields = fields;
	d.texts = texts;
	ex_clock_state(&d.clock_source, &d.clock_offset_ms);
	if (find_place(s, &d, err) == 0 &&
	    ex_event_write(&body, &openings, &d, err) == 0)
		rc = append(s, &d, &body, &openings, err);
	ex_buf_free(&body);
	ex_buf_free(&openings);
	return rc;
}

/* The heads of all streams but what the entry itself will move. */
struct heads {
	struct ex_sequencer *s;
	struct ex_head *head;
	size_t n, cap;
};

/* A case's digest covers the numbers of its items, ascending. */
static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
set_items(struct ex_head *h, const struct ex_json *items, struct ex_err *err)
{
	size_t n = ex_json_count(items);
	const char **ids = calloc(n + 1, sizeof(*ids));
	int rc;

	if (ids == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		ids[i] = ex_json_text(ex_json_at(items, i));
	if (n > 1)
		qsort(ids, n, sizeof(*ids), by_text);
	rc = ex_head_items(h->items, ids, n, err);
	h->has_items = 1;
	free(ids);
	return rc;
}

static int
add_items(struct ex_sequencer *s, struct ex_head *h, struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(s->world);
	struct ex_json *v = NULL;
	int rc;

	if (h->stream.kind != EX_STREAM_CASE)
		return 0;
	if (view->get(view->arg, "case", h->stream.id, &v, err) == -1)
		return -1;
	rc = set_items(h, ex_json_get(v, "items"), err);
	ex_json_free(v);
	return rc;
}

static int
add_head(void *arg, const char *kind, const char *id, const char *case_number,
    const struct ex_json *value, struct ex_err *err)
{
	struct heads *l = arg;
	struct ex_head *h;

	(void)case_number;
	if (strcmp(kind, "stream") != 0)
		return 0;
	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 64 : l->cap * 2;
		struct ex_head *more = realloc(l->head, cap * sizeof(*more));

		if (more == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		l->head = more;
		l->cap = cap;
	}
	h = &l->head[l->n];
	memset(h, 0, sizeof(*h));
	h->seq = (uint64_t)ex_json_get_int(value, "seq", 0);
	if (ex_stream_read(&h->stream, id, err) == -1 ||
	    ex_json_need_hex(h->leaf, EX_HASH, value, "leaf", err) == -1 ||
	    add_items(l->s, h, err) == -1)
		return -1;
	l->n++;
	return 0;
}

/* Facts come in the order of their texts, as the root wants them. */
static int
say_heads(struct ex_sequencer *s, struct ex_err *err)
{
	struct heads l = { s, NULL, 0, 0 };
	struct ex_json *fields = ex_json_object();
	uint8_t root[EX_HASH];
	int rc = -1;

	if (ex_world_each(s->world, add_head, &l, err) == 0 &&
	    ex_heads_root(root, l.head, l.n, err) == 0 &&
	    ex_json_set_int(fields, "size", (int64_t)s->edge.size, err) == 0 &&
	    ex_json_set_int(fields, "count", (int64_t)l.n, err) == 0 &&
	    ex_json_set_hex(fields, "root", root, EX_HASH, err) == 0)
		rc = ex_sequencer_say(s, EX_ACT_HEADS, fields, NULL, err);
	ex_json_free(fields);
	free(l.head);
	return rc;
}

int
ex_sequencer_heads(struct ex_sequencer *s, struct ex_err *err)
{
	int64_t now = ex_now();
	size_t asked = 0;
	int due = s->heads_at != 0 && now - s->heads_at >= DAY;

	if (s->edge.size == 0)
		return 0;
	if (ex_conn_begin(s->conn, err) == -1)
		return -1;
	if (ex_sequence_asked(s->conn, &asked, err) == -1 ||
	    ((asked > 0 || due) && say_heads(s, err) == -1) ||
	    ex_conn_commit(s->conn, err) == -1) {
		ex_conn_rollback(s->conn);
		return -1;
	}
	if (asked > 0 || due || s->heads_at == 0)
		s->heads_at = now;
	return 0;
}
