/*
 * test_act_kill.c -- killed between any two steps, an act is finished by
 * `exhibit pending` or was never there; nothing comes in twice.
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

#include "cases/act_parts.h"
#include "cases/house_parts.h"
#include "tests/cases/acts.h"

enum {
	ITEMS = 3,
	FILES = 3 /* of one receipt */
};

/* The steps in their order. */
enum step {
	NOWHERE,
	BEFORE_SPOOL,
	AFTER_SPOOL,
	IN_APPEND, /* one of several is appended, nothing committed */
	BEFORE_COMMIT,
	AFTER_COMMIT,
	BEFORE_RECEIPTS,
	IN_RECEIPTS, /* some files are there */
	AFTER_RECEIPTS,
	AFTER_DROP,
	STEPS
};

static enum step killed_at;
static int files; /* receipt files until then */
/* Called instead of being killed; NULL: killed. */
static void (*instead)(void);

static void
here(enum step step)
{
	if (killed_at != step)
		return;
	if (instead == NULL)
		(void)raise(SIGKILL);
	killed_at = NOWHERE;
	instead();
}

int __real_ex_spool_write(struct ex_act_job *job, struct ex_err *err);
int __wrap_ex_spool_write(struct ex_act_job *job, struct ex_err *err);
int __real_ex_store_append(
    struct ex_conn *conn, const struct ex_append *a, struct ex_err *err);
int __wrap_ex_store_append(
    struct ex_conn *conn, const struct ex_append *a, struct ex_err *err);
int __real_ex_conn_commit(struct ex_conn *conn, struct ex_err *err);
int __wrap_ex_conn_commit(struct ex_conn *conn, struct ex_err *err);
int __real_ex_receipts_keep(const struct ex_act_job *job, uint64_t size,
    const struct ex_buf *note, struct ex_err *err);
int __wrap_ex_receipts_keep(const struct ex_act_job *job, uint64_t size,
    const struct ex_buf *note, struct ex_err *err);
int __real_ex_file_write(const char *path, const void *data, size_t n,
    mode_t mode, struct ex_err *err);
int __wrap_ex_file_write(const char *path, const void *data, size_t n,
    mode_t mode, struct ex_err *err);
int __real_ex_spool_drop(struct ex_act_job *job, struct ex_err *err);
int __wrap_ex_spool_drop(struct ex_act_job *job, struct ex_err *err);

int
__wrap_ex_spool_write(struct ex_act_job *job, struct ex_err *err)
{
	int rc;

	here(BEFORE_SPOOL);
	rc = __real_ex_spool_write(job, err);
	here(AFTER_SPOOL);
	return rc;
}

int
__wrap_ex_store_append(
    struct ex_conn *conn, const struct ex_append *a, struct ex_err *err)
{
	int rc = __real_ex_store_append(conn, a, err);

	here(IN_APPEND);
	return rc;
}

int
__wrap_ex_conn_commit(struct ex_conn *conn, struct ex_err *err)
{
	int rc;

	here(BEFORE_COMMIT);
	rc = __real_ex_conn_commit(conn, err);
	here(AFTER_COMMIT);
	return rc;
}

int
__wrap_ex_receipts_keep(const struct ex_act_job *job, uint64_t size,
    const struct ex_buf *note, struct ex_err *err)
{
	int rc;

	here(BEFORE_RECEIPTS);
	rc = __real_ex_receipts_keep(job, size, note, err);
	here(AFTER_RECEIPTS);
	return rc;
}

int
__wrap_ex_file_write(const char *path, const void *data, size_t n, mode_t mode,
    struct ex_err *err)
{
	int rc = __real_ex_file_write(path, data, n, mode, err);

	if (strstr(path, "/receipts/") != NULL && --files == 0)
		here(IN_RECEIPTS);
	return rc;
}

int
__wrap_ex_spool_drop(struct ex_act_job *job, struct ex_err *err)
{
	int rc = __real_ex_spool_drop(job, err);

	here(AFTER_DROP);
	return rc;
}

static const struct {
	const char *name;
	enum step step;
	int files;
	int spooled; /* it lies in DIR/pending then */
	int there;   /* the log has it already */
	int stands;  /* it is in the log in the end */
} kills[] = {
	{ "before it is spooled", BEFORE_SPOOL, 0, 0, 0, 0 },
	{ "after it is spooled", AFTER_SPOOL, 0, 1, 0, 1 },
	{ "with one of three appended", IN_APPEND, 0, 1, 0, 1 },
	{ "before the commit", BEFORE_COMMIT, 0, 1, 0, 1 },
	{ "after the commit", AFTER_COMMIT, 0, 1, 1, 1 },
	{ "before its receipts", BEFORE_RECEIPTS, 0, 1, 1, 1 },
	{ "after the first file of a receipt", IN_RECEIPTS, 1, 1, 1, 1 },
	{ "after the first receipt", IN_RECEIPTS, FILES, 1, 1, 1 },
	{ "before the last file", IN_RECEIPTS, ITEMS *FILES - 1, 1, 1, 1 },
	{ "after its receipts", AFTER_RECEIPTS, 0, 1, 1, 1 },
	{ "after it is dropped", AFTER_DROP, 0, 0, 1, 1 },
};

