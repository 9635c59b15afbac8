/*
 * imaging_passes.c -- in which order a window of the source is tried.
 *
 * In the order that gets most of a dying medium first:
 *
 *  1 forward in pieces; after a piece that fails, jump ahead, further with
 *    every failure in a row
 *  2 what was jumped over, in pieces from its other end until one fails
 *  3 what is left of that, piece by piece
 *  4 each piece that failed is trimmed: unit by unit from its beginning to
 *    the first that fails, then from its end
 *  5 what lies between: every unit alone
 *  6 units that failed, again, as often as asked, there and back
 *
 * A unit is one sector, or as many as the granularity says.  So a unit is lost
 * only if every read of it alone has failed.  Only when more sectors are lost
 * than the request's bad_limit are steps 3 and 5 left out; what they would
 * have read is then listed as skipped, not as bad.
 *
 * Every step may be begun again: what has been had is not read once more.
 */
#include "intake/imaging_window.h"

enum {
	JUMP_MAX = 32 /* pieces */
};

/* One sector of the window, to see whether the source has it. */
static enum ex_got
look_at(struct ex_imaging_reader *r, size_t at, struct ex_err *err)
{
	struct ex_imaging_window *w = r->window;
	size_t n = r->shape.sector_size;

	if (n > w->n - at)
		n = w->n - at;
	return ex_imaging_read_once(r, w->scratch, n, w->off + at, err);
}

/*
 * The source said that it is over.  Find the first sector that it has not, by
 * halves; the window ends there.  EX_GOT_BAD: go on with what is left of it.
 */
static enum ex_got
find_end(
    struct ex_imaging_reader *r, const struct ex_err *why, struct ex_err *err)
{
	struct ex_imaging_window *w = r->window;
	const size_t sector = r->shape.sector_size;
	size_t lo = 0, hi = (w->n + sector - 1) / sector;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		struct ex_err ignored = EX_ERR_INIT;
		enum ex_got got = look_at(r, mid * sector, &ignored);

		if (got == EX_GOT_GONE || got == EX_GOT_ERROR) {
			(void)ex_fail(err, ignored.code, "%s", ignored.text);
			return got;
		}
		if (got == EX_GOT_END)
			hi = mid;
		else
			lo = mid + 1;
	}
	if (lo * sector < w->n) {
		w->n = lo * sector;
		w->nunits = (w->n + w->unit - 1) / w->unit;
		w->is_over = 1;
		ex_err_clear(&w->over);
		(void)ex_fail(&w->over, why->code, "%s", why->text);
	}
	return EX_GOT_BAD;
}

/* What a read that failed says about the units in it. */
static void
note_failed(struct ex_imaging_reader *r, size_t from, size_t to)
{
	struct ex_imaging_window *w = r->window;

	if (to - from == 1 && from < w->nunits) {
		w->state[from] = EX_UNIT_FAILED;
		if (w->tries[from] < UINT16_MAX)
			w->tries[from]++;
		if (r->job->progress != NULL)
			r->job->progress(
			    r->job->progress_arg, r->done, r->shape.length);
		return;
	}
	ex_imaging_window_mark(w, from, to, EX_UNIT_SUSPECT);
	if (w->nspans < EX_WINDOW_SPANS) {
		w->span[w->nspans].from = from;
		w->span[w->nspans++].to = to;
	}
}

/*
 * Read units from..to at once.  EX_GOT_ALL and EX_GOT_BAD are noted, and the
 * window may have become shorter; EX_GOT_GONE and EX_GOT_ERROR end the pass.
 */
static enum ex_got
step(struct ex_imaging_reader *r, size_t from, size_t to, struct ex_err *err)
{
	struct ex_imaging_window *w = r->window;
	struct ex_err why = EX_ERR_INIT;
	enum ex_got got;
	size_t n;

	if (to > w->nunits)
		to = w->nunits;
	w->at = from;
	w->to = to;
	n = ex_imaging_window_bytes(w, from, to);
	got = ex_imaging_read_once(
	    r, &w->buf[from * w->unit], n, w->off + from * w->unit, &why);
	switch (got) {
	case EX_GOT_ALL:
		ex_imaging_window_mark(w, from, to, EX_UNIT_GOOD);
		r->delivered += n;
		return got;
	case EX_GOT_BAD:
		note_failed(r, from, to);
		return got;
	case EX_GOT_END:
		got = find_end(r, &why, err);
		/* What is there before its end is read again, in less. */
		if (got == EX_GOT_BAD)
			ex_imaging_window_mark(w, from, to, EX_UNIT_SUSPECT);
		return got;
	case EX_GOT_GONE:
	case EX_GOT_ERROR:
	default:
		(void)ex_fail(err, why.code, "%s", why.text);
		return got;
	}
}

static int
is_terminal(enum ex_got got)
{
	return got == EX_GOT_GONE || got == EX_GOT_ERROR;
}

/* Where a piece of untried units that begins at from ends. */
static size_t
piece_end(const struct ex_imaging_window *w, size_t from)
{
	size_t to = from;

	while (to < w->nunits && to - from < w->piece &&
	       w->state[to] == EX_UNIT_UNTRIED)
		to++;
	return to;
}

