/*
 * vouchers.h -- who vouches for a log in tests: an exhibit-witness behind a
 * real nginx, and a time-stamp authority of openssl's, both on 127.0.0.1.
 */
#ifndef TESTS_DAEMONS_VOUCHERS_H
#define TESTS_DAEMONS_VOUCHERS_H

#include <sys/types.h>

#include "base/json.h"
#include "hashing/digest.h"
#include "signing/note.h"

#define VOUCHER_ORG "EXAMPLE-MOJ"

struct vouchers {
	char dir[64];
	pid_t witness, web, clock; /* 0: does not run */
	int port;		   /* of the web server */
	struct ex_vkey key;	   /* of the witness */
	char tsa_url[64];
	uint8_t root[EX_SHA256_LEN]; /* of the authority */
};

/* Keys and folders for a witness of this log; starts the authority. */
void vouchers_open(struct vouchers *v, const struct ex_vkey *log);
void vouchers_close(struct vouchers *v);

/* Web server and witness. */
void vouchers_start(struct vouchers *v);
void vouchers_stop(struct vouchers *v);

/* DIR/name; the same buffer every fourth call. */
const char *vouchers_path(const struct vouchers *v, const char *name);

/* A policy that names them, quorum any. */
struct ex_json *vouchers_policy(const struct vouchers *v);

#endif
