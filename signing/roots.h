/*
 * roots.h -- lists of certificates; shared by the OpenSSL files alone.
 */
#ifndef SIGNING_ROOTS_H
#define SIGNING_ROOTS_H

#include <stddef.h>

#include "base/err.h"
#include "signing/cert.h"

struct x509_st; /* OpenSSL's X509 */

/* Every certificate of a PEM text, CA or not; EX_FORMAT when there is none.
 * Text between the blocks is skipped, blocks of another kind are refused. */
int ex_pem_certs(
    struct ex_roots **out, const void *pem, size_t n, struct ex_err *err);

/* Borrowed; i < ex_roots_count(). */
struct x509_st *ex_roots_cert(const struct ex_roots *roots, size_t i);

#endif
