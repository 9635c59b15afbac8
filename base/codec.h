/*
 * codec.h -- bytes as text and back: hexadecimal, base64, UUIDv7, random.
 *
 * Decoding is strict: lower-case hexadecimal only, base64 of RFC 4648 section
 * 4 with its padding and without unused bits set, nothing left over.
 */
#ifndef BASE_CODEC_H
#define BASE_CODEC_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	EX_UUID_TEXT = 37
}; /* 36 characters and a NUL */

/* Write 2n characters and a NUL; out holds at least 2n + 1. */
void ex_hex(char *out, const void *data, size_t n);

/* Read exactly n bytes out of text of exactly 2n characters.  EX_FORMAT. */
int ex_hex_read(uint8_t *out, size_t n, const char *text, struct ex_err *err);

/* Append the base64 of data. */
int
ex_base64(struct ex_buf *out, const void *data, size_t n, struct ex_err *err);

/* Append the bytes that base64 text of len characters stands for. */
int ex_base64_read(
    struct ex_buf *out, const char *text, size_t len, struct ex_err *err);

/* Fill n bytes from the kernel's generator; the process ends if it cannot. */
void ex_random(void *out, size_t n);

/* A fresh UUIDv7 (RFC 9562) as text. */
void ex_uuid7(char out[EX_UUID_TEXT]);

/* Is text a lower-case UUID of 36 characters?  1 or 0. */
int ex_uuid_ok(const char *text);

#endif
