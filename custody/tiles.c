/*
 * tiles.c -- tiles of hashes: names, and reading them.
 */
#include "custody/tiles.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "custody/bundle_checking.h"

unsigned
ex_tile_width(uint64_t nodes, uint64_t n)
{
	uint64_t left = nodes - n * EX_TILE;

	return left < EX_TILE ? (unsigned)left : EX_TILE;
}

void
ex_tile_name(
    char out[EX_TILE_NAME], const char *level, uint64_t n, unsigned width)
{
	char part[48] = "";
	int used = snprintf(out, EX_TILE_NAME, "tile/%s/", level);

	if (width < EX_TILE)
		(void)snprintf(part, sizeof(part), ".p/%u", width);
	for (uint64_t step = UINT64_C(1000000000000000); step > 1;
	     step /= 1000) {
		if (n >= step)
			used +=
			    snprintf(out + used, EX_TILE_NAME - (size_t)used,
				"x%03" PRIu64 "/", n / step % 1000);
	}
	(void)snprintf(out + used, EX_TILE_NAME - (size_t)used,
	    "%03" PRIu64 "%s", n % 1000, part);
}

/* Tile n of a row, into memory unless it is there. */
static int
load(struct ex_tiles *t, unsigned row, uint64_t n, struct ex_err *err)
{
	unsigned width = ex_tile_width(t->size >> (row * EX_TILE_LEVELS), n);
	char level[12], name[EX_TILE_NAME], path[EX_PATH];
	struct ex_buf bytes = EX_BUF_INIT;
	int rc = -1;

	if (t->row[row].held && t->row[row].n == n)
		return 0;
	t->row[row].held = 0;
	(void)snprintf(level, sizeof(level), "%u", row);
	ex_tile_name(name, level, n, width);
	if (ex_path_join(path, sizeof(path), t->dir, name, err) == -1 ||
	    ex_file_read(&bytes, path, sizeof(t->row[row].hash), err) == -1)
		goto out;
	if (bytes.len != width * (size_t)EX_HASH) {
		(void)ex_fail(err, EX_DAMAGED, "%s: %zu bytes for %u hashes",
		    name, bytes.len, width);
		goto out;
	}
	memcpy(t->row[row].hash, bytes.data, bytes.len);
	t->row[row].n = n;
	t->row[row].held = 1;
	rc = 0;
out:
	ex_buf_free(&bytes);
	return rc;
}

int
ex_tiles_fetch(void *tiles, unsigned level, uint64_t index,
    uint8_t hash[EX_HASH], struct ex_err *err)
{
	struct ex_tiles *t = tiles;
	unsigned row = level / EX_TILE_LEVELS, up = level % EX_TILE_LEVELS;
	uint64_t first;

	if (level > 63 || index >= t->size >> level)
		return ex_fail(err, EX_ABSENT,
		    "the tree of %" PRIu64 " entries has no node %u/%" PRIu64,
		    t->size, level, index);
	first = index << up;
	if (load(t, row, first / EX_TILE, err) == -1)
		return -1;
	ex_tree_root(hash,
	    (const uint8_t(*)[EX_HASH]) & t->row[row].hash[first % EX_TILE],
	    (size_t)1 << up);
	return 0;
}

int
ex_tiles_is(const char *path)
{
	static const char *const name[] = { "checkpoint", "tile",
		EX_BUNDLE_MANIFEST };
	int is[3] = { 0 };

	for (size_t i = 0; i < 3; i++) {
		char at[EX_PATH];

		if (ex_path_join(at, sizeof(at), path, name[i], NULL) == 0)
			is[i] = ex_file_exists(at);
	}
	return is[0] && is[1] && !is[2];
}

int
ex_tiles_prefix(struct ex_bundle_result *r, const char *path, uint64_t old,
    struct ex_err *err)
{
	struct ex_tiles t = { .dir = path, .size = r->checkpoint.size };
	struct ex_tree_proof proof = { 0 };
	struct ex_err why = EX_ERR_INIT;

	if (!r->has_checkpoint || old == 0 || old >= t.size)
		return 0;
	if (ex_tree_prove_consistency(
		&proof, old, t.size, ex_tiles_fetch, &t, &why) == -1)
		return ex_bundle_fault(r, err, &why, "tiles", NULL, NULL);
	return ex_bundle_keep_prefix(r, old, &proof, err);
}
