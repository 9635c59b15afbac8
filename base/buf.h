/*
 * buf.h -- growing buffers, and reading bytes without overrunning them.
 *
 * The only place of pointer arithmetic on untrusted bytes.  A struct ex_buf
 * starts as EX_BUF_INIT and is released with ex_buf_free().  Its data is
 * always followed by one NUL that len does not count, once it is not NULL.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct ex_buf {
	uint8_t *data;
	size_t len; /* bytes used */
	size_t cap; /* bytes allocated, at least len + 1 when data is set */
};

#define EX_BUF_INIT        \
	{                  \
		NULL, 0, 0 \
	}

/* Release and reset b.  NULL is ignored. */
void ex_buf_free(struct ex_buf *b);

/* As ex_buf_free(), but overwrite the bytes first: for secrets. */
void ex_buf_wipe(struct ex_buf *b);

/* Make room for n more bytes.  EX_SYSTEM when memory is out. */
int ex_buf_reserve(struct ex_buf *b, size_t n, struct ex_err *err);

/* Append n bytes; data may be NULL when n is 0. */
int
ex_buf_add(struct ex_buf *b, const void *data, size_t n, struct ex_err *err);

/* Append one byte. */
int ex_buf_add_byte(struct ex_buf *b, uint8_t byte, struct ex_err *err);

/* Append a NUL-terminated string, without its NUL. */
int ex_buf_add_text(struct ex_buf *b, const char *text, struct ex_err *err);

/* Append formatted text, without its NUL. */
int ex_buf_addf(struct ex_buf *b, struct ex_err *err, const char *fmt, ...)
    __attribute__((__format__(__printf__, 3, 4)));

/* Append v in big-endian order: 2, 4 or 8 bytes. */
int ex_buf_add_u16(struct ex_buf *b, uint16_t v, struct ex_err *err);
int ex_buf_add_u32(struct ex_buf *b, uint32_t v, struct ex_err *err);
int ex_buf_add_u64(struct ex_buf *b, uint64_t v, struct ex_err *err);

/* Cut b to n bytes; n must not be larger than its length. */
void ex_buf_cut(struct ex_buf *b, size_t n);

/* The contents as text: never NULL, "" for an empty buffer.  Borrowed. */
const char *ex_buf_text(const struct ex_buf *b);

/* Give the bytes away as a string the caller frees; b is reset. */
char *ex_buf_take_text(struct ex_buf *b);

/* A window on bytes that somebody else owns. */
struct ex_span {
	const uint8_t *p;
	size_t n;
};

/* What is left to read of a window. */
struct ex_reader {
	const uint8_t *p;
	size_t left;
};

void ex_reader_init(struct ex_reader *r, const void *p, size_t n);

/*
 * Each takes from the front of r and fails with EX_FORMAT "truncated" when
 * fewer bytes are left.  ex_read_span() borrows from r's bytes.
 */
int ex_read_span(
    struct ex_reader *r, size_t n, struct ex_span *out, struct ex_err *err);
int ex_read_bytes(struct ex_reader *r, void *out, size_t n, struct ex_err *err);
int ex_read_u8(struct ex_reader *r, uint8_t *out, struct ex_err *err);
int ex_read_u16(struct ex_reader *r, uint16_t *out, struct ex_err *err);
int ex_read_u32(struct ex_reader *r, uint32_t *out, struct ex_err *err);
int ex_read_u64(struct ex_reader *r, uint64_t *out, struct ex_err *err);

/*
 * Take one line up to and without its '\n'; EX_FORMAT when no newline is
 * left.
 */
int ex_read_line(struct ex_reader *r, struct ex_span *out, struct ex_err *err);

/* Does the span hold exactly these bytes, or exactly this text? */
int ex_span_equal(struct ex_span s, const void *p, size_t n);
int ex_span_is(struct ex_span s, const char *text);

#endif
