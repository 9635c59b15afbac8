/*
 * test_init.c -- a house is founded whole, once, or refused and nothing of it
 * stays.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/codec.h"
#include "base/limits.h"
#include "cases/logverify.h"
#include "signing/cert.h"
#include "tests/cases/home.h"

static int
init(const struct home *h, const char *database, struct ex_json **out,
    struct ex_err *why)
{
	struct ex_init in = { .dir = h->data, .database = database };

	return ex_house_init(out, &in, why);
}

/* It is refused so, and what was not there before is not there after. */
#define REFUSED(h, database, code, ...)                                 \
	do {                                                            \
		struct ex_err refused_why = EX_ERR_INIT;                \
		struct ex_json *refused_out = NULL;                     \
		assert_int_equal(                                       \
		    init(h, database, &refused_out, &refused_why), -1); \
		assert_null(refused_out);                               \
		HOME_SAYS(&refused_why, code, __VA_ARGS__);             \
		assert_false(ex_file_exists((h)->data));                \
	} while (0)

static uid_t
owner_of_process(pid_t pid)
{
	char path[64];
	struct stat st;

	(void)snprintf(path, sizeof(path), "/proc/%ld", (long)pid);
	assert_int_equal(stat(path, &st), 0);
	return st.st_uid;
}

static void
secrets_are_their_owners_and_services_are_not_root(void **state)
{
	static const struct {
		const char *name;
		mode_t mode;
		int of_service;
	} want[] = {
		{ "log", 0700, 1 },
		{ "log/log.key", 0600, 1 },
		{ "log/service.key", 0600, 1 },
		{ "ca", 0700, 0 },
		{ "ca/ca.key", 0600, 0 },
		{ "keys", 0700, 0 },
		{ "keys/admin.key", 0600, 0 },
		{ "keys/station.key", 0600, 0 },
		{ "pending", 0700, 0 },
		{ "receipts", 0700, 0 },
		{ "vault", 0700, 0 },
		{ "pg", 0700, 1 },
	};
	const struct home *h = *state;
	struct ex_cluster c;
	struct stat st;

	MUST(ex_cluster_find(&c, h->data, err));
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		if (stat(home_path(h, want[i].name), &st) == -1)
			fail_msg("%s is not there", want[i].name);
		if ((st.st_mode & 07777) != want[i].mode)
			fail_msg("%s: %o", want[i].name, st.st_mode & 07777);
		assert_int_equal(
		    st.st_uid, want[i].of_service ? c.uid : geteuid());
	}
	assert_int_equal(owner_of_process(home_sequencer(h)), c.uid);
	assert_int_equal(owner_of_process(home_postmaster(h)), c.uid);
	assert_int_not_equal(c.uid, 0);
}

/* SHA-256 of what a PEM file with one thing holds, by any tool. */
static void
der_print(const char *path, char hex[EX_SHA256_HEX])
{
	struct ex_buf pem = EX_BUF_INIT, der = EX_BUF_INIT;
	struct ex_buf base64 = EX_BUF_INIT;
	struct ex_reader r;
	struct ex_span line;

	MUST(ex_file_read(&pem, path, 1 << 16, err));
	ex_reader_init(&r, pem.data, pem.len);
	while (ex_read_line(&r, &line, NULL) == 0)
		if (line.n > 0 && line.p[0] != '-')
			MUST(ex_buf_add(&base64, line.p, line.n, err));
	MUST(ex_base64_read(&der, ex_buf_text(&base64), base64.len, err));
	ex_sha256_hex(hex, der.data, der.len);
	ex_buf_free(&pem);
	ex_buf_free(&base64);
	ex_buf_free(&der);
}

static void
what_it_prints_is_what_verifiers_will_find(void **state)
{
	const struct home *h = *state;
	struct ex_json *told = home_init(h), *out = NULL;
	const struct ex_json *prints = ex_json_get(told, "fingerprints");
	struct ex_house *house = home_open(h, NULL);
	struct ex_roots *roots = NULL;
	struct ex_log_verify v;
	char hex[EX_SHA256_HEX];
	int status = -1;

	assert_string_equal(
	    ex_json_get_text(told, "origin"), ex_house_origin(house));
	der_print(home_path(h, "trust/log.pem"), hex);
	assert_string_equal(ex_json_get_text(prints, "log"), hex);
	MUST(ex_roots_load(&roots, home_path(h, "trust/roots.pem"), err));
	assert_int_equal(ex_roots_count(roots), 1);
	ex_hex(hex, ex_roots_sha256(roots, 0), EX_SHA256_LEN);
	assert_string_equal(ex_json_get_text(prints, "ca"), hex);
	ex_roots_free(roots);

	/* the log proves itself with what stands in trust/ */
	memset(&v, 0, sizeof(v));
	v.policy = home_path(h, "trust/policy");
	v.roots = home_path(h, "trust/roots.pem");
	MUST(ex_log_verify_run(&out, &status, house, NULL, &v, err));
	assert_int_equal(ex_json_get_int(out, "entries", -1), 1);
	assert_int_equal(ex_json_count(ex_json_get(out, "faults")), 0);
	assert_int_equal(status, 3); /* nobody outside signed it */
	ex_json_free(out);
	ex_json_free(told);
	ex_house_close(house);
}

