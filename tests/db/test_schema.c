/*
 * test_schema.c -- migrations run once, forward, and as they were released.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/wait.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "db/schema.h"
#include "db/sql_migrations.h"
#include "tests/db/bench.h"

static struct bench bench;
static struct ex_conn *root;

#define OURS                                                       \
	"TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' " \
	"LC_CTYPE 'C.UTF-8'"

static int
setup(void **state)
{
	(void)state;
	bench_open(&bench);
	bench_fresh(&bench); /* with our roles in the cluster */
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
empty(void **state)
{
	(void)state;
	bench_empty(&bench, OURS);
	root = bench_conn(&bench, EX_CLUSTER_ROOT);
	return 0;
}

static int
done(void **state)
{
	(void)state;
	ex_conn_close(root);
	return 0;
}

static void
must_refuse(int (*check)(struct ex_conn *c, struct ex_err *err),
    enum ex_code code, const char *words)
{
	struct ex_err why = EX_ERR_INIT;

	assert_int_equal(check(root, &why), -1);
	assert_int_equal(why.code, code);
	if (strstr(why.text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why.text, words);
}

static int
migrate(struct ex_conn *c, struct ex_err *err)
{
	return ex_schema_migrate(c, NULL, err);
}

static void
an_empty_database_gets_all_of_them_once(void **state)
{
	size_t n = 0;

	(void)state;
	must_refuse(ex_schema_check, EX_STATE, "run exhibit init");
	MUST(ex_schema_check_database(root, err));
	MUST(ex_schema_migrate(root, &n, err));
	assert_int_equal(n, ex_migration_n);
	MUST(ex_schema_check(root, err));
	MUST(ex_schema_migrate(root, &n, err));
	assert_int_equal(n, 0);
	assert_string_equal(
	    bench_value(&bench,
		"SELECT string_agg(version || ' ' || name, ', ' ORDER BY "
		"version) FROM exhibit.migration"),
	    "1 0001_ledger, 2 0002_access, 3 0003_outside, 4 0004_erase, "
	    "5 0005_catalogue, 6 0006_append, 7 0007_access, "
	    "8 0008_casebook");
}

static void
an_edited_one_is_refused(void **state)
{
	(void)state;
	MUST(migrate(root, err));
	bench_sql(&bench, "UPDATE exhibit.migration SET sha256 = "
			  "encode(sha256('edited'), 'hex') WHERE version = 1");
	must_refuse(ex_schema_check, EX_DAMAGED, "0001_ledger");
	must_refuse(migrate, EX_DAMAGED, "0001_ledger");
}

static void
a_renamed_or_renumbered_one_is_refused(void **state)
{
	(void)state;
	MUST(migrate(root, err));
	bench_sql(&bench, "UPDATE exhibit.migration SET name = '0001_other' "
			  "WHERE version = 1");
	must_refuse(ex_schema_check, EX_DAMAGED, "0001_other");
	bench_sql(&bench,
	    "UPDATE exhibit.migration SET name = '0001_ledger', version = 9 "
	    "WHERE version = 1");
	must_refuse(ex_schema_check, EX_DAMAGED, "is not the one");
}

static void
the_schema_of_a_newer_program_is_left_alone(void **state)
{
	(void)state;
	MUST(migrate(root, err));
	bench_sql(&bench, "INSERT INTO exhibit.migration (version, name, "
			  "sha256) VALUES (99, '0099_future', '')");
	must_refuse(ex_schema_check, EX_STATE, "0099_future");
	must_refuse(migrate, EX_STATE, "newer program");
}

static void
an_older_schema_asks_for_migrate(void **state)
{
	(void)state;
	MUST(migrate(root, err));
	bench_sql(&bench, "DELETE FROM exhibit.migration WHERE version > 1");
	must_refuse(ex_schema_check, EX_STATE, "run exhibit migrate");
}

/* What fails leaves nothing behind, and is done when it can be. */
static void
a_migration_that_fails_is_undone(void **state)
{
	(void)state;
	bench_sql(&bench, "CREATE SCHEMA exhibit AUTHORIZATION exhibit_owner; "
			  "CREATE TABLE exhibit.wish (id integer)");
	must_refuse(migrate, EX_SYSTEM, "migration");
	assert_string_equal(
	    bench_value(&bench, "SELECT to_regclass('exhibit.entry') IS NULL"),
	    "t");
	bench_sql(&bench, "DROP SCHEMA exhibit CASCADE");
	MUST(migrate(root, err));
	MUST(ex_schema_check(root, err));
}

static void
several_at_once_do_it_once(void **state)
{
	pid_t pid[4];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		pid[i] = fork();
		assert_true(pid[i] != -1);
		if (pid[i] == 0) {
			struct ex_conn *own = NULL;

			_exit(ex_conn_open(&own,
				  bench_info(&bench, EX_CLUSTER_ROOT),
				  NULL) == -1 ||
			      ex_schema_migrate(own, NULL, NULL) == -1);
		}
	}
	for (size_t i = 0; i < 4; i++) {
		int status = -1;

		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	MUST(ex_schema_check(root, err));
}

/* Databases of others' making. */
static const struct {
	const char *how;
	int fits;
} databases[] = {
	{ OURS, 1 },
	{ "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' "
	  "LC_CTYPE 'C.UTF-8'",
	    1 },
	{ "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", 0 },
	{ "TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' "
	  "LC_CTYPE 'C'",
	    0 },
	{ "TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'",
	    0 },
};

static void
a_database_of_another_kind_is_refused_with_the_line_to_run(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(databases) / sizeof(databases[0]); i++) {
		ex_conn_close(root);
		bench_empty(&bench, databases[i].how);
		root = bench_conn(&bench, EX_CLUSTER_ROOT);
		if (databases[i].fits)
			MUST(ex_schema_check_database(root, err));
		else
			must_refuse(ex_schema_check_database, EX_USAGE,
			    "CREATE DATABASE exhibit TEMPLATE template0 "
			    "ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE "
			    "'C.UTF-8'");
	}
}

