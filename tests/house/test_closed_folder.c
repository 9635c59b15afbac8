/*
 * test_closed_folder.c -- the tree may lie where the user that runs
 * PostgreSQL and the services cannot look.
 *
 * As root, a program below a folder closed to everybody else runs as another
 * user; as an ordinary user, as that user.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/proc.h"

enum {
	WAIT_US = 60 * 1000 * 1000,
	ANSWER = 64
};

static char folder[128], program[160];

/* Run it to its end; it succeeds. */
static void
run(const struct ex_proc *p, struct ex_buf *out)
{
	struct ex_err err = { 0 };
	int status = -1;

	if (ex_proc_run(p, out, ANSWER, WAIT_US, &status, &err) == -1)
		fail_msg("%s", err.text);
	assert_int_equal(status, 0);
}

static int
make_folder(void **state)
{
	const char *tmp = getenv("TMPDIR");
	const char *argv[] = { "cp", "/usr/bin/id", program, NULL };
	struct ex_proc p = EX_PROC_INIT;

	(void)state;
	(void)snprintf(folder, sizeof(folder), "%.100s/exhibit-closed-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(program, sizeof(program), "%s/id", folder);
	p.path = "cp";
	p.argv = argv;
	run(&p, NULL);
	return chmod(folder, 0700);
}

static int
remove_folder(void **state)
{
	(void)state;
	return unlink(program) == 0 && rmdir(folder) == 0 ? 0 : -1;
}

/* Who the program says that it is, started as the user. */
static void
run_as(uid_t uid, gid_t gid, const char *want)
{
	const char *argv[] = { program, "-u", NULL };
	struct ex_buf out = { 0 };
	struct ex_proc p = EX_PROC_INIT;

	p.path = program;
	p.argv = argv;
	p.own_user = 1;
	p.uid = uid;
	p.gid = gid;
	run(&p, &out);
	assert_int_equal(out.len, strlen(want));
	assert_memory_equal(out.data, want, out.len);
	ex_buf_free(&out);
}

static void
program_in_a_closed_folder_runs_as_another_user(void **state)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char want[32];

	(void)state;
	if (uid == 0) {
		struct ex_err err = { 0 };

		assert_int_equal(ex_user_find("nobody", &uid, &gid, &err), 0);
	}
	(void)snprintf(want, sizeof(want), "%u\n", (unsigned)uid);
	run_as(uid, gid, want);
}

static void
missing_program_is_still_missing(void **state)
{
	const char *argv[] = { "none", NULL };
	struct ex_err err = { 0 };
	struct ex_proc p = EX_PROC_INIT;
	char path[200];
	pid_t pid;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/none", folder);
	p.path = path;
	p.argv = argv;
	p.own_user = 1;
	p.uid = geteuid();
	p.gid = getegid();
	assert_int_equal(ex_proc_start(&pid, &p, &err), -1);
	assert_int_equal(err.code, EX_ABSENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    program_in_a_closed_folder_runs_as_another_user),
		cmocka_unit_test(missing_program_is_still_missing),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
