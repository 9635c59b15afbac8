/*
 * imaging_read.c -- a source read so that only what cannot be read is lost.
 *
 * A block is read at once.  If the medium cannot deliver it, it is read in
 * pieces, and a piece that fails sector by sector (or as many as the
 * granularity says), each tried again.  What still fails becomes zeroes and
 * is listed; then on with whole blocks.  So a fault costs exactly the sectors
 * that have it, and no byte changes its place.
 */
#include <inttypes.h>
#include <string.h>

#include "intake/imaging_parts.h"

enum {
	PIECE = 64 * 1024 /* bytes between a block and a sector */
};

/* A part of the block that is being read. */
struct part {
	uint8_t *buf;
	size_t n;
	uint64_t off; /* in the source */
};

static int
is_stopped(const struct ex_imaging_reader *r)
{
	return r->job->stop != NULL && *r->job->stop != 0;
}

static enum ex_got
read_part(
    const struct ex_imaging_reader *r, const struct part *p, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	enum ex_got got;

	got = ex_source_read(r->job->source, p->buf, p->n, p->off, &why);
	if (got == EX_GOT_ERROR || got == EX_GOT_END || got == EX_GOT_GONE)
		(void)ex_fail(err, why.code == EX_OK ? EX_SYSTEM : why.code,
		    "%s", why.text[0] == '\0' ? "the source failed" : why.text);
	return got;
}

static int
list(struct ex_imaging_reader *r, const struct part *p,
    enum ex_range_status status, struct ex_err *err)
{
	uint64_t sector = r->shape.sector_size;

	return ex_ranges_add(
	    r->bad, p->off / sector, (p->n + sector - 1) / sector, status, err);
}

/* The smallest part that is read alone: tried again, then given up. */
static enum ex_got
read_unit(struct ex_imaging_reader *r, const struct part *p, struct ex_err *err)
{
	enum ex_got got = EX_GOT_BAD;
	unsigned try;

	for (try = 0; got == EX_GOT_BAD && try <= r->job->retries; try++) {
		if (is_stopped(r)) {
			(void)ex_fail(err, EX_STATE, "stopped");
			return EX_GOT_ERROR;
		}
		got = read_part(r, p, err);
	}
	if (got == EX_GOT_BAD) {
		memset(p->buf, 0, p->n);
		if (r->job->progress != NULL)
			r->job->progress(r->job->progress_arg,
			    p->off - r->job->offset, r->shape.length);
		if (list(r, p, EX_RANGE_BAD, err) == -1)
			return EX_GOT_ERROR;
		return EX_GOT_BAD;
	}
	if (got == EX_GOT_ALL) {
		r->delivered += p->n;
		if (try > 1 && list(r, p, EX_RANGE_RECOVERED, err) == -1)
			return EX_GOT_ERROR;
	}
	return got;
}

/*
 * Read a part in steps of size bytes; a step that fails goes to deeper().
 * *came is how much of the part is settled, also when it does not end well.
 */
static enum ex_got
read_steps(struct ex_imaging_reader *r, const struct part *whole, size_t size,
    int deepest, size_t *came, struct ex_err *err)
{
	*came = 0;
	while (*came < whole->n) {
		struct part p = { &whole->buf[*came], whole->n - *came,
			whole->off + *came };
		enum ex_got got;

		if (p.n > size)
			p.n = size;
		if (deepest) {
			got = read_unit(r, &p, err);
		} else {
			got = read_part(r, &p, err);
			if (got == EX_GOT_ALL)
				r->delivered += p.n;
		}
		if (got != EX_GOT_ALL && !(deepest && got == EX_GOT_BAD))
			return got;
		*came += p.n;
	}
	return EX_GOT_ALL;
}

static void
note_end(struct ex_imaging_reader *r, const struct ex_err *why)
{
	r->ended = 1;
	r->why = *why;
	if (r->why.code == EX_OK)
		(void)ex_fail(&r->why, EX_DAMAGED, "the source ended");
}

/*
 * A block in pieces, and of a bad piece every unit.  Where the source ends,
 * every sector before its end is had.
 */
static enum ex_got
read_carefully(struct ex_imaging_reader *r, const struct part *block,
    size_t *came, struct ex_err *err)
{
	size_t unit = (size_t)r->shape.granularity * r->shape.sector_size;
	size_t piece = unit > PIECE ? unit : PIECE - PIECE % unit;

	*came = 0;
	while (*came < block->n) {
		struct part p = { &block->buf[*came], block->n - *came,
			block->off + *came };
		struct ex_err why = EX_ERR_INIT;
		size_t n = 0;
		enum ex_got got;

		if (p.n > piece)
			p.n = piece;
		got = read_steps(r, &p, piece, 0, &n, &why);
		if (got == EX_GOT_BAD || got == EX_GOT_END) {
			ex_err_clear(&why);
			got = read_steps(r, &p,
			    got == EX_GOT_END ? r->shape.sector_size : unit, 1,
			    &n, &why);
		}
		*came += n;
		if (got != EX_GOT_ALL) {
			(void)ex_fail(err, why.code, "%s", why.text);
			return got;
		}
	}
	return EX_GOT_ALL;
}

int
ex_imaging_read(struct ex_imaging_reader *r, void *buf, size_t n, size_t *got,
    struct ex_err *err)
{
	struct part block = { buf, n, r->job->offset + r->done };
	struct ex_err why = EX_ERR_INIT;
	enum ex_got how;

	*got = 0;
	if (is_stopped(r))
		return ex_fail(err, EX_STATE, "stopped");
	how = read_part(r, &block, &why);
	if (how == EX_GOT_ALL) {
		*got = n;
		r->delivered += n;
	} else if (how == EX_GOT_BAD || how == EX_GOT_END) {
		ex_err_clear(&why);
		how = read_carefully(r, &block, got, &why);
	}
	r->done += *got;
	if (how == EX_GOT_ALL)
		return 0;
	if (how == EX_GOT_END || how == EX_GOT_GONE) {
		note_end(r, &why);
		return 0;
	}
	return ex_fail(err, why.code == EX_OK ? EX_SYSTEM : why.code,
	    "%s at byte %" PRIu64, why.text, block.off);
}
