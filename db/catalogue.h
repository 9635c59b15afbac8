/*
 * catalogue.h -- what is on an image, in the database: runs of a catalogue
 * and their lines, written by COPY and read in pages.
 */
#ifndef DB_CATALOGUE_H
#define DB_CATALOGUE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "db/conn.h"
#include "hashing/digest.h"
#include "intake/catalogue.h"

/* Is a file in the laboratory's sets of known ones? */
enum ex_in_set {
	EX_IN_SET_NOT_ASKED,
	EX_IN_SET_UNKNOWN,
	EX_IN_SET_GOOD,
	EX_IN_SET_BAD
};

/*
 * A new run over an image, in a transaction of the caller's.  EX_DENIED when
 * the person may not see it.
 */
int ex_store_catalogue_begin(
    struct ex_conn *conn, const char *image, int64_t *run, struct ex_err *err);
/* It is whole: summary is JSON, sha256 of the canonical list. */
int
ex_store_catalogue_end(struct ex_conn *conn, int64_t run, const char *summary,
    const uint8_t sha256[EX_SHA256_LEN], struct ex_err *err);

/* Lines on their way into a run; nothing else on the connection meanwhile. */
struct ex_catalogue_copy;
int ex_catalogue_copy_begin(struct ex_catalogue_copy **out,
    struct ex_conn *conn, int64_t run, struct ex_err *err);
/* Lines are numbered from 1 as they come. */
int ex_catalogue_copy_add(
    struct ex_catalogue_copy *c, const struct ex_file *f, struct ex_err *err);
int ex_catalogue_copy_end(struct ex_catalogue_copy *c, struct ex_err *err);
void ex_catalogue_copy_free(struct ex_catalogue_copy *c);

/* The newest whole run; summary is the caller's.  EX_ABSENT: there is none. */
int
ex_store_catalogue_newest(struct ex_conn *conn, const char *image, int64_t *run,
    char **summary, uint8_t sha256[EX_SHA256_LEN], struct ex_err *err);

/* Which lines; NULL and -1 stand for any. */
struct ex_catalogue_query {
	int64_t run;
	int64_t after;	  /* number of a line; 0: from the first on */
	int32_t max;	  /* lines */
	const char *like; /* of the name or the path, as SQL's LIKE */
	const char *mime; /* the same */
	int deleted;	  /* 0, 1, -1 */
	int known;	  /* enum ex_in_set, -1 */
	const uint8_t *sha256;
};

/*
 * Call each() for every line; *n is their number, *last the last one's (may
 * be NULL).  What a line borrows lives as long as the call.
 */
typedef int ex_catalogue_each(void *arg, int64_t no, const struct ex_file *f,
    enum ex_in_set known, struct ex_err *err);
int ex_store_catalogue_lines(struct ex_conn *conn,
    const struct ex_catalogue_query *q, ex_catalogue_each *each, void *arg,
    size_t *n, int64_t *last, struct ex_err *err);

#endif
