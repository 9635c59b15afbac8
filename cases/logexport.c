/*
 * logexport.c -- the log as files: C2SP tlog-tiles, custody/tiles.h.
 *
 * A folder that was written before is continued: tiles are written once, the
 * checkpoint is replaced at the end, so that a web server may hand the folder
 * out all the while.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "cases/anchor.h"
#include "cases/house.h"
#include "cases/logview.h"
#include "custody/tiles.h"
#include "db/store.h"

enum {
	TILE_BYTES = EX_TILE * (EX_ENTRY_MAX + 2) /* entries, with lengths */
};

struct exporting {
	const char *dir;
	struct ex_conn *conn;
	struct ex_checkpoint before, p; /* what the folder held, and ours */
	uint64_t tiles, entries;
	struct ex_buf bundle; /* entries of a tile in the making */
};

/* A tile that is there is the same for ever; another one is damage. */
static int
put(struct exporting *x, const char *name, const void *data, size_t n,
    struct ex_err *err)
{
	struct ex_buf there = EX_BUF_INIT;
	char path[EX_PATH];
	int same;

	if (ex_path_join(path, sizeof(path), x->dir, name, err) == -1)
		return -1;
	if (ex_file_exists(path)) {
		if (ex_file_read(&there, path, TILE_BYTES, err) == -1)
			return -1;
		same = there.len == n && memcmp(there.data, data, n) == 0;
		ex_buf_free(&there);
		return same ? 0
			    : ex_fail(err, EX_DAMAGED,
				  "%s is another tile than this log's", path);
	}
	*strrchr(path, '/') = '\0';
	if (ex_dir_make(path, 0755, err) == -1)
		return -1;
	path[strlen(path)] = '/';
	x->tiles++;
	return ex_file_create(path, data, n, 0644, err);
}

/* One tile of hashes: level counts tiles, not levels of the tree. */
static int
put_tile(struct exporting *x, unsigned level, uint64_t n, unsigned width,
    struct ex_err *err)
{
	uint8_t hash[EX_TILE][EX_HASH];
	char name[EX_TILE_NAME], text[12];

	for (unsigned i = 0; i < width; i++) {
		if (ex_store_node(x->conn, level * EX_TILE_LEVELS,
			n * EX_TILE + i, hash[i], err) == -1)
			return -1;
	}
	(void)snprintf(text, sizeof(text), "%u", level);
	ex_tile_name(name, text, n, width);
	return put(x, name, hash, width * (size_t)EX_HASH, err);
}

/* From the first tile that was not full before. */
static int
put_tiles(struct exporting *x, struct ex_err *err)
{
	for (unsigned level = 0; level * EX_TILE_LEVELS < EX_TREE_LEVELS;
	     level++) {
		unsigned up = level * EX_TILE_LEVELS;
		uint64_t nodes = x->p.size >> up;
		uint64_t n = (x->before.size >> up) / EX_TILE;

		for (; n * EX_TILE < nodes; n++) {
			if (put_tile(x, level, n, ex_tile_width(nodes, n),
				err) == -1)
				return -1;
		}
	}
	return 0;
}

static int
put_bundle(struct exporting *x, struct ex_err *err)
{
	uint64_t n = (x->entries - 1) / EX_TILE;
	char name[EX_TILE_NAME];

	ex_tile_name(name, "entries", n, (unsigned)(x->entries - n * EX_TILE));
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
	if (x->entries % EX_TILE != 0)
		return 0;
	return put_bundle(x, err);
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

/* Entries are confidential: only who is enrolled as a monitor gets them. */
static int
check_monitor(struct ex_house *house, struct ex_err *err)
{
	struct ex_outsiders o;

	if (ex_house_outsiders(&o, house, err) == -1)
		return -1;
	for (size_t i = 0; i < o.nwitnesses; i++) {
		if (o.witness[i].monitor)
			return 0;
	}
	return ex_fail(err, EX_DENIED,
	    "entries are for a monitor, and the policy in force names none: "
	    "exhibit policy set");
}

/*
 * What the folder holds already: a checkpoint of this log that ours
 * continues, or nothing at all.
 */
static int
look_before(struct exporting *x, const struct ex_vkey *log, struct ex_err *err)
{
	struct ex_buf note = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	uint8_t root[EX_HASH];
	char path[EX_PATH];
	int rc = -1;

	if (ex_path_join(path, sizeof(path), x->dir, "checkpoint", err) == -1)
		return -1;
	if (!ex_file_exists(path))
		return check_empty(x->dir, err);
	if (ex_file_read(&note, path, EX_NOTE_MAX, &why) == -1 ||
	    ex_checkpoint_check(&x->before, note.data, note.len, log, &why) ==
		-1)
		(void)ex_fail(err, why.code, "%s: %s", path, why.text);
	else if (x->before.size > x->p.size)
		(void)ex_fail(err, EX_DAMAGED,
		    "%s is of a larger tree than this log's", path);
	else if (x->before.size == 0)
		rc = 0;
	else if (ex_tree_root_at(root, x->before.size, x->p.size, x->p.root,
		     ex_store_node, x->conn, err) == 0)
		rc = memcmp(root, x->before.root, EX_HASH) == 0
			 ? 0
			 : ex_fail(err, EX_DAMAGED, "%s is of another history",
			       path);
	ex_buf_free(&note);
	return rc;
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

/* With what witnesses have said of it by now. */
static int
put_checkpoint(struct exporting *x, struct ex_house *house, struct ex_buf *note,
    struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_log_add_cosignatures(
		note, NULL, house, x->conn, x->p.size, err) == -1 ||
	    ex_path_join(path, sizeof(path), x->dir, "checkpoint", err) == -1)
		return -1;
	return ex_file_write(path, note->data, note->len, 0644, err);
}

/* The entries of the last tile that was not full, and all that follow. */
static int
put_entries(struct exporting *x, struct ex_err *err)
{
	char path[EX_PATH];

	if (ex_path_join(path, sizeof(path), x->dir, "tile/entries", err) == -1)
		return -1;
	if (ex_file_exists(path))
		x->entries = x->before.size / EX_TILE * EX_TILE;
	if (ex_store_entries(x->conn, x->entries, add_entry, x, err) == -1)
		return -1;
	return x->bundle.len > 0 ? put_bundle(x, err) : 0;
}

static int
export_all(struct exporting *x, struct ex_house *house, struct ex_buf *note,
    int entries, struct ex_err *err)
{
	if (look_before(x, ex_house_log_key(house), err) == -1 ||
	    check_nodes(x, err) == -1 || ex_dir_make(x->dir, 0755, err) == -1 ||
	    put_tiles(x, err) == -1 || (entries && put_entries(x, err) == -1))
		return -1;
	return put_checkpoint(x, house, note, err);
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
	if ((entries && check_monitor(house, err) == -1) ||
	    ex_house_service(house, &x.conn, err) == -1 ||
	    ex_house_seen(house, &x.p, &note, err) == -1 ||
	    export_all(&x, house, &note, entries, err) == -1 ||
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
