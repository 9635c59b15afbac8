/*
 * cms.h -- an entry: CMS SignedData in the one permitted encoding.
 *
 * docs/formats.md specifies it; in short RFC 5652 DER, CAdES-BES, content
 * encapsulated under the project's own eContentType, one certificate a
 * signer, exactly four signed attributes, no unsigned ones, SHA-256 with
 * ECDSA P-256 (s <= n/2) or RSA PKCS#1 v1.5.
 */
#ifndef SIGNING_CMS_H
#define SIGNING_CMS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "hashing/digest.h"
#include "signing/key.h"

/* The eContentType of entries, dotted. */
#define EX_CMS_ENTRY_OID "2.25.259098472397737580515363964451775495029"

/* One party's signature over a body, on its way to becoming an entry. */
struct ex_cms_sig {
	const uint8_t *cert; /* DER, borrowed */
	size_t ncert;
	enum ex_key_kind kind; /* EX_KEY_P256 or EX_KEY_RSA */
	const uint8_t *sig;    /* borrowed */
	size_t nsig;
};

/*
 * Append the exact bytes of the signed attributes (DER SET OF, tag 0x31) that
 * a party with this certificate signs for this body at this time: this is
 * what ex_key_sign() is given.  time is rounded down to seconds.
 */
int ex_cms_to_sign(struct ex_buf *out, const uint8_t *cert, size_t ncert,
    const void *body, size_t nbody, int64_t time, struct ex_err *err);

/*
 * Build the entry from its body and signatures, in any order; they are put
 * into DER SET order.  EX_LIMIT over EX_ENTRY_MAX bytes or EX_PARTIES_MAX
 * signatures; EX_EXISTS for the same certificate twice.
 */
int
ex_cms_build(struct ex_buf *out, const void *body, size_t nbody, int64_t time,
    const struct ex_cms_sig *sigs, size_t nsigs, struct ex_err *err);

struct ex_cms_signer {
	struct ex_span cert; /* DER, inside the entry's bytes */
	struct ex_span sig;
	enum ex_key_kind kind;
	uint8_t cert_sha256[EX_SHA256_LEN];
};

/* An entry taken apart; spans point into the bytes that were parsed. */
struct ex_cms {
	struct ex_span body;
	int64_t signing_time; /* microseconds UTC, whole seconds; one for all */
	size_t nsigners;      /* at least 1 */
	struct ex_cms_signer
	    signer[EX_PARTIES_MAX]; /* in order of SignerInfos */
};

/*
 * Take an entry apart and prove that its encoding is the only one permitted:
 * the fields are rebuilt by ex_cms_build() and every byte compared.  EX_FORMAT
 * names what deviates.  Verifies no signature.
 */
int ex_cms_parse(
    struct ex_cms *out, const void *entry, size_t n, struct ex_err *err);

/*
 * Check every signature of a parsed entry with the keys in its certificates.
 * Says nothing about whose they are.  EX_DAMAGED names the signer.
 */
int ex_cms_check(const struct ex_cms *cms, struct ex_err *err);

/*
 * The same question put to OpenSSL's CMS_verify() with CAdES checks, every
 * certificate trusted for its own sake: the second opinion of the tests and
 * of a sample in bulk.  Accepts many other encodings, as `openssl cms` does.
 */
int ex_cms_check_openssl(const void *entry, size_t n, struct ex_err *err);

#endif
