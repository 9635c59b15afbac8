/*
 * bundle_heads.c -- are the bundle's streams as long as the laboratory's own
 * list of heads says?
 *
 * heads/heads.json, canonical JSON, schema "custody-heads/v1":
 *   entry  leaf of the heads entry
 *   count  number of all heads under its root
 *   heads  [{index, items?, leaf, proof: [hash], seq, stream}], ascending by
 *          index; of the bundle's streams
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/limits.h"
#include "custody/bundle_checking.h"
#include "custody/bundle_write.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int
read_proof(
    struct ex_tree_proof *out, const struct ex_json *v, struct ex_err *err)
{
	if (!ex_json_is_array(v) || ex_json_count(v) > EX_PROOF_MAX)
		return ex_fail(err, EX_FORMAT, "proof: no array or too long");
	for (size_t i = 0; i < ex_json_count(v); i++) {
		const char *text = ex_json_text(ex_json_at(v, i));

		if (text == NULL)
			return ex_fail(err, EX_FORMAT, "proof: no text");
		if (ex_hex_read(out->hash[i], EX_HASH, text, err) == -1)
			return ex_while(err, "proof");
	}
	out->n = ex_json_count(v);
	return 0;
}

static int
read_head(
    struct ex_bundle_head *out, const struct ex_json *v, struct ex_err *err)
{
	static const char *const keys[] = { "index", "items", "leaf", "proof",
		"seq", "stream" };
	struct ex_head *h = &out->head;
	const char *stream;
	int64_t index, seq;

	memset(out, 0, sizeof(*out));
	if (!ex_json_is_object(v))
		return ex_fail(err, EX_FORMAT, "heads: no object");
	if (ex_json_only(v, keys, COUNT(keys), err) == -1 ||
	    ex_json_need_int(&index, v, "index", err) == -1 ||
	    ex_json_need_int(&seq, v, "seq", err) == -1 ||
	    ex_json_need_text(&stream, v, "stream", err) == -1 ||
	    ex_stream_read(&h->stream, stream, err) == -1 ||
	    ex_json_need_hex(h->leaf, EX_HASH, v, "leaf", err) == -1)
		return ex_while(err, "heads");
	if (index < 0 || seq < 1)
		return ex_fail(err, EX_FORMAT, "heads: a negative number");
	out->index = (uint64_t)index;
	h->seq = (uint64_t)seq;
	h->has_items = ex_json_get(v, "items") != NULL;
	if (h->has_items != (h->stream.kind == EX_STREAM_CASE))
		return ex_fail(err, EX_FORMAT,
		    "heads: a case has its items' digest, nothing else has");
	if (h->has_items &&
	    ex_json_need_hex(h->items, sizeof(h->items), v, "items", err) == -1)
		return ex_while(err, "heads");
	return read_proof(&out->proof, ex_json_get(v, "proof"), err);
}

int
ex_bundle_heads_read(
    struct ex_bundle_heads *out, const void *text, size_t n, struct ex_err *err)
{
	static const char *const keys[] = { "count", "entry", "heads",
		"schema" };
	const char *schema;
	int64_t count;

	memset(out, 0, sizeof(*out));
	if (ex_json_read_canonical(&out->json, text, n, err) == -1)
		return -1;
	if (!ex_json_is_object(out->json))
		return ex_fail(err, EX_FORMAT, "heads: no object");
	if (ex_json_only(out->json, keys, COUNT(keys), err) == -1 ||
	    ex_json_need_text(&schema, out->json, "schema", err) == -1 ||
	    ex_json_need_int(&count, out->json, "count", err) == -1 ||
	    ex_json_need_hex(out->entry, EX_HASH, out->json, "entry", err) ==
		-1)
		return ex_while(err, "heads");
	if (strcmp(schema, EX_HEADS_SCHEMA) != 0)
		return ex_fail(err, EX_FORMAT,
		    "heads: schema \"%.40s\" is not %s", schema,
		    EX_HEADS_SCHEMA);
	out->list = ex_json_get(out->json, "heads");
	if (!ex_json_is_array(out->list) || count < 0)
		return ex_fail(err, EX_FORMAT, "heads: no array, or count");
	out->count = (uint64_t)count;
	return 0;
}

void
ex_bundle_heads_free(struct ex_bundle_heads *h)
{
	ex_json_free(h->json);
	h->json = NULL;
}

/* The newest entry of a stream below the size that the list speaks for. */
static const struct ex_bundle_entry *
newest(const struct ex_bundle_checking *c, const struct ex_stream *s)
{
	const struct ex_bundle_result *r = c->r;

	for (size_t i = r->nentries; i-- > 0;) {
		if (r->entry[i].proven && r->entry[i].index < c->heads_size &&
		    ex_stream_equal(&r->entry[i].stream, s))
			return &r->entry[i];
	}
	return NULL;
}

/* The number of the case that an item of the bundle belongs to, or NULL. */
static int
item_is_of(struct ex_bundle_checking *c, const char *item, const char *number,
    int *out, struct ex_err *err)
{
	const struct ex_view *view = ex_world_view(c->world);
	struct ex_json *v = NULL;
	const char *text;

	*out = 0;
	if (view->get(view->arg, "item", item, &v, err) == -1)
		return -1;
	text = ex_json_get_text(v, "case");
	*out = text != NULL && strcmp(text, number) == 0;
	ex_json_free(v);
	return 0;
}

