/*
 * anchor_parts.h -- what the anchor's files share; for daemons/anchor*.c
 * alone.
 */
#ifndef DAEMONS_ANCHOR_PARTS_H
#define DAEMONS_ANCHOR_PARTS_H

#include <stdint.h>

#include "base/buf.h"
#include "custody/handover.h"
#include "custody/outsiders.h"
#include "daemons/anchor.h"
#include "db/conn.h"
#include "signing/note.h"

struct ex_anchor {
	const struct ex_anchor_options *o;
	int lock; /* of log/anchor.pid */
	struct ex_vkey vkey;
	struct ex_conn *conn;
	struct ex_outsiders outsiders; /* of the policy in force */
	struct ex_buf note;	       /* the newest checkpoint; empty: none */
	struct ex_checkpoint newest;
	int64_t again[2 * EX_OUTSIDERS_MAX]; /* ticks: not asked before */
};

/*
 * Ask a witness to cosign the newest checkpoint and keep what it says.  What
 * the witness answers is a result; -1 when the database fails.
 */
int ex_anchor_ask(struct ex_anchor *a, const struct ex_outsider *w,
    struct ex_witnessed *out, struct ex_err *err);

/* Have the newest checkpoint stamped and keep it.  EX_UNREACHABLE, EX_DENIED,
 * EX_DAMAGED: the authority's; other codes: ours. */
int ex_anchor_stamp_it(
    struct ex_anchor *a, const struct ex_outsider *tsa, struct ex_err *err);

/*
 * The first authority's stamp over a digest that is not the log's: its answer
 * appended to tsr, checked as one of the log is.  Errors as above.
 */
int ex_anchor_stamp_digest(struct ex_buf *tsr, struct ex_anchor *a,
    const struct ex_outsider *tsa, const uint8_t sha256[EX_SHA256_LEN],
    int64_t *time, struct ex_err *err);

#endif
