/*
 * plan.c -- from a request to bodies that may be signed.
 *
 * Heads and facts are read, bodies written, and the rules asked; what they
 * refuse is refused here, before anybody signs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "cases/act_parts.h"

/* What earlier entries of the same act change lies over the rows. */
struct overlay {
	struct ex_view below;
	const struct ex_act_job *job;
	size_t n; /* entries judged so far */
};

static const struct ex_json *
changed(const struct overlay *o, const char *kind, const char *id)
{
	for (size_t i = o->n; i-- > 0;) {
		const struct ex_facts *f = &o->job->entry[i].judgement.facts;

		for (size_t k = f->n; k-- > 0;)
			if (strcmp(f->fact[k].kind, kind) == 0 &&
			    strcmp(f->fact[k].id, id) == 0)
				return f->fact[k].value;
	}
	return NULL;
}

static int
overlay_get(void *arg, const char *kind, const char *id, struct ex_json **out,
    struct ex_err *err)
{
	const struct overlay *o = arg;
	const struct ex_json *v = changed(o, kind, id);

	if (v == NULL)
		return o->below.get(o->below.arg, kind, id, out, err);
	*out = ex_json_copy(v);
	return *out == NULL ? ex_fail(err, EX_SYSTEM, "out of memory") : 0;
}

static int
overlay_entry(void *arg, const uint8_t leaf[EX_HASH], struct ex_entry_ref *out,
    struct ex_err *err)
{
	const struct overlay *o = arg;

	return o->below.entry(o->below.arg, leaf, out, err);
}

/* What all entries of an act share. */
struct plan {
	struct ex_act_job *job;
	struct ex_conn *conn;
	struct ex_checkpoint seen;
	struct overlay overlay;
	struct ex_view view;
	struct ex_draft draft; /* time, policy, clock, batch */
	struct ex_party party[EX_PARTIES_MAX];
	size_t nparties;
	char uuid[EX_UUID_TEXT];
};

static void
seat_signer(struct plan *p, const struct ex_seat *seat)
{
	struct ex_party *to = &p->party[p->nparties++];
	const struct ex_signer *s = seat->signer;

	memset(to, 0, sizeof(*to));
	memcpy(to->person, s->person, sizeof(to->person));
	memcpy(to->org, s->org, sizeof(to->org));
	memcpy(to->role, seat->role, sizeof(to->role));
	memcpy(to->storage, s->storage, sizeof(to->storage));
	memcpy(to->cert_sha256, s->cert_sha256, EX_SHA256_LEN);
	to->mode = s->mode;
	to->seen_size = p->seen.size;
	memcpy(to->seen_root, p->seen.root, EX_HASH);
}

static int
seat_all(struct plan *p, struct ex_err *err)
{
	const struct ex_request *r = p->job->request;

	if (r->nseats + r->nothers > EX_PARTIES_MAX)
		return ex_fail(
		    err, EX_LIMIT, "more than %d parties", EX_PARTIES_MAX);
	for (size_t i = 0; i < r->nseats; i++)
		seat_signer(p, &r->seat[i]);
	for (size_t i = 0; i < r->nothers; i++)
		p->party[p->nparties++] = r->other[i];
	return 0;
}

/* Behind the newest entry that is in the log. */
static int
find_place(struct plan *p, struct ex_act_entry *e, const struct ex_member *m,
    struct ex_err *err)
{
	char stream[EX_STREAM_TEXT];
	struct ex_json *head = NULL;
	int64_t seq;
	int rc = 0;

	e->stream = m->stream;
	ex_stream_text(stream, &m->stream);
	if (ex_store_fact(p->conn, "stream", stream, &head, err) == -1)
		return -1;
	e->seq = 1;
	memset(e->prev, 0, EX_HASH);
	if (head != NULL) {
		rc = ex_json_need_int(&seq, head, "seq", err);
		if (rc == 0)
			rc = ex_json_need_hex(
			    e->prev, EX_HASH, head, "leaf", err);
		e->seq = rc == 0 ? (uint64_t)seq + 1 : 0;
	}
	ex_json_free(head);
	return rc;
}

