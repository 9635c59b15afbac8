/*
 * bench.h -- a throw-away cluster with a database in it, for tests.
 *
 * One a test program; made by db/cluster.h as `exhibit init` makes it, below
 * /tmp, where the user who runs PostgreSQL can reach it.
 */
#ifndef TESTS_DB_BENCH_H
#define TESTS_DB_BENCH_H

#include "base/buf.h"
#include "db/cluster.h"
#include "db/conn.h"

/* Show why, then fail. */
#define MUST(call)                                                \
	do {                                                      \
		struct ex_err must_err = EX_ERR_INIT;             \
		struct ex_err *err = &must_err;                   \
		if ((call) == -1)                                 \
			fail_msg("%s: %s", #call, must_err.text); \
	} while (0)

enum {
	BENCH_NAME = 64,
	BENCH_INFO = 1024
};

struct bench {
	char dir[BENCH_NAME];	   /* data directory, with pg/ in it */
	struct ex_cluster cluster; /* it runs */
	char database[BENCH_NAME]; /* the one in use; "postgres" at first */
	unsigned made;		   /* databases so far */
};

/* Persons who have a login role on every bench. */
#define BENCH_ALMA  "S-1001"
#define BENCH_BRUNO "S-1002"
#define BENCH_CLARA "S-1003"

/* Make and start it; asserts that everything works. */
void bench_open(struct bench *b);
void bench_close(struct bench *b);

/* A fresh database with our schema, which is used from now on. */
void bench_fresh(struct bench *b);

/* A fresh database with nothing in it: what is behind CREATE DATABASE name. */
void bench_empty(struct bench *b, const char *how);

/* A conninfo for this role; the same buffer every fourth call. */
const char *bench_info(const struct bench *b, const char *role);

/* Connect as this role. */
struct ex_conn *bench_conn(const struct bench *b, const char *role);

/*
 * Run SQL through psql as this role: what it prints goes to out, which may be
 * NULL.  psql's exit status: 0 when every statement worked.
 */
int bench_try(const struct bench *b, const char *role, const char *sql,
    struct ex_buf *out);

/* The same as the superuser, and it must work. */
void bench_sql(const struct bench *b, const char *sql);

/* The one value that a query gives; the same buffer every fourth call. */
const char *bench_value(const struct bench *b, const char *sql);

#endif
