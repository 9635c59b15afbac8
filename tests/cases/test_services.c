/*
 * test_services.c -- services started by whoever needs them, killed, started
 * again.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/prctl.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "db/store.h"
#include "tests/cases/home.h"

enum {
	COMMANDS = 5 /* that begin at once */
};

static const char *
word(struct ex_house *house, const char *name)
{
	static char out[64];
	struct ex_json *v = NULL;
	const char *text;

	MUST(ex_house_status(&v, house, err));
	text = ex_json_get_text(v, name);
	(void)snprintf(out, sizeof(out), "%s", text == NULL ? "" : text);
	ex_json_free(v);
	return out;
}

/* A command that needs the database, of a program that starts now. */
static int
command(const struct home *h, struct ex_err *why)
{
	struct ex_desk desk = { .as = "admin" };
	struct ex_house *house = NULL;
	struct ex_json *person = NULL;
	struct ex_conn *conn;
	int rc = -1;

	if (ex_house_open(&house, h->data, why) == 0) {
		ex_house_seat(house, &desk);
		if (ex_house_conn(house, &conn, why) == 0)
			rc = ex_store_fact(
			    conn, "person", "admin", &person, why);
	}
	if (rc == 0 && person == NULL)
		rc = ex_fail(why, EX_DAMAGED, "no person admin");
	ex_json_free(person);
	ex_house_close(house);
	return rc;
}

/* Both run, and an entry that is appended comes into the log. */
static void
must_serve(const struct home *h)
{
	struct ex_house *house;
	struct ex_checkpoint before, now;
	struct ex_conn *conn;
	int64_t until = ex_ticks() + 20 * EX_SECOND;

	MUST(command(h, err));
	house = home_open(h, "admin");
	assert_string_equal(word(house, "cluster"), "running");
	assert_string_equal(word(house, "sequencer"), "running");
	MUST(ex_house_seen(house, &before, NULL, err));
	MUST(ex_house_conn(house, &conn, err));
	MUST(ex_store_ask_heads(conn, err));
	do {
		ex_sleep(EX_SECOND / 20);
		MUST(ex_house_seen(house, &now, NULL, err));
	} while (now.size == before.size && ex_ticks() < until);
	assert_true(now.size > before.size);
	ex_house_close(house);
}

/* Gone: not there, or a corpse that waits for us. */
static void
await_end(pid_t pid)
{
	int64_t until = ex_ticks() + 20 * EX_SECOND;
	siginfo_t info;

	while (kill(pid, 0) == 0 && ex_ticks() < until) {
		memset(&info, 0, sizeof(info));
		if (waitid(P_PID, (id_t)pid, &info,
			WEXITED | WNOHANG | WNOWAIT) == 0 &&
		    info.si_pid == pid)
			return;
		ex_sleep(EX_SECOND / 50);
	}
}

static void
down_stops_both_and_up_starts_both(void **state)
{
	const struct home *h = *state;
	struct ex_house *house = home_open(h, NULL);
	pid_t sequencer = home_sequencer(h), postmaster = home_postmaster(h);

	for (int i = 0; i < 2; i++) {
		MUST(ex_house_down(house, err));
		assert_string_equal(word(house, "cluster"), "stopped");
		assert_string_equal(word(house, "sequencer"), "stopped");
		assert_int_equal(home_sequencer(h), 0);
	}
	for (int i = 0; i < 2; i++)
		MUST(ex_house_up(house, err));
	assert_int_not_equal(home_sequencer(h), sequencer);
	assert_int_not_equal(home_postmaster(h), postmaster);
	ex_house_close(house);
	must_serve(h);
}

static void
looking_starts_nothing(void **state)
{
	const struct home *h = *state;
	struct ex_house *house = home_open(h, NULL);
	struct ex_json *v = NULL;
	int found = -1;

	MUST(ex_house_down(house, err));
	assert_string_equal(word(house, "cluster"), "stopped");
	MUST(ex_house_config(&v, house, err));
	ex_json_free(v);
	MUST(ex_house_doctor(&v, &found, house, err));
	assert_int_equal(found, 0); /* warnings, no fault */
	ex_json_free(v);
	assert_string_equal(word(house, "cluster"), "stopped");
	assert_int_equal(home_sequencer(h), 0);
	ex_house_close(house);
}

/* This process collects nobody: what is killed stays as a corpse. */
static void
adopt_corpses(void)
{
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
}

