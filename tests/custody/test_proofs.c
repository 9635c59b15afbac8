/*
 * test_proofs.c -- what the log says as texts: heads, batches, proofs,
 * checkpoints; roots computed here once more from their definitions.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "custody/log.h"
#include "tests/custody/house.h"

enum {
	LEAVES = 20
};

/* RFC 6962, 2.1, as it is written there, over texts. */
static void
mth(uint8_t out[EX_HASH], char *const *text, size_t n)
{
	uint8_t node[1 + 2 * EX_HASH] = { 1 };
	size_t k = 1;

	if (n == 0) {
		ex_sha256(out, "", 0);
		return;
	}
	if (n == 1) {
		size_t len = strlen(text[0]);
		uint8_t *leaf = calloc(1, len + 1);

		assert_non_null(leaf);
		memcpy(leaf + 1, text[0], len);
		ex_sha256(out, leaf, len + 1);
		free(leaf);
		return;
	}
	while (2 * k < n)
		k *= 2;
	mth(&node[1], text, k);
	mth(&node[1 + EX_HASH], text + k, n - k);
	ex_sha256(out, node, sizeof(node));
}

static void
make_heads(struct ex_head *head, char **text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum ex_stream_kind kind =
		    i % 3 == 0 ? EX_STREAM_CASE : EX_STREAM_ITEM;
		char id[32], leaf[65], items[65], stream[EX_STREAM_TEXT];
		struct ex_buf b = EX_BUF_INIT;
		struct ex_head *h = &head[i];

		memset(h, 0, sizeof(*h));
		(void)snprintf(id, sizeof(id), "X-%02zu", i);
		MUST(ex_stream_set(&h->stream, kind, id, err));
		h->seq = 7 * i + 1;
		memset(h->leaf, (int)i, EX_HASH);
		h->has_items = kind == EX_STREAM_CASE;
		if (h->has_items)
			ex_sha256(h->items, id, strlen(id));
		ex_stream_text(stream, &h->stream);
		ex_hex(leaf, h->leaf, EX_HASH);
		ex_hex(items, h->items, sizeof(h->items));
		MUST(ex_buf_addf(&b, err, "custody-head/v1\n%s\n%zu\n%s\n",
		    stream, (size_t)h->seq, leaf));
		if (h->has_items)
			MUST(ex_buf_addf(&b, err, "%s\n", items));
		MUST(ex_buf_add_byte(&b, '\0', err));
		text[i] = ex_buf_take_text(&b);
	}
}

static int
by_stream(const void *a, const void *b)
{
	char left[EX_STREAM_TEXT], right[EX_STREAM_TEXT];

	ex_stream_text(left, &((const struct ex_head *)a)->stream);
	ex_stream_text(right, &((const struct ex_head *)b)->stream);
	return strcmp(left, right);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
heads_have_the_root_of_their_definition(void **state)
{
	struct ex_head head[LEAVES];
	char *text[LEAVES];

	(void)state;
	for (size_t n = 0; n <= LEAVES; n++) {
		uint8_t want[EX_HASH], got[EX_HASH];

		make_heads(head, text, n);
		/* "custody-head/v1\ncase:..." sorts as streams do. */
		qsort(head, n, sizeof(*head), by_stream);
		qsort(text, n, sizeof(*text), by_text);
		mth(want, text, n);
		MUST(ex_heads_root(got, head, n, err));
		assert_memory_equal(got, want, EX_HASH);
		for (size_t i = 0; i < n; i++)
			free(text[i]);
	}
}

static void
heads_ascend_and_are_there_once(void **state)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_head head[3];
	uint8_t root[EX_HASH];
	char *text[3];

	(void)state;
	make_heads(head, text, 3);
	qsort(head, 3, sizeof(*head), by_stream);
	MUST(ex_heads_root(root, head, 3, err));
	head[2] = head[1];
	assert_int_equal(ex_heads_root(root, head, 3, &why), -1);
	assert_int_equal(why.code, EX_FORMAT);
	head[2] = head[0];
	assert_int_equal(ex_heads_root(root, head, 3, NULL), -1);
	for (size_t i = 0; i < 3; i++)
		free(text[i]);
}

static void
a_cases_items_are_a_digest_in_order(void **state)
{
	static const char *const ids[] = { "EXH-2", "EXH-10", "EXH-1" };
	static const char *const twice[] = { "EXH-2", "EXH-1", "EXH-2" };
	uint8_t got[EX_SHA256_LEN], want[EX_SHA256_LEN];

	(void)state;
	MUST(ex_head_items(got, ids, 3, err));
	ex_sha256(want, "EXH-1\nEXH-10\nEXH-2\n", 19);
	assert_memory_equal(got, want, sizeof(got));
	MUST(ex_head_items(got, ids, 0, err));
	ex_sha256(want, "", 0);
	assert_memory_equal(got, want, sizeof(got));
	assert_int_equal(ex_head_items(got, twice, 3, NULL), -1);
}

