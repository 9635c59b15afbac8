/*
 * kit.h -- a field kit: a house without a database.
 *
 * `exhibit field pack` fills it with the facts that acts at a scene are
 * judged by (DIR/field.facts), the newest checkpoint and people's
 * certificates.  What is signed there stays in DIR/pending, each act on top
 * of those before it, until `exhibit field sync` brings it home.  A kit has
 * been out of the house: what is read here is checked, and what it says is
 * believed by nobody but who carries it.
 */
#ifndef CASES_KIT_H
#define CASES_KIT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "custody/facts.h"

struct ex_house;
struct ex_kit;
struct ex_world;

/* In a kit's folder. */
#define EX_KIT_FACTS "field.facts"

/* 1 when the house at dir is one. */
int ex_kit_is(const char *dir);

/* house is borrowed, and outlives it.  Reads nothing yet. */
int
ex_kit_open(struct ex_kit **out, struct ex_house *house, struct ex_err *err);
void ex_kit_close(struct ex_kit *kit);

/*
 * The facts that were packed and what the acts in DIR/pending made of them;
 * borrowed until the next call.  EX_DAMAGED, EX_FORMAT: the kit is not as it
 * was packed, or an act in it cannot stand.
 */
int ex_kit_view(struct ex_kit *kit, struct ex_view *out, struct ex_err *err);

/* An act was signed: what is known is read anew. */
void ex_kit_forget(struct ex_kit *kit);

/*
 * A fact of kits alone: {"serial"} of an item, as it was announced, which the
 * log has only as an opening.
 */
#define EX_KIT_SERIAL "serial"

/* The serial number that an item was announced with; out empty: none. */
int ex_kit_serial(struct ex_buf *out, struct ex_house *house, const char *item,
    struct ex_err *err);

/* How often an imaging was gone on with in this kit. */
int ex_kit_resumes(unsigned *n, struct ex_house *house, const char *acquisition,
    struct ex_err *err);

/*
 * DIR/field.facts (docs/formats.md): begin, a line for each fact, end.  value
 * is the fact's JSON text.
 */
int ex_kit_begin(struct ex_buf *out, struct ex_err *err);
int ex_kit_add(struct ex_buf *out, const char *kind, const char *id,
    const char *case_number, struct ex_span value, struct ex_err *err);
int ex_kit_end(struct ex_buf *out, struct ex_err *err);

/* The other way, into a world.  EX_FORMAT, EX_DAMAGED, EX_LIMIT. */
int ex_kit_read(
    struct ex_world *into, const void *bytes, size_t n, struct ex_err *err);

#endif
