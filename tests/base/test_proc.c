/*
 * test_proc.c -- programs get their arguments and descriptors and no others,
 * and end when they must.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	ENOUGH = 20 * 1000000 /* microseconds; more is a hang */
};

/* Run a shell's line; its output in out. */
static int
sh(const char *line, struct ex_buf *out, size_t max, int64_t us, int *status,
    struct ex_err *err)
{
	const char *argv[] = { "sh", "-c", line, NULL };
	struct ex_proc p = EX_PROC_INIT;

	p.path = "sh";
	p.argv = argv;
	p.own_group = 1; /* what the shell starts ends with it */
	return ex_proc_run(&p, out, max, us, status, err);
}

/* Nothing is split, expanded or interpreted on the way. */
static void
arguments_arrive_as_they_are(void **state)
{
	const char *argv[] = { "printf", "%s|", "a b", "$(id)", "*", "'\"", "",
		"\n", "--", NULL };
	struct ex_proc p = EX_PROC_INIT;
	struct ex_buf out = EX_BUF_INIT;
	int status = -1;

	(void)state;
	p.path = "printf";
	p.argv = argv;
	assert_int_equal(ex_proc_run(&p, &out, 100, ENOUGH, &status, NULL), 0);
	assert_int_equal(status, 0);
	assert_string_equal(ex_buf_text(&out), "a b|$(id)|*|'\"||\n|--|");
	ex_buf_free(&out);
}

static const struct {
	const char *line;
	int status;
} ends[] = {
	{ "exit 0", 0 },
	{ "exit 7", 7 },
	{ "kill -TERM $$", 128 + SIGTERM },
	{ "kill -KILL $$", 128 + SIGKILL },
};

static void
how_it_ended_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		int status = -1;

		assert_int_equal(
		    sh(ends[i].line, NULL, 0, ENOUGH, &status, NULL), 0);
		assert_int_equal(status, ends[i].status);
	}
}

static void
a_program_that_is_not_there_is_absent(void **state)
{
	static const char *const name[] = { "exhibit-no-such-program",
		"/nowhere/at/all" };
	const char *argv[] = { "x", NULL };

	(void)state;
	for (size_t i = 0; i < COUNT(name); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_proc p = EX_PROC_INIT;
		pid_t pid = -1;

		p.path = name[i];
		p.argv = argv;
		assert_int_equal(ex_proc_start(&pid, &p, &err), -1);
		assert_int_equal(err.code, EX_ABSENT);
		assert_non_null(strstr(err.text, name[i]));
		assert_int_equal(pid, -1);
	}
	/* None of them is left to be waited for. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/*
 * 3 and 4 are what was handed over, in that order; 5 is the shell's own, with
 * which it lists them.  The parent has many open without close-on-exec.
 */
static void
only_the_given_descriptors_are_open(void **state)
{
	const char *argv[] = { "sh", "-c",
		"cat <&3; cat <&4; cd /proc/self/fd && echo *; cat", NULL };
	struct ex_proc p = EX_PROC_INIT;
	struct ex_buf out = EX_BUF_INIT;
	int leak[20], pair[2][2], fds[2], status;

	(void)state;
	for (size_t i = 0; i < COUNT(leak); i++)
		assert_true((leak[i] = open("/dev/null", O_RDONLY)) >= 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pipe(pair[i]), 0);
		assert_int_equal(
		    write(pair[i][1], i == 0 ? "one " : "two ", 4), 4);
		assert_int_equal(close(pair[i][1]), 0);
	}
	fds[0] = pair[1][0];
	fds[1] = pair[0][0];
	p.path = "/bin/sh";
	p.argv = argv;
	p.fds = fds;
	p.nfds = 2;
	assert_int_equal(ex_proc_run(&p, &out, 1000, ENOUGH, &status, NULL), 0);
	assert_int_equal(status, 0);
	assert_string_equal(ex_buf_text(&out), "two one 0 1 2 3 4 5\n");
	for (size_t i = 0; i < COUNT(leak); i++)
		(void)close(leak[i]);
	(void)close(pair[0][0]);
	(void)close(pair[1][0]);
	ex_buf_free(&out);
}

