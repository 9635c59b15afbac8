/*
 * sequencer_own.c -- entries of the sequencer itself: who was rejected and
 * why, and where every stream ends.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/log.h"
#include "base/text.h"
#include "custody/log.h"
#include "daemons/sequencer_parts.h"
#include "db/store.h"
#include "signing/cms.h"

/* A heads entry is due when the newest is so old. */
#define DAY (24 * 3600 * EX_SECOND)

/* Rejected entries whose stream has no name that could be signed. */
#define NO_STREAM "UNKNOWN"

/* Forget what is named now. */
static void
drop_named(struct ex_sequencer *s)
{
	char hex[EX_SHA256_HEX];
	size_t kept = 0;

	for (size_t i = 0; i < s->nrefused; i++) {
		ex_hex(hex, s->refused[i].entry_sha256, EX_SHA256_LEN);
		if (ex_json_get(s->named, hex) == NULL)
			s->refused[kept++] = s->refused[i];
	}
	s->nrefused = kept;
}

int
ex_sequencer_learn(struct ex_sequencer *s, struct ex_err *err)
{
	const struct ex_event *e = &s->admission.event;
	const char *sha256;

	if (e->act == EX_ACT_GENESIS)
		s->born = e->time_claimed;
	if (e->act == EX_ACT_GENESIS || e->act == EX_ACT_HEADS)
		s->heads_at = e->time_claimed;
	if (e->act == EX_ACT_ERASE)
		return ex_sequencer_erase(s, err);
	if (e->act != EX_ACT_REJECT)
		return 0;
	sha256 = ex_event_text(e, "entry_sha256");
	if (sha256 != NULL && ex_json_set_int(s->named, sha256, 1, err) == -1)
		return -1;
	drop_named(s);
	return 0;
}

static struct ex_refused *
next(struct ex_sequencer *s, struct ex_err *err)
{
	if (s->nrefused == s->caprefused) {
		size_t cap = s->caprefused == 0 ? 16 : s->caprefused * 2;
		struct ex_refused *p = realloc(s->refused, cap * sizeof(*p));

		if (p == NULL) {
			ex_fail(err, EX_SYSTEM, "out of memory");
			return NULL;
		}
		s->refused = p;
		s->caprefused = cap;
	}
	memset(&s->refused[s->nrefused], 0, sizeof(*s->refused));
	return &s->refused[s->nrefused++];
}

/* The batch that loses this entry, if it can be read at all. */
static void
read_batch(char out[40], struct ex_span entry)
{
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	struct ex_event *e = calloc(1, sizeof(*e));

	if (cms != NULL && e != NULL &&
	    ex_cms_parse(cms, entry.p, entry.n, NULL) == 0 &&
	    ex_event_parse(e, cms->body.p, cms->body.n, NULL) == 0)
		memcpy(out, e->batch_id, sizeof(e->batch_id));
	if (e != NULL)
		ex_event_free(e);
	free(e);
	free(cms);
}

int
ex_sequencer_refuse(struct ex_sequencer *s, const char *stream, uint64_t seq,
    struct ex_span entry, const char *code, const char *reason,
    struct ex_err *err)
{
	char hex[EX_SHA256_HEX];
	struct ex_refused *r;

	ex_sha256_hex(hex, entry.p, entry.n);
	if (ex_json_get(s->named, hex) != NULL)
		return 0;
	if ((r = next(s, err)) == NULL)
		return -1;
	ex_sha256(r->entry_sha256, entry.p, entry.n);
	r->seq = seq;
	read_batch(r->batch, entry);
	(void)ex_text_shown(r->stream, sizeof(r->stream), stream);
	(void)ex_text_shown(r->code, sizeof(r->code), code);
	(void)ex_text_shown(r->reason, sizeof(r->reason), reason);
	return 0;
}

