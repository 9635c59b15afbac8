/*
 * bundles_write.c -- bundles of a case, written.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tests/custody/bundles.h"

static int
by_stream(const void *a, const void *b)
{
	char left[EX_STREAM_TEXT], right[EX_STREAM_TEXT];

	ex_stream_text(left, &((const struct ex_head *)a)->stream);
	ex_stream_text(right, &((const struct ex_head *)b)->stream);
	return strcmp(left, right);
}

/* The items of a case, as the world knows them, into its head. */
static void
add_items(const struct house *h, struct ex_head *head)
{
	struct ex_json *v = house_fact(h, "case", head->stream.id);
	const struct ex_json *list = ex_json_get(v, "items");
	size_t n = ex_json_count(list);
	const char **ids = calloc(n + 1, sizeof(*ids));

	assert_non_null(ids);
	for (size_t i = 0; i < n; i++)
		ids[i] = ex_json_text(ex_json_at(list, i));
	head->has_items = 1;
	MUST(ex_head_items(head->items, ids, n, err));
	free(ids);
	ex_json_free(v);
}

/* Heads of all streams among the first size entries, in order. */
size_t
scene_gather(const struct house *h, size_t size, struct ex_head **out)
{
	struct ex_head *head = calloc(size + 1, sizeof(*head));
	size_t n = 0;

	assert_non_null(head);
	for (size_t i = 0; i < size; i++) {
		const struct house_entry *e = &h->entry[i];
		size_t k = 0;

		while (k < n && !ex_stream_equal(&head[k].stream, &e->stream))
			k++;
		n += k == n;
		head[k].stream = e->stream;
		head[k].seq = e->seq;
		memcpy(head[k].leaf, e->leaf, EX_HASH);
	}
	for (size_t k = 0; k < n; k++)
		if (head[k].stream.kind == EX_STREAM_CASE)
			add_items(h, &head[k]);
	qsort(head, n, sizeof(*head), by_stream);
	*out = head;
	return n;
}

/* Perfect subtrees of the log, computed anew for every hash that a proof
 * asks for: small logs. */
struct log {
	const struct house *h;
	size_t size;
};

static int
fetch(void *arg, unsigned level, uint64_t index, uint8_t hash[EX_HASH],
    struct ex_err *err)
{
	const struct log *log = arg;
	size_t n = (size_t)1 << level, first = (size_t)index << level;
	uint8_t(*leaf)[EX_HASH] = calloc(n, sizeof(*leaf));

	(void)err;
	assert_non_null(leaf);
	assert_true(first + n <= log->size);
	for (size_t i = 0; i < n; i++)
		memcpy(leaf[i], log->h->entry[first + i].leaf, EX_HASH);
	ex_tree_root(hash, (const uint8_t(*)[EX_HASH])leaf, n);
	free(leaf);
	return 0;
}

static int
belongs(
    const struct scene *s, const struct bundling *b, const struct ex_stream *st)
{
	char text[EX_STREAM_TEXT];
	int is_item;

	ex_stream_text(text, st);
	if (b->skip_stream != NULL && strcmp(b->skip_stream, text) == 0)
		return 0;
	is_item = b->subject != NULL && strncmp(b->subject, "item:", 5) == 0;
	if (st->kind == EX_STREAM_ITEM)
		return is_item ? strcmp(b->subject, text) == 0
			       : strcmp(st->id, s->item) == 0 ||
				     strcmp(st->id, s->other) == 0;
	return st->kind == EX_STREAM_LAB || strcmp(st->id, HOUSE_CASE) == 0;
}

static int
withhold(void *arg, const char *path)
{
	(void)arg;
	return strcmp(path, "condition") == 0 || strncmp(path, "name_", 5) == 0;
}

/* The erased text is gone; everything else is there. */
static int
is_erased(const struct house_entry *e)
{
	struct ex_buf all = EX_BUF_INIT;
	int is;

	MUST(ex_buf_add(&all, e->openings.data, e->openings.len, err));
	MUST(ex_buf_add_byte(&all, '\0', err));
	is = strstr((const char *)all.data, "to be erased") != NULL;
	ex_buf_free(&all);
	return is;
}

static void
add_entries(struct scene *s, struct ex_bundle_writer *w,
    const struct bundling *b, struct log *log)
{
	for (size_t i = 0; i < log->size; i++) {
		const struct house_entry *e = &s->house.entry[i];
		struct ex_tree_proof proof;
		struct ex_bundle_item item = { .entry = e->bytes.data,
			.nentry = e->bytes.len,
			.openings = e->openings.data,
			.nopenings = e->openings.len,
			.index = i,
			.proof = &proof };

		if (!belongs(s, b, &e->stream) ||
		    (b->has_skip && b->skip_index == i))
			continue;
		if (is_erased(e))
			item.nopenings = 0;
		if (b->redact)
			item.withhold = withhold;
		MUST(ex_tree_prove_inclusion(
		    &proof, i, log->size, fetch, log, err));
		MUST(ex_bundle_add(w, &item, err));
	}
}

