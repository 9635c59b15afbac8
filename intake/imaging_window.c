/*
 * imaging_window.c -- a stretch of the source that did not come at once.
 *
 * What comes after the reader wants bytes in order, and memory is bounded; so
 * a bad region is not left for later, as a program may do that writes
 * wherever it likes.  A window of some MiB is settled whole before anything
 * of it goes on, by the passes of imaging_passes.c.
 *
 * A medium that stopped answering fails like one bad region to its end.
 * Before units are given up, a place that was read before is read again: if
 * that does not come, the source has gone, and the units are not bad.  When
 * it is back, what has been had of the window is kept, and the rest begins
 * anew.  A unit over which it goes away three times is one that fails.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/imaging_window.h"

enum {
	PIECE = 64 * 1024, /* bytes */
	RETURNS_MAX = 1000 /* times it may go away in one run */
};

void
ex_imaging_window_free(struct ex_imaging_window *w)
{
	if (w == NULL)
		return;
	free(w->buf);
	free(w->scratch);
	free(w->state);
	free(w->tries);
	free(w->gone);
	free(w);
}

size_t
ex_imaging_window_left(const struct ex_imaging_window *w)
{
	return w == NULL ? 0 : w->n - w->taken;
}

size_t
ex_imaging_window_take(struct ex_imaging_window *w, void *buf, size_t n)
{
	if (n > w->n - w->taken)
		n = w->n - w->taken;
	memcpy(buf, &w->buf[w->taken], n);
	w->taken += n;
	return n;
}

/* Made once in a run, for the smallest units there are. */
static struct ex_imaging_window *
make(const struct ex_imaging_shape *shape, struct ex_err *err)
{
	struct ex_imaging_window *w = calloc(1, sizeof(*w));
	size_t n = EX_IMAGING_WINDOW / shape->sector_size;

	if (w == NULL)
		goto out;
	w->buf = aligned_alloc(EX_SOURCE_ALIGN, EX_IMAGING_WINDOW);
	w->scratch = aligned_alloc(EX_SOURCE_ALIGN, EX_SOURCE_ALIGN);
	w->state = calloc(n, sizeof(*w->state));
	w->tries = calloc(n, sizeof(*w->tries));
	w->gone = calloc(n, sizeof(*w->gone));
	if (w->buf != NULL && w->scratch != NULL && w->state != NULL &&
	    w->tries != NULL && w->gone != NULL)
		return w;
out:
	ex_imaging_window_free(w);
	(void)ex_fail(err, EX_SYSTEM, "out of memory");
	return NULL;
}

static void
begin(struct ex_imaging_window *w, const struct ex_imaging_shape *shape,
    uint64_t off, size_t first, uint64_t max)
{
	uint64_t unit = (uint64_t)shape->granularity * shape->sector_size;

	w->off = off;
	w->taken = 0;
	w->is_over = 0;
	ex_err_clear(&w->over);
	w->unit = unit < EX_IMAGING_WINDOW ? (size_t)unit : EX_IMAGING_WINDOW;
	/* Groups are counted from the window on: it holds whole ones. */
	w->n = EX_IMAGING_WINDOW - EX_IMAGING_WINDOW % w->unit;
	if (max < w->n)
		w->n = (size_t)max;
	w->nunits = (w->n + w->unit - 1) / w->unit;
	w->piece = w->unit < PIECE ? PIECE / w->unit : 1;
	memset(w->state, EX_UNIT_UNTRIED, w->nunits);
	memset(w->gone, 0, w->nunits);
	memset(w->tries, 0, w->nunits * sizeof(*w->tries));
	w->nspans = 1;
	w->span[0].from = 0;
	w->span[0].to = (first + w->unit - 1) / w->unit;
}

size_t
ex_imaging_window_bytes(
    const struct ex_imaging_window *w, size_t from, size_t to)
{
	size_t end = to * w->unit;

	return (end < w->n ? end : w->n) - from * w->unit;
}

void
ex_imaging_window_mark(
    struct ex_imaging_window *w, size_t from, size_t to, enum ex_unit state)
{
	for (size_t i = from; i < to && i < w->nunits; i++)
		w->state[i] = (uint8_t)state;
}

static size_t
count_good(const struct ex_imaging_window *w)
{
	size_t i = 0;

	while (i < w->nunits && w->state[i] == EX_UNIT_GOOD)
		i++;
	return i;
}