/* The service as the one party, as its key is enrolled. */
static int
be_party(struct ex_party *p, const struct ex_sequencer *s, struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(s->world);
	struct ex_json *key = NULL;
	char id[EX_SHA256_HEX];
	int rc = -1;

	memset(p, 0, sizeof(*p));
	ex_hex(id, s->cert_sha256, EX_SHA256_LEN);
	if (view->get(view->arg, "key", id, &key, err) == -1)
		return -1;
	if (key == NULL) {
		ex_fail(err, EX_DENIED, "log/service.pem is not enrolled");
		goto out;
	}
	(void)ex_text_shown(
	    p->person, sizeof(p->person), ex_json_get_text(key, "person"));
	(void)ex_text_shown(
	    p->org, sizeof(p->org), ex_json_get_text(key, "org"));
	(void)ex_text_shown(
	    p->storage, sizeof(p->storage), ex_json_get_text(key, "storage"));
	memcpy(p->role, "service", sizeof("service"));
	memcpy(p->cert_sha256, s->cert_sha256, EX_SHA256_LEN);
	p->mode = EX_MODE_SERVICE;
	p->seen_size = s->published.size;
	if (s->published.size == 0)
		ex_tree_empty(p->seen_root);
	else
		memcpy(p->seen_root, s->published.root, EX_HASH);
	rc = 0;
out:
	ex_json_free(key);
	return rc;
}

/* Behind the newest entry of the laboratory's stream, waiting or not. */
static int
find_place(struct ex_sequencer *s, struct ex_draft *d, struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(s->world);
	char stream[EX_STREAM_TEXT];
	struct ex_json *log = NULL, *policy = NULL;
	const char *org;
	int rc = -1;

	if (view->get(view->arg, "log", "log", &log, err) == -1 ||
	    view->get(view->arg, "policy", "policy", &policy, err) == -1 ||
	    ex_json_need_text(&org, log, "org", err) == -1 ||
	    ex_stream_set(&d->stream, EX_STREAM_LAB, org, err) == -1)
		goto out;
	d->policy = ex_json_get_int(policy, "version", 0);
	ex_stream_text(stream, &d->stream);
	rc = ex_sequence_head(s->conn, stream, &d->seq, d->prev, err);
	d->seq++;
out:
	ex_json_free(log);
	ex_json_free(policy);
	return rc;
}

static int
sign_body(struct ex_sequencer *s, const struct ex_draft *d,
    const struct ex_buf *body, struct ex_buf *entry, struct ex_err *err)
{
	struct ex_buf sig = EX_BUF_INIT, tbs = EX_BUF_INIT;
	struct ex_cms_sig one = {
		.cert = s->cert.data, .ncert = s->cert.len, .kind = EX_KEY_P256
	};
	int rc = -1;

	if (ex_cms_to_sign(&tbs, s->cert.data, s->cert.len, body->data,
		body->len, d->time_claimed, err) == -1 ||
	    ex_key_sign(s->service_key, tbs.data, tbs.len, &sig, err) == -1)
		goto out;
	one.sig = sig.data;
	one.nsig = sig.len;
	rc = ex_cms_build(
	    entry, body->data, body->len, d->time_claimed, &one, 1, err);
out:
	ex_buf_free(&sig);
	ex_buf_free(&tbs);
	return rc;
}

/* Would the next round take it?  Else it is not even appended. */
static int
append(struct ex_sequencer *s, const struct ex_buf *entry,
    const struct ex_buf *openings, struct ex_err *err)
{
	struct ex_admit_options options = { .now = ex_now(),
		.published = s->published.size,
		.root_at = ex_sequencer_root_at,
		.root_arg = s };
	const struct ex_admission *a = &s->admission;
	struct ex_append row = { .stream = &a->event.stream,
		.prev = a->event.prev,
		.leaf = a->leaf,
		.body_sha256 = a->event.sha256,
		.entry = entry->data,
		.nentry = entry->len,
		.openings = openings->data,
		.nopenings = openings->len };
	int rc = -1;

	if (ex_admit(&s->admission, entry->data, entry->len,
		ex_world_view(s->world), &options, err) == 0) {
		row.seq = a->event.seq;
		rc = ex_store_append(s->conn, &row, err);
	}
	ex_admission_free(&s->admission);
	return rc;
}

static int
write_entry(struct ex_sequencer *s, struct ex_draft *d, struct ex_err *err)
{
	struct ex_buf body = EX_BUF_INIT, openings = EX_BUF_INIT;
	struct ex_buf entry = EX_BUF_INIT;
	struct ex_party party;
	int rc = -1;

	d->log = s->vkey.name;
	d->time_claimed = ex_now();
	d->occurred_at = d->time_claimed;
	d->party = &party;
	d->nparties = 1;
	ex_clock_state(&d->clock_source, &d->clock_offset_ms);
	if (be_party(&party, s, err) == 0 && find_place(s, d, err) == 0 &&
	    ex_event_write(&body, &openings, d, err) == 0 &&
	    sign_body(s, d, &body, &entry, err) == 0)
		rc = append(s, &entry, &openings, err);
	ex_buf_free(&body);
	ex_buf_free(&openings);
	ex_buf_free(&entry);
	return rc;
}

