/*
 * anchor.h -- the client of witnesses and time-stamp authorities: it has a
 * network and no key of the log.
 *
 * It takes the newest signed checkpoint from the database, has it cosigned
 * and stamped by those whom the policy in force names, checks what they say
 * and keeps it beside the checkpoint.  Whatever it writes proves itself.
 *
 * Files below the data directory:
 *   log/log.vkey    the log's verifier key
 *   log/ask         what the sequencer wants to know before it signs: a nonce
 *   log/answer      what the witnesses said: custody/handover.h
 *   log/anchor.pid  locked as long as it runs
 *   log/anchor.log  standard error of exhibit-anchor, appended
 *   trust/tsa.pem   CA certificates of the time-stamp authorities
 */
#ifndef DAEMONS_ANCHOR_H
#define DAEMONS_ANCHOR_H

#include <signal.h>

#include "base/err.h"
#include "hashing/digest.h"

enum ex_anchor_mode {
	EX_ANCHOR_SERVE,
	EX_ANCHOR_COSIGN, /* once, now */
	EX_ANCHOR_STAMP,  /* once, now */
	EX_ANCHOR_TOKEN	  /* once, of a digest that is given */
};

struct ex_anchor_options {
	const char *data;     /* data directory */
	const char *conninfo; /* NULL: its private cluster */
	enum ex_anchor_mode mode;
	uint8_t sha256[EX_SHA256_LEN]; /* EX_ANCHOR_TOKEN: what is stamped */
	volatile sig_atomic_t *stop;   /* 1: come to an end */
};

/*
 * Serve until *stop, or do one thing and say on standard output, one JSON line
 * for each witness or authority, what came of it: {"name","org","result",
 * "text"}, result `cosigned`, `stamped`, `larger`, `refused` or
 * `unreachable`.  Of a digest that was given, `stamped` has "tsr" too, the
 * answer in base64; nothing is kept of it.
 */
int ex_anchor_run(const struct ex_anchor_options *options, struct ex_err *err);

#endif
