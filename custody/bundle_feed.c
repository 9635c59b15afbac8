/*
 * bundle_feed.c -- what goes into a bundle: entries, openings, proofs, heads.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "custody/bundle_writer.h"
#include "custody/folder.h"
#include "custody/openings.h"
#include "signing/cms.h"

void
ex_bundle_entry_path(char out[EX_BUNDLE_PATH], size_t n)
{
	(void)snprintf(out, EX_BUNDLE_PATH, "entries/e%04zu.p7m", n);
}

void
ex_bundle_openings_path(char out[EX_BUNDLE_PATH], size_t n)
{
	(void)snprintf(out, EX_BUNDLE_PATH, "openings/e%04zu.json", n);
}

void
ex_bundle_proof_path(char out[EX_BUNDLE_PATH], size_t n)
{
	(void)snprintf(out, EX_BUNDLE_PATH, "proofs/e%04zu.tlog-proof", n);
}

void
ex_bundle_consistency_path(char out[EX_BUNDLE_PATH], uint64_t size)
{
	(void)snprintf(
	    out, EX_BUNDLE_PATH, "consistency/%" PRIu64 ".txt", size);
}

void
ex_bundle_stamped_path(char out[EX_BUNDLE_PATH], uint64_t size)
{
	(void)snprintf(out, EX_BUNDLE_PATH, "timestamps/%" PRIu64 ".txt", size);
}

/* Put a size into the ascending list. */
static int
add_seen(struct ex_bundle_writer *w, uint64_t size, struct ex_err *err)
{
	void *array = w->seen;
	size_t at = w->nseen;

	if (size == 0 || size == w->checkpoint.size)
		return 0;
	while (at > 0 && w->seen[at - 1] > size)
		at--;
	if (at > 0 && w->seen[at - 1] == size)
		return 0;
	if (ex_bundle_grow(
		&array, &w->capseen, w->nseen, sizeof(*w->seen), err) == -1)
		return -1;
	w->seen = array;
	memmove(
	    &w->seen[at + 1], &w->seen[at], (w->nseen - at) * sizeof(*w->seen));
	w->seen[at] = size;
	w->nseen++;
	return 0;
}

const uint64_t *
ex_bundle_seen(const struct ex_bundle_writer *w, size_t *n)
{
	*n = w->nseen;
	return w->seen;
}

/* What the event adds to the manifest and to the list of sizes. */
static int
note_event(
    struct ex_bundle_writer *w, const struct ex_event *e, struct ex_err *err)
{
	char stream[EX_STREAM_TEXT];

	ex_stream_text(stream, &e->stream);
	if (ex_json_set_int(w->streams, stream, 1, err) == -1)
		return -1;
	for (size_t i = 0; i < e->nparties; i++) {
		if (ex_mode_signs(e->party[i].mode) &&
		    add_seen(w, e->party[i].seen_size, err) == -1)
			return -1;
	}
	return 0;
}

/* What is handed to withheld_too() while openings are cut. */
struct cutting {
	const struct ex_bundle_item *item;
	struct ex_json *list;
	int failed;
};

static int
cut(void *arg, const char *path)
{
	struct cutting *c = arg;

	if (c->item->withhold == NULL || !c->item->withhold(c->item->arg, path))
		return 0;
	if (ex_json_add(c->list, ex_json_string(path), NULL) == -1)
		c->failed = 1;
	return 1;
}

/* The openings that may go, and the list of those that may not. */
static int
add_openings(struct ex_bundle_writer *w, const struct ex_bundle_item *item,
    const struct ex_event *e, struct ex_err *err)
{
	struct cutting c = { item, ex_json_array(), 0 };
	struct ex_openings o = { NULL, 0 };
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_BUNDLE_PATH], name[32];
	int rc = -1;

	if (ex_openings_read(&o, e, item->openings, item->nopenings, err) ==
		-1 ||
	    ex_openings_redact(&text, &o, cut, &c, err) == -1)
		goto out;
	if (c.list == NULL || c.failed) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	(void)snprintf(name, sizeof(name), "e%04" PRIu64, w->manifest.entries);
	if (ex_json_count(c.list) > 0 &&
	    ex_json_set(w->withheld, name, ex_json_ref(c.list), err) == -1)
		goto out;
	ex_bundle_openings_path(path, w->manifest.entries);
	if (text.len > 0 &&
	    ex_bundle_add_file(w, path, text.data, text.len, err) == -1)
		goto out;
	w->manifest.openings += text.len > 0;
	rc = 0;
out:
	ex_buf_free(&text);
	ex_openings_free(&o);
	ex_json_free(c.list);
	return rc;
}

static int
add_proof(struct ex_bundle_writer *w, const struct ex_bundle_item *item,
    struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_BUNDLE_PATH];
	uint8_t leaf[EX_HASH];
	int rc = -1;

	ex_entry_leaf(leaf, item->entry, item->nentry);
	ex_bundle_proof_path(path, w->manifest.entries);
	if (ex_tree_check_inclusion(item->proof, leaf, item->index,
		w->checkpoint.size, w->checkpoint.root, err) == -1 ||
	    ex_tlog_proof_write(&text, item->index, item->proof, w->note.data,
		w->note.len, err) == -1)
		goto out;
	rc = ex_bundle_add_file(w, path, text.data, text.len, err);
out:
	ex_buf_free(&text);
	return rc;
}

int
ex_bundle_add(struct ex_bundle_writer *w, const struct ex_bundle_item *item,
    struct ex_err *err)
{
	struct ex_cms *cms = calloc(1, sizeof(*cms));
	struct ex_event *e = calloc(1, sizeof(*e));
	char path[EX_BUNDLE_PATH];
	int rc = -1;