int
ex_sequencer_write(struct ex_sequencer *s, enum ex_act act,
    struct ex_json *fields, struct ex_json *texts, int *wrote,
    struct ex_err *err)
{
	struct ex_draft d = { .act = act, .fields = fields, .texts = texts };
	struct ex_err why = EX_ERR_INIT;
	int rc;

	rc = write_entry(s, &d, &why);
	ex_json_free(fields);
	ex_json_free(texts);
	*wrote = rc == 0;
	if (rc == 0 || why.code == EX_CONFLICT)
		return 0;
	if (why.code == EX_SYSTEM || why.code == EX_UNREACHABLE)
		return ex_fail(err, why.code, "%s", why.text);
	if (!s->warned)
		ex_log(EX_WARN, "sequencer",
		    "no entries of its own are possible: %s", why.text);
	s->warned = 1;
	return 0;
}

/* What a row says need not be fit to be signed. */
static int
reject_fields(struct ex_json *fields, struct ex_json *texts,
    const struct ex_refused *r, struct ex_err *err)
{
	static const uint64_t seq_max = (UINT64_C(1) << 53) - 1;
	struct ex_stream stream;

	if (ex_stream_read(&stream, r->stream, NULL) == -1 &&
	    ex_stream_set(&stream, EX_STREAM_LAB, NO_STREAM, err) == -1)
		return -1;
	if (ex_json_set_text(
		fields, "kind", ex_stream_kind_name(stream.kind), err) == -1 ||
	    ex_json_set_text(fields, "id", stream.id, err) == -1 ||
	    ex_json_set_int(fields, "seq",
		r->seq > seq_max ? 0 : (int64_t)r->seq, err) == -1 ||
	    ex_json_set_hex(fields, "entry_sha256", r->entry_sha256,
		EX_SHA256_LEN, err) == -1 ||
	    ex_json_set_text(fields, "why", r->code, err) == -1)
		return -1;
	if (r->batch[0] != '\0' &&
	    ex_json_set_text(fields, "batch", r->batch, err) == -1)
		return -1;
	if (r->reason[0] == '\0')
		return 0;
	return ex_json_set_text(texts, "reason", r->reason, err);
}

static int
write_reject(struct ex_sequencer *s, int *wrote, struct ex_err *err)
{
	struct ex_json *fields = ex_json_object(), *texts = ex_json_object();

	if (fields == NULL || texts == NULL ||
	    reject_fields(fields, texts, &s->refused[0], err) == -1) {
		ex_json_free(fields);
		ex_json_free(texts);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_sequencer_write(s, EX_ACT_REJECT, fields, texts, wrote, err);
}

/*
 * Heads when asked for or due; before them, rows that the log closes.
 * Requests are gone only when what they asked for is in the queue.
 */
static int
write_heads(struct ex_sequencer *s, int *wrote, struct ex_err *err)
{
	struct ex_json *fields = NULL;
	size_t asked = 0;

	if (ex_sequence_wishes(s->conn, &asked, err) == -1 ||
	    ex_sequencer_tables(s, asked > 0, wrote, err) == -1)
		return -1;
	if (*wrote || (asked == 0 && ex_now() - s->heads_at < DAY))
		return 0;
	if (ex_sequence_asked(s->conn, &asked, err) == -1 ||
	    ex_sequencer_heads(&fields, s, err) == -1)
		return -1;
	return ex_sequencer_write(s, EX_ACT_HEADS, fields, NULL, wrote, err);
}

int
ex_sequencer_own(struct ex_sequencer *s, int *wrote, struct ex_err *err)
{
	int rc;

	*wrote = 0;
	if (s->edge.size == 0)
		return 0;
	if (ex_conn_begin(s->conn, err) == -1)
		return -1;
	if (s->override_due)
		rc = ex_sequencer_override(s, wrote, err);
	else if (s->nrefused > 0)
		rc = write_reject(s, wrote, err);
	else
		rc = write_heads(s, wrote, err);
	if (rc == 0 && *wrote)
		rc = ex_conn_commit(s->conn, err);
	if (rc == -1 || !*wrote)
		ex_conn_rollback(s->conn);
	return rc;
}
