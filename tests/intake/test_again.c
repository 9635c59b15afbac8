/*
 * test_again.c -- a source read a second time: the same, not the same, or not
 * to be had any more; and sources that come back, by what they are known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checked.h"
#include "drive.h"
#include "folder.h"
#include "intake/imaging.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

enum {
	SECTORS = 20000
};

static const struct fault bad[] = { { 0, 2, 0 }, { 4100, 700, 0 },
	{ 19999, 1, 0 } };
static const struct fault later[] = { { 0, 2, 0 }, { 4100, 700, 0 },
	{ 9000, 3, 0 }, { 19999, 1, 0 } };

/* The first run, then a change, then the second. */
static const struct {
	const char *name;
	struct drive drive;
	const struct fault *then; /* four of them, the second time */
	uint64_t vanishes_at;	  /* likewise */
	enum ex_second_result result;
	const char *why;
} cases[] = {
	{ "a good one", { .noise = 1 }, NULL, 0, EX_SECOND_SAME, "" },
	{ "with bad sectors, filled with ones", { .fault = bad, .nfaults = 3 },
	    NULL, 0, EX_SECOND_SAME, "" },
	{ "one sector changes", { .unstable_from = 777, .unstable_count = 1 },
	    NULL, 0, EX_SECOND_DIFFERS, "not stable" },
	{ "the last one changes, beside bad ones",
	    { .unstable_from = 19998,
		.unstable_count = 1,
		.fault = bad,
		.nfaults = 3 },
	    NULL, 0, EX_SECOND_DIFFERS, "not stable" },
	{ "it gets worse", { .fault = bad, .nfaults = 3 }, later, 0,
	    EX_SECOND_UNREADABLE, "3 sectors that were read, from LBA 9000" },
	{ "it goes away and comes back", { .back_after = 1 }, NULL, 9000 * 512,
	    EX_SECOND_SAME, "" },
	{ "it goes away", { .back_after = 0 }, NULL, 9000 * 512,
	    EX_SECOND_UNREADABLE, "went away" },
	{ "it was shorter than it said", { .ends_at = 8000 * 512 }, NULL, 0,
	    EX_SECOND_SAME, "" },
};

static void
a_source_is_read_again_and_compared(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct drive d = cases[i].drive;
		struct ex_imaging job = { .container = EX_CONTAINER_RAW,
			.algs = EX_ALG_BIT(EX_SHA512),
			.wait = 1,
			.fill = 0xff };
		struct ex_imaging_outcome out;
		struct ex_imaging_second second;
		struct ex_err err = EX_ERR_INIT;
		uint64_t before;

		print_message("  %s\n", cases[i].name);
		d.sectors = SECTORS;
		d.sector_size = 512;
		image_to(&out, &job, &d, fresh("a"));
		if (cases[i].then != NULL) {
			d.fault = cases[i].then;
			d.nfaults = 4;
		}
		d.vanishes_at = cases[i].vanishes_at;
		memset(d.tries, 0, sizeof(d.tries));
		job.source = drive_open(&d);
		before = d.reads;
		if (ex_imaging_again(&second, &job, &out, &err) == -1)
			fail_msg("%s", err.text);
		ex_source_close(job.source);
		assert_true(d.reads > before);
		assert_int_equal(second.result, cases[i].result);
		if (strstr(second.why.text, cases[i].why) == NULL)
			fail_msg("it says: %s", second.why.text);
		/* What failed before was left alone. */
		if (cases[i].then == NULL)
			for (size_t k = 0; k < d.nfaults; k++)
				assert_int_equal(d.tries[k], 0);
		if (second.result == EX_SECOND_SAME)
			assert_int_equal(second.bytes,
			    out.bytes - 512 * ex_ranges_filled(&out.bad));
		assert_int_equal(second.ndigests,
		    second.result == EX_SECOND_UNREADABLE ? 0 : 4);
		ex_imaging_outcome_free(&out);
		drive_end(&d);
	}
}