static void
add_prefixes(struct ex_bundle_writer *w, struct log *log)
{
	size_t n;
	const uint64_t *seen = ex_bundle_seen(w, &n);

	for (size_t i = 0; i < n; i++) {
		struct ex_tree_proof proof;

		/* Of what is not there yet there is no proof. */
		if (seen[i] > log->size)
			continue;
		MUST(ex_tree_prove_consistency(
		    &proof, seen[i], log->size, fetch, log, err));
		MUST(ex_bundle_add_consistency(w, seen[i], &proof, err));
	}
}

/* The newest heads entry of the log; its index, or size when there is none. */
static size_t
newest_heads(const struct house *h, size_t size)
{
	for (size_t i = size; i-- > 0;) {
		const struct ex_view *view = ex_world_view(h->world);
		struct ex_entry_ref ref;

		/* What was pushed is not known to the house. */
		if (view->entry(view->arg, h->entry[i].leaf, &ref, NULL) == 0 &&
		    ref.act == EX_ACT_HEADS)
			return i;
	}
	return size;
}

struct heads_tree {
	uint8_t (*leaf)[EX_HASH];
	size_t n;
};

static int
fetch_head(void *arg, unsigned level, uint64_t index, uint8_t hash[EX_HASH],
    struct ex_err *err)
{
	const struct heads_tree *t = arg;
	size_t n = (size_t)1 << level, first = (size_t)index << level;

	(void)err;
	assert_true(first + n <= t->n);
	ex_tree_root(hash, (const uint8_t(*)[EX_HASH])(t->leaf + first), n);
	return 0;
}

static void
add_heads(struct scene *s, struct ex_bundle_writer *w, const struct bundling *b,
    const struct log *log)
{
	size_t at = newest_heads(&s->house, log->size), n = 0;
	struct ex_bundle_head *own;
	struct heads_tree t;
	struct ex_head *head;

	if (at == log->size)
		return;
	/* The entry speaks for the log before it. */
	t.n = scene_gather(&s->house, at, &head);
	t.leaf = calloc(t.n + 1, sizeof(*t.leaf));
	own = calloc(t.n + 1, sizeof(*own));
	assert_non_null(t.leaf);
	assert_non_null(own);
	for (size_t i = 0; i < t.n; i++)
		ex_head_leaf(t.leaf[i], &head[i]);
	for (size_t i = 0; i < t.n; i++) {
		if (!belongs(s, b, &head[i].stream))
			continue;
		own[n].head = head[i];
		own[n].index = i;
		MUST(ex_tree_prove_inclusion(
		    &own[n].proof, i, t.n, fetch_head, &t, err));
		n++;
	}
	MUST(ex_bundle_add_heads(w, s->house.entry[at].leaf, t.n, own, n, err));
	free(own);
	free(t.leaf);
	free(head);
}

static void
add_files(struct scene *s, struct ex_bundle_writer *w, const struct bundling *b)
{
	const char *report = b->report == NULL ? SCENE_REPORT : b->report;
	static const char *const name[] = { "trust/roots.pem", "trust/policy",
		"trust/log.pem" };
	const char *const path[] = { s->roots, s->policy, s->log_pem };

	if (report[0] != '\0')
		MUST(ex_bundle_add_file(
		    w, "report.html", report, strlen(report), err));
	for (int i = 0; i < 3; i++) {
		struct ex_buf text = EX_BUF_INIT;

		MUST(ex_file_read(&text, path[i], 1 << 20, err));
		MUST(ex_bundle_add_file(w, name[i], text.data, text.len, err));
		ex_buf_free(&text);
	}
}

const char *
scene_bundle(struct scene *s, const char *name, const struct bundling *b)
{
	static char path[8][128];
	static size_t at;
	struct house *h = &s->house;
	struct log log = { h, b->size == 0 ? h->nentries : b->size };
	size_t all = h->nentries;
	struct ex_bundle_writer *w = NULL;
	struct ex_buf note = EX_BUF_INIT;
	struct ex_stream subject;

	at = (at + 1) % 8;
	(void)snprintf(path[at], sizeof(path[at]), "%s/%s", s->dir, name);
	MUST(ex_stream_read(&subject,
	    b->subject == NULL ? "case:" HOUSE_CASE : b->subject, err));
	h->nentries = log.size;
	house_note(h, &note);
	h->nentries = all;
	if (b->cosign != NULL)
		MUST(ex_note_cosign(
		    &note, b->cosign, b->witness_key, 1772443800, err));
	MUST(ex_bundle_begin(&w, path[at], &subject, note.data, note.len, err));
	add_entries(s, w, b, &log);
	if (b->tsr.n > 0)
		MUST(ex_bundle_add_stamp(w, "clock", b->stamped, b->tsr, err));
	add_prefixes(w, &log);
	add_heads(s, w, b, &log);
	add_files(s, w, b);
	MUST(ex_bundle_end(w, h->now, err));
	ex_bundle_writer_free(w);
	ex_buf_free(&note);
	return path[at];
}
