/*
 * handover.h -- what witnesses say before the log's first signature after a
 * start, on its way from the process with the network to the one with the
 * key.
 *
 * The sequencer writes a nonce, log/ask; exhibit-anchor answers with
 * log/answer, canonical JSON: {"ask", "schema": "custody-handover/v1",
 * "witnesses": [{"name", "note"?, "result", "size"?}]}.  A note is believed for
 * its signatures alone: the log's, and the witness's with its time.
 */
#ifndef CUSTODY_HANDOVER_H
#define CUSTODY_HANDOVER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "custody/outsiders.h"

enum ex_witness_result {
	EX_WITNESS_COSIGNED,	/* this very checkpoint, now */
	EX_WITNESS_LARGER,	/* it has cosigned a larger tree */
	EX_WITNESS_REFUSED,	/* the tree does not continue what it knows */
	EX_WITNESS_UNREACHABLE, /* no answer that says anything */
	EX_WITNESS_RESULTS
};

/* "cosigned", "larger", "refused", "unreachable" */
const char *ex_witness_result_name(enum ex_witness_result result);

struct ex_witnessed {
	enum ex_witness_result result;
	uint64_t size;	    /* that it says it knows, for EX_WITNESS_LARGER */
	struct ex_buf note; /* cosigned or larger; may be empty if larger */
	char text[400];	    /* what it said, shown form */
};
void ex_witnessed_free(struct ex_witnessed *w);

enum {
	EX_HANDOVER_NONCE = 33, /* 32 hexadecimal digits and a NUL */
	EX_HANDOVER_MAX = 4 * 1024 * 1024
};

/* Append the file: results[i] is of outsiders->witness[i]. */
int ex_handover_write(struct ex_buf *out, const char *ask,
    const struct ex_outsiders *o, const struct ex_witnessed *results,
    struct ex_err *err);

/* May the log be continued? */
enum ex_handover {
	EX_HANDOVER_OPEN,    /* a witness has cosigned where it stands, now */
	EX_HANDOVER_SILENT,  /* none says anything */
	EX_HANDOVER_CONFLICT /* one knows a larger or another history */
};

/*
 * Judge the file.  Counts only what the answer to this ask says of witnesses
 * that are no monitors: a note under the log's key and the witness's, of this
 * very size and root, cosigned at or after since (seconds; a clock that is
 * two minutes wrong is forgiven).  why is a line for the operator.
 */
enum ex_handover ex_handover_judge(const void *text, size_t n, const char *ask,
    const struct ex_outsiders *o, const struct ex_vkey *log,
    const struct ex_checkpoint *here, uint64_t since, struct ex_err *why);

#endif
