/*
 * folder.c -- a temporary folder of a test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"

enum {
	LARGEST = 1 << 30
};

static char root[EX_PATH];
static pid_t owner;

static void
remove_root(void)
{
	/* A child of the test must not do it for its parent. */
	if (getpid() == owner)
		(void)ex_remove_tree(root, NULL);
}

const char *
folder(void)
{
	const char *tmp = getenv("TMPDIR");

	if (root[0] != '\0')
		return root;
	(void)snprintf(root, sizeof(root), "%s/exhibit-intake.XXXXXX",
	    tmp == NULL || tmp[0] == '\0' ? "/tmp" : tmp);
	assert_non_null(mkdtemp(root));
	assert_int_equal(chmod(root, 0711), 0);
	owner = getpid();
	assert_int_equal(atexit(remove_root), 0);
	return root;
}

const char *
in_folder(const char *name)
{
	static char path[8][EX_PATH];
	static size_t turn;

	turn = (turn + 1) % 8;
	assert_int_equal(
	    ex_path_join(path[turn], EX_PATH, folder(), name, NULL), 0);
	return path[turn];
}

const char *
fresh(const char *name)
{
	const char *path = in_folder(name);
	struct ex_err err = EX_ERR_INIT;

	if (ex_remove_tree(path, &err) == -1 ||
	    ex_dir_make(path, 0755, &err) == -1)
		fail_msg("%s", err.text);
	return path;
}

static int
count_one(void *arg, const char *name, struct ex_err *err)
{
	size_t *n = arg;

	(void)name;
	(void)err;
	(*n)++;
	return 0;
}

size_t
count_names(const char *path)
{
	size_t n = 0;

	assert_int_equal(ex_dir_each(path, count_one, &n, NULL), 0);
	return n;
}

void
read_whole(struct ex_buf *out, const char *path)
{
	struct ex_err err = EX_ERR_INIT;

	if (ex_file_read(out, path, LARGEST, &err) == -1)
		fail_msg("%s", err.text);
}
