/*
 * catalogue_proto.h -- what exhibit-reader and its parent say to each other
 * while an image is catalogued.
 *
 * Frames as in intake/reader_proto.h: 4 bytes kind, 4 bytes length, that many
 * bytes, numbers big-endian; texts are 2 bytes length and that many bytes.
 * The parent sends one CATALOGUE on the reader's 0; files are descriptors
 * 3, 4, ... in order.  The reader answers on its 1:
 *
 *	HELLO IMAGE (VOLUME | TABLE | SYSTEM | FOLDER | FILE | FOUND | AT |
 *	    VOLUME_DONE)* DONE		or	(HELLO ...)? FAILED
 *
 * AT says what comes next, so that the parent knows where a reader died.  A
 * reader that is started again is told from where on lines are wanted and
 * which places it is to leave out; it numbers volumes, folders and entries as
 * the one before it did.
 */
#ifndef INTAKE_CATALOGUE_PROTO_H
#define INTAKE_CATALOGUE_PROTO_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "intake/catalogue.h"

enum {
	EX_CATALOGUE_VERSION = 1,
	EX_CATALOGUE_AVOIDED = 64, /* places that a reader is to leave out */
	EX_CATALOGUE_TOOLS = 191   /* bytes of the libraries' names */
};

enum ex_catalogue_kind {
	EX_CAT_REQUEST = 101, /* no kind of intake/reader_proto.h */
	EX_CAT_HELLO,
	EX_CAT_IMAGE,
	EX_CAT_VOLUME,
	EX_CAT_TABLE,
	EX_CAT_SYSTEM,
	EX_CAT_FOLDER,
	EX_CAT_FILE,
	EX_CAT_FOUND,
	EX_CAT_AT,
	EX_CAT_VOLUME_DONE,
	EX_CAT_DONE,
	EX_CAT_FAILED,
	EX_CAT_KINDS
};

/* The largest payload of a kind, bytes; 0 for no kind. */
size_t ex_cat_largest(uint32_t kind);

struct ex_cat_request {
	uint8_t version;
	uint8_t container; /* enum ex_container */
	uint8_t without_landlock;
	uint8_t no_orphans;
	uint8_t no_digests;
	uint32_t nfiles;
	uint64_t memory; /* bytes of address space */
	uint32_t cpu_seconds;
	uint32_t wall_seconds;
	/* Lines before this place are known already. */
	struct ex_catalogue_place from;
	uint16_t from_stream;
	struct ex_catalogue_place avoid[EX_CATALOGUE_AVOIDED];
	size_t navoid;
};

struct ex_cat_hello {
	uint8_t version;
	uint8_t landlock;
	char tools[EX_CATALOGUE_TOOLS + 1];
};

struct ex_cat_image {
	uint64_t bytes;
	uint32_t sector_size;
	char container[16];
};

struct ex_cat_folder {
	uint32_t volume, folder;
	struct ex_span path; /* raw */
};

struct ex_cat_failed {
	uint8_t no_landlock; /* 1: that is why */
	char text[EX_CATALOGUE_TEXT + 1];
};

/*
 * Writing appends a whole frame; reading takes the payload of one and refuses
 * (EX_FORMAT) whatever is not exactly of its form.  Spans that are read
 * borrow from the payload.
 */
int ex_cat_put_request(
    struct ex_buf *out, const struct ex_cat_request *m, struct ex_err *err);
int ex_cat_get_request(
    struct ex_cat_request *m, const uint8_t *p, size_t n, struct ex_err *err);
int ex_cat_put_hello(
    struct ex_buf *out, const struct ex_cat_hello *m, struct ex_err *err);
int ex_cat_get_hello(
    struct ex_cat_hello *m, const uint8_t *p, size_t n, struct ex_err *err);
int ex_cat_put_image(
    struct ex_buf *out, const struct ex_cat_image *m, struct ex_err *err);
int ex_cat_get_image(
    struct ex_cat_image *m, const uint8_t *p, size_t n, struct ex_err *err);
/* A volume as it is found: number, parent, kind, place, description. */
int ex_cat_put_volume(
    struct ex_buf *out, const struct ex_volume *m, struct ex_err *err);
int ex_cat_get_volume(
    struct ex_volume *m, const uint8_t *p, size_t n, struct ex_err *err);
/* Its partition table: number, name, size of its sectors. */
int ex_cat_put_table(
    struct ex_buf *out, const struct ex_volume *m, struct ex_err *err);
int ex_cat_get_table(
    struct ex_volume *m, const uint8_t *p, size_t n, struct ex_err *err);
/* Its file system: number, name, blocks, times, id. */
int ex_cat_put_system(
    struct ex_buf *out, const struct ex_volume *m, struct ex_err *err);
int ex_cat_get_system(
    struct ex_volume *m, const uint8_t *p, size_t n, struct ex_err *err);
int ex_cat_put_folder(
    struct ex_buf *out, const struct ex_cat_folder *m, struct ex_err *err);
int ex_cat_get_folder(
    struct ex_cat_folder *m, const uint8_t *p, size_t n, struct ex_err *err);
int ex_cat_put_file(
    struct ex_buf *out, const struct ex_file *m, struct ex_err *err);
int ex_cat_get_file(
    struct ex_file *m, const uint8_t *p, size_t n, struct ex_err *err);
int ex_cat_put_found(struct ex_buf *out, const struct ex_catalogue_finding *m,
    struct ex_err *err);
int ex_cat_get_found(struct ex_catalogue_finding *m, const uint8_t *p, size_t n,
    struct ex_err *err);
/* AT: a place, and how many bytes of content were read up to now. */
int ex_cat_put_at(struct ex_buf *out, const struct ex_catalogue_place *m,
    uint64_t read, struct ex_err *err);
int ex_cat_get_at(struct ex_catalogue_place *m, uint64_t *read,
    const uint8_t *p, size_t n, struct ex_err *err);
int
ex_cat_put_volume_done(struct ex_buf *out, uint32_t volume, struct ex_err *err);
int ex_cat_get_volume_done(
    uint32_t *volume, const uint8_t *p, size_t n, struct ex_err *err);
int ex_cat_put_done(struct ex_buf *out, struct ex_err *err);
int ex_cat_put_failed(
    struct ex_buf *out, const struct ex_cat_failed *m, struct ex_err *err);
int ex_cat_get_failed(
    struct ex_cat_failed *m, const uint8_t *p, size_t n, struct ex_err *err);

/* -1, 0 or 1: which place comes first, by volume, folder and entry. */
int ex_catalogue_place_order(
    const struct ex_catalogue_place *a, const struct ex_catalogue_place *b);

#endif
