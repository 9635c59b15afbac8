/*
 * selftest_drive.c -- a scripted drive behind the source interface.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/selftest_parts.h"

void
ex_selftest_sector(
    const struct ex_selftest_drive *d, uint8_t *out, uint64_t lba)
{
	uint64_t x = lba * UINT64_C(0x9e3779b97f4a7c15) + 1;

	memset(out, 0, d->sector_size);
	(void)snprintf((char *)out, d->sector_size, "LBA %012" PRIu64, lba);
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
ex_selftest_is_bad(const struct ex_selftest_drive *d, uint64_t lba)
{
	for (size_t i = 0; i < d->nfaults; i++)
		if (lba >= d->fault[i].lba &&
		    lba - d->fault[i].lba < d->fault[i].count)
			return 1;
	return 0;
}

static int
is_changed(const struct ex_selftest_drive *d, uint64_t lba)
{
	return d->second && lba >= d->changes_from &&
	       lba - d->changes_from < d->changes_count;
}

/* What a read does besides reading. */
static void
happen(struct ex_selftest_drive *d, size_t n, uint64_t off)
{
	if (d->hook != NULL && off + n > d->hook_at) {
		d->hook(d->hook_arg);
		d->hook = NULL;
	}
	if (d->vanishes_at != 0 && !d->has_vanished &&
	    off + n > d->vanishes_at) {
		d->is_away = 1;
		d->has_vanished = 1;
	}
}

static enum ex_got
drive_read(void *self, void *buf, size_t n, uint64_t off, struct ex_err *err)
{
	struct ex_selftest_drive *d = self;
	uint64_t first = off / d->sector_size;

	happen(d, n, off);
	if (d->is_away) {
		(void)ex_fail(err, EX_SYSTEM, "it went away");
		return EX_GOT_GONE;
	}
	if (off + n > d->sectors * d->sector_size) {
		(void)ex_fail(err, EX_DAMAGED, "it is over");
		return EX_GOT_END;
	}
	for (uint64_t i = 0; i < n / d->sector_size; i++) {
		uint8_t *to = (uint8_t *)buf + i * d->sector_size;

		if (ex_selftest_is_bad(d, first + i)) {
			memset(buf, 0xee, n);
			(void)ex_fail(err, EX_DAMAGED, "unreadable");
			return EX_GOT_BAD;
		}
		ex_selftest_sector(d, to, first + i);
		if (is_changed(d, first + i))
			to[d->sector_size - 1] ^= 1;
	}
	return EX_GOT_ALL;
}

static enum ex_back
drive_again(void *self, const struct ex_source_info *was, struct ex_err *err)
{
	struct ex_selftest_drive *d = self;
	struct ex_source_info now = *was;

	if (d->back_as == NULL) {
		(void)ex_fail(err, EX_ABSENT, "it does not come back");
		return EX_BACK_NOT_YET;
	}
	(void)snprintf(now.serial, sizeof(now.serial), "%s", d->back_as);
	if (ex_source_same(was, &now, err) != EX_BACK_SAME)
		return EX_BACK_OTHER;
	d->is_away = 0;
	return EX_BACK_SAME;
}

static int
drive_size(void *self, uint64_t *now, struct ex_err *err)
{
	const struct ex_selftest_drive *d = self;

	(void)err;
	*now = d->sectors * d->sector_size;
	return 0;
}

static const struct ex_source_ops ops = {
	.read = drive_read, .again = drive_again, .size = drive_size
};

struct ex_source *
ex_selftest_drive_open(struct ex_selftest_drive *d)
{
	struct ex_source *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->ops = &ops;
	s->self = d;
	s->info.kind = EX_SOURCE_BLOCK;
	s->info.size = d->sectors * d->sector_size;
	s->info.sector_size = d->sector_size;
	s->info.physical_sector_size = d->sector_size;
	(void)snprintf(s->info.path, sizeof(s->info.path), "/scripted");
	(void)snprintf(s->info.serial, sizeof(s->info.serial), "SCRIPTED-1");
	return s;
}

int
ex_selftest_truth(struct ex_digest_value out[EX_ALGS], size_t *n,
    const struct ex_selftest_drive *d, uint64_t off, uint64_t length)
{
	const unsigned algs =
	    EX_ALG_BIT(EX_MD5) | EX_ALG_BIT(EX_SHA1) | EX_ALG_BIT(EX_SHA256);
	struct ex_digest *digest = NULL;
	uint8_t sector[4096];
	int rc = ex_digest_new(&digest, algs, NULL);

	for (uint64_t lba = off / d->sector_size;
	     rc == 0 && lba < (off + length) / d->sector_size; lba++) {
		if (ex_selftest_is_bad(d, lba))
			memset(sector, 0, d->sector_size);
		else
			ex_selftest_sector(d, sector, lba);
		rc = ex_digest_add(digest, sector, d->sector_size, NULL);
	}
	if (rc == 0)
		rc = ex_digest_end(digest, out, n, NULL, NULL);
	ex_digest_free(digest);
	return rc;
}