/* One act over several streams: a batch, so that none can be left out. */
static int
make_batch(struct plan *p, struct ex_err *err)
{
	struct ex_act_job *job = p->job;
	struct ex_batch_member *m;
	int rc;

	if (job->n < 2)
		return 0;
	if ((m = calloc(job->n, sizeof(*m))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < job->n; i++) {
		m[i].stream = job->entry[i].stream;
		m[i].seq = job->entry[i].seq;
		m[i].act = job->request->member[i].act;
		memcpy(m[i].prev, job->entry[i].prev, EX_HASH);
	}
	ex_uuid7(p->uuid);
	rc = ex_batch_root(p->draft.batch_root, m, job->n, err);
	p->draft.batch_id = p->uuid;
	p->draft.batch_count = job->n;
	(void)snprintf(job->batch, sizeof(job->batch), "%s", p->uuid);
	free(m);
	return rc;
}

/* The texts of a member with the reasons of those who would not sign. */
static int
texts_of(struct ex_json **out, const struct plan *p, const struct ex_member *m,
    struct ex_err *err)
{
	const struct ex_request *r = p->job->request;
	char path[64];

	*out = m->texts == NULL ? ex_json_object() : ex_json_copy(m->texts);
	if (*out == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < r->nothers; i++) {
		if (r->other_reason[i] == NULL)
			continue;
		(void)snprintf(
		    path, sizeof(path), "parties/%zu/reason", r->nseats + i);
		if (ex_json_set_text(*out, path, r->other_reason[i], err) == -1)
			return -1;
	}
	return 0;
}

static int
published_after(void *arg, uint64_t size, int64_t *at, struct ex_err *err)
{
	return ex_store_published_after(arg, size, at, err);
}

/* Would the log take it, if these parties signed? */
static int
judge(struct plan *p, struct ex_act_entry *e, struct ex_err *err)
{
	struct ex_admit_options options = { .now = ex_now(),
		.published = p->seen.size,
		.published_after = published_after,
		.published_arg = p->conn };
	struct ex_event event;
	int rc;

	rc = ex_event_parse(&event, e->body.data, e->body.len, err);
	if (rc == 0)
		rc = ex_judge(&e->judgement, &event, &p->view, &options, err);
	if (rc == 0) {
		memcpy(e->body_sha256, event.sha256, EX_SHA256_LEN);
		memcpy(e->case_number, e->judgement.case_number,
		    sizeof(e->case_number));
		p->overlay.n++;
	}
	ex_event_free(&event);
	return rc;
}

static int
write_one(struct plan *p, size_t i, struct ex_err *err)
{
	const struct ex_member *m = &p->job->request->member[i];
	struct ex_act_entry *e = &p->job->entry[i];
	struct ex_draft d = p->draft;
	struct ex_json *texts = NULL;
	int rc = -1;

	d.act = m->act;
	d.stream = e->stream;
	d.seq = e->seq;
	memcpy(d.prev, e->prev, EX_HASH);
	d.fields = m->fields;
	d.digests = m->digests;
	d.corrects = m->has_corrects ? m->corrects : NULL;
	d.annuls = m->has_annuls ? m->annuls : NULL;
	e->time = d.time_claimed;
	if (texts_of(&texts, p, m, err) == 0) {
		d.texts = texts;
		rc = ex_event_write(&e->body, &e->openings, &d, err);
	}
	ex_json_free(texts);
	if (rc == 0)
		rc = judge(p, e, err);
	return rc;
}

/* Time, policy and clock are the same for all. */
static int
begin(struct plan *p, struct ex_err *err)
{
	const struct ex_request *r = p->job->request;
	struct ex_json *policy = NULL;
	struct ex_draft *d = &p->draft;

	if (ex_house_conn(p->job->house, &p->conn, err) == -1 ||
	    ex_house_seen(p->job->house, &p->seen, NULL, err) == -1 ||
	    ex_store_fact(p->conn, "policy", "policy", &policy, err) == -1 ||
	    seat_all(p, err) == -1) {
		ex_json_free(policy);
		return -1;
	}
	ex_store_view(&p->overlay.below, p->conn);
	p->overlay.job = p->job;
	p->view.arg = &p->overlay;
	p->view.get = overlay_get;
	p->view.entry = overlay_entry;
	d->log = ex_house_origin(p->job->house);
	d->policy = ex_json_get_int(policy, "version", 0);
	d->time_claimed = ex_now();
	d->occurred_at = r->occurred_at == 0 ? d->time_claimed : r->occurred_at;
	d->party = p->party;
	d->nparties = p->nparties;
	ex_clock_state(&d->clock_source, &d->clock_offset_ms);
	ex_json_free(policy);
	return 0;
}

int
ex_act_plan(struct ex_act_job *job, struct ex_err *err)
{
	const struct ex_request *r = job->request;
	struct plan *p;
	int rc = -1;

	if (r->nmembers == 0)
		return ex_fail(err, EX_USAGE, "nothing was asked for");
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	p->job = job;
	job->entry = calloc(r->nmembers, sizeof(*job->entry));
	if (job->entry == NULL) {
		ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	job->n = r->nmembers;
	if (begin(p, err) == -1)
		goto out;
	rc = 0;
	for (size_t i = 0; rc == 0 && i < job->n; i++)
		rc = find_place(p, &job->entry[i], &r->member[i], err);
	if (rc == 0)
		rc = make_batch(p, err);
	for (size_t i = 0; rc == 0 && i < job->n; i++)
		if ((rc = write_one(p, i, err)) == -1 && job->n > 1)
			ex_while(err, job->entry[i].stream.id);
out:
	free(p);
	return rc;
}

static int
sign_body(struct ex_buf *out, const struct ex_signer *s,
    const struct ex_act_entry *e, struct ex_err *err)
{
	struct ex_buf tbs = EX_BUF_INIT;
	int rc = -1;

	if (ex_cms_to_sign(&tbs, s->cert.data, s->cert.len, e->body.data,
		e->body.len, e->time, err) == 0)
		rc = ex_key_sign(s->key, tbs.data, tbs.len, out, err);
	ex_buf_free(&tbs);
	return rc;
}

static int
sign_one(const struct ex_request *r, struct ex_act_entry *e, struct ex_err *err)
{
	struct ex_buf value[EX_PARTIES_MAX];
	struct ex_cms_sig sig[EX_PARTIES_MAX];
	int rc = 0;

	memset(value, 0, sizeof(value));
	for (size_t i = 0; rc == 0 && i < r->nseats; i++) {
		const struct ex_signer *s = r->seat[i].signer;

		rc = sign_body(&value[i], s, e, err);
		sig[i].cert = s->cert.data;
		sig[i].ncert = s->cert.len;
		sig[i].kind = ex_key_kind(s->key);
		sig[i].sig = value[i].data;
		sig[i].nsig = value[i].len;
	}
	if (rc == 0)
		rc = ex_cms_build(&e->entry, e->body.data, e->body.len, e->time,
		    sig, r->nseats, err);
	for (size_t i = 0; i < r->nseats; i++)
		ex_buf_free(&value[i]);
	return rc;
}

/* What was made is read again: the one encoding, every signature. */
static int
check_one(struct ex_act_entry *e, struct ex_err *err)
{
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	int rc = -1;

	if (cms == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_cms_parse(cms, e->entry.data, e->entry.len, err) == 0 &&
	    ex_cms_check(cms, err) == 0)
		rc = 0;
	ex_entry_leaf(e->leaf, e->entry.data, e->entry.len);
	free(cms);
	return rc;
}

int
ex_act_sign(struct ex_act_job *job, struct ex_err *err)
{
	for (size_t i = 0; i < job->n; i++)
		if (sign_one(job->request, &job->entry[i], err) == -1 ||
		    check_one(&job->entry[i], err) == -1)
			return -1;
	return 0;
}
