/*
 * test_pending.c -- what lies in DIR/pending is listed, finished, put aside or
 * left alone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cases/act_parts.h"
#include "tests/cases/acts.h"

/* Sign a note of an item and spool it, and go no further; job has its lock. */
static void
spool(struct desk *d, struct ex_act_job *job, const char *item)
{
	struct ex_request r;

	desk_seat(d, ACTS_OFFICER, NULL);
	ex_request_init(&r);
	acts_note(&r, item, "not sent yet");
	MUST(ex_request_seat_desk(&r, d->house, EX_ACT_NOTE, err));
	ex_act_job_init(job, d->house, &r);
	MUST(ex_act_plan(job, err));
	MUST(ex_act_sign(job, err));
	MUST(ex_spool_write(job, err));
	ex_request_free(&r);
	job->request = NULL;
}

static void
what_was_not_sent_is_listed_and_sent(void **state)
{
	struct desk *d = *state;
	const struct ex_json *one;
	struct ex_act_job job;
	struct ex_json *told;
	int status;

	acts_announced(d, "LIST-1");
	spool(d, &job, "LIST-1");
	ex_act_job_free(&job);
	MUST(ex_pending_list(&told, d->house, err));
	assert_int_equal(ex_json_count(ex_json_get(told, "pending")), 1);
	one = ex_json_at(ex_json_get(told, "pending"), 0);
	assert_string_equal(ex_json_get_text(one, "stream"), "item:LIST-1");
	assert_string_equal(ex_json_get_text(one, "action"), "note");
	assert_int_equal(ex_json_get_int(one, "seq", 0), 2);
	ex_json_free(told);
	told = acts_finish(d, &status);
	assert_int_equal(status, 0);
	assert_int_equal(ex_json_get_int(told, "sent", -1), 1);
	ex_json_free(told);
	assert_int_equal(acts_entries_of(d, "LIST-1"), 2);
	acts_clean(d);
}

static void
what_can_no_longer_stand_is_kept_aside_and_named(void **state)
{
	struct desk *d = *state;
	const struct ex_json *lost;
	struct ex_act_job job;
	struct ex_json *told;
	char path[EX_PATH];
	int status;

	acts_announced(d, "STALE-1");
	spool(d, &job, "STALE-1");
	ex_act_job_free(&job);
	acts_noted(d, "STALE-1");
	told = acts_finish(d, &status);
	assert_int_equal(status, 1);
	assert_int_equal(ex_json_get_int(told, "sent", -1), 0);
	assert_int_equal(ex_json_get_int(told, "finished", -1), 0);
	lost = ex_json_at(ex_json_get(told, "lost"), 0);
	assert_string_equal(ex_json_get_text(lost, "stream"), "STALE-1");
	assert_non_null(strstr(ex_json_get_text(lost, "why"), "entry"));
	ex_json_free(told);
	assert_int_equal(acts_entries_of(d, "STALE-1"), 2);
	assert_int_equal(acts_rejected(d), 0);
	assert_int_equal(acts_files(d, "pending", ".act"), 0);
	assert_int_equal(acts_files(d, "pending", ".act.lost"), 1);
	(void)snprintf(path, sizeof(path), "%s/pending", d->dir);
	MUST(ex_remove_tree(path, err));
}

static void
what_another_process_has_in_hand_is_left_alone(void **state)
{
	struct desk *d = *state;
	struct ex_act_job job;
	struct ex_json *told;
	int status;

	acts_announced(d, "BUSY-1");
	spool(d, &job, "BUSY-1");
	told = acts_finish(d, &status);
	assert_int_equal(status, 0);
	assert_int_equal(ex_json_get_int(told, "busy", -1), 1);
	assert_int_equal(ex_json_get_int(told, "sent", -1), 0);
	ex_json_free(told);
	assert_int_equal(acts_entries_of(d, "BUSY-1"), 1);
	MUST(ex_spool_drop(&job, err));
	ex_act_job_free(&job);
	acts_clean(d);
}

/* A name in DIR/pending, this many seconds old. */
static void
litter(const struct desk *d, const char *name, long age)
{
	struct timespec at[2] = { { time(NULL) - age, 0 },
		{ time(NULL) - age, 0 } };
	char path[EX_PATH];

	(void)snprintf(path, sizeof(path), "%s/pending/%s", d->dir, name);
	MUST(ex_file_write(path, "", 0, 0600, err));
	assert_int_equal(utimensat(AT_FDCWD, path, at, 0), 0);
}

static void
what_killed_processes_left_is_swept_away(void **state)
{
	struct desk *d = *state;
	int status;

	litter(d, "a.act.lock", 3600);
	litter(d, "a.act.0123.tmp", 3600);
	litter(d, "b.act.lock", 5);
	litter(d, "IMAGE-1.acquired", 3600);
	ex_json_free(acts_finish(d, &status));
	assert_int_equal(status, 0);
	/* The young lock and what is not ours stay. */
	assert_int_equal(acts_files(d, "pending", ".lock"), 1);
	assert_int_equal(acts_files(d, "pending", ".tmp"), 0);
	assert_int_equal(acts_files(d, "pending", ".acquired"), 1);
	assert_int_equal(acts_files(d, "pending", ""), 2);
}

static void
a_damaged_file_is_put_aside_and_named(void **state)
{
	struct desk *d = *state;
	struct ex_json *told;
	const struct ex_json *one;
	char path[EX_PATH];
	int status;

	(void)snprintf(path, sizeof(path), "%s/pending/x.act", d->dir);
	MUST(ex_file_write(path, "exhibit-pending/1\n", 18, 0600, err));
	MUST(ex_pending_list(&told, d->house, err));
	one = ex_json_at(ex_json_get(told, "pending"), 0);
	assert_string_equal(ex_json_get_text(one, "file"), "x.act");
	assert_non_null(ex_json_get_text(one, "unreadable"));
	ex_json_free(told);
	told = acts_finish(d, &status);
	assert_int_equal(status, 1);
	one = ex_json_at(ex_json_get(told, "lost"), 0);
	assert_string_equal(ex_json_get_text(one, "file"), "x.act.lost");
	ex_json_free(told);
	assert_int_equal(acts_files(d, "pending", "x.act.lost"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_not_sent_is_listed_and_sent),
		cmocka_unit_test(
		    what_can_no_longer_stand_is_kept_aside_and_named),
		cmocka_unit_test(
		    what_another_process_has_in_hand_is_left_alone),
		cmocka_unit_test(what_killed_processes_left_is_swept_away),
		cmocka_unit_test(a_damaged_file_is_put_aside_and_named),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, acts_group_open, acts_group_close);
}
