/*
 * hashset.h -- a set of known files' digests: one algorithm, sorted rows of
 * one width, memory-mapped (docs/formats.md, "Set of known files").
 */
#ifndef HASHING_HASHSET_H
#define HASHING_HASHSET_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "hashing/digest.h"

enum {
	EX_HASHSET_VERSION = 1,
	EX_HASHSET_HEAD = 64, /* bytes before the first row */

	/* Rows of a set: 2 GiB of SHA-256, so that a check at opening is short. */
	EX_HASHSET_ROWS_MAX = 64 * 1024 * 1024
};

struct ex_hashset;

/*
 * Write a new set of n digests, each ex_alg_len(alg) bytes: read-only, and
 * EX_EXISTS if path is there.  rows is sorted in place; what is in it twice
 * is written once, and *written (may be NULL) says how many are.  EX_USAGE
 * for an algorithm other than md5, sha1 and sha256; EX_LIMIT for too many.
 */
int ex_hashset_write(const char *path, enum ex_alg alg, uint8_t *rows, size_t n,
    size_t *written, struct ex_err *err);

/*
 * Map a set, after all of it was checked: head, length, digest, order.
 * EX_ABSENT when there is none, EX_FORMAT when it is not a set or of a later
 * version, EX_DAMAGED when it is one that was changed or cut.  *out is
 * released with ex_hashset_close().
 */
int
ex_hashset_open(struct ex_hashset **out, const char *path, struct ex_err *err);

/* As ex_hashset_open(), over bytes that stay the caller's and outlive it. */
int ex_hashset_read(
    struct ex_hashset **out, const void *bytes, size_t n, struct ex_err *err);

/* May be NULL. */
void ex_hashset_close(struct ex_hashset *s);

/* 1 when the digest, of ex_hashset_alg()'s length, is a row; else 0. */
int ex_hashset_has(const struct ex_hashset *s, const uint8_t *digest);

enum ex_alg ex_hashset_alg(const struct ex_hashset *s);
size_t ex_hashset_count(const struct ex_hashset *s); /* rows */

/* The digest in its head, over head and rows: it names what is in the set. */
const uint8_t *ex_hashset_digest(const struct ex_hashset *s);

#endif
