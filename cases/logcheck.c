/*
 * logcheck.c -- what is wrong is kept, with its place; beginning and end of a
 * check.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cases/logcheck_tree.h"

int
ex_logcheck_start(struct ex_logcheck *c, struct ex_log_report *r,
    const struct ex_log_verify *v, struct ex_err *err)
{
	memset(c, 0, sizeof(*c));
	c->r = r;
	c->v = v;
	c->erased = ex_json_object();
	c->missing = ex_json_object();
	c->certs = ex_json_object();
	c->facts = ex_json_object();
	c->rejects = ex_json_object();
	if (c->erased == NULL || c->missing == NULL || c->certs == NULL ||
	    c->facts == NULL || c->rejects == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (v->policy != NULL &&
	    ex_policy_load(&c->policy, v->policy, err) == -1)
		return -1;
	if (v->roots != NULL && ex_roots_load(&c->roots, v->roots, err) == -1)
		return -1;
	if (v->log != NULL) {
		c->log = *v->log;
		c->has_log = 1;
	}
	if (ex_logcheck_heads_new(&c->heads, err) == -1)
		return -1;
	return ex_world_new(&c->world, 0, err);
}

void
ex_logcheck_end(struct ex_logcheck *c)
{
	for (size_t i = 0; i < EX_TREE_LEVELS; i++)
		free(c->level[i].hash);
	ex_logcheck_outside_free(c);
	free(c->anchor);
	ex_json_free(c->erased);
	ex_json_free(c->missing);
	ex_json_free(c->certs);
	ex_json_free(c->facts);
	ex_json_free(c->rejects);
	ex_logcheck_batches_free(c);
	ex_logcheck_heads_free(c->heads);
	ex_world_free(c->world);
	ex_policy_free(c->policy);
	ex_roots_free(c->roots);
	memset(c, 0, sizeof(*c));
}

void
ex_log_report_free(struct ex_log_report *r)
{
	if (r == NULL)
		return;
	free(r->remark);
	memset(r, 0, sizeof(*r));
}

static struct ex_log_remark *
new_remark(struct ex_log_report *r, struct ex_err *err)
{
	size_t want = r->capremarks == 0 ? 32 : 2 * r->capremarks;
	struct ex_log_remark *p;

	if (r->nremarks == r->capremarks) {
		if (want > SIZE_MAX / sizeof(*p) ||
		    (p = realloc(r->remark, want * sizeof(*p))) == NULL) {
			ex_fail(err, EX_SYSTEM, "out of memory");
			return NULL;
		}
		r->remark = p;
		r->capremarks = want;
	}
	p = &r->remark[r->nremarks++];
	memset(p, 0, sizeof(*p));
	return p;
}

int
ex_logcheck_say(struct ex_logcheck *c, struct ex_err *err,
    enum ex_severity severity, const char *code,
    const struct ex_logcheck_at *at, const char *fmt, ...)
{
	struct ex_log_remark *m = new_remark(c->r, err);
	char text[1024];
	va_list ap;

	if (m == NULL)
		return -1;
	m->severity = severity;
	(void)snprintf(m->code, sizeof(m->code), "%s", code);
	if (at != NULL) {
		m->has_index = at->index >= 0;
		m->index = m->has_index ? (uint64_t)at->index : 0;
		m->seq = at->seq;
		if (at->stream != NULL)
			ex_text_shown(m->stream, sizeof(m->stream), at->stream);
	}
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ex_text_shown(m->text, sizeof(m->text), text);
	c->r->faults += severity == EX_FAULT;
	c->r->findings += severity == EX_FINDING;
	return 0;
}

int
ex_logcheck_fault(struct ex_logcheck *c, struct ex_err *err, struct ex_err *why,
    const char *code, const struct ex_logcheck_at *at)
{
	int rc;

	if (why->code == EX_SYSTEM)
		return ex_fail(err, EX_SYSTEM, "%s", why->text);
	rc = ex_logcheck_say(c, err, EX_FAULT, code, at, "%s", why->text);
	ex_err_clear(why);
	return rc;
}

/*
 * What a compromised key has signed and nobody answered for.  Of items it is a
 * finding; to those of the laboratory and of cases no answer can be entered,
 * so they are told.
 */
static int
say_disputes(struct ex_logcheck *c, struct ex_err *err)
{
	const struct ex_dispute *d;
	char stream[EX_STREAM_TEXT];
	size_t n;

	d = ex_world_disputes(c->world, &n);
	for (size_t i = 0; i < n; i++) {
		struct ex_logcheck_at at = { (int64_t)d[i].entry->index, stream,
			d[i].entry->seq };

		if (d[i].state == EX_DISPUTE_CONFIRMED)
			continue;
		ex_stream_text(stream, &d[i].entry->stream);
		if (ex_logcheck_say(c, err,
			d[i].entry->stream.kind == EX_STREAM_ITEM ? EX_FINDING
								  : EX_NOTED,
			ex_dispute_word(d[i].state), &at,
			"the key of %s was revoked in entry %llu as "
			"compromised before this one: %s",
			d[i].person, (unsigned long long)d[i].revoked,
			d[i].state == EX_DISPUTED
			    ? "neither confirmed nor disowned"
			    : "disowned by its owner") == -1)
			return -1;
	}
	return 0;
}

/* Was the newest checkpoint signed by others, as the policy asks? */
int
ex_logcheck_finish(struct ex_logcheck *c, struct ex_err *err)
{
	struct ex_log_report *r = c->r;

	if (ex_logcheck_missing(c, err) == -1 || say_disputes(c, err) == -1 ||
	    ex_logcheck_batches_end(c, err) == -1)
		return -1;
	if (!r->has_checkpoint && r->entries > 0 &&
	    ex_logcheck_say(c, err, EX_FAULT, "no-checkpoint", NULL,
		"there are entries, but no signed checkpoint") == -1)
		return -1;
	if (!r->compared &&
	    ex_logcheck_say(c, err, EX_NOTED, "nothing-outside", NULL,
		"compared with nothing outside this laboratory") == -1)
		return -1;
	if (r->faults > 0 || r->findings > 0)
		r->verdict = EX_FAULTY;
	else if (r->anchored)
		r->verdict = EX_ANCHORED;
	else
		r->verdict = EX_CONSISTENT;
	return 0;
}
