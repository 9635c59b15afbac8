/*
 * monitor.c -- every entry of a log, looked at by somebody else.
 */
#include "daemons/monitor.h"

#include "base/file.h"
#include "base/limits.h"
#include "custody/log.h"
#include "custody/tiles.h"

int
ex_monitor_examine(void *tiles, const struct ex_checkpoint *old,
    const struct ex_checkpoint *now, struct ex_err *err)
{
	struct ex_tiles_watch w = { .dir = tiles, .old = old, .now = now };
	int rc = ex_tiles_examine(&w, err);

	ex_world_free(w.world);
	return rc;
}

/* What it knows: its size stands in the answer to a body from nothing. */
static int
ask(struct ex_answer *out, const struct ex_witness *w, uint64_t old,
    const struct ex_buf *note, uint64_t now, struct ex_err *err)
{
	struct ex_tree_proof none = { 0 };
	struct ex_buf body = EX_BUF_INIT;
	struct ex_span span;
	int rc = -1;

	if (ex_tlog_consistency_write(
		&body, old, &none, note->data, note->len, err) == 0) {
		span.p = body.data;
		span.n = body.len;
		rc = ex_witness_add(out, w, span, now, err);
	}
	ex_buf_free(&body);
	return rc;
}

int
ex_monitor_check(struct ex_answer *out, const struct ex_witness *w,
    const char *tiles, uint64_t now, struct ex_err *err)
{
	struct ex_buf note = EX_BUF_INIT, held = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct ex_checkpoint c = { .size = 0 };
	struct ex_note parsed;
	char path[EX_PATH];
	int rc = -1;

	if (ex_path_join(path, EX_PATH, tiles, "checkpoint", err) == -1 ||
	    ex_file_read(&note, path, EX_NOTE_MAX, err) == -1 ||
	    ex_note_parse(&parsed, note.data, note.len, err) == -1 ||
	    ex_checkpoint_read(&c, parsed.text, err) == -1)
		goto out;
	/* What it cannot read it will say itself. */
	if (w->store.load(w->store.arg, &held, c.origin, &why) == 0 &&
	    ex_note_parse(&parsed, held.data, held.len, NULL) == 0)
		(void)ex_checkpoint_read(&c, parsed.text, NULL);
	else
		c.size = 0;
	rc = ask(out, w, c.size, &note, now, err);
out:
	ex_buf_free(&note);
	ex_buf_free(&held);
	return rc;
}