static void
a_second_reading_can_be_stopped(void **state)
{
	volatile sig_atomic_t stop = 0;
	struct drive d = { .sectors = SECTORS, .sector_size = 512 };
	struct ex_imaging job = { .container = EX_CONTAINER_RAW,
		.stop = &stop };
	struct ex_imaging_outcome out;
	struct ex_imaging_second second;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	image_to(&out, &job, &d, fresh("a"));
	d.stop = &stop;
	d.stops_at = 9000 * 512;
	job.source = drive_open(&d);
	assert_int_equal(ex_imaging_again(&second, &job, &out, &err), -1);
	assert_int_equal(err.code, EX_STATE);
	ex_source_close(job.source);
	ex_imaging_outcome_free(&out);
}

/* A file of so many bytes, of this kind of bytes. */
static void
write_file(const char *path, size_t n, uint8_t byte)
{
	uint8_t buf[4096];
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	memset(buf, byte, sizeof(buf));
	assert_int_not_equal(fd, -1);
	for (size_t at = 0; at < n; at += sizeof(buf))
		assert_true(
		    write(fd, buf,
			n - at < sizeof(buf) ? n - at : sizeof(buf)) > 0);
	assert_int_equal(close(fd), 0);
}

/* Real files: what happens to them between the first reading and now. */
static const struct {
	const char *name;
	off_t size; /* -1: as it was */
	off_t patch;
	enum ex_second_result result;
} files[] = {
	{ "as it was", -1, -1, EX_SECOND_SAME },
	{ "a byte changed", -1, 1234567, EX_SECOND_DIFFERS },
	{ "its odd last byte changed", -1, 3000000, EX_SECOND_DIFFERS },
	{ "it grew", 4000000, -1, EX_SECOND_SAME },
	{ "it shrank", 1000000, -1, EX_SECOND_UNREADABLE },
};

static void
a_file_that_changes_between_two_readings_is_not_stable(void **state)
{
	char path[EX_PATH];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s", in_folder("medium"));
	for (size_t i = 0; i < COUNT(files); i++) {
		const char *dir = fresh("a");
		struct ex_imaging job = { .name = "DISK-I1",
			.dir = &dir,
			.ndir = 1,
			.container = EX_CONTAINER_E01 };
		struct ex_imaging_outcome out;
		struct ex_imaging_second second;
		struct ex_err err = EX_ERR_INIT;
		uint64_t now;
		int fd;

		print_message("  %s\n", files[i].name);
		write_file(path, 3000001, 'a');
		if (ex_source_open(&job.source, path, &err) == -1 ||
		    ex_imaging_run(&out, &job, &err) == -1)
			fail_msg("%s", err.text);
		assert_int_equal(out.size_after, 3000001);
		fd = open(path, O_WRONLY);
		if (files[i].size != -1)
			assert_int_equal(ftruncate(fd, files[i].size), 0);
		if (files[i].patch != -1)
			assert_int_equal(pwrite(fd, "b", 1, files[i].patch), 1);
		assert_int_equal(close(fd), 0);
		if (ex_imaging_again(&second, &job, &out, &err) == -1)
			fail_msg("%s", err.text);
		assert_int_equal(second.result, files[i].result);
		assert_int_equal(ex_source_size(job.source, &now, &err), 0);
		if (files[i].size != -1)
			assert_int_equal(now, files[i].size);
		ex_source_close(job.source);
		ex_imaging_outcome_free(&out);
	}
}

