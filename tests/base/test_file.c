/*
 * test_file.c -- a file is the old one or the new one, whatever fails.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Calls that change a disk, one letter each, in the order they came. */
static char calls[64];
static char failing; /* the letter that fails */
static int why;	     /* with this errno */
static size_t most;  /* bytes that one write() takes; 0: all */

static int
called(char letter)
{
	size_t n = strlen(calls);

	if (n + 1 < sizeof(calls))
		calls[n] = letter;
	if (letter != failing)
		return 0;
	errno = why;
	return -1;
}

ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_fchmod(int fd, mode_t mode);
int __wrap_fchmod(int fd, mode_t mode);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_link(const char *from, const char *to);
int __wrap_link(const char *from, const char *to);

ssize_t
__wrap_write(int fd, const void *p, size_t n)
{
	static int interrupted;

	if (called('w') == -1)
		return -1;
	if (most == 0)
		return __real_write(fd, p, n);
	/* Every other call is interrupted, the rest are short. */
	interrupted = !interrupted;
	if (interrupted) {
		errno = EINTR;
		return -1;
	}
	return __real_write(fd, p, n < most ? n : most);
}

/* 's' of a file, 'd' of a folder. */
int
__wrap_fsync(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return called(S_ISDIR(st.st_mode) ? 'd' : 's') == -1 ? -1
							     : __real_fsync(fd);
}

int
__wrap_fchmod(int fd, mode_t mode)
{
	return called('m') == -1 ? -1 : __real_fchmod(fd, mode);
}

int
__wrap_rename(const char *from, const char *to)
{
	return called('r') == -1 ? -1 : __real_rename(from, to);
}

int
__wrap_link(const char *from, const char *to)
{
	return called('l') == -1 ? -1 : __real_link(from, to);
}

static char dir[64];

static const char *
in_dir(const char *name)
{
	static char path[2][EX_PATH];
	static int which;

	which = !which;
	(void)snprintf(path[which], EX_PATH, "%s/%s", dir, name);
	return path[which];
}

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/exhibit-file.XXXXXX");
	memset(calls, 0, sizeof(calls));
	failing = 0;
	most = 0;
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	return ex_remove_tree(dir, NULL);
}

static void
assert_contents(const char *path, const char *text)
{
	struct ex_buf b = EX_BUF_INIT;

	assert_int_equal(ex_file_read(&b, path, 1000, NULL), 0);
	assert_string_equal(ex_buf_text(&b), text);
	ex_buf_free(&b);
}

static int
add_name(void *arg, const char *name, struct ex_err *err)
{
	return ex_buf_addf(arg, err, "%s ", name);
}

/* The names in the folder, each with a space behind it. */
static void
assert_names(const char *want)
{
	struct ex_buf b = EX_BUF_INIT;

	assert_int_equal(ex_dir_each(dir, add_name, &b, NULL), 0);
	assert_string_equal(ex_buf_text(&b), want);
	ex_buf_free(&b);
}

