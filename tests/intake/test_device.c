/*
 * test_device.c -- real block devices of this machine: loop devices and the
 * running system's own.  Only root has them; elsewhere each case says that
 * it was left out, and test_source_system.c still judges all of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/proc.h"
#include "folder.h"
#include "hashing/digest.h"
#include "intake/imaging.h"
#include "intake/source.h"
#include "mounts.h"

enum {
	BYTES = 8 * 1024 * 1024
};

static char device[64], file[EX_PATH];
static int has_mounts;

/* A file with a file system, and a loop device over it; -1: left out. */
static int
make_loop(int read_only)
{
	const char *argv[] = { "mke2fs", "-q", "-F", "-t", "ext4", file, NULL };
	struct ex_proc mkfs = EX_PROC_INIT;
	int status = 1, fd;

	(void)snprintf(file, sizeof(file), "%s", in_folder("disk.img"));
	(void)unlink(file);
	assert_int_equal(ex_file_write(file, "", 0, 0600, NULL), 0);
	assert_int_equal(truncate(file, BYTES), 0);
	mkfs.path =
	    access("/sbin/mke2fs", X_OK) == 0 ? "/sbin/mke2fs" : "mke2fs";
	mkfs.argv = argv;
	if (ex_proc_run(&mkfs, NULL, 0, -1, &status, NULL) == -1 || status != 0)
		fail_msg("mke2fs does not work");
	fd = loop_open(device, sizeof(device), file, read_only);
	if (fd == -1)
		print_message(
		    "LEFT OUT: no loop devices here (%s)\n", strerror(errno));
	return fd;
}

static void
a_device_is_read_past_the_cache_and_says_what_it_is(void **state)
{
	struct ex_imaging_outcome out;
	const char *dir = fresh("a");
	struct ex_imaging job = { .name = "DISK-I1",
		.dir = &dir,
		.ndir = 1,
		.container = EX_CONTAINER_RAW };
	struct ex_err err = EX_ERR_INIT;
	uint8_t want[EX_SHA256_LEN];
	int loop = make_loop(1);

	(void)state;
	if (loop == -1)
		skip();
	assert_int_equal(ex_sha256_file(want, NULL, file, NULL), 0);
	if (ex_source_open(&job.source, device, &err) == -1)
		fail_msg("%s", err.text);
	assert_int_equal(job.source->info.kind, EX_SOURCE_BLOCK);
	assert_int_equal(job.source->info.size, BYTES);
	assert_int_equal(job.source->info.sector_size, 512);
	assert_int_equal(job.source->info.kernel_read_only, EX_YES);
	assert_int_equal(job.source->info.direct, 1);
	assert_string_equal(job.source->info.serial, "unknown");
	assert_string_equal(job.source->info.transport, "loop");
	assert_int_equal(
	    job.source->info.learned[EX_TRAIT_READ_ONLY], EX_LEARNED_KERNEL);
	/* A loop device has no drive: nobody asked, nothing is known. */
	assert_int_equal(job.source->info.drive.hpa, EX_UNKNOWN);
	assert_int_equal(
	    job.source->info.drive.asked[EX_COMMAND_INQUIRY], EX_ASKED_NOT);
	if (ex_imaging_run(&out, &job, &err) == -1)
		fail_msg("%s", err.text);
	assert_int_equal(out.result, EX_IMAGING_COMPLETE);
	assert_memory_equal(out.digest[2].value, want, sizeof(want));
	ex_imaging_outcome_free(&out);
	ex_source_close(job.source);
	(void)close(loop);
}

static void
a_source_that_is_open_cannot_be_mounted(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	const char *point = fresh("m");
	struct ex_source *s;
	int loop = make_loop(0);

	(void)state;
	if (loop == -1)
		skip();
	if (ex_source_open(&s, device, &err) == -1)
		fail_msg("%s", err.text);
	assert_int_equal(s->info.kernel_read_only, EX_NO);
	if (has_mounts) {
		assert_int_equal(mount(device, point, "ext4", 0, NULL), -1);
		assert_int_equal(errno, EBUSY);
	}
	ex_source_close(s);
	(void)close(loop);
}

