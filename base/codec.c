/*
 * codec.c -- bytes as text and back.
 */
#include "base/codec.h"

#include <sys/random.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static const char hex[] = "0123456789abcdef";
static const char base64[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
ex_hex(char *out, const void *data, size_t n)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = hex[p[i] >> 4];
		out[2 * i + 1] = hex[p[i] & 15];
	}
	out[2 * n] = '\0';
}

/* Value of a lower-case hexadecimal digit, or -1. */
static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int
ex_hex_read(uint8_t *out, size_t n, const char *text, struct ex_err *err)
{
	if (strlen(text) != 2 * n)
		return ex_fail(err, EX_FORMAT,
		    "%zu hexadecimal digits expected, %zu found", 2 * n,
		    strlen(text));
	for (size_t i = 0; i < n; i++) {
		int high = nibble(text[2 * i]);
		int low = nibble(text[2 * i + 1]);

		if (high == -1 || low == -1)
			return ex_fail(err, EX_FORMAT,
			    "not lower-case hexadecimal: \"%.2s\"",
			    text + 2 * i);
		out[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

int
ex_base64(struct ex_buf *out, const void *data, size_t n, struct ex_err *err)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)p[i] << 16;
		char c[4];

		if (i + 1 < n)
			v |= (uint32_t)p[i + 1] << 8;
		if (i + 2 < n)
			v |= p[i + 2];
		c[0] = base64[v >> 18];
		c[1] = base64[v >> 12 & 63];
		c[2] = i + 1 < n ? base64[v >> 6 & 63] : '=';
		c[3] = i + 2 < n ? base64[v & 63] : '=';
		if (ex_buf_add(out, c, sizeof(c), err) == -1)
			return -1;
	}
	return 0;
}

/* Value of a base64 character, or -1. */
static int
sextet(char c)
{
	const char *p = c == '\0' ? NULL : strchr(base64, c);

	return p == NULL ? -1 : (int)(p - base64);
}

/* Four characters, of which the last pad are '='. */
static int
read_group(struct ex_buf *out, const char *c, int pad, struct ex_err *err)
{
	uint8_t bytes[3];
	uint32_t v = 0;

	for (int i = 0; i < 4; i++) {
		int s = i >= 4 - pad ? 0 : sextet(c[i]);

		if (s == -1)
			return ex_fail(err, EX_FORMAT, "not base64");
		v = v << 6 | (uint32_t)s;
	}
	/* RFC 4648 section 3.5: bits that stand for nothing are zero. */
	if ((pad == 1 && (v & 0xff) != 0) || (pad == 2 && (v & 0xffff) != 0))
		return ex_fail(err, EX_FORMAT, "base64 with stray bits");
	bytes[0] = (uint8_t)(v >> 16);
	bytes[1] = (uint8_t)(v >> 8);
	bytes[2] = (uint8_t)v;
	return ex_buf_add(out, bytes, 3 - (size_t)pad, err);
}

int
ex_base64_read(
    struct ex_buf *out, const char *text, size_t len, struct ex_err *err)
{
	if (len % 4 != 0)
		return ex_fail(err, EX_FORMAT, "base64 without its padding");
	for (size_t i = 0; i < len; i += 4) {
		int pad = 0;

		if (i + 4 == len && text[i + 3] == '=')
			pad = text[i + 2] == '=' ? 2 : 1;
		if (read_group(out, text + i, pad, err) == -1)
			return -1;
	}
	return 0;
}

void
ex_random(void *out, size_t n)
{
	uint8_t *p = out;

	while (n > 0) {
		ssize_t got = getrandom(p, n, 0);

		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0) {
			/* Going on would sign with guessable numbers. */
			(void)fputs(
			    "no random numbers from the kernel\n", stderr);
			abort();
		}
		p += got;
		n -= (size_t)got;
	}
}

void
ex_uuid7(char out[EX_UUID_TEXT])
{
	uint64_t ms = (uint64_t)(ex_now() / 1000);
	uint8_t b[16];
	char text[33];

	ex_random(b, sizeof(b));
	for (int i = 0; i < 6; i++)
		b[i] = (uint8_t)(ms >> (8 * (5 - i)));
	b[6] = (uint8_t)(0x70 | (b[6] & 0x0f));
	b[8] = (uint8_t)(0x80 | (b[8] & 0x3f));
	ex_hex(text, b, sizeof(b));
	(void)snprintf(out, EX_UUID_TEXT, "%.8s-%.4s-%.4s-%.4s-%.12s", text,
	    text + 8, text + 12, text + 16, text + 20);
}

int
ex_uuid_ok(const char *text)
{
	if (strlen(text) != EX_UUID_TEXT - 1)
		return 0;
	for (size_t i = 0; i < EX_UUID_TEXT - 1; i++) {
		int dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' : nibble(text[i]) == -1)
			return 0;
	}
	return 1;
}
