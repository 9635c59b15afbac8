/*
 * key_evp.h -- what the OpenSSL files of this folder share; for them alone.
 */
#ifndef SIGNING_KEY_EVP_H
#define SIGNING_KEY_EVP_H

#include "base/err.h"
#include "signing/key.h"

struct evp_pkey_st; /* OpenSSL's EVP_PKEY */
struct evp_md_st;   /* OpenSSL's EVP_MD */

/* Borrowed from key. */
struct evp_pkey_st *ex_key_evp(const struct ex_key *key);

/* The digest that goes with the kind: SHA-256, or NULL for Ed25519. */
const struct evp_md_st *ex_key_md(enum ex_key_kind kind);

/*
 * ex_fail() with OpenSSL's first reason behind what; the library's queue is
 * empty afterwards.  Returns -1.
 */
int ex_fail_openssl(struct ex_err *err, enum ex_code code, const char *what);

#endif
