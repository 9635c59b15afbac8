/*
 * selftest_image.c -- lines about images: all of it, exact, in the form that
 * was asked for.
 */
#include <sys/stat.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cases/selftest_parts.h"

enum {
	MIB = 1 << 20,
	USUAL = 8192, /* sectors of the usual drive */
	ODD = 1000003 /* bytes of a file whose size is no multiple */
};

static struct ex_selftest_drive
drive_of(uint64_t sectors, uint32_t sector_size)
{
	struct ex_selftest_drive d;

	memset(&d, 0, sizeof(d));
	d.sectors = sectors;
	d.sector_size = sector_size;
	return d;
}

/* Imaged, read back, and both digests are those of what the drive holds. */
static void
is_imaged(struct ex_selftest *t, struct ex_selftest_line *l,
    struct ex_selftest_drive *d, struct ex_imaging job, const char *what)
{
	uint64_t all = d->sectors * d->sector_size;
	uint64_t n = job.length != 0 ? job.length : all - job.offset;
	struct ex_digest_value truth[EX_ALGS];
	struct ex_selftest_image i;
	size_t ntruth = 0;

	if (ex_selftest_make(&i, t, l, &job, ex_selftest_drive_open(d)) == 0 &&
	    ex_selftest_read(&i, t, l) == 0 &&
	    ex_selftest_want(l,
		ex_selftest_truth(truth, &ntruth, d, job.offset, n) == 0,
		"%s: no digest", what)) {
		(void)ex_selftest_want(l, i.out.bytes == n,
		    "%s: %" PRIu64 " bytes, not %" PRIu64, what, i.out.bytes,
		    n);
		(void)ex_selftest_want(l,
		    ex_selftest_same(
			truth, ntruth, i.out.digest, i.out.ndigests),
		    "%s: the digest of the source is wrong", what);
		(void)ex_selftest_want(l,
		    i.verdict.result == EX_READING_WHOLE &&
			ex_selftest_same(truth, ntruth, i.verdict.digest,
			    i.verdict.ndigests),
		    "%s: the image read back is not the source: %.200s", what,
		    i.verdict.text);
	}
	ex_selftest_image_free(&i);
}

/* A file of this size, through the real source. */
static void
file_is_imaged(struct ex_selftest *t, struct ex_selftest_line *l, uint64_t n)
{
	struct ex_imaging job = ex_selftest_job();
	struct ex_err err = EX_ERR_INIT;
	struct ex_source *s = NULL;
	struct ex_selftest_image i;
	char dir[EX_PATH], path[EX_PATH], raw[EX_PATH];

	if (ex_selftest_folder(dir, t, l) == -1 ||
	    ex_path_join(path, EX_PATH, dir, "source", NULL) == -1 ||
	    ex_path_join(raw, EX_PATH, dir, "raw", NULL) == -1 ||
	    ex_selftest_file(path, n, 1, l) == -1)
		return;
	if (!ex_selftest_want(
		l, ex_source_open(&s, path, &err) == 0, "%s", err.text))
		return;
	if (ex_selftest_make(&i, t, l, &job, s) == 0 &&
	    ex_selftest_raw(raw, &i, t, l) == 0)
		(void)ex_selftest_want(l, ex_selftest_cmp(path, raw) == 1,
		    "a file of %" PRIu64 " bytes comes out otherwise", n);
	ex_selftest_image_free(&i);
}

void
ex_selftest_sizes(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_drive d;
	struct ex_imaging job = ex_selftest_job();
	struct ex_err err = EX_ERR_INIT;
	struct ex_source *s = NULL;
	char dir[EX_PATH], path[EX_PATH];

	d = drive_of(USUAL, 512);
	is_imaged(t, l, &d, job, "512-byte sectors");
	d = drive_of(USUAL / 8, 4096);
	is_imaged(t, l, &d, job, "4096-byte sectors");
	d = drive_of(1, 512);
	is_imaged(t, l, &d, job, "one sector");
	d = drive_of(USUAL + 7, 512);
	is_imaged(t, l, &d, job, "an odd number of sectors");
	d = drive_of(USUAL, 512);
	job.offset = 63 * 512;
	job.length = 1001 * 512;
	is_imaged(t, l, &d, job, "a partition");
	file_is_imaged(t, l, ODD);
	file_is_imaged(t, l, 1);
	if (ex_selftest_folder(dir, t, l) == 0 &&
	    ex_path_join(path, EX_PATH, dir, "empty", NULL) == 0 &&
	    ex_selftest_file(path, 0, 1, l) == 0)
		(void)ex_selftest_want(l, ex_source_open(&s, path, &err) == -1,
		    "an empty source is taken");
	ex_source_close(s);
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "sectors of 512 and 4096 bytes, one sector, an odd number, a "
	    "partition, files of %d and 1 bytes; an empty one is refused: "
	    "%.100s",
	    ODD, err.text);
}

