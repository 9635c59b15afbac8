/*
 * tiles_check.c -- a folder of tiles, checked by a stranger.
 */
#include "custody/tiles.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "custody/bundle_checking.h"

#define CHECKPOINT "checkpoint"

struct checking {
	struct ex_bundle_checking c;
	struct ex_tiles tiles;
	struct ex_tree_edge edge;
	uint64_t bad[64 / EX_TILE_LEVELS]; /* tiles that were told, and one */
};

static int
read_checkpoint(struct checking *k, struct ex_err *err)
{
	struct ex_bundle_result *r = k->c.r;
	struct ex_err why = EX_ERR_INIT;
	struct ex_note note;
	char path[EX_PATH];

	if (ex_path_join(path, sizeof(path), k->tiles.dir, CHECKPOINT, err) ==
	    -1)
		return -1;
	if (ex_file_read(&k->c.note, path, EX_NOTE_MAX, &why) == -1 ||
	    ex_note_parse(&note, k->c.note.data, k->c.note.len, &why) == -1 ||
	    ex_checkpoint_read(&r->checkpoint, note.text, &why) == -1)
		return ex_bundle_fault(
		    r, err, &why, "checkpoint", CHECKPOINT, NULL);
	r->has_checkpoint = 1;
	k->tiles.size = r->checkpoint.size;
	return k->c.trust->policy == NULL
		   ? 0
		   : ex_bundle_ask_policy(&k->c, CHECKPOINT, err);
}

/* Once a tile; what lies above the leaves says the same as they. */
static int
tell(struct checking *k, unsigned level, uint64_t index, struct ex_err *why,
    struct ex_err *err)
{
	unsigned row = level / EX_TILE_LEVELS;
	uint64_t n = index / EX_TILE;
	char text[12], name[EX_TILE_NAME];

	if (k->bad[row] == n + 1) {
		ex_err_clear(why);
		return 0;
	}
	k->bad[row] = n + 1;
	(void)snprintf(text, sizeof(text), "%u", row);
	ex_tile_name(name, text, n,
	    ex_tile_width(k->tiles.size >> (row * EX_TILE_LEVELS), n));
	return ex_bundle_fault(k->c.r, err, why,
	    why->code == EX_ABSENT ? "tile-missing" : "tile-differs", name,
	    NULL);
}

/* A perfect subtree of the leaves: as a tile has it, too? */
static int
compare(void *arg, unsigned level, uint64_t index, const uint8_t hash[EX_HASH],
    struct ex_err *err)
{
	struct checking *k = arg;
	struct ex_err why = EX_ERR_INIT;
	uint8_t have[EX_HASH];

	if (level == 0 || level % EX_TILE_LEVELS != 0)
		return 0;
	if (ex_tiles_fetch(&k->tiles, level, index, have, &why) == 0 &&
	    memcmp(have, hash, EX_HASH) == 0)
		return 0;
	if (why.code == EX_OK)
		(void)ex_fail(&why, EX_DAMAGED,
		    "hash %" PRIu64 " is not that of the tiles below it",
		    index % EX_TILE);
	return tell(k, level, index, &why, err);
}

/* All leaves, up to the root that was signed. */
static int
check_hashes(struct checking *k, struct ex_err *err)
{
	struct ex_bundle_result *r = k->c.r;
	uint8_t hash[EX_HASH], root[EX_HASH];
	struct ex_err why = EX_ERR_INIT;

	for (uint64_t i = 0; i < k->tiles.size; i++) {
		if (ex_tiles_fetch(&k->tiles, 0, i, hash, &why) == -1)
			return tell(k, 0, i, &why, err);
		if (ex_tree_append(&k->edge, hash, compare, k, err) == -1)
			return -1;
	}
	ex_tree_edge_root(root, &k->edge);
	if (memcmp(root, r->checkpoint.root, EX_HASH) == 0)
		return 0;
	return ex_bundle_remark(r, err, EX_FAULT, "root-differs", CHECKPOINT,
	    NULL, "the tiles give another root than was signed");
}

