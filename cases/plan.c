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
#include "signing/cms.h"

/* What all entries of an act share. */
struct plan {
	struct ex_act_job *job;
	const struct ex_view *view;
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
	to->seen_size = p->job->seen.size;
	memcpy(to->seen_root, p->job->seen.root, EX_HASH);
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

int
ex_stream_head(uint64_t *seq, uint8_t leaf[EX_HASH], const struct ex_view *view,
    const struct ex_stream *stream, struct ex_err *err)
{
	char text[EX_STREAM_TEXT];
	struct ex_json *head = NULL;
	int64_t n = 0;
	int rc = 0;

	memset(leaf, 0, EX_HASH);
	ex_stream_text(text, stream);
	if (view->get(view->arg, "stream", text, &head, err) == -1)
		return -1;
	if (head != NULL &&
	    (ex_json_need_int(&n, head, "seq", err) == -1 ||
		ex_json_need_hex(leaf, EX_HASH, head, "leaf", err) == -1))
		rc = ex_while(err, text);
	*seq = (uint64_t)n;
	ex_json_free(head);
	return rc;
}

/* Behind the newest entry that is in the log. */
static int
find_place(struct plan *p, struct ex_act_entry *e, const struct ex_member *m,
    struct ex_err *err)
{
	e->stream = m->stream;
	e->act = m->act;
	/* The laboratory's own stream never stands still. */
	if (ex_house_kit(p->job->house) != NULL &&
	    m->stream.kind == EX_STREAM_LAB)
		return ex_fail(err, EX_STATE,
		    "%s: in a field kit there are acts on items and cases "
		    "alone",
		    ex_act(m->act)->name);
	if (ex_stream_head(&e->seq, e->prev, p->view, &m->stream, err) == -1)
		return -1;
	e->seq++;
	return 0;
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

/* Would the log take it, if these parties signed? */
static int
judge(struct ex_act_job *job, struct ex_act_entry *e, struct ex_err *err)
{
	struct ex_admit_options options = { .now = ex_now(),
		.published = job->seen.size,
		.root_at = ex_act_root_at,
		.root_arg = job };
	struct ex_judgement *j = &e->judgement;
	struct ex_event event;
	int rc;

	rc = ex_event_parse(&event, e->body.data, e->body.len, err);
	if (rc == 0)
		rc = ex_judge(
		    j, &event, ex_planview_view(job->view), &options, err);
	if (rc == 0)
		rc = ex_planview_apply(job->view, &j->facts, err);
	ex_event_free(&event);
	/* Signing judges again, as the sequencer will. */
	ex_judgement_free(j);
	return rc;
}

/* "check-out EXH-1 (IN_STORE): " before the rule's reason. */
static int
explain(
    struct ex_act_job *job, const struct ex_act_entry *e, struct ex_err *err)
{
	const struct ex_view *view = ex_planview_view(job->view);
	const struct ex_act_def *def = ex_act(e->act);
	char what[EX_CASE_MAX + 128];
	struct ex_json *item = NULL;
	const char *state = NULL;