/* Steps 1 and 3: forward in pieces, with jumps or without. */
static enum ex_got
sweep(struct ex_imaging_reader *r, int jumps, struct ex_err *err)
{
	struct ex_imaging_window *w = r->window;
	size_t jump = 1, at = 0;

	while (at < w->nunits) {
		enum ex_got got;

		if (w->state[at] != EX_UNIT_UNTRIED) {
			at++;
			continue;
		}
		got = step(r, at, piece_end(w, at), err);
		if (is_terminal(got))
			return got;
		at = w->to;
		if (got == EX_GOT_ALL || !jumps) {
			jump = 1;
		} else {
			at += (jump - 1) * w->piece;
			jump = jump < JUMP_MAX ? 2 * jump : jump;
		}
	}
	return EX_GOT_ALL;
}

/* Step 2: what was jumped over, from its other end until a piece fails. */
static enum ex_got
sweep_back(struct ex_imaging_reader *r, struct ex_err *err)
{
	struct ex_imaging_window *w = r->window;
	size_t end = w->nunits;

	while (end > 0) {
		size_t from = end;
		enum ex_got got;

		if (end > w->nunits || w->state[end - 1] != EX_UNIT_UNTRIED) {
			end--;
			continue;
		}
		while (from > 0 && end - from < w->piece &&
		       w->state[from - 1] == EX_UNIT_UNTRIED)
			from--;
		got = step(r, from, end, err);
		if (is_terminal(got))
			return got;
		end = from;
		while (got == EX_GOT_BAD && end > 0 && end <= w->nunits &&
		       w->state[end - 1] == EX_UNIT_UNTRIED)
			end--;
	}
	return EX_GOT_ALL;
}

static int
is_open(const struct ex_imaging_window *w, size_t i)
{
	return i < w->nunits && (w->state[i] == EX_UNIT_SUSPECT ||
				    w->state[i] == EX_UNIT_UNTRIED);
}

/* Step 4: a stretch of open units, from both ends to the first failures. */
static enum ex_got
trim(struct ex_imaging_reader *r, size_t from, size_t to, struct ex_err *err)
{
	struct ex_imaging_window *w = r->window;
	enum ex_got got = EX_GOT_ALL;

	for (; got == EX_GOT_ALL && from < to && is_open(w, from); from++)
		if (is_terminal(got = step(r, from, from + 1, err)))
			return got;
	for (got = EX_GOT_ALL;
	     got == EX_GOT_ALL && to > from && is_open(w, to - 1); to--)
		if (is_terminal(got = step(r, to - 1, to, err)))
			return got;
	return EX_GOT_ALL;
}

static enum ex_got
trim_all(struct ex_imaging_reader *r, struct ex_err *err)
{
	struct ex_imaging_window *w = r->window;
	size_t from = 0;

	while (from < w->nunits) {
		size_t to = from;
		enum ex_got got;

		while (is_open(w, to))
			to++;
		if (to == from) {
			from++;
			continue;
		}
		if (is_terminal(got = trim(r, from, to, err)))
			return got;
		from = to;
	}
	return EX_GOT_ALL;
}

/* Sectors of the units that failed so far, here and before. */
static uint64_t
lost_so_far(const struct ex_imaging_reader *r)
{
	const struct ex_imaging_window *w = r->window;
	uint64_t n = 0;

	for (size_t i = 0; i < w->nunits; i++)
		n += w->state[i] == EX_UNIT_FAILED;
	return r->lost + n * (w->unit / r->shape.sector_size);
}

/* What an image has already must come again, whatever was lost since. */
static int
has_limit(const struct ex_imaging_reader *r)
{
	return r->job->bad_limit != 0 && r->window->off >= r->limit_from;
}

static int
is_beyond_limit(const struct ex_imaging_reader *r)
{
	return has_limit(r) && lost_so_far(r) >= r->job->bad_limit;
}

/* Step 5: every unit that is still open. */
static enum ex_got
scrape(struct ex_imaging_reader *r, struct ex_err *err)
{
	const struct ex_imaging_window *w = r->window;
	uint64_t left = UINT64_MAX;
	const uint64_t sectors = w->unit / r->shape.sector_size;

	if (has_limit(r)) {
		uint64_t lost = lost_so_far(r);

		left = r->job->bad_limit > lost ? r->job->bad_limit - lost : 0;
	}
	for (size_t i = 0; i < w->nunits && left > 0; i++) {
		enum ex_got got;

		if (!is_open(w, i))
			continue;
		if (is_terminal(got = step(r, i, i + 1, err)))
			return got;
		if (got == EX_GOT_BAD && left != UINT64_MAX)
			left -= sectors < left ? sectors : left;
	}
	return EX_GOT_ALL;
}

/* Step 6: what failed, again, there and back in turns. */
static enum ex_got
retry(struct ex_imaging_reader *r, struct ex_err *err)
{
	const struct ex_imaging_window *w = r->window;

	for (unsigned t = 0; t < r->job->retries; t++)
		for (size_t k = 0; k < w->nunits; k++) {
			size_t i = t % 2 == 0 ? w->nunits - 1 - k : k;
			enum ex_got got;

			if (i >= w->nunits || w->state[i] != EX_UNIT_FAILED ||
			    w->gone[i] >= EX_UNIT_GONE_MAX)
				continue;
			if (is_terminal(got = step(r, i, i + 1, err)))
				return got;
		}
	return EX_GOT_ALL;
}

enum ex_got
ex_imaging_passes(struct ex_imaging_reader *r, struct ex_err *err)
{
	enum ex_got got;

	if (is_terminal(got = sweep(r, 1, err)) ||
	    is_terminal(got = sweep_back(r, err)))
		return got;
	if (!is_beyond_limit(r) && is_terminal(got = sweep(r, 0, err)))
		return got;
	if (is_terminal(got = trim_all(r, err)) ||
	    is_terminal(got = scrape(r, err)))
		return got;
	return retry(r, err);
}
