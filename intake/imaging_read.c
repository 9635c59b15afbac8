/*
 * imaging_read.c -- a source read so that only what cannot be read is lost.
 *
 * Blocks are read at once, in order, as long as that goes well: what comes
 * after, digests and containers, needs the bytes in order.  Where it does not
 * go well, a window of bounded size is settled ahead (imaging_window.c) and
 * then handed out in order like any other bytes; no byte changes its place.
 * A source that goes away is waited for (imaging_wait.c) and read on from the
 * very byte.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "intake/imaging_parts.h"

enum {
	GONE_THERE = 2 /* times it may go away over one block read whole */
};

static int
is_stopped(const struct ex_imaging_reader *r)
{
	return r->job->stop != NULL && *r->job->stop != 0;
}

enum ex_got
ex_imaging_read_once(struct ex_imaging_reader *r, void *buf, size_t n,
    uint64_t off, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	int64_t began = ex_ticks();
	enum ex_got got;

	if (is_stopped(r)) {
		(void)ex_fail(err, EX_STATE, "stopped");
		return EX_GOT_ERROR;
	}
	got = ex_source_read(r->job->source, buf, n, off, &why);
	began = ex_ticks() - began;
	if (began > r->slowest)
		r->slowest = began;
	if (got == EX_GOT_ALL)
		return got;
	r->failed++;
	if (got != EX_GOT_BAD)
		(void)ex_fail(err, why.code == EX_OK ? EX_SYSTEM : why.code,
		    "%s", why.text[0] == '\0' ? "the source failed" : why.text);
	return got;
}

void
ex_imaging_note_end(struct ex_imaging_reader *r, const struct ex_err *why)
{
	r->ends = 1;
	r->why = *why;
	if (r->why.code == EX_OK)
		(void)ex_fail(&r->why, EX_DAMAGED, "the source ended");
}

/*
 * The source went away over a block.  1: it is back, the block is read again;
 * 2: it went away here before, so that the block is read in pieces; 0: it is
 * not back, the image ends here; -1: stopped.
 */
static int
wait_for_block(struct ex_imaging_reader *r, uint64_t off, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	int back = ex_imaging_wait(r, &why);

	if (back == 0) {
		r->gone = 1;
		ex_imaging_note_end(r, &why);
	}
	if (back == -1)
		return ex_fail(err, why.code, "%s", why.text);
	r->gone_there = r->gone_at == off ? r->gone_there + 1 : 1;
	r->gone_at = off;
	return back == 1 && r->gone_there >= GONE_THERE ? 2 : back;
}

/*
 * Bytes that may be settled together: what an image gives is settled even if
 * the source, which is asked for what is behind it, has gone.
 */
static uint64_t
most(const struct ex_imaging_reader *r, uint64_t off)
{
	return off < r->probe_from ? r->probe_from - off
				   : r->shape.length - r->done;
}

/* A block at once: its end is *got.  What fails is settled by the window. */
static int
read_block(struct ex_imaging_reader *r, void *buf, size_t n, size_t *got,
    struct ex_err *err)
{
	uint64_t off = r->job->offset + r->done;
	struct ex_err why = EX_ERR_INIT;
	int back = 1;

	while (back == 1) {
		ex_err_clear(&why);
		switch (ex_imaging_read_once(r, buf, n, off, &why)) {
		case EX_GOT_ALL:
			r->delivered += n;
			ex_imaging_probe_note(r, buf, n, off);
			*got = n;
			return 0;
		case EX_GOT_GONE:
			back = wait_for_block(r, off, err);
			break;
		case EX_GOT_BAD:
		case EX_GOT_END:
			back = 2;
			break;
		case EX_GOT_ERROR:
		default:
			return ex_fail(err,
			    why.code == EX_OK ? EX_SYSTEM : why.code,
			    "%s at byte %" PRIu64, why.text, off);
		}
	}
	if (back < 1)
		return back;
	if (ex_imaging_settle(r, off, n, most(r, off), err) == -1)
		return -1;
	*got = ex_imaging_window_take(r->window, buf, n);
	return 0;
}

int
ex_imaging_read(struct ex_imaging_reader *r, void *buf, size_t n, size_t *got,
    struct ex_err *err)
{
	*got = 0;
	if (is_stopped(r))
		return ex_fail(err, EX_STATE, "stopped");
	if (r->window != NULL)
		*got = ex_imaging_window_take(r->window, buf, n);
	if (*got == 0 && !r->ends && read_block(r, buf, n, got, err) == -1)
		return -1;
	r->done += *got;
	r->ended = r->ends && ex_imaging_window_left(r->window) == 0;
	return 0;
}

void
ex_imaging_reader_free(struct ex_imaging_reader *r)
{
	ex_imaging_window_free(r->window);
	r->window = NULL;
}
