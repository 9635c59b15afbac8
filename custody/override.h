/*
 * override.h -- an officer takes it on himself that the log goes on although
 * no witness answers: a signed file in the store outside the database.
 *
 * DIR/log/override, canonical JSON: {"cert" (DER, hexadecimal), "schema":
 * "custody-override/v1", "signature" (hexadecimal), "statement": {"log",
 * "reason", "root", "size", "time"}}.  What is signed is the line
 * "custody-override/v1\n" and the statement's canonical text.  It names the
 * state that it lets go on, so it is good for no other.
 */
#ifndef CUSTODY_OVERRIDE_H
#define CUSTODY_OVERRIDE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "custody/facts.h"
#include "signing/key.h"
#include "signing/note.h"

enum {
	EX_OVERRIDE_MAX = 65536,  /* bytes of the file */
	EX_OVERRIDE_REASON = 1024 /* bytes of a reason, with its NUL */
};

/* Append the file for this state of the log. */
int ex_override_write(struct ex_buf *out, const struct ex_checkpoint *here,
    const char *reason, int64_t now, const struct ex_key *key,
    const struct ex_buf *cert, struct ex_err *err);

/*
 * Check it: this very state, signed with the enrolled key of somebody who is
 * head of the laboratory or administrator now; his reason.  EX_DENIED,
 * EX_DAMAGED, EX_FORMAT, EX_STATE.
 */
int ex_override_check(char reason[EX_OVERRIDE_REASON], const void *text,
    size_t n, const struct ex_checkpoint *here, const struct ex_view *view,
    int64_t now, struct ex_err *err);

#endif