/* Every sector of the raw bytes is the one of its place. */
static void
compare_sectors(struct ex_selftest_line *l, const char *path,
    const struct ex_selftest_drive *d)
{
	struct ex_buf raw = EX_BUF_INIT;
	uint8_t want[4096];
	uint64_t lba = 0;

	if (!ex_selftest_want(l, ex_file_read(&raw, path, 64 * MIB, NULL) == 0,
		"the raw bytes cannot be read"))
		return;
	(void)ex_selftest_want(l, raw.len == d->sectors * d->sector_size,
	    "%zu bytes, not %" PRIu64, raw.len, d->sectors * d->sector_size);
	while (l->result != EX_SELFTEST_FAIL && lba < d->sectors) {
		memset(want, 0, sizeof(want));
		if (!ex_selftest_is_bad(d, lba))
			ex_selftest_sector(d, want, lba);
		(void)ex_selftest_want(l,
		    memcmp(&raw.data[lba * d->sector_size], want,
			d->sector_size) == 0,
		    "sector %" PRIu64 " is not the one of its place", lba);
		lba++;
	}
	ex_buf_free(&raw);
}

/* Image a drive and lay its media out as raw bytes; both in i and raw. */
static int
image_and_raw(struct ex_selftest_image *i, char raw[EX_PATH],
    struct ex_selftest *t, struct ex_selftest_line *l,
    struct ex_selftest_drive *d)
{
	struct ex_imaging job = ex_selftest_job();
	char dir[EX_PATH];

	if (ex_selftest_make(i, t, l, &job, ex_selftest_drive_open(d)) == -1 ||
	    ex_selftest_folder(dir, t, l) == -1 ||
	    ex_path_join(raw, EX_PATH, dir, "raw", NULL) == -1)
		return -1;
	return ex_selftest_raw(raw, i, t, l);
}

void
ex_selftest_visible(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_drive d = drive_of(USUAL, 512);
	struct ex_selftest_image i;
	char raw[EX_PATH];

	if (image_and_raw(&i, raw, t, l, &d) == 0)
		compare_sectors(l, raw, &d);
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "each of %d sectors that carry their number is in its place",
	    USUAL);
	ex_selftest_image_free(&i);
}

void
ex_selftest_accurate(struct ex_selftest *t, struct ex_selftest_line *l)
{
	file_is_imaged(t, l, 5 * MIB + 77);
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "cmp finds no byte of %d that differs", 5 * MIB + 77);
}

static const struct {
	const char *what;
	uint64_t lba, count;
} places[] = {
	{ "first sector", 0, 1 },
	{ "middle sector", USUAL / 2 + 3, 1 },
	{ "last sector", USUAL - 1, 1 },
	{ "run over a chunk's end", 120, 17 },
};

/* Exactly these, no more and no less. */
static void
wants_ranges(struct ex_selftest_line *l, const struct ex_selftest_drive *d,
    const struct ex_imaging_outcome *out, const char *what)
{
	uint64_t listed = 0, bad = 0;

	for (uint64_t lba = 0; lba < d->sectors; lba++)
		bad += (uint64_t)ex_selftest_is_bad(d, lba);
	for (size_t i = 0; i < out->bad.n; i++) {
		const struct ex_range *r = &out->bad.at[i];

		(void)ex_selftest_want(l, r->status == EX_RANGE_BAD,
		    "%s: a sector is told as \"%s\"", what,
		    ex_range_status_text(r->status));
		for (uint64_t k = 0; k < r->count; k++)
			(void)ex_selftest_want(l,
			    ex_selftest_is_bad(d, r->lba + k),
			    "%s: sector %" PRIu64 " is told and is good", what,
			    r->lba + k);
		listed += r->count;
	}
	(void)ex_selftest_want(l, listed == bad,
	    "%s: %" PRIu64 " sectors are told, %" PRIu64 " are bad", what,
	    listed, bad);
	(void)ex_selftest_want(l, out->result == EX_IMAGING_WITH_ERRORS,
	    "%s: the result is \"%s\"", what,
	    ex_imaging_result_text(out->result));
}

