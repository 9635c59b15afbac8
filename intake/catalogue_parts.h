/*
 * catalogue_parts.h -- writing and reading a frame field by field, for
 * catalogue_proto.c and catalogue_file.c.
 *
 * The first failure stays: nothing is written or read behind it, and
 * ex_putter_end() and ex_getter_end() tell it.
 */
#ifndef INTAKE_CATALOGUE_PARTS_H
#define INTAKE_CATALOGUE_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "intake/catalogue_proto.h"
#include "intake/reader_proto.h"

enum {
	EX_CATALOGUE_RUN = 8 + 8 + 1 /* bytes of a run in a frame */
};

struct ex_putter {
	struct ex_buf *out;
	struct ex_err *err;
	enum ex_catalogue_kind kind;
	size_t start;
	int failed;
};

void ex_putter_begin(struct ex_putter *w, struct ex_buf *out,
    enum ex_catalogue_kind kind, struct ex_err *err);
void ex_put8(struct ex_putter *w, uint8_t v);
void ex_put16(struct ex_putter *w, uint16_t v);
void ex_put32(struct ex_putter *w, uint32_t v);
void ex_put64(struct ex_putter *w, uint64_t v);
void ex_put_bytes(struct ex_putter *w, const void *p, size_t n);
/* Two bytes of length before it. */
void ex_put_text(struct ex_putter *w, const void *p, size_t n);
void ex_put_place(struct ex_putter *w, const struct ex_catalogue_place *p);
int ex_putter_end(struct ex_putter *w);

struct ex_getter {
	struct ex_reader r;
	struct ex_err *err;
	int failed;
};

void ex_getter_begin(
    struct ex_getter *g, const uint8_t *p, size_t n, struct ex_err *err);
uint8_t ex_get8(struct ex_getter *g);
uint16_t ex_get16(struct ex_getter *g);
uint32_t ex_get32(struct ex_getter *g);
uint64_t ex_get64(struct ex_getter *g);
void ex_get_bytes(struct ex_getter *g, void *out, size_t n);
/* v, when it is below end; else what is why it is refused. */
uint32_t
ex_get_below(struct ex_getter *g, uint32_t v, uint32_t end, const char *what);
/* A text of at most max bytes, none of them NUL; borrowed. */
struct ex_span ex_get_span(struct ex_getter *g, size_t max);
/* A text as it is shown; always ended. */
void ex_get_shown(struct ex_getter *g, char *out, size_t size);
void ex_get_place(struct ex_getter *g, struct ex_catalogue_place *p);
void ex_get_refuse(struct ex_getter *g, const char *why);
int ex_getter_end(struct ex_getter *g);

#endif
