/*
 * bench.c -- a throw-away cluster with a database in it, for tests.
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

#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "db/schema.h"
#include "tests/db/bench.h"

static const char *const roles[] = { EX_CLUSTER_ROOT, EX_ROLE_SERVICE,
	EX_ROLE_ANCHOR, "person_" BENCH_ALMA, "person_" BENCH_BRUNO,
	"person_" BENCH_CLARA };

const char *
bench_info(const struct bench *b, const char *role)
{
	static char info[4][BENCH_INFO];
	static size_t at;
	struct ex_buf text = EX_BUF_INIT;

	at = (at + 1) % 4;
	MUST(ex_cluster_conninfo(&text, &b->cluster, role, b->database, err));
	(void)snprintf(info[at], BENCH_INFO, "%s", ex_buf_text(&text));
	ex_buf_free(&text);
	return info[at];
}

struct ex_conn *
bench_conn(const struct bench *b, const char *role)
{
	struct ex_conn *conn = NULL;

	MUST(ex_conn_open(&conn, bench_info(b, role), err));
	return conn;
}

int
bench_try(const struct bench *b, const char *role, const char *sql,
    struct ex_buf *out)
{
	const char *const argv[] = { "psql", "-X", "-q", "-A", "-t", "-v",
		"ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", "-d",
		bench_info(b, role), "-c", sql, NULL };
	struct ex_proc p = EX_PROC_INIT;
	char path[EX_PATH];
	int status = -1;

	MUST(ex_path_join(path, EX_PATH, b->cluster.bin, "psql", err));
	p.path = path;
	p.argv = argv;
	MUST(ex_proc_run(&p, out, 1 << 24, 120 * EX_SECOND, &status, err));
	return status;
}

void
bench_sql(const struct bench *b, const char *sql)
{
	if (bench_try(b, EX_CLUSTER_ROOT, sql, NULL) != 0)
		fail_msg("this must work: %s", sql);
}

const char *
bench_value(const struct bench *b, const char *sql)
{
	static char value[4][BENCH_INFO];
	static size_t at;
	struct ex_buf out = EX_BUF_INIT;

	at = (at + 1) % 4;
	if (bench_try(b, EX_CLUSTER_ROOT, sql, &out) != 0)
		fail_msg("this must work: %s", sql);
	(void)snprintf(value[at], BENCH_INFO, "%.*s",
	    (int)strcspn(ex_buf_text(&out), "\n"), ex_buf_text(&out));
	ex_buf_free(&out);
	return value[at];
}

void
bench_open(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	(void)snprintf(b->dir, sizeof(b->dir), "/tmp/exdb.XXXXXX");
	(void)snprintf(b->database, sizeof(b->database), "postgres");
	assert_non_null(mkdtemp(b->dir));
	assert_int_equal(chmod(b->dir, 0711), 0);
	MUST(ex_cluster_find(&b->cluster, b->dir, err));
	MUST(ex_cluster_make(&b->cluster, err));
	MUST(ex_cluster_map(
	    &b->cluster, roles, sizeof(roles) / sizeof(roles[0]), err));
	MUST(ex_cluster_start(&b->cluster, err));
}

void
bench_close(struct bench *b)
{
	MUST(ex_cluster_stop(&b->cluster, err));
	MUST(ex_remove_tree(b->dir, err));
}

void
bench_empty(struct bench *b, const char *how)
{
	char name[BENCH_NAME], sql[512];

	(void)snprintf(name, sizeof(name), "x%u", ++b->made);
	(void)snprintf(sql, sizeof(sql), "CREATE DATABASE %s %s", name, how);
	bench_sql(b, sql);
	memcpy(b->database, name, sizeof(name));
}

void
bench_fresh(struct bench *b)
{
	struct ex_conn *root;

	bench_empty(b,
	    "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' "
	    "LC_CTYPE 'C.UTF-8'");
	root = bench_conn(b, EX_CLUSTER_ROOT);
	MUST(ex_schema_migrate(root, NULL, err));
	MUST(ex_schema_add_person(root, BENCH_ALMA, err));
	MUST(ex_schema_add_person(root, BENCH_BRUNO, err));
	MUST(ex_schema_add_person(root, BENCH_CLARA, err));
	ex_conn_close(root);
}