/* Where it went away, so that the next attempt reads less there. */
static void
note_gone(struct ex_imaging_window *w)
{
	if (w->to - w->at == 1 && w->gone[w->at] < EX_UNIT_GONE_MAX)
		w->gone[w->at]++;
	if (w->to - w->at > 1)
		ex_imaging_window_mark(w, w->at, w->to, EX_UNIT_SUSPECT);
	/* What failed may have failed because it was going away. */
	for (size_t i = 0; i < w->nunits; i++) {
		if (w->state[i] == EX_UNIT_FAILED)
			w->state[i] = EX_UNIT_SUSPECT;
		if (w->state[i] == EX_UNIT_GOOD)
			continue;
		w->tries[i] = 0;
		if (w->gone[i] < EX_UNIT_GONE_MAX)
			continue;
		w->state[i] = EX_UNIT_FAILED;
		w->tries[i] = EX_UNIT_GONE_MAX;
	}
	w->nspans = 0;
}

/* The source is not back: what came before its end is all there is. */
static void
cut(struct ex_imaging_reader *r, const struct ex_err *why)
{
	struct ex_imaging_window *w = r->window;
	size_t good = count_good(w);

	r->gone = 1;
	w->nunits = good;
	w->n = good == 0 ? 0 : ex_imaging_window_bytes(w, 0, good);
	w->is_over = 1;
	ex_err_clear(&w->over);
	(void)ex_fail(&w->over, why->code == EX_OK ? EX_DAMAGED : why->code,
	    "%s", why->text);
}

/*
 * A read that failed and that no part of failed again says that the medium
 * is not well: its units came after one failure.
 */
static void
note_recovered(struct ex_imaging_window *w)
{
	for (size_t k = w->nspans; k-- > 0;) {
		size_t to = w->span[k].to;
		int clean = to <= w->nunits; /* else its end is why */

		for (size_t i = w->span[k].from; clean && i < to; i++)
			clean = w->state[i] == EX_UNIT_GOOD && w->tries[i] == 0;
		for (size_t i = w->span[k].from; clean && i < to; i++)
			w->tries[i] = 1;
	}
}

/* One unit into the list, and what stands for it into the image. */
static int
list(struct ex_imaging_reader *r, size_t i, struct ex_err *err)
{
	struct ex_imaging_window *w = r->window;
	const uint64_t sector = r->shape.sector_size;
	size_t n = ex_imaging_window_bytes(w, i, i + 1);
	uint64_t lba = (w->off + i * w->unit) / sector;
	uint64_t count = (n + sector - 1) / sector;

	if (w->state[i] == EX_UNIT_GOOD)
		return w->tries[i] == 0 ? 0
					: ex_ranges_add_recovered(r->bad, lba,
					      count, w->tries[i], err);
	memset(&w->buf[i * w->unit], r->job->fill, n);
	r->lost += count;
	return ex_ranges_add(r->bad, lba, count,
	    w->state[i] == EX_UNIT_FAILED ? EX_RANGE_BAD : EX_RANGE_SKIPPED,
	    err);
}

static int
conclude(struct ex_imaging_reader *r, struct ex_err *err)
{
	struct ex_imaging_window *w = r->window;

	note_recovered(w);
	for (size_t i = 0; i < w->nunits; i++)
		if (list(r, i, err) == -1)
			return -1;
	if (w->is_over)
		ex_imaging_note_end(r, &w->over);
	return 0;
}

/* The passes have ended.  1: settled; 0: the source has to be waited for. */
static int
is_settled(struct ex_imaging_reader *r, enum ex_got got)
{
	if (got == EX_GOT_GONE)
		return 0;
	if (count_good(r->window) == r->window->nunits)
		return 1;
	r->window->at = r->window->to = 0;
	/* Other bytes than before are an answer too. */
	return ex_imaging_answers(r, NULL) != 0;
}

/* 1: it is back; 0: it is not, and why; -1: stopped. */
static int
wait_for_it(struct ex_imaging_reader *r, struct ex_err *why)
{
	ex_err_clear(why);
	if (r->returns < RETURNS_MAX)
		return ex_imaging_wait(r, why);
	(void)ex_fail(
	    why, EX_DAMAGED, "the source went away %d times", RETURNS_MAX);
	return 0;
}

int
ex_imaging_settle(struct ex_imaging_reader *r, uint64_t off, size_t n,
    uint64_t max, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	int back;

	if (r->window == NULL && (r->window = make(&r->shape, err)) == NULL)
		return -1;
	begin(r->window, &r->shape, off, n, max);
	for (;;) {
		enum ex_got got;

		ex_err_clear(&why);
		got = ex_imaging_passes(r, &why);
		if (got == EX_GOT_ERROR)
			return ex_fail(err, why.code, "%s at byte %" PRIu64,
			    why.text, off);
		if (is_settled(r, got))
			return conclude(r, err);
		if ((back = wait_for_it(r, &why)) == -1)
			return ex_fail(err, why.code, "%s", why.text);
		if (back == 0) {
			cut(r, &why);
			return conclude(r, err);
		}
		note_gone(r->window);
	}
}