	if (cms == NULL || e == NULL) {
		(void)ex_fail(err, EX_SYSTEM, "out of memory");
		goto out;
	}
	if (w->manifest.entries > 0 && item->index <= w->last) {
		(void)ex_fail(err, EX_USAGE, "entries out of order");
		goto out;
	}
	w->last = item->index;
	w->manifest.entries++;
	ex_bundle_entry_path(path, w->manifest.entries);
	if (ex_cms_parse(cms, item->entry, item->nentry, err) == -1 ||
	    ex_event_parse(e, cms->body.p, cms->body.n, err) == -1 ||
	    ex_bundle_add_file(w, path, item->entry, item->nentry, err) == -1)
		goto out;
	if (note_event(w, e, err) == -1 || add_proof(w, item, err) == -1)
		goto out;
	rc = add_openings(w, item, e, err);
out:
	if (e != NULL)
		ex_event_free(e);
	free(e);
	free(cms);
	return rc;
}

int
ex_bundle_add_consistency(struct ex_bundle_writer *w, uint64_t size,
    const struct ex_tree_proof *proof, struct ex_err *err)
{
	struct ex_buf text = EX_BUF_INIT;
	char path[EX_BUNDLE_PATH];
	int rc = -1;

	ex_bundle_consistency_path(path, size);
	if (ex_tlog_consistency_write(
		&text, size, proof, w->note.data, w->note.len, err) == 0)
		rc = ex_bundle_add_file(w, path, text.data, text.len, err);
	ex_buf_free(&text);
	return rc;
}

/* The lines once, however many authorities stamped them. */
static int
add_stamped(struct ex_bundle_writer *w, struct ex_span text, uint64_t size,
    struct ex_err *err)
{
	char path[EX_BUNDLE_PATH];

	if (size == w->stamped)
		return 0;
	w->stamped = size;
	ex_bundle_stamped_path(path, size);
	if (ex_bundle_add_file(w, path, text.p, text.n, err) == -1)
		return -1;
	return add_seen(w, size, err);
}

int
ex_bundle_add_stamp(struct ex_bundle_writer *w, const char *authority,
    struct ex_span text, struct ex_span tsr, struct ex_err *err)
{
	struct ex_checkpoint c;
	char path[EX_FOLDER_PATH];

	if (ex_checkpoint_read(&c, text, err) == -1)
		return -1;
	if (c.size == 0 || c.size > w->checkpoint.size || c.size < w->stamped)
		return ex_fail(
		    err, EX_USAGE, "a stamp of size %" PRIu64, c.size);
	(void)snprintf(path, sizeof(path), "timestamps/%" PRIu64 "-%s.tsr",
	    c.size, authority);
	if (add_stamped(w, text, c.size, err) == -1)
		return -1;
	return ex_bundle_add_file(w, path, tsr.p, tsr.n, err);
}

static int
compare_heads(const void *a, const void *b)
{
	const struct ex_bundle_head *left = a, *right = b;

	if (left->index != right->index)
		return left->index < right->index ? -1 : 1;
	return 0;
}

static int
write_proof(
    struct ex_json *v, const struct ex_tree_proof *p, struct ex_err *err)
{
	char hex[2 * EX_HASH + 1];
	struct ex_json *array;

	if (ex_json_set(v, "proof", ex_json_array(), err) == -1)
		return -1;
	array = ex_json_get_mutable(v, "proof");
	for (size_t i = 0; i < p->n; i++) {
		ex_hex(hex, p->hash[i], EX_HASH);
		if (ex_json_add(array, ex_json_string(hex), err) == -1)
			return -1;
	}
	return 0;
}

static int
write_head(
    struct ex_json *array, const struct ex_bundle_head *h, struct ex_err *err)
{
	struct ex_json *v = ex_json_object();
	char stream[EX_STREAM_TEXT];

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	ex_stream_text(stream, &h->head.stream);
	if (ex_json_set_text(v, "stream", stream, err) == -1 ||
	    ex_json_set_int(v, "seq", (int64_t)h->head.seq, err) == -1 ||
	    ex_json_set_hex(v, "leaf", h->head.leaf, EX_HASH, err) == -1 ||
	    ex_json_set_int(v, "index", (int64_t)h->index, err) == -1 ||
	    write_proof(v, &h->proof, err) == -1)
		goto fail;
	if (h->head.has_items && ex_json_set_hex(v, "items", h->head.items,
				     sizeof(h->head.items), err) == -1)
		goto fail;
	return ex_json_add(array, v, err);
fail:
	ex_json_free(v);
	return -1;
}

int
ex_bundle_add_heads(struct ex_bundle_writer *w, const uint8_t leaf[EX_HASH],
    uint64_t count, struct ex_bundle_head *head, size_t n, struct ex_err *err)
{
	struct ex_json *v = ex_json_object(), *array;
	struct ex_buf text = EX_BUF_INIT;
	int rc = -1;

	if (v == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	if (n > 0)
		qsort(head, n, sizeof(*head), compare_heads);
	if (ex_json_set_text(v, "schema", EX_HEADS_SCHEMA, err) == -1 ||
	    ex_json_set_hex(v, "entry", leaf, EX_HASH, err) == -1 ||
	    ex_json_set_int(v, "count", (int64_t)count, err) == -1 ||
	    ex_json_set(v, "heads", ex_json_array(), err) == -1)
		goto out;
	array = ex_json_get_mutable(v, "heads");
	for (size_t i = 0; i < n; i++) {
		if (write_head(array, &head[i], err) == -1)
			goto out;
	}
	if (ex_json_write(&text, v, err) == 0)
		rc = ex_bundle_add_file(
		    w, EX_BUNDLE_HEADS, text.data, text.len, err);
out:
	ex_buf_free(&text);
	ex_json_free(v);
	return rc;
}
