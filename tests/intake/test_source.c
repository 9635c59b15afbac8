/*
 * test_source.c -- files and devices that are read and never written, and
 * those that are refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "folder.h"
#include "hashing/digest.h"
#include "intake/imaging.h"
#include "intake/source.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

enum {
	NOBODY = 65534
};

static void
put_file(const char *name, size_t n)
{
	uint8_t *bytes = malloc(n + 1);

	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	assert_int_equal(
	    ex_file_write(in_folder(name), bytes, n, 0644, NULL), 0);
	free(bytes);
}

static void
make_empty(const char *path)
{
	(void)path;
	put_file("x", 0);
}

static void
make_folder(const char *path)
{
	assert_int_equal(mkdir(path, 0755), 0);
}

static void
make_pipe(const char *path)
{
	assert_int_equal(mkfifo(path, 0644), 0);
}

static void
make_dangling(const char *path)
{
	assert_int_equal(symlink("nowhere", path), 0);
}

static void
make_nothing(const char *path)
{
	(void)path;
}

static void
make_null(const char *path)
{
	assert_int_equal(symlink("/dev/null", path), 0);
}

static const struct {
	const char *name;
	void (*make)(const char *path);
	enum ex_code code;
	const char *text;
} refused[] = {
	{ "missing", make_nothing, EX_ABSENT, "there is no such source" },
	{ "a dangling link", make_dangling, EX_ABSENT,
	    "there is no such source" },
	{ "a folder", make_folder, EX_STATE, "is a folder" },
	{ "a pipe", make_pipe, EX_STATE, "neither a file nor a block device" },
	{ "a character device", make_null, EX_STATE,
	    "neither a file nor a block device" },
	{ "empty", make_empty, EX_STATE, "is empty" },
};

static void
what_is_no_source_is_refused_in_one_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		const char *path = in_folder("x");
		struct ex_err err = EX_ERR_INIT;
		struct ex_source *s;

		print_message("  %s\n", refused[i].name);
		assert_int_equal(ex_remove_tree(path, NULL), 0);
		refused[i].make(path);
		assert_int_equal(ex_source_open(&s, path, &err), -1);
		assert_null(s);
		assert_int_equal(err.code, refused[i].code);
		if (strstr(err.text, refused[i].text) == NULL)
			fail_msg("%s", err.text);
		assert_null(strchr(err.text, '\n'));
		assert_int_equal(ex_remove_tree(path, NULL), 0);
	}
}

/* As somebody who may not: root may read everything. */
static void
what_may_not_be_read_is_refused(void **state)
{
	int status = 0;
	pid_t pid;

	(void)state;
	put_file("closed", 100);
	assert_int_equal(chmod(in_folder("closed"), 0), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_source *s;

		if (geteuid() == 0 && setuid(NOBODY) == -1)
			_exit(2);
		_exit(ex_source_open(&s, in_folder("closed"), &err) == -1 &&
			      strstr(err.text, "cannot be read") != NULL
			  ? 0
			  : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
a_file_says_what_it_is(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_source *s;

	(void)state;
	put_file("plain", 1000);
	(void)unlink(in_folder("link"));
	assert_int_equal(symlink("plain", in_folder("link")), 0);
	if (ex_source_open(&s, in_folder("link"), &err) == -1)
		fail_msg("%s", err.text);
	assert_string_equal(ex_path_base(s->info.path), "plain");
	assert_int_equal(s->info.kind, EX_SOURCE_FILE);
	assert_int_equal(s->info.size, 1000);
	assert_int_equal(s->info.sector_size, 512);
	assert_string_equal(s->info.serial, "unknown");
	assert_string_equal(s->info.by_id, "unknown");
	assert_int_equal(s->info.kernel_read_only, EX_UNKNOWN);
	ex_source_close(s);
}

static void
a_file_that_shrinks_ends(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct ex_source *s;
	uint8_t buf[1000];

	(void)state;
	put_file("shrinks", 1000);
	assert_int_equal(ex_source_open(&s, in_folder("shrinks"), &err), 0);
	assert_int_equal(ex_source_read(s, buf, 1000, 0, &err), EX_GOT_ALL);
	assert_int_equal(buf[999], (uint8_t)(999 * 7 + 999 / 256));
	assert_int_equal(truncate(in_folder("shrinks"), 700), 0);
	assert_int_equal(ex_source_read(s, buf, 512, 512, &err), EX_GOT_END);
	assert_int_equal(ex_source_read(s, buf, 512, 0, &err), EX_GOT_ALL);
	ex_source_close(s);
}

/*
 * Wherever what is asked for begins and ends, and whether it goes past the
 * cache or through it, the bytes are the file's.
 */
static void
pages_and_odd_parts_are_the_same_bytes(void **state)
{
	static const struct {
		uint64_t off;
		size_t n;
	} part[] = { { 0, 4096 }, { 0, 65536 }, { 4096, 8192 }, { 512, 4096 },
		{ 4096, 512 }, { 65536, 4464 }, { 4096, 65904 }, { 0, 70000 } };
	struct ex_err err = EX_ERR_INIT;
	struct ex_source *s;
	void *buf = NULL;

	(void)state;
	put_file("pages", 70000);
	assert_int_equal(posix_memalign(&buf, EX_SOURCE_ALIGN, 131072), 0);
	assert_int_equal(ex_source_open(&s, in_folder("pages"), &err), 0);
	print_message("here a file is read %s the page cache\n",
	    s->info.direct ? "past" : "through");
	for (size_t i = 0; i < COUNT(part); i++) {
		const uint8_t *got = buf;

		memset(buf, 0xee, 131072);
		assert_int_equal(
		    ex_source_read(s, buf, part[i].n, part[i].off, &err),
		    EX_GOT_ALL);
		for (size_t k = 0; k < part[i].n; k++) {
			size_t at = part[i].off + k;

			assert_int_equal(got[k], (uint8_t)(at * 7 + at / 256));
		}
	}
	assert_int_equal(ex_source_read(s, buf, 8192, 65536, &err), EX_GOT_END);
	ex_source_close(s);
	free(buf);
}

static void
image(const char *source, enum ex_container container, const char *dir,
    struct ex_imaging_outcome *out)
{
	struct ex_imaging job = { .name = "FILE-I1",
		.dir = &dir,
		.ndir = 1,
		.container = container };
	struct ex_err err = EX_ERR_INIT;

	if (ex_source_open(&job.source, source, &err) == -1 ||
	    ex_imaging_run(out, &job, &err) == -1)
		fail_msg("%s", err.text);
	ex_source_close(job.source);
}

static void
a_source_is_the_same_afterwards(void **state)
{
	const struct timespec then[2] = { { 1000000000, 5 },
		{ 1000000001, 7 } };
	uint8_t before[EX_SHA256_LEN], after[EX_SHA256_LEN];
	struct ex_imaging_outcome out;
	struct stat a, b;

	(void)state;
	put_file("source", 300001);
	assert_int_equal(chmod(in_folder("source"), 0444), 0);
	assert_int_equal(
	    ex_sha256_file(before, NULL, in_folder("source"), NULL), 0);
	assert_int_equal(utimensat(AT_FDCWD, in_folder("source"), then, 0), 0);
	assert_int_equal(stat(in_folder("source"), &a), 0);
	image(in_folder("source"), EX_CONTAINER_E01, fresh("a"), &out);
	assert_int_equal(stat(in_folder("source"), &b), 0);
	assert_int_equal(a.st_size, b.st_size);
	assert_int_equal(a.st_mode, b.st_mode);
	assert_memory_equal(&a.st_mtim, &b.st_mtim, sizeof(a.st_mtim));
	assert_memory_equal(&a.st_ctim, &b.st_ctim, sizeof(a.st_ctim));
	/* Its owner may read without a trace, and this test is that. */
	assert_memory_equal(&a.st_atim, &b.st_atim, sizeof(a.st_atim));
	assert_int_equal(
	    ex_sha256_file(after, NULL, in_folder("source"), NULL), 0);
	assert_memory_equal(before, after, sizeof(before));
	ex_imaging_outcome_free(&out);
}

static void
a_file_keeps_its_odd_length(void **state)
{
	static const size_t length[] = { 1, 2, 511, 512, 513, 1000, 32767,
		32769, 1048577, 1050000 };

	(void)state;
	for (size_t i = 0; i < COUNT(length) * 2; i++) {
		uint8_t want[EX_SHA256_LEN];
		struct ex_imaging_outcome out;

		put_file("odd", length[i / 2]);
		assert_int_equal(
		    ex_sha256_file(want, NULL, in_folder("odd"), NULL), 0);
		image(in_folder("odd"),
		    i % 2 ? EX_CONTAINER_RAW : EX_CONTAINER_E01, fresh("a"),
		    &out);
		assert_int_equal(out.result, EX_IMAGING_COMPLETE);
		assert_int_equal(out.bytes, length[i / 2]);
		assert_int_equal(out.digest[2].alg, EX_SHA256);
		assert_memory_equal(out.digest[2].value, want, sizeof(want));
		if (i % 2)
			assert_memory_equal(
			    out.copy[0].segment[0].sha256, want, sizeof(want));
		ex_imaging_outcome_free(&out);
	}
}

static void
a_file_of_the_image_set_is_refused(void **state)
{
	static const struct {
		const char *file;
		int refused;
	} cases[] = {
		{ "a/DISK-I1.E01", 1 },
		{ "a/DISK-I1.raw", 1 },
		{ "a/.DISK-I1.partial/DISK-I1.E01", 1 },
		{ "a/DISK-I2.E01", 0 },
		{ "a/DISK-I10.E01", 0 },
		{ "a/medium.img", 0 },
		{ "DISK-I1.E01", 0 },
		{ "a/sub/DISK-I1.E01", 0 },
	};
	char path[EX_PATH];
	const char *dir = path;
	struct ex_source_avoid avoid = { &dir, 1, "DISK-I1" };

	(void)state;
	(void)snprintf(path, sizeof(path), "%s", fresh("a"));
	assert_int_equal(mkdir(in_folder("a/sub"), 0755), 0);
	assert_int_equal(mkdir(in_folder("a/.DISK-I1.partial"), 0755), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_source *s;

		put_file(cases[i].file, 600);
		assert_int_equal(
		    ex_source_open(&s, in_folder(cases[i].file), &err), 0);
		assert_int_equal(ex_source_guard(s, &avoid, &err),
		    cases[i].refused ? -1 : 0);
		if (cases[i].refused)
			assert_int_equal(err.code, EX_STATE);
		ex_source_close(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_source_is_refused_in_one_line),
		cmocka_unit_test(what_may_not_be_read_is_refused),
		cmocka_unit_test(a_file_says_what_it_is),
		cmocka_unit_test(a_file_that_shrinks_ends),
		cmocka_unit_test(pages_and_odd_parts_are_the_same_bytes),
		cmocka_unit_test(a_source_is_the_same_afterwards),
		cmocka_unit_test(a_file_keeps_its_odd_length),
		cmocka_unit_test(a_file_of_the_image_set_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
