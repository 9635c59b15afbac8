/*
 * json.h -- JSON values, read strictly and written in one way only.
 *
 * Two readers: ex_json_read() takes ordinary JSON of operators and tools
 * (objects without duplicate keys, valid UTF-8); ex_json_read_canonical()
 * takes the signed profile of docs/formats.md and nothing else.  Written text
 * is always canonical: keys sorted, no spaces.
 *
 * Values are reference counted.  A function that returns const struct ex_json
 * * lends it for as long as its parent lives.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct ex_json;

/* EX_FORMAT with line and column; EX_LIMIT over EX_JSON_MAX bytes. */
int ex_json_read(
    struct ex_json **out, const void *text, size_t n, struct ex_err *err);

/*
 * The signed profile (restricted RFC 8785): the bytes are exactly what
 * ex_json_write() gives for the value read; strings and integers |n| < 2^53,
 * objects and arrays only; ASCII keys; depth <= EX_JSON_DEPTH; text passes
 * ex_text_canonical().  EX_FORMAT says which rule.
 */
int ex_json_read_canonical(
    struct ex_json **out, const void *text, size_t n, struct ex_err *err);

/*
 * Append the canonical text of v.  EX_FORMAT if v holds what the signed
 * profile forbids, so what is written can always be read back.
 */
int
ex_json_write(struct ex_buf *out, const struct ex_json *v, struct ex_err *err);

/*
 * Append v as compact JSON for programs (--json lines): keys sorted, any
 * value incl. booleans, null and reals, text escaped where needed.
 */
int
ex_json_print(struct ex_buf *out, const struct ex_json *v, struct ex_err *err);

void ex_json_free(struct ex_json *v);
struct ex_json *
ex_json_copy(const struct ex_json *v); /* deep; NULL: no memory */
struct ex_json *ex_json_ref(const struct ex_json *v); /* same value, +1 */

/* New values; NULL when memory is out or the text is not UTF-8. */
struct ex_json *ex_json_object(void);
struct ex_json *ex_json_array(void);
struct ex_json *ex_json_string(const char *text);
struct ex_json *ex_json_string_n(const char *text, size_t n);
struct ex_json *ex_json_integer(int64_t n);
struct ex_json *ex_json_bool(int truth);
struct ex_json *ex_json_null(void);
struct ex_json *ex_json_real(double d);

/*
 * Put a value under a key, replacing what was there; v is taken over, also
 * on failure, and a NULL v is a failure (so constructors can be nested).
 * ex_json_set_hex() writes bytes as lower-case hexadecimal.
 */
int ex_json_set(struct ex_json *object, const char *key, struct ex_json *v,
    struct ex_err *err);
int ex_json_set_text(struct ex_json *object, const char *key, const char *text,
    struct ex_err *err);
int ex_json_set_int(
    struct ex_json *object, const char *key, int64_t n, struct ex_err *err);
int ex_json_set_hex(struct ex_json *object, const char *key,
    const uint8_t *data, size_t n, struct ex_err *err);
void ex_json_unset(struct ex_json *object, const char *key);

/* Append to an array; v is taken over, also on failure. */
int ex_json_add(struct ex_json *array, struct ex_json *v, struct ex_err *err);

int ex_json_is_object(const struct ex_json *v);
int ex_json_is_array(const struct ex_json *v);
int ex_json_is_string(const struct ex_json *v);
int ex_json_is_integer(const struct ex_json *v);
int ex_json_is_true(const struct ex_json *v);
int ex_json_equal(const struct ex_json *a, const struct ex_json *b);

/* The value under key, or NULL; NULL too when v is NULL or no object. */
const struct ex_json *ex_json_get(const struct ex_json *v, const char *key);

/* The same for writing: the value stays its parent's. */
struct ex_json *ex_json_get_mutable(struct ex_json *v, const char *key);

/* The text under key, or NULL when absent or no string.  Borrowed. */
const char *ex_json_get_text(const struct ex_json *v, const char *key);

/* The integer under key, or fallback when absent or no integer. */
int64_t
ex_json_get_int(const struct ex_json *v, const char *key, int64_t fallback);

/* As ex_json_get_text(), but absent or of another kind is EX_FORMAT. */
int ex_json_need_text(const char **out, const struct ex_json *v,
    const char *key, struct ex_err *err);
int ex_json_need_int(
    int64_t *out, const struct ex_json *v, const char *key, struct ex_err *err);

/* Exactly n bytes of hexadecimal under key. */
int ex_json_need_hex(uint8_t *out, size_t n, const struct ex_json *v,
    const char *key, struct ex_err *err);

/* Text and length of a string value; NULL and 0 otherwise. */
const char *ex_json_text(const struct ex_json *v);
size_t ex_json_text_len(const struct ex_json *v);
int64_t ex_json_int(const struct ex_json *v);

/* Elements of an array, members of an object; 0 otherwise. */
size_t ex_json_count(const struct ex_json *v);
const struct ex_json *ex_json_at(const struct ex_json *array, size_t i);

/*
 * Call each() for every member of an object in bytewise order of keys.
 * Stops at the first -1.
 */
int ex_json_each(const struct ex_json *object,
    int (*each)(void *arg, const char *key, const struct ex_json *v,
	struct ex_err *err),
    void *arg, struct ex_err *err);

/* Refuse (EX_FORMAT, naming it) a member that is not in keys[0..n). */
int ex_json_only(const struct ex_json *object, const char *const *keys,
    size_t n, struct ex_err *err);

#endif
