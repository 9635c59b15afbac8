/*
 * test_biglog.c -- a queue longer than a round, and a log too long to be kept
 * in memory, checked in one pass.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/logverify.h"
#include "tests/cases/biglog.h"

enum {
	ITEMS = 450 /* more entries than one round takes */
};

static struct biglog big;

static void
verify(struct ex_log_report *r)
{
	struct ex_conn *conn = bench_conn(&big.bench, EX_ROLE_SERVICE);
	struct ex_log_verify v = { .log = &big.house.vkey };

	MUST(ex_log_verify(r, conn, &v, err));
	ex_conn_close(conn);
}

static void
a_queue_longer_than_a_round_is_taken_whole(void **state)
{
	struct biglog_entry *e;
	size_t n = (size_t)ITEMS * BIGLOG_CHAIN;

	(void)state;
	assert_true(n > EX_ROUND_MAX);
	biglog_start(&big);
	e = biglog_sign(&big, ITEMS);
	biglog_stop(&big);
	biglog_append_all(&big, e, n);
	for (size_t i = 0; i < n; i++)
		biglog_entry_free(&e[i]);
	free(e);
	biglog_start(&big);
	biglog_settle(&big);
	assert_string_equal(
	    bench_value(&big.bench,
		"SELECT count(*) || ' ' || (SELECT count(*) FROM exhibit.queue)"
		" || ' ' || (SELECT count(*) FROM exhibit.rejected)"
		" FROM exhibit.checkpoint WHERE size >"
		" (SELECT max(index) + 1 - 4500 FROM exhibit.tree_leaf)"),
	    "2 0 0");
}

static void
it_is_verified(void **state)
{
	struct ex_log_report r;

	(void)state;
	verify(&r);
	for (size_t i = 0; i < r.nremarks && i < 20; i++)
		print_message("%s %s\n", r.remark[i].code, r.remark[i].text);
	assert_int_equal(r.faults, 0);
	assert_true(r.entries >= big.entries);
	assert_int_equal(r.verdict, EX_CONSISTENT);
	ex_log_report_free(&r);
}

static int
open_log(void **state)
{
	(void)state;
	biglog_open(&big);
	return 0;
}

static int
close_log(void **state)
{
	(void)state;
	biglog_close(&big);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_queue_longer_than_a_round_is_taken_whole),
		cmocka_unit_test(it_is_verified),
	};

	return cmocka_run_group_tests(tests, open_log, close_log);
}