	if (e->stream.kind == EX_STREAM_ITEM &&
	    view->get(view->arg, "item", e->stream.id, &item, NULL) == 0)
		state = ex_json_get_text(item, "state");
	(void)snprintf(what, sizeof(what), "%s %s%s%s%s",
	    def->verb != NULL ? def->verb : def->name, e->stream.id,
	    state != NULL ? " (" : "", state != NULL ? state : "",
	    state != NULL ? ")" : "");
	ex_json_free(item);
	return ex_while(err, what);
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
		rc = judge(p->job, e, err);
	return rc == -1 ? explain(p->job, e, err) : 0;
}

/* Time, policy and clock are the same for all. */
static int
begin(struct plan *p, struct ex_err *err)
{
	const struct ex_request *r = p->job->request;
	struct ex_json *policy = NULL;
	struct ex_draft *d = &p->draft;

	if (p->view->get(p->view->arg, "policy", "policy", &policy, err) ==
		-1 ||
	    seat_all(p, err) == -1) {
		ex_json_free(policy);
		return -1;
	}
	d->log = ex_house_origin(p->job->house);
	d->offline = ex_house_kit(p->job->house) == NULL ? NULL : "field";
	d->policy = ex_json_get_int(policy, "version", 0);
	d->time_claimed = ex_now();
	d->occurred_at = r->occurred_at == 0 ? d->time_claimed : r->occurred_at;
	d->party = p->party;
	d->nparties = p->nparties;
	ex_clock_state(&d->clock_source, &d->clock_offset_ms);
	ex_json_free(policy);
	return 0;
}

static int
plan_all(struct plan *p, struct ex_err *err)
{
	struct ex_act_job *job = p->job;
	int rc = begin(p, err);

	for (size_t i = 0; rc == 0 && i < job->n; i++)
		rc = find_place(
		    p, &job->entry[i], &job->request->member[i], err);
	if (rc == 0)
		rc = make_batch(p, err);
	for (size_t i = 0; rc == 0 && i < job->n; i++)
		rc = write_one(p, i, err);
	return rc;
}

/* The state of things at one moment: in a field kit nobody else writes. */
static int
plan_snapshot(struct ex_act_job *job, struct ex_err *err)
{
	struct plan *p = calloc(1, sizeof(*p));
	struct ex_conn *conn = NULL;
	int rc = -1;

	if (p == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	p->job = job;
	p->view = ex_planview_view(job->view);
	if (ex_house_kit(job->house) != NULL) {
		rc = plan_all(p, err);
	} else if (ex_house_conn(job->house, &conn, err) == 0 &&
		   ex_conn_begin_snapshot(conn, err) == 0) {
		rc = plan_all(p, err);
		ex_conn_rollback(conn);
	}
	free(p);
	return rc;
}

int
ex_act_plan(struct ex_act_job *job, struct ex_err *err)
{
	const struct ex_request *r = job->request;

	if (r->nmembers == 0)
		return ex_fail(err, EX_USAGE, "nothing was asked for");
	job->entry = calloc(r->nmembers, sizeof(*job->entry));
	if (job->entry == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	job->n = r->nmembers;
	if (ex_house_view(job->house, &job->rows, err) == -1 ||
	    ex_house_seen(job->house, &job->seen, NULL, err) == -1)
		return -1;
	if (ex_planview_new(&job->view, &job->rows, err) == -1)
		return -1;
	return plan_snapshot(job, err);
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

/*
 * What was made is admitted as the sequencer will: the one encoding, every
 * signature, the rules over the same facts.
 */
static int
admit_one(struct ex_act_job *job, struct ex_act_entry *e, struct ex_err *err)
{
	struct ex_admit_options options = { .now = ex_now(),
		.published = job->seen.size,
		.root_at = ex_act_root_at,
		.root_arg = job };
	struct ex_admission *a = calloc(1, sizeof(*a));
	int rc;

	if (a == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	rc = ex_admit(a, e->entry.data, e->entry.len,
	    ex_planview_view(job->view), &options, err);
	if (rc == 0)
		rc = ex_planview_apply(job->view, &a->judgement.facts, err);
	if (rc == 0) {
		memcpy(e->leaf, a->leaf, EX_HASH);
		memcpy(e->body_sha256, a->event.sha256, EX_SHA256_LEN);
		memcpy(e->case_number, a->judgement.case_number,
		    sizeof(e->case_number));
		e->judgement = a->judgement;
		memset(&a->judgement, 0, sizeof(a->judgement));
		ex_facts_free(&e->judgement.facts);
	}
	ex_admission_free(a);
	free(a);
	return rc;
}

/* One PIN session: a card's PIN is forgotten when all are signed. */
int
ex_act_sign(struct ex_act_job *job, struct ex_err *err)
{
	const struct ex_request *r = job->request;
	int rc = 0;

	ex_planview_reset(job->view);
	for (size_t i = 0; rc == 0 && i < job->n; i++) {
		struct ex_act_entry *e = &job->entry[i];

		if (sign_one(r, e, err) == -1 || admit_one(job, e, err) == -1)
			rc = explain(job, e, err);
	}
	for (size_t i = 0; i < r->nseats; i++)
		ex_key_rest(r->seat[i].signer->key);
	return rc;
}
