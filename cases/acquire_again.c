/*
 * acquire_again.c -- is the source still what was read of it?
 */
#include <string.h>

#include "cases/acquire_parts.h"

void
ex_acquire_again(struct ex_acquiring *q)
{
	struct ex_acquire_phase phase = {
		.a = q->a, .name = "reread", .copies = 1
	};
	struct ex_err why = EX_ERR_INIT;

	if (!q->a->reread || q->out.ndigests == 0)
		return;
	q->job.progress = ex_acquire_progress;
	q->job.progress_arg = &phase;
	q->was_reread = 1;
	if (ex_imaging_again(&q->second, &q->job, &q->out, &why) == 0)
		return;
	/* The image stands; that nobody could compare it is told. */
	memset(&q->second, 0, sizeof(q->second));
	q->second.result = EX_SECOND_UNREADABLE;
	q->second.why = why;
}

static int
was_resized(const struct ex_acquiring *q)
{
	return q->out.size_after != 0 &&
	       q->out.size_after != q->source->info.size;
}

int
ex_acquire_is_unstable(const struct ex_acquiring *q)
{
	return was_resized(q) ||
	       (q->was_reread && q->second.result != EX_SECOND_SAME);
}

const struct ex_err *
ex_acquire_why(const struct ex_acquiring *q)
{
	return q->out.why.code == EX_OK && q->was_reread ? &q->second.why
							 : &q->out.why;
}

static int
put_second(struct ex_json *v, const struct ex_imaging_second *second,
    struct ex_err *err)
{
	if (ex_json_set_text(
		v, "result", ex_second_text(second->result), err) == -1 ||
	    ex_json_set_int(v, "bytes", (int64_t)second->bytes, err) == -1)
		return -1;
	for (size_t i = 0; i < second->ndigests; i++)
		if (ex_json_set_hex(v, ex_alg_name(second->digest[i].alg),
			second->digest[i].value, second->digest[i].len,
			err) == -1)
			return -1;
	return 0;
}

int
ex_acquire_put_again(
    struct ex_json *v, const struct ex_acquiring *q, struct ex_err *err)
{
	struct ex_json *second;

	if (was_resized(q) && ex_json_set_int(v, "size_after",
				  (int64_t)q->out.size_after, err) == -1)
		return -1;
	if (!q->was_reread)
		return 0;
	if ((second = ex_json_object()) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (put_second(second, &q->second, err) == -1) {
		ex_json_free(second);
		return -1;
	}
	return ex_json_set(v, "verify_source", second, err);
}