static void
a_second_run_changes_nothing(void **state)
{
	const struct home *h = *state;
	char before[EX_SHA256_HEX], after[EX_SHA256_HEX];
	pid_t sequencer = home_sequencer(h), postmaster = home_postmaster(h);
	struct ex_json *told;

	home_print(h, before);
	told = home_init(h);
	assert_int_equal(ex_json_get_int(told, "made", -1), 0);
	ex_json_free(told);
	home_print(h, after);
	assert_string_equal(before, after);
	assert_int_equal(home_sequencer(h), sequencer);
	assert_int_equal(home_postmaster(h), postmaster);
}

/* Exit status: 2 it made the house, 3 it found it, else it failed. */
static pid_t
start_init(const struct home *h)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *out = NULL;
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid != 0)
		return pid;
	if (init(h, NULL, &out, &why) == 0)
		_exit(ex_json_get_int(out, "made", 0) == 1 ? 2 : 3);
	(void)dprintf(STDERR_FILENO, "init: %s\n", why.text);
	_exit(1);
}

static void
of_two_at_once_one_makes_it(void **state)
{
	const struct home *h = *state;
	pid_t one = start_init(h), two = start_init(h);
	int a, b;

	assert_int_equal(waitpid(one, &a, 0), one);
	assert_int_equal(waitpid(two, &b, 0), two);
	assert_true(WIFEXITED(a) && WIFEXITED(b));
	assert_int_equal(WEXITSTATUS(a) + WEXITSTATUS(b), 5);
	assert_true(WEXITSTATUS(a) >= 2 && WEXITSTATUS(b) >= 2);
}

static void
a_private_umask_does_not_lock_the_services_out(void **state)
{
	const struct home *h = *state;
	mode_t old = umask(0077);
	struct ex_json *told = home_init(h);

	(void)umask(old);
	assert_int_equal(ex_json_get_int(told, "made", -1), 1);
	ex_json_free(told);
}

/* The line names a folder that works; of the refused one nothing stays. */
static void
a_folder_out_of_the_services_reach_is_refused(void **state)
{
	struct home *h = *state;
	char closed[96];
	struct ex_cluster c;

	MUST(ex_cluster_find(&c, h->data, err));
	if (!c.own_user)
		return; /* who starts it runs it, and reaches it */
	(void)snprintf(closed, sizeof(closed), "%s/closed", h->root);
	assert_int_equal(mkdir(closed, 0700), 0);
	(void)snprintf(h->data, sizeof(h->data), "%s/data", closed);
	REFUSED(h, NULL, EX_USAGE, c.user, closed, "/var/lib/exhibit");
}

/* As when its disk is full: the reason in one line, and then once more. */
static void
a_cluster_that_cannot_be_made_says_why_and_is_made_later(void **state)
{
	static const char script[] = "#!/bin/sh\n"
				     "echo 'initdb: error: no room' >&2\n"
				     "echo 'initdb: removing it' >&2\n"
				     "exit 1\n";
	const struct home *h = *state;
	struct ex_err why = EX_ERR_INIT;
	struct ex_json *out = NULL;
	char bin[96], program[128];

	(void)snprintf(bin, sizeof(bin), "%s/bin", h->root);
	(void)snprintf(program, sizeof(program), "%s/initdb", bin);
	MUST(ex_dir_make(bin, 0755, err));
	MUST(ex_file_write(program, script, sizeof(script) - 1, 0755, err));
	assert_int_equal(setenv("EXHIBIT_PGBIN", bin, 1), 0);
	assert_int_equal(init(h, NULL, &out, &why), -1);
	assert_int_equal(unsetenv("EXHIBIT_PGBIN"), 0);
	HOME_SAYS(&why, EX_SYSTEM, "initdb: error: no room");
	assert_false(ex_file_exists(home_path(h, "pg")));
	ex_json_free(home_init(h));
}

static void
a_database_that_does_not_answer_is_one_line(void **state)
{
	const struct home *h = *state;
	char conninfo[160];

	(void)snprintf(conninfo, sizeof(conninfo),
	    "host=%s/nowhere dbname=exhibit", h->root);
	REFUSED(h, conninfo, EX_UNREACHABLE, "nowhere");
}

static void
a_conninfo_with_a_secret_or_none_at_all_is_refused(void **state)
{
	static const char *const wrong[] = {
		"host=db dbname=exhibit password=hunter2",
		"postgresql://exhibit:hunter2@db/exhibit",
		"",
		"dbname=a\nlog_key=b",
	};
	const struct home *h = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		REFUSED(h, wrong[i], EX_USAGE, "--database");
}

/* --- databases of somebody else's server --- */

static struct bench bench;

static int
open_bench(void **state)
{
	static const char *const roles[] = { EX_CLUSTER_ROOT, "exhibit_service",
		"person_admin" };

	bench_open(&bench);
	MUST(ex_cluster_map(&bench.cluster, roles, 3, err));
	return home_setup(state);
}

