/*
 * test_request.c -- what makes no sense is refused before a byte is read, in
 * one line, and nothing is touched.
 */
#define _GNU_SOURCE /* O_DIRECTORY */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drive.h"
#include "folder.h"
#include "intake/imaging.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

enum {
	SECTORS = 4096,
	BYTES = SECTORS * 512
};

/* A good request, spoilt. */
struct spoilt {
	const char *name;
	void (*spoil)(struct ex_imaging *job);
	enum ex_code code;
	const char *text;
};

static char dir_a[EX_PATH], dir_b[EX_PATH], link_a[EX_PATH], file_c[EX_PATH];
static const char *dirs[9];

static void
no_name(struct ex_imaging *job)
{
	job->name = NULL;
}

static void
name_is_a_path(struct ex_imaging *job)
{
	job->name = "../X";
}

static void
name_too_long(struct ex_imaging *job)
{
	job->name = "ABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJA";
}

static void
no_destination(struct ex_imaging *job)
{
	job->ndir = 0;
}

static void
nine_destinations(struct ex_imaging *job)
{
	for (size_t i = 0; i < COUNT(dirs); i++)
		dirs[i] = dir_a;
	job->ndir = COUNT(dirs);
}

static void
one_folder_twice(struct ex_imaging *job)
{
	dirs[1] = link_a;
	job->ndir = 2;
}

static void
folder_is_missing(struct ex_imaging *job)
{
	dirs[1] = "/nowhere/at/all";
	job->ndir = 2;
}

static void
folder_is_a_file(struct ex_imaging *job)
{
	dirs[1] = file_c;
	job->ndir = 2;
}

static void
offset_inside_a_sector(struct ex_imaging *job)
{
	job->offset = 100;
}

static void
offset_behind_the_end(struct ex_imaging *job)
{
	job->offset = BYTES;
}

static void
length_too_long(struct ex_imaging *job)
{
	job->offset = 512;
	job->length = BYTES;
}

static void
length_inside_a_sector(struct ex_imaging *job)
{
	job->length = 1000;
}

static void
length_wraps(struct ex_imaging *job)
{
	job->offset = 512;
	job->length = UINT64_MAX - 100;
}

static void
tiny_segments(struct ex_imaging *job)
{
	job->segment_size = 4096;
}

static void
huge_segments(struct ex_imaging *job)
{
	job->segment_size = UINT64_MAX;
}

static void
many_retries(struct ex_imaging *job)
{
	job->retries = 5000;
}

static void
coarse(struct ex_imaging *job)
{
	job->granularity = 1 << 20;
}

static void
unknown_digest(struct ex_imaging *job)
{
	job->algs = 1u << EX_ALGS;
}

static void
set_is_there(struct ex_imaging *job)
{
	char path[EX_PATH];

	assert_int_equal(
	    ex_path_join(path, sizeof(path), dir_b, "DISK-I1.E02", NULL), 0);
	assert_int_equal(ex_file_write(path, "x", 1, 0600, NULL), 0);
	dirs[1] = dir_b;
	job->ndir = 2;
}

static const struct spoilt spoilt[] = {
	{ "no name", no_name, EX_USAGE, "an image is named" },
	{ "a path as name", name_is_a_path, EX_USAGE, "an image is named" },
	{ "a name too long", name_too_long, EX_USAGE, "an image is named" },
	{ "no destination", no_destination, EX_USAGE, "destinations" },
	{ "nine destinations", nine_destinations, EX_USAGE, "destinations" },
	{ "one folder twice", one_folder_twice, EX_USAGE, "is named twice" },
	{ "a folder that is missing", folder_is_missing, EX_ABSENT,
	    "no such folder" },
	{ "a file as folder", folder_is_a_file, EX_STATE, "not a folder" },
	{ "an offset inside a sector", offset_inside_a_sector, EX_USAGE,
	    "offset 100" },
	{ "an offset behind the end", offset_behind_the_end, EX_USAGE,
	    "the source has" },
	{ "a length too long", length_too_long, EX_USAGE, "the source has" },
	{ "a length inside a sector", length_inside_a_sector, EX_USAGE,
	    "length 1000" },
	{ "a length that wraps", length_wraps, EX_USAGE, "the source has" },
	{ "tiny segments", tiny_segments, EX_USAGE, "at least" },
	{ "segments beyond all numbers", huge_segments, EX_USAGE, "segments" },
	{ "thousands of retries", many_retries, EX_USAGE, "at most" },
	{ "a million sectors at once", coarse, EX_USAGE, "at most" },
	{ "a digest that is none", unknown_digest, EX_USAGE, "no such" },
	{ "the set is there", set_is_there, EX_EXISTS, "DISK-I1.E02" },
};

