/*
 * witness.h -- a witness of logs: C2SP tlog-witness, "add-checkpoint".
 *
 * It cosigns a checkpoint only when the tree continues the one that it
 * cosigned last, and stores the new one before it answers; of every signed
 * checkpoint that it refuses it keeps the bytes.  What it knows lies behind a
 * store, so that the rules are a function of request and store.
 */
#ifndef DAEMONS_WITNESS_H
#define DAEMONS_WITNESS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "daemons/scgi.h"
#include "signing/key.h"
#include "signing/note.h"

struct ex_witness_store {
	void *arg;

	/* The newest note cosigned for this log, appended; EX_ABSENT. */
	int (*load)(void *arg, struct ex_buf *out, const char *origin,
	    struct ex_err *err);

	/* Replace it, durably: what is not on disk is not answered. */
	int (*save)(void *arg, const char *origin, const void *note, size_t n,
	    struct ex_err *err);

	/* Keep a signed checkpoint that was refused with this status. */
	int (*keep)(void *arg, int status, const void *note, size_t n,
	    struct ex_err *err);
};

struct ex_witness {
	struct ex_vkey own; /* type 0x04 */
	struct ex_key *key;
	struct ex_key *old_key; /* cosigns too, while it is not retired; NULL */
	size_t nlogs;
	struct ex_vkey log[EX_WITNESS_LOGS];
	struct ex_witness_store store;

	/*
	 * A monitor's: looks at all entries up to now, which must continue
	 * old (size 0: the beginning).  NULL: a witness, the proof decides.
	 * EX_DAMAGED: they do not stand; EX_ABSENT: they have not come.
	 */
	int (*examine)(void *arg, const struct ex_checkpoint *old,
	    const struct ex_checkpoint *now, struct ex_err *err);
	void *examine_arg;
};

/*
 * Answer an add-checkpoint body at time now, seconds since 1970.
 *
 * 200 and the cosignature's line · 400 not a request, or old larger than the
 * checkpoint · 403 no valid line of a key of this log · 404 a log that it does
 * not follow · 409 and its own size (text/x.tlog.size) when old is another, or
 * when the size is its own and the root is not · 422 the proof fails, or a
 * monitor's look at the entries · 503 the entries have not come.
 *
 * -1 when it can neither read nor write what it knows: then nothing is
 * cosigned.
 */
int ex_witness_add(struct ex_answer *out, const struct ex_witness *w,
    struct ex_span body, uint64_t now, struct ex_err *err);

/*
 * The newest note that it cosigned for the log whose origin has this SHA-256
 * (hexadecimal), its cosignature made anew at time now: whoever asks knows
 * that there is no newer one.  404 when there is none.
 */
int ex_witness_newest(struct ex_answer *out, const struct ex_witness *w,
    struct ex_span origin_sha256, uint64_t now, struct ex_err *err);

/*
 * An HTTP request: POST .../add-checkpoint, GET .../newest/HEX.  As an
 * ex_scgi_handle() with a struct ex_witness * as arg.
 */
int ex_witness_handle(void *witness, const struct ex_scgi *request,
    struct ex_answer *answer, struct ex_err *err);

/*
 * A witness's folder: witness.key (Ed25519, PEM, 0600), witness.vkey, logs
 * (one verifier key a line, '#' begins a comment), newest/SHA256-OF-ORIGIN,
 * refused/STATUS-SHA256, witness.lock.
 */

/* Make folder and key; text is the verifier key.  EX_EXISTS. */
int ex_witness_make(char text[EX_VKEY_TEXT], const char *dir, const char *name,
    struct ex_err *err);

/* Follow one more log, by its verifier key. */
int ex_witness_follow(const char *dir, const char *vkey, struct ex_err *err);

/*
 * Replace its own key; text is the new verifier key.  The old one
 * (witness.old.key) cosigns beside it until it is retired, so that policies
 * have time to follow.  EX_STATE: the one before is not retired yet, or there
 * is none to retire; EX_CONFLICT: the witness runs.
 */
int
ex_witness_rotate(char text[EX_VKEY_TEXT], const char *dir, struct ex_err *err);
int ex_witness_retire(const char *dir, struct ex_err *err);

struct ex_witness_folder {
	char dir[EX_PATH];
	int lock; /* held: one process a folder */
	struct ex_witness witness;
};
/* EX_CONFLICT: another process works on it.  Released with _close(). */
int ex_witness_open(
    struct ex_witness_folder *out, const char *dir, struct ex_err *err);
void ex_witness_close(struct ex_witness_folder *f);

#endif
