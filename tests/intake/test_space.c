/*
 * test_space.c -- a destination without room: foreseen, or told while it
 * happens; never half an image, never "complete".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drive.h"
#include "folder.h"
#include "intake/imaging.h"
#include "mounts.h"

enum {
	SMALL = 24 * 1024 * 1024, /* bytes of the small file system */
	SECTORS = 20000
};

static int has_mounts;
static char small[EX_PATH], large[EX_PATH];

/* The two folders, the first on a file system of SMALL bytes; 0 or -1. */
static int
make_folders(void)
{
	(void)snprintf(large, sizeof(large), "%s", fresh("large"));
	if (small[0] != '\0')
		(void)umount(small);
	(void)snprintf(small, sizeof(small), "%s", fresh("small"));
	if (has_mounts && mount_tmpfs(small, SMALL) == 0)
		return 0;
	print_message("LEFT OUT: no file system can be mounted here\n");
	return -1;
}

/* Take nearly all of the small file system away. */
static void
fill(size_t leave)
{
	char path[EX_PATH + 8];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/filler", small);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(posix_fallocate(fd, 0, (off_t)(SMALL - leave)), 0);
	assert_int_equal(close(fd), 0);
}

static void
what_will_not_fit_is_not_begun(void **state)
{
	(void)state;
	if (make_folders() == -1)
		skip();
	fill(8 * 1024 * 1024);
	for (int i = 0; i < EX_CONTAINERS; i++) {
		struct drive d = { .sectors = SECTORS, .sector_size = 512 };
		const char *dirs[] = { large, small };
		struct ex_imaging job = { .source = drive_open(&d),
			.name = "DISK-I1",
			.dir = dirs,
			.ndir = 2,
			.container = (enum ex_container)i,
			.compression = EX_COMPRESSION_NONE };
		struct ex_imaging_outcome out;
		struct ex_err err = EX_ERR_INIT;

		assert_int_equal(ex_imaging_check(&job, &err), -1);
		assert_int_equal(err.code, EX_LIMIT);
		assert_non_null(strstr(err.text, small));
		assert_non_null(strstr(err.text, "no space"));
		assert_null(strchr(err.text, '\n'));
		ex_err_clear(&err);
		assert_int_equal(ex_imaging_run(&out, &job, &err), -1);
		assert_int_equal(err.code, EX_LIMIT);
		assert_int_equal(d.reads, 0);
		assert_int_equal(count_names(large), 0);
		assert_int_equal(count_names(small), 1);
		ex_source_close(job.source);
	}
}

/* Somebody else fills the disk when the first block has been read. */
static void
fill_up(void *arg, uint64_t done, uint64_t total)
{
	int *is_full = arg;

	(void)done;
	(void)total;
	if (!*is_full)
		fill(5 * 1024 * 1024);
	*is_full = 1;
}

static void
a_disk_that_fills_up_costs_only_its_copy(void **state)
{
	(void)state;
	for (int i = 0; i < EX_CONTAINERS * 2; i++) {
		struct drive d = {
			.sectors = SECTORS, .sector_size = 512, .noise = 1
		};
		const char *dirs[] = { small, large };
		int is_full = 0, alone = i % 2;
		struct ex_imaging job = { .source = drive_open(&d),
			.name = "DISK-I1",
			.dir = dirs,
			.ndir = alone ? 1 : 2,
			.container = (enum ex_container)(i / 2),
			.progress = fill_up,
			.progress_arg = &is_full };
		struct ex_imaging_outcome out;
		struct ex_err err = EX_ERR_INIT;

		if (make_folders() == -1) {
			ex_source_close(job.source);
			skip();
		}
		if (ex_imaging_run(&out, &job, &err) == -1)
			fail_msg("%s", err.text);
		assert_int_equal(out.result,
		    alone ? EX_IMAGING_FAILED : EX_IMAGING_COMPLETE);
		assert_false(out.copy[0].good);
		assert_non_null(strstr(out.copy[0].why.text, "no space left"));
		assert_int_equal(count_names(small), 1);
		if (alone)
			assert_non_null(strstr(out.why.text, "no space left"));
		else
			assert_true(out.copy[1].good);
		assert_int_equal(count_names(large), alone ? 0 : 1);
		ex_imaging_outcome_free(&out);
		ex_source_close(job.source);
	}
}