/* The line that is shown, run as it stands, makes one that fits. */
static void
that_line_makes_one_that_fits(void **state)
{
	(void)state;
	MUST(ex_schema_create_database(root, err));
	MUST(ex_schema_create_database(root, err));
	ex_conn_close(root);
	(void)snprintf(bench.database, sizeof(bench.database), "exhibit");
	root = bench_conn(&bench, EX_CLUSTER_ROOT);
	MUST(ex_schema_check_database(root, err));
}

static int
count_role(void *arg, const char *role, struct ex_err *err)
{
	struct ex_buf *text = arg;

	return ex_buf_addf(text, err, "%s ", role);
}

static void
persons_get_a_role_once(void **state)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;

	(void)state;
	MUST(migrate(root, err));
	for (int i = 0; i < 2; i++)
		MUST(ex_schema_add_person(root, "Q-7", err));
	assert_int_equal(ex_schema_add_person(root, "x\"; DROP", &why), -1);
	assert_int_equal(why.code, EX_FORMAT);
	MUST(ex_schema_roles(root, count_role, &text, err));
	assert_non_null(strstr(ex_buf_text(&text), "person_Q-7 "));
	assert_non_null(strstr(ex_buf_text(&text), "exhibit_service "));
	assert_null(strstr(ex_buf_text(&text), "exhibit_owner"));
	ex_buf_free(&text);
}

#define EMPTY(f) cmocka_unit_test_setup_teardown(f, empty, done)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EMPTY(an_empty_database_gets_all_of_them_once),
		EMPTY(an_edited_one_is_refused),
		EMPTY(a_renamed_or_renumbered_one_is_refused),
		EMPTY(the_schema_of_a_newer_program_is_left_alone),
		EMPTY(an_older_schema_asks_for_migrate),
		EMPTY(a_migration_that_fails_is_undone),
		EMPTY(several_at_once_do_it_once),
		EMPTY(
		    a_database_of_another_kind_is_refused_with_the_line_to_run),
		EMPTY(that_line_makes_one_that_fits),
		EMPTY(persons_get_a_role_once),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