/* Devices by what they say of themselves. */
static const struct {
	const char *name;
	const char *was_serial, *now_serial, *was_id, *now_id, *model;
	uint64_t size;
	enum ex_back back;
	const char *says;
} devices[] = {
	{ "the same", "A1", "A1", "x", "x", "M", 512, EX_BACK_SAME, "" },
	{ "at another name", "A1", "A1", "x", "y", "M", 512, EX_BACK_SAME, "" },
	{ "another serial number", "A1", "A2", "x", "x", "M", 512,
	    EX_BACK_OTHER, "\"A2\", not \"A1\"" },
	{ "it says none any more", "A1", "unknown", "unknown", "unknown", "M",
	    512, EX_BACK_OTHER, "no serial number" },
	{ "it never said one, but has a name", "unknown", "unknown", "x", "x",
	    "M", 512, EX_BACK_SAME, "" },
	{ "it has neither", "unknown", "unknown", "unknown", "unknown", "M",
	    512, EX_BACK_OTHER, "cannot be told" },
	{ "another name and no number", "unknown", "unknown", "x", "y", "M",
	    512, EX_BACK_OTHER, "cannot be told" },
	{ "another model with that number", "A1", "A1", "x", "x", "N", 512,
	    EX_BACK_OTHER, "its model is \"N\"" },
	{ "another size", "A1", "A1", "x", "x", "M", 1024, EX_BACK_OTHER,
	    "1024 bytes" },
};

static void
a_device_is_known_by_its_serial_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(devices); i++) {
		struct ex_source_info was = { .kind = EX_SOURCE_BLOCK,
			.size = 512,
			.sector_size = 512,
			.vendor = "V",
			.model = "M" };
		struct ex_source_info now = was;
		struct ex_err err = EX_ERR_INIT;

		print_message("  %s\n", devices[i].name);
		(void)snprintf(was.serial, sizeof(was.serial), "%s",
		    devices[i].was_serial);
		(void)snprintf(
		    was.by_id, sizeof(was.by_id), "%s", devices[i].was_id);
		(void)snprintf(now.serial, sizeof(now.serial), "%s",
		    devices[i].now_serial);
		(void)snprintf(
		    now.by_id, sizeof(now.by_id), "%s", devices[i].now_id);
		(void)snprintf(
		    now.model, sizeof(now.model), "%s", devices[i].model);
		now.size = devices[i].size;
		assert_int_equal(
		    ex_source_same(&was, &now, &err), devices[i].back);
		if (strstr(err.text, devices[i].says) == NULL)
			fail_msg("it says: %s", err.text);
	}
}

/* The file of that path goes, and something is there again. */
static void
a_file_is_known_by_its_inode_and_its_times(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	char path[EX_PATH], aside[EX_PATH];
	struct ex_source *s;
	uint8_t buf[512];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s", in_folder("file"));
	(void)snprintf(aside, sizeof(aside), "%s", in_folder("aside"));
	write_file(path, 8192, 'a');
	if (ex_source_open(&s, path, &err) == -1)
		fail_msg("%s", err.text);
	assert_int_equal(rename(path, aside), 0);
	assert_int_equal(ex_source_again(s, &err), EX_BACK_NOT_YET);
	assert_int_equal(err.code, EX_ABSENT);
	/* Until it is back, nothing is read from anywhere. */
	ex_err_clear(&err);
	assert_int_equal(
	    ex_source_read(s, buf, sizeof(buf), 0, &err), EX_GOT_GONE);
	write_file(path, 8192, 'a');
	ex_err_clear(&err);
	assert_int_equal(ex_source_again(s, &err), EX_BACK_OTHER);
	assert_non_null(strstr(err.text, "another file"));
	write_file(path, 4096, 'a');
	ex_err_clear(&err);
	assert_int_equal(ex_source_again(s, &err), EX_BACK_OTHER);
	assert_non_null(strstr(err.text, "4096 bytes"));
	assert_int_equal(rename(aside, path), 0);
	ex_err_clear(&err);
	assert_int_equal(ex_source_again(s, &err), EX_BACK_SAME);
	assert_int_equal(
	    ex_source_read(s, buf, sizeof(buf), 0, &err), EX_GOT_ALL);
	assert_int_equal(buf[511], 'a');
	ex_source_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_source_is_read_again_and_compared),
		cmocka_unit_test(a_second_reading_can_be_stopped),
		cmocka_unit_test(
		    a_file_that_changes_between_two_readings_is_not_stable),
		cmocka_unit_test(a_device_is_known_by_its_serial_number),
		cmocka_unit_test(a_file_is_known_by_its_inode_and_its_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