/* Bytes and mode are on disk before the name, the name before we say so. */
static void
the_order_survives_a_power_cut(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(ex_file_write(in_dir("a"), "old", 3, 0640, NULL), 0);
	assert_string_equal(calls, "wmsrd");
	memset(calls, 0, sizeof(calls));
	assert_int_equal(ex_file_create(in_dir("b"), "new", 3, 0444, NULL), 0);
	assert_string_equal(calls, "wmsld");
	assert_int_equal(stat(in_dir("b"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0444);
	assert_int_equal(st.st_nlink, 1);
	assert_names("a b ");
}

static void
the_mode_is_as_asked_whatever_the_umask(void **state)
{
	mode_t before = umask(0077);
	struct stat st;

	(void)state;
	assert_int_equal(ex_file_write(in_dir("a"), "x", 1, 0644, NULL), 0);
	(void)umask(before);
	assert_int_equal(stat(in_dir("a"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
}

static void
what_is_there_is_replaced_or_refused(void **state)
{
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	assert_int_equal(ex_file_create(in_dir("a"), "one", 3, 0600, NULL), 0);
	assert_int_equal(ex_file_create(in_dir("a"), "two", 3, 0600, &err), -1);
	assert_int_equal(err.code, EX_EXISTS);
	assert_contents(in_dir("a"), "one");
	assert_int_equal(ex_file_write(in_dir("a"), "", 0, 0600, NULL), 0);
	assert_contents(in_dir("a"), "");
	assert_names("a ");
}

/* At each step: the old file is whole and no other name is left. */
static const struct {
	char step;
	int why;
	const char *text;
} faults[] = {
	{ 'w', ENOSPC, "No space left on device" },
	{ 'w', EIO, "Input/output error" },
	{ 'm', EPERM, "Operation not permitted" },
	{ 's', ENOSPC, "No space left on device" },
	{ 's', EIO, "Input/output error" },
	{ 'r', EACCES, "Permission denied" },
};

static void
a_failure_leaves_the_old_file_and_no_other(void **state)
{
	(void)state;
	assert_int_equal(ex_file_write(in_dir("a"), "old", 3, 0600, NULL), 0);
	for (size_t i = 0; i < COUNT(faults); i++) {
		struct ex_err err = EX_ERR_INIT;

		print_message("  %c: %s\n", faults[i].step, faults[i].text);
		failing = faults[i].step;
		why = faults[i].why;
		assert_int_equal(
		    ex_file_write(in_dir("a"), "new", 3, 0600, &err), -1);
		assert_int_equal(err.code, EX_SYSTEM);
		assert_non_null(strstr(err.text, faults[i].text));
		assert_non_null(strstr(err.text, "/a"));
		ex_err_clear(&err);
		failing = failing == 'r' ? 'l' : failing;
		assert_int_equal(
		    ex_file_create(in_dir("b"), "new", 3, 0600, &err), -1);
		assert_non_null(strstr(err.text, faults[i].text));
		failing = 0;
		assert_names("a ");
		assert_contents(in_dir("a"), "old");
	}
}

/* A folder that does not come to disk is no success. */
static void
an_unsynced_folder_is_told(void **state)
{
	struct ex_err err = EX_ERR_INIT;

	(void)state;
	failing = 'd';
	why = EIO;
	assert_int_equal(ex_file_write(in_dir("a"), "x", 1, 0600, &err), -1);
	assert_non_null(strstr(err.text, dir));
	ex_err_clear(&err);
	assert_int_equal(ex_dir_make(in_dir("sub"), 0700, &err), -1);
	/* Some file systems have no fsync of folders. */
	why = EINVAL;
	ex_err_clear(&err);
	assert_int_equal(ex_file_write(in_dir("a"), "x", 1, 0600, &err), 0);
	failing = 0;
}

static void
short_and_interrupted_writes_go_on(void **state)
{
	(void)state;
	most = 3;
	assert_int_equal(
	    ex_file_write(in_dir("a"), "0123456789", 10, 0600, NULL), 0);
	assert_contents(in_dir("a"), "0123456789");
}

/* A link in the way of the lock is not followed; of a write, replaced. */
static void
links_are_not_followed(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	struct stat st;

	(void)state;
	assert_int_equal(ex_file_write(in_dir("t"), "kept", 4, 0600, NULL), 0);
	assert_int_equal(symlink("t", in_dir("link")), 0);
	assert_int_equal(ex_file_lock(in_dir("link"), &err), -1);
	ex_err_clear(&err);
	assert_int_equal(
	    ex_file_create(in_dir("link"), "x", 1, 0600, &err), -1);
	assert_int_equal(err.code, EX_EXISTS);
	assert_int_equal(ex_file_write(in_dir("link"), "x", 1, 0600, NULL), 0);
	assert_contents(in_dir("t"), "kept");
	assert_int_equal(lstat(in_dir("link"), &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(symlink("nowhere", in_dir("dangling")), 0);
	assert_true(ex_file_exists(in_dir("dangling")));
	assert_false(ex_file_exists(in_dir("nowhere")));
}

static void
reading_has_its_limits(void **state)
{
	static const struct {
		const char *name;
		size_t max;
		enum ex_code want;
	} cases[] = {
		{ "ten", 10, EX_OK },
		{ "ten", 9, EX_LIMIT },
		{ "ten", 0, EX_LIMIT },
		{ "none", 10, EX_ABSENT },
		{ "", 10, EX_SYSTEM },
		{ "pipe", 10, EX_SYSTEM },
		{ "ten/x", 10, EX_SYSTEM },
	};

	(void)state;
	assert_int_equal(
	    ex_file_write(in_dir("ten"), "0123456789", 10, 0600, NULL), 0);
	/* Opening a pipe that nobody writes to must not wait. */
	assert_int_equal(mkfifo(in_dir("pipe"), 0600), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_buf b = EX_BUF_INIT;

		assert_int_equal(
		    ex_file_read(&b, in_dir(cases[i].name), cases[i].max, &err),
		    cases[i].want == EX_OK ? 0 : -1);
		assert_int_equal(err.code, cases[i].want);
		ex_buf_free(&b);
	}
}

static void
a_lock_has_one_holder(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	int fd = ex_file_lock(in_dir("lock"), &err);
	struct stat st;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(ex_file_lock(in_dir("lock"), &err), -1);
	assert_int_equal(err.code, EX_CONFLICT);
	assert_int_equal(close(fd), 0);
	fd = ex_file_lock(in_dir("lock"), NULL);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
}

static void
folders_are_made_and_listed_in_order(void **state)
{
	static const char *const name[] = { "b", "a", ".x", "B", "\xe6\x89" };
	struct ex_err err = EX_ERR_INIT;
	struct stat st;

	(void)state;
	assert_int_equal(ex_dir_make(in_dir("one/two//three"), 0750, &err), 0);
	assert_int_equal(ex_dir_make(in_dir("one/two/three/"), 0700, &err), 0);
	assert_int_equal(stat(in_dir("one/two/three"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0750);
	assert_int_equal(ex_dir_sync(in_dir("one"), &err), 0);
	assert_int_equal(ex_remove_tree(in_dir("one"), &err), 0);

	for (size_t i = 0; i < COUNT(name); i++)
		assert_int_equal(
		    ex_file_write(in_dir(name[i]), "", 0, 0600, NULL), 0);
	assert_names(".x B a b \xe6\x89 ");
	assert_int_equal(ex_dir_make(in_dir("a/sub"), 0700, &err), -1);
	ex_err_clear(&err);
	assert_int_equal(ex_dir_make("", 0700, &err), -1);
	ex_err_clear(&err);
	assert_int_equal(ex_dir_each(in_dir("none"), add_name, NULL, &err), -1);
	assert_int_equal(err.code, EX_ABSENT);
}

/* What a link points to is somebody else's. */
static void
a_tree_is_removed_with_its_links_but_not_behind_them(void **state)
{
	char deep[EX_PATH];

	(void)state;
	(void)snprintf(deep, sizeof(deep), "%s/tree", dir);
	for (int i = 0; i < 40; i++) {
		size_t n = strlen(deep);

		(void)snprintf(&deep[n], sizeof(deep) - n, "/d");
	}
	assert_int_equal(ex_dir_make(deep, 0700, NULL), 0);
	assert_int_equal(ex_dir_make(in_dir("kept"), 0700, NULL), 0);
	assert_int_equal(ex_file_write(in_dir("kept/f"), "", 0, 0600, NULL), 0);
	assert_int_equal(ex_file_write(in_dir("tree/f"), "", 0, 0400, NULL), 0);
	assert_int_equal(symlink("../kept", in_dir("tree/link")), 0);
	assert_int_equal(ex_remove_tree(in_dir("tree"), NULL), 0);
	assert_int_equal(ex_remove_tree(in_dir("tree"), NULL), 0);
	assert_names("kept ");
	assert_true(ex_file_exists(in_dir("kept/f")));
	assert_int_equal(ex_remove_tree(in_dir("kept/f"), NULL), 0);
	assert_false(ex_file_exists(in_dir("kept/f")));
}

static void
paths_are_joined_or_refused(void **state)
{
	static const struct {
		const char *dir, *name, *want;
	} cases[] = {
		{ "a", "b", "a/b" },
		{ "a/", "b", "a/b" },
		{ "/", "b", "/b" },
		{ "a", "/b", "/b" },
		{ NULL, "b", "b" },
	};
	struct ex_err err = EX_ERR_INIT;
	char out[EX_PATH];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(ex_path_join(out, sizeof(out), cases[i].dir,
				     cases[i].name, &err),
		    0);
		assert_string_equal(out, cases[i].want);
	}
	assert_int_equal(ex_path_join(out, 4, "a", "b", &err), 0);
	assert_int_equal(ex_path_join(out, 3, "a", "b", &err), -1);
	assert_int_equal(err.code, EX_LIMIT);
	assert_string_equal(ex_path_base("a/b"), "b");
	assert_string_equal(ex_path_base("b"), "b");
	assert_string_equal(ex_path_base("b/"), "");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_order_survives_a_power_cut),
		CASE(the_mode_is_as_asked_whatever_the_umask),
		CASE(what_is_there_is_replaced_or_refused),
		CASE(a_failure_leaves_the_old_file_and_no_other),
		CASE(an_unsynced_folder_is_told),
		CASE(short_and_interrupted_writes_go_on),
		CASE(links_are_not_followed),
		CASE(reading_has_its_limits),
		CASE(a_lock_has_one_holder),
		CASE(folders_are_made_and_listed_in_order),
		CASE(a_tree_is_removed_with_its_links_but_not_behind_them),
		CASE(paths_are_joined_or_refused),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