static int
close_bench(void **state)
{
	int rc = home_teardown(state);

	bench_close(&bench);
	return rc;
}

static void
a_given_database_is_lived_in(void **state)
{
	const struct home *h = *state;
	struct ex_json *out = NULL, *status = NULL;
	struct ex_house *house;
	struct ex_conn *conn;

	bench_empty(&bench,
	    "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' "
	    "LC_CTYPE 'C.UTF-8'");
	MUST(init(h, bench_info(&bench, EX_CLUSTER_ROOT), &out, err));
	assert_int_equal(ex_json_get_int(out, "made", -1), 1);
	ex_json_free(out);
	assert_false(ex_file_exists(home_path(h, "pg")));
	house = home_open(h, "admin");
	MUST(ex_house_conn(house, &conn, err));
	assert_string_equal(ex_conn_user(conn), "person_admin");
	MUST(ex_house_status(&status, house, err));
	assert_string_equal(ex_json_get_text(status, "cluster"), "given");
	assert_int_equal(ex_json_get_int(status, "size", -1), 1);
	ex_json_free(status);
	/* down stops what is the house's, not the server */
	MUST(ex_house_down(house, err));
	assert_int_equal(ex_cluster_running(&bench.cluster), 1);
	MUST(ex_house_conn(house, &conn, err));
	ex_house_close(house);
}

static void
a_uri_will_do_as_well(void **state)
{
	const struct home *h = *state;
	struct ex_json *out = NULL;
	struct ex_buf uri = EX_BUF_INIT;

	bench_empty(&bench,
	    "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' "
	    "LC_CTYPE 'C.UTF-8'");
	MUST(ex_buf_addf(&uri, err, "postgresql://%s@/%s?host=%s",
	    EX_CLUSTER_ROOT, bench.database, bench.cluster.socket));
	MUST(init(h, ex_buf_text(&uri), &out, err));
	assert_int_equal(ex_json_get_int(out, "made", -1), 1);
	ex_json_free(out);
	ex_buf_free(&uri);
}

static void
another_encoding_is_refused_with_the_line_to_run(void **state)
{
	bench_empty(&bench,
	    "TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' "
	    "LC_CTYPE 'C'");
	REFUSED((const struct home *)*state,
	    bench_info(&bench, EX_CLUSTER_ROOT), EX_USAGE, "SQL_ASCII",
	    "CREATE DATABASE exhibit TEMPLATE template0");
}

static void
another_house_s_database_is_refused(void **state)
{
	const struct home *first = *state;
	struct ex_json *out = NULL;
	struct home second;

	bench_empty(&bench,
	    "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' "
	    "LC_CTYPE 'C.UTF-8'");
	MUST(init(first, bench_info(&bench, EX_CLUSTER_ROOT), &out, err));
	home_new(&second);
	REFUSED(&second, bench_info(&bench, EX_CLUSTER_ROOT), EX_STATE,
	    "another house's log", ex_json_get_text(out, "origin"));
	home_end(&second);
	ex_json_free(out);
}

static void
a_house_keeps_the_database_it_began_with(void **state)
{
	const struct home *h = *state;
	struct ex_err why = EX_ERR_INIT;
	struct ex_house *house;
	struct ex_json *out = NULL;

	ex_json_free(home_init(h));
	assert_int_equal(
	    init(h, bench_info(&bench, EX_CLUSTER_ROOT), &out, &why), -1);
	HOME_SAYS(&why, EX_USAGE, "another database");

	/* or was about to */
	ex_err_clear(&why);
	house = home_open(h, NULL);
	MUST(ex_house_down(house, err));
	ex_house_close(house);
	assert_int_equal(unlink(home_path(h, "exhibit.conf")), 0);
	MUST(ex_file_write(
	    home_path(h, "founding"), "service=other\n", 14, 0600, err));
	assert_int_equal(
	    init(h, bench_info(&bench, EX_CLUSTER_ROOT), &out, &why), -1);
	HOME_SAYS(&why, EX_USAGE, "another --database");
}

#define GIVEN(f) cmocka_unit_test_setup_teardown(f, open_bench, close_bench)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HOME_TEST_MADE(
		    secrets_are_their_owners_and_services_are_not_root),
		HOME_TEST_MADE(what_it_prints_is_what_verifiers_will_find),
		HOME_TEST_MADE(a_second_run_changes_nothing),
		HOME_TEST(of_two_at_once_one_makes_it),
		HOME_TEST(a_private_umask_does_not_lock_the_services_out),
		HOME_TEST(a_folder_out_of_the_services_reach_is_refused),
		HOME_TEST(
		    a_cluster_that_cannot_be_made_says_why_and_is_made_later),
		HOME_TEST(a_database_that_does_not_answer_is_one_line),
		HOME_TEST(a_conninfo_with_a_secret_or_none_at_all_is_refused),
		GIVEN(a_given_database_is_lived_in),
		GIVEN(a_uri_will_do_as_well),
		GIVEN(another_encoding_is_refused_with_the_line_to_run),
		GIVEN(another_house_s_database_is_refused),
		GIVEN(a_house_keeps_the_database_it_began_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
