/*
 * tables.h -- rows of the database that are no entries, and that the log
 * closes: `anchor_tables` {table, from, to, count, root}.
 *
 * root is the RFC 6962 root over the rows from..to, ascending by number; a
 * leaf is SHA-256(0x00 || "custody-row/v1\n" table "\n" and for each column
 * its length in decimal ":" its bytes ",").  Which columns: docs/formats.md.
 */
#ifndef CUSTODY_TABLES_H
#define CUSTODY_TABLES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "hashing/tree.h"

/* The leaf of one row. */
int ex_table_leaf(uint8_t out[EX_HASH], const char *table,
    const struct ex_span *column, size_t n, struct ex_err *err);

#endif
