/*
 * drive.c -- a scripted drive.
 */
#include "drive.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

void
drive_sector(const struct drive *d, uint8_t *out, uint64_t lba)
{
	uint64_t x = lba * UINT64_C(0x9e3779b97f4a7c15) + d->generation + 1;

	memset(out, 0, d->sector_size);
	(void)snprintf((char *)out, d->sector_size, "LBA %012" PRIu64 " %u",
	    lba, d->generation);
	/* Every eighth sector is noise anyway. */
	if (!d->noise && lba % 8 != 7)
		return;
	for (size_t i = 32; i < d->sector_size; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		out[i] = (uint8_t)x;
	}
}

int
drive_is_bad(const struct drive *d, uint64_t lba)
{
	for (size_t i = 0; i < d->nfaults; i++)
		if (d->fault[i].times == 0 && lba >= d->fault[i].lba &&
		    lba - d->fault[i].lba < d->fault[i].count)
			return 1;
	return 0;
}

/* Does a fault lie in these sectors, and does it fail now? */
static int
fails(struct drive *d, uint64_t lba, uint64_t count)
{
	int failed = 0;

	for (size_t i = 0; i < d->nfaults; i++) {
		const struct fault *f = &d->fault[i];

		if (lba >= f->lba + f->count || f->lba >= lba + count)
			continue;
		if (f->times != 0 && d->tries[i] >= (unsigned)f->times)
			continue;
		d->tries[i]++;
		failed = 1;
	}
	return failed;
}

/* Has it gone, or does it go over these bytes? */
static int
is_gone(struct drive *d, uint64_t off, size_t n)
{
	uint64_t kills = (d->kills - 1) * d->sector_size;

	if (d->vanishes_at != 0 && off + n > d->vanishes_at)
		d->is_away = 1;
	if (d->kills != 0 && off <= kills && off + n > kills)
		d->is_away = 1;
	return d->is_away;
}

static int
is_dead(struct drive *d, uint64_t off, size_t n)
{
	if (d->dies_at != 0 && off + n > d->dies_at)
		d->is_dead = 1;
	return d->is_dead;
}

/* A sector, and another one when an unstable one is read again. */
static void
give(struct drive *d, uint8_t *out, uint64_t lba)
{
	drive_sector(d, out, lba);
	if (lba < d->unstable_from ||
	    lba - d->unstable_from >= d->unstable_count)
		return;
	if (d->seen == NULL && (d->seen = calloc(d->sectors, 1)) == NULL)
		abort();
	if (d->seen[lba] != 0)
		out[d->sector_size - 1] ^= 1;
	d->seen[lba] = 1;
}

static enum ex_got
drive_read(void *self, void *buf, size_t n, uint64_t off, struct ex_err *err)
{
	struct drive *d = self;
	uint64_t first = off / d->sector_size;
	uint64_t end =
	    d->ends_at != 0 ? d->ends_at : d->sectors * d->sector_size;

	d->reads++;
	if (d->slow != 0)
		ex_sleep(d->slow);
	if (n > d->largest)
		d->largest = n;
	if (off % d->sector_size != 0 || n % d->sector_size != 0)
		d->misaligned++;
	if (d->stops_at != 0 && off + n > d->stops_at)
		*d->stop = 1;
	if (is_gone(d, off, n)) {
		(void)ex_fail(err, EX_SYSTEM, "it went away");
		return EX_GOT_GONE;
	}
	if (d->errs_at != 0 && off + n > d->errs_at) {
		(void)ex_fail(err, EX_SYSTEM, "no such luck");
		return EX_GOT_ERROR;
	}
	if (off + n > end) {
		(void)ex_fail(err, EX_DAMAGED, "it is over");
		return EX_GOT_END;
	}
	if (is_dead(d, off, n) || fails(d, first, n / d->sector_size)) {
		/* As a drive does: what is there by then is worth nothing. */
		memset(buf, 0xee, n);
		return EX_GOT_BAD;
	}
	for (uint64_t i = 0; i < n / d->sector_size; i++)
		give(d, (uint8_t *)buf + i * d->sector_size, first + i);
	return EX_GOT_ALL;
}

/* Looked for, once it has gone: whatever the script says is there. */
static enum ex_back
drive_again(void *self, const struct ex_source_info *was, struct ex_err *err)
{
	struct drive *d = self;
	struct ex_source_info before = *was, now;

	/* Some tests have its path guarded as a file's is. */
	before.kind = EX_SOURCE_BLOCK;
	now = before;
	d->looks++;
	if (d->back_after == 0 || d->looks % d->back_after != 0) {
		(void)ex_fail(err, EX_ABSENT, "there is no such source");
		return EX_BACK_NOT_YET;
	}
	if (d->back_as != NULL)
		(void)snprintf(
		    now.serial, sizeof(now.serial), "%s", d->back_as);
	if (d->back_sectors != 0)
		now.size = d->back_sectors * d->sector_size;
	if (ex_source_same(&before, &now, err) != EX_BACK_SAME)
		return EX_BACK_OTHER;
	d->is_away = d->is_dead = 0;
	if (d->times > 0)
		d->times--;
	else
		d->vanishes_at = d->dies_at = 0;
	if (d->back_changed)
		d->generation++;
	return EX_BACK_SAME;
}

static int
drive_size(void *self, uint64_t *now, struct ex_err *err)
{
	const struct drive *d = self;

	(void)err;
	*now = d->size_after != 0 ? d->size_after : d->sectors * d->sector_size;
	return 0;
}

void
drive_end(struct drive *d)
{
	free(d->seen);
	d->seen = NULL;
}

static const struct ex_source_ops drive_ops = {
	.read = drive_read, .again = drive_again, .size = drive_size
};

struct ex_source *
drive_open(struct drive *d)
{
	struct ex_source *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->ops = &drive_ops;
	s->self = d;
	s->info.kind = EX_SOURCE_BLOCK;
	s->info.size = d->sectors * d->sector_size;
	s->info.sector_size = d->sector_size;
	s->info.physical_sector_size = d->sector_size;
	(void)snprintf(s->info.path, sizeof(s->info.path), "/drive");
	(void)snprintf(s->info.serial, sizeof(s->info.serial), "FAKE-1");
	return s;
}