static void
make_members(struct ex_batch_member *m, char **text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char id[32], prev[65];
		struct ex_buf b = EX_BUF_INIT;

		memset(&m[i], 0, sizeof(m[i]));
		(void)snprintf(id, sizeof(id), "X-%02zu", i);
		MUST(ex_stream_set(&m[i].stream, EX_STREAM_ITEM, id, err));
		m[i].seq = 3;
		memset(m[i].prev, (int)i, EX_HASH);
		m[i].act = EX_ACT_RECEIVE;
		ex_hex(prev, m[i].prev, EX_HASH);
		MUST(ex_buf_addf(&b, err,
		    "custody-batch/v1\nitem:%s\n3\n%s\nreceive\n%c", id, prev,
		    '\0'));
		text[i] = ex_buf_take_text(&b);
	}
}

static void
a_batch_has_one_root_in_any_order(void **state)
{
	struct ex_batch_member m[LEAVES];
	char *text[LEAVES];
	uint8_t want[EX_HASH], got[EX_HASH];

	(void)state;
	for (size_t n = 1; n <= LEAVES; n++) {
		make_members(m, text, n);
		mth(want, text, n);
		for (size_t turn = 0; turn < n; turn++) {
			struct ex_batch_member first = m[0];

			memmove(m, m + 1, (n - 1) * sizeof(*m));
			m[n - 1] = first;
			MUST(ex_batch_root(got, m, n, err));
			assert_memory_equal(got, want, EX_HASH);
		}
		for (size_t i = 0; i < n; i++)
			free(text[i]);
	}
}

static void
a_batch_is_of_different_entries_and_not_too_many(void **state)
{
	struct ex_batch_member *m = calloc(EX_BATCH_MAX + 1, sizeof(*m));
	uint8_t root[EX_HASH];
	struct ex_err why = EX_ERR_INIT;

	(void)state;
	assert_non_null(m);
	for (size_t i = 0; i <= EX_BATCH_MAX; i++) {
		MUST(ex_stream_set(&m[i].stream, EX_STREAM_ITEM, "EXH-1", err));
		m[i].seq = i + 1;
		m[i].act = EX_ACT_NOTE;
	}
	MUST(ex_batch_root(root, m, EX_BATCH_MAX, err));
	assert_int_equal(ex_batch_root(root, m, EX_BATCH_MAX + 1, &why), -1);
	assert_int_equal(why.code, EX_LIMIT);
	assert_int_equal(ex_batch_root(root, m, 0, NULL), -1);
	m[1].seq = m[0].seq;
	ex_err_clear(&why);
	assert_int_equal(ex_batch_root(root, m, 2, &why), -1);
	assert_int_equal(why.code, EX_USAGE);
	free(m);
}

/* A small log: leaves, its stored nodes, a note of its first n entries. */
static uint8_t level[6][32][EX_HASH];

static int
store(void *arg, unsigned l, uint64_t index, const uint8_t hash[EX_HASH],
    struct ex_err *err)
{
	(void)arg;
	(void)err;
	memcpy(level[l][index], hash, EX_HASH);
	return 0;
}

static int
fetch(void *arg, unsigned l, uint64_t index, uint8_t hash[EX_HASH],
    struct ex_err *err)
{
	(void)arg;
	(void)err;
	memcpy(hash, level[l][index], EX_HASH);
	return 0;
}

static void
grow(struct ex_checkpoint *at, size_t n)
{
	struct ex_tree_edge edge = { 0 };

	for (size_t i = 0; i < n; i++) {
		uint8_t leaf[EX_HASH];

		ex_tree_leaf(leaf, &i, sizeof(i));
		MUST(ex_tree_append(&edge, leaf, store, NULL, err));
	}
	memset(at, 0, sizeof(*at));
	memcpy(at->origin, HOUSE_ORIGIN, sizeof(HOUSE_ORIGIN));
	at->size = n;
	ex_tree_edge_root(at->root, &edge);
}

static void
sign(const struct house *h, struct ex_buf *note, const struct ex_checkpoint *c)
{
	struct ex_buf text = EX_BUF_INIT;

	MUST(ex_checkpoint_text(&text, c, err));
	MUST(ex_note_sign(
	    note, text.data, text.len, HOUSE_ORIGIN, h->log_key, err));
	ex_buf_free(&text);
}

