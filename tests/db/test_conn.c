/*
 * test_conn.c -- statements, rows, transactions, and a server that is not
 * there.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <string.h>

#include "base/clock.h"
#include "db/schema.h"
#include "tests/db/bench.h"

static struct bench bench;
static struct ex_conn *conn;

/* Of a name of its own: a connection prepares each once. */
#define NAME_AT(line) "statement_" #line
#define NAME_OF(line) NAME_AT(line)
#define STATEMENT(text)                                       \
	{                                                     \
		NAME_OF(__LINE__), text, sizeof(text) - 1, "" \
	}

static int
setup(void **state)
{
	(void)state;
	bench_open(&bench);
	bench_fresh(&bench);
	conn = bench_conn(&bench, EX_CLUSTER_ROOT);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	ex_conn_close(conn);
	bench_close(&bench);
	return 0;
}

/* What number of rows each statement gives, and which is taken. */
static const struct {
	struct ex_sql sql;
	int no, one, maybe, many;
} shapes[] = {
	{ STATEMENT("SELECT 1 WHERE false"), 1, 0, 1, 1 },
	{ STATEMENT("SELECT 1"), 0, 1, 1, 1 },
	{ STATEMENT("SELECT generate_series(1, 2)"), 0, 0, 0, 1 },
	{ STATEMENT("CREATE TEMP TABLE t AS SELECT 1"), 1, 0, 1, 1 },
};

/* 1 when it is taken; else the error says that the number is wrong. */
static int
taken(const struct ex_sql *q, enum ex_expect expect, int wants_rows)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_rows *rows = NULL;
	int rc;

	MUST(ex_conn_begin(conn, err));
	rc = ex_conn_run(
	    conn, q, NULL, 0, expect, wants_rows ? &rows : NULL, &why);
	ex_conn_rollback(conn);
	if (rc == -1) {
		assert_int_equal(why.code, EX_DAMAGED);
		assert_non_null(strstr(why.text, "statement_"));
		assert_null(rows);
	}
	ex_rows_free(rows);
	return rc == 0;
}

static void
the_wrong_number_of_rows_is_an_error(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		for (int rows = 0; rows < 2; rows++) {
			const struct ex_sql *q = &shapes[i].sql;

			assert_int_equal(
			    taken(q, EX_NO_ROWS, rows), shapes[i].no);
			assert_int_equal(
			    taken(q, EX_ONE_ROW, rows), shapes[i].one);
			assert_int_equal(
			    taken(q, EX_MAYBE_ROW, rows), shapes[i].maybe);
			assert_int_equal(
			    taken(q, EX_MANY_ROWS, rows), shapes[i].many);
		}
}

static void
it_is_one_without_an_error_record_too(void **state)
{
	static const struct ex_sql q = STATEMENT("SELECT 1");

	(void)state;
	assert_int_equal(
	    ex_conn_run(conn, &q, NULL, 0, EX_NO_ROWS, NULL, NULL), -1);
}

static void
values_come_back_as_they_went(void **state)
{
	static const struct ex_sql q = STATEMENT(
	    "SELECT $1::text, $2::bytea, $3::bigint, $4::text, 7::smallint, "
	    "-7::integer");
	static const uint8_t bytes[] = { 0, 255, '\\', '\'', 0 };
	static const int64_t numbers[] = { 0, 1, -1, INT64_MAX, INT64_MIN };
	static const char text[] = "\xe8\xad\x89\xe7\x89\xa9 'quoted' \\";

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const struct ex_param p[4] = { ex_param_text(text),
			ex_param_bytes(bytes, sizeof(bytes)),
			ex_param_int(numbers[i]), ex_param_text(NULL) };
		struct ex_rows *rows;

		MUST(ex_conn_run(conn, &q, p, 4, EX_ONE_ROW, &rows, err));
		assert_string_equal(ex_rows_text(rows, 0, 0), text);
		assert_int_equal(ex_rows_bytes(rows, 0, 1).n, sizeof(bytes));
		assert_memory_equal(
		    ex_rows_bytes(rows, 0, 1).p, bytes, sizeof(bytes));
		assert_true(ex_rows_int(rows, 0, 2) == numbers[i]);
		assert_int_equal(ex_rows_null(rows, 0, 3), 1);
		assert_int_equal(ex_rows_null(rows, 0, 0), 0);
		assert_int_equal(ex_rows_int(rows, 0, 4), 7);
		assert_int_equal(ex_rows_int(rows, 0, 5), -7);
		ex_rows_free(rows);
	}
}