/* A folder whose disk is full from one question to another. */
static struct {
	const char *dir; /* NULL: none is */
	int from, to, asked;
} pretended;

int __real_ex_imaging_free_bytes(
    uint64_t *out, const char *dir, struct ex_err *err);
int __wrap_ex_imaging_free_bytes(
    uint64_t *out, const char *dir, struct ex_err *err);

int
__wrap_ex_imaging_free_bytes(uint64_t *out, const char *dir, struct ex_err *err)
{
	if (pretended.dir == NULL ||
	    strncmp(dir, pretended.dir, strlen(pretended.dir)) != 0)
		return __real_ex_imaging_free_bytes(out, dir, err);
	pretended.asked++;
	*out =
	    pretended.asked >= pretended.from && pretended.asked < pretended.to
		? 1000
		: UINT64_C(1) << 40;
	return 0;
}

static void
pretend(const char *dir, int from, int to)
{
	pretended.dir = dir;
	pretended.from = from;
	pretended.to = to;
	pretended.asked = 0;
}

static struct {
	int full, again, doubt;
	int makes_room; /* when it hears that there is none */
} heard;

static void
hear(void *arg, const char *line)
{
	char path[EX_PATH + 8];

	(void)arg;
	print_message("    %s\n", line);
	assert_null(strchr(line, '\n'));
	heard.full += strstr(line, "no space left") != NULL;
	heard.again += strstr(line, "there is room") != NULL;
	heard.doubt += strstr(line, "may not hold") != NULL;
	if (!heard.makes_room || heard.full == 0)
		return;
	(void)snprintf(path, sizeof(path), "%s/filler", small);
	(void)unlink(path);
}

static void
run_heard(struct ex_imaging_outcome *out, struct ex_imaging *job)
{
	struct drive d = { .sectors = SECTORS, .sector_size = 512, .noise = 1 };
	struct ex_err err = EX_ERR_INIT;

	job->source = drive_open(&d);
	job->name = "DISK-I1";
	job->notice = hear;
	if (ex_imaging_run(out, job, &err) == -1)
		fail_msg("%s", err.text);
	ex_source_close(job->source);
}

/* No space, one line, room is made, and on it goes. */
static void
a_full_disk_is_waited_for(void **state)
{
	(void)state;
	for (int i = 0; i < EX_CONTAINERS; i++) {
		char dir[EX_PATH];
		const char *dirs[] = { dir };
		struct ex_imaging job = { .dir = dirs,
			.ndir = 1,
			.container = (enum ex_container)i,
			.room_seconds = 60 };
		struct ex_imaging_outcome out;

		memset(&heard, 0, sizeof(heard));
		(void)snprintf(dir, sizeof(dir), "%s", fresh("one"));
		pretend(dir, 3, 6);
		run_heard(&out, &job);
		pretend(NULL, 0, 0);
		assert_int_equal(out.result, EX_IMAGING_COMPLETE);
		assert_int_equal(heard.full, 1);
		assert_int_equal(heard.again, 1);
		ex_imaging_outcome_free(&out);
	}
}

/* The same on a disk that really is, where one can be mounted. */
static void
a_disk_that_gets_full_is_waited_for(void **state)
{
	const char *dirs[] = { small };
	struct ex_imaging job = { .dir = dirs,
		.ndir = 1,
		.compression = EX_COMPRESSION_FAST,
		.room_seconds = 60 };
	struct ex_imaging_outcome out;

	(void)state;
	if (make_folders() == -1)
		skip();
	memset(&heard, 0, sizeof(heard));
	heard.makes_room = 1;
	fill(9 * 1024 * 1024);
	run_heard(&out, &job);
	assert_int_equal(out.result, EX_IMAGING_COMPLETE);
	assert_int_equal(heard.doubt, 1);
	assert_int_equal(heard.full, 1);
	assert_int_equal(heard.again, 1);
	ex_imaging_outcome_free(&out);
}

