/*
 * test_resume.c -- imaging that is killed at any moment, and gone on with
 * until it is whole: the same digests as an unbroken run, in every copy.
 *
 * EXHIBIT_ROUNDS says how often (10), EXHIBIT_SEED how the dice fall; the
 * seed is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/wait.h>

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/codec.h"
#include "intake/journal.h"
#include "made.h"

#include "folder.h"

enum {
	SECTORS = 20 * 2048 + 300, /* twenty MiB and not a whole block */
	KILLS = 3,		   /* of one image, at most */
	MARK = 1 << 20
};

static uint64_t dice;

static uint64_t
roll(uint64_t n)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return dice % n;
}

static uint64_t
number(const char *name, uint64_t usual)
{
	const char *text = getenv(name);

	return text == NULL ? usual : strtoull(text, NULL, 10);
}

static const struct fault faults[] = { { 5000, 3, 0 }, { 9999, 1, 0 },
	{ 10001, 1, 0 }, { 20480, 40, 0 }, { SECTORS - 1, 1, 0 } };

static struct drive
usual_drive(void)
{
	return (struct drive){ .sectors = SECTORS,
		.sector_size = 512,
		.fault = faults,
		.nfaults = sizeof(faults) / sizeof(faults[0]) };
}

static struct ex_imaging
usual_job(const char *const *dirs, size_t n)
{
	return (struct ex_imaging){ .name = "DISK-I1",
		.dir = dirs,
		.ndir = n,
		.keep = 1,
		.mark_bytes = MARK };
}

/* At this byte of the media the process dies, a little later. */
static void
die_at(void *arg, uint64_t done, uint64_t total)
{
	const uint64_t *at = arg;

	(void)total;
	if (done < *at)
		return;
	ex_sleep((int64_t)(*at % 20000));
	(void)raise(SIGKILL);
}

static int
run_child(struct ex_imaging *job)
{
	struct drive d = usual_drive();
	struct ex_imaging_outcome out;
	struct ex_err err = EX_ERR_INIT;

	job->source = drive_open(&d);
	if (ex_imaging_run(&out, job, &err) == -1) {
		(void)fprintf(stderr, "    %s\n", err.text);
		return 1;
	}
	return out.result == EX_IMAGING_WITH_ERRORS ? 0 : 2;
}

