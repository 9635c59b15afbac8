/*
 * sequencer.h -- the one process that gives entries their place in the log.
 *
 * It trusts no client and no row: its state of things is rebuilt from the
 * entries when it starts, and each queued entry is admitted again over it.
 *
 * Files below the data directory:
 *   log/log.key        Ed25519, PEM, without a PIN
 *   log/log.vkey       its verifier key, one line; the key's name is the
 *                      log's origin
 *   log/service.key    P-256, PEM, without a PIN
 *   log/service.pem    its certificate
 *   log/outside        see daemons/outside.h
 *   log/sequencer.pid  locked (flock) as long as a sequencer runs; holds its
 *                      process id and a newline once it is ready
 *   log/sequencer.log  standard error of exhibit-sequencer, appended
 */
#ifndef DAEMONS_SEQUENCER_H
#define DAEMONS_SEQUENCER_H

#include <signal.h>

#include "base/err.h"

struct ex_sequencer_options {
	const char *data;	     /* data directory */
	const char *conninfo;	     /* NULL: its private cluster */
	const char *only_origin;     /* NULL; else the log that it must be */
	volatile sig_atomic_t *stop; /* 1: come to an end */
};

/*
 * Work until *stop, or until something forbids to go on.  A database that
 * goes away is waited for; one that is wrong is not.  EX_CONFLICT: another
 * sequencer works here.  EX_DAMAGED, EX_STATE: the database, the store or the
 * keys do not fit together; err is the line to print.
 */
int ex_sequencer_run(
    const struct ex_sequencer_options *options, struct ex_err *err);

#endif