static void
make_folders(void)
{
	(void)snprintf(dir_a, sizeof(dir_a), "%s", fresh("a"));
	(void)snprintf(dir_b, sizeof(dir_b), "%s", fresh("b"));
	(void)snprintf(link_a, sizeof(link_a), "%s", in_folder("link"));
	(void)snprintf(file_c, sizeof(file_c), "%s", in_folder("c"));
	(void)unlink(link_a);
	assert_int_equal(symlink("a", link_a), 0);
	assert_int_equal(ex_file_write(file_c, "x", 1, 0600, NULL), 0);
}

static void
nonsense_is_refused_and_nothing_is_touched(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(spoilt); i++) {
		struct drive d = { .sectors = SECTORS, .sector_size = 512 };
		struct ex_imaging job = { .source = drive_open(&d),
			.name = "DISK-I1",
			.dir = dirs,
			.ndir = 1 };
		struct ex_imaging_outcome out;
		struct ex_err err = EX_ERR_INIT;

		print_message("  %s\n", spoilt[i].name);
		make_folders();
		dirs[0] = dir_a;
		if (ex_imaging_check(&job, &err) == -1)
			fail_msg("%s", err.text);
		spoilt[i].spoil(&job);
		assert_int_equal(ex_imaging_run(&out, &job, &err), -1);
		assert_int_equal(err.code, spoilt[i].code);
		if (strstr(err.text, spoilt[i].text) == NULL)
			fail_msg("%s", err.text);
		assert_null(strchr(err.text, '\n'));
		assert_int_equal(d.reads, 0);
		assert_int_equal(count_names(dir_a), 0);
		ex_source_close(job.source);
	}
}

static void
two_runs_do_not_write_one_set(void **state)
{
	struct drive d = { .sectors = SECTORS, .sector_size = 512 };
	struct ex_imaging job = { .source = drive_open(&d),
		.name = "DISK-I1",
		.dir = dirs,
		.ndir = 1 };
	struct ex_imaging_outcome out;
	struct ex_err err = EX_ERR_INIT;
	char temp[EX_PATH];
	int lock;

	(void)state;
	make_folders();
	dirs[0] = dir_a;
	assert_int_equal(
	    ex_path_join(temp, sizeof(temp), dir_a, ".DISK-I1.partial", NULL),
	    0);
	assert_int_equal(mkdir(temp, 0700), 0);
	lock = open(temp, O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(lock, LOCK_EX), 0);
	assert_int_equal(ex_imaging_run(&out, &job, &err), -1);
	assert_int_equal(err.code, EX_CONFLICT);
	assert_true(ex_file_exists(temp));
	/* When the other is dead, what it left is no obstacle. */
	assert_int_equal(close(lock), 0);
	ex_err_clear(&err);
	if (ex_imaging_run(&out, &job, &err) == -1)
		fail_msg("%s", err.text);
	assert_int_equal(out.result, EX_IMAGING_COMPLETE);
	assert_int_equal(count_names(dir_a), 1);
	ex_imaging_outcome_free(&out);
	ex_source_close(job.source);
}

static void
words_are_read_as_they_are_written(void **state)
{
	enum ex_container container;
	enum ex_compression compression;
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	for (int i = 0; i < EX_CONTAINERS; i++) {
		assert_int_equal(
		    ex_container_parse(&container,
			ex_container_text((enum ex_container)i), NULL),
		    0);
		assert_int_equal(container, i);
	}
	for (int i = 0; i < EX_COMPRESSIONS; i++) {
		assert_int_equal(
		    ex_compression_parse(&compression,
			ex_compression_text((enum ex_compression)i), NULL),
		    0);
		assert_int_equal(compression, i);
	}
	assert_int_equal(ex_container_parse(&container, "aff", &err), -1);
	assert_int_equal(err.code, EX_USAGE);
	ex_err_clear(&err);
	assert_int_equal(ex_compression_parse(&compression, "", &err), -1);
	assert_int_equal(err.code, EX_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nonsense_is_refused_and_nothing_is_touched),
		cmocka_unit_test(two_runs_do_not_write_one_set),
		cmocka_unit_test(words_are_read_as_they_are_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
