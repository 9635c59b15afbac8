/*
 * selftest_source.c -- lines about the source: what is said of it, that it is
 * not changed, and what happens when it misbehaves.
 */
#include <sys/stat.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/selftest_parts.h"
#include "intake/hardware.h"
#include "hashing/digest.h"

enum {
	SECTORS = 8192,
	GOES_AT = 6000 /* sector where a drive goes away */
};

static struct ex_selftest_drive
usual_drive(void)
{
	struct ex_selftest_drive d;

	memset(&d, 0, sizeof(d));
	d.sectors = SECTORS;
	d.sector_size = 512;
	return d;
}

/* A file, opened as a source; its path. */
static struct ex_source *
open_file(char path[EX_PATH], struct ex_selftest *t, struct ex_selftest_line *l,
    uint64_t n)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_source *s = NULL;
	char dir[EX_PATH];

	if (ex_selftest_folder(dir, t, l) == -1 ||
	    ex_path_join(path, EX_PATH, dir, "source", NULL) == -1 ||
	    ex_selftest_file(path, n, 2, l) == -1)
		return NULL;
	(void)ex_selftest_want(
	    l, ex_source_open(&s, path, &err) == 0, "%s", err.text);
	return s;
}

void
ex_selftest_interface(struct ex_selftest *t, struct ex_selftest_line *l)
{
	char path[EX_PATH];
	struct ex_source *s = open_file(path, t, l, 4096);

	if (s == NULL)
		return;
	(void)ex_selftest_want(l,
	    strcmp(ex_source_kind_text(s->info.kind), "file") == 0 &&
		s->info.transport[0] != '\0' && s->info.serial[0] != '\0',
	    "a file is told as something else, or nothing is told");
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "a file is told as \"%s\", transport \"%s\", read past the cache: "
	    "%s",
	    ex_source_kind_text(s->info.kind), s->info.transport,
	    s->info.direct ? "yes" : "no");
	ex_source_close(s);
}

/* Everything of a file that could tell that somebody touched it. */
struct trace {
	struct stat st;
	uint8_t sha256[EX_SHA256_LEN];
};

static int
take_trace(struct trace *to, const char *path)
{
	return ex_sha256_file(to->sha256, NULL, path, NULL) == 0 &&
	       stat(path, &to->st) == 0;
}

static int
is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

void
ex_selftest_source_unchanged(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_imaging job = ex_selftest_job();
	struct ex_selftest_image i;
	struct trace before, after;
	char path[EX_PATH];
	struct ex_source *s = open_file(path, t, l, 3000000);

	if (s == NULL || !ex_selftest_want(l, take_trace(&before, path),
			     "it cannot be read")) {
		ex_source_close(s);
		return;
	}
	if (ex_selftest_make(&i, t, l, &job, s) == 0 &&
	    ex_selftest_want(
		l, take_trace(&after, path), "it cannot be read")) {
		(void)ex_selftest_want(l,
		    memcmp(before.sha256, after.sha256, EX_SHA256_LEN) == 0 &&
			before.st.st_size == after.st.st_size,
		    "the source's bytes changed");
		(void)ex_selftest_want(l,
		    is_same_time(&before.st.st_mtim, &after.st.st_mtim) &&
			is_same_time(&before.st.st_ctim, &after.st.st_ctim),
		    "the source's times changed");
		ex_selftest_say(l, EX_SELFTEST_PASS,
		    "digest, size, time of change and of status are the same "
		    "before and after; the source is opened to be read only");
	}
	ex_selftest_image_free(&i);
}

void
ex_selftest_unstable(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_drive d = usual_drive();
	struct ex_imaging job = ex_selftest_job();
	struct ex_imaging_second second;
	struct ex_selftest_image i;
	struct ex_err err = EX_ERR_INIT;

	d.changes_from = 4000;
	d.changes_count = 1;
	for (int changed = 0; changed <= 1; changed++) {
		d.second = 0;
		if (ex_selftest_make(
			&i, t, l, &job, ex_selftest_drive_open(&d)) == 0) {
			d.second = changed;
			job.source = ex_selftest_drive_open(&d);
			(void)ex_selftest_want(l,
			    ex_imaging_again(&second, &job, &i.out, &err) == 0,
			    "%s", err.text);
			(void)ex_selftest_want(l,
			    second.result ==
				(changed ? EX_SECOND_DIFFERS : EX_SECOND_SAME),
			    "a source that %s is told as \"%s\"",
			    changed ? "changed" : "did not change",
			    ex_second_text(second.result));
			ex_source_close(job.source);
			job.source = NULL;
		}
		ex_selftest_image_free(&i);
	}
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "read again, one changed sector is told as \"differs\", none as "
	    "\"same\"");
}

/* Run over a drive that goes away, and comes back as what it says. */
static void
goes_away(struct ex_selftest *t, struct ex_selftest_line *l, const char *as,
    struct ex_imaging_outcome *out)
{
	struct ex_selftest_drive d = usual_drive();
	struct ex_imaging job = ex_selftest_job();
	struct ex_err err = EX_ERR_INIT;
	char dir[EX_PATH];
	const char *to = dir;

	memset(out, 0, sizeof(*out));
	if (ex_selftest_folder(dir, t, l) == -1)
		return;
	d.vanishes_at = (uint64_t)GOES_AT * 512;
	d.back_as = as;
	job.wait = as == NULL ? 1 : 10;
	job.dir = &to;
	job.ndir = 1;
	job.source = ex_selftest_drive_open(&d);
	(void)ex_selftest_want(
	    l, ex_imaging_run(out, &job, &err) == 0, "%s", err.text);
	ex_source_close(job.source);
}

