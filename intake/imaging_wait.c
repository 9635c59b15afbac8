/*
 * imaging_wait.c -- a source that went away, and whether it came back.
 *
 * Serial number and size say which device it is; two places that were read
 * before say that it still holds what it held.  Both must be so before one
 * more byte is taken from it.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "intake/imaging_parts.h"

#define POLL (EX_SECOND / 10)

enum {
	PLACES = 16 /* ranges that are tried for a first place */
};

void
ex_imaging_probe_note(
    struct ex_imaging_reader *r, const uint8_t *buf, size_t n, uint64_t off)
{
	struct ex_imaging_probe *p = r->first.n == 0 ? &r->first : &r->last;

	/* What an image gave says nothing of the source. */
	if (off < r->probe_from)
		return;
	/* One that is shorter has the tail of a file in it. */
	if (n >= EX_IMAGING_PROBE)
		n = EX_IMAGING_PROBE;
	else if (n % r->shape.sector_size != 0)
		return;
	p->off = off;
	p->n = n;
	memcpy(p->bytes, buf, n);
}

void
ex_imaging_probe_known(struct ex_imaging_reader *r, struct ex_source *s,
    const struct ex_ranges *map)
{
	const uint64_t sector = r->shape.sector_size;
	struct ex_imaging_probe *p = &r->first;

	r->asked = s;
	for (size_t i = 0; p->n == 0 && i < map->n && i < PLACES; i++) {
		const struct ex_range *at = &map->at[i];
		_Alignas(EX_SOURCE_ALIGN) uint8_t now[EX_IMAGING_PROBE];

		if (at->status != EX_RANGE_READ ||
		    at->count < EX_IMAGING_PROBE / sector)
			continue;
		p->off = at->lba * sector;
		if (ex_source_read(s, now, sizeof(now), p->off, NULL) !=
		    EX_GOT_ALL)
			continue;
		p->n = sizeof(now);
		memcpy(p->bytes, now, p->n);
	}
}

/* 1: it gives what it gave; 0: it gives nothing; -1: it gives another. */
static int
ask(struct ex_imaging_reader *r, const struct ex_imaging_probe *p,
    struct ex_err *err)
{
	_Alignas(EX_SOURCE_ALIGN) uint8_t now[EX_IMAGING_PROBE];
	struct ex_err why = EX_ERR_INIT;
	struct ex_source *s = r->asked == NULL ? r->job->source : r->asked;

	if (ex_source_read(s, now, p->n, p->off, &why) != EX_GOT_ALL)
		return 0;
	if (memcmp(now, p->bytes, p->n) == 0)
		return 1;
	return ex_fail(err, EX_CONFLICT,
	    "the source gives other bytes than before: it was exchanged or "
	    "changed");
}

int
ex_imaging_answers(struct ex_imaging_reader *r, struct ex_err *err)
{
	int first, last;

	if (r->first.n == 0)
		return 1;
	if ((first = ask(r, &r->first, err)) == -1 || r->last.n == 0)
		return first;
	if ((last = ask(r, &r->last, err)) == -1)
		return last;
	return first == 1 || last == 1;
}

static void
say(const struct ex_imaging_reader *r, const char *line)
{
	if (r->job->notice != NULL)
		r->job->notice(r->job->notice_arg, line);
}

/* 1 back and the same, 0 not yet, -1 something else. */
static int
look(struct ex_imaging_reader *r, struct ex_err *err)
{
	int answers;

	switch (ex_source_again(r->job->source, err)) {
	case EX_BACK_SAME:
		ex_err_clear(err);
		answers = ex_imaging_answers(r, err);
		if (answers == 0)
			(void)ex_fail(err, EX_SYSTEM,
			    "the source is there, but cannot be read");
		return answers;
	case EX_BACK_OTHER:
		return -1;
	case EX_BACK_NOT_YET:
	default:
		return 0;
	}
}

static int
is_stopped(const struct ex_imaging_reader *r)
{
	return r->job->stop != NULL && *r->job->stop != 0;
}

int
ex_imaging_wait(struct ex_imaging_reader *r, struct ex_err *err)
{
	const struct ex_source_info *info = &r->job->source->info;
	int64_t until = ex_ticks() + (int64_t)r->job->wait * EX_SECOND;
	char line[EX_PATH + EX_SOURCE_TEXT + 128];
	struct ex_err why = EX_ERR_INIT;
	int back = 0;

	if (r->job->wait == 0) {
		(void)ex_fail(err, EX_DAMAGED, "the source went away");
		return 0;
	}
	(void)snprintf(line, sizeof(line),
	    "%s went away: waiting %u seconds for serial number %s", info->path,
	    r->job->wait, info->serial);
	say(r, line);
	while (back == 0) {
		if (is_stopped(r))
			return ex_fail(err, EX_STATE, "stopped");
		ex_err_clear(&why);
		if ((back = look(r, &why)) != 0 || ex_ticks() >= until)
			break;
		ex_sleep(POLL);
		if (r->job->progress != NULL)
			r->job->progress(
			    r->job->progress_arg, r->done, r->shape.length);
	}
	if (is_stopped(r))
		return ex_fail(err, EX_STATE, "stopped");
	if (back == 1) {
		r->returns++;
		say(r, "the source is back: reading on");
		return 1;
	}
	if (back == -1)
		(void)ex_fail(err, why.code == EX_OK ? EX_CONFLICT : why.code,
		    "the source went away: %s", why.text);
	else
		(void)ex_fail(err, EX_DAMAGED,
		    "the source went away and was not back within %u seconds: "
		    "%s",
		    r->job->wait, why.text);
	return 0;
}