/* Of two only one is full: it is closed, the other comes to its end. */
static void
one_full_disk_of_two_says_so(void **state)
{
	(void)state;
	for (int i = 0; i < EX_CONTAINERS; i++) {
		char one[EX_PATH], two[EX_PATH];
		const char *dirs[] = { one, two };
		struct ex_imaging job = { .dir = dirs,
			.ndir = 2,
			.container = (enum ex_container)i,
			.keep = 1,
			.mark_bytes = 1 << 20 };
		struct ex_imaging_outcome out;

		(void)snprintf(one, sizeof(one), "%s", fresh("one"));
		(void)snprintf(two, sizeof(two), "%s", fresh("two"));
		pretend(one, 3, 1 << 20);
		run_heard(&out, &job);
		pretend(NULL, 0, 0);
		assert_int_equal(out.result, EX_IMAGING_COMPLETE);
		assert_true(out.copy[0].full);
		assert_false(out.copy[0].good);
		assert_non_null(strstr(out.copy[0].why.text, "no space left"));
		assert_false(out.copy[0].kept);
		assert_int_equal(count_names(one), 0);
		assert_true(out.copy[1].good);
		ex_imaging_outcome_free(&out);
	}
}

/* Nobody makes room: it is kept, and a later run goes on with it. */
static void
a_disk_that_stays_full_pauses(void **state)
{
	(void)state;
	for (int i = 0; i < EX_CONTAINERS; i++) {
		char one[EX_PATH];
		const char *dirs[] = { one };
		struct ex_imaging job = { .dir = dirs,
			.ndir = 1,
			.container = (enum ex_container)i,
			.keep = 1 };
		struct ex_imaging_outcome out;

		(void)snprintf(one, sizeof(one), "%s", fresh("one"));
		pretend(one, 5, 1 << 20);
		run_heard(&out, &job);
		pretend(NULL, 0, 0);
		assert_int_equal(out.result, EX_IMAGING_PAUSED);
		assert_non_null(strstr(out.why.text, "no space left"));
		assert_true(out.copy[0].full && out.copy[0].kept);
		assert_int_equal(count_names(one), 1);
		ex_imaging_outcome_free(&out);

		job.resume = 1;
		run_heard(&out, &job);
		assert_int_equal(out.result, EX_IMAGING_COMPLETE);
		assert_int_equal(out.copy[0].from, 4 << 20);
		ex_imaging_outcome_free(&out);
	}
}

/* Without any mount: no file may grow beyond a limit. */
static int
image_within(rlim_t limit, enum ex_container container)
{
	struct drive d = { .sectors = SECTORS, .sector_size = 512, .noise = 1 };
	struct rlimit r = { limit, limit };
	const char *dir = large;
	struct ex_imaging job = { .source = drive_open(&d),
		.name = "DISK-I1",
		.dir = &dir,
		.ndir = 1,
		.container = container };
	struct ex_imaging_outcome out;
	int ok;

	if (setrlimit(RLIMIT_FSIZE, &r) == -1 ||
	    ex_imaging_run(&out, &job, NULL) == -1)
		return 2;
	ok = out.result == EX_IMAGING_FAILED && !out.copy[0].good &&
	     out.why.text[0] != '\0' && count_names(dir) == 0;
	ex_imaging_outcome_free(&out);
	ex_source_close(job.source);
	return ok ? 0 : 1;
}

static void
a_write_that_fails_is_told(void **state)
{
	(void)state;
	(void)snprintf(large, sizeof(large), "%s", fresh("large"));
	for (int i = 0; i < EX_CONTAINERS; i++) {
		int status = -1;
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			_exit(image_within(3000000, (enum ex_container)i));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_will_not_fit_is_not_begun),
		cmocka_unit_test(a_disk_that_fills_up_costs_only_its_copy),
		cmocka_unit_test(a_full_disk_is_waited_for),
		cmocka_unit_test(a_disk_that_gets_full_is_waited_for),
		cmocka_unit_test(one_full_disk_of_two_says_so),
		cmocka_unit_test(a_disk_that_stays_full_pauses),
		cmocka_unit_test(a_write_that_fails_is_told),
	};
	int rc;

	has_mounts = mounts_begin() == 0;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	if (small[0] != '\0')
		(void)umount(small);
	return rc;
}
