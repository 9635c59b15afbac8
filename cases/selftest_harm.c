/*
 * selftest_harm.c -- lines about what goes wrong: with the image, with the
 * place that it is written to.
 */
#include <sys/resource.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cases/selftest_parts.h"

enum {
	MIB = 1 << 20,
	SECTORS = 6 * (MIB / 512) /* of the drive that is imaged here */
};

static struct ex_selftest_drive
noisy_drive(void)
{
	struct ex_selftest_drive d;

	memset(&d, 0, sizeof(d));
	d.sectors = SECTORS;
	d.sector_size = 512;
	d.noise = 1;
	return d;
}

/* An image of several segments of a megabyte. */
static int
make_set(struct ex_selftest_image *i, struct ex_selftest *t,
    struct ex_selftest_line *l)
{
	struct ex_selftest_drive d = noisy_drive();
	struct ex_imaging job = ex_selftest_job();

	job.compression = EX_COMPRESSION_NONE;
	job.segment_size = MIB;
	if (ex_selftest_make(i, t, l, &job, ex_selftest_drive_open(&d)) == -1)
		return -1;
	return ex_selftest_want(l, i->out.copy[0].nsegments > 3,
		   "%zu segments only", i->out.copy[0].nsegments)
		   ? 0
		   : -1;
}

void
ex_selftest_unchanged(struct ex_selftest *t, struct ex_selftest_line *l)
{
	const char *argv[] = { "ewfverify", "-q", "-d", "sha1", NULL, NULL };
	struct ex_selftest_image i;
	int theirs;

	if (make_set(&i, t, l) == 0 && ex_selftest_read(&i, t, l) == 0) {
		(void)ex_selftest_want(l,
		    i.verdict.result == EX_READING_WHOLE &&
			i.verdict.md5 == EX_STORED_SAME &&
			i.verdict.sha1 == EX_STORED_SAME,
		    "%.300s", i.verdict.text);
		argv[4] = i.out.copy[0].segment[0].path;
		theirs = ex_selftest_program(argv, NULL);
		(void)ex_selftest_want(
		    l, theirs <= 0, "ewfverify refuses it (%d)", theirs);
		ex_selftest_say(l, EX_SELFTEST_PASS, "exhibit-reader%s",
		    theirs == 0
			? " and ewfverify find it whole"
			: " finds it whole; ewfverify is not installed here");
	}
	ex_selftest_image_free(&i);
}

/* The place behind a section's name in a file; 0: none. */
static uint64_t
find_section(const char *path, const char *name, size_t n)
{
	struct ex_buf b = EX_BUF_INIT;
	uint64_t at = 0;

	if (ex_file_read(&b, path, 8 * MIB, NULL) == 0)
		for (size_t i = 0; at == 0 && i + n < b.len; i++)
			if (memcmp(&b.data[i], name, n) == 0)
				at = i;
	ex_buf_free(&b);
	return at;
}

static const char *
segment(const struct ex_selftest_image *i, size_t k)
{
	return i->out.copy[0].segment[k].path;
}

static const char *
last_segment(const struct ex_selftest_image *i)
{
	return segment(i, i->out.copy[0].nsegments - 1);
}

static int
flip_behind(const char *path, const char *name, size_t n, uint64_t behind,
    struct ex_selftest_line *l)
{
	uint64_t at = find_section(path, name, n);

	if (!ex_selftest_want(l, at != 0, "no section %s", name))
		return -1;
	return ex_selftest_flip(path, at + behind, l);
}

/* Behind a section's descriptor of 76 bytes comes what it holds. */
static int
harm_data(struct ex_selftest_image *i, struct ex_selftest_line *l)
{
	return ex_selftest_flip(segment(i, 1), 5000, l);
}

static int
harm_header(struct ex_selftest_image *i, struct ex_selftest_line *l)
{
	return flip_behind(segment(i, 0), "header2\0", 8, 90, l);
}

static int
harm_hash(struct ex_selftest_image *i, struct ex_selftest_line *l)
{
	return flip_behind(last_segment(i), "hash\0\0\0\0", 8, 80, l);
}

static int
harm_table(struct ex_selftest_image *i, struct ex_selftest_line *l)
{
	return flip_behind(segment(i, 1), "table\0\0\0", 8, 76 + 24 + 2, l);
}

static int
harm_deleted(struct ex_selftest_image *i, struct ex_selftest_line *l)
{
	return ex_selftest_want(l, unlink(segment(i, 1)) == 0, "unlink") ? 0
									 : -1;
}

