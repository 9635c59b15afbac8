/*
 * logexport.c -- the log as files: C2SP tlog-tiles.
 *
 * DIR/checkpoint, DIR/tile/L/N[.p/W] with the hashes, and on request
 * DIR/tile/entries/N[.p/W] with the entries, each behind its length in two
 * bytes.  A stranger rebuilds the tree from these with public tools.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cases/house.h"
#include "cases/logview.h"
#include "db/store.h"

enum {
	TILE = 256, /* hashes or entries of a full tile */
	HEIGHT = 8, /* levels of the tree that one tile spans */
	NAME = 96   /* bytes of "tile/entries/x001/x234/067.p/200" */
};

struct exporting {
	const char *dir;
	struct ex_conn *conn;
	struct ex_checkpoint p;
	uint64_t tiles, entries;
	struct ex_buf bundle; /* entries of a tile in the making */
};

/* "L/N" as tlog-tiles writes it: x001/x234/067, and .p/W for a part. */
static void
tile_name(char out[NAME], const char *level, uint64_t n, unsigned width)
{
	char part[48] = "";
	int used = snprintf(out, NAME, "tile/%s/", level);

	if (width < TILE)
		(void)snprintf(part, sizeof(part), ".p/%u", width);
	for (uint64_t step = UINT64_C(1000000000000000); step > 1;
	     step /= 1000) {
		if (n >= step)
			used += snprintf(out + used, NAME - (size_t)used,
			    "x%03" PRIu64 "/", n / step % 1000);
	}
	(void)snprintf(
	    out + used, NAME - (size_t)used, "%03" PRIu64 "%s", n % 1000, part);
}

static int
put(const struct exporting *x, const char *name, const void *data, size_t n,
    struct ex_err *err)
{
	char path[EX_PATH];
	char *slash;

	if (ex_path_join(path, sizeof(path), x->dir, name, err) == -1)
		return -1;
	slash = strrchr(path, '/');
	*slash = '\0';
	if (ex_dir_make(path, 0755, err) == -1)
		return -1;
	*slash = '/';
	return ex_file_create(path, data, n, 0644, err);
}

/* One tile of hashes: level counts tiles, not levels of the tree. */
static int
put_tile(struct exporting *x, unsigned level, uint64_t n, unsigned width,
    struct ex_err *err)
{
	uint8_t hash[TILE][EX_HASH];
	char name[NAME], text[8];

	for (unsigned i = 0; i < width; i++) {
		if (ex_store_node(x->conn, level * HEIGHT, n * TILE + i,
			hash[i], err) == -1)
			return -1;
	}
	(void)snprintf(text, sizeof(text), "%u", level);
	tile_name(name, text, n, width);
	x->tiles++;
	return put(x, name, hash, width * (size_t)EX_HASH, err);
}

static int
put_tiles(struct exporting *x, struct ex_err *err)
{
	for (unsigned level = 0; level * HEIGHT < EX_TREE_LEVELS; level++) {
		uint64_t nodes = x->p.size >> (level * HEIGHT);

		for (uint64_t n = 0; n * TILE < nodes; n++) {
			uint64_t left = nodes - n * TILE;

			if (put_tile(x, level, n,
				left < TILE ? (unsigned)left : TILE, err) == -1)
				return -1;
		}
	}
	return 0;
}

static int
put_bundle(struct exporting *x, struct ex_err *err)
{
	uint64_t n = (x->entries - 1) / TILE;
	char name[NAME];

	tile_name(name, "entries", n, (unsigned)(x->entries - n * TILE));
	if (put(x, name, x->bundle.data, x->bundle.len, err) == -1)
		return -1;
	ex_buf_cut(&x->bundle, 0);
	return 0;
}

static int
add_entry(void *arg, const struct ex_entry_row *row, struct ex_err *err)
{
	struct exporting *x = arg;

	if (row->index >= x->p.size)
		return 0;
	if (row->index != x->entries)
		return ex_fail(err, EX_DAMAGED,
		    "entry %" PRIu64 " is missing: see exhibit log verify",
		    x->entries);
	if (row->entry.n > UINT16_MAX)
		return ex_fail(
		    err, EX_LIMIT, "entry %" PRIu64 " is too long", row->index);
	x->entries++;
	if (ex_buf_add_u16(&x->bundle, (uint16_t)row->entry.n, err) == -1 ||
	    ex_buf_add(&x->bundle, row->entry.p, row->entry.n, err) == -1)
		return -1;
	if (x->entries % TILE != 0)
		return 0;
	return put_bundle(x, err);
}

/* The nodes are a claim: their root must be what was signed. */
static int
check_nodes(struct exporting *x, struct ex_err *err)
{
	struct ex_tree_edge edge;
	uint8_t root[EX_HASH];

	memset(&edge, 0, sizeof(edge));
	if (ex_tree_edge_load(&edge, x->p.size, ex_store_node, x->conn, err) ==
	    -1)
		return -1;
	ex_tree_edge_root(root, &edge);
	if (memcmp(root, x->p.root, EX_HASH) == 0)
		return 0;
	return ex_fail(err, EX_DAMAGED,
	    "the stored tree has another root than the signed checkpoint: see "
	    "exhibit log verify");
}

static int
no_name(void *arg, const char *name, struct ex_err *err)
{
	return ex_fail(err, EX_EXISTS, "%s: is not empty (%.80s)",
	    (const char *)arg, name);
}

static int
check_empty(const char *dir, struct ex_err *err)
{
	union {
		const char *in;
		void *out;
	} arg = { dir };

	if (!ex_file_exists(dir))
		return 0;
	return ex_dir_each(dir, no_name, arg.out, err);
}

static int
export_all(struct exporting *x, const struct ex_buf *note, int entries,
    struct ex_err *err)
{
	if (check_nodes(x, err) == -1 || ex_dir_make(x->dir, 0755, err) == -1 ||
	    put_tiles(x, err) == -1)
		return -1;
	if (entries && (ex_store_entries(x->conn, 0, add_entry, x, err) == -1 ||
			   (x->bundle.len > 0 && put_bundle(x, err) == -1)))
		return -1;
	return put(x, "checkpoint", note->data, note->len, err);
}

int
ex_log_export(struct ex_json **out, struct ex_house *house, const char *dir,
    int entries, struct ex_err *err)
{
	struct exporting x = { .dir = dir };
	struct ex_json *v = ex_json_object();
	struct ex_buf note = EX_BUF_INIT;
	int rc = -1;

	*out = NULL;
	if (check_empty(dir, err) == -1 ||
	    ex_house_service(house, &x.conn, err) == -1 ||
	    ex_house_seen(house, &x.p, &note, err) == -1 ||
	    export_all(&x, &note, entries, err) == -1 ||
	    ex_json_set_text(v, "path", dir, err) == -1 ||
	    ex_json_set_int(v, "size", (int64_t)x.p.size, err) == -1 ||
	    ex_json_set_int(v, "tiles", (int64_t)x.tiles, err) == -1 ||
	    ex_json_set_int(v, "entries", (int64_t)x.entries, err) == -1)
		goto out;
	*out = ex_json_ref(v);
	rc = 0;
out:
	ex_buf_free(&x.bundle);
	ex_buf_free(&note);
	ex_json_free(v);
	return rc;
}
