/*
 * cert.h -- X.509 certificates of the laboratory's CA.
 *
 * A certificate says which service number a key belongs to, nothing more:
 * subject CN = service number or service name, O = organisation code; no
 * personal name.  Rights come from the log, never from a certificate.
 */
#ifndef SIGNING_CERT_H
#define SIGNING_CERT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "hashing/digest.h"
#include "signing/key.h"

/* What the CA puts into a certificate. */
enum ex_cert_kind {
	EX_CERT_PERSON,	 /* keyUsage critical nonRepudiation; no EKU */
	EX_CERT_STATION, /* the same: machine facts under a delegate */
	EX_CERT_SERVICE	 /* the same: the laboratory's own processes */
};

struct ex_cert_info {
	char subject_cn[128];
	char subject_o[128];
	char issuer_cn[128];
	char serial_hex[64];
	int64_t not_before; /* microseconds UTC */
	int64_t not_after;
	enum ex_key_kind kind;
	int key_bits;
	int is_ca;
	int non_repudiation; /* keyUsage has it */
	int key_usage_critical;
	int server_auth;	       /* EKU has it: never an entry's signer */
	uint8_t sha256[EX_SHA256_LEN]; /* of the exact DER */
};

/*
 * A self-signed CA certificate (basicConstraints CA:TRUE pathlen 0 critical,
 * keyUsage keyCertSign|cRLSign critical), valid for years from now.  Appends
 * DER to out.
 */
int ex_cert_make_ca(struct ex_buf *out, const struct ex_key *ca_key,
    const char *cn, const char *o, int64_t now, int years, struct ex_err *err);

/* A PKCS#10 request, proof of possession; DER. */
int ex_csr_make(struct ex_buf *out, const struct ex_key *key, const char *cn,
    const char *o, struct ex_err *err);

/*
 * Issue a certificate for a request after checking its signature.  cn and o
 * are the CA's decision, not the request's.  The serial is 128 random bits,
 * positive.
 */
int ex_cert_issue(struct ex_buf *out, const struct ex_key *ca_key,
    const uint8_t *ca_der, size_t nca, const uint8_t *csr, size_t ncsr,
    enum ex_cert_kind kind, const char *cn, const char *o, int64_t now,
    int years, struct ex_err *err);

/* What a certificate says; refuses trailing bytes and non-DER. */
int ex_cert_read(
    struct ex_cert_info *out, const uint8_t *der, size_t n, struct ex_err *err);

/* Its DER SubjectPublicKeyInfo. */
int ex_cert_public(
    struct ex_buf *out, const uint8_t *der, size_t n, struct ex_err *err);

/* Raw DER of issuer Name and of serialNumber INTEGER (whole TLV each). */
int ex_cert_issuer_serial(struct ex_buf *issuer, struct ex_buf *serial,
    const uint8_t *der, size_t n, struct ex_err *err);

/* PEM and back: exactly one certificate. */
int ex_cert_to_pem(
    struct ex_buf *out, const uint8_t *der, size_t n, struct ex_err *err);
int ex_cert_from_pem(
    struct ex_buf *out, const void *pem, size_t n, struct ex_err *err);

/* Trust anchors given by the verifier: a file of PEM CA certificates. */
struct ex_roots;
int ex_roots_load(struct ex_roots **out, const char *path, struct ex_err *err);
int ex_roots_from_pem(
    struct ex_roots **out, const void *pem, size_t n, struct ex_err *err);
void ex_roots_free(struct ex_roots *roots);

/* SHA-256 of each root's DER, for printing; index < ex_roots_count(). */
size_t ex_roots_count(const struct ex_roots *roots);
const uint8_t *ex_roots_sha256(const struct ex_roots *roots, size_t i);

/*
 * Does the certificate chain to one of the roots, judged at time at?  Never
 * uses the system store.  EX_DENIED with the reason when not.
 */
int ex_cert_check_chain(const struct ex_roots *roots, const uint8_t *der,
    size_t n, int64_t at, struct ex_err *err);

/*
 * Which of the roots signed this certificate: SHA-256 of its DER.  EX_ABSENT:
 * none of them.
 */
int ex_cert_issuer(uint8_t sha256[EX_SHA256_LEN], const struct ex_roots *roots,
    const uint8_t *der, size_t n, struct ex_err *err);

/* Did the root with this digest sign it?  EX_DENIED when it is another's. */
int ex_cert_check_issuer(const struct ex_roots *roots, const uint8_t *der,
    size_t n, const char *ca_hex, struct ex_err *err);

#endif