static int
harm_swapped(struct ex_selftest_image *i, struct ex_selftest_line *l)
{
	char aside[EX_PATH + 8];

	(void)snprintf(aside, sizeof(aside), "%s.aside", segment(i, 1));
	return ex_selftest_want(l,
		   rename(segment(i, 1), aside) == 0 &&
		       rename(segment(i, 2), segment(i, 1)) == 0 &&
		       rename(aside, segment(i, 2)) == 0,
		   "rename")
		   ? 0
		   : -1;
}

static const struct {
	const char *what;
	int (*harm)(struct ex_selftest_image *i, struct ex_selftest_line *l);
} harms[] = {
	{ "one bit in the data", harm_data },
	{ "one bit in the header", harm_header },
	{ "one bit of the stored digest", harm_hash },
	{ "one bit in a table", harm_table },
	{ "a segment deleted", harm_deleted },
	{ "two segments swapped", harm_swapped },
};

void
ex_selftest_changed(struct ex_selftest *t, struct ex_selftest_line *l)
{
	for (size_t k = 0; k < sizeof(harms) / sizeof(harms[0]); k++) {
		struct ex_selftest_image i;

		if (make_set(&i, t, l) == 0 && harms[k].harm(&i, l) == 0 &&
		    ex_selftest_read(&i, t, l) == 0)
			(void)ex_selftest_want(l,
			    i.verdict.result != EX_READING_WHOLE,
			    "%s goes unnoticed", harms[k].what);
		ex_selftest_image_free(&i);
	}
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "a bit in data, header, stored digest and table, a segment "
	    "deleted and two swapped are each noticed");
}

/* Which chunk of 64 sectors has byte at of its first segment's data. */
void
ex_selftest_where(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_image i;
	uint64_t at, chunk;
	const struct ex_ranges *bad;

	if (make_set(&i, t, l) == -1)
		goto out;
	at = find_section(segment(&i, 0), "LBA 000000000500", 16);
	if (!ex_selftest_want(l, at != 0, "sector 500 is not to be found") ||
	    ex_selftest_flip(segment(&i, 0), at + 100, l) == -1 ||
	    ex_selftest_read(&i, t, l) == -1)
		goto out;
	chunk = i.out.chunk_size / 512;
	bad = &i.verdict.bad;
	(void)ex_selftest_want(l,
	    bad->n == 1 && bad->at[0].lba == 500 / chunk * chunk &&
		bad->at[0].count == chunk,
	    "a changed bit in sector 500 is told elsewhere: %zu places, first "
	    "%" PRIu64,
	    bad->n, bad->n == 0 ? 0 : bad->at[0].lba);
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "a changed bit in sector 500 is told as the %" PRIu64
	    " sectors of its chunk, from %" PRIu64 " on",
	    chunk, bad->n == 0 ? 0 : bad->at[0].lba);
out:
	ex_selftest_image_free(&i);
}

/* A disk that takes no more: every file of this process ends at a size. */
void
ex_selftest_write_fault(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_drive d = noisy_drive();
	struct ex_imaging job = ex_selftest_job();
	struct ex_imaging_outcome out;
	struct ex_err err = EX_ERR_INIT;
	struct rlimit before, less;
	struct sigaction ignore, was;
	char dir[EX_PATH];
	const char *to = dir;
	int rc;

	memset(&out, 0, sizeof(out));
	memset(&ignore, 0, sizeof(ignore));
	ignore.sa_handler = SIG_IGN;
	if (ex_selftest_folder(dir, t, l) == -1 ||
	    !ex_selftest_want(l,
		getrlimit(RLIMIT_FSIZE, &before) == 0 &&
		    sigaction(SIGXFSZ, &ignore, &was) == 0,
		"no limit can be set"))
		return;
	less = before;
	less.rlim_cur = MIB;
	job.container = EX_CONTAINER_RAW;
	job.source = ex_selftest_drive_open(&d);
	job.dir = &to;
	job.ndir = 1;
	(void)setrlimit(RLIMIT_FSIZE, &less);
	rc = ex_imaging_run(&out, &job, &err);
	(void)setrlimit(RLIMIT_FSIZE, &before);
	(void)sigaction(SIGXFSZ, &was, NULL);
	ex_source_close(job.source);
	(void)ex_selftest_want(l,
	    rc == -1 || (out.result == EX_IMAGING_FAILED && !out.copy[0].good),
	    "a disk that takes no more gives \"%s\"",
	    ex_imaging_result_text(out.result));
	(void)ex_selftest_want(l, rc == -1 || out.copy[0].nsegments == 0,
	    "segments are told of a copy that failed");
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "a write that fails ends it as failed: %.150s",
	    rc == -1 ? err.text : out.copy[0].why.text);
	ex_imaging_outcome_free(&out);
}

