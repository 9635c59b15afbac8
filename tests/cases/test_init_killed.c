/*
 * test_init_killed.c -- whenever the founding of a house is killed, the next
 * run finishes it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/wait.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cases/logverify.h"
#include "db/store.h"
#include "tests/cases/home.h"
#include "tests/cases/kill_points.h"

enum {
	POINTS_MAX = 400, /* more than there are */
	FRESH_EVERY = 17  /* of them, with a folder of its own */
};

static pid_t
start_init(const struct home *h, unsigned point)
{
	struct ex_init in = { .dir = h->data, .name_en = "A Laboratory" };
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *out = NULL;
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid != 0)
		return pid;
	kill_at(point);
	if (ex_house_init(&out, &in, &why) == 0)
		_exit(0);
	(void)dprintf(STDERR_FILENO, "at point %u: %s\n", point, why.text);
	_exit(1);
}

/* 1: it was killed, 0: it came to its end, and well. */
static int
was_killed(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return 1;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return 0;
}

/* One founding entry, in a log that proves itself, and nothing rejected. */
static void
must_be_whole(const struct home *h)
{
	struct ex_log_verify v;
	struct ex_json *told = home_init(h), *out = NULL;
	struct ex_house *house = home_open(h, "admin");
	uint64_t queued, rejected;
	struct ex_conn *conn;
	int status = -1;

	ex_json_free(told);
	memset(&v, 0, sizeof(v));
	MUST(ex_log_verify_run(&out, &status, house, NULL, &v, err));
	assert_int_equal(ex_json_count(ex_json_get(out, "faults")), 0);
	assert_int_equal(ex_json_get_int(out, "entries", -1), 1);
	ex_json_free(out);
	MUST(ex_house_conn(house, &conn, err));
	assert_string_equal(ex_conn_user(conn), "person_admin");
	MUST(ex_store_counts(conn, &queued, &rejected, err));
	assert_int_equal(queued + rejected, 0);
	assert_false(ex_file_exists(home_path(h, "founding")));
	assert_false(ex_file_exists(home_path(h, "pg.new")));
	ex_house_close(house);
}

static void
killed_again_and_again_it_is_finished(void **state)
{
	const struct home *h = *state;
	unsigned n = 1;

	while (was_killed(start_init(h, n))) {
		assert_true(n < POINTS_MAX);
		n++;
	}
	/* The steps that are behind one are not gone again. */
	assert_true(n > 10);
	must_be_whole(h);
}

static void
killed_once_at_any_point_it_is_finished(void **state)
{
	int killed = 1;

	(void)state;
	for (unsigned n = FRESH_EVERY; killed; n += FRESH_EVERY) {
		struct home h;

		home_new(&h);
		killed = was_killed(start_init(&h, n));
		assert_true(n < POINTS_MAX);
		assert_true(killed || n > 2u * FRESH_EVERY);
		must_be_whole(&h);
		home_end(&h);
	}
}

/* Not between two steps, but while other programs work for it. */
static void
killed_at_any_moment_it_is_finished(void **state)
{
	(void)state;
	for (int64_t after = EX_SECOND / 20; after < 3 * EX_SECOND / 2;
	     after += 2 * EX_SECOND / 5) {
		struct home h;
		pid_t pid;

		home_new(&h);
		pid = start_init(&h, 0);
		ex_sleep(after);
		(void)kill(pid, SIGKILL);
		(void)was_killed(pid);
		must_be_whole(&h);
		home_end(&h);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HOME_TEST(killed_again_and_again_it_is_finished),
		cmocka_unit_test(killed_once_at_any_point_it_is_finished),
		cmocka_unit_test(killed_at_any_moment_it_is_finished),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