/* One image of a drive with faults, looked at as the line wants. */
static void
with_faults(struct ex_selftest *t, struct ex_selftest_line *l,
    struct ex_selftest_drive *d, const char *what, int compare)
{
	struct ex_selftest_image i;
	char raw[EX_PATH];

	if (image_and_raw(&i, raw, t, l, d) == 0) {
		wants_ranges(l, d, &i.out, what);
		if (compare)
			compare_sectors(l, raw, d);
	}
	ex_selftest_image_free(&i);
}

static void
every_place(struct ex_selftest *t, struct ex_selftest_line *l, int compare)
{
	struct ex_selftest_drive d;

	for (size_t k = 0; k < sizeof(places) / sizeof(places[0]); k++) {
		d = drive_of(USUAL, 512);
		d.nfaults = 1;
		d.fault[0].lba = places[k].lba;
		d.fault[0].count = places[k].count;
		with_faults(t, l, &d, places[k].what, compare);
	}
	d = drive_of(USUAL, 512);
	d.nfaults = EX_SELFTEST_FAULTS;
	for (size_t k = 0; k < d.nfaults; k++) {
		d.fault[k].lba = 1000 + 2 * k;
		d.fault[k].count = 1;
	}
	with_faults(t, l, &d, "alternating sectors", compare);
}

void
ex_selftest_errors(struct ex_selftest *t, struct ex_selftest_line *l)
{
	every_place(t, l, 0);
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "first, middle and last sector, a run and alternating ones are "
	    "told exactly, and the result is complete_with_errors");
}

void
ex_selftest_fill(struct ex_selftest *t, struct ex_selftest_line *l)
{
	every_place(t, l, 1);
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "unreadable sectors are zeroes, every neighbour is in its place, "
	    "the length is the source's");
}

void
ex_selftest_second_reader(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_drive d = drive_of(USUAL, 512);
	struct ex_selftest_image i;
	char raw[EX_PATH], to[EX_PATH + 8], theirs[EX_PATH + 16];
	const char *export[] = { "ewfexport", "-q", "-u", "-f", "raw", "-t", to,
		NULL, NULL };
	const char *stat[] = { "img_stat", NULL, NULL };
	struct ex_buf words = EX_BUF_INIT;
	int got, with_tsk = -1;

	if (image_and_raw(&i, raw, t, l, &d) == -1)
		goto out;
	(void)snprintf(to, sizeof(to), "%s.ewf", raw);
	(void)snprintf(theirs, sizeof(theirs), "%s.raw", to);
	export[7] = stat[1] = i.out.copy[0].segment[0].path;
	if ((got = ex_selftest_program(export, NULL)) == -1) {
		ex_selftest_say(
		    l, EX_SELFTEST_NOT_HERE, "ewfexport is not installed here");
		goto out;
	}
	(void)ex_selftest_want(l, got == 0 && ex_selftest_cmp(raw, theirs) == 1,
	    "ewfexport reads something else out of it");
	with_tsk = ex_selftest_program(stat, &words);
	if (with_tsk == 0)
		(void)ex_selftest_want(l,
		    strstr(ex_buf_text(&words), "4194304") != NULL,
		    "img_stat says another size");
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "ewfexport reads the same bytes out of it%s",
	    with_tsk == 0 ? ", img_stat the same size" : "");
out:
	ex_buf_free(&words);
	ex_selftest_image_free(&i);
}

/* The first bytes of the image's first file are these. */
static void
begins_with(struct ex_selftest_line *l, const struct ex_selftest_image *i,
    const void *magic, size_t n, const char *what)
{
	struct ex_buf b = EX_BUF_INIT;

	(void)ex_selftest_want(l,
	    ex_file_read(&b, i->out.copy[0].segment[0].path, 64 * MIB, NULL) ==
		    0 &&
		b.len >= n && memcmp(b.data, magic, n) == 0,
	    "what was asked for as %s is none", what);
	ex_buf_free(&b);
}

