/*
 * verify_outside.c -- what exhibit-verify says of others: who cosigned, who
 * stamped, how complete it is by whose word, and when each entry was signed.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/codec.h"
#include "custody/verify_say.h"

/* Seconds or less of a time are not what it is about. */
static void
put_time(int64_t us)
{
	char text[EX_TIME_TEXT];

	ex_time_text(text, us);
	(void)printf("%.19sZ", text);
}

static const struct ex_bundle_cosigner *
monitor_of(const struct ex_bundle_result *r)
{
	for (size_t i = 0; i < r->ncosigners; i++) {
		if (r->cosigner[i].monitor)
			return &r->cosigner[i];
	}
	return NULL;
}

static void
say_complete(const struct ex_verify_answer *a, const struct ex_bundle_result *r)
{
	const struct ex_bundle_cosigner *m = monitor_of(r);

	if (!r->heads)
		return;
	ex_verify_label(a, "complete", "完整性");
	if (m != NULL)
		(void)printf(
		    a->zh ? "依監督者 %s 所述，至第 %" PRIu64 " 筆為止\n"
			  : "according to monitor %s, up to size %" PRIu64 "\n",
		    m->name, r->heads_size);
	else
		(void)printf(a->zh ? "依實驗室所述，至第 %" PRIu64 " 筆為止\n"
				   : "according to the laboratory only, up to "
				     "size %" PRIu64 "\n",
		    r->heads_size);
}

static void
say_others(const struct ex_verify_answer *a, const struct ex_bundle_result *r)
{
	for (size_t i = 0; i < r->ncosigners; i++) {
		const struct ex_bundle_cosigner *w = &r->cosigner[i];

		ex_verify_label(a, "cosigned by", "共同簽署");
		(void)printf("%s%s%s%s ", w->name,
		    w->org[0] == '\0' ? "" : " (", w->org,
		    w->org[0] == '\0' ? "" : ")");
		put_time((int64_t)w->time * EX_SECOND);
		(void)putchar('\n');
	}
	for (size_t i = 0; i < r->nstamps; i++) {
		const struct ex_bundle_stamp *s = &r->stamp[i];

		ex_verify_label(a, "stamped by", "時戳");
		(void)printf("%s ", s->signer);
		put_time(s->time);
		(void)printf(
		    a->zh ? " 第 %" PRIu64 " 筆%s\n" : " size %" PRIu64 "%s\n",
		    s->size,
		    s->counts ? ""
		    : a->zh   ? "（憑證已過期，不採計）"
			      : " (its certificate has ended: not counted)");
	}
}

/* "e0004  item:EXH-1 2  2026-...  [2026-..., 2026-...]" */
static void
say_intervals(
    const struct ex_verify_answer *a, const struct ex_bundle_result *r)
{
	char stream[EX_STREAM_TEXT];

	if (r->nstamps == 0)
		return;
	ex_verify_label(a, "signed", "簽章時間");
	(void)puts(a->zh ? "自稱時間，與時戳所示區間"
			 : "as claimed, and between which time-stamps");
	for (size_t i = 0; i < r->nentries; i++) {
		const struct ex_bundle_entry *e = &r->entry[i];

		ex_stream_text(stream, &e->stream);
		(void)printf("  e%04zu  ", e->n);
		put_time(e->claimed);
		(void)fputs("  [", stdout);
		if (e->not_before != 0)
			put_time(e->not_before);
		(void)fputs(", ", stdout);
		if (e->not_after != 0)
			put_time(e->not_after);
		(void)printf("]  %s %" PRIu64 "\n", stream, e->seq);
	}
}

void
ex_verify_say_outside(
    const struct ex_verify_answer *a, const struct ex_bundle_result *r)
{
	say_complete(a, r);
	say_others(a, r);
	say_intervals(a, r);
}

static int
set_time(struct ex_json *v, const char *key, int64_t us, struct ex_err *err)
{
	char text[EX_TIME_TEXT];

	if (us == 0)
		return 0;
	ex_time_text(text, us);
	return ex_json_set_text(v, key, text, err);
}

static struct ex_json *
cosigner_json(const struct ex_bundle_cosigner *w, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (ex_json_set_text(v, "name", w->name, err) == -1 ||
	    ex_json_set_text(v, "org", w->org, err) == -1 ||
	    ex_json_set(v, "monitor", ex_json_bool(w->monitor), err) == -1 ||
	    set_time(v, "time", (int64_t)w->time * EX_SECOND, err) == -1) {
		ex_json_free(v);
		return NULL;
	}
	return v;
}

static struct ex_json *
stamp_json(const struct ex_bundle_stamp *s, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();

	if (ex_json_set_text(v, "signer", s->signer, err) == -1 ||
	    ex_json_set_hex(v, "root", s->root, EX_SHA256_LEN, err) == -1 ||
	    ex_json_set_int(v, "size", (int64_t)s->size, err) == -1 ||
	    ex_json_set(v, "counts", ex_json_bool(s->counts), err) == -1 ||
	    set_time(v, "time", s->time, err) == -1) {
		ex_json_free(v);
		return NULL;
	}
	return v;
}

static struct ex_json *
interval_json(const struct ex_bundle_entry *e, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	char stream[EX_STREAM_TEXT];

	ex_stream_text(stream, &e->stream);
	if (ex_json_set_int(v, "entry", (int64_t)e->n, err) == -1 ||
	    ex_json_set_text(v, "stream", stream, err) == -1 ||
	    ex_json_set_int(v, "seq", (int64_t)e->seq, err) == -1 ||
	    set_time(v, "claimed", e->claimed, err) == -1 ||
	    set_time(v, "not_before", e->not_before, err) == -1 ||
	    set_time(v, "not_after", e->not_after, err) == -1) {
		ex_json_free(v);
		return NULL;
	}
	return v;
}

int
ex_verify_set_outside(
    struct ex_json *out, const struct ex_bundle_result *r, struct ex_err *err)
{
	struct ex_json *by = ex_json_array(), *stamps = ex_json_array();
	struct ex_json *when = ex_json_array();
	const struct ex_bundle_cosigner *m = monitor_of(r);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < r->ncosigners; i++)
		rc = ex_json_add(by, cosigner_json(&r->cosigner[i], err), err);
	for (size_t i = 0; rc == 0 && i < r->nstamps; i++)
		rc = ex_json_add(stamps, stamp_json(&r->stamp[i], err), err);
	for (size_t i = 0; rc == 0 && r->nstamps > 0 && i < r->nentries; i++)
		rc = ex_json_add(when, interval_json(&r->entry[i], err), err);
	if (rc == 0 && r->heads && m != NULL)
		rc = ex_json_set_text(out, "monitor", m->name, err);
	if (rc == 0 && r->heads)
		rc = ex_json_set_int(
		    out, "complete_to", (int64_t)r->heads_size, err);
	if (rc == 0)
		rc = ex_json_set(out, "cosigners", ex_json_ref(by), err);
	if (rc == 0)
		rc = ex_json_set(out, "stamps", ex_json_ref(stamps), err);
	if (rc == 0)
		rc = ex_json_set(out, "intervals", ex_json_ref(when), err);
	ex_json_free(by);
	ex_json_free(stamps);
	ex_json_free(when);
	return rc;
}
