/*
 * bundle_result.c -- what a check has to say.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "custody/bundle_checking.h"

static const char *const verdict_name[] = {
	[EX_ANCHORED] = "anchored",
	[EX_FAULTY] = "faulty",
	[EX_SPLIT] = "split",
	[EX_CONSISTENT] = "consistent",
};

static const char *const verdict_text[] = {
	[EX_ANCHORED] = "Everything holds, and others than the laboratory "
			"cosigned this state of its log.",
	[EX_FAULTY] = "Something is not what it claims to be, or is missing: "
		      "see above.",
	[EX_SPLIT] = "Possibly two histories: nothing here connects the two "
		     "checkpoints.",
	[EX_CONSISTENT] = "Consistent with itself, but compared with nothing "
			  "outside the laboratory: not anchored.",
};

static const int verdict_exit[] = {
	[EX_ANCHORED] = 0,
	[EX_FAULTY] = 1,
	[EX_SPLIT] = 2,
	[EX_CONSISTENT] = 3,
};

static const char *const severity_name[] = {
	[EX_NOTED] = "note",
	[EX_FINDING] = "finding",
	[EX_FAULT] = "fault",
};

int
ex_verdict_exit(enum ex_verdict verdict)
{
	return verdict_exit[verdict];
}

const char *
ex_verdict_name(enum ex_verdict verdict)
{
	return verdict_name[verdict];
}

const char *
ex_verdict_text(enum ex_verdict verdict)
{
	return verdict_text[verdict];
}

const char *
ex_severity_name(enum ex_severity severity)
{
	return severity_name[severity];
}

int
ex_bundle_remark(struct ex_bundle_result *r, struct ex_err *err,
    enum ex_severity severity, const char *code, const char *file,
    const char *stream, const char *fmt, ...)
{
	void *array = r->remark;
	char text[sizeof(r->remark->text)];
	struct ex_remark *m;
	va_list ap;

	if (ex_bundle_grow(&array, &r->capremarks, r->nremarks,
		sizeof(*r->remark), err) == -1)
		return -1;
	r->remark = array;
	m = &r->remark[r->nremarks++];
	memset(m, 0, sizeof(*m));
	m->severity = severity;
	(void)snprintf(m->code, sizeof(m->code), "%s", code);
	(void)ex_text_shown(m->file, sizeof(m->file), file == NULL ? "" : file);
	(void)snprintf(
	    m->stream, sizeof(m->stream), "%s", stream == NULL ? "" : stream);
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)ex_text_shown(m->text, sizeof(m->text), text);
	r->faults += severity == EX_FAULT;
	r->findings += severity == EX_FINDING;
	return 0;
}

int
ex_bundle_fault(struct ex_bundle_result *r, struct ex_err *err,
    struct ex_err *why, const char *code, const char *file, const char *stream)
{
	int rc;

	if (why->code == EX_SYSTEM)
		return ex_fail(err, EX_SYSTEM, "%s", why->text);
	rc = ex_bundle_remark(
	    r, err, EX_FAULT, code, file, stream, "%s", why->text);
	ex_err_clear(why);
	return rc;
}

void
ex_bundle_result_free(struct ex_bundle_result *r)
{
	free(r->remark);
	free(r->entry);
	free(r->prefix);
	free(r->stamp);
	free(r->cosigner);
	free(r->root);
	memset(r, 0, sizeof(*r));
}