static void
kill_one(pid_t pid)
{
	assert_true(pid > 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	await_end(pid);
}

static void
what_was_killed_is_started_by_the_next_command(void **state)
{
	const struct home *h = *state;

	kill_one(home_sequencer(h));
	must_serve(h);
	kill_one(home_postmaster(h));
	must_serve(h);
	kill_one(home_postmaster(h));
	kill_one(home_sequencer(h));
	must_serve(h);
}

/* As in a container whose first process collects nobody. */
static void
corpses_are_not_taken_for_alive(void **state)
{
	const struct home *h = *state;
	struct ex_house *house = home_open(h, NULL);
	int64_t began;

	adopt_corpses();
	MUST(ex_house_down(house, err));
	MUST(ex_house_up(house, err));
	what_was_killed_is_started_by_the_next_command(state);
	/* and down does not wait for them */
	began = ex_ticks();
	MUST(ex_house_down(house, err));
	assert_true(ex_ticks() - began < 60 * EX_SECOND);
	ex_house_close(house);
}

/* Wait for n children of this process, which all must end well. */
static void
collect(const pid_t *pid, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int status;

		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
}

static void
begin_at_once(const struct home *h)
{
	pid_t pid[COMMANDS];

	for (size_t i = 0; i < COMMANDS; i++) {
		struct ex_err why = EX_ERR_INIT;

		pid[i] = fork();
		assert_int_not_equal(pid[i], -1);
		if (pid[i] != 0)
			continue;
		if (command(h, &why) == 0)
			_exit(0);
		(void)dprintf(STDERR_FILENO, "command: %s\n", why.text);
		_exit(1);
	}
	collect(pid, COMMANDS);
}

static void
commands_that_begin_at_once_do_not_collide(void **state)
{
	const struct home *h = *state;
	struct ex_house *house = home_open(h, NULL);

	MUST(ex_house_down(house, err));
	begin_at_once(h);
	must_serve(h);
	/* the same upon what was killed */
	kill_one(home_postmaster(h));
	kill_one(home_sequencer(h));
	begin_at_once(h);
	must_serve(h);
	ex_house_close(house);
}

/* One that starts the services is killed; the next goes on from there. */
static void
a_start_that_was_killed_is_finished(void **state)
{
	const struct home *h = *state;
	struct ex_house *house = home_open(h, NULL);

	for (int64_t after = EX_SECOND / 50; after < EX_SECOND / 2;
	     after += EX_SECOND / 10) {
		pid_t pid;

		MUST(ex_house_down(house, err));
		pid = fork();
		assert_int_not_equal(pid, -1);
		if (pid == 0)
			_exit(command(h, NULL) == 0 ? 0 : 1);
		ex_sleep(after);
		(void)kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		must_serve(h);
	}
	ex_house_close(house);
}

static void
another_process_with_the_old_number_is_no_sequencer(void **state)
{
	const struct home *h = *state;
	char line[32];
	int n;

	kill_one(home_sequencer(h));
	n = snprintf(line, sizeof(line), "%ld\n", (long)getpid());
	MUST(ex_file_write(
	    home_path(h, "log/sequencer.pid"), line, (size_t)n, 0600, err));
	must_serve(h);
}

static void
where_there_is_no_house_it_says_so(void **state)
{
	const struct home *h = *state;
	struct ex_err why = EX_ERR_INIT;
	struct ex_house *house = NULL;

	assert_int_equal(ex_house_open(&house, h->data, &why), -1);
	assert_null(house);
	HOME_SAYS(&why, EX_ABSENT, h->data, "exhibit init");
	assert_false(ex_file_exists(h->data));
}

static void
what_hinders_a_start_is_one_line_that_names_it(void **state)
{
	static const struct {
		const char *name;  /* a file that is harmed */
		const char *bytes; /* NULL: taken away */
		enum ex_code code;
		const char *says;
	} harm[] = {
		{ "pg", NULL, EX_DAMAGED, "restore it from a backup" },
		{ "pg/postgresql.conf", "no_such = 1\n", EX_UNREACHABLE,
		    "private database does not start" },
		{ "log/log.vkey", NULL, EX_UNREACHABLE, "log/log.vkey" },
		{ "log/outside", "junk", EX_DAMAGED, "sequencer" },
		{ "exhibit.conf", "database = x\n", EX_FORMAT, "exhibit.conf" },
		{ "exhibit.conf", "no setting\n", EX_FORMAT, "line 1" },
	};
	const struct home *h = *state;
	char aside[256];

	(void)snprintf(aside, sizeof(aside), "%s/aside", h->root);
	for (size_t i = 0; i < sizeof(harm) / sizeof(harm[0]); i++) {
		const char *path = home_path(h, harm[i].name);
		struct ex_house *house = home_open(h, NULL);
		struct ex_err why = EX_ERR_INIT;

		MUST(ex_house_down(house, err));
		ex_house_close(house);
		assert_int_equal(rename(path, aside), 0);
		if (harm[i].bytes != NULL)
			MUST(ex_file_write(path, harm[i].bytes,
			    strlen(harm[i].bytes), 0644, err));
		assert_int_equal(command(h, &why), -1);
		HOME_SAYS(&why, harm[i].code, harm[i].says);
		(void)unlink(path);
		assert_int_equal(rename(aside, path), 0);
	}
	must_serve(h);
}

static void
a_program_that_is_missing_is_named(void **state)
{
	const struct home *h = *state;
	struct ex_house *house = home_open(h, NULL);
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *v = NULL;
	char bin[256], kept[256];
	int found = -1;

	(void)snprintf(kept, sizeof(kept), "%s", getenv("EXHIBIT_BIN"));
	(void)snprintf(bin, sizeof(bin), "%s/empty", h->root);
	MUST(ex_house_down(house, err));
	assert_int_equal(setenv("EXHIBIT_BIN", bin, 1), 0);
	assert_int_equal(ex_house_up(house, &why), -1);
	HOME_SAYS(&why, EX_ABSENT, "exhibit-sequencer", bin);
	MUST(ex_house_doctor(&v, &found, house, err));
	assert_int_equal(found, 1);
	ex_json_free(v);
	assert_int_equal(setenv("EXHIBIT_BIN", kept, 1), 0);
	ex_house_close(house);
	must_serve(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HOME_TEST_MADE(down_stops_both_and_up_starts_both),
		HOME_TEST_MADE(looking_starts_nothing),
		HOME_TEST_MADE(what_was_killed_is_started_by_the_next_command),
		HOME_TEST_MADE(commands_that_begin_at_once_do_not_collide),
		HOME_TEST_MADE(a_start_that_was_killed_is_finished),
		HOME_TEST_MADE(
		    another_process_with_the_old_number_is_no_sequencer),
		HOME_TEST(where_there_is_no_house_it_says_so),
		HOME_TEST_MADE(what_hinders_a_start_is_one_line_that_names_it),
		HOME_TEST_MADE(a_program_that_is_missing_is_named),
		HOME_TEST_MADE(corpses_are_not_taken_for_alive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