static void
a_mounted_device_is_refused_and_can_be_looked_at(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	char point[EX_PATH];
	const char *dir = point;
	struct ex_source_avoid avoid = { &dir, 1, "DISK-I1" };
	struct ex_source *s;
	int loop = make_loop(0);

	(void)state;
	if (loop == -1)
		skip();
	(void)snprintf(point, sizeof(point), "%s", fresh("m"));
	if (!has_mounts || mount(device, point, "ext4", 0, NULL) == -1) {
		print_message("LEFT OUT: nothing can be mounted here\n");
		(void)close(loop);
		skip();
	}
	assert_int_equal(ex_source_open(&s, device, &err), -1);
	assert_int_equal(err.code, EX_STATE);
	assert_non_null(strstr(err.text, "is mounted"));
	assert_non_null(strstr(err.text, point));
	ex_err_clear(&err);
	if (ex_source_look(&s, device, &err) == -1)
		fail_msg("%s", err.text);
	assert_int_equal(ex_source_guard(s, &avoid, &err), -1);
	assert_non_null(strstr(err.text, "carries the file system of"));
	ex_source_close(s);
	assert_int_equal(umount(point), 0);
	(void)close(loop);
}

/* The file behind a mounted loop device, while its file system is written. */
static void
a_file_below_its_destination_is_refused(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	char point[EX_PATH], use[EX_ERR_TEXT], other[EX_PATH];
	const char *dir = point;
	struct ex_source_avoid avoid = { &dir, 1, "DISK-I1" };
	struct ex_source *s;
	int loop = make_loop(0);

	(void)state;
	if (loop == -1)
		skip();
	(void)snprintf(point, sizeof(point), "%s", fresh("m"));
	if (!has_mounts || mount(device, point, "ext4", 0, NULL) == -1) {
		print_message("LEFT OUT: nothing can be mounted here\n");
		(void)close(loop);
		skip();
	}
	if (ex_source_open(&s, file, &err) == -1)
		fail_msg("%s", err.text);
	assert_int_equal(ex_source_guard(s, &avoid, &err), -1);
	assert_non_null(strstr(err.text, "carries the file system of"));
	ex_source_close(s);
	/* What a running system's device is used for is one line. */
	ex_err_clear(&err);
	assert_int_equal(ex_source_look(&s, device, &err), 0);
	assert_int_equal(ex_source_in_use(use, s, &err), 0);
	assert_non_null(strstr(use, "is mounted"));
	assert_non_null(strstr(use, point));
	/* It may be read alive where nothing of it is written to. */
	assert_int_equal(ex_source_guard_live(s, &avoid, &err), -1);
	assert_non_null(strstr(err.text, "carries the file system of"));
	ex_err_clear(&err);
	(void)snprintf(other, sizeof(other), "%s", fresh("a"));
	dir = other;
	assert_int_equal(ex_source_guard_live(s, &avoid, &err), 0);
	assert_int_equal(ex_source_guard(s, &avoid, &err), -1);
	assert_non_null(strstr(err.text, "is mounted"));
	ex_err_clear(&err);
	assert_int_equal(umount(point), 0);
	assert_int_equal(ex_source_in_use(use, s, &err), 0);
	assert_string_equal(use, "");
	ex_source_close(s);
	(void)close(loop);
}

/* The device of "/", if it is one and this user can see it. */
static void
the_running_systems_disk_is_refused(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_buf mounts = EX_BUF_INIT;
	char path[256] = "", *save = NULL, *all;
	struct ex_source *s;
	struct stat st;

	(void)state;
	assert_int_equal(
	    ex_file_read(&mounts, "/proc/self/mounts", 1 << 20, NULL), 0);
	all = ex_buf_take_text(&mounts);
	for (char *line = strtok_r(all, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save))
		if (sscanf(line, "%255s / ", path) == 1 &&
		    strstr(line, " / ") != NULL)
			break;
	free(all);
	if (path[0] != '/' || stat(path, &st) == -1 || !S_ISBLK(st.st_mode)) {
		print_message("LEFT OUT: \"/\" lies on no device here\n");
		skip();
	}
	assert_int_equal(ex_source_open(&s, path, &err), -1);
	assert_int_equal(err.code, EX_STATE);
	assert_non_null(strstr(err.text, "holds the running system"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_device_is_read_past_the_cache_and_says_what_it_is),
		cmocka_unit_test(a_source_that_is_open_cannot_be_mounted),
		cmocka_unit_test(
		    a_mounted_device_is_refused_and_can_be_looked_at),
		cmocka_unit_test(a_file_below_its_destination_is_refused),
		cmocka_unit_test(the_running_systems_disk_is_refused),
	};

	has_mounts = mounts_begin() == 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
