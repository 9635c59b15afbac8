/*
 * drive.c -- a scripted drive.
 */
#include "drive.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static enum ex_got
drive_read(void *self, void *buf, size_t n, uint64_t off, struct ex_err *err)
{
	struct drive *d = self;
	uint64_t first = off / d->sector_size;
	uint64_t end =
	    d->ends_at != 0 ? d->ends_at : d->sectors * d->sector_size;

	d->reads++;
	if (n > d->largest)
		d->largest = n;
	if (off % d->sector_size != 0 || n % d->sector_size != 0)
		d->misaligned++;
	if (d->stops_at != 0 && off + n > d->stops_at)
		*d->stop = 1;
	if (d->vanishes_at != 0 && off + n > d->vanishes_at) {
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
	if (fails(d, first, n / d->sector_size)) {
		/* As a drive does: what is there by then is worth nothing. */
		memset(buf, 0xee, n);
		return EX_GOT_BAD;
	}
	for (uint64_t i = 0; i < n / d->sector_size; i++)
		drive_sector(d, (uint8_t *)buf + i * d->sector_size, first + i);
	return EX_GOT_ALL;
}

static const struct ex_source_ops drive_ops = { drive_read, NULL };

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
