/*
 * noise.h -- entries for the database, which looks into none: any bytes.
 */
#ifndef TESTS_DB_NOISE_H
#define TESTS_DB_NOISE_H

#include "db/store.h"
#include "hashing/digest.h"

/* An entry that consists of its text. */
struct noise {
	struct ex_stream stream;
	uint8_t prev[EX_HASH], leaf[EX_HASH], body[EX_SHA256_LEN];
	char text[64];
	struct ex_append row;
};

/* Make it; prev NULL is a stream's beginning. */
void noise_make(struct noise *n, const char *stream, uint64_t seq,
    const struct noise *prev, const char *text);

/* Append it as it is. */
int
noise_append(struct ex_conn *conn, const struct noise *n, struct ex_err *err);

/* Give one queued entry its index. */
int noise_index(struct ex_conn *conn, int64_t id, uint64_t index,
    const uint8_t leaf[EX_HASH], struct ex_err *err);

/* It must work. */
void noise_put(struct ex_conn *conn, const struct noise *n);

#endif
