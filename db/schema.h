/*
 * schema.h -- making and upgrading the database.
 */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H

#include <stddef.h>

#include "base/err.h"
#include "db/conn.h"

#define EX_ROLE_OWNER	"exhibit_owner"
#define EX_ROLE_PEOPLE	"exhibit_people"
#define EX_ROLE_SERVICE "exhibit_service"
#define EX_ROLE_ANCHOR	"exhibit_anchor"

/* The login role of a person: "person_" and the person's number. */
enum {
	EX_ROLE_TEXT = 64
};
int ex_role_of(char out[EX_ROLE_TEXT], const char *person, struct ex_err *err);

/* Make the database `exhibit` in a private cluster; there already: nothing. */
int ex_schema_create_database(struct ex_conn *conn, struct ex_err *err);

/*
 * Is this database one that we can live in: encoding UTF8, LC_CTYPE C.UTF-8?
 * EX_USAGE with the CREATE DATABASE line to run.
 */
int ex_schema_check_database(struct ex_conn *conn, struct ex_err *err);

/*
 * Bring the schema up to this program, forward only.  EX_DAMAGED when an
 * applied migration is not the one that this program carries.  *applied may
 * be NULL.
 */
int
ex_schema_migrate(struct ex_conn *conn, size_t *applied, struct ex_err *err);

/* Refuse to run on a schema other than this program's: EX_STATE, EX_DAMAGED. */
int ex_schema_check(struct ex_conn *conn, struct ex_err *err);

/* A login role for a person, in the group of people; there: nothing. */
int ex_schema_add_person(
    struct ex_conn *conn, const char *person, struct ex_err *err);

/* Every role that may log in here, for ex_cluster_map(). */
int ex_schema_roles(struct ex_conn *conn,
    int (*each)(void *arg, const char *role, struct ex_err *err), void *arg,
    struct ex_err *err);

#endif
