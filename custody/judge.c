/*
 * judge.c -- may this event follow what is known?
 *
 * The same rules for the client's plan, the sequencer, the verifier and the
 * stranger with a bundle: they differ in the view alone.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "custody/judging.h"

/* How far a clock may be ahead of the one that judges it. */
#define SKEW (5 * 60 * EX_SECOND)

int
ex_judging_fact(struct ex_judging *j, const char *kind, const char *id,
    struct ex_json **out, struct ex_err *err)
{
	const struct ex_facts *own = &j->out->facts;

	for (size_t i = 0; i < own->n; i++) {
		if (strcmp(own->fact[i].kind, kind) != 0 ||
		    strcmp(own->fact[i].id, id) != 0)
			continue;
		*out = ex_json_copy(own->fact[i].value);
		if (*out == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		return 0;
	}
	return j->view->get(j->view->arg, kind, id, out, err);
}

int
ex_judging_has(
    struct ex_judging *j, const char *kind, const char *id, struct ex_err *err)
{
	struct ex_json *v = NULL;
	int has;

	if (ex_judging_fact(j, kind, id, &v, err) == -1)
		return -1;
	has = v != NULL;
	ex_json_free(v);
	return has;
}

int
ex_judging_need(
    struct ex_judging *j, const char *kind, const char *id, struct ex_err *err)
{
	int has = ex_judging_has(j, kind, id, err);

