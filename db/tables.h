/*
 * tables.h -- tables whose rows are closed by anchor_tables entries: who
 * looked at what, and, when there are releases, who was given what.
 */
#ifndef DB_TABLES_H
#define DB_TABLES_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "db/conn.h"
#include "hashing/tree.h"

/* Their names in the order in which they are closed; NULL behind the last. */
const char *ex_table_name(size_t i);

/* Somebody looked at something: allowed 1, or there is none or it may not be
 * seen. */
int ex_table_note_access(struct ex_conn *conn, const char *what,
    const char *subject, const char *purpose, int allowed, struct ex_err *err);

/* The newest row's number, 0 when there is none. */
int ex_table_newest(
    struct ex_conn *conn, const char *table, int64_t *id, struct ex_err *err);

/* The same; nobody adds rows until the end of the transaction that is open. */
int ex_table_settled(
    struct ex_conn *conn, const char *table, int64_t *id, struct ex_err *err);

/*
 * Rows from..to, ascending, as leaves (custody/tables.h).  EX_ABSENT: there is
 * no such table.
 */
typedef int ex_table_each(
    void *arg, int64_t id, const uint8_t leaf[EX_HASH], struct ex_err *err);
int ex_table_rows(struct ex_conn *conn, const char *table, int64_t from,
    int64_t to, ex_table_each *each, void *arg, struct ex_err *err);

#endif
