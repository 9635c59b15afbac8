/*
 * text_utf8proc.c -- text by code points.
 */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

/* One code point at text, *len bytes long; -1 when it is not UTF-8. */
static int32_t
next_point(const char *text, size_t n, size_t *len)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text;
	utf8proc_int32_t c;
	utf8proc_ssize_t got;

	got = utf8proc_iterate(p, n > 4 ? 4 : (utf8proc_ssize_t)n, &c);
	if (got <= 0) {
		*len = 1;
		return -1;
	}
	*len = (size_t)got;
	return c;
}

static int
is_control(int32_t c)
{
	return c <= 0x1f || (c >= 0x7f && c <= 0x9f);
}

static int
is_bidi(int32_t c)
{
	return c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

static int
is_nonchar(int32_t c)
{
	return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

int
ex_text_canonical(const char *text, size_t n, struct ex_err *err)
{
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		int32_t c = next_point(text + i, n - i, &len);

		if (c == -1)
			return ex_fail(err, EX_FORMAT,
			    "not UTF-8 at byte %zu of the text", i);
		if (is_control(c) || is_bidi(c) || is_nonchar(c))
			return ex_fail(err, EX_FORMAT,
			    "U+%04X at byte %zu of the text may not be "
			    "signed",
			    (unsigned)c, i);
	}
	return 0;
}

/* How a code point is shown; returns bytes of it in form. */
static size_t
show_point(char form[16], const char *text, size_t len, int32_t c)
{
	int n;

	if (c == -1 || is_control(c))
		n = snprintf(form, 16, len == 1 ? "\\x%02x" : "\\u{%x}",
		    len == 1 ? (unsigned)(unsigned char)text[0] : (unsigned)c);
	else if (is_bidi(c) || is_nonchar(c) || c == 0x2028 || c == 0x2029)
		n = snprintf(form, 16, "\\u{%x}", (unsigned)c);
	else {
		memcpy(form, text, len);
		n = (int)len;
	}
	return (size_t)n;
}

char *
ex_text_show(char *out, size_t size, const char *text, size_t n)
{
	size_t used = 0, mark = 0, len;

	if (size == 0)
		return out;
	for (size_t i = 0; i < n; i += len) {
		char form[16];
		int32_t c = next_point(text + i, n - i, &len);
		size_t w = show_point(form, text + i, len, c);

		if (used + w + 1 > size) {
			/* Room for the dots was kept at mark. */
			memcpy(out + mark, "...",
			    size - mark > 3 ? 3 : size - mark - 1);
			used = mark + (size - mark > 3 ? 3 : size - mark - 1);
			break;
		}
		memcpy(out + used, form, w);
		used += w;
		if (used + 4 <= size)
			mark = used;
	}
	out[used] = '\0';
	return out;
}

size_t
ex_text_step(const char *text, size_t n)
{
	size_t len;

	(void)next_point(text, n, &len);
	return len;
}

int
ex_text_utf8(const char *text, size_t n)
{
	size_t len;

	for (size_t i = 0; i < n; i += len)
		if (next_point(text + i, n - i, &len) == -1)
			return 0;
	return 1;
}

int
ex_text_fold(struct ex_buf *out, const char *text, size_t n, struct ex_err *err)
{
	const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPOSE |
				      UTF8PROC_COMPAT | UTF8PROC_CASEFOLD;
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t got;
	int rc;

	got = utf8proc_map(
	    (const utf8proc_uint8_t *)text, (utf8proc_ssize_t)n, &folded, how);
	if (got == UTF8PROC_ERROR_NOMEM)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (got < 0)
		return ex_fail(err, EX_FORMAT, "not UTF-8");
	rc = ex_buf_add(out, folded, (size_t)got, err);
	free(folded);
	return rc;
}

size_t
ex_text_width(const char *text)
{
	size_t n = strlen(text), len, width = 0;

	for (size_t i = 0; i < n; i += len) {
		int32_t c = next_point(text + i, n - i, &len);

		width += c == -1 ? 1 : (size_t)utf8proc_charwidth(c);
	}
	return width;
}