	if (has == -1)
		return -1;
	/* The laboratory's own stream is in every bundle, and whole. */
	if (has || (j->view->partial && (strcmp(kind, "item") == 0 ||
					    strcmp(kind, "case") == 0)))
		return 0;
	return ex_fail(err, EX_ABSENT, "the log knows no %s \"%s\"", kind, id);
}

void
ex_judging_find(struct ex_judging *j, const char *code, const char *fmt, ...)
{
	struct ex_judgement *out = j->out;
	struct ex_finding *f;
	char raw[160];
	va_list ap;

	if (out->nfindings == EX_FINDINGS_MAX)
		return;
	f = &out->finding[out->nfindings++];
	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	(void)snprintf(f->code, sizeof(f->code), "%s", code);
	(void)ex_text_shown(f->text, sizeof(f->text), raw);
}

/* One of roles[] as the log granted it, not ended at time at. */
static int
role_is(const struct ex_json *role, const char *const *grants, int64_t at)
{
	const char *name = ex_json_get_text(role, "role");
	const char *until = ex_json_get_text(role, "until");
	int64_t end;

	if (name == NULL || ex_text_index(name, grants) == -1)
		return 0;
	if (until == NULL)
		return 1;
	return ex_time_read(&end, until, NULL) == 0 && at < end;
}

int
ex_judging_granted(struct ex_judging *j, const char *person,
    const char *const *grants, struct ex_err *err)
{
	struct ex_json *v = NULL;
	const struct ex_json *roles;
	int found = 0;

	if (grants == NULL)
		return 1;
	if (ex_judging_fact(j, "person", person, &v, err) == -1)
		return -1;
	roles = ex_json_get(v, "roles");
	for (size_t i = 0; i < ex_json_count(roles) && !found; i++)
		found =
		    role_is(ex_json_at(roles, i), grants, j->e->time_claimed);
	ex_json_free(v);
	return found;
}

const struct ex_party *
ex_judging_actor(const struct ex_judging *j)
{
	return ex_event_actor(j->e);
}

int
ex_judging_flag(const struct ex_judging *j, const char *name)
{
	return ex_json_get_int(j->e->fields, name, 0) == 1;
}

/* It was signed for this log, under the policy in force. */
static int
check_log(struct ex_judging *j, struct ex_err *err)
{
	const char *origin;

	if (ex_judging_fact(j, "log", "log", &j->log, err) == -1 ||
	    ex_judging_fact(j, "policy", "policy", &j->policy, err) == -1)
		return -1;
	if (j->e->act == EX_ACT_GENESIS) {
		if (j->log != NULL)
			return ex_fail(
			    err, EX_STATE, "the log has its first entry");
		if (j->e->policy != 1)
			return ex_fail(
			    err, EX_STATE, "the first policy is version 1");
		return 0;
	}
	if (j->log == NULL)
		return ex_fail(err, EX_STATE, "the log has no first entry yet");
	origin = ex_json_get_text(j->log, "origin");
	if (origin == NULL || strcmp(origin, j->e->log) != 0)
		return ex_fail(
		    err, EX_DENIED, "signed for another log: %s", j->e->log);
	if (ex_json_get_int(j->policy, "version", 0) != j->e->policy)
		return ex_fail(err, EX_CONFLICT,
		    "policy %lld is in force, not %lld",
		    (long long)ex_json_get_int(j->policy, "version", 0),
		    (long long)j->e->policy);
	return 0;
}

/* seq and prev continue the stream's head; *last is when that occurred. */
static int
check_head(struct ex_judging *j, int64_t *last, struct ex_err *err)
{
	uint8_t leaf[EX_HASH] = { 0 };
	char stream[EX_STREAM_TEXT];
	struct ex_json *head = NULL;
	const char *occurred;
	int64_t seq;
	int rc = -1;

	*last = 0;
	ex_stream_text(stream, &j->e->stream);
	if (ex_judging_fact(j, "stream", stream, &head, err) == -1)
		return -1;
	seq = ex_json_get_int(head, "seq", 0);
	if (j->e->seq != (uint64_t)seq + 1) {
		(void)ex_fail(err, EX_CONFLICT,
		    "%s is at entry %lld, this is entry %llu", stream,
		    (long long)seq, (unsigned long long)j->e->seq);
		goto out;
	}
	if (head != NULL &&
	    (ex_json_need_hex(leaf, EX_HASH, head, "leaf", err) == -1 ||
		ex_json_need_text(&occurred, head, "occurred", err) == -1 ||
		ex_time_read(last, occurred, err) == -1))
		goto out;
	if (memcmp(leaf, j->e->prev, EX_HASH) != 0) {
		(void)ex_fail(err, EX_CONFLICT,
		    "prev is not the last entry of %s", stream);
		goto out;
	}
	rc = 0;
out:
	ex_json_free(head);
	return rc;
}

/* occurred_at <= time_claimed <= now + skew, and in the stream's order. */
static int
check_times(struct ex_judging *j, int64_t last, struct ex_err *err)
{
	const struct ex_event *e = j->e;

	if (e->occurred_at > e->time_claimed)
		return ex_fail(err, EX_STATE,
		    "it says that it happened after it was signed");
	if (j->options->now != 0 && e->time_claimed > j->options->now + SKEW)
		return ex_fail(err, EX_STATE,
		    "it says that it was signed in the future; set the clock");
	if (e->stream.kind == EX_STREAM_ITEM && e->occurred_at < last &&
	    e->act != EX_ACT_LATE_ENTRY)
		return ex_fail(err, EX_STATE,
		    "it happened before the item's last entry: enter it late "
		    "(--late)");
	/* What was signed in the field cannot follow, whenever it was. */
	if (e->act == EX_ACT_LATE_ENTRY && last != 0 &&
	    e->occurred_at >= last && ex_json_get(e->fields, "entry") == NULL)
		return ex_fail(err, EX_STATE,
		    "nothing happened since: enter the act itself, not late");
	return 0;
}

/* The stream's new head; the leaf is put in once there is an entry. */
static int
put_head(struct ex_judging *j, int64_t last, struct ex_err *err)
{
	int64_t occurred = j->e->occurred_at > last ? j->e->occurred_at : last;
	const char *of = j->out->case_number;
	char text[EX_TIME_TEXT], stream[EX_STREAM_TEXT];
	struct ex_json *v = ex_json_object();

	ex_time_text(text, occurred);
	ex_stream_text(stream, &j->e->stream);
	if (v == NULL ||
	    ex_json_set_int(v, "seq", (int64_t)j->e->seq, err) == -1 ||
	    ex_json_set_text(v, "occurred", text, err) == -1 ||
	    ex_json_set_text(v, "leaf", "", err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_facts_put(&j->out->facts, "stream", stream,
	    of[0] == '\0' ? NULL : of, v, err);
}

static int
judge_kind(struct ex_judging *j, struct ex_err *err)
{
	switch (j->e->stream.kind) {
	case EX_STREAM_ITEM:
		return ex_judge_item(j, err);
	case EX_STREAM_CASE:
		return ex_judge_case(j, err);
	case EX_STREAM_LAB:
		return ex_judge_lab(j, err);
	case EX_STREAM_RELEASE:
	case EX_STREAM_KINDS:
	default:
		return ex_fail(err, EX_FORMAT, "no acts for this stream");
	}
}

int
ex_judge(struct ex_judgement *out, const struct ex_event *e,
    const struct ex_view *view, const struct ex_admit_options *options,
    struct ex_err *err)
{
	struct ex_judging j = {
		.out = out, .e = e, .view = view, .options = options
	};
	int64_t last = 0;
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (check_log(&j, err) == -1 || check_head(&j, &last, err) == -1 ||
	    check_times(&j, last, err) == -1)
		goto out;
	/* The genesis makes the persons that its parties are. */
	if (e->act == EX_ACT_GENESIS && judge_kind(&j, err) == -1)
		goto out;
	if (ex_judge_parties(&j, err) == -1)
		goto out;
	if (e->act != EX_ACT_GENESIS && judge_kind(&j, err) == -1)
		goto out;
	rc = put_head(&j, last, err);
out:
	ex_json_free(j.log);
	ex_json_free(j.policy);
	ex_json_free(j.item);
	ex_json_free(j.parent);
	ex_json_free(j.lawsuit);
	return rc;
}

void
ex_judgement_free(struct ex_judgement *j)
{
	ex_facts_free(&j->facts);
	memset(j, 0, sizeof(*j));
}
