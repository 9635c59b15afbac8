/*
 * key.h -- private keys: P-256 for people, stations and services; Ed25519 for
 * the log's notes.
 *
 * Software keys are PEM files (PKCS#8): encrypted with a PIN, or, when none
 * was given, plain and 0600.  A struct ex_key hides where the key lives: a
 * card may stand behind the same calls (signing/card.h).
 */
#ifndef SIGNING_KEY_H
#define SIGNING_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum ex_key_kind {
	EX_KEY_P256,
	EX_KEY_RSA,
	EX_KEY_ED25519
};

struct ex_key;

/* Make a new software key: P-256 or Ed25519. */
int ex_key_new(struct ex_key **out, enum ex_key_kind kind, struct ex_err *err);

/*
 * Load a PEM file.  pin may be NULL for one that is not encrypted.  EX_PIN
 * when a PIN is needed or wrong, EX_ABSENT, EX_FORMAT.
 */
int ex_key_load(
    struct ex_key **out, const char *path, const char *pin, struct ex_err *err);

/* Is the PEM file at path encrypted?  1, 0, or -1 with err. */
int ex_key_file_locked(const char *path, struct ex_err *err);

/*
 * Write a software key, mode 0600, atomically; encrypted (PBES2, scrypt, AES-256) when
 * pin is not NULL.  EX_EXISTS when path is there.
 */
int ex_key_save(const struct ex_key *key, const char *path, const char *pin,
    struct ex_err *err);

void ex_key_free(struct ex_key *key);

/*
 * An act is signed: a card's PIN, asked for at its first signature, is
 * forgotten.  Of a software key nothing.  NULL is ignored.
 */
void ex_key_rest(const struct ex_key *key);

enum ex_key_kind ex_key_kind(const struct ex_key *key);

/* "file", "card", "hsm": printed as the assurance behind a signature. */
const char *ex_key_storage(const struct ex_key *key);

/* DER SubjectPublicKeyInfo. */
int
ex_key_public(const struct ex_key *key, struct ex_buf *out, struct ex_err *err);

/*
 * Sign data (not a digest of it).  P-256: ECDSA with SHA-256, DER, with s
 * normalised to at most n/2.  RSA: PKCS#1 v1.5 with SHA-256.  Ed25519: 64
 * bytes.  Appends to out.
 */
int ex_key_sign(const struct ex_key *key, const void *data, size_t n,
    struct ex_buf *out, struct ex_err *err);

/*
 * Check a signature made so by the owner of a DER SubjectPublicKeyInfo.
 * EX_DAMAGED when it does not hold (also for s > n/2).
 */
int ex_key_check(const uint8_t *spki, size_t nspki, const void *data, size_t n,
    const uint8_t *sig, size_t nsig, struct ex_err *err);

#endif
