/*
 * history.c -- an entry taken apart, for people and for programs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/codec.h"
#include "cases/history.h"
#include "custody/state.h"

static int
set_time(struct ex_json *v, const char *key, int64_t at, struct ex_err *err)
{
	char text[EX_TIME_TEXT];

	ex_time_text(text, at);
	return ex_json_set_text(v, key, text, err);
}

static int
set_copy(struct ex_json *v, const char *key, const struct ex_json *value,
    struct ex_err *err)
{
	return value == NULL ? 0 : ex_json_set(v, key, ex_json_ref(value), err);
}

static int
set_party(struct ex_json *v, const struct ex_record *r,
    const struct ex_party *p, int zh, struct ex_err *err)
{
	if (ex_json_set_text(v, "person", p->person, err) == -1 ||
	    ex_json_set_text(v, "role", p->role, err) == -1 ||
	    ex_json_set_text(v, "org", p->org, err) == -1 ||
	    ex_json_set_text(v, "mode", ex_mode_name(p->mode), err) == -1 ||
	    ex_json_set_text(
		v, "assurance", ex_record_assurance(r, p, zh), err) == -1)
		return -1;
	if (p->recorder[0] != '\0' &&
	    ex_json_set_text(v, "recorder", p->recorder, err) == -1)
		return -1;
	if (p->has_form && ex_json_set_hex(v, "form", p->form_sha256,
			       sizeof(p->form_sha256), err) == -1)
		return -1;
	if (!ex_mode_signs(p->mode))
		return 0;
	if (ex_json_set_int(v, "seen", (int64_t)p->seen_size, err) == -1)
		return -1;
	return ex_json_set_hex(
	    v, "cert_sha256", p->cert_sha256, sizeof(p->cert_sha256), err);
}

static int
set_parties(struct ex_json *v, const struct ex_record *r,
    const struct ex_event *e, int zh, struct ex_err *err)
{
	struct ex_json *list = ex_json_array(), *p;

	if (ex_json_set(v, "parties", list, err) == -1)
		return -1;
	for (size_t i = 0; i < e->nparties; i++) {
		if ((p = ex_json_object()) == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		if (set_party(p, r, &e->party[i], zh, err) == -1) {
			ex_json_free(p);
			return -1;
		}
		if (ex_json_add(list, p, err) == -1)
			return -1;
	}
	return 0;
}

/* What is handed to set_text(). */
struct opening {
	const struct ex_record_entry *e;
	struct ex_json *texts, *missing, *erased;
};

static int
set_text(
    void *arg, const char *path, const struct ex_json *v, struct ex_err *err)
{
	struct opening *o = arg;
	const char *text = ex_record_text(o->e, path);

	(void)v;
	if (text == NULL && ex_record_erased(o->e, path) != NULL)
		return ex_json_set_text(
		    o->erased, path, ex_record_erased(o->e, path), err);
	if (text == NULL)
		return ex_json_add(o->missing, ex_json_string(path), err);
	return ex_json_set_text(o->texts, path, text, err);
}

/* Committed texts that are at hand, and the names of those that are not. */
static int
set_texts(
    struct ex_json *v, const struct ex_record_entry *e, struct ex_err *err)
{
	struct opening o = { e, ex_json_object(), ex_json_array(),
		ex_json_object() };

	if (ex_json_set(v, "texts", o.texts, err) == -1) {
		ex_json_free(o.missing);
		ex_json_free(o.erased);
		return -1;
	}
	if (ex_json_set(v, "erased_texts", o.erased, err) == -1) {
		ex_json_free(o.missing);
		return -1;
	}
	if (ex_json_set(v, "missing_texts", o.missing, err) == -1)
		return -1;
	return ex_json_each(e->admission.event.pii, set_text, &o, err);
}

static int
set_findings(
    struct ex_json *v, const struct ex_judgement *j, struct ex_err *err)
{
	struct ex_json *list = ex_json_array(), *f;