void
ex_selftest_other_serial(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_imaging_outcome out;

	goes_away(t, l, "SCRIPTED-2", &out);
	(void)ex_selftest_want(l,
	    out.result == EX_IMAGING_TRUNCATED ||
		out.result == EX_IMAGING_ABORTED ||
		out.result == EX_IMAGING_FAILED,
	    "another device is read on: \"%s\"",
	    ex_imaging_result_text(out.result));
	(void)ex_selftest_want(l, out.bytes <= (uint64_t)GOES_AT * 512,
	    "bytes of another device are in the image");
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "another serial number on the same node is not read on: \"%s\"",
	    ex_imaging_result_text(out.result));
	ex_imaging_outcome_free(&out);
}

void
ex_selftest_vanishes(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_drive whole = usual_drive();
	struct ex_digest_value truth[EX_ALGS];
	struct ex_imaging_outcome out;
	size_t n = 0;

	goes_away(t, l, "SCRIPTED-1", &out);
	(void)ex_selftest_want(l,
	    ex_selftest_truth(truth, &n, &whole, 0, (uint64_t)SECTORS * 512) ==
		    0 &&
		out.result == EX_IMAGING_COMPLETE &&
		ex_selftest_same(truth, n, out.digest, out.ndigests),
	    "a device that came back is not read to its end: \"%s\"",
	    ex_imaging_result_text(out.result));
	ex_imaging_outcome_free(&out);
	goes_away(t, l, NULL, &out);
	(void)ex_selftest_want(l,
	    out.result != EX_IMAGING_COMPLETE &&
		out.result != EX_IMAGING_WITH_ERRORS,
	    "a device that stayed away is called \"%s\"",
	    ex_imaging_result_text(out.result));
	ex_selftest_say(l, EX_SELFTEST_PASS,
	    "the same serial number that comes back is read to its end; one "
	    "that stays away ends it as \"%s\", not as zeroes",
	    ex_imaging_result_text(out.result));
	ex_imaging_outcome_free(&out);
}

/* The block device that carries a folder, if it can be opened to look. */
static int
system_device(char out[EX_PATH], struct ex_source **s)
{
	FILE *mounts = fopen("/proc/self/mounts", "re");
	char line[EX_PATH], device[1024];
	int found = 0;

	while (mounts != NULL && !found &&
	       fgets(line, sizeof(line), mounts) != NULL) {
		if (sscanf(line, "%1023s", device) != 1 || device[0] != '/' ||
		    ex_source_look(s, device, NULL) == -1)
			continue;
		if ((*s)->info.kind == EX_SOURCE_BLOCK) {
			(void)snprintf(out, EX_PATH, "%s", device);
			found = 1;
		} else {
			ex_source_close(*s);
			*s = NULL;
		}
	}
	if (mounts != NULL)
		(void)fclose(mounts);
	return found;
}

void
ex_selftest_refusals(struct ex_selftest *t, struct ex_selftest_line *l)
{
	char dir[EX_PATH], path[EX_PATH], device[EX_PATH];
	const char *to = dir;
	struct ex_source_avoid avoid = { &to, 1, "TEST-I1" };
	struct ex_err err = EX_ERR_INIT;
	struct ex_source *s = NULL;
	int with_device;

	if (ex_selftest_folder(dir, t, l) == -1 ||
	    ex_path_join(path, EX_PATH, dir, "TEST-I1.E01", NULL) == -1 ||
	    ex_selftest_file(path, 4096, 4, l) == -1)
		return;
	if (ex_selftest_want(
		l, ex_source_open(&s, path, &err) == 0, "%s", err.text))
		(void)ex_selftest_want(l,
		    ex_source_guard(s, &avoid, &err) == -1,
		    "a file of the image set itself is taken as source");
	ex_source_close(s);
	s = NULL;
	with_device = system_device(device, &s);
	if (with_device) {
		struct ex_err why = EX_ERR_INIT;

		(void)ex_selftest_want(l,
		    ex_source_guard(s, &avoid, &why) == -1,
		    "%.200s, which is mounted, is taken as source", device);
		ex_source_close(s);
	}
	if (with_device)
		ex_selftest_say(l, EX_SELFTEST_PASS,
		    "refused: a file of the image set, and %.200s, which is "
		    "mounted",
		    device);
	else
		ex_selftest_say(l, EX_SELFTEST_PASS,
		    "refused: a file of the image set; no mounted block device "
		    "can be looked at here, so that part was not tried");
}

/* What no hardware here can prove, in the words of intake/hardware.h. */
static void
on_hardware(struct ex_selftest_line *l, const char *id)
{
	const struct ex_hardware_mark *mark = ex_hardware_mark(id);

	if (mark == NULL)
		ex_selftest_say(l, EX_SELFTEST_NOT_HERE,
		    "needs a drive with it; none is asked by a self-test");
	else
		ex_selftest_say(l, EX_SELFTEST_NOT_ON_HARDWARE, "%s", mark->en);
}

void
ex_selftest_hpa(struct ex_selftest *t, struct ex_selftest_line *l)
{
	(void)t;
	on_hardware(l, "hpa");
}

void
ex_selftest_nvme(struct ex_selftest *t, struct ex_selftest_line *l)
{
	(void)t;
	on_hardware(l, "nvme_identity");
}

void
ex_selftest_smart(struct ex_selftest *t, struct ex_selftest_line *l)
{
	(void)t;
	on_hardware(l, "smart");
}
