/*
 * schema.c -- making and upgrading the database, forward only.
 */
#include "db/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "db/sql_migrations.h"
#include "db/sql_queries.h"

int
ex_role_of(char out[EX_ROLE_TEXT], const char *person, struct ex_err *err)
{
	int n;

	if (!ex_text_name_ok(person))
		return ex_fail(
		    err, EX_FORMAT, "\"%s\" is no person's number", person);
	n = snprintf(out, EX_ROLE_TEXT, "person_%s", person);
	if (n < 0 || n >= EX_ROLE_TEXT)
		return ex_fail(
		    err, EX_LIMIT, "a person's number too long: %s", person);
	return 0;
}

/* 1, 0 or -1. */
static int
database_there(struct ex_conn *conn, struct ex_err *err)
{
	struct ex_rows *rows;
	int there;

	if (ex_conn_run(conn, &ex_query_database_exists, NULL, 0, EX_ONE_ROW,
		&rows, err) == -1)
		return -1;
	there = ex_rows_int(rows, 0, 0) != 0;
	ex_rows_free(rows);
	return there;
}

int
ex_schema_create_database(struct ex_conn *conn, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	int there = database_there(conn, err);

	if (there != 0)
		return there == 1 ? 0 : -1;
	if (ex_conn_script(conn, &ex_query_database_create, &why) == 0)
		return 0;
	/* Of a client that was killed the server finished what it had begun. */
	if (database_there(conn, NULL) == 1)
		return 0;
	return ex_fail(err, why.code, "%s", why.text);
}

int
ex_schema_check_database(struct ex_conn *conn, struct ex_err *err)
{
	const char *encoding, *ctype;
	struct ex_rows *rows;
	int fits;

	if (ex_conn_run(conn, &ex_query_database_locale, NULL, 0, EX_ONE_ROW,
		&rows, err) == -1)
		return -1;
	encoding = ex_rows_text(rows, 0, 0);
	ctype = ex_rows_text(rows, 0, 1);
	fits = strcmp(encoding, "UTF8") == 0 &&
	       (strcmp(ctype, "C.UTF-8") == 0 || strcmp(ctype, "C.utf8") == 0);
	if (!fits)
		(void)ex_fail(err, EX_USAGE,
		    "database \"%s\" is %s with LC_CTYPE %s; make one with: "
		    "CREATE DATABASE exhibit TEMPLATE template0 ENCODING "
		    "'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'",
		    ex_rows_text(rows, 0, 2), encoding, ctype);
	ex_rows_free(rows);
	return fits ? 0 : -1;
}

/* Applied migrations are the first ones that this program carries. */
static int
compare(const struct ex_rows *rows, struct ex_err *err)
{
	for (size_t i = 0; i < ex_rows_count(rows); i++) {
		const struct ex_sql *m;

		if (i >= ex_migration_n)
			return ex_fail(err, EX_STATE,
			    "the database was upgraded by a newer program "
			    "(%s): use that one",
			    ex_rows_text(rows, i, 1));
		m = ex_migration_all[i];
		if (ex_rows_int(rows, i, 0) != (int64_t)i + 1 ||
		    strcmp(ex_rows_text(rows, i, 1), m->name) != 0 ||
		    strcmp(ex_rows_text(rows, i, 2), m->sha256) != 0)
			return ex_fail(err, EX_DAMAGED,
			    "migration %s in the database is not the one of "
			    "this program",
			    ex_rows_text(rows, i, 1));
	}
	return 0;
}

static int
applied_count(struct ex_conn *conn, size_t *n, struct ex_err *err)
{
	struct ex_rows *rows;
	int rc;

	if (ex_conn_run(conn, &ex_query_migrations, NULL, 0, EX_MANY_ROWS,
		&rows, err) == -1)
		return -1;
	*n = ex_rows_count(rows);
	rc = compare(rows, err);
	ex_rows_free(rows);
	return rc;
}

/* Apply one migration and note it, as the owner. */
static int
apply(struct ex_conn *conn, size_t i, struct ex_err *err)
{
	const struct ex_sql *m = ex_migration_all[i];
	struct ex_param p[3] = { ex_param_int((int64_t)i + 1),
		ex_param_text(m->name), ex_param_text(m->sha256) };

	if (ex_conn_script(conn, &ex_query_become_owner, err) == -1 ||
	    ex_conn_script(conn, m, err) == -1)
		return -1;
	return ex_conn_run(
	    conn, &ex_query_migration_done, p, 3, EX_NO_ROWS, NULL, err);
}

/* One step in one transaction; *done 1 when nothing is left. */
static int
step(struct ex_conn *conn, int *done, struct ex_err *err)
{
	size_t n;

	if (ex_conn_begin(conn, err) == -1)
		return -1;
	if (ex_conn_run(conn, &ex_query_migration_lock, NULL, 0, EX_ONE_ROW,
		NULL, err) == -1 ||
	    ex_conn_script(conn, &ex_query_schema_base, err) == -1 ||
	    applied_count(conn, &n, err) == -1)
		goto fail;
	*done = n == ex_migration_n;
	if (!*done && apply(conn, n, err) == -1)
		goto fail;
	if (ex_conn_commit(conn, err) == 0)
		return 0;
fail:
	ex_conn_rollback(conn);
	return -1;
}

int
ex_schema_migrate(struct ex_conn *conn, size_t *applied, struct ex_err *err)
{
	size_t n = 0;
	int done = 0;

	while (!done) {
		if (step(conn, &done, err) == -1)
			return ex_while(err, "migration");
		n += !done;
	}
	if (applied != NULL)
		*applied = n;
	return 0;
}

int
ex_schema_check(struct ex_conn *conn, struct ex_err *err)
{
	struct ex_rows *rows;
	size_t n;
	int there;

	if (ex_conn_run(conn, &ex_query_migration_there, NULL, 0, EX_ONE_ROW,
		&rows, err) == -1)
		return -1;
	there = ex_rows_int(rows, 0, 0) != 0;
	ex_rows_free(rows);
	if (!there)
		return ex_fail(
		    err, EX_STATE, "the database is empty: run exhibit init");
	if (applied_count(conn, &n, err) == -1)
		return -1;
	if (n < ex_migration_n)
		return ex_fail(err, EX_STATE,
		    "the database is of an older program: run exhibit "
		    "migrate");
	return 0;
}

int
ex_schema_add_person(
    struct ex_conn *conn, const char *person, struct ex_err *err)
{
	char role[EX_ROLE_TEXT];
	struct ex_param p;

	if (ex_role_of(role, person, err) == -1)
		return -1;
	p = ex_param_text(role);
	return ex_conn_run(
	    conn, &ex_query_person_role, &p, 1, EX_ONE_ROW, NULL, err);
}

int
ex_schema_roles(struct ex_conn *conn,
    int (*each)(void *arg, const char *role, struct ex_err *err), void *arg,
    struct ex_err *err)
{
	struct ex_rows *rows;
	int rc = 0;

	if (ex_conn_run(
		conn, &ex_query_roles, NULL, 0, EX_MANY_ROWS, &rows, err) == -1)
		return -1;
	for (size_t i = 0; rc == 0 && i < ex_rows_count(rows); i++)
		rc = each(arg, ex_rows_text(rows, i, 0), err);
	ex_rows_free(rows);
	return rc;
}
