/*
 * selftest_resume.c -- lines about a run that is killed and gone on with.
 */
#include <sys/wait.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cases/selftest_parts.h"

enum {
	MIB = 1 << 20,
	SECTORS = 24 * (MIB / 512)
};

/* Bytes at which a run is killed; the last comes to its end. */
static const uint64_t killed_at[] = { 5 * MIB + 4096, 13 * MIB };

static struct ex_imaging
resumable(const char *const *dir, int resume)
{
	struct ex_imaging job = ex_selftest_job();

	job.dir = dir;
	job.ndir = 1;
	job.compression = EX_COMPRESSION_NONE;
	job.segment_size = 2 * MIB;
	job.keep = 1;
	job.resume = resume;
	job.mark_bytes = MIB;
	return job;
}

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

/* No cleaning up, as after a power cut; what was read has been written. */
static void
die(void *arg)
{
	ex_sleep(*(const int64_t *)arg);
	(void)kill(getpid(), SIGKILL);
}

/* A run in a process of its own that dies on the way; 1 when it did. */
static int
killed_run(const char *const *dir, int resume, uint64_t at, int64_t later)
{
	struct ex_selftest_drive d = noisy_drive();
	struct ex_imaging job = resumable(dir, resume);
	struct ex_imaging_outcome out;
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		d.hook = die;
		d.hook_arg = &later;
		d.hook_at = at;
		job.source = ex_selftest_drive_open(&d);
		(void)ex_imaging_run(&out, &job, NULL);
		_exit(0);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid &&
	       WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* Killed twice, gone on with to its end. */
static int
try_run(struct ex_selftest_image *i, struct ex_selftest *t,
    struct ex_selftest_line *l, int64_t later)
{
	struct ex_selftest_drive d = noisy_drive();
	const char *dir = i->dir;
	struct ex_imaging job = resumable(&dir, 1);
	struct ex_err err = EX_ERR_INIT;
	int rc;

	memset(i, 0, sizeof(*i));
	i->container = job.container;
	if (ex_selftest_folder(i->dir, t, l) == -1)
		return -1;
	for (size_t k = 0; k < sizeof(killed_at) / sizeof(killed_at[0]); k++)
		if (!ex_selftest_want(l,
			killed_run(&dir, k > 0, killed_at[k], later),
			"a run could not be killed at byte %" PRIu64,
			killed_at[k]))
			return -1;
	job.source = ex_selftest_drive_open(&d);
	rc = ex_imaging_run(&i->out, &job, &err);
	ex_source_close(job.source);
	if (!ex_selftest_want(l, rc == 0, "%s", err.text) ||
	    !ex_selftest_want(l, i->out.copy[0].good, "no good copy: %s",
		i->out.copy[0].why.text))
		return -1;
	return 0;
}

/* The same, with the image read back; a slow disk gets more time to write. */
static int
resumed_run(struct ex_selftest_image *i, struct ex_selftest *t,
    struct ex_selftest_line *l)
{
	static const int64_t later[] = { EX_SECOND / 4, EX_SECOND,
		4 * EX_SECOND };

	for (size_t k = 0; k < sizeof(later) / sizeof(later[0]); k++) {
		if (k > 0)
			ex_selftest_image_free(i);
		if (try_run(i, t, l, later[k]) == -1)
			return -1;
		if (i->out.copy[0].from > 0)
			break;
	}
	(void)ex_selftest_want(l, i->out.copy[0].from > 0,
	    "it was begun anew and not gone on with");
	return ex_selftest_read(i, t, l);
}

void
ex_selftest_resume(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_drive d = noisy_drive();
	struct ex_digest_value truth[EX_ALGS];
	struct ex_selftest_image i;
	size_t n = 0;

	if (resumed_run(&i, t, l) == 0) {
		(void)ex_selftest_want(l,
		    ex_selftest_truth(
			truth, &n, &d, 0, (uint64_t)SECTORS * 512) == 0 &&
			i.out.result == EX_IMAGING_COMPLETE &&
			ex_selftest_same(
			    truth, n, i.out.digest, i.out.ndigests),
		    "the digest of a resumed run is not an unbroken one's");
		(void)ex_selftest_want(l,
		    i.verdict.result == EX_READING_WHOLE &&
			ex_selftest_same(
			    truth, n, i.verdict.digest, i.verdict.ndigests),
		    "the image of a resumed run is another: %.200s",
		    i.verdict.text);
		ex_selftest_say(l, EX_SELFTEST_PASS,
		    "killed at byte %" PRIu64 " and %" PRIu64
		    ", gone on with from %" PRIu64
		    ": digests and image are an unbroken run's",
		    killed_at[0], killed_at[1], i.out.copy[0].from);
	}
	ex_selftest_image_free(&i);
}

void
ex_selftest_head(struct ex_selftest *t, struct ex_selftest_line *l)
{
	struct ex_selftest_image i;

	if (resumed_run(&i, t, l) == 0) {
		(void)ex_selftest_want(l,
		    i.out.read_again >= i.out.copy[0].from,
		    "of %" PRIu64 " bytes %" PRIu64 " are told as read again",
		    i.out.copy[0].from, i.out.read_again);
		ex_selftest_say(l, EX_SELFTEST_PASS,
		    "%" PRIu64 " bytes were read again from the source, and "
		    "that is told",
		    i.out.read_again);
	}
	ex_selftest_image_free(&i);
}
