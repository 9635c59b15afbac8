/*
 * indicator.h -- indicators: their kinds, and one canonical form for each, so
 * that what two people type differently is found as the same thing.
 *
 * Typed values may be defanged ("hxxp", "[.]", "(at)"), full-width, spaced or
 * hyphenated; where a kind has a check digit, it must hold.
 */
#ifndef CASES_INDICATOR_H
#define CASES_INDICATOR_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum ex_indicator {
	EX_IND_IPV4,
	EX_IND_IPV6,
	EX_IND_CIDR,
	EX_IND_DOMAIN,
	EX_IND_URL,
	EX_IND_EMAIL,
	EX_IND_PHONE,
	EX_IND_BANK_ACCOUNT,
	EX_IND_CRYPTO_WALLET,
	EX_IND_IMEI,
	EX_IND_MD5,
	EX_IND_SHA1,
	EX_IND_SHA256,
	EX_IND_FILENAME,
	EX_IND_HANDLE,
	EX_IND_PLATE,
	EX_INDICATORS
};

enum {
	EX_IND_KEY = 16 /* bytes that name a value */
};

/* "ipv4", "bank_account", ...  The kind of a name: EX_USAGE lists them. */
const char *ex_indicator_name(enum ex_indicator kind);
int
ex_indicator_kind(enum ex_indicator *out, const char *name, struct ex_err *err);

/*
 * Append the canonical form of a typed value, at most EX_INDICATOR_MAX bytes.
 * A canonical form is its own canonical form.  EX_FORMAT says what is wrong
 * with it, EX_LIMIT when it is too long.
 */
int ex_indicator_canonical(struct ex_buf *out, enum ex_indicator kind,
    const char *typed, struct ex_err *err);

/* First 128 bits of SHA-256(name of the kind, ":", canonical value). */
void ex_indicator_key(
    uint8_t key[EX_IND_KEY], enum ex_indicator kind, const char *canonical);

/*
 * Does a wallet's address keep its checksum?  Bitcoin and its kin, TRON
 * (base58check), and bech32 (BIP 173, BIP 350).  1 or 0.
 */
int ex_wallet_base58(const char *address);
int ex_wallet_bech32(const char *address);

#endif
