/*
 * note_text.h -- parts of notes that note.c and vkey.c share.
 */
#ifndef SIGNING_NOTE_TEXT_H
#define SIGNING_NOTE_TEXT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	EX_ED25519_SPKI = 44 /* bytes of its DER SubjectPublicKeyInfo */
};

/* The SubjectPublicKeyInfo of a raw Ed25519 key (RFC 8410, section 4). */
void ex_note_spki(uint8_t out[EX_ED25519_SPKI], const uint8_t key[32]);

/* A key's name: not empty, no '+', no space of Unicode, fits EX_NOTE_NAME. */
int ex_note_name_check(struct ex_span name, struct ex_err *err);

/* Ends in a newline, and every line passes ex_text_canonical(). */
int ex_note_lines_check(struct ex_span text, struct ex_err *err);

#endif