static void
the_environment_is_the_parents_and_more(void **state)
{
	const char *argv[] = { "sh", "-c", "echo $EX_ONE,$EX_TWO", NULL };
	const char *more[] = { "EX_TWO=2 and", NULL };
	struct ex_proc p = EX_PROC_INIT;
	struct ex_buf out = EX_BUF_INIT;
	int status;

	(void)state;
	assert_int_equal(setenv("EX_ONE", "1", 1), 0);
	p.path = "sh";
	p.argv = argv;
	p.setenv = more;
	assert_int_equal(ex_proc_run(&p, &out, 100, ENOUGH, &status, NULL), 0);
	assert_string_equal(ex_buf_text(&out), "1,2 and\n");
	assert_null(getenv("EX_TWO"));
	ex_buf_free(&out);
}

/* An ignored SIGPIPE or SIGTERM of ours is not the child's. */
static void
signals_are_as_on_a_fresh_start(void **state)
{
	void (*before)(int) = signal(SIGTERM, SIG_IGN);
	sigset_t set, old;
	int status = -1;

	(void)state;
	assert_int_equal(sigemptyset(&set), 0);
	assert_int_equal(sigaddset(&set, SIGUSR1), 0);
	assert_int_equal(sigprocmask(SIG_BLOCK, &set, &old), 0);
	assert_int_equal(
	    sh("kill -TERM $$", NULL, 0, ENOUGH, &status, NULL), 0);
	assert_int_equal(status, 128 + SIGTERM);
	assert_int_equal(
	    sh("kill -USR1 $$", NULL, 0, ENOUGH, &status, NULL), 0);
	assert_int_equal(status, 128 + SIGUSR1);
	assert_int_equal(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	(void)signal(SIGTERM, before);
}

/* Silent, closed its output, never read, gone before it began. */
static const struct {
	const char *line;
	int64_t us;
	int output;
} slow[] = {
	{ "exec sleep 60", 200000, 1 },
	{ "exec sleep 60", 200000, 0 },
	{ "exec sleep 60 >&-", 200000, 1 },
	{ "sleep 60", 200000, 1 },
	{ "exec sleep 60", 1, 1 },
	{ "exec sleep 60", 1, 0 },
	{ "exec sleep 60", 0, 0 },
};

static void
time_that_ran_out_ends_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(slow); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_buf out = EX_BUF_INIT;
		int64_t begin = ex_ticks();
		int status;

		print_message("  %s\n", slow[i].line);
		assert_int_equal(sh(slow[i].line, slow[i].output ? &out : NULL,
				     100, slow[i].us, &status, &err),
		    -1);
		assert_int_equal(err.code, EX_LIMIT);
		assert_true(ex_ticks() - begin < ENOUGH);
		ex_buf_free(&out);
	}
}