/* The digest over the case's items that the bundle has of that time. */
static int
own_items(struct ex_bundle_checking *c, const struct ex_stream *of,
    uint8_t out[EX_SHA256_LEN], struct ex_err *err)
{
	const char **ids = calloc(c->nchains + 1, sizeof(*ids));
	size_t n = 0;
	int rc = -1, is;

	if (ids == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < c->nchains; i++) {
		const struct ex_stream *s = &c->chain[i].stream;

		if (s->kind != EX_STREAM_ITEM || newest(c, s) == NULL)
			continue;
		if (item_is_of(c, s->id, of->id, &is, err) == -1)
			goto out;
		if (is)
			ids[n++] = s->id;
	}
	rc = ex_head_items(out, ids, n, err);
out:
	free(ids);
	return rc;
}

/* A bundle about a case has all of its items. */
static int
check_items(struct ex_bundle_checking *c, const struct ex_head *h,
    const char *stream, struct ex_err *err)
{
	uint8_t items[EX_SHA256_LEN];

	if (!c->has_manifest || !h->has_items ||
	    !ex_stream_equal(&h->stream, &c->manifest.subject))
		return 0;
	if (own_items(c, &h->stream, items, err) == -1)
		return -1;
	if (memcmp(items, h->items, sizeof(items)) == 0)
		return 0;
	return ex_bundle_remark(c->r, err, EX_FAULT, "heads-items",
	    EX_BUNDLE_HEADS, stream,
	    "the case has other items than those in this bundle");
}

static int
check_head(struct ex_bundle_checking *c, const struct ex_bundle_heads *list,
    const struct ex_bundle_head *h, const struct ex_bundle_entry *own,
    const char *stream, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	uint8_t leaf[EX_HASH];

	ex_head_leaf(leaf, &h->head);
	if (ex_tree_check_inclusion(&h->proof, leaf, h->index, list->count,
		c->heads_root, &why) == -1)
		return ex_bundle_fault(
		    c->r, err, &why, "heads-proof", EX_BUNDLE_HEADS, stream);
	if (h->head.seq != own->seq ||
	    memcmp(h->head.leaf, own->leaf, EX_HASH) != 0)
		return ex_bundle_remark(c->r, err, EX_FAULT, "heads-differ",
		    EX_BUNDLE_HEADS, stream,
		    "the laboratory's list ends at seq %" PRIu64
		    ", this bundle at seq %" PRIu64 " (up to index %" PRIu64
		    "), or at another entry",
		    h->head.seq, own->seq, c->heads_size);
	return check_items(c, &h->head, stream, err);
}

/* The head of this stream in the list, whatever its form. */
static int
check_stream(struct ex_bundle_checking *c, const struct ex_bundle_heads *list,
    const struct ex_stream *s, struct ex_err *err)
{
	const struct ex_bundle_entry *own = newest(c, s);
	struct ex_err why = EX_ERR_INIT;
	struct ex_bundle_head h;
	char stream[EX_STREAM_TEXT];

	if (own == NULL)
		return 0; /* began later */
	ex_stream_text(stream, s);
	for (size_t i = 0; i < ex_json_count(list->list); i++) {
		const struct ex_json *v = ex_json_at(list->list, i);
		const char *name = ex_json_get_text(v, "stream");

		if (name == NULL || strcmp(name, stream) != 0)
			continue;
		if (read_head(&h, v, &why) == -1)
			return ex_bundle_fault(
			    c->r, err, &why, "heads", EX_BUNDLE_HEADS, stream);
		return check_head(c, list, &h, own, stream, err);
	}
	return ex_bundle_remark(c->r, err, EX_FAULT, "heads-missing",
	    EX_BUNDLE_HEADS, stream, "this stream's head is not in the list");
}

static int
check_list(struct ex_bundle_checking *c, const struct ex_bundle_heads *list,
    struct ex_err *err)
{
	size_t before = c->r->faults;

	if (memcmp(list->entry, c->heads_leaf, EX_HASH) != 0 ||
	    list->count != c->heads_count)
		return ex_bundle_remark(c->r, err, EX_FAULT, "heads",
		    EX_BUNDLE_HEADS, NULL,
		    "is not of the newest heads entry, e%04zu", c->heads);
	for (size_t i = 0; i < c->nchains; i++) {
		if (check_stream(c, list, &c->chain[i].stream, err) == -1)
			return -1;
	}
	if (c->r->faults == before) {
		c->r->heads = 1;
		c->r->heads_size = c->heads_size;
	}
	return 0;
}

static int
say_none(struct ex_bundle_checking *c, struct ex_err *err)
{
	return ex_bundle_remark(c->r, err, EX_NOTED, "heads", NULL, NULL,
	    "no list of heads yet: nothing says that these streams are "
	    "complete");
}

/* The laboratory's stream was cut before the entry that this list is of. */
static int
say_loose(struct ex_bundle_checking *c, struct ex_err *err)
{
	return ex_bundle_remark(c->r, err, EX_FAULT, "heads", EX_BUNDLE_HEADS,
	    NULL, "there is no heads entry that it is of");
}

int
ex_bundle_check_heads(struct ex_bundle_checking *c, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	struct ex_bundle_heads list = { 0 };
	struct ex_buf text = EX_BUF_INIT;
	int rc;

	rc = ex_folder_read(
	    &text, &c->folder, EX_BUNDLE_HEADS, EX_JSON_MAX, &why);
	if (c->heads == 0) {
		ex_buf_free(&text);
		return why.code == EX_ABSENT ? say_none(c, err)
					     : say_loose(c, err);
	}
	if (rc == -1 ||
	    ex_bundle_heads_read(&list, text.data, text.len, &why) == -1)
		rc = ex_bundle_fault(
		    c->r, err, &why, "heads", EX_BUNDLE_HEADS, NULL);
	else
		rc = check_list(c, &list, err);
	ex_bundle_heads_free(&list);
	ex_buf_free(&text);
	return rc;
}
