/*
 * anchor.h -- what others say about the log, kept beside its checkpoints.
 */
#ifndef DB_ANCHOR_H
#define DB_ANCHOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "db/conn.h"

/* Keep a witness's line under a checkpoint; a second one is dropped. */
int ex_anchor_put_cosignature(struct ex_conn *conn, uint64_t size,
    const char *witness, struct ex_span line, uint64_t time,
    struct ex_err *err);

/* The largest checkpoint that it cosigned, 0: none. */
int ex_anchor_cosigned(struct ex_conn *conn, const char *witness,
    uint64_t *size, struct ex_err *err);

/* Append to a note of this size the lines that are kept for it. */
int ex_anchor_add_lines(struct ex_buf *note, struct ex_conn *conn,
    uint64_t size, struct ex_err *err);

/* Keep an authority's answer over a checkpoint; a second one is dropped. */
int
ex_anchor_put_stamp(struct ex_conn *conn, uint64_t size, const char *authority,
    struct ex_span tsr, int64_t time, struct ex_err *err);

/* Its newest: checkpoint and time, 0: none. */
int ex_anchor_stamped(struct ex_conn *conn, const char *authority,
    uint64_t *size, int64_t *time, struct ex_err *err);

/* All of them, ascending by size; borrowed for the call. */
struct ex_anchor_stamp {
	uint64_t size;
	const char *authority;
	struct ex_span tsr;
	int64_t time;
	struct ex_span note; /* the checkpoint */
};
int ex_anchor_stamps(struct ex_conn *conn,
    int (*each)(void *arg, const struct ex_anchor_stamp *s, struct ex_err *err),
    void *arg, struct ex_err *err);

#endif
