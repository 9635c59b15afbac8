/*
 * test_cluster.c -- the private PostgreSQL: made, made again, refused where it
 * could not live.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "db/schema.h"
#include "tests/db/bench.h"

static char dir[64];

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/excl.XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chmod(dir, 0711), 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	MUST(ex_remove_tree(dir, err));
	return 0;
}

static void
find(struct ex_cluster *c, const char *below)
{
	char data[EX_PATH];

	(void)snprintf(data, sizeof(data), "%s%s", dir, below);
	MUST(ex_cluster_find(c, data, err));
}

/* It answers, and says yes to what is asked for. */
static void
must_work(const struct ex_cluster *c)
{
	struct ex_buf info = EX_BUF_INIT;
	struct ex_conn *conn = NULL;

	MUST(ex_cluster_start(c, err));
	assert_int_equal(ex_cluster_running(c), 1);
	MUST(ex_cluster_conninfo(&info, c, EX_CLUSTER_ROOT, "postgres", err));
	MUST(ex_conn_open(&conn, ex_buf_text(&info), err));
	assert_string_equal(ex_conn_user(conn), EX_CLUSTER_ROOT);
	MUST(ex_schema_check_database(conn, err));
	ex_conn_close(conn);
	ex_buf_free(&info);
}

/* What SHOW says. */
static const char *
setting(const struct ex_cluster *c, const char *name)
{
	static char value[128];
	struct bench b = { .database = "postgres" };
	char sql[64];

	b.cluster = *c;
	(void)snprintf(sql, sizeof(sql), "SHOW %s", name);
	(void)snprintf(value, sizeof(value), "%s", bench_value(&b, sql));
	return value;
}

static void
it_keeps_what_it_has_and_listens_on_no_network(void **state)
{
	static const char *const want[][2] = { { "fsync", "on" },
		{ "full_page_writes", "on" }, { "synchronous_commit", "on" },
		{ "data_checksums", "on" }, { "listen_addresses", "" },
		{ "TimeZone", "UTC" } };
	struct ex_cluster c;

	(void)state;
	find(&c, "");
	MUST(ex_cluster_make(&c, err));
	must_work(&c);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		assert_string_equal(setting(&c, want[i][0]), want[i][1]);
	MUST(ex_cluster_stop(&c, err));
}

static void
making_starting_stopping_again_is_nothing(void **state)
{
	struct ex_cluster c;

	(void)state;
	find(&c, "");
	for (int i = 0; i < 2; i++)
		MUST(ex_cluster_make(&c, err));
	for (int i = 0; i < 2; i++)
		must_work(&c);
	MUST(ex_cluster_make(&c, err));
	for (int i = 0; i < 2; i++)
		MUST(ex_cluster_stop(&c, err));
	assert_int_equal(ex_cluster_running(&c), 0);
	must_work(&c);
	MUST(ex_cluster_stop(&c, err));
}

/* Killed half-way, it leaves pg.new with anything in it. */
static void
what_was_left_half_made_is_made_anew(void **state)
{
	struct ex_cluster c;
	char path[EX_PATH];

	(void)state;
	find(&c, "");
	(void)snprintf(path, sizeof(path), "%s/pg.new/base", dir);
	MUST(ex_dir_make(path, 0700, err));
	(void)snprintf(path, sizeof(path), "%s/pg.new/PG_VERSION", dir);
	MUST(ex_file_write(path, "15\n", 3, 0600, err));
	MUST(ex_cluster_make(&c, err));
	must_work(&c);
	MUST(ex_cluster_stop(&c, err));
	(void)snprintf(path, sizeof(path), "%s/pg.new", dir);
	assert_int_equal(ex_file_exists(path), 0);
}

/* A socket's path holds 107 bytes. */
static void
a_long_path_gets_a_short_socket(void **state)
{
	static const char deep[] =
	    "/a-folder-whose-name-is-long-enough/to-make-a-path-to-a-socket/"
	    "that-no-socket-may-have";
	struct ex_cluster c, again;

	(void)state;
	find(&c, deep);
	MUST(ex_cluster_make(&c, err));
	assert_true(strlen(c.socket) < 60);
	must_work(&c);
	/* it is found there by the next program */
	find(&again, deep);
	assert_string_equal(again.socket, c.socket);
	must_work(&again);
	MUST(ex_cluster_stop(&again, err));
	MUST(ex_remove_tree(c.socket, err));
}