/* An entry that was admitted. */
static int
take(
    void *arg, const struct ex_admission *a, uint64_t index, struct ex_err *err)
{
	struct checking *k = arg;
	struct ex_bundle_result *r = k->c.r;

	r->tile_entries++;
	r->signatures += a->cms.nsigners;
	if (a->event.act == EX_ACT_HEADS) {
		r->heads = 1;
		r->heads_size =
		    (uint64_t)ex_json_get_int(a->event.fields, "size", 0);
	}
	return ex_bundle_gather_certs(&k->c, &a->cms, (size_t)index, err);
}

/* Without a policy, the key that the log's own entries name, as a hint. */
static int
hint_key(struct checking *k, struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(k->c.world);
	struct ex_bundle_result *r = k->c.r;
	struct ex_err why = EX_ERR_INIT;
	struct ex_checkpoint ignored;
	struct ex_json *v = NULL;
	const char *text;
	int rc = 0;

	if (k->c.trust->policy != NULL)
		return 0;
	if (view->get(view->arg, "log", "log", &v, err) == -1)
		return -1;
	if (ex_json_need_text(&text, v, "vkey", &why) == 0 &&
	    ex_vkey_read(&r->log, text, &why) == 0 &&
	    ex_checkpoint_check(
		&ignored, k->c.note.data, k->c.note.len, &r->log, &why) == 0)
		r->checkpoint_known = 1;
	else
		rc = ex_bundle_fault(
		    r, err, &why, "checkpoint-signature", CHECKPOINT, NULL);
	ex_json_free(v);
	return rc;
}

static int
check_signers(struct checking *k, struct ex_err *err)
{
	if (k->c.trust->roots == NULL)
		return ex_bundle_remark(k->c.r, err, EX_NOTED, "roots", NULL,
		    NULL,
		    "no roots: nothing says who certified the signers' keys");
	return ex_bundle_check_certs(&k->c, err);
}

/* Every entry, where they are there. */
static int
check_entries(struct checking *k, struct ex_err *err)
{
	struct ex_bundle_result *r = k->c.r;
	static const struct ex_checkpoint none;
	struct ex_tiles_watch w = { .dir = k->tiles.dir,
		.old = &none,
		.now = &r->checkpoint,
		.each = take,
		.arg = k };
	struct ex_err why = EX_ERR_INIT;
	char path[EX_PATH];

	if (ex_path_join(
		path, sizeof(path), k->tiles.dir, "tile/entries", err) == -1)
		return -1;
	if (!ex_file_exists(path))
		return ex_bundle_remark(r, err, EX_NOTED, "no-entries", NULL,
		    NULL, "hashes alone: the entries were not looked at");
	if (ex_tiles_examine(&w, &why) == -1) {
		ex_world_free(w.world);
		return ex_bundle_fault(r, err, &why,
		    why.code == EX_ABSENT ? "entries-missing" : "entry-refused",
		    "tile/entries", NULL);
	}
	k->c.world = w.world;
	if (hint_key(k, err) == -1 || check_signers(k, err) == -1)
		return -1;
	return ex_bundle_say_disputes(&k->c, err);
}

static int
check(struct checking *k, struct ex_err *err)
{
	struct ex_bundle_result *r = k->c.r;

	if (read_checkpoint(k, err) == -1)
		return -1;
	if (!r->has_checkpoint)
		return 0;
	if (check_hashes(k, err) == -1 || check_entries(k, err) == -1)
		return -1;
	if (r->checkpoint_known || r->faults > 0)
		return 0;
	return ex_bundle_remark(r, err, EX_NOTED, "log-key", CHECKPOINT, NULL,
	    "whose signature it is was not checked: bring --policy");
}

int
ex_tiles_check(struct ex_bundle_result *out, const char *path,
    const struct ex_trust *trust, struct ex_err *err)
{
	struct checking *k = calloc(1, sizeof(*k));
	int rc = -1;

	memset(out, 0, sizeof(*out));
	out->verdict = EX_FAULTY;
	out->tiles = 1;
	if (k == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	k->c.r = out;
	k->c.trust = trust;
	k->c.tiles = 1;
	k->tiles.dir = path;
	if (check(k, err) == 0) {
		ex_bundle_set_verdict(&k->c);
		rc = 0;
	}
	for (size_t i = 0; i < k->c.ncerts; i++)
		ex_buf_free(&k->c.cert[i].der);
	free(k->c.cert);
	ex_world_free(k->c.world);
	ex_buf_free(&k->c.note);
	free(k);
	return rc;
}
