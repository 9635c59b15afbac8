/*
 * tiles_entries.c -- every entry of a log, looked at by somebody else.
 */
#include "custody/tiles.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "custody/log.h"
#include "signing/cms.h"

enum {
	TILE_BYTES = EX_TILE * (EX_ENTRY_MAX + 2) /* with their lengths */
};

/* What a heads entry says that somebody has still to look at. */
struct claim {
	uint64_t size, count;
	uint8_t root[EX_HASH];
};

struct examining {
	const struct ex_tiles_watch *watch;
	struct ex_world *world;
	struct ex_tree_edge edge;
	struct claim *mine; /* what was computed where somebody asked */
	size_t n, cap;
	int second; /* the pass that admits */
};

/* A size that a heads entry speaks for: its heads are computed there. */
static int
want(struct examining *x, uint64_t size, struct ex_err *err)
{
	if (x->n > 0 && x->mine[x->n - 1].size == size)
		return 0;
	if (x->n == x->cap) {
		size_t cap = x->cap == 0 ? 16 : 2 * x->cap;
		struct claim *p = realloc(x->mine, cap * sizeof(*p));

		if (p == NULL)
			return ex_fail(err, EX_SYSTEM, "out of memory");
		x->mine = p;
		x->cap = cap;
	}
	memset(&x->mine[x->n], 0, sizeof(x->mine[0]));
	x->mine[x->n++].size = size;
	return 0;
}

static struct claim *
wanted(const struct examining *x, uint64_t size)
{
	for (size_t i = 0; i < x->n; i++) {
		if (x->mine[i].size == size)
			return &x->mine[i];
	}
	return NULL;
}

/* First pass: which sizes do heads entries speak for? */
static int
note_heads(struct examining *x, struct ex_span entry, struct ex_err *err)
{
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	struct ex_event e;
	int64_t size;
	int rc = 0;

	if (cms == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	memset(&e, 0, sizeof(e));
	if (ex_cms_parse(cms, entry.p, entry.n, err) == -1 ||
	    ex_event_parse(&e, cms->body.p, cms->body.n, err) == -1)
		rc = -1;
	else if (e.act == EX_ACT_HEADS &&
		 (size = ex_json_get_int(e.fields, "size", -1)) >= 0)
		rc = want(x, (uint64_t)size, err);
	ex_event_free(&e);
	free(cms);
	return rc;
}

/* A heads entry says what was computed at its size. */
static int
check_heads(
    const struct examining *x, const struct ex_event *e, struct ex_err *err)
{
	const struct claim *c;
	uint8_t root[EX_HASH];
	int64_t size, count;

	if (e->act != EX_ACT_HEADS)
		return 0;
	if (ex_json_need_int(&size, e->fields, "size", err) == -1 ||
	    ex_json_need_int(&count, e->fields, "count", err) == -1 ||
	    ex_json_need_hex(root, EX_HASH, e->fields, "root", err) == -1)
		return -1;
	c = wanted(x, (uint64_t)size);
	if ((uint64_t)size > x->edge.size || c == NULL ||
	    c->count != (uint64_t)count || memcmp(c->root, root, EX_HASH) != 0)
		return ex_fail(
		    err, EX_DAMAGED, "its heads are not those of the streams");
	return 0;
}

/* What must hold before the entry with this index comes. */
static int
at_size(struct examining *x, struct ex_err *err)
{
	struct claim *c = wanted(x, x->edge.size);
	uint8_t root[EX_HASH];

	if (c != NULL &&
	    ex_world_heads(c->root, &c->count, x->world, err) == -1)
		return -1;
	if (x->edge.size != x->watch->old->size || x->watch->old->size == 0)
		return 0;
	ex_tree_edge_root(root, &x->edge);
	return memcmp(root, x->watch->old->root, EX_HASH) == 0
		   ? 0
		   : ex_fail(err, EX_DAMAGED,
			 "another history than the one cosigned before");
}

/* Second pass: the gate that the sequencer must have used. */
static int
admit(struct examining *x, struct ex_span entry, struct ex_err *err)
{
	const struct ex_tiles_watch *w = x->watch;
	struct ex_admit_options options = { .skip_seen = 1 };
	struct ex_admission *a = calloc(1, sizeof(*a));
	int rc = -1;

	if (a == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (at_size(x, err) == 0 &&
	    ex_admit(a, entry.p, entry.n, ex_world_view(x->world), &options,
		err) == 0 &&
	    check_heads(x, &a->event, err) == 0 &&
	    ex_world_apply(x->world, a, x->edge.size, err) == 0 &&
	    (w->each == NULL || w->each(w->arg, a, x->edge.size, err) == 0))
		rc = ex_tree_append(&x->edge, a->leaf, NULL, NULL, err);
	ex_admission_free(a);
	free(a);
	return rc;
}

/* Each entry of a tile behind its length. */
static int
read_tile(struct examining *x, const struct ex_buf *tile, uint64_t first,
    uint64_t width, struct ex_err *err)
{
	struct ex_reader r;
	struct ex_span entry;
	uint16_t n;

	ex_reader_init(&r, tile->data, tile->len);
	for (uint64_t i = 0; i < width; i++) {
		struct ex_err why = EX_ERR_INIT;

		if (ex_read_u16(&r, &n, &why) == 0 &&
		    ex_read_span(&r, n, &entry, &why) == 0 &&
		    (x->second ? admit(x, entry, &why)
			       : note_heads(x, entry, &why)) == 0)
			continue;
		return ex_fail(err,
		    why.code == EX_SYSTEM ? EX_SYSTEM : EX_DAMAGED,
		    "entry %" PRIu64 ": %s", first + i, why.text);
	}
	return r.left == 0
		   ? 0
		   : ex_fail(err, EX_DAMAGED, "bytes behind entry %" PRIu64,
			 first + width - 1);
}

static int
pass(struct examining *x, struct ex_err *err)
{
	uint64_t size = x->watch->now->size;
	char name[EX_TILE_NAME], path[EX_PATH];
	int rc = 0;

	for (uint64_t n = 0; rc == 0 && n * EX_TILE < size; n++) {
		unsigned width = ex_tile_width(size, n);
		struct ex_buf tile = EX_BUF_INIT;

		ex_tile_name(name, "entries", n, width);
		if (ex_path_join(path, EX_PATH, x->watch->dir, name, err) ==
			-1 ||
		    ex_file_read(&tile, path, TILE_BYTES, err) == -1)
			rc = -1;
		else
			rc = read_tile(x, &tile, n * EX_TILE, width, err);
		ex_buf_free(&tile);
	}
	return rc;
}

int
ex_tiles_examine(struct ex_tiles_watch *w, struct ex_err *err)
{
	struct examining x = { .watch = w };
	uint8_t root[EX_HASH];
	int rc = -1;

	w->world = NULL;
	if (ex_world_new(&w->world, 0, err) == -1)
		return -1;
	x.world = w->world;
	if (pass(&x, err) == -1)
		goto out;
	x.second = 1;
	if (pass(&x, err) == -1 || at_size(&x, err) == -1)
		goto out;
	ex_tree_edge_root(root, &x.edge);
	rc = memcmp(root, w->now->root, EX_HASH) == 0
		 ? 0
		 : ex_fail(err, EX_DAMAGED,
		       "the entries give another root than the checkpoint");
out:
	free(x.mine);
	return rc;
}
