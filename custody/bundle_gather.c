/*
 * bundle_gather.c -- what single events say about the bundle as a whole:
 * members of batches, lists of heads, erased openings, digests of reports.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "custody/bundle_checking.h"

enum {
	ERASED_KEY = 192 /* bytes of "leaf path" */
};

static int
gather_batch(struct ex_bundle_checking *c, const struct ex_event *e, size_t n,
    struct ex_err *err)
{
	struct ex_bundle_batch *b;
	void *array = c->batch;

	if (e->batch_count == 0)
		return 0;
	if (ex_bundle_grow(&array, &c->capbatches, c->nbatches,
		sizeof(*c->batch), err) == -1)
		return -1;
	c->batch = array;
	b = &c->batch[c->nbatches++];
	memset(b, 0, sizeof(*b));
	memcpy(b->id, e->batch_id, sizeof(b->id));
	b->count = e->batch_count;
	memcpy(b->root, e->batch_root, EX_HASH);
	b->member.stream = e->stream;
	b->member.seq = e->seq;
	memcpy(b->member.prev, e->prev, EX_HASH);
	b->member.act = e->act;
	b->n = n;
	return 0;
}

/* The newest list of heads wins; entries come in order of the tree. */
static int
gather_heads(struct ex_bundle_checking *c, const struct ex_event *e,
    const struct ex_bundle_entry *entry, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	int64_t size, count;
	uint8_t root[EX_HASH];

	if (ex_json_need_int(&size, e->fields, "size", &why) == -1 ||
	    ex_json_need_int(&count, e->fields, "count", &why) == -1 ||
	    ex_json_need_hex(root, EX_HASH, e->fields, "root", &why) == -1)
		return ex_bundle_fault(c->r, err, &why, "heads", NULL, NULL);
	c->heads = entry->n;
	c->heads_size = (uint64_t)size;
	c->heads_count = (uint64_t)count;
	memcpy(c->heads_root, root, EX_HASH);
	memcpy(c->heads_leaf, entry->leaf, EX_HASH);
	if (c->heads_size <= entry->index)
		return 0;
	return ex_bundle_remark(c->r, err, EX_FAULT, "heads", NULL, NULL,
	    "e%04zu speaks for %" PRIu64 " entries, but is at index %" PRIu64,
	    entry->n, c->heads_size, entry->index);
}

/* An erasure names an entry by its leaf and paths of its commitments. */
static int
gather_erasure(struct ex_bundle_checking *c, const struct ex_event *e, size_t n,
    struct ex_err *err)
{
	const char *leaf = ex_event_text(e, "entry");
	const struct ex_json *paths = ex_json_get(e->fields, "paths");
	char key[ERASED_KEY];

	for (size_t i = 0; leaf != NULL && i < ex_json_count(paths); i++) {
		const char *path = ex_json_text(ex_json_at(paths, i));

		(void)snprintf(key, sizeof(key), "%.64s %.112s", leaf,
		    path == NULL ? "" : path);
		if (ex_json_set_int(c->erased, key, (int64_t)n, err) == -1)
			return -1;
	}
	return 0;
}

static int
gather_report(struct ex_bundle_checking *c, const struct ex_event *e, size_t n,
    struct ex_err *err)
{
	void *array = c->report;
	uint8_t sha256[EX_SHA256_LEN];

	if (ex_json_need_hex(
		sha256, sizeof(sha256), e->fields, "sha256", NULL) == -1)
		return 0;
	if (ex_bundle_grow(&array, &c->capreports, c->nreports,
		sizeof(*c->report), err) == -1)
		return -1;
	c->report = array;
	memcpy(c->report[c->nreports].sha256, sha256, sizeof(sha256));
	c->report[c->nreports++].n = n;
	return 0;
}

int
ex_bundle_gather(struct ex_bundle_checking *c, const struct ex_event *e,
    const struct ex_bundle_entry *entry, struct ex_err *err)
{
	if (gather_batch(c, e, entry->n, err) == -1)
		return -1;
	if (e->act == EX_ACT_HEADS)
		return gather_heads(c, e, entry, err);
	if (e->act == EX_ACT_ERASE)
		return gather_erasure(c, e, entry->n, err);
	if (e->act == EX_ACT_REPORT)
		return gather_report(c, e, entry->n, err);
	return 0;
}

/* What is handed to keep_missing(). */
struct keeping {
	struct ex_bundle_checking *c;
	const struct ex_event *e;
	const struct ex_openings *o;
	const uint8_t *leaf;
	size_t n;
};

static int
keep_missing(
    void *arg, const char *path, const struct ex_json *v, struct ex_err *err)
{
	struct keeping *k = arg;
	struct ex_bundle_checking *c = k->c;
	struct ex_bundle_missing *m;
	void *array = c->missing;

	(void)v;
	if (ex_openings_text(k->o, path) != NULL)
		return 0;
	if (c->has_manifest &&
	    ex_manifest_withholds(&c->manifest, k->n, path)) {
		c->r->withheld++;
		return 0;
	}
	if (ex_bundle_grow(&array, &c->capmissing, c->nmissing,
		sizeof(*c->missing), err) == -1)
		return -1;
	c->missing = array;
	m = &c->missing[c->nmissing++];
	memset(m, 0, sizeof(*m));
	memcpy(m->leaf, k->leaf, EX_HASH);
	m->n = k->n;
	ex_stream_text(m->stream, &k->e->stream);
	(void)snprintf(m->path, sizeof(m->path), "%s", path);
	return 0;
}