void
ex_selftest_formats(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_drive d = drive_of(USUAL, 512);
	struct ex_imaging job = ex_selftest_job();
	struct ex_selftest_image i;

	if (ex_selftest_make(&i, t, l, &job, ex_selftest_drive_open(&d)) == 0)
		begins_with(l, &i, "EVF\x09\x0d\x0a\xff\x00", 8, "e01");
	ex_selftest_image_free(&i);
	job.container = EX_CONTAINER_RAW;
	if (ex_selftest_make(&i, t, l, &job, ex_selftest_drive_open(&d)) == 0) {
		begins_with(l, &i, "LBA 000000000000", 16, "raw");
		(void)ex_selftest_want(l,
		    i.out.copy[0].segment[0].size == USUAL * 512,
		    "a raw image has another size");
	}
	ex_selftest_image_free(&i);
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "e01 begins as an E01 does, raw is the bytes and nothing else");
}

void
ex_selftest_segments(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_drive d = drive_of(102 * (MIB / 512), 512);
	struct ex_imaging job = ex_selftest_job();
	struct ex_selftest_image i;
	const char *name = "";

	d.noise = 1;
	job.compression = EX_COMPRESSION_NONE;
	job.segment_size = MIB;
	if (ex_selftest_make(&i, t, l, &job, ex_selftest_drive_open(&d)) == 0) {
		const struct ex_image_copy *c = &i.out.copy[0];

		for (size_t k = 0; k < c->nsegments; k++) {
			struct stat st;

			(void)ex_selftest_want(l,
			    stat(c->segment[k].path, &st) == 0 &&
				st.st_size <= MIB,
			    "%.100s is larger than asked",
			    ex_path_base(c->segment[k].path));
		}
		if (ex_selftest_want(l, c->nsegments > 101, "%zu segments only",
			c->nsegments))
			name = ex_path_base(c->segment[99].path);
		(void)ex_selftest_want(l, strstr(name, ".EAA") != NULL,
		    "behind E99 comes %s", name);
		if (ex_selftest_read(&i, t, l) == 0)
			(void)ex_selftest_want(l,
			    i.verdict.result == EX_READING_WHOLE, "%.300s",
			    i.verdict.text);
		ex_selftest_say(l, EX_SELFTEST_PASS,
		    "%zu segments, none over %d bytes, EAA behind E99",
		    c->nsegments, MIB);
	}
	ex_selftest_image_free(&i);
}

void
ex_selftest_conversion(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_drive d = drive_of(USUAL, 512);
	struct ex_imaging job = ex_selftest_job();
	struct ex_selftest_image i, back;
	struct ex_err err = EX_ERR_INIT;
	struct ex_source *s = NULL;
	char raw[EX_PATH];

	memset(&back, 0, sizeof(back));
	if (image_and_raw(&i, raw, t, l, &d) == 0 &&
	    ex_selftest_want(
		l, ex_source_open(&s, raw, &err) == 0, "%s", err.text) &&
	    ex_selftest_make(&back, t, l, &job, s) == 0 &&
	    ex_selftest_read(&back, t, l) == 0)
		(void)ex_selftest_want(l,
		    ex_selftest_same(i.out.digest, i.out.ndigests,
			back.verdict.digest, back.verdict.ndigests),
		    "E01 to raw and back to E01 changes a digest");
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "E01 to raw and back to E01 keeps MD5, SHA-1 and SHA-256");
	ex_selftest_image_free(&i);
	ex_selftest_image_free(&back);
}

void
ex_selftest_subset(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_drive d = drive_of(USUAL, 512);
	struct ex_imaging job = ex_selftest_job();

	job.offset = 777 * 512;
	job.length = 1234 * 512;
	is_imaged(t, l, &d, job, "a part by offset and length");
	job.container = EX_CONTAINER_RAW;
	is_imaged(t, l, &d, job, "the same as raw");
	job.length = 0;
	is_imaged(t, l, &d, job, "from an offset to the end");
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "parts by offset and length are exactly those bytes");
}