enum {
	KILLS = sizeof(kills) / sizeof(kills[0])
};

static int
announce(struct desk *d, const char *series, struct ex_err *why)
{
	struct ex_request r;

	ex_request_init(&r);
	for (size_t i = 0; i < ITEMS; i++)
		acts_announce(&r, acts_item(series, i));
	desk_seat(d, ACTS_OFFICER, NULL);
	return acts_do(d, &r, EX_ACT_ANNOUNCE, NULL, why);
}

/* A process that is killed at this step of an act, or of finishing one. */
static void
die(struct desk *d, const char *series, size_t kill)
{
	struct ex_err why = EX_ERR_INIT;
	int status;
	pid_t pid = fork();

	assert_true(pid != -1);
	if (pid == 0) {
		/* The parent's connections are not ours to close. */
		d->house = NULL;
		killed_at = kills[kill].step;
		files = kills[kill].files;
		if (series != NULL)
			(void)announce(d, series, &why);
		else
			ex_json_free(acts_finish(d, &status));
		(void)fprintf(stderr, "it lives: %s\n", why.text);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

static long
entries_of_series(const struct desk *d, const char *series)
{
	long n = 0;

	for (size_t i = 0; i < ITEMS; i++)
		n += acts_entries_of(d, acts_item(series, i));
	return n;
}

/* All of the series' entries are there once, with whole receipts. */
static void
check_done(struct desk *d, const char *series, size_t receipts)
{
	assert_int_equal(entries_of_series(d, series), ITEMS);
	assert_int_equal(
	    acts_files(d, "receipts", ".tlog-proof"), receipts + ITEMS);
	assert_int_equal(acts_files(d, "receipts", ".p7m"), receipts + ITEMS);
	acts_clean(d);
}

static void
a_killed_act_is_finished_or_was_never_there(void **state)
{
	struct desk *d = *state;
	struct ex_json *told;
	char series[16];
	int status;

	for (size_t i = 0; i < KILLS; i++) {
		size_t receipts = acts_files(d, "receipts", ".tlog-proof");
		int open = kills[i].spooled;

		print_message("killed %s\n", kills[i].name);
		(void)snprintf(series, sizeof(series), "K%zu", i);
		die(d, series, i);
		assert_int_equal(acts_files(d, "pending", ".act"), open);
		told = acts_finish(d, &status);
		assert_int_equal(status, 0);
		assert_int_equal(ex_json_get_int(told, "finished", -1),
		    open && kills[i].there);
		assert_int_equal(
		    ex_json_get_int(told, "sent", -1), open && !kills[i].there);
		ex_json_free(told);
		if (kills[i].stands)
			check_done(d, series, receipts);
		else
			assert_int_equal(entries_of_series(d, series), 0);
	}
	assert_int_equal(acts_rejected(d), 0);
}

static void
the_same_act_again_is_no_second_one(void **state)
{
	struct desk *d = *state;
	char series[16];

	for (size_t i = 0; i < KILLS; i++) {
		struct ex_err why = EX_ERR_INIT;

		(void)snprintf(series, sizeof(series), "K%zu", i);
		if (kills[i].stands) {
			assert_int_equal(announce(d, series, &why), -1);
			assert_int_equal(why.code, EX_STATE);
		} else {
			MUST(announce(d, series, err));
		}
		assert_int_equal(entries_of_series(d, series), ITEMS);
	}
}

/* Spooled, and killed. */
static void
leave_pending(struct desk *d, const char *series)
{
	for (size_t i = 0; i < KILLS; i++)
		if (kills[i].step == AFTER_SPOOL)
			die(d, series, i);
}

static void
finishing_can_be_killed_as_well(void **state)
{
	struct desk *d = *state;
	char series[16];
	int status;

	for (size_t i = 0; i < KILLS; i++) {
		size_t receipts = acts_files(d, "receipts", ".tlog-proof");

		if (kills[i].step <= AFTER_SPOOL)
			continue;
		print_message("finishing killed %s\n", kills[i].name);
		(void)snprintf(series, sizeof(series), "F%zu", i);
		leave_pending(d, series);
		die(d, NULL, i);
		ex_json_free(acts_finish(d, &status));
		assert_int_equal(status, 0);
		check_done(d, series, receipts);
	}
	assert_int_equal(acts_rejected(d), 0);
}

static struct desk *the_desk;

/* The database dies, and cannot be started for a while. */
static void
lose_the_database(void)
{
	char from[EX_PATH], to[EX_PATH];
	struct ex_cluster c;

	MUST(ex_cluster_find(&c, the_desk->dir, err));
	MUST(ex_cluster_stop(&c, err));
	(void)snprintf(from, sizeof(from), "%s/pg", the_desk->dir);
	(void)snprintf(to, sizeof(to), "%s/pg.away", the_desk->dir);
	assert_int_equal(rename(from, to), 0);
}

static void
find_the_database(const struct desk *d)
{
	char from[EX_PATH], to[EX_PATH];

	(void)snprintf(from, sizeof(from), "%s/pg.away", d->dir);
	(void)snprintf(to, sizeof(to), "%s/pg", d->dir);
	/* What was made in its place meanwhile has nothing in it. */
	MUST(ex_remove_tree(to, err));
	assert_int_equal(rename(from, to), 0);
}

static void
a_database_that_dies_before_the_receipt_loses_nothing(void **state)
{
	static const enum step step[] = { BEFORE_COMMIT, AFTER_COMMIT,
		BEFORE_RECEIPTS };
	struct desk *d = *state;
	char series[16];
	int status;

	the_desk = d;
	for (size_t i = 0; i < sizeof(step) / sizeof(step[0]); i++) {
		size_t receipts = acts_files(d, "receipts", ".tlog-proof");
		struct ex_err why = EX_ERR_INIT;

		(void)snprintf(series, sizeof(series), "D%zu", i);
		killed_at = step[i];
		instead = lose_the_database;
		assert_int_equal(announce(d, series, &why), -1);
		assert_int_equal(killed_at, NOWHERE);
		assert_non_null(strstr(why.text, "exhibit pending"));
		assert_int_equal(acts_files(d, "pending", ".act"), 1);
		find_the_database(d);
		ex_json_free(acts_finish(d, &status));
		assert_int_equal(status, 0);
		check_done(d, series, receipts);
	}
	instead = NULL;
}

static void
stop_the_database(void)
{
	struct ex_cluster c;

	MUST(ex_cluster_find(&c, the_desk->dir, err));
	MUST(ex_cluster_stop(&c, err));
}

static void
a_database_that_can_be_started_again_is(void **state)
{
	struct desk *d = *state;
	size_t receipts = acts_files(d, "receipts", ".tlog-proof");

	the_desk = d;
	killed_at = BEFORE_RECEIPTS;
	instead = stop_the_database;
	MUST(announce(d, "AGAIN", err));
	instead = NULL;
	check_done(d, "AGAIN", receipts);
}

static pid_t paused;

static void
pause_the_sequencer(void)
{
	paused = ex_house_sequencer(the_desk->house);
	assert_true(paused > 0);
	assert_int_equal(kill(paused, SIGSTOP), 0);
}

static void
a_sequencer_that_is_slow_is_told_and_finished_later(void **state)
{
	struct desk *d = *state;
	size_t receipts = acts_files(d, "receipts", ".tlog-proof");
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *told;
	int status;

	the_desk = d;
	killed_at = AFTER_SPOOL;
	instead = pause_the_sequencer;
	assert_int_equal(announce(d, "PAUSE", &why), -1);
	instead = NULL;
	assert_int_equal(kill(paused, SIGCONT), 0);
	assert_int_equal(why.code, EX_UNREACHABLE);
	assert_non_null(strstr(why.text, "committed and not yet done"));
	assert_non_null(strstr(why.text, "exhibit pending"));
	assert_int_equal(acts_files(d, "pending", ".act"), 1);
	told = acts_finish(d, &status);
	assert_int_equal(ex_json_get_int(told, "finished", -1), 1);
	ex_json_free(told);
	check_done(d, "PAUSE", receipts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_killed_act_is_finished_or_was_never_there),
		cmocka_unit_test(the_same_act_again_is_no_second_one),
		cmocka_unit_test(finishing_can_be_killed_as_well),
		cmocka_unit_test(
		    a_database_that_dies_before_the_receipt_loses_nothing),
		cmocka_unit_test(a_database_that_can_be_started_again_is),
		cmocka_unit_test(
		    a_sequencer_that_is_slow_is_told_and_finished_later),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, acts_group_open, acts_group_close);
}
