/*
 * acquire_json.c -- segments, digests and ranges of an image as JSON, for
 * what is signed and for what is printed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cases/acquire_parts.h"

/* One member of a list, by its number. */
typedef int
member_fn(struct ex_json *v, const void *from, size_t i, struct ex_err *err);

/* An array of n objects. */
static int
make_list(struct ex_json **out, const void *from, size_t n, member_fn *member,
    struct ex_err *err)
{
	struct ex_json *list = ex_json_array();

	*out = NULL;
	if (list == NULL)
		return ex_fail(err, EX_SYSTEM, "out of memory");
	for (size_t i = 0; i < n; i++) {
		struct ex_json *v = ex_json_object();

		if (v == NULL || member(v, from, i, err) == -1) {
			ex_json_free(v);
			ex_json_free(list);
			return ex_fail(err, EX_SYSTEM, "out of memory");
		}
		if (ex_json_add(list, v, err) == -1) {
			ex_json_free(list);
			return -1;
		}
	}
	*out = list;
	return 0;
}

static int
range(struct ex_json *v, const void *from, size_t i, struct ex_err *err)
{
	const struct ex_range *r = &((const struct ex_ranges *)from)->at[i];

	if (ex_json_set_int(v, "lba", (int64_t)r->lba, err) == -1 ||
	    ex_json_set_int(v, "count", (int64_t)r->count, err) == -1 ||
	    (r->tries > 0 &&
		ex_json_set_int(v, "tries", r->tries, err) == -1) ||
	    (r->attempt > 1 &&
		ex_json_set_int(v, "attempt", r->attempt, err) == -1) ||
	    (r->failed_in > 0 &&
		ex_json_set_int(v, "failed_in", r->failed_in, err) == -1))
		return -1;
	return ex_json_set_text(
	    v, "status", ex_range_status_text(r->status), err);
}

int
ex_ranges_json(
    struct ex_json **out, const struct ex_ranges *r, struct ex_err *err)
{
	return make_list(out, r, r->n, range, err);
}

static int
origin(struct ex_json *v, const void *from, size_t i, struct ex_err *err)
{
	const struct ex_range *r = &((const struct ex_ranges *)from)->at[i];

	if (ex_json_set_int(v, "lba", (int64_t)r->lba, err) == -1 ||
	    ex_json_set_int(v, "count", (int64_t)r->count, err) == -1)
		return -1;
	return ex_json_set_int(v, "attempt", r->attempt, err);
}

int
ex_origins_json(
    struct ex_json **out, const struct ex_ranges *map, struct ex_err *err)
{
	struct ex_ranges plain = EX_RANGES_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < map->n; i++) {
		struct ex_range r = { .lba = map->at[i].lba,
			.count = map->at[i].count,
			.status = EX_RANGE_READ,
			.attempt = map->at[i].attempt };

		rc = ex_ranges_put(&plain, &r, err);
	}
	if (rc == 0)
		rc = make_list(out, &plain, plain.n, origin, err);
	ex_ranges_free(&plain);
	return rc;
}

static int
digest(struct ex_json *v, const void *from, size_t i, struct ex_err *err)
{
	const struct ex_digest_value *d =
	    &((const struct ex_digest_value *)from)[i];

	if (ex_json_set_text(v, "alg", ex_alg_name(d->alg), err) == -1)
		return -1;
	return ex_json_set_hex(v, "value", d->value, d->len, err);
}

/* In the order that an entry wants: by name. */
static int
by_name(const void *a, const void *b)
{
	const struct ex_digest_value *one = a, *other = b;

	return strcmp(ex_alg_name(one->alg), ex_alg_name(other->alg));
}

int
ex_digests_json(struct ex_json **out, const struct ex_digest_value *d, size_t n,
    struct ex_err *err)
{
	struct ex_digest_value sorted[EX_ALGS];

	if (n > EX_ALGS)
		return ex_fail(err, EX_USAGE, "%zu digests", n);
	if (n > 0)
		memcpy(sorted, d, n * sizeof(*d));
	qsort(sorted, n, sizeof(*sorted), by_name);
	return make_list(out, sorted, n, digest, err);
}

/* A segment without its place, which is put in by the caller. */
static int
segment(struct ex_json *v, const void *from, size_t i, struct ex_err *err)
{
	const struct ex_segment *s = &((const struct ex_segment *)from)[i];

	if (ex_json_set_int(v, "size", (int64_t)s->size, err) == -1)
		return -1;
	return ex_json_set_hex(v, "sha256", s->sha256, EX_SHA256_LEN, err);
}

static int
segment_by_name(
    struct ex_json *v, const void *from, size_t i, struct ex_err *err)
{
	const struct ex_segment *s = &((const struct ex_segment *)from)[i];

	if (segment(v, from, i, err) == -1)
		return -1;
	return ex_json_set_text(v, "name", ex_path_base(s->path), err);
}

static int
segment_by_path(
    struct ex_json *v, const void *from, size_t i, struct ex_err *err)
{
	const struct ex_segment *s = &((const struct ex_segment *)from)[i];

	if (segment(v, from, i, err) == -1)
		return -1;
	return ex_json_set_text(v, "path", s->path, err);
}

int
ex_segments_json(struct ex_json **out, const struct ex_image_copy *c,
    int with_path, struct ex_err *err)
{
	return make_list(out, c->segment, c->nsegments,
	    with_path ? segment_by_path : segment_by_name, err);
}