static void
output_has_its_limit(void **state)
{
	static const struct {
		const char *line;
		size_t max;
		int rc;
	} cases[] = {
		{ "printf 0123456789", 10, 0 },
		{ "printf 0123456789", 9, -1 },
		{ "yes", 100000, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ex_err err = EX_ERR_INIT;
		struct ex_buf out = EX_BUF_INIT;
		int status;

		assert_int_equal(ex_buf_add_text(&out, "before", NULL), 0);
		assert_int_equal(sh(cases[i].line, &out, cases[i].max, ENOUGH,
				     &status, &err),
		    cases[i].rc);
		assert_int_equal(err.code, cases[i].rc == 0 ? EX_OK : EX_LIMIT);
		assert_true(out.len <= 6 + cases[i].max);
		ex_buf_free(&out);
	}
}

/* A pid of the group's other member, which says it on its pipe. */
static pid_t
read_pid(int fd)
{
	char text[32] = "";
	ssize_t n = read(fd, text, sizeof(text) - 1);

	assert_true(n > 0);
	return (pid_t)strtol(text, NULL, 10);
}

static void
stopping_takes_the_group_along(void **state)
{
	/* The group's leader does as it is told, or does not hear it. */
	static const char *const line[] = { "sleep 300 & echo $!; wait",
		"trap '' TERM; sleep 300 & echo $!; wait; wait" };

	(void)state;
	for (size_t i = 0; i < COUNT(line); i++) {
		const char *argv[] = { "sh", "-c", line[i], NULL };
		struct ex_proc p = EX_PROC_INIT;
		int64_t begin = ex_ticks();
		int ends_of[2];
		pid_t pid, other;

		assert_int_equal(pipe(ends_of), 0);
		p.path = "sh";
		p.argv = argv;
		p.out = ends_of[1];
		p.own_group = i == 0;
		p.own_session = i == 1;
		assert_int_equal(ex_proc_start(&pid, &p, NULL), 0);
		(void)close(ends_of[1]);
		other = read_pid(ends_of[0]);
		assert_int_equal(getpgid(other), pid);
		assert_int_equal(kill(other, 0), 0);
		ex_proc_stop(pid, 300000);
		/* The pipe ends when the last of them is gone. */
		assert_int_equal(read(ends_of[0], &other, 1), 0);
		assert_int_equal(kill(pid, 0), -1);
		assert_true(ex_ticks() - begin < ENOUGH);
		(void)close(ends_of[0]);
	}
	ex_proc_stop(-1, 0);
	ex_proc_stop(0, 0);
}

static void
waiting_for_a_while_leaves_it_running(void **state)
{
	const char *argv[] = { "sleep", "300", NULL };
	struct ex_err err = EX_ERR_INIT;
	struct ex_proc p = EX_PROC_INIT;
	int status;
	pid_t pid;

	(void)state;
	p.path = "sleep";
	p.argv = argv;
	assert_int_equal(ex_proc_start(&pid, &p, &err), 0);
	assert_int_equal(ex_proc_wait(pid, 20000, &status, &err), -1);
	assert_int_equal(err.code, EX_LIMIT);
	assert_int_equal(kill(pid, 0), 0);
	assert_int_not_equal(getpgid(pid), pid);
	ex_proc_stop(pid, ENOUGH);
	ex_err_clear(&err);
	assert_int_equal(ex_proc_wait(pid, 0, &status, &err), -1);
	assert_int_equal(err.code, EX_SYSTEM);
}

static void
users_are_found_or_absent(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	uid_t uid = 1;
	gid_t gid = 1;

	(void)state;
	assert_int_equal(ex_user_find("root", &uid, &gid, &err), 0);
	assert_int_equal(uid, 0);
	assert_int_equal(ex_user_find("no such user", &uid, &gid, &err), -1);
	assert_int_equal(err.code, EX_ABSENT);
}

static void
a_program_beside_ours_is_found(void **state)
{
	struct ex_err err = EX_ERR_INIT;
	char path[EX_PATH];

	(void)state;
	assert_int_equal(
	    ex_proc_beside(path, sizeof(path), "test_proc", &err), 0);
	assert_int_equal(access(path, X_OK), 0);
	assert_int_equal(
	    ex_proc_beside(path, sizeof(path), "no-such", &err), -1);
	assert_int_equal(err.code, EX_ABSENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_arrive_as_they_are),
		cmocka_unit_test(how_it_ended_is_told),
		cmocka_unit_test(a_program_that_is_not_there_is_absent),
		cmocka_unit_test(only_the_given_descriptors_are_open),
		cmocka_unit_test(the_environment_is_the_parents_and_more),
		cmocka_unit_test(signals_are_as_on_a_fresh_start),
		cmocka_unit_test(time_that_ran_out_ends_it),
		cmocka_unit_test(output_has_its_limit),
		cmocka_unit_test(stopping_takes_the_group_along),
		cmocka_unit_test(waiting_for_a_while_leaves_it_running),
		cmocka_unit_test(users_are_found_or_absent),
		cmocka_unit_test(a_program_beside_ours_is_found),
	};

	return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