static void
a_receipt_proves_its_entry_and_no_other(void **state)
{
	const struct house *h = *state;
	struct ex_checkpoint at, said;

	for (size_t n = 1; n <= LEAVES; n++) {
		struct ex_buf note = EX_BUF_INIT;

		grow(&at, n);
		sign(h, &note, &at);
		for (size_t i = 0; i < n; i++) {
			struct ex_buf text = EX_BUF_INIT;
			struct ex_tree_proof proof;
			struct ex_tlog_proof p;
			uint8_t other[EX_HASH];

			MUST(ex_tree_prove_inclusion(
			    &proof, i, n, fetch, NULL, err));
			MUST(ex_tlog_proof_write(
			    &text, i, &proof, note.data, note.len, err));
			MUST(ex_tlog_proof_read(&p, text.data, text.len, err));
			MUST(ex_tlog_proof_check(
			    &p, level[0][i], &h->vkey, &said, err));
			assert_int_equal(said.size, n);
			assert_int_equal(p.index, i);
			memcpy(other, level[0][i], EX_HASH);
			other[31] ^= 1;
			assert_int_equal(ex_tlog_proof_check(
					     &p, other, &h->vkey, NULL, NULL),
			    -1);
			ex_buf_free(&text);
		}
		ex_buf_free(&note);
	}
}

static void
a_tree_continues_each_of_its_beginnings(void **state)
{
	const struct house *h = *state;
	struct ex_checkpoint old, at;
	struct ex_buf note = EX_BUF_INIT;

	grow(&at, LEAVES);
	sign(h, &note, &at);
	for (size_t n = 1; n < LEAVES; n++) {
		struct ex_buf text = EX_BUF_INIT;
		struct ex_tlog_consistency c;
		struct ex_tree_proof proof;

		grow(&old, n);
		grow(&at, LEAVES);
		MUST(ex_tree_prove_consistency(
		    &proof, n, LEAVES, fetch, NULL, err));
		MUST(ex_tlog_consistency_write(
		    &text, n, &proof, note.data, note.len, err));
		MUST(ex_tlog_consistency_read(&c, text.data, text.len, err));
		assert_int_equal(c.old, n);
		assert_true(ex_span_equal(c.note, note.data, note.len));
		MUST(ex_tree_check_consistency(
		    &c.proof, n, old.root, LEAVES, at.root, err));
		old.root[0] ^= 1;
		assert_int_equal(ex_tree_check_consistency(&c.proof, n,
				     old.root, LEAVES, at.root, NULL),
		    -1);
		ex_buf_free(&text);
	}
	ex_buf_free(&note);
}

/* from and to in a proof's text; NULL: it may be so. */
static const struct {
	const char *from, *to;
	const char *says;
} harm[] = {
	{ "c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2", "first line" },
	{ "c2sp.org/tlog-proof@v1\n", "", "first line" },
	{ "index 3", "index 03", "" },
	{ "index 3", "index -3", "" },
	{ "index 3", "index  3", "" },
	{ "index 3", "index 3 ", "" },
	{ "index 3", "index 99999999999999999999", "" },
	{ "index 3", "place 3", "no line" },
	{ "index 3", "index", "no line" },
	{ "index 3\n", "index 3\r\n", "" },
	{ "index 3\n", "index 3\n\n", NULL }, /* the note begins earlier */
	{ "index 3\n", "index 3\nAAAA\n", "no hash" },
	{ "index 3\n",
	    "index 3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n", "" },
	{ "index 3\n", "extra AAAA\nindex 3\n", NULL },
	{ "index 3\n", "extra A\nindex 3\n", "" },
	{ "index 3\n", "extra AAAA\nextra AAAA\nindex 3\n", "no line" },
};

static void
proofs_are_written_in_one_way(void **state)
{
	const struct house *h = *state;
	struct ex_buf note = EX_BUF_INIT, text = EX_BUF_INIT;
	struct ex_tree_proof proof;
	struct ex_checkpoint at;
	char *good;

	grow(&at, 7);
	sign(h, &note, &at);
	MUST(ex_tree_prove_inclusion(&proof, 3, 7, fetch, NULL, err));
	MUST(ex_tlog_proof_write(&text, 3, &proof, note.data, note.len, err));
	MUST(ex_buf_add_byte(&text, '\0', err));
	good = ex_buf_take_text(&text);
	for (size_t i = 0; i < sizeof(harm) / sizeof(harm[0]); i++) {
		const char *cut = strstr(good, harm[i].from);
		struct ex_buf bad = EX_BUF_INIT;
		struct ex_err why = EX_ERR_INIT;
		struct ex_tlog_proof p;
		int rc;

		assert_non_null(cut);
		MUST(ex_buf_add(&bad, good, (size_t)(cut - good), err));
		MUST(ex_buf_add_text(&bad, harm[i].to, err));
		MUST(ex_buf_add_text(&bad, cut + strlen(harm[i].from), err));
		rc = ex_tlog_proof_read(&p, bad.data, bad.len, &why);
		if (harm[i].says == NULL
			? rc != 0
			: rc == 0 || strstr(why.text, harm[i].says) == NULL)
			fail_msg("%s -> %s: %s", harm[i].from, harm[i].to,
			    rc == 0 ? "accepted" : why.text);
		ex_buf_free(&bad);
	}
	free(good);
	ex_buf_free(&note);
}

