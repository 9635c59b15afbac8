/*
 * reader_parts.h -- what the files of exhibit-reader share.  Everything here
 * runs inside the jail but where it says otherwise.
 */
#ifndef INTAKE_READER_PARTS_H
#define INTAKE_READER_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "intake/reader_proto.h"
#include "intake/ring.h"

enum {
	EX_READER_CHUNK_MAX = 32 * 1024 * 1024, /* bytes: EnCase's largest */
	EX_READER_BLOCK = 1 << 20,
	EX_READER_SLACK = 4096 /* bytes that a packed chunk may be longer */
};

/* What is known of a chunk before and after its bytes were looked at. */
enum ex_chunk_state {
	EX_CHUNK_CHECKED,   /* has a checksum, which is to be looked at */
	EX_CHUNK_UNCHECKED, /* has none */
	EX_CHUNK_MISSING,   /* is not there */
	EX_CHUNK_WRONG	    /* is not what its checksum says */
};

/* An image that is open. */
struct ex_reader_image {
	const struct ex_reader_image_ops *ops;
	void *self;
	uint64_t bytes; /* of the media */
	uint32_t sector_size;
	uint32_t chunk; /* bytes */
};

struct ex_reader_image_ops {
	/*
	 * Open what lies at fd[0..n), in order.  A first finding that does
	 * not keep anybody from reading goes into done->text.  EX_FORMAT: not
	 * an image; EX_DAMAGED: one that holds no media.
	 */
	int (*open)(struct ex_reader_image *image, const int *fd, size_t n,
	    struct ex_reader_done *done, struct ex_err *err);
	/*
	 * The chunk at byte off of the media, c->plain bytes of it: as it is
	 * stored, into room, which has plain + EX_READER_SLACK bytes.
	 */
	void (*read)(struct ex_reader_image *image, struct ex_chunk *c,
	    uint8_t *room, uint64_t off);
	/*
	 * Append what its maker wrote into its header, a HEADER frame each;
	 * NULL: it has none.
	 */
	int (*tell)(struct ex_reader_image *image, struct ex_buf *out,
	    struct ex_err *err);
	/* What it says about itself after it was read. */
	void (*end)(struct ex_reader_image *image, struct ex_reader_done *done);
	void (*close)(struct ex_reader_image *image);
	const char *(*library)(void);
};

extern const struct ex_reader_image_ops ex_reader_ewf, ex_reader_raw,
    ex_reader_vmdk;

/*
 * Bring a chunk's media bytes to their place, c->plain of them; zeroes for
 * what is damaged, which c->state then says.
 */
struct ex_unpacker;
void
ex_reader_settle(struct ex_unpacker *unpacker, struct ex_chunk *c, uint8_t *to);

/* Record a finding unless there is one; text as printf. */
void ex_reader_find(struct ex_reader_done *done, const char *fmt, ...)
    __attribute__((__format__(__printf__, 2, 3)));

/*
 * Walk through the sections of an E01 segment and check every checksum that
 * is not one of a chunk; what is wrong becomes a finding.  number counts from
 * 1.  *is_last is 1 when it says that no segment follows.
 */
void ex_reader_walk(
    struct ex_reader_done *done, int fd, unsigned number, int *is_last);

/*
 * What one reading works with: made before ex_jail_begin(), because digests
 * and libraries may want files; its threads started after it, because the
 * kernel binds only those; read with after ex_jail_enter().
 */
struct ex_reading_run;
int ex_reading_run_new(struct ex_reading_run **out,
    const struct ex_reader_request *request, int to, struct ex_err *err);
int ex_reading_run_start(struct ex_reading_run *run, struct ex_err *err);
/* Read all of an image, tell findings and data, and fill done. */
int ex_reading_run_go(struct ex_reading_run *run, struct ex_reader_image *image,
    struct ex_reader_done *done, struct ex_err *err);
void ex_reading_run_free(struct ex_reading_run *run);

#endif
