/*
 * spool.c -- the format of DIR/pending: docs/formats.md.
 *
 * A file is "exhibit-pending/1\n", the batch's id and a newline, then for
 * each entry u32 length and bytes of the entry, of its openings, of its case
 * number; at the end SHA-256 of all before.  Numbers are big-endian.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/limits.h"
#include "cases/act_parts.h"
#include "custody/openings.h"
#include "hashing/digest.h"

#define MAGIC "exhibit-pending/1"

static int
add_part(struct ex_buf *out, const void *p, size_t n, struct ex_err *err)
{
	if (ex_buf_add_u32(out, (uint32_t)n, err) == -1)
		return -1;
	return ex_buf_add(out, p, n, err);
}

int
ex_spool_text(
    struct ex_buf *out, const struct ex_act_job *job, struct ex_err *err)
{
	size_t from = out->len;
	uint8_t sha256[EX_SHA256_LEN];

	if (ex_buf_addf(out, err, MAGIC "\n%s\n", job->batch) == -1)
		return -1;
	for (size_t i = 0; i < job->n; i++) {
		const struct ex_act_entry *e = &job->entry[i];

		if (add_part(out, e->entry.data, e->entry.len, err) == -1 ||
		    add_part(out, e->openings.data, e->openings.len, err) ==
			-1 ||
		    add_part(
			out, e->case_number, strlen(e->case_number), err) == -1)
			return -1;
		if (out->len - from > EX_PENDING_MAX)
			return ex_fail(err, EX_LIMIT,
			    "an act of more than %d bytes: do it in parts",
			    EX_PENDING_MAX);
	}
	ex_sha256(sha256, out->data + from, out->len - from);
	return ex_buf_add(out, sha256, sizeof(sha256), err);
}

static int
take_part(
    struct ex_buf *out, struct ex_reader *r, size_t max, struct ex_err *err)
{
	struct ex_span s;
	uint32_t n;

	if (ex_read_u32(r, &n, err) == -1)
		return -1;
	if (n > max)
		return ex_fail(err, EX_LIMIT, "a part of %u bytes", n);
	if (ex_read_span(r, n, &s, err) == -1)
		return -1;
	return ex_buf_add(out, s.p, s.n, err);
}

int
ex_act_open(
    struct ex_opened **out, const struct ex_act_entry *e, struct ex_err *err)
{
	struct ex_opened *o = calloc(1, sizeof(*o));

	*out = o;
	if (o == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (ex_cms_parse(&o->cms, e->entry.data, e->entry.len, err) == -1)
		return -1;
	return ex_event_parse(&o->event, o->cms.body.p, o->cms.body.n, err);
}

void
ex_opened_free(struct ex_opened *o)
{
	if (o == NULL)
		return;
	ex_event_free(&o->event);
	free(o);
}

/* What the entry says, in the one encoding, and what opens it. */
static int
take_apart(struct ex_act_entry *e, struct ex_err *err)
{
	struct ex_openings o = { NULL, 0 };
	struct ex_opened *opened = NULL;
	int rc = -1;

	if (ex_act_open(&opened, e, err) == 0 &&
	    ex_openings_read(&o, &opened->event, e->openings.data,
		e->openings.len, err) == 0) {
		e->stream = opened->event.stream;
		e->act = opened->event.act;
		e->seq = opened->event.seq;
		e->time = opened->event.time_claimed;
		memcpy(e->prev, opened->event.prev, EX_HASH);
		memcpy(e->body_sha256, opened->event.sha256, EX_SHA256_LEN);
		ex_entry_leaf(e->leaf, e->entry.data, e->entry.len);
		rc = 0;
	}
	ex_openings_free(&o);
	ex_opened_free(opened);
	return rc;
}

static int
take_entry(struct ex_act_entry *e, struct ex_reader *r, struct ex_err *err)
{
	struct ex_buf number = EX_BUF_INIT;
	int rc = -1;

	if (take_part(&e->entry, r, EX_ENTRY_MAX, err) == 0 &&
	    take_part(&e->openings, r, EX_JSON_MAX, err) == 0 &&
	    take_part(&number, r, EX_CASE_MAX, err) == 0 &&
	    take_apart(e, err) == 0) {
		if (memchr(number.data, '\0', number.len) != NULL)
			ex_fail(err, EX_FORMAT, "a NUL in a case number");
		else {
			(void)snprintf(e->case_number, sizeof(e->case_number),
			    "%s", ex_buf_text(&number));
			rc = 0;
		}
	}
	ex_buf_free(&number);
	return rc;
}

static int
add_entry(struct ex_act_job *job, struct ex_reader *r, struct ex_err *err)
{
	struct ex_act_entry *more;

	if (job->n == EX_BATCH_MAX)
		return ex_fail(
		    err, EX_LIMIT, "more than %d entries", EX_BATCH_MAX);
	more = realloc(job->entry, (job->n + 1) * sizeof(*more));
	if (more == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	job->entry = more;
	memset(&more[job->n], 0, sizeof(*more));
	return take_entry(&more[job->n++], r, err);
}

/* The digest at the end; *r has what lies before it. */
static int
check_digest(
    struct ex_reader *r, const void *bytes, size_t n, struct ex_err *err)
{
	uint8_t sha256[EX_SHA256_LEN];
	const uint8_t *p = bytes;

	if (n > EX_PENDING_MAX + sizeof(sha256))
		return ex_fail(
		    err, EX_LIMIT, "more than %d bytes", EX_PENDING_MAX);
	if (n < sizeof(sha256))
		return ex_fail(err, EX_FORMAT, "truncated");
	n -= sizeof(sha256);
	ex_sha256(sha256, p, n);
	if (memcmp(p + n, sha256, sizeof(sha256)) != 0)
		return ex_fail(err, EX_DAMAGED, "its digest is another one");
	ex_reader_init(r, p, n);
	return 0;
}

static int
take_batch(struct ex_act_job *job, struct ex_reader *r, struct ex_err *err)
{
	struct ex_span line;

	if (ex_read_line(r, &line, err) == -1)
		return -1;
	if (!ex_span_is(line, MAGIC))
		return ex_fail(err, EX_FORMAT, "not \"" MAGIC "\"");
	if (ex_read_line(r, &line, err) == -1)
		return -1;
	if (line.n >= sizeof(job->batch))
		return ex_fail(err, EX_FORMAT, "no batch id");
	memcpy(job->batch, line.p, line.n);
	job->batch[line.n] = '\0';
	if (line.n > 0 && !ex_uuid_ok(job->batch))
		return ex_fail(err, EX_FORMAT, "no batch id");
	return 0;
}

int
ex_spool_parse(
    struct ex_act_job *job, const void *bytes, size_t n, struct ex_err *err)
{
	struct ex_reader r;

	if (check_digest(&r, bytes, n, err) == -1 ||
	    take_batch(job, &r, err) == -1)
		return -1;
	while (r.left > 0)
		if (add_entry(job, &r, err) == -1)
			return -1;
	if (job->n == 0 || (job->n > 1) != (job->batch[0] != '\0'))
		return ex_fail(err, EX_FORMAT, "entries and batch differ");
	return 0;
}