/* 64 hashes are a tree of 2^64 leaves: more are no proof. */
static void
a_proof_has_an_end(void **state)
{
	struct ex_buf text = EX_BUF_INIT;
	struct ex_tlog_proof p;

	(void)state;
	MUST(ex_buf_add_text(&text, "c2sp.org/tlog-proof@v1\nindex 0\n", err));
	for (int i = 0; i < 65; i++)
		MUST(ex_buf_add_text(&text,
		    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", err));
	MUST(ex_buf_add_text(&text, "\nx", err));
	MUST(ex_tlog_proof_read(&p, text.data, text.len, err));
	ex_buf_cut(&text, text.len - 2);
	MUST(ex_buf_add_text(
	    &text, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nx", err));
	assert_int_equal(ex_tlog_proof_read(&p, text.data, text.len, NULL), -1);
	while (text.len <= 131072)
		MUST(ex_buf_add_byte(&text, 'x', err));
	assert_int_equal(ex_tlog_proof_read(&p, text.data, text.len, NULL), -1);
	ex_buf_free(&text);
}

static void
a_checkpoint_is_signed_by_its_own_log(void **state)
{
	const struct house *h = *state;
	struct ex_buf note = EX_BUF_INIT, text = EX_BUF_INIT;
	struct ex_buf other = EX_BUF_INIT;
	struct ex_err why = EX_ERR_INIT;
	struct ex_vkey stranger;
	struct ex_checkpoint at, said;
	struct ex_key *key = NULL;

	grow(&at, 7);
	sign(h, &note, &at);
	MUST(ex_checkpoint_check(&said, note.data, note.len, &h->vkey, err));
	assert_int_equal(said.size, 7);
	/* Another key of that name; the same key over another origin. */
	MUST(ex_key_new(&key, EX_KEY_ED25519, err));
	MUST(ex_vkey_of(&stranger, HOUSE_ORIGIN, EX_NOTE_ED25519, key, err));
	assert_int_equal(
	    ex_checkpoint_check(&said, note.data, note.len, &stranger, &why),
	    -1);
	assert_int_equal(why.code, EX_ABSENT);
	memcpy(at.origin, "lab.example/other", sizeof("lab.example/other"));
	MUST(ex_checkpoint_text(&text, &at, err));
	MUST(ex_note_sign(
	    &other, text.data, text.len, HOUSE_ORIGIN, h->log_key, err));
	ex_err_clear(&why);
	assert_int_equal(
	    ex_checkpoint_check(&said, other.data, other.len, &h->vkey, &why),
	    -1);
	assert_int_equal(why.code, EX_DAMAGED);
	/* A byte of the text. */
	note.data[strlen(HOUSE_ORIGIN) + 1] = '9';
	ex_err_clear(&why);
	assert_int_equal(
	    ex_checkpoint_check(&said, note.data, note.len, &h->vkey, &why),
	    -1);
	assert_int_equal(why.code, EX_DAMAGED);
	ex_key_free(key);
	ex_buf_free(&note);
	ex_buf_free(&text);
	ex_buf_free(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_have_the_root_of_their_definition),
		cmocka_unit_test(heads_ascend_and_are_there_once),
		cmocka_unit_test(a_cases_items_are_a_digest_in_order),
		cmocka_unit_test(a_batch_has_one_root_in_any_order),
		cmocka_unit_test(
		    a_batch_is_of_different_entries_and_not_too_many),
		cmocka_unit_test(a_receipt_proves_its_entry_and_no_other),
		cmocka_unit_test(a_tree_continues_each_of_its_beginnings),
		cmocka_unit_test(proofs_are_written_in_one_way),
		cmocka_unit_test(a_proof_has_an_end),
		cmocka_unit_test(a_checkpoint_is_signed_by_its_own_log),
	};

	return cmocka_run_group_tests(
	    tests, house_group_open, house_group_close);
}
