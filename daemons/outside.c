/*
 * outside.c -- one small file, compared before it is replaced.
 */
#include "daemons/outside.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"

/* What is on disk now; there is 0 when nothing is. */
static int
read_held(
    const char *path, int *there, struct ex_checkpoint *out, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_buf text = EX_BUF_INIT;
	struct ex_span span;
	int rc = 0;

	memset(out, 0, sizeof(*out));
	*there = 0;
	if (ex_file_read(&text, path, EX_NOTE_MAX, &why) == -1) {
		ex_buf_free(&text);
		if (why.code == EX_ABSENT)
			return 0;
		return ex_fail(err, why.code, "%s", why.text);
	}
	*there = 1;
	span.p = text.data;
	span.n = text.len;
	if (ex_checkpoint_read(out, span, &why) == -1)
		rc = ex_fail(err, EX_DAMAGED,
		    "%s is not what the sequencer wrote: %s", path, why.text);
	ex_buf_free(&text);
	return rc;
}

static int
same(const struct ex_checkpoint *a, const struct ex_checkpoint *b)
{
	return a->size == b->size && strcmp(a->origin, b->origin) == 0 &&
	       memcmp(a->root, b->root, sizeof(a->root)) == 0;
}

int
ex_outside_load(struct ex_outside *out, const char *data_dir,
    const char *origin, struct ex_err *err)
{
	memset(out, 0, sizeof(*out));
	if (ex_path_join(out->path, EX_PATH, data_dir, "log/outside", err) ==
		-1 ||
	    read_held(out->path, &out->there, &out->held, err) == -1)
		return -1;
	if (out->there && strcmp(out->held.origin, origin) != 0)
		return ex_fail(err, EX_DAMAGED, "%s is of another log: %s",
		    out->path, out->held.origin);
	return 0;
}

int
ex_outside_swap(
    struct ex_outside *o, const struct ex_checkpoint *next, struct ex_err *err)
{
	struct ex_checkpoint now;
	struct ex_buf text = EX_BUF_INIT;
	int there, rc = -1;

	if (read_held(o->path, &there, &now, err) == -1)
		return -1;
	if (there != o->there || !same(&now, &o->held))
		return ex_fail(
		    err, EX_CONFLICT, "somebody else changed %s", o->path);
	if (there && same(&now, next))
		return 0;
	if (there && next->size <= now.size)
		return ex_fail(err, EX_STATE,
		    "%s holds size %" PRIu64 "; %" PRIu64
		    " does not continue it",
		    o->path, now.size, next->size);
	if (ex_checkpoint_text(&text, next, err) == 0 &&
	    ex_file_write(o->path, text.data, text.len, 0600, err) == 0) {
		o->there = 1;
		o->held = *next;
		rc = 0;
	}
	ex_buf_free(&text);
	return rc;
}
