/*
 * test_act_race.c -- somebody else was first, the answer was lost, the log
 * changed its mind: every act is there once, or is told.
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
#include "base/proc.h"
#include "cases/act_parts.h"
#include "cases/house_parts.h"
#include "tests/cases/acts.h"

enum {
	RACERS = 3,
	NOTES = 4 /* of each */
};

/* What happens at the next append or commit, once. */
static void (*before_append)(const struct ex_append *a);
static int lose_commit; /* 1: its answer, 2: the commit itself */

int __real_ex_store_append(
    struct ex_conn *conn, const struct ex_append *a, struct ex_err *err);
int __wrap_ex_store_append(
    struct ex_conn *conn, const struct ex_append *a, struct ex_err *err);
int __real_ex_conn_commit(struct ex_conn *conn, struct ex_err *err);
int __wrap_ex_conn_commit(struct ex_conn *conn, struct ex_err *err);

static int gone; /* the connection breaks after what happens */

int
__wrap_ex_store_append(
    struct ex_conn *conn, const struct ex_append *a, struct ex_err *err)
{
	void (*happens)(const struct ex_append *) = before_append;

	before_append = NULL;
	if (happens != NULL)
		happens(a);
	if (gone) {
		gone = 0;
		return ex_fail(err, EX_UNREACHABLE, "the line went dead");
	}
	return __real_ex_store_append(conn, a, err);
}

int
__wrap_ex_conn_commit(struct ex_conn *conn, struct ex_err *err)
{
	int lose = lose_commit;

	lose_commit = 0;
	if (lose != 2 && __real_ex_conn_commit(conn, err) == -1)
		return -1;
	if (lose != 0)
		return ex_fail(err, EX_UNREACHABLE, "the line went dead");
	return 0;
}

static int
note(struct desk *d, const char *item, struct ex_err *why)
{
	struct ex_request r;

	ex_request_init(&r);
	acts_note(&r, item, "a remark");
	return acts_do(d, &r, EX_ACT_NOTE, NULL, why);
}

/* A process of its own, with connections of its own. */
static pid_t
start_racer(struct desk *d, const char *item)
{
	struct ex_err why = EX_ERR_INIT;
	pid_t pid = fork();

	assert_true(pid != -1);
	if (pid != 0)
		return pid;
	/* The parent's connection is not ours to close. */
	d->house = NULL;
	desk_seat(d, ACTS_OFFICER, NULL);
	for (int i = 0; i < NOTES; i++)
		if (note(d, item, &why) == -1) {
			(void)fprintf(stderr, "%s\n", why.text);
			_exit(1);
		}
	_exit(0);
}

static void
processes_that_write_to_one_stream_all_get_through(void **state)
{
	struct desk *d = *state;
	pid_t pid[RACERS];
	int status;

	acts_announced(d, "RACE-1");
	for (int i = 0; i < RACERS; i++)
		pid[i] = start_racer(d, "RACE-1");
	for (int i = 0; i < RACERS; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	desk_again(d);
	assert_int_equal(acts_entries_of(d, "RACE-1"), 1 + RACERS * NOTES);
	assert_int_equal(acts_rejected(d), 0);
	acts_clean(d);
}

static struct desk *other; /* the same house, for what happens meanwhile */
static const char *other_item;

static void
somebody_writes(const struct ex_append *a)
{
	(void)a;
	MUST(note(other, other_item, err));
}

static void
a_lost_race_is_planned_and_signed_again(void **state)
{
	struct desk *d = *state, second = *d;
	struct ex_outcome o;
	struct ex_request r;

	acts_announced(d, "LATE-1");
	second.house = NULL;
	second.seats.pins.arg = &second;
	desk_seat(&second, ACTS_OFFICER, NULL);
	other = &second;
	other_item = "LATE-1";
	before_append = somebody_writes;
	ex_request_init(&r);
	acts_note(&r, "LATE-1", "the second remark");
	MUST(acts_do(d, &r, EX_ACT_NOTE, &o, err));
	assert_int_equal(o.done[0].seq, 3);
	assert_int_equal(acts_entries_of(d, "LATE-1"), 3);
	acts_clean(d);
	ex_outcome_free(&o);
	ex_house_close(second.house);
}

static void
a_lost_answer_does_not_make_it_twice(void **state)
{
	struct desk *d = *state;

	acts_announced(d, "ANSWER-1");
	lose_commit = 1;
	MUST(note(d, "ANSWER-1", err));
	assert_int_equal(lose_commit, 0);
	assert_int_equal(acts_entries_of(d, "ANSWER-1"), 2);
	/* And one that never arrived is sent again. */
	lose_commit = 2;
	MUST(note(d, "ANSWER-1", err));
	assert_int_equal(acts_entries_of(d, "ANSWER-1"), 3);
	acts_clean(d);
}

static pid_t slow; /* psql, which takes its time to commit */

/* Append out of a transaction that commits only later. */
static void
commits_later(const struct ex_append *a)
{
	const char *argv[] = { "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1",
		"-d", NULL, "-f", NULL, NULL };
	struct ex_buf sql = EX_BUF_INIT, info = EX_BUF_INIT;
	char stream[EX_STREAM_TEXT], path[EX_PATH], file[EX_PATH];
	struct ex_proc p = EX_PROC_INIT;
	struct ex_cluster c;
	const struct {
		const void *p;
		size_t n;
	} part[] = { { a->prev, EX_HASH }, { a->leaf, EX_HASH },
		{ a->body_sha256, EX_SHA256_LEN }, { a->entry, a->nentry },
		{ a->openings, a->nopenings } };

	ex_stream_text(stream, a->stream);
	MUST(ex_buf_addf(&sql, err, "BEGIN; SELECT exhibit.append('%s', %d",
	    stream, (int)a->seq));
	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		MUST(ex_buf_add_text(&sql, ", '\\x", err));
		for (size_t k = 0; k < part[i].n; k++)
			MUST(ex_buf_addf(&sql, err, "%02x",
			    ((const uint8_t *)part[i].p)[k]));
		MUST(ex_buf_add_text(&sql, "'", err));
	}
	MUST(ex_buf_addf(&sql, err, ", '%s'); SELECT pg_sleep(2); COMMIT;\n",
	    a->case_number));
	(void)snprintf(file, sizeof(file), "%s/late.sql", other->dir);
	MUST(ex_file_write(file, sql.data, sql.len, 0644, err));
	MUST(ex_cluster_find(&c, other->dir, err));
	MUST(ex_cluster_conninfo(&info, &c, EX_CLUSTER_ROOT, "exhibit", err));
	MUST(ex_path_join(path, EX_PATH, c.bin, "psql", err));
	argv[6] = ex_buf_text(&info);
	argv[8] = file;
	p.path = path;
	p.argv = argv;
	MUST(ex_proc_start(&slow, &p, err));
	/* Until it holds the stream. */
	while (strcmp(desk_sql(other,
			  "SELECT count(*) FROM pg_stat_activity WHERE "
			  "query LIKE '%pg_sleep(2)%' AND pid <> "
			  "pg_backend_pid()"),
		   "0") == 0)
		ex_sleep(EX_SECOND / 50);
	gone = 1;
	ex_buf_free(&sql);
	ex_buf_free(&info);
}

