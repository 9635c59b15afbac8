/*
 * acquire_tell.c -- an acquisition as exhibit(1) prints it, and what a source
 * says about itself.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cases/acquire_parts.h"

/* What came of one destination. */
static const char *
word_of(const struct ex_acquiring *q, const struct ex_image_copy *c)
{
	if (c->good)
		return ex_imaging_result_text(q->out.result);
	if (c->full)
		return "full";
	return c->kept ? "paused" : "failed";
}

static int
destination(struct ex_json *list, const struct ex_acquiring *q,
    const struct ex_image_copy *c, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *parts = NULL;

	if (v == NULL || ex_json_set_text(v, "path", c->dir, err) == -1 ||
	    ex_json_set_text(v, "result", word_of(q, c), err) == -1 ||
	    (c->note[0] != '\0' &&
		ex_json_set_text(v, "resumed", c->note, err) == -1) ||
	    (!c->good && ex_json_set_text(v, "why", c->why.text, err) == -1) ||
	    ex_segments_json(&parts, c, 1, err) == -1 ||
	    ex_json_set(v, "segments", parts, err) == -1) {
		ex_json_free(v);
		return ex_fail(err, EX_SYSTEM, "out of memory");
	}
	return ex_json_add(list, v, err);
}

/* Destinations with their results; segments of the first good one. */
static int
put_copies(struct ex_json *v, const struct ex_acquiring *q, struct ex_err *err)
{
	struct ex_json *list = ex_json_array(), *first;
	int said = 0;

	if (list == NULL || ex_json_set(v, "destinations", list, err) == -1)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < q->out.ncopies; i++) {
		const struct ex_image_copy *c = &q->out.copy[i];

		if (destination(list, q, c, err) == -1)
			return -1;
		if (!c->good || said)
			continue;
		if (ex_segments_json(&first, c, 1, err) == -1 ||
		    ex_json_set(v, "segments", first, err) == -1)
			return -1;
		said = 1;
	}
	return 0;
}

static int
put_digests(struct ex_json *v, const struct ex_acquiring *q, struct ex_err *err)
{
	struct ex_json *d = ex_json_object();

	if (d == NULL || ex_json_set(v, "digests", d, err) == -1)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < q->out.ndigests; i++)
		if (ex_json_set_hex(d, ex_alg_name(q->out.digest[i].alg),
			q->out.digest[i].value, q->out.digest[i].len,
			err) == -1)
			return -1;
	return 0;
}

/*
 * 0 complete; 1 with errors, truncated, not stable, a destination failed; 2 no
 * copy.
 */
static int
status_of(const struct ex_acquiring *q)
{
	if (q->out.result == EX_IMAGING_FAILED ||
	    q->out.result == EX_IMAGING_PAUSED ||
	    q->out.result == EX_IMAGING_ABORTED)
		return 2;
	for (size_t i = 0; i < q->out.ncopies; i++)
		if (!q->out.copy[i].good)
			return 1;
	/* Another serial number than the label's is a finding. */
	if (strcmp(q->match, "differs") == 0)
		return 1;
	return q->out.result == EX_IMAGING_COMPLETE &&
		       !ex_acquire_is_unstable(q)
		   ? 0
		   : 1;
}

/* How an imaging that is paused is gone on with. */
static int
put_resume(struct ex_json *v, const struct ex_acquiring *q, struct ex_err *err)
{
	char line[EX_ITEM_MAX + 64];

	if (q->out.result != EX_IMAGING_PAUSED)
		return 0;
	(void)snprintf(
	    line, sizeof(line), "exhibit acquire %s --resume", q->a->item);
	return ex_json_set_text(v, "resume_with", line, err);
}

/* What of the source belongs beside the result. */
static int
put_source(struct ex_json *v, const struct ex_acquiring *q, struct ex_err *err)
{
	const struct ex_source_info *i = &q->source->info;

	if (ex_json_set_text(v, "serial_match", q->match, err) == -1 ||
	    ex_json_set_text(v, "serial", i->serial, err) == -1 ||
	    ex_json_set_text(v, "method", q->method, err) == -1 ||
	    ex_json_set_text(v, "hpa", ex_known_text(i->drive.hpa), err) ==
		-1 ||
	    ex_json_set_text(v, "dco", ex_known_text(i->drive.dco), err) == -1)
		return -1;
	if (q->label[0] != '\0' &&
	    ex_json_set_text(v, "serial_on_label", q->label, err) == -1)
		return -1;
	if (!q->a->live)
		return 0;
	if (ex_json_set_int(v, "live", 1, err) == -1 ||
	    ex_json_set_text(v, "live_reason", q->a->reason, err) == -1)
		return -1;
	return q->in_use[0] == '\0'
		   ? 0
		   : ex_json_set_text(v, "in_use", q->in_use, err);
}

int
ex_acquire_tell(struct ex_json **out, int *status, const struct ex_acquiring *q,
    const uint8_t event[EX_HASH], struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *ranges;
	const struct ex_imaging_outcome *o = &q->out;
	const struct ex_err *why = ex_acquire_why(q);

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	*status = status_of(q);
	if ((*status != 2 &&
		ex_json_set_text(v, "image", q->image, err) == -1) ||
	    ex_json_set_text(v, "item", q->a->item, err) == -1 ||
	    ex_json_set_text(
		v, "result", ex_imaging_result_text(o->result), err) == -1 ||
	    ex_json_set_int(v, "bytes", (int64_t)o->bytes, err) == -1 ||
	    ex_json_set(v, "seconds",
		ex_json_real(o->seconds + q->verify_seconds), err) == -1 ||
	    ex_json_set(v, "acquire_seconds", ex_json_real(o->seconds), err) ==
		-1 ||
	    ex_json_set(v, "verify_seconds", ex_json_real(q->verify_seconds),
		err) == -1 ||
	    put_digests(v, q, err) == -1 || put_copies(v, q, err) == -1 ||
	    ex_ranges_json(&ranges, &o->bad, err) == -1 ||
	    ex_json_set(v, "bad_ranges", ranges, err) == -1 ||
	    ex_acquire_put_again(v, q, err) == -1 ||
	    (why->code != EX_OK &&
		ex_json_set_text(v, "why", why->text, err) == -1) ||
	    put_source(v, q, err) == -1 ||
	    (q->job.resume && ex_json_set_int(v, "head_read_again",
				  (int64_t)o->read_again, err) == -1) ||
	    (o->read_from_copy > 0 &&
		ex_json_set_int(v, "read_from_copy", (int64_t)o->read_from_copy,
		    err) == -1) ||
	    ex_acquire_put_attempts(q, v, err) == -1 ||
	    put_resume(v, q, err) == -1 ||
	    ex_json_set_hex(v, "event", event, EX_HASH, err) == -1) {
		ex_json_free(v);
		return -1;
	}
	*out = v;
	return 0;
}