void
ex_selftest_no_room(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_drive d = noisy_drive();
	struct ex_imaging job = ex_selftest_job();
	struct ex_err err = EX_ERR_INIT;
	char dir[EX_PATH];
	const char *to = dir;

	d.sectors = UINT64_C(1) << 41; /* a petabyte */
	if (ex_selftest_folder(dir, t, l) == -1)
		return;
	job.source = ex_selftest_drive_open(&d);
	job.dir = &to;
	job.ndir = 1;
	(void)ex_selftest_want(l,
	    ex_imaging_check(&job, &err) == -1 && err.code == EX_LIMIT,
	    "a petabyte is begun");
	ex_source_close(job.source);
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "told before the start: %.150s; during it: see B-03", err.text);
}

/* A destination that goes away while it is written to. */
static void
remove_folder(void *arg)
{
	(void)ex_remove_tree(arg, NULL);
}

static void
two_copies(struct ex_selftest *t, struct ex_selftest_line *l, int lose)
{
	struct ex_selftest_drive d = noisy_drive();
	struct ex_imaging job = ex_selftest_job();
	struct ex_imaging_outcome out;
	struct ex_err err = EX_ERR_INIT;
	char a[EX_PATH], b[EX_PATH];
	const char *dir[] = { a, b };

	memset(&out, 0, sizeof(out));
	if (ex_selftest_folder(a, t, l) == -1 ||
	    ex_selftest_folder(b, t, l) == -1)
		return;
	d.hook = lose ? remove_folder : NULL;
	d.hook_arg = b;
	d.hook_at = 3 * MIB;
	job.compression = EX_COMPRESSION_NONE;
	job.segment_size = MIB;
	job.dir = dir;
	job.ndir = 2;
	job.source = ex_selftest_drive_open(&d);
	if (ex_selftest_want(
		l, ex_imaging_run(&out, &job, &err) == 0, "%s", err.text)) {
		(void)ex_selftest_want(l, out.copy[0].good,
		    "the first copy failed: %.200s", out.copy[0].why.text);
		(void)ex_selftest_want(l, out.copy[1].good == !lose,
		    lose ? "a copy whose folder went away is called good"
			 : "the second copy failed");
		for (size_t k = 0; !lose && k < out.copy[0].nsegments; k++)
			(void)ex_selftest_want(l,
			    out.copy[1].nsegments == out.copy[0].nsegments &&
				memcmp(out.copy[0].segment[k].sha256,
				    out.copy[1].segment[k].sha256,
				    EX_SHA256_LEN) == 0 &&
				ex_selftest_cmp(out.copy[0].segment[k].path,
				    out.copy[1].segment[k].path) == 1,
			    "segment %zu of the copies differs", k + 1);
	}
	ex_source_close(job.source);
	ex_imaging_outcome_free(&out);
}

void
ex_selftest_destinations(struct ex_selftest *t, struct ex_selftest_line *l)
{
	two_copies(t, l, 0);
	two_copies(t, l, 1);
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "two copies are the same byte for byte; when one folder goes away "
	    "the other copy is completed and the result says so");
}

/* What a reader answers about a file that is no image at all. */
static void
wants_unreadable(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_image i;
	struct ex_reading r = { .container = EX_CONTAINER_E01,
		.npaths = 1,
		.without_landlock = t->s->without_landlock };
	char dir[EX_PATH], path[EX_PATH];
	struct ex_err err = EX_ERR_INIT;
	const char *one = path;

	memset(&i, 0, sizeof(i));
	r.path = &one;
	if (ex_selftest_folder(dir, t, l) == -1 ||
	    ex_path_join(path, EX_PATH, dir, "TEST-I1.E01", NULL) == -1 ||
	    ex_selftest_file(path, 4096, 3, l) == -1)
		return;
	if (ex_selftest_want(l, ex_reading_verify(&i.verdict, &r, &err) == 0,
		"%s", err.text))
		(void)ex_selftest_want(l,
		    i.verdict.result == EX_READING_UNREADABLE &&
			i.verdict.ndigests == 0,
		    "noise is not called unreadable");
	ex_verdict_free(&i.verdict);
}

void
ex_selftest_verdicts(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_image i;

	if (make_set(&i, t, l) == 0 && harm_data(&i, l) == 0 &&
	    ex_selftest_read(&i, t, l) == 0)
		(void)ex_selftest_want(l,
		    i.verdict.result == EX_READING_DAMAGED &&
			!i.verdict.digest_only,
		    "damaged data are not called damaged");
	ex_selftest_image_free(&i);
	wants_unreadable(t, l);
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "damaged data are \"container_damaged\", noise is \"unreadable\"; "
	    "\"digest_differs\" is X-13");
}
