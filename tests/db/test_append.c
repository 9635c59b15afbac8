/*
 * test_append.c -- append() from C: compare and swap, and many writers.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/wait.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/schema.h"
#include "db/sequence.h"
#include "tests/db/bench.h"
#include "tests/db/noise.h"

enum {
	WRITERS = 8,
	EACH = 25
};

static struct bench bench;
static struct ex_conn *conn; /* of a person */

static int
setup(void **state)
{
	(void)state;
	bench_open(&bench);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	bench_close(&bench);
	return 0;
}

static int
fresh(void **state)
{
	(void)state;
	bench_fresh(&bench);
	conn = bench_conn(&bench, "person_" BENCH_ALMA);
	return 0;
}

static int
done(void **state)
{
	(void)state;
	ex_conn_close(conn);
	return 0;
}

static void
must_fail(const struct noise *n, enum ex_code code)
{
	struct ex_err why = EX_ERR_INIT;

	assert_int_equal(noise_append(conn, n, &why), -1);
	assert_int_equal(why.code, code);
}

static void
who_is_late_gets_a_conflict(void **state)
{
	struct noise a, b, late;

	(void)state;
	noise_make(&a, "lab:L", 1, NULL, "a");
	noise_make(&b, "lab:L", 2, &a, "b");
	noise_make(&late, "lab:L", 2, &a, "late");
	noise_put(conn, &a);
	noise_put(conn, &b);
	must_fail(&late, EX_CONFLICT);
	assert_string_equal(
	    bench_value(&bench, "SELECT count(*) FROM exhibit.entry"), "2");
}

static void
the_same_again_is_success(void **state)
{
	struct noise a, b;

	(void)state;
	noise_make(&a, "lab:L", 1, NULL, "a");
	noise_make(&b, "lab:L", 2, &a, "b");
	for (int i = 0; i < 3; i++) {
		noise_put(conn, &a);
		noise_put(conn, &b);
	}
	assert_string_equal(
	    bench_value(&bench, "SELECT count(*) FROM exhibit.queue"), "2");
}

static void
another_encoding_of_an_event_is_not(void **state)
{
	struct noise a, again;

	(void)state;
	noise_make(&a, "lab:L", 1, NULL, "a");
	noise_put(conn, &a);
	again = a;
	again.row.entry = "A";
	again.row.stream = &again.stream;
	must_fail(&again, EX_EXISTS);
}

static void
an_act_over_many_stands_or_falls(void **state)
{
	struct noise a, b, c;

	(void)state;
	noise_make(&a, "item:A", 1, NULL, "a");
	noise_make(&b, "item:B", 1, NULL, "b");
	noise_make(&c, "item:C", 2, NULL, "c");
	MUST(ex_conn_begin(conn, err));
	noise_put(conn, &a);
	noise_put(conn, &b);
	must_fail(&c, EX_CONFLICT);
	ex_conn_rollback(conn);
	assert_string_equal(
	    bench_value(&bench, "SELECT count(*) FROM exhibit.entry"), "0");
	MUST(ex_conn_begin(conn, err));
	noise_put(conn, &a);
	noise_put(conn, &b);
	MUST(ex_conn_commit(conn, err));
	assert_string_equal(
	    bench_value(&bench, "SELECT count(*) FROM exhibit.entry"), "2");
}

static void
without_a_reply_one_asks_and_appends_again(void **state)
{
	struct ex_entry_status status;
	struct ex_err why = EX_ERR_INIT;
	struct noise a;

	(void)state;
	noise_make(&a, "lab:L", 1, NULL, "a");
	MUST(ex_store_status(conn, a.body, &status, err));
	assert_int_equal(status.state, EX_ENTRY_ABSENT);
	/* the server goes away before it commits, with the reply */
	MUST(ex_conn_begin(conn, err));
	noise_put(conn, &a);
	bench_sql(&bench, "SELECT pg_terminate_backend(pid, 9999) FROM "
			  "pg_stat_activity WHERE usename LIKE 'person%'");
	assert_int_equal(ex_conn_commit(conn, &why), -1);
	assert_int_equal(why.code, EX_UNREACHABLE);
	ex_conn_close(conn);
	conn = bench_conn(&bench, "person_" BENCH_ALMA);
	MUST(ex_store_status(conn, a.body, &status, err));
	assert_int_equal(status.state, EX_ENTRY_ABSENT);
	noise_put(conn, &a);
	MUST(ex_store_status(conn, a.body, &status, err));
	assert_int_equal(status.state, EX_ENTRY_WAITING);
}

/* One writer: behind whatever is newest, until it has done its share. */
static int
append_next(struct ex_conn *own, int who, int i)
{
	struct ex_err why = EX_ERR_INIT;
	struct noise before, n;
	char text[32];
	uint64_t seq;

	memset(&before, 0, sizeof(before));
	(void)snprintf(text, sizeof(text), "%d/%d", who, i);
	if (ex_sequence_head(own, "lab:L", &seq, before.leaf, &why) == -1)
		return -1;
	noise_make(&n, "lab:L", seq + 1, &before, text);
	if (noise_append(own, &n, &why) == 0)
		return 1;
	return why.code == EX_CONFLICT ? 0 : -1;
}

static void
write_much(int who)
{
	struct ex_conn *own = NULL;
	int i = 0, rc = 0;

	if (ex_conn_open(&own, bench_info(&bench, EX_ROLE_SERVICE), NULL) == -1)
		_exit(1);
	while (rc != -1 && i < EACH) {
		rc = append_next(own, who, i);
		i += rc == 1;
	}
	ex_conn_close(own);
	_exit(rc == -1);
}

static void
many_writers_make_one_chain_without_gaps(void **state)
{
	pid_t pid[WRITERS];

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		pid[i] = fork();
		assert_true(pid[i] != -1);
		if (pid[i] == 0)
			write_much(i);
	}
	for (int i = 0; i < WRITERS; i++) {
		int status = -1;

		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	assert_string_equal(
	    bench_value(&bench,
		"SELECT count(*) || ' ' || min(seq) || ' ' || max(seq) || ' ' "
		"|| count(DISTINCT seq) FROM exhibit.entry"),
	    "200 1 200 200");
	/* each continues the one before it */
	assert_string_equal(
	    bench_value(&bench,
		"SELECT count(*) FROM exhibit.entry a JOIN exhibit.entry b "
		"ON b.seq = a.seq + 1 AND b.prev = a.leaf"),
	    "199");
	assert_string_equal(
	    bench_value(&bench,
		"SELECT h.seq || ' ' || (h.leaf = e.leaf) FROM exhibit.head h "
		"JOIN exhibit.entry e ON e.seq = h.seq"),
	    "200 true");
}

#define FRESH(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(who_is_late_gets_a_conflict),
		FRESH(the_same_again_is_success),
		FRESH(another_encoding_of_an_event_is_not),
		FRESH(an_act_over_many_stands_or_falls),
		FRESH(without_a_reply_one_asks_and_appends_again),
		FRESH(many_writers_make_one_chain_without_gaps),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