static void
a_folder_that_its_user_cannot_reach_is_refused(void **state)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_cluster c;
	char path[EX_PATH];

	(void)state;
	if (geteuid() != 0) {
		/* It runs as the caller, who reaches what he made. */
		find(&c, "/closed/data");
		assert_int_equal(c.own_user, 0);
		return;
	}
	(void)snprintf(path, sizeof(path), "%s/closed", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	find(&c, "/closed/data");
	assert_int_equal(ex_cluster_make(&c, &why), -1);
	assert_int_equal(why.code, EX_USAGE);
	assert_non_null(strstr(why.text, path));
	assert_non_null(strstr(why.text, "use a data directory such as"));
	(void)snprintf(path, sizeof(path), "%s/closed/data/pg", dir);
	assert_int_equal(ex_file_exists(path), 0);
}

static void
who_is_not_mapped_does_not_get_in(void **state)
{
	static const char *const roles[] = { EX_CLUSTER_ROOT, "guest" };
	struct ex_buf info = EX_BUF_INIT;
	struct ex_conn *conn = NULL;
	struct ex_err why = EX_ERR_INIT;
	struct bench b = { .database = "postgres" };

	(void)state;
	find(&b.cluster, "");
	MUST(ex_cluster_make(&b.cluster, err));
	MUST(ex_cluster_start(&b.cluster, err));
	bench_sql(&b, "CREATE ROLE guest LOGIN");
	MUST(ex_cluster_conninfo(&info, &b.cluster, "guest", "postgres", err));
	assert_int_equal(ex_conn_open(&conn, ex_buf_text(&info), &why), -1);
	assert_int_equal(why.code, EX_DENIED);
	/* mapped while it runs */
	MUST(ex_cluster_map(&b.cluster, roles, 2, err));
	for (int i = 0; i < 100; i++) {
		if (ex_conn_open(&conn, ex_buf_text(&info), NULL) == 0)
			break;
		ex_sleep(EX_SECOND / 20);
	}
	assert_non_null(conn);
	ex_conn_close(conn);
	MUST(ex_cluster_stop(&b.cluster, err));
	ex_buf_free(&info);
}

static void
a_conninfo_holds_any_text(void **state)
{
	struct ex_cluster c = { .socket = "/a b/it's\\here" };
	struct ex_buf out = EX_BUF_INIT;

	(void)state;
	MUST(ex_cluster_conninfo(&out, &c, "r'x", "d b", err));
	assert_non_null(strstr(ex_buf_text(&out),
	    "host='/a b/it\\'s\\\\here' user='r\\'x' dbname='d b'"));
	ex_buf_free(&out);
}

static void
a_cluster_that_cannot_start_says_why(void **state)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_cluster c;
	char path[EX_PATH];

	(void)state;
	find(&c, "");
	MUST(ex_cluster_make(&c, err));
	(void)snprintf(path, sizeof(path), "%s/pg/postgresql.conf", dir);
	MUST(ex_file_write(path, "no_such_setting = 1\n", 20, 0644, err));
	assert_int_equal(ex_cluster_start(&c, &why), -1);
	assert_int_equal(why.code, EX_UNREACHABLE);
	assert_non_null(strstr(why.text, "does not start"));
	assert_null(strchr(why.text, '\n'));
	assert_int_equal(ex_cluster_running(&c), 0);
}

#define APART(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		APART(it_keeps_what_it_has_and_listens_on_no_network),
		APART(making_starting_stopping_again_is_nothing),
		APART(what_was_left_half_made_is_made_anew),
		APART(a_long_path_gets_a_short_socket),
		APART(a_folder_that_its_user_cannot_reach_is_refused),
		APART(who_is_not_mapped_does_not_get_in),
		APART(a_conninfo_holds_any_text),
		APART(a_cluster_that_cannot_start_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
