/*
 * init_parts.h -- what a house under construction has; for cases/init*.c
 * alone.
 */
#ifndef CASES_INIT_PARTS_H
#define CASES_INIT_PARTS_H

#include "cases/house_parts.h"
#include "cases/init.h"

struct ex_founding {
	const struct ex_init *in;
	struct ex_house house; /* conf, cluster and dir are filled first */
	struct ex_signer *admin, *station, *service;
	struct ex_buf ca; /* its certificate, DER */
	int made;	  /* something was missing */
};

/* Append the founding entry if the log is empty; the sequencer is down. */
int ex_found_log(struct ex_founding *f, struct ex_err *err);

#endif