static void
an_answer_that_is_lost_before_the_commit_is_waited_for(void **state)
{
	struct desk *d = *state;
	int status = -1;

	acts_announced(d, "SLOW-1");
	other = d;
	before_append = commits_later;
	MUST(note(d, "SLOW-1", err));
	MUST(ex_proc_wait(slow, 30 * EX_SECOND, &status, err));
	assert_int_equal(status, 0);
	assert_int_equal(acts_entries_of(d, "SLOW-1"), 2);
	assert_int_equal(acts_rejected(d), 0);
	acts_clean(d);
}

static void
the_custodian_leaves(const struct ex_append *a)
{
	(void)a;
	MUST(desk_lab(other, EX_ACT_ROLE_END, err, "person", ACTS_CUSTODIAN,
	    "grant", "evidence_custodian", NULL));
}

static void
the_custodian_returns(struct desk *d)
{
	desk_seat(d, "admin", NULL);
	MUST(desk_lab(d, EX_ACT_ROLE_GRANT, err, "person", ACTS_CUSTODIAN,
	    "grant", "evidence_custodian", NULL));
}

static void
what_the_log_rejects_is_told_with_its_reason(void **state)
{
	struct desk *d = *state, second = *d;
	struct ex_err why = EX_ERR_INIT;
	struct ex_request r;
	long rejected = acts_rejected(d);

	acts_announced(d, "GONE-1");
	second.house = NULL;
	second.seats.pins.arg = &second;
	desk_seat(&second, "admin", NULL);
	other = &second;
	before_append = the_custodian_leaves;
	ex_request_init(&r);
	acts_receive(&r, "GONE-1");
	desk_seat(d, ACTS_CUSTODIAN, ACTS_OFFICER);
	assert_int_equal(acts_do(d, &r, EX_ACT_RECEIVE, NULL, &why), -1);
	assert_int_equal(why.code, EX_DENIED);
	assert_non_null(strstr(why.text, "receive GONE-1"));
	assert_non_null(strstr(why.text, "evidence_custodian"));
	assert_int_equal(acts_rejected(d), rejected + 1);
	assert_int_equal(acts_files(d, "pending", ".act"), 0);
	the_custodian_returns(d);
	/* Its place is free again. */
	ex_request_init(&r);
	acts_receive(&r, "GONE-1");
	desk_seat(d, ACTS_CUSTODIAN, ACTS_OFFICER);
	MUST(acts_do(d, &r, EX_ACT_RECEIVE, NULL, err));
	ex_house_close(second.house);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    processes_that_write_to_one_stream_all_get_through),
		cmocka_unit_test(a_lost_race_is_planned_and_signed_again),
		cmocka_unit_test(a_lost_answer_does_not_make_it_twice),
		cmocka_unit_test(
		    an_answer_that_is_lost_before_the_commit_is_waited_for),
		cmocka_unit_test(what_the_log_rejects_is_told_with_its_reason),
	};

	desk_programs();
	return cmocka_run_group_tests(tests, acts_group_open, acts_group_close);
}
