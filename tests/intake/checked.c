/*
 * checked.c -- images of scripted drives, compared sector by sector.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "checked.h"
#include "folder.h"

void
image_to(struct ex_imaging_outcome *out, struct ex_imaging *job,
    struct drive *d, const char *dir)
{
	struct ex_err err = EX_ERR_INIT;
	const char *dirs[] = { dir };

	job->source = drive_open(d);
	if (job->name == NULL)
		job->name = "DISK-I1";
	if (job->ndir == 0) {
		job->dir = dirs;
		job->ndir = 1;
	}
	if (ex_imaging_run(out, job, &err) == -1)
		fail_msg("%s", err.text);
	ex_source_close(job->source);
}

void
check_sectors(const struct drive *d, const char *path, uint64_t sectors)
{
	struct ex_buf image = EX_BUF_INIT;
	uint8_t *want = malloc(d->sector_size);

	read_whole(&image, path);
	assert_int_equal(image.len, sectors * d->sector_size);
	for (uint64_t lba = 0; lba < sectors; lba++) {
		drive_sector(d, want, lba);
		if (drive_is_bad(d, lba))
			memset(want, 0, d->sector_size);
		if (memcmp(want, &image.data[lba * d->sector_size],
			d->sector_size) != 0)
			fail_msg("sector %" PRIu64 " differs", lba);
	}
	free(want);
	ex_buf_free(&image);
}

void
check_list(const struct drive *d, const struct ex_ranges *bad)
{
	size_t at = 0;

	for (uint64_t lba = 0; lba < d->sectors; lba++) {
		int listed;

		while (
		    at < bad->n && lba >= bad->at[at].lba + bad->at[at].count)
			at++;
		listed = at < bad->n && lba >= bad->at[at].lba &&
			 bad->at[at].status == EX_RANGE_BAD;
		if (listed != drive_is_bad(d, lba))
			fail_msg("sector %" PRIu64 " is %slisted", lba,
			    listed ? "" : "not ");
	}
}