/* A run that is killed; 1 when it came to its end before. */
static int
killed_run(struct ex_imaging *job)
{
	int by_time = roll(3) == 0, status = 0;
	uint64_t at = roll((uint64_t)SECTORS * 512);
	int64_t wait = (int64_t)roll(60000);
	pid_t pid;

	job->progress = by_time ? NULL : die_at;
	job->progress_arg = &at;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(run_child(job));
	if (by_time) {
		ex_sleep(wait);
		(void)kill(pid, SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	job->progress = NULL;
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		fail_msg("it failed instead of dying");
	return WIFEXITED(status);
}

/* As a power cut leaves it: what was not synced yet is noise, or gone. */
static void
cut_power(const char *dir)
{
	char path[EX_PATH];
	uint8_t noise[64];
	off_t end;
	int fd;

	(void)snprintf(
	    path, sizeof(path), "%.4000s/.DISK-I1.partial/journal", dir);
	if ((fd = open(path, O_RDWR | O_CLOEXEC)) == -1)
		return;
	end = lseek(fd, 0, SEEK_END);
	if (roll(2) == 0 && end > 40)
		assert_int_equal(ftruncate(fd, end - (off_t)roll(40)), 0);
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)roll(256);
	(void)lseek(fd, 0, SEEK_END);
	if (roll(2) == 0)
		assert_int_equal(
		    write(fd, noise, 1 + roll(63)) > 0 ? 0 : -1, 0);
	(void)close(fd);
}

static void
check_copy(const struct ex_imaging *job, const struct ex_image_copy *copy,
    const struct ex_imaging_outcome *want)
{
	struct made m = { .n = copy->nsegments };
	struct ex_verdict v;

	assert_true(copy->good);
	assert_true(copy->nsegments <= SEGMENTS);
	for (size_t i = 0; i < m.n; i++) {
		m.path[i] = copy->segment[i].path;
		if (job->segment_size != 0)
			assert_true(copy->segment[i].size <= job->segment_size);
	}
	verify_image(&v, &m, job->container);
	if (v.result != EX_READING_WHOLE)
		fail_msg("read back: %s", v.text);
	assert_int_equal(v.ndigests, want->ndigests);
	for (size_t i = 0; i < v.ndigests; i++)
		assert_memory_equal(
		    v.digest[i].value, want->digest[i].value, v.digest[i].len);
	/* And the journal, until the caller says that it is settled. */
	assert_int_equal(count_names(copy->dir), copy->nsegments + 1);
	assert_int_equal(ex_imaging_settled(copy->dir, job->name, NULL), 0);
	assert_int_equal(count_names(copy->dir), copy->nsegments);
	ex_verdict_free(&v);
}

static void
check_outcome(const struct ex_imaging *job, const struct ex_imaging_outcome *is,
    const struct ex_imaging_outcome *want)
{
	assert_int_equal(is->result, want->result);
	assert_int_equal(is->bytes, want->bytes);
	assert_int_equal(is->ndigests, want->ndigests);
	for (size_t i = 0; i < is->ndigests; i++)
		assert_memory_equal(is->digest[i].value, want->digest[i].value,
		    is->digest[i].len);
	assert_int_equal(is->bad.n, want->bad.n);
	for (size_t i = 0; i < is->bad.n; i++) {
		assert_int_equal(is->bad.at[i].lba, want->bad.at[i].lba);
		assert_int_equal(is->bad.at[i].count, want->bad.at[i].count);
		assert_int_equal(is->bad.at[i].status, want->bad.at[i].status);
	}
	for (size_t i = 0; i < is->ncopies; i++)
		check_copy(job, &is->copy[i], want);
}

/* The run to its end; 1 when it went on with something. */
static int
last_run(struct ex_imaging *job, const struct ex_imaging_outcome *want)
{
	struct drive d = usual_drive();
	struct ex_imaging_outcome out;
	struct ex_err err = EX_ERR_INIT;
	int went_on;

	job->source = drive_open(&d);
	if (ex_imaging_run(&out, job, &err) == -1)
		fail_msg("%s", err.text);
	ex_source_close(job->source);
	went_on = out.copy[0].from > 0;
	print_message("    %s%s%s\n", out.copy[0].note,
	    out.why.text[0] == '\0' ? "" : ": ", out.why.text);
	check_outcome(job, &out, want);
	ex_imaging_outcome_free(&out);
	return went_on;
}

static void
unbroken(struct ex_imaging_outcome *out)
{
	struct drive d = usual_drive();
	const char *dir = fresh("unbroken");
	struct ex_imaging job = usual_job(&dir, 1);
	struct ex_err err = EX_ERR_INIT;

	job.container = EX_CONTAINER_RAW;
	job.source = drive_open(&d);
	if (ex_imaging_run(out, &job, &err) == -1)
		fail_msg("%s", err.text);
	ex_source_close(job.source);
	assert_int_equal(out->result, EX_IMAGING_WITH_ERRORS);
}

/* One image, killed up to KILLS times. */
static int
round_of(const struct ex_imaging_outcome *want)
{
	char one[EX_PATH], two[EX_PATH];
	const char *dirs[] = { one, two };
	struct ex_imaging job = usual_job(dirs, 1 + roll(2));
	uint64_t kills = 1 + roll(KILLS);
	int done = 0;

	(void)snprintf(one, sizeof(one), "%s", fresh("one"));
	(void)snprintf(two, sizeof(two), "%s", fresh("two"));
	job.container = (enum ex_container)roll(EX_CONTAINERS);
	job.compression = (enum ex_compression)roll(EX_COMPRESSIONS);
	if (roll(2) == 0)
		job.segment_size = (1 + roll(3)) << 20;
	print_message("  %s %s, segments of %" PRIu64 ", %zu copies, %" PRIu64
		      " kills\n",
	    ex_container_text(job.container),
	    ex_compression_text(job.compression), job.segment_size, job.ndir,
	    kills);
	for (uint64_t i = 0; i < kills && !done; i++) {
		done = killed_run(&job);
		job.resume = 1;
		if (!done && roll(3) == 0)
			cut_power(one);
	}
	return done ? 0 : last_run(&job, want);
}

static void
killed_at_any_moment_it_comes_to_the_same(void **state)
{
	uint64_t rounds = number("EXHIBIT_ROUNDS", 10), went_on = 0;
	struct ex_imaging_outcome want;

	(void)state;
	dice = number("EXHIBIT_SEED", (uint64_t)ex_now()) | 1;
	print_message("  EXHIBIT_SEED=%" PRIu64 "\n", dice);
	unbroken(&want);
	for (uint64_t i = 0; i < rounds; i++)
		went_on += (uint64_t)round_of(&want);
	print_message(
	    "  %" PRIu64 " of %" PRIu64 " went on\n", went_on, rounds);
	ex_imaging_outcome_free(&want);
}

/* Stopped by a signal: nothing that was read is lost. */
static void
stop_at(void *arg, uint64_t done, uint64_t total)
{
	volatile sig_atomic_t *stop = arg;

	if (done >= total / 2)
		*stop = 1;
}

/* Half an image, well kept. */
static void
stopped_run(struct ex_imaging *job)
{
	volatile sig_atomic_t stop = 0;
	struct drive d = usual_drive();
	struct ex_imaging_outcome out;
	struct ex_err err = EX_ERR_INIT;

	job->progress = stop_at;
	job->progress_arg = (void *)(uintptr_t)&stop;
	job->stop = &stop;
	job->source = drive_open(&d);
	/* Marks come rarely: only the stop itself makes one. */
	job->mark_bytes = 0;
	if (ex_imaging_run(&out, job, &err) == -1)
		fail_msg("%s", err.text);
	ex_source_close(job->source);
	assert_int_equal(out.result, EX_IMAGING_PAUSED);
	assert_true(out.copy[0].kept);
	assert_int_equal(count_names(job->dir[0]), 1);
	assert_true(out.bytes > 0 && out.bytes < SECTORS * 512);
	ex_imaging_outcome_free(&out);
	job->progress = NULL;
	job->stop = NULL;
	job->resume = 1;
}

static void
stopped_it_keeps_everything(void **state)
{
	struct ex_imaging_outcome want, out;

	(void)state;
	unbroken(&want);
	for (int i = 0; i < EX_CONTAINERS; i++) {
		struct drive d = usual_drive();
		const char *dir = fresh("stopped");
		struct ex_imaging job = usual_job(&dir, 1);
		struct ex_err err = EX_ERR_INIT;

		job.container = (enum ex_container)i;
		stopped_run(&job);
		job.source = drive_open(&d);
		if (ex_imaging_run(&out, &job, &err) == -1)
			fail_msg("%s", err.text);
		assert_true(out.copy[0].from >= want.bytes / 2);
		assert_int_equal(out.read_again, out.copy[0].from);
		ex_source_close(job.source);
		check_outcome(&job, &out, &want);
		ex_imaging_outcome_free(&out);
	}
	ex_imaging_outcome_free(&want);
}

/* What is refused is left as it was, to be gone on with by the right one. */
static void
another_medium_is_refused(void **state)
{
	static const struct {
		const char *what, *serial;
		uint64_t sectors;
		const char *says;
	} other[] = {
		{ "another serial", "FAKE-2", SECTORS, "FAKE-2" },
		{ "another size", "FAKE-1", SECTORS + 8, "source_size" },
	};
	struct ex_imaging_outcome want;
	const char *dir = fresh("one");
	struct ex_imaging job = usual_job(&dir, 1);

	(void)state;
	unbroken(&want);
	stopped_run(&job);
	for (size_t i = 0; i < 2; i++) {
		struct drive d = usual_drive();
		struct ex_imaging_outcome out;
		struct ex_err err = EX_ERR_INIT;

		d.sectors = other[i].sectors;
		job.source = drive_open(&d);
		(void)snprintf(job.source->info.serial,
		    sizeof(job.source->info.serial), "%s", other[i].serial);
		assert_int_equal(ex_imaging_run(&out, &job, &err), -1);
		print_message("    %s: %s\n", other[i].what, err.text);
		assert_int_equal(err.code, EX_STATE);
		assert_non_null(strstr(err.text, other[i].says));
		assert_int_equal(d.reads, 0);
		ex_source_close(job.source);
	}
	assert_true(last_run(&job, &want));
	ex_imaging_outcome_free(&want);
}

/* A head that is not what it was: never a good copy with its digests. */
static void
a_head_that_changed_is_not_whole(void **state)
{
	const char *dir = fresh("one");
	struct ex_imaging job = usual_job(&dir, 1);
	struct drive d = usual_drive();
	struct ex_imaging_outcome out;
	struct ex_err err = EX_ERR_INIT;
	struct made m = { .n = 0 };
	struct ex_verdict v;

	(void)state;
	job.container = EX_CONTAINER_RAW;
	stopped_run(&job);
	d.generation = 1;
	job.source = drive_open(&d);
	if (ex_imaging_run(&out, &job, &err) == -1)
		fail_msg("%s", err.text);
	ex_source_close(job.source);
	assert_true(out.copy[0].from > 0);
	m.n = out.copy[0].nsegments;
	m.path[0] = out.copy[0].segment[0].path;
	verify_image(&v, &m, job.container);
	assert_memory_not_equal(
	    v.digest[0].value, out.digest[0].value, v.digest[0].len);
	ex_verdict_free(&v);
	ex_imaging_outcome_free(&out);
}

/* Sectors that the image has and the source has no more: paused, said so. */
static void
a_head_that_fails_now_loses_nothing(void **state)
{
	static const struct fault late[] = { { 100, 1, 0 } };
	const char *dir = fresh("one");
	struct ex_imaging job = usual_job(&dir, 1);
	struct drive d = usual_drive();
	struct ex_imaging_outcome out;
	struct ex_imaging_outcome want;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	unbroken(&want);
	stopped_run(&job);
	d.fault = late;
	d.nfaults = 1;
	job.source = drive_open(&d);
	if (ex_imaging_run(&out, &job, &err) == -1)
		fail_msg("%s", err.text);
	ex_source_close(job.source);
	print_message("    %s\n", out.why.text);
	assert_int_equal(out.result, EX_IMAGING_PAUSED);
	assert_non_null(strstr(out.why.text, "100"));
	ex_imaging_outcome_free(&out);
	assert_true(last_run(&job, &want));
	ex_imaging_outcome_free(&want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed_at_any_moment_it_comes_to_the_same),
		cmocka_unit_test(stopped_it_keeps_everything),
		cmocka_unit_test(another_medium_is_refused),
		cmocka_unit_test(a_head_that_changed_is_not_whole),
		cmocka_unit_test(a_head_that_fails_now_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
