/*
 * reader_proto.h -- what exhibit-reader and its parent say to each other.
 *
 * Frames over two pipes: 4 bytes kind, 4 bytes length, that many bytes, all
 * numbers big-endian.  The parent sends one REQUEST on the reader's 0; files
 * are descriptors 3, 4, ... in order.  The reader answers on its 1:
 *
 *	HELLO OPENED (HEADER | PROGRESS | RANGE | DATA | BLOCK_DIGEST)* DONE	or
 *	(HELLO (OPENED ...)?)? FAILED
 *
 * and exits with 0.  Each kind has a largest length; what is longer, in
 * another order or of another form ends the conversation.
 */
#ifndef INTAKE_READER_PROTO_H
#define INTAKE_READER_PROTO_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "hashing/digest.h"
#include "intake/range.h"

enum {
	EX_READER_VERSION = 3,
	EX_READER_HEAD = 8,	/* bytes before a frame's payload */
	EX_READER_FILES = 3,	/* first descriptor of a file */
	EX_READER_LIBRARY = 63, /* bytes of a library's name */
	EX_READER_TEXT = 511,	/* bytes of a finding */
	EX_READER_NAME = 31,	/* bytes of a header value's name */
	EX_READER_VALUE = 1023, /* bytes of a header value, as shown */
	EX_READER_VALUES = 64,	/* header values of an image */
	EX_READER_MD5 = 16,
	EX_READER_SHA1 = 20
};

enum ex_reader_kind {
	EX_READER_REQUEST = 1,
	EX_READER_HELLO,
	EX_READER_OPENED,
	EX_READER_PROGRESS,
	EX_READER_RANGE,
	EX_READER_DATA,
	EX_READER_DONE,
	EX_READER_FAILED,
	EX_READER_HEADER,
	EX_READER_BLOCK_DIGEST,
	EX_READER_KINDS
};

/* The largest payload of a kind, bytes; 0 for no kind. */
size_t ex_reader_largest(uint32_t kind);

struct ex_reader_request {
	uint8_t version;
	uint8_t container; /* enum ex_container */
	uint8_t send_data; /* 1: DATA, and no digests */
	uint8_t without_landlock;
	uint8_t other_digests; /* 1: OpenSSL's alone */
	uint8_t block_digests; /* 1: BLOCK_DIGEST for each block too */
	uint32_t algs;
	uint32_t threads;
	uint32_t nfiles;
	uint64_t memory; /* bytes of address space */
	uint64_t bytes;	 /* of the media, at most; 0: all */
	uint32_t cpu_seconds;
	uint32_t wall_seconds;
};

struct ex_reader_hello {
	uint8_t version;
	uint8_t landlock; /* 1: full jail */
	char library[EX_READER_LIBRARY + 1];
};

struct ex_reader_opened {
	uint64_t bytes; /* of the media */
	uint32_t sector_size;
};

/* What the container's maker wrote into its header: a claim of theirs. */
struct ex_reader_header {
	char name[EX_READER_NAME + 1]; /* [a-z0-9_]+ */
	char value[EX_READER_VALUE + 1];
};

struct ex_reader_done {
	uint64_t bytes;
	uint8_t corrupted;
	uint8_t missing;
	uint8_t has_md5, has_sha1; /* stored in the container */
	uint8_t md5[EX_READER_MD5], sha1[EX_READER_SHA1];
	struct ex_digest_value digest[EX_ALGS]; /* computed, ascending */
	size_t ndigests;
	char text[EX_READER_TEXT + 1]; /* first finding, or "" */
};

/* Why nothing can be said of the media. */
enum ex_reader_failure {
	EX_READER_UNREADABLE, /* not an image of this kind */
	EX_READER_INCOMPLETE, /* one, but it holds no media */
	EX_READER_NO_LANDLOCK,
	EX_READER_OWN_FAULT /* the reader could not do its work */
};

struct ex_reader_failed {
	uint8_t why; /* enum ex_reader_failure */
	char text[EX_READER_TEXT + 1];
};

/*
 * Writing appends a whole frame; reading takes the payload of one and refuses
 * (EX_FORMAT) whatever is not exactly of its form.
 */
int ex_reader_put_request(
    struct ex_buf *out, const struct ex_reader_request *m, struct ex_err *err);
int ex_reader_get_request(struct ex_reader_request *m, const uint8_t *p,
    size_t n, struct ex_err *err);
int ex_reader_put_hello(
    struct ex_buf *out, const struct ex_reader_hello *m, struct ex_err *err);
int ex_reader_get_hello(
    struct ex_reader_hello *m, const uint8_t *p, size_t n, struct ex_err *err);
int ex_reader_put_opened(
    struct ex_buf *out, const struct ex_reader_opened *m, struct ex_err *err);
int ex_reader_get_opened(
    struct ex_reader_opened *m, const uint8_t *p, size_t n, struct ex_err *err);
int
ex_reader_put_progress(struct ex_buf *out, uint64_t done, struct ex_err *err);
int ex_reader_get_progress(
    uint64_t *done, const uint8_t *p, size_t n, struct ex_err *err);
int ex_reader_put_range(
    struct ex_buf *out, const struct ex_range *m, struct ex_err *err);
int ex_reader_get_range(
    struct ex_range *m, const uint8_t *p, size_t n, struct ex_err *err);
int ex_reader_put_header(
    struct ex_buf *out, const struct ex_reader_header *m, struct ex_err *err);
int ex_reader_get_header(
    struct ex_reader_header *m, const uint8_t *p, size_t n, struct ex_err *err);
/* SHA-256 of the next block of media: see intake/blockmap.h. */
int ex_reader_put_block_digest(struct ex_buf *out,
    const uint8_t digest[EX_SHA256_LEN], struct ex_err *err);
/* The head of a DATA frame of n bytes from byte off of the media. */
int ex_reader_put_data_head(
    struct ex_buf *out, uint64_t off, size_t n, struct ex_err *err);
int ex_reader_get_data(uint64_t *off, struct ex_span *data, const uint8_t *p,
    size_t n, struct ex_err *err);
int ex_reader_put_done(
    struct ex_buf *out, const struct ex_reader_done *m, struct ex_err *err);
int ex_reader_get_done(
    struct ex_reader_done *m, const uint8_t *p, size_t n, struct ex_err *err);
int ex_reader_put_failed(
    struct ex_buf *out, const struct ex_reader_failed *m, struct ex_err *err);
int ex_reader_get_failed(
    struct ex_reader_failed *m, const uint8_t *p, size_t n, struct ex_err *err);

#endif
