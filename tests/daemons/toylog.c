/*
 * toylog.c -- trees, notes and proofs for tests of witnesses.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "custody/log.h"
#include "tests/custody/house.h"
#include "tests/daemons/toylog.h"

static void
grow(struct toylog *t, int history)
{
	struct ex_tree_edge edge = { 0 };

	ex_tree_edge_root(t->root[history][0], &edge);
	for (size_t i = 0; i < SIZES; i++) {
		uint8_t data[2] = { (uint8_t)i, 0 }, leaf[EX_HASH];

		data[1] = history == 1 && i >= TOYLOG_PARTS;
		ex_tree_leaf(leaf, data, sizeof(data));
		MUST(ex_tree_append(&edge, leaf, put, &t->node[history], err));
		ex_tree_edge_root(t->root[history][i + 1], &edge);
	}
}

void
toylog_open(struct toylog *t)
{
	memset(t, 0, sizeof(*t));
	MUST(ex_key_new(&t->key, EX_KEY_ED25519, err));
	MUST(ex_vkey_of(&t->vkey, TOYLOG_ORIGIN, EX_NOTE_ED25519, t->key, err));
	grow(t, 0);
	grow(t, 1);
}

void
toylog_close(struct toylog *t)
{
	ex_key_free(t->key);
}

void
toylog_note(
    struct ex_buf *out, const struct toylog *t, int history, uint64_t size)
{
	struct ex_checkpoint c = { .origin = TOYLOG_ORIGIN, .size = size };
	struct ex_buf text = EX_BUF_INIT;

	memcpy(c.root, t->root[history][size], EX_HASH);
	MUST(ex_checkpoint_text(&text, &c, err));
	MUST(
	    ex_note_sign(out, text.data, text.len, TOYLOG_ORIGIN, t->key, err));
	ex_buf_free(&text);
}

void
toylog_request(struct ex_buf *out, struct toylog *t, int history, uint64_t old,
    uint64_t size)
{
	struct ex_tree_proof proof = { 0 };
	struct ex_buf note = EX_BUF_INIT;

	toylog_note(&note, t, history, size);
	if (old <= size)
		MUST(ex_tree_prove_consistency(
		    &proof, old, size, get, &t->node[history], err));
	MUST(ex_tlog_consistency_write(
	    out, old, &proof, note.data, note.len, err));
	ex_buf_free(&note);
}