/* Which SQLSTATE is which code, as the server raises it. */
static const struct {
	const char *state;
	enum ex_code code;
} codes[] = {
	{ "40001", EX_CONFLICT },
	{ "40P01", EX_CONFLICT },
	{ "42501", EX_DENIED },
	{ "EX001", EX_STATE },
	{ "23505", EX_EXISTS },
	{ "53300", EX_UNREACHABLE },
	{ "57014", EX_LIMIT },
	{ "57P01", EX_UNREACHABLE },
	{ "XX000", EX_SYSTEM },
};

static void
states_of_the_server_have_codes(void **state)
{
	(void)state;
	bench_sql(&bench,
	    "CREATE FUNCTION fail(how text) RETURNS void LANGUAGE plpgsql AS "
	    "$$ BEGIN RAISE EXCEPTION 'on purpose' USING ERRCODE = how; END "
	    "$$");
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		static const struct ex_sql q = STATEMENT("SELECT fail($1)");
		struct ex_param p = ex_param_text(codes[i].state);
		struct ex_err why = EX_ERR_INIT;

		assert_int_equal(
		    ex_conn_run(conn, &q, &p, 1, EX_ONE_ROW, NULL, &why), -1);
		assert_int_equal(why.code, codes[i].code);
		assert_non_null(strstr(why.text, "statement_"));
		assert_non_null(strstr(why.text, codes[i].state));
	}
}

static void
a_message_never_shows_a_parameter(void **state)
{
	static const struct ex_sql q[] = { STATEMENT("SELECT $1::text::int"),
		STATEMENT("SELECT $1::text::jsonb"),
		STATEMENT("SELECT $1::text::timestamptz"),
		STATEMENT("INSERT INTO exhibit.fact VALUES ('', $1, '', '')") };

	(void)state;
	for (size_t i = 0; i < sizeof(q) / sizeof(q[0]); i++) {
		struct ex_param p = ex_param_text("Ms Secret");
		struct ex_err why = EX_ERR_INIT;

		assert_int_equal(
		    ex_conn_run(conn, &q[i], &p, 1, EX_MANY_ROWS, NULL, &why),
		    -1);
		assert_int_equal(why.code, EX_SYSTEM);
		assert_null(strstr(why.text, "Secret"));
	}
}

static void
a_failed_transaction_does_not_commit(void **state)
{
	static const struct ex_sql bad = STATEMENT("SELECT 1 / 0");
	struct ex_err why = EX_ERR_INIT;

	(void)state;
	MUST(ex_conn_begin(conn, err));
	assert_int_equal(
	    ex_conn_run(conn, &bad, NULL, 0, EX_ONE_ROW, NULL, NULL), -1);
	assert_int_equal(ex_conn_commit(conn, &why), -1);
	assert_int_equal(why.code, EX_SYSTEM);
	assert_non_null(strstr(why.text, "rolled back"));
	/* and the connection is good for the next */
	MUST(ex_conn_begin(conn, err));
	MUST(ex_conn_commit(conn, err));
	ex_conn_rollback(conn);
}

static void
a_snapshot_sees_one_moment_and_writes_nothing(void **state)
{
	static const struct ex_sql count =
	    STATEMENT("SELECT count(*) FROM exhibit.wish");
	static const struct ex_sql put =
	    STATEMENT("INSERT INTO exhibit.wish DEFAULT VALUES");
	struct ex_rows *rows;

	(void)state;
	MUST(ex_conn_begin_snapshot(conn, err));
	for (int i = 0; i < 2; i++) {
		MUST(
		    ex_conn_run(conn, &count, NULL, 0, EX_ONE_ROW, &rows, err));
		assert_int_equal(ex_rows_int(rows, 0, 0), 0);
		ex_rows_free(rows);
		bench_sql(&bench, "INSERT INTO exhibit.wish DEFAULT VALUES");
	}
	assert_int_equal(
	    ex_conn_run(conn, &put, NULL, 0, EX_NO_ROWS, NULL, NULL), -1);
	ex_conn_rollback(conn);
	bench_sql(&bench, "DELETE FROM exhibit.wish");
}