int
ex_bundle_gather_missing(struct ex_bundle_checking *c, const struct ex_event *e,
    const struct ex_openings *o, const uint8_t leaf[EX_HASH], size_t n,
    struct ex_err *err)
{
	struct keeping k = { c, e, o, leaf, n };

	if (o->missing == 0)
		return 0;
	return ex_json_each(e->pii, keep_missing, &k, err);
}

/* Erasures come after what they erase: so this is asked at the end. */
int
ex_bundle_check_missing(struct ex_bundle_checking *c, struct ex_err *err)
{
	char key[ERASED_KEY], leaf[2 * EX_HASH + 1], path[EX_BUNDLE_PATH];

	for (size_t i = 0; i < c->nmissing; i++) {
		const struct ex_bundle_missing *m = &c->missing[i];

		ex_hex(leaf, m->leaf, EX_HASH);
		(void)snprintf(key, sizeof(key), "%s %s", leaf, m->path);
		ex_bundle_openings_path(path, m->n);
		if (ex_json_get(c->erased, key) != NULL) {
			if (ex_bundle_remark(c->r, err, EX_NOTED, "erased",
				path, m->stream,
				"the text of \"%s\" was erased by e%04" PRId64,
				m->path,
				ex_json_get_int(c->erased, key, 0)) == -1)
				return -1;
			continue;
		}
		if (ex_bundle_remark(c->r, err, EX_FINDING, "opening-missing",
			path, m->stream,
			"the text of \"%s\" is neither here nor withheld nor "
			"erased",
			m->path) == -1)
			return -1;
	}
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const struct ex_bundle_batch *left = a, *right = b;

	return strcmp(left->id, right->id);
}

/* One batch: batch[0..n).  They agree, and with all there the root holds. */
static int
check_batch(struct ex_bundle_checking *c, const struct ex_bundle_batch *b,
    size_t n, struct ex_err *err)
{
	struct ex_batch_member *member;
	struct ex_err why = EX_ERR_INIT;
	uint8_t root[EX_HASH];
	int rc = 0;

	for (size_t i = 1; i < n; i++) {
		if (b[i].count != b[0].count ||
		    memcmp(b[i].root, b[0].root, EX_HASH) != 0)
			return ex_bundle_remark(c->r, err, EX_FAULT, "batch",
			    NULL, NULL,
			    "e%04zu and e%04zu disagree about their batch",
			    b[0].n, b[i].n);
	}
	if (n < b[0].count)
		return ex_bundle_remark(c->r, err, EX_NOTED, "batch-part", NULL,
		    NULL,
		    "the act of e%04zu covers %" PRIu64
		    " entries; %zu of them are here",
		    b[0].n, b[0].count, n);
	if ((member = calloc(n, sizeof(*member))) == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++)
		member[i] = b[i].member;
	if (ex_batch_root(root, member, n, &why) == -1)
		rc = ex_bundle_fault(c->r, err, &why, "batch", NULL, NULL);
	else if (n > b[0].count || memcmp(root, b[0].root, EX_HASH) != 0)
		rc = ex_bundle_remark(c->r, err, EX_FAULT, "batch", NULL, NULL,
		    "the %zu members of the batch of e%04zu are not those "
		    "that were signed",
		    n, b[0].n);
	free(member);
	return rc;
}

int
ex_bundle_check_batches(struct ex_bundle_checking *c, struct ex_err *err)
{
	size_t n;

	if (c->nbatches > 0)
		qsort(c->batch, c->nbatches, sizeof(*c->batch), compare);
	for (size_t i = 0; i < c->nbatches; i += n) {
		for (n = 1; i + n < c->nbatches; n++) {
			if (compare(&c->batch[i], &c->batch[i + n]) != 0)
				break;
		}
		if (check_batch(c, &c->batch[i], n, err) == -1)
			return -1;
	}
	return 0;
}

static int
check_report(struct ex_bundle_checking *c, const char *path, struct ex_err *err)
{
	struct ex_err why = EX_ERR_INIT;
	uint8_t sha256[EX_SHA256_LEN];

	if (ex_folder_sha256(sha256, NULL, &c->folder, path, &why) == -1)
		return why.code == EX_ABSENT ? 0
					     : ex_bundle_fault(c->r, err, &why,
						   "report", path, NULL);
	for (size_t i = 0; i < c->nreports; i++) {
		if (memcmp(c->report[i].sha256, sha256, sizeof(sha256)) == 0)
			return 0;
	}
	return ex_bundle_remark(c->r, err, EX_FAULT, "report", path, NULL,
	    "no report event in this bundle has its digest");
}

int
ex_bundle_check_reports(struct ex_bundle_checking *c, struct ex_err *err)
{
	if (check_report(c, "report.html", err) == -1 ||
	    check_report(c, "report.txt", err) == -1)
		return -1;
	return check_report(c, "report.pdf", err);
}
