/*
 * tiles.h -- a log as files that any web server hands out: C2SP tlog-tiles,
 * what `exhibit log export` writes.
 *
 *   checkpoint             the signed checkpoint, with cosignatures
 *   tile/L/N[.p/W]         hashes: 256 a tile, W in one that is not full
 *   tile/entries/N[.p/W]   entries, each behind its length in two bytes
 *
 * Hashes and checkpoint are for everybody, entries for a monitor alone.  What
 * is read here is a claim of whoever made the files.
 */
#ifndef CUSTODY_TILES_H
#define CUSTODY_TILES_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "custody/admit.h"
#include "custody/bundle.h"
#include "custody/world.h"
#include "hashing/tree.h"
#include "signing/note.h"

enum {
	EX_TILE = 256,	    /* hashes or entries of a full tile */
	EX_TILE_LEVELS = 8, /* levels of the tree that one tile spans */
	EX_TILE_NAME = 96   /* bytes of "tile/entries/x001/x234/067.p/200" */
};

/* Hashes or entries of tile n in a row of so many; n * EX_TILE < nodes. */
unsigned ex_tile_width(uint64_t nodes, uint64_t n);

/* "tile/LEVEL/N" as C2SP writes it, N in threes; ".p/W" if it is not full. */
void ex_tile_name(
    char out[EX_TILE_NAME], const char *level, uint64_t n, unsigned width);

/* Tiles of hashes of a tree of this size; starts as { dir, size }. */
struct ex_tiles {
	const char *dir;
	uint64_t size;
	struct {
		int held;
		uint64_t n;
		uint8_t hash[EX_TILE][EX_HASH];
	} row[64 / EX_TILE_LEVELS];
};

/*
 * A perfect subtree out of the tiles, an ex_tree_fetch() with a struct
 * ex_tiles * as arg.  EX_ABSENT: there is no such tile; EX_DAMAGED: it has
 * another length.
 */
int ex_tiles_fetch(void *tiles, unsigned level, uint64_t index,
    uint8_t hash[EX_HASH], struct ex_err *err);

/* Somebody who looks at every entry of a log. */
typedef int ex_tiles_each(void *arg, const struct ex_admission *a,
    uint64_t index, struct ex_err *err);
struct ex_tiles_watch {
	const char *dir;
	const struct ex_checkpoint *old; /* cosigned before; size 0: none */
	const struct ex_checkpoint *now;
	ex_tiles_each *each; /* may be NULL: each entry once admitted */
	void *arg;
	struct ex_world *world; /* what it all came to; the caller's */
};

/*
 * Admit all entries from the first on as the sequencer must have done: each
 * (stream, seq) once, each prev the one head, each heads entry what is
 * computed here, both roots.  EX_ABSENT: they are not those of now; EX_DAMAGED
 * says which entry does not stand.
 */
int ex_tiles_examine(struct ex_tiles_watch *w, struct ex_err *err);

/* 1 if path is such a folder, and no bundle. */
int ex_tiles_is(const char *path);

/*
 * Check everything about them, as ex_bundle_check() does: every tile, the
 * root, whose checkpoint it is, and every entry where they are there.
 */
int ex_tiles_check(struct ex_bundle_result *out, const char *path,
    const struct ex_trust *trust, struct ex_err *err);

/* Keep in r, of the tiles at path, that its tree continues that of old. */
int ex_tiles_prefix(struct ex_bundle_result *r, const char *path, uint64_t old,
    struct ex_err *err);

#endif