static void
a_connection_that_is_cut_is_unreachable(void **state)
{
	static const struct ex_sql q = STATEMENT("SELECT 1");
	struct ex_conn *own = bench_conn(&bench, EX_ROLE_SERVICE);
	struct ex_err why = EX_ERR_INIT;

	(void)state;
	assert_string_equal(ex_conn_user(own), EX_ROLE_SERVICE);
	MUST(ex_conn_run(own, &q, NULL, 0, EX_ONE_ROW, NULL, err));
	bench_sql(&bench, "SELECT pg_terminate_backend(pid, 9999) FROM "
			  "pg_stat_activity WHERE usename = 'exhibit_service'");
	assert_int_equal(
	    ex_conn_run(own, &q, NULL, 0, EX_ONE_ROW, NULL, &why), -1);
	assert_int_equal(why.code, EX_UNREACHABLE);
	ex_err_clear(&why);
	assert_int_equal(ex_conn_begin(own, &why), -1);
	assert_int_equal(why.code, EX_UNREACHABLE);
	ex_err_clear(&why);
	assert_int_equal(ex_conn_wait(own, EX_SECOND, &why), -1);
	assert_int_equal(why.code, EX_UNREACHABLE);
	ex_conn_rollback(own);
	ex_conn_close(own);
}

/* Conninfos that lead nowhere. */
static const struct {
	const char *conninfo;
	enum ex_code code;
} nowhere[] = {
	{ "host=/nonexistent user=x dbname=x", EX_UNREACHABLE },
	{ "host=127.0.0.1 port=1 user=x dbname=x connect_timeout=2",
	    EX_UNREACHABLE },
};

static void
who_cannot_connect_is_told_why(void **state)
{
	struct ex_conn *none = conn;
	struct ex_err why = EX_ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
		ex_err_clear(&why);
		assert_int_equal(
		    ex_conn_open(&none, nowhere[i].conninfo, &why), -1);
		assert_int_equal(why.code, nowhere[i].code);
		assert_null(none);
		assert_null(strchr(why.text, '\n'));
	}
	/* a role that is mapped to nobody, one that is not there */
	ex_err_clear(&why);
	bench_sql(&bench, "CREATE ROLE stranger LOGIN");
	assert_int_equal(
	    ex_conn_open(&none, bench_info(&bench, "stranger"), &why), -1);
	assert_int_equal(why.code, EX_DENIED);
}

static void
a_notification_wakes(void **state)
{
	static const struct ex_sql listen = STATEMENT("LISTEN something");
	int64_t began;

	(void)state;
	MUST(ex_conn_script(conn, &listen, err));
	assert_int_equal(ex_conn_wait(conn, 1000, NULL), 0);
	bench_sql(&bench, "NOTIFY something");
	began = ex_ticks();
	assert_int_equal(ex_conn_wait(conn, 20 * EX_SECOND, NULL), 1);
	assert_true(ex_ticks() - began < 10 * EX_SECOND);
	assert_int_equal(ex_conn_wait(conn, 1000, NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_wrong_number_of_rows_is_an_error),
		cmocka_unit_test(it_is_one_without_an_error_record_too),
		cmocka_unit_test(values_come_back_as_they_went),
		cmocka_unit_test(states_of_the_server_have_codes),
		cmocka_unit_test(a_message_never_shows_a_parameter),
		cmocka_unit_test(a_failed_transaction_does_not_commit),
		cmocka_unit_test(a_snapshot_sees_one_moment_and_writes_nothing),
		cmocka_unit_test(a_connection_that_is_cut_is_unreachable),
		cmocka_unit_test(who_cannot_connect_is_told_why),
		cmocka_unit_test(a_notification_wakes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
