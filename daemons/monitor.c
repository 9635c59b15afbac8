/*
 * monitor.c -- every entry of a log, looked at by somebody else.
 */
#include "daemons/monitor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "custody/admit.h"
#include "custody/log.h"
#include "custody/world.h"

enum {
	TILE = 256,				/* entries of a tile */
	TILE_BYTES = TILE * (EX_ENTRY_MAX + 2), /* with their lengths */
	NAME = 96
};

/* What a heads entry says that somebody has still to look at. */
struct claim {
	uint64_t size, count;
	uint8_t root[EX_HASH];
};

struct examining {
	const char *tiles;
	const struct ex_checkpoint *old, *now;
	struct ex_world *world;
	struct ex_tree_edge edge;
	struct claim *mine; /* what was computed where somebody asked */
	size_t n, cap;
	int second; /* the pass that admits */
};

/* tile/entries/N[.p/W] as tlog-tiles writes it. */
static void
tile_name(char out[NAME], uint64_t n, uint64_t width)
{
	char part[32] = "";
	int used = snprintf(out, NAME, "tile/entries/");

	if (width < TILE)
		(void)snprintf(part, sizeof(part), ".p/%" PRIu64, width);
	for (uint64_t step = UINT64_C(1000000000000000); step > 1;
	     step /= 1000) {
		if (n >= step)
			used += snprintf(out + used, NAME - (size_t)used,
			    "x%03" PRIu64 "/", n / step % 1000);
	}
	(void)snprintf(
	    out + used, NAME - (size_t)used, "%03" PRIu64 "%s", n % 1000, part);
}

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
	if (x->edge.size != x->old->size || x->old->size == 0)
		return 0;
	ex_tree_edge_root(root, &x->edge);
	return memcmp(root, x->old->root, EX_HASH) == 0
		   ? 0
		   : ex_fail(err, EX_DAMAGED,
			 "another history than the one cosigned before");
}

/* Second pass: the gate that the sequencer must have used. */
static int
admit(struct examining *x, struct ex_span entry, struct ex_err *err)
{
	struct ex_admit_options options = { .skip_seen = 1 };
	struct ex_admission *a = calloc(1, sizeof(*a));
	int rc = -1;

	if (a == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (at_size(x, err) == 0 &&
	    ex_admit(a, entry.p, entry.n, ex_world_view(x->world), &options,
		err) == 0 &&
	    check_heads(x, &a->event, err) == 0 &&
	    ex_world_apply(x->world, a, x->edge.size, err) == 0)
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
	char name[NAME], path[EX_PATH];
	int rc = 0;

	for (uint64_t first = 0; rc == 0 && first < x->now->size;
	     first += TILE) {
		uint64_t left = x->now->size - first;
		uint64_t width = left < TILE ? left : TILE;
		struct ex_buf tile = EX_BUF_INIT;

		tile_name(name, first / TILE, width);
		if (ex_path_join(path, EX_PATH, x->tiles, name, err) == -1 ||
		    ex_file_read(&tile, path, TILE_BYTES, err) == -1)
			rc = -1;
		else
			rc = read_tile(x, &tile, first, width, err);
		ex_buf_free(&tile);
	}
	return rc;
}

int
ex_monitor_examine(void *tiles, const struct ex_checkpoint *old,
    const struct ex_checkpoint *now, struct ex_err *err)
{
	struct examining x = { .tiles = tiles, .old = old, .now = now };
	uint8_t root[EX_HASH];
	int rc = -1;

	if (ex_world_new(&x.world, 0, err) == -1 || pass(&x, err) == -1)
		goto out;
	x.second = 1;
	if (pass(&x, err) == -1 || at_size(&x, err) == -1)
		goto out;
	ex_tree_edge_root(root, &x.edge);
	rc = memcmp(root, now->root, EX_HASH) == 0
		 ? 0
		 : ex_fail(err, EX_DAMAGED,
		       "the entries give another root than the checkpoint");
out:
	ex_world_free(x.world);
	free(x.mine);
	return rc;
}

/* What it knows: its size stands in the answer to a body from nothing. */
static int
ask(struct ex_answer *out, const struct ex_witness *w, uint64_t old,
    const struct ex_buf *note, uint64_t now, struct ex_err *err)
{
	struct ex_tree_proof none = { 0 };
	struct ex_buf body = EX_BUF_INIT;
	struct ex_span span;
	int rc = -1;

	if (ex_tlog_consistency_write(
		&body, old, &none, note->data, note->len, err) == 0) {
		span.p = body.data;
		span.n = body.len;
		rc = ex_witness_add(out, w, span, now, err);
	}
	ex_buf_free(&body);
	return rc;
}

int
ex_monitor_check(struct ex_answer *out, const struct ex_witness *w,
    const char *tiles, uint64_t now, struct ex_err *err)
{
	struct ex_buf note = EX_BUF_INIT, held = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct ex_checkpoint c = { .size = 0 };
	struct ex_note parsed;
	char path[EX_PATH];
	int rc = -1;

	if (ex_path_join(path, EX_PATH, tiles, "checkpoint", err) == -1 ||
	    ex_file_read(&note, path, EX_NOTE_MAX, err) == -1 ||
	    ex_note_parse(&parsed, note.data, note.len, err) == -1 ||
	    ex_checkpoint_read(&c, parsed.text, err) == -1)
		goto out;
	/* What it cannot read it will say itself. */
	if (w->store.load(w->store.arg, &held, c.origin, &why) == 0 &&
	    ex_note_parse(&parsed, held.data, held.len, NULL) == 0)
		(void)ex_checkpoint_read(&c, parsed.text, NULL);
	else
		c.size = 0;
	rc = ask(out, w, c.size, &note, now, err);
out:
	ex_buf_free(&note);
	ex_buf_free(&held);
	return rc;
}