	if (ex_json_set(v, "findings", list, err) == -1)
		return -1;
	for (size_t i = 0; i < j->nfindings; i++) {
		if ((f = ex_json_object()) == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		if (ex_json_set_text(f, "code", j->finding[i].code, err) ==
			-1 ||
		    ex_json_set_text(f, "text", j->finding[i].text, err) ==
			-1) {
			ex_json_free(f);
			return -1;
		}
		if (ex_json_add(list, f, err) == -1)
			return -1;
	}
	return 0;
}

/* Who has answered for what a compromised key signed. */
static int
set_dispute(struct ex_json *v, const struct ex_record *r,
    const struct ex_record_entry *e, struct ex_err *err)
{
	const struct ex_dispute *d = ex_world_dispute(r->world, e->index);
	struct ex_json *o;

	if (d == NULL)
		return 0;
	if ((o = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_json_set_text(o, "person", d->person, err) == -1 ||
	    ex_json_set_text(o, "state", ex_dispute_word(d->state), err) ==
		-1 ||
	    ex_json_set_int(o, "revoked", (int64_t)d->revoked, err) == -1 ||
	    (d->state != EX_DISPUTED &&
		ex_json_set_int(o, "answer", (int64_t)d->answer, err) == -1)) {
		ex_json_free(o);
		return -1;
	}
	return ex_json_set(v, "dispute", o, err);
}

/* What names other entries. */
static int
set_links(struct ex_json *v, const struct ex_event *e, struct ex_err *err)
{
	if (e->has_corrects &&
	    ex_json_set_hex(v, "corrects", e->corrects, EX_HASH, err) == -1)
		return -1;
	if (e->has_annuls &&
	    ex_json_set_hex(v, "annuls", e->annuls, EX_HASH, err) == -1)
		return -1;
	if (e->batch_count == 0)
		return 0;
	if (ex_json_set_text(v, "batch", e->batch_id, err) == -1)
		return -1;
	return ex_json_set_int(v, "batch_count", (int64_t)e->batch_count, err);
}

static int
set_place(struct ex_json *v, const struct ex_record_entry *r, int zh,
    struct ex_err *err)
{
	const struct ex_event *e = &r->admission.event;
	char stream[EX_STREAM_TEXT];

	ex_stream_text(stream, &e->stream);
	if (ex_json_set_text(v, "stream", stream, err) == -1 ||
	    ex_json_set_int(v, "seq", (int64_t)e->seq, err) == -1 ||
	    ex_json_set_int(v, "index", (int64_t)r->index, err) == -1 ||
	    ex_json_set_hex(v, "leaf", r->admission.leaf, EX_HASH, err) == -1)
		return -1;
	if (ex_json_set_text(v, "action", e->def->name, err) == -1)
		return -1;
	return ex_json_set_text(
	    v, "title", zh ? e->def->title_zh : e->def->title_en, err);
}

static int
set_times(
    struct ex_json *v, const struct ex_record_entry *r, struct ex_err *err)
{
	const struct ex_event *e = &r->admission.event;

	if (set_time(v, "occurred_at", e->occurred_at, err) == -1 ||
	    set_time(v, "time_claimed", e->time_claimed, err) == -1)
		return -1;
	if (r->recorded_at == 0)
		return 0;
	return set_time(v, "recorded_at", r->recorded_at, err);
}

int
ex_history_entry(struct ex_json **out, const struct ex_record *record,
    const struct ex_record_entry *r, int zh, struct ex_err *err)
{
	const struct ex_judgement *j = &r->admission.judgement;
	const struct ex_event *e = &r->admission.event;
	struct ex_json *v = ex_json_object();

	*out = NULL;
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (set_place(v, r, zh, err) == -1 || set_times(v, r, err) == -1 ||
	    set_parties(v, record, e, zh, err) == -1 ||
	    set_copy(v, "fields", e->fields, err) == -1 ||
	    set_copy(v, "digests", e->digests, err) == -1 ||
	    set_texts(v, r, err) == -1 || set_links(v, e, err) == -1 ||
	    set_dispute(v, record, r, err) == -1 ||
	    set_findings(v, j, err) == -1 ||
	    (j->state_after[0] != '\0' &&
		ex_json_set_text(v, "state", j->state_after, err) == -1)) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

/* Is the entry about what was asked for, not only needed to judge it? */
static int
concerns(const struct ex_record *r, const struct ex_record_entry *e)
{
	const struct ex_stream *s = &e->admission.event.stream;

	if (s->kind == EX_STREAM_LAB)
		return r->subject.kind == EX_STREAM_LAB;
	return r->subject.kind == EX_STREAM_CASE ||
	       ex_stream_equal(s, &r->subject);
}

static int
add_entries(
    struct ex_json *v, const struct ex_record *r, int zh, struct ex_err *err)
{
	struct ex_json *list = ex_json_array(), *e;
	int64_t number = 0;

	if (ex_json_set(v, "entries", list, err) == -1)
		return -1;
	for (size_t i = 0; i < r->nentries; i++) {
		if (!concerns(r, r->entry[i]))
			continue;
		if (ex_history_entry(&e, r, r->entry[i], zh, err) == -1)
			return -1;
		if (ex_json_set_int(e, "number", ++number, err) == -1) {
			ex_json_free(e);
			return -1;
		}
		if (ex_json_add(list, e, err) == -1)
			return -1;
	}
	return 0;
}

int
ex_history_of(
    struct ex_json **out, const struct ex_record *r, int zh, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	char stream[EX_STREAM_TEXT];

	*out = NULL;
	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	ex_stream_text(stream, &r->subject);
	if (ex_json_set_text(v, "stream", stream, err) == -1 ||
	    add_entries(v, r, zh, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}

int
ex_history(struct ex_json **out, struct ex_house *house, const char *name,
    int zh, struct ex_err *err)
{
	struct ex_record r;
	int rc = -1;

	*out = NULL;
	if (ex_record_open(&r, house, name, err) == 0)
		rc = ex_history_of(out, &r, zh, err);
	ex_record_free(&r);
	return rc;
}
