/*
 * ca.h -- the laboratory's certificate authority: a folder with ca.key,
 * ca.pem and every certificate issued.
 */
#ifndef DAEMONS_CA_H
#define DAEMONS_CA_H

#include "base/buf.h"
#include "base/err.h"
#include "signing/cert.h"

/* Make key and certificate; there already: nothing. */
int
ex_ca_make(const char *dir, const char *cn, const char *o, struct ex_err *err);

/*
 * Issue a certificate for a request (DER), keep it, append its DER.  cn and o
 * are names as the log has them; EX_USAGE else.
 */
int ex_ca_issue(struct ex_buf *out, const char *dir, enum ex_cert_kind kind,
    const char *cn, const char *o, const void *csr, size_t ncsr,
    struct ex_err *err);

#endif
