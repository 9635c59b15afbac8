/*
 * note.h -- signed notes (C2SP signed-note) and checkpoints (C2SP
 * tlog-checkpoint): the log's Ed25519 lines, type 0x01, and witnesses'
 * cosignatures, type 0x04.
 */
#ifndef SIGNING_NOTE_H
#define SIGNING_NOTE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "hashing/digest.h"
#include "signing/key.h"

enum {
	EX_NOTE_ED25519 = 0x01,
	EX_NOTE_COSIGNATURE = 0x04,
	EX_NOTE_NAME = 256, /* bytes of a key name, with its NUL */
	EX_VKEY_TEXT = 512  /* bytes of a verifier key's text, with its NUL */
};

/* A verifier key: "name+hhhhhhhh+base64(type || public key)". */
struct ex_vkey {
	char name[EX_NOTE_NAME];
	uint8_t id[4]; /* SHA-256(name || 0x0A || type || key)[0..4) */
	uint8_t type;
	uint8_t key[32];
};

int ex_vkey_of(struct ex_vkey *out, const char *name, uint8_t type,
    const struct ex_key *key, struct ex_err *err);
int ex_vkey_read(struct ex_vkey *out, const char *text, struct ex_err *err);
int ex_vkey_text(
    char out[EX_VKEY_TEXT], const struct ex_vkey *v, struct ex_err *err);

/*
 * Its fingerprint: SHA-256 of the DER SubjectPublicKeyInfo, as `openssl pkey
 * -pubin -outform DER | sha256sum` gives it.
 */
void ex_vkey_sha256(uint8_t out[EX_SHA256_LEN], const struct ex_vkey *v);

/* Append the PEM SubjectPublicKeyInfo, for `openssl pkeyutl -verify`. */
int
ex_vkey_pem(struct ex_buf *out, const struct ex_vkey *v, struct ex_err *err);

/* A note taken apart; spans point into the parsed bytes. */
struct ex_note_sig {
	struct ex_span name;
	uint8_t id[4];
	uint8_t sig[72]; /* type 0x04: u64 time, then 64 bytes */
	size_t nsig;	 /* bytes used; 0 when it is longer than we know */
};
struct ex_note {
	struct ex_span text; /* with its last newline */
	size_t nsigs;
	struct ex_note_sig sig[EX_NOTE_SIGS_MAX];
};

/* EX_FORMAT; unknown signature lines are kept, not refused. */
int ex_note_parse(
    struct ex_note *out, const void *note, size_t n, struct ex_err *err);

/* Append text, blank line and one signature line of type 0x01. */
int ex_note_sign(struct ex_buf *out, const void *text, size_t n,
    const char *name, const struct ex_key *key, struct ex_err *err);

/* Append one more line of type 0x01 to a note, as at a key's rotation. */
int ex_note_add_sig(struct ex_buf *note, const char *name,
    const struct ex_key *key, struct ex_err *err);

/* Append a witness's line of type 0x04 at time (seconds since 1970). */
int ex_note_cosign(struct ex_buf *note, const char *name,
    const struct ex_key *key, uint64_t time, struct ex_err *err);

/*
 * Is there a valid line of this key?  0 and, for type 0x04, its time in
 * seconds in *time (may be NULL), the earliest if there are several.
 * EX_ABSENT when no line names the key, EX_DAMAGED when any that does is not
 * valid.
 */
int ex_note_check(const struct ex_note *note, const struct ex_vkey *v,
    uint64_t *time, struct ex_err *err);

/*
 * Append the note with only the lines of these keys, as they stand: what
 * strangers added is left out.  Says nothing about whether they are valid.
 */
int ex_note_keep(struct ex_buf *out, const struct ex_note *note,
    const struct ex_vkey *v, size_t nv, struct ex_err *err);

/* A checkpoint's three lines. */
struct ex_checkpoint {
	char origin[EX_NOTE_NAME];
	uint64_t size;
	uint8_t root[32];
};

/* "origin\nsize\nbase64(root)\n" */
int ex_checkpoint_text(
    struct ex_buf *out, const struct ex_checkpoint *c, struct ex_err *err);

/* Exactly three lines: no extension lines, no leading zeros. */
int ex_checkpoint_read(
    struct ex_checkpoint *out, struct ex_span text, struct ex_err *err);

#endif
